"""Jobs: one record for every kind of work, and the messages that workers take from queues."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from soundstage.models.ids import Id

# The kinds that there are: ``soundstage.products.PRODUCTS``. Executions are named ``{kind}-{job_id}-{attempt}``, and
# Step Functions takes 80 characters.
JobKind = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,30}$")]


class JobStatus(StrEnum):
    BLOCKED = "blocked"
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def terminal(self) -> bool:
        return self in (JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELED)


class JobEvent(StrEnum):
    """What a change of a job was. One that ends in a status has that status's name."""

    CREATED = "created"
    QUEUED = "queued"
    RUNNING = "running"
    PROGRESSED = "progressed"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    RETRIED = "retried"


class JobError(BaseModel):
    code: str
    message: str
    step: str | None = None
    detail: dict[str, Any] | None = None


class StepRecord(BaseModel):
    """One step as it ran: the history of a job is a list of these."""

    step: str
    attempt: int
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = Field(default=None, description="ok, rejected, failed or canceled")


class Dependency(BaseModel):
    """What a job waits for: ``kind`` is ``asset`` or ``job``."""

    model_config = ConfigDict(frozen=True)

    kind: str = Field(pattern="^(asset|job)$")
    id: Id


class JobChange(BaseModel):
    """A change of a job that a person can see, and how the job stood right after it.

    ``(job_id, revision)`` names the change; of two changes of a job the one with the greater revision is newer. What
    may be large (inputs, options, result, history) is in the job's record only.
    """

    model_config = ConfigDict(frozen=True)

    event: JobEvent
    job_id: Id
    owner_id: Id
    kind: JobKind
    subject_id: Id | None = None
    status: JobStatus
    step: str | None = None
    progress: int
    attempt: int
    error: JobError | None = None
    revision: int
    created_at: datetime
    updated_at: datetime


class Job(BaseModel):
    job_id: Id
    owner_id: Id
    kind: JobKind
    status: JobStatus
    step: str | None = None
    progress: int = Field(default=0, ge=0, le=100)
    attempt: int = Field(default=1, ge=1)
    error: JobError | None = None
    depends_on: list[Dependency] = []
    subject_id: Id | None = Field(default=None, description="The track or match this job makes, or the track it films.")
    inputs: dict[str, Any] = Field(default={}, description="Ids of assets by role, e.g. {'hum': asset_id}.")
    options: dict[str, Any] = {}
    result: dict[str, Any] | None = None
    natural_key: str | None = Field(default=None, description="SHA-256 over owner, kind, inputs, options.")
    execution_arn: str | None = None
    history: list[StepRecord] = []
    end_notified: bool = Field(default=True, description="Whether all who wait for the end know of it.")
    unsent: list[JobChange] = Field(default=[], description="Changes that the feed does not have yet, oldest first.")
    revision: int = Field(default=1, description="Counts every change that a person can see; the ETag.")
    version: int = Field(default=1, description="Counts every write of the record, for conditional writes.")
    created_at: datetime
    updated_at: datetime


class WorkflowInput(BaseModel):
    """The input of every job's state machine. State passes between steps as keys and small facts, never as payloads."""

    job_id: Id
    kind: JobKind | None = Field(default=None, description="None: the execution began before inputs said it.")
    attempt: int
    owner_id: Id
    subject_id: Id | None = None
    inputs: dict[str, Any]
    options: dict[str, Any]


class TaskMessage(BaseModel):
    """A worker task as it lies in a queue. ``task_token`` is Step Functions'."""

    task: str = Field(description="The task's name, e.g. music_generate.")
    task_token: str
    job_id: Id
    attempt: int
    owner_id: Id
    arguments: dict[str, Any]
    timeout_s: int = Field(gt=0)
    item: int | None = Field(default=None, description="Which of a Map's items it works on, from 0; for its log lines.")
    step: str | None = Field(default=None, description="What the job is at meanwhile; else the task's name.")
    progress: tuple[int, int] = Field(default=(0, 99), description="The job's progress when it begins and ends.")

    @property
    def step_name(self) -> str:
        return self.step or self.task
