"""Matches: a recording gets the sound of another one, or of a preset."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Path, Response
from fastapi.responses import RedirectResponse
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import ONCE
from functions.api.middleware.pagination import Cursor, Limit, Page, id_in, page_of
from functions.api.middleware.routers import signed_in_router
from functions.api.routes.jobs import JobView
from functions.api.services import Caller, Services, Serving
from pydantic import BaseModel, Field

from soundstage.models.errors import (
    Conflict,
    IdempotencyMismatch,
    InvalidInput,
    NotFound,
)
from soundstage.models.ids import Id
from soundstage.models.jobs import JobError, JobStatus
from soundstage.models.match import MatchParams, MatchRequest, MatchStatus
from soundstage.models.style import Metrics, StyleParams
from soundstage.platform.catalog import matches
from soundstage.platform.catalog.tables import Match

router = signed_in_router("/v1/matches", "matches")

MatchId = Annotated[Id, Path(description="A match's id; also its trace id.")]

SUFFIXES = {"wav24": ".wav", "flac": ".flac"}


class MatchSummary(BaseModel):
    """matching → ready | failed | canceled."""

    match_id: Id
    title: str
    status: MatchStatus
    error: JobError | None
    job_id: Id
    created_at: datetime
    updated_at: datetime


class MatchJob(BaseModel):
    """How the work stands; more of it is at ``/v1/jobs/{job_id}``."""

    status: JobStatus
    step: str | None = Field(description="analyzing, inverting, rendering, joining or persisting.")
    progress: int
    attempt: int


class MatchFiles(BaseModel):
    """Signed URLs."""

    audio_url: str = Field(description="As long as the target; takes Range requests; saves under the match's title.")
    preset_url: str = Field(description="The style as JSON, to be applied to other recordings.")
    report_url: str = Field(description="What was changed and why, as JSON.")
    page_url: str = Field(description="The same as a page that needs nothing else.")
    picture_url: str = Field(description="The same as a picture (PNG).")
    viz_url: str = Field(description="The report's curves alone, as JSON.")


class MatchView(MatchSummary):
    params: MatchParams
    job: MatchJob | None = Field(description="null once its record has expired.")
    duration_s: float | None
    style: StyleParams | None = Field(description="What was found; a long impulse response is in the preset file only.")
    metrics_before: Metrics | None = Field(description="How far the target was from the reference.")
    metrics_after: Metrics | None = Field(description="How far the result is.")
    files: MatchFiles | None = Field(description="Once the match has been ready.")
    urls_expire_at: datetime


@router.post(
    "", status_code=202, dependencies=[ONCE], responses=documented(NotFound, IdempotencyMismatch, InvalidInput)
)
def create_match(request: MatchRequest, caller: Caller, services: Serving, response: Response) -> JobView:
    """Begin once all recordings have arrived and were accepted. Asked again meanwhile, it is the job under way."""
    job = services.matching.start(owner_id=caller.user_id, request=request)
    response.headers["Location"] = f"/v1/matches/{job.subject_id}"
    return JobView.model_validate(job)


@router.get("")
def list_matches(caller: Caller, services: Serving, limit: Limit = 20, cursor: Cursor = None) -> Page[MatchSummary]:
    """Newest first."""
    before = id_in(cursor)
    with services.catalog.transaction() as session:
        found = matches.list_page(session, owner_id=caller.user_id, limit=limit + 1, before=before)
    return page_of(found, limit, lambda match: MatchSummary(**_summary(match)))


@router.get("/{match_id}", responses=documented(NotFound))
def get_match(match_id: MatchId, caller: Caller, services: Serving) -> MatchView:
    """The match with its metrics and files; their URLs are good until ``urls_expire_at``."""
    return _view(_owned(match_id, caller.user_id, services), services)


@router.get(
    "/{match_id}/report",
    status_code=302,
    response_class=RedirectResponse,
    responses=documented(NotFound, Conflict) | {302: {"description": "To the report's page, by a signed URL."}},
)
def get_report(match_id: MatchId, caller: Caller, services: Serving) -> Response:
    """What was changed and why, as a page."""
    files = _files(_owned(match_id, caller.user_id, services), services)
    if files is None:
        raise Conflict("There is no report yet.")
    return RedirectResponse(files.page_url, status_code=302)


@router.delete("/{match_id}", status_code=204, responses=documented(NotFound))
def delete_match(match_id: MatchId, caller: Caller, services: Serving) -> None:
    """Soft: nobody finds it any more. What makes it is stopped."""
    with services.catalog.transaction() as session:
        match = matches.get(session, owner_id=caller.user_id, match_id=match_id, lock=True)
        matches.delete(match, now=services.clock())
    job = services.job_store.get(match.job_id)
    if job is not None and not job.status.terminal:
        try:
            services.jobs.cancel(job.job_id)
        except Conflict:
            return  # it ended in between


def _owned(match_id: Id, owner_id: Id, services: Services) -> Match:
    with services.catalog.transaction() as session:
        return matches.get(session, owner_id=owner_id, match_id=match_id)


def _view(match: Match, services: Services) -> MatchView:
    job = services.job_store.get(match.job_id)
    ready = match.result is not None
    metrics = matches.metrics(match)
    return MatchView(
        **_summary(match),
        params=MatchParams.model_validate(match.params),
        job=MatchJob(status=job.status, step=job.step, progress=job.progress, attempt=job.attempt) if job else None,
        duration_s=match.result["duration_s"] if match.result else None,
        style=StyleParams.model_validate(match.style) if match.style else None,
        metrics_before=Metrics.model_validate(metrics["before"]) if ready else None,
        metrics_after=Metrics.model_validate(metrics["after"]) if ready else None,
        files=_files(match, services),
        urls_expire_at=services.clock() + timedelta(seconds=services.settings.download_url_life_s),
    )


def _files(match: Match, services: Services) -> MatchFiles | None:
    if match.result is None:
        return None
    kept = match.result

    def signed(file: str, suffix: str | None = None) -> str:
        name = f"{match.title}{suffix}".replace("/", "-") if suffix else None
        life_s = services.settings.download_url_life_s
        return services.objects.presign_get(kept[f"{file}_key"], expires_s=life_s, file_name=name)

    return MatchFiles(
        audio_url=signed("audio", SUFFIXES[match.params["output_format"]]),
        preset_url=signed("preset", ".preset.json"),
        report_url=signed("report"),
        page_url=signed("page"),
        picture_url=signed("picture"),
        viz_url=signed("viz"),
    )


def _summary(match: Match) -> dict[str, Any]:
    return {
        "match_id": match.id,
        "title": match.title,
        "status": match.status,
        "error": match.error,
        "job_id": match.job_id,
        "created_at": match.created_at,
        "updated_at": match.updated_at,
    }
