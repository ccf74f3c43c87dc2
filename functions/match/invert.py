"""Find the style that brings the target to the references, or fit the preset to it."""

from typing import Any

from soundstage.audio.streams import FileReader, StreamReader
from soundstage.match.pipeline import Analyzed, find_style
from soundstage.models.match import TARGET, reference_role
from soundstage.models.style import Features
from soundstage.platform.aws.impulse_responses import inline
from soundstage.platform.runtime.steps import Step, step
from soundstage.products.match import MATCH


@step("inverting", progress=20)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    params = MATCH.options_of(step.job).match_params
    recordings = {recording["role"]: recording for recording in event["recordings"]}

    def features(role: str) -> Features:
        return Features.model_validate(step.read_json(recordings[role]["features_key"]))

    def reference(role: str, weight: float) -> Analyzed:
        return Analyzed(features(role), FileReader(step.read_file(recordings[role]["opening_key"])), weight)

    with step.objects.open(recordings[TARGET]["sound_key"]) as stream:
        style = find_style(
            [reference(reference_role(index), given.weight) for index, given in enumerate(params.references)],
            Analyzed(features(TARGET), StreamReader(stream)),
            mode=params.mode,
            amounts=params.amounts,
            strength=params.strength,
            preset=inline(params.preset, step.objects) if params.preset else None,
        )
    key = step.write_json(step.work_key("style.json"), style.model_dump(mode="json"))
    return {"style_key": key, "took_s": step.took_s}
