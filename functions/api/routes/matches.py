"""Matches: a recording gets the sound of another one, or of a preset."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Path, Response
from fastapi.responses import RedirectResponse
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import ONCE
from functions.api.routes.jobs import JobView
from functions.api.routes.products import begun, product_router, summary_of
from functions.api.services import Caller, Services, Serving
from pydantic import BaseModel, Field

from soundstage.models.errors import (
    Conflict,
    DependencyUnavailable,
    IdempotencyMismatch,
    InvalidInput,
    NotFound,
    RateLimited,
)
from soundstage.models.ids import Id
from soundstage.models.jobs import JobError, JobStatus
from soundstage.models.match import (
    RESULT,
    SUFFIXES,
    TARGET,
    MatchParams,
    MatchRequest,
    MatchStatus,
    reference_role,
)
from soundstage.models.match_preview import PreviewRequest, RegionAsked
from soundstage.models.style import Metrics, StyleParams
from soundstage.platform.aws.impulse_responses import externalise
from soundstage.platform.catalog.matches import Match, Matches, metrics_of
from soundstage.products.match import MATCH

MatchId = Annotated[Id, Path(description="A match's id; also its trace id.")]


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


class MatchSounds(BaseModel):
    """Signed URLs of what a match is heard by, in step with each other: AAC in M4A, an eighth of the size.

    The files themselves are where that couldn't be made, and in a match that is older than these.
    """

    after_url: str
    before_url: str | None = Field(description="null: only the upload held it, and that is deleted.")
    reference_urls: list[str | None] = Field(description="In the order of ``params.references``; null likewise.")


class MatchFiles(BaseModel):
    """Signed URLs."""

    audio_url: str = Field(
        description="As long as the target; with a reverb, until it has rung out. Takes Range requests; saves under "
        "the match's title."
    )
    preset_url: str = Field(description="The style as JSON, to be applied to other recordings.")
    report_url: str = Field(description="What was changed and why, as JSON.")
    page_url: str = Field(description="The same as a page that needs nothing else.")
    picture_url: str = Field(description="The same as a picture (PNG).")
    viz_url: str = Field(description="The report's curves alone, as JSON.")
    sounds: MatchSounds


class MatchView(MatchSummary):
    params: MatchParams
    job: MatchJob | None = Field(description="null once its record has expired.")
    duration_s: float | None
    style: StyleParams | None = Field(
        description="What was found; an impulse response lies in the bucket (``reverb.ir_key``)."
    )
    metrics_before: Metrics | None = Field(description="How far the target was from the reference.")
    metrics_after: Metrics | None = Field(description="How far the result is.")
    files: MatchFiles | None = Field(description="Once the match has been ready.")
    urls_expire_at: datetime


def _summary(match: Match) -> MatchSummary:
    return MatchSummary(**summary_of(MATCH, match))


def _view(match: Match, services: Services) -> MatchView:
    job = services.job_store.get(match.job_id) if match.job_id else None
    ready = match.result is not None
    metrics = metrics_of(match)
    return MatchView(
        **summary_of(MATCH, match),
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
    params = MatchParams.model_validate(match.params)
    previews = kept.get("preview_keys", {})
    life_s = services.settings.download_url_life_s

    def signed(file: str, suffix: str | None = None) -> str:
        name = f"{match.title}{suffix}".replace("/", "-") if suffix else None
        return services.objects.presign_get(kept[f"{file}_key"], expires_s=life_s, file_name=name)

    def heard(role: str, asset_id: Id) -> str | None:
        key, version_id = previews.get(role), None
        if key is None:
            try:
                asset = services.uploads.accepted(match.owner_id, asset_id)
            except (NotFound, Conflict):
                return None
            key, version_id = asset.bucket_key, asset.version_id
        return services.objects.presign_get(key, expires_s=life_s, version_id=version_id)

    return MatchFiles(
        audio_url=signed("audio", SUFFIXES[params.output_format]),
        preset_url=signed("preset", ".preset.json"),
        report_url=signed("report"),
        page_url=signed("page"),
        picture_url=signed("picture"),
        viz_url=signed("viz"),
        sounds=MatchSounds(
            after_url=services.objects.presign_get(previews.get(RESULT, kept["audio_key"]), expires_s=life_s),
            before_url=heard(TARGET, params.target_asset_id),
            reference_urls=[
                heard(reference_role(index), reference.asset_id) for index, reference in enumerate(params.references)
            ],
        ),
    )


router = product_router(
    MATCH,
    Matches,
    summary=(MatchSummary, _summary),
    view=(MatchView, _view),
    about="The match with its metrics and files; their URLs are good until ``urls_expire_at``.",
)


@router.post(
    "", status_code=202, dependencies=[ONCE], responses=documented(NotFound, IdempotencyMismatch, InvalidInput)
)
def create_match(request: MatchRequest, caller: Caller, services: Serving, response: Response) -> JobView:
    """Begin once all recordings have arrived and were accepted. Asked again meanwhile, it is the job under way."""
    options = services.rows(Matches).options_for(request, reader_id=caller.user_id, objects=services.objects)
    job = services.product_jobs.start(MATCH, owner_id=caller.user_id, options=options, inputs=request.asset_ids())
    return begun(job, response, services, location=f"/v1/matches/{job.subject_id}")


@router.post(
    "/{match_id}/preview",
    response_class=Response,
    responses={
        200: {
            "content": {"audio/flac": {"schema": {"type": "string", "format": "binary"}}},
            "headers": {
                "Integrated-Lufs": {
                    "description": "Of all of the result, were it rendered like this; missing for silence.",
                    "schema": {"type": "number"},
                }
            },
        },
        **documented(NotFound, Conflict, InvalidInput, RateLimited, DependencyUnavailable),
    },
)
def preview_match(match_id: MatchId, request: PreviewRequest, caller: Caller, services: Serving) -> Response:
    """A few seconds of the target in a changed style, every stage of it, as a render of all of it would make them.

    The style is usually the match's own, changed. The sound has 16 bits and 48 kHz at most. Nothing is kept.
    """
    with services.catalog.transaction() as session:
        match = services.rows(Matches).get(session, owner_id=caller.user_id, subject_id=match_id)
    if match.result is None:
        raise Conflict("This match is not finished yet.", detail={"status": match.status})
    target = services.uploads.accepted(caller.user_id, MatchParams.model_validate(match.params).target_asset_id)
    asked = RegionAsked(
        **request.model_dump(exclude={"style"}),
        style=externalise(request.style, services.objects),  # a call of a function carries 6 MB
        target_key=target.bucket_key,
        target_version_id=target.version_id,
        result_key=match.result["audio_key"],
        finished_style=StyleParams.model_validate(match.style),
        finished_lufs=metrics_of(match)["after"].get("integrated_lufs"),
    )
    flac, integrated_lufs = services.preview(caller.user_id, asked)
    headers = {"Cache-Control": "no-store"}
    if integrated_lufs is not None:
        headers["Integrated-Lufs"] = f"{integrated_lufs:.2f}"
    return Response(flac, media_type="audio/flac", headers=headers)


@router.get(
    "/{match_id}/report",
    status_code=302,
    response_class=RedirectResponse,
    responses={
        **documented(NotFound, Conflict),
        200: {"description": "The page, for whoever follows there."},
        302: {"description": "To the report's page, by a signed URL."},
    },
)
def get_report(match_id: MatchId, caller: Caller, services: Serving) -> Response:
    """What was changed and why, as a page."""
    with services.catalog.transaction() as session:
        match = services.rows(Matches).get(session, owner_id=caller.user_id, subject_id=match_id)
    files = _files(match, services)
    if files is None:
        raise Conflict("There is no report yet.", detail={"status": match.status})
    return RedirectResponse(files.page_url, status_code=302)
