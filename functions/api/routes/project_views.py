"""How projects and shots are shown, on whichever route."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Header, Path, Response
from functions.api.routes.products import summary_of
from functions.api.services import Services
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from soundstage.models.film import FilmSettings, FilmStyle
from soundstage.models.ids import Id
from soundstage.models.jobs import JobError
from soundstage.models.projects import Artefact, ArtefactState, ProjectDocument, ProjectStatus, ShotStatus
from soundstage.models.story import CausalChain, Character, Language, WorldEntry
from soundstage.models.story import Shot as ShotText
from soundstage.platform.catalog.project_tables import Project, Shot, ShotBatch
from soundstage.platform.catalog.projects import document_of
from soundstage.platform.catalog.revisions import etag
from soundstage.platform.catalog.shots import Shots, states
from soundstage.products.storyboard import STORYBOARD

ProjectId = Annotated[Id, Path(description="A project's id; also its trace id.")]
ShotId = Annotated[Id, Path(description="A shot's id.")]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=200, description="The project's ETag as you have seen it; else 412."),
]


class ProjectSummary(BaseModel):
    """draft → writing → ready | failed: the storyboard. Shots and films have statuses of their own."""

    project_id: Id
    title: str
    status: ProjectStatus
    error: JobError | None
    job_id: Id | None = Field(description="The newest job that writes its storyboard.")
    revision: int = Field(description="The number of the newest version; the ETag.")
    style: FilmStyle
    language: Language | None
    shot_count: int
    created_at: datetime
    updated_at: datetime


class ShotView(ShotText):
    """What the storyboard says of the shot (under ``id`` there), how the work on it stands, and what there is of it.

    ``picture_state`` and ``speech_state`` are about artefacts, ``status`` is about work: a shot may be stale and ready.
    """

    shot_id: Id
    project_id: Id
    number: int = Field(description="In the film, from 1.")
    status: ShotStatus
    error: JobError | None
    job_id: Id | None = Field(description="The newest job that makes it.")
    picture_state: ArtefactState
    speech_state: ArtefactState
    picture_url: str | None = Field(description="Signed; JPEG.")
    speech_url: str | None = Field(description="Signed; WAV.")
    clip_url: str | None = Field(
        description="Signed; as its provider made it. Null: no provider makes clips, the camera moves over the picture."
    )
    speech_duration_s: float | None
    providers: dict[str, str] = Field(description="picture, speech, clip → who made it.")
    notes: list[str]
    updated_at: datetime


class ProjectView(ProjectSummary):
    story: str
    settings: FilmSettings
    logline: str
    writer: str | None = Field(description="Who wrote the storyboard.")
    notes: list[str] = Field(description="What was repaired, guessed, or fell back when it was written.")
    characters: list[Character]
    world: list[WorldEntry]
    chain: CausalChain
    translations: list[Language] = Field(description="Languages that it is translated into, besides its own.")
    shots: list[ShotView]
    batch_job_id: Id | None = Field(description="The newest job that makes all its shots.")
    cover_url: str | None = Field(description="Signed; the picture of the first shot that has one.")
    urls_expire_at: datetime


class ShotsView(BaseModel):
    """``shots``: all of the project's, in their order, as they are now. ``begun``: jobs of those that are made anew."""

    revision: int
    shots: list[ShotView]
    begun: list[Id] = []


def summary(project: Project) -> ProjectSummary:
    document = document_of(project)
    return ProjectSummary(**_summary(project, document))


def view(project: Project, services: Services) -> ProjectView:
    document = document_of(project)
    with services.catalog.transaction() as session:
        rows = services.rows(Shots).of_project(session, project.id)
        batch_job_id = newest_batch(session, project.id)
    shots = shot_views(document, rows, services)
    board = document.storyboard
    return ProjectView(
        **_summary(project, document),
        story=document.story,
        settings=document.settings,
        logline=board.logline if board else "",
        writer=board.writer if board else None,
        notes=board.notes if board else [],
        characters=board.characters if board else [],
        world=board.world if board else [],
        chain=board.chain if board else CausalChain(),
        translations=sorted(document.translations),
        shots=shots,
        batch_job_id=batch_job_id,
        cover_url=next((shot.picture_url for shot in shots if shot.picture_url), None),
        urls_expire_at=services.clock() + timedelta(seconds=services.settings.download_url_life_s),
    )


def shots_view(project: Project, services: Services, response: Response, *, begun: list[Id]) -> ShotsView:
    """With the project's ETag."""
    with services.catalog.transaction() as session:
        rows = services.rows(Shots).of_project(session, project.id)
    response.headers["ETag"] = etag(project)
    shots = shot_views(document_of(project), rows, services)
    return ShotsView(revision=project.revision, shots=shots, begun=begun)


def shot_views(document: ProjectDocument, rows: dict[str, Shot], services: Services) -> list[ShotView]:
    texts = document.storyboard.shots if document.storyboard else []
    return [
        _shot_view(document, text, rows[text.id], number, services)
        for number, text in enumerate(texts, 1)
        if text.id in rows
    ]


def newest_batch(session: Session, project_id: Id) -> Id | None:
    """The job of the newest batch."""
    query = select(ShotBatch.job_id).where(ShotBatch.project_id == project_id).order_by(ShotBatch.id.desc()).limit(1)
    return session.scalar(query)


def _summary(project: Project, document: ProjectDocument) -> dict[str, object]:
    board = document.storyboard
    return {
        **summary_of(STORYBOARD, project),
        "revision": project.revision,
        "style": document.settings.style,
        "language": document.settings.language or (board.language if board else None),
        "shot_count": len(board.shots) if board else 0,
    }


def _shot_view(document: ProjectDocument, text: ShotText, row: Shot, number: int, services: Services) -> ShotView:
    picture_state, speech_state = states(document, text, row)
    made = {
        name: Artefact.model_validate(stored)
        for name, stored in (("picture", row.picture), ("speech", row.speech), ("clip", row.clip))
        if stored is not None
    }
    life_s = services.settings.download_url_life_s
    urls = {name: services.objects.presign_get(artefact.key, expires_s=life_s) for name, artefact in made.items()}
    return ShotView.model_validate(
        {
            **text.model_dump(),
            "shot_id": row.id,
            "project_id": row.project_id,
            "number": number,
            "status": row.status,
            "error": row.error,
            "job_id": row.job_id,
            "picture_state": picture_state,
            "speech_state": speech_state,
            "picture_url": urls.get("picture"),
            "speech_url": urls.get("speech"),
            "clip_url": urls.get("clip"),
            "speech_duration_s": made["speech"].duration_s if "speech" in made else None,
            "providers": {name: artefact.provider for name, artefact in made.items()},
            "notes": [note for artefact in made.values() for note in artefact.notes],
            "updated_at": row.updated_at,
        }
    )
