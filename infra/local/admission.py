"""How many calls of one function run at once on this machine, which is how many processes it has. Others wait their
turn, in the order in which they came, instead of each starting a process of its own.

On AWS a call above a function's reserved concurrency is turned away and comes again; here nobody is turned away, and
waiting does not count as running: a task's timeout begins when the function does.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from ministack.services import lambda_svc, stepfunctions

_admitted: ContextVar[str | None] = ContextVar("_admitted", default=None)
"""The function that this call was let into already, before its timeout began."""


class _Turns:
    """A semaphore that lets in whoever has waited longest."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: list[threading.Event] = []
        self._lock = threading.Lock()

    def take(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            mine = threading.Event()
            self._waiting.append(mine)
        mine.wait()

    def give_back(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.pop(0).set()  # the turn passes on
            else:
                self._free += 1


def limit(at_once: int) -> None:
    """From now on, for each function."""
    turns: dict[str, _Turns] = defaultdict(lambda: _Turns(at_once))
    making = threading.Lock()

    def of(name: str) -> _Turns:
        with making:
            return turns[name]

    @contextmanager
    def admitted(name: str) -> Iterator[None]:
        of(name).take()
        before = _admitted.set(name)
        try:
            yield
        finally:
            _admitted.reset(before)
            of(name).give_back()

    dispatch = lambda_svc._execute_function_dispatch
    run_task = stepfunctions._invoke_resource_with_timeout

    @wraps(dispatch)
    def in_turn(function: Any, config: dict[str, Any], *more: Any) -> Any:
        name = str(config.get("FunctionName"))
        if _admitted.get() == name:
            return dispatch(function, config, *more)
        with admitted(name):
            return dispatch(function, config, *more)

    @wraps(run_task)
    def task_in_turn(resource: str, given: Any, timeout: float) -> Any:
        if "states:::lambda:invoke" not in resource:
            return run_task(resource, given, timeout)
        with admitted(str(given["FunctionName"]).rsplit(":function:", 1)[-1].partition(":")[0]):
            return run_task(resource, given, timeout)

    lambda_svc._execute_function_dispatch = in_turn
    stepfunctions._invoke_resource_with_timeout = task_in_turn
    lambda_svc._sqs_esm_concurrency = _no_more_than(at_once, lambda_svc._sqs_esm_concurrency)


def _no_more_than(at_once: int, concurrency: Callable[..., int]) -> Callable[..., int]:
    """What waits in a queue stays there: a message that is taken is invisible for a while only."""

    @wraps(concurrency)
    def limited(*arguments: Any) -> int:
        return min(at_once, concurrency(*arguments))

    return limited
