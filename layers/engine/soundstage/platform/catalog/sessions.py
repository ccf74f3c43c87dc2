"""Log-ins. A refresh token is good once; a second use ends the log-in that it came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from soundstage.models.ids import Id, new_id
from soundstage.platform.catalog.tables import LogIn, RefreshToken

REFRESH_TOKEN_LIFE = timedelta(days=30)
_LONGEST_DEVICE = 200


def start(session: Session, *, user_id: Id, token_sha256: bytes, device: str, now: datetime) -> Id:
    """A log-in with its first refresh token. ``device`` is what the client calls itself."""
    made = LogIn(
        id=new_id(),
        user_id=user_id,
        device=device[:_LONGEST_DEVICE],
        created_at=now,
        last_used_at=now,
        expires_at=now + REFRESH_TOKEN_LIFE,
    )
    session.add(made)
    session.flush()
    _add(session, user_id=user_id, session_id=made.id, token_sha256=token_sha256, now=now)
    return made.id


@dataclass(frozen=True, slots=True)
class Rotation:
    """Whose log-in it is. ``good``: the token is replaced; else it was used before, and the log-in has ended."""

    user_id: Id
    session_id: Id
    good: bool


def rotate(session: Session, *, token_sha256: bytes, successor_sha256: bytes, now: datetime) -> Rotation | None:
    """Use a refresh token up and put ``successor_sha256`` in its place. Of two racing uses one wins.

    A token that is used again was stolen, before or after: its log-in ends and the person logs in again (RFC 9700
    §4.14.2). None for tokens that are unknown, expired, or of a log-in that has ended.
    """
    token = session.scalar(select(RefreshToken).where(RefreshToken.token_sha256 == token_sha256).with_for_update())
    if token is None or token.expires_at <= now:
        return None
    log_in = session.get_one(LogIn, token.session_id, with_for_update=True)
    if log_in.ended_at is not None:
        return None
    if token.used_at is not None:
        log_in.ended_at = now
        return Rotation(token.user_id, log_in.id, good=False)
    token.used_at = log_in.last_used_at = now
    log_in.expires_at = now + REFRESH_TOKEN_LIFE
    _add(session, user_id=token.user_id, session_id=log_in.id, token_sha256=successor_sha256, now=now)
    return Rotation(token.user_id, log_in.id, good=True)


def find(session: Session, *, token_sha256: bytes) -> LogIn | None:
    """Which log-in a refresh token belongs to."""
    query = select(LogIn).join(RefreshToken, RefreshToken.session_id == LogIn.id)
    return session.scalar(query.where(RefreshToken.token_sha256 == token_sha256))


def active(session: Session, user_id: Id, *, now: datetime) -> Sequence[LogIn]:
    """Newest first."""
    query = select(LogIn).where(LogIn.user_id == user_id, LogIn.ended_at.is_(None), LogIn.expires_at > now)
    return session.scalars(query.order_by(LogIn.id.desc())).all()


def is_active(session: Session, *, user_id: Id, session_id: Id) -> bool:
    """Whether its access tokens are good, as long as they last."""
    query = select(LogIn.id).where(LogIn.id == session_id, LogIn.user_id == user_id, LogIn.ended_at.is_(None))
    return session.scalar(query) is not None


def end(session: Session, user_id: Id, session_ids: Sequence[Id], *, now: datetime) -> list[Id]:
    """End these of one's log-ins. Returns those that are his, those that had ended before, too."""
    mine = LogIn.user_id == user_id, LogIn.id.in_(session_ids)
    session.execute(update(LogIn).where(*mine, LogIn.ended_at.is_(None)).values(ended_at=now))
    return list(session.scalars(select(LogIn.id).where(*mine)))


def _add(session: Session, *, user_id: Id, session_id: Id, token_sha256: bytes, now: datetime) -> None:
    token = RefreshToken(
        id=new_id(),
        user_id=user_id,
        session_id=session_id,
        token_sha256=token_sha256,
        issued_at=now,
        expires_at=now + REFRESH_TOKEN_LIFE,
    )
    session.add(token)
