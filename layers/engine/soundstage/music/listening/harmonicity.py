"""Harmonicity: what share of a recording's power lies in the harmonics of one pitch, and what share in any partials."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from soundstage.audio.pitch import FRAME_PERIOD_S, MODEL_RATE_HZ, VOICED_CONFIDENCE, PitchTrack

_WINDOW = 2048  # samples, 128 ms: resolves partials 16 Hz apart, so two voices a semitone apart from 130 Hz up
_HOP = 1600  # samples, 100 ms
_BAND_HZ = (80.0, 4000.0)  # fundamentals and the harmonics that carry a voice's power
# A frame sounds above a tenth of the 60th percentile of power; quieter ones are pauses.
_SOUNDING_SHARE, _SOUNDING_PERCENTILE = 0.1, 60
_PARTIAL_OVER_MEDIAN = 12.0  # power ratio: noise passes this in 1 of 4000 bins
_MEDIAN_BINS = 61  # 480 Hz
# A bin belongs to a harmonic within 24 Hz (three bins) or 3 % of the fundamental, a quarter tone.
_NEAR_HZ, _NEAR_SHARE = 24.0, 0.03


@dataclass(frozen=True)
class Harmonicity:
    """Medians over the frames that sound; shares from 0 to 1.

    Attributes:
        harmonic_share: of the power in harmonics of the tracked pitch, over the frames that have one.
        partial_share: of the power in spectral peaks, whatever they belong to.
        pitched_share: of the frames that have a pitch.
    """

    harmonic_share: float
    partial_share: float
    pitched_share: float


def measure_harmonicity(signal: NDArray[np.float32], pitch: PitchTrack) -> Harmonicity:
    """Measure ``signal`` ([frames] float32 at 16 kHz) against its own ``pitch``; all zeros where it is shorter than 128
    ms.
    """
    starts = np.arange(0, len(signal) - _WINDOW + 1, _HOP)
    if not len(starts) or not len(pitch.times_s):
        return Harmonicity(0.0, 0.0, 0.0)
    frequency_hz = np.fft.rfftfreq(_WINDOW, 1 / MODEL_RATE_HZ)
    band = (frequency_hz > _BAND_HZ[0]) & (frequency_hz < _BAND_HZ[1])
    windows = np.lib.stride_tricks.sliding_window_view(signal, _WINDOW)[::_HOP]
    power = np.abs(np.fft.rfft(windows * np.hanning(_WINDOW).astype(np.float32), axis=1)[:, band]) ** 2
    total = power.sum(axis=1)
    loud = total > _SOUNDING_SHARE * np.percentile(total, _SOUNDING_PERCENTILE)
    power, total, starts = power[loud], np.maximum(total[loud], 1e-12), starts[loud]
    frame = np.round((starts + _WINDOW / 2) / MODEL_RATE_HZ / FRAME_PERIOD_S).astype(int)
    frame = np.minimum(frame, len(pitch.times_s) - 1)
    pitched = pitch.confidence[frame] >= VOICED_CONFIDENCE
    partials = power > _PARTIAL_OVER_MEDIAN * median_filter(power, (1, _MEDIAN_BINS))
    f0_hz = pitch.f0_hz[frame][:, None]
    order = np.maximum(np.round(frequency_hz[band] / f0_hz), 1)
    near = np.abs(frequency_hz[band] - order * f0_hz) < np.maximum(_NEAR_HZ, _NEAR_SHARE * f0_hz)
    harmonic = (power * near).sum(axis=1) / total
    return Harmonicity(
        harmonic_share=float(np.median(harmonic[pitched])) if pitched.any() else 0.0,
        partial_share=float(np.median((power * partials).sum(axis=1) / total)) if len(total) else 0.0,
        pitched_share=float(pitched.mean()) if len(pitched) else 0.0,
    )
