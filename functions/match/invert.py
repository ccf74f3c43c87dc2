"""Find the style that brings the target to the references, or fit the preset to it."""

from contextlib import ExitStack
from typing import Any

from soundstage.audio.streams import StreamReader
from soundstage.match.pipeline import Analyzed, find_style
from soundstage.models.match import TARGET, reference_role
from soundstage.models.style import Features
from soundstage.platform.aws.impulse_responses import inline
from soundstage.platform.runtime.steps import Step, step
from soundstage.products.match import MATCH


@step("inverting", progress=28)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    params = MATCH.options_of(step.job).match_params
    recordings = {recording["role"]: recording for recording in event["recordings"]}

    def features(role: str) -> Features:
        return Features.model_validate(step.read_json(recordings[role]["features_key"]))

    with ExitStack() as opened:

        def analyzed(role: str, weight: float = 1.0) -> Analyzed:
            stream = opened.enter_context(step.objects.open(recordings[role]["sound_key"]))
            return Analyzed(features(role), StreamReader(stream), weight)

        style = find_style(
            [analyzed(reference_role(index), given.weight) for index, given in enumerate(params.references)],
            analyzed(TARGET),
            mode=params.mode,
            amounts=params.amounts,
            strength=params.strength,
            preset=inline(params.preset, step.objects) if params.preset else None,
        )
    key = step.write_json(step.work_key("style.json"), style.model_dump(mode="json"))
    return {"style_key": key, "took_s": step.took_s}
