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
from schemathesis import CheckContext, Response
from schemathesis.core.failures import Failure as AcceptanceFailed
from schemathesis.specs.openapi.checks import positive_data_acceptance
from tests.integration.api.conftest import Person
from tests.integration.api.test_profiles import sealed_by
from tests.integration.api.test_webhooks import ListedQueue

__all__ = ["sealed_by"]

BEYOND_A_SCHEMA = (
    "value is not a valid email address",  # domains that no mail goes to
    "exactly one of them",
    "and not both",
    "should be a valid URL",
    "an address outside this machine",
    "we take audio/",
    "The file is larger than allowed",
    "only ASCII characters",
    "These are no settings of a film",
    "This is neither a preset",
    "is not base64",
    "There is no voice",
    "private to some network",
    "has to end after it begins",
    "end_s must be greater than start_s",
    "has to go forwards",
    "third: mode has to be that",
)
"""What INVALID_INPUT says where a schema cannot say it, or only in a way that nobody would read."""


def what_fits_is_taken(context: CheckContext, response: Response, case: schemathesis.Case[Any]) -> bool | None:
    """What a schema allows is taken, or refused for a reason that has a code of its own, such as PASSWORD_TOO_EASY."""
    try:
        return positive_data_acceptance(context, response, case)
    except AcceptanceFailed:
        body = response.json() if response.status_code == 422 else {}
        said = json.dumps(body, ensure_ascii=False)
        if body.get("code", "INVALID_INPUT") == "INVALID_INPUT" and not any(text in said for text in BEYOND_A_SCHEMA):
            raise
    return None


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
        checks: Any = {"excluded_checks": [positive_data_acceptance], "additional_checks": [what_fits_is_taken]}
        case.call_and_validate(headers=token, **checks)

    check()
