"""Accounts and log-ins: who may get tokens. Whatever happens to an account is in the audit log."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from soundstage.models.errors import Unauthenticated
from soundstage.models.ids import Id
from soundstage.platform.catalog import accounts, audit
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.tables import User
from soundstage.platform.security import Passwords, check_password, new_opaque_token, token_sha256


@dataclass(frozen=True, slots=True)
class TokenPair:
    """The refresh token is good once: refreshing returns the next pair, and using one twice ends the log-in."""

    access_token: str
    refresh_token: str


class Accounts:
    """``issue`` makes an access token for a user."""

    def __init__(
        self,
        catalog: Catalog,
        passwords: Passwords,
        issue: Callable[[Id], str],
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._catalog = catalog
        self._passwords = passwords
        self._issue = issue
        self._clock = clock

    def register(self, email: str, password: str) -> tuple[User, TokenPair]:
        """Create an account, and log in. ``email`` is normalised.

        Raises:
            PasswordTooEasy: it is guessed at once.
            Conflict: the address has an account already.
        """
        check_password(password, email)
        password_hash = self._passwords.hash(password)
        now = self._clock()
        with self._catalog.transaction() as session:
            user = accounts.register(session, email=email, password_hash=password_hash, now=now)
            audit.record(session, user_id=user.id, action="account.created", now=now)
            return user, self._start_session(session, user.id, now)

    def log_in(self, email: str, password: str) -> TokenPair:
        """Raises Unauthenticated: for a wrong password as for an unknown address, after the same time."""
        now = self._clock()
        with self._catalog.transaction() as session:
            user = accounts.find_by_email(session, email)
        good = self._passwords.verify(user.password_hash if user else None, password)
        if user is None or not good:
            with self._catalog.transaction() as session:
                audit.record(session, user_id=user.id if user else None, action="session.refused", now=now)
            raise Unauthenticated("The e-mail address or the password is wrong.")
        with self._catalog.transaction() as session:
            if self._passwords.outdated(user.password_hash):
                session.get_one(User, user.id).password_hash = self._passwords.hash(password)
            return self._start_session(session, user.id, now)

    def refresh(self, refresh_token: str) -> TokenPair:
        """The next pair. Raises Unauthenticated unless the token is good and was never used before."""
        successor = new_opaque_token()
        now = self._clock()
        with self._catalog.transaction() as session:
            rotation = accounts.rotate(
                session,
                token_sha256=token_sha256(refresh_token),
                successor_sha256=token_sha256(successor),
                now=now,
            )
            if rotation.reused_by is not None:
                audit.record(session, user_id=rotation.reused_by, action="session.reuse_detected", now=now)
        # After the transaction: what it revoked must stay revoked.
        if rotation.user_id is None:
            raise Unauthenticated("Log in again.")
        return TokenPair(self._issue(rotation.user_id), successor)

    def log_out(self, refresh_token: str) -> None:
        """End the log-in that this token belongs to. Doing it again, or with a token of nobody, is fine."""
        now = self._clock()
        with self._catalog.transaction() as session:
            user_id = accounts.end_family(session, token_sha256=token_sha256(refresh_token), now=now)
            if user_id is not None:
                audit.record(session, user_id=user_id, action="session.ended", now=now)

    def user(self, user_id: Id) -> User:
        """Raises Unauthenticated for an account that does not exist any more."""
        with self._catalog.transaction() as session:
            user = accounts.find(session, user_id)
        if user is None:
            raise Unauthenticated("This account does not exist any more.")
        return user

    def _start_session(self, session: Session, user_id: Id, now: datetime) -> TokenPair:
        token = new_opaque_token()
        accounts.start_family(session, user_id=user_id, token_sha256=token_sha256(token), now=now)
        audit.record(session, user_id=user_id, action="session.started", now=now)
        return TokenPair(self._issue(user_id), token)
