"""Lambda handlers of a job's steps, so that a handler is: parse, one call, return.

::

    @step("audio_check", progress=5)
    def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
        audio = read_audio(step.upload("hum"))
        return audio_check(audio).model_dump()

The state machine calls it with ``{"job": WorkflowInput, …}``, inside a Map with ``item``, the item's number from 0. The
answer gets ``"outcome": "ok"`` unless it says something else; a ``MediaRejected`` becomes
``{"outcome": "rejected", "code", "message", "step"}``.
"""

import functools
import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from soundstage.models.assets import Asset
from soundstage.models.errors import DependencyUnavailable, JobCanceled, MediaRejected, NotFound, TransientError
from soundstage.models.jobs import WorkflowInput
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.change_feed import JobFeed
from soundstage.platform.aws.clients import as_transient
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.settings import StepSettings
from soundstage.platform.telemetry.telemetry import Telemetry, telemetry
from soundstage.products.base import client_metadata

log = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any], "Step"], dict[str, Any]]


class Step:
    """One run of one step of one job: its files, and its progress reports.

    ``work/{job}/…`` holds intermediates and expires; ``results/{job}/…`` holds what people get.
    """

    def __init__(
        self,
        name: str,
        job: WorkflowInput,
        *,
        objects: ObjectStore,
        jobs: DynamoJobs,
        assets: DynamoAssets,
        telemetry: Telemetry,
        scratch: Path,
        progress: int,
    ) -> None:
        self.name = name
        self.job = job
        self.objects = objects
        self.assets = assets
        self.telemetry = telemetry
        self.scratch = scratch
        """A folder that is empty at the start and removed at the end."""
        self._jobs = jobs
        self._progress = progress
        self._began = time.monotonic()

    @property
    def trace_id(self) -> str:
        return self.job.subject_id or self.job.job_id

    @property
    def took_s(self) -> float:
        """Seconds since this step began."""
        return round(time.monotonic() - self._began, 3)

    def upload(self, role: str) -> Path:
        """The accepted version of the upload that plays this role in the job's inputs, as a file.

        Raises ``NotFound`` when the job has no such input.
        """
        asset = self.asset(role)
        path = self.scratch / f"{role}{Path(asset.bucket_key).suffix}"
        return self.objects.download(asset.bucket_key, path, version_id=asset.version_id)

    def copy_upload(self, role: str, key: str) -> str:
        """The accepted version of the upload under another key, by S3 itself. Returns the key."""
        asset = self.asset(role)
        return self.objects.copy(asset.bucket_key, key, version_id=asset.version_id)

    def asset(self, role: str) -> Asset:
        asset_id = self.job.inputs.get(role)
        asset = self.assets.get(asset_id) if isinstance(asset_id, str) else None
        if asset is None:
            raise NotFound(f"The job has no input {role!r}.")
        return asset

    def work_key(self, name: str) -> str:
        return f"work/{self.job.job_id}/{name}"

    def result_key(self, name: str) -> str:
        return f"results/{self.job.job_id}/{name}"

    def read_json(self, key: str) -> Any:
        return self.objects.read_json(key)

    def write_json(self, key: str, value: Any) -> str:
        """Returns the key."""
        return self.objects.write_json(key, value)

    def read_file(self, key: str) -> Path:
        """The object as a file in ``scratch``, under its own name."""
        return self.objects.download(key, self.scratch / Path(key).name)

    def write_file(self, path: Path, key: str, *, content_type: str) -> str:
        """Returns the key."""
        return self.objects.upload(path, key, content_type=content_type)

    def report(self, progress: int | None = None, *, outcome: str | None = None) -> None:
        """Record the job's progress (percent). Raises ``JobCanceled`` when the step shall stop."""
        if progress is not None:
            self._progress = progress
        self._jobs.record_step(
            self.job.job_id, attempt=self.job.attempt, step=self.name, progress=self._progress, outcome=outcome
        )


def step(name: str, *, progress: int) -> Callable[[Handler], Callable[[dict[str, Any], Any], dict[str, Any]]]:
    """Make a Lambda handler of a function ``(event, step) -> dict``. ``progress`` is the job's when the step begins.

    The handler raises ``TransientError`` or ``DependencyUnavailable`` for what may work the next time (the state
    machine retries those by name), ``JobCanceled`` to stop, and anything else as it is.
    """

    def decorate(function: Handler) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
        @functools.wraps(function)
        def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
            job = WorkflowInput.model_validate(event["job"])
            watch = _telemetry()
            ids = {
                "request_id": getattr(context, "aws_request_id", None),
                "job_id": job.job_id,
                "attempt": job.attempt,
                "trace_id": job.subject_id or job.job_id,
                "step": name,
                "item": event.get("item"),
            }
            with watch.ids(**ids), _flushed(watch), tempfile.TemporaryDirectory() as scratch:
                running = _step(name, job, watch, Path(scratch), progress)
                return _run(function, event, running)

        return handler

    return decorate


