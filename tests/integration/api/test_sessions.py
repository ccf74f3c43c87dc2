"""Log-ins: seen, ended here and everywhere, throttled; and an account changed and deleted."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from functions.api.services import Services
from sqlalchemy import select
from tests.integration.api.conftest import Clock, Person, Studio

from soundstage.models.limits import Limits
from soundstage.platform.catalog.accounts import owned_tables
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.tables import AuditLog, ModelProfile, Preset, User
from soundstage.platform.security import Passwords

ADAS = "ada's own tune"


def _log_in(client: TestClient, *, saying: str = ADAS, device: str = "Phone", email: str = "ada@example.org") -> Any:
    body = {"email": email, "password": saying}
    return client.post("/v1/auth/login", json=body, headers={"User-Agent": device})


def _again(person: Person, answer: Any) -> Person:
    return Person(person.client, person.user_id, answer.json())


def _is_in(person: Person) -> bool:
    """By its access token and by its refresh token."""
    alive: bool = person.get("/v1/me").status_code == 200
    refreshed = person.client.post("/v1/auth/refresh", json={"refresh_token": person.tokens["refresh_token"]})
    assert alive == (refreshed.status_code == 200)
    if alive:
        person.tokens = refreshed.json()
    return alive


def test_where_one_is_logged_in_can_be_seen(client: TestClient, ada: Person, eve: Person, clock: Clock) -> None:
    clock.pass_(minutes=1)
    phone = _again(ada, _log_in(client, device="Phone"))

    items = phone.get("/v1/me/sessions").json()["items"]

    assert [(item["device"], item["current"]) for item in items] == [("Phone", True), ("testclient", False)]
    assert items[0]["created_at"] > items[1]["created_at"]
    clock.pass_(minutes=1)
    assert _is_in(ada)
    assert ada.get("/v1/me/sessions").json()["items"][1]["last_used_at"] > items[1]["last_used_at"]
    assert len(eve.get("/v1/me/sessions").json()["items"]) == 1


def test_logging_out_kills_the_access_token_too(client: TestClient, ada: Person) -> None:
    phone = _again(ada, _log_in(client))

    client.post("/v1/auth/logout", json={"refresh_token": phone.tokens["refresh_token"]})

    assert not _is_in(phone)
    assert _is_in(ada)


def test_one_log_in_is_ended_from_another(client: TestClient, ada: Person, eve: Person) -> None:
    phone = _again(ada, _log_in(client))
    session_id = phone.get("/v1/me/sessions").json()["items"][0]["session_id"]

    assert eve.delete(f"/v1/me/sessions/{session_id}").status_code == 404
    assert _is_in(phone)
    for _ in range(2):
        assert ada.delete(f"/v1/me/sessions/{session_id}").status_code == 204
    assert not _is_in(phone)
    assert _is_in(ada)


def test_logging_out_everywhere_ends_them_all(client: TestClient, ada: Person, eve: Person) -> None:
    phones = [_again(ada, _log_in(client)) for _ in range(3)]

    assert phones[0].delete("/v1/me/sessions").status_code == 204

    assert not any(_is_in(person) for person in (ada, *phones))
    assert _is_in(eve)
    assert _is_in(_again(ada, _log_in(client)))


def test_reuse_of_a_refresh_token_kills_the_access_tokens_of_that_log_in(client: TestClient, ada: Person) -> None:
    stolen = ada.tokens["refresh_token"]
    thief = _again(ada, client.post("/v1/auth/refresh", json={"refresh_token": stolen}))
    phone = _again(ada, _log_in(client))

    assert client.post("/v1/auth/refresh", json={"refresh_token": stolen}).status_code == 401

    assert not _is_in(thief)
    assert ada.get("/v1/me").status_code == 401
    assert _is_in(phone)


def test_a_dead_log_in_stays_dead_while_the_table_is_away(
    client: TestClient, services: Services, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = _again(ada, _log_in(client))
    client.post("/v1/auth/logout", json={"refresh_token": phone.tokens["refresh_token"]})
    monkeypatch.setattr(services.traffic, "_table", "no-such-table")

    answer = ada.get("/v1/me")

    assert (answer.status_code, "RateLimit" in answer.headers) == (200, False)
    assert phone.get("/v1/me").status_code == 401


def test_a_new_password_asks_for_the_old_one_and_ends_other_log_ins(client: TestClient, ada: Person) -> None:
    phone = _again(ada, _log_in(client))
    new = "the tune of somebody else"

    wrong = ada.post("/v1/me/password", {"old_password": "not hers", "new_password": new})
    easy = ada.post("/v1/me/password", {"old_password": ADAS, "new_password": "1234567890"})
    assert (wrong.status_code, easy.status_code, easy.json()["code"]) == (401, 422, "PASSWORD_TOO_EASY")
    assert phone.get("/v1/me").status_code == 200

    assert ada.post("/v1/me/password", {"old_password": ADAS, "new_password": new}).status_code == 204

    assert not _is_in(phone)
    assert _is_in(ada)
    assert (_log_in(client).status_code, _log_in(client, saying=new).status_code) == (401, 200)


def test_an_address_is_changed_by_whoever_knows_the_password(client: TestClient, ada: Person, eve: Person) -> None:
    assert ada.post("/v1/me/email", {"email": "a@example.org", "password": "not hers"}).status_code == 401
    assert ada.post("/v1/me/email", {"email": "eve@example.org", "password": ADAS}).status_code == 409

    changed = ada.post("/v1/me/email", {"email": "Lovelace@Example.org", "password": ADAS})

    assert (changed.status_code, changed.json()["email"]) == (200, "lovelace@example.org")
    assert _log_in(client).status_code == 401
    assert _log_in(client, email="lovelace@example.org").status_code == 200


@pytest.fixture
def strict(services: Services, monkeypatch: pytest.MonkeyPatch) -> Limits:
    """The limits as they are without a word about them, from here on."""
    limits = Limits()
    monkeypatch.setattr(services.accounts, "_limits", limits)
    return limits


def test_guessing_is_slowed_down_per_account_whether_it_exists_or_not(
    client: TestClient, ada: Person, clock: Clock, strict: Limits
) -> None:
    tries = strict.log_ins_per_account.requests
    answers = {
        email: [_log_in(client, email=email, saying=f"guess {number}") for number in range(tries + 2)]
        for email in ("ada@example.org", "nobody@example.org")
    }

    for given in answers.values():
        assert [answer.status_code for answer in given] == [401] * tries + [429] * 2
    first, last = ([{**given[index].json(), "request_id": None} for given in answers.values()] for index in (0, -1))
    assert first[0] == first[1]
    assert last[0] == last[1]
    assert last[0]["code"] == "RATE_LIMITED"
    wait_s = int(answers["ada@example.org"][-1].headers["Retry-After"])
    assert _log_in(client).status_code == 429, "the right password does not help"
    assert 0 < wait_s <= 2 * strict.log_ins_per_account.per_s

    clock.pass_(seconds=wait_s)
    assert _log_in(client).status_code == 200


def test_good_log_ins_do_not_count(client: TestClient, ada: Person, strict: Limits) -> None:
    for _ in range(strict.log_ins_per_account.requests + 3):
        assert _log_in(client).status_code == 200


def test_a_password_cannot_be_guessed_with_a_stolen_token(ada: Person, strict: Limits) -> None:
    guesses = [
        ada.post("/v1/me/delete", {"password": f"guess {number}"}).status_code
        for number in range(strict.log_ins_per_account.requests + 1)
    ]
    assert guesses == [401] * strict.log_ins_per_account.requests + [429]


def test_many_accounts_from_one_address_are_slowed_down(client: TestClient, strict: Limits) -> None:
    answers = [
        _log_in(client, email=f"user{number}@example.org", saying="one guess each").status_code
        for number in range(strict.log_ins_per_address.requests + 1)
    ]
    assert answers == [401] * strict.log_ins_per_address.requests + [429]


def test_an_unknown_address_takes_as_long_as_a_wrong_password(
    client: TestClient, services: Services, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over the whole request, with a hash that takes most of it as the real one does."""
    passwords = Passwords(PasswordHasher(time_cost=2, memory_cost=16 * 1024, parallelism=1))
    monkeypatch.setattr(services.accounts, "_passwords", passwords)
    with services.catalog.transaction() as session:
        session.scalars(select(User)).one().password_hash = passwords.hash(ADAS)

    def cpu_s(email: str) -> float:
        started = time.process_time()
        assert _log_in(client, email=email, saying="a wrong one").status_code == 401
        return time.process_time() - started

    cpu_s("nobody@example.org")  # makes the hash of nobody
    ratio = statistics.median(cpu_s("nobody@example.org") for _ in range(5)) / statistics.median(
        cpu_s("ada@example.org") for _ in range(5)
    )
    assert 0.5 < ratio < 2


