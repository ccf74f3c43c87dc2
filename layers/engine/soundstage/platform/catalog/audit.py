"""The audit log: what happened to accounts, keys and shares, written in the transaction that did it.

Append-only and chained: each entry has the hash of the one before it and its own, which covers that and all it says.
Changing, removing or inserting an entry breaks the chain at the next one. That the newest were not cut off is known by
the head, noted somewhere else.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from soundstage.models.ids import Id
from soundstage.platform.catalog.tables import AuditLog

BEGINNING = bytes(32)
"""In place of the hash before the first entry."""
# Any number that nobody else locks in this database.
_LOCK = 0x41554449
_AT_ONCE = 1000


def record(
    session: Session,
    *,
    user_id: Id | None,
    action: str,
    now: datetime,
    target: str | None = None,
    payload: dict[str, Any] | None = None,
) -> None:
    """``action`` is a dotted name such as ``session.started``. Payloads carry no secrets and no personal data.

    Entries are written one transaction after the other, so that each knows the one before it.
    """
    session.flush()  # its locks first: whoever waits for the log's holds no row that its holder may want
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    newest = session.scalar(select(AuditLog.sha256).order_by(AuditLog.id.desc()).limit(1))
    entry = AuditLog(user_id=user_id, action=action, target=target, payload=payload or {}, created_at=now)
    entry.previous_sha256 = newest or BEGINNING
    entry.sha256 = entry_sha256(entry)
    session.add(entry)
    session.flush()


def entry_sha256(entry: AuditLog) -> bytes:
    """Over everything that an entry says, as canonical JSON, and the hash before it."""
    said = {
        "user_id": entry.user_id,
        "action": entry.action,
        "target": entry.target,
        "payload": entry.payload,
        "created_at": entry.created_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    body = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256((entry.previous_sha256 or b"") + body.encode()).digest()


@dataclass(frozen=True, slots=True)
class Verified:
    """``chained`` entries, and ``unchained`` ones of before there was a chain. ``broken_id``: the first entry that does
    not fit; the log is as it was written up to there. ``head``: the hash of the last that fits.
    """

    chained: int
    unchained: int
    head: bytes
    broken_id: int | None = None
    why: str = ""


def verify(session: Session, *, head: bytes | None = None) -> Verified:
    """Walk the whole log, memory flat. ``head`` is one that was noted before: it has to be in the chain."""
    previous, chained, unchained = BEGINNING, 0, 0
    seen = head is None or head == BEGINNING
    entries = session.scalars(select(AuditLog).order_by(AuditLog.id), execution_options={"yield_per": _AT_ONCE})
    for entry in entries:
        if entry.sha256 is None and chained == 0:
            unchained += 1
            continue
        why = ""
        if entry.sha256 is None or entry_sha256(entry) != entry.sha256:
            why = "it was changed after it was written"
        elif entry.previous_sha256 != previous:
            why = "what was before it was changed, removed or inserted"
        if why:
            return Verified(chained, unchained, previous, entry.id, why)
        previous, chained = entry.sha256 or b"", chained + 1
        seen = seen or previous == head
    if not seen:
        return Verified(
            chained, unchained, previous, why="the head that was noted is not in it: newer entries are gone"
        )
    return Verified(chained, unchained, previous)
