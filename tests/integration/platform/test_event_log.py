"""The log of events: one order for each person, nothing twice, nothing lost, whoever dies in between."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from tests.fixtures.jobs import a_job
from tests.integration.platform.conftest import TABLE

from soundstage.models.ids import Id
from soundstage.models.jobs import Job, JobChange
from soundstage.platform.aws.event_log import KEEP_S, SETTLES_S, EventLog

Told = list[tuple[int, Id, int]]


@pytest.fixture(params=["moto", "embedded"])
def table(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue({"moto": "cloud", "embedded": "embedded_table"}[request.param])


@pytest.fixture
def seconds() -> list[float]:
    return [1_800_000_000.0]


@pytest.fixture
def log(table: None, seconds: list[float]) -> EventLog:
    return EventLog(TABLE, clock=lambda: seconds[0])


def change(job: Job, revision: int) -> JobChange:
    return JobChange.model_validate(job.model_dump() | {"event": "progressed", "revision": revision})


def told(log: EventLog, owner_id: Id, after: int = 0) -> Told:
    return [(e.number, e.event.job.job_id, e.event.job.revision) for e in log.of_owner(owner_id, after=after)]


def test_each_change_has_one_number_however_often_it_is_recorded(log: EventLog, seconds: list[float]) -> None:
    one = a_job()
    other = a_job(owner_id=one.owner_id)
    log.record([change(one, 1), change(one, 2)])
    log.record([change(one, 1), change(one, 2), change(one, 3)])
    log.record([change(other, 1)])
    assert (log.newest(one.owner_id), log.newest(a_job().owner_id)) == (6, 0)

    assert told(log, one.owner_id) == [(1, one.job_id, 1), (2, one.job_id, 2), (5, one.job_id, 3), (6, other.job_id, 1)]
    assert told(log, one.owner_id, after=2) == [(5, one.job_id, 3), (6, other.job_id, 1)]
    assert [event.number for event in log.of_job(one.job_id, after=1)] == [2, 5]
    assert [event.event.event_id for event in log.of_job(other.job_id, after=0)] == [f"{other.job_id}-1"]
    assert told(log, a_job().owner_id) == []


def test_a_writer_that_dies_leaves_a_hole_that_holds_readers_up_for_a_moment(
    log: EventLog, seconds: list[float]
) -> None:
    job = a_job()
    log.record([change(job, 1)])
    log._next(job.owner_id)  # and then it died
    log.record([change(job, 2)])

    assert told(log, job.owner_id) == [(1, job.job_id, 1)]
    seconds[0] += SETTLES_S
    assert told(log, job.owner_id) == [(1, job.job_id, 1), (3, job.job_id, 2)]


def test_a_writer_that_was_only_slow_takes_another_number(
    log: EventLog, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    job, late = a_job(), a_job()
    late = late.model_copy(update={"owner_id": job.owner_id})
    numbers = iter([log._next(job.owner_id)])
    log.record([change(job, 1)])
    seconds[0] += SETTLES_S
    assert told(log, job.owner_id) == [(2, job.job_id, 1)]

    slow = EventLog(TABLE, clock=lambda: seconds[0])
    monkeypatch.setattr(slow, "_next", lambda owner_id: next(numbers, None) or EventLog._next(slow, owner_id))
    slow.record([change(late, 1)])

    assert told(log, job.owner_id, after=2) == [(3, late.job_id, 1)]


def test_what_dynamodb_has_removed_is_no_hole(log: EventLog, seconds: list[float]) -> None:
    job = a_job()
    log.record([change(job, 1)])
    for _ in range(3):
        log._next(job.owner_id)  # as if these had been there
    log.record([change(job, 2)])
    seconds[0] += KEEP_S * 0.9
    before = log._dynamodb.scan(TableName=TABLE)["Count"]

    assert told(log, job.owner_id, after=1) == [(5, job.job_id, 2)]

    assert log._dynamodb.scan(TableName=TABLE)["Count"] == before


def test_readers_miss_nothing_while_many_write_the_same(embedded_table: None) -> None:
    """Each change is recorded by two writers at once, as when one sends what the other has not marked as sent."""
    jobs = [a_job()]
    jobs += [a_job(owner_id=jobs[0].owner_id) for _ in range(3)]
    owner_id, last = jobs[0].owner_id, 12
    read: dict[str, Told] = {"from the beginning": [], "again and again": []}
    writing = threading.Event()

    def write(job: Job) -> None:
        log = EventLog(TABLE)
        for revision in range(1, last + 1):
            log.record([change(job, known) for known in range(max(1, revision - 1), revision + 1)])

    def read_on(name: str, fresh: Callable[[], EventLog]) -> None:
        log, after = fresh(), 0
        while True:
            done = writing.is_set()
            news = told(log, owner_id, after=after)
            read[name] += news
            if news:
                after = news[-1][0]
                log = fresh()
            elif done and len(read[name]) >= len(jobs) * last:
                return

    writers = [threading.Thread(target=write, args=(job,)) for job in jobs for _ in range(2)]
    readers = [threading.Thread(target=read_on, args=(name, lambda: EventLog(TABLE)), daemon=True) for name in read]
    for thread in [*writers, *readers]:
        thread.start()
    for thread in writers:
        thread.join()
    writing.set()
    for thread in readers:
        thread.join(timeout=30)

    for found in read.values():
        assert sorted(found) == found
        for job in jobs:
            assert [revision for _, job_id, revision in found if job_id == job.job_id] == list(range(1, last + 1))


def test_a_crash_at_any_point_leaves_nothing_half_recorded(
    log: EventLog, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    job, client = a_job(), log._dynamodb
    calls: dict[str, Any] = {"update_item": client.update_item, "transact_write_items": client.transact_write_items}
    for name, call in calls.items():
        for when in ("before", "after"):

            def crash(*, _call: Any = call, _when: str = when, **asked: Any) -> Any:
                if _when == "after":
                    _call(**asked)
                raise ConnectionError("the process dies")

            monkeypatch.setattr(client, name, crash)
            revision = 1 + len(told(log, job.owner_id))
            with pytest.raises(ConnectionError):
                log.record([change(job, revision)])
            monkeypatch.setattr(client, name, call)
            log.record([change(job, revision)])
            seconds[0] += SETTLES_S

    assert [revision for _, _, revision in told(log, job.owner_id)] == [1, 2, 3, 4]
    assert [event.event.job.revision for event in log.of_job(job.job_id, after=0)] == [1, 2, 3, 4]
