"""How much something counts, by degrees: what hangs on a rounding error must not change what is heard.

Where a threshold would switch a stage on, the stage grows from nothing to all of itself between two values.
"""

import numpy as np

from soundstage.arrays import Floats
from soundstage.audio.ranks import median

FULL_SCALE_DB, BELOW_LOUDEST_DB = (-108.0, -102.0), (-78.0, -72.0)
"""Mean power of a band's lines, dB, relative to full scale and to the loudest band, from (inaudible) to (audible).
Chosen below what 16 bits resolve (−98 dB over all lines) and above what codecs leave beyond their cut-off."""


def between(value: Floats | float, nothing: float, everything: float) -> Floats:
    """0 at ``nothing``, 1 at ``everything`` (which may be the lower one), a straight line between, constant beyond.

    Of an array of any shape, or of a number as an array of shape ().
    """
    return np.asarray(np.clip((np.asarray(value) - nothing) / (everything - nothing), 0.0, 1.0))


def audibility(level_db: Floats) -> Floats:
    """How much there is to hear at levels of bands, dB relative to full scale: [bands] → [bands], 0 to 1."""
    return np.asarray(between(level_db, *FULL_SCALE_DB) * between(level_db - level_db.max(), *BELOW_LOUDEST_DB))


def weighted_median(values: Floats, weights: Floats) -> float:
    """The median of values [n] that count by weights [n] ≥ 0, interpolated, so that it moves steadily with both.

    0 where all weights are 0.
    """
    order = np.argsort(values, kind="stable")
    cumulated = np.cumsum(weights[order])
    if cumulated[-1] <= 0:
        return 0.0
    return float(np.interp(0.5 * cumulated[-1], cumulated - weights[order] / 2, values[order]))


def known_median(values: Floats) -> Floats:
    """The median of each column of values [rows, columns] over what is no NaN, which one value at least must not be:
    [columns]. ``numpy.nanmedian`` takes ten times as long."""
    ordered = np.sort(values, axis=0)  # NaN last
    known = np.count_nonzero(~np.isnan(values), axis=0)
    middles = np.take_along_axis(ordered, np.stack([(known - 1) // 2, known // 2]), axis=0)
    return np.asarray(middles.mean(axis=0))


def mean_deviation(values: Floats) -> float:
    """Mean distance of values [n] from their median; 0 for none."""
    return float(np.mean(np.abs(values - median(values)))) if len(values) else 0.0
