"""Accounts and log-ins: who may get tokens. Whatever happens to an account is in the audit log.

A password is tried at most so often per account and per address (``models.limits``); whoever guesses learns neither
that nor whether the account exists from the answer, and about nothing from its time.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from soundstage.models.errors import AccountBlocked, NotFound, RateLimited, Unauthenticated
from soundstage.models.ids import Id
from soundstage.models.limits import Limits, Rate
from soundstage.platform.aws.traffic import Counted
from soundstage.platform.catalog import accounts, audit, sessions
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.tables import LogIn, User
from soundstage.platform.log_ins import EndedTokens, LogIns
from soundstage.platform.security import (
    Passwords,
    Principal,
    check_password,
    new_opaque_token,
    token_sha256,
)

JUST_NOW = timedelta(minutes=5)
WRONG = "The e-mail address or the password is wrong."


@dataclass(frozen=True, slots=True)
class TokenPair:
    """The refresh token is good once: refreshing returns the next pair, and using one twice ends the log-in."""

    access_token: str
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks, as far as one can tell: its address, and what it calls itself."""

    address: str = ""
    device: str = ""


class Attempts(EndedTokens, Protocol):
    """The part of ``platform.aws.traffic.Traffic`` that log-ins use. Counting raises what its store raises."""

    def count(self, who: str, rate: Rate, *, what: str = "all") -> Counted: ...

    def give_back(self, who: str, rate: Rate, *, what: str = "all") -> None: ...


