"""API keys: told once, good for what they were made for, and for no longer."""

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from functions.api.services import Services
from sqlalchemy import event, select
from tests.integration.api.conftest import Clock, Person

from soundstage.models.scopes import SCOPES
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.tables import ApiKey


def _made(person: Person, *scopes: str, **more: Any) -> dict[str, Any]:
    made = person.post("/v1/keys", {"name": "import", "scopes": list(scopes or SCOPES), **more})
    assert made.status_code == 201, made.text
    return dict(made.json())


def _get(client: TestClient, key: str, path: str = "/v1/me", **headers: str) -> Any:
    return client.get(path, headers=headers or {"X-Api-Key": key})


def test_a_key_is_good_in_either_header(client: TestClient, ada: Person) -> None:
    key = _made(ada)["key"]

    assert key.startswith("sk_")
    assert _get(client, key).json()["user_id"] == ada.user_id
    assert _get(client, key, Authorization=f"Bearer {key}").json()["user_id"] == ada.user_id


def test_a_key_is_told_once_and_kept_as_a_hash(catalog: Catalog, ada: Person) -> None:
    made = _made(ada)

    listed = ada.get("/v1/keys").json()["items"]
    assert [item["key_id"] for item in listed] == [made["key_id"]]
    assert "key" not in listed[0]
    with catalog.transaction() as session:
        row = session.scalars(select(ApiKey)).one()
        secret = made["key"].removeprefix(made["prefix"])
        assert secret not in str(vars(row))
        assert len(row.key_sha256) == 32


def test_a_key_is_found_by_its_beginning(ada: Person, eve: Person) -> None:
    first, second = _made(ada), _made(ada)

    found = ada.get("/v1/keys", params={"prefix": first["prefix"][:8]}).json()["items"]

    assert first["key_id"] in [item["key_id"] for item in found]
    assert second["key_id"] not in [item["key_id"] for item in found]
    assert ada.get("/v1/keys", params={"prefix": "sk_%"}).json()["items"] == []
    assert eve.get("/v1/keys", params={"prefix": "sk_"}).json()["items"] == []


def test_wrong_revoked_and_expired_keys_are_refused(client: TestClient, ada: Person, clock: Clock) -> None:
    good, revoked, short = _made(ada), _made(ada), _made(ada, expires_in_days=1)
    for _ in range(2):
        assert ada.delete(f"/v1/keys/{revoked['key_id']}").status_code == 204
    wrong_secret = good["key"][:-4] + "AAAA"
    odd = ["sk_", "sk__", "sk_x", good["prefix"], f"{good['prefix']}_", "sk_aaaaaaaa_" + "b" * 43, wrong_secret]

    for key in (revoked["key"], *odd):
        answer = _get(client, key)
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED"), key
    assert _get(client, short["key"]).status_code == 200
    clock.pass_(days=1, seconds=1)
    assert _get(client, short["key"]).status_code == 401
    assert _get(client, good["key"]).status_code == 200


def test_a_key_does_what_it_was_made_for_and_nothing_else(client: TestClient, ada: Person) -> None:
    key = _made(ada, "tracks:read", "account:read")["key"]

    assert _get(client, key, "/v1/tracks").status_code == 200
    refused = client.post("/v1/tracks", json={}, headers={"X-Api-Key": key})
    assert (refused.status_code, refused.json()["code"]) == (403, "SCOPE_MISSING")
    assert refused.json()["detail"] == {"scope": "tracks:write"}
    assert _get(client, key, "/v1/assets").status_code == 403
    assert ada.post("/v1/keys", {"name": "n", "scopes": ["everything"]}).status_code == 422
    assert ada.post("/v1/keys", {"name": "n", "scopes": []}).status_code == 422


def test_an_idempotency_key_is_no_way_around_a_scope(client: TestClient, ada: Person) -> None:
    made = ada.post("/v1/tracks", {}, headers={"Idempotency-Key": "once"})
    reading = _made(ada, "tracks:read")["key"]

    again = client.post("/v1/tracks", json={}, headers={"Idempotency-Key": "once", "X-Api-Key": reading})

    assert (made.status_code, again.status_code) == (201, 403)


