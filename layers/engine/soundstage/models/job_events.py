"""Events as people and their programs get them: the same over server-sent events, WebSocket and webhooks.

An event is a change of a job that a person can see (``models.jobs.JobChange``), never a sign of life.
"""

from datetime import datetime
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, Field

from soundstage.models.ids import Id
from soundstage.models.jobs import JobChange, JobError, JobKind, JobStatus


class EventType(StrEnum):
    """``job.`` and a ``JobEvent``."""

    JOB_CREATED = "job.created"
    JOB_QUEUED = "job.queued"
    JOB_RUNNING = "job.running"
    JOB_PROGRESSED = "job.progressed"
    JOB_SUCCEEDED = "job.succeeded"
    JOB_FAILED = "job.failed"
    JOB_CANCELED = "job.canceled"
    JOB_RETRIED = "job.retried"


class JobState(BaseModel):
    """How the job stood right after it. ``GET /v1/jobs/{job_id}`` has the rest: inputs, options, history, result."""

    job_id: Id
    kind: JobKind
    subject_id: Id | None = Field(description="What the job makes: a track, a match, a film, …")
    status: JobStatus
    step: str | None
    progress: int
    attempt: int
    error: JobError | None
    revision: int = Field(description="Counts the job's changes: of two events of a job the greater one is newer.")
    created_at: datetime
    updated_at: datetime


class Event(BaseModel):
    event_id: str = Field(description="Names the event wherever it is told: `{job_id}-{revision}`.")
    type: EventType
    occurred_at: datetime
    job: JobState

    @classmethod
    def of(cls, change: JobChange) -> Self:
        return cls(
            event_id=f"{change.job_id}-{change.revision}",
            type=EventType(f"job.{change.event.value}"),
            occurred_at=change.updated_at,
            job=JobState(**{name: getattr(change, name) for name in JobState.model_fields}),
        )
