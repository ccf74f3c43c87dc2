"""Fundamental frequency of one voice over time, by SwiftF0: a small convolutional network on a 16 kHz spectrogram.

L. Nieradzik, "SwiftF0: Fast and Accurate Monophonic Pitch Detection", arXiv:2508.18440, 2025.
"""

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats, Samples
from soundstage.audio import onnx
from soundstage.audio.resample import resample

if TYPE_CHECKING:
    from swift_f0 import SwiftF0

MODEL_RATE_HZ = 16_000
FRAME_PERIOD_S = 0.016
MIN_HZ, MAX_HZ = 46.875, 2093.75
"""The model's own: its rate, its hop of 256 samples, and the bins that it looks at (ibid.)."""

VOICED_CONFIDENCE = 0.5
"""The package's own threshold."""

A4_HZ, A4_MIDI = 440.0, 69.0
"""The tuning pitch (ISO 16) and its MIDI number."""

LOWEST_HZ = 1.0
"""Stands for 0 Hz, which has no pitch."""


def hz_to_midi(f_hz: NDArray[np.floating]) -> Floats:
    """Fractional MIDI note numbers of frequencies of any shape, equal temperament."""
    return np.asarray(A4_MIDI + 12.0 * np.log2(np.maximum(f_hz, LOWEST_HZ) / A4_HZ))


def midi_to_hz(midi: float) -> float:
    """Frequency of a fractional MIDI note number, Hz, equal temperament."""
    return float(A4_HZ * 2.0 ** ((midi - A4_MIDI) / 12.0))


@dataclass(frozen=True, eq=False)
class PitchTrack:
    """One value per frame of 16 ms; all arrays are float64 of shape [frames].

    Attributes:
        times_s: centre of each frame.
        f0_hz: fractional fundamental frequency; meaningful where the frame is voiced.
        confidence: 0 to 1; a frame is voiced from ``VOICED_CONFIDENCE`` up.
        level_dbfs: RMS level of the 32 ms around each frame, at least −140.
    """

    times_s: Floats
    f0_hz: Floats
    confidence: Floats
    level_dbfs: Floats

    @property
    def voiced(self) -> NDArray[np.bool_]:
        return self.confidence >= VOICED_CONFIDENCE

    @property
    def midi(self) -> Floats:
        """Fractional MIDI note numbers, A4 = 440 Hz = 69; NaN where unvoiced."""
        return np.where(self.voiced, hz_to_midi(self.f0_hz), np.nan)


def track_pitch(mono: Samples, rate_hz: int, *, min_hz: float = MIN_HZ, max_hz: float = MAX_HZ) -> PitchTrack:
    """Track the pitch of ``mono`` ([frames], or [frames, channels], which are averaged) at any rate.

    Runs on one thread, so the same input gives the same track. An empty signal gives an empty track.

    Args:
        min_hz, max_hz: what is looked for, within ``MIN_HZ`` to ``MAX_HZ``.

    Raises:
        ValueError: NaN or infinity in the signal, or an empty pitch range.
    """
    signal = np.asarray(mono, np.float32)
    if signal.ndim == 2:
        signal = signal.mean(axis=1)
    signal = resample(signal, rate_hz, MODEL_RATE_HZ)
    if not signal.size:
        nothing = np.zeros(0)
        return PitchTrack(nothing, nothing, nothing, nothing)
    found = _detector().detect(signal, MODEL_RATE_HZ, fmin=min_hz, fmax=max_hz)
    return PitchTrack(found.timestamps, found.pitch_hz, found.confidence, found.loudness_db)


@functools.cache
def _detector() -> "SwiftF0":
    """One session for the process."""
    onnx.runtime()
    from swift_f0 import SwiftF0  # noqa: PLC0415

    return SwiftF0(threads=1, spin=False)
