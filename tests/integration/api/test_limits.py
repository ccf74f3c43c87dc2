"""How much one may ask for, and what a plan has: said on every answer, and kept."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from functions.api.services import Services
from functions.track import persist
from tests.fixtures.music import facts
from tests.integration.api.conftest import TABLE, Clock, Person, given_to_steps, succeeded

from soundstage.jobs.tasks import Receipt
from soundstage.models.ids import Id
from soundstage.models.limits import Limits, Plan, Plans, Rate
from soundstage.platform.aws.budget import MonthlySpending
from soundstage.platform.aws.worker_time import WorkerTimes
from soundstage.platform.quotas import Month

Limit = Callable[..., Limits]


@pytest.fixture
def limit(services: Services, monkeypatch: pytest.MonkeyPatch) -> Limit:
    """Change limits, for one test."""

    def _limit(**changed: Any) -> Limits:
        limits = services.settings.limits.model_copy(update=changed)
        monkeypatch.setitem(services.settings.__dict__, "limits", limits)
        monkeypatch.setattr(services.quotas, "_limits", limits)
        return limits

    return _limit


def _policies(answer: Any) -> tuple[str, int, int]:
    """Which policy counted, what is left, and of how many."""
    policy = re.fullmatch(r'"(\w+)";q=(\d+);w=(\d+)', answer.headers["RateLimit-Policy"])
    state = re.fullmatch(r'"(\w+)";r=(\d+);t=(\d+)', answer.headers["RateLimit"])
    assert policy is not None
    assert state is not None
    assert policy[1] == state[1]
    return policy[1], int(state[2]), int(policy[2])


def test_every_answer_says_what_is_left(client: TestClient, ada: Person, limit: Limit) -> None:
    limit(user=Rate(requests=50), key=Rate(requests=30), address=Rate(requests=20))
    key = ada.post("/v1/keys", {"name": "n", "scopes": ["tracks:read"]}).json()["key"]

    first, second = ada.get("/v1/me"), ada.get("/v1/tracks/" + "0" * 32)
    by_key = client.get("/v1/tracks", headers={"X-Api-Key": key})
    public = client.get("/s/unknown")

    assert (first.status_code, second.status_code) == (200, 404)
    name, left, quota = _policies(first)
    assert (name, quota) == ("user", 50)
    assert _policies(second) == ("user", left - 1, 50)
    assert _policies(by_key) == ("key", 29, 30)
    assert _policies(public)[0] == "address"
    assert _policies(client.get("/v1/me"))[0] == "address"
    assert "RateLimit" not in client.get("/health").headers


def test_too_many_are_refused_with_the_time_to_wait(client: TestClient, ada: Person, eve: Person, limit: Limit) -> None:
    limit(user=Rate(requests=5))
    clock = ada.client.app.state.services.clock  # type: ignore[attr-defined]
    answers = [ada.get("/v1/me") for _ in range(7)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    refused = answers[-1]
    assert refused.json()["code"] == "RATE_LIMITED"
    wait_s = int(refused.headers["Retry-After"])
    assert refused.json()["detail"] == {"retry_after_s": wait_s}
    assert _policies(refused)[1] == 0
    assert eve.get("/v1/me").status_code == 200
    clock.pass_(seconds=wait_s)
    assert ada.get("/v1/me").status_code == 200


def test_a_replayed_answer_counts_too(ada: Person, limit: Limit) -> None:
    limit(user=Rate(requests=3))
    answers = [ada.post("/v1/tracks", {}, headers={"Idempotency-Key": "k"}).status_code for _ in range(4)]
    assert answers == [201] * 3 + [429]


def test_bad_tokens_are_counted_by_address(client: TestClient, limit: Limit) -> None:
    limit(address=Rate(requests=4))
    for token in ("a.b.c", "sk_aaaaaaaa_b"):
        headers = {"Authorization": f"Bearer {token}"}
        assert [client.get("/v1/me", headers=headers).status_code for _ in range(2)] == [401] * 2
    assert client.get("/v1/me", headers={"Authorization": "Bearer a.b.c"}).status_code == 429
    assert client.get("/health").status_code == 200


def test_an_old_token_does_not_keep_anybody_from_logging_in(client: TestClient, ada: Person) -> None:
    body = {"email": "ada@example.org", "password": "ada's own tune"}
    answer = client.post("/v1/auth/login", json=body, headers={"Authorization": "Bearer gone.long.ago"})
    assert answer.status_code == 200


def test_requests_go_on_while_the_table_is_away(
    services: Services, ada: Person, limit: Limit, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(user=Rate(requests=2))
    with monkeypatch.context() as away:
        away.setattr(services.traffic, "_table", "no-such-table")
        assert [ada.get("/v1/me").status_code for _ in range(5)] == [200] * 5
    services.not_counting_until = 0.0
    assert [ada.get("/v1/me").status_code for _ in range(3)] == [200, 200, 429]


def _generate(person: Person, upload: Callable[[Person], Id]) -> Any:
    track_id = person.post("/v1/tracks", {}).json()["track_id"]
    return person.post(f"/v1/tracks/{track_id}/generate", {"hum_asset_id": upload(person)})


def _refused(answer: Any, quota: str) -> dict[str, Any]:
    assert (answer.status_code, answer.json()["code"]) == (403, "QUOTA_EXCEEDED"), answer.text
    detail: dict[str, Any] = answer.json()["detail"]
    assert detail["quota"] == quota
    return detail


def test_jobs_at_once_have_a_limit_and_asking_again_is_none(
    services: Services, ada: Person, eve: Person, upload: Callable[[Person], Id], limit: Limit
) -> None:
    limit(plans=Plans(free=Plan(jobs_at_once=2)))
    hum, track_id = upload(ada), ada.post("/v1/tracks", {}).json()["track_id"]
    ask = {"hum_asset_id": hum}
    first = ada.post(f"/v1/tracks/{track_id}/generate", ask)
    second = _generate(ada, upload)
    assert (first.status_code, second.status_code) == (202, 202)

    assert _refused(_generate(ada, upload), "jobs_at_once") == {"quota": "jobs_at_once", "limit": 2, "used": 2}
    assert len(ada.get("/v1/jobs").json()["items"]) == 2, "nothing was begun"
    again = ada.post(f"/v1/tracks/{track_id}/generate", ask)
    assert (again.status_code, again.json()["job_id"]) == (202, first.json()["job_id"])
    assert _generate(eve, upload).status_code == 202

    ada.post(f"/v1/jobs/{second.json()['job_id']}/cancel")
    third = _generate(ada, upload)
    assert third.status_code == 202
    _refused(ada.post(f"/v1/jobs/{second.json()['job_id']}/retry"), "jobs_at_once")


def test_minutes_are_counted_once_when_they_are_made_and_run_out(
    services: Services, ada: Person, upload: Callable[[Person], Id], limit: Limit, steps_run: None
) -> None:
    job = _generate(ada, upload).json()
    made = facts("A")
    for name in ("analysis", "composition"):
        services.objects.write_json(f"work/{job['job_id']}/{name}.json", getattr(made, name).model_dump(mode="json"))
    event = {
        "job": given_to_steps(services, job).model_dump(mode="json"),
        "analysis_key": f"work/{job['job_id']}/analysis.json",
        "composition_key": f"work/{job['job_id']}/composition.json",
        **made.model_dump(mode="json", include={"variants", "score", "segment"}),
    }
    for _ in range(3):
        persist.handler(event, None)
    succeeded(services, job)
    media_s = sum(variant.duration_s for variant in made.variants)

    used = ada.get("/v1/usage").json()

    assert used["media_s"] == {"track": pytest.approx(media_s)}
    assert used["minutes"] == pytest.approx(media_s / 60, abs=0.01)
    # Deleting what was made gives no minutes back.
    ada.delete(f"/v1/tracks/{job['subject_id']}")
    limit(plans=Plans(free=Plan(minutes_per_month=int(media_s // 60))))
    _refused(_generate(ada, upload), "minutes_per_month")
    csv = ada.get("/v1/usage/export")
    assert csv.headers["Content-Type"].startswith("text/csv")
    assert f"{Month.of(services.clock()).name},track,{media_s:.3f},s\r\n" in csv.text


def test_minutes_are_those_of_the_month(services: Services, ada: Person, clock: Clock) -> None:
    assert ada.get("/v1/usage?month=2026-01").json()["media_s"] == {}
    assert ada.get("/v1/usage?month=2026-13").status_code == 422
    december = Month.named("2026-12")
    assert (december.ends.year, december.ends.month) == (2027, 1)
    assert Month.of(december.ends).name == "2027-01"
    assert ada.get("/v1/usage").json()["month"] == Month.of(clock.now).name


def test_what_providers_may_cost_is_looked_at_before_work_begins(
    services: Services, ada: Person, eve: Person, limit: Limit, clock: Clock
) -> None:
    limit(plans=Plans(free=Plan(provider_usd_per_month=10.0)))
    month = Month.of(clock.now).name
    MonthlySpending(TABLE, ada.user_id, month).reserve("a song", 9.5)
    MonthlySpending(TABLE, ada.user_id, month).reserve("a song", 9.5)

    assert ada.get("/v1/usage").json()["provider_usd"] == 9.5
    services.quotas.check_spending(ada.user_id, 0.5)
    services.quotas.check_spending(eve.user_id, 10.0)
    with pytest.raises(Exception, match=r"of the \$10.00 of your plan \$9.50 are spent") as refused:
        services.quotas.check_spending(ada.user_id, 0.51)
    assert refused.value.detail["quota"] == "provider_usd_per_month"  # type: ignore[attr-defined]


def test_what_workers_computed_is_told_and_billed(services: Services, ada: Person, clock: Clock) -> None:
    def done(worker_s: float, gpu_s: float, at: datetime) -> Receipt:
        return Receipt(output={}, worker_s=worker_s, gpu_s=gpu_s, done_at=at)

    month = Month.of(clock.now)
    times = WorkerTimes(TABLE, ada.user_id)
    times.record("work/1/tasks/shot_make-1.json", done(2.5, 1.25, month.begins))
    times.record("work/1/tasks/shot_make-1.json", done(2.5, 1.25, month.begins))
    times.record("work/1/tasks/film_make-1.json", done(0.5, 0, month.begins))
    times.record("work/1/tasks/film_make-2.json", done(7, 7, month.ends))

    used = ada.get("/v1/usage").json()

    assert (used["worker_s"], used["gpu_s"]) == (3.0, 1.25)
    bill = ada.get("/v1/usage/export").text.split("\r\n")
    assert f"{month.name},workers,3.000,s" in bill
    assert f"{month.name},gpu,1.250,s" in bill


def test_a_plan_has_its_own_room(services: Services, ada: Person, limit: Limit) -> None:
    limit(plans=Plans(free=Plan(storage_bytes=1500)))
    wanted = {"file_name": "hum.wav", "content_type": "audio/wav", "size_bytes": 1000}
    assert ada.post("/v1/uploads", wanted).status_code == 201

    refused = ada.post("/v1/uploads", wanted)

    assert (refused.status_code, refused.json()["code"]) == (403, "QUOTA_EXCEEDED")
    assert refused.json()["detail"] == {"quota_bytes": 1500, "used_bytes": 1000}
    assert ada.get("/v1/usage").json()["storage_bytes"] == 1000
