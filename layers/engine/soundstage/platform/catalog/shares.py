"""Shares: a link to a track, a match or a film, for anyone who has it. It can be revoked, may expire and have a
password, and its visits are counted.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import CheckConstraint, ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from soundstage.models.errors import NotFound
from soundstage.models.ids import Id, new_id
from soundstage.platform.catalog.matches import Match
from soundstage.platform.catalog.product_rows import DELETED
from soundstage.platform.catalog.project_tables import Film
from soundstage.platform.catalog.tables import Base, User
from soundstage.platform.catalog.tracks import Track

Kind = Literal["track", "match", "film"]
Shared = Track | Match | Film

_ROWS: Final[dict[str, type[Track] | type[Match] | type[Film]]] = {"track": Track, "match": Match, "film": Film}


class Share(Base):
    """A link for people without an account. Only the hash of its token is kept.

    ``secret`` signs the addresses of its files.
    """

    __tablename__ = "shares"
    __table_args__ = (CheckConstraint("kind IN ('track', 'match', 'film')", name="kind"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(server_default="track")
    subject_id: Mapped[Id] = mapped_column(index=True)
    owner_id: Mapped[Id] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    token_sha256: Mapped[bytes] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    secret: Mapped[bytes]
    views: Mapped[int] = mapped_column(server_default="0")
    last_viewed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


def create(
    session: Session,
    *,
    owner_id: Id,
    kind: Kind,
    subject_id: Id,
    token_sha256: bytes,
    secret: bytes,
    password_hash: str | None,
    expires_at: datetime | None,
    now: datetime,
) -> Share:
    share = Share(
        id=new_id(),
        kind=kind,
        subject_id=subject_id,
        owner_id=owner_id,
        token_sha256=token_sha256,
        password_hash=password_hash,
        secret=secret,
        views=0,
        expires_at=expires_at,
        created_at=now,
    )
    session.add(share)
    return share


def list_page(
    session: Session,
    *,
    owner_id: Id,
    subject_id: Id | None = None,
    open_at: datetime | None = None,
    limit: int,
    before: Id | None,
) -> Sequence[Share]:
    """Newest first, those older than ``before``: of one thing or of all; those that are open then, or all."""
    query = select(Share).where(Share.owner_id == owner_id)
    if subject_id is not None:
        query = query.where(Share.subject_id == subject_id)
    if open_at is not None:
        query = query.where(Share.revoked_at.is_(None), Share.expires_at.is_(None) | (Share.expires_at > open_at))
    if before is not None:
        query = query.where(Share.id < before)
    return session.scalars(query.order_by(Share.id.desc()).limit(limit)).all()


def titles(session: Session, found: Sequence[Share]) -> dict[Id, str]:
    """Of what is shared, by its id; what was deleted is left out."""
    named: dict[Id, str] = {}
    for kind, row in _ROWS.items():
        ids = {share.subject_id for share in found if share.kind == kind}
        if ids:
            query = select(row.id, row.title).where(row.id.in_(ids), row.status != DELETED)
            named |= {found_row.id: found_row.title for found_row in session.execute(query)}
    return named


def revoke(session: Session, *, owner_id: Id, share_id: Id, now: datetime) -> Share:
    """Revoking again is harmless. Raises NotFound when there is no such share of this owner."""
    share = session.scalar(select(Share).where(Share.id == share_id, Share.owner_id == owner_id).with_for_update())
    if share is None:
        raise NotFound("There is no such share.")
    share.revoked_at = share.revoked_at or now
    return share


def open_shared(session: Session, *, token_sha256: bytes, now: datetime) -> tuple[Share, Shared] | None:
    """The share of this token and what it shows; None when it is unknown, revoked or expired, that is gone, or
    its owner is blocked.
    """
    share = session.scalar(
        select(Share)
        .join(User, User.id == Share.owner_id)
        .where(
            Share.token_sha256 == token_sha256,
            User.blocked_at.is_(None),
            Share.revoked_at.is_(None),
            Share.expires_at.is_(None) | (Share.expires_at > now),
        )
    )
    if share is None:
        return None
    row = _ROWS[share.kind]
    found: Shared | None = session.scalar(select(row).where(row.id == share.subject_id, row.status != DELETED))  # type: ignore[assignment]
    return None if found is None else (share, found)


def count_view(session: Session, share: Share, *, now: datetime) -> None:
    # Added by the database: two visits at once are two.
    session.execute(update(Share).where(Share.id == share.id).values(views=Share.views + 1, last_viewed_at=now))
