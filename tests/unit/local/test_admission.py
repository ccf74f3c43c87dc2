"""Calls of a function wait for each other on one machine, and none is turned away."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from infra.local import admission
from ministack.services import lambda_svc, stepfunctions

AT_ONCE = 2


class Watched:
    """Stands in for a process: how many calls of each function are inside of it, and at most were."""

    def __init__(self) -> None:
        self.inside: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.order: list[int] = []
        self._lock = threading.Lock()

    def call(self, _function: Any, config: dict[str, Any], event: Any) -> Any:
        name = config["FunctionName"]
        with self._lock:
            self.inside[name] += 1
            self.most[name] = max(self.most[name], self.inside[name])
            self.order.append(event)
        time.sleep(0.01)
        with self._lock:
            self.inside[name] -= 1
        return event

    def task(self, _resource: str, given: Any, _timeout: float) -> Any:
        return lambda_svc._execute_function_dispatch({}, {"FunctionName": given["FunctionName"]}, given["Payload"])


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    found = Watched()
    monkeypatch.setattr(lambda_svc, "_execute_function_dispatch", found.call)
    monkeypatch.setattr(lambda_svc, "_sqs_esm_concurrency", lambda *_: 50)
    monkeypatch.setattr(stepfunctions, "_invoke_resource_with_timeout", found.task)
    admission.limit(AT_ONCE)
    return found


def test_no_more_than_so_many_calls_of_each_function_run_and_all_of_them_end(watched: Watched) -> None:
    with ThreadPoolExecutor(40) as callers:
        calls = [
            callers.submit(lambda_svc._execute_function_dispatch, {}, {"FunctionName": name}, number)
            for number in range(20)
            for name in ("probe", "accept")
        ]
        assert sorted(call.result(timeout=30) for call in calls) == sorted([*range(20)] * 2)
    assert watched.most == {"probe": AT_ONCE, "accept": AT_ONCE}


def test_a_task_of_a_state_machine_has_its_turn_before_its_time_begins(watched: Watched) -> None:
    arn = "arn:aws:lambda:eu-central-1:000000000000:function:probe:live"
    task = "arn:aws:states:::lambda:invoke"
    with ThreadPoolExecutor(10) as callers:
        given = [{"FunctionName": arn, "Payload": number} for number in range(10)]
        called = list(callers.map(lambda each: stepfunctions._invoke_resource_with_timeout(task, each, 60), given))
    assert called == list(range(10))
    assert max(watched.most.values()) == AT_ONCE


@pytest.mark.usefixtures("watched")
def test_a_failed_call_gives_its_turn_back() -> None:
    for _ in range(AT_ONCE + 1):
        with pytest.raises(TypeError):
            lambda_svc._execute_function_dispatch({}, {"FunctionName": "probe"})
    assert lambda_svc._execute_function_dispatch({}, {"FunctionName": "probe"}, 7) == 7


@pytest.mark.usefixtures("watched")
def test_messages_that_cannot_be_worked_on_stay_in_their_queue() -> None:
    assert lambda_svc._sqs_esm_concurrency({}, {}, {}) == AT_ONCE


def test_whoever_waits_longest_is_next() -> None:
    turns, order = admission._Turns(1), list[int]()
    turns.take()

    def wait(number: int) -> None:
        turns.take()
        order.append(number)
        turns.give_back()

    with ThreadPoolExecutor(5) as waiting:
        for number in range(5):
            waiting.submit(wait, number)
            while len(turns._waiting) <= number:
                time.sleep(0.001)
        turns.give_back()
    assert order == list(range(5))
