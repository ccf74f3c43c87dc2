"""The container worker: takes tasks from the queue of its pool and answers for them to Step Functions.

It only ever calls outward, so a box in an office joins a pool by running the same image. A worker that dies loses
nothing: the message becomes visible again, another worker takes it, and finds what was done already by its content.
"""

import json
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from soundstage.jobs.ports import JobStore, Workflows
from soundstage.jobs.tasks import job_progress
from soundstage.models.errors import JobCanceled, NotFound
from soundstage.models.jobs import Job, TaskMessage
from soundstage.platform.aws.change_feed import JobFeed
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.queues import Queue, Received
from soundstage.platform.aws.worker_time import WorkerTimes
from soundstage.platform.aws.workflows import StepFunctions
from soundstage.platform.runtime.scratch import worker_folder
from soundstage.platform.runtime.task_process import Crashed, Failed, Progress, Succeeded, TaskProcess
from soundstage.platform.runtime.worker_meters import WorkerMeters
from soundstage.platform.settings import WorkerSettings
from soundstage.platform.telemetry.telemetry import Telemetry, telemetry
from soundstage.products.base import client_metadata

log = logging.getLogger(__name__)

# How long a message rests after a crash, times its deliveries: what killed one process may kill the next.
REST_AFTER_CRASH_S = 5
LONGEST_NAP_S = 30.0
LOOK_S = 0.5
"""How often a worker whose process is not ready looks whether it shall go."""
MEASURED_EVERY_S = 60.0


