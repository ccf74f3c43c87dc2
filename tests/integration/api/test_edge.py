"""Behind CloudFront: only what came through it is answered, and the one who asked is known."""

import json

import boto3
import pytest
from fastapi.testclient import TestClient
from functions.api.main import create_app
from functions.api.middleware.edge import Edge
from functions.api.services import Services
from functions.api.settings import ApiSettings
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send
from tests.integration.api.conftest import Clock

from soundstage.models import edge_headers
from soundstage.models.ids import new_id
from soundstage.models.limits import Rate

FIRST, SECOND = "the first " * 4, "the second " * 4


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def behind(services: Services, clock: Clock) -> Services:
    """The same API, of stage prod or dev, whose addresses may ask twice."""
    name = new_id()
    boto3.client("secretsmanager").create_secret(Name=name, SecretString=json.dumps({"current": FIRST}))
    limits = services.settings.limits.model_copy(update={"address": Rate(requests=2, per_s=60)})
    given = services.settings.model_dump() | {"edge_secret": name, "limits": limits}
    return Services(ApiSettings.model_validate(given), clock=clock)


def through(key: str, client: str = "203.0.113.7") -> dict[str, str]:
    return {edge_headers.KEY: key, edge_headers.CLIENT: client, edge_headers.HOST: "studio.example.org"}


def test_what_came_past_cloudfront_is_refused(behind: Services) -> None:
    api = TestClient(create_app(services=behind))

    assert api.get("/health", headers=through(FIRST)).status_code == 200
    for headers in ({}, through(""), through("the other " * 4), through(FIRST[:-1]), through("é")):
        refused = api.get("/health", headers=[(name, value.encode()) for name, value in headers.items()])
        assert (refused.status_code, refused.json()["code"]) == (403, "WRONG_ADDRESS")
        assert refused.json()["request_id"] == refused.headers["X-Request-Id"]


def test_its_key_is_rolled_while_the_api_runs(behind: Services, clock: Clock) -> None:
    assert behind.is_edge(FIRST)
    rolled = json.dumps({"current": SECOND, "previous": FIRST})
    boto3.client("secretsmanager").put_secret_value(SecretId=str(behind.settings.edge_secret), SecretString=rolled)

    assert not behind.is_edge(SECOND)  # it has only just read the secret
    clock.pass_(minutes=2)
    assert behind.is_edge(SECOND)
    assert behind.is_edge(FIRST)  # CloudFront's places do not all change at once


def test_addresses_are_those_of_who_asks_not_of_cloudfront(behind: Services) -> None:
    api = TestClient(create_app(services=behind))

    def asks(client: str) -> int:
        return int(api.get("/.well-known/jwks.json", headers=through(FIRST, client)).status_code)

    assert [asks("203.0.113.7") for _ in range(3)] == [200, 200, 429]
    assert asks("2001:db8::1") == 200


def test_links_are_made_for_the_host_that_was_asked(behind: Services) -> None:
    async def says(scope: Scope, receive: Receive, send: Send) -> None:
        await JSONResponse(str(Request(scope).base_url))(scope, receive, send)

    asked = TestClient(Edge(says, behind), base_url="https://api-id.execute-api.example.com")
    assert asked.get("/s/token", headers=through(FIRST)).json() == "https://studio.example.org/"
