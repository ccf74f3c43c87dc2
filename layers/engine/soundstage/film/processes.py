"""Functions run in processes of their own, which stay warm: painting, speech and music hold Python's lock, and threads
that composite and encode would wait for it.

Started as programs and not by ``multiprocessing``: that would import the caller's main module again, and refuses to
work in the worker's task process, which is a daemon. A process leaves at once when whoever started it is gone.
"""

import atexit
import os
import pickle
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO, ParamSpec, TypeVar

from soundstage.allocator import reuse_freed_memory
from soundstage.models.errors import TransientError

P = ParamSpec("P")
Result = TypeVar("Result")
Request = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1")
"""Each process has a core's worth of work."""
GRACE_S = 10.0
"""For a process that was asked to leave."""


class _Process:
    """One process, for one function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        # What libraries write there belongs to nobody: the command keeps stderr for what it says itself.
        self._program = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **ONE_THREAD},
        )

    def run(self, request: bytes) -> Any:
        sent, answers = self._program.stdin, self._program.stdout
        assert sent is not None  # noqa: S101  (Popen was asked for pipes)
        assert answers is not None  # noqa: S101
        try:
            sent.write(request)
            sent.flush()
            result, error = pickle.load(answers)  # noqa: S301 - our own process
        except (OSError, EOFError) as gone:
            raise TransientError(f"A process ended in the middle of its work ({self._program.wait()}).") from gone
        if error is not None:
            raise error
        return result

    def close(self) -> None:
        for pipe in (self._program.stdin, self._program.stdout):
            assert pipe is not None  # noqa: S101
            pipe.close()
        try:
            self._program.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            self._program.kill()
            self._program.wait()


_idle: list[_Process] = []
_lock = threading.Lock()


def run_apart(function: Callable[P, Result], /, *args: P.args, **kwargs: P.kwargs) -> Result:
    """What the function returns, or raises, in another process. It, its arguments and its result are pickled.

    A process only ever runs one function: the memory that painting and that a voice need do not add up.

    Raises:
        TransientError: the process died.
    """
    request = pickle.dumps((function, args, kwargs))
    with _lock:
        found = next((process for process in reversed(_idle) if process.function is function), None)
        if found is not None:
            _idle.remove(found)
    process = found or _Process(function)
    try:
        result: Result = process.run(request)
    except TransientError:
        process.close()
        raise
    except BaseException as error:
        # An interrupted process still has an answer to give, which would be taken for the next one's.
        if isinstance(error, Exception):
            _rest(process)
        else:
            process.close()
        raise
    _rest(process)
    return result


def close_idle() -> None:
    """End the processes that have nothing to do, and give their memory back."""
    with _lock:
        closing = _idle.copy()
        _idle.clear()
    for process in closing:
        process.close()


atexit.register(close_idle)


def _rest(process: _Process) -> None:
    with _lock:
        _idle.append(process)


def _serve() -> None:
    """Answer requests on stdin until it is closed."""
    reuse_freed_memory()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    requests: list[Request] = []
    waiting = threading.Semaphore(0)
    threading.Thread(target=_receive, args=(sys.stdin.buffer, requests, waiting), daemon=True).start()
    while waiting.acquire():
        _answer(requests.pop(), answers)


def _receive(stdin: BinaryIO, requests: list[Request], waiting: threading.Semaphore) -> None:
    """A thread of its own: whoever asked may go while the answer is worked on."""
    try:
        while True:
            requests.append(pickle.load(stdin))  # noqa: S301 - from whoever started us
            waiting.release()
    finally:
        os._exit(0)


def _answer(request: Request, answers: BinaryIO) -> None:
    function, args, kwargs = request
    try:
        answer = pickle.dumps((function(*args, **kwargs), None))
    except Exception as error:
        error.add_note("".join(traceback.format_exception(error)))
        answer = pickle.dumps((None, error))
    answers.write(answer)
    answers.flush()


if __name__ == "__main__":
    _serve()
