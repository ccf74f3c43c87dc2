"""Films: a project as one MP4."""

from datetime import datetime, timedelta
from typing import Any

from fastapi import Response
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import ONCE
from functions.api.routes.jobs import JobView
from functions.api.routes.products import begun, product_router, summary_of
from functions.api.routes.project_work import check_film, lacks_shots, start_batch
from functions.api.routes.projects import SettingsChange
from functions.api.services import Caller, Services, Serving
from pydantic import BaseModel, ConfigDict, Field

from soundstage.film.settings import merged_settings
from soundstage.film.translation import film_of
from soundstage.models.errors import (
    AssetNotReady,
    BatchRefused,
    IdempotencyMismatch,
    InvalidInput,
    NoStoryboard,
    NotFound,
    TranslationMissing,
)
from soundstage.models.film import Aspect, PartRecord, Quality, QualityReport, ShotTiming
from soundstage.models.ids import Id
from soundstage.models.jobs import JobError
from soundstage.models.projects import FilmFiles, FilmStatus, ProjectDocument
from soundstage.models.story import Language
from soundstage.models.text import Title
from soundstage.platform.catalog.films import Films
from soundstage.platform.catalog.project_tables import Film
from soundstage.platform.catalog.projects import Projects, document_of
from soundstage.platform.own_material import OwnMaterials
from soundstage.platform.security import Principal
from soundstage.products.film import FILM, FilmOptions


class ProjectFilm(BaseModel):
    """``settings``: what shall differ from the project's in this film; the other fields are short for some of them."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"aspect": "9:16", "language": "zh"}]})

    title: Title | None = Field(default=None, description="Of the file; the project's when left out.")
    quality: Quality | None = None
    aspect: Aspect | None = Field(default=None, description="The same shots, laid out for another shape of the frame.")
    language: Language | None = Field(default=None, description="One that the project is translated into.")
    settings: SettingsChange = {}

    def changes(self) -> dict[str, Any]:
        """Of settings."""
        said = {"quality": self.quality, "aspect": self.aspect, "language": self.language}
        return self.settings | {name: value for name, value in said.items() if value is not None}


class FilmRequest(ProjectFilm):
    """As for a project's films, with the project named in the body."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"project_id": "0193a1c7e5f07b6e8d1f2a3b4c5d6e7f", "quality": "preview"}]},
    )

    project_id: Id


class FilmSummary(BaseModel):
    """filming → ready | failed | canceled."""

    film_id: Id
    project_id: Id
    title: str
    status: FilmStatus
    error: JobError | None
    job_id: Id
    revision: int | None = Field(description="Of the project that was filmed; null before the film is ready.")
    created_at: datetime
    updated_at: datetime


class FilmLinks(BaseModel):
    """Signed URLs."""

    film_url: str = Field(description="MP4; takes Range requests; saves under the film's title.")
    poster_url: str = Field(description="JPEG.")
    contact_sheet_url: str = Field(description="All shots on one sheet.")
    storyboard_url: str = Field(description="To read and print: all shots with their words, as PDF.")
    subtitle_urls: dict[str, str] = Field(description="srt, vtt, ass.")
    result_url: str = Field(description="film_result: all that is known of the film, as JSON.")


class FilmView(FilmSummary):
    settings: dict[str, object] = Field(description="What differs from the project's.")
    duration_s: float | None
    sha256: str | None
    quality: QualityReport | None = Field(description="What was measured on the finished file.")
    timings: list[ShotTiming]
    chapters: list[tuple[float, str]]
    parts: list[PartRecord] = Field(description="The making-of: who made what, and what was there already.")
    files: FilmLinks | None = Field(description="Once the film is ready.")
    urls_expire_at: datetime


def _summary(film: Film) -> FilmSummary:
    return FilmSummary(**summary_of(FILM, film), project_id=film.project_id, revision=film.revision)


def _view(film: Film, services: Services) -> FilmView:
    kept = FilmFiles.model_validate(film.files) if film.files else None
    result = kept.result if kept else None
    return FilmView(
        **summary_of(FILM, film),
        project_id=film.project_id,
        revision=film.revision,
        settings=film.settings,
        duration_s=result.quality.duration_s if result else None,
        sha256=result.sha256 if result else None,
        quality=result.quality if result else None,
        timings=result.timings if result else [],
        chapters=result.chapters if result else [],
        parts=result.parts if result else [],
        files=_links(film, kept, services) if kept else None,
        urls_expire_at=services.clock() + timedelta(seconds=services.settings.download_url_life_s),
    )


def _links(film: Film, kept: FilmFiles, services: Services) -> FilmLinks:
    def signed(key: str, suffix: str | None = None) -> str:
        name = f"{film.title}{suffix}".replace("/", "-") if suffix else None
        return services.objects.presign_get(key, expires_s=services.settings.download_url_life_s, file_name=name)

    result = kept.result
    return FilmLinks(
        film_url=signed(result.film, ".mp4"),
        poster_url=signed(result.poster),
        contact_sheet_url=signed(result.contact_sheet),
        storyboard_url=signed(result.storyboard_pdf, ".pdf"),
        subtitle_urls={kind: signed(key, f".{kind}") for kind, key in result.subtitles.items()},
        result_url=signed(kept.result_key),
    )


def _settled(changes: dict[str, Any], document: ProjectDocument, own: OwnMaterials) -> dict[str, Any]:
    """With what is true of an upload that they name. Raises NotFound, AssetNotReady, Conflict and InvalidInput."""
    settings = own.settled_settings(merged_settings(document.settings, changes))
    found: dict[str, Any] = {}
    if settings.music.upload is not None and isinstance(changes.get("music"), dict):
        found["music"] = {**changes["music"], "upload": settings.music.upload.model_dump(mode="json")}
    if settings.own_narration is not None and changes.get("own_narration"):
        found["own_narration"] = settings.own_narration.model_dump(mode="json")
    return changes | found


router = product_router(
    FILM,
    Films,
    summary=(FilmSummary, _summary),
    view=(FilmView, _view),
    about="The film with its files; their URLs are good until ``urls_expire_at``.",
)


ASKED = documented(
    NotFound, NoStoryboard, TranslationMissing, AssetNotReady, BatchRefused, IdempotencyMismatch, InvalidInput
)


@router.post("", status_code=202, dependencies=[ONCE], responses=ASKED)
def create_film(request: FilmRequest, caller: Caller, services: Serving, response: Response) -> JobView:
    """Film the project. Where its storyboard or shots are missing or stale, that work comes first: the job is blocked.

    The film is of the project as it is when filming begins. Asked again meanwhile, it is the job under way.
    """
    return filmed(request.project_id, request, caller, services, response)


def filmed(project_id: Id, wanted: ProjectFilm, caller: Principal, services: Services, response: Response) -> JobView:
    """The job that films it. Raises what is in the way of it, before anything is begun."""
    with services.catalog.transaction() as session:
        project = services.rows(Projects).get(session, owner_id=caller.user_id, subject_id=project_id)
    document, changes = document_of(project), wanted.changes()
    changes = _settled(changes, document, services.own_material(caller.user_id))
    if document.storyboard is not None:
        board, settings = film_of(document, changes)
        if board is not document.storyboard:
            check_film(board, settings, project, services)
    inputs = {"shots": start_batch(project, services).job_id} if lacks_shots(project, services) else {}
    options = FilmOptions(project_id=project.id, title=wanted.title or project.title, settings=changes)
    job = services.product_jobs.start(FILM, owner_id=caller.user_id, options=options, inputs=inputs)
    return begun(job, response, services, location=f"/v1/films/{job.subject_id}")
