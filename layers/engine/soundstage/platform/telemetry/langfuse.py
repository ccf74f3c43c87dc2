"""Langfuse: one trace per track, match or film (its id is the trace's), an observation per step, scores with fixed ids.

Imported only where keys are set: the SDK takes 2.5 s of CPU to import.
"""

import gzip
import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import httpx
from langfuse import Langfuse, propagate_attributes
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from soundstage.platform.telemetry.outbox import Outbox, OutboxTransport, send_again

TRACES_PATH = "/api/public/otel/v1/traces"


class LangfuseSender:
    def __init__(
        self,
        *,
        public_key: str,
        secret_key: str,
        base_url: str,
        environment: str,
        release: str | None,
        outbox: Outbox,
        timeout_s: float,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._outbox = outbox
        auth = httpx.BasicAuth(public_key, secret_key)
        timeout = httpx.Timeout(timeout_s, connect=min(timeout_s, 0.5))
        self._direct = httpx.Client(auth=auth, timeout=timeout)
        kept = httpx.Client(auth=auth, timeout=timeout, transport=OutboxTransport(outbox))
        resource = {"service.name": "soundstage", "langfuse.environment": environment}
        if release:
            resource["langfuse.release"] = release
        self._client = Langfuse(
            public_key=public_key,
            secret_key=secret_key,
            base_url=self._base_url,
            environment=environment,
            release=release,
            httpx_client=kept,
            span_exporter=_Exporter(kept, self._base_url + TRACES_PATH),
            # Not the global provider: whoever else uses OpenTelemetry in this process keeps their own.
            tracer_provider=TracerProvider(resource=Resource.create(resource)),
        )

    def observe(
        self, name: str, *, trace_id: str, user_id: str | None, input_: Any, metadata: dict[str, Any]
    ) -> "Observation":
        return Observation(self._client, name, trace_id=trace_id, user_id=user_id, input_=input_, metadata=metadata)

    def score(
        self,
        trace_id: str,
        name: str,
        value: float | str,
        *,
        of: str | None,
        comment: str | None,
        at: datetime | None,
    ) -> None:
        """``of`` is what the score is about within the trace, such as variant A; it is part of the score's id.
        ``at``: when it was so, else now.
        """
        about: dict[str, Any] = {
            "score_id": score_id(trace_id, name, of),
            "trace_id": trace_id,
            "name": name,
            "comment": comment,
            "metadata": {"of": of} if of else None,
            "timestamp": at,
        }
        if isinstance(value, str):
            self._client.create_score(value=value, data_type="CATEGORICAL", **about)
        else:
            self._client.create_score(value=value, data_type="NUMERIC", **about)

    def flush(self) -> None:
        self._client.flush()

    def send_again(self) -> int:
        return send_again(self._outbox, self._direct, self._base_url)


class Observation:
    """A step as Langfuse sees it: entered, maybe given an output, left; an exception marks it as an error."""

    def __init__(
        self,
        client: Langfuse,
        name: str,
        *,
        trace_id: str,
        user_id: str | None,
        input_: Any,
        metadata: dict[str, Any],
    ) -> None:
        kind = str(metadata.get("kind", "job"))
        self._attributes = propagate_attributes(trace_name=kind, user_id=user_id, metadata=metadata)
        self._span = client.start_as_current_observation(
            name=name, as_type="span", trace_context={"trace_id": trace_id}, input=input_, metadata=metadata
        )

    def __enter__(self) -> "Observation":
        self._attributes.__enter__()
        self._observation = self._span.__enter__()
        return self

    def output(self, value: Any, *, level: Literal["DEFAULT", "WARNING"] = "DEFAULT") -> None:
        self._observation.update(output=value, level=level)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: Any) -> None:
        if error is not None:
            self._observation.update(level="ERROR", status_message=f"{type(error).__name__}: {error}"[:500])
        self._span.__exit__(kind, error, traceback)
        self._attributes.__exit__(kind, error, traceback)


class _Exporter(SpanExporter):
    """OTLP over HTTP, protobuf and gzip, through the client that keeps what it cannot send."""

    def __init__(self, client: httpx.Client, url: str) -> None:
        self._client = client
        self._url = url

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        body = gzip.compress(encode_spans(spans).SerializeToString(), mtime=0)
        headers = {
            "Content-Type": "application/x-protobuf",
            "Content-Encoding": "gzip",
            "x-langfuse-ingestion-version": "4",
        }
        answered = self._client.post(self._url, content=body, headers=headers).is_success
        return SpanExportResult.SUCCESS if answered else SpanExportResult.FAILURE

    def shutdown(self) -> None:
        return

    def force_flush(self, timeout_millis: int = 30_000) -> bool:  # noqa: ARG002  nothing is held back here
        return True


def score_id(trace_id: str, name: str, of: str | None) -> str:
    """The same score sent twice is one score."""
    return hashlib.sha256(f"{trace_id}/{name}/{of or ''}".encode()).hexdigest()[:32]
