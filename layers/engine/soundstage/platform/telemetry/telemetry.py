"""Logs, metrics, traces and errors, set up in one place. Without keys Langfuse and Sentry are not even imported.

Logs are JSON lines with the ids that tie them together; metrics are log lines too (CloudWatch's embedded metric
format), so neither costs a call.
"""

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from soundstage.platform.settings import TelemetrySettings

if TYPE_CHECKING:
    from sentry_sdk.types import Event

    from soundstage.platform.telemetry.langfuse import LangfuseSender

NAMESPACE = "Soundstage"
OUR_PACKAGES = ("soundstage", "functions")

log = logging.getLogger(__name__)


class Observed(Protocol):
    def output(self, value: Any, *, level: Literal["DEFAULT", "WARNING"] = "DEFAULT") -> None: ...


class _Unobserved:
    def output(self, value: Any, *, level: Literal["DEFAULT", "WARNING"] = "DEFAULT") -> None:  # noqa: ARG002
        return


class Telemetry:
    """One per process. ``table_name`` is where the outbox lies when no folder is set for it.

    A function that has neither works for no track, so it has nothing to tell Langfuse.
    """

    def __init__(self, settings: TelemetrySettings, *, table_name: str | None = None) -> None:
        self._settings = settings
        self._formatter = _log_as_json(settings)
        keys = _keys(settings)
        self._langfuse = _langfuse(settings, keys, table_name)
        self._sentry = bool(keys.get("sentry_dsn"))
        if self._sentry:
            _start_sentry(settings, keys["sentry_dsn"])

    @contextmanager
    def ids(self, **ids: str | int | None) -> Iterator[None]:
        """Every log line and every error inside carries these: request_id, job_id, trace_id, step, attempt, item."""
        known = {name: value for name, value in ids.items() if value is not None}
        before = self._formatter.thread_safe_get_current_keys()
        self._formatter.thread_safe_append_keys(**known)
        try:
            if not self._sentry:
                yield
                return
            import sentry_sdk  # noqa: PLC0415  (only where there is a DSN)

            with sentry_sdk.isolation_scope() as scope:
                for name, value in known.items():
                    scope.set_tag(name, value)
                yield
        finally:
            self._formatter.thread_safe_remove_keys([name for name in known if name not in before])

    @contextmanager
    def observe(
        self,
        name: str,
        *,
        trace_id: str,
        user_id: str | None = None,
        input_: Any = None,
        metadata: dict[str, Any] | None = None,
    ) -> Iterator[Observed]:
        """A step of a trace. The trace's id is the track's (or the job's)."""
        if self._langfuse is None:
            yield _Unobserved()
            return
        observation = self._langfuse.observe(
            name, trace_id=trace_id, user_id=user_id, input_=input_, metadata=metadata or {}
        )
        with observation:
            yield observation

    def score(
        self,
        trace_id: str,
        name: str,
        value: float | str,
        *,
        of: str | None = None,
        comment: str | None = None,
        at: datetime | None = None,
    ) -> None:
        """A number, or a word for a categorical score. ``of``: what it is about, e.g. variant ``A``; ``at``: now."""
        if self._langfuse is not None:
            self._langfuse.score(trace_id, name, value, of=of, comment=comment, at=at)

    def measure(self, name: str, value: float, *, unit: str = "Count", **dimensions: str) -> None:
        with single_metric(name=name, unit=MetricUnit(unit), value=value, namespace=NAMESPACE) as metric:
            metric.add_dimension(name="service", value=self._settings.service)
            for dimension, text in dimensions.items():
                metric.add_dimension(name=dimension, value=text)

    def capture(self, error: BaseException) -> None:
        """Tell Sentry."""
        if self._sentry:
            import sentry_sdk  # noqa: PLC0415

            sentry_sdk.capture_exception(error)

    def flush(self) -> None:
        """Before a function returns: it is frozen afterwards. Takes at most a few seconds, and less in an outage."""
        try:
            if self._langfuse is not None:
                self._langfuse.flush()
            if self._sentry:
                import sentry_sdk  # noqa: PLC0415

                sentry_sdk.flush(timeout=self._settings.telemetry_flush_s)
        except Exception:
            # Work that is done must not fail because watching it did.
            log.exception("telemetry was not flushed")

    def send_again(self) -> int:
        """Send what an outage kept back. The rescuer calls this."""
        return self._langfuse.send_again() if self._langfuse is not None else 0


