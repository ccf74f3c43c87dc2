"""API keys: ``sk_{8 characters}_{secret}``. Only a hash is kept; the part before the secret finds the row."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from soundstage.models.errors import NotFound, QuotaExceeded
from soundstage.models.ids import Id, new_id
from soundstage.platform.catalog.tables import ApiKey, User

LAST_USED_EVERY = timedelta(minutes=1)


def create(
    session: Session,
    *,
    owner_id: Id,
    name: str,
    prefix: str,
    key_sha256: bytes,
    scopes: Sequence[str],
    expires_at: datetime | None,
    most: int,
    now: datetime,
) -> ApiKey:
    """Raises QuotaExceeded for one who has ``most`` that work."""
    session.execute(select(User.id).where(User.id == owner_id).with_for_update())  # two at once are counted, too
    working = ApiKey.revoked_at.is_(None), or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now)
    count = session.scalar(select(func.count()).select_from(ApiKey).where(ApiKey.owner_id == owner_id, *working)) or 0
    if count >= most:
        raise QuotaExceeded(f"You have {count} keys, the most there may be; revoke one first.", detail={"most": most})
    key = ApiKey(
        id=new_id(),
        owner_id=owner_id,
        name=name,
        prefix=prefix,
        key_sha256=key_sha256,
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=expires_at,
    )
    session.add(key)
    return key


def find(session: Session, prefix: str) -> ApiKey | None:
    return session.scalar(select(ApiKey).where(ApiKey.prefix == prefix))


def list_page(session: Session, *, owner_id: Id, prefix: str | None, limit: int, before: Id | None) -> Sequence[ApiKey]:
    """Newest first, revoked and expired ones included; of ``prefix`` as much as one remembers."""
    query = select(ApiKey).where(ApiKey.owner_id == owner_id)
    if prefix:
        query = query.where(ApiKey.prefix.startswith(prefix, autoescape=True))
    if before is not None:
        query = query.where(ApiKey.id < before)
    return session.scalars(query.order_by(ApiKey.id.desc()).limit(limit)).all()


def revoke(session: Session, *, owner_id: Id, key_id: Id, now: datetime) -> None:
    """Revoking again is harmless. Raises NotFound."""
    key = session.scalar(select(ApiKey).where(ApiKey.id == key_id, ApiKey.owner_id == owner_id).with_for_update())
    if key is None:
        raise NotFound("There is no such key.")
    key.revoked_at = key.revoked_at or now


def used(session: Session, key: ApiKey, *, now: datetime) -> None:
    """Written at most once a minute, however many ask at once."""
    if key.last_used_at is None or now - key.last_used_at >= LAST_USED_EVERY:
        seldom = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at <= now - LAST_USED_EVERY)
        session.execute(update(ApiKey).where(ApiKey.id == key.id, seldom).values(last_used_at=now))
