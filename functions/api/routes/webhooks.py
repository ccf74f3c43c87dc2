"""Webhooks: addresses of yours that hear of your jobs. Secrets are shown once, when they are made."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Path, Response
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import ONCE
from functions.api.middleware.pagination import Cursor, Limit, Page, id_in, page_of
from functions.api.middleware.routers import signed_in_router
from functions.api.services import Caller, Services, Serving
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from soundstage.models.errors import (
    DependencyUnavailable,
    IdempotencyMismatch,
    InvalidInput,
    NotFound,
    QuotaExceeded,
)
from soundstage.models.ids import Id, new_id
from soundstage.models.job_events import EventType
from soundstage.models.webhooks import ENDS, Attempt, Delivery, DeliveryStatus, WebhookUrl
from soundstage.platform.catalog import audit, webhooks
from soundstage.platform.catalog.tables import WebhookEndpoint
from soundstage.platform.envelope import seal
from soundstage.providers.addresses import public_address
from soundstage.providers.errors import NotSent, Refused

router = signed_in_router("/v1/webhooks", "webhooks")

SECRET_PREFIX = "whsec_"  # noqa: S105  (tells people and scanners what it is)
SECRET_BYTES = 32

WebhookId = Annotated[Id, Path(description="A webhook's id.")]
DeliveryId = Annotated[Id, Path(description="A delivery's id.")]
EventTypes = Annotated[list[EventType], Field(min_length=1, max_length=len(EventType))]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]

EXAMPLE: dict[str, Any] = {
    "url": "https://studio.example.org/soundstage",
    "event_types": ["job.succeeded", "job.failed"],
}


class NewWebhook(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    url: WebhookUrl = Field(description="https, in the internet: nothing is sent to private addresses.")
    event_types: EventTypes = Field(default=list(ENDS), description="The ends of jobs, unless you say otherwise.")
    description: Description = ""


class WebhookChange(BaseModel):
    """What is null or left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"enabled": True}]})

    url: WebhookUrl | None = None
    event_types: EventTypes | None = None
    description: Description | None = None
    enabled: bool | None = Field(default=None, description="Turned on again, it hears of what happens from now on.")


class Rotation(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"keep_previous_s": 86400}]})

    keep_previous_s: int = Field(
        default=86_400, ge=0, le=604_800, description="So long deliveries are signed with both secrets."
    )


class WebhookView(BaseModel):
    webhook_id: Id
    url: str
    event_types: list[EventType]
    description: str
    enabled: bool
    disabled_reason: str | None = Field(description="Why we turned it off; null when you did, or when it is on.")
    failing_since: datetime | None = Field(description="Since when no delivery has succeeded.")
    previous_secret_until: datetime | None = Field(description="So long the secret before counts as well.")
    created_at: datetime
    updated_at: datetime


class WebhookWithSecret(WebhookView):
    secret: str = Field(description="What deliveries are signed with. It is not shown again.")


class DeliveryView(BaseModel):
    delivery_id: Id
    webhook_id: Id
    event_id: str
    type: str = Field(description="An event's type, or `webhook.test`.")
    status: DeliveryStatus
    attempts: list[Attempt]
    next_attempt_at: datetime | None
    replay_of: Id | None
    body: str = Field(description="What is sent, byte for byte.")
    created_at: datetime
    updated_at: datetime


@router.post(
    "",
    status_code=201,
    dependencies=[ONCE],
    responses=documented(IdempotencyMismatch, InvalidInput, QuotaExceeded, DependencyUnavailable),
)
def create_webhook(new: NewWebhook, caller: Caller, services: Serving, response: Response) -> WebhookWithSecret:
    """From now on it hears of your jobs. ``/test`` tries it."""
    _check_address(new.url, services)
    now = services.clock()
    row = WebhookEndpoint(
        id=new_id(),
        owner_id=caller.user_id,
        url=new.url,
        description=new.description,
        event_types=_stored(new.event_types),
        created_at=now,
        updated_at=now,
    )
    secret = _new_secret(row, services)
    with services.catalog.transaction() as session:
        webhooks.add(session, row)
        audit.record(session, user_id=caller.user_id, action="webhook.created", target=row.id, now=now)
    response.headers["Location"] = f"/v1/webhooks/{row.id}"
    return WebhookWithSecret(**_view(row, now).model_dump(), secret=secret)


@router.get("")
def list_webhooks(caller: Caller, services: Serving, limit: Limit = 20, cursor: Cursor = None) -> Page[WebhookView]:
    """Yours, newest first."""
    before = id_in(cursor)
    with services.catalog.transaction() as session:
        found = webhooks.list_page(session, owner_id=caller.user_id, limit=limit + 1, before=before)
    now = services.clock()
    return page_of(found, limit, lambda row: _view(row, now))


@router.get("/{webhook_id}", responses=documented(NotFound))
def get_webhook(webhook_id: WebhookId, caller: Caller, services: Serving) -> WebhookView:
    """Without its secret."""
    return _view(_own(webhook_id, caller.user_id, services), services.clock())


@router.patch("/{webhook_id}", responses=documented(NotFound, InvalidInput))
def change_webhook(webhook_id: WebhookId, change: WebhookChange, caller: Caller, services: Serving) -> WebhookView:
    """Another address or other events; off, or on again. What is under way goes where it points then."""
    if change.url is not None:
        _check_address(change.url, services)
    now = services.clock()
    with services.catalog.transaction() as session:
        row = webhooks.own(session, owner_id=caller.user_id, endpoint_id=webhook_id, lock=True)
        row.url = change.url or row.url
        row.description = row.description if change.description is None else change.description
        row.event_types = row.event_types if change.event_types is None else _stored(change.event_types)
        if change.enabled is not None:
            row.disabled_at = None if change.enabled else row.disabled_at or now
            row.disabled_reason = None
            row.failing_since = None
        row.updated_at = now
        audit.record(session, user_id=caller.user_id, action="webhook.changed", target=row.id, now=now)
        return _view(row, now)


