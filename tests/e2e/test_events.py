"""Jobs that tell of themselves: streams and webhooks, through the embedded cloud's queues and functions."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from infra.local.client import Studio
from tests.e2e.journeys import Cloud, outcome
from tests.fixtures.receivers import Receiver, is_genuine, receiving
from websockets.sync.client import connect

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def streamed(studio: Studio, path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Events until the job has ended; each stream is left after one event, and taken up again."""
    headers: dict[str, str] = {}
    while True:
        with studio.client.get_httpx_client().stream("GET", path, headers=headers, timeout=60) as answer:
            if answer.status_code == httpx.codes.NO_CONTENT:
                return
            answer.raise_for_status()
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "id":
                    headers["Last-Event-ID"] = value
                elif name == "data":
                    yield int(headers["Last-Event-ID"]), json.loads(value)
                    break


def test_a_stream_tells_each_change_and_webhooks_the_end(cloud: Cloud, studio: Studio, receiver: Receiver) -> None:
    receiver.answers = [500]
    webhook = studio.post("/v1/webhooks", {"url": receiver.url})
    story = "A fox crosses the river at night. Behind the old mill it finds a red kite."
    job_id = studio.post("/v1/projects", {"story": story, "make_shots": False})["job_id"]

    told = list(streamed(studio, f"/v1/jobs/{job_id}/events"))

    ended = outcome(studio, job_id)
    assert ended["status"] == "succeeded", ended
    revisions = [event["job"]["revision"] for _, event in told]
    assert revisions == list(range(1, revisions[-1] + 1))
    assert [event["type"] for _, event in told][:3] == ["job.created", "job.queued", "job.running"]
    assert told[-1][1]["type"] == "job.succeeded"
    mine = [pair for pair in streamed_now(studio, "/v1/events", after=0) if pair[1]["job"]["job_id"] == job_id]
    assert mine == told

    def deliveries() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = studio.get(f"/v1/webhooks/{webhook['webhook_id']}/deliveries")["items"]
        return [item for item in items if item["event_id"].startswith(job_id)]

    cloud.eventually(lambda: [item["status"] for item in deliveries()] == ["delivered"])
    (delivery,) = deliveries()
    assert delivery["attempts"][0]["http_status"] in (500, 204)
    came = [one for one in receiver.came if one.event["event_id"] == delivery["event_id"]]
    assert len(came) == len(delivery["attempts"])
    assert all(is_genuine(webhook["secret"], one.headers, one.body) for one in came)
    assert json.loads(came[-1].body) == told[-1][1]


def test_a_websocket_tells_the_same_across_reconnects(cloud: Cloud, studio: Studio) -> None:
    """Each connection is left after one event, and taken up again by another."""
    story = "A fox crosses the river at night. Behind the old mill it finds a red kite."
    job_id = studio.post("/v1/projects", {"story": story, "make_shots": False})["job_id"]
    wanted = {"action": "subscribe", "token": studio.tokens["access_token"], "job_id": job_id}
    told: list[tuple[int, dict[str, Any]]] = []
    ended = False
    while not ended:
        with connect(cloud.url.replace("http", "ws") + "/v1/socket") as socket:
            socket.send(json.dumps(wanted))
            assert json.loads(socket.recv(timeout=10))["type"] == "subscribed"
            message = json.loads(socket.recv(timeout=60))
            ended = message["type"] == "ended"
            if not ended:
                wanted["last_event_id"] = message["id"]
                told.append((int(message["id"]), message["event"]))

    assert told == list(streamed(studio, f"/v1/jobs/{job_id}/events"))
    assert told[-1][1]["type"] == "job.succeeded"
    assert studio.tokens["access_token"] not in "".join(path.read_text() for path in cloud.settings.logs.iterdir())


def test_a_test_event_arrives_exactly_once(cloud: Cloud, studio: Studio, receiver: Receiver) -> None:
    webhook = studio.post("/v1/webhooks", {"url": receiver.url})
    path = f"/v1/webhooks/{webhook['webhook_id']}"
    delivery = studio.post(f"{path}/test", {})
    cloud.eventually(
        lambda: studio.get(f"{path}/deliveries/{delivery['delivery_id']}")["status"] == "delivered", timeout_s=30
    )
    assert [one.event["event_id"] for one in receiver.came] == [delivery["event_id"]]


def streamed_now(studio: Studio, path: str, *, after: int) -> list[tuple[int, dict[str, Any]]]:
    """What there is at this moment."""
    found, number = [], after
    with studio.client.get_httpx_client().stream(
        "GET", path, headers={"Last-Event-ID": str(after)}, timeout=60
    ) as answer:
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name == "id":
                number = int(value)
            elif name == "data":
                found.append((number, json.loads(value)))
    return found
