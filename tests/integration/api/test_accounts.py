import json
from typing import Any

import boto3
import pytest
from fastapi.testclient import TestClient
from functions.api.services import Services
from functions.api.settings import ApiSettings
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import select
from tests.integration.api.conftest import Clock, Person

from soundstage.models.errors import Unauthenticated
from soundstage.models.ids import new_id
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.tables import AuditLog, RefreshToken, User


def _log_in(client: TestClient, email: str = "ada@example.org", *, saying: str = "ada's own tune") -> Any:
    return client.post("/v1/auth/login", json={"email": email, "password": saying})


def _refresh(client: TestClient, token: str) -> Any:
    return client.post("/v1/auth/refresh", json={"refresh_token": token})


def test_register_log_in_and_who_am_i(client: TestClient, ada: Person) -> None:
    assert ada.get("/v1/me").json()["email"] == "ada@example.org"

    tokens = _log_in(client).json()
    assert tokens["expires_in"] == 900
    assert client.get("/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"}).status_code == 200


def test_addresses_are_one_account_however_they_are_written(client: TestClient, ada: Person) -> None:
    again = {"email": "ADA@Example.ORG", "password": "another password"}
    assert client.post("/v1/auth/register", json=again).status_code == 409
    assert _log_in(client, email="Ada@EXAMPLE.org").status_code == 200


def test_a_wrong_password_and_an_unknown_address_look_the_same(client: TestClient, ada: Person) -> None:
    wrong, unknown = _log_in(client, saying="not her tune"), _log_in(client, email="bob@example.org")

    assert wrong.status_code == unknown.status_code == 401
    without_id = [{**answer.json(), "request_id": None} for answer in (wrong, unknown)]
    assert without_id[0] == without_id[1]


def test_neither_passwords_nor_tokens_are_stored(catalog: Catalog, ada: Person) -> None:
    with catalog.transaction() as session:
        assert session.scalars(select(User)).one().password_hash.startswith("$argon2id$")
        stored = session.scalars(select(RefreshToken)).one().token_sha256
    assert len(stored) == 32
    assert ada.tokens["refresh_token"].encode() not in stored


def test_a_password_is_never_in_an_error(client: TestClient) -> None:
    answer = client.post("/v1/auth/register", json={"email": "not an address", "password": "hunter2!"})

    assert answer.status_code == 422
    assert "hunter2!" not in answer.text


@pytest.mark.parametrize("easy", ["1234567890", "aaaaaaaaaaaaaaaa", "password123", "grace@example.org", "soundstage1"])
def test_a_password_that_is_guessed_at_once_is_refused(client: TestClient, easy: str) -> None:
    answer = client.post("/v1/auth/register", json={"email": "grace@example.org", "password": easy})

    assert (answer.status_code, answer.json()["code"]) == (422, "PASSWORD_TOO_EASY")
    assert _log_in(client, "grace@example.org", saying=easy).status_code == 401


def test_refreshing_gives_new_tokens_and_reuse_ends_the_log_in(
    client: TestClient, catalog: Catalog, ada: Person
) -> None:
    first = ada.tokens["refresh_token"]
    second = _refresh(client, first).json()["refresh_token"]
    third = _refresh(client, second).json()["refresh_token"]
    assert len({first, second, third}) == 3

    assert _refresh(client, second).status_code == 401
    assert _refresh(client, third).status_code == 401
    assert _log_in(client).status_code == 200
    with catalog.transaction() as session:
        assert "session.reuse_detected" in session.scalars(select(AuditLog.action)).all()


def test_logging_out_ends_the_log_in_and_is_harmless_again(client: TestClient, ada: Person) -> None:
    body = {"refresh_token": ada.tokens["refresh_token"]}

    assert client.post("/v1/auth/logout", json=body).status_code == 204
    assert client.post("/v1/auth/logout", json=body).status_code == 204
    assert _refresh(client, body["refresh_token"]).status_code == 401


def test_an_access_token_lasts_a_quarter_of_an_hour(clock: Clock, ada: Person) -> None:
    clock.pass_(minutes=14, seconds=59)
    assert ada.get("/v1/me").status_code == 200

    clock.pass_(seconds=7)
    answer = ada.get("/v1/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_anyone_can_check_a_token_with_the_published_keys(client: TestClient, ada: Person) -> None:
    published = client.get("/.well-known/jwks.json").json()

    assert all("d" not in key and key["kid"] for key in published["keys"])
    token = jwt.decode(ada.tokens["access_token"], KeySet.import_key_set(published), algorithms=["Ed25519"])
    assert token.claims["sub"] == ada.user_id


def test_the_signing_secret_is_rolled_while_the_api_runs(services: Services) -> None:
    """``current`` becomes ``previous``; whoever reads the secret last must accept what the first signs, and v.v."""
    secrets = boto3.client("secretsmanager")
    secrets.create_secret(Name="rolled", SecretString=json.dumps({"current": "the first " * 4}))
    given = services.settings.model_dump() | {"signing_key": None, "signing_secret": "rolled"}
    clock = Clock()
    old, new = (Services(ApiSettings.model_validate(given), clock=clock) for _ in range(2))
    user_id = new_id()
    before = old.tokens.issue(user_id, new_id())
    rolled = {"current": "the second " * 4, "previous": "the first " * 4}
    secrets.put_secret_value(SecretId="rolled", SecretString=json.dumps(rolled))

    after = new.tokens.issue(user_id, new_id())

    assert new.principal(before).user_id == user_id
    with pytest.raises(Unauthenticated):
        old.principal(after)  # it has only just read the secret
    clock.pass_(minutes=2)
    assert old.principal(after).user_id == user_id


# {"alg": "Ed25519", "crit": 1}: the members of crit are looked for, and a number has none.
ODD_HEADER = "eyJhbGciOiJFZDI1NTE5IiwiY3JpdCI6MX0.e30.AA"


@pytest.mark.parametrize("token", ["", "x.y.z", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", ODD_HEADER])
def test_what_is_no_token_of_ours_is_refused(client: TestClient, token: str) -> None:
    assert client.get("/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
