"""Starting workers of a pool on AWS Batch, as many as its queue needs."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from soundstage.platform.aws import clients
from soundstage.platform.aws.queues import Queue
from soundstage.platform.settings import WakeSettings

if TYPE_CHECKING:
    from mypy_boto3_batch import BatchClient
    from mypy_boto3_batch.literals import JobStatusType
    from mypy_boto3_batch.type_defs import JobSummaryTypeDef

# A worker exists from the moment Batch knows of it: one that still waits for an instance will take tasks too.
_ALIVE: tuple["JobStatusType", ...] = ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING")
LIVES_S = 12 * 3600
"""Batch ends a worker after so long; a new version of its image is everywhere by then."""
_RENEWED_S = LIVES_S - 600
"""A warm worker has its successor by the time that it is ended."""


def wake(settings: WakeSettings, *, queue: Queue | None = None, client: "BatchClient | None" = None) -> int:
    """Submit the warm workers that are missing, and as many others as the queue needs. Returns how many.

    Those others leave by themselves when idle. A warm one is told to stay.
    """
    batch = client or clients.batch()
    waiting, in_work = (queue or Queue(settings.queue_url)).depth()
    alive = list(_alive(batch, settings.batch_job_queue))
    name = f"worker-{settings.stage}"
    oldest_ms = 1000 * (time.time() - _RENEWED_S)
    warm = sum(each["jobName"] == f"{name}-warm" and each["createdAt"] > oldest_ms for each in alive)
    warm_missing = max(min(settings.warm_workers - warm, settings.max_workers - len(alive)), 0)
    for _ in range(warm_missing):
        batch.submit_job(
            jobName=f"{name}-warm",
            jobQueue=settings.batch_job_queue,
            jobDefinition=settings.batch_job_definition,
            containerOverrides={"environment": [{"name": "SOUNDSTAGE_IDLE_EXIT_S", "value": str(LIVES_S)}]},
        )
    missing = workers_missing(
        waiting=waiting,
        in_work=in_work,
        alive=len(alive) + warm_missing,
        concurrency=settings.worker_concurrency,
        most=settings.max_workers,
    )
    for _ in range(missing):
        batch.submit_job(jobName=name, jobQueue=settings.batch_job_queue, jobDefinition=settings.batch_job_definition)
    return warm_missing + missing


def workers_missing(*, waiting: int, in_work: int, alive: int, concurrency: int, most: int) -> int:
    """Workers to add: each takes ``concurrency`` tasks, and those that live have ``in_work`` of theirs taken."""
    free = max(alive * concurrency - in_work, 0)
    wanted = -(-max(waiting - free, 0) // concurrency)
    return max(min(wanted, most - alive), 0)


def _alive(batch: "BatchClient", job_queue: str) -> "Iterator[JobSummaryTypeDef]":
    pages = batch.get_paginator("list_jobs")
    for status in _ALIVE:
        for page in pages.paginate(jobQueue=job_queue, jobStatus=status):
            yield from page["jobSummaryList"]
