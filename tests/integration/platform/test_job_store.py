"""One contract for all job stores: the fake that the property tests use, and DynamoDB as two emulators have it."""

from datetime import timedelta
from typing import Any

import pytest
from tests.fixtures.fakes import Clock, FakeEndListener, FakeFeed, FakeJobs, FakeWorkflows
from tests.fixtures.interleaving import Died
from tests.fixtures.jobs import NOW, PROBE, a_job, after, an_asset, on
from tests.integration.platform.conftest import TABLE

from soundstage.jobs.dependencies import MAX_DEPENDENCIES
from soundstage.jobs.ports import JobStore, execution_name
from soundstage.jobs.service import Jobs
from soundstage.models.errors import Conflict, JobCanceled, NotFound, TransientError
from soundstage.models.ids import new_id
from soundstage.models.jobs import Job, JobError, JobStatus
from soundstage.platform.aws import clients, job_store, table
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.job_store import DynamoJobs

BLOCKED, QUEUED, RUNNING = JobStatus.BLOCKED, JobStatus.QUEUED, JobStatus.RUNNING
SUCCEEDED, FAILED, CANCELED = JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELED


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def feed() -> FakeFeed:
    return FakeFeed()


@pytest.fixture(params=["fake", "moto", "embedded"])
def store(request: pytest.FixtureRequest, clock: Clock, feed: FakeFeed) -> JobStore:
    if request.param == "fake":
        return FakeJobs(clock=clock, feed=feed)
    request.getfixturevalue({"moto": "cloud", "embedded": "embedded_table"}[request.param])
    return DynamoJobs(TABLE, clock=clock, feed=feed)


def move(store: JobStore, job: Job, *statuses: JobStatus, **more: object) -> Job:
    for status in statuses:
        job = store.transition(job.job_id, attempt=job.attempt, from_=(job.status,), to=status, **more)  # type: ignore[arg-type]
    return job


def said(job: Job) -> dict[str, object]:
    """A record without what counts its writes."""
    return job.model_dump(exclude={"version", "unsent"})


def test_what_is_created_can_be_read(store: JobStore) -> None:
    job = a_job(on(an_asset()), inputs={"hum": "x"}, options={"gen_params": {"seed": 7, "mood": "dark"}})
    created = store.create(job)
    assert said(created) == said(job)
    assert store.get(job.job_id) == created
    assert store.get(new_id()) is None
    assert store.get_many([job.job_id, new_id(), job.job_id]) == {job.job_id: created}
    assert store.get_many([]) == {}


def test_creating_again_returns_what_is_there(store: JobStore) -> None:
    job = a_job()
    store.create(job)
    moved = move(store, job, QUEUED)
    assert store.create(job) == moved


def test_dependants_of_an_asset_and_of_a_job(store: JobStore) -> None:
    asset = an_asset()
    jobs = [store.create(a_job(on(asset), on(asset))) for _ in range(3)]
    store.create(a_job(on(an_asset())))
    assert sorted(store.dependants(on(asset))) == sorted(job.job_id for job in jobs)


def test_a_natural_key_is_held_until_the_end(store: JobStore) -> None:
    first = store.create(a_job(natural_key="same"))
    assert store.create(a_job(natural_key="same")) == first
    move(store, first, QUEUED, RUNNING, SUCCEEDED)
    second = a_job(natural_key="same")
    assert store.create(second).job_id == second.job_id


def test_a_retry_takes_the_natural_key_again_or_is_refused(store: JobStore) -> None:
    first = store.create(a_job(natural_key="same"))
    move(store, first, FAILED)
    second = store.create(a_job(natural_key="same"))
    with pytest.raises(Conflict) as refused:
        store.next_attempt(first.job_id, attempt=1)
    assert refused.value.detail == {"job_id": second.job_id}
    move(store, second, CANCELED)
    assert store.next_attempt(first.job_id, attempt=1).attempt == 2
    assert store.create(a_job(natural_key="same")).job_id == first.job_id


