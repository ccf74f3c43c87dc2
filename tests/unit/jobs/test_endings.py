"""What the end of an execution means for its job."""

import json
from typing import Any

import pytest
from tests.fixtures.fakes import execution
from tests.fixtures.jobs import a_job

from soundstage.jobs.endings import ending
from soundstage.jobs.ports import execution_name, parse_execution_name
from soundstage.models.ids import new_id
from soundstage.models.jobs import JobError, JobStatus

JOB = a_job(step="ab_eval")


def error_of(status: str, **more: Any) -> JobError:
    end = ending(JOB, execution("x", status, **more))
    assert end is not None
    assert end.status is JobStatus.FAILED
    assert end.error is not None
    return end.error


def test_success_keeps_the_output() -> None:
    end = ending(JOB, execution("x", "SUCCEEDED", output='{"recommended": "A"}'))
    assert end is not None
    assert (end.status, end.result, end.error) == (JobStatus.SUCCEEDED, {"recommended": "A"}, None)


@pytest.mark.parametrize("output", [None, "", "[1]", "not json"])
def test_an_output_that_did_not_come_along_is_no_failure(output: str | None) -> None:
    end = ending(JOB, execution("x", "SUCCEEDED", output=output))
    assert end is not None
    assert (end.status, end.result) == (JobStatus.SUCCEEDED, {})


def test_a_rejection_fails_the_job_with_its_code_either_way() -> None:
    said = {"outcome": "rejected", "code": "SILENT", "message": "We hear nothing.", "step": "audio_check"}
    expected = JobError(code="SILENT", message="We hear nothing.", step="audio_check")
    assert error_of("SUCCEEDED", output=json.dumps(said)) == expected
    assert error_of("FAILED", error="SILENT", cause=json.dumps(said)) == expected
    assert error_of("FAILED", error="SILENT", cause="We hear nothing.").message == "We hear nothing."


def test_our_own_exceptions_keep_code_and_message() -> None:
    cause = json.dumps({"errorType": "TransientError", "errorMessage": "S3 was not answered.", "step": "persist"})
    found = error_of("FAILED", error="TransientError", cause=cause)
    assert found == JobError(code="TRANSIENT", message="S3 was not answered.", step="persist")


def test_the_text_of_other_exceptions_is_not_shown() -> None:
    cause = json.dumps({"errorType": "ValueError", "errorMessage": "secret of somebody else", "step": "ab_eval"})
    found = error_of("FAILED", error="ValueError", cause=cause)
    assert found == JobError(
        code="STEP_FAILED", message="A step failed.", step="ab_eval", detail={"error": "ValueError"}
    )
    assert "secret" not in found.model_dump_json()


def test_timeouts() -> None:
    assert error_of("TIMED_OUT").code == "TIMED_OUT"
    assert error_of("FAILED", error="States.Timeout", cause="").code == "TIMED_OUT"


def test_a_failure_without_any_word() -> None:
    assert error_of("FAILED") == JobError(code="STEP_FAILED", message="A step failed.", step="ab_eval")


def test_aborted_is_canceled() -> None:
    end = ending(JOB, execution("x", "ABORTED"))
    assert end is not None
    assert end.status is JobStatus.CANCELED


@pytest.mark.parametrize("status", ["RUNNING", "PENDING_REDRIVE"])
def test_what_goes_on_is_no_end(status: str) -> None:
    assert ending(JOB, execution("x", status)) is None


def test_names_of_executions() -> None:
    job = a_job(attempt=12)
    assert parse_execution_name(execution_name(job)) == (job.kind, job.job_id, 12)
    assert len(execution_name(job)) <= 80
    for other in ("ingest", f"film-{new_id()}", f"track-{new_id()}-0", f"track-{new_id()}", f"track-{new_id()}-1-x"):
        assert parse_execution_name(other) is None
