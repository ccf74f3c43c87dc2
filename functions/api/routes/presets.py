"""Presets: styles under names, to apply to any recording, and to blend. Their files are ``preset_files``'s."""

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import Header, Path, Query, Response
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import ONCE
from functions.api.middleware.pagination import Cursor, Limit, Page, id_in, page_of
from functions.api.middleware.routers import signed_in_router
from functions.api.services import Caller, Services, Serving
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from sqlalchemy.orm import Session

from soundstage.models.errors import (
    Conflict,
    IdempotencyMismatch,
    InvalidInput,
    NameTaken,
    NotFound,
    PreconditionFailed,
    QuotaExceeded,
)
from soundstage.models.ids import Id
from soundstage.models.style import Share, StyleParams
from soundstage.models.text import OneLine, SomeLine
from soundstage.platform.aws import impulse_responses
from soundstage.platform.catalog import audit, presets
from soundstage.platform.catalog.matches import Matches
from soundstage.platform.catalog.presets import Visibility
from soundstage.platform.catalog.revisions import check_unchanged, etag
from soundstage.platform.catalog.tables import Preset
from soundstage.platform.security import Principal

router = signed_in_router("/v1/presets", "presets")

EXAMPLE: dict[str, Any] = {
    "eq": [{"type": "high_shelf", "f_hz": 8000, "q": 0.7, "gain_db": 2.5}],
    "stereo": {"width": 1.1},
    "lufs": {"target_db": -14},
    "limiter": {"tp_db": -1},
}


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), OneLine, SomeLine]
PresetId = Annotated[Id, Path(description="A preset's id.")]
IfMatch = Annotated[
    str | None, Header(alias="If-Match", max_length=200, description="The ETag of what you have seen; else 412.")
]


