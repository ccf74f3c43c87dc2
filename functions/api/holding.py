"""Calls that are held until something changes: what they ask again and again is asked by threads of their own.

In those that all calls share, a burst of one person's would stand before everybody else's.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import CancelScope

from soundstage.models.ids import Id
from soundstage.platform.aws.held_calls import HeldCalls

P = ParamSpec("P")
R = TypeVar("R")

_THREADS = ThreadPoolExecutor(4, "held")
"""Made when they are first needed; their work is waiting for the table."""


async def in_thread(function: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
    context = copy_context()
    call = partial(context.run, function, *arguments, **named)
    return await asyncio.get_running_loop().run_in_executor(_THREADS, call)


@asynccontextmanager
async def held(calls: HeldCalls, owner_id: Id, *, lasts_s: float) -> AsyncIterator[str]:
    """One of the person's held calls, for as long as the context lasts: its id."""
    call_id = await in_thread(calls.open, owner_id, lasts_s=lasts_s)
    try:
        yield call_id
    finally:
        with CancelScope(shield=True):  # a client that leaves cancels all that its answer waits for
            await in_thread(calls.close, owner_id, call_id)
