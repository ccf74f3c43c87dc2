"""Put the project where the worker reads it, as it is when filming begins."""

from typing import Any

from soundstage.platform.catalog.films import Films
from soundstage.platform.own_material import with_own_files
from soundstage.platform.runtime.steps import Step, step
from soundstage.platform.runtime.wiring import catalog


@step("prepare", progress=2)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:  # noqa: ARG001  (all of it is in the project)
    order = with_own_files(Films(catalog()).order(step.job), catalog(), step.assets, step.job.owner_id)
    key = step.write_json(step.work_key("film.json"), order.model_dump(mode="json"))
    return {"order_key": key, "revision": order.revision, "title": order.storyboard.title}
