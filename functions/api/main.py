"""The API: one application, in Lambda behind an HTTP API, or under any ASGI server on a laptop."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from functions.api.middleware import access, errors
from functions.api.middleware.edge import Edge
from functions.api.middleware.request_context import Envelope
from functions.api.pages import front_door, share
from functions.api.routes import (
    accounts,
    assets,
    callbacks,
    events,
    health,
    jobs,
    keys,
    preset_files,
    presets,
    profiles,
    project_films,
    project_versions,
    shares,
    shots,
    socket,
    translations,
    tunes,
    uploads,
    usage,
    voices,
    webhooks,
)
from functions.api.services import Services, counted
from functions.api.settings import ApiSettings
from mangum import Mangum

from soundstage.products import PRODUCTS


def create_app(settings: ApiSettings | None = None, *, services: Services | None = None) -> FastAPI:
    """The application for these settings, or those of the environment. ``services`` may bring a clock of its own."""
    services = services or Services(settings or ApiSettings())
    app = FastAPI(
        title="Soundstage",
        version="1",
        description="A hummed tune becomes two produced songs; a recording gets the sound of another one; "
        "a story becomes a film. Errors have one body; lists have cursors; everything that creates takes an "
        "Idempotency-Key.",
        license_info={"name": "MIT", "identifier": "MIT"},
        servers=[{"url": "/", "description": "Wherever this document comes from."}],
        openapi_url="/v1/openapi.json",
        docs_url=None,  # their pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(counted)],
        generate_unique_id_function=lambda route: route.name,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.services = services
    plain = app.openapi
    app.openapi = cache(lambda: access.describe(plain()))  # type: ignore[method-assign]
    errors.install(app)
    app.include_router(accounts.own_router)
    app.include_router(accounts.account_router)
    for part in (
        accounts,
        keys,
        usage,
        uploads,
        assets,
        *_routes_of_products(),
        shots,
        project_versions,
        project_films,
        translations,
        tunes,
        voices,
        presets,
        preset_files,
        profiles,
        callbacks,
        jobs,
        events,
        socket,
        webhooks,
        shares,
        health,
        share,
        front_door,
    ):
        app.include_router(part.router)
    app.webhooks.include_router(events.told)
    _say_what_is_public(app)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=services.settings.cors_origins,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=[
            "Authorization",
            "Content-Type",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "Last-Event-ID",
            "X-Api-Key",
            "X-Request-Id",
        ],
        expose_headers=[
            "Content-Disposition",
            "ETag",
            "Idempotent-Replayed",
            "Integrated-Lufs",
            "Location",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "Soundstage-Carried",
            "Soundstage-Lost",
            "X-Request-Id",
        ],
        max_age=3600,
    )
    app.add_middleware(Edge, services=services)
    app.add_middleware(Envelope, services=services)  # last, so it is around everything
    return app


def _say_what_is_public(app: FastAPI) -> None:
    """In the OpenAPI document: an operation that needs no token says so, and does not just say nothing."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        document = describe()
        for operations in (*document["paths"].values(), *document.get("webhooks", {}).values()):
            for operation in operations.values():
                operation.setdefault("security", [])
        for schema in document["components"]["schemas"].values():
            for field in schema.get("properties", {}).values():
                _say_what_keys_are(field)
        return document

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _say_what_keys_are(field: dict[str, Any]) -> None:
    """Pydantic describes a dictionary's keys by ``patternProperties``, which leaves all other keys free."""
    for pattern, value in field.pop("patternProperties", {}).items():
        field |= {"propertyNames": {"pattern": pattern}, "additionalProperties": value}


def _routes_of_products() -> Iterator[ModuleType]:
    """A product's routes are in the module that is named like its collection."""
    for product in PRODUCTS.values():
        if product.collection is not None:
            yield import_module(f"functions.api.routes.{product.collection}")


@cache
def _adapter() -> Mangum:
    return Mangum(create_app(), lifespan="off")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry, for events of an HTTP API."""
    return _adapter()(event, context)
