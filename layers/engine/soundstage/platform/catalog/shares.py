"""Shares: a link to one track, for anyone who has it. It can be revoked, it may expire, and its visits are counted."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from soundstage.models.errors import NotFound
from soundstage.models.ids import Id, new_id
from soundstage.models.tracks import TrackStatus
from soundstage.platform.catalog.tables import Base, User
from soundstage.platform.catalog.tracks import Track


class Share(Base):
    """A link to one track for people without an account. Only the hash of its token is kept."""

    __tablename__ = "shares"

    id: Mapped[Id] = mapped_column(primary_key=True)
    track_id: Mapped[Id] = mapped_column(ForeignKey(Track.id, ondelete="CASCADE"), index=True)
    owner_id: Mapped[Id] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    token_sha256: Mapped[bytes] = mapped_column(unique=True)
    views: Mapped[int] = mapped_column(server_default="0")
    last_viewed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


def create(
    session: Session, *, owner_id: Id, track_id: Id, token_sha256: bytes, expires_at: datetime | None, now: datetime
) -> Share:
    share = Share(
        id=new_id(),
        track_id=track_id,
        owner_id=owner_id,
        token_sha256=token_sha256,
        views=0,
        expires_at=expires_at,
        created_at=now,
    )
    session.add(share)
    return share


def list_page(session: Session, *, owner_id: Id, track_id: Id, limit: int, before: Id | None) -> Sequence[Share]:
    """Newest first, those older than ``before``, revoked and expired ones included."""
    query = select(Share).where(Share.owner_id == owner_id, Share.track_id == track_id)
    if before is not None:
        query = query.where(Share.id < before)
    return session.scalars(query.order_by(Share.id.desc()).limit(limit)).all()


def revoke(session: Session, *, owner_id: Id, share_id: Id, now: datetime) -> Share:
    """Revoking again is harmless. Raises NotFound when there is no such share of this owner."""
    share = session.scalar(select(Share).where(Share.id == share_id, Share.owner_id == owner_id).with_for_update())
    if share is None:
        raise NotFound("There is no such share.")
    share.revoked_at = share.revoked_at or now
    return share


def open_track(session: Session, *, token_sha256: bytes, now: datetime) -> tuple[Share, Track] | None:
    """The share of this token and its track, or None when it is unknown, revoked or expired, or the track is gone."""
    found = session.execute(
        select(Share, Track)
        .join(Track, Track.id == Share.track_id)
        .where(
            Share.token_sha256 == token_sha256,
            Share.revoked_at.is_(None),
            Share.expires_at.is_(None) | (Share.expires_at > now),
            Track.status != TrackStatus.DELETED,
        )
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def count_view(session: Session, share: Share, *, now: datetime) -> None:
    # Added by the database: two visits at once are two.
    session.execute(update(Share).where(Share.id == share.id).values(views=Share.views + 1, last_viewed_at=now))
