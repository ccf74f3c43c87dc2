"""The ports of the job mechanism. ``soundstage.platform`` implements them on AWS, the tests in memory.

Every write is conditional or idempotent, because each step may run twice, out of order, or die half-way.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from soundstage.models.assets import Asset
from soundstage.models.events import ExecutionStatusChange
from soundstage.models.ids import Id
from soundstage.models.jobs import Dependency, Job, JobChange, JobError, JobKind, JobStatus, WorkflowInput


class JobStore(Protocol):
    """Job records, dependency edges and natural keys.

    Whatever changes a record hands the change to the :class:`ChangeFeed` afterwards. When that fails, or the process
    dies in between, the change stays in the record's ``unsent`` and goes with the next one, or the rescuer sends it.
    """

    def create(self, job: Job) -> Job:
        """Write an edge per dependency, and then the record and the claim on its natural key in one transaction.

        So whoever finds the record finds all of its edges. An edge without a record, which a crash in between or a
        lost natural key leaves, does no harm: there is nothing to release.

        Returns the job that is there afterwards: this one, or the one that holds the natural key while it is
        blocked, queued or running. Creating the same ``job_id`` again returns what is stored.
        """

    def get(self, job_id: Id) -> Job | None:
        """A strongly consistent read."""

    def get_many(self, job_ids: Iterable[Id]) -> Mapping[Id, Job]:
        """Strongly consistent reads; an id without a record is left out."""

    def list(self, owner_id: Id, *, limit: int, cursor: str | None = None) -> tuple[Sequence[Job], str | None]:
        """Newest first; the cursor is opaque."""

    def holder(self, natural_key: str) -> Id | None:
        """The job that is under way for this natural key."""

    def dependants(self, dependency: Dependency) -> Iterable[Id]:
        """Ids of the jobs that wait for this asset or job (strongly consistent). There may be no such job (yet)."""

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

    def restart(self, job_id: Id, *, attempt: int) -> Job:
        """queued | running at ``attempt``, its execution dead → blocked at ``attempt + 1``. Raises Conflict."""

    def record_step(self, job_id: Id, *, attempt: int, step: str, progress: int, outcome: str | None = None) -> Job:
        """Record the step that runs now. Progress never goes back within an attempt; ``outcome`` closes the step.

        Raises:
            JobCanceled: the job is canceled, or another attempt has begun: stop.
            NotFound: there is no such job.
        """

    def beat(self, job_id: Id, *, attempt: int) -> None:
        """Record that a worker is alive on this attempt. The job's record, revision and index entries stay as they are.

        Raises as :meth:`record_step` does.
        """

    def publish(self, job_id: Id) -> None:
        """Hand the changes that are still ``unsent`` to the feed. Raises what the feed raises."""

    def end_notified(self, job_id: Id, *, attempt: int) -> None:
        """Record that all who wait for the end of this attempt know of it.

        Hands unsent changes to the feed first. Does nothing when the feed does not take them, or when another attempt
        has begun.
        """

    def stale(self, *, before: datetime, limit: int) -> Sequence[Job]:
        """For the rescuer, stalest first: jobs that have not changed since ``before`` and are blocked, queued or
        running without a beat since then, or have ended without everyone being told."""


class ChangeFeed(Protocol):
    """Delivers the changes of jobs to the queue of every listener."""

    def send(self, changes: Sequence[JobChange]) -> None:
        """Raises ``TransientError`` when not all were taken; some may have been."""


class ChangeListener(Protocol):
    """Hears, behind a queue of its own, of every change of every job that a person can see: push, webhooks, metrics.

    Each change comes at least once, possibly late, again, or after a newer one: who cares for the order goes by
    ``revision``, who must not act twice remembers ``(job_id, revision)``. An error brings the change again, to this
    listener alone.
    """

    def job_changed(self, change: JobChange) -> None: ...


class AssetStore(Protocol):
    def create(self, asset: Asset) -> Asset: ...

    def get(self, asset_id: Id) -> Asset | None:
        """A strongly consistent read."""

    def get_many(self, asset_ids: Iterable[Id]) -> Mapping[Id, Asset]:
        """Strongly consistent reads; an id without a record is left out."""

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

    def stale(self, *, before: datetime, limit: int) -> Sequence[tuple[Asset, int]]:
        """For the rescuer: assets in ``checking`` whose claim ran out before this, and how often they were claimed."""

    def interrupted(self, asset_id: Id) -> Asset:
        """Whoever has claimed it is dead: others may claim it at once."""

    def give_up(self, asset_id: Id, *, error: JobError) -> Asset:
        """checking, its claim run out → rejected. Raises Conflict."""

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


class EndListener(Protocol):
    """Called by whoever ends a job, before the end counts as passed on: it marks what the job made.

    Unlike a :class:`ChangeListener` it belongs to the end itself: whoever sees a job at its end finds this done. Must
    be idempotent, and may be told late: news with a smaller ``job.attempt`` than heard before is to be ignored.
    """

    def job_ended(self, job: Job) -> Iterable[Id]:
        """Returns the jobs that nobody wants any more now: they are canceled."""


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
    """SHA-256 that is equal for equal requests of one person: two such jobs are not under way at once."""
    request = json.dumps([owner_id, kind, inputs, options], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(request.encode()).hexdigest()
