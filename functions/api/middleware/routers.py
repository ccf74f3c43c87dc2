"""What the routes of people who have logged in have in common."""

from fastapi import APIRouter
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import IdempotentRoute

from soundstage.models.errors import BadRequest, InvalidInput, TransientError, Unauthenticated


def signed_in_router(prefix: str, tag: str) -> APIRouter:
    """For routes that take a ``Caller``; those that depend on ``ONCE`` take an ``Idempotency-Key``."""
    return APIRouter(
        prefix=prefix,
        tags=[tag],
        responses=documented(BadRequest, InvalidInput, TransientError, Unauthenticated),
        route_class=IdempotentRoute,
    )
