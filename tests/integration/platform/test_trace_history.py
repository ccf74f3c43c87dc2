"""What became of a job, attempt by attempt and step by step, from nothing but what Langfuse was sent."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from functions.jobs import measure
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from tests.fixtures.fakes import FakeFeed
from tests.fixtures.jobs import a_job
from tests.fixtures.wire import Wire, listening
from tests.integration.platform.conftest import BUCKET, TABLE
from tests.integration.platform.test_worker import Pool, pool

from soundstage.jobs.service import workflow_input
from soundstage.models.errors import MediaRejected
from soundstage.models.ids import new_id
from soundstage.models.jobs import Job, JobError, JobStatus, TaskMessage
from soundstage.platform.runtime import steps
from soundstage.platform.runtime.steps import Step, step
from soundstage.platform.settings import WorkerSettings
from soundstage.platform.telemetry.telemetry import telemetry

__all__ = ["pool"]
pytestmark = pytest.mark.slow

TRACES, SCORES = "/api/public/otel/v1/traces", "/api/public/scores"


def act(event: dict[str, Any], step: Step) -> dict[str, Any]:
    if event["do"] == "fail":
        raise RuntimeError("the equaliser's fit did not end")
    if event["do"] == "reject":
        raise MediaRejected("SILENT")
    step.telemetry.score(step.trace_id, "similarity", 0.9)
    return {"found": event["do"]}


@pytest.fixture
def wire(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """Langfuse, for the functions and for the worker."""
    with listening() as wire:
        keys = {"LANGFUSE_PUBLIC_KEY": f"pk-lf-{new_id()}", "LANGFUSE_SECRET_KEY": "sk-lf-1"}
        for name, value in {"BUCKET": BUCKET, "TABLE": TABLE, "LANGFUSE_BASE_URL": wire.url, **keys}.items():
            monkeypatch.setenv(f"SOUNDSTAGE_{name}", value)
        for kept in (steps.settings, measure.settings):
            kept.cache_clear()
        told = {name.lower(): value for name, value in keys.items()} | {"langfuse_base_url": wire.url}
        pool.settings = WorkerSettings.model_validate(pool.settings.model_dump() | told)
        yield wire
        for kept in (steps.settings, measure.settings):
            kept.cache_clear()


class Life:
    """A job as its state machine, its worker and its person make it go."""

    def __init__(self, pool: Pool, kind: str) -> None:
        self._pool = pool
        self.feed = FakeFeed()
        pool.jobs._feed = self.feed
        self.job = pool.jobs.create(a_job(kind=kind, status=JobStatus.RUNNING, subject_id=new_id()))

    @property
    def now(self) -> Job:
        found = self._pool.jobs.get(self.job.job_id)
        assert found is not None
        return found

    def runs(self, name: str, do: str) -> None:
        event = {"job": workflow_input(self.now).model_dump(mode="json"), "do": do}
        step(name, progress=10)(act)(event, None)

    def works(self, do: str) -> None:
        self._pool.post(
            TaskMessage(
                task="act",
                task_token=new_id(),
                job_id=self.job.job_id,
                attempt=self.now.attempt,
                owner_id=self.job.owner_id,
                arguments={"do": do},
                timeout_s=30,
            )
        )
        self._pool.worker().run()

    def ends(self, status: JobStatus, error: JobError | None = None) -> None:
        attempt = self.now.attempt
        self._pool.jobs.transition(self.job.job_id, attempt=attempt, from_=(JobStatus.RUNNING,), to=status, error=error)
        change = json.dumps({"detail": self.feed.of(self.job)[-1].model_dump(mode="json")})
        for _ in range(2):  # a change may come twice
            assert measure.handler({"Records": [{"messageId": "1", "body": change}]}, None) == {"batchItemFailures": []}

    def begins_again(self) -> None:
        job = self._pool.jobs.next_attempt(self.job.job_id, attempt=self.now.attempt)
        for from_, to in ((JobStatus.BLOCKED, JobStatus.QUEUED), (JobStatus.QUEUED, JobStatus.RUNNING)):
            self._pool.jobs.transition(job.job_id, attempt=job.attempt, from_=(from_,), to=to)


Steps = list[tuple[int, str, str]]
Ends = dict[str, tuple[str, str | None]]


def rebuilt(wire: Wire, trace_id: str) -> tuple[Steps, Ends, set[str]]:
    """Steps as (attempt, step, outcome) in their order; by attempt how it ended and why; kinds of jobs."""
    exports = [ExportTraceServiceRequest.FromString(request.plain) for request in wire.taken(TRACES)]
    spans = {
        span.span_id: span
        for export in exports
        for resource in export.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
        if span.trace_id.hex() == trace_id
    }
    found, kinds = [], set()
    for span in sorted(spans.values(), key=lambda span: span.start_time_unix_nano):
        said = {attribute.key: attribute.value.string_value for attribute in span.attributes}
        kinds.add(said["langfuse.trace.name"])
        attempt = json.loads(said["langfuse.observation.metadata.attempt"])
        failed = said.get("langfuse.observation.level") == "ERROR"
        outcome = "failed" if failed else json.loads(said["langfuse.observation.output"])["outcome"]
        found.append((int(attempt), span.name, outcome))
    scores = {score["id"]: score for request in wire.taken(SCORES) for score in json.loads(request.plain)}
    ends = [each for each in scores.values() if each["traceId"] == trace_id and each["name"] == "job_ended"]
    ends.sort(key=lambda score: score["timestamp"])
    return found, {each["metadata"]["of"]: (each["value"], each.get("comment")) for each in ends}, kinds


@pytest.mark.parametrize("kind", ["track", "match", "film"])
def test_the_history_of_a_job_is_in_its_trace(pool: Pool, wire: Wire, kind: str) -> None:
    life = Life(pool, kind)
    life.runs("analyzing", "hear")
    with pytest.raises(RuntimeError):
        life.runs("inverting", "fail")
    life.ends(JobStatus.FAILED, JobError(code="STEP_FAILED", message="A step failed.", step="inverting"))
    life.begins_again()
    wire.status = 503  # Langfuse is away from here on
    life.runs("analyzing", "hear")
    life.works("nothing")
    life.runs("checking", "reject")
    life.ends(JobStatus.CANCELED)
    life.begins_again()
    life.runs("persisting", "keep")
    life.ends(JobStatus.SUCCEEDED)
    wire.status = 200
    while telemetry(steps.settings()).send_again():
        pass

    found, ends, kinds = rebuilt(wire, life.job.subject_id or "")

    history = [(each.attempt, each.step, each.outcome) for each in life.now.history]
    assert found == history
    about = f"{kind} {life.job.job_id} attempt"
    assert list(ends.items()) == [
        (f"{about} 1", ("failed", "STEP_FAILED at inverting")),
        (f"{about} 2", ("canceled", None)),
        (f"{about} 3", ("succeeded", None)),
    ]
    assert kinds == {kind}
