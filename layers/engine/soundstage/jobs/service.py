"""Creating, releasing, ending and rescuing jobs. A job is released when everything it depends on is ready.

An object event, a finished job, an API call and the rescuer all end in :meth:`Jobs.release`. Everything in here may run
twice, late, at the same time or stop half-way, because

- a status changes by a conditional write only, and the loser reads what it is now and goes on from there;
- an execution is named by job and attempt, so starting it again finds it;
- whoever writes *ready* looks for dependants afterwards, and whoever writes a dependant looks for *ready* afterwards:
  whichever comes last sees the other (edges and records are read consistently);
- the end of a job stays marked until all who wait for it were notified, and the rescuer notifies them again.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from soundstage.jobs.dependencies import (
    MAX_DEPENDENCIES,
    WAITING,
    Verdict,
    dependency_failed,
    undecided_assets,
    verdict,
)
from soundstage.jobs.endings import Ending, ending
from soundstage.jobs.ports import AssetStore, EndListener, JobStore, Workflows, execution_name, parse_execution_name
from soundstage.models.assets import Asset
from soundstage.models.errors import Conflict, InvalidInput, NotFound
from soundstage.models.events import ExecutionStatusChange
from soundstage.models.ids import Id
from soundstage.models.jobs import Dependency, Job, JobError, JobStatus, WorkflowInput

log = logging.getLogger(__name__)

T = TypeVar("T")

Prepare = Callable[[Job], object]
"""What has to be there before a job starts, for example its row in the catalog."""

ACTIVE = (JobStatus.BLOCKED, JobStatus.QUEUED, JobStatus.RUNNING)

Ingest = Callable[[Asset], bool]
"""Takes an upload in again that has arrived: whoever was to look at it may have died for good. False: there is none."""

INTERRUPTED = "States.ServiceRestart"
"""How the embedded cloud ends executions that were running when it went away."""
MAX_ATTEMPTS = 25
"""So often is begun by itself. What a job does to a function or a worker ends it sooner, by their own retries; that the
cloud went away says nothing of the job, so this only ends what would go on for ever.
"""
MAX_CLAIMS = 3
"""Likewise of an upload that is looked at."""

# A presigned URL lives seven days at most (S3's limit): what has not come by then will not come.
NEVER_AFTER = timedelta(days=8)


def _nothing(_job: Job) -> None:
    """For jobs that need no preparation."""


class Jobs:
    """Creates, releases, settles, cancels, retries and rescues jobs."""

    def __init__(self, jobs: JobStore, assets: AssetStore, workflows: Workflows, listener: EndListener) -> None:
        self._jobs = jobs
        self._assets = assets
        self._workflows = workflows
        self._listener = listener

    def create(self, job: Job, *, prepare: Prepare = _nothing) -> Job:
        """Write a blocked job, prepare for it, and release it. Returns it, or the one under way for its natural key.

        Raises what ``prepare`` raises; the job is not released then, except by the rescuer.

        Raises:
            InvalidInput: it depends on too much.
        """
        if len(job.depends_on) > MAX_DEPENDENCIES:
            raise InvalidInput(f"A job can wait for {MAX_DEPENDENCIES} things at most.")
        made = self._jobs.create(job)
        log.info("a job is wanted", extra={"job_id": made.job_id, "kind": made.kind, "new": made.job_id == job.job_id})
        return self._prepared(made, prepare)

    def release(self, job_id: Id, *, news_of: Dependency | None = None) -> Job | None:
        """Bring the job as far as it can go now. Returns it, or None when there is none (yet).

        ``news_of``: the dependency that was just decided, where that is the reason.
        """
        job = self._jobs.get(job_id)
        while job is not None:
            if job.status is JobStatus.BLOCKED:
                found = verdict(job, self._jobs, self._assets, news_of=news_of)
                if found == WAITING:
                    return job
                job = self._unblock(job, found)
            elif job.status is JobStatus.QUEUED:
                job = self._start(job)
            elif job.status.terminal and not job.end_notified:
                return self._notify(job)
            else:
                return job
        return None

    def release_dependants(self, dependency: Dependency) -> None:
        """After an asset was accepted, rejected or deleted, or a job ended. Idempotent."""
        _each(self._jobs.dependants(dependency), partial(self.release, news_of=dependency))

    def settle(self, change: ExecutionStatusChange) -> Job | None:
        """Apply an execution's status to its job. Late, early and repeated ones are fine; others are ignored."""
        named = parse_execution_name(change.name)
        job = self._jobs.get(named.job_id) if named else None
        if named is None or job is None:
            log.info("this execution is no job's", extra={"execution": change.name})
            return None
        if change.status == "RUNNING":
            return self._confirm(job, named.attempt, change.execution_arn)
        end = ending(job, change)
        if end is None or job.attempt != named.attempt:
            return job
        if change.error == INTERRUPTED:
            return self._restart(job)
        return self._end(job, (JobStatus.QUEUED, JobStatus.RUNNING), end)

    def cancel(self, job_id: Id) -> Job:
        """Mark the job as canceled, then stop its execution. Idempotent.

        Raises:
            NotFound: no such job.
            Conflict: it has succeeded or failed already.
        """
        job = self._existing(job_id)
        error = JobError(code="CANCELED", message="The job was canceled.", step=job.step)
        while not job.status.terminal:
            self._end(job, ACTIVE, Ending(JobStatus.CANCELED, error=error))
            job = self._existing(job_id)
        if job.status is not JobStatus.CANCELED:
            raise Conflict(f"The job has {job.status} already.", detail={"status": job.status})
        return job if job.end_notified else self._notify(job)

    def retry(self, job_id: Id, *, prepare: Prepare = _nothing) -> Job:
        """The next attempt of a failed or canceled job; what it depends on is judged anew. ``prepare`` as in create.

        Raises:
            NotFound: no such job.
            Conflict: it is under way, has succeeded, or another job for its natural key is under way.
        """
        job = self._existing(job_id)
        return self._prepared(self._jobs.next_attempt(job_id, attempt=job.attempt), prepare)

    def rescue(
        self, *, now: datetime, stale_after: timedelta, ingest: Ingest, restarted: bool = False, limit: int = 10_000
    ) -> int:
        """Look after jobs and uploads without news: lost between two effects, or ended unnoticed. Returns how many.

        ``restarted``: all that ran is known to be dead, claims on uploads as well.
        """
        longest = now + timedelta(days=1) if restarted else now
        unchecked = self._assets.stale(before=longest, limit=limit)
        stale = self._jobs.stale(before=now - stale_after, limit=limit)
        # Most of those that are blocked just wait for an upload: they come last, should the time run out.
        by_need = sorted(stale, key=lambda job: job.status is JobStatus.BLOCKED)
        sending = [partial(self._jobs.publish, job.job_id) for job in by_need if job.unsent]
        looking = [partial(self._rescue, job, now, ingest) for job in by_need]
        checking = [partial(self._rescue_asset, asset, claims, ingest) for asset, claims in unchecked]
        _each([*sending, *checking, *looking], lambda do: do())
        return len(stale) + len(unchecked)

    def look_after(self, job_id: Id, *, now: datetime, ingest: Ingest) -> Job:
        """What :meth:`rescue` does, for one job and at once. Raises NotFound."""
        job = self._existing(job_id)
        if job.unsent:
            self._jobs.publish(job_id)
        self._rescue(job, now, ingest)
        return self._existing(job_id)

    def _rescue_asset(self, asset: Asset, claims: int, ingest: Ingest) -> None:
        """Whoever looked at it has died: it is taken in again, and rejected when that does not help."""
        self._assets.interrupted(asset.asset_id)
        if claims < MAX_CLAIMS and ingest(asset):
            return
        error = JobError(code="PROBE_FAILED", message="The file could not be looked at. Please send it again.")
        with suppress(Conflict):  # somebody has just claimed it
            self._assets.give_up(asset.asset_id, error=error)
        self.release_dependants(Dependency(kind="asset", id=asset.asset_id))

    def _restart(self, job: Job) -> Job | None:
        """The next attempt, by itself: nothing is wrong with the job, what ran it went away."""
        if job.attempt >= MAX_ATTEMPTS:
            message = f"What ran the job went away {MAX_ATTEMPTS} times."
            lost = JobError(code="EXECUTION_LOST", message=message, step=job.step)
            return self._end(job, (JobStatus.QUEUED, JobStatus.RUNNING), Ending(JobStatus.FAILED, error=lost))
        try:
            self._jobs.restart(job.job_id, attempt=job.attempt)
        except Conflict:
            log.info("the job is further already", extra={"job_id": job.job_id})
        return self.release(job.job_id)

    def _rescue(self, job: Job, now: datetime, ingest: Ingest) -> None:
        if job.status is JobStatus.RUNNING:
            found = self._workflows.find(job.kind, execution_name(job))
            if found is None:
                self._restart(job)
            else:
                self.settle(found)
            return
        left = self.release(job.job_id)
        if left is None or left.status is not JobStatus.BLOCKED:
            return
        _each(undecided_assets(left, self._assets), ingest)
        if now - left.updated_at > NEVER_AFTER:
            never = dependency_failed("What the job waits for never came.")
            self._end(left, (JobStatus.BLOCKED,), Ending(JobStatus.FAILED, error=never))

    def _prepared(self, job: Job, prepare: Prepare) -> Job:
        prepare(job)
        return self.release(job.job_id) or job

    def _unblock(self, job: Job, found: Verdict) -> Job | None:
        if found.cause is not None:
            return self._end(job, (JobStatus.BLOCKED,), Ending(JobStatus.FAILED, error=found.cause))
        return self._move(job, JobStatus.BLOCKED, JobStatus.QUEUED)

    def _start(self, job: Job) -> Job | None:
        try:
            name = execution_name(job)
            arn = self._workflows.start(job.kind, name, workflow_input(job))
            log.info("a job's execution began", extra={"job_id": job.job_id, "execution": name})
        except InvalidInput as error:
            failed = JobError(code="START_FAILED", message=error.message, detail=error.detail)
            return self._end(job, (JobStatus.QUEUED,), Ending(JobStatus.FAILED, error=failed))
        return self._confirm(job, job.attempt, arn)

    def _confirm(self, job: Job, attempt: int, arn: str) -> Job | None:
        """The execution of ``attempt`` runs: so does the job, or else the execution must stop."""
        now: Job | None = job
        if job.status is JobStatus.QUEUED and job.attempt == attempt:
            now = self._move(job, JobStatus.QUEUED, JobStatus.RUNNING, execution_arn=arn)
        if now is not None and (now.attempt != attempt or now.status is JobStatus.CANCELED):
            self._stop(now.model_copy(update={"attempt": attempt}))
        return now

    def _move(self, job: Job, from_: JobStatus, to: JobStatus, *, execution_arn: str | None = None) -> Job | None:
        """The job in its next status, or as it is when somebody else changed it first."""
        try:
            return self._jobs.transition(
                job.job_id, attempt=job.attempt, from_=(from_,), to=to, execution_arn=execution_arn
            )
        except Conflict:
            return self._jobs.get(job.job_id)

    def _end(self, job: Job, from_: tuple[JobStatus, ...], end: Ending) -> Job | None:
        """End the job and notify who waits for it; also of an end that someone else wrote and died."""
        try:
            ended: Job | None = self._jobs.transition(
                job.job_id, attempt=job.attempt, from_=from_, to=end.status, error=end.error, result=end.result
            )
        except Conflict:
            ended = self._jobs.get(job.job_id)
        if ended is not None and ended.status.terminal and not ended.end_notified:
            return self._notify(ended)
        return ended

    def _notify(self, job: Job) -> Job:
        """Pass the end of a job on; only when all know of it is it off the rescuer's list."""
        if job.status is JobStatus.FAILED:
            why = job.error.model_dump(exclude_none=True) if job.error else None
            log.warning("a job failed", extra={"job_id": job.job_id, "attempt": job.attempt, "why": why})
        if job.status is JobStatus.CANCELED:
            self._stop(job)
        for unwanted in self._listener.job_ended(job):
            with suppress(Conflict, NotFound):  # it has ended, or another way
                self.cancel(unwanted)
        self.release_dependants(Dependency(kind="job", id=job.job_id))
        self._jobs.end_notified(job.job_id, attempt=job.attempt)
        return job

    def _stop(self, job: Job) -> None:
        self._workflows.stop(job.kind, execution_name(job), cause="The job was canceled.")

    def _existing(self, job_id: Id) -> Job:
        job = self._jobs.get(job_id)
        if job is None:
            raise NotFound("There is no such job.")
        return job


def workflow_input(job: Job) -> WorkflowInput:
    return WorkflowInput(
        job_id=job.job_id,
        kind=job.kind,
        attempt=job.attempt,
        owner_id=job.owner_id,
        subject_id=job.subject_id,
        inputs=job.inputs,
        options=job.options,
    )


def _each(things: Iterable[T], do: Callable[[T], object]) -> None:
    """Do it for each, and raise the first error afterwards: one failure does not keep the others from being done."""
    errors = []
    for thing in things:
        try:
            do(thing)
        except Exception as error:
            log.exception("left for the next delivery or the rescuer")
            errors.append(error)
    if errors:
        raise errors[0]
