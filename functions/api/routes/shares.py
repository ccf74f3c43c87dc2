"""Shares: links to tracks, matches and films for people without an account."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Path, Query, Request
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import ONCE
from functions.api.middleware.pagination import Cursor, Limit, Page, id_in, page_of
from functions.api.middleware.routers import signed_in_router
from functions.api.services import Caller, Serving, public_url
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from soundstage.models.errors import (
    Conflict,
    IdempotencyMismatch,
    InvalidInput,
    NotFound,
)
from soundstage.models.ids import Id
from soundstage.platform.catalog import audit, shares
from soundstage.platform.catalog.films import Films
from soundstage.platform.catalog.matches import Matches
from soundstage.platform.catalog.product_rows import ProductRows
from soundstage.platform.catalog.shares import Kind, Share
from soundstage.platform.catalog.tracks import Tracks
from soundstage.platform.security import new_opaque_token, new_share_secret, token_sha256

router = signed_in_router("/v1", "shares")


class ShareRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"expires_in_days": 30}]})

    expires_in_days: int | None = Field(default=30, ge=1, le=3650, description="null: until it is revoked.")
    password: SecretStr | None = Field(
        default=None, min_length=6, max_length=256, description="What its visitors have to know besides the link."
    )


class ShareView(BaseModel):
    share_id: Id
    kind: Kind
    subject_id: Id = Field(description="The track, match or film.")
    track_id: Id | None = Field(description="The same, of a track.")
    has_password: bool
    views: int = Field(description="How often its page was opened.")
    last_viewed_at: datetime | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class ListedShare(ShareView):
    title: str | None = Field(description="Of the track, match or film; null once it was deleted.")


class NewShare(ShareView):
    """The only time that the link is told: we keep no more than a hash of it."""

    token: str
    url: str


def _routes(kind: Kind, rows: type[ProductRows[Any, Any]], made: Callable[[Any], bool], names: tuple[str, str]) -> None:
    """``POST /v1/{kind}s/{kind}_id/share`` and the list of its shares. ``made``: whether there is something to show."""
    collection = "matches" if kind == "match" else f"{kind}s"
    id_in_path = Annotated[Id, Path(alias=f"{kind}_id", description=f"A {kind}'s id.")]

    def create_share(
        subject_id: id_in_path,
        caller: Caller,
        services: Serving,
        request: Request,
        wanted: ShareRequest | None = None,
    ) -> NewShare:
        wanted = wanted or ShareRequest()
        token = new_opaque_token()
        now = services.clock()
        expires_at = None if wanted.expires_in_days is None else now + timedelta(days=wanted.expires_in_days)
        password = None if wanted.password is None else services.passwords.hash(wanted.password.get_secret_value())
        with services.catalog.transaction() as session:
            row = services.rows(rows).get(session, owner_id=caller.user_id, subject_id=subject_id)
            if not made(row):
                raise Conflict("There is nothing to hear or see yet.", detail={"status": row.status})
            share = shares.create(
                session,
                owner_id=caller.user_id,
                kind=kind,
                subject_id=subject_id,
                token_sha256=token_sha256(token),
                secret=new_share_secret(),
                password_hash=password,
                expires_at=expires_at,
                now=now,
            )
            audit.record(session, user_id=caller.user_id, action="share.created", target=share.id, now=now)
        url = f"{public_url(request, services)}/s/{token}"
        return NewShare(**_view(share).model_dump(), token=token, url=url)

    def list_shares(
        subject_id: id_in_path, caller: Caller, services: Serving, limit: Limit = 20, cursor: Cursor = None
    ) -> Page[ShareView]:
        before = id_in(cursor)
        with services.catalog.transaction() as session:
            services.rows(rows).get(session, owner_id=caller.user_id, subject_id=subject_id)
            found = shares.list_page(
                session, owner_id=caller.user_id, subject_id=subject_id, limit=limit + 1, before=before
            )
        return page_of(found, limit, _view)

    router.add_api_route(
        f"/{collection}/{{{kind}_id}}/share",
        create_share,
        methods=["POST"],
        status_code=201,
        dependencies=[ONCE],
        responses=documented(NotFound, Conflict, IdempotencyMismatch, InvalidInput),
        name=names[0],
        description="A link that anyone may open, until it expires or is revoked.",
    )
    router.add_api_route(
        f"/{collection}/{{{kind}_id}}/shares",
        list_shares,
        responses=documented(NotFound),
        name=names[1],
        description="Newest first, revoked and expired ones included.",
    )


_routes("track", Tracks, lambda track: bool(track.variants), ("create_share", "list_shares"))
_routes("match", Matches, lambda match: match.result is not None, ("share_match", "list_match_shares"))
_routes("film", Films, lambda film: film.files is not None, ("share_film", "list_film_shares"))


@router.get("/shares")
def list_all_shares(
    caller: Caller,
    services: Serving,
    limit: Limit = 20,
    cursor: Cursor = None,
    open_only: Annotated[bool, Query(description="Leave out those that were revoked or have expired.")] = False,
) -> Page[ListedShare]:
    """Of everything that one has shared, newest first."""
    open_at = services.clock() if open_only else None
    with services.catalog.transaction() as session:
        found = shares.list_page(
            session, owner_id=caller.user_id, open_at=open_at, limit=limit + 1, before=id_in(cursor)
        )
        titles = shares.titles(session, found)
    return page_of(
        found, limit, lambda share: ListedShare(**_view(share).model_dump(), title=titles.get(share.subject_id))
    )


@router.delete("/shares/{share_id}", status_code=204, responses=documented(NotFound))
def revoke_share(
    share_id: Annotated[Id, Path(description="A share's id, not its token.")], caller: Caller, services: Serving
) -> None:
    """The link stops working at once, and addresses of files that were got by it two minutes later.

    Revoking again is harmless.
    """
    now = services.clock()
    with services.catalog.transaction() as session:
        shares.revoke(session, owner_id=caller.user_id, share_id=share_id, now=now)
        audit.record(session, user_id=caller.user_id, action="share.revoked", target=share_id, now=now)


def _view(share: Share) -> ShareView:
    return ShareView(
        share_id=share.id,
        kind=share.kind,
        subject_id=share.subject_id,
        track_id=share.subject_id if share.kind == "track" else None,
        has_password=share.password_hash is not None,
        views=share.views,
        last_viewed_at=share.last_viewed_at,
        created_at=share.created_at,
        expires_at=share.expires_at,
        revoked_at=share.revoked_at,
    )
