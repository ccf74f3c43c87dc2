"""Model profiles: providers of your own for your films. Their keys go in and never come out."""

import time
from datetime import datetime
from typing import Annotated, Any

from fastapi import Header, Path, Response
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import ONCE
from functions.api.middleware.pagination import Cursor, Limit, Page, id_in, page_of
from functions.api.middleware.routers import signed_in_router
from functions.api.services import Caller, Services, Serving
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from soundstage.models.errors import (
    DependencyUnavailable,
    IdempotencyMismatch,
    InvalidInput,
    NotFound,
    PreconditionFailed,
    QuotaExceeded,
    SoundstageError,
)
from soundstage.models.ids import Id, new_id
from soundstage.models.profiles import ModelNode, ProfileKind, ProfileTerms, SealedProfile, recipient_of
from soundstage.models.text import OneLine, SomeLine
from soundstage.platform.catalog import audit, profiles
from soundstage.platform.catalog.revisions import check_unchanged, etag
from soundstage.platform.catalog.tables import ModelProfile
from soundstage.platform.envelope import SHORTEST_SECRET, seal
from soundstage.platform.profile_keys import key_of

router = signed_in_router("/v1/profiles", "profiles")

EXAMPLE: dict[str, Any] = {
    "name": "My painter",
    "terms": {
        "protocol": "openai_images",
        "url": "https://api.openai.com/v1",
        "model": "gpt-image-1",
        "price_usd": 0.06,
    },
    "api_key": "sk-…",
}

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), OneLine, SomeLine]
Key = Annotated[SecretStr, Field(min_length=1, max_length=4000, description="Kept sealed, and never shown again.")]
ProfileId = Annotated[Id, Path(description="A model profile's id.")]
IfMatch = Annotated[
    str | None, Header(alias="If-Match", max_length=200, description="The ETag of what you have seen; else 412.")
]


