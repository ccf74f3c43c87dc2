"""Model profiles: one's own, keys sealed and never shown, tried and chosen for films."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from functions.api.services import Services
from sqlalchemy import text
from tests.fixtures.film_projects import STORY, storyboard
from tests.fixtures.film_servers import openai_routes
from tests.fixtures.provider_servers import KEY, Server, serving
from tests.integration.api.conftest import Person, given_to_steps

from soundstage.models.ids import new_id
from soundstage.models.projects import Artefact, ShotArtefacts
from soundstage.platform.catalog.shots import Shots
from soundstage.platform.envelope import LocalMasterKey
from soundstage.platform.profile_keys import _local, key_of

Make = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        running.routes = openai_routes()
        yield running


@pytest.fixture
def sealed_by(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalMasterKey]:
    """A secret in Secrets Manager, as on a laptop."""
    name = f"profiles-{new_id()}"
    boto3.client("secretsmanager").create_secret(Name=name, SecretString=json.dumps({"current": "m" * 40}))
    settings = services.settings.model_copy(update={"profile_secret": name})
    monkeypatch.setattr(services, "settings", settings)
    services.__dict__.pop("master_key", None)
    yield _local(name)
    services.__dict__.pop("master_key", None)


@pytest.fixture
def make(ada: Person, server: Server, sealed_by: LocalMasterKey) -> Make:
    def _make(person: Person = ada, key: str | None = KEY, **terms: Any) -> dict[str, Any]:
        given = {"protocol": "openai_images", "url": f"{server.url}/v1", "model": "painter-1", "price_usd": 0.1} | terms
        answer = person.post("/v1/profiles", {"name": "My painter", "terms": given, "api_key": key})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    return _make


def test_a_key_goes_in_and_never_comes_out(
    ada: Person, make: Make, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    made = make()
    assert (made["kind"], made["has_key"], made["revision"]) == ("image", True, 1)
    address = f"/v1/profiles/{made['profile_id']}"
    seen = [ada.get(address), ada.get("/v1/profiles"), ada.patch(address, {"name": "Painter", "api_key": KEY + "2"})]
    assert [answer.status_code for answer in seen] == [200, 200, 200]
    assert not any(KEY in answer.text for answer in seen)
    refused = ada.post("/v1/profiles", {"name": "x", "terms": {"protocol": "nothing"}, "api_key": KEY})
    assert refused.status_code == 422
    assert KEY not in refused.text
    with services.catalog.transaction() as session:
        rows = session.execute(text("SELECT row_to_json(model_profiles)::text FROM model_profiles")).scalars().all()
        logged = session.execute(text("SELECT row_to_json(audit_logs)::text FROM audit_logs")).scalars().all()
    assert rows
    assert not any(KEY in row for row in [*rows, *logged])
    assert KEY not in caplog.text


def test_whoever_would_get_the_key_changes_only_with_it(ada: Person, make: Make) -> None:
    made = make()
    address, terms = f"/v1/profiles/{made['profile_id']}", made["terms"]
    stolen = ada.patch(address, {"terms": terms | {"url": "https://thief.example.org/v1"}})
    assert (stolen.status_code, stolen.json()["code"]) == (422, "INVALID_INPUT")
    assert ada.get(address).json()["terms"] == terms
    cheaper = ada.patch(address, {"terms": terms | {"price_usd": 0.05}}, headers={"If-Match": '"1"'})
    assert (cheaper.status_code, cheaper.json()["revision"]) == (200, 2)
    assert ada.patch(address, {"name": "Late"}, headers={"If-Match": '"1"'}).status_code == 412
    moved = ada.patch(address, {"terms": terms | {"url": "https://other.example.org/v1"}, "api_key": "another"})
    assert moved.status_code == 200


def test_it_is_tried_with_the_smallest_call(ada: Person, make: Make, server: Server, services: Services) -> None:
    good, bad = make(), make(key="wrong")
    assert ada.post(f"/v1/profiles/{good['profile_id']}/test").json()["ok"]
    said = ada.post(f"/v1/profiles/{bad['profile_id']}/test").json()
    assert (said["ok"], said["code"]) == (False, "PROVIDER_REFUSED")
    assert "does not accept our key" in said["message"]
    assert server.asked("/v1/images/generations") == []
    voices = [{"id": "anna", "gender": "female"}]
    voice = make(protocol="openai_speech", voices=voices)
    assert ada.post(f"/v1/profiles/{voice['profile_id']}/test").json()["ok"]
    services.settings = services.settings.model_copy(update={"stage": "dev"})
    asked = len(server.seen)
    away = ada.post(f"/v1/profiles/{good['profile_id']}/test").json()
    assert (away["code"], len(server.seen)) == ("PROVIDER_REFUSED", asked)
    assert "private" in away["message"]


def test_a_project_is_made_by_its_owners_profiles_within_its_budget(
    ada: Person, eve: Person, make: Make, services: Services, sealed_by: LocalMasterKey
) -> None:
    mine, hers = make(), make(eve)
    board = storyboard().model_dump(mode="json")

    def project(profile: str, **settings: Any) -> Any:
        wanted = {"providers": {"image": profile}, **settings}
        return ada.post("/v1/projects", {"storyboard": board, "settings": wanted})

    def problems(answer: Any) -> list[str]:
        assert (answer.status_code, answer.json()["code"]) == (409, "BATCH_REFUSED")
        return [problem["code"] for problem in answer.json()["detail"]["problems"]]

    assert problems(project(hers["profile_id"], max_usd=9)) == ["PROVIDER_UNKNOWN"]
    assert problems(project("not an id", max_usd=9)) == ["PROVIDER_UNKNOWN"]
    assert problems(project(mine["profile_id"], max_usd=0.29)) == ["BUDGET_EXCEEDED"]
    story = {"providers": {"image": mine["profile_id"]}}
    assert problems(ada.post("/v1/projects", {"story": STORY, "settings": story})) == ["BUDGET_EXCEEDED"]
    made = project(mine["profile_id"], max_usd=0.3)
    assert made.status_code == 201, made.text
    estimate = ada.get(f"/v1/projects/{made.json()['project_id']}/estimate").json()
    assert (estimate["usd"], estimate["problems"]) == (pytest.approx(0.3), [])
    shot = made.json()["shots"][0]
    job = ada.post(f"/v1/shots/{shot['shot_id']}/make").json()
    order = services.rows(Shots).order(given_to_steps(services, job))
    assert order.project_id == made.json()["project_id"]
    found = key_of(order.profiles["image"], services.settings)
    assert found is not None
    assert found.get_secret_value() == KEY
    assert KEY not in order.model_dump_json()
    # A picture of ours that is there already is bought all the same, unless it is locked.
    artefact = {"made_from": order.picture_made_from, "fingerprint": "f", "key": "k", "seconds": 1, "reused": False}
    picture = Artefact(provider="embedded", **artefact)
    assert services.rows(Shots).persist(given_to_steps(services, job), ShotArtefacts(picture=picture, speech=None))
    address = f"/v1/projects/{made.json()['project_id']}/estimate"
    assert ada.get(address).json()["usd"] == pytest.approx(0.3)
    assert ada.patch(f"/v1/shots/{shot['shot_id']}", {"locked": True}).status_code == 200
    assert ada.get(address).json()["usd"] == pytest.approx(0.2)
    assert ada.delete(f"/v1/profiles/{mine['profile_id']}").status_code == 204
    assert services.rows(Shots).order(given_to_steps(services, job)).profiles == {}
    assert ada.get(f"/v1/profiles/{mine['profile_id']}").status_code == 404


def test_without_a_master_key_no_key_is_taken(ada: Person, server: Server) -> None:
    terms = {"protocol": "openai_images", "url": f"{server.url}/v1", "model": "painter-1", "price_usd": 0}
    answer = ada.post("/v1/profiles", {"name": "x", "terms": terms, "api_key": KEY})
    assert (answer.status_code, answer.json()["code"]) == (503, "DEPENDENCY_UNAVAILABLE")
    assert ada.post("/v1/profiles", {"name": "x", "terms": terms}).status_code == 201


def test_an_address_has_to_be_https_or_ones_own_machine(ada: Person) -> None:
    for url in ("http://api.example.org/v1", "https://me:secret@example.org/v1", "ftp://example.org"):
        terms = {"protocol": "openai_images", "url": url, "model": "painter-1", "price_usd": 0}
        assert ada.post("/v1/profiles", {"name": "x", "terms": terms}).status_code == 422