def _run(function: Handler, event: dict[str, Any], running: Step) -> dict[str, Any]:
    job, watch = running.job, running.telemetry
    started = time.monotonic()
    extra = {key: value for key, value in event.items() if key not in ("job", "item")}
    observation = watch.observe(
        running.name,
        trace_id=running.trace_id,
        user_id=job.owner_id,
        input_=extra | {"inputs": job.inputs, "options": job.options},
        metadata=client_metadata(job),
    )
    outcome = "failed"
    try:
        with failures_logged(), observation as observed, transient_by_name():
            running.report()
            try:
                answer = {"outcome": "ok"} | function(event, running)
            except MediaRejected as rejection:
                answer = _naming_the_file(rejected(rejection), running, event.get("role"))
            if answer["outcome"] == "rejected":
                answer["step"] = running.name
            outcome = str(answer["outcome"])
            observed.output(answer, level="WARNING" if outcome == "rejected" else "DEFAULT")
            running.report(outcome=outcome)
            return answer
    except JobCanceled:
        outcome = "canceled"
        raise
    except TransientError:
        outcome = "transient"
        raise
    except Exception as error:
        watch.capture(error)
        raise
    finally:
        elapsed_ms = (time.monotonic() - started) * 1000
        watch.measure("StepDuration", elapsed_ms, unit="Milliseconds", step=running.name)
        watch.measure("StepEnded", 1, step=running.name, outcome=outcome)


def _naming_the_file(answer: dict[str, Any], running: Step, role: Any) -> dict[str, Any]:
    """Where the step looks at one of several files (``role``): which one it was."""
    if not isinstance(role, str) or not isinstance(running.job.inputs.get(role), str):
        return answer
    asset = running.asset(role)
    which = {"role": role, "asset_id": asset.asset_id, "file_name": asset.file_name}
    return answer | {"message": f"{asset.file_name}: {answer['message']}", "detail": answer.get("detail", {}) | which}


def rejected(rejection: MediaRejected) -> dict[str, Any]:
    """A step's answer for a rejection, which is data, not a failure."""
    answer = {"outcome": "rejected", "code": rejection.code, "message": rejection.message}
    return answer | ({"detail": rejection.detail} if rejection.detail else {})


@contextmanager
def failures_logged() -> Iterator[None]:
    """What comes out is a line with the ids of what failed; the runtime's own line has none."""
    try:
        yield
    except JobCanceled:
        raise
    except TransientError as error:
        log.warning("it is tried again: %s", error.message)
        raise
    except Exception:
        log.exception("the function failed")
        raise


@contextmanager
def transient_by_name() -> Iterator[None]:
    """AWS's and the database's passing troubles as ``TransientError``: state machines retry by that name."""
    try:
        yield
    except (TransientError, JobCanceled):
        raise
    except DependencyUnavailable as error:
        raise TransientError(error.message, detail=error.detail) from error
    except Exception as error:
        transient = as_transient(error) or _database_is_away(error)
        if transient is None:
            raise
        raise transient from error


def _database_is_away(error: Exception) -> TransientError | None:
    """By name, because most steps have no database and need not import SQLAlchemy."""
    kind = type(error)
    away = kind.__module__.startswith("sqlalchemy.") and kind.__name__ in ("OperationalError", "InterfaceError")
    return TransientError("The catalog did not answer.") if away else None


@contextmanager
def _flushed(watch: Telemetry) -> Iterator[None]:
    try:
        yield
    finally:
        watch.flush()


@cache
def settings() -> StepSettings:
    return StepSettings()


def _telemetry() -> Telemetry:
    return telemetry(settings())


def _step(name: str, job: WorkflowInput, watch: Telemetry, scratch: Path, progress: int) -> Step:
    known = settings()
    return Step(
        name,
        job,
        objects=ObjectStore(known.bucket, public_endpoint_url=known.public_endpoint_url),
        jobs=DynamoJobs(known.table, feed=JobFeed(known.table, known.stage)),
        assets=DynamoAssets(known.table),
        telemetry=watch,
        scratch=scratch,
        progress=progress,
    )
