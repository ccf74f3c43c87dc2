"""``Idempotency-Key`` on routes that create: sent again, the request gets the answer that it got."""

import logging
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute
from functions.api.services import Services
from starlette.concurrency import run_in_threadpool

from soundstage.models.errors import Unauthenticated
from soundstage.platform.aws.idempotency import KeptAnswer, request_hash

log = logging.getLogger(__name__)

# What routes say about what they made; the other headers are those of any answer.
KEPT_HEADERS = ("ETag", "Location", "Retry-After")


def _documented(
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=255,
            description="Any text of your own that names this request. Sent again within a day, the request is not "
            "carried out again, and gets the same answer.",
        ),
    ] = None,
) -> None:
    """Puts the header into the OpenAPI document; ``IdempotentRoute`` does the work."""


ONCE = Depends(_documented)


class IdempotentRoute(APIRoute):
    """A route with ``dependencies=[ONCE]`` keeps its answers. Errors are not kept: they may be tried again."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        if ONCE not in self.dependencies:
            return handle

        async def handle_once(request: Request) -> Response:
            key = request.headers.get("Idempotency-Key")
            scheme, _, token = request.headers.get("Authorization", "").partition(" ")
            if not key or scheme.lower() != "bearer":
                return await handle(request)
            services: Services = request.app.state.services
            try:
                owner_id = services.principal(token).user_id
            except Unauthenticated:
                return await handle(request)  # which says so
            hash_ = request_hash(request.method, request.url.path, await request.body())
            kept = await run_in_threadpool(services.idempotency.begin, owner_id, key, hash_)
            if kept is not None:
                headers = {**kept.headers, "Idempotent-Replayed": "true"}
                return Response(kept.body, kept.status, media_type="application/json", headers=headers)
            try:
                response = await handle(request)
            except BaseException:
                await run_in_threadpool(services.idempotency.abandon, owner_id, key)
                raise
            headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
            answer = KeptAnswer(response.status_code, bytes(response.body).decode(), headers)
            try:
                await run_in_threadpool(services.idempotency.finish, owner_id, key, answer)
            except Exception:
                # What was asked for is done, and saying so matters more than being able to say it again.
                log.exception("an answer was not kept")
            return response

        return handle_once
