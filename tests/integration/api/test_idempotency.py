"""``Idempotency-Key`` over HTTP, on every route that takes one."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from functions.api.services import Services
from tests.integration.api.conftest import Person

from soundstage.models.errors import TransientError
from soundstage.models.ids import Id
from soundstage.platform.aws.idempotency import KEEP_S
from soundstage.platform.catalog.tracks import Tracks

KEY = {"Idempotency-Key": "a key of one's own"}


def _keyed(app: FastAPI) -> dict[str, str]:
    """Operation → path, of those that take a key."""
    return {
        operation["operationId"]: path
        for path, operations in app.openapi()["paths"].items()
        for operation in operations.values()
        if any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", ()))
    }


def test_all_that_create_take_a_key(running: tuple[Services, FastAPI]) -> None:
    """Keys and credentials are secrets, which are not kept; accounts have no owner yet; webhooks are tested anew."""
    document = running[1].openapi()
    creating = {
        operation["operationId"]
        for operations in document["paths"].values()
        for method, operation in operations.items()
        if method == "post" and {"201", "202"} & set(operation["responses"])
    }
    assert creating - set(_keyed(running[1])) == {"register", "create_key", "create_credentials", "test_webhook"}


def test_a_refusal_is_replayed_with_its_headers(ada: Person, upload: Callable[[Person], Id]) -> None:
    track_id = ada.post("/v1/tracks", {}).json()["track_id"]
    path = f"/v1/tracks/{track_id}/share"

    first, again = (ada.post(path, headers=KEY) for _ in range(2))

    assert (first.status_code, first.json()["code"]) == (409, "CONFLICT")
    assert (again.status_code, again.content) == (409, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers


def test_every_keyed_route_replays_what_it_refused(running: tuple[Services, FastAPI], ada: Person) -> None:
    bodies: dict[str, Any] = {
        "generate_track": {"hum_asset_id": "0" * 32},
        "create_film": {"project_id": "0" * 32},
        "create_match": {"target_asset_id": "0" * 32, "preset": {}},
        "blend_presets": {"one": "0" * 32, "other": "0" * 32},
        "split_shot": {"at": 3},
        "order_shots": {"order": []},
        "add_shot": {"title": "One"},
    }
    refused = 0
    for operation, path in _keyed(running[1]).items():
        address = re.sub(r"{\w+_id}", "0" * 32, path).replace("{label}", "A").replace("{number}", "1")
        headers = {"Idempotency-Key": operation}
        first, again = (ada.post(address, bodies.get(operation, {}), headers=headers) for _ in range(2))
        if first.status_code == 404:
            assert (again.status_code, again.content) == (404, first.content), operation
            assert again.headers["Idempotent-Replayed"] == "true"
            refused += 1
    assert refused >= 14


def test_all_headers_that_a_route_sets_are_replayed(ada: Person) -> None:
    asked = {"name": "Airy", "params": {}}
    first, again = (ada.post("/v1/presets", asked, headers=KEY) for _ in range(2))

    own = {"x-request-id", "ratelimit", "idempotent-replayed"}
    before, after = (
        {name: value for name, value in answer.headers.items() if name not in own} for answer in (first, again)
    )
    assert before == after
    assert {"etag", "location"} <= set(before)


def test_what_was_never_begun_is_not_kept(client: TestClient, ada: Person) -> None:
    assert ada.post("/v1/tracks", {"titel": "x"}, headers=KEY).status_code == 422
    assert client.post("/v1/tracks", json={}, headers=KEY).status_code == 401

    answer = ada.post("/v1/tracks", {"title": "x"}, headers=KEY)

    assert answer.status_code == 201
    assert "Idempotent-Replayed" not in answer.headers


def test_what_failed_on_our_side_is_carried_out_again(
    services: Services, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = services.rows(Tracks)
    for error, status in ((TransientError("The catalog did not answer."), 503), (RuntimeError("oops"), 500)):
        with monkeypatch.context() as broken:
            broken.setattr(rows, "create", lambda error=error, **_: (_ for _ in ()).throw(error))
            assert ada.post("/v1/tracks", {}, headers=KEY).status_code == status
    assert ada.post("/v1/tracks", {}, headers=KEY).status_code == 201


def test_another_body_path_or_query_is_refused(ada: Person) -> None:
    assert ada.post("/v1/tracks", {"title": "x"}, headers=KEY).status_code == 201
    for path, body in (("/v1/tracks", {"title": "y"}), ("/v1/tracks?a=1", {"title": "x"}), ("/v1/uploads", {})):
        answer = ada.post(path, body, headers=KEY)
        assert (answer.status_code, answer.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


def test_while_the_first_is_carried_out_the_second_is_told_to_wait(
    services: Services, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = Event(), Event()
    rows = services.rows(Tracks)
    create = rows.create

    def slowly(**given: Any) -> Any:
        begun.set()
        assert go_on.wait(10)
        return create(**given)

    monkeypatch.setattr(rows, "create", slowly)
    with ThreadPoolExecutor(1) as another:
        first = another.submit(ada.post, "/v1/tracks", {}, headers=KEY)
        assert begun.wait(10)
        second = ada.post("/v1/tracks", {}, headers=KEY)
        go_on.set()
        assert first.result().status_code == 201

    assert (second.status_code, second.json()["code"]) == (409, "REQUEST_IN_PROGRESS")
    assert second.headers["Retry-After"] == "1"
    replayed = ada.post("/v1/tracks", {}, headers=KEY)
    assert replayed.content == first.result().content
    assert len(ada.get("/v1/tracks").json()["items"]) == 1


def test_a_key_is_good_for_a_day_and_its_owner(
    services: Services, ada: Person, eve: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ada.post("/v1/tracks", {}, headers=KEY).json()["track_id"]
    assert eve.post("/v1/tracks", {}, headers=KEY).json()["track_id"] != first
    now = time.time()
    monkeypatch.setattr(services.idempotency, "_clock", lambda: now + KEEP_S - 60)
    assert ada.post("/v1/tracks", {}, headers=KEY).json()["track_id"] == first
    monkeypatch.setattr(services.idempotency, "_clock", lambda: now + KEEP_S + 60)
    assert ada.post("/v1/tracks", {}, headers=KEY).json()["track_id"] != first


def test_a_key_has_255_characters_at_most(ada: Person) -> None:
    assert ada.post("/v1/tracks", {}, headers={"Idempotency-Key": "k" * 255}).status_code == 201
    refused = ada.post("/v1/tracks", {}, headers={"Idempotency-Key": "k" * 256})
    assert (refused.status_code, refused.json()["code"]) == (422, "INVALID_INPUT")
