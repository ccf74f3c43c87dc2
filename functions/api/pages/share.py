"""The page behind a share link: both variants to hear and to download, for anyone who has the link."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from functions.api.pages.html import bucket_origin, fingerprint, page, source
from functions.api.routes.tracks import file_name
from functions.api.services import Services, Serving, public_url

from soundstage.media.types import CONTENT_TYPES
from soundstage.models.durations import minutes_and_seconds
from soundstage.models.music import Key, Score, VariantScores
from soundstage.models.tracks import VariantLabel
from soundstage.platform.catalog import shares
from soundstage.platform.catalog.tracks import Track, TrackVariant
from soundstage.platform.security import token_sha256

Token = Annotated[str, InPath(max_length=100, description="The token of a share.")]
Label = Annotated[VariantLabel, InPath()]
Kind = Literal["audio", "preview", "midi", "video", "poster"]
SUFFIXES: dict[Kind, str] = {"audio": ".wav", "preview": ".m4a", "midi": ".mid", "video": ".mp4", "poster": ".jpg"}
"""Of a variant's files, as they are saved."""

_GONE: dict[int | str, dict[str, Any]] = {
    404: {"description": "A page saying that the link does not work.", "content": {"text/html": {}}}
}
_INVALID: dict[int | str, dict[str, Any]] = {
    422: {
        "description": "INVALID_INPUT",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}},
    }
}
_REDIRECT: dict[int | str, dict[str, Any]] = {302: {"description": "To a signed URL that takes Range requests."}}

router = APIRouter(prefix="/s", tags=["share pages"], responses=_INVALID)


@router.get("/{token}", response_class=HTMLResponse, responses=_GONE)
@router.head("/{token}", include_in_schema=False)
def share_page(token: Token, request: Request, services: Serving) -> Response:
    """Plays when asked to, by keyboard too and without scripts; previews well where links are pasted."""
    now = services.clock()
    with services.catalog.transaction() as session:
        found = shares.open_track(session, token_sha256=token_sha256(token), now=now)
        if found is not None and request.method == "GET":
            shares.count_view(session, found[0], now=now)
    if found is None or not found[1].variants:
        return _gone()
    track = found[1]
    bucket = bucket_origin(services)  # media come from there, by redirect
    policy = {
        "script-src": fingerprint("player.js"),
        "img-src": f"'self' data: {bucket}",
        "media-src": f"'self' {bucket}",
    }
    url = f"{public_url(request, services)}/s/{token}"
    return page("share.html", policy=policy, js=source("player.js"), url=url, path=f"/s/{token}", **_shown(track))


@router.get("/{token}/{kind}/{label}", status_code=302, response_class=RedirectResponse, responses=_GONE | _REDIRECT)
@router.head("/{token}/{kind}/{label}", include_in_schema=False)
def shared_file(
    token: Token,
    kind: Kind,
    label: Label,
    services: Serving,
    download: Annotated[bool, Query(description="Save as a file with the song's name.")] = False,
) -> Response:
    """A song as it is (``audio``) and as browsers play it (``preview``), its notes, its video and a frame of that."""
    suffix = SUFFIXES[kind]
    opened = _variant(services, token, label)
    key = getattr(opened[1], f"{kind}_key") if opened else None
    if opened is None or key is None:
        return _gone()
    name = file_name(*opened, suffix) if download else None
    return _to(services, key, file_name=name, content_type=CONTENT_TYPES[suffix])


@router.get("/{token}/cover", status_code=302, response_class=RedirectResponse, responses=_GONE | _REDIRECT)
@router.head("/{token}/cover", include_in_schema=False)
def shared_cover(token: Token, services: Serving) -> Response:
    """The picture on the sleeve, also for previews of the link."""
    with services.catalog.transaction() as session:
        found = shares.open_track(session, token_sha256=token_sha256(token), now=services.clock())
    key = found[1].cover_key if found else None
    return _gone() if key is None else _to(services, key, content_type="image/png")


@router.get(
    "/{token}/picture/{label}/{name}", status_code=302, response_class=RedirectResponse, responses=_GONE | _REDIRECT
)
@router.head("/{token}/picture/{label}/{name}", include_in_schema=False)
def shared_picture(
    token: Token, label: Label, name: Annotated[str, InPath(max_length=50)], services: Serving
) -> Response:
    opened = _variant(services, token, label)
    key = opened[1].picture_keys.get(name) if opened else None
    return _gone() if key is None else _to(services, key, content_type="image/png")


def _variant(services: Services, token: str, label: VariantLabel) -> tuple[Track, TrackVariant] | None:
    with services.catalog.transaction() as session:
        found = shares.open_track(session, token_sha256=token_sha256(token), now=services.clock())
    variants = found[1].variants if found else []
    variant = next((variant for variant in variants if variant.label == label), None)
    return None if found is None or variant is None else (found[1], variant)


def _to(services: Services, key: str, *, content_type: str, file_name: str | None = None) -> Response:
    life_s = services.settings.download_url_life_s
    url = services.objects.presign_get(key, expires_s=life_s, file_name=file_name, content_type=content_type)
    return RedirectResponse(url, status_code=302)


def _shown(track: Track) -> dict[str, Any]:
    """What the page says about a track."""
    score = Score.model_validate(track.score) if track.score else None
    recommended = score.recommended if score else None
    featured = track.primary_label or recommended or track.variants[0].label
    first = next((variant for variant in track.variants if variant.label == featured), track.variants[0])
    styles = " and ".join(variant.style for variant in track.variants)
    return {
        "title": track.title,
        "summary": f"One tune, produced as {styles}.",
        "recommended": recommended,
        "reason": score.reason if score else None,
        "cover": track.cover_key is not None,
        "notes": _picture(first, "piano_roll"),
        "video": next((v.label for v in (first, *track.variants) if v.video_key), None),
        "featured": first.label,
        "preview": first.preview_key is not None,
        "variants": [_shown_variant(variant, recommended) for variant in track.variants],
    }


def _shown_variant(variant: TrackVariant, recommended: str | None) -> dict[str, Any]:
    key = Key.model_validate(variant.musical_key)
    scores = VariantScores.model_validate(variant.scores)
    return {
        "label": variant.label,
        "recommended": variant.label == recommended,
        "style": variant.style.replace("_", " "),
        "duration_s": round(variant.duration_s, 1),
        "duration": minutes_and_seconds(variant.duration_s),
        "tempo": round(variant.tempo_bpm),
        "key": key.in_words,
        "scores": [
            ("Keeps the tune", round(scores.input_similarity.value * 100)),
            ("Sound quality", round(scores.audio_quality.value * 100)),
        ],
        "preview": variant.preview_key is not None,
        "video": variant.video_key is not None,
        "piano_roll": _picture(variant, "piano_roll"),
        "spectrogram": _picture(variant, "spectrogram"),
    }


def _picture(variant: TrackVariant, name: str) -> str | None:
    return f"picture/{variant.label}/{name}" if name in variant.picture_keys else None


def _gone() -> Response:
    return page("gone.html", status=404)
