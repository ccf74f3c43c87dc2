"""Log-ins of another OpenID issuer (OpenID Connect Core 1.0 §3.1.3.7): its ID tokens, checked with its published keys.

The issuer is named by a setting, its keys come from its own discovery document, and nothing that a token's header says
(``jku``, ``x5u``, ``jwk``) is followed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from soundstage.models.errors import DependencyUnavailable, Unauthenticated
from soundstage.platform.security import CLOCK_SKEW

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "Ed25519", "EdDSA")
"""With a public key all of them: what an issuer publishes signs nothing."""
MAX_BYTES: Final = 1 << 20
TIMEOUT_S: Final = 5.0
READ_AGAIN_AFTER: Final = timedelta(minutes=1)
"""Keys, for a token of an unknown one: anybody can send such tokens."""

REFUSED = "The ID token is not valid, or has expired."


@dataclass(frozen=True, slots=True)
class Vouched:
    """``email`` only where the issuer has verified it."""

    subject: str
    email: str | None


class OpenIdIssuer:
    """``client_id`` is what the issuer calls us: the audience of its tokens."""

    def __init__(self, issuer: str, client_id: str, *, clock: Callable[[], datetime]) -> None:
        self.issuer = issuer
        self._client_id = client_id
        self._clock = clock
        self._keys: KeySet | None = None
        self._read_at: datetime | None = None

    def verify(self, id_token: str, *, nonce: str | None = None) -> Vouched:
        """Who it is for.

        Raises:
            Unauthenticated: anything but a token of this issuer for us that is good now, with this ``nonce`` if any.
            DependencyUnavailable: the issuer's keys cannot be had.
        """
        claims = self._decoded(id_token)
        checks = jwt.JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            leeway=int(CLOCK_SKEW.total_seconds()),
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self._client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            checks.validate(dict(claims))
        except (JoseError, ValueError, TypeError) as error:
            raise Unauthenticated(REFUSED) from error
        subject, email, audience = claims["sub"], claims.get("email"), claims["aud"]
        several = isinstance(audience, list) and len(audience) > 1
        foreign = claims.get("azp", self._client_id) != self._client_id or (several and "azp" not in claims)
        if foreign or not isinstance(subject, str) or claims.get("nonce") != nonce:
            raise Unauthenticated(REFUSED)
        verified = claims.get("email_verified") is True and isinstance(email, str)
        return Vouched(subject, email.casefold() if verified and isinstance(email, str) else None)

    def _decoded(self, token: str) -> Mapping[str, Any]:
        try:
            return self._with(self._known(), token)
        except InvalidKeyIdError as error:
            if self._read_at is not None and self._clock() - self._read_at < READ_AGAIN_AFTER:
                raise Unauthenticated(REFUSED) from error
        self._keys = None  # the issuer may have rolled its keys
        try:
            return self._with(self._known(), token)
        except InvalidKeyIdError as error:
            raise Unauthenticated(REFUSED) from error

    @staticmethod
    def _with(keys: KeySet, token: str) -> Mapping[str, Any]:
        try:
            found = jwt.decode(token, keys, algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            raise
        except (JoseError, ValueError, TypeError) as error:
            raise Unauthenticated(REFUSED) from error
        if found.header.get("typ") == "at+jwt":  # for somebody's API, not about a log-in (RFC 9068 §5)
            raise Unauthenticated(REFUSED)
        return found.claims

    def _known(self) -> KeySet:
        if self._keys is None:
            self._read_at = self._clock()
            found = _json(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self.issuer or not _alike(str(found.get("jwks_uri")), self.issuer):
                raise DependencyUnavailable("The OpenID issuer does not describe itself as it has to.")
            try:
                self._keys = KeySet.import_key_set(_json(str(found["jwks_uri"])))  # type: ignore[arg-type]
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise DependencyUnavailable("The OpenID issuer has no keys that can be read.") from error
        return self._keys


def _alike(url: str, issuer: str) -> bool:
    """Keys are as safe as the issuer itself."""
    return urlsplit(url).scheme == urlsplit(issuer).scheme


def _json(url: str) -> dict[str, Any]:
    try:
        with httpx.stream("GET", url, timeout=TIMEOUT_S, headers={"Accept": "application/json"}) as answer:
            answer.raise_for_status()
            body = b""
            for block in answer.iter_bytes():
                body += block
                if len(body) > MAX_BYTES:
                    raise DependencyUnavailable("The OpenID issuer says more than it should.")
        found = httpx.Response(200, content=body).json()
    except (httpx.HTTPError, ValueError) as error:
        raise DependencyUnavailable("The OpenID issuer did not answer.") from error
    if not isinstance(found, dict):
        raise DependencyUnavailable("The OpenID issuer does not describe itself as it has to.")
    return found
