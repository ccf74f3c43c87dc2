"""Tracks and their variants.

A track follows its newest job: ids are ordered by time, so a job moves the track when its id is not older than the one
the track knows. A late word from an earlier job or attempt changes nothing, and a job that was created just before a
crash is adopted when it reports.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, not_, or_, select, update
from sqlalchemy.orm import Session

from soundstage.models.errors import Conflict, NotFound
from soundstage.models.ids import Id, new_id
from soundstage.models.jobs import JobError
from soundstage.models.music import GenParams, RenderedVariant, Score, TrackMetadata
from soundstage.models.tracks import TrackStatus, VariantLabel
from soundstage.platform.catalog.tables import Track, TrackVariant


def create(session: Session, *, owner_id: Id, title: str, metadata: TrackMetadata, now: datetime) -> Track:
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
    session.add(track)
    return track


def get(session: Session, *, owner_id: Id, track_id: Id, lock: bool = False) -> Track:
    """Raises NotFound when it is missing, deleted or someone else's. ``lock`` holds it until the transaction ends."""
    query = select(Track).where(Track.id == track_id, Track.owner_id == owner_id, _alive())
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("There is no such track.")
    return found


def list_page(session: Session, *, owner_id: Id, limit: int, before: Id | None) -> Sequence[Track]:
    """Newest first, those older than ``before``."""
    query = select(Track).where(Track.owner_id == owner_id, _alive()).order_by(Track.id.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(Track.id < before)).all()


def begin(track: Track, *, job_id: Id, hum_asset_id: Id, gen_params: GenParams, now: datetime) -> None:
    """The track is being made by this job from now on. The caller holds its lock."""
    track.status = TrackStatus.GENERATING
    track.job_id = job_id
    track.job_attempt = 1
    track.hum_asset_id = hum_asset_id
    track.gen_params = gen_params.model_dump(mode="json")
    track.error = None
    track.updated_at = now


def choose_primary(track: Track, *, label: VariantLabel, now: datetime) -> None:
    """Raises Conflict when the track has no such variant yet."""
    track.primary_label = variant(track, label).label
    track.updated_at = now


def variant(track: Track, label: VariantLabel) -> TrackVariant:
    """Raises Conflict when the track has no such variant yet."""
    found = next((variant for variant in track.variants if variant.label == label), None)
    if found is None:
        raise Conflict("This track has no such variant yet.", detail={"status": track.status})
    return found


def film(session: Session, *, track_id: Id, label: VariantLabel, song_job_id: Id, job_id: Id) -> None:
    """The video of this song is being made by this job. A song that was replaced meanwhile has none."""
    session.execute(
        update(TrackVariant)
        .where(_song(track_id, label, song_job_id), TrackVariant.video_key.is_(None))
        .values(video_job_id=job_id)
    )


def keep_video(
    session: Session, *, track_id: Id, label: VariantLabel, song_job_id: Id, job_id: Id, video_key: str, poster_key: str
) -> bool:
    """The song has a video. Writing it again changes nothing. False, and nothing is written, when the song is gone."""
    alive = exists().where(Track.id == track_id, _alive())
    kept = session.execute(
        update(TrackVariant)
        .where(_song(track_id, label, song_job_id), alive)
        .values(video_job_id=job_id, video_key=video_key, poster_key=poster_key)
        .returning(TrackVariant.label)
    )
    return kept.one_or_none() is not None


def delete(track: Track, *, now: datetime) -> None:
    """Soft: the row stays, nobody finds it any more. Deleting again is harmless."""
    track.status = TrackStatus.DELETED
    track.deleted_at = track.updated_at = now


def persist(
    session: Session,
    *,
    track_id: Id,
    job_id: Id,
    attempt: int,
    variants: Sequence[RenderedVariant],
    score: Score,
    now: datetime,
) -> bool:
    """Write what a job made and mark the track ready. Writing it again changes nothing.

    Returns False, and writes nothing, when the track was deleted or follows a newer job or attempt.
    """
    track = session.scalar(select(Track).where(Track.id == track_id, _follows(job_id, attempt)).with_for_update())
    if track is None:
        return False
    if track.status == TrackStatus.READY and (track.job_id, track.job_attempt) == (job_id, attempt):
        return True  # written before; the person may have chosen another primary since
    track.status = TrackStatus.READY
    track.job_id, track.job_attempt = job_id, attempt
    track.primary_label = score.recommended
    track.score = score.model_dump(mode="json")
    track.cover_key = next((variant.cover for variant in variants if variant.cover), None)
    track.error = None
    track.updated_at = now
    for variant in variants:
        session.merge(_variant_row(variant, score, track_id=track_id, job_id=job_id, now=now))
    return True


def fail(session: Session, *, track_id: Id, job_id: Id, attempt: int, error: JobError, now: datetime) -> None:
    """The track of a failed job is failed, and says why."""
    track = session.scalar(_unless_persisted(track_id, job_id, attempt))
    if track is not None:
        track.status = TrackStatus.FAILED
        track.job_id, track.job_attempt = job_id, attempt
        track.error = error.model_dump(mode="json")
        track.updated_at = now


def give_up(session: Session, *, track_id: Id, job_id: Id, attempt: int, now: datetime) -> None:
    """The track of a canceled job is what it was before: ready if it has variants, else a draft."""
    track = session.scalar(_unless_persisted(track_id, job_id, attempt))
    if track is not None:
        track.status = TrackStatus.READY if track.variants else TrackStatus.DRAFT
        track.job_id, track.job_attempt = job_id, attempt
        track.error = None
        track.updated_at = now


def resume(session: Session, *, track_id: Id, job_id: Id, attempt: int, now: datetime) -> None:
    """The job runs once more, at ``attempt``."""
    session.execute(
        update(Track)
        .where(Track.id == track_id, _follows(job_id, attempt), _alive(), Track.job_attempt < attempt)
        .values(status=TrackStatus.GENERATING, job_id=job_id, job_attempt=attempt, error=None, updated_at=now)
    )


def _song(track_id: Id, label: VariantLabel, song_job_id: Id) -> ColumnElement[bool]:
    """The variant, as this job made it."""
    return and_(TrackVariant.track_id == track_id, TrackVariant.label == label, TrackVariant.job_id == song_job_id)


def _alive() -> ColumnElement[bool]:
    return Track.status != TrackStatus.DELETED


def _follows(job_id: Id, attempt: int) -> ColumnElement[bool]:
    """The track is alive, and knows of no newer job or attempt than this one."""
    return and_(
        _alive(),
        or_(
            Track.job_id.is_(None),
            Track.job_id < job_id,
            and_(Track.job_id == job_id, Track.job_attempt <= attempt),
        ),
    )


def _unless_persisted(track_id: Id, job_id: Id, attempt: int) -> Select[Track]:
    """The track, locked, if it follows this attempt and has nothing from it: what is persisted stays."""
    persisted = and_(Track.status == TrackStatus.READY, Track.job_id == job_id, Track.job_attempt == attempt)
    return select(Track).where(Track.id == track_id, _follows(job_id, attempt), not_(persisted)).with_for_update()


def _variant_row(variant: RenderedVariant, score: Score, *, track_id: Id, job_id: Id, now: datetime) -> TrackVariant:
    return TrackVariant(
        track_id=track_id,
        label=variant.label,
        job_id=job_id,
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
