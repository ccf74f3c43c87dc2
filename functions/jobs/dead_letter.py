"""A task that no worker could finish: it fails, and its job with it."""

from typing import Any

from soundstage.jobs.dead_letters import fail_task
from soundstage.models.jobs import TaskMessage
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.workflows import StepFunctions
from soundstage.platform.runtime.functions import function
from soundstage.platform.runtime.steps import settings


@function(settings)
def handler(event: dict[str, Any]) -> None:
    for record in event["Records"]:  # one: the event source's batch size
        message = TaskMessage.model_validate_json(record["body"])
        fail_task(message, jobs=DynamoJobs(settings().table), workflows=StepFunctions({}))