class Outcome(StrEnum):
    """What became of a delivery."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    CANCELED = "canceled"
    LOST = "lost"
    HANDED_BACK = "handed_back"


class Worker:
    """``worker_concurrency`` slots, each with a warm process of its own. ``tasks``: name → module."""

    def __init__(
        self,
        settings: WorkerSettings,
        tasks: Mapping[str, str],
        *,
        queue: Queue | None = None,
        jobs: JobStore | None = None,
        workflows: Workflows | None = None,
        watch: Telemetry | None = None,
    ) -> None:
        self._settings = settings
        self._tasks = tasks
        self._queue = queue or Queue(settings.queue_url)
        self._jobs = jobs or DynamoJobs(settings.table, feed=JobFeed(settings.table, settings.stage))
        self._workflows = workflows or StepFunctions(settings.state_machines)
        self._watch = watch or telemetry(settings)
        self.meters = WorkerMeters(settings.worker_concurrency, depth=self._depth)
        self._stopping = threading.Event()
        self._at_work = 0
        self._last_task = self._measured_at = time.monotonic()
        self._counting = threading.Lock()

    def run(self) -> None:
        """Until :meth:`stop`, or until there was nothing to do for ``idle_exit_s``."""
        log.info("the worker takes tasks", extra={"pool": self._settings.pool, "tasks": sorted(self._tasks)})
        with worker_folder() as folder, self._metrics():
            slots = [
                threading.Thread(target=self._slot, args=(folder,), name=f"slot-{number}")
                for number in range(self._settings.worker_concurrency)
            ]
            for slot in slots:
                slot.start()
            for slot in slots:
                while slot.is_alive():
                    slot.join(MEASURED_EVERY_S)
                    self._measure()
        log.info("the worker has left")

    @contextmanager
    def _metrics(self) -> Iterator[None]:
        port = self._settings.metrics_port
        with nullcontext() if port is None else self.meters.served(self._settings.metrics_host, port):
            yield

    def _depth(self) -> tuple[int, int] | None:
        try:
            return self._queue.depth()
        except Exception:
            log.exception("the queue did not say how long it is")
            return None

    def _measure(self) -> None:
        """Which share of the slots had a task: an idle GPU costs what a busy one does."""
        now = time.monotonic()
        if now - self._measured_at >= MEASURED_EVERY_S:
            self._measured_at = now
            self._watch.measure("SlotsBusy", round(self.meters.busy_share(), 4), pool=self._settings.pool)

    def stop(self) -> None:
        """Hand every task back and leave. Safe in a signal handler."""
        self._stopping.set()

    def stop_on_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())

    def _slot(self, folder: Path) -> None:
        process = TaskProcess(self._tasks, self._settings, folder)
        failures = 0
        try:
            while not self._stopping.is_set() and not self._idle():
                try:
                    if self._ready(process):
                        self._take(process)
                    failures = 0
                except Exception:
                    # AWS is away, or a message makes no sense: stay, and ask less often.
                    failures += 1
                    log.exception("the worker goes on")
                    process.end_task()
                    self._stopping.wait(min(2.0**failures, LONGEST_NAP_S))
        finally:
            process.kill()

    def _ready(self, process: TaskProcess) -> bool:
        """Before a task is taken: models may take minutes to load, which are not the task's, and meanwhile another
        worker may have it. False when the worker shall go.
        """
        if process.ready(wait_s=0):
            return True
        while not self._stopping.is_set():
            if process.ready(wait_s=LOOK_S):
                with self._counting:
                    self._last_task = time.monotonic()
                return True
        return False

    def _take(self, process: TaskProcess) -> None:
        wait_s = min(self._settings.poll_s, int(self._settings.idle_exit_s or 20))
        for received in self._queue.receive(limit=1, lock_s=self._settings.lock_s, wait_s=wait_s):
            with self._counted():
                self._handle(process, received)

    def _handle(self, process: TaskProcess, received: Received) -> None:
        started = time.monotonic()
        message = TaskMessage.model_validate_json(received.body)
        ids = self._watch.ids(job_id=message.job_id, attempt=message.attempt, step=message.task, item=message.item)
        with ids, self.meters.task(message.task) as ended:
            outcome = _Delivery(self, process, received, message).handle()
            ended(outcome)
            log.info("a delivery is over", extra={"outcome": outcome, "delivery": received.deliveries})
        elapsed_ms = (time.monotonic() - started) * 1000
        self._watch.measure("TaskEnded", 1, task=message.task, outcome=outcome)
        self._watch.measure("TaskDuration", elapsed_ms, unit="Milliseconds", task=message.task)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._counting:
            self._at_work += 1
        try:
            yield
        finally:
            with self._counting:
                self._at_work -= 1
                self._last_task = time.monotonic()

    def _idle(self) -> bool:
        """Whether no slot has had a task for ``idle_exit_s``: the end of one slot's task may bring work for another."""
        patience = self._settings.idle_exit_s
        with self._counting:
            return patience is not None and not self._at_work and time.monotonic() - self._last_task > patience


