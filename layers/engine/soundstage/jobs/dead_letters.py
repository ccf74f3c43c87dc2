"""Failing a task that was delivered as often as its queue allows, without an answer."""

import json
import logging

from soundstage.jobs.ports import JobStore, Workflows
from soundstage.models.jobs import TaskMessage

log = logging.getLogger(__name__)


def fail_task(message: TaskMessage, *, jobs: JobStore, workflows: Workflows) -> bool:
    """Fail the task with its reason; its state machine then fails the job. False when nobody waits for it any more.

    The workers leave the reason of their last attempt in the job's history.
    """
    job = jobs.get(message.job_id)
    records = [record for record in (job.history if job else []) if record.attempt == message.attempt]
    outcomes = [record.outcome for record in records if record.step == message.step_name]
    last = next((outcome for outcome in outcomes if outcome != "ok"), None)  # another task of the step may have ended
    reason = f"No worker could finish {message.task}" + (f": {last}." if last else "; the last one did not say why.")
    log.error("a task died", extra={"job_id": message.job_id, "task": message.task, "reason": reason})
    return workflows.task_failed(message.task_token, code="TASK_DIED", message=json.dumps({"message": reason}))
