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
from soundstage.models.ids import Id, new_id
from soundstage.platform.catalog import webhooks
from soundstage.platform.catalog.tables import WebhookEndpoint

BODIES: dict[str, Any] = {
    "sign_parts": {"numbers": [1]},
    "choose_primary": {"label": "A"},
    "correct_tune": {"tempo_bpm": 90},
    "correct_tune_by_midi": {"midi_base64": "TVRoZA=="},
    "change_preset": {"name": "Eve's"},
    "change_profile": {"name": "Eve's"},
    "change_webhook": {"description": "Eve's"},
    "change_project": {"title": "Eve's"},
    "change_shot": {"title": "Eve's"},
    "add_shot": {"title": "Eve's"},
    "split_shot": {"at": 3},
    "order_shots": {"order": []},
    "put_translation": {"title": "Eve's"},
    "preview_match": {"style": {}, "start_s": 0},
    **{f"rename_{noun}": {"title": "Eve's"} for noun in ("track", "match", "film")},
}


def _routes(app: FastAPI) -> Iterator[tuple[str, str, str, bool]]:
    """Operation, method, path, and whether it wants a token: as the API itself documents them."""
    for path, operations in app.openapi()["paths"].items():
        for method, operation in operations.items():
            yield operation["operationId"], method.upper(), path, bool(operation["security"])


@pytest.fixture
def app(running: tuple[Services, FastAPI]) -> FastAPI:
    return running[1]


@pytest.fixture
def hers(ada: Person, ready_track: Id, upload: Callable[[Person], Id], services: Services) -> dict[str, str]:
    """Ids of everything that Ada has, by the names that routes give them."""
    track = ada.get(f"/v1/tracks/{ready_track}").json()
    share = ada.post(f"/v1/tracks/{ready_track}/share").json()
    board = storyboard().model_dump(mode="json")
    project = ada.post("/v1/projects", {"storyboard": board, "make_shots": False}).json()
    model = {"protocol": "openai_chat", "url": "http://localhost:11434/v1", "model": "qwen2.5:0.5b"}
    now = services.clock()
    hook = WebhookEndpoint(id=new_id(), owner_id=ada.user_id, url="https://example.org", event_types=[], secret={})
    hook.created_at = hook.updated_at = now
    with services.catalog.transaction() as session:
        webhooks.add(session, hook)
    return {
        "webhook_id": hook.id,
        "delivery_id": new_id(),
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
        "session_id": ada.get("/v1/me/sessions").json()["items"][0]["session_id"],
        "key_id": ada.post("/v1/keys", {"name": "Mine", "scopes": ["account:read"]}).json()["key_id"],
    }


COLLECTIONS = ("tracks", "matches", "jobs", "assets", "presets", "profiles", "projects", "films", "keys")

NOBODYS = {
    # for everybody, or for whoever has a token, a password or a signature that is looked at instead
    **dict.fromkeys(
        ("register", "log_in", "log_in_elsewhere", "refresh", "log_out", "key_set"), "before there is a caller"
    ),
    **dict.fromkeys(("health", "ready", "show_voices"), "the same for all"),
    **dict.fromkeys(
        ("share_page", "unlock_share", "shared_file", "shared_product_file", "shared_cover", "shared_picture"),
        "by a share's token",
    ),
    "task_complete": "by a node's signature",
    # of the caller, without an id
    **dict.fromkeys(("me", "delete_me", "change_password", "change_email", "list_sessions", "end_sessions"), "oneself"),
    **dict.fromkeys(("get_usage", "export_usage", "stream_events"), "oneself"),
    **dict.fromkeys(
        (*(f"list_{name}" for name in COLLECTIONS), "list_webhooks", "list_all_shares"),
        "a list of one's own",
    ),
    # what makes something new; ids in bodies are tried below
    **dict.fromkeys(
        (
            "create_upload",
            "create_track",
            "create_project",
            "create_profile",
            "create_key",
            "create_webhook",
            "create_credentials",
            "import_preset",
        ),
        "new",
    ),
    **dict.fromkeys(("create_match", "create_film", "create_preset", "blend_presets"), "new, from what a body names"),
}
"""Operations with nobody's id in their path, and why none is needed. A new route has to be put here, or is walked."""


