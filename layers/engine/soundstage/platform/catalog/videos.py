"""Videos: columns of a track's songs. A track that was made again has other songs, which a video was not made of."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import exists, or_, update
from sqlalchemy.orm import Session

from soundstage.models.errors import Conflict
from soundstage.models.ids import Id
from soundstage.models.jobs import Job, WorkflowInput
from soundstage.models.tracks import TrackStatus, VariantLabel
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.product_rows import utc_now
from soundstage.platform.catalog.tracks import Track, Tracks, TrackVariant, variant_of
from soundstage.products.video import VIDEO, VideoOptions


class Videos:
    """``soundstage.products.ports.Rows``. A video that is not made shows nowhere, so its end changes nothing."""

    product = VIDEO

    def __init__(self, catalog: Catalog, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._catalog = catalog
        self._tracks = Tracks(catalog, clock=clock)

    def options_for(self, *, owner_id: Id, track_id: Id, label: VariantLabel) -> VideoOptions:
        """Raises NotFound, and Conflict when the track has no such variant yet."""
        with self._catalog.transaction() as session:
            track = self._tracks.get(session, owner_id=owner_id, subject_id=track_id)
            song_job_id = variant_of(track, label).job_id
        return VideoOptions.model_validate(
            {"label": label, "song_job_id": song_job_id, "title": track.title, "metadata": track.track_metadata}
        )

    def check(self, job: Job) -> Id | None:
        with self._catalog.transaction() as session:
            return self._song(session, job).video_job_id

    def follow(self, job: Job) -> None:
        with self._catalog.transaction() as session:
            song = self._song(session, job)
            session.execute(
                update(TrackVariant)
                .where(
                    TrackVariant.track_id == song.track_id,
                    TrackVariant.label == song.label,
                    TrackVariant.job_id == song.job_id,
                    TrackVariant.video_key.is_(None),
                    or_(TrackVariant.video_job_id.is_(None), TrackVariant.video_job_id < job.job_id),
                )
                .values(video_job_id=job.job_id)
            )

    def end(self, job: Job) -> Sequence[Id]:  # noqa: ARG002
        """Nothing shows that it was under way, and it has begun no jobs."""
        return ()

    def persist(self, job: WorkflowInput, *, video_key: str, poster_key: str) -> bool:
        """The song has a video. Again, it changes nothing. False, and nothing is written, when the song is gone."""
        options = self.product.options_of(job)
        alive = exists().where(Track.id == job.subject_id, Track.status != TrackStatus.DELETED)
        with self._catalog.transaction() as session:
            kept = session.execute(
                update(TrackVariant)
                .where(
                    TrackVariant.track_id == job.subject_id,
                    TrackVariant.label == options.label,
                    TrackVariant.job_id == options.song_job_id,
                    alive,
                )
                .values(video_job_id=job.job_id, video_key=video_key, poster_key=poster_key)
                .returning(TrackVariant.label)
            )
            return kept.one_or_none() is not None

    def _song(self, session: Session, job: Job) -> TrackVariant:
        """Raises NotFound, and Conflict when there is no such song, or another one by now."""
        assert job.subject_id is not None  # noqa: S101  (a video's job has its track)
        options = self.product.options_of(job)
        track = self._tracks.get(session, owner_id=job.owner_id, subject_id=job.subject_id)
        song = variant_of(track, options.label)
        if song.job_id != options.song_job_id:
            raise Conflict("The track was made again since; ask for the video of its new song.")
        return song
