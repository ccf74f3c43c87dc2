"""AWS in trouble: one event a hundred times, throttled tables, a bucket that refuses. Nothing is lost or done twice."""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from functions.ingest import accept, claim, probe
from functions.jobs import release, settle
from tests.fixtures.fakes import execution
from tests.fixtures.jobs import a_job, an_asset, on
from tests.integration.platform.conftest import BUCKET, TABLE, functions_told

from soundstage.jobs.ports import execution_name
from soundstage.models.assets import Asset, AssetStatus
from soundstage.models.errors import TransientError
from soundstage.models.jobs import Job, JobStatus
from soundstage.platform.aws import clients
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.runtime import wiring

EVENTS, THREADS = 100, 16
THROTTLED, REFUSALS = 0.3, 3
TRIES = 12  # of a step, as a state machine repeats it


@pytest.fixture
def functions(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with functions_told(monkeypatch, database_url="postgresql+psycopg://nobody@127.0.0.1:9/none"):  # these need none
        yield


def _a_waiting_job(folder: Path) -> tuple[Asset, Job]:
    path = folder / "hum.wav"
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * 220 * np.arange(5 * 16_000) / 16_000), 16_000)
    asset = DynamoAssets(TABLE).create(an_asset(created_at=datetime.now(UTC), updated_at=datetime.now(UTC)))
    ObjectStore(BUCKET).write(asset.bucket_key, path.read_bytes())
    return asset, wiring.jobs().create(a_job(on(asset), inputs={"hum": asset.asset_id}))


def _claimed(asset: Asset, claimant: str) -> dict[str, Any]:
    where = {"bucket": BUCKET, "key": asset.bucket_key, "size_bytes": 9, "sequencer": "0A", "version_id": None}
    return claim.handler({**where, "claimant": claimant}, None)


def _take_in(asset: Asset, claimant: str, step: Callable[..., dict[str, Any]]) -> str:
    """The state machine of an upload, each of its states through ``step``."""
    held = {"asset_id": asset.asset_id, "claimant": claimant}
    found = step(_claimed, asset, claimant)
    if found["outcome"] != "ok":
        return str(found["outcome"])
    probed = step(probe.handler, {**held, "claim": found}, None)
    accepted = step(accept.handler, {**held, "probe": probed}, None)
    step(release.handler, {"asset_id": asset.asset_id}, None)
    return str(accepted["outcome"])


def _once(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


def _repeated(function: Callable[..., Any], *arguments: Any) -> Any:
    """A state with ``Retry``: again after a passing error, and nothing else is tried again."""
    for _ in range(TRIES):
        try:
            return function(*arguments)
        except TransientError:
            continue
    raise AssertionError(f"{function} never succeeded")


def _executions() -> list[str]:
    states = clients.stepfunctions()
    machines = states.list_state_machines()["stateMachines"]
    return [
        e["name"] for m in machines for e in states.list_executions(stateMachineArn=m["stateMachineArn"])["executions"]
    ]


def test_one_event_a_hundred_times_at_once_is_one_execution(functions: None, tmp_path: Path) -> None:
    asset, job = _a_waiting_job(tmp_path)
    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = Counter(pool.map(lambda number: _take_in(asset, f"execution-{number}", _once), range(EVENTS)))
    assert outcomes == {"ok": 1, "duplicate": EVENTS - 1}
    assert _executions() == [execution_name(job)]
    _is_running(asset, job)


def test_throttled_tables_and_a_bucket_that_refuses_lose_nothing(
    functions: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)  # botocore's waits between its tries
    asset, job = _a_waiting_job(tmp_path)
    refused: Counter[str] = Counter()
    luck = random.Random(1)  # noqa: S311  the test says the same each time

    def throttle(**_: Any) -> Any:
        if luck.random() >= THROTTLED:
            return None
        refused["dynamodb"] += 1
        error = {"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}
        return _answer(400, json.dumps(error))

    def slow_down(event_name: str, **_: Any) -> Any:
        if refused[event_name] >= REFUSALS:
            return None
        refused[event_name] += 1
        return _answer(503, "<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>")

    clients.dynamodb().meta.events.register_first("before-send.dynamodb", throttle)
    clients.s3().meta.events.register_first("before-send.s3", slow_down)
    assert _take_in(asset, "execution-1", _repeated) == "ok"
    _is_running(asset, job)
    _repeated(settle.handler, _ended(job), None)
    _repeated(settle.handler, _ended(job), None)  # and once more: events come at least once
    stored = _repeated(DynamoJobs(TABLE).get, job.job_id)
    assert stored.status is JobStatus.SUCCEEDED
    assert _executions() == [execution_name(job)]
    assert refused["dynamodb"] >= REFUSALS
    assert any(count == REFUSALS for name, count in refused.items() if name != "dynamodb")


def _answer(status: int, body: str) -> AWSResponse:
    class Raw:
        def stream(self) -> Iterator[bytes]:
            yield body.encode()

    return AWSResponse("https://aws.invalid", status, HTTPHeaders(), Raw())


def _ended(job: Job) -> dict[str, Any]:
    detail = execution(execution_name(job), "SUCCEEDED", output='{"recommended": "A"}')
    return {"detail-type": "any", "detail": detail.model_dump(by_alias=True) | {"startDate": 1}}


def _is_running(asset: Asset, job: Job) -> None:
    ready = _repeated(DynamoAssets(TABLE).get, asset.asset_id)
    stored = _repeated(DynamoJobs(TABLE).get, job.job_id)
    assert (ready.status, stored.status) == (AssetStatus.READY, JobStatus.RUNNING)
