"""How the tone of two parts of one song differs, told from moments that sound alike.

Mean spectra also differ by how often each thing is played. So every moment of either recording is laid beside those of
the other that are most like it once the difference known so far is taken out, and what is left between them is the
rest of the difference (iterative closest points: P. Besl, N. McKay 1992). Of songs that share nothing, no moment is
like another: this is for parts of one song.

Nothing is picked: every pair of moments has a weight that falls with how unlike they are, so that a slightly other
cut into frames changes the result as little (softened assignment: S. Gold et al., Pattern Recognition 31, 1998).
"""

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats, Floats32
from soundstage.match.analysis.modulation import alike_in_time
from soundstage.match.estimation.evidence import between
from soundstage.models.style import MelFrames

MOST_MOMENTS = 160
LEAST_MOMENTS = 20
QUIETEST, PAUSE_DB = 20, 3.0  # percent of the moments are pauses, by so many dB more or less
NEIGHBOURS = 3
ALIKE, SOFTLY = 60, 0.1  # percent of the nearest pairs are alike, and how softly that ends, as a share of the cost
LEAST_WEIGHT = 1e-3  # of the heaviest pair: what is lighter is left out, for speed
MOST_APART_DB = 12.0
LOUDER_COUNTS = 0.15  # as much as a difference in every band
OUTLYING_DB, ITERATIONS = 0.5, 12


class Moments:
    """The mel frames of two recordings, in the ``bands`` that both hold."""

    def __init__(self, reference: MelFrames, target: MelFrames, bands: NDArray[np.bool_]) -> None:
        one, other, _ = alike_in_time(reference, target)
        self._wanted, wanted = _sounding(one[:, bands].astype(np.float32))
        self._given, given = _sounding(other[:, bands].astype(np.float32))
        self._sounding = wanted[:, None] * given

    def tell(self) -> bool:
        return bool(min(self._sounding.shape) >= LEAST_MOMENTS)

    def left_db(self, known_db: NDArray[np.floating]) -> Floats:
        """What of the difference is left after ``known_db``: a robust mean over alike moments, level apart; [bands]."""
        apart = self._wanted[:, None] - (self._given + known_db.astype(np.float32))
        louder = np.median(apart, axis=2)
        apart -= louder[..., None]
        cost = np.minimum(np.abs(apart), MOST_APART_DB).mean(axis=2) + LOUDER_COUNTS * np.abs(louder)
        weights = _alike(cost.astype(np.float64)) * self._sounding
        heavy = weights > LEAST_WEIGHT * weights.max()
        return _robust_mean(apart[heavy], weights[heavy])


def _sounding(levels: Floats32) -> tuple[Floats32, Floats]:
    """At most ``MOST_MOMENTS`` of [frames, bands], evenly, and how much each is no pause, 0 to 1."""
    loudness = levels.mean(axis=1)
    pause_db = float(np.percentile(loudness, QUIETEST)) if len(levels) else 0.0
    weights = between(loudness, pause_db - PAUSE_DB, pause_db + PAUSE_DB)
    kept = np.flatnonzero(weights)
    kept = kept[:: max(1, -(-len(kept) // MOST_MOMENTS))]
    return levels[kept], weights[kept]


def _alike(cost: Floats) -> Floats:
    """Weights [n, m] of pairs: each moment has one vote, mostly for its ``NEIGHBOURS`` nearest, if they are near."""
    votes = np.zeros_like(cost)
    for axis in (0, 1):
        nearest = np.partition(cost, (0, NEIGHBOURS), axis=axis)
        least = np.take(nearest, [0], axis)
        width = float(np.mean(np.take(nearest, [NEIGHBOURS], axis) - least)) + 1e-6
        near = np.exp((least - cost) / width)
        votes += near / near.sum(axis=axis, keepdims=True)
    limit = float(np.percentile(np.concatenate([cost.min(axis=0), cost.min(axis=1)]), ALIKE))
    return np.asarray(votes / (1 + np.exp(np.minimum((cost - limit) / (SOFTLY * limit + 1e-6), 50.0))))


def _robust_mean(values: Floats32, weights: Floats) -> Floats:
    """Of [pairs, bands], each band by itself; like a median, but smooth (P. Huber 1964, by reweighting)."""
    mean = weights @ values / weights.sum()
    for _ in range(ITERATIONS):
        left = (values - mean.astype(np.float32)) / OUTLYING_DB
        trusted = weights.astype(np.float32)[:, None] / np.sqrt(1 + left**2)
        mean += OUTLYING_DB * np.sum(trusted * left, axis=0, dtype=np.float64) / trusted.sum(axis=0, dtype=np.float64)
    return np.asarray(mean)
