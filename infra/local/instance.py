"""One instance of the embedded cloud, from nothing to ready and back, with progress lines."""

import fcntl
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from infra.local import emulator, function_logs, services
from infra.local.deployer import Deployer
from infra.local.processes import listener_on, stop_groups
from infra.local.run_file import NAME, STOP_GRACE_S, RunFile
from infra.local.service import ServiceDown
from infra.local.settings import InstanceSettings
from infra.local.supervisor import Supervisor

WATCH_S = 0.3


class CannotStart(Exception):
    """Something is in the way; the message says what to do about it."""


class Instance:
    """A context manager: inside it the instance runs. ``say`` receives progress, one line at a time."""

    def __init__(
        self,
        settings: InstanceSettings,
        *,
        reload: bool = False,
        worker: Path = services.WORKER,
        say: Callable[[str], None] = print,
    ) -> None:
        self.settings = settings
        self.say = say
        self._worker = worker
        self._reload = reload
        self._undo = ExitStack()
        self._down: ServiceDown | None = None
        self.supervisor = Supervisor(
            settings.home,
            facts={"url": settings.url, "cloud": settings.endpoint_url, "since": time.strftime("%Y-%m-%d %H:%M:%S")},
            temporary=[settings.home] if settings.temporary else [],
        )
        self.supervisor.on_event = say
        self.outputs: dict[str, str] = {}

    def __enter__(self) -> Self:
        with self._undo:
            self._undo.enter_context(only_one(self.settings, self.say))
            self._undo.enter_context(self.supervisor)
            self._start()
            self._undo = self._undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._undo.__exit__(kind, error, trace)

    def _start(self) -> None:
        settings, supervisor = self.settings, self.supervisor
        deployer = Deployer(settings, supervisor)
        with self._step("cloud and database"):
            supervisor.start(emulator.cloud(settings))
            supervisor.start(services.database(settings))
            supervisor.wait_ready("cloud", "database")
        with ThreadPoolExecutor(1) as aside:
            migrated = aside.submit(migrate, services.database_url(settings))
            if not deployer.synthesised():
                with self._step("synthesise the stacks"):
                    deployer.synthesise()
            if not deployer.deployed():
                with self._step("deploy the stacks"):
                    deployer.deploy()
            migrated.result()
        self.outputs = deployer.outputs()
        known = services.stack_environment(self.outputs)
        with self._step("worker and gateway"):
            supervisor.start(services.worker(settings, known, self._worker))
            supervisor.start(services.gateway(settings, known, reload=self._reload))
            supervisor.wait_ready("worker", "gateway")
        if not settings.temporary:  # nothing was there before
            with self._step("what was interrupted"):
                deployer.look_after_what_was_interrupted()
        self._in_background("function logs", function_logs.follow, settings)
        self._in_background("watch", self._watch, deployer)

    def expect_to_run(self) -> None:
        """Raises ServiceDown when the instance is over because a service has ended that is not started again."""
        if self._down is not None:
            raise self._down

    def _watch(self, deployer: Deployer, stopped: threading.Event) -> None:
        known = self.supervisor.process_id("cloud")
        while self._down is None and not stopped.wait(WATCH_S):
            try:
                self.supervisor.check()
                cloud = self.supervisor.process_id("cloud")
                if cloud != known and self.supervisor.is_ready("cloud") and deployer.look_after_what_was_interrupted():
                    known = cloud
            except ServiceDown as down:
                self._down = down
            except OSError as error:  # a full disk, no more processes
                self._down = ServiceDown(f"Nobody looks after the services any more: {error}")

    def _in_background(self, name: str, task: Callable[..., None], *arguments: object) -> None:
        """Run ``task(*arguments, stopped)`` until the instance stops."""
        stopped = threading.Event()
        thread = threading.Thread(target=task, args=(*arguments, stopped), daemon=True, name=name)
        thread.start()
        self._undo.callback(thread.join)
        self._undo.callback(stopped.set)

    @contextmanager
    def _step(self, what: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.say(f"  {what:<24} {time.monotonic() - started:5.1f} s")


def migrate(database_url: str) -> None:
    from soundstage.platform.catalog import database, migrate  # noqa: PLC0415  (SQLAlchemy and Alembic: 0.5 s)

    engine = database.connect(database_url)
    try:
        migrate.upgrade(engine)
    finally:
        engine.dispose()


@contextmanager
def only_one(settings: InstanceSettings, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the instance's lock, after cleaning up what a killed one left. Raises CannotStart."""
    if settings.temporary and _holds_something_else(settings):
        raise CannotStart(
            f"A temporary instance takes its folder with it, and {settings.home} is not empty: name another one by "
            "SOUNDSTAGE_DATA_DIR."
        )
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        lock_file = (settings.home / "lock").open("w")
    except OSError as error:
        raise CannotStart(
            f"The instance's folder {settings.home} cannot be written ({error.strerror}). Give it back to yourself, or "
            "name another one by SOUNDSTAGE_DATA_DIR."
        ) from error
    with lock_file as lock:
        if not _lock(lock):
            raise CannotStart(_in_use(settings))
        left = RunFile.read(settings.run_file)
        if left is not None:
            alive = [group for group in left.services if group.alive()]
            if alive:
                names = ", ".join(f"{group.name} ({group.pid})" for group in alive)
                say(f"  Stopping what a killed instance '{settings.instance}' left behind: {names}")
            left.clear_up(settings.run_file)
        for variable, port in (("SOUNDSTAGE_CLOUD_PORT", settings.cloud_port), ("SOUNDSTAGE_PORT", settings.port)):
            if (listener := listener_on(port)) is not None:
                raise CannotStart(
                    f"Port {port} is taken by {listener}. Stop that, or choose another port: {variable}={port + 100}."
                )
        yield


def running(settings: InstanceSettings) -> RunFile | None:
    """The instance's run file when its supervisor is alive."""
    found = RunFile.read(settings.run_file)
    return found if found is not None and found.supervisor.alive() else None


def check(settings: InstanceSettings) -> None:
    """Whoever waits for something asks this meanwhile, in the instance's process or another one. Raises ServiceDown,
    with what is down and why, when the instance has ended or one of its services keeps failing.
    """
    found = running(settings)
    if found is None:
        raise ServiceDown(f"Instance '{settings.instance}' has ended; its logs are in {settings.logs}.")
    for trouble in found.troubles.values():
        raise ServiceDown(trouble)


def stop(settings: InstanceSettings) -> bool:
    """Stop an instance that another process runs, or what is left of it. False when there was nothing to stop."""
    found = RunFile.read(settings.run_file)
    if found is None:
        return False
    stop_groups([found.supervisor], grace_s=3 * STOP_GRACE_S) if found.supervisor.alive() else None
    if (left := RunFile.read(settings.run_file)) is not None:
        left.clear_up(settings.run_file)
    return True


def forget(settings: InstanceSettings) -> None:
    """Remove an instance's data. Other instances may live in the default one's folder; theirs stay."""
    for path in settings.home.iterdir() if settings.home.exists() else ():
        if path.is_dir() and not (path / "lock").exists() and not (path / NAME).exists():
            shutil.rmtree(path)
        elif path.is_file():
            path.unlink()


def _holds_something_else(settings: InstanceSettings) -> bool:
    return settings.home.exists() and RunFile.read(settings.run_file) is None and any(settings.home.iterdir())


def _lock(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _in_use(settings: InstanceSettings) -> str:
    found = running(settings)
    who = (
        f" (process {found.supervisor.pid}, since {found.facts.get('since')}, {found.facts.get('url')})"
        if found
        else ""
    )
    return (
        f"Instance '{settings.instance}' runs already{who}. Stop it with `make down`, or start another one beside it: "
        "SOUNDSTAGE_INSTANCE=second SOUNDSTAGE_PORT=8100 SOUNDSTAGE_CLOUD_PORT=4600 make up"
    )