def telemetry(settings: TelemetrySettings) -> Telemetry:
    """The process's telemetry for these settings, of which this part and the table count."""
    part = {name: getattr(settings, name) for name in TelemetrySettings.model_fields}
    return _telemetry(TelemetrySettings.model_construct(**part), getattr(settings, "table", None))


@cache
def _telemetry(settings: TelemetrySettings, table_name: str | None) -> Telemetry:
    return Telemetry(settings, table_name=table_name)


class LogToStdout(logging.Handler):
    """Writes to what ``sys.stdout`` is at that moment: Lambda and tests exchange it."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stdout.write(self.format(record) + "\n")
            sys.stdout.flush()
        except Exception:
            self.handleError(record)


def _log_as_json(settings: TelemetrySettings) -> LambdaPowertoolsFormatter:
    """All loggers of the process, through the root; Lambda has put its own handler there already."""
    formatter = LambdaPowertoolsFormatter(
        log_record_order=["level", "message", "timestamp"], utc=True, use_rfc3339=True, service=settings.service
    )
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if isinstance(handler, LogToStdout) or type(handler).__name__ == "LambdaLoggerHandler":
            root.removeHandler(handler)
    ours = LogToStdout()
    ours.setFormatter(formatter)
    root.addHandler(ours)
    # The level is that of our own lines: on INFO libraries tell of every request and every glyph they cut from a font.
    root.setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[settings.log_level]))
    for package in OUR_PACKAGES:
        logging.getLogger(package).setLevel(settings.log_level)
    return formatter


def _keys(settings: TelemetrySettings) -> dict[str, str]:
    """From the environment, or from the secret that is named there; a secret nobody has filled in is no JSON object."""
    keys: dict[str, str | None] = {
        "langfuse_public_key": settings.langfuse_public_key,
        "langfuse_secret_key": settings.langfuse_secret_key.get_secret_value()
        if settings.langfuse_secret_key
        else None,
        "langfuse_base_url": settings.langfuse_base_url,
        "sentry_dsn": settings.sentry_dsn.get_secret_value() if settings.sentry_dsn else None,
    }
    if settings.telemetry_secret:
        from soundstage.platform.aws.secrets import secret  # noqa: PLC0415  (only where a secret is named)

        try:
            stored = json.loads(secret(settings.telemetry_secret))
        except ValueError:
            stored = None
        if isinstance(stored, dict):
            keys |= {name: str(stored[name]) for name in keys if stored.get(name)}
    return {name: value for name, value in keys.items() if value}


def _langfuse(settings: TelemetrySettings, keys: dict[str, str], table_name: str | None) -> "LangfuseSender | None":
    folder = settings.telemetry_outbox_dir
    if not (keys.get("langfuse_public_key") and keys.get("langfuse_secret_key")) or not (folder or table_name):
        return None
    from soundstage.platform.telemetry.langfuse import LangfuseSender  # noqa: PLC0415  (2.5 s of CPU)
    from soundstage.platform.telemetry.outbox import FolderOutbox, TableOutbox  # noqa: PLC0415

    return LangfuseSender(
        public_key=keys["langfuse_public_key"],
        secret_key=keys["langfuse_secret_key"],
        base_url=keys.get("langfuse_base_url", "https://cloud.langfuse.com"),
        environment=settings.stage,
        release=settings.release,
        outbox=FolderOutbox(Path(folder)) if folder else TableOutbox(table_name or ""),
        timeout_s=settings.telemetry_flush_s,
    )


def _start_sentry(settings: TelemetrySettings, dsn: str) -> None:
    import sentry_sdk  # noqa: PLC0415
    from sentry_sdk.integrations.aws_lambda import AwsLambdaIntegration  # noqa: PLC0415

    in_lambda = "AWS_LAMBDA_FUNCTION_NAME" in os.environ
    sentry_sdk.init(
        dsn=dsn,
        environment=settings.stage,
        release=settings.release,
        traces_sample_rate=0.0,
        # Those look for every framework there is, which takes seconds of a cold start.
        auto_enabling_integrations=False,
        # Tells of a function that is about to be killed by its timeout; exceptions are captured by the steps.
        integrations=[AwsLambdaIntegration(timeout_warning=True)] if in_lambda else [],
        server_name=settings.service,
        # Passwords and tokens are variables somewhere, and tokens of shares stand in addresses.
        include_local_variables=False,
        before_send=_without_request,
    )


def _without_request(event: "Event", _hint: dict[str, Any]) -> "Event":
    event.pop("request", None)
    return event
