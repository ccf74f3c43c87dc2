"""A job has changed: log it, and count it and tell its trace when it has ended."""

from functools import cache

from soundstage.models.jobs import JobChange
from soundstage.platform.runtime.listening import listening
from soundstage.platform.settings import MeasureSettings
from soundstage.platform.telemetry.job_metrics import JobMetrics
from soundstage.platform.telemetry.telemetry import telemetry


@cache
def settings() -> MeasureSettings:
    return MeasureSettings()


@listening(settings)
def handler(change: JobChange) -> None:
    JobMetrics(telemetry(settings())).job_changed(change)