def test_a_deleted_account_leaves_nothing_to_be_found(client: TestClient, catalog: Catalog, studio: Studio) -> None:
    ada, eve, ready_track = studio.ada, studio.eve, studio.ready_track
    asset_id = studio.upload(ada)
    share = ada.post(f"/v1/tracks/{ready_track}/share").json()
    preset = ada.post("/v1/presets", {"name": "Mine", "params": {}}).json()["preset_id"]
    ada.patch(f"/v1/presets/{preset}", {"visibility": "public"})
    key = ada.post("/v1/keys", {"name": "n", "scopes": ["tracks:read"]}).json()["key"]
    ada.post("/v1/projects", {"story": "Once there was a fox. It went home.", "title": "Fox"})
    assert eve.get(f"/v1/presets/{preset}").status_code == 200
    assert ada.post("/v1/me/delete", {"password": "not hers"}).status_code == 401
    assert ada.get(f"/v1/tracks/{ready_track}").status_code == 200

    assert ada.post("/v1/me/delete", {"password": ADAS}).status_code == 204

    assert not _is_in(ada)
    assert _log_in(client).status_code == 401
    assert client.get("/v1/tracks", headers={"X-Api-Key": key}).status_code == 401
    assert client.get(f"/s/{share['token']}").status_code == 404
    assert eve.get(f"/v1/presets/{preset}").status_code == 404
    for path in (f"tracks/{ready_track}", f"assets/{asset_id}"):
        assert eve.get(f"/v1/{path}").status_code == 404
    with catalog.transaction() as session:
        for table in owned_tables():
            assert {row.status for row in session.scalars(select(table)) if row.owner_id == ada.user_id} <= {"deleted"}
        rows: list[Any] = [*session.scalars(select(Preset)), *session.scalars(select(ModelProfile))]
        assert all(row.deleted_at for row in rows if row.owner_id == ada.user_id)
        gone = session.get_one(User, ada.user_id)
        assert ("ada" in gone.email, gone.password_hash) == (False, "none")
        assert "account.deleted" in session.scalars(select(AuditLog.action)).all()


def test_an_address_is_free_again_after_its_account_was_deleted(ada: Person, join: Callable[[str], Person]) -> None:
    ada.post("/v1/me/delete", {"password": ADAS})

    again = join("ada")

    assert again.user_id != ada.user_id
    assert again.get("/v1/tracks").json()["items"] == []
