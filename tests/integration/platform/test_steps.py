"""What every Lambda step stands on: files, ids, progress, rejections, and errors by name."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from functions.track import audio_check
from tests.fixtures.jobs import PROBE, a_job, an_asset
from tests.integration.platform.conftest import BUCKET, TABLE

from soundstage.jobs.service import workflow_input
from soundstage.models.assets import AssetStatus
from soundstage.models.errors import DependencyUnavailable, JobCanceled, MediaRejected, NotFound, TransientError
from soundstage.models.ids import new_id
from soundstage.models.jobs import Job, JobStatus
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.runtime import steps
from soundstage.platform.runtime.steps import Step, step


class Context:
    aws_request_id = "request-1"


@pytest.fixture(autouse=True)
def _settings(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SOUNDSTAGE_BUCKET", BUCKET)
    monkeypatch.setenv("SOUNDSTAGE_TABLE", TABLE)
    steps.settings.cache_clear()
    yield
    steps.settings.cache_clear()


@pytest.fixture
def job() -> Job:
    """A running job with an accepted hum, whose key was written again afterwards."""
    assets, objects = DynamoAssets(TABLE), ObjectStore(BUCKET)
    asset = an_asset(file_name="hum.\x00", bucket_key=f"uploads/{new_id()}/{new_id()}/hum.m4a")
    assets.create(asset)
    objects.write(asset.bucket_key, b"hum")
    assets.claim(asset.asset_id, claimant="c", sequencer="1", lease_s=60)
    version_id = objects.current_version(asset.bucket_key)
    assets.accept(asset.model_copy(update={"probe": PROBE, "version_id": version_id}), claimant="c")
    objects.write(asset.bucket_key, b"something else")
    return DynamoJobs(TABLE).create(a_job(status=JobStatus.RUNNING, inputs={"hum": asset.asset_id}))


def event(job: Job, **more: Any) -> dict[str, Any]:
    return {"job": workflow_input(job).model_dump(mode="json"), **more}


def stored(job: Job) -> Job:
    found = DynamoJobs(TABLE).get(job.job_id)
    assert found is not None
    return found


def test_what_decodes_to_more_than_a_function_holds_is_no_hum() -> None:
    probe = PROBE.model_copy(update={"duration_s": 299.0, "channels": 8, "frames": 299 * 192_000})
    asset = DynamoAssets(TABLE).create(an_asset(status=AssetStatus.READY, probe=probe))
    job = DynamoJobs(TABLE).create(a_job(status=JobStatus.RUNNING, inputs={"hum": asset.asset_id}))
    answer = audio_check.handler(event(job), Context())
    assert (answer["outcome"], answer["code"]) == ("rejected", "FILE_TOO_LARGE")


def test_a_step_reads_the_accepted_upload_and_leaves_files(job: Job) -> None:
    folders = []

    @step("audio_check", progress=5)
    def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
        folders.append(step.scratch)
        upload = step.upload("hum")
        copied = step.write_file(upload, step.result_key("hum.m4a"), content_type="audio/mp4")
        noted = step.write_json(step.work_key("note.json"), {"extra": event["extra"]})
        assert step.read_json(noted) == {"extra": 7}
        assert step.read_file(copied).read_bytes() == b"hum"
        return {"copied": copied, "suffix": upload.suffix}

    answer = handler(event(job, extra=7), Context())
    assert answer == {"outcome": "ok", "copied": f"results/{job.job_id}/hum.m4a", "suffix": ".m4a"}
    assert ObjectStore(BUCKET).read_json(f"work/{job.job_id}/note.json") == {"extra": 7}
    assert not folders[0].exists()
    record = stored(job)
    assert (record.step, record.progress) == ("audio_check", 5)
    assert [(entry.step, entry.outcome) for entry in record.history] == [("audio_check", "ok")]


def test_a_rejection_is_data(job: Job) -> None:
    @step("audio_check", progress=5)
    def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
        raise MediaRejected("SILENT", detail={"silent_ratio": 1.0})

    assert handler(event(job), Context()) == {
        "outcome": "rejected",
        "code": "SILENT",
        "message": "We hear nothing in this recording.",
        "detail": {"silent_ratio": 1.0},
        "step": "audio_check",
    }
    assert stored(job).history[0].outcome == "rejected"


def test_an_engine_that_says_rejected_is_heard(job: Job) -> None:
    @step("audio_analyze", progress=5)
    def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
        return {"outcome": "rejected", "code": "SPEECH"}

    assert handler(event(job), Context()) == {"outcome": "rejected", "code": "SPEECH", "step": "audio_analyze"}


def test_a_step_of_a_canceled_job_does_nothing(job: Job) -> None:
    DynamoJobs(TABLE).transition(job.job_id, attempt=1, from_=(JobStatus.RUNNING,), to=JobStatus.CANCELED)

    @step("audio_check", progress=5)
    def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
        raise AssertionError("must not run")

    with pytest.raises(JobCanceled):
        handler(event(job), Context())


def test_a_cancel_in_the_middle_is_noticed_at_the_next_report(job: Job) -> None:
    @step("audio_check", progress=5)
    def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
        DynamoJobs(TABLE).transition(job.job_id, attempt=1, from_=(JobStatus.RUNNING,), to=JobStatus.CANCELED)
        step.report(50)
        raise AssertionError("must not get here")

    with pytest.raises(JobCanceled):
        handler(event(job), Context())


def client_error(code: str, status: int) -> ClientError:
    response = {"Error": {"Code": code, "Message": "m"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "PutObject")  # type: ignore[arg-type]


class OperationalError(Exception):
    __module__ = "sqlalchemy.exc"


@pytest.mark.parametrize(
    "error",
    [
        client_error("SlowDown", 503),
        client_error("ThrottlingException", 400),
        client_error("InternalError", 500),
        ReadTimeoutError(endpoint_url="https://s3"),
        DependencyUnavailable("The provider did not answer."),
        OperationalError("connection lost"),
    ],
)
def test_passing_troubles_are_named_so(job: Job, error: Exception) -> None:
    @step("audio_check", progress=5)
    def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
        raise error

    with pytest.raises(TransientError) as raised:
        handler(event(job), Context())
    assert raised.value.__cause__ is error


@pytest.mark.parametrize("error", [client_error("AccessDenied", 403), ValueError("no chords"), NotFound("No file.")])
def test_other_errors_stay_what_they_are(job: Job, error: Exception) -> None:
    @step("audio_check", progress=5)
    def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
        raise error

    with pytest.raises(type(error)) as raised:
        handler(event(job), Context())
    assert raised.value is error


def test_an_input_that_is_not_there_is_named(job: Job) -> None:
    @step("audio_check", progress=5)
    def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
        step.upload("voice")
        return {}

    with pytest.raises(NotFound, match="voice"):
        handler(event(job), Context())


def test_lines_carry_the_ids_and_metrics_say_what_became_of_it(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    @step("audio_check", progress=5)
    def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
        time.sleep(0.01)
        raise ValueError("no chords")

    started = time.monotonic()
    with pytest.raises(ValueError, match="no chords"):
        handler(event(job), Context())
    outside_ms = (time.monotonic() - started) * 1000
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    ended = next(metric for metric in metrics if "StepEnded" in metric)
    assert (ended["step"], ended["outcome"]) == ("audio_check", "failed")
    (duration_ms,) = next(metric for metric in metrics if "StepDuration" in metric)["StepDuration"]
    assert 10 <= duration_ms <= outside_ms
