"""What the states of an execution did, read from its history.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

RUNNING, SUCCEEDED, FAILED, CAUGHT, STOPPED = "running", "succeeded", "failed", "caught", "stopped"


@dataclass
class StateRun:
    """One run of one state. ``parent`` is the run of the Map or Parallel state around it, ``item`` which of a Map's
    items it belongs to, from 0. ``caught``: it failed, and the machine went on with its Catch.
    """

    name: str
    kind: str
    entered_at: datetime
    input: Any
    parent: "StateRun | None" = None
    item: int | None = None
    items: int = 0
    """Of a Map: how many have begun."""
    exited_at: datetime | None = None
    output: Any = None
    status: str = RUNNING
    attempts: int = 0
    """How often a task was begun; 0 for other kinds of states."""
    error: str | None = None
    cause: Any = None
    next_error: bool = field(default=False, repr=False)

    @property
    def retries(self) -> int:
        return max(0, self.attempts - 1)

    @property
    def depth(self) -> int:
        """How many Map and Parallel states are around it."""
        return 0 if self.parent is None else 1 + self.parent.depth

    @property
    def which(self) -> str:
        """Its item in words, empty outside of a Map. How many there are is known when all have ended well."""
        if self.item is None:
            return ""
        whole = f" of {self.parent.items}" if self.parent is not None and self.parent.status == SUCCEEDED else ""
        return f"item {self.item + 1}{whole}"

    def took_s(self, now: datetime) -> float:
        return ((self.exited_at or now) - self.entered_at).total_seconds()


class _Place(NamedTuple):
    """Where in the machine an event happened."""

    run: StateRun | None = None
    around: StateRun | None = None
    item: int | None = None


def state_runs(events: Iterable[Mapping[str, Any]], *, status: str, stopped_at: datetime | None) -> list[StateRun]:
    """In the order in which they were entered. ``status`` and ``stopped_at`` are the execution's."""
    places: dict[int, _Place] = {}
    runs: list[StateRun] = []
    for event in events:
        place = _next_place(event, places.get(event.get("previousEventId", 0), _Place()), runs)
        places[event["id"]] = place
    for run in runs:
        if run.exited_at is None and status != "RUNNING":
            run.exited_at = stopped_at
            run.status = FAILED if run.error is not None else STOPPED
    return runs


def _next_place(event: Mapping[str, Any], place: _Place, runs: list[StateRun]) -> _Place:
    kind, at = event["type"], event["timestamp"]
    if kind.endswith("StateEntered"):
        return _enter(event["stateEnteredEventDetails"], kind.removesuffix("StateEntered"), at, place, runs)
    if kind.endswith("StateExited"):
        return _exit(event["stateExitedEventDetails"], at, place)
    if kind == "MapIterationStarted":
        around = place.run or place.around
        index = event["mapIterationStartedEventDetails"]["index"]
        if around is not None:
            around.items = max(around.items, index + 1)
        return _Place(None, around, index)
    run = place.run
    if kind in ("ExecutionFailed", "ExecutionTimedOut"):
        _fail_here(place, event)
    elif run is not None and run.kind == "Task":
        _note_attempt(run, event)
    elif kind == "MapIterationFailed":
        if place.around is not None:
            place.around.next_error = True
    elif kind in ("MapStateFailed", "ParallelStateFailed"):
        # It follows what the last item or branch did, which need not be the one that failed.
        around = run or place.around
        while around is not None and around.kind != kind.removesuffix("StateFailed"):
            around = around.parent
        if around is not None:
            around.next_error = True
    return place


def _fail_here(place: _Place, event: Mapping[str, Any]) -> None:
    """Also what has no event of its own for it, such as an expression that gives no result."""
    details = event.get("executionFailedEventDetails") or event.get("executionTimedOutEventDetails") or {}
    run = place.run or place.around
    while run is not None:
        if run.exited_at is None and run.error is None:
            run.error, run.cause = details.get("error") or "States.Timeout", as_json(details.get("cause"))
        run = run.parent


def _enter(details: Mapping[str, Any], kind: str, at: datetime, place: _Place, runs: list[StateRun]) -> _Place:
    nested = place.run is not None and place.run.kind == "Parallel" and place.run.exited_at is None
    around, item = (place.run, None) if nested else (place.around, place.item)
    run = StateRun(details["name"], kind, at, as_json(details.get("input")), around, item)
    if kind == "Fail":  # ends as soon as it begins, and nothing tells of it
        run.error, run.status, run.exited_at = "Fail", FAILED, at
    runs.append(run)
    return _Place(run, around, item)


def _exit(details: Mapping[str, Any], at: datetime, place: _Place) -> _Place:
    """A Map ends in the place of one of its items, a Parallel state in that of one of its branches."""
    run = place.run or place.around
    while run is not None and run.name != details["name"]:
        run = run.parent
    if run is None:
        return place
    run.exited_at, run.output = at, as_json(details.get("output"))
    run.status = CAUGHT if run.error is not None or run.next_error else SUCCEEDED
    return _Place(run, run.parent, run.item)


def _note_attempt(run: StateRun, event: Mapping[str, Any]) -> None:
    kind = event["type"]
    if kind in ("TaskScheduled", "LambdaFunctionScheduled"):
        run.attempts += 1
        run.error = run.cause = None
    elif kind.startswith(("Task", "LambdaFunction")) and kind.endswith(("Failed", "TimedOut")):
        details: Mapping[str, Any] = next((event[name] for name in event if name.endswith("EventDetails")), {})
        run.error, run.cause = details.get("error") or kind, as_json(details.get("cause"))


def as_json(text: str | None) -> Any:
    """What a text of JSON says; another text as it is."""
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
