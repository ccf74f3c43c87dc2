"""Releasing, settling, canceling, retrying and rescuing jobs, one thing at a time."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest
from tests.fixtures.fakes import Clock, FakeAssets, FakeEndListener, FakeFeed, FakeJobs, FakeWorkflows, execution
from tests.fixtures.jobs import PROBE, a_job, after, an_asset, on

from soundstage.jobs import dependencies
from soundstage.jobs.dependencies import MAX_DEPENDENCIES
from soundstage.jobs.ports import execution_name
from soundstage.jobs.service import INTERRUPTED, MAX_ATTEMPTS, NEVER_AFTER, Jobs
from soundstage.models.assets import Asset, AssetStatus
from soundstage.models.errors import Conflict, InvalidInput, JobCanceled, NotFound
from soundstage.models.ids import new_id
from soundstage.models.jobs import Job, JobError, JobStatus

CORRUPT = JobError(code="FILE_CORRUPT", message="The file is damaged.")


class House:
    def __init__(self) -> None:
        self.clock = Clock()
        self.feed = FakeFeed()
        self.jobs = FakeJobs(clock=self.clock, feed=self.feed)
        self.assets = FakeAssets(clock=self.clock)
        self.workflows = FakeWorkflows()
        self.listener = FakeEndListener()
        self.service = Jobs(self.jobs, self.assets, self.workflows, self.listener)
        self.arrived: list[Asset] = []
        self.dying = False

    def upload(self) -> Asset:
        return self.assets.create(an_asset())

    def accept(self, asset: Asset) -> None:
        self.assets.claim(asset.asset_id, claimant="c", sequencer="1", lease_s=60)
        self.assets.accept(asset.model_copy(update={"probe": PROBE}), claimant="c")
        self.service.release_dependants(on(asset))

    def reject(self, asset: Asset) -> None:
        self.assets.claim(asset.asset_id, claimant="c", sequencer="1", lease_s=60)
        self.assets.reject(asset.asset_id, claimant="c", error=CORRUPT)
        self.service.release_dependants(on(asset))

    def end(self, job: Job, status: str, **more: str) -> None:
        name = execution_name(self.jobs.records[job.job_id])
        self.workflows.executions[name] = execution(name, status, **more)
        self.service.settle(self.workflows.executions[name])

    def now(self, job: Job) -> Job:
        return self.jobs.records[job.job_id]

    def rescue(self, **passed: float) -> int:
        self.clock.pass_(**passed)
        return self.service.rescue(now=self.clock(), stale_after=timedelta(minutes=5), ingest=self.ingest_again)

    def rescue_at_start(self) -> int:
        """Nothing of what ran before lives, and no time has passed."""
        self.clock.pass_(seconds=1)
        return self.service.rescue(now=self.clock(), stale_after=timedelta(0), ingest=self.ingest_again, restarted=True)

    def ingest_again(self, asset: Asset) -> bool:
        found = asset.asset_id in [arrived.asset_id for arrived in self.arrived]
        if found and not self.dying:
            self.accept(asset)
        elif found:
            self.die_looking_at(asset)
        return found

    def die_looking_at(self, asset: Asset) -> None:
        with suppress(Conflict):  # somebody else is at it
            self.assets.claim(asset.asset_id, claimant=new_id(), sequencer="1", lease_s=300)


@pytest.fixture
def house() -> House:
    return House()


def test_a_job_waits_for_its_upload_and_then_runs(house: House) -> None:
    asset = house.upload()
    job = house.service.create(a_job(on(asset), inputs={"hum": asset.asset_id}, subject_id=new_id()))
    assert job.status is JobStatus.BLOCKED
    house.accept(asset)
    running = house.now(job)
    assert running.status is JobStatus.RUNNING
    assert running.execution_arn is not None
    assert running.execution_arn.endswith(execution_name(job))
    given = house.workflows.inputs[execution_name(job)]
    assert (given.inputs, given.subject_id, given.attempt) == ({"hum": asset.asset_id}, job.subject_id, 1)


def test_an_upload_may_come_first(house: House) -> None:
    asset = house.upload()
    house.accept(asset)
    assert house.service.create(a_job(on(asset))).status is JobStatus.RUNNING


def test_the_same_request_while_one_is_under_way_is_that_one(house: House) -> None:
    first = house.service.create(a_job(natural_key="same"))
    assert house.service.create(a_job(natural_key="same")).job_id == first.job_id
    assert len(house.workflows.executions) == 1


def test_a_rejected_upload_fails_the_whole_chain_with_its_cause(house: House) -> None:
    asset = house.upload()
    first = house.service.create(a_job(on(asset)))
    second = house.service.create(a_job(after(first)))
    third = house.service.create(a_job(after(second)))
    house.reject(asset)
    for job in (first, second, third):
        error = house.now(job).error
        assert error is not None
        assert error.code == "DEPENDENCY_FAILED"
        assert error.detail is not None
        assert error.detail["cause"] == {"code": "FILE_CORRUPT", "message": "The file is damaged."}
        assert house.listener.heard[job.job_id].status is JobStatus.FAILED
    assert house.workflows.executions == {}


def test_a_deleted_upload_fails_what_waits_for_it(house: House) -> None:
    asset = house.upload()
    job = house.service.create(a_job(on(asset)))
    house.assets.delete(asset.asset_id)
    house.service.release_dependants(on(asset))
    assert house.now(job).status is JobStatus.FAILED


def test_a_job_that_ends_releases_the_next(house: House) -> None:
    first = house.service.create(a_job())
    second = house.service.create(a_job(after(first)))
    house.end(first, "SUCCEEDED", output='{"recommended": "B"}')
    assert house.now(first).result == {"recommended": "B"}
    assert house.now(second).status is JobStatus.RUNNING
    house.end(second, "FAILED", error="SILENT", cause="We hear nothing.")
    assert house.now(second).error == JobError(code="SILENT", message="We hear nothing.")
    assert {job.status for job in house.listener.heard.values()} == {JobStatus.SUCCEEDED, JobStatus.FAILED}


def test_news_of_an_older_attempt_or_of_no_job_are_ignored(house: House) -> None:
    job = house.service.create(a_job())
    house.end(job, "FAILED")
    house.service.retry(job.job_id)
    house.service.settle(execution(execution_name(job), "FAILED"))
    assert (house.now(job).status, house.now(job).attempt) == (JobStatus.RUNNING, 2)
    assert house.service.settle(execution("3f2c-ingest", "FAILED")) is None
    assert house.service.settle(execution(f"track-{new_id()}-1", "FAILED")) is None


def test_the_end_may_be_heard_of_before_the_beginning(house: House) -> None:
    job = house.jobs.create(a_job())
    house.jobs.transition(job.job_id, attempt=1, from_=(JobStatus.BLOCKED,), to=JobStatus.QUEUED)
    house.end(job, "SUCCEEDED", output="{}")
    assert house.now(job).status is JobStatus.SUCCEEDED
    house.service.settle(execution(execution_name(job), "RUNNING"))
    assert house.now(job).status is JobStatus.SUCCEEDED


def test_hearing_that_it_runs_is_enough(house: House) -> None:
    job = house.jobs.create(a_job())
    house.jobs.transition(job.job_id, attempt=1, from_=(JobStatus.BLOCKED,), to=JobStatus.QUEUED)
    house.service.settle(execution(execution_name(job), "RUNNING"))
    assert house.now(job).status is JobStatus.RUNNING


def test_cancel_stops_the_execution_and_fails_dependants(house: House) -> None:
    job = house.service.create(a_job())
    waiting = house.service.create(a_job(after(job)))
    assert house.service.cancel(job.job_id).status is JobStatus.CANCELED
    assert house.workflows.executions[execution_name(job)].status == "ABORTED"
    assert house.now(waiting).status is JobStatus.FAILED
    assert house.service.cancel(job.job_id).status is JobStatus.CANCELED
    house.end(job, "ABORTED")
    assert house.now(job).status is JobStatus.CANCELED


def test_what_has_ended_cannot_be_canceled(house: House) -> None:
    job = house.service.create(a_job())
    house.end(job, "SUCCEEDED")
    with pytest.raises(Conflict):
        house.service.cancel(job.job_id)
    with pytest.raises(NotFound):
        house.service.cancel(new_id())


def test_an_execution_that_starts_after_a_cancel_is_stopped(house: House) -> None:
    job = house.service.create(a_job())
    house.service.cancel(job.job_id)
    name = execution_name(job)
    house.workflows.executions[name] = execution(name, "RUNNING")
    house.service.settle(house.workflows.executions[name])
    assert house.workflows.executions[name].status == "ABORTED"


def test_a_retry_judges_its_dependencies_anew(house: House) -> None:
    first = house.service.create(a_job())
    second = house.service.create(a_job(after(first)))
    house.end(first, "FAILED")
    assert house.service.retry(second.job_id).status is JobStatus.FAILED
    assert house.service.retry(first.job_id).status is JobStatus.RUNNING
    assert house.service.retry(second.job_id).status is JobStatus.BLOCKED
    house.end(first, "SUCCEEDED")
    assert (house.now(second).status, house.now(second).attempt) == (JobStatus.RUNNING, 3)
    with pytest.raises(Conflict):
        house.service.retry(first.job_id)
    with pytest.raises(NotFound):
        house.service.retry(new_id())


def test_what_can_never_start_fails(house: House) -> None:
    house.workflows.refuse = True
    job = house.service.create(a_job())
    assert house.now(job).error == JobError(code="START_FAILED", message="The job's inputs and options are too large.")
    assert house.now(job).end_notified


def test_the_rescuer_finds_an_end_that_nobody_reported(house: House) -> None:
    job = house.service.create(a_job())
    name = execution_name(job)
    assert house.rescue(minutes=6) == 1
    assert house.now(job).status is JobStatus.RUNNING
    house.workflows.executions[name] = execution(name, "SUCCEEDED", output="{}")
    assert house.rescue(minutes=6) == 1
    assert house.now(job).status is JobStatus.SUCCEEDED
    assert house.rescue(minutes=6) == 0


def test_a_lost_execution_is_started_again_and_given_up_in_the_end(house: House) -> None:
    job = house.service.create(a_job())
    for attempt in range(2, MAX_ATTEMPTS + 1):
        house.workflows.executions.clear()
        house.rescue(minutes=6)
        assert (house.now(job).status, house.now(job).attempt) == (JobStatus.RUNNING, attempt)
    house.workflows.executions.clear()
    house.rescue(minutes=6)
    assert house.now(job).error == JobError(code="EXECUTION_LOST", message="What ran the job went away 25 times.")


def test_what_is_interrupted_again_and_again_goes_on_as_long(house: House) -> None:
    job = house.service.create(a_job())
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert (house.now(job).status, house.now(job).attempt) == (JobStatus.RUNNING, attempt)
        house.service.settle(execution(execution_name(house.now(job)), "FAILED", error=INTERRUPTED))
    ended = house.now(job)
    assert (ended.status, ended.error and ended.error.code) == (JobStatus.FAILED, "EXECUTION_LOST")


@pytest.mark.parametrize("told", [True, False])
def test_what_the_infrastructure_interrupted_goes_on_by_itself_at_once(house: House, told: bool) -> None:
    job = house.service.create(a_job(natural_key="k"))
    house.jobs.record_step(job.job_id, attempt=1, step="audio_check", progress=40)
    name = execution_name(job)
    house.workflows.executions[name] = execution(name, "FAILED", error=INTERRUPTED)
    if told:
        for _ in range(2):
            house.service.settle(house.workflows.executions[name])
    else:
        assert house.rescue_at_start() == 1

    again = house.now(job)
    assert (again.status, again.attempt, again.error, again.progress) == (JobStatus.RUNNING, 2, None, 0)
    assert [record.outcome for record in again.history] == ["interrupted"]
    assert [change.event for change in house.feed.of(job)][-3:] == ["retried", "queued", "running"]
    with pytest.raises(JobCanceled):
        house.jobs.record_step(job.job_id, attempt=1, step="audio_check", progress=50)
    house.end(job, "SUCCEEDED")
    assert house.now(job).status is JobStatus.SUCCEEDED


def test_an_upload_whose_ingest_died_is_taken_in_again(house: House) -> None:
    asset = house.upload()
    job = house.service.create(a_job(on(asset)))
    house.die_looking_at(asset)
    house.arrived.append(asset)
    house.rescue(minutes=4)
    assert house.assets.get(asset.asset_id).status is AssetStatus.CHECKING  # type: ignore[union-attr]
    assert house.rescue(minutes=2) >= 1
    assert house.assets.get(asset.asset_id).status is AssetStatus.READY  # type: ignore[union-attr]
    assert house.now(job).status is JobStatus.RUNNING


def test_an_upload_that_nobody_survives_looking_at_is_rejected(house: House) -> None:
    asset, dropped = house.upload(), house.upload()
    jobs = [house.service.create(a_job(on(one))) for one in (asset, dropped)]
    house.arrived.append(asset)
    house.dying = True
    for one in (asset, dropped):
        house.die_looking_at(one)
    for _ in range(3):
        house.rescue_at_start()
    for one, job in zip((asset, dropped), jobs, strict=True):
        assert house.assets.get(one.asset_id).error.code == "PROBE_FAILED"  # type: ignore[union-attr]
        assert house.now(job).error.code == "DEPENDENCY_FAILED"  # type: ignore[union-attr]
    assert house.rescue_at_start() == 0


def test_the_rescuer_gives_up_on_uploads_that_never_come(house: House) -> None:
    job = house.service.create(a_job(on(house.upload())))
    house.rescue(days=7)
    assert house.now(job).status is JobStatus.BLOCKED
    house.rescue(days=NEVER_AFTER.days)
    assert house.now(job).error == JobError(code="DEPENDENCY_FAILED", message="What the job waits for never came.")


def test_the_rescuer_takes_an_upload_in_that_arrived_unheard(house: House) -> None:
    came, on_its_way = house.upload(), house.upload()
    job = house.service.create(a_job(on(came)))
    waiting = house.service.create(a_job(on(came), on(on_its_way)))
    house.arrived.append(came)
    house.rescue(minutes=6)
    assert house.now(job).status is JobStatus.RUNNING
    assert house.now(waiting).status is JobStatus.BLOCKED


def test_the_rescuer_leaves_no_one_out_for_anothers_sake(house: House) -> None:
    lost, fine = (house.jobs.create(a_job()) for _ in range(2))
    start = house.workflows.start

    def failing(kind, name, input_):  # type: ignore[no-untyped-def]
        if input_.job_id == lost.job_id:
            raise ConnectionError
        return start(kind, name, input_)

    house.workflows.start = failing  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        house.rescue(minutes=6)
    assert house.now(fine).status is JobStatus.RUNNING


class TestManyDependencies:
    """A film waits for the picture, clip and speech of every shot."""

    @pytest.fixture
    def shots(self, house: House) -> list[Job]:
        return [house.service.create(a_job()) for _ in range(33 * 3)]

    @pytest.fixture(autouse=True)
    def _read_by_ten(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dependencies, "_AT_ONCE", 10)

    def test_it_starts_when_the_last_one_is_done_in_whatever_order(self, house: House, shots: list[Job]) -> None:
        film = house.service.create(a_job(*map(after, shots)))
        order = random.Random(9).sample(shots, k=len(shots))  # noqa: S311
        for shot in order:
            assert house.now(film).status is JobStatus.BLOCKED
            house.end(shot, "SUCCEEDED")
        assert house.now(film).status is JobStatus.RUNNING
        assert [change.event for change in house.feed.of(film)] == ["created", "queued", "running"]

    @pytest.mark.parametrize("failed", [0, 50, 98])
    def test_it_fails_as_soon_as_one_fails(self, house: House, shots: list[Job], failed: int) -> None:
        film = house.service.create(a_job(*map(after, shots)))
        house.end(shots[failed], "FAILED", error="SILENT", cause="We hear nothing.")
        error = house.now(film).error
        assert error is not None
        assert error.detail == {
            "dependency": {"kind": "job", "id": shots[failed].job_id},
            "cause": {"code": "SILENT", "message": "We hear nothing."},
        }

    def test_a_failure_that_nobody_reported_is_found_by_the_rescuer(self, house: House, shots: list[Job]) -> None:
        film = house.service.create(a_job(*map(after, shots)))
        house.jobs.transition(shots[0].job_id, attempt=1, from_=(JobStatus.RUNNING,), to=JobStatus.FAILED)
        house.jobs.edges.clear()
        house.rescue(minutes=6)
        assert house.now(film).status is JobStatus.FAILED

    def test_news_read_no_more_than_it_takes_to_find_one_that_is_waited_for(
        self, house: House, shots: list[Job]
    ) -> None:
        film = house.service.create(a_job(*map(after, shots)))
        reads: list[str] = []
        house.jobs.point = reads.append
        for shot in shots[:-1]:
            house.service.release(film.job_id, news_of=after(shot))
        assert reads.count("get many") == 2 * (len(shots) - 1)  # the news itself, and the last ten

    def test_there_is_a_limit(self, house: House) -> None:
        with pytest.raises(InvalidInput, match="1000 things at most"):
            house.service.create(a_job(*(after(a_job()) for _ in range(MAX_DEPENDENCIES + 1))))
        assert house.jobs.edges == {}


def test_changes_that_the_feed_did_not_take_come_with_the_next_one(house: House) -> None:
    house.feed.away = 3  # created, queued, running
    job = house.service.create(a_job())
    assert house.feed.changes == []
    house.jobs.record_step(job.job_id, attempt=1, step="audio_check", progress=5)
    assert [change.event for change in house.feed.of(job)] == ["created", "queued", "running", "progressed"]
    assert house.now(job).unsent == []


def test_the_rescuer_sends_what_the_feed_did_not_take(house: House) -> None:
    house.feed.away = 3
    job = house.service.create(a_job())
    house.rescue(minutes=6)
    assert [change.event for change in house.feed.of(job)] == ["created", "queued", "running"]
    assert house.now(job).unsent == []


def test_an_end_counts_as_passed_on_when_the_feed_has_it(house: House) -> None:
    job = house.service.create(a_job())
    house.feed.away = 2  # right after the write, and when all else is done
    house.end(job, "SUCCEEDED")
    assert not house.now(job).end_notified
    house.service.release(job.job_id)
    assert house.now(job).end_notified
    assert [change.event for change in house.feed.of(job)][-1] == "succeeded"


def test_a_worker_that_shows_life_keeps_the_rescuer_away(house: House) -> None:
    job = house.service.create(a_job())
    house.clock.pass_(minutes=9)
    house.jobs.beat(job.job_id, attempt=1)
    house.workflows.executions.clear()
    assert house.rescue(minutes=1) == 0
    assert house.rescue(minutes=6) == 1
    assert house.now(job).attempt == 2
