"""Hear the recording as music: notes, key, tempo, meter."""

from typing import Any

from soundstage.audio.io import read_audio
from soundstage.music.listening.analysis import audio_analyze
from soundstage.platform.runtime.steps import Step, step


@step("audio_analyze", progress=8)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    analysis = audio_analyze(read_audio(step.read_file(event["hum_key"])))
    key = step.write_json(step.work_key("analysis.json"), analysis.model_dump(mode="json"))
    facts = analysis.model_dump(mode="json", include={"outcome", "code", "message", "key", "tempo_bpm", "meter"})
    return facts | {"analysis_key": key, "notes": len(analysis.notes)}
