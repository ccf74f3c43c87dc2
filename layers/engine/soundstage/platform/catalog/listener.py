"""What a finished job means for its track."""

from collections.abc import Callable
from datetime import UTC, datetime

from soundstage.models.jobs import Job, JobError, JobKind, JobStatus
from soundstage.platform.catalog import tracks
from soundstage.platform.catalog.database import Catalog


def _utc_now() -> datetime:
    return datetime.now(UTC)


class TrackListener:
    """Marks the track of a failed or canceled job (``soundstage.jobs.ports.Listener``). Idempotent.

    A job that succeeded needs nothing here: its last step, persist, has marked the track ready already, so that whoever
    sees the job succeed finds the track ready.
    """

    def __init__(self, catalog: Catalog, *, clock: Callable[[], datetime] = _utc_now) -> None:
        self._catalog = catalog
        self._clock = clock

    def job_ended(self, job: Job) -> None:
        if job.kind is not JobKind.TRACK or job.subject_id is None:
            return
        if job.status is JobStatus.FAILED:
            error = job.error or JobError(code="INTERNAL", message="Something went wrong on our side.")
            with self._catalog.transaction() as session:
                tracks.fail(
                    session,
                    track_id=job.subject_id,
                    job_id=job.job_id,
                    attempt=job.attempt,
                    error=error,
                    now=self._clock(),
                )
        elif job.status is JobStatus.CANCELED:
            with self._catalog.transaction() as session:
                tracks.give_up(
                    session, track_id=job.subject_id, job_id=job.job_id, attempt=job.attempt, now=self._clock()
                )
