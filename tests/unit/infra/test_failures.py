"""What a failing state machine says is what ``settle`` hears: the job's error has its code, message and step."""

import json
from typing import Any

import pytest
from tests.fixtures.jobs import a_job
from tests.fixtures.state_machines import evaluate, expanded

from soundstage.jobs.endings import ending
from soundstage.models.events import ExecutionStatusChange
from soundstage.models.jobs import JobError

TRACK = expanded("track")
MATCH = expanded("match")
GENERATE = TRACK["States"]["Generate music"]

SILENT = {"outcome": "rejected", "code": "SILENT", "message": "We hear nothing.", "detail": {"role": "target"}}
HEARD = {"outcome": "ok", "role": "reference_1"}


def caught(state: dict[str, Any], error: dict[str, str]) -> dict[str, str]:
    """Error and cause of the Fail state that a state's Catch leads to."""
    (catch,) = state["Catch"]
    states = {"input": evaluate(catch["Output"], states={"errorOutput": error})}
    fail = {**TRACK["States"], **GENERATE["ItemProcessor"]["States"]}[catch["Next"]]
    return {"Error": evaluate(fail["Error"], states=states), "Cause": evaluate(fail["Cause"], states=states)}


def heard(failed: dict[str, str]) -> JobError:
    return _error(status="FAILED", error=failed["Error"], cause=failed["Cause"])


def turned_away(state: dict[str, Any], rejection: dict[str, Any]) -> JobError:
    """A rejection fails the job, and not the execution: those ring an alarm."""
    assert (state["Type"], state["End"]) == ("Pass", True)
    return _error(status="SUCCEEDED", output=json.dumps(evaluate(state["Output"], rejection=rejection)))


def _error(**change: str) -> JobError:
    told = {"executionArn": "e", "stateMachineArn": "s", "name": "n", **change}
    end = ending(a_job(), ExecutionStatusChange.model_validate(told))
    assert end is not None
    assert end.error is not None
    return end.error


def lambda_error(kind: str, message: str) -> dict[str, str]:
    return {"Error": kind, "Cause": json.dumps({"errorType": kind, "errorMessage": message, "stackTrace": ["secret"]})}


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (lambda_error("TransientError", "S3 was not reached."), "TRANSIENT", "S3 was not reached."),
        (lambda_error("KeyError", "'/tmp/somebody'"), "STEP_FAILED", "A step failed."),
        ({"Error": "States.Timeout"}, "TIMED_OUT", "A step took too long."),
        ({"Error": "States.Timeout", "Cause": ""}, "TIMED_OUT", "A step took too long."),
        (lambda_error("Sandbox.Timedout", "Task timed out after 300.00 seconds"), "TIMED_OUT", "A step took too long."),
    ],
)
def test_a_step_that_fails_is_named(error: dict[str, str], code: str, message: str) -> None:
    found = heard(caught(TRACK["States"]["Analyze audio"], error))
    assert (found.code, found.message, found.step) == (code, message, "audio_analyze")


def test_a_worker_task_that_fails_is_named_through_the_map() -> None:
    """The task's own Fail ends the iteration, and the Map's Catch passes its words on."""
    task = GENERATE["ItemProcessor"]["States"]["Render variant"]
    inner = caught(task, {"Error": "TASK_TIMED_OUT", "Cause": "The task took too long."})
    found = heard(caught(GENERATE, inner))
    assert (found.code, found.message, found.step) == ("TASK_TIMED_OUT", "The task took too long.", "music_generate")


def test_a_map_that_fails_itself_is_named() -> None:
    found = heard(caught(GENERATE, {"Error": "States.QueryEvaluationError", "Cause": "no such field"}))
    assert (found.code, found.step) == ("STEP_FAILED", "music_generate")


