"""Webhooks: what of a person's jobs is told to which address, and how each delivery went."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, HttpUrl, StringConstraints

from soundstage.models.ids import Id
from soundstage.models.job_events import EventType
from soundstage.models.providers import is_loopback

TEST_EVENT: Literal["webhook.test"] = "webhook.test"
ENDS = (EventType.JOB_SUCCEEDED, EventType.JOB_FAILED, EventType.JOB_CANCELED)

_Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s@#\\]+$", max_length=2000)]


def _https_outside(url: str) -> str:
    parts = HttpUrl(url)
    if parts.scheme != "https" and not is_loopback(parts.host or ""):
        raise ValueError("an address outside this machine begins with https://")
    return url


WebhookUrl = Annotated[_Address, AfterValidator(_https_outside)]


class DeliveryStatus(StrEnum):
    """``pending`` until it was taken, given up after a day, or not wanted any more."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def terminal(self) -> bool:
        return self is not DeliveryStatus.PENDING


class Attempt(BaseModel):
    at: datetime
    took_ms: int
    http_status: int | None = Field(default=None, description="What your server answered; null where it did not.")
    error: str | None = Field(default=None, description="Why it does not count as delivered.")


class Delivery(BaseModel):
    """One event on its way to one endpoint. ``body`` is what is sent, byte for byte, each time."""

    delivery_id: Id
    endpoint_id: Id
    owner_id: Id
    event_id: str
    type: str
    body: str
    status: DeliveryStatus = DeliveryStatus.PENDING
    attempt: int = Field(default=1, description="The number of the next one.")
    next_attempt_at: datetime | None = None
    attempts: list[Attempt] = []
    replay_of: Id | None = None
    created_at: datetime
    updated_at: datetime


class DeliveryMessage(BaseModel):
    """An attempt as it lies in the queue."""

    delivery_id: Id
    attempt: int
    not_before: datetime
