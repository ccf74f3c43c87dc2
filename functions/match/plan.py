"""Cut the target into segments that workers render at the same time."""

from typing import Any

from soundstage.match.rendering.segments import plan_segments
from soundstage.models.style import StyleParams
from soundstage.platform.runtime.steps import Step, step
from soundstage.products.match import MATCH


@step("rendering", progress=33)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    target = event["target"]
    params = MATCH.options_of(step.job).match_params
    style = StyleParams.model_validate(step.read_json(event["style_key"]))
    segments = plan_segments(target["frames"], target["rate_hz"], target["channels"], style, params.segment_s)
    return {"segments": [segment.model_dump() for segment in segments]}