def test_a_claim_whose_job_was_lost_is_in_nobodys_way(store: JobStore) -> None:
    """As after restoring a table in part: the claim is there, and the record is not."""
    if isinstance(store, FakeJobs):
        pytest.skip("nothing of a fake is lost")
    lost, ended = store.create(a_job(natural_key="lost")), store.create(a_job(natural_key="again"))
    move(store, ended, FAILED)
    second = store.create(a_job(natural_key="again"))
    for job in (lost, second):
        clients.dynamodb().delete_item(TableName=TABLE, Key=table.key(f"job#{job.job_id}", "job"))

    made = store.create(a_job(natural_key="lost"))

    assert made.job_id != lost.job_id
    assert store.create(a_job(natural_key="lost")) == made
    assert store.next_attempt(ended.job_id, attempt=1).attempt == 2


def test_the_loser_learns_who_won(store: JobStore) -> None:
    job = store.create(a_job())
    move(store, job, QUEUED)
    with pytest.raises(Conflict) as lost:
        store.transition(job.job_id, attempt=1, from_=(BLOCKED,), to=QUEUED)
    assert lost.value.detail == {"status": QUEUED, "attempt": 1}
    with pytest.raises(Conflict) as lost:
        store.transition(job.job_id, attempt=2, from_=(QUEUED,), to=RUNNING)
    assert lost.value.detail == {"status": QUEUED, "attempt": 1}
    with pytest.raises(NotFound):
        store.transition(new_id(), attempt=1, from_=(BLOCKED,), to=QUEUED)


def test_an_end_keeps_its_facts(store: JobStore) -> None:
    job = store.create(a_job())
    running = move(store, job, QUEUED, RUNNING, execution_arn="arn:one")
    assert running.execution_arn == "arn:one"
    done = store.transition(job.job_id, attempt=1, from_=(RUNNING,), to=SUCCEEDED, result={"x": [1, 2.5, None]})
    assert (done.progress, done.result, done.end_notified) == (100, {"x": [1, 2.5, None]}, False)
    assert store.get(job.job_id) == done


def test_a_revision_is_a_change_that_a_person_can_see(store: JobStore, clock: Clock) -> None:
    job = store.create(a_job())
    assert job.revision == 1
    assert move(store, job, QUEUED, RUNNING).revision == 3
    assert store.record_step(job.job_id, attempt=1, step="audio_check", progress=2).revision == 4
    seen = store.record_step(job.job_id, attempt=1, step="audio_check", progress=2, outcome="ok")
    clock.pass_(seconds=2)
    for _ in range(5):
        store.beat(job.job_id, attempt=1)
        reopened = store.record_step(job.job_id, attempt=1, step="audio_check", progress=2)
        assert store.record_step(job.job_id, attempt=1, step="audio_check", progress=1) == reopened
        clock.pass_(seconds=2)
    assert (seen.revision, reopened.revision) == (5, 6)
    assert store.get(job.job_id) == reopened
    ended = store.transition(job.job_id, attempt=1, from_=(RUNNING,), to=SUCCEEDED)
    store.end_notified(job.job_id, attempt=1)
    after = store.get(job.job_id)
    assert after is not None
    assert (after.end_notified, after.revision, after.updated_at) == (True, ended.revision, ended.updated_at)


def test_each_revision_is_handed_to_the_feed(store: JobStore, feed: FakeFeed) -> None:
    job = store.create(a_job(subject_id=new_id()))
    store.create(job)
    move(store, job, QUEUED, RUNNING)
    store.record_step(job.job_id, attempt=1, step="audio_check", progress=5)
    store.record_step(job.job_id, attempt=1, step="audio_check", progress=5)
    store.beat(job.job_id, attempt=1)
    error = JobError(code="SILENT", message="We hear nothing.", detail={"peak_dbfs": -90.5})
    store.transition(job.job_id, attempt=1, from_=(RUNNING,), to=FAILED, error=error)
    store.end_notified(job.job_id, attempt=1)
    store.next_attempt(job.job_id, attempt=1)
    last = move(store, job.model_copy(update={"attempt": 2}), CANCELED)
    assert [(change.revision, change.event, change.status, change.attempt) for change in feed.changes] == [
        (1, "created", BLOCKED, 1),
        (2, "queued", QUEUED, 1),
        (3, "running", RUNNING, 1),
        (4, "progressed", RUNNING, 1),
        (5, "failed", FAILED, 1),
        (6, "retried", BLOCKED, 2),
        (7, "canceled", CANCELED, 2),
    ]
    assert (feed.changes[3].step, feed.changes[3].progress, feed.changes[4].error) == ("audio_check", 5, error)
    assert {change.subject_id for change in feed.changes} == {job.subject_id}
    assert last.unsent == []


