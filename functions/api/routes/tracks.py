"""Tracks: a hum becomes two songs."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Path, Response
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import ONCE
from functions.api.routes.jobs import JobView
from functions.api.routes.products import begun, product_router, summary_of
from functions.api.services import Caller, Services, Serving
from pydantic import BaseModel, ConfigDict, Field

from soundstage.models.errors import (
    Conflict,
    IdempotencyMismatch,
    InvalidInput,
    NotFound,
    UnknownProvider,
)
from soundstage.models.ids import Id
from soundstage.models.jobs import JobError
from soundstage.models.music import GenParams, Key, Score, TrackMetadata, VariantScores
from soundstage.models.providers import EMBEDDED
from soundstage.models.text import Title
from soundstage.models.tracks import TrackStatus, Understood, VariantLabel
from soundstage.platform.aws.tunes import Tunes
from soundstage.platform.catalog.tracks import Track, Tracks, TrackVariant
from soundstage.platform.catalog.videos import Videos
from soundstage.products.track import TRACK
from soundstage.products.video import VIDEO

SONGS = 2
"""That a track has."""

TrackId = Annotated[Id, Path(description="A track's id; also its trace id.")]


class NewTrack(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"title": "Morning hum", "metadata": {"platform": "web", "device": "mobile"}}]},
    )

    title: Title = "Untitled"
    metadata: TrackMetadata = TrackMetadata()


class GenerateRequest(BaseModel):
    """``hum_asset_id`` may still be on its way: the work starts when the file has arrived and was accepted."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"hum_asset_id": "0193a1c7e5f07b6e8d1f2a3b4c5d6e7f", "gen_params": {"mood": "dreamy"}}]
        },
    )

    hum_asset_id: Id
    gen_params: GenParams = GenParams()


class Choice(BaseModel):
    model_config = ConfigDict(extra="forbid")

    label: VariantLabel


class VariantView(BaseModel):
    label: VariantLabel
    recommended: bool
    primary: bool
    style: str
    provider: str
    provider_note: str | None = Field(description="Why another provider than the wanted one made it.")
    sound_font: str | None = Field(description="Whose recorded instruments play; null: our own do.")
    duration_s: float
    tempo_bpm: float
    key: Key
    chords: list[str]
    integrated_lufs: float
    true_peak_dbtp: float
    scores: VariantScores
    audio_url: str = Field(description="Signed; takes Range requests; saves under the song's name.")
    preview_url: str | None = Field(description="The same as AAC in M4A, an eighth of the size; null: made before.")
    midi_url: str
    picture_urls: dict[str, str] = Field(description="piano_roll, spectrogram → signed URL.")
    video_url: str | None = Field(description="Signed; MP4, 864 × 1080; once its video was asked for and made.")
    poster_url: str | None = Field(description="Signed; JPEG; a frame of the video.")


class TrackSummary(BaseModel):
    """draft → generating → ready | failed. ``primary`` is the variant that was chosen, at first the recommended."""

    track_id: Id
    title: str
    status: TrackStatus
    primary: VariantLabel | None
    error: JobError | None
    job_id: Id | None
    created_at: datetime
    updated_at: datetime


class TrackView(TrackSummary):
    hum_asset_id: Id | None
    gen_params: GenParams | None
    metadata: TrackMetadata
    score: Score | None
    understood: Understood | None = Field(
        description="How the hum and the prompt were understood, once the track has been ready; null for older ones."
    )
    cover_url: str | None = Field(description="Signed; PNG, 1200 × 1200; once the track has been ready.")
    cover_preview_url: str | None = Field(description="The same as WebP, 640 × 640; null: made before.")
    variants: list[VariantView] = Field(description="A and B, once the track has been ready.")
    urls_expire_at: datetime


def _summary(track: Track) -> TrackSummary:
    return TrackSummary(**summary_of(TRACK, track), primary=track.primary_label)


def _view(track: Track, services: Services) -> TrackView:
    life_s = services.settings.download_url_life_s

    def signed(key: str | None) -> str | None:
        return services.objects.presign_get(key, expires_s=life_s) if key else None

    score = Score.model_validate(track.score) if track.score else None
    return TrackView(
        **summary_of(TRACK, track),
        primary=track.primary_label,
        hum_asset_id=track.hum_asset_id,
        gen_params=GenParams.model_validate(track.gen_params) if track.gen_params else None,
        metadata=TrackMetadata.model_validate(track.track_metadata),
        score=score,
        understood=Understood.model_validate(track.understood) if track.understood else None,
        cover_url=signed(track.cover_key),
        cover_preview_url=signed(track.cover_preview_key),
        variants=[_variant_view(track, variant, score, services) for variant in track.variants],
        urls_expire_at=services.clock() + timedelta(seconds=life_s),
    )


