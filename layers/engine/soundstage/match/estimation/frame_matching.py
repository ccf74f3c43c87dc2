"""How the tone of two parts of one song differs, told from moments that sound alike.

Mean spectra also differ by how often each thing is played. So every moment of either recording is laid beside those of
the other that are most like it once the difference known so far is taken out, and what is left between them is the
rest of the difference (iterative closest points: P. Besl, N. McKay 1992). Of songs that share nothing, no moment is
like another: this is for parts of one song.
"""

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats32
from soundstage.match.analysis.modulation import alike_in_time
from soundstage.models.style import MelFrames

MOST_MOMENTS = 160
LEAST_MOMENTS = 20
QUIETEST = 20  # percent of the moments, which are pauses
NEIGHBOURS = 3
ALIKE = 60  # percent of the pairs
MOST_APART_DB = 12.0
LOUDER_COUNTS = 0.15  # as much as a difference in every band


class Moments:
    """The mel frames of two recordings, in the ``bands`` that both hold."""

    def __init__(self, reference: MelFrames, target: MelFrames, bands: NDArray[np.bool_]) -> None:
        one, other, _ = alike_in_time(reference, target)
        self._wanted, self._given = (_picked(levels[:, bands].astype(np.float32)) for levels in (one, other))

    def tell(self) -> bool:
        return min(len(self._wanted), len(self._given)) >= LEAST_MOMENTS

    def left_db(self, known_db: NDArray[np.floating]) -> NDArray[np.float64]:
        """What of the difference is left after ``known_db``: the median over alike moments, level apart; [bands]."""
        moved = self._given + known_db.astype(np.float32)
        louder, cost = (np.empty((len(self._wanted), len(moved)), np.float32) for _ in range(2))
        for row, moment in enumerate(self._wanted):
            apart = moment - moved
            louder[row] = np.median(apart, axis=1)
            rest = np.minimum(np.abs(apart - louder[row][:, None]), MOST_APART_DB)
            cost[row] = rest.mean(axis=1) + LOUDER_COUNTS * np.abs(louder[row])
        one, other = _nearest(cost)
        near = cost[one, other]
        alike = near <= np.percentile(near, ALIKE)
        one, other = one[alike], other[alike]
        left = self._wanted[one] - moved[other] - louder[one, other][:, None]
        return np.asarray(np.median(left, axis=0), np.float64)


def _picked(levels: Floats32) -> Floats32:
    """At most ``MOST_MOMENTS`` of [frames, bands], evenly, without the pauses."""
    loudness = levels.mean(axis=1)
    sounding = levels[loudness > np.percentile(loudness, QUIETEST)] if len(levels) else levels
    return sounding[:: max(1, -(-len(sounding) // MOST_MOMENTS))]


def _nearest(cost: Floats32) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs (row, column): for every row its ``NEIGHBOURS`` nearest columns, and for every column its rows."""
    columns = np.argsort(cost, axis=1)[:, :NEIGHBOURS]
    rows = np.argsort(cost, axis=0)[:NEIGHBOURS]
    from_rows = np.repeat(np.arange(len(cost)), columns.shape[1])
    from_columns = np.repeat(np.arange(cost.shape[1])[None], len(rows), axis=0).ravel()
    return np.concatenate([from_rows, rows.ravel()]), np.concatenate([columns.ravel(), from_columns])
