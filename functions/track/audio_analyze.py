"""Hear the recording as music: notes, key, tempo, meter; and take what the person corrected instead."""

from pathlib import Path
from typing import Any

from soundstage.audio.io import read_audio
from soundstage.models.music import Analysis
from soundstage.music.listening.analysis import audio_analyze
from soundstage.music.listening.correction import corrected
from soundstage.platform.aws.tunes import Tunes
from soundstage.platform.runtime.steps import Step, step
from soundstage.products.track import TRACK


def _heard(hum: Path, checked: dict[str, Any]) -> Analysis:
    """With what ``audio_check`` had to say of the recording."""
    analysis = audio_analyze(read_audio(hum))
    return analysis.model_copy(update={"warnings": [*checked["warnings"], *analysis.warnings]})


@step("audio_analyze", progress=4)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    tunes, hum_id = Tunes(step.objects, step.trace_id), step.job.inputs["hum"]
    checked = event.get("checked", {"warnings": []})  # executions that began before it was passed on lack it
    heard = tunes.heard(hum_id) or tunes.keep_heard(hum_id, _heard(step.read_file(event["hum_key"]), checked))
    analysis = corrected(heard, tunes.correction_at(TRACK.options_of(step.job).correction_key))
    key = step.write_json(step.work_key("analysis.json"), analysis.model_dump(mode="json"))
    facts = analysis.model_dump(mode="json", include={"outcome", "code", "message", "key", "tempo_bpm", "meter"})
    return facts | {"analysis_key": key, "notes": len(analysis.notes)}
