"""The page behind a share link: what is shared to hear or see and to download, for anyone who has the link."""

from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Query, Request
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from functions.api.pages import shared_products, visits
from functions.api.pages.html import bucket_origin, fingerprint, page, source
from functions.api.pages.languages import Language, language_of, said
from functions.api.routes.tracks import file_name
from functions.api.services import Services, Serving, public_url

from soundstage.media.types import CONTENT_TYPES
from soundstage.models.durations import minutes_and_seconds
from soundstage.models.errors import RateLimited
from soundstage.models.music import Key, Score, VariantScores
from soundstage.models.tracks import VariantLabel
from soundstage.platform.catalog import shares
from soundstage.platform.catalog.shares import Share, Shared
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
_REDIRECT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file, for whoever follows there."},
    302: {"description": "To a signed URL that takes Range requests."},
}

_PASSWORD: dict[str, Any] = {"type": "object", "properties": {"password": {"type": "string", "maxLength": 256}}}
Ticket = Annotated[
    str | None, Query(alias="t", max_length=100, description="From the page, for those who send no cookies.")
]


async def _form(request: Request) -> bytes:
    return await request.body()


router = APIRouter(prefix="/s", tags=["share pages"], responses=_INVALID)


@router.get("/{token}", response_class=HTMLResponse, responses=_GONE)
@router.head("/{token}", include_in_schema=False)
def share_page(token: Token, request: Request, services: Serving) -> Response:
    """Plays when asked to, by keyboard too and without scripts; previews well where links are pasted.

    Where the share has a password, it is asked for first. The page leaves a cookie; its files are for those who have
    come by it.
    """
    now = services.clock()
    found = _open(services, token)
    if found is None:
        return _gone(request)
    share, shared = found
    path = f"/s/{token}"
    if share.password_hash is not None and not visits.is_visitor(request, share, now):
        return _locked(request, path)
    if request.method == "GET":
        with services.catalog.transaction() as session:
            shares.count_view(session, share, now=now)
    bucket = bucket_origin(services)  # media come from there, by redirect
    policy = {
        "script-src": fingerprint("player.js"),
        "img-src": f"'self' data: {bucket}",
        "media-src": f"'self' {bucket}",
    }
    language = language_of(request)
    values = _shown(shared, language) if isinstance(shared, Track) else shared_products.shown(shared, language)
    answer = page(
        request,
        "share.html" if isinstance(shared, Track) else "shared.html",
        policy=policy,
        js=source("player.js"),
        url=f"{public_url(request, services)}{path}",
        path=path,
        ticket=visits.ticket_query(share, now),
        **values,
    )
    visits.begin(answer, share, path, services, request)
    return answer


@router.post(
    "/{token}",
    status_code=303,
    response_class=RedirectResponse,
    responses=_GONE
    | {
        200: {"description": "The page, for whoever follows there."},
        303: {"description": "To it."},
        403: {"description": "A page that asks again.", "content": {"text/html": {}}},
    },
    openapi_extra={"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": _PASSWORD}}}},
)
def unlock_share(token: Token, form: Annotated[bytes, Depends(_form)], request: Request, services: Serving) -> Response:
    """The password of a share, from the form on its page."""
    found = _open(services, token)
    if found is None:
        return _gone(request)
    share, path = found[0], f"/s/{token}"
    if share.password_hash is None:
        return RedirectResponse(path, status_code=303)
    who, rate = f"share#{share.id}", services.settings.limits.log_ins_per_account
    counted = services.traffic.count(who, rate, what="log_in")
    if not counted.allowed:
        raise RateLimited("Too many passwords were tried; wait a little.", retry_after_s=counted.reset_s)
    if not services.passwords.verify(share.password_hash, _password_in(form)):
        return _locked(request, path, wrong=True)
    services.traffic.give_back(who, rate, what="log_in")
    answer = RedirectResponse(path, status_code=303)
    visits.begin(answer, share, path, services, request)
    return answer


@router.get("/{token}/file/{name}", status_code=302, response_class=RedirectResponse, responses=_GONE | _REDIRECT)
@router.head("/{token}/file/{name}", include_in_schema=False)
def shared_product_file(
    *,
    token: Token,
    name: Annotated[shared_products.FileName, InPath()],
    request: Request,
    services: Serving,
    ticket: Ticket = None,
    download: Annotated[bool, Query(description="Save as a file with its title.")] = False,
) -> Response:
    """Of a match its sound (also as browsers play it) and its report as a picture; of a film that and its poster."""
    found = _open(services, token)
    file = shared_products.files_of(found[1]).get(name) if found else None
    if found is None or file is None:
        return _gone(request)
    refusal = visits.refusal(request, found[0], ticket, services.clock(), preview=file.preview)
    if refusal is not None:
        return refusal
    saved_as = f"{found[1].title}{file.suffix}".replace("/", "-") if download else None
    return _to(services, file.key, content_type=file.content_type, file_name=saved_as)


@router.get("/{token}/{kind}/{label}", status_code=302, response_class=RedirectResponse, responses=_GONE | _REDIRECT)
@router.head("/{token}/{kind}/{label}", include_in_schema=False)
def shared_file(
    *,
    token: Token,
    kind: Kind,
    label: Label,
    request: Request,
    services: Serving,
    ticket: Ticket = None,
    download: Annotated[bool, Query(description="Save as a file with the song's name.")] = False,
) -> Response:
    """A song as it is (``audio``) and as browsers play it (``preview``), its notes, its video and a frame of that."""
    suffix = SUFFIXES[kind]
    opened = _variant(services, token, label)
    key = getattr(opened[2], f"{kind}_key") if opened else None
    if opened is None or key is None:
        return _gone(request)
    share, track, variant = opened
    refusal = visits.refusal(request, share, ticket, services.clock(), preview=kind == "poster")
    if refusal is not None:
        return refusal
    name = file_name(track, variant, suffix) if download else None
    return _to(services, key, file_name=name, content_type=CONTENT_TYPES[suffix])


