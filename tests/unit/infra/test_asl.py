"""What all tasks of a kind have in common is added to a state machine, and what it states itself is left alone."""

import copy
import json
from typing import Any

import pytest
from infra.asl import LAMBDA, WORKER, expand
from tests.fixtures.state_machines import evaluated

from soundstage.models.ids import new_id
from soundstage.models.jobs import TaskMessage, WorkflowInput

TIMEOUTS_S = {"HearFunction": 300}
FAIL = "Fail the execution"


def lambda_step(**own: Any) -> dict[str, Any]:
    arguments = {"FunctionName": "${HearFunction}", "Payload": {}}
    return {"Type": "Task", "Comment": "hear: it", "Resource": LAMBDA, "Arguments": arguments, "End": True, **own}


def worker_task(**own: Any) -> dict[str, Any]:
    message = {"task": "play", "arguments": {"key": "a.wav"}, "timeout_s": 60}
    task = {"Type": "Task", "Resource": WORKER, "Arguments": {"QueueUrl": "${CpuQueueUrl}", "MessageBody": message}}
    return {**task, "TimeoutSeconds": 7200, "End": True, **own}


def machine(**states: dict[str, Any]) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states}


def states_of(**states: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = expand(machine(**states), TIMEOUTS_S)["States"]
    return found


def a_map(inner: dict[str, Any]) -> dict[str, Any]:
    return {"Type": "Map", "Comment": "all: of them", "ItemProcessor": machine(Inner=inner), "End": True}


def test_a_lambda_step_takes_no_longer_than_its_function_and_answers_with_its_payload() -> None:
    hear = states_of(Hear=lambda_step())["Hear"]
    assert hear["TimeoutSeconds"] == 300
    assert hear["Output"] == "{% $states.result.Payload %}"
    assert {"States.Timeout", "Sandbox.Timedout", "Runtime.Unknown"} <= set(hear["Retry"][0]["ErrorEquals"])
    assert "Runtime.ExitError" in hear["Retry"][1]["ErrorEquals"]
    assert hear["Retry"][1]["MaxAttempts"] < hear["Retry"][0]["MaxAttempts"]  # what ran out of memory does so again
    assert [catch["Next"] for catch in hear["Catch"]] == [FAIL]


def test_a_worker_task_is_not_retried_while_its_message_may_be_worked_on() -> None:
    play = states_of(Play=worker_task(Comment="play: it"))["Play"]
    assert "States.Timeout" not in play["Retry"][0]["ErrorEquals"]
    assert play["HeartbeatSeconds"] < play["TimeoutSeconds"]
    assert "Output" not in play


def test_its_message_is_what_workers_read() -> None:
    job = WorkflowInput(job_id=new_id(), attempt=2, owner_id=new_id(), inputs={}, options={})
    message = states_of(Play=worker_task(Comment="play_it: now"))["Play"]["Arguments"]["MessageBody"]
    context = {"Task": {"Token": "secret"}, "Execution": {"Input": job.model_dump()}}
    found = TaskMessage.model_validate(evaluated(message, states={"context": context, "input": {}}))
    assert (found.job_id, found.attempt, found.owner_id) == (job.job_id, job.attempt, job.owner_id)
    assert (found.task, found.task_token, found.step, found.arguments) == (
        "play",
        "secret",
        "play_it",
        {"key": "a.wav"},
    )


def test_what_a_state_says_itself_stays() -> None:
    own = {
        "TimeoutSeconds": 5,
        "Retry": [{"ErrorEquals": ["Mine"]}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "End"}],
        "Output": "{% 1 %}",
    }
    found = states_of(Hear=lambda_step(**own), End={"Type": "Succeed"})
    assert {field: found["Hear"][field] for field in own} == own
    assert FAIL not in found


def test_the_machine_that_was_written_stays_as_it_is() -> None:
    written = machine(All=a_map(worker_task()))
    before = copy.deepcopy(written)
    assert expand(written, {}) != before
    assert written == before


def test_inside_a_map_the_step_is_the_maps_unless_the_task_has_its_own() -> None:
    for comment, step in (("Without a step", "all"), ("one: of them", "one")):
        found = states_of(All=a_map(worker_task(Comment=comment)))["All"]
        inner = found["ItemProcessor"]["States"]
        assert inner["Inner"]["Arguments"]["MessageBody"]["step"] == step
        (catch,) = inner["Inner"]["Catch"]
        assert f"'step': '{step}'" in catch["Output"]
        assert inner[catch["Next"]]["Type"] == "Fail"
        assert [catch["Next"] for catch in found["Catch"]] == [FAIL]


def test_a_failure_in_a_map_says_the_step_that_failed() -> None:
    found = states_of(All=a_map(worker_task(Comment="one: of them")))
    error = {"Error": "TASK_DIED", "Cause": "It died."}
    for scope, name in ((found["All"]["ItemProcessor"]["States"], "Inner"), (found, "All")):
        (catch,) = scope[name]["Catch"]
        states = {"input": evaluated(catch["Output"], states={"errorOutput": error})}
        fail = scope[catch["Next"]]
        error = {field: evaluated(fail[field], states=states) for field in ("Error", "Cause")}
    assert error["Error"] == "TASK_DIED"
    assert json.loads(error["Cause"]) == {"step": "one", "message": "It died."}


@pytest.mark.parametrize(
    ("state", "lacks"),
    [
        (lambda_step(Comment="Hears it"), "has no step"),
        (lambda_step(Arguments={"FunctionName": "${OtherFunction}"}), "TimeoutSeconds"),
        (
            {"Type": "Task", "Comment": "ask: it", "Resource": "arn:aws:states:::aws-sdk:s3:headObject"},
            "TimeoutSeconds",
        ),
        (
            {
                "Type": "Task",
                "Comment": "ask: it",
                "Resource": "arn:aws:states:::aws-sdk:s3:headObject",
                "TimeoutSeconds": 5,
            },
            "Retry",
        ),
        ({"Type": "Parallel", "Branches": []}, "Parallel"),
    ],
)
def test_what_cannot_be_added_is_asked_for(state: dict[str, Any], lacks: str) -> None:
    with pytest.raises(ValueError, match=f"'Do'.*{lacks}"):
        states_of(Do=state)


def test_an_integration_that_states_its_retry_gets_the_common_end() -> None:
    own = {"Resource": "arn:aws:states:::aws-sdk:s3:headObject", "TimeoutSeconds": 5, "Retry": []}
    ask = states_of(Ask={"Type": "Task", "Comment": "ask: it", **own})["Ask"]
    assert {field: ask[field] for field in own} == own
    assert [catch["Next"] for catch in ask["Catch"]] == [FAIL]
