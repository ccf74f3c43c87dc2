import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from functions.api import holding
from functions.api.routes import jobs as routes
from functions.api.services import Services
from tests.integration.api.conftest import Clock, Person

from soundstage.models.assets import Asset
from soundstage.models.errors import TransientError
from soundstage.models.ids import Id, new_id
from soundstage.models.jobs import Dependency, Job, JobError, JobStatus
from soundstage.models.providers import ElevenLabsTerms, MusicProviders
from soundstage.platform.aws import clients
from soundstage.platform.aws.held_calls import HeldCalls
from soundstage.platform.aws.job_store import DynamoJobs


@pytest.fixture
def track_id(ada: Person) -> Id:
    made: Id = ada.post("/v1/tracks", {"title": "Morning hum", "metadata": {"platform": "web"}}).json()["track_id"]
    return made


@pytest.fixture
def hum_id(ada: Person, upload: Callable[[Person], Id]) -> Id:
    return upload(ada)


def _generate(person: Person, track_id: Id, hum_id: Id, **gen_params: object) -> Any:
    return person.post(f"/v1/tracks/{track_id}/generate", {"hum_asset_id": hum_id, "gen_params": gen_params})


def test_a_track_is_generated_once_its_hum_has_arrived(
    ada: Person, services: Services, track_id: Id, hum_id: Id, accept: Callable[[Id], Asset]
) -> None:
    answer = _generate(ada, track_id, hum_id, mood="dreamy")
    assert answer.status_code == 202
    job = answer.json()
    assert answer.headers["Location"] == f"/v1/jobs/{job['job_id']}"
    assert (job["status"], job["subject_id"]) == ("blocked", track_id)
    assert job["options"]["gen_params"]["mood"] == "dreamy"
    assert job["options"]["metadata"]["platform"] == "web"
    assert ada.get(f"/v1/tracks/{track_id}").json()["status"] == "generating"

    accept(hum_id)
    services.jobs.release_dependants(Dependency(kind="asset", id=hum_id))

    assert ada.get(f"/v1/jobs/{job['job_id']}").json()["status"] == "running"


def test_asking_again_is_the_same_job_and_asking_for_something_else_is_a_conflict(
    ada: Person, track_id: Id, hum_id: Id
) -> None:
    first = _generate(ada, track_id, hum_id, seed=1).json()

    assert _generate(ada, track_id, hum_id, seed=1).json()["job_id"] == first["job_id"]
    assert _generate(ada, track_id, hum_id, seed=1, schema_version=1, wish=None).json()["job_id"] == first["job_id"]
    other = _generate(ada, track_id, hum_id, seed=2)
    assert other.status_code == 409
    assert other.json()["detail"] == {"job_id": first["job_id"]}


def test_gen_params_are_checked_against_their_schema(ada: Person, track_id: Id, hum_id: Id) -> None:
    too_much = {"style_a": "x" * 500_000}  # more than an item of the table holds
    no_such = {"style_b": "polka noir"}
    for wrong in ({"tempo_bpm": 500}, {"mood": "sad"}, {"schema_version": 3}, {"unknown": 1}, too_much, no_such):
        answer = _generate(ada, track_id, hum_id, **wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_INPUT")
    assert ada.get(f"/v1/tracks/{track_id}").json()["status"] == "draft"


def test_a_provider_that_is_not_set_up_is_refused_before_there_is_a_job(
    ada: Person, track_id: Id, hum_id: Id, services: Services
) -> None:
    refused = _generate(ada, track_id, hum_id, provider="elevenlabs")
    assert refused.status_code == 422
    assert refused.json()["code"] == "UNKNOWN_PROVIDER"
    assert refused.json()["message"].endswith("there is embedded.")
    assert refused.json()["detail"] == {"field": "gen_params.provider", "available": ["embedded"]}
    assert ada.get(f"/v1/tracks/{track_id}").json()["job_id"] is None
    configured = MusicProviders(elevenlabs=ElevenLabsTerms())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services, "settings", services.settings.model_copy(update={"music_providers": configured}))
        assert _generate(ada, track_id, hum_id, provider="suno").json()["detail"]["available"] == [
            "embedded",
            "elevenlabs",
        ]
        accepted = _generate(ada, track_id, hum_id, provider="elevenlabs")
    assert accepted.status_code == 202
    assert accepted.json()["options"]["gen_params"]["provider"] == "elevenlabs"


