"""Generating a track: its row in Postgres and its job in DynamoDB, kept in step without a transaction over both.

The row is written first and names the job; the job is created under that name, which is idempotent. A crash in between
leaves a track that names a job that does not exist: asking again creates it. The row is not locked while the job is
created, because a job that cannot start reports to the row at once.
"""

from collections.abc import Callable
from datetime import datetime

from soundstage.jobs.ports import AssetStore, JobStore
from soundstage.jobs.service import Jobs
from soundstage.models.assets import AssetKind, AssetStatus
from soundstage.models.errors import Conflict, InvalidInput, NotFound
from soundstage.models.ids import Id, new_id
from soundstage.models.jobs import Dependency, Job, JobKind, JobStatus
from soundstage.models.music import GenParams
from soundstage.models.tracks import TrackStatus
from soundstage.platform.catalog import tracks
from soundstage.platform.catalog.database import Catalog


class Generation:
    def __init__(
        self, catalog: Catalog, jobs: Jobs, *, job_store: JobStore, assets: AssetStore, clock: Callable[[], datetime]
    ) -> None:
        self._catalog = catalog
        self._jobs = jobs
        self._job_store = job_store
        self._assets = assets
        self._clock = clock

    def start(self, *, owner_id: Id, track_id: Id, hum_asset_id: Id, gen_params: GenParams) -> Job:
        """The job that makes the track. Asked again with the same hum and parameters, it is the one under way.

        Raises:
            NotFound: no such track or asset of this owner.
            InvalidInput: the asset is not audio.
            Conflict: the track is being made from something else.
        """
        self._check_hum(owner_id, hum_asset_id)
        now = self._clock()
        with self._catalog.transaction() as session:
            track = tracks.get(session, owner_id=owner_id, track_id=track_id, lock=True)
            asked_before = (track.hum_asset_id, track.gen_params) == (hum_asset_id, gen_params.model_dump(mode="json"))
            job_id = new_id()
            if track.status == TrackStatus.GENERATING and track.job_id is not None:
                under_way = self._job_store.get(track.job_id)
                if under_way is None and asked_before:
                    job_id = track.job_id
                elif under_way is not None and not under_way.status.terminal:
                    if asked_before:
                        return under_way
                    raise Conflict("The track is being made already.", detail={"job_id": under_way.job_id})
            tracks.begin(track, job_id=job_id, hum_asset_id=hum_asset_id, gen_params=gen_params, now=now)
        job = Job(
            job_id=job_id,
            owner_id=owner_id,
            kind=JobKind.TRACK,
            status=JobStatus.BLOCKED,
            depends_on=[Dependency(kind="asset", id=hum_asset_id)],
            subject_id=track_id,
            inputs={"hum": hum_asset_id},
            options={
                "gen_params": gen_params.model_dump(mode="json"),
                "metadata": track.track_metadata,
                "title": track.title,
            },
            created_at=now,
            updated_at=now,
        )
        try:
            return self._jobs.create(job)
        except Exception:
            # If the job is there in spite of it, its end is taken over all the same.
            with self._catalog.transaction() as session:
                tracks.give_up(session, track_id=track_id, job_id=job_id, attempt=1, now=now)
            raise

    def retry(self, job: Job) -> Job:
        """The next attempt of a track's job.

        Raises:
            NotFound: the track was deleted.
            Conflict: the job neither failed nor was canceled, or the track has a newer one.
        """
        assert job.subject_id is not None  # noqa: S101  (a track's job has its track)
        with self._catalog.transaction() as session:
            track = tracks.get(session, owner_id=job.owner_id, track_id=job.subject_id)
        if track.job_id is not None and track.job_id > job.job_id:
            raise Conflict("The track has a newer job.", detail={"job_id": track.job_id})
        again = self._jobs.retry(job.job_id)
        with self._catalog.transaction() as session:
            tracks.resume(session, track_id=track.id, job_id=again.job_id, attempt=again.attempt, now=self._clock())
        return again

    def _check_hum(self, owner_id: Id, asset_id: Id) -> None:
        hum = self._assets.get(asset_id)
        if hum is None or hum.owner_id != owner_id or hum.status is AssetStatus.DELETED:
            raise NotFound("There is no such asset.")
        if hum.kind is not AssetKind.AUDIO:
            raise InvalidInput("A track is made from a recording.", detail={"kind": hum.kind})
