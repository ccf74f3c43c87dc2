"""WebSockets of the API itself: one message opens them, and they tell what server-sent events tell."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from fastapi.testclient import TestClient
from functions.api import socket as entry
from functions.api.routes import socket as route
from functions.api.services import Services
from starlette.websockets import WebSocketDisconnect
from tests.integration.api.conftest import Clock, Person, succeeded

from soundstage.models.ids import Id, new_id
from soundstage.models.jobs import JobStatus
from soundstage.models.push import MESSAGE_BYTES, Subscription, Unheard
from soundstage.platform.push import wiring
from soundstage.platform.push.reading import SUBSCRIPTION_LIFE_S

Order = Callable[[], dict[str, Any]]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route, "LOOK_AGAIN_S", 0.02)
    monkeypatch.setattr(route, "LOOK_WELL_S", 0.1)
    monkeypatch.setattr(route, "FIRST_MESSAGE_S", 0.2)


@pytest.fixture
def order(ada: Person, upload: Callable[[Person], Id]) -> Order:
    def _order() -> dict[str, Any]:
        track_id = ada.post("/v1/tracks", {}).json()["track_id"]
        job: dict[str, Any] = ada.post(f"/v1/tracks/{track_id}/generate", {"hum_asset_id": upload(ada)}).json()
        return job

    return _order


def subscribe(person: Person, **more: str) -> dict[str, str]:
    return {"action": "subscribe", "token": person.tokens["access_token"], **more}


def until_closed(client: TestClient, first: Any) -> tuple[list[dict[str, Any]], int]:
    """Everything that is told after a first message, and the code that the socket was closed with."""
    messages = []
    with client.websocket_connect("/v1/socket") as socket:
        if first is not None:
            socket.send_text(first if isinstance(first, str) else json.dumps(first))
        try:
            while True:
                messages.append(socket.receive_json())
        except WebSocketDisconnect as closed:
            return messages, closed.code


def streamed(person: Person, path: str) -> list[dict[str, Any]]:
    lines = person.get(path, headers={"Last-Event-ID": "0"}).text.splitlines()
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]


def test_a_job_is_told_as_by_server_sent_events_and_taken_up_again(
    ada: Person, services: Services, order: Order, client: TestClient
) -> None:
    job = order()
    with client.websocket_connect("/v1/socket") as socket:
        socket.send_json(subscribe(ada, job_id=job["job_id"]))
        assert socket.receive_json() == {"type": "subscribed", "last_event_id": "0"}
        first = socket.receive_json()
        services.job_store.transition(job["job_id"], attempt=1, from_=(JobStatus.BLOCKED,), to=JobStatus.QUEUED)
        second = socket.receive_json()
    succeeded(services, job)

    rest, code = until_closed(client, subscribe(ada, job_id=job["job_id"], last_event_id=second["id"]))

    assert [message["type"] for message in rest] == ["subscribed", "event", "ended"]
    assert code == route.NORMAL
    told = [message["event"] for message in (first, second, rest[1])]
    assert told == streamed(ada, f"/v1/jobs/{job['job_id']}/events")
    assert [event["type"] for event in told] == ["job.created", "job.queued", "job.succeeded"]


def test_all_of_mine_and_nobody_elses(
    ada: Person, eve: Person, services: Services, order: Order, client: TestClient
) -> None:
    order()
    with client.websocket_connect("/v1/socket") as hers, client.websocket_connect("/v1/socket") as socket:
        hers.send_json(subscribe(eve, last_event_id="0"))
        socket.send_json(subscribe(ada))
        begun = socket.receive_json()
        one, two = order(), order()
        succeeded(services, one)
        told = [socket.receive_json() for _ in range(3)]
        assert hers.receive_json()["type"] == "subscribed"
        hers.send_json(subscribe(eve, last_event_id="0"))
        assert hers.receive_json()["type"] == "subscribed"  # and nothing in between
    assert int(told[0]["id"]) > int(begun["last_event_id"]) > 0
    assert [(message["event"]["job"]["job_id"], message["event"]["type"]) for message in told] == [
        (one["job_id"], "job.created"),
        (two["job_id"], "job.created"),
        (one["job_id"], "job.succeeded"),
    ]


def test_a_key_needs_the_scope(ada: Person, client: TestClient) -> None:
    def with_scope(scope: str) -> list[dict[str, Any]]:
        made = ada.post("/v1/keys", {"name": scope, "scopes": [scope]}).json()
        with client.websocket_connect("/v1/socket") as socket:
            socket.send_json({"action": "subscribe", "token": made["key"]})
            told = [socket.receive_json()]
            if told[0]["type"] == "subscribed":
                ada.delete(f"/v1/keys/{made['key_id']}")
                told.append(socket.receive_json())
        return told

    assert [message["code"] for message in with_scope("tracks:read")] == ["SCOPE_MISSING"]
    good, ended = with_scope("events:read")
    assert (good["type"], ended["code"]) == ("subscribed", "UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (None, "UNAUTHENTICATED"),  # silence
        ("", "INVALID_INPUT"),
        ("[" * 3000, "INVALID_INPUT"),
        ("x" * (MESSAGE_BYTES + 1), "INVALID_INPUT"),
        ({"action": "subscribe"}, "INVALID_INPUT"),
        ({"action": "subscribe", "token": "x", "job": "y"}, "INVALID_INPUT"),
        ({"action": "subscribe", "token": "eyJhbGciOiJub25lIn0.e30."}, "UNAUTHENTICATED"),
        ({"action": "subscribe", "token": "sk_aaaaaaaa_nothing"}, "UNAUTHENTICATED"),
    ],
)
def test_whoever_is_not_known_is_told_why_and_sent_away(client: TestClient, message: Any, code: str) -> None:
    (refusal,), closed = until_closed(client, message)
    assert (refusal["type"], refusal["code"], closed) == ("refused", code, route.REFUSED)


def test_somebody_elses_job_is_none(ada: Person, eve: Person, order: Order, client: TestClient) -> None:
    for job_id in (order()["job_id"], new_id()):
        (refusal,), _ = until_closed(client, subscribe(eve, job_id=job_id))
        assert refusal["code"] == "NOT_FOUND"


def test_a_log_in_takes_its_sockets_along(ada: Person, client: TestClient) -> None:
    with client.websocket_connect("/v1/socket") as socket:
        socket.send_json(subscribe(ada))
        assert socket.receive_json()["type"] == "subscribed"
        client.post("/v1/auth/logout", json={"refresh_token": ada.tokens["refresh_token"]})
        assert socket.receive_json()["code"] == "UNAUTHENTICATED"


def test_a_fresh_token_prolongs_a_subscription(ada: Person, clock: Clock, client: TestClient, order: Order) -> None:
    with client.websocket_connect("/v1/socket") as socket:
        socket.send_json(subscribe(ada))
        assert socket.receive_json()["type"] == "subscribed"
        clock.pass_(seconds=SUBSCRIPTION_LIFE_S - 60)
        ada.tokens |= client.post("/v1/auth/refresh", json={"refresh_token": ada.tokens["refresh_token"]}).json()
        socket.send_json(subscribe(ada))
        assert socket.receive_json()["type"] == "subscribed"
        clock.pass_(seconds=120)
        order()
        assert socket.receive_json()["event"]["type"] == "job.created"
        clock.pass_(seconds=SUBSCRIPTION_LIFE_S)
        assert socket.receive_json()["code"] == "UNAUTHENTICATED"


def test_one_person_has_so_many_and_a_newer_one_takes_the_place_of_the_oldest(
    ada: Person, eve: Person, client: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = services.settings.limits.model_copy(update={"sockets_per_user": 2})
    monkeypatch.setattr(services, "settings", services.settings.model_copy(update={"limits": limits}))

    with ExitStack() as stack:

        def subscribed(person: Person, socket: Any = None) -> Any:
            socket = socket or stack.enter_context(client.websocket_connect("/v1/socket"))
            socket.send_json(subscribe(person))
            assert socket.receive_json()["type"] == "subscribed"
            return socket

        first, _, second = subscribed(ada), subscribed(eve), subscribed(ada)
        subscribed(ada, first)  # anew, so that the other one is the oldest
        third = subscribed(ada)
        assert second.receive_json()["code"] == "TOO_MANY_CONNECTIONS"
        with pytest.raises(WebSocketDisconnect):
            second.receive_json()
        first.close()
        subscribed(ada)
        subscribed(ada, third)  # none was one too many


class Posted:
    """In place of API Gateway."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, Subscription | Unheard]] = []
        self.left_by: list[str] = []

    def subscribe(self, connection_id: str, subscription: Subscription, *, most: int) -> None:
        assert most == 20
        self.calls.append(("subscribe", connection_id, subscription))

    def refuse(self, connection_id: str, refusal: Unheard) -> None:
        self.calls.append(("refuse", connection_id, refusal))

    def left(self, connection_id: str) -> None:
        self.left_by.append(connection_id)


