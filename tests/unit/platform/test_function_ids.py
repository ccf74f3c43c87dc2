"""Every line of a function's log says what it is about."""

import json
from typing import Any

import pytest
from tests.fixtures.jobs import a_job

from soundstage.jobs.ports import execution_name
from soundstage.models.errors import TransientError
from soundstage.platform.runtime.functions import function, ids_in
from soundstage.platform.settings import TelemetrySettings
from soundstage.platform.telemetry import telemetry

JOB = a_job()
NAME = execution_name(JOB)


@pytest.mark.parametrize(
    ("event", "ids"),
    [
        ({"detail": {"executionArn": "a", "name": NAME}}, {"execution": NAME, "job_id": JOB.job_id, "attempt": 1}),
        ({"claim": {"asset_id": "a" * 32}, "claimant": "e-1"}, {"asset_id": "a" * 32, "execution": "e-1"}),
        ({"asset_id": "a" * 32}, {"asset_id": "a" * 32}),
        ({"Records": []}, {}),
        ({"detail": None, "claimant": 7}, {}),
        ([], {}),
    ],
)
def test_an_event_names_what_it_is_about(event: Any, ids: dict[str, Any]) -> None:
    assert ids_in(event) == ids


@pytest.mark.parametrize(("error", "level"), [(KeyError("x"), "ERROR"), (TransientError("busy"), "WARNING")])
def test_a_failure_is_a_line_with_the_ids(
    error: Exception, level: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    telemetry._telemetry.cache_clear()
    trace_id = "1-5759e988-bd862e3fe1be46a994272793"
    # As Lambda's runtime client sets it before each call.
    monkeypatch.setenv("_X_AMZN_TRACE_ID", f"Root={trace_id};Parent=53995c3f42cd8ad8;Sampled=1")

    @function(TelemetrySettings)
    def failing(_event: Any) -> None:
        raise error

    class Context:
        aws_request_id = "lambda-request-1"

    with pytest.raises(type(error)):
        failing({"detail": {"executionArn": "a", "name": NAME}}, Context())
    (said,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (said["level"], said["job_id"], said["request_id"]) == (level, JOB.job_id, "lambda-request-1")
    assert said["xray_trace_id"] == trace_id
