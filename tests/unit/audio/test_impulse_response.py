from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.fixtures.sounds import encode, sine_audio

from soundstage.audio.impulse_response import LIMITS, probe_impulse_response
from soundstage.models.errors import MediaRejected


def response(path: Path, *, seconds: float = 0.4, channels: int = 2, peak: float = 0.5) -> Path:
    frames = round(seconds * 48_000)
    tail = np.random.default_rng(1).standard_normal((frames, channels)) * np.exp(-np.linspace(0, 7, frames))[:, None]
    soundfile.write(path, peak * tail / np.abs(tail).max(), 48_000, format="WAV", subtype="FLOAT")
    return path


def test_a_short_wav_is_one(tmp_path: Path) -> None:
    probe = probe_impulse_response(response(tmp_path / "hall.wav"))
    assert (probe.container, probe.channels, probe.frames) == ("wav", 2, 19_200)
    assert probe_impulse_response(response(tmp_path / "cabinet.wav", seconds=0.01, channels=1)).frames == 480


def test_what_is_none_is_refused(tmp_path: Path) -> None:
    refused = {
        "FORMAT_UNSUPPORTED": encode(sine_audio(seconds=1), tmp_path / "a.flac"),
        "DURATION_TOO_LONG": response(tmp_path / "long.wav", seconds=LIMITS.max_duration_s + 1, channels=1),
        "CHANNELS_UNSUPPORTED": response(tmp_path / "many.wav", channels=4),
        "SILENT": response(tmp_path / "silent.wav", peak=0.0),
    }
    for code, path in refused.items():
        with pytest.raises(MediaRejected) as rejected:
            probe_impulse_response(path)
        assert rejected.value.code == code
