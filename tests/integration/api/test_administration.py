"""What operators do: the function ``admin/act`` over a real PostgreSQL, with queues and the table by moto."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from fastapi.testclient import TestClient
from functions.admin import act
from functions.api.services import Services
from sqlalchemy import select
from tests.integration.api.conftest import Person

from soundstage.models.ids import Id, new_id
from soundstage.platform.aws import clients
from soundstage.platform.catalog import audit
from soundstage.platform.catalog.tables import AuditLog

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def queues(services: Services) -> Iterator[dict[str, str]]:
    """URLs of a queue, of its dead letters, and of events that reached no target."""
    sqs = boto3.client("sqs")
    urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("dead", "source", "undelivered")}
    clients.sqs.cache_clear()
    yield urls
    for url in urls.values():
        sqs.delete_queue(QueueUrl=url)
    clients.sqs.cache_clear()


@pytest.fixture
def ask(services: Services, steps_run: None, queues: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """Asks the function; returns what it did, or its error."""
    machine = next(iter(services.settings.state_machines.values()))
    monkeypatch.setenv("SOUNDSTAGE_INGEST_STATE_MACHINE", machine)
    undelivered = {"dead": queues["undelivered"], "source": None}
    webhooks = {name: queues[name] for name in ("dead", "source")}
    monkeypatch.setenv("SOUNDSTAGE_DEAD_LETTERS", json.dumps({"webhooks": webhooks, "undelivered": undelivered}))

    def _ask(action: str, **more: Any) -> dict[str, Any]:
        answer = act.handler({"action": action, "by": "tests", **more}, None)
        found: dict[str, Any] = answer.get("done") or answer["error"]
        return found

    for kept in (act.settings, act.administration):
        kept.cache_clear()
    yield _ask
    for kept in (act.settings, act.administration):
        kept.cache_clear()


def _noted(services: Services, action: str) -> list[dict[str, Any]]:
    with services.catalog.transaction() as session:
        assert not audit.verify(session).why
        return [entry.payload for entry in session.scalars(select(AuditLog).where(AuditLog.action == action))]


def _send(url: str, *bodies: str) -> list[str]:
    return [boto3.client("sqs").send_message(QueueUrl=url, MessageBody=body)["MessageId"] for body in bodies]


def _bodies(url: str) -> list[str]:
    found = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
    return sorted(message["Body"] for message in found.get("Messages", []))


def test_dead_letters_are_shown_without_secrets_and_stay_where_they_are(ask: Ask, queues: dict[str, str]) -> None:
    (letter,) = _send(queues["dead"], json.dumps({"task": "film_compose", "task_token": "AQC8 secret"}))

    for _ in range(2):
        (shown,) = ask("dead-letters list")["letters"]
        assert (shown["queue"], shown["id"], shown["body"]["task"]) == ("webhooks", letter, "film_compose")
        assert "secret" not in json.dumps(shown)


def test_letters_go_back_to_where_they_came_from(ask: Ask, queues: dict[str, str], services: Services) -> None:
    ids = _send(queues["dead"], *(f"letter {number}" for number in range(25)))

    chosen = ask("dead-letters replay", queue="webhooks", ids=[ids[3], "unknown"])
    assert chosen == {"replayed": [ids[3]], "missing": ["unknown"]}
    assert _bodies(queues["source"]) == ["letter 3"]
    assert len(ask("dead-letters list", queue="webhooks")["letters"]) == 24

    assert len(ask("dead-letters replay", queue="webhooks")["replayed"]) == 24
    assert _bodies(queues["dead"]) == []
    assert [len(said["letters"]) for said in _noted(services, "admin.dead_letters.replay")] == [1, 24]


def _undelivered(queues: dict[str, str], event: dict[str, Any], target: str) -> str:
    """As EventBridge leaves it there."""
    told = {"TARGET_ARN": target, "ERROR_CODE": "NO_PERMISSIONS", "ERROR_MESSAGE": "Not allowed."}
    attributes: Any = {name: {"DataType": "String", "StringValue": value} for name, value in told.items()}
    sent = boto3.client("sqs").send_message(
        QueueUrl=queues["undelivered"], MessageBody=json.dumps(event), MessageAttributes=attributes
    )
    return sent["MessageId"]


def test_events_that_reached_no_target_are_shown_and_sent_on(
    ask: Ask, queues: dict[str, str], services: Services
) -> None:
    machine = next(iter(services.settings.state_machines.values()))
    upload = _undelivered(queues, {"detail": {"object": "an upload"}}, machine)
    change = _undelivered(queues, {"detail": "a change"}, "arn:aws:sqs:eu-central-1:123456789012:source")

    (first, second) = sorted(ask("dead-letters list", queue="undelivered")["letters"], key=lambda one: one["target"])
    assert (first["id"], first["error"], first["error_code"]) == (change, "Not allowed.", "NO_PERMISSIONS")
    assert (second["id"], second["target"], second["body"]) == (upload, machine, {"detail": {"object": "an upload"}})

    assert set(ask("dead-letters replay", queue="undelivered")["replayed"]) == {upload, change}

    assert _bodies(queues["undelivered"]) == []
    assert _bodies(queues["source"]) == ['{"detail": "a change"}']
    begun = f"{machine.replace(':stateMachine:', ':execution:')}:{upload}"
    found = boto3.client("stepfunctions").describe_execution(executionArn=begun)
    assert json.loads(found["input"]) == {"detail": {"object": "an upload"}}


def test_an_event_whose_target_cannot_be_reached_stays(ask: Ask, queues: dict[str, str]) -> None:
    _undelivered(queues, {"detail": 1}, "arn:aws:sqs:eu-central-1:123456789012:of-others")
    assert ask("dead-letters replay", queue="undelivered")["code"] == "INVALID_INPUT"
    assert _bodies(queues["undelivered"]) == ['{"detail": 1}']


def test_a_blocked_account_is_shut_out_of_everything_and_loses_nothing(
    ask: Ask, ada: Person, client: TestClient, ready_track: Id, services: Services
) -> None:
    key = ada.post("/v1/keys", {"name": "import", "scopes": ["tracks:read"]}).json()["key"]
    link = urlsplit(ada.post(f"/v1/tracks/{ready_track}/share", {}).json()["url"]).path
    log_in = {"email": "ada@example.org", "password": "ada's own tune"}

    blocked = ask("users block", who=" Ada@example.org", reason="spam, ticket 7")

    assert blocked["user"]["blocked_at"]
    assert ada.get("/v1/me").status_code == 401
    assert client.post("/v1/auth/refresh", json={"refresh_token": ada.tokens["refresh_token"]}).status_code == 401
    for refused in (
        client.post("/v1/auth/login", json=log_in),
        client.get(f"/v1/tracks/{ready_track}", headers={"X-Api-Key": key}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "ACCOUNT_BLOCKED")
    wrong = client.post("/v1/auth/login", json=log_in | {"password": "a guess of somebody"})
    assert wrong.status_code == 401, "only who knows the password learns of it"
    assert client.get(link).status_code == 404

    ask("users block", who=ada.user_id, reason="again")  # changes nothing
    ask("users unblock", who=ada.user_id)

    assert client.post("/v1/auth/login", json=log_in).status_code == 200
    assert client.get(f"/v1/tracks/{ready_track}", headers={"X-Api-Key": key}).status_code == 200
    assert client.get(link).status_code == 200
    assert _noted(services, "account.blocked") == [{"by": "tests", "reason": "spam, ticket 7"}]
    assert _noted(services, "account.unblocked") == [{"by": "tests"}]


def test_what_an_account_used_is_shown(ask: Ask, ada: Person, upload: Callable[[Person], Id]) -> None:
    upload(ada)

    found = ask("users show", who="ada@example.org")

    assert found["worker_s"] == found["gpu_s"] == 0
    assert (found["user"]["id"], found["storage_bytes"], found["log_ins"]) == (ada.user_id, 1000, 1)
    assert ask("users show", who=ada.user_id, month="2020-01")["month"] == "2020-01"


def test_stuck_jobs_are_listed_rescued_and_canceled(
    ask: Ask, ada: Person, upload: Callable[[Person], Id], accept: Callable[[Id], Any], services: Services
) -> None:
    track_id = ada.post("/v1/tracks", {}).json()["track_id"]
    asset_id = upload(ada)
    job_id = ada.post(f"/v1/tracks/{track_id}/generate", {"hum_asset_id": asset_id}).json()["job_id"]
    accept(asset_id)  # and whoever was to release the job died

    assert job_id not in [job["job_id"] for job in ask("jobs stuck", for_s=3600)["jobs"]]
    stuck = next(job for job in ask("jobs stuck", for_s=0)["jobs"] if job["job_id"] == job_id)
    assert (stuck["status"], stuck["owner_id"]) == ("blocked", ada.user_id)

    assert ask("jobs rescue", job_id=job_id)["job"]["status"] in ("running", "queued")
    assert ask("jobs cancel", job_id=job_id)["job"]["status"] == "canceled"
    assert ask("jobs cancel", job_id=job_id)["job"]["status"] == "canceled", "twice is once"
    assert _noted(services, "admin.jobs.rescue") == [{"by": "tests"}]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"action": "jobs rescue", "job_id": new_id()}, "NOT_FOUND"),
        ({"action": "users block", "who": "nobody@example.org", "reason": "none"}, "NOT_FOUND"),
        ({"action": "users show", "who": "'; drop table users"}, "NOT_FOUND"),
        ({"action": "dead-letters replay", "queue": "nothing"}, "INVALID_INPUT"),
        ({"action": "drop everything"}, "INVALID_INPUT"),
        ({"action": "users block", "who": "ada@example.org"}, "INVALID_INPUT"),
    ],
)
def test_what_cannot_be_done_is_said_by_code(ask: Ask, asked: dict[str, Any], code: str) -> None:
    assert ask(**asked)["code"] == code
