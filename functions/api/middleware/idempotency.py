"""``Idempotency-Key`` on routes that create: sent again, the request gets the answer that it got."""

import logging
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute
from functions.api.middleware import access
from functions.api.middleware.errors import answer_to
from functions.api.services import Services
from starlette.concurrency import run_in_threadpool

from soundstage.models.errors import SoundstageError
from soundstage.platform.aws.idempotency import KeptAnswer, request_hash

log = logging.getLogger(__name__)

# These are of each answer anew.
_NOT_KEPT = frozenset({"content-length", "content-type", "date", "ratelimit", "ratelimit-policy", "x-request-id"})


def _documented(
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=255,
            description="Any text of your own that names this request. Sent again within a day, the request is not "
            "carried out again, and gets the same answer, refusals (4xx) of what it asked for included.",
        ),
    ] = None,
) -> None:
    """Puts the header into the OpenAPI document; ``IdempotentRoute`` does the work."""


ONCE = Depends(_documented)


class IdempotentRoute(APIRoute):
    """A route with ``dependencies=[ONCE]`` keeps its answers, refusals of what was asked for included.

    Not kept, so that the same key may be sent again: what was never begun (a body that does not fit, no or too much
    access), and what failed on our side (5xx).
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        if ONCE not in self.dependencies:
            return handle

        async def handle_once(request: Request) -> Response:
            key = request.headers.get("Idempotency-Key")
            if not key:
                return await handle(request)
            owner_id = (await run_in_threadpool(access.caller, request)).user_id
            services: Services = request.app.state.services
            address = f"{request.url.path}?{request.url.query}"
            hash_ = request_hash(request.method, address, await request.body())
            kept = await run_in_threadpool(services.idempotency.begin, owner_id, key, hash_)
            if kept is not None:
                headers = {**kept.headers, "Idempotent-Replayed": "true"}
                return Response(kept.body, kept.status, media_type="application/json", headers=headers)
            try:
                response = await handle(request)
            except SoundstageError as error:
                if not 400 <= error.http_status < 500 or error.http_status in {401, 429}:
                    await run_in_threadpool(services.idempotency.abandon, owner_id, key)
                    raise
                response = answer_to(request, error)
            except BaseException:
                await run_in_threadpool(services.idempotency.abandon, owner_id, key)
                raise
            headers = {name: value for name, value in response.headers.items() if name not in _NOT_KEPT}
            answer = KeptAnswer(response.status_code, bytes(response.body).decode(), headers)
            try:
                await run_in_threadpool(services.idempotency.finish, owner_id, key, answer)
            except Exception:
                # What was asked for is done, and saying so matters more than being able to say it again.
                log.exception("an answer was not kept")
            return response

        return handle_once
