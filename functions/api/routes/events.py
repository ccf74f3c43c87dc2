"""Server-sent events (WHATWG HTML §9.2): jobs as they change, in streams that end soon and are taken up again.

A stream ends after ``MAX_STREAM_S``, so it passes any proxy, and a browser's ``EventSource`` opens the next one with
``Last-Event-ID``. Behind Lambda, which hands out an answer whole, it ends with the first events that there are: a long
poll.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import StreamingResponse
from functions.api.holding import held, in_thread
from functions.api.middleware.errors import documented
from functions.api.middleware.routers import signed_in_router
from functions.api.routes.jobs import LOOK_AGAIN_S, JobId, owned_job
from functions.api.services import Caller, Services, Serving

from soundstage.models.errors import InvalidInput, NotFound
from soundstage.models.ids import Id
from soundstage.models.job_events import Event
from soundstage.models.push import DISPLACED
from soundstage.platform.aws.event_log import Numbered
from soundstage.platform.push.reading import LOOK_WELL_S
from soundstage.providers.signatures import SIGNATURE, TIMESTAMP

router = signed_in_router("/v1", "events")
told = APIRouter(tags=["events"])
"""What we send: the ``webhooks`` of the OpenAPI document."""

# An HTTP API gives up on its function after 30 s.
MAX_STREAM_S = 24.0
RETRY_MS = 1000
"""After so long a browser takes the stream up again."""
DISPLACED_RETRY_MS = 30_000
"""So that pages that are one too many do not take each other's place all the time."""


class Look(Protocol):
    """``soundstage.platform.push.reading.Reading``'s of one job, or of one person."""

    def __call__(self, after: int, *, well: bool = True) -> tuple[Sequence[Numbered], bool]: ...


LastEventId = Annotated[
    str,
    Header(
        alias="Last-Event-ID",
        pattern="^[0-9]{1,12}$",
        description="The `id` that was read last: what came since is told.",
    ),
]
"""Empty where there is none."""

EXAMPLE = (
    "retry: 1000\n\n"
    'id: 41\ndata: {"event_id":"0193a1c7e5f07b6e8d1f2a3b4c5d6e7f-3","type":"job.running",'
    '"occurred_at":"2026-11-21T12:00:00Z","job":{"job_id":"0193a1c7e5f07b6e8d1f2a3b4c5d6e7f","status":"running"}}\n\n'
)


class EventStream(StreamingResponse):
    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[str], status_code: int = 200) -> None:
        super().__init__(events, status_code, headers={"X-Accel-Buffering": "no"})  # nginx would hold them back


def _streamed(*, ends: bool) -> dict[int | str, dict[str, Any]]:
    stream = {"schema": {"type": "string"}, "example": EXAMPLE}
    told = "Each `data` is an `Event` as JSON (see the document's `webhooks`); `id` is for `Last-Event-ID`."
    answers: dict[int | str, dict[str, Any]] = {200: {"description": told, "content": {"text/event-stream": stream}}}
    if ends:
        answers[204] = {"description": "The job has ended, and everything was told: do not ask again."}
    return answers


@router.get(
    "/jobs/{job_id}/events",
    response_class=Response,
    responses=documented(NotFound, InvalidInput) | _streamed(ends=True),
)
async def stream_job_events(
    job_id: JobId, caller: Caller, services: Serving, request: Request, last_event_id: LastEventId = ""
) -> Response:
    """The job's changes from its beginning, or from ``Last-Event-ID``. Ends with the job, or after 24 s."""
    after = _number(last_event_id)
    await in_thread(owned_job, services, caller, job_id)
    look = partial(services.reading.of_job, job_id)
    first, ended = await in_thread(look, after)
    if ended and not first:
        return Response(status_code=204)
    return EventStream(_stream(look, after, request, services, caller.user_id))


@router.get("/events", response_class=Response, responses=documented(InvalidInput) | _streamed(ends=False))
async def stream_events(
    caller: Caller, services: Serving, request: Request, last_event_id: LastEventId = ""
) -> Response:
    """The changes of all your jobs from now on, or from ``Last-Event-ID`` (a week is kept). Ends after 24 s."""
    if not last_event_id:
        after = await in_thread(services.event_log.newest, caller.user_id)
    else:
        after = _number(last_event_id)

    look = partial(services.reading.of_owner, caller.user_id)
    return EventStream(_stream(look, after, request, services, caller.user_id))


@told.post(
    "event",
    status_code=204,
    response_class=Response,
    responses={"default": {"description": "Not delivered: it is tried again."}},
)
def event(
    event: Event,
    timestamp: Annotated[str, Header(alias=TIMESTAMP, description="Seconds since 1970.")],
    signature: Annotated[
        str, Header(alias=SIGNATURE, description="HMAC-SHA-256 of `timestamp.body` in hex; two while it is rotated.")
    ],
    event_id: Annotated[str, Header(alias="Soundstage-Event-Id", description="The same at each attempt and replay.")],
    delivery_id: Annotated[str, Header(alias="Soundstage-Delivery-Id", description="Where its log is.")],
) -> None:
    """A change of a job, as webhooks get it; streams have the same in `data`. Answer with any 2xx within 10 s."""


async def _stream(look: Look, after: int, request: Request, services: Services, owner_id: Id) -> AsyncIterator[str]:
    """``id`` alone, where nothing has come yet, makes a client remember where it stands; it is no event."""
    buffered = "aws.event" in request.scope
    streams, most = services.streams, services.settings.limits.sockets_per_user
    async with held(streams, owner_id, lasts_s=MAX_STREAM_S + LOOK_WELL_S) as call_id:
        yield f"retry: {RETRY_MS}\nid: {after}\n\n"
        clock = asyncio.get_running_loop().time
        deadline, looked_well = clock() + MAX_STREAM_S, 0.0
        while True:
            well = clock() - looked_well >= LOOK_WELL_S
            looked_well = clock() if well else looked_well
            if well and not await in_thread(streams.among_newest, owner_id, call_id, most=most):
                yield f"retry: {DISPLACED_RETRY_MS}\nevent: refused\ndata: {DISPLACED.model_dump_json()}\n\n"
                return
            events, ended = await in_thread(look, after, well=well)
            for found in events:
                yield f"id: {found.number}\ndata: {found.event.model_dump_json()}\n\n"
                after = found.number
            if ended or (buffered and events) or clock() > deadline:
                return
            await asyncio.sleep(LOOK_AGAIN_S)


def _number(last_event_id: str) -> int:
    return int(last_event_id or 0)
