"""Which part of the recording becomes the song's tune: the person's choice, or the best one."""

from typing import Any

from soundstage.models.music import Analysis
from soundstage.music.listening.segment import segment_pick
from soundstage.platform.aws.tunes import Tunes
from soundstage.platform.runtime.steps import Step, step
from soundstage.products.track import TRACK


@step("segment_pick", progress=14)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    analysis = Analysis.model_validate(step.read_json(event["analysis_key"]))
    options = TRACK.options_of(step.job)
    correction = Tunes(step.objects, step.trace_id).correction_at(options.correction_key)
    wanted = options.gen_params.segment or (correction.segment if correction else None)
    return {"segment": segment_pick(analysis, wanted).model_dump(mode="json")}
