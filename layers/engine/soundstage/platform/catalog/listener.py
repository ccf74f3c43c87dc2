"""What a finished job means for its track or match."""

from collections.abc import Callable
from datetime import UTC, datetime

from soundstage.models.ids import Id
from soundstage.models.jobs import Job, JobError, JobKind, JobStatus
from soundstage.platform.catalog import matches, tracks
from soundstage.platform.catalog.database import Catalog


def _utc_now() -> datetime:
    return datetime.now(UTC)


class CatalogListener:
    """Marks the track or match of a failed or canceled job (``soundstage.jobs.ports.Listener``). Idempotent.

    A job that succeeded needs nothing here: its last step has marked what it made as ready already, so that whoever
    sees the job succeed finds it so.
    """

    def __init__(self, catalog: Catalog, *, clock: Callable[[], datetime] = _utc_now) -> None:
        self._catalog = catalog
        self._clock = clock

    def job_ended(self, job: Job) -> None:
        if job.subject_id is None or job.status is JobStatus.SUCCEEDED:
            return
        if job.kind is JobKind.TRACK:
            self._track_ended(job, job.subject_id)
        elif job.kind is JobKind.MATCH:
            with self._catalog.transaction() as session:
                matches.ended(session, job=job, now=self._clock())

    def _track_ended(self, job: Job, track_id: Id) -> None:
        if job.status is JobStatus.FAILED:
            error = job.error or JobError(code="INTERNAL", message="Something went wrong on our side.")
            with self._catalog.transaction() as session:
                tracks.fail(
                    session,
                    track_id=track_id,
                    job_id=job.job_id,
                    attempt=job.attempt,
                    error=error,
                    now=self._clock(),
                )
        elif job.status is JobStatus.CANCELED:
            with self._catalog.transaction() as session:
                tracks.give_up(session, track_id=track_id, job_id=job.job_id, attempt=job.attempt, now=self._clock())
