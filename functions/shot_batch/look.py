"""How many shots of the batch have ended, whichever job made them: one that was edited meanwhile has another."""

from typing import Any

from soundstage.platform.catalog.shots import Shots
from soundstage.platform.runtime.steps import Step, step
from soundstage.platform.runtime.wiring import catalog

BEGAN, ENDED = 5, 95
"""Progress of the job in percent while its shots are made."""
MIN_WAIT_S, MAX_WAIT_S = 3, 30
LOOKS_PER_S = 6
"""After so many looks each wait is a second longer: a look costs as much after an hour, and matters less."""


@step("making", progress=BEGAN)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    shot_ids = event["shot_ids"]
    at_work = len(Shots(catalog()).under_way(shot_ids))
    if shot_ids:
        step.report(BEGAN + (ENDED - BEGAN) * (len(shot_ids) - at_work) // len(shot_ids))
    looks = event.get("looks", 0) + 1
    return {"at_work": at_work, "looks": looks, "wait_s": min(MIN_WAIT_S + looks // LOOKS_PER_S, MAX_WAIT_S)}
