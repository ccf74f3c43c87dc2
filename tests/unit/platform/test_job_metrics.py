from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

from soundstage.models.ids import new_id
from soundstage.models.jobs import JobChange, JobError, JobStatus
from soundstage.platform.telemetry.job_metrics import JobMetrics

BEGAN = datetime(2026, 11, 27, tzinfo=UTC)


class Told:
    def __init__(self) -> None:
        self.measured: list[tuple[str, dict[str, str]]] = []

    def ids(self, **_: Any) -> Any:
        return nullcontext()

    def measure(self, name: str, value: float, *, unit: str = "Count", **dimensions: str) -> None:
        self.measured.append((name, dimensions))

    def score(self, *_: Any, **__: Any) -> None:
        """What a trace is told: tests/integration/platform/test_trace_history.py."""


def change(status: JobStatus, error: JobError | None = None) -> JobChange:
    return JobChange(
        event="failed" if error else "succeeded",
        job_id=new_id(),
        owner_id=new_id(),
        kind="track",
        status=status,
        step="audio_check",
        progress=4,
        attempt=1,
        error=error,
        revision=3,
        created_at=BEGAN,
        updated_at=BEGAN + timedelta(seconds=9),
    )


def test_a_failure_counts_by_its_step_and_by_its_code() -> None:
    told = Told()
    JobMetrics(told).job_changed(  # type: ignore[arg-type]
        change(JobStatus.FAILED, JobError(code="SILENT", message="It is silent.", step="audio_analyze"))
    )
    failed = [dimensions for name, dimensions in told.measured if name == "JobFailed"]
    assert failed == [{"kind": "track", "step": "audio_analyze"}, {"kind": "track", "code": "SILENT"}]


def test_a_success_is_no_failure() -> None:
    told = Told()
    JobMetrics(told).job_changed(change(JobStatus.SUCCEEDED))  # type: ignore[arg-type]
    assert [name for name, _ in told.measured] == ["JobEnded", "JobDuration"]
