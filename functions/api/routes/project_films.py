"""Films of one project: in another shape of the frame, in another language, or as it is."""

from typing import Annotated

from fastapi import Body, Response
from functions.api.middleware.idempotency import ONCE
from functions.api.middleware.routers import signed_in_router
from functions.api.routes.films import ASKED, ProjectFilm, filmed
from functions.api.routes.jobs import JobView
from functions.api.routes.project_views import ProjectId
from functions.api.services import Caller, Serving

router = signed_in_router("/v1/projects/{project_id}/films", "films")


@router.post("", status_code=202, dependencies=[ONCE], responses=ASKED)
def film_project(
    *,
    project_id: ProjectId,
    wanted: Annotated[ProjectFilm | None, Body()] = None,
    caller: Caller,
    services: Serving,
    response: Response,
) -> JobView:
    """Film the project, as POST /v1/films does: all its films share what they have in common."""
    return filmed(project_id, wanted or ProjectFilm(), caller, services, response)
