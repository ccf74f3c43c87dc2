"""Promises that hold on every route: whose things are whose, one error body, headers, limits."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from functions.api.services import Services
from tests.fixtures.film_projects import storyboard
from tests.integration.api.conftest import Person

from soundstage.models.error_body import ErrorBody
from soundstage.models.ids import Id

BODIES: dict[str, Any] = {
    "sign_parts": {"numbers": [1]},
    "choose_primary": {"label": "A"},
    "change_preset": {"name": "Eve's"},
    "change_profile": {"name": "Eve's"},
    "change_project": {"title": "Eve's"},
    "change_shot": {"title": "Eve's"},
    "add_shot": {"title": "Eve's"},
    "split_shot": {"at": 3},
    "order_shots": {"order": []},
    "put_translation": {"title": "Eve's"},
}


def _routes(app: FastAPI) -> Iterator[tuple[str, str, str, bool]]:
    """Operation, method, path, and whether it wants a token: as the API itself documents them."""
    for path, operations in app.openapi()["paths"].items():
        for method, operation in operations.items():
            yield operation["operationId"], method.upper(), path, "security" in operation


@pytest.fixture
def app(running: tuple[Services, FastAPI]) -> FastAPI:
    return running[1]


@pytest.fixture
def hers(ada: Person, ready_track: Id, upload: Callable[[Person], Id]) -> dict[str, str]:
    """Ids of everything that Ada has, by the names that routes give them."""
    track = ada.get(f"/v1/tracks/{ready_track}").json()
    share = ada.post(f"/v1/tracks/{ready_track}/share").json()
    board = storyboard().model_dump(mode="json")
    project = ada.post("/v1/projects", {"storyboard": board, "make_shots": False}).json()
    model = {"protocol": "openai_chat", "url": "http://localhost:11434/v1", "model": "qwen2.5:0.5b"}
    return {
        "track_id": ready_track,
        "job_id": track["job_id"],
        "asset_id": upload(ada),
        "share_id": share["share_id"],
        "preset_id": ada.post("/v1/presets", {"name": "Mine", "params": {}}).json()["preset_id"],
        "profile_id": ada.post("/v1/profiles", {"name": "Mine", "terms": model}).json()["profile_id"],
        "project_id": project["project_id"],
        "shot_id": project["shots"][0]["shot_id"],
        "film_id": ada.post("/v1/films", {"project_id": project["project_id"]}).json()["subject_id"],
        "match_id": ada.post("/v1/matches", {"target_asset_id": upload(ada), "preset": {}}).json()["subject_id"],
    }


def test_what_is_hers_does_not_exist_for_eve(app: FastAPI, ada: Person, eve: Person, hers: dict[str, str]) -> None:
    own_hum = {"hum_asset_id": hers["asset_id"]}
    walked = []
    for operation, method, path, _ in _routes(app):
        names = [name for name in re.findall(r"{(\w+)}", path) if name in hers]
        if not names:
            continue
        body = own_hum if operation == "generate_track" else BODIES.get(operation)
        address = path.format(**hers, label="A", number=1, language="zh") + (
            "?to=1" if operation == "compare_versions" else ""
        )
        answer = eve.request(method, address, json=body, follow_redirects=False)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND"), (operation, answer.text)
        walked.append(operation)
    assert len(walked) >= 45
    # And nothing of it happened.
    kinds = (
        ("track_id", "tracks"),
        ("job_id", "jobs"),
        ("asset_id", "assets"),
        ("match_id", "matches"),
        ("preset_id", "presets"),
        ("profile_id", "profiles"),
        ("project_id", "projects"),
        ("shot_id", "shots"),
        ("film_id", "films"),
    )
    for name, path in kinds:
        assert ada.get(f"/v1/{path}/{hers[name]}").status_code == 200
    assert ada.get(f"/v1/tracks/{hers['track_id']}/shares").json()["items"][0]["revoked_at"] is None


def test_her_hum_cannot_be_used_in_eves_track(eve: Person, hers: dict[str, str]) -> None:
    track_id = eve.post("/v1/tracks", {}).json()["track_id"]

    answer = eve.post(f"/v1/tracks/{track_id}/generate", {"hum_asset_id": hers["asset_id"]})

    assert answer.status_code == 404


def test_lists_hold_what_is_ones_own(eve: Person, hers: dict[str, str]) -> None:
    lists = (
        "tracks",
        "matches",
        "jobs",
        "assets",
        "presets",
        "presets?visibility=public",
        "profiles",
        "projects",
        "films",
    )
    for path in (f"/v1/{name}" for name in lists):
        assert eve.get(path).json() == {"items": [], "next_cursor": None}


def test_without_a_token_there_is_nothing(app: FastAPI, client: TestClient) -> None:
    for operation, method, path, wants_token in _routes(app):
        if wants_token:
            answer = client.request(method, re.sub(r"{\w+}", "0" * 32, path), json={})
            assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED"), operation


def test_errors_have_one_body_whatever_went_wrong(
    client: TestClient, ada: Person, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(services.job_store, "list", broken)
    answers = {
        "NOT_FOUND": client.get("/v1/nothing/here"),
        "METHOD_NOT_ALLOWED": client.put("/v1/tracks"),
        "INVALID_INPUT": ada.post("/v1/uploads", {"file_name": ""}),
        "UNAUTHENTICATED": client.get("/v1/me"),
        "BODY_TOO_LARGE": ada.post("/v1/tracks", {"title": "x" * (1 << 20)}),
        "INTERNAL": ada.get("/v1/jobs"),
    }
    for code, answer in answers.items():
        body = ErrorBody.model_validate(answer.json())
        assert body.code == code
        assert body.request_id == answer.headers["X-Request-Id"]
        assert "secret detail" not in answer.text
    malformed = ada.request("POST", "/v1/tracks", content=b"{", headers={"Content-Type": "application/json"})
    assert (malformed.status_code, malformed.json()["code"]) == (422, "INVALID_INPUT")


def test_a_request_id_is_taken_over_when_it_is_harmless(client: TestClient) -> None:
    assert client.get("/health", headers={"X-Request-Id": "trace-1234"}).headers["X-Request-Id"] == "trace-1234"
    assert client.get("/health", headers={"X-Request-Id": "no\tgood {x}"}).headers["X-Request-Id"] != "no\tgood {x}"


def test_every_answer_has_the_security_headers(client: TestClient) -> None:
    for path in ("/health", "/v1/nothing", "/s/unknown"):
        headers = client.get(path).headers
        assert headers["Strict-Transport-Security"].startswith("max-age=63072000")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"


def test_only_allowed_origins_may_call_from_a_page(client: TestClient) -> None:
    def preflight(origin: str) -> dict[str, str]:
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        return dict(client.options("/v1/tracks", headers=asked).headers)

    allowed = preflight("https://console.example.org")
    assert allowed["access-control-allow-origin"] == "https://console.example.org"
    assert "access-control-allow-origin" not in preflight("https://evil.example.org")


def test_ready_asks_everything_that_the_api_needs(
    client: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    well = client.get("/health/ready")
    assert (well.status_code, set(well.json()["checks"])) == (200, {"catalog", "table", "bucket"})

    monkeypatch.setattr(services.objects, "bucket", "no-such-bucket")
    monkeypatch.setattr(services.job_store, "_table", "no-such-table")
    sick = client.get("/health/ready")
    assert sick.status_code == 503
    assert sick.json()["checks"] == {"catalog": "ok", "table": "failed", "bucket": "failed"}


def test_an_address_of_its_own_is_not_taken_for_an_id(app: FastAPI, ada: Person) -> None:
    """``PATCH /v1/presets/blend``: there is something at this address, and it is no preset."""
    paths = app.openapi()["paths"]
    checked = []
    for literal, own in paths.items():
        if "{" in literal:
            continue
        for pattern, operations in paths.items():
            taken = re.fullmatch(re.sub(r"{\w+}", "[^/]+", pattern), literal) and pattern != literal
            for method in sorted(operations.keys() - own.keys()) if taken else ():
                answer = ada.request(method.upper(), literal, json={})
                assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED"), (method, literal)
                assert answer.headers["Allow"] == ", ".join(sorted(name.upper() for name in own))
                checked.append((method, literal))
    assert ("patch", "/v1/presets/blend") in checked
