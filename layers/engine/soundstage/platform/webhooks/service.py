"""Deliveries of webhooks: begun by a change of a job, a test or a replay; tried for a day; written down each time.

A delivery is a record, and a message in a queue for its next attempt. Messages may come twice, late, or for an attempt
that was made: the record decides, by a conditional write. Whoever dies after an attempt and before the next message
leaves the old message, which comes again and is changed for the right one.
"""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from pydantic import SecretStr

from soundstage.models.errors import NotFound, TransientError
from soundstage.models.ids import Id, new_id
from soundstage.models.job_events import Event
from soundstage.models.jobs import JobChange
from soundstage.models.webhooks import TEST_EVENT, Attempt, Delivery, DeliveryMessage, DeliveryStatus
from soundstage.platform.aws.delivery_store import Deliveries
from soundstage.platform.catalog import audit, webhooks
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.tables import WebhookEndpoint
from soundstage.platform.envelope import CannotOpen, MasterKey, unseal
from soundstage.platform.webhooks.sending import Outcome, send, signed_headers

log = logging.getLogger(__name__)

BACKOFF_S = (5, 30, 120, 300, 900, 1800, 3600, 7200, *(10_800,) * 6, 7200)
"""Pauses after each attempt that failed; together a day less seven minutes."""
LEASE_S = 60.0
"""An attempt takes 25 s at most."""
LONGEST_DELAY_S = 900
"""Of a message (SQS's limit): one that is for later is sent on."""


class DeliveryQueue(Protocol):
    def send(self, body: str, *, delay_s: int = 0) -> None: ...


Send = Callable[..., Outcome]


