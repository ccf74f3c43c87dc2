"""A process that runs tasks, one at a time, and stays warm between them.

Tasks run here and not in the worker itself so that a timeout or a cancel can end one in the middle of a native call,
and so that a crash or the out-of-memory killer takes this process and not the worker. Started by ``spawn``: a fork
would take over locks that other threads of the worker hold.
"""

import importlib
import logging
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from soundstage.jobs.tasks import Receipt, input_keys, receipt_key
from soundstage.models.errors import JobCanceled, MediaRejected, SoundstageError, TransientError
from soundstage.models.ids import Id
from soundstage.models.jobs import TaskMessage
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.runtime.scratch import remove_folder
from soundstage.platform.runtime.steps import rejected, transient_by_name
from soundstage.platform.settings import WorkerSettings
from soundstage.platform.telemetry.telemetry import telemetry
from soundstage.providers.gpu_time import gpu_time

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Order:
    message: TaskMessage
    trace_id: Id
    metadata: Mapping[str, Any]
    scratch: Path


@dataclass(frozen=True, slots=True)
class Progress:
    done: float


@dataclass(frozen=True, slots=True)
class Succeeded:
    """``name``: where the receipt is kept. ``gpu_s``: what was spent now, which is nothing where it was found."""

    name: str
    receipt: Receipt
    gpu_s: float


@dataclass(frozen=True, slots=True)
class Failed:
    """``code`` is what the state machine retries or catches by."""

    code: str
    message: str
    detail: dict[str, Any] | None = None
    gpu_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Crashed:
    reason: str


Report = Progress | Succeeded | Failed | Crashed


@dataclass(frozen=True, slots=True)
class Ready:
    """The process's first word: what it had to import and load is there."""


class DiedBeforeReady(Exception):
    """The process, while it imported its tasks."""


class TaskProcess:
    """``tasks``: name → module. Whatever the process or a library of its puts into temporary files lies in a folder of
    its own in ``worker_folder``, and goes with it.
    """

    def __init__(self, tasks: Mapping[str, str], settings: WorkerSettings, worker_folder: Path) -> None:
        self._tasks = dict(tasks)
        self._settings = settings
        self._worker_folder = worker_folder
        self._folder: Path | None = None
        self._process: Any = None
        self._reports: Connection | None = None
        self._scratch: Path | None = None
        self._ready = False
        self._warms = True

    def ready(self, *, wait_s: float) -> bool:
        """Whether a task may begin, after ``wait_s`` at most. Starts the process where there is none; after one that
        died while it loaded models, for which there may be no memory, one that loads none. Raises DiedBeforeReady.
        """
        if self._process is None or not self._process.is_alive():
            self.kill()
            self._start()
        assert self._reports is not None  # noqa: S101  (_start has made it)
        if not self._ready and self._reports.poll(wait_s):
            try:
                self._ready = isinstance(self._reports.recv(), Ready)
            except (EOFError, OSError):
                self._process.join(timeout=5)
                reason = _how_it_ended(self._process.exitcode)
                if not self._warms:
                    raise DiedBeforeReady(reason) from None
                log.error(
                    "the process died while it loaded models, which it now does without", extra={"reason": reason}
                )
                self._warms = False
        return self._ready

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._reports, theirs = context.Pipe()
        self._folder = Path(tempfile.mkdtemp(prefix="process-", dir=self._worker_folder))
        self._process = context.Process(
            target=serve,
            args=(theirs, self._tasks, self._settings, self._folder, self._warms),
            name="tasks",
            daemon=True,
        )
        self._process.start()
        theirs.close()

    def begin(self, message: TaskMessage, *, trace_id: Id, metadata: Mapping[str, Any]) -> None:
        """In a process that is ready."""
        self._scratch = Path(tempfile.mkdtemp(prefix="task-", dir=self._folder))
        assert self._reports is not None  # noqa: S101  (ready has made it)
        with suppress(OSError):  # a process that died right now is reported as crashed
            self._reports.send(Order(message, trace_id, metadata, self._scratch))

    def report(self, *, wait_s: float) -> Report | None:
        """What the task reports next, or None where it reports nothing for ``wait_s``."""
        assert self._reports is not None  # noqa: S101  (begin has made it)
        try:
            if not self._reports.poll(wait_s):
                return None
            report: Report = self._reports.recv()
        except (EOFError, OSError):
            self._process.join(timeout=5)
            report = Crashed(_how_it_ended(self._process.exitcode))
        if not isinstance(report, Progress):
            self._clean()
        return report

    def end_task(self) -> None:
        """Kill the process where a task runs in it; one that has none keeps its models."""
        if self._scratch is not None:
            self.kill()

    def kill(self) -> None:
        """End the process at once and remove its files."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None
        self._ready = False
        if self._reports is not None:
            self._reports.close()
            self._reports = None
        self._clean()
        if self._folder is not None:
            remove_folder(self._folder)
            self._folder = None

    def _clean(self) -> None:
        if self._scratch is not None:
            remove_folder(self._scratch)
            self._scratch = None


@dataclass
class Context:
    """``soundstage.jobs.tasks.TaskContext`` as a task gets it."""

    job_id: Id
    attempt: int
    owner_id: Id
    objects: ObjectStore
    scratch: Path
    reports: Connection = field(repr=False)

    def result_key(self, name: str) -> str:
        return f"results/{self.job_id}/{name}"

    def work_key(self, name: str) -> str:
        return f"work/{self.job_id}/{name}"

    def progress(self, done: float) -> None:
        self.reports.send(Progress(done))


def serve(reports: Connection, tasks: Mapping[str, str], settings: WorkerSettings, folder: Path, warms: bool) -> None:
    """The process's main function: import and warm all tasks, then run what the worker orders until it hangs up."""
    # Ctrl-C goes to the whole group; the worker decides what becomes of the task.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    threading.Thread(target=_leave_with_the_worker, args=(folder.parent,), daemon=True).start()
    telemetry(settings)
    modules = {name: importlib.import_module(module) for name, module in tasks.items()}
    objects = ObjectStore(settings.bucket)
    for name, module in modules.items() if warms else ():
        if warm := getattr(module, "warm", None):
            try:
                warm(objects)
            except Exception:
                log.exception("a task is not warm", extra={"task": name})
    with suppress(EOFError, BrokenPipeError):
        reports.send(Ready())
        while True:
            order: Order = reports.recv()
            reports.send(_carry_out(order, modules, objects, reports, settings))


