"""Jobs until their end: a request is held until the job has changed, so that nothing is asked in vain."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator

import httpx

from soundstage.client.api.jobs import get_job
from soundstage.client.client import AuthenticatedClient
from soundstage.client.models import JobView
from soundstage.client.types import UNSET, Response

ENDED = ("succeeded", "failed", "canceled")
HOLD_S = 20
PATIENCE_S = 30.0
"""So long the API may be away; each time that it is asked again, ``RETRY_S`` lie between."""
RETRY_S = 0.5


def follow_job(
    client: AuthenticatedClient, job_id: str, *, hold_s: int = HOLD_S, check: Callable[[], None] = lambda: None
) -> Iterator[JobView]:
    """The job each time that it has changed, until it has ended.

    ``check`` is called before each request, and raises when there is nothing to wait for. Raises ``Refused``, and
    ``httpx.TransportError`` when nobody has answered for half a minute.
    """
    etag, patient_until = "", time.monotonic() + PATIENCE_S
    while True:
        check()
        asked = time.monotonic()
        try:
            answer = get_job.sync_detailed(job_id, client=client, wait=hold_s, if_none_match=etag or UNSET)
        except httpx.TransportError:
            if time.monotonic() > patient_until:
                raise
            time.sleep(RETRY_S)
            continue
        patient_until = time.monotonic() + PATIENCE_S
        if answer.parsed is None:  # 304
            time.sleep(_rest_s(answer, held_s=time.monotonic() - asked, hold_s=hold_s))
            continue
        etag = answer.headers["ETag"]
        yield answer.parsed
        if answer.parsed.status in ENDED:
            return


async def follow_job_async(client: AuthenticatedClient, job_id: str, *, hold_s: int = HOLD_S) -> AsyncIterator[JobView]:
    """As :func:`follow_job`."""
    etag, patient_until = "", time.monotonic() + PATIENCE_S
    while True:
        asked = time.monotonic()
        try:
            answer = await get_job.asyncio_detailed(job_id, client=client, wait=hold_s, if_none_match=etag or UNSET)
        except httpx.TransportError:
            if time.monotonic() > patient_until:
                raise
            await asyncio.sleep(RETRY_S)
            continue
        patient_until = time.monotonic() + PATIENCE_S
        if answer.parsed is None:
            await asyncio.sleep(_rest_s(answer, held_s=time.monotonic() - asked, hold_s=hold_s))
            continue
        etag = answer.headers["ETag"]
        yield answer.parsed
        if answer.parsed.status in ENDED:
            return


def wait_for_job(client: AuthenticatedClient, job_id: str) -> JobView:
    """The job as it ended: ``status`` says how, ``error`` why."""
    *_, job = follow_job(client, job_id)
    return job


async def wait_for_job_async(client: AuthenticatedClient, job_id: str) -> JobView:
    """As :func:`wait_for_job`."""
    return [job async for job in follow_job_async(client, job_id)][-1]


def _rest_s(answer: Response[JobView | None], *, held_s: float, hold_s: float) -> float:
    """Before asking again for what has not changed: as the answer says, where the call was not held at all, since as
    many of this person's calls are held as may be.
    """
    return float(answer.headers.get("Retry-After", 0)) if held_s < hold_s / 2 else 0.0
