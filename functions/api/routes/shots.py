"""Shots: what each shows and says, and their order. Editing one makes it anew, and nothing else."""

from collections.abc import Callable
from typing import Any

from fastapi import Response
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import ONCE
from functions.api.middleware.routers import signed_in_router
from functions.api.routes.jobs import JobView
from functions.api.routes.products import begun
from functions.api.routes.project_views import IfMatch, ProjectId, ShotId, ShotsView, ShotView, shot_views, shots_view
from functions.api.services import Caller, Services, Serving
from pydantic import BaseModel, ConfigDict, Field

from soundstage.film import editing
from soundstage.film.artefacts import picture_digest, speech_digest
from soundstage.models.errors import (
    AssetNotReady,
    Conflict,
    IdempotencyMismatch,
    InvalidInput,
    NoStoryboard,
    NotFound,
    PreconditionFailed,
    ShotLocked,
)
from soundstage.models.ids import Id
from soundstage.models.projects import ProjectDocument
from soundstage.models.story import (
    CameraMove,
    DialogueLine,
    OwnFile,
    OwnRecording,
    PartId,
    Presence,
    ShotSize,
    Storyboard,
    Transition,
)
from soundstage.platform.catalog.project_tables import Project, Shot
from soundstage.platform.catalog.projects import Edited, Projects, document_of, new_part
from soundstage.platform.catalog.revisions import etag
from soundstage.platform.catalog.shots import Shots, states, storyboard_of
from soundstage.platform.security import Principal
from soundstage.platform.shot_jobs import ShotJobs

router = signed_in_router("/v1", "shots")

CHANGES = documented(NotFound, NoStoryboard, ShotLocked, AssetNotReady, Conflict, PreconditionFailed, InvalidInput)


class ShotChange(BaseModel):
    """What is left out stays. Fields of ``setting`` are merged; lists and texts are replaced."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"prompt": "The lamp burns.", "setting": {"weather": "storm"}}]}
    )

    title: str = Field(default="", max_length=120)
    prompt: str = Field(default="", max_length=2000)
    narration: str = ""
    lines: list[DialogueLine] = []
    setting: dict[str, Any] = Field(default={}, description="Fields of a storyboard's setting.")
    cast: list[Presence] = []
    size: ShotSize = "wide"
    camera: CameraMove = "push_in"
    transition: Transition = "crossfade"
    duration_s: float | None = Field(default=None, description="null: as long as the speech needs.")
    screen_direction: str = "none"
    seed: int = Field(default=0, description="Another seed is another picture.")
    locked: bool = False
    own_picture: OwnFile | None = Field(default=None, description="An image of yours fills the shot; null: none does.")
    own_recording: OwnRecording | None = Field(
        default=None, description="An audio file of yours, or a part of it, tells the shot; null: a voice does."
    )

    def said(self) -> dict[str, Any]:
        """The fields that were sent."""
        return self.model_dump(exclude_unset=True)


class NewShot(ShotChange):
    after: Id | None = Field(default=None, description="The shot before it; null: it is the first.")
    make: bool = Field(default=True, description="Make its picture and speech at once.")


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")

    order: list[Id] = Field(description="All shots of the project.", max_length=editing.MAX_SHOTS)


class Split(BaseModel):
    model_config = ConfigDict(extra="forbid")

    at: int = Field(gt=0, description="The narration is cut before this character, counted from 0.")


@router.get("/projects/{project_id}/shots", responses=documented(NotFound))
def list_shots(project_id: ProjectId, caller: Caller, services: Serving, response: Response) -> ShotsView:
    """In the order of the film, with the project's ETag."""
    with services.catalog.transaction() as session:
        project = services.rows(Projects).get(session, owner_id=caller.user_id, subject_id=project_id)
    return shots_view(project, services, response, begun=[])


