"""What Langfuse and Sentry are sent, as a server receives it; and what becomes of it in an outage."""

import base64
import json
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from pydantic import SecretStr
from tests.fixtures.wire import Sent, Wire, listening

from soundstage.models.ids import new_id
from soundstage.platform.settings import TelemetrySettings
from soundstage.platform.telemetry.outbox import FolderOutbox
from soundstage.platform.telemetry.telemetry import Telemetry

TRACES = "/api/public/otel/v1/traces"
SCORES = "/api/public/scores"


@pytest.fixture
def wire() -> Iterator[Wire]:
    with listening() as wire:
        yield wire


@pytest.fixture(autouse=True)
def _root_logger() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def langfuse_to(url: str, outbox: Path, *, patience_s: float = 0.5) -> Telemetry:
    # The SDK keeps one client per public key.
    return Telemetry(
        TelemetrySettings(
            langfuse_public_key=f"pk-lf-{new_id()}",
            langfuse_secret_key=SecretStr("sk-lf-1"),
            langfuse_base_url=url,
            telemetry_outbox_dir=str(outbox),
            telemetry_flush_s=patience_s,
            release="1.2.3",
        )
    )


def spans(requests: list[Sent]) -> list[Span]:
    exports = [ExportTraceServiceRequest.FromString(request.plain) for request in requests]
    return [
        span
        for export in exports
        for resource in export.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def attributes(span: Span) -> dict[str, str]:
    return {attribute.key: attribute.value.string_value for attribute in span.attributes}


def test_one_observation_per_step_under_the_tracks_own_id(wire: Wire, tmp_path: Path) -> None:
    watch = langfuse_to(wire.url, tmp_path)
    track_id, owner_id = new_id(), new_id()
    metadata = {"kind": "match", "platform": "web", "device": "mobile", "browser_family": "Safari"}
    for step in ("audio_check", "audio_analyze"):
        with watch.observe(
            step, trace_id=track_id, user_id=owner_id, input_={"options": {"seed": 7}}, metadata=metadata
        ) as observed:
            observed.output({"outcome": "ok"})
    watch.flush()
    request = wire.to(TRACES)[0]
    user, _, password = (
        base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode().partition(":")
    )
    assert user.startswith("pk-lf-")
    assert password == "sk-lf-1"  # noqa: S105
    assert request.headers["content-type"] == "application/x-protobuf"
    assert request.headers["content-encoding"] == "gzip"
    found = spans(wire.to(TRACES))
    assert [span.name for span in found] == ["audio_check", "audio_analyze"]
    assert {span.trace_id.hex() for span in found} == {track_id}
    said = attributes(found[0])
    assert json.loads(said["langfuse.observation.input"]) == {"options": {"seed": 7}}
    assert json.loads(said["langfuse.observation.output"]) == {"outcome": "ok"}
    assert said["user.id"] == owner_id
    assert said["langfuse.trace.name"] == "match"
    for name, value in metadata.items():
        assert json.loads(said[f"langfuse.trace.metadata.{name}"]) == value
    resource = ExportTraceServiceRequest.FromString(request.plain).resource_spans[0].resource
    known = {attribute.key: attribute.value.string_value for attribute in resource.attributes}
    assert known["langfuse.environment"] == "local"
    assert known["langfuse.release"] == "1.2.3"


def test_a_failing_step_is_an_error_there(wire: Wire, tmp_path: Path) -> None:
    watch = langfuse_to(wire.url, tmp_path)

    def fail() -> None:
        with watch.observe("ab_eval", trace_id=new_id()):
            raise ValueError("no chords")

    with pytest.raises(ValueError, match="no chords"):
        fail()
    watch.flush()
    said = attributes(spans(wire.to(TRACES))[0])
    assert said["langfuse.observation.level"] == "ERROR"
    assert said["langfuse.observation.status_message"] == "ValueError: no chords"


def test_scores_have_ids_that_make_a_repetition_harmless(wire: Wire, tmp_path: Path) -> None:
    watch = langfuse_to(wire.url, tmp_path)
    track_id = new_id()
    for _ in range(2):
        watch.score(track_id, "input_similarity", 0.91, of="A")
    watch.score(track_id, "input_similarity", 0.72, of="B")
    watch.score(track_id, "chosen_variant", "A", comment="primary")
    watch.flush()
    sent = [score for request in wire.to(SCORES) for score in json.loads(request.plain)]
    assert [score["id"] == sent[0]["id"] for score in sent] == [True, True, False, False]
    first, last = sent[0], sent[-1]
    assert (first["traceId"], first["name"], first["value"]) == (track_id, "input_similarity", 0.91)
    assert (first["dataType"], first["metadata"]) == ("NUMERIC", {"of": "A"})
    assert (last["dataType"], last["value"], last["comment"]) == ("CATEGORICAL", "A", "primary")


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_an_outage_loses_nothing_and_slows_nothing(tmp_path: Path) -> None:
    port = a_free_port()
    watch = langfuse_to(f"http://127.0.0.1:{port}", tmp_path)
    track_id = new_id()
    took_s = []
    for step in ("audio_check", "audio_analyze", "segment_pick"):
        started = time.monotonic()
        with watch.observe(step, trace_id=track_id):
            pass
        watch.score(track_id, step, 1.0)
        watch.flush()
        took_s.append(time.monotonic() - started)
    assert max(took_s) < 2.5
    assert watch.send_again() == 0
    with listening(port) as wire:
        assert watch.send_again() == 6
        assert watch.send_again() == 0
        assert [span.name for span in spans(wire.to(TRACES))] == ["audio_check", "audio_analyze", "segment_pick"]
        assert {span.trace_id.hex() for span in spans(wire.to(TRACES))} == {track_id}
        assert len(wire.to(SCORES)) == 3
        assert all(request.headers["authorization"].startswith("Basic ") for request in wire.sent)
    assert list(FolderOutbox(tmp_path).names()) == []


def test_a_server_that_never_answers_costs_one_timeout(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(16)
        watch = langfuse_to(f"http://127.0.0.1:{silent.getsockname()[1]}", tmp_path, patience_s=2)
        started = time.monotonic()
        for _ in range(3):
            with watch.observe("audio_check", trace_id=new_id()):
                pass
            watch.flush()
        assert time.monotonic() - started < 4
    assert len(list(FolderOutbox(tmp_path).names())) == 3


@pytest.mark.parametrize(("status", "kept"), [(503, 1), (429, 1), (401, 1), (400, 0)])
def test_what_may_work_later_is_kept(wire: Wire, tmp_path: Path, status: int, kept: int) -> None:
    wire.status = status
    watch = langfuse_to(wire.url, tmp_path)
    with watch.observe("audio_check", trace_id=new_id()):
        pass
    watch.flush()
    assert len(wire.to(TRACES)) == 1
    assert len(list(FolderOutbox(tmp_path).names())) == kept


def test_sentry_is_told_of_an_error_with_its_ids_and_no_secret(wire: Wire) -> None:
    import sentry_sdk  # noqa: PLC0415  (the last test is about who imports it)

    host = wire.url.removeprefix("http://")
    watch = Telemetry(TelemetrySettings(sentry_dsn=SecretStr(f"http://public@{host}/42"), release="1.2.3"))
    job_id = new_id()
    passphrase = "correct horse " + "battery"  # a text of its own: Sentry is sent lines of code
    try:
        with watch.ids(job_id=job_id, step="ab_eval"):
            address = "https://api.example.org/s/the-token" + "-of-a-share"
            sentry_sdk.get_isolation_scope().add_event_processor(lambda event, _: event | {"request": {"url": address}})
            try:
                raise ValueError("no chords")
            except ValueError as error:
                watch.capture(error)
        watch.flush()
    finally:
        sentry_sdk.init(dsn=None)
    sent = wire.to("/api/42/envelope/")
    assert len(sent) == 1
    assert "sentry_key=public" in sent[0].headers["x-sentry-auth"]
    _, item, payload = sent[0].plain.split(b"\n")[:3]
    assert json.loads(item)["type"] == "event"
    event = json.loads(payload)
    assert event["exception"]["values"][-1]["type"] == "ValueError"
    assert (event["tags"]["job_id"], event["tags"]["step"]) == (job_id, "ab_eval")
    assert (event["environment"], event["release"]) == ("local", "1.2.3")
    assert passphrase.encode() not in payload
    assert b"the-token-of-a-share" not in payload


def test_a_function_without_an_outbox_does_its_work_all_the_same() -> None:
    """Migrations and ``workers/wake`` have no table, and read the same secret with keys."""
    watch = Telemetry(TelemetrySettings(langfuse_public_key="pk-lf-1", langfuse_secret_key=SecretStr("sk-lf-1")))
    with watch.observe("wake", trace_id=new_id()):
        watch.score(new_id(), "ab_diversity", 1.0)
    watch.flush()
    assert watch.send_again() == 0


def test_without_keys_nothing_is_imported_and_lines_are_json() -> None:
    """In a process of its own: what is imported here says nothing."""
    program = """
import logging, sys
from soundstage.platform.settings import TelemetrySettings
from soundstage.platform.telemetry.telemetry import telemetry
watch = telemetry(TelemetrySettings(service="jobs.settle"))
with watch.ids(job_id="a" * 32, request_id="r1"):
    with watch.observe("audio_check", trace_id="a" * 32) as observed:
        observed.output({})
    logging.getLogger("soundstage.anything").info("hello %s", "there", extra={"key": "k"})
logging.getLogger("other").info("what a library says of itself")
logging.getLogger("other").warning("after")
watch.score("a" * 32, "ab_diversity", 1.0)
watch.measure("StepDuration", 12.5, unit="Milliseconds", step="audio_check")
watch.flush()
assert not {"langfuse", "sentry_sdk", "httpx", "boto3"} & set(sys.modules), sorted(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    hello, after, metric = (json.loads(line) for line in done.stdout.splitlines())
    assert (hello["message"], hello["job_id"], hello["request_id"], hello["key"]) == (
        "hello there",
        "a" * 32,
        "r1",
        "k",
    )
    assert (hello["level"], hello["service"]) == ("INFO", "jobs.settle")
    assert "job_id" not in after
    assert metric["StepDuration"] == [12.5]
    assert metric["step"] == "audio_check"
    assert metric["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Soundstage"
