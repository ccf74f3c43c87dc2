"""Projects: a story becomes a storyboard, and its shots and films. What people change of one is a version."""

from typing import Annotated, Any

from fastapi import Body, Response
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import ONCE
from functions.api.routes.jobs import JobView
from functions.api.routes.products import begun, product_router
from functions.api.routes.project_views import (
    IfMatch,
    ProjectId,
    ProjectSummary,
    ProjectView,
    summary,
    view,
)
from functions.api.routes.project_work import check_batch, document_price, estimate, start_batch, terms_of
from functions.api.services import Caller, Services, Serving
from pydantic import BaseModel, ConfigDict, Field

from soundstage.film.editing import check_storyboard, check_unlocked
from soundstage.film.settings import merged_settings
from soundstage.models.errors import (
    AssetNotReady,
    BatchRefused,
    Conflict,
    IdempotencyMismatch,
    InvalidInput,
    NoStoryboard,
    NotFound,
    PreconditionFailed,
    ShotLocked,
    StoryEmpty,
    StoryTooLong,
)
from soundstage.models.film import FilmSettings, FilmStyle
from soundstage.models.ids import Id
from soundstage.models.jobs import Job
from soundstage.models.projects import Estimate, ProjectDocument, ShotStatus
from soundstage.models.story import CausalChain, Character, Storyboard, WorldEntry
from soundstage.models.text import Title
from soundstage.platform.catalog.project_tables import Project
from soundstage.platform.catalog.projects import TITLE_CHARACTERS, Projects, document_of
from soundstage.platform.catalog.revisions import etag
from soundstage.platform.catalog.shots import Shots, storyboard_of
from soundstage.products.storyboard import STORYBOARD
from soundstage.story.reading.text import clean

SettingsChange = Annotated[
    dict[str, Any],
    Field(description="Any fields of film_settings (JSON Merge Patch, RFC 7396); null puts one back to its default."),
]
Text = Annotated[str, Field(max_length=100_000, description="At most 5,000 characters once it is cleaned.")]


class NewProject(BaseModel):
    """A story, or a storyboard that there is already. Without a title the storyboard's is taken."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "The lamp",
                    "style": "night_lantern",
                    "story": "Mia climbs the lighthouse at dusk. The lamp is dark. She lights it.",
                    "settings": {"aspect": "16:9"},
                }
            ]
        },
    )

    title: Title = "Untitled"
    story: Text = ""
    style: FilmStyle | None = Field(default=None, description="Short for settings.style.")
    settings: SettingsChange = {}
    storyboard: Storyboard | None = None
    make_shots: bool = Field(default=True, description="Make pictures and speech as soon as there is a storyboard.")
    write: bool = Field(default=True, description="false: a draft, whose storyboard is asked for later.")


class ProjectChange(BaseModel):
    """What is null or left out stays. ``label`` and ``note`` are about the version that comes of it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"settings": {"aspect": "9:16"}}]})

    title: Title | None = None
    story: Text | None = None
    settings: SettingsChange | None = None
    logline: str | None = Field(default=None, max_length=300)
    characters: list[Character] | None = None
    world: list[WorldEntry] | None = None
    chain: CausalChain | None = None
    label: str = Field(default="", max_length=120)
    note: str = Field(default="", max_length=1000)


class StoryboardRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    make_shots: bool = Field(default=True, description="And then the shots that are missing or stale.")


router = product_router(
    STORYBOARD,
    Projects,
    summary=(ProjectSummary, summary),
    view=(ProjectView, view),
    about="The project with its shots; their URLs are good until ``urls_expire_at``. Its ETag is its revision.",
    tag=etag,
)


@router.post(
    "",
    status_code=201,
    dependencies=[ONCE],
    responses=documented(
        NotFound, AssetNotReady, BatchRefused, IdempotencyMismatch, InvalidInput, StoryEmpty, StoryTooLong
    ),
)
def create_project(new: NewProject, caller: Caller, services: Serving, response: Response) -> ProjectView:
    """Its storyboard is begun, and work on its shots, which waits for the storyboard (``job_id``, ``batch_job_id``)."""
    style = {"style": new.style} if new.style else {}
    document = ProjectDocument(
        title=new.title,
        story=_story(new.story) if new.story or new.storyboard is None else "",
        settings=merged_settings(FilmSettings(), new.settings | style),
        storyboard=new.storyboard,
    )
    document = services.own_material(caller.user_id).settled(document)
    if new.make_shots:
        check_batch(
            document.storyboard,
            document.settings,
            caller.user_id,
            services,
            usd=document_price(document, terms_of(document.settings, caller.user_id, services)),
        )
    project = services.rows(Projects).create(owner_id=caller.user_id, document=document)
    if new.write and document.storyboard is None:
        _write(project, services)
    if new.make_shots and (new.write or document.storyboard):
        start_batch(_project(project.id, caller.user_id, services), services)
    response.headers["Location"] = f"/v1/projects/{project.id}"
    return _shown(project.id, caller.user_id, services, response)


