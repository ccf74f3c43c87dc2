"""The shipped client against the API: both ways of calling, refusals, and that nothing of the document is missing."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from functions.api.services import Services
from infra.client import generate
from tests.integration.api.conftest import Clock, Person

from soundstage.client import UNSET, AuthenticatedClient, Client, Refused, connect, wait_for_job, wait_for_job_async
from soundstage.client.api.accounts import register
from soundstage.client.api.jobs import cancel_job
from soundstage.client.api.tracks import create_track, generate_track, get_track, list_tracks
from soundstage.client.log_in import LogIn
from soundstage.client.models import Credentials, GenerateRequest, NewTrack
from soundstage.models.ids import new_id


@pytest.fixture
def studio(client: TestClient, ada: Person) -> AuthenticatedClient:
    """Ada's; both its ways go to the application without a network."""
    studio = connect("https://api.example.org", ada.tokens["access_token"])
    client.headers["Authorization"] = f"Bearer {ada.tokens['access_token']}"
    return studio.set_httpx_client(client)


def test_a_track_is_made_read_and_listed(studio: AuthenticatedClient) -> None:
    made = create_track.sync(client=studio, body=NewTrack(title="小夜曲"))

    assert get_track.sync(made.track_id, client=studio) == made
    assert (made.status, made.title, made.primary) == ("draft", "小夜曲", None)
    assert [track.track_id for track in list_tracks.sync(client=studio, limit=1).items] == [made.track_id]


def test_what_is_refused_is_raised_with_its_code(studio: AuthenticatedClient) -> None:
    with pytest.raises(Refused) as refused:
        get_track.sync(new_id(), client=studio)

    assert (refused.value.status, refused.value.code) == (404, "NOT_FOUND")
    assert refused.value.request_id


def test_a_log_in_goes_on_when_its_token_ends(client: TestClient, ada: Person, clock: Clock) -> None:
    """Four threads are refused at once: a second use of the refresh token would end the log-in."""
    url = "https://api.example.org"
    auth = LogIn(url, ada.tokens["access_token"], ada.tokens["refresh_token"])
    ways = [httpx.Client(base_url=url, transport=client._transport, auth=auth) for _ in range(4)]
    clock.pass_(minutes=20)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda way: way.get("/v1/me").status_code, ways))

    assert answers == [200] * 4
    clock.pass_(minutes=20)
    assert ways[0].get("/v1/me").status_code == 200
    assert ways[0].delete("/v1/me/sessions").status_code == 204
    clock.pass_(minutes=20)
    refused = ways[1].get("/v1/me")
    assert (refused.request.url.path, refused.json()["code"]) == ("/v1/me", "UNAUTHENTICATED")


def test_event_loops_stay_logged_in_too(client: TestClient, ada: Person, clock: Clock) -> None:
    url = "https://api.example.org"
    clock.pass_(minutes=20)

    async def ask() -> list[int]:
        auth = LogIn(url, ada.tokens["access_token"], ada.tokens["refresh_token"])
        transport = httpx.ASGITransport(app=client.app)
        async with httpx.AsyncClient(base_url=url, transport=transport, auth=auth) as way:
            return [each.status_code for each in await asyncio.gather(*(way.get("/v1/me") for _ in range(4)))]

    assert asyncio.run(ask()) == [200] * 4


def test_a_password_that_is_guessed_is_refused(client: TestClient) -> None:
    visitor = Client(base_url="https://api.example.org").set_httpx_client(client)

    with pytest.raises(Refused) as refused:
        register.sync(client=visitor, body=Credentials(email="new@example.org", password="1234567890"))  # noqa: S106

    assert refused.value.code == "PASSWORD_TOO_EASY"


def test_a_job_is_waited_for_by_threads_and_by_event_loops(
    studio: AuthenticatedClient, running: tuple[object, FastAPI], ada: Person, upload: Callable[[Person], str]
) -> None:
    track = create_track.sync(client=studio, body=NewTrack(title="Mine"))
    job = generate_track.sync(track.track_id, client=studio, body=GenerateRequest(hum_asset_id=upload(ada)))
    assert job.status == "blocked"
    cancel_job.sync(job.job_id, client=studio)

    async def wait() -> str:
        headers = {"Authorization": f"Bearer {ada.tokens['access_token']}"}
        transport = httpx.ASGITransport(running[1])
        async with httpx.AsyncClient(transport=transport, base_url="https://api.example.org", headers=headers) as api:
            return (await wait_for_job_async(studio.set_async_httpx_client(api), job.job_id)).status

    assert (wait_for_job(studio, job.job_id).status, asyncio.run(wait())) == ("canceled", "canceled")


def test_a_job_that_is_one_too_many_to_wait_for_is_asked_for_when_the_answer_says_so(
    studio: AuthenticatedClient,
    services: Services,
    ada: Person,
    upload: Callable[[Person], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits = services.settings.limits.model_copy(update={"sockets_per_user": 1})
    monkeypatch.setattr(services, "settings", services.settings.model_copy(update={"limits": limits}))
    services.waits.open(ada.user_id, lasts_s=25)
    track = create_track.sync(client=studio, body=NewTrack(title="Mine"))
    job = generate_track.sync(track.track_id, client=studio, body=GenerateRequest(hum_asset_id=upload(ada)))
    rests_s: list[float] = []

    def rest(seconds: float) -> None:
        rests_s.append(seconds)
        cancel_job.sync(job.job_id, client=studio)

    monkeypatch.setattr("soundstage.client.waiting.time.sleep", rest)
    assert wait_for_job(studio, job.job_id).status == "canceled"
    assert rests_s == [2.0]


def test_every_operation_of_the_document_can_be_called() -> None:
    document = json.loads(generate.DOCUMENT.read_text())
    for operations in document["paths"].values():
        for operation in operations.values():
            tag = operation["tags"][0].replace(" ", "_")
            module = import_module(f"soundstage.client.api.{tag}.{operation['operationId']}")
            assert callable(module.sync), operation["operationId"]
            assert asyncio.iscoroutinefunction(module.asyncio), operation["operationId"]


def test_what_is_installed_is_what_the_document_says_now(tmp_path: Path) -> None:
    generate.generate(tmp_path / "client")

    made = {path.relative_to(tmp_path / "client") for path in (tmp_path / "client").rglob("*.py")} - {
        Path("__init__.py")
    }
    old = [name for name in made if (generate.CLIENT / name).read_text() != (tmp_path / "client" / name).read_text()]
    assert not old, "make setup"
    there = {
        path.relative_to(generate.CLIENT)
        for name in ("api", "models")
        for path in (generate.CLIENT / name).rglob("*.py")
    }
    assert there <= made, "make setup"


def test_the_command_line_does_not_read_it() -> None:
    program = (
        "import sys, soundstage.cli.main; print([name for name in sys.modules if name.startswith('soundstage.client')])"
    )

    read = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout  # noqa: S603

    assert read == "[]\n"


def test_absent_fields_are_told_from_null() -> None:
    assert NewTrack(title="Mine").to_dict() == {"title": "Mine"}
    assert not UNSET
