"""How clearly one voice, and no other, is heard: what lies in its harmonics, and what lies in any partials at all."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from soundstage.audio.pitch import FRAME_PERIOD_S, MODEL_RATE_HZ, VOICED_CONFIDENCE, PitchTrack

_WINDOW = 2048  # 128 ms: tells partials 16 Hz apart, so two voices a semitone apart from 130 Hz up
_HOP = 1600
_BAND_HZ = (80.0, 4000.0)
_LOUD = 0.1  # of the 60th percentile of power: quieter frames are pauses
_PARTIAL_OVER_MEDIAN = 12.0  # noise passes this in 1 of 4000 bins


@dataclass(frozen=True)
class Clarity:
    """Medians over the frames that sound.

    Attributes:
        harmonic_share: of their power, how much lies in harmonics of the tracked pitch, where there is one.
        partial_share: how much lies in narrow peaks, whosever they are.
        pitched_share: of these frames, how many have a pitch.
    """

    harmonic_share: float
    partial_share: float
    pitched_share: float


def measure_clarity(signal: NDArray[np.float32], pitch: PitchTrack) -> Clarity:
    """Measure ``signal`` ([frames] at 16 kHz) against its own ``pitch``."""
    starts = np.arange(0, len(signal) - _WINDOW + 1, _HOP)
    if not len(starts) or not len(pitch.times_s):
        return Clarity(0.0, 0.0, 0.0)
    frequency_hz = np.fft.rfftfreq(_WINDOW, 1 / MODEL_RATE_HZ)
    band = (frequency_hz > _BAND_HZ[0]) & (frequency_hz < _BAND_HZ[1])
    windows = np.lib.stride_tricks.sliding_window_view(signal, _WINDOW)[::_HOP]
    power = np.abs(np.fft.rfft(windows * np.hanning(_WINDOW).astype(np.float32), axis=1)[:, band]) ** 2
    total = power.sum(axis=1)
    loud = total > _LOUD * np.percentile(total, 60)
    power, total, starts = power[loud], np.maximum(total[loud], 1e-12), starts[loud]
    frame = np.round((starts + _WINDOW / 2) / MODEL_RATE_HZ / FRAME_PERIOD_S).astype(int)
    frame = np.minimum(frame, len(pitch.times_s) - 1)
    pitched = pitch.confidence[frame] >= VOICED_CONFIDENCE
    partials = power > _PARTIAL_OVER_MEDIAN * median_filter(power, (1, 61))
    f0_hz = pitch.f0_hz[frame][:, None]
    order = np.maximum(np.round(frequency_hz[band] / f0_hz), 1)
    near = np.abs(frequency_hz[band] - order * f0_hz) < np.maximum(24.0, 0.03 * f0_hz)
    harmonic = (power * near).sum(axis=1) / total
    return Clarity(
        harmonic_share=float(np.median(harmonic[pitched])) if pitched.any() else 0.0,
        partial_share=float(np.median((power * partials).sum(axis=1) / total)) if len(total) else 0.0,
        pitched_share=float(pitched.mean()) if len(pitched) else 0.0,
    )
