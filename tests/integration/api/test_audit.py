"""The audit log: what it says, that it only grows, and that whoever tampers with it is found out."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from tests.integration.api.conftest import Person

from soundstage.cli import main as cli
from soundstage.models.ids import Id, new_id
from soundstage.platform.catalog import audit
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.product_rows import utc_now
from soundstage.platform.catalog.tables import AuditLog


def _verified(catalog: Catalog, head: bytes | None = None) -> audit.Verified:
    with catalog.transaction() as session:
        return audit.verify(session, head=head)


@contextmanager
def _tampering(catalog: Catalog) -> Iterator[Any]:
    """Somebody with all rights over the database."""
    with catalog.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection


@pytest.fixture
def entries(catalog: Catalog) -> list[int]:
    for number in range(5):
        with catalog.transaction() as session:
            payload = {"number": number, "text": "é ü 中", "list": [1.5, None, True]}
            audit.record(session, user_id=new_id(), action="test.done", target="x", payload=payload, now=utc_now())
    with catalog.transaction() as session:
        return list(session.scalars(select(AuditLog.id).order_by(AuditLog.id)))


def test_what_people_do_is_written_down(client: TestClient, catalog: Catalog, ada: Person, ready_track: Id) -> None:
    share = ada.post(f"/v1/tracks/{ready_track}/share").json()["share_id"]
    ada.delete(f"/v1/shares/{share}")
    key = ada.post("/v1/keys", {"name": "n", "scopes": ["tracks:read"]}).json()
    ada.delete(f"/v1/keys/{key['key_id']}")
    client.post("/v1/auth/login", json={"email": "ada@example.org", "password": "not her tune"})
    ada.post("/v1/me/password", {"old_password": "ada's own tune", "new_password": "another tune of ada"})
    ada.post("/v1/me/email", {"email": "a@example.org", "password": "another tune of ada"})
    ada.post("/v1/me/delete", {"password": "another tune of ada"})

    with catalog.transaction() as session:
        log = session.scalars(select(AuditLog).order_by(AuditLog.id)).all()
    assert [entry.action for entry in log] == [
        "account.created",
        "session.started",
        "share.created",
        "share.revoked",
        "key.created",
        "key.revoked",
        "session.refused",
        "account.password_changed",
        "account.email_changed",
        "account.deleted",
        "session.ended",
    ]
    assert {entry.user_id for entry in log} == {ada.user_id}
    said = " ".join(str(vars(entry)) for entry in log)
    for secret in ("tune", "example.org", key["key"], ada.tokens["refresh_token"]):
        assert secret not in said
    assert _verified(catalog).chained == len(log)


def test_the_database_refuses_to_change_or_remove_an_entry(catalog: Catalog, entries: list[int]) -> None:
    for statement in ("UPDATE audit_logs SET action = 'x'", "DELETE FROM audit_logs"):
        with pytest.raises(DBAPIError, match="append-only"), catalog.engine.begin() as connection:
            connection.execute(text(statement))
    assert _verified(catalog).chained == 5


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit_logs SET action = 'nothing.happened' WHERE id = :at", 2),
        ("UPDATE audit_logs SET user_id = gen_random_uuid() WHERE id = :at", 2),
        ("UPDATE audit_logs SET target = NULL WHERE id = :at", 2),
        ("UPDATE audit_logs SET payload = '{}' WHERE id = :at", 2),
        ("UPDATE audit_logs SET created_at = created_at + interval '1 microsecond' WHERE id = :at", 2),
        ("UPDATE audit_logs SET sha256 = NULL WHERE id = :at", 2),
        ("UPDATE audit_logs SET sha256 = NULL, previous_sha256 = NULL WHERE id <= :at", 3),
        ("DELETE FROM audit_logs WHERE id = :at", 3),
        ("DELETE FROM audit_logs WHERE id <= :at", 3),
        (
            "INSERT INTO audit_logs (id, action, payload, created_at, previous_sha256, sha256) OVERRIDING SYSTEM VALUE "
            "SELECT id + 1000, action, payload, created_at, previous_sha256, sha256 FROM audit_logs WHERE id = :at",
            None,
        ),
    ],
)
def test_the_first_entry_that_was_tampered_with_is_named(
    catalog: Catalog, entries: list[int], statement: str, broken: int | None
) -> None:
    with _tampering(catalog) as connection:
        connection.execute(text(statement), {"at": entries[2]})

    found = _verified(catalog)

    assert found.broken_id == (entries[broken] if broken is not None else entries[2] + 1000)
    assert found.why


def test_whoever_makes_the_rest_of_the_chain_anew_is_found_by_the_head(catalog: Catalog, entries: list[int]) -> None:
    head = _verified(catalog).head
    with catalog.transaction() as session:
        log = session.scalars(select(AuditLog).order_by(AuditLog.id)).all()
    forged = log[2]
    forged.action, previous = "nothing.happened", log[1].sha256
    with _tampering(catalog) as connection:
        for entry in log[2:]:
            entry.previous_sha256 = previous
            previous = entry.sha256 = audit.entry_sha256(entry)
            connection.execute(
                text("UPDATE audit_logs SET action = :action, previous_sha256 = :p, sha256 = :s WHERE id = :id"),
                {"action": entry.action, "p": entry.previous_sha256, "s": entry.sha256, "id": entry.id},
            )

    assert _verified(catalog).why == ""
    assert "head" in _verified(catalog, head).why


def test_entries_that_are_cut_off_are_missed_by_the_head(catalog: Catalog, entries: list[int]) -> None:
    head = _verified(catalog).head
    assert _verified(catalog, head).why == ""
    with _tampering(catalog) as connection:
        connection.execute(text("DELETE FROM audit_logs WHERE id = :at"), {"at": entries[4]})

    assert "newer entries are gone" in _verified(catalog, head).why


def test_many_at_once_make_one_chain(catalog: Catalog) -> None:
    def write(number: int) -> None:
        with catalog.transaction() as session:
            for _ in range(3):
                audit.record(session, user_id=None, action=f"test.{number}", now=utc_now())

    with ThreadPoolExecutor(8) as people:
        list(people.map(write, range(16)))

    found = _verified(catalog)
    assert (found.chained, found.why) == (48, "")


def test_what_is_rolled_back_is_not_in_the_chain(catalog: Catalog, entries: list[int]) -> None:
    def fail() -> None:
        with catalog.transaction() as session:
            audit.record(session, user_id=None, action="test.undone", now=utc_now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with catalog.transaction() as session:
        audit.record(session, user_id=None, action="test.done", now=utc_now())
    assert (_verified(catalog).chained, _verified(catalog).why) == (6, "")


@pytest.fixture
def verify(
    migrated_engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """The command, as one types it: exit status and what it prints."""
    url = migrated_engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("SOUNDSTAGE_DATABASE_URL", url)

    def _verify(*options: str) -> tuple[int, str]:
        status = cli.main(["audit", "verify", *options])
        return status, capsys.readouterr().out

    return _verify


def test_the_command_says_whether_the_log_is_intact(
    catalog: Catalog, entries: list[int], verify: Callable[..., tuple[int, str]]
) -> None:
    head = _verified(catalog).head.hex()
    assert verify() == (0, f"intact: 5 entries, head {head}\n")
    with _tampering(catalog) as connection:
        connection.execute(text("UPDATE audit_logs SET target = 'y' WHERE id = :at"), {"at": entries[3]})

    status, said = verify()
    assert (status, said.startswith(f"BROKEN at entry {entries[3]}: ")) == (3, True)
    status, said = verify("--json", "--head", head)
    told = json.loads(said)
    assert (status, told["intact"], told["first_broken"], told["entries"]) == (3, False, entries[3], 3)