def _leave_with_the_worker(folder: Path) -> None:
    """A worker that was killed can neither kill us nor tidy up; what it had begun is begun anew by another one."""
    worker = multiprocessing.parent_process()
    if worker is not None:
        worker.join()
        remove_folder(folder)
        os._exit(1)


def _carry_out(
    order: Order, modules: Mapping[str, Any], objects: ObjectStore, reports: Connection, settings: WorkerSettings
) -> Succeeded | Failed:
    message, watch = order.message, telemetry(settings)
    context = Context(message.job_id, message.attempt, message.owner_id, objects, order.scratch, reports)
    observation = watch.observe(
        message.task,
        trace_id=order.trace_id,
        user_id=message.owner_id,
        input_=message.arguments,
        metadata=dict(order.metadata),
    )
    gpu_began_s = gpu_time.spent_s
    ids = watch.ids(
        job_id=message.job_id,
        attempt=message.attempt,
        trace_id=order.trace_id,
        step=message.task,
        item=message.item,
    )
    with ids:
        try:
            with observation as observed, transient_by_name():
                name, receipt = _answer(modules, message, context)
                output = receipt.output
                observed.output(output, level="WARNING" if output.get("outcome") == "rejected" else "DEFAULT")
            return Succeeded(name, receipt, gpu_time.spent_s - gpu_began_s)
        except Exception as error:
            if not isinstance(error, TransientError | JobCanceled):
                log.exception("the task failed")
                watch.capture(error)
            return replace(_failed(error), gpu_s=gpu_time.spent_s - gpu_began_s)
        finally:
            watch.flush()


def _answer(modules: Mapping[str, Any], message: TaskMessage, context: Context) -> tuple[str, Receipt]:
    """The stored receipt of an equal task, or a new one, which is stored last of all; and its key."""
    task = modules.get(message.task)
    if task is None:
        raise UnknownTask(f"This worker knows no task {message.task!r}.")
    contents = {key: _etag(context.objects, key) for key in input_keys(task, message.arguments)}
    name = receipt_key(message, contents)
    if context.objects.head(name) is not None:
        log.info("the task has been done before", extra={"receipt": name})
        return name, Receipt.model_validate(context.objects.read_json(name))
    began_s, gpu_began_s = time.monotonic(), gpu_time.spent_s
    try:
        output: dict[str, Any] = {"outcome": "ok"} | task.run(message.arguments, context)
    except MediaRejected as rejection:
        output = rejected(rejection)
    receipt = Receipt(
        output=output,
        worker_s=time.monotonic() - began_s,
        gpu_s=gpu_time.spent_s - gpu_began_s,
        done_at=datetime.now(UTC),
    )
    context.objects.write_json(name, receipt.model_dump(mode="json"))
    return name, receipt


class UnknownTask(SoundstageError):
    code = "UNKNOWN_TASK"


def _etag(objects: ObjectStore, key: str) -> str:
    found = objects.head(key)
    return found.etag if found else ""


def _failed(error: Exception) -> Failed:
    if isinstance(error, TransientError):
        return Failed("TransientError", error.message, error.detail)
    if isinstance(error, SoundstageError):
        return Failed(error.code, error.message, error.detail)
    # Its text may hold paths or other people's ids: that is for the log, the name is for everyone.
    return Failed("TASK_FAILED", "The task failed.", {"error": type(error).__name__})


def _how_it_ended(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        name = signal.Signals(-exit_code).name
        hint = " (out of memory?)" if name == "SIGKILL" else ""
        return f"its process was ended by {name}{hint}"
    return f"its process ended with status {exit_code}"