def test_what_is_hers_does_not_exist_for_eve(app: FastAPI, ada: Person, eve: Person, hers: dict[str, str]) -> None:
    own_hum = {"hum_asset_id": hers["asset_id"]}
    walked, not_walked, names_walked = [], set(), set()
    before = _all_of(ada, hers)
    for operation, method, path, _ in _routes(app):
        names = set(re.findall(r"{(\w+_id)}", path)) - {"node_id"}
        if not names:
            not_walked.add(operation)
            continue
        assert names <= hers.keys(), f"{operation}: what is an id of this kind?"
        names_walked |= names
        body = own_hum if operation in {"generate_track", "listen_to_hum"} else BODIES.get(operation)
        address = path.format(**hers, label="A", number=1, language="zh") + (
            "?to=1" if operation == "compare_versions" else ""
        )
        answer = eve.request(method, address, json=body, follow_redirects=False)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND"), (operation, answer.text)
        # An id of nobody is answered alike: nothing tells that there is something.
        nobodys = path.format(**dict.fromkeys(hers, "0" * 32), label="A", number=1, language="zh") + (
            "?to=1" if operation == "compare_versions" else ""
        )
        of_nobody = eve.request(method, nobodys, json=body, follow_redirects=False)
        told = [{**given.json(), "request_id": None} for given in (answer, of_nobody)]
        assert told[0] == told[1], operation
        walked.append(operation)
    assert names_walked == hers.keys()
    assert not_walked == NOBODYS.keys()
    assert len(walked) + len(not_walked) == len(list(_routes(app)))
    assert _all_of(ada, hers) == before, "nothing of it happened"


def _all_of(person: Person, ids: dict[str, str]) -> list[Any]:
    """How everything stands, but for what is signed anew each time."""
    kinds = ("track", "job", "asset", "match", "preset", "profile", "project", "shot", "film", "webhook")
    found = []
    for kind in kinds:
        answer = person.get(f"/v1/{'matches' if kind == 'match' else kind + 's'}/{ids[f'{kind}_id']}")
        assert answer.status_code == 200, kind
        found.append({name: value for name, value in answer.json().items() if "url" not in name and name != "variants"})
    (share,) = person.get(f"/v1/tracks/{ids['track_id']}/shares").json()["items"]
    (key,) = person.get("/v1/keys").json()["items"]
    assert person.get("/v1/me/sessions").json()["items"][0]["session_id"] == ids["session_id"]
    return [*found, share, key]


def test_her_ids_in_a_body_do_not_exist_for_eve(
    eve: Person, hers: dict[str, str], upload: Callable[[Person], Id]
) -> None:
    asset, own = {"asset_id": hers["asset_id"]}, upload(eve)
    mine = eve.post("/v1/presets", {"name": "Eve's", "params": {}}).json()["preset_id"]
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("matches", {"target_asset_id": hers["asset_id"], "preset": {}}),
        ("matches", {"target_asset_id": own, "references": [asset]}),
        ("matches", {"target_asset_id": own, "preset_id": hers["preset_id"]}),
        ("films", {"project_id": hers["project_id"]}),
        ("presets", {"name": "Stolen", "from_match_id": hers["match_id"]}),
        ("presets/blend", {"one": hers["preset_id"], "other": mine}),
        ("presets/blend", {"one": mine, "other": hers["preset_id"]}),
    ]
    for path, body in bodies:
        answer = eve.post(f"/v1/{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND"), (path, body, answer.text)
    assert eve.get("/v1/jobs").json()["items"] == []


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
        "webhooks",
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
