"""Any order, duplicates, deaths between any two side effects, races, a feed that is away for a while: one execution per
attempt, no job stuck, and every change that a person can see has reached the feed.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.fakes import Clock, FakeAssets, FakeEndListener, FakeFeed, FakeJobs, FakeWorkflows, execution
from tests.fixtures.interleaving import Interleaving
from tests.fixtures.jobs import PROBE, a_job, after, an_asset, on

from soundstage.jobs import dependencies
from soundstage.jobs.ports import execution_name
from soundstage.jobs.service import Jobs
from soundstage.models.assets import Asset, AssetStatus
from soundstage.models.errors import Conflict, JobCanceled, NotFound
from soundstage.models.ids import new_id
from soundstage.models.jobs import Job, JobError, JobStatus

LEGAL = {
    (JobStatus.BLOCKED, JobStatus.QUEUED),
    (JobStatus.BLOCKED, JobStatus.FAILED),
    (JobStatus.BLOCKED, JobStatus.CANCELED),
    (JobStatus.QUEUED, JobStatus.RUNNING),
    (JobStatus.QUEUED, JobStatus.SUCCEEDED),
    (JobStatus.QUEUED, JobStatus.FAILED),
    (JobStatus.QUEUED, JobStatus.CANCELED),
    (JobStatus.RUNNING, JobStatus.SUCCEEDED),
    (JobStatus.RUNNING, JobStatus.FAILED),
    (JobStatus.RUNNING, JobStatus.CANCELED),
}


class World:
    """Two uploads and five jobs: one waits for the first upload, one for both, a chain hangs on the first job, and one
    waits for more than are read, or written, at once.
    """

    def __init__(self, decide: Callable[[int], int], *, deaths: int) -> None:
        self.decide = decide
        self.clock = Clock()
        self.together = Interleaving(decide, deaths=deaths)
        point = self.together.point
        self.feed = FakeFeed(point=point, away=decide(6))
        self.jobs = FakeJobs(clock=self.clock, point=point, feed=self.feed)
        self.assets = FakeAssets(clock=self.clock, point=point)
        self.workflows = _Checked(self.jobs, self.assets, point)
        self.listener = FakeEndListener(point=point)
        self.service = Jobs(self.jobs, self.assets, self.workflows, self.listener)
        self.uploads = [an_asset(), an_asset()]
        for upload in self.uploads:
            self.assets.create(upload)
        first, second = self.uploads
        one = a_job(on(first))
        chained = a_job(after(one), on(second))
        both = a_job(on(first), on(second))
        wide = a_job(on(second), after(one), after(both), on(first), after(chained))
        self.all = [one, both, chained, a_job(after(chained)), wide]

    def ingest(self, upload: Asset, *, good: bool, claimant: str) -> None:
        """What the state machine does; a duplicate event runs it again under another name."""
        try:
            self.assets.claim(upload.asset_id, claimant=claimant, sequencer="01", lease_s=60)
            if good:
                checked = upload.model_copy(update={"probe": PROBE})
                self.assets.accept(checked, claimant=claimant)
            else:
                error = JobError(code="FILE_CORRUPT", message="The file is damaged.")
                self.assets.reject(upload.asset_id, claimant=claimant, error=error)
        except Conflict:
            return
        self.service.release_dependants(on(upload))

    def end_executions(self) -> Iterator[Callable[[], object]]:
        """Each running execution takes its first step, which a canceled job refuses, and ends; the news come twice."""
        for name, found in list(self.workflows.executions.items()):
            if found.status == "RUNNING":
                input_ = self.workflows.inputs[name]
                try:
                    self.jobs.record_step(input_.job_id, attempt=input_.attempt, step="audio_check", progress=5)
                    status = ("SUCCEEDED", "FAILED", "TIMED_OUT")[self.decide(3)]
                except JobCanceled:
                    status = "FAILED"
                self.workflows.executions[name] = execution(name, status, error="STEP_FAILED", output="{}")
            if self.decide(4):  # else the news are lost, and the rescuer has to find out
                yield from [partial(self._settle, name)] * 2

    def _settle(self, name: str) -> None:
        self.service.settle(self.workflows.executions[name])

    def call(self, what: Callable[[], object]) -> Callable[[], object]:
        """An API call: it may be refused."""

        def calling() -> None:
            try:
                what()
            except (Conflict, NotFound):
                return

        return calling

    def play(self) -> None:
        for job in self.all:
            self.together.begin(partial(self.service.create, job))
            if self.decide(2):
                self.together.begin(partial(self.service.release, job.job_id))
        for upload in self.uploads:
            good = self.decide(4) > 0
            for claimant in ("event-1", "event-2")[: 1 + self.decide(2)]:
                self.together.begin(partial(self.ingest, upload, good=good, claimant=claimant))
        for _ in range(2):
            self.together.begin(self._someone_calls())
        assert self.together.run() == []
        for _ in range(3):
            for news in self.end_executions():
                self.together.begin(news)
            self.together.begin(self._someone_calls())
            # What died is delivered again, as SQS, EventBridge and Step Functions do; an API call maybe not.
            for operation in self.together.died:
                if self.decide(2):
                    self.together.begin(operation)
            self.together.died.clear()
            assert self.together.run() == []

    def _someone_calls(self) -> Callable[[], object]:
        job = self.all[self.decide(len(self.all))]
        verb = (self.service.cancel, self.service.retry, self.service.release)[self.decide(3)]
        return self.call(lambda: verb(job.job_id))

    def come_to_rest(self) -> None:
        """Nobody dies any more; the rescuer comes by until nothing is stale."""
        self.feed.away = 0
        for job in self.all:
            self.jobs.create(job)
        take_in = partial(self.ingest, good=True, claimant="rescuer")

        def ingest(asset: Asset) -> bool:
            take_in(asset)
            return True

        for _ in range(30):
            self.clock.pass_(minutes=10)
            if self.service.rescue(now=self.clock(), stale_after=timedelta(minutes=5), ingest=ingest) == 0:
                return
            for news in list(self.end_executions()):
                news()
        raise AssertionError(f"still stale: {self.jobs.stale(before=self.clock(), limit=9)}")


class _Checked(FakeWorkflows):
    """Nothing starts before what it depends on is ready."""

    def __init__(self, jobs: FakeJobs, assets: FakeAssets, point: Callable[[str], None]) -> None:
        super().__init__(point=point)
        self._jobs, self._assets = jobs, assets
        self.started: Counter[str] = Counter()

    def start(self, kind, name, input_):  # type: ignore[no-untyped-def]
        new = name not in self.executions
        arn = super().start(kind, name, input_)
        if new and name in self.executions:
            self.started[name] += 1
            for dependency in self._jobs.records[input_.job_id].depends_on:
                if dependency.kind == "asset":
                    assert self._assets.records[dependency.id].asset.status is AssetStatus.READY
                else:
                    assert self._jobs.records[dependency.id].status is JobStatus.SUCCEEDED
        return arn


def all_is_well(world: World) -> None:
    assert {(before, to) for _, _, before, to in world.jobs.moves} <= LEGAL
    queued = Counter(
        f"track-{job_id}-{attempt}" for job_id, attempt, _, to in world.jobs.moves if to is JobStatus.QUEUED
    )
    assert set(queued.values()) <= {1}
    canceled_early = {
        f"track-{job_id}-{attempt}"
        for job_id, attempt, before, to in world.jobs.moves
        if (before, to) == (JobStatus.QUEUED, JobStatus.CANCELED)
    }
    assert set(world.workflows.executions) <= set(queued)
    assert set(queued) - canceled_early <= set(world.workflows.executions)
    assert not [found for found in world.workflows.executions.values() if found.status == "RUNNING"]
    for job in world.jobs.records.values():
        _ended_well(world, job)


def _ended_well(world: World, job: Job) -> None:
    assert job.status.terminal, job
    assert job.end_notified
    assert not job.unsent
    heard = world.feed.of(job)
    assert [change.revision for change in heard] == list(range(1, job.revision + 1))
    assert (heard[-1].status, heard[-1].attempt, heard[-1].error) == (job.status, job.attempt, job.error)
    assert world.listener.heard[job.job_id].attempt == job.attempt
    assert world.listener.heard[job.job_id].status is job.status
    found = world.workflows.executions.get(execution_name(job))
    if job.status is JobStatus.SUCCEEDED:
        assert found is not None
        assert found.status == "SUCCEEDED"
    elif job.status is JobStatus.FAILED:
        assert job.error is not None
        assert (found is None) == (job.error.code == "DEPENDENCY_FAILED")
        if found is None:
            assert job.error.detail is not None
            assert job.error.detail["cause"]["code"] != "DEPENDENCY_FAILED"


# A run takes some hundred decisions; drawn one by one they would mostly be zero, so a seed stands for all of them.
@pytest.mark.slow
@given(seed=st.integers(0, 2**32 - 1), deaths=st.integers(0, 8))
@settings(max_examples=300, deadline=None)
def test_every_attempt_runs_once_and_no_job_is_left(seed: int, deaths: int) -> None:
    with patch.object(dependencies, "_AT_ONCE", 2):
        world = World(random.Random(seed).randrange, deaths=deaths)  # noqa: S311
        world.play()
        world.come_to_rest()
    all_is_well(world)


@given(seed=st.integers(0, 2**32 - 1), racers=st.integers(2, 5))
@settings(max_examples=60, deadline=None)
def test_racing_releases_start_one_execution(seed: int, racers: int) -> None:
    together = Interleaving(random.Random(seed).randrange)  # noqa: S311
    jobs, assets = FakeJobs(point=together.point), FakeAssets(point=together.point)
    workflows = FakeWorkflows(point=together.point)
    service = Jobs(jobs, assets, workflows, FakeEndListener(point=together.point))
    job = jobs.create(a_job(subject_id=new_id()))
    for _ in range(racers):
        together.begin(lambda: service.release(job.job_id))
    assert together.run() == []
    assert list(workflows.executions) == [execution_name(job)]
    assert jobs.records[job.job_id].status is JobStatus.RUNNING
    assert [to for _, _, _, to in jobs.moves] == [JobStatus.QUEUED, JobStatus.RUNNING]
