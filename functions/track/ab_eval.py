"""Score both variants against the hum and each other, and recommend one."""

from typing import Any

from soundstage.audio.io import read_audio
from soundstage.models.music import Analysis, RenderedVariant, Segment
from soundstage.music.evaluation.ab_eval import ab_eval
from soundstage.platform.runtime.steps import Step, step


@step("ab_eval", progress=84)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    variants = {v.label: v for v in map(RenderedVariant.model_validate, event["variants"])}
    score = ab_eval(
        Analysis.model_validate(step.read_json(event["analysis_key"])),
        Segment.model_validate(event["segment"]),
        variants["A"],
        read_audio(step.read_file(variants["A"].audio)),
        variants["B"],
        read_audio(step.read_file(variants["B"].audio)),
    )
    return {"score": score.model_dump(mode="json")}