@router.get("/{token}/cover", status_code=302, response_class=RedirectResponse, responses=_GONE | _REDIRECT)
@router.head("/{token}/cover", include_in_schema=False)
def shared_cover(token: Token, request: Request, services: Serving, ticket: Ticket = None) -> Response:
    """The picture on the sleeve, also for previews of the link."""
    found = _open(services, token)
    key = found[1].cover_key if found and isinstance(found[1], Track) else None
    if found is None or key is None:
        return _gone(request)
    refusal = visits.refusal(request, found[0], ticket, services.clock(), preview=True)
    return refusal or _to(services, key, content_type="image/png")


@router.get(
    "/{token}/picture/{label}/{name}", status_code=302, response_class=RedirectResponse, responses=_GONE | _REDIRECT
)
@router.head("/{token}/picture/{label}/{name}", include_in_schema=False)
def shared_picture(
    *,
    token: Token,
    label: Label,
    name: Annotated[str, InPath(max_length=50)],
    request: Request,
    services: Serving,
    ticket: Ticket = None,
) -> Response:
    opened = _variant(services, token, label)
    key = opened[2].picture_keys.get(name) if opened else None
    if opened is None or key is None:
        return _gone(request)
    refusal = visits.refusal(request, opened[0], ticket, services.clock(), preview=True)
    return refusal or _to(services, key, content_type="image/png")


def _password_in(form: bytes) -> str:
    """ "" where there is none that could be read."""
    try:
        found = parse_qs(form.decode("utf-8", "replace"), max_num_fields=5)
    except ValueError:  # more fields than the page has
        return ""
    return found.get("password", [""])[0][:256]


def _open(services: Services, token: str) -> tuple[Share, Shared] | None:
    """None also where there is nothing to show any more."""
    with services.catalog.transaction() as session:
        found = shares.open_shared(session, token_sha256=token_sha256(token), now=services.clock())
    if found is None:
        return None
    shared = found[1]
    something = shared.variants if isinstance(shared, Track) else shared_products.files_of(shared)
    return found if something else None


def _variant(services: Services, token: str, label: VariantLabel) -> tuple[Share, Track, TrackVariant] | None:
    found = _open(services, token)
    if found is None:
        return None
    share, track = found
    if not isinstance(track, Track):
        return None
    variant = next((variant for variant in track.variants if variant.label == label), None)
    return None if variant is None else (share, track, variant)


def _to(services: Services, key: str, *, content_type: str, file_name: str | None = None) -> Response:
    """For as long as a request takes to begin: a share that is revoked stops then. Players come back for the rest."""
    life_s = services.settings.share_url_life_s
    url = services.objects.presign_get(key, expires_s=life_s, file_name=file_name, content_type=content_type)
    return RedirectResponse(url, status_code=302)


def _locked(request: Request, path: str, *, wrong: bool = False) -> Response:
    return page(request, "locked.html", status=403 if wrong else 200, form_action="'self'", path=path, wrong=wrong)


def _shown(track: Track, language: Language) -> dict[str, Any]:
    """What the page says about a track."""
    score = Score.model_validate(track.score) if track.score else None
    recommended = score.recommended if score else None
    featured = track.primary_label or recommended or track.variants[0].label
    first = next((variant for variant in track.variants if variant.label == featured), track.variants[0])
    styles = said(language, " and ").join(_style(variant, language) for variant in track.variants)
    return {
        "title": track.title,
        "summary": said(language, "One tune, produced as %(styles)s.", styles=styles),
        "recommended": recommended,
        "reason": score.reason if score and language == "en" else None,
        "cover": track.cover_key is not None,
        "notes": _picture(first, "piano_roll"),
        "video": next((v.label for v in (first, *track.variants) if v.video_key), None),
        "featured": first.label,
        "preview": first.preview_key is not None,
        "variants": [_shown_variant(variant, recommended, language) for variant in track.variants],
    }


def _shown_variant(variant: TrackVariant, recommended: str | None, language: Language) -> dict[str, Any]:
    tonic, _, kind = Key.model_validate(variant.musical_key).in_words.partition(" ")
    scores = VariantScores.model_validate(variant.scores)
    return {
        "label": variant.label,
        "recommended": variant.label == recommended,
        "style": _style(variant, language),
        "duration_s": round(variant.duration_s, 1),
        "duration": minutes_and_seconds(variant.duration_s),
        "tempo": round(variant.tempo_bpm),
        "key": said(language, f"%(tonic)s {kind}", tonic=tonic),
        "scores": [
            (said(language, "Keeps the tune"), round(scores.input_similarity.value * 100)),
            (said(language, "Sound quality"), round(scores.audio_quality.value * 100)),
        ],
        "preview": variant.preview_key is not None,
        "video": variant.video_key is not None,
        "piano_roll": _picture(variant, "piano_roll"),
        "spectrogram": _picture(variant, "spectrogram"),
    }


def _style(variant: TrackVariant, language: Language) -> str:
    return said(language, variant.style.replace("_", " "))


def _picture(variant: TrackVariant, name: str) -> str | None:
    return f"picture/{variant.label}/{name}" if name in variant.picture_keys else None


def _gone(request: Request) -> Response:
    return page(request, "gone.html", status=404)
