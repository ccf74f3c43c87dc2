"""Begin the work on every shot of the project that is missing or stale."""

from typing import Any

from soundstage.platform.runtime.steps import Step, step
from soundstage.platform.runtime.wiring import catalog, product_jobs
from soundstage.platform.shot_jobs import ShotJobs
from soundstage.products.shot_batch import SHOT_BATCH


@step("begin", progress=2)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:  # noqa: ARG001  (all of it is in the project)
    project_id = SHOT_BATCH.options_of(step.job).project_id
    begun = ShotJobs(catalog(), product_jobs()).begin_all(step.job, project_id)
    return {"shot_ids": begun}
