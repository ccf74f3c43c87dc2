"""Accounts and their log-ins. A refresh token is good once; a second use ends all that came from its log-in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from soundstage.models.errors import Conflict
from soundstage.models.ids import Id, new_id
from soundstage.platform.catalog.tables import RefreshToken, User

REFRESH_TOKEN_LIFE = timedelta(days=30)


def register(session: Session, *, email: str, password_hash: str, now: datetime) -> User:
    """``email`` is normalised. Raises Conflict when it has an account already."""
    user_id = session.scalar(
        insert(User)
        .values(id=new_id(), email=email, password_hash=password_hash, created_at=now)
        .on_conflict_do_nothing(index_elements=[User.email])
        .returning(User.id)
    )
    if user_id is None:
        raise Conflict("This e-mail address has an account already; log in instead.")
    return session.get_one(User, user_id)


def find(session: Session, user_id: Id) -> User | None:
    return session.get(User, user_id)


def find_by_email(session: Session, email: str) -> User | None:
    return session.scalar(select(User).where(User.email == email))


def start_family(session: Session, *, user_id: Id, token_sha256: bytes, now: datetime) -> None:
    """A log-in: the first refresh token of a new family."""
    _add(session, user_id=user_id, family_id=new_id(), token_sha256=token_sha256, now=now)


@dataclass(frozen=True, slots=True)
class Rotation:
    """``user_id`` of a token that was good, and has been replaced; ``reused_by`` of one that had been used before."""

    user_id: Id | None = None
    reused_by: Id | None = None


def rotate(session: Session, *, token_sha256: bytes, successor_sha256: bytes, now: datetime) -> Rotation:
    """Use a refresh token up and put ``successor_sha256`` in its place. Of two racing uses one wins.

    A token that is used again was stolen, before or after: its family is revoked and the person logs in again
    (RFC 9700 §4.14.2). Unknown, expired and revoked tokens give an empty Rotation.
    """
    found = session.scalar(select(RefreshToken).where(RefreshToken.token_sha256 == token_sha256).with_for_update())
    if found is None or found.revoked_at is not None or found.expires_at <= now:
        return Rotation()
    if found.used_at is not None:
        _revoke(session, found.family_id, now)
        return Rotation(reused_by=found.user_id)
    found.used_at = now
    _add(session, user_id=found.user_id, family_id=found.family_id, token_sha256=successor_sha256, now=now)
    return Rotation(user_id=found.user_id)


def end_family(session: Session, *, token_sha256: bytes, now: datetime) -> Id | None:
    """Log out: revoke every token of this one's log-in. Returns whose it was; an unknown one is fine."""
    found = session.scalar(select(RefreshToken).where(RefreshToken.token_sha256 == token_sha256))
    if found is None:
        return None
    _revoke(session, found.family_id, now)
    return found.user_id


def _add(session: Session, *, user_id: Id, family_id: Id, token_sha256: bytes, now: datetime) -> None:
    token = RefreshToken(
        id=new_id(),
        user_id=user_id,
        family_id=family_id,
        token_sha256=token_sha256,
        issued_at=now,
        expires_at=now + REFRESH_TOKEN_LIFE,
    )
    session.add(token)


def _revoke(session: Session, family_id: Id, now: datetime) -> None:
    session.execute(
        update(RefreshToken)
        .where(RefreshToken.family_id == family_id, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )
