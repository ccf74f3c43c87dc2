"""Keep what was made: the shot has its picture and its speech in the catalog. The shot is ready."""

from typing import Any

from soundstage.models.projects import ShotArtefacts
from soundstage.platform.catalog.shots import Shots
from soundstage.platform.runtime.steps import Step, step
from soundstage.platform.runtime.wiring import catalog


@step("persist", progress=97)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    made = ShotArtefacts.model_validate(event["made"])
    kept = Shots(catalog()).persist(step.job, made)
    return {"shot_id": step.job.subject_id, "kept": kept, **made.model_dump(mode="json")}
