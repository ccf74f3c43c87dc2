"""How the tone of two parts of one song differs, told from moments that sound alike.

Mean spectra also differ by how often each thing is played. So every moment of either recording is laid beside those of
the other that are most like it once the difference known so far is taken out, and what is left between them is the
rest of the difference (iterative closest points: P. Besl, N. McKay, IEEE PAMI 14(2), 1992). Of songs that share
nothing, no moment is like another: this is for parts of one song.

Nothing is picked: every pair of moments has a weight that falls with how unlike they are, so that a slightly other
cut into frames changes the result as little (softened assignment: S. Gold et al., Pattern Recognition 31, 1998).
"""

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats, Floats32
from soundstage.audio.ranks import median, percentiles
from soundstage.match.analysis.feature_arrays import MelSpectrogram
from soundstage.match.analysis.modulation import alike_in_time
from soundstage.match.estimation.evidence import between

MOST_MOMENTS, LEAST_MOMENTS = 160, 20
"""Moments of either recording: at most, for speed, since all pairs are compared; and at least, to tell anything."""

QUIETEST, PAUSE_DB = 20, 3.0
"""The percentile of the moments' levels below which pauses lie, and within how many dB of it moments begin to count."""

NEIGHBOURS = 3
"""Moments that a moment is mostly compared with: more are less alike, fewer hang on chance."""

ALIKE, SOFTLY = 60, 0.1
"""The percentile of the nearest pairs' costs up to which pairs are alike, and the share of it over which that ends."""

NEAREST = 5
"""The percentile of the nearest pairs' costs that says how unlike moments are: where a song repeats itself at all, few
moments do so exactly, and those tell its equaliser."""

LEAST_WEIGHT = 1e-3
"""Of the heaviest pair: what is lighter is left out, for speed."""

MOST_APART_DB = 12.0
"""A band's difference counts for no more: there one of the two plays something else."""

LOUDER_COUNTS = 0.15
"""Cost of a difference in level, as a share of one in every band: a note is not played as loud every time."""

OUTLYING_DB, ITERATIONS = 0.5, 12
"""From which difference on a pair's pull on the mean grows no more, and reweightings until the mean stands still."""


class Moments:
    """The mel frames of two recordings, in the ``bands`` that both hold: bool [mel bands].

    Moments are float32 [moments, bands], dB; each pair of them [wanted, given] counts as far as neither is a pause.
    """

    def __init__(self, reference: MelSpectrogram, target: MelSpectrogram, bands: NDArray[np.bool_]) -> None:
        one, other, _ = alike_in_time(reference, target)
        self._wanted, wanted = _sounding(one[:, bands].astype(np.float32))
        self._given, given = _sounding(other[:, bands].astype(np.float32))
        self._sounding = wanted[:, None] * given

    def tell(self) -> bool:
        """Whether there are enough moments of both to compare."""
        return bool(min(self._sounding.shape) >= LEAST_MOMENTS)

    def left_db(self, known_db: NDArray[np.floating]) -> tuple[Floats, float]:
        """What ``known_db`` [bands] leaves of reference over target: a robust mean over alike moments, [bands], dB.

        The level that all bands of a pair share is no part of it. Also how unlike the nearest moments are then, dB.
        """
        apart = self._wanted[:, None] - (self._given + known_db.astype(np.float32))
        louder = median(apart)
        apart -= louder[..., None]
        cost = np.minimum(np.abs(apart), MOST_APART_DB).mean(axis=2) + LOUDER_COUNTS * np.abs(louder)
        weights = _alike(cost.astype(np.float64)) * self._sounding
        heavy = weights > LEAST_WEIGHT * weights.max()
        nearest = np.concatenate([cost.min(axis=0), cost.min(axis=1)])
        return _robust_mean(apart[heavy], weights[heavy]), float(percentiles(nearest, NEAREST))


def _sounding(levels: Floats32) -> tuple[Floats32, Floats]:
    """At most ``MOST_MOMENTS`` of [frames, bands] in dB, evenly, and how much each is no pause, 0 to 1: [moments]."""
    loudness = levels.mean(axis=1)
    pause_db = float(percentiles(loudness, QUIETEST)) if len(levels) else 0.0
    weights = between(loudness, pause_db - PAUSE_DB, pause_db + PAUSE_DB)
    kept = np.flatnonzero(weights)
    kept = kept[:: max(1, -(-len(kept) // MOST_MOMENTS))]
    return levels[kept], weights[kept]


def _alike(cost: Floats) -> Floats:
    """Weights [n, m] of pairs with costs [n, m], dB.

    Each moment has one vote, mostly for its ``NEIGHBOURS`` nearest, if they are near.
    """
    votes = np.zeros_like(cost)
    for axis in (0, 1):
        nearest = np.sort(cost, axis=axis)
        least = np.take(nearest, [0], axis)
        width = float(np.mean(np.take(nearest, [NEIGHBOURS], axis) - least)) + 1e-6
        near = np.exp((least - cost) / width)
        votes += near / near.sum(axis=axis, keepdims=True)
    limit = float(percentiles(np.concatenate([cost.min(axis=0), cost.min(axis=1)]), ALIKE))
    return np.asarray(votes / (1 + np.exp(np.minimum((cost - limit) / (SOFTLY * limit + 1e-6), 50.0))))


def _robust_mean(values: Floats32, weights: Floats) -> Floats:
    """Of [pairs, bands], each band by itself; like a median, but smooth (P. Huber, Ann. Math.
    Statist. 35, 1964, by reweighting)."""
    mean = weights @ values / weights.sum()
    for _ in range(ITERATIONS):
        left = (values - mean.astype(np.float32)) / OUTLYING_DB
        trusted = weights.astype(np.float32)[:, None] / np.sqrt(1 + left**2)
        mean += OUTLYING_DB * np.sum(trusted * left, axis=0, dtype=np.float64) / trusted.sum(axis=0, dtype=np.float64)
    return np.asarray(mean)
