"""Accounts: register, log in, refresh, log out here and everywhere, change what is known of one, and go."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request
from functions.api.middleware.access import address_of
from functions.api.middleware.errors import documented
from functions.api.middleware.routers import signed_in_router
from functions.api.services import Caller, Serving
from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, EmailStr, Field, SecretStr

from soundstage.models.errors import (
    AccountBlocked,
    BadRequest,
    Conflict,
    DependencyUnavailable,
    InvalidInput,
    NotFound,
    PasswordTooEasy,
    RateLimited,
    TransientError,
    Unauthenticated,
)
from soundstage.models.ids import Id
from soundstage.platform.accounts import Client
from soundstage.platform.security import ACCESS_TOKEN_LIFE

router = APIRouter(tags=["accounts"], responses=documented(BadRequest, InvalidInput, TransientError))
own_router = signed_in_router("/v1/me", "accounts")
account_router = signed_in_router("/v1", "account")


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


class Proof(BaseModel):
    """An access token that somebody else has got hold of is not enough for this."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"password": "correct horse battery"}]})

    password: Annotated[Secret, Field(max_length=256)]


class PasswordChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    old_password: Annotated[Secret, Field(max_length=256)]
    new_password: Password


class EmailChange(Proof):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"password": "correct horse battery", "email": "ada@example.org"}]}
    )

    email: Email


class IdToken(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id_token: Annotated[Secret, Field(max_length=10_000)]
    nonce: str | None = Field(default=None, max_length=255, description="What the token was asked for with, if any.")


class SessionView(BaseModel):
    session_id: Id
    device: str = Field(description="What the client called itself at log-in (User-Agent).")
    current: bool = Field(description="The one that asks.")
    created_at: datetime
    last_used_at: datetime = Field(description="At log-in, or when its tokens were refreshed last.")
    expires_at: datetime = Field(description="When it ends unless it is refreshed before.")


class Sessions(BaseModel):
    items: list[SessionView]


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


def _client(request: Request) -> Client:
    return Client(address=address_of(request), device=request.headers.get("User-Agent", ""))


Asking = Annotated[Client, Depends(_client)]


@router.post(
    "/v1/auth/register", status_code=201, responses=documented(Conflict, InvalidInput, PasswordTooEasy, RateLimited)
)
def register(credentials: Credentials, client: Asking, services: Serving) -> Registered:
    """Create an account, and log in. A password that is guessed at once is refused."""
    user, tokens = services.accounts.register(credentials.email, credentials.password.get_secret_value(), client)
    return Registered(user=Me.model_validate(user), **asdict(tokens))


@router.post("/v1/auth/login", responses=documented(Unauthenticated, AccountBlocked, RateLimited))
def log_in(credentials: LogIn, client: Asking, services: Serving) -> Tokens:
    """A wrong password and an unknown address give the same answer, after the same time.

    Wrong ones are counted per account, existing or not, and per network address; after too many comes 429.
    """
    password = credentials.password.get_secret_value()
    return Tokens(**asdict(services.accounts.log_in(credentials.email, password, client)))


@router.post(
    "/v1/auth/oidc", responses=documented(NotFound, Unauthenticated, AccountBlocked, Conflict, DependencyUnavailable)
)
def log_in_elsewhere(request: IdToken, client: Asking, services: Serving) -> Tokens:
    """Log in by an ID token of the OpenID issuer that this stage trusts; the first time an account is made.

    404 where it trusts none. 409 where the e-mail address has an account with a password.
    """
    issuer = services.openid_issuer
    if issuer is None:
        raise NotFound("No other issuer is set up here.")
    vouched = issuer.verify(request.id_token.get_secret_value(), nonce=request.nonce)
    return Tokens(**asdict(services.accounts.log_in_as(issuer.issuer, vouched.subject, vouched.email, client)))


@router.post("/v1/auth/refresh", responses=documented(Unauthenticated))
def refresh(request: RefreshRequest, services: Serving) -> Tokens:
    """The next pair of tokens for a refresh token that was never used before."""
    return Tokens(**asdict(services.accounts.refresh(request.refresh_token.get_secret_value())))


@router.post("/v1/auth/logout", status_code=204)
def log_out(request: RefreshRequest, services: Serving) -> None:
    """End the log-in that this refresh token belongs to, its access tokens included.

    Doing it again, or with a token of nobody, is fine.
    """
    services.accounts.log_out(request.refresh_token.get_secret_value())


@account_router.get("/me")
def me(caller: Caller, services: Serving) -> Me:
    """Whose token or key this is."""
    return Me.model_validate(services.accounts.user(caller.user_id))


@own_router.post("/delete", status_code=204, responses=documented(RateLimited))
def delete_me(proof: Proof, client: Asking, caller: Caller, services: Serving) -> None:
    """Delete the account with all that it owns: at once nobody finds anything of it, and within the hour its files
    are removed for good. The address may register again. There is no way back."""
    services.accounts.delete(caller, password=proof.password.get_secret_value(), client=client)


@own_router.post("/password", status_code=204, responses=documented(InvalidInput, PasswordTooEasy, RateLimited))
def change_password(change: PasswordChange, client: Asking, caller: Caller, services: Serving) -> None:
    """All other log-ins end. API keys stay."""
    old, new = change.old_password.get_secret_value(), change.new_password.get_secret_value()
    services.accounts.change_password(caller, old=old, new=new, client=client)


@own_router.post("/email", responses=documented(Conflict, RateLimited))
def change_email(change: EmailChange, client: Asking, caller: Caller, services: Serving) -> Me:
    """The address that one logs in with. It is not written to."""
    password = change.password.get_secret_value()
    return Me.model_validate(
        services.accounts.change_email(caller, password=password, email=change.email, client=client)
    )


@own_router.get("/sessions")
def list_sessions(caller: Caller, services: Serving) -> Sessions:
    """Where one is logged in, newest first."""
    found = [
        SessionView(
            session_id=session.id,
            device=session.device,
            current=session.id == caller.session_id,
            created_at=session.created_at,
            last_used_at=session.last_used_at,
            expires_at=session.expires_at,
        )
        for session in services.accounts.sessions(caller.user_id)
    ]
    return Sessions(items=found)


@own_router.delete("/sessions", status_code=204)
def end_sessions(caller: Caller, services: Serving) -> None:
    """Log out everywhere, here included: no token of any log-in is good any more."""
    services.accounts.end_sessions(caller.user_id)


@own_router.delete("/sessions/{session_id}", status_code=204, responses=documented(NotFound))
def end_session(
    session_id: Annotated[Id, Path(description="A log-in's id.")], caller: Caller, services: Serving
) -> None:
    """Log out there. Ending it again is harmless."""
    services.accounts.end_session(caller.user_id, session_id)


@router.get("/.well-known/jwks.json")
def key_set(services: Serving) -> dict[str, Any]:
    """The public keys that access tokens are signed with (RFC 7517): the one in use, and while the secret is rolled the
    one before."""
    return services.tokens.jwks()
