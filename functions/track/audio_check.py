"""Is this recording something to work with? Leaves it decoded in work/, so that no later step needs ffmpeg."""

from typing import Any

from soundstage.audio.io import read_audio, write_wav
from soundstage.models.assets import AudioProbe
from soundstage.music.listening.check import audio_check, check_size
from soundstage.platform.runtime.steps import Step, step


@step("audio_check", progress=2)
def handler(_event: dict[str, Any], step: Step) -> dict[str, Any]:
    probe = step.asset("hum").probe
    if isinstance(probe, AudioProbe):
        check_size(probe)
    audio = read_audio(step.upload("hum"))
    decoded = step.scratch / "hum-decoded.wav"
    # Floats, so that the later steps hear exactly what a direct reading of the upload hears.
    write_wav(decoded, audio, subtype="FLOAT")
    found = audio_check(audio).model_dump(mode="json")
    return found | {"hum_key": step.write_file(decoded, step.work_key("hum.wav"), content_type="audio/wav")}
