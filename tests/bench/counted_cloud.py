"""The embedded cloud's AWS with a counter before it: ``GET /_counted`` says what was asked of which service.

Started by ``tests.bench.usage`` in the place of ``infra.local.cloud``. A key is ``service action``; bytes that people
sent or fetched by signed addresses are ``signed in`` and ``signed out``.
"""

import json
import re
import runpy
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from ministack import app as ministack

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
counted: Counter[str] = Counter()
_inner = ministack.app


async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        await _inner(scope, receive, send)
        return
    if scope["path"] == "/_counted":
        body = json.dumps(counted).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": body})
        return
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
    signed = b"X-Amz-Credential" in scope["query_string"]
    counted[_what(scope, headers)] += 1

    async def hear() -> dict[str, Any]:
        event = await receive()
        if signed:
            counted["signed in"] += len(event.get("body", b""))
        return event

    async def tell(event: dict[str, Any]) -> None:
        if signed:
            counted["signed out"] += len(event.get("body", b""))
        await send(event)

    await _inner(scope, hear, tell)


def _what(scope: dict[str, Any], headers: dict[str, str]) -> str:
    if target := headers.get("x-amz-target"):
        service, _, action = target.partition(".")
        return f"{service.partition('_')[0].lower()} {action}"
    credential = re.search(r"/(\w+)/aws4_request", headers.get("authorization", ""))
    return f"{credential[1] if credential else 's3'} {scope['method']}"


if __name__ == "__main__":
    ministack.app = app
    runpy.run_module("infra.local.cloud", run_name="__main__")
