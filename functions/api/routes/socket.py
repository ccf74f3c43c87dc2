"""WebSockets where the API is a process of its own; on AWS they end at API Gateway (``functions/api/socket.py``)."""

import asyncio
from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from functools import partial

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from functions.api.routes.jobs import LOOK_AGAIN_S
from functions.api.services import Services
from functions.api.subscribing import asked_for
from starlette.concurrency import run_in_threadpool

from soundstage.models.ids import Id
from soundstage.models.push import DISPLACED, Message, Subscribed, Subscription, Unheard
from soundstage.platform.push.reading import LOOK_WELL_S

router = APIRouter()

FIRST_MESSAGE_S = 10.0
"""Whoever says nothing for so long is sent away."""
NORMAL, REFUSED = 1000, 1008
"""RFC 6455 §7.4.1."""


@router.websocket("/v1/socket")
async def socket(socket: WebSocket) -> None:
    """``{"action": "subscribe", "token": …}``; then events come. docs/events.md"""
    services: Services = socket.app.state.services
    await socket.accept()
    with suppress(WebSocketDisconnect):
        await _serve(socket, services)


told: defaultdict[Id, list[WebSocket]] = defaultdict(list)
"""Per person the sockets of this process that are told; the one that subscribed last is at the end."""


def _join(owner_id: Id, socket: WebSocket, most: int) -> None:
    """From now on this one; of more than ``most`` the oldest are told no longer."""
    told[owner_id] = [*told[owner_id], socket][-most:]


def _leave(subscription: Subscription | None, socket: WebSocket) -> None:
    if subscription is not None:
        told[subscription.owner_id] = [one for one in told[subscription.owner_id] if one is not socket]
        if not told[subscription.owner_id]:
            del told[subscription.owner_id]


async def _serve(socket: WebSocket, services: Services) -> None:
    hearing = asyncio.create_task(socket.receive_text())
    subscription: Subscription | None = None
    clock, looked_well = asyncio.get_running_loop().time, 0.0
    try:
        while True:
            patience_s = FIRST_MESSAGE_S if subscription is None else LOOK_AGAIN_S
            await asyncio.wait([hearing], timeout=patience_s)
            if hearing.done():
                asked = await run_in_threadpool(asked_for, hearing.result(), services)
                if isinstance(asked, Unheard):
                    return await _end(socket, asked)
                _leave(subscription, socket)
                subscription, looked_well = asked, 0.0
                _join(asked.owner_id, socket, services.settings.limits.sockets_per_user)
                await _send(socket, Subscribed(last_event_id=str(asked.sent)))
                hearing = asyncio.create_task(socket.receive_text())
            if subscription is None:
                return await _end(socket, Unheard(code="UNAUTHENTICATED", message="Subscribe first."))
            if socket not in told[subscription.owner_id]:
                return await _end(socket, DISPLACED)
            well = clock() - looked_well >= LOOK_WELL_S
            looked_well = clock() if well else looked_well
            found = await run_in_threadpool(partial(services.reading.next, subscription, well=well))
            for message in found.messages:
                await _send(socket, message)
            if found.over:
                return await socket.close(REFUSED if isinstance(found.messages[-1], Unheard) else NORMAL)
            subscription = replace(subscription, sent=found.sent)
    finally:
        _leave(subscription, socket)
        hearing.cancel()
        with suppress(asyncio.CancelledError, WebSocketDisconnect):
            await hearing


async def _end(socket: WebSocket, refusal: Unheard) -> None:
    await _send(socket, refusal)
    await socket.close(REFUSED)


async def _send(socket: WebSocket, message: Message) -> None:
    await socket.send_text(message.model_dump_json())
