"""At which intervals a recording's onsets repeat: parts of one song share their tempo, songs seldom do."""

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Samples

PERIOD_S = 0.025
LISTENED_S = 120.0
SHORTEST_S, LONGEST_S = 0.15, 2.5
CLEAR = 0.15
SILENT = 1e-9


class PulseMeter:
    """Hears the first two minutes of a stream, its high frequencies most: there onsets stand out."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._period = round(PERIOD_S * rate_hz)
        self._left = round(LISTENED_S * rate_hz)
        self._waiting = np.zeros((0, channels), np.float32)
        self._powers: list[NDArray[np.float32]] = []

    def process(self, samples: Samples) -> None:
        """Take the next [frames, channels]."""
        if self._left <= 0:
            return
        self._left -= len(samples)
        if len(self._waiting):
            samples = np.concatenate([self._waiting, samples])
        whole = len(samples) // self._period * self._period
        if whole:
            # The first difference of a period leaves its own first sample out: the grid does not matter.
            rows = samples[:whole].reshape(-1, self._period, samples.shape[1])
            steps = np.diff(rows, axis=1).reshape(len(rows), -1)
            self._powers.append(np.einsum("nf,nf->n", steps, steps) / np.float32(steps.shape[1]))
        self._waiting = samples[whole:].copy()

    def result(self) -> list[float]:
        """Autocorrelation of the rises in level at lags ``SHORTEST_S`` to ``LONGEST_S``; empty if too short or flat."""
        first, last = round(SHORTEST_S / PERIOD_S), round(LONGEST_S / PERIOD_S)
        powers = np.concatenate(self._powers) if self._powers else np.zeros(0)
        if len(powers) < 2 * last:
            return []
        rises = np.maximum(np.diff(np.log10(powers + SILENT)), 0.0)
        rises -= rises.mean()
        size = 1 << int(np.ceil(np.log2(2 * len(rises))))
        correlation = np.fft.irfft(np.abs(np.fft.rfft(rises, size)) ** 2)[: last + 1]
        return [float(c) for c in correlation[first:] / correlation[0]] if correlation[0] > 0 else []


def same_pulse(one: list[float], other: list[float]) -> float | None:
    """Correlation of two such curves, −1 to 1; None where one of them has no clear pulse, which tells nothing."""
    if len(one) != len(other) or not one or min(max(one), max(other)) < CLEAR:
        return None
    return float(np.corrcoef(one, other)[0, 1])
