"""A process that has imported what functions import, and is forked for each process that a function gets: that starts
at once, and all of them share the memory of what was imported. Linux only; elsewhere the bootstrap starts each anew.

Run as a module it serves the other end of a socket: each request is JSON (environment) with two descriptors, where the
new process writes what it logs, and a pipe that closes when it ends; the answer is its process id.
"""

import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from select import select
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LONGEST_REQUEST = 1 << 20
# The API is one process at most, and not a small one.
NOT_IMPORTED = ("functions.api",)


class Host:
    """The end of the one who asks. Safe to be used by several threads. ``niceness``: of all functions. A process that
    was killed is replaced when the next function starts.
    """

    def __init__(self, niceness: int = 0) -> None:
        self._asking = threading.Lock()
        self._niceness = niceness
        self._socket = self._begin()

    def start(self, environment: Mapping[str, str]) -> "Forked":
        """Raises OSError."""
        request = json.dumps(dict(environment)).encode()
        output, output_end = os.pipe()
        alive, alive_end = os.pipe()
        try:
            with self._asking:
                try:
                    pid = self._ask(request, output_end, alive_end)
                except ConnectionError:
                    self._socket.close()
                    self._socket = self._begin()
                    pid = self._ask(request, output_end, alive_end)
        except OSError:
            os.close(output)
            os.close(alive)
            raise
        finally:
            os.close(output_end)
            os.close(alive_end)
        return Forked(pid, output, alive)

    def _begin(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "infra.local.function_host", str(theirs.fileno())],
                cwd=ROOT,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        os.setpriority(os.PRIO_PROCESS, process.pid, self._niceness)
        return ours

    def _ask(self, request: bytes, *ends: int) -> int:
        """The process that was forked. Raises ConnectionError when the host has gone."""
        socket.send_fds(self._socket, [request], ends)
        answer = self._socket.recv(64)
        if not answer:
            raise ConnectionResetError("the host of the functions has gone")
        return int(answer)


class Forked:
    """What MiniStack uses of a ``subprocess.Popen``. The exit status stays unknown: it is nobody's child here."""

    def __init__(self, pid: int, output: int, alive: int) -> None:
        self.pid = pid
        self.stdout = os.fdopen(output, "rb")
        self.returncode: int | None = None
        self._alive = alive
        self._looking = threading.Lock()

    def poll(self) -> int | None:
        return self._look(0.0)

    def wait(self, timeout: float | None = None) -> int:
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self._look(0.05)) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("a function", timeout or 0.0)
        return code

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def _look(self, wait_s: float) -> int | None:
        with self._looking:
            if self.returncode is None and select([self._alive], [], [], wait_s)[0]:
                os.close(self._alive)
                self.returncode = -1
        return self.returncode


def instead_of_processes(runtime: Any, *, niceness: int) -> None:
    """From now on the module ``ministack.core.lambda_runtime`` has its environments from a host."""
    host = Host(niceness)

    class Subprocess:
        """The module ``subprocess`` as it sees it."""

        def __getattr__(self, name: str) -> Any:
            return getattr(subprocess, name)

        def Popen(self, command: Sequence[str], **options: Any) -> Any:  # noqa: N802  (its name)
            if not str(command[0]).endswith("/bootstrap"):
                return subprocess.Popen(command, **options)
            return host.start(options["env"])

    runtime.subprocess = Subprocess()


def serve(asked: socket.socket) -> None:
    """Until the other end has gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    _import_what_functions_import()
    gc.collect()
    gc.freeze()  # a collection would write to, and so copy, every page
    while True:
        request, descriptors, _, _ = socket.recv_fds(asked, LONGEST_REQUEST, 2)
        if not request:
            return
        pid = os.fork()
        if pid == 0:
            asked.close()
            _become(json.loads(request), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        asked.send(str(pid).encode())


def _import_what_functions_import() -> None:
    for path in sorted((ROOT / "functions").glob("*/*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if not name.startswith(NOT_IMPORTED):
            importlib.import_module(name)
    # Not the runtime client: when it is loaded it reads where to ask for events.
    for name in ("boto3", "sqlalchemy.dialects.postgresql.psycopg"):
        importlib.import_module(name)


def _become(environment: dict[str, str], output: int, _alive: int) -> None:
    """Never returns: what the bootstrap would have made of this process. ``_alive`` closes with it."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(environment["SOUNDSTAGE_CHECKOUT"])
        sys.path[0] = str(Path.cwd())
        from awslambdaric import __main__ as runtime_client  # noqa: PLC0415

        runtime_client.main(["awslambdaric", environment["_HANDLER"]])
    except BaseException:
        import traceback  # noqa: PLC0415

        traceback.print_exc()
    finally:
        os._exit(1)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
