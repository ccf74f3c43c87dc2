"""A product's functions and state machine, from what the product states about itself."""

from collections.abc import Mapping
from typing import Any

from infra.functions import Functions
from infra.sound_function import SoundFunction
from infra.worker_pool import WorkerPool
from infra.workflow import Workflow
from soundstage.products.base import LambdaStep, Pool, Product


def product_workflow(
    functions: Functions,
    pools: Mapping[Pool, WorkerPool],
    product: Product[Any],
    others: Mapping[str, Workflow] | None = None,
) -> Workflow:
    """``statemachines/{kind}.asl.json`` with a function for every Lambda step and the queues of its worker tasks.

    ``others``: by kind, the workflows that there are already, which its steps may start.
    """

    def added(step: LambdaStep) -> SoundFunction:
        known = {kind: (others or {})[kind] for kind in step.starts}
        machines = {kind: workflow.arn for kind, workflow in known.items()}
        environment = {"SOUNDSTAGE_STATE_MACHINES": functions.stack.to_json_string(machines)} if known else None
        function = functions.add(step, _function_id(product, step), environment=environment)
        for workflow in known.values():
            workflow.may_be_run_by(function)
        return function

    return Workflow(
        functions.stack,
        camel_case(product.kind),
        stage=functions.stage,
        name=product.kind,
        functions={step.substitution: added(step) for step in product.functions},
        pools={task.substitution: pools[task.pool] for task in product.tasks},
    )


def _function_id(product: Product[Any], step: LambdaStep) -> str:
    """``MatchPersist``. Track's are older than there were products, and go without (``Persist``)."""
    name = step.substitution.removesuffix("Function")
    return name if product.kind == "track" else camel_case(product.kind) + name


def camel_case(name: str) -> str:
    """``night_song`` → ``NightSong``."""
    return name.title().replace("_", "")
