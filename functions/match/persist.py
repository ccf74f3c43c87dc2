"""Keep what was made: the match with its style, metrics and segments in the catalog. The match is ready."""

from typing import Any

from soundstage.models.match import MatchResult
from soundstage.models.style import Preset
from soundstage.platform.aws.impulse_responses import externalise
from soundstage.platform.catalog.matches import Matches
from soundstage.platform.runtime.steps import Step, step
from soundstage.platform.runtime.wiring import catalog


@step("persisting", progress=97)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    result = MatchResult.model_validate(event["result"])
    style = Preset.model_validate(step.read_json(result.preset_key)).params
    style = externalise(style, step.objects)
    kept = Matches(catalog()).persist(step.job, result=result, style=style, segments=event["segments"])
    return result.model_dump(mode="json") | {"match_id": step.job.subject_id, "kept": kept}
