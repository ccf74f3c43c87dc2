"""Matches in the catalog.

A match has one job, from which its row can be written by whoever comes first: the request, the last step, or the news
that the job ended. A late word from an earlier attempt changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from soundstage.models.errors import NotFound
from soundstage.models.ids import Id
from soundstage.models.jobs import Job, JobError, JobStatus, WorkflowInput
from soundstage.models.match import MatchParams, MatchResult, MatchStatus
from soundstage.models.style import StyleParams
from soundstage.platform.catalog.tables import JobSegment, Match, Metric

# In rows of their own, which people can ask about; responses are too large for a row and lie in preset.json.
_METRICS = {"before": "metrics_before", "after": "metrics_after"}
_RESPONSE = {"reverb": {"ir_flac_base64"}}


def get(session: Session, *, owner_id: Id, match_id: Id, lock: bool = False) -> Match:
    """Raises NotFound when it is missing, deleted or someone else's. ``lock`` holds it until the transaction ends."""
    query = select(Match).where(Match.id == match_id, Match.owner_id == owner_id, _alive())
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("There is no such match.")
    return found


def list_page(session: Session, *, owner_id: Id, limit: int, before: Id | None) -> Sequence[Match]:
    """Newest first, those older than ``before``."""
    query = select(Match).where(Match.owner_id == owner_id, _alive()).order_by(Match.id.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(Match.id < before)).all()


def of_job(session: Session, job: Job | WorkflowInput, *, now: datetime) -> Match:
    """The row of the match that this job makes, locked; written now if nobody has yet."""
    params = MatchParams.model_validate(job.options["match_params"])
    row = {
        "id": job.subject_id,
        "owner_id": job.owner_id,
        "title": job.options["title"],
        "status": MatchStatus.MATCHING,
        "job_id": job.job_id,
        "preset_id": params.preset_id,
        "params": params.model_dump(mode="json"),
        "created_at": now,
        "updated_at": now,
    }
    session.execute(insert(Match).values(row).on_conflict_do_nothing())
    return session.scalars(select(Match).where(Match.id == job.subject_id).with_for_update()).one()


def delete(match: Match, *, now: datetime) -> None:
    """Soft: the row stays, nobody finds it any more."""
    match.status = MatchStatus.DELETED
    match.deleted_at = match.updated_at = now


def persist(
    session: Session,
    *,
    job: WorkflowInput,
    result: MatchResult,
    style: StyleParams,
    segments: Sequence[dict[str, Any]],
    now: datetime,
) -> bool:
    """Write what a job made and mark the match ready. Writing it again changes nothing.

    Returns False, and writes nothing, when the match was deleted or a newer attempt has begun.
    """
    match = of_job(session, job, now=now)
    if match.status == MatchStatus.DELETED or match.job_attempt > job.attempt:
        return False
    match.status, match.job_attempt = MatchStatus.READY, job.attempt
    match.style = style.model_dump(mode="json", exclude=_RESPONSE)
    match.result = result.model_dump(mode="json", exclude={*_METRICS.values()})
    match.error = None
    match.updated_at = now
    match.metrics = [
        session.merge(Metric(match_id=match.id, moment=moment, name=name, value=value))
        for moment, field in _METRICS.items()
        for name, value in getattr(result, field).model_dump(exclude_none=True).items()
    ]
    match.segments = [session.merge(JobSegment(match_id=match.id, **segment)) for segment in segments]
    return True


def ended(session: Session, *, job: Job, now: datetime) -> None:
    """The match of a job that failed or was canceled says so. What is persisted stays."""
    match = of_job(session, job, now=now)
    if match.status in (MatchStatus.READY, MatchStatus.DELETED) or match.job_attempt > job.attempt:
        return
    failed = job.status is JobStatus.FAILED
    error = job.error or JobError(code="INTERNAL", message="Something went wrong on our side.")
    match.status = MatchStatus.FAILED if failed else MatchStatus.CANCELED
    match.error = error.model_dump(mode="json") if failed else None
    match.job_attempt, match.updated_at = job.attempt, now


def resume(session: Session, *, job: Job, now: datetime) -> None:
    """The job runs once more."""
    match = of_job(session, job, now=now)
    if match.status != MatchStatus.DELETED and match.job_attempt < job.attempt:
        match.status, match.error = MatchStatus.MATCHING, None
        match.job_attempt, match.updated_at = job.attempt, now


def metrics(match: Match) -> dict[str, dict[str, float]]:
    """``before`` and ``after`` by name."""
    return {
        moment: {metric.name: metric.value for metric in match.metrics if metric.moment == moment}
        for moment in _METRICS
    }


def _alive() -> ColumnElement[bool]:
    return Match.status != MatchStatus.DELETED
