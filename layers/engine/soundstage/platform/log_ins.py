"""Log-ins that are under way, and ending them with their access tokens."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from soundstage.models.ids import Id
from soundstage.platform.catalog import audit, sessions
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.tables import LogIn
from soundstage.platform.security import ACCESS_TOKEN_LIFE, CLOCK_SKEW


class EndedTokens(Protocol):
    """The part of ``platform.aws.traffic.Traffic`` that remembers which log-ins' tokens are dead."""

    def end_sessions(self, user_id: Id, session_ids: Iterable[Id], *, token_life_s: float) -> None: ...


class LogIns:
    def __init__(self, catalog: Catalog, tokens: EndedTokens, *, clock: Callable[[], datetime]) -> None:
        self._catalog = catalog
        self._tokens = tokens
        self._clock = clock

    def active(self, user_id: Id) -> Sequence[LogIn]:
        """Newest first."""
        with self._catalog.transaction() as session:
            return sessions.active(session, user_id, now=self._clock())

    def end(self, user_id: Id, session_ids: Sequence[Id]) -> list[Id]:
        """Again, it is harmless. Returns those that are this user's."""
        now = self._clock()
        with self._catalog.transaction() as session:
            mine = sessions.end(session, user_id, session_ids, now=now)
            for session_id in mine:
                audit.record(session, user_id=user_id, action="session.ended", target=session_id, now=now)
        self.kill_tokens(user_id, mine)
        return mine

    def end_all(self, user_id: Id, *, but: Id | None = None) -> None:
        self.end(user_id, [found.id for found in self.active(user_id) if found.id != but])

    def kill_tokens(self, user_id: Id, session_ids: Sequence[Id]) -> None:
        life_s = (ACCESS_TOKEN_LIFE + CLOCK_SKEW).total_seconds()
        self._tokens.end_sessions(user_id, session_ids, token_life_s=life_s)
