"""What MiniStack leaves out of an execution's history, as Step Functions writes it: which event came before in the same
branch (``previousEventId``), and the states inside of a Map's items and of parallel branches.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

import json
import threading
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

from ministack.services import stepfunctions

Record = dict[str, Any]

# Threads of items and branches get a copy of this, so each goes on from where its branch began.
_last: ContextVar[tuple[str, int]] = ContextVar("_last", default=("", 0))
_inside: ContextVar[Record | None] = ContextVar("_inside", default=None)
"""The execution, while this thread is inside of a state of it that has states of its own."""
_numbering = threading.Lock()

_STATES = ("pass", "task", "choice", "wait", "parallel", "map")


def complete() -> None:
    """From now on."""
    stepfunctions._add_event = _with_its_predecessor(stepfunctions._add_event)
    stepfunctions._run_sub_machine = _as_iteration(stepfunctions._run_sub_machine)
    stepfunctions._fail_state_error = _entering_fail(stepfunctions._fail_state_error)
    for kind in _STATES:
        name = f"_execute_{kind}"
        setattr(stepfunctions, name, _entered_and_exited(kind, getattr(stepfunctions, name)))


def _with_its_predecessor(add: Callable[..., Record]) -> Callable[..., Record]:
    @wraps(add)
    def added(execution: Record, kind: str, details: Record | None = None) -> Record:
        arn, last = _last.get()
        with _numbering:
            event = add(execution, kind, details)
        event["previousEventId"] = last if arn == execution["executionArn"] else 0
        _last.set((execution["executionArn"], event["id"]))
        return event

    return added


def _as_iteration(run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def iterated(states: Record, start: str, given: Any, execution: Record, context: Record) -> Any:
        around = _inside.set(execution)
        item = context.get("Map", {}).get("Item")
        which = {"name": context["State"]["Name"], "index": item["Index"]} if item else None
        try:
            _tell(execution, "MapIterationStarted", which)
            try:
                output = run(states, start, given, execution, context)
            except stepfunctions._ExecutionError:
                _tell(execution, "MapIterationFailed", which)
                raise
            _tell(execution, "MapIterationSucceeded", which)
            return output
        finally:
            _inside.reset(around)

    return iterated


def _tell(execution: Record, kind: str, which: Record | None) -> None:
    if which is not None:  # a parallel branch has no such events
        stepfunctions._add_event(execution, kind, {f"{kind[0].lower()}{kind[1:]}EventDetails": which})


def _entered_and_exited(kind: str, execute: Callable[..., Any]) -> Callable[..., Any]:
    """A state inside of another one; those of the machine itself are told of already."""

    @wraps(execute)
    def executed(state: Record, given: Any, *more: Any, **named: Any) -> Any:
        execution = _inside.get()
        if execution is None:
            return execute(state, given, *more, **named)
        name = more[-1]["State"]["Name"]  # the context; what runs inside changes it
        _enter(execution, kind.title(), name, given)
        output, following = execute(state, given, *more)
        details = {"name": name, "output": json.dumps(output)}
        stepfunctions._add_event(execution, f"{kind.title()}StateExited", {"stateExitedEventDetails": details})
        return output, following

    return executed


def _entering_fail(error_of: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(error_of)
    def entered(state: Record, given: Any, context: Record) -> Any:
        if (execution := _inside.get()) is not None:
            _enter(execution, "Fail", context["State"]["Name"], given)
        return error_of(state, given, context)

    return entered


def _enter(execution: Record, kind: str, name: str, given: Any) -> None:
    details = {"name": name, "input": json.dumps(given)}
    stepfunctions._add_event(execution, f"{kind}StateEntered", {"stateEnteredEventDetails": details})
