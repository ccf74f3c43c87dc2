"""Hear one recording. Leaves its features in work/, the part that mode A may need, and the target as WAV."""

from typing import Any

from soundstage.audio.io import Audio, write_wav
from soundstage.match.align import excerpt
from soundstage.match.features import analyze_features
from soundstage.match.streams import FileReader, as_wav
from soundstage.models.errors import MediaRejected
from soundstage.models.match import TARGET
from soundstage.platform.steps import Step, step


@step("analyzing", progress=2)
def handler(event: dict[str, Any], step: Step) -> dict[str, Any]:
    role = event["role"]
    given = step.upload(role)
    # Others seek in the target, which only an uncoded file takes without decoding all that comes before.
    path = as_wav(given, step.scratch / "decoded.wav") if role == TARGET else given
    recording = FileReader(path)
    features = analyze_features(recording, pitch=role == TARGET)  # for the report
    if features.loudness.integrated_lufs is None:
        raise MediaRejected("SILENT", detail={"role": role})
    opening = step.scratch / "opening.wav"
    write_wav(opening, Audio(excerpt(recording), recording.rate_hz), subtype="FLOAT")
    facts = {
        "role": role,
        "features_key": step.write_json(step.work_key(f"{role}.json"), features.model_dump(mode="json")),
        "opening_key": step.write_file(opening, step.work_key(f"{role}-opening.wav"), content_type="audio/wav"),
    }
    if role != TARGET:
        return facts
    sound_key = step.work_key("target.wav")
    if path == given:
        step.copy_upload(role, sound_key)
    else:
        step.write_file(path, sound_key, content_type="audio/wav")
    shape = {"rate_hz": recording.rate_hz, "channels": recording.channels, "frames": recording.frames}
    return facts | shape | {"sound_key": sound_key}
