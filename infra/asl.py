"""State machines in the Amazon States Language: what all tasks of a kind have in common is added here.

A file in ``statemachines/`` says what its machine does; ``expand`` adds how long a task may take, which errors are
retried, and how a failure ends the execution. What a file states itself stays as it is.
"""

import re
from collections.abc import Mapping
from typing import Any

State = dict[str, Any]

LAMBDA = "arn:aws:states:::lambda:invoke"
WORKER = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
SUBSTITUTION = re.compile(r"\$\{(\w+)\}")

_STEP = re.compile(r"([a-z_]+): ")
_FAIL = "Fail the execution"

# Full jitter, so that what met the same outage does not come back all at once.
_BACKOFF = {"IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 5, "MaxDelaySeconds": 60, "JitterStrategy": "FULL"}
_LAMBDA_ERRORS = (
    "TransientError",
    "Lambda.TooManyRequestsException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.ClientExecutionTimeoutException",
    "States.Timeout",
    "Sandbox.Timedout",  # Lambda's word for it, where its clock is the faster one
    "Sandbox.Failure",
    "Runtime.Unknown",  # its process died before it was given the event
)
# A function whose process died: of memory, which will happen again, or of something else. As often as a worker's task.
_LAMBDA_DEATHS = ("Lambda.Unknown", "Runtime.ExitError")
_DEATHS_RETRIED = 2
# Without States.Timeout: the first message may still be worked on.
_WORKER_ERRORS = ("TransientError", "TRANSIENT", "SQS.SdkClientException", "SQS.SqsException", "SQS.AmazonSQSException")
# It also runs while a task waits in the queue. A dead worker is found sooner: its message becomes visible again.
_HEARTBEAT_S = 3600

# A cause that is JSON comes from Lambda ({"errorMessage", "errorType", "stackTrace"}), from a worker, or from the Fail
# of a Map's item, which knows the step that failed; the Map only knows its own.
_CAUSE = (
    "{% ( $failure := $states.input;"
    " $said := $exists($failure.Cause) and $substring($failure.Cause, 0, 1) = '{'"
    " ? $parse($failure.Cause) : {'message': $failure.Cause};"
    " $string({'step': $exists($said.step) ? $said.step : $failure.step, 'message': $said.message,"
    " 'errorMessage': $said.errorMessage, 'detail': $said.detail}) ) %}"
)


def expand(machine: Mapping[str, Any], timeouts_s: Mapping[str, int]) -> State:
    """The machine as Step Functions runs it.

    A task's step is what its Comment begins with (``audio_check: …``), or the step of the Map that it is in. By
    resource, a task gets what it does not state itself:

    - ``lambda:invoke``: the function's timeout, retries, and the payload as output;
    - ``sqs:sendMessage.waitForTaskToken``: a heartbeat, retries, and in its message what every ``TaskMessage`` has:
      the token, the step, and job, attempt and owner from the execution's input, a ``WorkflowInput``;
    - any other: nothing; it has to state ``TimeoutSeconds`` and ``Retry``.

    Every Task and Map gets a Catch, and every scope with such a Catch a Fail: Error is the failure's name, Cause is
    JSON with step, message, errorMessage and detail.

    Args:
        machine: what the file holds.
        timeouts_s: substitution of a function (``AudioCheckFunction``) → its timeout in seconds.

    Raises:
        ValueError: a state lacks what cannot be added.
    """
    return _scope(machine, timeouts_s, _FAIL, step=None)


def _scope(scope: Mapping[str, Any], timeouts_s: Mapping[str, int], fail: str, *, step: str | None) -> State:
    """A machine or a Map's item processor, its states expanded and with the end that their failures come to."""
    states = {name: _state(name, state, timeouts_s, fail, step) for name, state in scope["States"].items()}
    if any(catch["Next"] == fail for state in states.values() for catch in state.get("Catch", ())):
        states[fail] = {"Type": "Fail", "Error": "{% $states.input.Error %}", "Cause": _CAUSE}
    return {**scope, "States": states}


def _state(name: str, state: State, timeouts_s: Mapping[str, int], fail: str, step: str | None) -> State:
    if state["Type"] == "Parallel":
        raise ValueError(f"{name!r} is Parallel, which no machine needed so far: its branches would not be expanded.")
    if state["Type"] not in ("Task", "Map"):
        return state
    named = _STEP.match(state.get("Comment", ""))
    step = named[1] if named else step
    if step is None:
        raise ValueError(f"{name!r} has no step: its Comment has to begin with one, as in 'audio_check: …'.")
    caught = f"{{% $merge([$states.errorOutput, {{'step': '{step}'}}]) %}}"
    common: State = {"Catch": [{"ErrorEquals": ["States.ALL"], "Output": caught, "Next": fail}]}
    if state["Type"] == "Map":
        inner = _scope(state["ItemProcessor"], timeouts_s, f"Fail an item of {name}", step=step)
        return _completed({**state, "ItemProcessor": inner}, common)
    if state["Resource"] == LAMBDA:
        common |= _lambda_step(state, timeouts_s)
    elif state["Resource"] == WORKER:
        state = {**state, "Arguments": _task_message(state["Arguments"], step)}
        common |= {"HeartbeatSeconds": _HEARTBEAT_S, "Retry": _retry(_WORKER_ERRORS)}
    task = _completed(state, common)
    for field in ("TimeoutSeconds", "Retry"):
        if field not in task:
            raise ValueError(f"{name!r} has to state its {field}.")
    return task


def _lambda_step(state: State, timeouts_s: Mapping[str, int]) -> State:
    function = SUBSTITUTION.search(state["Arguments"]["FunctionName"])
    timeout = {"TimeoutSeconds": timeouts_s[function[1]]} if function and function[1] in timeouts_s else {}
    retry = _retry(_LAMBDA_ERRORS) + _retry(_LAMBDA_DEATHS, attempts=_DEATHS_RETRIED)
    return {**timeout, "Retry": retry, "Output": "{% $states.result.Payload %}"}


def _task_message(arguments: State, step: str) -> State:
    common = {
        "task_token": "{% $states.context.Task.Token %}",
        **{field: f"{{% $states.context.Execution.Input.{field} %}}" for field in ("job_id", "attempt", "owner_id")},
        "step": step,
    }
    return {**arguments, "MessageBody": _completed(arguments["MessageBody"], common)}


def _retry(errors: tuple[str, ...], *, attempts: int | None = None) -> list[State]:
    return [{"ErrorEquals": list(errors), **_BACKOFF, **({"MaxAttempts": attempts} if attempts else {})}]


def _completed(stated: State, common: State) -> State:
    """What is stated, in its order and with its values, then what else is common."""
    return {**stated, **common, **stated}
