"""Accounts: register, log in, refresh, log out, and who am I."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from functions.api.middleware.errors import documented
from functions.api.services import Caller, Services, Serving
from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, SecretStr
from sqlalchemy.orm import Session

from soundstage.models.errors import Conflict, InvalidInput, TransientError, Unauthenticated
from soundstage.models.ids import Id
from soundstage.platform.catalog import accounts, audit
from soundstage.platform.catalog.tables import User
from soundstage.platform.security import ACCESS_TOKEN_LIFE, new_opaque_token, token_sha256

router = APIRouter(tags=["accounts"], responses=documented(InvalidInput, TransientError))


def _encodable(secret: SecretStr) -> SecretStr:
    """Raises UnicodeEncodeError, a ValueError, for half a surrogate pair."""
    secret.get_secret_value().encode()
    return secret


Secret = Annotated[SecretStr, AfterValidator(_encodable)]
# Long enough without rules about kinds of characters (NIST SP 800-63B-4 §3.1.1.2); bounded, because hashing costs.
Password = Annotated[Secret, Field(min_length=10, max_length=256)]
# The domain is case-insensitive, and in practice so is the rest.
Email = Annotated[EmailStr, AfterValidator(str.casefold), Field(max_length=254)]


class Credentials(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": "ada@example.org", "password": "correct horse battery"}]}
    )

    email: Email
    password: Password


class LogIn(BaseModel):
    email: Email
    # Whatever was good at registration stays good here.
    password: Annotated[Secret, Field(max_length=256)]


class RefreshRequest(BaseModel):
    refresh_token: Annotated[Secret, Field(max_length=256)]


class Me(BaseModel):
    user_id: Id
    email: str
    plan: str
    created_at: datetime


class Tokens(BaseModel):
    """A refresh token is good once: refreshing returns the next one, and using one twice ends the log-in."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  (a kind of token)
    expires_in: int = Field(default=int(ACCESS_TOKEN_LIFE.total_seconds()), description="Seconds.")
    refresh_token: str


class Registered(Tokens):
    user: Me


@router.post("/v1/auth/register", status_code=201, responses=documented(Conflict))
def register(credentials: Credentials, services: Serving) -> Registered:
    """Create an account, and log in."""
    password_hash = services.passwords.hash(credentials.password.get_secret_value())
    now = services.clock()
    with services.catalog.transaction() as session:
        user = accounts.register(session, email=credentials.email, password_hash=password_hash, now=now)
        audit.record(session, user_id=user.id, action="account.created", now=now)
        tokens = _start_session(session, services, user.id, now)
    return Registered(user=_me(user), **tokens.model_dump())


@router.post("/v1/auth/login", responses=documented(Unauthenticated))
def log_in(credentials: LogIn, services: Serving) -> Tokens:
    """A wrong password and an unknown address give the same answer, after the same time."""
    password = credentials.password.get_secret_value()
    now = services.clock()
    with services.catalog.transaction() as session:
        user = accounts.find_by_email(session, credentials.email)
    good = services.passwords.verify(user.password_hash if user else None, password)
    if user is None or not good:
        with services.catalog.transaction() as session:
            audit.record(session, user_id=user.id if user else None, action="session.refused", now=now)
        raise Unauthenticated("The e-mail address or the password is wrong.")
    with services.catalog.transaction() as session:
        if services.passwords.outdated(user.password_hash):
            session.get_one(User, user.id).password_hash = services.passwords.hash(password)
        return _start_session(session, services, user.id, now)


@router.post("/v1/auth/refresh", responses=documented(Unauthenticated))
def refresh(request: RefreshRequest, services: Serving) -> Tokens:
    """The next pair of tokens for a refresh token that was never used before."""
    successor = new_opaque_token()
    now = services.clock()
    with services.catalog.transaction() as session:
        rotation = accounts.rotate(
            session,
            token_sha256=token_sha256(request.refresh_token.get_secret_value()),
            successor_sha256=token_sha256(successor),
            now=now,
        )
        if rotation.reused_by is not None:
            audit.record(session, user_id=rotation.reused_by, action="session.reuse_detected", now=now)
    # After the transaction: what it revoked must stay revoked.
    if rotation.user_id is None:
        raise Unauthenticated("Log in again.")
    return Tokens(access_token=services.tokens.issue(rotation.user_id), refresh_token=successor)


@router.post("/v1/auth/logout", status_code=204)
def log_out(request: RefreshRequest, services: Serving) -> None:
    """End the log-in that this refresh token belongs to. Doing it again, or with a token of nobody, is fine."""
    now = services.clock()
    with services.catalog.transaction() as session:
        user_id = accounts.end_family(
            session, token_sha256=token_sha256(request.refresh_token.get_secret_value()), now=now
        )
        if user_id is not None:
            audit.record(session, user_id=user_id, action="session.ended", now=now)


@router.get("/v1/me", responses=documented(Unauthenticated))
def me(caller: Caller, services: Serving) -> Me:
    with services.catalog.transaction() as session:
        user = accounts.find(session, caller.user_id)
    if user is None:
        raise Unauthenticated("This account does not exist any more.")
    return _me(user)


@router.get("/.well-known/jwks.json")
def key_set(services: Serving) -> dict[str, Any]:
    """The public keys that access tokens are signed with (RFC 7517)."""
    return services.tokens.jwks()


def _start_session(session: Session, services: Services, user_id: Id, now: datetime) -> Tokens:
    token = new_opaque_token()
    accounts.start_family(session, user_id=user_id, token_sha256=token_sha256(token), now=now)
    audit.record(session, user_id=user_id, action="session.started", now=now)
    return Tokens(access_token=services.tokens.issue(user_id), refresh_token=token)


def _me(user: User) -> Me:
    return Me(user_id=user.id, email=user.email, plan=user.plan, created_at=user.created_at)
