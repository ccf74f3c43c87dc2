"""compose_params with a prompt: a language model where one is set up, read once however often the step runs."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from functions.track import compose_params
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.jobs import a_job, an_asset
from tests.fixtures.provider_servers import KEY, Server, serving
from tests.fixtures.tunes import TUNES
from tests.integration.platform.conftest import BUCKET, TABLE

from soundstage.jobs.service import workflow_input
from soundstage.models.assets import AssetStatus
from soundstage.models.composition import Composition
from soundstage.models.jobs import Job, JobStatus
from soundstage.platform.aws import clients
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.runtime import steps

NAMED = "language-model"


@pytest.fixture(autouse=True)
def _settings(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SOUNDSTAGE_BUCKET", BUCKET)
    monkeypatch.setenv("SOUNDSTAGE_TABLE", TABLE)
    steps.settings.cache_clear()
    yield
    steps.settings.cache_clear()


@pytest.fixture
def server(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    clients.secretsmanager().create_secret(Name=NAMED, SecretString=json.dumps({"api_key": KEY}))
    with serving() as running:
        terms = {"url": f"{running.url}/v1", "model": "small"}
        monkeypatch.setenv("SOUNDSTAGE_LANGUAGE_MODEL", json.dumps(terms))
        monkeypatch.setenv("SOUNDSTAGE_LANGUAGE_MODEL_KEY_SECRET", NAMED)
        yield running


def prompted(prompt: str | None, *, seed: int = 0, sha256: str = "5e") -> Job:
    hum = DynamoAssets(TABLE).create(an_asset(status=AssetStatus.READY, sha256=sha256))
    options = {"gen_params": {"prompt": prompt, "duration_s": 20, "seed": seed}}
    inputs = {"hum": hum.asset_id}
    return DynamoJobs(TABLE).create(a_job(status=JobStatus.RUNNING, options=options, inputs=inputs))


def composed(job: Job) -> Composition:
    analysis = analysis_of(TUNES[0], quarters_per_minute=100.0)
    objects = ObjectStore(BUCKET)
    analysis_key = objects.write_json(f"work/{job.job_id}/analysis.json", analysis.model_dump(mode="json"))
    event: dict[str, Any] = {
        "job": workflow_input(job).model_dump(mode="json"),
        "analysis_key": analysis_key,
        "segment": whole(analysis).model_dump(mode="json"),
    }
    answer = compose_params.handler(event, None)
    return Composition.model_validate(objects.read_json(answer["composition_key"]))


def test_the_model_is_asked_once_however_often_the_step_runs(server: Server) -> None:
    server.says = ['{"style_a": "musette", "mood": "happy"}', '{"style_a": "house"}']
    job = prompted("something my grandmother would have danced to")
    first, second = composed(job), composed(job)
    assert first == second
    assert first.variants["A"].style == "musette"
    assert first.direction is not None
    assert first.direction.read_by == "language_model"
    assert len(server.seen) == 1


def test_without_a_prompt_nobody_is_asked(server: Server) -> None:
    assert composed(prompted(None)).direction is None
    assert server.seen == []


def test_other_recordings_bring_other_songs_and_the_same_one_the_same() -> None:
    first, again = composed(prompted(None)), composed(prompted(None))
    other = composed(prompted(None, sha256="5f"))
    assert first == again
    assert first.seed != other.seed
    assert composed(prompted(None, seed=7)).seed == 7


def test_a_model_that_is_away_costs_no_song(server: Server) -> None:
    server.faults["/v1/chat/completions"] = [500]
    composition = composed(prompted("an accordion waltz"))
    assert composition.variants["A"].style == "musette"
    assert composition.direction is not None
    assert composition.direction.note is not None


def test_without_a_model_rules_read_the_prompt() -> None:
    direction = composed(prompted("an accordion waltz")).direction
    assert direction is not None
    assert (direction.read_by, direction.style_a, direction.note) == ("rules", "musette", None)
