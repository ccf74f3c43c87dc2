"""Process groups that outlive the memory of who started them: found again by pid and start time, and stopped."""

import os
import signal
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

import psutil
from pydantic import BaseModel

SAME_START_S = 1.0
POLL_S = 0.05
DYING_S = 5.0  # a process that was killed ends when its last call into the kernel returns


class ProcessGroup(BaseModel):
    """``started`` tells this process from a later one with the same pid. Only the leader is asked to stop, because it
    knows best how to end its children, unless it waits for them: then the ``whole`` group is."""

    name: str
    pid: int
    started: float
    stop_signal: int
    whole: bool = False

    @classmethod
    def of(cls, name: str, pid: int, stop_signal: signal.Signals, *, whole: bool = False) -> "ProcessGroup":
        started = psutil.Process(pid).create_time()
        return cls(name=name, pid=pid, started=started, stop_signal=stop_signal, whole=whole)

    def alive(self) -> bool:
        """Ended and waiting for its parent to notice counts as ended."""
        with suppress(psutil.Error):
            process = psutil.Process(self.pid)
            return self._is_leader(process) and process.status() != psutil.STATUS_ZOMBIE
        return False

    def ask_to_stop(self) -> None:
        if self.alive():
            with suppress(ProcessLookupError):
                (os.killpg if self.whole else os.kill)(self.pid, self.stop_signal)

    def kill(self) -> None:
        """Whoever is left in the group, and wait until they are gone. Its number is not given out again while it has
        members, so a process that now has this pid but started at another time tells that no member is left."""
        with suppress(psutil.Error):
            if not self._is_leader(psutil.Process(self.pid)):
                return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
            deadline = time.monotonic() + DYING_S
            while self._has_members() and time.monotonic() < deadline:
                time.sleep(POLL_S)

    def _has_members(self) -> bool:
        for process in psutil.process_iter():
            with suppress(psutil.Error, ProcessLookupError):
                if os.getpgid(process.pid) == self.pid and process.status() != psutil.STATUS_ZOMBIE:
                    return True
        return False

    def _is_leader(self, process: psutil.Process) -> bool:
        return abs(float(process.create_time()) - self.started) < SAME_START_S


def stop_groups(groups: Iterable[ProcessGroup], *, grace_s: float) -> None:
    """Ask all to stop, wait at most ``grace_s`` altogether, then kill what remains of them."""
    groups = list(groups)
    for group in groups:
        group.ask_to_stop()
    deadline = time.monotonic() + grace_s
    while any(group.alive() for group in groups) and time.monotonic() < deadline:
        time.sleep(POLL_S)
    for group in groups:
        group.kill()


def kill_users_of(folders: Collection[Path]) -> None:
    """Kill the processes whose temporary folder (``TMPDIR``) is one of these or lies in one, wherever they have gone:
    the environment stays with a process that has left its group or lost its parent.
    """
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            used = Path(process.environ().get("TMPDIR", "/"))
            if process.pid != os.getpid() and any(used.is_relative_to(folder) for folder in folders):
                process.kill()


def listener_on(port: int) -> str | None:
    """Who listens on this TCP port, in words; None when nobody does."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:  # macOS tells only root
        return None
    for connection in connections:
        if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port:
            with suppress(psutil.Error):
                command = " ".join(psutil.Process(connection.pid).cmdline())[:80] if connection.pid else ""
                return f"process {connection.pid} ({command})" if command else "another process"
            return "another process"
    return None


def give_way(pid: int, niceness: int) -> None:
    """To others on the processor. ``pid`` leads a session: Linux weighs sessions against each other, and what is nice
    only within its own (sched(7), autogroup)."""
    os.setpriority(os.PRIO_PROCESS, pid, niceness)
    with suppress(OSError):  # no Linux, or one without it
        Path(f"/proc/{pid}/autogroup").write_text(str(niceness))
