"""Every minute: start workers when more tasks wait than the running ones can take."""

from functools import cache
from typing import Any

from soundstage.platform.aws.pools import wake
from soundstage.platform.runtime.functions import function
from soundstage.platform.settings import WakeSettings


@cache
def settings() -> WakeSettings:
    return WakeSettings()


@function(settings)
def handler(_event: dict[str, Any]) -> dict[str, int]:
    return {"workers_started": wake(settings())}