def test_what_the_feed_does_not_take_stays_with_the_record(store: JobStore, feed: FakeFeed) -> None:
    feed.away = 3
    job = store.create(a_job())
    ended = move(store, job, FAILED)
    store.end_notified(job.job_id, attempt=1)
    kept = store.get(job.job_id)
    assert kept == ended
    assert [change.event for change in kept.unsent] == ["created", "failed"]
    assert not kept.end_notified
    store.publish(job.job_id)
    assert [change.event for change in feed.changes] == ["created", "failed"]
    feed.away = 1
    again = store.next_attempt(job.job_id, attempt=1)
    assert [change.event for change in again.unsent] == ["retried"]
    feed.away = 1
    with pytest.raises(TransientError):
        store.publish(job.job_id)
    store.publish(job.job_id)
    store.publish(job.job_id)
    assert [change.event for change in feed.changes] == ["created", "failed", "retried"]


def test_a_beat_says_when_to_stop(store: JobStore) -> None:
    job = store.create(a_job())
    move(store, job, QUEUED, RUNNING)
    store.beat(job.job_id, attempt=1)
    with pytest.raises(JobCanceled):
        store.beat(job.job_id, attempt=2)
    store.transition(job.job_id, attempt=1, from_=(RUNNING,), to=CANCELED)
    with pytest.raises(JobCanceled) as stop:
        store.beat(job.job_id, attempt=1)
    assert stop.value.detail == {"status": CANCELED, "attempt": 1}
    move(store, store.next_attempt(job.job_id, attempt=1), QUEUED, RUNNING)
    with pytest.raises(JobCanceled):
        store.beat(job.job_id, attempt=1)
    store.beat(job.job_id, attempt=2)
    with pytest.raises(NotFound):
        store.beat(new_id(), attempt=1)


