"""What products state is there: handlers, tasks, state machines, routes; and what those read of options exists."""

import ast
import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from tests.fixtures.jobs import a_job
from tests.fixtures.products import sample_of

from soundstage.models.assets import AssetKind
from soundstage.products import PRODUCTS
from soundstage.products.base import Product, client_metadata

ROOT = Path(__file__).parents[3]

every_product = pytest.mark.parametrize("product", PRODUCTS.values(), ids=list(PRODUCTS))


def defines(path: Path, name: str) -> bool:
    return name in {getattr(node, "name", None) for node in ast.parse(path.read_text()).body}


@every_product
def test_everything_stated_exists(product: Product[Any]) -> None:
    for step in product.functions:
        assert defines(ROOT / "functions" / f"{step.handler.replace('.', '/')}.py", "handler")
    for task in product.tasks:
        assert defines(ROOT / "containers/gpu-render/tasks" / f"{task.name}.py", "run")
    if product.collection is not None:
        prefix = import_module(f"functions.api.routes.{product.collection}").router.prefix
        assert prefix == f"/v1/{product.collection}"
    for model in product.schemas.values():
        assert isinstance(model.model_fields["schema_version"].default, int)


@every_product
def test_the_state_machine_names_what_is_stated(product: Product[Any]) -> None:
    definition = (ROOT / "statemachines" / f"{product.kind}.asl.json").read_text()
    stated = {step.substitution for step in product.functions} | {task.substitution for task in product.tasks}
    assert set(re.findall(r"\$\{(\w+)\}", definition)) == stated
    assert set(re.findall(r'"task": "(\w+)"', definition)) == {task.name for task in product.tasks}


@every_product
def test_the_state_machine_reads_options_that_there_are(product: Product[Any]) -> None:
    definition = json.dumps(json.loads((ROOT / "statemachines" / f"{product.kind}.asl.json").read_text()))
    for path in re.findall(r"options((?:\.\w+)+)", definition):
        model: Any = product.options
        for name in path.split(".")[1:]:
            assert issubclass(model, BaseModel)
            assert name in model.model_fields, path
            model = model.model_fields[name].annotation


@every_product
def test_inputs_have_kinds_and_samples_play_them(product: Product[Any]) -> None:
    roles = sample_of(product.kind).roles
    made_by_others = {role for role, kind in product.inputs.items() if kind == "job"}
    assert {re.sub(r"_\d+$", "", role) for role in roles} == set(product.inputs) - made_by_others
    assert all(product.input_kind(role) in ("job", *AssetKind) for role in roles)
    with pytest.raises(KeyError):
        product.input_kind("nobody")


def test_traces_know_who_asked_whatever_the_product() -> None:
    job = a_job(attempt=2, options={"title": "Dawn", "metadata": {"platform": "ios"}})
    assert client_metadata(job) == {"platform": "ios", "kind": "track", "job_id": job.job_id, "attempt": "2"}
    assert client_metadata(a_job(options={"title": "Dawn"}))["attempt"] == "1"
