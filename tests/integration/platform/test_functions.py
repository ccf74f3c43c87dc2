"""The functions of ingest and jobs, called as Lambda calls them, over moto and a real PostgreSQL."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from functions.ingest import accept, claim, probe, reject
from functions.jobs import dead_letter, release, rescue, settle
from tests.fixtures.fakes import execution
from tests.fixtures.jobs import a_job, an_asset, on
from tests.fixtures.postgres import catalog, migrated_engine, postgres_url
from tests.integration.platform.conftest import BUCKET, TABLE, functions_told, waiting_machine

from soundstage.jobs.ports import execution_name
from soundstage.models.assets import Asset, AssetStatus
from soundstage.models.ids import new_id
from soundstage.models.jobs import Job, JobStatus, TaskMessage
from soundstage.platform.aws import clients
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.runtime import wiring
from soundstage.platform.telemetry.telemetry import Telemetry

__all__ = ["catalog", "migrated_engine", "postgres_url"]


@pytest.fixture(autouse=True)
def _settings(cloud: None, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SOUNDSTAGE_INGEST_STATE_MACHINE", waiting_machine("ingest"))
    with functions_told(monkeypatch, database_url=postgres_url):
        rescue.settings.cache_clear()
        yield
        rescue.settings.cache_clear()


def uploaded(content: bytes) -> Asset:
    asset = DynamoAssets(TABLE).create(an_asset(created_at=datetime.now(UTC), updated_at=datetime.now(UTC)))
    ObjectStore(BUCKET).write(asset.bucket_key, content)
    return asset


def a_hum(folder: Path) -> bytes:
    path = folder / "hum.wav"
    times_s = np.arange(5 * 16_000) / 16_000
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * 220 * times_s), 16_000)
    return path.read_bytes()


def waiting_for(asset: Asset) -> Job:
    return wiring.jobs().create(a_job(on(asset), inputs={"hum": asset.asset_id}))


def claimed(asset: Asset) -> dict[str, Any]:
    event = {
        "bucket": BUCKET,
        "key": asset.bucket_key,
        "size_bytes": 9,
        "sequencer": "0A",
        "version_id": None,
        "claimant": "execution-1",
    }
    return claim.handler(event, None)


def stored(job: Job) -> Job:
    found = DynamoJobs(TABLE).get(job.job_id)
    assert found is not None
    return found


def test_an_upload_starts_the_job_that_waits_for_it(tmp_path: Path) -> None:
    asset = uploaded(a_hum(tmp_path))
    job = waiting_for(asset)
    assert job.status is JobStatus.BLOCKED
    held = {"asset_id": asset.asset_id, "claimant": "execution-1"}
    found = claimed(asset)
    assert found["outcome"] == "ok"
    probed = probe.handler({**held, "claim": found}, None)
    assert probed["outcome"] == "ok"
    assert probed["probe"]["duration_s"] == 5.0
    json.dumps(probed, allow_nan=False)
    assert accept.handler({**held, "probe": probed}, None)["outcome"] == "ok"
    release.handler({"asset_id": asset.asset_id}, None)
    assert stored(job).status is JobStatus.RUNNING
    ready = DynamoAssets(TABLE).get(asset.asset_id)
    assert ready is not None
    assert (ready.status, ready.version_id) == (AssetStatus.READY, probed["version_id"])
    assert claimed(asset)["outcome"] == "duplicate"


def test_an_upload_that_is_no_sound_fails_the_job(tmp_path: Path) -> None:
    asset = uploaded(b"this is not a sound")
    job = waiting_for(asset)
    held = {"asset_id": asset.asset_id, "claimant": "execution-1"}
    found = claimed(asset) | {"version_id": ObjectStore(BUCKET).current_version(asset.bucket_key)}
    probed = probe.handler({**held, "claim": found}, None)
    assert probed["outcome"] == "rejected"
    rejection = {"code": probed["code"], "message": probed["message"], "detail": probed.get("detail")}
    # Now and after a crash: what is rejected counts for nobody's quota, so it does not stay.
    for _ in range(2):
        assert reject.handler({**held, "claim": found, "rejection": rejection}, None)["outcome"] == "rejected"
    versions = clients.s3().list_object_versions(Bucket=BUCKET, Prefix=asset.bucket_key)
    assert versions.get("Versions", []) == []
    release.handler({"asset_id": asset.asset_id}, None)
    error = stored(job).error
    assert error is not None
    assert error.code == "DEPENDENCY_FAILED"
    assert error.detail is not None
    assert error.detail["cause"]["code"] == probed["code"]


def test_settle_takes_the_detail_of_the_event() -> None:
    job = wiring.jobs().create(a_job())
    detail = execution(execution_name(job), "SUCCEEDED", output='{"recommended": "A"}')
    settle.handler({"detail-type": "any", "detail": detail.model_dump(by_alias=True) | {"startDate": 1}}, None)
    assert (stored(job).status, stored(job).result) == (JobStatus.SUCCEEDED, {"recommended": "A"})


def test_the_rescuer_starts_what_was_left(monkeypatch: pytest.MonkeyPatch) -> None:
    job = DynamoJobs(TABLE).create(a_job())
    assert rescue.handler({}, None) == {"stale_jobs": 1, "lost_jobs": 0, "late_telemetry": 0}
    assert stored(job).status is JobStatus.RUNNING


def test_the_rescuer_starts_what_was_left_though_telemetry_is_in_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    job = DynamoJobs(TABLE).create(a_job())

    def trouble(_: Telemetry) -> int:
        raise ValueError("a letter that nobody can read")

    monkeypatch.setattr(Telemetry, "send_again", trouble)
    with pytest.raises(ValueError, match="a letter"):
        rescue.handler({}, None)
    assert stored(job).status is JobStatus.RUNNING


def test_the_rescuer_takes_in_what_arrived_unheard() -> None:
    arrived = uploaded(b"a sound")
    on_its_way = DynamoAssets(TABLE).create(an_asset())
    for asset in (arrived, on_its_way):
        DynamoJobs(TABLE).create(a_job(on(asset)))
    rescue.handler({}, None)
    ingest = os.environ["SOUNDSTAGE_INGEST_STATE_MACHINE"]
    (started,) = clients.stepfunctions().list_executions(stateMachineArn=ingest)["executions"]
    event = json.loads(clients.stepfunctions().describe_execution(executionArn=started["executionArn"])["input"])
    version = ObjectStore(BUCKET).current_version(arrived.bucket_key)
    assert event["detail"]["bucket"] == {"name": BUCKET}
    assert event["detail"]["object"] == {"key": arrived.bucket_key, "size": 7, "version-id": version}


def test_a_dead_letter_fails_its_task(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, str]] = []
    monkeypatch.setattr(clients.stepfunctions(), "send_task_failure", lambda **said: told.append(said))
    job = DynamoJobs(TABLE).create(a_job(status=JobStatus.RUNNING))
    message = TaskMessage(
        task="music_generate",
        task_token="token",  # noqa: S106
        job_id=job.job_id,
        attempt=1,
        owner_id=new_id(),
        arguments={},
        timeout_s=1,
    )
    dead_letter.handler({"Records": [{"body": message.model_dump_json()}]}, None)
    assert (told[0]["taskToken"], told[0]["error"]) == ("token", "TASK_DIED")
    assert json.loads(told[0]["cause"])["message"].startswith("No worker could finish music_generate")