def test_a_rejection_keeps_its_code_and_detail() -> None:
    (rule,) = TRACK["States"]["Is it usable?"]["Choices"]
    answer = {"outcome": "rejected", "code": "SILENT", "message": "We hear nothing.", "detail": {"silent_ratio": 1.0}}
    assert evaluate(rule["Condition"], states={"input": answer})
    rejection = evaluate(rule["Assign"]["rejection"], states={"input": answer})
    found = turned_away(TRACK["States"][rule["Next"]], rejection)
    assert (found.code, found.message, found.step) == ("SILENT", "We hear nothing.", "audio_check")
    assert found.detail == {"silent_ratio": 1.0}


@pytest.mark.parametrize("recordings", [[SILENT], [HEARD, SILENT], [SILENT, HEARD, SILENT]])
def test_one_of_many_that_is_rejected_ends_the_match_with_its_code(recordings: list[dict[str, Any]]) -> None:
    states = MATCH["States"]
    analyze = states["Analyze recordings"]
    known = evaluate(analyze["Assign"]["recordings"], states={"result": recordings})
    (rule,) = states[analyze["Next"]]["Choices"]
    assert evaluate(rule["Condition"], recordings=known)
    rejection = evaluate(rule["Assign"]["rejection"], recordings=known)
    found = turned_away(states[rule["Next"]], rejection)
    assert (found.code, found.step, found.detail) == ("SILENT", "analyzing", {"role": "target"})
    assert not evaluate(rule["Condition"], recordings=[HEARD])


@pytest.mark.parametrize("inputs", [{"target": "a"}, {"reference_1": "b", "target": "a"}])
def test_what_a_match_passes_on_is_the_same_for_one_and_for_many(inputs: dict[str, str]) -> None:
    """JSONata makes a single thing of a list of one, unless it is told not to."""
    states = MATCH["States"]
    assert evaluate(states["Analyze recordings"]["Items"], states={"input": {"inputs": inputs}}) == list(inputs)
    recordings = [{"role": role, "features_key": f"{role}.json", "took_s": 1.5} for role in inputs]
    assert evaluate(states["Invert"]["Assign"]["target"], recordings=recordings)["role"] == "target"
    said = states["Join and measure"]["Arguments"]["MessageBody"]["arguments"]
    assert evaluate(said["features_keys"], recordings=recordings) == {role: f"{role}.json" for role in inputs}
    rendered = [{"segment_key": f"{role}.wav", "took_s": 0.5} for role in inputs]
    assert evaluate(said["segment_keys"], rendered=rendered) == [f"{role}.wav" for role in inputs]
    took_s = {"recordings": recordings, "inverted": {"took_s": 2.5}, "rendered": rendered}
    timings_s = {step: evaluate(expression, **took_s) for step, expression in said["timings_s"].items()}
    assert timings_s == {"analyzing": 1.5 * len(inputs), "inverting": 2.5, "rendering": 0.5 * len(inputs)}
    planned = {"result": {"Payload": {"segments": [{"index": 0}] * len(inputs)}}}
    assert evaluate(states["Plan segments"]["Assign"]["segments"], states=planned) == [{"index": 0}] * len(inputs)


@pytest.mark.parametrize(
    ("keys", "known"),
    [
        (["a.m4a", "b.m4a"], {"target": "a.m4a", "reference_1": "b.m4a"}),
        (["a.m4a", None], {"target": "a.m4a"}),
        ([None, None], {}),  # an expression without a value would end the execution
    ],
)
def test_a_match_goes_on_without_previews_that_could_not_be_made(keys: list[str | None], known: dict[str, str]) -> None:
    joining = MATCH["States"]["Join and measure"]["Arguments"]["MessageBody"]["arguments"]
    recordings = [{"role": role, "preview_key": key} for role, key in zip(("target", "reference_1"), keys, strict=True)]
    assert evaluate(joining["preview_keys"], recordings=recordings) == known
    assert evaluate(joining["preview_keys"], recordings=[{"role": "target"}]) == {}  # begun before there were any