def test_a_job_may_wait_for_a_thousand_things(store: JobStore, request: pytest.FixtureRequest) -> None:
    # With every transaction moto copies all that its tables hold: two minutes for a thousand.
    several_transactions = 250
    on_moto = request.node.callspec.params["store"] == "moto"
    shots = [a_job() for _ in range(several_transactions if on_moto else MAX_DEPENDENCIES)]
    film = store.create(a_job(*map(after, shots), natural_key="film"))
    assert store.get(film.job_id) == film
    for shot in (shots[0], shots[len(shots) // 2], shots[-1]):
        assert list(store.dependants(after(shot))) == [film.job_id]
    assert store.create(a_job(*map(after, shots), natural_key="film")) == film


def test_next_attempt_starts_clean(store: JobStore) -> None:
    job = store.create(a_job())
    move(store, job, QUEUED, RUNNING)
    store.record_step(job.job_id, attempt=1, step="audio_check", progress=40)
    error = JobError(code="STEP_FAILED", message="A step failed.")
    store.transition(job.job_id, attempt=1, from_=(RUNNING,), to=FAILED, error=error)
    again = store.next_attempt(job.job_id, attempt=1)
    assert (again.status, again.attempt, again.progress, again.error, again.step) == (BLOCKED, 2, 0, None, None)
    assert [record.attempt for record in again.history] == [1]
    with pytest.raises(Conflict):
        store.next_attempt(job.job_id, attempt=1)


def test_history_and_progress_of_steps(store: JobStore, clock: Clock) -> None:
    job = store.create(a_job())
    move(store, job, QUEUED, RUNNING)
    store.record_step(job.job_id, attempt=1, step="audio_check", progress=5)
    clock.pass_(seconds=2)
    store.record_step(job.job_id, attempt=1, step="audio_check", progress=5, outcome="ok")
    store.record_step(job.job_id, attempt=1, step="audio_analyze", progress=20)
    late = store.record_step(job.job_id, attempt=1, step="audio_analyze", progress=7)
    assert (late.progress, late.step) == (20, "audio_analyze")
    check, analyze = late.history
    assert (check.outcome, check.ended_at, analyze.ended_at) == ("ok", NOW + timedelta(seconds=2), None)
    ended = store.transition(job.job_id, attempt=1, from_=(RUNNING,), to=FAILED)
    assert [record.outcome for record in ended.history] == ["ok", "failed"]


@pytest.mark.parametrize("end", [CANCELED, FAILED, SUCCEEDED])
def test_a_step_of_an_ended_job_stops(store: JobStore, end: JobStatus) -> None:
    job = store.create(a_job())
    move(store, job, QUEUED, end)
    with pytest.raises(JobCanceled):
        store.record_step(job.job_id, attempt=1, step="audio_check", progress=5)


def test_a_step_of_an_older_attempt_stops(store: JobStore) -> None:
    job = store.create(a_job())
    move(store, job, CANCELED)
    store.next_attempt(job.job_id, attempt=1)
    with pytest.raises(JobCanceled):
        store.record_step(job.job_id, attempt=1, step="audio_check", progress=5)
    with pytest.raises(NotFound):
        store.record_step(new_id(), attempt=1, step="audio_check", progress=5)


def test_newest_first_page_by_page(store: JobStore) -> None:
    owner = new_id()
    jobs = sorted((store.create(a_job(owner_id=owner)) for _ in range(5)), key=lambda job: job.job_id, reverse=True)
    store.create(a_job())
    found: list[Job] = []
    cursor = None
    for _ in range(3):
        page, cursor = store.list(owner, limit=2, cursor=cursor)
        found += page
    assert found == jobs
    assert cursor is None


def test_stale_are_those_without_news_and_those_that_ended_unheard(store: JobStore, clock: Clock) -> None:
    waiting, ended, notified, fresh, busy = (store.create(a_job()) for _ in range(5))
    clock.pass_(minutes=1)
    move(store, ended, FAILED)
    move(store, notified, FAILED)
    store.end_notified(notified.job_id, attempt=1)
    clock.pass_(minutes=1)
    move(store, busy, QUEUED, RUNNING)
    clock.pass_(minutes=9)
    move(store, fresh, QUEUED)
    store.beat(busy.job_id, attempt=1)
    stale = store.stale(before=clock.now - timedelta(minutes=5), limit=10)
    assert [job.job_id for job in stale] == [waiting.job_id, ended.job_id]
    assert [job.job_id for job in store.stale(before=clock.now - timedelta(minutes=5), limit=1)] == [waiting.job_id]
    clock.pass_(minutes=6)
    stale = store.stale(before=clock.now - timedelta(minutes=5), limit=10)
    assert [job.job_id for job in stale] == [waiting.job_id, ended.job_id, busy.job_id, fresh.job_id]


def test_an_end_of_an_older_attempt_is_not_marked(store: JobStore) -> None:
    job = store.create(a_job())
    move(store, job, FAILED)
    again = store.next_attempt(job.job_id, attempt=1)
    store.end_notified(job.job_id, attempt=1)
    assert store.get(job.job_id) == again


def test_concurrent_changes_of_one_record_are_all_kept(cloud: None) -> None:
    """Between our read and our write someone else writes: the change is worked out again from what is there then."""
    store = DynamoJobs(TABLE, clock=Clock(NOW))
    job = store.create(a_job())
    store.transition(job.job_id, attempt=1, from_=(BLOCKED,), to=QUEUED)
    rival = DynamoJobs(TABLE, clock=Clock(NOW))
    reads = 0

    class Overtaken(DynamoJobs):
        def get(self, job_id: str) -> Job | None:
            nonlocal reads
            reads += 1
            found = super().get(job_id)
            rival.record_step(job_id, attempt=1, step="audio_check", progress=50)
            return found

    slow = Overtaken(TABLE, clock=Clock(NOW))
    changed = slow.record_step(job.job_id, attempt=1, step="audio_analyze", progress=10)
    assert reads == 1  # the loser was told what is there
    assert changed.progress == 50
    assert [record.step for record in changed.history] == ["audio_check", "audio_analyze"]
    assert changed.revision == 4


def test_only_what_ended_and_was_passed_on_expires(cloud: None) -> None:
    store = DynamoJobs(TABLE, clock=Clock(NOW), feed=FakeFeed())
    job = store.create(a_job(on(an_asset())))

    def expiry() -> str | None:
        key = {"pk": {"S": f"job#{job.job_id}"}, "sk": {"S": "job"}}
        return clients.dynamodb().get_item(TableName=TABLE, Key=key)["Item"].get("expires_at", {}).get("N")

    assert expiry() is None
    move(store, job, FAILED)
    assert expiry() is None
    store.end_notified(job.job_id, attempt=1)
    assert expiry() == str(int((NOW + timedelta(days=90)).timestamp()))


def test_a_record_from_before_there_were_versions_can_be_changed(cloud: None) -> None:
    store = DynamoJobs(TABLE, clock=Clock(NOW), feed=FakeFeed())
    job = store.create(a_job())
    body = job.model_dump_json(exclude={"version", "unsent", "end_notified"}, exclude_none=True)
    clients.dynamodb().update_item(
        TableName=TABLE,
        Key={"pk": {"S": f"job#{job.job_id}"}, "sk": {"S": "job"}},
        UpdateExpression="SET body = :body REMOVE version",
        ExpressionAttributeValues={":body": {"S": body}},
    )
    assert move(store, job, QUEUED, RUNNING).revision == 3


class Power:
    """A client of DynamoDB that dies at its ``lasts``-th call: before it, or after it was carried out."""

    def __init__(self, lasts: int, *, after: bool) -> None:
        self._client = clients.dynamodb()
        self.left = lasts
        self._after = after

    def __getattr__(self, name: str) -> Any:
        what = getattr(self._client, name)
        if not callable(what) or name.startswith("get_paginator"):
            return what

        def call(**arguments: Any) -> Any:
            self.left -= 1
            if self.left == 0 and not self._after:
                raise Died
            answer = what(**arguments)
            if self.left == 0:
                raise Died
            return answer

        return call


@pytest.mark.parametrize("carried_out", [False, True])
def test_a_film_is_released_once_wherever_its_creation_dies(
    *, cloud: None, monkeypatch: pytest.MonkeyPatch, carried_out: bool
) -> None:
    """At each call of DynamoDB, before or after it was carried out, the process is gone; somebody may try again."""
    monkeypatch.setattr(job_store, "_ACTIONS", 4)
    clock, feed, workflows = Clock(NOW), FakeFeed(), FakeWorkflows()
    assets = DynamoAssets(TABLE, clock=clock)
    uploads = [assets.create(an_asset()) for _ in range(9)]  # edges: 4 and 3 before the record, 2 with it

    def service(power: Any = None) -> Jobs:
        store = DynamoJobs(TABLE, clock=clock, feed=feed, client=power)
        return Jobs(store, assets, workflows, FakeEndListener())

    films: list[Job] = []
    written: list[bool] = []
    died = True
    while died:
        film = a_job(*map(on, uploads), natural_key=f"film {len(films)}")
        films.append(film)
        try:
            service(Power(len(films), after=carried_out)).create(film)
            died = False
        except Died:
            written.append(DynamoJobs(TABLE).get(film.job_id) is not None)
    # Edges, edges, the record; what was sent is noted, and the record is read to be released.
    assert written == [False, False, carried_out, True, True]

    for film in films:
        if DynamoJobs(TABLE).get(film.job_id) is None:
            service().release_dependants(on(uploads[0]))  # news for a job that does not exist (yet)
            assert service().create(film).status is BLOCKED
    for upload in uploads:
        assets.claim(upload.asset_id, claimant="c", sequencer="1", lease_s=60)
        assets.accept(upload.model_copy(update={"probe": PROBE}), claimant="c")
        for _ in range(2):
            service().release_dependants(on(upload))
    assert sorted(workflows.executions) == sorted(map(execution_name, films))
    for film in films:
        assert [change.event for change in feed.of(film)] == ["created", "queued", "running"]