class Labels(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name = Field(description="Unique among your presets.")
    description: str = Field(default="", max_length=2000)
    visibility: Visibility = Field(default="private", description="public: everybody may read and use it.")


class NewPreset(Labels):
    """From ``params``, or from a match of yours that is ready."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Airy", "params": EXAMPLE}]})

    params: StyleParams | None = None
    from_match_id: Id | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.params is None) == (self.from_match_id is None):
            raise ValueError("a preset needs params or from_match_id, and not both")
        return self


class PresetChange(BaseModel):
    """What is null or left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Airier"}]})

    name: Name | None = None
    description: str | None = Field(default=None, max_length=2000)
    visibility: Visibility | None = None
    params: StyleParams | None = None


class BlendRequest(BaseModel):
    """Two presets that you may read. Equalisers blend as responses, levels in dB, times and ratios as logarithms."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "one": "0193a1c7e5f07b6e8d1f2a3b4c5d6e7f",
                    "other": "0193a1c7e5f07b6e8d1f2a3b4c5d6e80",
                    "share": 0.25,
                    "save_as": {"name": "Mostly the one"},
                }
            ]
        },
    )

    one: Id
    other: Id
    share: Share = Field(default=0.5, allow_inf_nan=False, description="Of the other: 0 is the one, 1 the other.")
    save_as: Labels | None = None


class PresetSummary(BaseModel):
    preset_id: Id
    name: str
    description: str
    visibility: Visibility
    mine: bool
    revision: int = Field(description="Counts changes; the ETag.")
    created_at: datetime
    updated_at: datetime


class PresetView(PresetSummary):
    """A response is not in ``params``: ``reverb.ir_key`` names it, here and in what you send; exports carry it."""

    params: StyleParams
    source_match_id: Id | None = Field(description="The match that it came from; only for its owner.")


class Blend(BaseModel):
    params: StyleParams
    preset: PresetView | None = Field(description="With save_as.")


@router.post(
    "",
    status_code=201,
    dependencies=[ONCE],
    responses=documented(NotFound, Conflict, NameTaken, IdempotencyMismatch, InvalidInput, QuotaExceeded),
)
def create_preset(new: NewPreset, caller: Caller, services: Serving, response: Response) -> PresetView:
    """Keep a style under a name."""
    params = new.params
    if new.from_match_id is not None:
        params = services.rows(Matches).found_style(
            owner_id=caller.user_id, match_id=new.from_match_id, objects=services.objects
        )
    assert params is not None  # noqa: S101  (one of the two is given)
    params = impulse_responses.externalise(params, services.objects)
    with services.catalog.transaction() as session:
        preset = save(session, caller, services, new, params, source_match_id=new.from_match_id)
    tell_created(response, preset)
    return view_of(preset, caller)


@router.get("")
def list_presets(
    caller: Caller,
    services: Serving,
    visibility: Annotated[
        Visibility | None, Query(description="public: everybody's public ones; private: yours; else all of yours.")
    ] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[PresetSummary]:
    """Newest first."""
    before = id_in(cursor)
    owner_id = None if visibility == "public" else caller.user_id
    with services.catalog.transaction() as session:
        found = presets.list_page(session, owner_id=owner_id, visibility=visibility, limit=limit + 1, before=before)
    return page_of(found, limit, lambda preset: PresetSummary(**_summary(preset, caller)))


@router.post(
    "/blend",
    dependencies=[ONCE],
    responses=documented(NotFound, NameTaken, IdempotencyMismatch, InvalidInput, QuotaExceeded)
    | {201: {"model": Blend, "description": "Blended, and saved"}},
)
def blend_presets(wanted: BlendRequest, caller: Caller, services: Serving, response: Response) -> Blend:
    """A style between two; with ``save_as`` it becomes a preset (201)."""
    from soundstage.match.presets.operations import (  # noqa: PLC0415  (numpy: only this route and those with files need it)
        blend,
    )

    with services.catalog.transaction() as session:
        one, other = (
            presets.style_of(presets.readable(session, reader_id=caller.user_id, preset_id=preset_id))
            for preset_id in (wanted.one, wanted.other)
        )
    params = blend(one, other, wanted.share)
    if wanted.save_as is None:
        return Blend(params=params, preset=None)
    with services.catalog.transaction() as session:
        preset = save(session, caller, services, wanted.save_as, params)
    tell_created(response, preset)
    return Blend(params=params, preset=view_of(preset, caller))


@router.get("/{preset_id:no_verb}", responses=documented(NotFound))
def get_preset(preset_id: PresetId, caller: Caller, services: Serving, response: Response) -> PresetView:
    """Your own, or a public one, with its ``ETag``."""
    preset = readable_preset(preset_id, caller, services)
    response.headers["ETag"] = etag(preset)
    return view_of(preset, caller)


@router.patch("/{preset_id:no_verb}", responses=documented(NotFound, NameTaken, PreconditionFailed, InvalidInput))
def change_preset(
    *,
    preset_id: PresetId,
    change: PresetChange,
    caller: Caller,
    services: Serving,
    response: Response,
    if_match: IfMatch = None,
) -> PresetView:
    """Rename it, describe it, publish it, or give it another style."""
    params = impulse_responses.externalise(change.params, services.objects) if change.params else None
    now = services.clock()
    with services.catalog.transaction() as session:
        preset = presets.own(session, owner_id=caller.user_id, preset_id=preset_id, lock=True)
        check_unchanged(preset, if_match, what="preset")
        was = preset.visibility
        presets.change(
            session,
            preset,
            name=change.name,
            description=change.description,
            visibility=change.visibility,
            params=params,
            now=now,
        )
        if preset.visibility != was:
            action = "preset.published" if preset.visibility == "public" else "preset.withdrawn"
            audit.record(session, user_id=caller.user_id, action=action, target=preset.id, now=now)
    response.headers["ETag"] = etag(preset)
    return view_of(preset, caller)


@router.delete("/{preset_id:no_verb}", status_code=204, responses=documented(NotFound, PreconditionFailed))
def delete_preset(preset_id: PresetId, caller: Caller, services: Serving, if_match: IfMatch = None) -> None:
    """Soft: nobody finds it any more, and its name is free again."""
    with services.catalog.transaction() as session:
        preset = presets.own(session, owner_id=caller.user_id, preset_id=preset_id, lock=True)
        check_unchanged(preset, if_match, what="preset")
        presets.delete(preset, now=services.clock())


def save(
    session: Session,
    caller: Principal,
    services: Services,
    labels: Labels,
    params: StyleParams,
    *,
    source_match_id: Id | None = None,
) -> Preset:
    now = services.clock()
    preset = presets.create(
        session,
        owner_id=caller.user_id,
        name=labels.name,
        description=labels.description,
        visibility=labels.visibility,
        params=params,
        source_match_id=source_match_id,
        now=now,
    )
    if preset.visibility == "public":
        audit.record(session, user_id=caller.user_id, action="preset.published", target=preset.id, now=now)
    return preset


def readable_preset(preset_id: Id, caller: Principal, services: Services) -> Preset:
    with services.catalog.transaction() as session:
        return presets.readable(session, reader_id=caller.user_id, preset_id=preset_id)


def tell_created(response: Response, preset: Preset) -> None:
    response.status_code = 201
    response.headers.update({"ETag": etag(preset), "Location": f"/v1/presets/{preset.id}"})


def view_of(preset: Preset, caller: Principal) -> PresetView:
    summary = _summary(preset, caller)
    source_match_id = preset.source_match_id if summary["mine"] else None
    return PresetView(**summary, params=presets.style_of(preset), source_match_id=source_match_id)


def _summary(preset: Preset, caller: Principal) -> dict[str, Any]:
    return {
        "preset_id": preset.id,
        "name": preset.name,
        "description": preset.description,
        "visibility": preset.visibility,
        "mine": preset.owner_id == caller.user_id,
        "revision": preset.revision,
        "created_at": preset.created_at,
        "updated_at": preset.updated_at,
    }
