"""Webhooks: signed, tried for a day, written down; never to an address of ours. The queue here is a list."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from functions.api.services import Services
from sqlalchemy import text
from tests.fixtures.jobs import a_job
from tests.fixtures.receivers import Receiver, is_genuine, receiving
from tests.integration.api.conftest import Clock, Person
from tests.integration.api.test_profiles import sealed_by

from soundstage.models.errors import TransientError
from soundstage.models.jobs import Job, JobChange, JobStatus
from soundstage.models.webhooks import DeliveryMessage
from soundstage.platform.catalog.webhooks import MAX_PER_OWNER
from soundstage.platform.webhooks import sending
from soundstage.platform.webhooks.service import BACKOFF_S, LEASE_S, LONGEST_DELAY_S, Webhooks

__all__ = ["sealed_by"]

DAY_S = 24 * 3600


@dataclass
class ListedQueue:
    messages: list[str] = field(default_factory=list)

    def send(self, body: str, *, delay_s: int = 0) -> None:
        assert 0 <= delay_s <= LONGEST_DELAY_S
        self.messages.append(body)


@dataclass
class Studio:
    services: Services
    person: Person
    clock: Clock
    receiver: Receiver
    queue: ListedQueue
    webhooks: Webhooks

    def made(self, **wanted: Any) -> dict[str, Any]:
        answer = self.person.post("/v1/webhooks", {"url": self.receiver.url, **wanted})
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def change(self, event: str = "succeeded", job: Job | None = None, revision: int = 4) -> JobChange:
        job = job or a_job(owner_id=self.person.user_id)
        facts = {"event": event, "revision": revision, "updated_at": self.clock.now}
        return JobChange.model_validate(job.model_dump() | facts)

    def due(self) -> int:
        """Make the attempts that lie in the queue. Returns how many messages there were."""
        messages, self.queue.messages = self.queue.messages, []
        for message in messages:
            self.webhooks.deliver(DeliveryMessage.model_validate_json(message))
        return len(messages)

    def run_for(self, seconds: float) -> None:
        end = self.clock.now + timedelta(seconds=seconds)
        while self.clock.now < end:
            self.clock.pass_(seconds=60)
            self.due()

    def pass_(self, **time: float) -> None:
        """So long that she has to log in again."""
        self.clock.pass_(**time)
        mine = {"email": "ada@example.org", "password": "ada's own tune"}
        self.person.tokens |= self.person.client.post("/v1/auth/login", json=mine).json()

    def deliveries(self, webhook: dict[str, Any]) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.person.get(f"/v1/webhooks/{webhook['webhook_id']}/deliveries").json()[
            "items"
        ]
        return items


@pytest.fixture
def studio(
    services: Services, ada: Person, clock: Clock, sealed_by: object, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Studio]:
    settings = services.settings.model_copy(update={"webhook_queue_url": "https://queue", "webhook_loopback": True})
    monkeypatch.setattr(services, "settings", settings)
    monkeypatch.setattr(services.deliveries, "_clock", lambda: clock().timestamp())
    queue = ListedQueue()
    monkeypatch.setattr("functions.api.services.Queue", lambda _url: queue)
    with receiving() as receiver:
        webhooks = Webhooks(
            services.catalog, services.deliveries, queue, lambda: services.master_key, clock, loopback=True
        )
        yield Studio(services, ada, clock, receiver, queue, webhooks)


def test_the_end_of_a_job_is_told_once_and_its_signature_holds(studio: Studio) -> None:
    webhook, change = studio.made(), studio.change()
    studio.webhooks.announce(studio.change("progressed"))
    studio.webhooks.announce(change)
    studio.webhooks.announce(change)  # the bus tells it at least once
    for _ in range(3):
        studio.due()

    (came,) = studio.receiver.came
    assert came.event["type"] == "job.succeeded"
    assert came.event["job"]["job_id"] == change.job_id
    assert came.headers["Soundstage-Event-Id"] == came.event["event_id"] == f"{change.job_id}-4"
    assert is_genuine(webhook["secret"], came.headers, came.body, now=studio.clock.now.timestamp())
    (delivery,) = studio.deliveries(webhook)
    assert (delivery["status"], len(delivery["attempts"])) == ("delivered", 1)
    assert (delivery["attempts"][0]["http_status"], delivery["body"].encode()) == (204, came.body)
    assert delivery["delivery_id"] == came.headers["Soundstage-Delivery-Id"]


def test_a_receiver_by_the_documentation_refuses_what_is_not_ours(studio: Studio) -> None:
    webhook = studio.made()
    studio.webhooks.announce(studio.change())
    studio.due()
    (came,), secret, now = studio.receiver.came, webhook["secret"], studio.clock.now.timestamp()
    assert is_genuine(secret, came.headers, came.body, now=int(now) + 300)
    refused = {
        "too old": is_genuine(secret, came.headers, came.body, now=int(now) + 301),
        "too new": is_genuine(secret, came.headers, came.body, now=int(now) - 301),
        "one byte": is_genuine(secret, came.headers, came.body.replace(b"job.succeeded", b"job.succeedeD"), now=now),
        "written again": is_genuine(secret, came.headers, json.dumps(json.loads(came.body)).encode(), now=now),
        "another secret": is_genuine("whsec_x", came.headers, came.body, now=now),
        "another time": is_genuine(
            secret, came.headers | {"Soundstage-Timestamp": str(int(now) + 1)}, came.body, now=now
        ),
        "unsigned": is_genuine(secret, {}, came.body, now=now),
    }
    assert set(refused.values()) == {False}, refused


def test_a_receiver_that_fails_is_tried_again_with_pauses_that_grow(studio: Studio) -> None:
    webhook = studio.made()
    studio.receiver.answers = [500, 302, 404]
    studio.webhooks.announce(studio.change())
    studio.due()
    assert studio.deliveries(webhook)[0]["status"] == "pending"
    assert studio.person.get(f"/v1/webhooks/{webhook['webhook_id']}").json()["failing_since"] is not None
    studio.due()
    assert len(studio.receiver.came) == 1  # it is not time yet
    for pause_s in BACKOFF_S[:3]:
        studio.clock.pass_(seconds=pause_s)
        studio.due()

    assert [one.path for one in studio.receiver.came] == ["/hook"] * 4
    assert len({one.body for one in studio.receiver.came}) == 1
    (delivery,) = studio.deliveries(webhook)
    assert [attempt["http_status"] for attempt in delivery["attempts"]] == [500, 302, 404, 204]
    assert "redirect" in delivery["attempts"][1]["error"]
    assert (delivery["status"], delivery["next_attempt_at"]) == ("delivered", None)
    assert studio.person.get(f"/v1/webhooks/{webhook['webhook_id']}").json()["failing_since"] is None


def test_after_a_day_a_delivery_is_given_up_and_after_three_the_webhook(studio: Studio) -> None:
    webhook = studio.made(event_types=["job.failed"])
    path = f"/v1/webhooks/{webhook['webhook_id']}"
    studio.receiver.answers = [500] * 1000
    studio.webhooks.announce(studio.change("failed"))
    studio.run_for(DAY_S)
    studio.pass_(minutes=2)
    studio.due()
    (delivery,) = studio.deliveries(webhook)
    assert (delivery["status"], len(delivery["attempts"])) == ("failed", len(BACKOFF_S) + 1)
    assert studio.person.get(path).json()["enabled"] is True

    studio.pass_(days=2)
    studio.webhooks.announce(studio.change("failed"))
    studio.due()
    found = studio.person.get(path).json()
    assert (found["enabled"], found["disabled_reason"]) == (False, "It has taken nothing for 3 days.")
    studio.clock.pass_(seconds=10)
    studio.due()
    assert studio.deliveries(webhook)[0]["status"] == "canceled"
    studio.webhooks.announce(studio.change("failed"))
    assert len(studio.deliveries(webhook)) == 2

    studio.receiver.answers.clear()
    again = studio.person.patch(path, {"enabled": True}).json()
    assert (again["enabled"], again["disabled_reason"], again["failing_since"]) == (True, None, None)
    studio.webhooks.announce(studio.change("failed"))
    studio.due()
    assert studio.deliveries(webhook)[0]["status"] == "delivered"


def test_gone_is_gone(studio: Studio) -> None:
    webhook = studio.made()
    studio.receiver.answers = [410]
    studio.webhooks.announce(studio.change())
    studio.due()
    found = studio.person.get(f"/v1/webhooks/{webhook['webhook_id']}").json()
    assert (found["enabled"], found["disabled_reason"]) == (False, "It answered 410 Gone.")


def test_while_a_secret_is_rotated_both_hold(studio: Studio) -> None:
    webhook = studio.made()
    path = f"/v1/webhooks/{webhook['webhook_id']}"
    fresh = studio.person.post(f"{path}/rotate", {"keep_previous_s": 3600}).json()
    assert fresh["secret"] != webhook["secret"]

    def holds() -> list[bool]:
        studio.webhooks.announce(studio.change())
        studio.due()
        came, now = studio.receiver.came[-1], studio.clock.now.timestamp()
        return [is_genuine(secret, came.headers, came.body, now=now) for secret in (fresh["secret"], webhook["secret"])]

    assert holds() == [True, True]
    studio.pass_(seconds=3601)
    assert holds() == [True, False]
    shown = json.dumps([studio.person.get(path).json(), studio.person.get("/v1/webhooks").json()])
    assert fresh["secret"] not in shown
    with studio.services.catalog.transaction() as session:
        kept = str(session.execute(text("SELECT secret, previous_secret FROM webhook_endpoints")).all())
    assert fresh["secret"] not in kept


def test_a_test_and_a_replay_are_deliveries_of_their_own(studio: Studio, eve: Person) -> None:
    webhook = studio.made()
    path = f"/v1/webhooks/{webhook['webhook_id']}"
    assert studio.person.post(f"{path}/test").status_code == 202
    studio.due()
    (test,) = studio.receiver.came
    assert (test.event["type"], test.event["job"]) == ("webhook.test", None)
    studio.webhooks.announce(studio.change())
    studio.due()
    (first,) = (found for found in studio.deliveries(webhook) if found["type"] == "job.succeeded")
    studio.clock.pass_(seconds=2)

    replayed = studio.person.post(f"{path}/deliveries/{first['delivery_id']}/replay")
    studio.due()

    assert (replayed.status_code, replayed.json()["replay_of"]) == (202, first["delivery_id"])
    assert studio.receiver.came[-1].body == studio.receiver.came[-2].body
    assert studio.receiver.came[-1].headers["Soundstage-Delivery-Id"] == replayed.json()["delivery_id"]
    seen = studio.person.get(f"{path}/deliveries/{replayed.json()['delivery_id']}").json()
    assert (seen["status"], seen["event_id"]) == ("delivered", first["event_id"])
    assert studio.receiver.of("webhook.test") == [test]
    for foreign in (path, f"{path}/deliveries", f"{path}/deliveries/{first['delivery_id']}"):
        assert eve.get(foreign).status_code == 404
    hers = eve.post("/v1/webhooks", {"url": studio.receiver.url}).json()["webhook_id"]
    assert eve.get(f"/v1/webhooks/{hers}/deliveries/{first['delivery_id']}").status_code == 404


def test_nobody_hears_of_anothers_jobs_or_of_what_was_before(studio: Studio, eve: Person) -> None:
    before = studio.change()
    studio.clock.pass_(seconds=1)
    studio.made()
    studio.webhooks.announce(before)
    studio.webhooks.announce(studio.change(job=a_job(owner_id=eve.user_id)))
    assert studio.due() == 0


def test_whoever_dies_half_way_loses_nothing(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the claim, after the answer, and between the record and the next message."""
    webhook = studio.made()
    studio.webhooks.announce(studio.change())
    (message,) = (DeliveryMessage.model_validate_json(body) for body in studio.queue.messages)
    studio.queue.messages.clear()
    with monkeypatch.context() as dying:
        dying.setattr(studio.services.deliveries, "write", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            studio.webhooks.deliver(message)
    with pytest.raises(TransientError):
        studio.webhooks.deliver(message)  # somebody may be at it still
    studio.clock.pass_(seconds=LEASE_S + 1)
    studio.receiver.answers = [500]
    with monkeypatch.context() as dying:
        dying.setattr(studio.queue, "send", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            studio.webhooks.deliver(message)
    studio.webhooks.deliver(message)
    studio.clock.pass_(seconds=BACKOFF_S[0])
    studio.due()

    (delivery,) = studio.deliveries(webhook)
    assert [attempt["http_status"] for attempt in delivery["attempts"]] == [500, 204]
    assert len(studio.receiver.came) == 3
    studio.webhooks.deliver(message)
    assert len(studio.receiver.came) == 3


PRIVATE = (
    "https://127.0.0.1/x",
    "https://2130706433/",
    "https://0177.0.0.1/",
    "https://0x7f.1/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://169.254.169.254/latest/meta-data",
    "https://localhost/",
    "http://localhost:1/",
)


@pytest.mark.parametrize("url", PRIVATE)
def test_an_address_of_ours_is_refused_when_it_is_set_and_when_it_is_sent_to(
    url: str, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = studio.services.settings.model_copy(update={"webhook_loopback": False})
    monkeypatch.setattr(studio.services, "settings", settings)
    answer = studio.person.post("/v1/webhooks", {"url": url})
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_INPUT")
    outcome = sending.send(url, b"{}", {})
    assert (outcome.ok, outcome.http_status) == (False, None)
    assert re.search("private|InvalidURL", outcome.error or "")


def test_a_name_that_answers_differently_the_second_time_leads_nowhere(studio: Studio) -> None:
    """DNS rebinding: the address that was looked at is the one that is gone to."""
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    port = studio.receiver.url.rpartition(":")[2].partition("/")[0]
    ok = sending.send(f"http://rebind.example.org:{port}/hook", b"{}", {}, loopback=True, resolve=resolve)
    assert (ok.ok, asked) == (True, ["rebind.example.org"])
    assert studio.receiver.came[-1].headers["Host"] == f"rebind.example.org:{port}"
    assert "private" in (
        sending.send("http://rebind.example.org/", b"{}", {}, loopback=True, resolve=resolve).error or ""
    )


@pytest.mark.parametrize(
    "url", ["http://example.org/", "ftp://example.org", "https://me:pw@example.org/", "https://", "x", "https://a b/"]
)
def test_what_is_no_address_is_refused(url: str, studio: Studio) -> None:
    assert studio.person.post("/v1/webhooks", {"url": url}).status_code == 422


def test_nobody_has_more_webhooks_than_the_limit(studio: Studio) -> None:
    for _ in range(MAX_PER_OWNER):
        studio.made()
    assert studio.person.post("/v1/webhooks", {"url": studio.receiver.url}).json()["code"] == "QUOTA_EXCEEDED"
    first = studio.person.get("/v1/webhooks").json()["items"][0]["webhook_id"]
    assert studio.person.delete(f"/v1/webhooks/{first}").status_code == 204
    assert studio.person.get(f"/v1/webhooks/{first}").status_code == 404
    assert studio.made(event_types=["job.progressed", "job.progressed"])["event_types"] == ["job.progressed"]


def test_a_job_status_that_ends_has_an_event_type(studio: Studio) -> None:
    webhook = studio.made()
    assert webhook["event_types"] == [f"job.{status}" for status in JobStatus if status.terminal]
