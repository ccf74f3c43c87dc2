"""Start processes, watch them, and leave none behind, whatever way this process ends.

Each service leads a process group of its own, so its children end with it, and has a temporary folder of its own, which
is empty at each start and gone at the end. All of it stands in a run file, and a small guardian process
(``infra.local.guardian``) waits for this process to go: should it not get to stopping everything, the guardian does.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from infra.local.processes import ProcessGroup, give_way, kill_users_of, stop_groups
from infra.local.run_file import NAME, STOP_GRACE_S, RunFile
from infra.local.service import START_MARK, Service, ServiceDown

from soundstage.platform.runtime.scratch import remove_folder

# A service that ends by itself is started again after a pause that doubles with each end in a row, as Docker does it:
# one crash is mended at once, one at every start costs a start each LONGEST_PAUSE_S.
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 30.0
STEADY_S = 10.0  # what has run for so long did not end "in a row" with its last end
FAILING = 3  # ends in a row after which nobody should wait for a service any more
POLL_S = 0.1
LET_GO = b"\n"
# The new process waits until it stands in the run file: if we are killed before that, it goes away instead.
WHEN_RECORDED = 'read -r _ && exec "$@" </dev/null'


@dataclass
class _Running:
    service: Service
    process: subprocess.Popen[bytes]
    group: ProcessGroup
    log: IO[bytes]
    started: float
    ends_in_a_row: int = 0
    start_again: float | None = None  # time.monotonic(); it has ended and is down until then


class Supervisor:
    """Use as a context manager. ``temporary``: folders beside ``{home}/tmp`` that go away with it."""

    def __init__(self, home: Path, *, facts: Mapping[str, str] | None = None, temporary: Iterable[Path] = ()) -> None:
        self._home = home
        self._run_file = home / NAME
        self._run_id = secrets.token_hex(8)
        self._logs = home / "logs"
        self._temporary = [home / "tmp", *temporary]
        self._facts = dict(facts or {})
        self._running: dict[str, _Running] = {}
        self._troubles: dict[str, str] = {}
        self._guardian: subprocess.Popen[bytes] | None = None
        self._changing = threading.RLock()
        self.on_event: Callable[[str], None] = print

    def __enter__(self) -> "Supervisor":
        remove_folder(self._home / "tmp")
        self._logs.mkdir(parents=True, exist_ok=True)
        self._write_run_file()
        self._watch_over_me()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, service: Service) -> None:
        """Start without waiting; output goes to ``{home}/logs/{name}.log``."""
        with self._changing:
            temporary = self._empty_folder_of(service)
            log = self._log_path(service).open("ab")
            log.write(f"{START_MARK}{service.name} starts {time.strftime('%Y-%m-%d %H:%M:%S')}\n".encode())
            log.flush()
            process = subprocess.Popen(
                ["/bin/sh", "-c", WHEN_RECORDED, "sh", *service.command],
                env={**service.environment, "TMPDIR": str(temporary)},
                cwd=service.working_directory,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=service.user,
                group=service.user,
                extra_groups=[] if service.user else None,
            )
            if service.niceness:
                give_way(process.pid, service.niceness)
            group = ProcessGroup.of(service.name, process.pid, service.stop_signal, whole=service.stop_whole_group)
            self._running[service.name] = _Running(service, process, group, log, time.monotonic())
            self._write_run_file()
            assert process.stdin is not None  # noqa: S101  (a pipe was asked for)
            with suppress(BrokenPipeError):  # killed already
                process.stdin.write(b"\n")
                process.stdin.close()

    def wait_ready(self, *names: str) -> None:
        """Raises ServiceDown when one does not answer in time, or any service ends meanwhile."""
        for running in [self._running[name] for name in names]:
            deadline = time.monotonic() + running.service.ready_timeout_s
            while not running.service.ready():
                self._expect_all_to_run()
                if time.monotonic() > deadline:
                    raise self._down(running.service, f"did not answer in {running.service.ready_timeout_s:.0f} s")
                time.sleep(POLL_S)

    def run(self, name: str, command: Sequence[str | Path], environment: Mapping[str, str], *, cwd: Path) -> None:
        """Run to the end. Raises ServiceDown when the exit status is not 0, or a service ends meanwhile."""
        service = Service(name=name, command=command, environment=environment, working_directory=cwd)
        self.start(service)
        process = self._running[name].process
        try:
            while (code := process.poll()) is None:
                self._expect_all_to_run()
                time.sleep(POLL_S)
        finally:
            self._stop([name])
        if code != 0:
            raise self._down(service, f"failed {_how(code)}")

    def check(self) -> None:
        """Start again what ended by itself; raises ServiceDown for what must not."""
        with self._changing:
            for running in list(self._running.values()):
                if running.start_again is not None:
                    if time.monotonic() >= running.start_again:
                        self._start_again(running)
                elif (code := running.process.poll()) is not None:
                    self._has_ended(running, code)
                elif running.ends_in_a_row and time.monotonic() - running.started > STEADY_S:
                    running.ends_in_a_row = 0
                    self._note(running.service, None)
            if self._guardian is not None and self._guardian.poll() is not None:
                self._watch_over_me()

    def replace(self, name: str) -> None:
        """Kill a service as the out-of-memory killer would, and start it again at once, whatever it did before."""
        with self._changing:
            running = self._running[name]
            running.process.kill()
            running.process.wait()
            running.group.kill()
            running.ends_in_a_row = 0
            self._note(running.service, None)
            self._start_again(running)

    def stop(self) -> None:
        """Stop everything: first those who work, then those who keep state. Interrupted, the guardian goes on."""
        try:
            for keeps_state in (False, True):
                self._stop(n for n, running in self._running.items() if running.service.keeps_state == keeps_state)
            kill_users_of(self._temporary)
            for folder in self._temporary:
                remove_folder(folder)
            self._run_file.unlink(missing_ok=True)
        finally:
            if self._guardian is not None and self._guardian.stdin is not None:
                with suppress(BrokenPipeError):
                    self._guardian.stdin.write(LET_GO)  # closing alone says nothing while a fork has the pipe open
                    self._guardian.stdin.close()
        if self._guardian is not None:
            self._guardian.wait()
            self._guardian = None

    def _stop(self, names: Iterable[str]) -> None:
        with self._changing:
            stopping = [self._running[name] for name in names]
            stop_groups([running.group for running in stopping], grace_s=STOP_GRACE_S)
            for running in stopping:
                running.process.wait()
                running.log.close()
                folder = self._folder_of(running.service)
                kill_users_of([folder])
                remove_folder(folder)
                del self._running[running.service.name]
            self._write_run_file()

    def is_ready(self, name: str) -> bool:
        return self._running[name].service.ready()

    def process_id(self, name: str) -> int:
        return self._running[name].process.pid

    @property
    def guardian_id(self) -> int | None:
        """Of the process that watches over this one, from its start on."""
        return self._guardian.pid if self._guardian else None

    def _has_ended(self, running: _Running, code: int) -> None:
        """One that loses its state with it, for good; another one until its pause is over."""
        service = running.service
        if service.keeps_state and not service.durable:
            down = self._down(service, f"ended {_how(code)}")
            self._note(service, down)
            raise down
        running.ends_in_a_row = running.ends_in_a_row + 1 if time.monotonic() - running.started < STEADY_S else 1
        pause_s = min(FIRST_PAUSE_S * 2.0 ** (running.ends_in_a_row - 1), LONGEST_PAUSE_S)
        running.start_again = time.monotonic() + pause_s
        running.group.kill()
        what = f"ended {_how(code)}" + (
            f", {running.ends_in_a_row} times in a row" if running.ends_in_a_row > 1 else ""
        )
        down = self._down(service, what)
        failing = running.ends_in_a_row >= FAILING
        if failing:
            self._note(service, down)
        told = f"{service.name} {what}." if running.ends_in_a_row > FAILING else str(down)
        self.on_event(f"{told}\n  It is started again{f' in {pause_s:.1f} s' if failing else ''}.")

    def _start_again(self, before: _Running) -> None:
        before.log.close()
        self.start(before.service)
        self._running[before.service.name].ends_in_a_row = before.ends_in_a_row

    def _note(self, service: Service, trouble: ServiceDown | None) -> None:
        if trouble is None:
            self._troubles.pop(service.name, None)
        else:
            self._troubles[service.name] = str(trouble)
        self._write_run_file()

    def _expect_all_to_run(self) -> None:
        for running in self._running.values():
            if (code := running.process.poll()) is not None:
                raise self._down(running.service, f"ended at its start {_how(code)}")

    def _empty_folder_of(self, service: Service) -> Path:
        folder = self._folder_of(service)
        remove_folder(folder)
        folder.mkdir(parents=True)
        if service.user:
            shutil.chown(folder, service.user)
        return folder

    def _folder_of(self, service: Service) -> Path:
        return service.temporary or self._home / "tmp" / service.name

    def _watch_over_me(self) -> None:
        self._guardian = subprocess.Popen(
            [sys.executable, "-m", "infra.local.guardian", self._run_file, self._run_id],
            # Not our temporary folder: who still has that at the end is killed.
            env={name: value for name, value in os.environ.items() if name != "TMPDIR"},
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def _log_path(self, service: Service) -> Path:
        return self._logs / f"{service.name}.log"

    def _down(self, service: Service, what: str) -> ServiceDown:
        return ServiceDown.of(service.name, what, self._log_path(service))

    def _write_run_file(self) -> None:
        folders = [running.service.temporary for running in self._running.values()]
        RunFile(
            run_id=self._run_id,
            supervisor=ProcessGroup.of("supervisor", os.getpid(), signal.SIGTERM),
            services=[running.group for running in self._running.values()],
            temporary=[folder for folder in folders if folder] + self._temporary,
            troubles=self._troubles,
            facts=self._facts,
        ).write(self._run_file)


def _how(code: int) -> str:
    if code < 0:
        return f"by {signal.Signals(-code).name}"
    return f"with exit status {code}"
