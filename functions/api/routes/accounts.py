"""Accounts: register, log in, refresh, log out, and who am I."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from functions.api.middleware.errors import documented
from functions.api.services import Caller, Serving
from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, EmailStr, Field, SecretStr

from soundstage.models.errors import (
    BadRequest,
    Conflict,
    InvalidInput,
    PasswordTooEasy,
    TransientError,
    Unauthenticated,
)
from soundstage.models.ids import Id
from soundstage.platform.security import ACCESS_TOKEN_LIFE

router = APIRouter(tags=["accounts"], responses=documented(BadRequest, InvalidInput, TransientError))


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
        extra="forbid",
        json_schema_extra={"examples": [{"email": "ada@example.org", "password": "correct horse battery"}]},
    )

    email: Email
    password: Password


class LogIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    email: Email
    # Whatever was good at registration stays good here.
    password: Annotated[Secret, Field(max_length=256)]


class RefreshRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    refresh_token: Annotated[Secret, Field(max_length=256)]


class Me(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    user_id: Id = Field(validation_alias=AliasChoices("user_id", "id"))
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


@router.post("/v1/auth/register", status_code=201, responses=documented(Conflict, InvalidInput, PasswordTooEasy))
def register(credentials: Credentials, services: Serving) -> Registered:
    """Create an account, and log in. A password that is guessed at once is refused."""
    user, tokens = services.accounts.register(credentials.email, credentials.password.get_secret_value())
    return Registered(user=Me.model_validate(user), **asdict(tokens))


@router.post("/v1/auth/login", responses=documented(Unauthenticated))
def log_in(credentials: LogIn, services: Serving) -> Tokens:
    """A wrong password and an unknown address give the same answer, after the same time."""
    return Tokens(**asdict(services.accounts.log_in(credentials.email, credentials.password.get_secret_value())))


@router.post("/v1/auth/refresh", responses=documented(Unauthenticated))
def refresh(request: RefreshRequest, services: Serving) -> Tokens:
    """The next pair of tokens for a refresh token that was never used before."""
    return Tokens(**asdict(services.accounts.refresh(request.refresh_token.get_secret_value())))


@router.post("/v1/auth/logout", status_code=204)
def log_out(request: RefreshRequest, services: Serving) -> None:
    """End the log-in that this refresh token belongs to. Doing it again, or with a token of nobody, is fine."""
    services.accounts.log_out(request.refresh_token.get_secret_value())


@router.get("/v1/me", responses=documented(Unauthenticated))
def me(caller: Caller, services: Serving) -> Me:
    return Me.model_validate(services.accounts.user(caller.user_id))


@router.get("/.well-known/jwks.json")
def key_set(services: Serving) -> dict[str, Any]:
    """The public keys that access tokens are signed with (RFC 7517)."""
    return services.tokens.jwks()
