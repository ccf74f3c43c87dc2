"""An asset is ready or rejected: the jobs that waited for it start, or fail with it."""

from typing import Any

from soundstage.models.jobs import Dependency
from soundstage.platform.runtime.functions import function
from soundstage.platform.runtime.wiring import jobs, settings


@function(settings)
def handler(event: dict[str, Any]) -> dict[str, Any]:
    jobs().release_dependants(Dependency(kind="asset", id=event["asset_id"]))
    return {"outcome": "ok", "asset_id": event["asset_id"]}
