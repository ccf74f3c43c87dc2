"""Passwords and tokens: Argon2id, short-lived signed access tokens with a published key set, opaque tokens by hash."""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, OKPKey
from pydantic import BaseModel, ConfigDict, SecretStr

from soundstage.models.errors import PasswordTooEasy, Unauthenticated
from soundstage.models.ids import Id, new_id

ACCESS_TOKEN_LIFE = timedelta(minutes=15)
# Clocks of two machines differ; a token must be good wherever its first request comes, and not only a second later.
CLOCK_SKEW = timedelta(seconds=5)
AUDIENCE = "soundstage"
# "EdDSA" is deprecated for the fully specified name of its curve: RFC 9864 §2.2.
ALGORITHM = "Ed25519"
# Of a password: zxcvbn refuses to look at more than 72 characters, and these are long enough.
MOST_JUDGED = 72
EASY_BELOW = 2
"""zxcvbn's score: 0 below 10³ guesses, 1 below 10⁶, 2 below 10⁸, 3 below 10¹⁰."""
# 256 bits: nobody guesses it, so a fast hash in the database is enough.
_OPAQUE_TOKEN_BYTES = 32


def check_password(password: str, email: str) -> None:
    """Leaked passwords, words, names, dates, rows of keys and what it has of the address count as guessed (NIST SP
    800-63B-4 §3.1.1.2; D. Wheeler, zxcvbn, USENIX Security 2016).

    Raises PasswordTooEasy where fewer than a million guesses find it.
    """
    from zxcvbn import zxcvbn  # noqa: PLC0415  (its lists take .1 s, and most requests register nobody)

    known = ["soundstage", email, *email.replace("@", ".").split(".")]
    if zxcvbn(_normalised(password)[:MOST_JUDGED], user_inputs=known)["score"] < EASY_BELOW:
        raise PasswordTooEasy("This password is among the first that are tried; take a few unusual words.")


class Passwords:
    """Argon2id with the second recommended parameters of RFC 9106 §4 (64 MiB, 3 passes, 4 lanes)."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)

    def hash(self, password: str) -> str:
        return self._hasher.hash(_normalised(password))

    def verify(self, password_hash: str | None, password: str) -> bool:
        """``None`` for an unknown account: takes as long as a wrong password does, and is False."""
        try:
            self._hasher.verify(password_hash or self._nobodys_hash, _normalised(password))
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    def outdated(self, password_hash: str) -> bool:
        """Made with other parameters than today's: hash it again at the next log-in."""
        return self._hasher.check_needs_rehash(password_hash)

    @cached_property
    def _nobodys_hash(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe())


def _normalised(password: str) -> str:
    """The same characters however a keyboard composes them (NIST SP 800-63B-4 §3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


API_KEY = "sk_"
"""What API keys begin with, so that people and scanners of leaked secrets know one."""
_PREFIX_BYTES = 5  # 8 characters of base32: 40 bits, unique by the database


def new_api_key() -> tuple[str, str]:
    """A key for programs, and the part of it that is no secret: ``sk_k3bq7xm2_…`` and ``sk_k3bq7xm2``."""
    prefix = API_KEY + base64.b32encode(secrets.token_bytes(_PREFIX_BYTES)).decode().lower()
    return f"{prefix}_{new_opaque_token()}", prefix


def key_prefix(key: str) -> str:
    """The part that finds an API key's row; "" for what is none."""
    kind, _, rest = key.partition("_")
    name, divided, _ = rest.partition("_")
    return f"{kind}_{name}" if f"{kind}_" == API_KEY and divided else ""


def new_opaque_token() -> str:
    """A refresh or share token: 43 URL-safe characters."""
    return secrets.token_urlsafe(_OPAQUE_TOKEN_BYTES)


def new_share_secret() -> bytes:
    """What signs the addresses of one share's files."""
    return secrets.token_bytes(_OPAQUE_TOKEN_BYTES)


def token_sha256(token: str) -> bytes:
    """What is stored and looked up in place of an opaque token."""
    return hashlib.sha256(token.encode()).digest()


class RotatedSecret(BaseModel):
    """Random text, as a secret store generates it: what access tokens are signed with (at least 32 characters), or what
    CloudFront shows the API.

    To rotate, move ``current`` to ``previous`` and put a new text in its place; ``previous`` may go when the last token
    signed with it has expired, or CloudFront shows the new one everywhere.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    current: SecretStr
    previous: SecretStr | None = None

    def fits(self, text: str) -> bool:
        """Compared in constant time."""
        known = [each.get_secret_value().encode() for each in (self.current, self.previous) if each is not None]
        return any(hmac.compare_digest(text.encode(), each) for each in known)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a person by a log-in, or a program by an API key that may do what its ``scopes`` say."""

    user_id: Id
    session_id: Id | None = None
    key_id: Id | None = None
    scopes: frozenset[str] = frozenset()


class UnknownKey(Unauthenticated):
    """A token signed with no key of ours: somebody else's, or one made since the secret was read."""


class AccessTokens:
    """Signs and checks access tokens (JWT, RFC 9068) with Ed25519 keys derived from a RotatedSecret.

    A key is derived rather than stored: a secret store can then generate and rotate it without any code of ours.
    """

    def __init__(self, secret: RotatedSecret, *, issuer: str, clock: Callable[[], datetime]) -> None:
        self._issuer = issuer
        self._clock = clock
        self._signing_key = _derive_key(secret.current)
        previous = [] if secret.previous is None else [_derive_key(secret.previous)]
        self._keys = KeySet([self._signing_key, *previous])

    def issue(self, user_id: Id, session_id: Id) -> str:
        """``session_id`` names the log-in that the token dies with."""
        now = int(self._clock().timestamp())
        claims = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": user_id,
            "sid": session_id,
            "iat": now,
            "exp": now + int(ACCESS_TOKEN_LIFE.total_seconds()),
            "jti": new_id(),
        }
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": self._signing_key.kid}
        return jwt.encode(header, claims, self._signing_key, algorithms=[ALGORITHM])

    def verify(self, token: str) -> Principal:
        """Raises Unauthenticated for anything but a token of ours that is good now."""
        claims = jwt.JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            leeway=int(CLOCK_SKEW.total_seconds()),
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": AUDIENCE},
            sub={"essential": True},
            sid={"essential": True},
            exp={"essential": True},
        )
        try:
            found = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
            claims.validate(found.claims)
        except InvalidKeyIdError as error:
            raise UnknownKey("The access token is not valid, or has expired.") from error
        except (JoseError, ValueError, TypeError) as error:  # TypeError: a header that no honest issuer writes
            raise Unauthenticated("The access token is not valid, or has expired.") from error
        if found.header.get("typ") != "at+jwt":
            raise Unauthenticated("This is not an access token.")
        ids = found.claims["sub"], found.claims["sid"]
        if not all(isinstance(id_, str) for id_ in ids):
            raise Unauthenticated("This is not an access token.")
        return Principal(user_id=ids[0], session_id=ids[1])

    def jwks(self) -> dict[str, Any]:
        """The public keys, for ``/.well-known/jwks.json`` (RFC 7517)."""
        return dict(self._keys.as_dict(private=False))


def _derive_key(secret: SecretStr) -> OKPKey:
    text = secret.get_secret_value()
    if len(text) < 32:
        raise ValueError("the signing secret is shorter than 32 characters")
    return OKPKey.derive_key(
        text,
        "Ed25519",
        {"alg": ALGORITHM, "use": "sig"},
        auto_kid=True,
        kdf_options={"salt": b"soundstage", "info": b"access-token/1"},
    )
