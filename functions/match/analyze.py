"""Hear one recording. Leaves in work/ its features, the recording as WAV, and a preview of it."""

from typing import Any

from soundstage.audio.streams import FileReader, as_wav
from soundstage.match.analysis.check import check_audible
from soundstage.match.analysis.features import analyze_features
from soundstage.media.encode import encode_m4a_beside
from soundstage.media.types import content_type_of
from soundstage.models.match import TARGET
from soundstage.platform.runtime.steps import Step, step


@step("analyzing", progress=2)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    role = event["role"]
    given = step.upload(role)
    # Workers seek in a target, and mode A in a reference, which only an uncoded file takes without decoding all that
    # comes before.
    path = as_wav(given, step.scratch / "decoded.wav")
    recording = FileReader(path)
    preview = step.scratch / f"{role}.preview.m4a"
    with encode_m4a_beside(path, preview):
        heard = _heard(role, recording, step)
        sound_key = step.work_key(f"{role}.wav")
        if path == given:
            step.copy_upload(role, sound_key)
        else:
            step.write_file(path, sound_key, content_type="audio/wav")
    preview_key = None
    if preview.exists():
        preview_key = step.write_file(preview, step.work_key(preview.name), content_type=content_type_of(preview))
    shape = {"rate_hz": recording.rate_hz, "channels": recording.channels, "frames": recording.frames}
    return heard | shape | {"sound_key": sound_key, "preview_key": preview_key, "took_s": step.took_s}


def _heard(role: str, recording: FileReader, step: Step) -> dict[str, Any]:
    """Its features. The report shows the target's pitch."""
    features = analyze_features(recording, pitch=role == TARGET)
    check_audible(features, role=role)
    features_key = step.write_json(step.work_key(f"{role}.json"), features.model_dump(mode="json"))
    return {"role": role, "features_key": features_key}
