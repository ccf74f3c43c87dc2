"""What the job mechanism needs from the world. ``soundstage.platform`` implements these on AWS, tests in memory.

Every write is conditional or idempotent, because each step may run twice, out of order, or die half-way.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from soundstage.models.assets import Asset
from soundstage.models.events import ExecutionStatusChange
from soundstage.models.ids import Id
from soundstage.models.jobs import Dependency, Job, JobError, JobKind, JobStatus, WorkflowInput


class JobStore(Protocol):
    """Job records, dependency edges and natural keys."""

    def create(self, job: Job) -> Job:
        """Write the record, one edge per dependency and the claim on its natural key in one transaction.

        Returns the job that is there afterwards: this one, or the one that holds the natural key while it is
        blocked, queued or running. Creating the same ``job_id`` again returns what is stored.
        """

    def get(self, job_id: Id) -> Job | None:
        """A strongly consistent read."""

    def list(self, owner_id: Id, *, limit: int, cursor: str | None = None) -> tuple[Sequence[Job], str | None]:
        """Newest first; the cursor is opaque."""

    def dependants(self, dependency: Dependency) -> Iterable[Id]:
        """Ids of the jobs that wait for this asset or job (strongly consistent)."""

    def transition(
        self,
        job_id: Id,
        *,
        attempt: int,
        from_: Sequence[JobStatus],
        to: JobStatus,
        execution_arn: str | None = None,
        error: JobError | None = None,
        result: dict[str, Any] | None = None,
    ) -> Job:
        """Move the job if it is in one of ``from_`` and at ``attempt``. Terminal states release the natural key.

        Raises:
            Conflict: the condition does not hold; ``detail`` has the ``status`` and ``attempt`` that won.
            NotFound: there is no such job.
        """

    def next_attempt(self, job_id: Id, *, attempt: int) -> Job:
        """failed | canceled at ``attempt`` → blocked at ``attempt + 1``, progress 0, error cleared. Raises Conflict."""

    def record_step(self, job_id: Id, *, attempt: int, step: str, progress: int, outcome: str | None = None) -> Job:
        """Say what runs now. Progress never goes back within an attempt. ``outcome`` ends the step in the history.

        Raises:
            JobCanceled: the job is canceled, or another attempt has begun: stop.
        """

    def end_told(self, job_id: Id, *, attempt: int) -> None:
        """All who wait for the end of this attempt know of it. Nothing happens when another attempt has begun."""

    def stale(self, *, before: datetime, limit: int) -> Sequence[Job]:
        """For the rescuer, stalest first: jobs that have not changed since ``before`` and are blocked, queued or
        running, or have ended without everyone being told."""


class AssetStore(Protocol):
    def create(self, asset: Asset) -> Asset: ...

    def get(self, asset_id: Id) -> Asset | None:
        """A strongly consistent read."""

    def list(self, owner_id: Id, *, limit: int, cursor: str | None = None) -> tuple[Sequence[Asset], str | None]: ...

    def claim(self, asset_id: Id, *, claimant: str, sequencer: str, lease_s: int) -> Asset:
        """awaiting_upload → checking, for the ingest execution ``claimant``.

        The same claimant may claim again; another one only when its event is newer by ``sequencer`` or the lease
        has run out.

        Raises:
            Conflict: someone else has it, or it is ready, rejected or deleted already (``detail.status``).
            NotFound: no such asset.
        """

    def accept(self, asset: Asset, *, claimant: str) -> Asset:
        """checking → ready with probe, sha256, version. Idempotent for the same claimant. Raises Conflict."""

    def reject(self, asset_id: Id, *, claimant: str, error: JobError) -> Asset:
        """checking → rejected. Idempotent for the same claimant. Raises Conflict."""

    def delete(self, asset_id: Id) -> Asset:
        """Any → deleted (soft)."""

    def set_upload_id(self, asset_id: Id, upload_id: str | None) -> None: ...

    def used_bytes(self, owner_id: Id) -> int:
        """Bytes of an owner's assets that are not deleted or rejected: for the quota."""


class Workflows(Protocol):
    """Step Functions. Executions are named by job and attempt, so starting twice is starting once."""

    def start(self, kind: JobKind, name: str, input_: WorkflowInput) -> str:
        """Start, or find the execution of this name; returns its ARN either way.

        Raises:
            InvalidInput: it can never start (an input that is too large, no state machine for this kind).
            TransientError: it may start later.
        """

    def stop(self, kind: JobKind, name: str, *, cause: str) -> None:
        """Stop if it runs; a missing or ended execution is fine."""

    def find(self, kind: JobKind, name: str) -> ExecutionStatusChange | None:
        """How the execution of this name stands, or None when there is none (any more)."""

    def task_succeeded(self, task_token: str, output: dict[str, Any]) -> bool:
        """False when the token is no longer waited for."""

    def task_failed(self, task_token: str, *, code: str, message: str) -> bool: ...

    def task_heartbeat(self, task_token: str) -> bool: ...


class Listener(Protocol):
    """Told about jobs that ended (to mark a track ready or failed, push, call back).

    Must be idempotent, and may be told late: news with a smaller ``job.attempt`` than heard before is to be ignored.
    """

    def job_ended(self, job: Job) -> None: ...


class ExecutionName(NamedTuple):
    kind: JobKind
    job_id: Id
    attempt: int


def parse_execution_name(name: str) -> ExecutionName | None:
    """The inverse of :func:`execution_name`; None for executions that are no job's, such as ``ingest``."""
    found = re.fullmatch(r"([a-z_]+)-([0-9a-f]{32})-([1-9][0-9]*)", name)
    return ExecutionName(found[1], found[2], int(found[3])) if found else None


def execution_name(job: Job) -> str:
    """``{kind}-{job_id}-{attempt}``: at most 80 characters, as Step Functions wants."""
    return f"{job.kind}-{job.job_id}-{job.attempt}"


def natural_key(owner_id: Id, kind: JobKind, inputs: dict[str, Any], options: dict[str, Any]) -> str:
    """The same request of the same person, whenever it is made (J2)."""
    said = json.dumps([owner_id, kind, inputs, options], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
