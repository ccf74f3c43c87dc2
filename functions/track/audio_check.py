"""Is this recording something to work with? Leaves it decoded in work/, so that no later step needs ffmpeg."""

from typing import Any

from soundstage.audio.io import read_audio, write_wav
from soundstage.models.errors import MediaRejected
from soundstage.music.listening.check import MAX_DURATION_S, audio_check
from soundstage.platform.runtime.steps import Step, step

MAX_SAMPLES = 120_000_000
"""Five minutes of stereo at 192 kHz. Decoded it has four times as many bytes, in memory and on the disk."""


@step("audio_check", progress=2)
def handler(_event: dict[str, Any], step: Step) -> dict[str, Any]:
    probe = step.asset("hum").probe
    if probe is not None and probe.duration_s > MAX_DURATION_S:
        raise MediaRejected("DURATION_TOO_LONG")  # hours would not fit into memory
    if probe is not None and probe.frames * probe.channels > MAX_SAMPLES:
        raise MediaRejected("FILE_TOO_LARGE")
    audio = read_audio(step.upload("hum"))
    decoded = step.scratch / "hum-decoded.wav"
    # Floats, so that the later steps hear exactly what a direct reading of the upload hears.
    write_wav(decoded, audio, subtype="FLOAT")
    found = audio_check(audio).model_dump(mode="json")
    return found | {"hum_key": step.write_file(decoded, step.work_key("hum.wav"), content_type="audio/wav")}
