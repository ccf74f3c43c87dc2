"""Log-ins by another OpenID issuer, which runs on this machine."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from functions.api.services import Services
from joserfc.jwk import RSAKey
from pydantic import ValidationError
from tests.fixtures.openid import CLIENT_ID, Issuer, openid_issuer
from tests.integration.api.conftest import Clock, Person

from soundstage.platform.oidc import OpenIdIssuer


@pytest.fixture
def issuer(services: Services) -> Iterator[Issuer]:
    with openid_issuer() as issuer:
        services.__dict__["openid_issuer"] = OpenIdIssuer(issuer.url, CLIENT_ID, clock=services.clock)
        yield issuer
    services.__dict__.pop("openid_issuer", None)


def _log_in(client: TestClient, token: str, nonce: str | None = None) -> Any:
    return client.post("/v1/auth/oidc", json={"id_token": token, "nonce": nonce})


def _me(client: TestClient, answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return client.get("/v1/me", headers={"Authorization": f"Bearer {answer.json()['access_token']}"}).json()


def test_the_first_log_in_makes_an_account_and_the_next_finds_it(client: TestClient, issuer: Issuer) -> None:
    first = _me(client, _log_in(client, issuer.token()))
    second = _me(client, _log_in(client, issuer.token(email="other@example.org")))

    assert first["email"] == "grace@example.org"
    assert second == first
    assert issuer.answers == {"/.well-known/openid-configuration": 1, "/keys": 1}


def test_nobody_gets_into_an_account_by_its_address_alone(client: TestClient, issuer: Issuer, ada: Person) -> None:
    answer = _log_in(client, issuer.token(email="ada@example.org"))

    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")
    unverified = _log_in(client, issuer.token(email_verified=False))
    assert unverified.status_code == 401


def test_no_password_opens_such_an_account(client: TestClient, issuer: Issuer) -> None:
    _me(client, _log_in(client, issuer.token()))

    for guess in ("none", "", "anything at all"):
        body = {"email": "grace@example.org", "password": guess}
        assert client.post("/v1/auth/login", json=body).status_code == 401


def test_such_an_account_is_deleted_right_after_a_log_in(client: TestClient, issuer: Issuer, clock: Clock) -> None:
    def delete(tokens: dict[str, str]) -> int:
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        return int(client.post("/v1/me/delete", json={"password": ""}, headers=headers).status_code)

    early = _log_in(client, issuer.token()).json()
    clock.pass_(minutes=6)
    assert delete(early) == 401
    late = _log_in(client, issuer.token(exp=int(clock.now.timestamp()) + 60)).json()
    assert delete(late) == 204


def test_keys_are_read_again_when_the_issuer_has_rolled_them(client: TestClient, issuer: Issuer, clock: Clock) -> None:
    assert _log_in(client, issuer.token()).status_code == 200
    issuer.roll()

    assert _log_in(client, issuer.token()).status_code == 401, "read a moment ago: anybody can send unknown keys"
    clock.pass_(minutes=2)
    assert _log_in(client, issuer.token()).status_code == 200
    assert issuer.answers["/keys"] == 2


def test_what_is_no_good_id_token_is_refused(client: TestClient, issuer: Issuer) -> None:
    now = int(OpenIdIssuer("x", "y", clock=Clock())._clock().timestamp())
    stranger = RSAKey.generate_key(2048, {"kid": str(issuer.keys[0].kid)})
    wrong = {
        "issuer": issuer.token(iss="https://evil.example.org"),
        "audience": issuer.token(aud="somebody else"),
        "several audiences, none authorised": issuer.token(aud=[CLIENT_ID, "somebody else"]),
        "authorised party": issuer.token(azp="somebody else"),
        "expired": issuer.token(exp=now - 60),
        "no expiry": issuer.token(exp=None),
        "no time of issue": issuer.token(iat=None),
        "no subject": issuer.token(sub=None),
        "nonce that nobody sent": issuer.token(nonce="n-1"),
        "another key": issuer.token(key=stranger),
        "unknown kid": issuer.token(header={"kid": "../../dev/null"}),
        "HS256 by the public key": issuer.signed_by_public_key(),
        "an access token": issuer.token(header={"typ": "at+jwt"}),
        "nonsense": "a.b.c",
    }
    for what, token in wrong.items():
        answer = _log_in(client, token)
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED"), what
    assert _log_in(client, issuer.token(nonce="n-1"), "n-1").status_code == 200
    assert _log_in(client, issuer.token(), "n-1").status_code == 401


def test_an_issuer_that_calls_itself_something_else_is_not_believed(client: TestClient, issuer: Issuer) -> None:
    issuer.claimed_issuer = "https://evil.example.org"

    answer = _log_in(client, issuer.token())

    assert (answer.status_code, answer.json()["code"]) == (503, "DEPENDENCY_UNAVAILABLE")


def test_without_a_setting_there_is_no_such_way_in(client: TestClient, services: Services) -> None:
    assert _log_in(client, "a.b.c").status_code == 404


def test_settings_name_the_issuer_and_what_it_calls_us_and_use_https(services: Services) -> None:
    known = services.settings.model_dump()
    for half in ({"oidc_issuer": "https://i.example.org"}, {"oidc_client_id": "x"}):
        with pytest.raises(ValidationError, match="belong together"):
            type(services.settings).model_validate(known | half)
    plain = {"oidc_issuer": "http://i.example.org", "oidc_client_id": "x", "stage": "prod"}
    with pytest.raises(ValidationError, match="https"):
        type(services.settings).model_validate(known | plain | {"signing_key": None, "signing_secret": "s"})
