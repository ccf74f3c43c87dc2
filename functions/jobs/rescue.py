"""Every few minutes: look after jobs without news, and send telemetry that an outage kept back."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from soundstage.platform.aws.ingest_start import IngestStart
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.runtime.functions import function
from soundstage.platform.runtime.wiring import jobs
from soundstage.platform.settings import RescueSettings
from soundstage.platform.telemetry.telemetry import telemetry


@cache
def settings() -> RescueSettings:
    return RescueSettings()


@function(settings)
def handler(_event: dict[str, Any]) -> dict[str, int]:
    known = settings()
    ingest = IngestStart(ObjectStore(known.bucket), known.ingest_state_machine)
    stale_after = timedelta(seconds=known.rescue_after_s)
    try:
        stale = jobs().rescue(now=datetime.now(UTC), stale_after=stale_after, ingest=ingest.start)
    finally:
        late = telemetry(known).send_again()  # neither trouble keeps the other's work back
    return {"stale_jobs": stale, "late_telemetry": late}