@router.delete("/{webhook_id}", status_code=204, responses=documented(NotFound))
def delete_webhook(webhook_id: WebhookId, caller: Caller, services: Serving) -> None:
    """Nothing is sent any more, and its secrets are gone."""
    with services.catalog.transaction() as session:
        row = webhooks.own(session, owner_id=caller.user_id, endpoint_id=webhook_id, lock=True)
        session.delete(row)
        now = services.clock()
        audit.record(session, user_id=caller.user_id, action="webhook.deleted", target=webhook_id, now=now)


@router.post("/{webhook_id}/rotate", responses=documented(NotFound, InvalidInput, DependencyUnavailable))
def rotate_webhook_secret(
    webhook_id: WebhookId, caller: Caller, services: Serving, wanted: Rotation | None = None
) -> WebhookWithSecret:
    """A new secret. Deliveries are signed with both until ``keep_previous_s`` are over: change yours meanwhile."""
    now = services.clock()
    with services.catalog.transaction() as session:
        row = webhooks.own(session, owner_id=caller.user_id, endpoint_id=webhook_id, lock=True)
        row.previous_secret = row.secret
        row.previous_until = now + timedelta(seconds=(wanted or Rotation()).keep_previous_s)
        secret = _new_secret(row, services)
        row.updated_at = now
        audit.record(session, user_id=caller.user_id, action="webhook.rotated", target=row.id, now=now)
        return WebhookWithSecret(**_view(row, now).model_dump(), secret=secret)


@router.post("/{webhook_id}/test", status_code=202, responses=documented(NotFound, DependencyUnavailable))
def test_webhook(webhook_id: WebhookId, caller: Caller, services: Serving) -> DeliveryView:
    """Send a ``webhook.test`` event, once. How it went is in the delivery."""
    endpoint = _own(webhook_id, caller.user_id, services)
    return _delivery_view(services.webhooks.test(endpoint))


@router.get("/{webhook_id}/deliveries", responses=documented(NotFound))
def list_deliveries(
    webhook_id: WebhookId, caller: Caller, services: Serving, limit: Limit = 20, cursor: Cursor = None
) -> Page[DeliveryView]:
    """Newest first; a month is kept."""
    _own(webhook_id, caller.user_id, services)
    found, next_cursor = services.deliveries.list(webhook_id, limit=limit, cursor=cursor)
    return Page(items=[_delivery_view(delivery) for delivery in found], next_cursor=next_cursor)


@router.get("/{webhook_id}/deliveries/{delivery_id}", responses=documented(NotFound))
def get_delivery(webhook_id: WebhookId, delivery_id: DeliveryId, caller: Caller, services: Serving) -> DeliveryView:
    """What was sent, and what came of each attempt."""
    _own(webhook_id, caller.user_id, services)
    return _delivery_view(services.webhooks.owned(webhook_id, delivery_id))


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/replay",
    status_code=202,
    dependencies=[ONCE],
    responses=documented(NotFound, IdempotencyMismatch, InvalidInput, DependencyUnavailable),
)
def replay_delivery(webhook_id: WebhookId, delivery_id: DeliveryId, caller: Caller, services: Serving) -> DeliveryView:
    """The same event again, with the same ``event_id``, as a delivery of its own."""
    _own(webhook_id, caller.user_id, services)
    return _delivery_view(services.webhooks.replay(services.webhooks.owned(webhook_id, delivery_id)))


def _own(webhook_id: Id, owner_id: Id, services: Services) -> WebhookEndpoint:
    with services.catalog.transaction() as session:
        return webhooks.own(session, owner_id=owner_id, endpoint_id=webhook_id)


def _check_address(url: str, services: Services) -> None:
    """For whoever mistypes: what counts is where the name leads at each delivery. Raises InvalidInput."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        public_address(parts.hostname or "", port, loopback=services.settings.webhook_loopback)
    except Refused as refused:
        raise InvalidInput(refused.message, detail={"url": url}) from refused
    except NotSent:
        return  # a name may be set up later


def _new_secret(row: WebhookEndpoint, services: Services) -> str:
    """Makes it the row's, sealed. Returns it."""
    secret = SECRET_PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    sealed = seal(SecretStr(secret), services.master_key, webhooks.bound_to(row))
    row.secret = sealed.model_dump(mode="json")
    return secret


def _stored(event_types: Sequence[EventType]) -> list[str]:
    return [event_type.value for event_type in dict.fromkeys(event_types)]


def _view(row: WebhookEndpoint, now: datetime) -> WebhookView:
    rotating = row.previous_until is not None and now < row.previous_until
    return WebhookView(
        webhook_id=row.id,
        url=row.url,
        event_types=[EventType(event_type) for event_type in row.event_types],
        description=row.description,
        enabled=row.disabled_at is None,
        disabled_reason=row.disabled_reason,
        failing_since=row.failing_since,
        previous_secret_until=row.previous_until if rotating else None,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _delivery_view(delivery: Delivery) -> DeliveryView:
    return DeliveryView(
        webhook_id=delivery.endpoint_id, **delivery.model_dump(exclude={"endpoint_id", "owner_id", "attempt"})
    )
