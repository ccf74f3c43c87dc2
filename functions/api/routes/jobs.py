"""Jobs: how work stands. Polling is first-class: ETag, Retry-After, and ``wait`` to be held until something changes."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any

from fastapi import Header, Path, Query, Response
from functions.api.holding import held, in_thread
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import ONCE
from functions.api.middleware.pagination import Cursor, Limit, Page
from functions.api.middleware.routers import signed_in_router
from functions.api.services import Caller, Services, Serving
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select, union_all
from starlette.concurrency import run_in_threadpool

from soundstage.models.errors import Conflict, IdempotencyMismatch, InvalidInput, NotFound, TransientError
from soundstage.models.ids import Id
from soundstage.models.jobs import Dependency, Job, JobError, JobKind, JobStatus, StepRecord
from soundstage.platform.catalog.product_rows import ProductRows
from soundstage.platform.security import Principal
from soundstage.products import PRODUCTS

router = signed_in_router("/v1/jobs", "jobs")

# An HTTP API gives up on its function after 30 s.
MAX_WAIT_S = 25
LOOK_AGAIN_S = 0.5

JobId = Annotated[Id, Path(description="A job's id.")]


class JobView(BaseModel):
    """blocked → queued → running → succeeded | failed | canceled. ``progress`` never goes back within an attempt."""

    model_config = ConfigDict(from_attributes=True)

    job_id: Id
    kind: JobKind = Field(json_schema_extra={"enum": list(PRODUCTS)})
    status: JobStatus
    step: str | None = Field(description="What runs now.")
    progress: int
    attempt: int
    error: JobError | None
    depends_on: list[Dependency]
    subject_id: Id | None = Field(
        description="What this job makes: a track, a match, a project's storyboard, a shot, a batch of shots, a film; "
        "or the track whose video it makes."
    )
    inputs: dict[str, Any]
    options: dict[str, Any]
    result: dict[str, Any] | None
    history: list[StepRecord]
    created_at: datetime
    updated_at: datetime


class ListedJob(JobView):
    title: str = Field(description="Of the song, match or story that it is for, as that is called now.")


def owned_job(services: Services, caller: Principal, job_id: Id) -> Job:
    """Raises NotFound for one that is missing or someone else's."""
    job = services.job_store.get(job_id)
    if job is None or job.owner_id != caller.user_id:
        raise NotFound("There is no such job.")
    return job


@router.get("")
def list_jobs(caller: Caller, services: Serving, limit: Limit = 20, cursor: Cursor = None) -> Page[ListedJob]:
    """Newest first."""
    found, next_cursor = services.job_store.list(caller.user_id, limit=limit, cursor=cursor)
    titles = _titles(services, caller, found)
    listed = [ListedJob(**JobView.model_validate(job).model_dump(), title=titles[job.job_id]) for job in found]
    return Page(items=listed, next_cursor=next_cursor)


