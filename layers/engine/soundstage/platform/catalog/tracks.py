"""Tracks and their variants. A person makes the row, a draft; jobs make music of it, one after the other."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from soundstage.models.errors import Conflict
from soundstage.models.ids import Id, new_id
from soundstage.models.jobs import Job, WorkflowInput
from soundstage.models.music import GenParams, RenderedVariant, Score, TrackMetadata
from soundstage.models.tracks import TrackStatus, Understood, VariantLabel
from soundstage.platform.catalog import usage
from soundstage.platform.catalog.product_rows import ProductRow, ProductRows, product_table_args
from soundstage.platform.catalog.tables import Base
from soundstage.products.track import TRACK, TrackOptions


class Track(ProductRow, Base):
    __tablename__ = "tracks"
    __table_args__ = product_table_args(
        "tracks", TrackStatus, CheckConstraint("primary_label IN ('A', 'B')", name="primary_label")
    )

    primary_label: Mapped[str | None]
    hum_asset_id: Mapped[Id | None]
    gen_params: Mapped[dict[str, Any] | None]
    track_metadata: Mapped[dict[str, Any]] = mapped_column("metadata")
    score: Mapped[dict[str, Any] | None]
    understood: Mapped[dict[str, Any] | None]
    cover_key: Mapped[str | None]
    cover_preview_key: Mapped[str | None]

    variants: Mapped[list["TrackVariant"]] = relationship(order_by="TrackVariant.label", lazy="selectin")


class TrackVariant(Base):
    """A song. ``job_id`` made it; ``video_job_id`` makes, or made, its video, which is there once it has a key."""

    __tablename__ = "track_variants"
    __table_args__ = (CheckConstraint("label IN ('A', 'B')", name="label"),)

    track_id: Mapped[Id] = mapped_column(ForeignKey(Track.id, ondelete="CASCADE"), primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[Id]
    style: Mapped[str]
    provider: Mapped[str]
    provider_note: Mapped[str | None]
    sound_font: Mapped[str | None]
    audio_key: Mapped[str]
    preview_key: Mapped[str | None]
    midi_key: Mapped[str]
    picture_keys: Mapped[dict[str, Any]]
    duration_s: Mapped[float]
    tempo_bpm: Mapped[float]
    musical_key: Mapped[dict[str, Any]]
    chords: Mapped[list[str]]
    integrated_lufs: Mapped[float]
    true_peak_dbtp: Mapped[float]
    scores: Mapped[dict[str, Any]]
    video_job_id: Mapped[Id | None]
    video_key: Mapped[str | None]
    poster_key: Mapped[str | None]
    created_at: Mapped[datetime]


class Tracks(ProductRows[Track, TrackOptions]):
    product = TRACK
    row = Track
    making = TrackStatus.GENERATING

    def create(self, *, owner_id: Id, title: str, metadata: TrackMetadata) -> Track:
        """A draft."""
        now = self._clock()
        track = Track(
            id=new_id(),
            owner_id=owner_id,
            title=title,
            status=TrackStatus.DRAFT,
            job_attempt=0,
            track_metadata=metadata.model_dump(mode="json"),
            created_at=now,
            updated_at=now,
            variants=[],
        )
        with self._catalog.transaction() as session:
            session.add(track)
        return track

    def options_for(
        self,
        *,
        owner_id: Id,
        track_id: Id,
        gen_params: GenParams | None = None,
        correction_key: str | None = None,
        listen_only: bool = False,
    ) -> TrackOptions:
        """Raises NotFound."""
        with self._catalog.transaction() as session:
            track = self.get(session, owner_id=owner_id, subject_id=track_id)
        return TrackOptions.model_validate(
            {
                "gen_params": gen_params or GenParams(),
                "correction_key": correction_key,
                "listen_only": listen_only,
                "metadata": track.track_metadata,
                "title": track.title,
            }
        )

    def choose_primary(self, *, owner_id: Id, track_id: Id, label: VariantLabel) -> Track:
        """Raises NotFound, and Conflict when the track has no such variant yet."""
        with self._catalog.transaction() as session:
            track = self.get(session, owner_id=owner_id, subject_id=track_id, lock=True)
            track.primary_label = variant_of(track, label).label
            track.updated_at = self._clock()
        return track

    def persist(
        self,
        job: WorkflowInput,
        *,
        variants: Sequence[RenderedVariant],
        score: Score,
        seed: int,
        understood: Understood | None = None,
    ) -> bool:
        """Write what a job made, and mark the track ready. Returns whether it was kept (``ProductRows._keep``)."""

        def write(session: Session, track: Track) -> None:
            track.primary_label = score.recommended
            track.score = score.model_dump(mode="json")
            track.gen_params = {**(track.gen_params or {}), "seed": seed}
            track.understood = understood.model_dump(mode="json") if understood else None
            painted = next((variant for variant in variants if variant.cover), None)
            track.cover_key = painted.cover if painted else None
            track.cover_preview_key = painted.cover_preview if painted else None
            for variant in variants:
                session.merge(_variant_row(variant, score, job, now=self._clock()))
            media_s = sum(variant.duration_s for variant in variants)
            usage.record(session, job, kind=self.product.kind, media_s=media_s, now=self._clock())

        return self._keep(job, write)

    def listened(self, job: WorkflowInput) -> bool:
        """The track is what it was before its hum was listened to. Returns whether this attempt is its newest."""
        with self._catalog.transaction() as session:
            track = self._at(session, job)
            if track is not None and track.status == self.making:
                track.status, track.error, track.updated_at = self._status_after_cancel(track), None, self._clock()
            return track is not None

    def _begin(self, row: Track, job: Job | WorkflowInput) -> None:
        row.hum_asset_id = job.inputs["hum"]
        options = self.product.options_of(job)
        if not options.listen_only:
            row.gen_params = options.gen_params.model_dump(mode="json")

    def _status_after_cancel(self, row: Track) -> str:
        """It is what it was before."""
        return TrackStatus.READY if row.variants else TrackStatus.DRAFT

    def _jobs_of(self, row: Track) -> list[Id]:
        return [job_id for job_id in (row.job_id, *(song.video_job_id for song in row.variants)) if job_id is not None]


def variant_of(track: Track, label: VariantLabel) -> TrackVariant:
    """Raises Conflict when the track has no such variant yet."""
    found = next((variant for variant in track.variants if variant.label == label), None)
    if found is None:
        raise Conflict("This track has no such variant yet.", detail={"status": track.status})
    return found


def _variant_row(variant: RenderedVariant, score: Score, job: WorkflowInput, *, now: datetime) -> TrackVariant:
    return TrackVariant(
        track_id=job.subject_id,
        label=variant.label,
        job_id=job.job_id,
        style=variant.style,
        provider=variant.provider,
        provider_note=variant.provider_note,
        sound_font=variant.sound_font,
        audio_key=variant.audio,
        preview_key=variant.preview,
        midi_key=variant.midi,
        picture_keys=variant.pictures,
        duration_s=variant.duration_s,
        tempo_bpm=variant.tempo_bpm,
        musical_key=variant.key.model_dump(mode="json"),
        chords=variant.chords,
        integrated_lufs=variant.integrated_lufs,
        true_peak_dbtp=variant.true_peak_dbtp,
        scores=score.variants[variant.label].model_dump(mode="json"),
        # The video of another song is not this one's.
        video_job_id=None,
        video_key=None,
        poster_key=None,
        created_at=now,
    )
