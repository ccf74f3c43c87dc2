"""How a recording is tuned: where its partials lie between the notes of equal temperament at 440 Hz."""

import numpy as np
from numpy.typing import NDArray

from soundstage.audio.decibels import power_to_db
from soundstage.match.analysis.feature_arrays import FeatureArrays
from soundstage.models.style import TuningFeatures

CONCERT_HZ = 440.0
"""A4 (ISO 16)."""

PEAKS_HZ, PEAKS_UP_TO = (180.0, 2000.0), 0.4
"""Where partials are looked for, and up to which share of the sample rate: below, a line is wider than 50 cents;
above, partials of strings and voices lie sharp of their notes."""

PEAKS_PER_FRAME, PEAKS_WITHIN_DB = 12, 40.0
"""Of a frame's partials, so many of the strongest, within so much of the strongest one: chosen, as chords of three
notes with four partials each."""

LEAST_BINS = 8
"""Of a spectrum: with fewer in ``PEAKS_HZ`` no partial can be told from another."""

NO_POWER_DB, LEAST_BEND_DB = -120.0, 4e-6
"""Floor of the power of a line, unscaled, and the least curvature of a peak: no parabola goes through less."""

LEAST_PEAKS = 60
"""Partials without which a tuning is chance: five chords."""

CLEAR = 0.5
"""Clarity from which on a tuning is believed, chosen: noise has .02, synthesised songs about .9."""


class TuningMeter:
    """The circular mean of the strongest partials' distances from the next note (K. Mardia, P. Jupp, 2000, §2.2)."""

    def __init__(self, rate_hz: int, fft_size: int) -> None:
        self._line_hz = rate_hz / fft_size
        self._first = max(2, int(PEAKS_HZ[0] / self._line_hz))
        self._last = int(min(PEAKS_HZ[1], PEAKS_UP_TO * rate_hz) / self._line_hz)
        self._sum, self._peaks = 0j, 0

    def process(self, power: NDArray[np.floating]) -> None:
        """Take the power spectra [frames, fft_size / 2 + 1] of frames under a Hann window, at any scale.

        A peak's place between lines is the vertex of the parabola through three levels in dB (J. O. Smith, X. Serra,
        "PARSHL", ICMC 1987).
        """
        level_db = power_to_db(power[:, self._first - 1 : self._last + 1], NO_POWER_DB)
        if level_db.shape[1] < LEAST_BINS:
            return
        left, here, right = level_db[:, :-2], level_db[:, 1:-1], level_db[:, 2:]
        strong = here > here.max(axis=1, keepdims=True) - PEAKS_WITHIN_DB
        peaks = np.where((here > left) & (here >= right) & strong, here, -np.inf)
        taken = min(PEAKS_PER_FRAME, peaks.shape[1])
        strongest = np.argpartition(peaks, -taken, axis=1)[:, -taken:]
        rows = np.arange(len(peaks))[:, None]
        a, b, c = left[rows, strongest], here[rows, strongest], right[rows, strongest]
        bend = a - 2 * b + c
        known = np.isfinite(peaks[rows, strongest]) & (bend < -LEAST_BEND_DB)
        place = strongest[known] + 0.5 * ((a - c) / np.where(known, bend, -1.0))[known]
        cents = 1200 * np.log2((place + self._first) * self._line_hz / CONCERT_HZ)
        self._sum += complex(np.exp(2j * np.pi * cents / 100).sum())
        self._peaks += len(cents)

    def result(self) -> TuningFeatures | None:
        """The tuning of everything so far; None where fewer than ``LEAST_PEAKS`` partials were found."""
        if self._peaks < LEAST_PEAKS:
            return None
        mean = self._sum / self._peaks
        return TuningFeatures(offset_cents=float(np.angle(mean) / (2 * np.pi) * 100), clarity=float(abs(mean)))


def apart_cents(reference: FeatureArrays, target: FeatureArrays) -> float | None:
    """By how many cents the reference is tuned higher, −50 to 50; None unless both are tuned clearly."""
    one, other = reference.tuning, target.tuning
    if one is None or other is None or min(one.clarity, other.clarity) < CLEAR:
        return None
    return (one.offset_cents - other.offset_cents + 50) % 100 - 50