@router.get(
    "/{job_id}",
    response_model=JobView,
    responses=documented(NotFound) | {304: {"description": "Nothing has changed since the ETag in If-None-Match."}},
)
async def get_job(
    *,
    job_id: JobId,
    caller: Caller,
    services: Serving,
    response: Response,
    wait: Annotated[int, Query(ge=0, le=MAX_WAIT_S, description="Seconds to wait for a change.")] = 0,
    if_none_match: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> JobView | Response:
    """How the job stands, with an ``ETag``; while it is not at its end, ``Retry-After`` says when to ask again.

    With ``wait`` the request is held until the job is not as ``If-None-Match`` has it (or, without that header, not
    as it was when the request came), or has ended, or the time is up. Twenty of a person's requests are held at once
    (``limits.sockets_per_user``); more are answered as without ``wait``, so ask again after ``Retry-After``.
    """
    job = await run_in_threadpool(_settled_job, services, caller, job_id)
    known = {tag.strip().removeprefix("W/") for tag in (if_none_match or _etag(job)).split(",")}
    if wait and _is_as_known(job, known):
        most = services.settings.limits.sockets_per_user
        waits = services.waits
        async with held(waits, caller.user_id, lasts_s=wait) as call_id:
            if await in_thread(waits.among_oldest, caller.user_id, call_id, most=most, lasts_s=MAX_WAIT_S):
                job = await _changed(services, caller, job, known, wait)
    if if_none_match is not None and (_etag(job) in known or "*" in known):
        return Response(status_code=304, headers=_state_headers(job, services))
    return tell_state(job, response, services)


@router.post("/{job_id}/cancel", responses=documented(NotFound, Conflict))
def cancel_job(job_id: JobId, caller: Caller, services: Serving, response: Response) -> JobView:
    """Says so at once; what runs finds out at its next step. Canceling again is fine."""
    owned_job(services, caller, job_id)
    return tell_state(services.jobs.cancel(job_id), response, services)


@router.post(
    "/{job_id}/retry",
    status_code=202,
    dependencies=[ONCE],
    responses=documented(NotFound, Conflict, IdempotencyMismatch, InvalidInput),
)
def retry_job(job_id: JobId, caller: Caller, services: Serving, response: Response) -> JobView:
    """The next attempt of a job that failed or was canceled."""
    return tell_state(services.product_jobs.retry(owned_job(services, caller, job_id)), response, services)


def tell_state(job: Job, response: Response, services: Services) -> JobView:
    """How the job stands, with what polling needs: its ETag, and when to ask again."""
    response.headers.update(_state_headers(job, services))
    return JobView.model_validate(job)


def _titles(services: Services, caller: Principal, jobs: Sequence[Job]) -> Mapping[Id, str]:
    """By job. Where the catalog does not answer, or what they made is deleted: as it was called when they began."""
    about = {job.job_id: job.options.get("project_id") or job.subject_id for job in jobs}
    tables = {rows.row for rows in services.all_rows.values() if isinstance(rows, ProductRows)}
    wanted = [
        select(table.id, table.title).where(table.owner_id == caller.user_id, table.id.in_(set(about.values())))
        for table in tables
    ]
    now: dict[Id, str] = {}
    if jobs:
        with suppress(TransientError), services.catalog.one_read() as session:
            now = {found.id: found.title for found in session.execute(union_all(*wanted))}
    return {job.job_id: now.get(about[job.job_id] or "", job.options.get("title", "Untitled")) for job in jobs}


def _is_as_known(job: Job, known: Collection[str]) -> bool:
    """Whether it may change, and has not."""
    return not job.status.terminal and _etag(job) in known


async def _changed(services: Services, caller: Principal, job: Job, known: Collection[str], wait_s: float) -> Job:
    """The job once it is not as known, or after ``wait_s``."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + wait_s
    while _is_as_known(job, known) and clock() < deadline:
        await asyncio.sleep(LOOK_AGAIN_S)
        job = await in_thread(_settled_job, services, caller, job.job_id)
    return job


def _settled_job(services: Services, caller: Principal, job_id: Id) -> Job:
    """Whoever sees a job at its end finds what follows from it done: its track is ready or failed, too."""
    job = owned_job(services, caller, job_id)
    if job.status.terminal and not job.end_notified:
        return services.jobs.release(job_id) or job
    return job


def _state_headers(job: Job, services: Services) -> dict[str, str]:
    headers = {"ETag": _etag(job), "Cache-Control": "private, no-cache"}
    if not job.status.terminal:
        headers["Retry-After"] = str(_retry_after_s(services.clock(), job))
    return headers


def _etag(job: Job) -> str:
    return f'"{job.revision}"'


def _retry_after_s(now: datetime, job: Job) -> int:
    """2 s for a new job, growing to 5 s: a second more for every ten that it takes."""
    return int(min(5, 2 + max(0.0, (now - job.created_at).total_seconds()) // 10))
