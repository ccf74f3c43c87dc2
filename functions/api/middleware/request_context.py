"""Around every request: an id, a size limit, a log line, security headers, and an answer even when the code fails."""

import logging
import re
import time

from functions.api.middleware.access import Admission
from functions.api.middleware.errors import error_response
from functions.api.services import Services
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from soundstage.models.ids import new_id

log = logging.getLogger(__name__)

# What a caller may choose as id of a request: it ends up in logs.
_ID = re.compile(r"[0-9a-f]{32}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

_SECURITY_HEADERS = {
    # Two years: https://hstspreload.org asks for at least one.
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    # Addresses of share pages are secrets.
    "Referrer-Policy": "no-referrer",
    # For JSON; pages bring their own.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


class Envelope:
    """ASGI middleware. ``scope["soundstage.request_id"]`` is the id; it returns as ``X-Request-Id``."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        request_id = _request_id(request)
        scope["soundstage.request_id"] = request_id
        admission = scope["soundstage.admission"] = Admission()
        started = time.perf_counter()
        status: int | None = None
        left = self._services.settings.limits.body_bytes

        async def receive_within_limit() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413)
            return message

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                headers.update(admission.headers())
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        with self._services.telemetry.ids(request_id=request_id):
            try:
                await self._app(scope, receive_within_limit, send_with_headers)
            except Exception as error:
                log.exception("request failed")
                self._services.telemetry.capture(error)
                if status is not None:
                    raise
                failed = error_response(request, 500, "INTERNAL", "Something went wrong on our side.")
                await failed(scope, receive, send_with_headers)
            finally:
                route = scope.get("route")
                log.info(
                    "request",
                    extra={
                        "method": request.method,
                        # The route's pattern, not the path: share tokens stand in paths.
                        "route": getattr(route, "path", None),
                        **_ids_in(scope),
                        "status": status,
                        "duration_ms": round((time.perf_counter() - started) * 1000, 1),
                    },
                )


def _ids_in(scope: Scope) -> dict[str, str]:
    """What the address names, where these are ids and nothing that opens something."""
    named = scope.get("path_params") or {}
    return {name: value for name, value in named.items() if name.endswith("_id") and _ID.fullmatch(str(value))}


def _request_id(request: Request) -> str:
    given = request.headers.get("X-Request-Id", "")
    return given if _REQUEST_ID.fullmatch(given) else new_id()
