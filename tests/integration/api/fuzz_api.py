"""``make fuzz-api``: requests that the OpenAPI document allows, and others, at every operation (schemathesis).

No answer may be a 5xx, or anything else than what the document says: status, content type, headers, body.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from functions.api.routes import events, jobs
from functions.api.services import Services
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from tests.integration.api.conftest import Person
from tests.integration.api.test_profiles import sealed_by
from tests.integration.api.test_webhooks import ListedQueue

__all__ = ["sealed_by"]

NEVER_MIND = [ignored_auth, positive_data_acceptance]
"""The first tries without a token and with wrong ones; test_every_route does, and says more. The second wants what a
schema allows to be taken: a password may still be easy to guess, and a cursor one that nobody gave out.
"""


@pytest.fixture
def described(
    running: tuple[Services, FastAPI], services: Services, sealed_by: object, monkeypatch: pytest.MonkeyPatch
) -> Any:
    queued = services.settings.model_copy(update={"webhook_queue_url": "https://queue"})
    monkeypatch.setattr(services, "settings", queued)
    monkeypatch.setattr("functions.api.services.Queue", lambda _url: ListedQueue())
    monkeypatch.setattr(events, "MAX_STREAM_S", 0.0)
    monkeypatch.setattr(jobs, "LOOK_AGAIN_S", 0.0)
    return schemathesis.openapi.from_asgi("/v1/openapi.json", running[1])


DOCUMENT = json.loads((Path(__file__).parents[3] / "docs/openapi.json").read_text())
OPERATIONS = [(path, method) for path, operations in DOCUMENT["paths"].items() for method in operations]


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_as_documented(path: str, method: str, described: Any, ada: Person) -> None:
    token = {"Authorization": f"Bearer {ada.tokens['access_token']}"}

    @given(case=described[path][method].as_strategy())
    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def check(case: Any) -> None:
        case.call_and_validate(headers=token, excluded_checks=NEVER_MIND)

    check()
