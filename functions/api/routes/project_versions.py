"""Versions of projects: what every change left, to be listed, compared and brought back."""

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query, Response
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import ONCE
from functions.api.middleware.pagination import Limit
from functions.api.middleware.routers import signed_in_router
from functions.api.routes.project_views import IfMatch, ProjectId, ProjectView, view
from functions.api.services import Caller, Services, Serving
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from soundstage.film.comparison import Comparison, differences
from soundstage.models.errors import NotFound, PreconditionFailed
from soundstage.models.ids import Id
from soundstage.models.projects import ProjectDocument, VersionReason
from soundstage.platform.catalog.project_tables import ProjectVersion
from soundstage.platform.catalog.projects import Projects, document_of
from soundstage.platform.catalog.revisions import etag
from soundstage.platform.security import Principal

router = signed_in_router("/v1/projects/{project_id}/versions", "versions")

Number = Annotated[int, Path(ge=1, description="A version's number; the project's revision then.")]


class VersionSummary(BaseModel):
    number: int
    reason: VersionReason
    label: str
    note: str
    based_on: int | None = Field(description="The version that this one restored.")
    title: str
    shot_count: int
    created_at: datetime


class VersionView(VersionSummary):
    document: ProjectDocument


class Versions(BaseModel):
    items: list[VersionSummary]
    next_before: int | None = Field(description="``before`` of the next page; null on the last one.")


class Restore(BaseModel):
    model_config = ConfigDict(extra="forbid")

    label: str = Field(default="", max_length=120)
    note: str = Field(default="", max_length=1000)


@router.get("", responses=documented(NotFound))
def list_versions(
    project_id: ProjectId,
    caller: Caller,
    services: Serving,
    limit: Limit = 20,
    before: Annotated[int | None, Query(ge=1, description="Those older than this number.")] = None,
) -> Versions:
    """Newest first."""
    with services.catalog.transaction() as session:
        _seen(session, project_id, caller, services)
        found = services.rows(Projects).versions(session, project_id, limit=limit + 1, before=before)
        shown = [VersionSummary(**_summary(version)) for version in found[:limit]]
    return Versions(items=shown, next_before=shown[-1].number if len(found) > limit else None)


@router.get("/{number}", responses=documented(NotFound))
def get_version(project_id: ProjectId, number: Number, caller: Caller, services: Serving) -> VersionView:
    """The document as it was."""
    version = _version(project_id, number, caller, services)
    return VersionView(**_summary(version), document=document_of(version))


@router.get("/{number}/compare", responses=documented(NotFound))
def compare_versions(
    project_id: ProjectId,
    number: Number,
    caller: Caller,
    services: Serving,
    to: Annotated[int, Query(ge=1, description="The number of the version to compare it with.")],
) -> Comparison:
    """What differs, in words: from this version to that."""
    before, after = (_version(project_id, wanted, caller, services) for wanted in (number, to))
    return Comparison(before=number, after=to, differences=differences(document_of(before), document_of(after)))


@router.post("/{number}/restore", dependencies=[ONCE], responses=documented(NotFound, PreconditionFailed))
def restore_version(
    *,
    project_id: ProjectId,
    number: Number,
    wanted: Restore | None = None,
    caller: Caller,
    services: Serving,
    response: Response,
    if_match: IfMatch = None,
) -> ProjectView:
    """Makes a new version with the document of this one. What was made of its shots is current again.

    Uploads that were deleted since are left out.
    """
    document = document_of(_version(project_id, number, caller, services))
    about = wanted or Restore()
    edited = services.rows(Projects).edit(
        owner_id=caller.user_id,
        project_id=project_id,
        change=lambda now: services.own_material(caller.user_id).settled(document, now, without_gone=True),
        if_match=if_match,
        reason="restore",
        label=about.label,
        note=about.note,
        based_on=number,
    )
    services.product_jobs.stop(edited.stopped)
    response.headers["ETag"] = etag(edited.project)
    return view(edited.project, services)


def _version(project_id: Id, number: int, caller: Principal, services: Services) -> ProjectVersion:
    with services.catalog.transaction() as session:
        _seen(session, project_id, caller, services)
        return services.rows(Projects).version(session, project_id, number)


def _seen(session: Session, project_id: Id, caller: Principal, services: Services) -> None:
    services.rows(Projects).get(session, owner_id=caller.user_id, subject_id=project_id)


def _summary(version: ProjectVersion) -> dict[str, object]:
    document = version.document
    return {
        "number": version.number,
        "reason": version.reason,
        "label": version.label,
        "note": version.note,
        "based_on": version.based_on,
        "title": document["title"],
        "shot_count": len(document["storyboard"]["shots"]) if document["storyboard"] else 0,
        "created_at": version.created_at,
    }
