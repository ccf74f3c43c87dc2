"""An execution began or ended: so did its job."""

from typing import Any

from soundstage.models.events import ExecutionStatusChange
from soundstage.platform.runtime.functions import function
from soundstage.platform.runtime.wiring import jobs, settings


@function(settings)
def handler(event: dict[str, Any]) -> None:
    jobs().settle(ExecutionStatusChange.model_validate(event["detail"]))
