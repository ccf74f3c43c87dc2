"""Every few minutes: look after jobs and uploads without news, and send telemetry that an outage kept back.

With ``{"restarted": true}``, as the embedded cloud says at its start: at once, for all that ran is dead.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from soundstage.platform.aws.ingest_start import IngestStart
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.catalog.rows import rows_of
from soundstage.platform.runtime.functions import function
from soundstage.platform.runtime.reconciling import fail_what_is_lost
from soundstage.platform.runtime.wiring import catalog, job_store, jobs
from soundstage.platform.settings import RescueSettings
from soundstage.platform.telemetry.telemetry import telemetry


@cache
def settings() -> RescueSettings:
    return RescueSettings()


@function(settings)
def handler(event: dict[str, Any]) -> dict[str, int]:
    known = settings()
    ingest = IngestStart(ObjectStore(known.bucket), known.ingest_state_machine)
    restarted = event.get("restarted") is True
    stale_after = timedelta(seconds=0 if restarted else known.rescue_after_s)
    lost = fail_what_is_lost(rows_of(catalog()).values(), job_store()) if restarted else 0
    try:
        stale = jobs().rescue(now=datetime.now(UTC), stale_after=stale_after, ingest=ingest.start, restarted=restarted)
    finally:
        late = telemetry(known).send_again()  # neither trouble keeps the other's work back
    return {"stale_jobs": stale, "lost_jobs": lost, "late_telemetry": late}
