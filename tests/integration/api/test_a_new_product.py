"""Adding a product is eight files and one registration: a toy is registered here, and has all that products have."""

import json
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from runpy import run_path
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from functions.api.services import Services
from sqlalchemy import Engine
from tests.fixtures import loop_product
from tests.fixtures.loop_product import registered
from tests.fixtures.product_suite import PROMISES, in_any_order, racing_requests_are_one
from tests.fixtures.product_world import MakeShelf, MemoryShelf, PostgresShelf
from tests.fixtures.products import Sample, sample_of
from tests.integration.api.conftest import Studio, given_to_steps, run_api, succeeded
from tests.integration.api.product_routes import ROUTE_PROMISES

from soundstage.audio.io import Audio, read_audio, write_wav
from soundstage.jobs.tasks import Objects
from soundstage.models.assets import Asset
from soundstage.models.ids import Id
from soundstage.models.jobs import Dependency
from soundstage.platform.catalog.database import Catalog
from soundstage.products import PRODUCTS

FILES = Path(loop_product.__file__).parent
TASKS = Path(__file__).parents[3] / "containers" / "gpu-render" / "tasks" / "__init__.py"


@pytest.fixture(scope="module")
def running(cloud: str, migrated_engine: Engine) -> Iterator[tuple[Services, FastAPI]]:
    with registered(migrated_engine):
        yield run_api(cloud, migrated_engine)


@pytest.fixture
def loop(services: Services) -> Sample:
    return sample_of("loop")


@pytest.mark.parametrize("promise", PROMISES)
@pytest.mark.parametrize("shelf", ["memory", "postgres"])
def test_it_keeps_the_promises_of_all(
    loop: Sample, catalog: Catalog, shelf: str, promise: Callable[[Sample, MakeShelf], None]
) -> None:
    promise(loop, MemoryShelf if shelf == "memory" else lambda sample, point: PostgresShelf(sample, catalog, point))


@pytest.mark.parametrize("seed", range(30))
def test_its_rows_say_what_became_of_their_newest_job(loop: Sample, catalog: Catalog, seed: int) -> None:
    def make_shelf(sample: Sample, point: Callable[[str], None]) -> PostgresShelf:
        return PostgresShelf(sample, catalog, point)

    in_any_order(loop, make_shelf, seed=seed, deaths=seed % 7)
    racing_requests_are_one(loop, make_shelf, seed=seed, racers=3)


@pytest.mark.parametrize("promise", ROUTE_PROMISES)
def test_its_routes_keep_theirs(loop: Sample, studio: Studio, promise: Callable[[Sample, Studio], None]) -> None:
    promise(loop, studio)


class _Context:
    """``soundstage.jobs.tasks.TaskContext``."""

    attempt = 1

    def __init__(self, job: dict[str, Any], owner_id: Id, objects: Objects, scratch: Path) -> None:
        self.job_id, self.owner_id, self.objects, self.scratch = job["job_id"], owner_id, objects, scratch

    def result_key(self, name: str) -> str:
        return f"results/{self.job_id}/{name}"

    def work_key(self, name: str) -> str:
        return f"work/{self.job_id}/{name}"

    def progress(self, done: float) -> None: ...


def test_it_is_asked_for_made_and_shown(
    studio: Studio, accept: Callable[[Id], Asset], steps_run: None, tmp_path: Path
) -> None:
    services, ada = studio.services, studio.ada
    sound_id = studio.upload(ada)
    job = ada.post("/v1/loops", {"title": "Drip", "sound_asset_id": sound_id, "times": 3}).json()
    asset = accept(sound_id)
    services.jobs.release_dependants(Dependency(kind="asset", id=sound_id))
    assert ada.get(f"/v1/jobs/{job['job_id']}").json()["status"] == "running"
    write_wav(tmp_path / "drip.wav", Audio(np.full((100, 1), 0.5, np.float32), 8_000))
    services.objects.upload(tmp_path / "drip.wav", asset.bucket_key, content_type="audio/wav")

    tasks = run_path(str(TASKS))["TASKS"]  # as a worker finds them when it starts
    arguments = {"sound_key": asset.bucket_key, "times": job["options"]["times"]}
    context = _Context(job, ada.user_id, services.objects, tmp_path)
    rendered = import_module(tasks["loop_render"]).run(arguments, context)
    event = {"job": given_to_steps(services, job).model_dump(mode="json"), "rendered": rendered}
    (step,) = PRODUCTS["loop"].functions
    answer = import_module(f"functions.{step.handler}").handler(event, None)
    succeeded(services, job, answer)

    assert answer["kept"] is True
    shown = ada.get(f"/v1/loops/{job['subject_id']}").json()
    assert (shown["title"], shown["status"], shown["times"]) == ("Drip", "ready", 3)
    assert read_audio(services.objects.download(rendered["audio_key"], tmp_path / "made.wav")).frames == 300


def test_its_state_machine_is_filled_from_what_it_states(running: object) -> None:
    definition = (FILES / "loop.asl.json").read_text()
    product = PRODUCTS["loop"]
    stated = {step.substitution for step in product.functions} | {task.substitution for task in product.tasks}
    assert set(re.findall(r"\$\{(\w+)\}", definition)) == stated
    assert tuple(state["Comment"].split(":")[0] for state in json.loads(definition)["States"].values()) == product.steps


def test_it_is_eight_files() -> None:
    assert len([path for path in FILES.iterdir() if path.is_file() and path.name != "__init__.py"]) == 8
