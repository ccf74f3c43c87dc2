"""At which intervals a recording's onsets repeat: parts of one song share their tempo, songs seldom do.

The autocorrelation of an onset strength envelope (G. Tzanetakis, P. Cook, "Musical genre classification of audio
signals", IEEE Trans. Speech and Audio Processing 10, 2002, use one for a beat histogram).
"""

import numpy as np

from soundstage.arrays import Floats, Floats32, Samples
from soundstage.audio.decibels import NO_FLOOR, power_to_db
from soundstage.audio.steps import Steps

PERIOD_S = 0.025
"""From one onset strength to the next, chosen: a 64th note at 150 beats per minute."""

LISTENED_S = 120.0
"""Seconds at the beginning that are measured: enough bars of any tempo."""

SHORTEST_S, LONGEST_S = 0.15, 2.5
"""Range of the lags: from eighths of fast music to a bar of four at 96 beats per minute."""

LEAST_CLEAR = 0.15
"""Least highest value of an autocorrelation that has a clear tempo, chosen: synthesised songs have .7, speech hardly
any."""

SOFTENING = 1e-9
"""Added to powers before the logarithm, so that noise of silence makes no onsets: −90 dB of the first difference."""


class OnsetPeriodicityMeter:
    """Measures the first two minutes of a stream, by its first difference: high frequencies show onsets best."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._left = round(LISTENED_S * rate_hz)
        self._steps = Steps(round(PERIOD_S * rate_hz), channels)
        self._powers: list[Floats32] = []

    def process(self, samples: Samples) -> None:
        """Take the next [frames, channels]."""
        if self._left <= 0:
            return
        self._left -= len(samples)
        for part in self._steps.take(samples):
            # The first difference of a period leaves its own first sample out: the grid does not matter.
            rows = part.reshape(-1, self._steps.frames, part.shape[1])
            steps = np.diff(rows, axis=1).reshape(len(rows), -1)
            self._powers.append(np.einsum("nf,nf->n", steps, steps) / np.float32(steps.shape[1]))

    def result(self) -> Floats:
        """Autocorrelation of the rises in level, relative to that at lag 0: [lags], every ``PERIOD_S``.

        The lags are ``SHORTEST_S`` to ``LONGEST_S``; [0] for what is shorter than twice the longest, or never rises.
        """
        first, last = round(SHORTEST_S / PERIOD_S), round(LONGEST_S / PERIOD_S)
        powers = np.concatenate(self._powers) if self._powers else np.zeros(0, np.float32)
        if len(powers) < 2 * last:
            return np.zeros(0)
        rises_db = np.maximum(np.diff(power_to_db(powers + SOFTENING, NO_FLOOR)), 0.0)
        rises_db -= rises_db.mean()
        size = 1 << int(np.ceil(np.log2(2 * len(rises_db))))
        correlation = np.fft.irfft(np.abs(np.fft.rfft(rises_db, size)) ** 2)[: last + 1]
        return np.asarray(correlation[first:] / correlation[0]) if correlation[0] > 0 else np.zeros(0)


def same_periodicity(one: Floats, other: Floats) -> float | None:
    """Correlation of two such autocorrelations, −1 to 1; None where either is unknown or has no clear tempo."""
    if len(one) != len(other) or not len(one) or min(one.max(), other.max()) < LEAST_CLEAR:
        return None
    return float(np.corrcoef(one, other)[0, 1])
