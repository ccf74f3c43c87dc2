"""Keep what was made: the match with its style, metrics and segments in the catalog. The match is ready."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from soundstage.models.match import MatchResult
from soundstage.models.style import Preset
from soundstage.platform.catalog import matches
from soundstage.platform.catalog.database import Catalog, engine_for
from soundstage.platform.runtime.steps import Step, settings, step


@step("persisting", progress=95)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    result = MatchResult.model_validate(event["result"])
    style = Preset.model_validate(step.read_json(result.preset_key)).params
    with _catalog().transaction() as session:
        kept = matches.persist(
            session, job=step.job, result=result, style=style, segments=event["segments"], now=datetime.now(UTC)
        )
    return result.model_dump(mode="json") | {"match_id": step.job.subject_id, "kept": kept}


@cache
def _catalog() -> Catalog:
    return Catalog(engine_for(settings()))
