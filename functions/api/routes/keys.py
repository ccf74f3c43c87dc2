"""API keys: for programs, with the scopes and the time that they need."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Path, Query
from functions.api.middleware.errors import documented
from functions.api.middleware.pagination import Cursor, Limit, Page, id_in, page_of
from functions.api.middleware.routers import signed_in_router
from functions.api.services import Caller, Serving
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from soundstage.models.errors import NotFound, QuotaExceeded
from soundstage.models.ids import Id
from soundstage.models.scopes import SCOPES, Scope
from soundstage.models.text import OneLine, SomeLine
from soundstage.platform.catalog import api_keys
from soundstage.platform.catalog.tables import ApiKey
from soundstage.platform.push.reading import SUBSCRIPTION_LIFE_S

router = signed_in_router("/v1/keys", "api keys")


class KeyRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "nightly import", "scopes": ["assets:write", "tracks:write"]}]},
    )

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), OneLine, SomeLine]
    scopes: list[Scope] = Field(min_length=1, max_length=len(SCOPES), description=f"Of: {', '.join(SCOPES)}.")
    expires_in_days: int | None = Field(default=90, ge=1, le=3650, description="null: until it is revoked.")


class KeyView(BaseModel):
    """``prefix`` is the beginning of the key: no secret, and enough to find it by."""

    key_id: Id
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute.")
    revoked_at: datetime | None


class NewKey(KeyView):
    """The only time that the key is told: we keep no more than a hash of it."""

    key: str


@router.post("", status_code=201, responses=documented(QuotaExceeded))
def create_key(wanted: KeyRequest, caller: Caller, services: Serving) -> NewKey:
    """A key for a program of yours. It cannot make other keys, nor touch the account."""
    days = wanted.expires_in_days
    expires_at = None if days is None else services.clock() + timedelta(days=days)
    made, key = services.api_keys.create(caller.user_id, name=wanted.name, scopes=wanted.scopes, expires_at=expires_at)
    return NewKey(**_view(made).model_dump(), key=key)


@router.get("")
def list_keys(
    caller: Caller,
    services: Serving,
    prefix: Annotated[
        str | None, Query(max_length=100, description="Of the key, as much as one remembers: `sk_k3b`.")
    ] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[KeyView]:
    """Newest first, revoked and expired ones included."""
    before = id_in(cursor)
    with services.catalog.transaction() as session:
        found = api_keys.list_page(session, owner_id=caller.user_id, prefix=prefix, limit=limit + 1, before=before)
    return page_of(found, limit, _view)


@router.delete("/{key_id}", status_code=204, responses=documented(NotFound))
def revoke_key(
    key_id: Annotated[Id, Path(description="A key's id, not the key.")], caller: Caller, services: Serving
) -> None:
    """From the next request on it is refused, and what it subscribed to ends. Revoking again is harmless."""
    services.api_keys.revoke(caller.user_id, key_id)
    services.traffic.end_sessions(caller.user_id, [key_id], token_life_s=SUBSCRIPTION_LIFE_S)


def _view(key: ApiKey) -> KeyView:
    return KeyView(
        key_id=key.id,
        name=key.name,
        prefix=key.prefix,
        scopes=key.scopes,
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        revoked_at=key.revoked_at,
    )