def _variant_view(track: Track, variant: TrackVariant, score: Score | None, services: Services) -> VariantView:
    life_s = services.settings.download_url_life_s

    def signed(key: str, suffix: str | None = None) -> str:
        name = file_name(track, variant, suffix) if suffix else None
        return services.objects.presign_get(key, expires_s=life_s, file_name=name)

    return VariantView(
        label="A" if variant.label == "A" else "B",
        recommended=score is not None and score.recommended == variant.label,
        primary=track.primary_label == variant.label,
        style=variant.style,
        provider=variant.provider,
        provider_note=variant.provider_note,
        sound_font=variant.sound_font,
        duration_s=variant.duration_s,
        tempo_bpm=variant.tempo_bpm,
        key=Key.model_validate(variant.musical_key),
        chords=variant.chords,
        integrated_lufs=variant.integrated_lufs,
        true_peak_dbtp=variant.true_peak_dbtp,
        scores=VariantScores.model_validate(variant.scores),
        audio_url=signed(variant.audio_key, ".wav"),
        preview_url=signed(variant.preview_key) if variant.preview_key else None,
        midi_url=signed(variant.midi_key, ".mid"),
        picture_urls={name: signed(key) for name, key in variant.picture_keys.items()},
        video_url=signed(variant.video_key, ".mp4") if variant.video_key else None,
        poster_url=signed(variant.poster_key) if variant.poster_key else None,
    )


def file_name(track: Track, variant: TrackVariant, suffix: str) -> str:
    """What a download is called: ``Morning hum - A (lofi).wav``."""
    return f"{track.title} - {variant.label} ({variant.style}){suffix}".replace("/", "-")


router = product_router(
    TRACK,
    Tracks,
    summary=(TrackSummary, _summary),
    view=(TrackView, _view),
    about="The track with its variants; their URLs are good until ``urls_expire_at``.",
)


@router.post("", status_code=201, dependencies=[ONCE], responses=documented(IdempotencyMismatch, InvalidInput))
def create_track(new: NewTrack, caller: Caller, services: Serving, response: Response) -> TrackView:
    """A draft. Generating makes music of it."""
    track = services.rows(Tracks).create(owner_id=caller.user_id, title=new.title, metadata=new.metadata)
    response.headers["Location"] = f"/v1/tracks/{track.id}"
    return _view(track, services)


@router.post(
    "/{track_id}/generate",
    status_code=202,
    dependencies=[ONCE],
    responses=documented(NotFound, Conflict, IdempotencyMismatch, InvalidInput, UnknownProvider),
)
def generate_track(
    track_id: TrackId, request: GenerateRequest, caller: Caller, services: Serving, response: Response
) -> JobView:
    """Start making variants A and B, with what was corrected of the tune. Asked again with the same hum, parameters
    and correction, it is the job under way.
    """
    from soundstage.music.composing.styles import (  # noqa: PLC0415  (numpy: no other route of these needs it)
        check_styles,
    )

    _check_provider(request.gen_params.provider, services)
    check_styles(request.gen_params)
    if request.gen_params.provider != EMBEDDED:
        services.quotas.check_spending(caller.user_id, SONGS * services.settings.music_providers.max_usd_per_song)
    options = services.rows(Tracks).options_for(
        owner_id=caller.user_id,
        track_id=track_id,
        gen_params=request.gen_params,
        correction_key=Tunes(services.objects, track_id).correction_key(),
    )
    inputs = {"hum": request.hum_asset_id}
    job = services.product_jobs.start(
        TRACK, owner_id=caller.user_id, options=options, inputs=inputs, subject_id=track_id
    )
    return begun(job, response, services)


@router.post(
    "/{track_id}/variants/{label}/video",
    status_code=202,
    dependencies=[ONCE],
    responses=documented(NotFound, Conflict, IdempotencyMismatch),
)
def make_video(
    track_id: TrackId,
    label: Annotated[VariantLabel, Path(description="Whose video.")],
    caller: Caller,
    services: Serving,
    response: Response,
) -> JobView:
    """Start making the variant's video. Asked again, it is the job under way, or the one that has made it."""
    options = services.rows(Videos).options_for(owner_id=caller.user_id, track_id=track_id, label=label)
    job = services.product_jobs.start(VIDEO, owner_id=caller.user_id, options=options, subject_id=track_id)
    return begun(job, response, services)


@router.post("/{track_id}/primary", responses=documented(NotFound, Conflict))
def choose_primary(track_id: TrackId, choice: Choice, caller: Caller, services: Serving) -> TrackView:
    """Choose the variant that people hear first."""
    track = services.rows(Tracks).choose_primary(owner_id=caller.user_id, track_id=track_id, label=choice.label)
    services.telemetry.score(track.id, "chosen_variant", choice.label)
    services.telemetry.flush()
    return _view(track, services)


def _check_provider(name: str, services: Services) -> None:
    """Before there is a job, let alone a bill."""
    available = services.settings.music_providers.names
    if name not in available:
        raise UnknownProvider(
            f"There is no provider of this name here; there is {', '.join(available)}.",
            detail={"field": "gen_params.provider", "available": list(available)},
        )