@router.get("/shots/{shot_id}", responses=documented(NotFound))
def get_shot(shot_id: ShotId, caller: Caller, services: Serving, response: Response) -> ShotView:
    """The shot, with its project's ETag."""
    return _shown(shot_id, caller, services, response)


@router.patch("/shots/{shot_id}", responses=CHANGES)
def change_shot(
    *,
    shot_id: ShotId,
    change: ShotChange,
    caller: Caller,
    services: Serving,
    response: Response,
    if_match: IfMatch = None,
) -> ShotView:
    """What runs for it is canceled where its picture or its words change, and a new job makes what has changed.

    ``job_id`` is that job. What is not seen or heard otherwise (a title, a transition, the lock) makes nothing anew.
    """
    shot, _ = _find(shot_id, caller, services)
    edited = _edit(
        shot.project_id, caller, services, if_match, lambda board: editing.changed_shot(board, shot.part, change.said())
    )
    _make_again(edited, [shot.part], caller, services)
    return _shown(shot_id, caller, services, response)


@router.delete("/shots/{shot_id}", status_code=204, responses=CHANGES)
def delete_shot(shot_id: ShotId, caller: Caller, services: Serving, if_match: IfMatch = None) -> None:
    """Out of the project, and what runs for it is canceled. Restoring an older version brings it back."""
    shot, _ = _find(shot_id, caller, services)
    edited = _edit(shot.project_id, caller, services, if_match, lambda board: editing.without_shot(board, shot.part))
    services.product_jobs.stop(edited.stopped)


@router.post(
    "/shots/{shot_id}/make",
    status_code=202,
    dependencies=[ONCE],
    responses=documented(NotFound, ShotLocked, Conflict, IdempotencyMismatch),
)
def make_shot(shot_id: ShotId, caller: Caller, services: Serving, response: Response) -> JobView:
    """Make what is missing or stale of it; of a locked one, what is missing. Asked again, it is the job under way."""
    shot, project = _find(shot_id, caller, services)
    document = document_of(project)
    text = editing.shot_of(storyboard_of(document), shot.part)
    if "missing" not in states(document, text, shot):
        editing.check_unlocked([text])
    job = ShotJobs(services.catalog, services.product_jobs).make(
        owner_id=caller.user_id, project_id=shot.project_id, part=shot.part
    )
    return begun(job, response, services)


@router.post("/shots/{shot_id}/split", dependencies=[ONCE], responses=CHANGES)
def split_shot(
    *,
    shot_id: ShotId,
    wanted: Split,
    caller: Caller,
    services: Serving,
    response: Response,
    if_match: IfMatch = None,
) -> ShotsView:
    """Two shots of one, cut in its narration; both are made."""
    shot, _ = _find(shot_id, caller, services)
    new = new_part()
    edited = _edit(
        shot.project_id,
        caller,
        services,
        if_match,
        lambda board: editing.split_shot(board, shot.part, wanted.at, new=new),
    )
    return _all(edited, [shot.part, new], caller, services, response)


@router.post("/shots/{shot_id}/merge", dependencies=[ONCE], responses=CHANGES)
def merge_shots(
    shot_id: ShotId, caller: Caller, services: Serving, response: Response, if_match: IfMatch = None
) -> ShotsView:
    """One shot of this and the one behind it, with this one's picture and the words of both."""
    shot, _ = _find(shot_id, caller, services)
    edited = _edit(shot.project_id, caller, services, if_match, lambda board: editing.merged_shots(board, shot.part))
    services.product_jobs.stop(edited.stopped)
    return _all(edited, [shot.part], caller, services, response)


@router.post("/shots/{shot_id}/duplicate", dependencies=[ONCE], responses=CHANGES)
def duplicate_shot(
    shot_id: ShotId, caller: Caller, services: Serving, response: Response, if_match: IfMatch = None
) -> ShotsView:
    """The same again behind it, with a picture of its own."""
    shot, _ = _find(shot_id, caller, services)
    new = new_part()
    edited = _edit(
        shot.project_id,
        caller,
        services,
        if_match,
        lambda board: editing.duplicated_shot(board, shot.part, new=new),
    )
    return _all(edited, [new], caller, services, response)


