"""Server-sent events: every change of a job, in order, taken up again where one stopped."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from functions.api.routes import events
from functions.api.services import Services
from mangum import Mangum
from tests.integration.api.conftest import Person, succeeded

from soundstage.models.ids import Id
from soundstage.models.job_events import Event
from soundstage.models.jobs import JobStatus

Events = list[tuple[int, Event]]


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MAX_STREAM_S", 0.0)


@pytest.fixture
def order(ada: Person, upload: Callable[[Person], Id]) -> Callable[[], dict[str, Any]]:
    def _order() -> dict[str, Any]:
        track_id = ada.post("/v1/tracks", {}).json()["track_id"]
        job: dict[str, Any] = ada.post(f"/v1/tracks/{track_id}/generate", {"hum_asset_id": upload(ada)}).json()
        return job

    return _order


def read(answer: Any) -> Events:
    """As a browser reads a stream (WHATWG HTML §9.2.6); what has no data is no event."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    found = []
    for block in answer.text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        if "data" in fields:
            found.append((int(fields["id"]), Event.model_validate_json(fields["data"])))
    return found


def last_id(answer: Any) -> str:
    return str([line.removeprefix("id: ") for line in answer.text.splitlines() if line.startswith("id: ")][-1])


def test_a_jobs_changes_are_told_once_over_any_number_of_streams(
    ada: Person, services: Services, order: Callable[[], dict[str, Any]]
) -> None:
    job = order()
    path = f"/v1/jobs/{job['job_id']}/events"
    first = ada.get(path)
    assert [event.type for _, event in read(first)] == ["job.created"]

    services.job_store.transition(job["job_id"], attempt=1, from_=(JobStatus.BLOCKED,), to=JobStatus.QUEUED)
    second = ada.get(path, headers={"Last-Event-ID": last_id(first)})
    assert [event.type for _, event in read(second)] == ["job.queued"]
    nothing = ada.get(path, headers={"Last-Event-ID": last_id(second)})
    assert (read(nothing), last_id(nothing)) == ([], last_id(second))

    succeeded(services, job)
    third = ada.get(path, headers={"Last-Event-ID": last_id(nothing)})
    assert [event.type for _, event in read(third)] == ["job.succeeded"]
    assert ada.get(path, headers={"Last-Event-ID": last_id(third)}).status_code == 204
    whole = read(ada.get(path))
    assert whole == read(first) + read(second) + read(third)
    assert [event.job.revision for _, event in whole] == [1, 2, 3]
    assert "owner_id" not in json.dumps([event.model_dump(mode="json") for _, event in whole])


def test_what_whoever_changed_it_could_not_tell_is_told_all_the_same(
    ada: Person, services: Services, order: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It died between its two writes: the change lies in the job's record."""
    job = order()
    with monkeypatch.context() as dying:
        dying.setattr(services.event_log, "record", None)
        dying.setattr(services.job_store, "_published", lambda job: job)
        succeeded(services, job)
    assert [event.type for _, event in read(ada.get(f"/v1/jobs/{job['job_id']}/events"))][-1] == "job.succeeded"


def test_all_of_mine_in_one_stream_and_nobody_elses(
    ada: Person, eve: Person, services: Services, order: Callable[[], dict[str, Any]]
) -> None:
    order()
    begun = ada.get("/v1/events")
    assert read(begun) == []
    one, two = order(), order()
    succeeded(services, one)

    news = ada.get("/v1/events", headers={"Last-Event-ID": last_id(begun)})
    told = [(event.job.job_id, event.type) for _, event in read(news)]
    assert told == [
        (one["job_id"], "job.created"),
        (two["job_id"], "job.created"),
        (one["job_id"], "job.succeeded"),
    ]
    numbers = [number for number, _ in read(news)]
    assert numbers == sorted(set(numbers))
    assert read(eve.get("/v1/events", headers={"Last-Event-ID": "0"})) == []
    assert eve.get(f"/v1/jobs/{one['job_id']}/events").status_code == 404


@pytest.mark.parametrize("odd", ["-1", "x", "1.5", "9" * 13, "٣", ""])
def test_an_id_that_was_never_told_is_refused(ada: Person, odd: str) -> None:
    answer = ada.get("/v1/events", headers={"Last-Event-ID": odd.encode()})
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_INPUT")


def test_a_stream_goes_on_while_something_may_come(
    ada: Person, services: Services, order: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MAX_STREAM_S", 20.0)
    monkeypatch.setattr(events, "LOOK_AGAIN_S", 0.01)
    job = order()
    of_job, seen = services.event_log.of_job, []

    def look(job_id: Id, *, after: int) -> Any:
        seen.append(after)
        if len(seen) == 3:
            succeeded(services, job)
        return of_job(job_id, after=after)

    monkeypatch.setattr(services.event_log, "of_job", look)
    told = read(ada.get(f"/v1/jobs/{job['job_id']}/events"))
    assert [event.type for _, event in told] == ["job.created", "job.succeeded"]
    assert len(seen) >= 3


def test_through_lambda_a_stream_is_a_long_poll(
    running: tuple[Services, FastAPI], ada: Person, order: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends with what there is, not with its time: nobody sees anything of it before."""
    monkeypatch.setattr(events, "MAX_STREAM_S", 600.0)
    job = order()
    path = f"/v1/jobs/{job['job_id']}/events"
    request = {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "198.51.100.1", "userAgent": "test"}
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"authorization": f"Bearer {ada.tokens['access_token']}", "host": "api.example.org"},
        "requestContext": {"http": request, "stage": "$default", "requestId": "x", "domainName": "api.example.org"},
        "isBase64Encoded": False,
    }
    context: Any = None
    answer: Any = Mangum(running[1], lifespan="off")(event, context)
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, False)
    assert answer["body"].count("data: ") == 1
    assert '"type":"job.created"' in answer["body"]


def test_one_person_has_so_many_and_a_newer_one_takes_the_place_of_the_oldest(
    ada: Person, eve: Person, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They may be answered by as many processes: what they know of each other lies in the table."""
    monkeypatch.setattr(events, "MAX_STREAM_S", 600.0)
    monkeypatch.setattr(events, "LOOK_WELL_S", 0.0)
    monkeypatch.setattr(events, "LOOK_AGAIN_S", 0.01)
    of_owner, most, looked = services.reading.of_owner, services.settings.limits.sockets_per_user, 0

    def look(owner_id: Id, after: int, *, well: bool = True) -> Any:
        nonlocal looked
        looked += 1
        services.streams.open(eve.user_id, lasts_s=600)
        services.streams.open(owner_id, lasts_s=600)
        return of_owner(owner_id, after, well=well)

    monkeypatch.setattr(services.reading, "of_owner", look)
    told = ada.get("/v1/events").text.split("\n\n")
    refused = dict(line.split(": ", 1) for line in told[-2].splitlines())
    assert (looked, refused["event"], refused["retry"]) == (most, "refused", "30000")
    assert json.loads(refused["data"])["code"] == "TOO_MANY_CONNECTIONS"


def test_a_stream_that_has_ended_leaves_its_place(ada: Person, services: Services) -> None:
    mine = services.streams.open(ada.user_id, lasts_s=600)
    assert "refused" not in ada.get("/v1/events").text
    assert services.streams.among_newest(ada.user_id, mine, most=1)
