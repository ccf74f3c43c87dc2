"""Starting workers of a pool on AWS Batch, as many as its queue needs."""

from typing import TYPE_CHECKING

from soundstage.platform.aws import clients
from soundstage.platform.aws.queues import Queue
from soundstage.platform.settings import WakeSettings

if TYPE_CHECKING:
    from mypy_boto3_batch import BatchClient
    from mypy_boto3_batch.literals import JobStatusType

# A worker exists from the moment Batch knows of it: one that still waits for an instance will take tasks too.
_ALIVE: tuple["JobStatusType", ...] = ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING")


def wake(settings: WakeSettings, *, queue: Queue | None = None, client: "BatchClient | None" = None) -> int:
    """Submit as many worker jobs as the queue needs. Returns how many. Workers leave by themselves when idle."""
    batch = client or clients.batch()
    waiting, in_work = (queue or Queue(settings.queue_url)).depth()
    alive = _alive(batch, settings.batch_job_queue)
    missing = workers_missing(
        waiting=waiting,
        in_work=in_work,
        alive=alive,
        concurrency=settings.worker_concurrency,
        most=settings.max_workers,
    )
    for _ in range(missing):
        batch.submit_job(
            jobName=f"worker-{settings.stage}",
            jobQueue=settings.batch_job_queue,
            jobDefinition=settings.batch_job_definition,
        )
    return missing


def workers_missing(*, waiting: int, in_work: int, alive: int, concurrency: int, most: int) -> int:
    """Workers to add: each takes ``concurrency`` tasks, and those that live have ``in_work`` of theirs taken."""
    free = max(alive * concurrency - in_work, 0)
    wanted = -(-max(waiting - free, 0) // concurrency)
    return max(min(wanted, most - alive), 0)


def _alive(batch: "BatchClient", job_queue: str) -> int:
    pages = batch.get_paginator("list_jobs")
    return sum(
        len(page["jobSummaryList"])
        for status in _ALIVE
        for page in pages.paginate(jobQueue=job_queue, jobStatus=status)
    )