@router.post("/projects/{project_id}/shots", status_code=201, dependencies=[ONCE], responses=CHANGES)
def add_shot(
    *,
    project_id: ProjectId,
    new: NewShot,
    caller: Caller,
    services: Serving,
    response: Response,
    if_match: IfMatch = None,
) -> ShotsView:
    """A shot more."""
    part = new_part()
    after = _find(new.after, caller, services)[0] if new.after else None
    if after is not None and after.project_id != project_id:
        raise NotFound("There is no such shot in this project.")
    values = {name: value for name, value in new.said().items() if name not in ("after", "make")}
    edited = _edit(
        project_id,
        caller,
        services,
        if_match,
        lambda board: editing.added_shot(board, values, after=after.part if after else None, new=part),
    )
    return _all(edited, [part] if new.make else [], caller, services, response)


@router.post("/projects/{project_id}/shots/order", dependencies=[ONCE], responses=CHANGES)
def order_shots(
    *,
    project_id: ProjectId,
    wanted: Order,
    caller: Caller,
    services: Serving,
    response: Response,
    if_match: IfMatch = None,
) -> ShotsView:
    """Their order in the film. Nothing is made anew for that."""
    with services.catalog.transaction() as session:
        services.rows(Projects).get(session, owner_id=caller.user_id, subject_id=project_id)
        parts = {row.id: row.part for row in services.rows(Shots).of_project(session, project_id).values()}
    order = [parts.get(id_, id_) for id_ in wanted.order]
    edited = _edit(project_id, caller, services, if_match, lambda board: editing.reordered(board, order))
    return _all(edited, [], caller, services, response)


def _find(shot_id: Id, caller: Principal, services: Services) -> tuple[Shot, Project]:
    with services.catalog.transaction() as session:
        return services.rows(Shots).with_project(session, owner_id=caller.user_id, shot_id=shot_id)


def _edit(
    project_id: Id,
    caller: Principal,
    services: Services,
    if_match: str | None,
    change: Callable[[Storyboard], Storyboard],
) -> Edited:
    def changed(document: ProjectDocument) -> ProjectDocument:
        edited = document.model_copy(update={"storyboard": change(storyboard_of(document))})
        return services.own_material(caller.user_id).settled(edited, document)

    return services.rows(Projects).edit(
        owner_id=caller.user_id, project_id=project_id, change=changed, if_match=if_match
    )


def _make_again(edited: Edited, parts: list[PartId], caller: Principal, services: Services) -> list[Id]:
    """Jobs for those of these shots that are to be seen or heard otherwise than before."""
    before, after = edited.before, edited.after
    anew = [part for part in parts if _digests(before, part) != _digests(after, part)]
    if not anew:
        return []
    jobs = ShotJobs(services.catalog, services.product_jobs).make_again(
        owner_id=caller.user_id, project_id=edited.project.id, parts=anew
    )
    return [job.job_id for job in jobs]


def _digests(document: ProjectDocument, part: PartId) -> tuple[str, str | None] | None:
    board = storyboard_of(document)
    shot = next((shot for shot in board.shots if shot.id == part), None)
    if shot is None:
        return None
    return picture_digest(board, shot, document.settings), speech_digest(board, shot, document.settings)


def _all(edited: Edited, parts: list[PartId], caller: Principal, services: Services, response: Response) -> ShotsView:
    jobs = _make_again(edited, parts, caller, services)
    return shots_view(edited.project, services, response, begun=jobs)


def _shown(shot_id: Id, caller: Principal, services: Services, response: Response) -> ShotView:
    shot, project = _find(shot_id, caller, services)
    response.headers["ETag"] = etag(project)
    (shown,) = [one for one in shot_views(document_of(project), {shot.part: shot}, services) if one.shot_id == shot_id]
    return shown