def test_a_rejected_hum_fails_the_job_and_the_track_with_the_cause(
    ada: Person, services: Services, track_id: Id, hum_id: Id
) -> None:
    services.assets.claim(hum_id, claimant="ingest", sequencer="01", lease_s=60)
    services.assets.reject(hum_id, claimant="ingest", error=JobError(code="FILE_CORRUPT", message="Damaged."))

    job = _generate(ada, track_id, hum_id).json()

    assert (job["status"], job["error"]["code"]) == ("failed", "DEPENDENCY_FAILED")
    track = ada.get(f"/v1/tracks/{track_id}").json()
    assert (track["status"], track["error"]["detail"]["cause"]["code"]) == ("failed", "FILE_CORRUPT")

    # Trying the same again fails the same way, at once, and the track does not hang.
    again = ada.post(f"/v1/jobs/{job['job_id']}/retry").json()
    assert (again["status"], again["attempt"]) == ("failed", 2)
    assert ada.get(f"/v1/tracks/{track_id}").json()["status"] == "failed"


def test_a_crash_between_the_row_and_the_job_is_mended_by_asking_again(
    ada: Person, services: Services, track_id: Id, hum_id: Id, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise TransientError("The table did not answer.")

    with monkeypatch.context() as broken:
        broken.setattr(DynamoJobs, "create", crash)
        assert _generate(ada, track_id, hum_id).status_code == 503
    assert ada.get(f"/v1/tracks/{track_id}").json()["status"] == "draft"

    assert _generate(ada, track_id, hum_id).status_code == 202
    assert ada.get(f"/v1/tracks/{track_id}").json()["status"] == "generating"


def test_a_canceled_job_can_be_retried(ada: Person, services: Services, track_id: Id, hum_id: Id) -> None:
    job_id = _generate(ada, track_id, hum_id).json()["job_id"]

    for _ in range(2):
        assert ada.post(f"/v1/jobs/{job_id}/cancel").json()["status"] == "canceled"
    assert ada.get(f"/v1/tracks/{track_id}").json()["status"] == "draft"

    assert ada.post(f"/v1/jobs/{job_id}/retry").json()["attempt"] == 2
    assert ada.get(f"/v1/tracks/{track_id}").json()["status"] == "generating"
    assert ada.post(f"/v1/jobs/{job_id}/retry").status_code == 409


def test_an_old_job_is_not_retried_over_a_newer_one(ada: Person, track_id: Id, hum_id: Id) -> None:
    old = _generate(ada, track_id, hum_id, seed=1).json()["job_id"]
    ada.post(f"/v1/jobs/{old}/cancel")
    new = _generate(ada, track_id, hum_id, seed=2).json()["job_id"]

    refused = ada.post(f"/v1/jobs/{old}/retry")

    assert (refused.status_code, refused.json()["detail"]) == (409, {"job_id": new})


def test_a_ready_track_shows_its_variants_and_plays_them(ada: Person, ready_track: Id) -> None:
    track = ada.get(f"/v1/tracks/{ready_track}").json()

    assert (track["status"], track["primary"]) == ("ready", "A")
    assert track["gen_params"]["seed"] == 7  # the one in force: none was asked for
    assert [(v["label"], v["recommended"], v["primary"]) for v in track["variants"]] == [
        ("A", True, True),
        ("B", False, False),
    ]
    assert track["score"]["recommended"] == "A"
    assert [v["provider_note"] for v in track["variants"]] == [
        None,
        "ElevenLabs is busy. So our own engine made this song.",
    ]
    assert [v["sound_font"] for v in track["variants"]] == ["FluidR3_GM", None]
    assert requests.get(track["variants"][0]["preview_url"], timeout=5).status_code == 200
    assert [v["preview_url"] is None for v in track["variants"]] == [False, True]  # made before there were previews
    part = requests.get(track["variants"][1]["audio_url"], headers={"Range": "bytes=10-12"}, timeout=5)
    assert (part.status_code, part.content) == (206, bytes([10, 11, 12]))
    assert "Morning hum - B" in part.headers["Content-Disposition"]
    assert requests.get(track["variants"][0]["picture_urls"]["piano_roll"], timeout=5).status_code == 200


def test_the_primary_variant_can_be_chosen(ada: Person, ready_track: Id, track_id: Id) -> None:
    chosen = ada.post(f"/v1/tracks/{ready_track}/primary", {"label": "B"}).json()

    assert [variant["primary"] for variant in chosen["variants"]] == [False, True]
    assert ada.post(f"/v1/tracks/{ready_track}/primary", {"label": "C"}).status_code == 422
    assert ada.post(f"/v1/tracks/{track_id}/primary", {"label": "A"}).status_code == 409


def test_a_deleted_track_is_gone_and_its_job_stopped(ada: Person, track_id: Id, hum_id: Id) -> None:
    job_id = _generate(ada, track_id, hum_id).json()["job_id"]

    assert ada.delete(f"/v1/tracks/{track_id}").status_code == 204

    assert ada.get(f"/v1/jobs/{job_id}").json()["status"] == "canceled"
    assert ada.get(f"/v1/tracks/{track_id}").status_code == 404
    assert ada.delete(f"/v1/tracks/{track_id}").status_code == 404
    assert ada.get("/v1/tracks").json()["items"] == []


def test_deleting_the_hum_fails_what_waits_for_it(ada: Person, track_id: Id, hum_id: Id) -> None:
    job_id = _generate(ada, track_id, hum_id).json()["job_id"]

    ada.delete(f"/v1/assets/{hum_id}")

    assert ada.get(f"/v1/jobs/{job_id}").json()["error"]["code"] == "DEPENDENCY_FAILED"
    assert ada.get(f"/v1/tracks/{track_id}").json()["status"] == "failed"


def test_the_same_request_under_one_key_is_carried_out_once(ada: Person) -> None:
    key = {"Idempotency-Key": "a song for monday"}

    first = ada.post("/v1/tracks", {"title": "Monday"}, headers=key)
    again = ada.post("/v1/tracks", {"title": "Monday"}, headers=key)
    other = ada.post("/v1/tracks", {"title": "Tuesday"}, headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.headers["Location"] == again.headers["Location"] == f"/v1/tracks/{first.json()['track_id']}"
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert len(ada.get("/v1/tracks").json()["items"]) == 1


def test_whoever_has_made_something_hears_of_it_though_the_answer_cannot_be_kept(
    ada: Person, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trouble(*_: object) -> None:
        raise TransientError("The table did not answer.")

    monkeypatch.setattr(services.idempotency, "finish", trouble)
    answer = ada.post("/v1/tracks", {"title": "Monday"}, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["title"]) == (201, "Monday")


def test_aws_in_trouble_is_a_reason_to_come_again(
    ada: Person, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = clients.dynamodb()
    busy = {"Error": {"Code": "ThrottlingException"}, "ResponseMetadata": {"HTTPStatusCode": 400}}

    def throttled(**_: Any) -> None:
        raise client.exceptions.ClientError(busy, "Query")  # type: ignore[arg-type]

    monkeypatch.setattr(client, "query", throttled)
    answer = ada.get("/v1/jobs")
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "TRANSIENT", "2")


def test_an_error_is_not_kept_under_a_key(ada: Person, track_id: Id, hum_id: Id, services: Services) -> None:
    key = {"Idempotency-Key": "k"}
    body = {"hum_asset_id": hum_id}
    services.assets.delete(hum_id)
    assert ada.post(f"/v1/tracks/{track_id}/generate", body, headers=key).status_code == 404
    assert ada.post(f"/v1/tracks/{track_id}/generate", body, headers=key).status_code == 404


def test_polling_with_an_etag_says_when_nothing_has_changed(
    ada: Person, clock: Clock, track_id: Id, hum_id: Id
) -> None:
    path = f"/v1/jobs/{_generate(ada, track_id, hum_id).json()['job_id']}"
    first = ada.get(path)
    assert first.headers["Retry-After"] == "2"

    clock.pass_(seconds=25)
    unchanged = ada.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["Retry-After"] == "4"
    clock.pass_(minutes=10)
    assert ada.get(path).headers["Retry-After"] == "5"

    ada.post(f"{path}/cancel")
    changed = ada.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert "Retry-After" not in changed.headers


def test_life_is_no_news(
    ada: Person, services: Services, track_id: Id, hum_id: Id, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker shows life every 2 s; whoever waits for the job does not want to hear of it."""
    monkeypatch.setattr(routes, "LOOK_AGAIN_S", 0.05)
    job_id = _generate(ada, track_id, hum_id).json()["job_id"]
    store = services.job_store
    for before, to in ((JobStatus.BLOCKED, JobStatus.QUEUED), (JobStatus.QUEUED, JobStatus.RUNNING)):
        store.transition(job_id, attempt=1, from_=[before], to=to)
    store.record_step(job_id, attempt=1, step="music_generate", progress=40)
    path = f"/v1/jobs/{job_id}"
    seen = ada.get(path)

    def live() -> None:
        for _ in range(10):
            store.beat(job_id, attempt=1)
            store.record_step(job_id, attempt=1, step="music_generate", progress=40)
            time.sleep(0.05)
        store.record_step(job_id, attempt=1, step="music_generate", progress=41)

    worker = threading.Thread(target=live)
    worker.start()
    first = ada.get(path, params={"wait": 20}, headers={"If-None-Match": seen.headers["ETag"]})
    worker.join()

    assert (first.status_code, first.json()["progress"]) == (200, 41)
    assert seen.json()["updated_at"] < first.json()["updated_at"]
    store.beat(job_id, attempt=1)
    assert ada.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_waiting_ends_when_something_changes(
    ada: Person, services: Services, track_id: Id, hum_id: Id, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "LOOK_AGAIN_S", 0.05)
    job_id = _generate(ada, track_id, hum_id).json()["job_id"]
    change = threading.Timer(0.5, services.jobs.cancel, [job_id])
    change.start()

    answer = ada.get(f"/v1/jobs/{job_id}", params={"wait": 20})

    change.join()
    assert answer.json()["status"] == "canceled"
    assert answer.elapsed.total_seconds() < 10


def test_waiting_in_vain_ends_too(ada: Person, track_id: Id, hum_id: Id, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "LOOK_AGAIN_S", 0.1)
    path = f"/v1/jobs/{_generate(ada, track_id, hum_id).json()['job_id']}"
    etag = ada.get(path).headers["ETag"]

    assert ada.get(path, params={"wait": 1}, headers={"If-None-Match": etag}).status_code == 304


def test_one_person_has_so_many_waits_and_more_are_answered_at_once(
    ada: Person, services: Services, track_id: Id, hum_id: Id, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They may be answered by as many processes: what they know of each other lies in the table."""
    monkeypatch.setattr(routes, "LOOK_AGAIN_S", 0.05)
    path = f"/v1/jobs/{_generate(ada, track_id, hum_id).json()['job_id']}"
    unchanged = {"If-None-Match": ada.get(path).headers["ETag"]}
    look, looks = routes._settled_job, 0

    def counted(*asked: Any) -> Job:
        nonlocal looks
        looks += 1
        return look(*asked)

    monkeypatch.setattr(routes, "_settled_job", counted)

    def waits(most: int) -> bool:
        limits = services.settings.limits.model_copy(update={"sockets_per_user": most})
        monkeypatch.setattr(services, "settings", services.settings.model_copy(update={"limits": limits}))
        before = looks
        answer = ada.get(path, params={"wait": 1}, headers=unchanged)
        assert (answer.status_code, "Retry-After" in answer.headers) == (304, True)
        return looks > before + 1

    mine = services.waits.open(ada.user_id, lasts_s=25)
    services.waits.open(new_id(), lasts_s=25)
    died = HeldCalls(services.settings.table, "waits", clock=lambda: time.time() - 26)
    died.open(ada.user_id, lasts_s=25)
    assert not waits(most=1)
    assert waits(most=2)
    services.waits.close(ada.user_id, mine)
    assert waits(most=1)  # those before have left their places


def test_a_burst_of_waits_keeps_nobody_else_waiting(
    ada: Person, track_id: Id, hum_id: Id, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What those who wait ask for has threads of its own: here it gets none."""
    monkeypatch.setattr(routes, "LOOK_AGAIN_S", 0.01)
    path = f"/v1/jobs/{_generate(ada, track_id, hum_id).json()['job_id']}"
    free = threading.Event()
    busy = [holding._THREADS.submit(free.wait) for _ in range(holding._THREADS._max_workers)]
    try:
        waiting = threading.Thread(target=ada.get, args=(path,), kwargs={"params": {"wait": 1}})
        waiting.start()
        assert ada.get(path).status_code == 200
        waiting.join(timeout=2)
        assert waiting.is_alive()
    finally:
        free.set()
    waiting.join()
    assert all(each.result() for each in busy)


def test_whoever_sees_a_job_fail_finds_its_track_failed(
    ada: Person, services: Services, track_id: Id, hum_id: Id
) -> None:
    job_id = _generate(ada, track_id, hum_id).json()["job_id"]
    why = JobError(code="SILENT", message="We hear nothing.")
    # The record says so, and whoever wrote it has had no time to tell anyone.
    services.job_store.transition(job_id, attempt=1, from_=[JobStatus.BLOCKED], to=JobStatus.FAILED, error=why)

    assert ada.get(f"/v1/jobs/{job_id}").json()["error"]["code"] == "SILENT"

    assert ada.get(f"/v1/tracks/{track_id}").json()["error"]["code"] == "SILENT"


def test_jobs_are_listed_page_by_page(ada: Person, hum_id: Id) -> None:
    made = []
    for _ in range(3):
        track_id = ada.post("/v1/tracks", {"title": "Bus stop"}).json()["track_id"]
        made.append(_generate(ada, track_id, hum_id).json()["job_id"])
    ada.patch(f"/v1/tracks/{track_id}", {"title": "Rain"})

    first = ada.get("/v1/jobs", params={"limit": 2}).json()
    rest = ada.get("/v1/jobs", params={"limit": 2, "cursor": first["next_cursor"]}).json()

    assert [item["job_id"] for item in first["items"] + rest["items"]] == made[::-1]
    assert {item["status"] for item in first["items"]} == {JobStatus.BLOCKED}
    assert [item["title"] for item in first["items"]] == ["Rain", "Bus stop"]
