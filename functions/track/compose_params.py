"""Plan both variants: sections, chords, tune, styles."""

from typing import Any

from soundstage.models.music import Analysis, GenParams, Segment
from soundstage.music.composition import compose_params
from soundstage.platform.steps import Step, step


@step("compose_params", progress=30)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    composition = compose_params(
        Analysis.model_validate(step.read_json(event["analysis_key"])),
        Segment.model_validate(event["segment"]),
        GenParams.model_validate(step.job.options.get("gen_params", {})),
    )
    key = step.write_json(step.work_key("composition.json"), composition.model_dump(mode="json"))
    return {"composition_key": key}
