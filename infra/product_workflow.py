"""A product's functions and state machine, from what the product states about itself."""

from collections.abc import Mapping
from typing import Any

from infra.functions import Functions
from infra.worker_pool import WorkerPool
from infra.workflow import Workflow
from soundstage.products.base import LambdaStep, Pool, Product


def product_workflow(functions: Functions, pools: Mapping[Pool, WorkerPool], product: Product[Any]) -> Workflow:
    """``statemachines/{kind}.asl.json`` with a function for every Lambda step and the queues of its worker tasks."""
    return Workflow(
        functions.stack,
        camel_case(product.kind),
        stage=functions.stage,
        name=product.kind,
        functions={step.substitution: functions.add(step, _function_id(product, step)) for step in product.functions},
        pools={task.substitution: pools[task.pool] for task in product.tasks},
    )


def _function_id(product: Product[Any], step: LambdaStep) -> str:
    """``MatchPersist``. Track's are older than there were products, and go without (``Persist``)."""
    name = step.substitution.removesuffix("Function")
    return name if product.kind == "track" else camel_case(product.kind) + name


def camel_case(name: str) -> str:
    """``night_song`` → ``NightSong``."""
    return name.title().replace("_", "")
