"""Keep what became of the batch: which shots are made, and which are not and why."""

from typing import Any

from soundstage.models.projects import ShotStatus
from soundstage.platform.catalog.shot_batches import ShotBatches
from soundstage.platform.catalog.shots import Shots
from soundstage.platform.runtime.steps import Step, step
from soundstage.platform.runtime.wiring import catalog


@step("persist", progress=95)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    shots = Shots(catalog()).all_of(event["shot_ids"])
    result = {
        "made": [shot.part for shot in shots if shot.status == ShotStatus.READY],
        "failed": {shot.part: shot.error for shot in shots if shot.status == ShotStatus.FAILED},
        "left": [shot.part for shot in shots if shot.status not in (ShotStatus.READY, ShotStatus.FAILED)],
    }
    kept = ShotBatches(catalog()).persist(step.job, result)
    return {"kept": kept} | result
