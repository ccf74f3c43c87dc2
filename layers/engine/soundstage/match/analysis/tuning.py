"""How a recording is tuned."""

import numpy as np
from numpy.typing import NDArray

from soundstage.models.style import Features, TuningFeatures

CONCERT_HZ = 440.0
PEAKS_HZ = (180.0, 2000.0)
PEAKS_PER_FRAME = 12
LEAST_PEAKS = 60
CLEAR = 0.5
LOUD_NEPERS = 9.2  # of power: 40 dB


class TuningMeter:
    """Where between the notes of equal temperament at 440 Hz the strongest partials lie, as a circular mean."""

    def __init__(self, rate_hz: int, fft_size: int) -> None:
        self._line_hz = rate_hz / fft_size
        self._first = max(2, int(PEAKS_HZ[0] / self._line_hz))
        self._last = int(min(PEAKS_HZ[1], 0.4 * rate_hz) / self._line_hz)
        self._sum, self._peaks = 0j, 0

    def take(self, power: NDArray[np.floating]) -> None:
        """Power spectra [frames, bins] of Hann windows."""
        level = np.log(power[:, self._first - 1 : self._last + 1].astype(np.float64) + 1e-12)
        if level.shape[1] < 8:
            return
        left, here, right = level[:, :-2], level[:, 1:-1], level[:, 2:]
        peaks = np.where(
            (here > left) & (here >= right) & (here > here.max(axis=1, keepdims=True) - 9.2), here, -np.inf
        )
        strongest = np.argsort(peaks, axis=1)[:, -PEAKS_PER_FRAME:]
        rows = np.arange(len(peaks))[:, None]
        a, b, c = left[rows, strongest], here[rows, strongest], right[rows, strongest]
        found = np.isfinite(peaks[rows, strongest]) & (a - 2 * b + c < -1e-6)
        place = strongest[found] + 0.5 * ((a - c) / np.where(found, a - 2 * b + c, -1.0))[found]
        cents = 1200 * np.log2((place + self._first) * self._line_hz / CONCERT_HZ)
        self._sum += complex(np.exp(2j * np.pi * cents / 100).sum())
        self._peaks += len(cents)

    def result(self) -> TuningFeatures | None:
        if self._peaks < LEAST_PEAKS:
            return None
        mean = self._sum / self._peaks
        return TuningFeatures(offset_cents=float(np.angle(mean) / (2 * np.pi) * 100), clarity=float(abs(mean)))


def apart_cents(reference: Features, target: Features) -> float | None:
    """By how much the reference is tuned higher, −50 to 50; None unless both are tuned clearly."""
    one, other = reference.tuning, target.tuning
    if one is None or other is None or min(one.clarity, other.clarity) < CLEAR:
        return None
    return (one.offset_cents - other.offset_cents + 50) % 100 - 50
