"""Webhook endpoints: each one's owner alone knows that it is there. Secrets come in sealed and are opened elsewhere."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from soundstage.models.errors import NotFound, QuotaExceeded
from soundstage.models.ids import Id
from soundstage.models.profiles import Sealed
from soundstage.platform.catalog.tables import WebhookEndpoint

MAX_PER_OWNER = 20
DISABLED_AFTER = timedelta(days=3)
"""An endpoint that has taken nothing for so long is turned off."""


def add(session: Session, row: WebhookEndpoint) -> None:
    """Raises QuotaExceeded."""
    kept = session.scalar(select(func.count()).where(WebhookEndpoint.owner_id == row.owner_id)) or 0
    if kept >= MAX_PER_OWNER:
        raise QuotaExceeded(f"One person may have {MAX_PER_OWNER} webhooks.", detail={"webhooks": kept})
    session.add(row)
    session.flush()


def own(session: Session, *, owner_id: Id, endpoint_id: Id, lock: bool = False) -> WebhookEndpoint:
    """Raises NotFound when it is missing or someone else's."""
    query = select(WebhookEndpoint).where(WebhookEndpoint.owner_id == owner_id, WebhookEndpoint.id == endpoint_id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("There is no such webhook.")
    return found


def list_page(session: Session, *, owner_id: Id, limit: int, before: Id | None) -> Sequence[WebhookEndpoint]:
    """Newest first, those older than ``before``."""
    query = select(WebhookEndpoint).where(WebhookEndpoint.owner_id == owner_id)
    if before is not None:
        query = query.where(WebhookEndpoint.id < before)
    return session.scalars(query.order_by(WebhookEndpoint.id.desc()).limit(limit)).all()


def hearing(session: Session, *, owner_id: Id, event_type: str) -> Sequence[WebhookEndpoint]:
    """A person's endpoints that want events of this type and are not turned off."""
    query = select(WebhookEndpoint).where(WebhookEndpoint.owner_id == owner_id, WebhookEndpoint.disabled_at.is_(None))
    return [row for row in session.scalars(query) if event_type in row.event_types]


def signing(row: WebhookEndpoint, *, now: datetime) -> list[Sealed]:
    """The secrets that count now, the newest first."""
    sealed = [row.secret]
    if row.previous_secret is not None and row.previous_until is not None and now < row.previous_until:
        sealed.append(row.previous_secret)
    return [Sealed.model_validate(one) for one in sealed]


def tell_outcome(row: WebhookEndpoint, *, ok: bool, gone: bool, now: datetime) -> bool:
    """What an attempt says about the endpoint. Returns whether it was turned off by that. The caller holds the lock."""
    if ok:
        row.failing_since = None
        return False
    row.failing_since = row.failing_since or now
    if row.disabled_at is not None or not (gone or now - row.failing_since >= DISABLED_AFTER):
        return False
    why = "It answered 410 Gone." if gone else f"It has taken nothing for {DISABLED_AFTER.days} days."
    row.disabled_at, row.disabled_reason, row.updated_at = now, why, now
    return True


def bound_to(row: WebhookEndpoint) -> dict[str, str]:
    """What its secrets belong to: taken elsewhere, they cannot be opened."""
    return {"webhook_id": row.id, "owner_id": row.owner_id}
