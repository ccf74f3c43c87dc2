"""One contract for all job stores: the fake that the property tests use, and DynamoDB as two emulators have it."""

from datetime import timedelta

import pytest
from tests.fixtures.fakes import Clock, FakeJobs
from tests.fixtures.jobs import NOW, a_job, an_asset, on
from tests.integration.platform.conftest import TABLE

from soundstage.jobs.ports import JobStore
from soundstage.models.errors import Conflict, JobCanceled, NotFound
from soundstage.models.ids import new_id
from soundstage.models.jobs import Job, JobError, JobStatus
from soundstage.platform.aws import clients
from soundstage.platform.aws.job_store import DynamoJobs

BLOCKED, QUEUED, RUNNING = JobStatus.BLOCKED, JobStatus.QUEUED, JobStatus.RUNNING
SUCCEEDED, FAILED, CANCELED = JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELED


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture(params=["fake", "moto", "embedded"])
def store(request: pytest.FixtureRequest, clock: Clock) -> JobStore:
    if request.param == "fake":
        return FakeJobs(clock=clock)
    request.getfixturevalue({"moto": "cloud", "embedded": "embedded_table"}[request.param])
    return DynamoJobs(TABLE, clock=clock)


def move(store: JobStore, job: Job, *statuses: JobStatus, **more: object) -> Job:
    for status in statuses:
        job = store.transition(job.job_id, attempt=job.attempt, from_=(job.status,), to=status, **more)  # type: ignore[arg-type]
    return job


def test_what_is_created_can_be_read(store: JobStore) -> None:
    job = a_job(on(an_asset()), inputs={"hum": "x"}, options={"gen_params": {"seed": 7, "mood": "dark"}})
    assert store.create(job) == job
    assert store.get(job.job_id) == job
    assert store.get(new_id()) is None


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
    assert store.create(second) == second


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
    assert (done.progress, done.result, done.told) == (100, {"x": [1, 2.5, None]}, False)
    assert store.get(job.job_id) == done


def test_every_change_counts_as_a_revision(store: JobStore) -> None:
    job = store.create(a_job())
    assert job.revision == 1
    assert move(store, job, QUEUED, RUNNING).revision == 3
    assert store.record_step(job.job_id, attempt=1, step="audio_check", progress=2).revision == 4


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
    waiting, ended, told, fresh = (store.create(a_job()) for _ in range(4))
    clock.pass_(minutes=1)
    move(store, ended, FAILED)
    move(store, told, FAILED)
    store.end_told(told.job_id, attempt=1)
    clock.pass_(minutes=10)
    move(store, fresh, QUEUED)
    stale = store.stale(before=clock.now - timedelta(minutes=5), limit=10)
    assert [job.job_id for job in stale] == [waiting.job_id, ended.job_id]
    assert [job.job_id for job in store.stale(before=clock.now - timedelta(minutes=5), limit=1)] == [waiting.job_id]


def test_an_end_of_an_older_attempt_is_not_marked_told(store: JobStore) -> None:
    job = store.create(a_job())
    move(store, job, FAILED)
    again = store.next_attempt(job.job_id, attempt=1)
    store.end_told(job.job_id, attempt=1)
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


def test_only_what_ended_and_was_told_expires(cloud: None) -> None:
    store = DynamoJobs(TABLE, clock=Clock(NOW))
    job = store.create(a_job(on(an_asset())))

    def expiry() -> str | None:
        key = {"pk": {"S": f"job#{job.job_id}"}, "sk": {"S": "job"}}
        return clients.dynamodb().get_item(TableName=TABLE, Key=key)["Item"].get("expires_at", {}).get("N")

    assert expiry() is None
    move(store, job, FAILED)
    assert expiry() is None
    store.end_told(job.job_id, attempt=1)
    assert expiry() == str(int((NOW + timedelta(days=90)).timestamp()))
