"""Changes of jobs on their way to listeners: EventBridge, a queue for each, and a function behind it."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from functions.jobs import measure
from tests.fixtures.fakes import Clock, FakeAssets, FakeEndListener, FakeWorkflows, execution
from tests.fixtures.jobs import NOW, a_job, after
from tests.integration.platform.conftest import TABLE

from soundstage.jobs.ports import execution_name
from soundstage.jobs.service import Jobs
from soundstage.models.errors import TransientError
from soundstage.models.ids import Id
from soundstage.models.jobs import Job, JobChange, JobStatus
from soundstage.platform.aws import clients
from soundstage.platform.aws.change_feed import DETAIL_TYPE, EventBridgeFeed, source
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.queues import Queue
from soundstage.platform.runtime.listening import listening
from soundstage.platform.settings import TelemetrySettings
from soundstage.platform.telemetry import telemetry

STAGE = "local"


@dataclass
class Listener:
    """Hears changes from its queue as Lambda hands them to a function. ``fails`` is how often it fails first."""

    queue: Queue
    fails: int = 0
    heard: dict[Id, list[JobChange]] = field(default_factory=lambda: defaultdict(list))

    def job_changed(self, change: JobChange) -> None:
        if self.fails:
            self.fails -= 1
            raise ConnectionError("the other side is away")
        self.heard[change.job_id].append(change)

    def poll(self) -> int:
        """One batch: what the function does not fail on is deleted. Returns how many messages there were."""
        messages = {message.message_id: message for message in self.queue.receive(limit=10, lock_s=0, wait_s=0)}
        records = [{"messageId": message_id, "body": message.body} for message_id, message in messages.items()]
        answer = listening(TelemetrySettings)(self.job_changed)({"Records": records}, None)
        again = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for message_id in messages.keys() - again:
            self.queue.delete(messages[message_id])
        return len(messages)


@pytest.fixture(params=["moto", "embedded"])
def listeners(request: pytest.FixtureRequest) -> Iterator[list[Listener]]:
    request.getfixturevalue({"moto": "cloud", "embedded": "embedded_table"}[request.param])
    pattern = json.dumps({"source": [source(STAGE)], "detail-type": [DETAIL_TYPE]})
    made = []
    for name in ("push", "webhooks"):
        url = clients.sqs().create_queue(QueueName=name)["QueueUrl"]
        found: Any = clients.sqs().get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        clients.eventbridge().put_rule(Name=name, EventPattern=pattern)
        target: Any = {"Id": "queue", "Arn": found["Attributes"]["QueueArn"]}
        clients.eventbridge().put_targets(Rule=name, Targets=[target])
        made.append(Listener(Queue(url)))
    yield made
    for name, listener in zip(("push", "webhooks"), made, strict=True):
        clients.eventbridge().remove_targets(Rule=name, Ids=["queue"])
        clients.eventbridge().delete_rule(Name=name)
        clients.sqs().delete_queue(QueueUrl=listener.queue.url)


@dataclass
class Studio:
    clock: Clock = field(default_factory=lambda: Clock(NOW))
    workflows: FakeWorkflows = field(default_factory=FakeWorkflows)

    def __post_init__(self) -> None:
        self.store = DynamoJobs(TABLE, clock=self.clock, feed=EventBridgeFeed(STAGE))
        self.jobs = Jobs(self.store, FakeAssets(), self.workflows, FakeEndListener())

    def work(self, job: Job, *, until: str) -> None:
        """What an execution does; beats in between are no news."""
        running = self.store.get(job.job_id)
        assert running is not None
        for progress in (1, 40, 40, 80):
            self.store.record_step(job.job_id, attempt=running.attempt, step="music_generate", progress=progress)
            self.store.beat(job.job_id, attempt=running.attempt)
            self.clock.pass_(seconds=2)
        ended = execution(execution_name(running), until, output="{}", error="SILENT", cause="We hear nothing.")
        for _ in range(2):
            self.jobs.settle(ended)


def test_of_two_listeners_each_hears_of_every_change_though_one_fails_for_a_while(listeners: list[Listener]) -> None:
    steady, shaky = listeners
    shaky.fails = 25
    studio = Studio()
    first = studio.jobs.create(a_job())
    second = studio.jobs.create(a_job(after(first)))
    studio.work(first, until="FAILED")
    studio.jobs.retry(first.job_id)
    studio.jobs.retry(second.job_id)
    studio.work(first, until="SUCCEEDED")
    studio.work(second, until="SUCCEEDED")

    for listener in listeners:
        while listener.poll():
            continue

    assert shaky.fails == 0
    for job, events in (
        (first, "created queued running progressed progressed progressed failed retried queued running progressed"),
        (second, "created failed retried queued running progressed progressed progressed succeeded"),
    ):
        last = studio.store.get(job.job_id)
        assert last is not None
        for listener in (steady, shaky):
            changes = {change.revision: change for change in listener.heard[job.job_id]}
            assert sorted(changes) == list(range(1, last.revision + 1))
            assert " ".join(changes[revision].event for revision in sorted(changes)).startswith(events)
            newest = changes[last.revision]
            assert (newest.status, newest.progress, newest.attempt) == (JobStatus.SUCCEEDED, 100, 2)


def test_a_listener_that_comes_back_goes_by_the_revision(listeners: list[Listener]) -> None:
    """Whatever comes late or twice, who keeps the greatest revision is right in the end."""
    studio = Studio()
    job = studio.jobs.create(a_job())
    studio.work(job, until="SUCCEEDED")
    listeners[0].fails = 3
    while listeners[0].poll():
        continue
    heard = listeners[0].heard[job.job_id]
    assert [change.revision for change in heard] != sorted(change.revision for change in heard)
    shown = heard[0]
    for change in [*heard, *heard]:
        shown = max(shown, change, key=lambda change: change.revision)
    assert shown.status is JobStatus.SUCCEEDED


def test_more_changes_than_one_call_takes(listeners: list[Listener]) -> None:
    job = a_job()
    changes = [
        JobChange.model_validate(job.model_dump() | {"event": "progressed", "revision": revision})
        for revision in range(1, 26)
    ]
    EventBridgeFeed(STAGE).send(changes)
    EventBridgeFeed("prod").send(changes[:1])  # somebody else's, on the same bus
    for listener in listeners:
        while listener.poll():
            continue
        assert sorted(change.revision for change in listener.heard[job.job_id]) == list(range(1, 26))


def test_what_the_bus_refuses_is_an_error() -> None:
    class Refusing:
        def put_events(self, **_: Any) -> dict[str, Any]:
            return {"FailedEntryCount": 1, "Entries": [{"EventId": "1"}, {"ErrorCode": "ThrottlingException"}]}

    refusing: Any = Refusing()
    job = a_job()
    changes = [JobChange.model_validate(job.model_dump() | {"event": "created"})] * 2
    with pytest.raises(TransientError, match="ThrottlingException"):
        EventBridgeFeed(STAGE, client=refusing).send(changes)


def test_an_operator_sees_each_change_and_how_long_a_job_took(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUNDSTAGE_TABLE", "soundstage-test")
    measure.settings.cache_clear()
    job = a_job(status=JobStatus.FAILED, step="audio_check", error={"code": "SILENT", "message": "We hear nothing."})
    job = job.model_copy(update={"updated_at": job.created_at + timedelta(seconds=3)})
    change = JobChange.model_validate(job.model_dump() | {"event": "failed"})
    record = {"messageId": "1", "body": json.dumps({"detail": change.model_dump(mode="json")})}
    damaged = {"messageId": "2", "body": "{}"}
    # Made anew: a test before this one may have put the root logger back to its level from before telemetry.
    telemetry._telemetry.cache_clear()

    answer = measure.handler({"Records": [damaged, record]}, None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (logged,) = [line for line in lines if line.get("message") == "a job changed"]
    assert (logged["event"], logged["status"], logged["code"]) == ("failed", "failed", "SILENT")
    assert (logged["job_id"], logged["step"]) == (job.job_id, "audio_check")
    measured = {name: line[name] for line in lines for name in ("JobEnded", "JobDuration") if name in line}
    assert measured == {"JobEnded": [1.0], "JobDuration": [3000.0]}