@dataclass(frozen=True)
class Webhooks:
    """``loopback``: endpoints may be on this very machine (stage local)."""

    catalog: Catalog
    deliveries: Deliveries
    queue: DeliveryQueue
    master_key: Callable[[], MasterKey]
    clock: Callable[[], datetime]
    loopback: bool = False
    send: Send = send

    def announce(self, change: JobChange) -> None:
        """Begin a delivery to each endpoint that wants to hear of it. Again, nothing more is begun."""
        event = Event.of(change)
        with self.catalog.transaction() as session:
            found = webhooks.hearing(session, owner_id=change.owner_id, event_type=event.type)
            endpoint_ids = [row.id for row in found if row.created_at <= event.occurred_at]
        for endpoint_id in endpoint_ids:
            self._begin(
                Delivery(
                    delivery_id=_delivery_id(endpoint_id, event),
                    endpoint_id=endpoint_id,
                    owner_id=change.owner_id,
                    event_id=event.event_id,
                    type=event.type,
                    body=event.model_dump_json(),
                    created_at=self.clock(),
                    updated_at=self.clock(),
                )
            )

    def test(self, endpoint: WebhookEndpoint) -> Delivery:
        """An event that says nothing, to try the endpoint with."""
        now, delivery_id = self.clock(), new_id()
        event_id = f"test-{delivery_id}"
        body = f'{{"event_id":"{event_id}","type":"{TEST_EVENT}","occurred_at":"{now.isoformat()}","job":null}}'
        return self._begin(
            Delivery(
                delivery_id=delivery_id,
                endpoint_id=endpoint.id,
                owner_id=endpoint.owner_id,
                event_id=event_id,
                type=TEST_EVENT,
                body=body,
                created_at=now,
                updated_at=now,
            )
        )

    def replay(self, delivery: Delivery) -> Delivery:
        """The same event again, as a delivery of its own."""
        now = self.clock()
        anew = {"delivery_id": new_id(), "replay_of": delivery.delivery_id, "created_at": now, "updated_at": now}
        fresh = {"status": DeliveryStatus.PENDING, "attempt": 1, "attempts": [], "next_attempt_at": None}
        return self._begin(delivery.model_copy(update=anew | fresh))

    def owned(self, endpoint_id: Id, delivery_id: Id) -> Delivery:
        """Raises NotFound for a delivery that is missing or another endpoint's."""
        found = self.deliveries.get(delivery_id)
        if found is None or found.endpoint_id != endpoint_id:
            raise NotFound("There is no such delivery.")
        return found

    def deliver(self, message: DeliveryMessage) -> None:
        """Make an attempt. Raises TransientError when the message shall come again."""
        delivery = self.deliveries.get(message.delivery_id)
        if delivery is None or delivery.status.terminal:
            return
        if delivery.attempt != message.attempt or self.clock() < message.not_before:
            self._enqueue(delivery)
        elif self.deliveries.claim(delivery.delivery_id, attempt=delivery.attempt, lease_s=LEASE_S):
            self._attempt(delivery)
        else:
            raise TransientError("Somebody else is making this attempt.")

    def _begin(self, delivery: Delivery) -> Delivery:
        delivery = self.deliveries.create(delivery)
        if not delivery.status.terminal and not delivery.attempts:
            self._enqueue(delivery)
        return delivery

    def _enqueue(self, delivery: Delivery) -> None:
        at = delivery.next_attempt_at or delivery.created_at
        wait_s = min(max(0.0, (at - self.clock()).total_seconds()), LONGEST_DELAY_S)
        message = DeliveryMessage(delivery_id=delivery.delivery_id, attempt=delivery.attempt, not_before=at)
        self.queue.send(message.model_dump_json(), delay_s=-int(-wait_s // 1))

    def _attempt(self, delivery: Delivery) -> None:
        now = self.clock()
        with self.catalog.transaction() as session:
            endpoint = session.get(WebhookEndpoint, delivery.endpoint_id)
            off = endpoint is None or endpoint.disabled_at is not None
            url = "" if endpoint is None else endpoint.url
            secrets = [] if endpoint is None or off else self._secrets(endpoint, now)
        if off:
            self.deliveries.write(_after(delivery, None, DeliveryStatus.CANCELED, None, self.clock()))
            return
        headers = signed_headers(delivery, secrets, now_s=now.timestamp())
        outcome = (
            self.send(url, delivery.body.encode(), headers, loopback=self.loopback)
            if secrets
            else Outcome(0, error="Its secret cannot be read any more; rotate it.")
        )
        log.info(
            "a delivery was attempted",
            extra={
                "delivery_id": delivery.delivery_id,
                "webhook_id": delivery.endpoint_id,
                "event_id": delivery.event_id,
                "attempt": delivery.attempt,
                "http_status": outcome.http_status,
                "error": outcome.error,
            },
        )
        self._keep(delivery, outcome)

    def _keep(self, delivery: Delivery, outcome: Outcome) -> None:
        now = self.clock()
        if delivery.type != TEST_EVENT or outcome.ok:
            self._tell_endpoint(delivery, outcome, now)
        if outcome.ok:
            self.deliveries.write(_after(delivery, outcome, DeliveryStatus.DELIVERED, None, now))
            return
        pause_s = BACKOFF_S[delivery.attempt - 1] if delivery.attempt <= len(BACKOFF_S) else None
        if pause_s is None or delivery.type == TEST_EVENT:
            self.deliveries.write(_after(delivery, outcome, DeliveryStatus.FAILED, None, now))
            return
        waiting = _after(delivery, outcome, DeliveryStatus.PENDING, now + timedelta(seconds=pause_s), now)
        self.deliveries.write(waiting)
        self._enqueue(waiting)

    def _tell_endpoint(self, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        with self.catalog.transaction() as session:
            row = session.get(WebhookEndpoint, delivery.endpoint_id, with_for_update=True)
            if row is not None and webhooks.tell_outcome(row, ok=outcome.ok, gone=outcome.gone, now=now):
                log.warning("a webhook was turned off", extra={"webhook_id": row.id, "reason": row.disabled_reason})
                audit.record(session, user_id=row.owner_id, action="webhook.disabled", target=row.id, now=now)

    def _secrets(self, endpoint: WebhookEndpoint, now: datetime) -> list[SecretStr]:
        """Those that can be opened."""
        master, opened = self.master_key(), []
        for sealed in webhooks.signing(endpoint, now=now):
            try:
                opened.append(unseal(sealed, master, webhooks.bound_to(endpoint)))
            except CannotOpen:
                log.exception("a webhook's secret cannot be opened", extra={"webhook_id": endpoint.id})
        return opened


def _delivery_id(endpoint_id: Id, event: Event) -> Id:
    """The same for the same event and endpoint, and ordered by time as all ids are (UUIDv8, RFC 9562 §5.8)."""
    digest = hashlib.sha256(f"{endpoint_id} {event.event_id}".encode()).hexdigest()
    return f"{int(event.occurred_at.timestamp() * 1000):012x}8{digest[:3]}8{digest[3:18]}"


def _after(
    delivery: Delivery, outcome: Outcome | None, status: DeliveryStatus, next_at: datetime | None, now: datetime
) -> Delivery:
    made = (
        []
        if outcome is None
        else [Attempt(at=now, took_ms=outcome.took_ms, http_status=outcome.http_status, error=outcome.error)]
    )
    changes = {
        "status": status,
        "attempt": delivery.attempt + len(made),
        "attempts": [*delivery.attempts, *made],
        "next_attempt_at": next_at,
        "updated_at": now,
    }
    return delivery.model_copy(update=changes)
