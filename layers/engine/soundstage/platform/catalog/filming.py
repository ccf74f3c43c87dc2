"""Asking for the video of a song: its job in DynamoDB, and the song's row in Postgres that it goes into.

The job comes first, under its natural key, and the row names it; a crash in between leaves a job that goes on all the
same, and is found when it is asked for again. What it made goes into the row when it ends, if that is the same song
still: a track that was made again has other songs.
"""

from collections.abc import Callable
from datetime import datetime

from soundstage.jobs.ports import JobStore, natural_key
from soundstage.jobs.service import Jobs
from soundstage.models.errors import Conflict
from soundstage.models.ids import Id, new_id
from soundstage.models.jobs import Job, JobKind, JobStatus
from soundstage.models.tracks import VariantLabel
from soundstage.platform.catalog import tracks
from soundstage.platform.catalog.database import Catalog


class Filming:
    def __init__(self, catalog: Catalog, jobs: Jobs, *, job_store: JobStore, clock: Callable[[], datetime]) -> None:
        self._catalog = catalog
        self._jobs = jobs
        self._job_store = job_store
        self._clock = clock

    def start(self, *, owner_id: Id, track_id: Id, label: VariantLabel) -> Job:
        """The job that makes the video. Asked again, it is the one under way, or the one that has made it.

        Raises:
            NotFound: no such track of this owner.
            Conflict: the track has no such variant yet.
        """
        with self._catalog.transaction() as session:
            track = tracks.get(session, owner_id=owner_id, track_id=track_id)
            song = tracks.variant(track, label)
        made = self._job_store.get(song.video_job_id) if song.video_job_id and song.video_key else None
        if made is not None:
            return made
        now = self._clock()
        options = {
            "label": label,
            "song_job_id": song.job_id,
            "title": track.title,
            "metadata": track.track_metadata,
        }
        job = self._jobs.create(
            Job(
                job_id=new_id(),
                owner_id=owner_id,
                kind=JobKind.VIDEO,
                status=JobStatus.BLOCKED,
                subject_id=track_id,
                options=options,
                natural_key=natural_key(owner_id, JobKind.VIDEO, {"track": track_id}, options),
                created_at=now,
                updated_at=now,
            )
        )
        with self._catalog.transaction() as session:
            tracks.film(session, track_id=track_id, label=label, song_job_id=song.job_id, job_id=job.job_id)
        return job

    def retry(self, job: Job) -> Job:
        """The next attempt of a video's job.

        Raises:
            NotFound: the track was deleted.
            Conflict: the job neither failed nor was canceled, the same is under way already, or the song is gone.
        """
        assert job.subject_id is not None  # noqa: S101  (a video's job has its track)
        with self._catalog.transaction() as session:
            track = tracks.get(session, owner_id=job.owner_id, track_id=job.subject_id)
            song = tracks.variant(track, job.options["label"])
        if song.job_id != job.options["song_job_id"]:
            raise Conflict("The track was made again since; ask for the video of its new song.")
        return self._jobs.retry(job.job_id)
