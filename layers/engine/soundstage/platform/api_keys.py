"""API keys: made, told once, checked, revoked. What is kept of one is its hash."""

import hmac
from collections.abc import Callable, Sequence
from datetime import datetime

from soundstage.models.errors import AccountBlocked, Unauthenticated
from soundstage.models.ids import Id
from soundstage.models.limits import Limits
from soundstage.platform.catalog import accounts, api_keys, audit
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.tables import ApiKey
from soundstage.platform.security import Principal, key_prefix, new_api_key, token_sha256

_NOBODYS = token_sha256("")
"""Compared with where there is no such key, so that it takes as long."""


class ApiKeys:
    def __init__(self, catalog: Catalog, limits: Limits, *, clock: Callable[[], datetime]) -> None:
        self._catalog = catalog
        self._limits = limits
        self._clock = clock

    def create(
        self, owner_id: Id, *, name: str, scopes: Sequence[str], expires_at: datetime | None
    ) -> tuple[ApiKey, str]:
        """The key itself is known to nobody afterwards but to whom it is told. Raises QuotaExceeded."""
        key, prefix = new_api_key()
        now = self._clock()
        with self._catalog.transaction() as session:
            made = api_keys.create(
                session,
                owner_id=owner_id,
                name=name,
                prefix=prefix,
                key_sha256=token_sha256(key),
                scopes=scopes,
                expires_at=expires_at,
                most=self._limits.keys_per_user,
                now=now,
            )
            audit.record(session, user_id=owner_id, action="key.created", target=made.id, now=now)
        return made, key

    def revoke(self, owner_id: Id, key_id: Id) -> None:
        """From the next request on it is refused. Revoking again is harmless. Raises NotFound."""
        now = self._clock()
        with self._catalog.transaction() as session:
            api_keys.revoke(session, owner_id=owner_id, key_id=key_id, now=now)
            audit.record(session, user_id=owner_id, action="key.revoked", target=key_id, now=now)

    def principal(self, key: str) -> Principal:
        """Whose key this is. Raises Unauthenticated for one that is unknown, revoked or expired, and AccountBlocked."""
        now = self._clock()
        with self._catalog.transaction() as session:
            found = api_keys.find(session, key_prefix(key))
            same = hmac.compare_digest(token_sha256(key), found.key_sha256 if found else _NOBODYS)
            good = (
                found is not None and found.revoked_at is None and (found.expires_at is None or found.expires_at > now)
            )
            owner = accounts.find(session, found.owner_id) if found is not None and same and good else None
            if found is None or owner is None:
                raise Unauthenticated("This API key is not valid, was revoked, or has expired.")
            if owner.blocked_at is not None:
                raise AccountBlocked
            api_keys.used(session, found, now=now)
        return Principal(user_id=found.owner_id, key_id=found.id, scopes=frozenset(found.scopes))
