"""What the routes of all products have in common: listing, getting and deleting what was made.

A product's own verbs are in the module that is named like its collection; it gets its ``router`` from here.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from functions.api.middleware.errors import documented
from functions.api.middleware.pagination import Cursor, Limit, Page, id_in, page_of
from functions.api.middleware.routers import signed_in_router
from functions.api.routes.jobs import JobView, tell_state
from functions.api.services import Caller, Services, Serving
from pydantic import BaseModel, ConfigDict

from soundstage.models.errors import InvalidInput, NotFound
from soundstage.models.ids import Id
from soundstage.models.jobs import Job
from soundstage.models.text import Title
from soundstage.platform.catalog.product_rows import ProductRow, ProductRows, Row
from soundstage.products.base import Product


class Renamed(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"title": "Evening hum"}]})

    title: Title


def product_router(
    product: Product[Any],
    rows: type[ProductRows[Row, Any]],
    *,
    summary: tuple[type[BaseModel], Callable[[Row], BaseModel]],
    view: tuple[type[BaseModel], Callable[[Row, Services], BaseModel]],
    about: str,
    tag: Callable[[Row], str] | None = None,
) -> APIRouter:
    """``GET /v1/{collection}``, ``GET``, ``DELETE`` and, where the row has no versions, ``PATCH
    /v1/{collection}/{noun}_id``.

    ``summary`` and ``view`` are models, and how a row becomes one of them; ``about`` is what a view shows; ``tag`` is
    the ETag of a row, where people change rows.
    """
    collection, noun = product.collection, product.noun
    router = signed_in_router(f"/v1/{collection}", str(collection))
    id_in_path = Annotated[Id, Path(alias=f"{noun}_id", description=f"A {noun}'s id; also its trace id.")]
    summary_model, summarise = summary
    view_model, show = view

    def list_rows(caller: Caller, services: Serving, limit: Limit = 20, cursor: Cursor = None) -> Page[Any]:
        before = id_in(cursor)
        with services.catalog.transaction() as session:
            found = services.rows(rows).list_page(session, owner_id=caller.user_id, limit=limit + 1, before=before)
        return page_of(found, limit, summarise)

    def get_row(subject_id: id_in_path, caller: Caller, services: Serving, response: Response) -> Any:
        with services.catalog.transaction() as session:
            row = services.rows(rows).get(session, owner_id=caller.user_id, subject_id=subject_id)
        if tag is not None:
            response.headers["ETag"] = tag(row)
        return show(row, services)

    def rename_row(subject_id: id_in_path, change: Renamed, caller: Caller, services: Serving) -> Any:
        with services.catalog.transaction() as session:
            row = services.rows(rows).get(session, owner_id=caller.user_id, subject_id=subject_id, lock=True)
            row.title, row.updated_at = change.title, services.clock()
        return show(row, services)

    def delete_row(subject_id: id_in_path, caller: Caller, services: Serving) -> None:
        services.product_jobs.delete(services.rows(rows), owner_id=caller.user_id, subject_id=subject_id)

    router.add_api_route(
        "",
        list_rows,
        response_model=Page[summary_model],  # type: ignore[valid-type]
        name=f"list_{collection}",
        description="Newest first.",
    )
    path = f"/{{{noun}_id}}"
    router.add_api_route(
        path, get_row, response_model=view_model, responses=documented(NotFound), name=f"get_{noun}", description=about
    )
    if tag is None:
        router.add_api_route(
            path,
            rename_row,
            methods=["PATCH"],
            response_model=view_model,
            responses=documented(NotFound, InvalidInput),
            name=f"rename_{noun}",
            description="Files that are downloaded from now on have the new name; what was rendered with it stays.",
        )
    router.add_api_route(
        path,
        delete_row,
        methods=["DELETE"],
        status_code=204,
        responses=documented(NotFound),
        name=f"delete_{noun}",
        description="Soft: nobody finds it any more, shares of it included. What makes it is stopped.",
    )
    return router


def summary_of(product: Product[Any], row: ProductRow) -> dict[str, Any]:
    """What the API returns of a row of every product."""
    return {
        f"{product.noun}_id": row.id,
        "title": row.title,
        "status": row.status,
        "error": row.error,
        "job_id": row.job_id,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def begun(job: Job, response: Response, services: Services, *, location: str | None = None) -> JobView:
    """The answer to whoever asked for a job. ``location`` is what the request made, else the job."""
    response.headers["Location"] = location or f"/v1/jobs/{job.job_id}"
    return tell_state(job, response, services)
