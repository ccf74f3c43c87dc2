"""What states did, from histories as Step Functions writes them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from soundstage.platform.aws.execution_history import CAUGHT, FAILED, RUNNING, STOPPED, SUCCEEDED, state_runs

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_retried_task_says_how_often_and_what_it_was_given_and_gave() -> None:
    history = _history(
        (0, "ExecutionStarted", {}),
        (1, "TaskStateEntered", _entered("Probe", '{"n": 1}')),
        (2, "TaskScheduled", {}),
        (
            3,
            "TaskFailed",
            {"taskFailedEventDetails": {"error": "TransientError", "cause": '{"errorMessage": "later"}'}},
        ),
        (4, "TaskScheduled", {}),
        (5, "TaskSucceeded", {}),
        (6, "TaskStateExited", _exited("Probe", '{"ok": true}')),
    )

    (probe,) = state_runs(history, status="RUNNING", stopped_at=None)

    assert (probe.status, probe.retries, probe.error) == (SUCCEEDED, 1, None)
    assert (probe.input, probe.output, probe.took_s(BEGAN)) == ({"n": 1}, {"ok": True}, 5.0)


def test_items_of_a_map_run_side_by_side_and_one_that_fails_stops_the_others() -> None:
    history = _history(
        (0, "ExecutionStarted", {}),
        (1, "MapStateEntered", _entered("Render", "[1, 2]")),
        (2, "MapStateStarted", {}),
        (3, "MapIterationStarted", {"mapIterationStartedEventDetails": {"name": "Render", "index": 0}}),
        (3, "MapIterationStarted", {"mapIterationStartedEventDetails": {"name": "Render", "index": 1}}),
        (4, "TaskStateEntered", _entered("Part", "1")),
        (5, "TaskStateEntered", _entered("Part", "2")),
        (6, "TaskScheduled", {}),
        (7, "TaskScheduled", {}),
        (9, "TaskFailed", {"taskFailedEventDetails": {"error": "TASK_DIED", "cause": "no JSON"}}),
        (10, "MapIterationFailed", {"mapIterationFailedEventDetails": {"name": "Render", "index": 1}}),
        (11, "MapStateFailed", {}),
        (12, "ExecutionFailed", {"executionFailedEventDetails": {"error": "TASK_DIED"}}),
    )

    around, first, second = state_runs(history, status="FAILED", stopped_at=BEGAN + timedelta(seconds=60))

    assert (first.item, second.item, first.parent, second.parent) == (0, 1, around, around)
    assert (first.which, second.which) == ("item 1", "item 2")  # a third may not have begun
    assert (around.status, first.status, second.status) == (FAILED, STOPPED, FAILED)
    assert (second.error, second.cause) == ("TASK_DIED", "no JSON")


def test_a_caught_failure_goes_on_and_a_map_ends_in_the_place_of_an_item() -> None:
    history = _history(
        (0, "ExecutionStarted", {}),
        (1, "MapStateEntered", _entered("Each", "[1]")),
        (2, "MapIterationStarted", {"mapIterationStartedEventDetails": {"name": "Each", "index": 0}}),
        (3, "FailStateEntered", _entered("No", "1")),
        (4, "MapIterationFailed", {"mapIterationFailedEventDetails": {"name": "Each", "index": 0}}),
        (5, "MapStateExited", _exited("Each", "{}")),
        (6, "WaitStateEntered", _entered("Wait", "{}")),
    )

    each, no, wait = state_runs(history, status="RUNNING", stopped_at=None)

    assert (each.status, no.status, wait.status) == (CAUGHT, FAILED, RUNNING)
    assert wait.parent is None


def test_a_map_that_failed_is_told_by_its_own_event_after_another_item_that_succeeded() -> None:
    history = _history(
        (0, "ExecutionStarted", {}),
        (1, "MapStateEntered", _entered("Each", "[1]")),
        (2, "MapIterationStarted", {"mapIterationStartedEventDetails": {"name": "Each", "index": 0}}),
        (3, "PassStateEntered", _entered("Keep", "1")),
        (4, "PassStateExited", _exited("Keep", "1")),
        (5, "MapIterationSucceeded", {"mapIterationSucceededEventDetails": {"name": "Each", "index": 0}}),
        (6, "MapStateFailed", {}),
        (7, "MapStateExited", _exited("Each", "{}")),
    )

    each, keep = state_runs(history, status="RUNNING", stopped_at=None)

    assert (each.status, keep.status) == (CAUGHT, SUCCEEDED)


def test_states_of_branches_lie_in_the_parallel_state() -> None:
    history = _history(
        (0, "ExecutionStarted", {}),
        (1, "ParallelStateEntered", _entered("Both", "{}")),
        (2, "ParallelStateStarted", {}),
        (3, "PassStateEntered", _entered("Left", "{}")),
        (3, "PassStateEntered", _entered("Right", "{}")),
        (5, "PassStateExited", _exited("Right", "{}")),
        (4, "PassStateExited", _exited("Left", "{}")),
        (6, "PassStateEntered", _entered("Far right", "{}")),
        (8, "PassStateExited", _exited("Far right", "{}")),
        (9, "ParallelStateSucceeded", {}),
        (10, "ParallelStateExited", _exited("Both", "[]")),
        (11, "SucceedStateEntered", _entered("End", "[]")),
    )

    both, left, right, far, end = state_runs(history, status="RUNNING", stopped_at=None)

    assert [run.parent for run in (left, right, far, end)] == [both, both, both, None]
    assert both.status == SUCCEEDED


def test_an_expression_without_a_result_fails_the_state_that_it_stands_in() -> None:
    history = _history(
        (0, "ExecutionStarted", {}),
        (1, "PassStateEntered", _entered("Count", "{}")),
        (
            2,
            "ExecutionFailed",
            {"executionFailedEventDetails": {"error": "States.QueryEvaluationError", "cause": "$n"}},
        ),
    )

    (count,) = state_runs(history, status="FAILED", stopped_at=BEGAN)

    assert (count.status, count.error) == (FAILED, "States.QueryEvaluationError")


def _history(*events: tuple[int, str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"id": number, "previousEventId": before, "type": kind, "timestamp": BEGAN + timedelta(seconds=number), **more}
        for number, (before, kind, more) in enumerate(events, 1)
    ]


def _entered(name: str, input_: str) -> dict[str, Any]:
    return {"stateEnteredEventDetails": {"name": name, "input": input_}}


def _exited(name: str, output: str) -> dict[str, Any]:
    return {"stateExitedEventDetails": {"name": name, "output": output}}
