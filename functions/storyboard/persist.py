"""Keep what was written: a version of the project, and a row for every shot. The project is ready."""

from typing import Any

from soundstage.models.story import Storyboard
from soundstage.platform.catalog.projects import Projects
from soundstage.platform.runtime.steps import Step, step
from soundstage.platform.runtime.wiring import catalog


@step("persist", progress=97)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    storyboard = Storyboard.model_validate(step.read_json(event["written"]["storyboard_key"]))
    kept = Projects(catalog()).persist(step.job, storyboard)
    said = {"shots": len(storyboard.shots), "writer": storyboard.writer, "notes": storyboard.notes}
    return {"project_id": step.job.subject_id, "kept": kept} | said