def test_no_key_opens_what_is_for_persons(running: tuple[Services, FastAPI], client: TestClient, ada: Person) -> None:
    key = _made(ada)["key"]
    walked = 0
    for path, operations in running[1].openapi()["paths"].items():
        for method, operation in operations.items():
            if operation.get("security") == [{"bearer": []}]:
                address = path.replace("{session_id}", "0" * 32).replace("{key_id}", "0" * 32)
                answer = client.request(method.upper(), address, json={}, headers={"X-Api-Key": key})
                assert (answer.status_code, answer.json()["code"]) == (403, "SCOPE_MISSING"), path
                walked += 1
    assert walked >= 9
    assert _get(client, key).status_code == 200


def test_every_route_says_which_scope_it_takes_and_takes_it(
    running: tuple[Services, FastAPI], client: TestClient, ada: Person
) -> None:
    """With all scopes but the one that it names a route refuses; with that one alone it does not."""
    stated: dict[str, list[tuple[str, str]]] = {}
    for path, operations in running[1].openapi()["paths"].items():
        for method, operation in operations.items():
            for scheme in operation.get("security", []):
                for scope in scheme.get("apiKey", []):
                    stated.setdefault(scope, []).append((method.upper(), path))
            if operation.get("security"):
                assert {"bearer": []} in operation["security"]
    assert set(stated) == set(SCOPES)
    for scope, routes in stated.items():
        only, but = _made(ada, scope)["key"], _made(ada, *(other for other in SCOPES if other != scope))["key"]
        for method, path in routes:
            address = path.replace("{language}", "zh").replace("{label}", "A").replace("{number}", "1")
            for name in ("asset", "track", "match", "project", "film", "shot", "preset", "profile", "job", "share"):
                address = address.replace(f"{{{name}_id}}", "0" * 32)
            allowed, refused = (
                client.request(method, address, json={}, headers={"X-Api-Key": key}) for key in (only, but)
            )
            assert refused.status_code == 403, (method, path)
            assert allowed.status_code != 403, (method, path, allowed.text)
            assert allowed.status_code < 500
        for made in ada.get("/v1/keys", params={"limit": 2}).json()["items"]:
            ada.delete(f"/v1/keys/{made['key_id']}")


def test_the_last_use_is_written_once_a_minute(client: TestClient, catalog: Catalog, ada: Person, clock: Clock) -> None:
    made = _made(ada)
    writes: list[str] = []

    @event.listens_for(catalog.engine, "before_cursor_execute")
    def _seen(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("UPDATE api_keys"):
            writes.append(statement)

    try:
        for seconds in (0, 20, 20, 30):
            clock.pass_(seconds=seconds)
            assert _get(client, made["key"]).status_code == 200
    finally:
        event.remove(catalog.engine, "before_cursor_execute", _seen)

    assert len(writes) == 2
    last_used = ada.get("/v1/keys").json()["items"][0]["last_used_at"]
    assert last_used.startswith(clock.now.isoformat()[:19])


def test_there_is_an_end_of_keys(services: Services, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    few = services.settings.limits.model_copy(update={"keys_per_user": 2})
    monkeypatch.setattr(services.api_keys, "_limits", few)
    first = _made(ada)
    _made(ada)

    refused = ada.post("/v1/keys", {"name": "n", "scopes": ["tracks:read"]})
    assert (refused.status_code, refused.json()["code"]) == (403, "QUOTA_EXCEEDED")

    ada.delete(f"/v1/keys/{first['key_id']}")
    _made(ada)


def test_keys_of_others_do_not_exist(ada: Person, eve: Person) -> None:
    made = _made(ada)

    assert eve.delete(f"/v1/keys/{made['key_id']}").status_code == 404
    assert ada.get("/v1/keys").json()["items"][0]["revoked_at"] is None
