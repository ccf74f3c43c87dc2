"""Put the story where the worker reads it, as it is when the work begins."""

from typing import Any

from soundstage.platform.catalog.projects import Projects
from soundstage.platform.runtime.steps import Step, step
from soundstage.platform.runtime.wiring import catalog


@step("prepare", progress=2)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:  # noqa: ARG001  (all of it is in the project)
    order = Projects(catalog()).story_order(step.job)
    return {"order_key": step.write_json(step.work_key("story.json"), order.model_dump(mode="json"))}
