"""Start processes, watch them, and leave none behind, whatever way this process ends.

Each service leads a process group of its own, so its children end with it. A list of them lies in a run file, and a
small guardian process (``infra.local.guardian``) waits for this process to go: should it be killed, the guardian stops
what the run file names.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from infra.local.processes import ProcessGroup, stop_groups
from pydantic import BaseModel

STOP_GRACE_S = 20.0
RESTARTS = 5  # a service that ends by itself this often within RESTART_WINDOW_S stays down
RESTART_WINDOW_S = 60.0
POLL_S = 0.1
START_MARK = "--- "


@dataclass(frozen=True)
class Service:
    """``ready`` says whether it answers. One that ``keeps_state`` is stopped after the others and not restarted."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    ready: Callable[[], bool] = lambda: True
    ready_timeout_s: float = 60.0
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_whole_group: bool = False
    keeps_state: bool = False
    working_directory: Path | None = None


class ServiceDown(Exception):
    """A service ended or did not come up. The message ends with the last lines of its log."""

    def __init__(self, service: str, what: str, log: Path) -> None:
        lines = last_lines(log, 15)
        starts = [number for number, line in enumerate(lines) if line.startswith(START_MARK)]
        tail = "\n".join(f"    {line}" for line in lines[starts[-1] + 1 if starts else 0 :])
        super().__init__(f"{service} {what}. The last lines of {log}:\n{tail}")
        self.service = service


class RunFile(BaseModel):
    """Who runs this instance and what it started."""

    supervisor: ProcessGroup
    services: list[ProcessGroup] = []
    facts: dict[str, str] = {}

    @classmethod
    def read(cls, path: Path) -> "RunFile | None":
        try:
            return cls.model_validate_json(path.read_text())
        except FileNotFoundError:
            return None
        except ValueError:  # torn by a crash of the machine
            path.unlink()
            return None

    def write(self, path: Path) -> None:
        scratch = path.with_suffix(".new")
        scratch.write_text(self.model_dump_json(indent=1))
        scratch.replace(path)


@dataclass
class _Running:
    service: Service
    process: subprocess.Popen[bytes]
    group: ProcessGroup
    log: IO[bytes]
    ended_at: list[float] = field(default_factory=list)


class Supervisor:
    """Use as a context manager."""

    def __init__(self, run_file: Path, logs: Path, *, facts: dict[str, str] | None = None) -> None:
        self._run_file = run_file
        self._logs = logs
        self._facts = facts or {}
        self._running: dict[str, _Running] = {}
        self._guardian: subprocess.Popen[bytes] | None = None
        self.on_event: Callable[[str], None] = print

    def __enter__(self) -> "Supervisor":
        self._logs.mkdir(parents=True, exist_ok=True)
        self._write_run_file()
        self._guardian = subprocess.Popen(
            [sys.executable, "-m", "infra.local.guardian", self._run_file],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, service: Service) -> None:
        """Start without waiting; output goes to ``{logs}/{name}.log``."""
        log = self._log_path(service).open("ab")
        log.write(f"{START_MARK}{service.name} starts {time.strftime('%Y-%m-%d %H:%M:%S')}\n".encode())
        log.flush()
        process = subprocess.Popen(
            service.command,
            env=dict(service.environment),
            cwd=service.working_directory,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=service.user,
            group=service.user,
            extra_groups=[] if service.user else None,
        )
        group = ProcessGroup.of(service.name, process.pid, service.stop_signal, whole=service.stop_whole_group)
        before = self._running.get(service.name)
        self._running[service.name] = _Running(service, process, group, log, before.ended_at if before else [])
        self._write_run_file()

    def wait_ready(self, *names: str) -> None:
        """Raises ServiceDown when one ends or does not answer in time."""
        for running in [self._running[name] for name in names]:
            deadline = time.monotonic() + running.service.ready_timeout_s
            while not running.service.ready():
                if (code := running.process.poll()) is not None:
                    raise self._down(running.service, f"ended at its start {_how(code)}")
                if time.monotonic() > deadline:
                    raise self._down(running.service, f"did not answer in {running.service.ready_timeout_s:.0f} s")
                time.sleep(POLL_S)

    def run(self, name: str, command: Sequence[str | Path], environment: Mapping[str, str], *, cwd: Path) -> None:
        """Run to the end. Raises ServiceDown when the exit status is not 0."""
        service = Service(name=name, command=command, environment=environment, working_directory=cwd)
        self.start(service)
        try:
            code = self._running[name].process.wait()
        finally:
            self._stop([name])
        if code != 0:
            raise self._down(service, f"failed {_how(code)}")

    def check(self) -> None:
        """Restart what ended by itself; raises ServiceDown for what must not, or did so too often."""
        for running in list(self._running.values()):
            code = running.process.poll()
            if code is None:
                continue
            now = time.monotonic()
            running.ended_at[:] = [at for at in running.ended_at if at > now - RESTART_WINDOW_S] + [now]
            down = self._down(running.service, f"ended {_how(code)}")
            if running.service.keeps_state or len(running.ended_at) > RESTARTS:
                raise down
            self.on_event(f"{down}\n  It is started again.")
            running.group.kill()
            running.log.close()
            self.start(running.service)

    def stop(self) -> None:
        """Stop everything: first those who work, then those who keep state."""
        for keeps_state in (False, True):
            self._stop(name for name, running in self._running.items() if running.service.keeps_state == keeps_state)
        self._run_file.unlink(missing_ok=True)
        if self._guardian is not None and self._guardian.stdin is not None:
            self._guardian.stdin.close()
            self._guardian.wait()
            self._guardian = None

    def _stop(self, names: Iterable[str]) -> None:
        stopping = [self._running.pop(name) for name in list(names)]
        stop_groups([running.group for running in stopping], grace_s=STOP_GRACE_S)
        for running in stopping:
            running.process.wait()
            running.log.close()
        self._write_run_file()

    def process_id(self, name: str) -> int:
        return self._running[name].process.pid

    def _log_path(self, service: Service) -> Path:
        return self._logs / f"{service.name}.log"

    def _down(self, service: Service, what: str) -> ServiceDown:
        return ServiceDown(service.name, what, self._log_path(service))

    def _write_run_file(self) -> None:
        me = ProcessGroup.of("supervisor", os.getpid(), signal.SIGTERM)
        services = [running.group for running in self._running.values()]
        RunFile(supervisor=me, services=services, facts=self._facts).write(self._run_file)


def last_lines(path: Path, count: int) -> list[str]:
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - 16_384))
            return log.read().decode(errors="replace").splitlines()[-count:]
    except FileNotFoundError:
        return []


def _how(code: int) -> str:
    if code < 0:
        return f"by {signal.Signals(-code).name}"
    return f"with exit status {code}"