@pytest.fixture
def gateway(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[Posted]:
    """Lambda's entry, with these services."""
    posted = Posted()
    monkeypatch.setattr(entry, "services", lambda: services)
    monkeypatch.setattr(entry, "push", lambda: posted)
    for name, value in {"TABLE": "t", "PUSH_ENDPOINT_URL": "https://sockets.example.org/live"}.items():
        monkeypatch.setenv(f"SOUNDSTAGE_{name}", value)
    yield posted
    wiring.settings.cache_clear()


def test_the_same_message_opens_a_connection_of_api_gateway(
    ada: Person, order: Order, gateway: Posted, caplog: pytest.LogCaptureFixture
) -> None:
    job_id = order()["job_id"]
    with caplog.at_level("DEBUG"):
        for body in (json.dumps(subscribe(ada, job_id=job_id)), "nothing", None):
            event = {"requestContext": {"connectionId": "c=1", "routeKey": "$default"}, "body": body}
            assert entry.handler(event, None) == {"statusCode": 200}

    (what, connection_id, subscription), *refused = gateway.calls
    assert (what, connection_id) == ("subscribe", "c=1")
    assert isinstance(subscription, Subscription)
    assert (subscription.owner_id, subscription.job_id, subscription.sent) == (ada.user_id, job_id, 0)
    assert [call[0] for call in refused] == ["refuse", "refuse"]
    assert ada.tokens["access_token"] not in caplog.text


def test_api_gateway_says_that_a_client_has_left(gateway: Posted) -> None:
    event = {"requestContext": {"connectionId": "c=1", "routeKey": "$disconnect", "eventType": "DISCONNECT"}}

    assert entry.handler(event, None) == {"statusCode": 200}

    assert (gateway.left_by, gateway.calls) == (["c=1"], [])
