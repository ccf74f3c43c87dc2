"""What the gateway tells the console beside its files."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from functions.api.services import Services
from infra.local import console

DSN = "https://key@sentry.example.org:8443/42"


@pytest.fixture
def client(running: Any, services: Services) -> TestClient:
    _, app = running
    return TestClient(console.Console(app, services))


def test_without_a_project_of_sentry_the_console_talks_to_nobody_else(client: TestClient) -> None:
    assert client.get("/config.json").status_code == 404
    assert "sentry" not in client.get("/").headers["Content-Security-Policy"]


def test_errors_go_to_the_project_that_is_named_and_to_no_other_host(
    client: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(console.SENTRY_DSN, DSN)
    monkeypatch.setitem(services.settings.__dict__, "release", "1.2.3")

    told = client.get("/config.json")

    assert told.json() == {"sentry_dsn": DSN, "release": "1.2.3", "environment": "local"}
    policy = client.get("/").headers["Content-Security-Policy"].split("; ")
    (opened,) = [each for each in policy if "sentry" in each]
    assert opened.startswith("connect-src 'self' ")
    assert opened.endswith(" https://sentry.example.org:8443")