@router.patch(
    "/{project_id}", responses=documented(NotFound, NoStoryboard, AssetNotReady, PreconditionFailed, InvalidInput)
)
def change_project(
    *,
    project_id: ProjectId,
    change: ProjectChange,
    caller: Caller,
    services: Serving,
    response: Response,
    if_match: IfMatch = None,
) -> ProjectView:
    """Makes a version. What was made of shots may be stale then; it stays usable and is not made anew unasked."""
    services.rows(Projects).edit(
        owner_id=caller.user_id,
        project_id=project_id,
        change=lambda document: services.own_material(caller.user_id).settled(_changed(document, change), document),
        if_match=if_match,
        label=change.label,
        note=change.note,
    )
    return _shown(project_id, caller.user_id, services, response)


@router.get("/{project_id}/storyboard", responses=documented(NotFound, NoStoryboard))
def get_storyboard(project_id: ProjectId, caller: Caller, services: Serving, response: Response) -> Storyboard:
    """The storyboard as one document (schema storyboard.v1), with the project's ETag."""
    project = _project(project_id, caller.user_id, services)
    response.headers["ETag"] = etag(project)
    return storyboard_of(document_of(project))


@router.post(
    "/{project_id}/storyboard",
    status_code=202,
    dependencies=[ONCE],
    responses=documented(NotFound, Conflict, ShotLocked, IdempotencyMismatch, InvalidInput),
)
def write_storyboard(
    *,
    project_id: ProjectId,
    wanted: Annotated[StoryboardRequest | None, Body()] = None,
    caller: Caller,
    services: Serving,
    response: Response,
) -> JobView:
    """Write it from the story, anew where there is one; that one stays among the versions. Work on shots is stopped."""
    project = _project(project_id, caller.user_id, services)
    document = document_of(project)
    if document.storyboard is not None:
        check_unlocked(document.storyboard.shots)
        with services.catalog.transaction() as session:
            rows = services.rows(Shots).of_project(session, project_id)
        at_work = (row.job_id for row in rows.values() if row.status == ShotStatus.MAKING and row.job_id)
        services.product_jobs.stop(at_work)
    job = _write(project, services)
    if wanted is None or wanted.make_shots:
        start_batch(_project(project_id, caller.user_id, services), services)
    return begun(job, response, services)


@router.get("/{project_id}/estimate", responses=documented(NotFound, InvalidInput))
def estimate_project(project_id: ProjectId, caller: Caller, services: Serving, preview: bool = False) -> Estimate:
    """What it takes to make what is missing or stale, and a film of it. Nothing is begun."""
    return estimate(_project(project_id, caller.user_id, services), services, preview=preview)


@router.post(
    "/{project_id}/shots/make",
    status_code=202,
    dependencies=[ONCE],
    responses=documented(NotFound, NoStoryboard, BatchRefused, IdempotencyMismatch),
)
def make_shots(project_id: ProjectId, caller: Caller, services: Serving, response: Response) -> JobView:
    """Make all that are missing or stale and not locked: all of them, or, where something is in the way, none."""
    job = start_batch(_project(project_id, caller.user_id, services), services)
    return begun(job, response, services)


def _write(project: Project, services: Services) -> Job:
    options = services.rows(Projects).options_for(project)
    return services.product_jobs.start(STORYBOARD, owner_id=project.owner_id, options=options, subject_id=project.id)


def _project(project_id: Id, owner_id: Id, services: Services) -> Project:
    with services.catalog.transaction() as session:
        return services.rows(Projects).get(session, owner_id=owner_id, subject_id=project_id)


def _shown(project_id: Id, owner_id: Id, services: Services, response: Response) -> ProjectView:
    project = _project(project_id, owner_id, services)
    response.headers["ETag"] = etag(project)
    return view(project, services)


def _story(text: str) -> str:
    """As it was written, without what Postgres cannot hold; the writer cleans the rest and says so.

    Raises StoryEmpty, and StoryTooLong.
    """
    kept = "".join(character for character in text if character != "\0" and not "\ud800" <= character <= "\udfff")
    clean(kept)
    return kept


def _changed(document: ProjectDocument, change: ProjectChange) -> ProjectDocument:
    values: dict[str, Any] = {}
    if change.title is not None:
        values["title"] = change.title
    if change.story is not None:
        values["story"] = _story(change.story)
    if change.settings is not None:
        values["settings"] = merged_settings(document.settings, change.settings)
    told = {
        name: value
        for name in ("logline", "characters", "world", "chain")
        if (value := getattr(change, name)) is not None
    }
    if told:
        storyboard_of(document)
    if document.storyboard is not None:
        board = document.storyboard
        named = board if change.title is None else board.renamed(change.title[:TITLE_CHARACTERS])
        values["storyboard"] = named.model_copy(update=told)
        check_storyboard(values["storyboard"])
    return document.model_copy(update=values)
