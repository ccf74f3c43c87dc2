"""Plan both variants: sections, chords, tune, styles."""

from typing import Any

from soundstage.models.music import Analysis, Segment
from soundstage.music.composing.composition import compose_params
from soundstage.platform.runtime.language_model import language_model
from soundstage.platform.runtime.steps import Step, step
from soundstage.products.track import TRACK
from soundstage.providers.text.music_direction import read_once


@step("compose_params", progress=15)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    analysis = Analysis.model_validate(step.read_json(event["analysis_key"]))
    params = TRACK.options_of(step.job).gen_params.seeded_by(step.asset("hum").sha256 or "")
    model = language_model() if params.prompt else None
    direction = read_once(params, analysis, model, step.objects, step.job.job_id) if model else None
    composition = compose_params(analysis, Segment.model_validate(event["segment"]), params, direction)
    key = step.write_json(step.work_key("composition.json"), composition.model_dump(mode="json"))
    return {"composition_key": key}
