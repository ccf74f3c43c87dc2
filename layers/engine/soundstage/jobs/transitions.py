"""How a job record may change: pure functions from the record as stored to the record as it shall be.

Every store applies these to what it holds and writes the outcome only if nobody wrote in between (``revision``), so
the rules exist once, whatever the database.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from soundstage.models.errors import Conflict, JobCanceled
from soundstage.models.jobs import Job, JobError, JobStatus, StepRecord

HISTORY = 200
"""Records of the newest steps that are kept: a job may be tried again without end, and a table's item holds 400 KB."""

_OUTCOMES = {JobStatus.SUCCEEDED: "ok", JobStatus.FAILED: "failed", JobStatus.CANCELED: "canceled"}


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
        changes["told"] = False
        changes["history"] = [_closed(record, attempt, now, _OUTCOMES[to]) for record in job.history]
    if to is JobStatus.SUCCEEDED:
        changes |= {"result": result, "progress": 100}
    return _changed(job, now, changes)


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
        "told": True,
    }
    return _changed(job, now, changes)


def step_recorded(
    job: Job, *, attempt: int, step: str, progress: int, now: datetime, outcome: str | None = None
) -> Job:
    """One history record per step and attempt: begun again it is open again, as when a step is retried.

    Two workers make variants A and B under one step, so the record is closed by whoever ends last.
    """
    if job.attempt != attempt or job.status.terminal:
        raise JobCanceled("This job was canceled.", detail={"status": job.status, "attempt": job.attempt})
    history = list(job.history)
    at = next((i for i, record in enumerate(history) if (record.step, record.attempt) == (step, attempt)), None)
    if at is None:
        history.append(StepRecord(step=step, attempt=attempt, started_at=now))
        at = len(history) - 1
    ended_at = now if outcome is not None else None
    history[at] = history[at].model_copy(update={"ended_at": ended_at, "outcome": outcome})
    changes = {"step": step, "progress": max(job.progress, min(progress, 100)), "history": history[-HISTORY:]}
    return _changed(job, now, changes)


def end_told(job: Job, *, attempt: int, now: datetime) -> Job:
    """Everyone who must know of this attempt's end does. Raises ``Conflict`` when another attempt has begun."""
    if job.attempt != attempt or not job.status.terminal:
        raise lost(job)
    return _changed(job, now, {"told": True})


def needs_care(job: Job) -> bool:
    """Whether the rescuer has to look at it: it is under way, or its end has not been passed on."""
    return not job.status.terminal or not job.told


def lost(job: Job) -> Conflict:
    """What the loser of a conditional write is told: who won."""
    return Conflict(
        f"The job is {job.status} at attempt {job.attempt}.", detail={"status": job.status, "attempt": job.attempt}
    )


def _closed(record: StepRecord, attempt: int, now: datetime, outcome: str) -> StepRecord:
    if record.attempt != attempt or record.ended_at is not None:
        return record
    return record.model_copy(update={"ended_at": now, "outcome": outcome})


def _changed(job: Job, now: datetime, changes: dict[str, Any]) -> Job:
    return job.model_copy(update=changes | {"revision": job.revision + 1, "updated_at": now})
