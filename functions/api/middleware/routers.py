"""What the routes of people who have logged in have in common."""

from fastapi import APIRouter
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import IdempotentRoute
from starlette.convertors import StringConvertor, register_url_convertor

from soundstage.models.errors import BadRequest, InvalidInput, TransientError, Unauthenticated


class NoVerb(StringConvertor):
    """What follows a collection and is no address of its own: whoever sends PATCH to /v1/presets/blend gets a 405."""

    regex = "(?!(?:blend|import|credentials)(?:/|$))[^/]+"


register_url_convertor("no_verb", NoVerb())


def signed_in_router(prefix: str, tag: str) -> APIRouter:
    """For routes that take a ``Caller``; those that depend on ``ONCE`` take an ``Idempotency-Key``."""
    return APIRouter(
        prefix=prefix,
        tags=[tag],
        responses=documented(BadRequest, InvalidInput, TransientError, Unauthenticated),
        route_class=IdempotentRoute,
    )
