"""The audit log: what happened to accounts and shares, written in the transaction that did it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from soundstage.models.ids import Id
from soundstage.platform.catalog.tables import AuditLog


def record(
    session: Session,
    *,
    user_id: Id | None,
    action: str,
    now: datetime,
    target: str | None = None,
    payload: dict[str, Any] | None = None,
) -> None:
    """``action`` is a dotted name such as ``session.started``. Payloads carry no secrets and no personal data."""
    session.add(AuditLog(user_id=user_id, action=action, target=target, payload=payload or {}, created_at=now))