class NewProfile(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    name: Name
    terms: ProfileTerms
    api_key: Key | None = None


class ProfileChange(BaseModel):
    """What is null or left out stays. Whoever would get the key changes only together with it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "My other painter"}]})

    name: Name | None = None
    terms: ProfileTerms | None = None
    api_key: Key | None = None


class ProfileView(BaseModel):
    profile_id: Id = Field(description="What settings.providers names.")
    name: str
    kind: ProfileKind
    terms: ProfileTerms
    has_key: bool
    revision: int
    created_at: datetime
    updated_at: datetime


class ProfileTest(BaseModel):
    """``code`` and ``message`` say what went wrong."""

    ok: bool
    code: str | None = None
    message: str | None = None
    took_s: float


@router.post(
    "",
    status_code=201,
    dependencies=[ONCE],
    responses=documented(IdempotencyMismatch, InvalidInput, QuotaExceeded, DependencyUnavailable),
)
def create_profile(new: NewProfile, caller: Caller, services: Serving, response: Response) -> ProfileView:
    """Set up a provider. Nothing is asked of it yet (``/test`` does that)."""
    profile = SealedProfile(profile_id=new_id(), owner_id=caller.user_id, name=new.name, terms=new.terms)
    profile = _sealed(profile, new.api_key, services)
    now = services.clock()
    with services.catalog.transaction() as session:
        row = profiles.create(session, profile, now=now)
        audit.record(session, user_id=caller.user_id, action="profile.created", target=row.id, now=now)
    response.headers.update({"ETag": etag(row), "Location": f"/v1/profiles/{row.id}"})
    return _view(row)


@router.get("")
def list_profiles(caller: Caller, services: Serving, limit: Limit = 20, cursor: Cursor = None) -> Page[ProfileView]:
    """Yours, newest first."""
    before = id_in(cursor)
    with services.catalog.transaction() as session:
        found = profiles.list_page(session, owner_id=caller.user_id, limit=limit + 1, before=before)
    return page_of(found, limit, _view)


@router.get("/{profile_id}", responses=documented(NotFound))
def get_profile(profile_id: ProfileId, caller: Caller, services: Serving, response: Response) -> ProfileView:
    """Without its key."""
    with services.catalog.transaction() as session:
        row = profiles.own(session, owner_id=caller.user_id, profile_id=profile_id)
    response.headers["ETag"] = etag(row)
    return _view(row)


@router.patch("/{profile_id}", responses=documented(NotFound, PreconditionFailed, InvalidInput, DependencyUnavailable))
def change_profile(
    *,
    profile_id: ProfileId,
    change: ProfileChange,
    caller: Caller,
    services: Serving,
    response: Response,
    if_match: IfMatch = None,
) -> ProfileView:
    """Rename it, give it another key, or change what it is asked. Work that has begun goes on as it was."""
    now = services.clock()
    with services.catalog.transaction() as session:
        row = profiles.own(session, owner_id=caller.user_id, profile_id=profile_id, lock=True)
        check_unchanged(row, if_match, what="model profile")
        before = profiles.sealed_profile(row)
        changed = before.model_copy(update={"name": change.name or before.name, "terms": change.terms or before.terms})
        if change.api_key is not None:
            changed = _sealed(changed, change.api_key, services)
        elif before.sealed is not None and recipient_of(changed.terms) != recipient_of(before.terms):
            raise InvalidInput("Give the key again: what was changed decides who gets it.")
        profiles.write(row, changed, now=now)
        audit.record(session, user_id=caller.user_id, action="profile.changed", target=row.id, now=now)
    response.headers["ETag"] = etag(row)
    return _view(row)


@router.delete("/{profile_id}", status_code=204, responses=documented(NotFound, PreconditionFailed))
def delete_profile(profile_id: ProfileId, caller: Caller, services: Serving, if_match: IfMatch = None) -> None:
    """Its key is removed. Projects that name it are made by ours, and say so."""
    now = services.clock()
    with services.catalog.transaction() as session:
        row = profiles.own(session, owner_id=caller.user_id, profile_id=profile_id, lock=True)
        check_unchanged(row, if_match, what="model profile")
        profiles.delete(row, now=now)
        audit.record(session, user_id=caller.user_id, action="profile.deleted", target=row.id, now=now)


@router.post("/{profile_id}/test", responses=documented(NotFound))
def test_profile(profile_id: ProfileId, caller: Caller, services: Serving) -> ProfileTest:
    """Make the smallest call that tells whether the provider is there and takes the key; it may cost a little."""
    with services.catalog.transaction() as session:
        profile = profiles.sealed_profile(profiles.own(session, owner_id=caller.user_id, profile_id=profile_id))
    from soundstage.platform.profile_check import check_profile  # noqa: PLC0415  (clients of every provider: .1 s)

    began = time.monotonic()
    try:
        check_profile(profile.terms, key_of(profile, services.settings), public_only=services.settings.stage != "local")
    except SoundstageError as trouble:
        took_s = round(time.monotonic() - began, 3)
        return ProfileTest(ok=False, code=trouble.code, message=trouble.message, took_s=took_s)
    return ProfileTest(ok=True, took_s=round(time.monotonic() - began, 3))


def _sealed(profile: SealedProfile, key: SecretStr | None, services: Services) -> SealedProfile:
    if key is None:
        return profile
    if isinstance(profile.terms, ModelNode) and len(key.get_secret_value()) < SHORTEST_SECRET:
        raise InvalidInput(f"The secret that a node signs with has at least {SHORTEST_SECRET} characters.")
    return profile.model_copy(update={"sealed": seal(key, services.master_key, profile.bound_to)})


def _view(row: ModelProfile) -> ProfileView:
    profile = profiles.sealed_profile(row)
    return ProfileView(
        profile_id=row.id,
        name=row.name,
        kind=profile.kind,
        terms=profile.terms,
        has_key=profile.sealed is not None,
        revision=row.revision,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
