"""Callbacks of model nodes: signed, once, for tasks that wait."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from functions.api.services import Services
from pydantic import SecretStr
from tests.integration.api.conftest import Clock, Person
from tests.integration.api.test_profiles import sealed_by

from soundstage.providers.protocol import Reference
from soundstage.providers.signatures import sign
from soundstage.providers.submission_record import SubmissionRecord, bought_stem, callback_key

__all__ = ["sealed_by"]

NODES_OWN = "the secret of a node with more than 32 characters"
TASK = f"{'a' * 40}-1"
DONE = {"task_id": TASK, "status": "SUCCESS", "result": {"image_url": "https://node.example.org/s1.png"}}
Say = Callable[..., Any]


@pytest.fixture
def node(ada: Person, sealed_by: object) -> str:
    terms = {"protocol": "node", "url": "https://node.example.org/tasks"}
    assert ada.post("/v1/profiles", {"name": "GPU", "terms": terms, "api_key": "short"}).status_code == 422
    made = ada.post("/v1/profiles", {"name": "GPU", "terms": terms, "api_key": NODES_OWN})
    assert made.status_code == 201, made.text
    found: str = made.json()["profile_id"]
    return found


@pytest.fixture
def say(client: TestClient, clock: Clock, node: str) -> Say:
    def _say(
        told: dict[str, Any], *, signed_with: str = NODES_OWN, late_s: float = 0, to: str = node, changed: bytes = b""
    ) -> Any:
        body, at = json.dumps(told).encode(), int(clock.now.timestamp() - late_s)
        headers = {"Soundstage-Timestamp": str(at), "Soundstage-Signature": sign(SecretStr(signed_with), at, body)}
        return client.post(f"/v1/callbacks/{to}/task_complete", content=body + changed, headers=headers)

    return _say


@pytest.fixture
def waiting(services: Services, ada: Person) -> None:
    """A shot of Ada's waits for her node."""
    record = SubmissionRecord(
        provider="node",
        fingerprint="a" * 64,
        idempotency_key=TASK,
        usd=0,
        phase="sent",
        reference=Reference(provider="node", id=TASK),
    )
    key = f"{bought_stem(ada.user_id, TASK)}.json"
    services.objects.write_json(key, record.model_dump(mode="json"))


def test_what_a_node_says_is_heard_once(services: Services, ada: Person, say: Say, waiting: None, clock: Clock) -> None:
    assert say(DONE).status_code == 204
    heard = services.objects.read_json(callback_key(ada.user_id, TASK))
    assert heard == DONE | {"err_msg": None}
    again = say(DONE)
    assert (again.status_code, again.json()["code"]) == (409, "CONFLICT")
    assert say(DONE | {"status": "FAILED"}).status_code == 409
    assert services.objects.read_json(callback_key(ada.user_id, TASK)) == heard


def test_nobody_else_is_heard(services: Services, eve: Person, say: Say, waiting: None) -> None:
    terms = {"protocol": "openai_chat", "url": "https://llm.example.org/v1", "model": "x"}
    hers = eve.post("/v1/profiles", {"name": "x", "terms": terms, "api_key": NODES_OWN}).json()["profile_id"]
    refused = [
        say(DONE, signed_with="another secret of more than 32 characters"),
        say(DONE, late_s=301),
        say(DONE, late_s=-302),
        say(DONE, changed=b" "),
        say(DONE, to="0" * 32),
        say(DONE, to=hers),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(401, "UNAUTHENTICATED")] * 6
    assert len({answer.json()["message"] for answer in refused}) == 1
    assert say(DONE, late_s=299).status_code == 204


def test_only_for_tasks_that_wait_and_in_the_words_of_a_node(say: Say) -> None:
    assert say(DONE).status_code == 404
    assert say(DONE | {"task_id": f"../{TASK}"}).status_code == 422
    assert say({"task_id": TASK, "status": "PENDING"}).status_code == 422
