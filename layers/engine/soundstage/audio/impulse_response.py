"""What an impulse response that somebody uploads has to be: a short WAV file in which something is heard."""

import dataclasses
from pathlib import Path

from soundstage.audio.io import AudioReader
from soundstage.audio.probe import DEFAULT_LIMITS, ProbeLimits, probe_audio
from soundstage.media.containers import WAV, container_of
from soundstage.models.assets import AudioProbe
from soundstage.models.errors import MediaRejected

LIMITS: ProbeLimits = dataclasses.replace(
    DEFAULT_LIMITS, max_size_bytes=64 << 20, max_duration_s=30.0, min_duration_s=0.001, max_channels=2
)
"""Longer than any room rings, shorter than a loudspeaker cabinet's response; a reverb has one or two channels."""


def probe_impulse_response(path: Path) -> AudioProbe:
    """Raises MediaRejected as :func:`probe_audio`; FORMAT_UNSUPPORTED for what is no WAV, SILENT for nothing."""
    if path.stat().st_size and container_of(path) is not WAV:
        raise MediaRejected("FORMAT_UNSUPPORTED", "An impulse response has to be a WAV file.")
    probe = probe_audio(path, limits=LIMITS)
    with AudioReader(path) as reader:
        if not any(block.any() for block in reader.blocks()):
            raise MediaRejected("SILENT", "The impulse response is silent.")
    return probe
