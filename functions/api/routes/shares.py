"""Shares: links to a track for people without an account."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Path, Request
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import ONCE
from functions.api.middleware.pagination import Cursor, Limit, Page, id_in, page_of
from functions.api.middleware.routers import signed_in_router
from functions.api.routes.tracks import TrackId
from functions.api.services import Caller, Serving, public_url
from pydantic import BaseModel, ConfigDict, Field

from soundstage.models.errors import (
    Conflict,
    IdempotencyMismatch,
    InvalidInput,
    NotFound,
)
from soundstage.models.ids import Id
from soundstage.platform.catalog import audit, shares
from soundstage.platform.catalog.shares import Share
from soundstage.platform.catalog.tracks import Tracks
from soundstage.platform.security import new_opaque_token, token_sha256

router = signed_in_router("/v1", "shares")


class ShareRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"expires_in_days": 30}]})

    expires_in_days: int | None = Field(default=30, ge=1, le=3650, description="null: until it is revoked.")


class ShareView(BaseModel):
    share_id: Id
    track_id: Id
    views: int = Field(description="How often its page was opened.")
    last_viewed_at: datetime | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class NewShare(ShareView):
    """The only time that the link is told: we keep no more than a hash of it."""

    token: str
    url: str


@router.post(
    "/tracks/{track_id}/share",
    status_code=201,
    dependencies=[ONCE],
    responses=documented(NotFound, Conflict, IdempotencyMismatch, InvalidInput),
)
def create_share(
    track_id: TrackId, caller: Caller, services: Serving, request: Request, wanted: ShareRequest | None = None
) -> NewShare:
    """A link that anyone may open, until it expires or is revoked."""
    wanted = wanted or ShareRequest()
    token = new_opaque_token()
    now = services.clock()
    expires_at = None if wanted.expires_in_days is None else now + timedelta(days=wanted.expires_in_days)
    with services.catalog.transaction() as session:
        track = services.rows(Tracks).get(session, owner_id=caller.user_id, subject_id=track_id)
        if not track.variants:
            raise Conflict("There is nothing to hear yet.", detail={"status": track.status})
        share = shares.create(
            session,
            owner_id=caller.user_id,
            track_id=track_id,
            token_sha256=token_sha256(token),
            expires_at=expires_at,
            now=now,
        )
        audit.record(session, user_id=caller.user_id, action="share.created", target=share.id, now=now)
    url = f"{public_url(request, services)}/s/{token}"
    return NewShare(**_view(share).model_dump(), token=token, url=url)


@router.get("/tracks/{track_id}/shares", responses=documented(NotFound))
def list_shares(
    track_id: TrackId, caller: Caller, services: Serving, limit: Limit = 20, cursor: Cursor = None
) -> Page[ShareView]:
    """Newest first, revoked and expired ones included."""
    before = id_in(cursor)
    with services.catalog.transaction() as session:
        services.rows(Tracks).get(session, owner_id=caller.user_id, subject_id=track_id)
        found = shares.list_page(session, owner_id=caller.user_id, track_id=track_id, limit=limit + 1, before=before)
    return page_of(found, limit, _view)


@router.delete("/shares/{share_id}", status_code=204, responses=documented(NotFound))
def revoke_share(
    share_id: Annotated[Id, Path(description="A share's id, not its token.")], caller: Caller, services: Serving
) -> None:
    """The link stops working at once. Revoking again is harmless."""
    now = services.clock()
    with services.catalog.transaction() as session:
        shares.revoke(session, owner_id=caller.user_id, share_id=share_id, now=now)
        audit.record(session, user_id=caller.user_id, action="share.revoked", target=share_id, now=now)


def _view(share: Share) -> ShareView:
    return ShareView(
        share_id=share.id,
        track_id=share.track_id,
        views=share.views,
        last_viewed_at=share.last_viewed_at,
        created_at=share.created_at,
        expires_at=share.expires_at,
        revoked_at=share.revoked_at,
    )
