"""Every few minutes: look after jobs without news, and send telemetry that an outage kept back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from soundstage.platform.functions import function
from soundstage.platform.services import jobs, settings
from soundstage.platform.telemetry import telemetry


@function(settings)
def handler(_event: dict[str, Any]) -> dict[str, int]:
    late = telemetry(settings()).send_again()
    stale = jobs().rescue(now=datetime.now(UTC), stale_after=timedelta(seconds=settings().rescue_after_s))
    return {"stale_jobs": stale, "late_telemetry": late}