class Accounts:
    """``issue`` makes an access token for a user and a log-in."""

    def __init__(
        self,
        catalog: Catalog,
        passwords: Passwords,
        issue: Callable[[Id, Id], str],
        attempts: Attempts,
        limits: Limits,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._catalog = catalog
        self._passwords = passwords
        self._issue = issue
        self._attempts = attempts
        self._limits = limits
        self._clock = clock
        self._log_ins = LogIns(catalog, attempts, clock=clock)

    # Coming in

    def register(self, email: str, password: str, client: Client = Client()) -> tuple[User, TokenPair]:
        """Create an account, and log in. ``email`` is normalised.

        Raises:
            PasswordTooEasy: it is guessed at once.
            Conflict: the address has an account already.
            RateLimited: too many came from this address.
        """
        check_password(password, email)
        self._attempt(_address(client), self._limits.log_ins_per_address)
        password_hash = self._passwords.hash(password)
        now = self._clock()
        with self._catalog.transaction() as session:
            user = accounts.register(session, email=email, password_hash=password_hash, now=now)
            audit.record(session, user_id=user.id, action="account.created", now=now)
            return user, self._start_session(session, user.id, client, now)

    def log_in(self, email: str, password: str, client: Client = Client()) -> TokenPair:
        """Raises:
        Unauthenticated: for a wrong password as for an unknown address, after the same time.
        RateLimited: too many tries for this account, whether there is one or not, or from this address.
        AccountBlocked: for nobody but whoever knows the password.
        """
        with self._tried(email, client):
            with self._catalog.transaction() as session:
                user = accounts.find_by_email(session, email)
            self._check_password(user, password)
            assert user is not None  # noqa: S101  (checked)
        _check_not_blocked(user)
        with self._catalog.transaction() as session:
            if self._passwords.outdated(user.password_hash):
                session.get_one(User, user.id).password_hash = self._passwords.hash(password)
            return self._start_session(session, user.id, client, self._clock())

    def log_in_as(self, issuer: str, subject: str, email: str | None, client: Client) -> TokenPair:
        """Somebody whom another issuer vouches for. The first time an account is made.

        Raises:
            Unauthenticated: the first time, and the issuer has not verified an e-mail address.
            Conflict: the address has an account already: nobody gets into that by another issuer's word.
            AccountBlocked: it is.
        """
        now = self._clock()
        with self._catalog.transaction() as session:
            user = accounts.find_identity(session, issuer=issuer, subject=subject)
            if user is None:
                if email is None:
                    raise Unauthenticated("The issuer has not verified an e-mail address.")
                user = accounts.register(session, email=email, password_hash=accounts.NO_PASSWORD, now=now)
                accounts.add_identity(session, issuer=issuer, subject=subject, user_id=user.id, now=now)
                audit.record(session, user_id=user.id, action="account.created", now=now, payload={"issuer": issuer})
            _check_not_blocked(user)
            return self._start_session(session, user.id, client, now)

    def refresh(self, refresh_token: str) -> TokenPair:
        """The next pair. Raises Unauthenticated unless the token is good and was never used before."""
        successor = new_opaque_token()
        now = self._clock()
        with self._catalog.transaction() as session:
            rotation = sessions.rotate(
                session,
                token_sha256=token_sha256(refresh_token),
                successor_sha256=token_sha256(successor),
                now=now,
            )
            if rotation is not None and not rotation.good:
                audit.record(session, user_id=rotation.user_id, action="session.reuse_detected", now=now)
        # After the transaction: what it ended must stay ended.
        if rotation is not None and not rotation.good:
            self._log_ins.kill_tokens(rotation.user_id, [rotation.session_id])
        if rotation is None or not rotation.good:
            raise Unauthenticated("Log in again.")
        return TokenPair(self._issue(rotation.user_id, rotation.session_id), successor)

    # Going out

    def log_out(self, refresh_token: str) -> None:
        """End the log-in that this token belongs to. Doing it again, or with a token of nobody, is fine."""
        with self._catalog.transaction() as session:
            found = sessions.find(session, token_sha256=token_sha256(refresh_token))
        if found is not None:
            self._log_ins.end(found.user_id, [found.id])

    def sessions(self, user_id: Id) -> Sequence[LogIn]:
        """Those that are under way, newest first."""
        return self._log_ins.active(user_id)

    def end_session(self, user_id: Id, session_id: Id) -> None:
        """With its access tokens. Ending it again is harmless. Raises NotFound."""
        if not self._log_ins.end(user_id, [session_id]):
            raise NotFound("There is no such log-in.")

    def end_sessions(self, user_id: Id, *, but: Id | None = None) -> None:
        """All of them, ``but`` one, with their access tokens."""
        self._log_ins.end_all(user_id, but=but)

    def is_active(self, principal: Principal) -> bool:
        """Whether the log-in of an access token has not ended, by the catalog."""
        assert principal.session_id is not None  # noqa: S101  (access tokens have one)
        with self._catalog.transaction() as session:
            return sessions.is_active(session, user_id=principal.user_id, session_id=principal.session_id)

    # One's own account

    def user(self, user_id: Id) -> User:
        """Raises Unauthenticated for an account that does not exist any more."""
        with self._catalog.transaction() as session:
            return self._existing(session, user_id)

    def change_password(self, caller: Principal, *, old: str, new: str, client: Client) -> None:
        """All other log-ins end. Raises Unauthenticated, PasswordTooEasy and RateLimited."""
        user = self._proven(caller, old, client)
        check_password(new, user.email)
        password_hash = self._passwords.hash(new)
        now = self._clock()
        with self._catalog.transaction() as session:
            self._existing(session, user.id).password_hash = password_hash
            audit.record(session, user_id=user.id, action="account.password_changed", now=now)
        self.end_sessions(user.id, but=caller.session_id)

    def change_email(self, caller: Principal, *, password: str, email: str, client: Client) -> User:
        """Raises Unauthenticated, RateLimited, and Conflict for an address that has an account already."""
        user_id = self._proven(caller, password, client).id
        now = self._clock()
        with self._catalog.transaction() as session:
            user = self._existing(session, user_id)
            accounts.change_email(session, user, email)
            audit.record(session, user_id=user_id, action="account.email_changed", now=now)
            return user

    def delete(self, caller: Principal, *, password: str, client: Client) -> None:
        """Nothing of it is found any more; what it has in the bucket is erased by ``platform.erasure``.

        Raises Unauthenticated and RateLimited.
        """
        user_id = self._proven(caller, password, client).id
        now = self._clock()
        with self._catalog.transaction() as session:
            accounts.delete_account(session, self._existing(session, user_id), now=now)
            audit.record(session, user_id=user_id, action="account.deleted", now=now)
        self.end_sessions(user_id)

    def _proven(self, caller: Principal, password: str, client: Client) -> User:
        """The caller, who knows the password: a stolen token is not enough for this.

        Whoever logs in by another issuer has none, and proves it by having done so just now.
        """
        user = self.user(caller.user_id)
        if user.password_hash == accounts.NO_PASSWORD:
            self._check_recent(caller)
            return user
        with self._tried(user.email, client):
            self._check_password(user, password)
        return user

    def _check_recent(self, caller: Principal) -> None:
        mine = next((found for found in self.sessions(caller.user_id) if found.id == caller.session_id), None)
        if mine is None or self._clock() - mine.created_at > JUST_NOW:
            raise Unauthenticated("Log in again first: this takes a log-in of the last five minutes.")

    def _check_password(self, user: User | None, password: str) -> None:
        known = None if user is None or user.password_hash == accounts.NO_PASSWORD else user.password_hash
        if self._passwords.verify(known, password):
            return
        with self._catalog.transaction() as session:
            id_ = user.id if user else None
            audit.record(session, user_id=id_, action="session.refused", now=self._clock())
        raise Unauthenticated(WRONG)

    @contextmanager
    def _tried(self, email: str, client: Client) -> Iterator[None]:
        """Counts a password that is tried, before it is looked at: a hundred at once are a hundred.

        A good one does not count. Raises RateLimited.
        """
        counted = (
            (_address(client), self._limits.log_ins_per_address),
            # The address is personal, and this is kept for a day.
            (f"account#{hashlib.sha256(email.encode()).hexdigest()}", self._limits.log_ins_per_account),
        )
        for who, rate in counted:
            self._attempt(who, rate)
        yield
        for who, rate in counted:
            self._attempts.give_back(who, rate, what="log_in")

    def _attempt(self, who: str, rate: Rate) -> None:
        counted = self._attempts.count(who, rate, what="log_in")
        if not counted.allowed:
            raise RateLimited("Too many log-ins were tried; wait a little.", retry_after_s=counted.reset_s)

    def _existing(self, session: Session, user_id: Id) -> User:
        user = accounts.find(session, user_id)
        if user is None:
            raise Unauthenticated("This account does not exist any more.")
        return user

    def _start_session(self, session: Session, user_id: Id, client: Client, now: datetime) -> TokenPair:
        token = new_opaque_token()
        session_id = sessions.start(
            session, user_id=user_id, token_sha256=token_sha256(token), device=client.device, now=now
        )
        audit.record(session, user_id=user_id, action="session.started", target=session_id, now=now)
        return TokenPair(self._issue(user_id, session_id), token)


def _check_not_blocked(user: User) -> None:
    if user.blocked_at is not None:
        raise AccountBlocked


def _address(client: Client) -> str:
    return f"address#{client.address}"
