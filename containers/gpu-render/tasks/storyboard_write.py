"""Write a project's storyboard: ``results/{job}/storyboard.json``."""

from typing import Any

from soundstage.jobs.tasks import TaskContext
from soundstage.models.projects import StoryOrder
from soundstage.platform.runtime.hiring import language_model
from soundstage.providers.text.writer import writer_for


def run(arguments: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """``{"order_key"}`` → ``{"storyboard_key"}``."""
    order = StoryOrder.model_validate(context.objects.read_json(arguments["order_key"]))
    writer = writer_for(order.settings, language_model(order))
    storyboard = writer.write(order, idempotency_key=f"{context.job_id}-{context.attempt}-story")
    key = context.objects.write_json(context.result_key("storyboard.json"), storyboard.model_dump(mode="json"))
    return {"storyboard_key": key}
