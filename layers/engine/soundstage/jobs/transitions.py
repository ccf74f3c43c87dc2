"""State transitions of job records: pure functions from the record as stored to the record to be written.

Every store applies these to what it holds and writes the outcome only if nobody wrote in between (``version``), so the
rules exist once, whatever the database. A function that has nothing to change returns the record that it was given.

What a person can see of a job (status, step, progress, history, error, result, attempt) changes together with
``revision`` and ``updated_at``, and leaves a ``JobChange`` among the record's ``unsent``: change and message are one
write, so neither exists without the other. Everything else about the record counts as ``version`` only.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from soundstage.models.errors import Conflict, JobCanceled
from soundstage.models.jobs import Job, JobChange, JobError, JobEvent, JobStatus, StepRecord

HISTORY = 200
"""Records of the newest steps that are kept: a job may be tried again without end, and a table's item holds 400 KB."""

UNSENT = 100
"""Changes that wait for the feed, of about 450 bytes each. When the feed is away for longer than that, the oldest
progress is left out: each change says how the job stands, so a later one replaces it."""

_OUTCOMES = {JobStatus.SUCCEEDED: "ok", JobStatus.FAILED: "failed", JobStatus.CANCELED: "canceled"}


def created(job: Job) -> Job:
    """The record as it is first written."""
    return job.model_copy(update={"unsent": [_change(job, JobEvent.CREATED)]})


def moved(
    job: Job,
    *,
    attempt: int,
    from_: Sequence[JobStatus],
    to: JobStatus,
    now: datetime,
    execution_arn: str | None = None,
    error: JobError | None = None,
    result: dict[str, Any] | None = None,
) -> Job:
    """The job in its next status; at its end open steps are closed. Raises ``Conflict`` saying what it is instead."""
    if job.attempt != attempt or job.status not in from_:
        raise lost(job)
    changes: dict[str, Any] = {"status": to, "error": error}
    if execution_arn is not None:
        changes["execution_arn"] = execution_arn
    if to.terminal:
        changes["end_notified"] = False
        changes["history"] = [_closed(record, attempt, now, _OUTCOMES[to]) for record in job.history]
    if to is JobStatus.SUCCEEDED:
        changes |= {"result": result, "progress": 100}
    return _changed(job, JobEvent(to), now, changes)


def next_attempt(job: Job, *, attempt: int, now: datetime) -> Job:
    """failed | canceled at ``attempt`` → blocked at the next one. Raises ``Conflict``."""
    if job.attempt != attempt or job.status not in (JobStatus.FAILED, JobStatus.CANCELED):
        raise lost(job)
    changes = {
        "status": JobStatus.BLOCKED,
        "attempt": attempt + 1,
        "progress": 0,
        "step": None,
        "error": None,
        "execution_arn": None,
        "end_notified": True,
    }
    return _changed(job, JobEvent.RETRIED, now, changes)


def restarted(job: Job, *, attempt: int, now: datetime) -> Job:
    """queued | running at ``attempt`` → blocked at the next one: what ran it went away. Raises ``Conflict``."""
    if job.attempt != attempt or job.status not in (JobStatus.QUEUED, JobStatus.RUNNING):
        raise lost(job)
    changes = {
        "status": JobStatus.BLOCKED,
        "attempt": attempt + 1,
        "progress": 0,
        "step": None,
        "execution_arn": None,
        "history": [_closed(record, attempt, now, "interrupted") for record in job.history],
    }
    return _changed(job, JobEvent.RETRIED, now, changes)


def step_recorded(
    job: Job, *, attempt: int, step: str, progress: int, now: datetime, outcome: str | None = None
) -> Job:
    """One history record per step and attempt: begun again it is open again, as when a step is retried.

    Two workers make variants A and B under one step, so the record is closed by whoever ends last. Raises
    ``JobCanceled`` as :func:`still_wanted` does.
    """
    still_wanted(job.status, job.attempt, attempt=attempt)
    history = list(job.history)
    at = next((i for i, record in enumerate(history) if (record.step, record.attempt) == (step, attempt)), None)
    if at is None:
        history.append(StepRecord(step=step, attempt=attempt, started_at=now))
        at = len(history) - 1
    ended_at = now if outcome is not None else None
    history[at] = history[at].model_copy(update={"ended_at": ended_at, "outcome": outcome})
    changes = {"step": step, "progress": max(job.progress, min(progress, 100)), "history": history[-HISTORY:]}
    if all(getattr(job, name) == value for name, value in changes.items()):
        return job
    return _changed(job, JobEvent.PROGRESSED, now, changes)


def still_wanted(status: JobStatus, at_attempt: int, *, attempt: int) -> None:
    """Raises ``JobCanceled`` when the job has ended or another attempt than ``attempt`` has begun: stop."""
    if at_attempt != attempt or status.terminal:
        raise JobCanceled("This job was canceled.", detail={"status": status, "attempt": at_attempt})


def sent(job: Job, *, up_to: int) -> Job:
    """The feed has the changes up to this revision."""
    left = [change for change in job.unsent if change.revision > up_to]
    return job if len(left) == len(job.unsent) else _written(job, {"unsent": left})


def end_notified(job: Job, *, attempt: int) -> Job:
    """Everyone who must know of this attempt's end does.

    Raises:
        Conflict: another attempt has begun, or the feed does not have all changes yet.
    """
    if job.attempt != attempt or not job.status.terminal or job.unsent:
        raise lost(job)
    return job if job.end_notified else _written(job, {"end_notified": True})


def needs_care(job: Job) -> bool:
    """Whether the rescuer has to look at it: it is under way, or its end has not been passed on."""
    return not job.status.terminal or not job.end_notified


def lost(job: Job) -> Conflict:
    """The error of a change that came too late; its detail has the status and attempt that there are instead."""
    return Conflict(
        f"The job is {job.status} at attempt {job.attempt}.", detail={"status": job.status, "attempt": job.attempt}
    )


def _closed(record: StepRecord, attempt: int, now: datetime, outcome: str) -> StepRecord:
    if record.attempt != attempt or record.ended_at is not None:
        return record
    return record.model_copy(update={"ended_at": now, "outcome": outcome})


def _changed(job: Job, event: JobEvent, now: datetime, changes: dict[str, Any]) -> Job:
    """The record after a change that a person can see."""
    new = _written(job, changes | {"revision": job.revision + 1, "updated_at": now})
    unsent = [*job.unsent, _change(new, event)]
    if len(unsent) > UNSENT:
        del unsent[next((i for i, change in enumerate(unsent) if change.event is JobEvent.PROGRESSED), 0)]
    return new.model_copy(update={"unsent": unsent})


def _written(job: Job, changes: dict[str, Any]) -> Job:
    return job.model_copy(update=changes | {"version": job.version + 1})


def _change(job: Job, event: JobEvent) -> JobChange:
    of_job = {name: getattr(job, name) for name in JobChange.model_fields if name != "event"}
    return JobChange(event=event, **of_job)