class _Delivery:
    """One delivery of one task, from the first look at its job to the answer."""

    def __init__(self, worker: Worker, process: TaskProcess, received: Received, message: TaskMessage) -> None:
        self._settings = worker._settings
        self._queue = worker._queue
        self._jobs = worker._jobs
        self._workflows = worker._workflows
        self._meters = worker.meters
        self._stopping = worker._stopping
        self._process = process
        self._received = received
        self._message = message
        self._done = 0.0
        self._recorded = 0
        """The job's progress, in percent, as this delivery last wrote it."""

    def handle(self) -> Outcome:
        try:
            job = self._record_step()
            self._process.begin(self._message, trace_id=job.subject_id or job.job_id, metadata=client_metadata(job))
            return self._accompany()
        except (JobCanceled, NotFound):
            self._process.end_task()
            return self._answer_failure(Outcome.CANCELED, Failed("CANCELED", "The job was canceled."))

    def _accompany(self) -> Outcome:
        """While the task runs: keep the message, send heartbeats, record progress, notice a cancel, watch the time."""
        now = time.monotonic()
        deadline = now + self._message.timeout_s
        chores = [
            _Chore(every_s=self._settings.lock_s / 3, do=self._keep),
            _Chore(every_s=self._settings.heartbeat_s, do=self._heartbeat),
            _Chore(every_s=self._settings.report_s, do=self._still_wanted),
        ]
        while True:
            report = self._process.report(wait_s=self._settings.report_s / 4)
            match report:
                case Progress(done):
                    self._done = max(self._done, done)
                case Succeeded(name, receipt, gpu_s):
                    self._meters.used_gpu(gpu_s)
                    self._done = 1.0
                    # First: who dies in between finds the receipt at the next delivery, and comes this way again.
                    WorkerTimes(self._settings.table, self._message.owner_id).record(name, receipt)
                    self._record_step(outcome="ok")
                    self._workflows.task_succeeded(self._message.task_token, receipt.output)
                    self._queue.delete(self._received)
                    return Outcome.SUCCEEDED
                case Failed():
                    self._meters.used_gpu(report.gpu_s)
                    return self._answer_failure(Outcome.FAILED, report)
                case Crashed(reason):
                    return self._crashed(reason)
            if self._stopping.is_set():
                self._process.kill()
                self._queue.keep(self._received, lock_s=0)
                return Outcome.HANDED_BACK
            if time.monotonic() > deadline:
                self._process.kill()
                took = timedelta(seconds=self._message.timeout_s)
                return self._answer_failure(Outcome.TIMED_OUT, Failed("TASK_TIMED_OUT", f"It took more than {took}."))
            if not all(chore.due() for chore in chores):
                self._process.kill()
                return Outcome.LOST

    def _keep(self) -> bool:
        """Extend the message's lock. False when another worker has it by now."""
        return self._queue.keep(self._received, lock_s=self._settings.lock_s)

    def _heartbeat(self) -> bool:
        if self._workflows.task_heartbeat(self._message.task_token):
            return True
        self._queue.delete(self._received)  # nobody waits for an answer any more
        return False

    def _still_wanted(self) -> bool:
        """Progress if there is any, else a beat. Raises ``JobCanceled``."""
        if self._progress > self._recorded:
            self._record_step()
        else:
            self._jobs.beat(self._message.job_id, attempt=self._message.attempt)
        return True

    def _record_step(self, outcome: str | None = None) -> Job:
        """Raises ``JobCanceled``."""
        self._recorded = self._progress
        return self._jobs.record_step(
            self._message.job_id,
            attempt=self._message.attempt,
            step=self._message.step_name,
            progress=self._recorded,
            outcome=outcome,
        )

    @property
    def _progress(self) -> int:
        return job_progress(self._message, self._done)

    def _crashed(self, reason: str) -> Outcome:
        """No answer: the message comes again, and after the last time goes to the dead letters."""
        last = self._received.deliveries >= self._settings.max_deliveries
        log.error("the task's process died", extra={"reason": reason, "last": last})
        self._process.kill()
        self._record_step(outcome=reason)
        if last:
            # The dead-letter function would report it as well; here the reason is known.
            message = f"No worker could finish {self._message.task}: {reason}."
            self._workflows.task_failed(self._message.task_token, code="TASK_DIED", message=_cause(message, None))
        self._queue.keep(self._received, lock_s=0 if last else REST_AFTER_CRASH_S * self._received.deliveries)
        return Outcome.CRASHED

    def _answer_failure(self, outcome: Outcome, failed: Failed) -> Outcome:
        cause = _cause(failed.message, failed.detail)
        self._workflows.task_failed(self._message.task_token, code=failed.code, message=cause)
        self._queue.delete(self._received)
        return outcome


class _Chore:
    def __init__(self, *, every_s: float, do: Callable[[], bool]) -> None:
        self._every_s = every_s
        self._do = do
        self._next = time.monotonic() + every_s

    def due(self) -> bool:
        """Does it when it is time. False when the task shall stop."""
        if time.monotonic() < self._next:
            return True
        self._next = time.monotonic() + self._every_s
        return self._do()


def _cause(message: str, detail: object) -> str:
    return json.dumps({"message": message} | ({"detail": detail} if detail else {}))
