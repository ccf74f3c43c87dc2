"""Changes of jobs as log lines and metrics, their ends in traces: what an operator sees of every job."""

import logging

from soundstage.models.jobs import JobChange
from soundstage.platform.telemetry.telemetry import Telemetry

log = logging.getLogger(__name__)


class JobMetrics:
    """A listener (``soundstage.jobs.ports.ChangeListener``).

    A change that comes twice is logged, and an end counted, twice: rare enough for a graph, too often for a bill.
    """

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry

    def job_changed(self, change: JobChange) -> None:
        """``JobEnded`` (count) and ``JobDuration`` (ms since the job was created) by kind and status; ``JobFailed``
        (count) by kind and step, and by kind and code, rejections of what somebody brought included. How an attempt
        ended is a score of its trace: what was killed or never began has left no observation there.
        """
        trace_id = change.subject_id or change.job_id
        ids: dict[str, str | int | None] = {
            "job_id": change.job_id,
            "attempt": change.attempt,
            "trace_id": trace_id,
            "step": change.step,
        }
        seen = {
            "event": change.event,
            "kind": change.kind,
            "status": change.status,
            "progress": change.progress,
            "revision": change.revision,
            "code": change.error.code if change.error else None,
        }
        with self._telemetry.ids(**ids):
            log.info("a job changed", extra={name: value for name, value in seen.items() if value is not None})
        if change.status.terminal:
            duration = change.updated_at - change.created_at
            by: dict[str, str] = {"kind": change.kind, "status": change.status}
            self._telemetry.measure("JobEnded", 1, **by)
            self._telemetry.score(
                trace_id,
                "job_ended",
                change.status.value,
                of=f"{change.kind} {change.job_id} attempt {change.attempt}",
                comment=f"{change.error.code} at {change.error.step or change.step}" if change.error else None,
                at=change.updated_at,
            )
            if change.error is not None:
                for what, word in (("step", change.error.step or change.step), ("code", change.error.code)):
                    self._telemetry.measure("JobFailed", 1, kind=change.kind, **{what: word or "none"})
            self._telemetry.measure("JobDuration", duration.total_seconds() * 1000, unit="Milliseconds", **by)
