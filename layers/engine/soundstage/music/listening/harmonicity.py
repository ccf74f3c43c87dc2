"""Harmonicity: what share of a recording's power lies in the harmonics of one pitch, and what share in any partials."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, median_filter, minimum_filter1d

from soundstage.arrays import Floats
from soundstage.audio.decibels import power_to_db
from soundstage.audio.pitch import FRAME_PERIOD_S, MODEL_RATE_HZ, VOICED_CONFIDENCE, PitchTrack, hz_to_midi
from soundstage.audio.spectrum import rfft_single

_WINDOW = 2048  # samples, 128 ms: resolves partials 16 Hz apart, so two voices a semitone apart from 130 Hz up
_HOP = 1600  # samples, 100 ms
_BAND_HZ = (80.0, 4000.0)  # fundamentals and the harmonics that carry a voice's power
# A frame sounds above a tenth of the 60th percentile of power; quieter ones are pauses.
_SOUNDING_SHARE, _SOUNDING_PERCENTILE = 0.1, 60
_PARTIAL_OVER_MEDIAN = 12.0  # power ratio: noise passes this in 1 of 4000 bins
_MEDIAN_BINS = 61  # 480 Hz
# A bin belongs to a harmonic within 24 Hz (three bins) or 3 % of the fundamental, a quarter tone.
_NEAR_HZ, _NEAR_SHARE = 24.0, 0.03
# Foreign partials are looked for up to 2 kHz, 32 Hz (four bins, a Hann window's main lobe) or 4 % of the fundamental
# from all harmonics, in frames whose pitch moves by less than half a semitone within 64 ms on both sides: elsewhere
# one's own harmonics smear.
_FOREIGN_BELOW_HZ, _FOREIGN_HZ, _FOREIGN_SHARE = 2000.0, 32.0, 0.04
_RESTS_SEMITONES, _RESTS_FRAMES, _FOREIGN_PERCENTILE = 0.5, 4, 75
# Of foreign partials, from which a warning: 44 of 45 singers by themselves have less than −23 dB, a second singer 3 dB
# softer −6 dB, a karaoke track 12 dB below the voice −10 dB.
FOREIGN_DB = -18.0
NO_FOREIGN_DB = -100.0


@dataclass(frozen=True)
class Harmonicity:
    """Medians over the frames that sound; shares from 0 to 1.

    Attributes:
        harmonic_share: of the power in harmonics of the tracked pitch, over the frames that have one.
        partial_share: of the power in spectral peaks, whatever they belong to.
        pitched_share: of the frames that have a pitch.
        foreign_db: of the partials that belong to no harmonic, against those that do, where the pitch rests; its upper
            quartile, for what sounds along may pause.
    """

    harmonic_share: float
    partial_share: float
    pitched_share: float
    foreign_db: float


def measure_harmonicity(signal: NDArray[np.float32], pitch: PitchTrack) -> Harmonicity:
    """Measure ``signal`` ([frames] float32 at 16 kHz) against its own ``pitch``; all zeros where it is shorter than 128
    ms.
    """
    starts = np.arange(0, len(signal) - _WINDOW + 1, _HOP)
    if not len(starts) or not len(pitch.times_s):
        return Harmonicity(0.0, 0.0, 0.0, NO_FOREIGN_DB)
    frequency_hz = np.fft.rfftfreq(_WINDOW, 1 / MODEL_RATE_HZ)
    band = (frequency_hz > _BAND_HZ[0]) & (frequency_hz < _BAND_HZ[1])
    windows = np.lib.stride_tricks.sliding_window_view(signal, _WINDOW)[::_HOP]
    power = np.abs(rfft_single(windows * np.hanning(_WINDOW).astype(np.float32))[:, band]) ** 2
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
    rests = _rests(pitch)[frame]
    return Harmonicity(
        harmonic_share=float(np.median(harmonic[pitched])) if pitched.any() else 0.0,
        partial_share=float(np.median((power * partials).sum(axis=1) / total)) if len(total) else 0.0,
        pitched_share=float(pitched.mean()) if len(pitched) else 0.0,
        foreign_db=_foreign_db((power * partials)[rests], frequency_hz[band], f0_hz[rests]),
    )


def _rests(pitch: PitchTrack) -> NDArray[np.bool_]:
    """Frames around which the pitch stays where it is. [frames]"""
    size = 2 * _RESTS_FRAMES + 1
    semitones = hz_to_midi(pitch.f0_hz)
    moves = maximum_filter1d(semitones, size) - minimum_filter1d(semitones, size)
    return np.asarray(minimum_filter1d(pitch.voiced, size) & (moves < _RESTS_SEMITONES))


def _foreign_db(partials: NDArray[np.float32], frequency_hz: NDArray[np.floating], f0_hz: Floats) -> float:
    """Upper quartile over frames of the power of peaks between harmonics against peaks at harmonics, dB; −100 where
    there are no frames. ``partials``: power, 0 beside spectral peaks, [frames, bins]; ``f0_hz`` [frames, 1].
    """
    if not len(partials):
        return NO_FOREIGN_DB
    peaks = partials * (partials >= maximum_filter1d(partials, 3, axis=1))
    away_hz = np.abs(frequency_hz - np.maximum(np.round(frequency_hz / f0_hz), 1) * f0_hz)
    foreign = away_hz > np.maximum(_FOREIGN_HZ, _FOREIGN_SHARE * f0_hz)
    below = frequency_hz < _FOREIGN_BELOW_HZ
    own = np.maximum((peaks * ~foreign).sum(axis=1), 1e-12)
    ratio_db = power_to_db((peaks * (foreign & below)).sum(axis=1) / own, NO_FOREIGN_DB)
    return float(np.percentile(ratio_db, _FOREIGN_PERCENTILE))
