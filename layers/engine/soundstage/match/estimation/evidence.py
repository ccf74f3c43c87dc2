"""How much something counts, by degrees: what hangs on a rounding error must not change what is heard.

Where a threshold would switch a stage on, the stage grows from nothing to all of itself between two values.
"""

import numpy as np

from soundstage.arrays import Floats

# Mean power of a band's lines, dB: relative to full scale, and to the loudest band, from (nothing) to (heard). Chosen
# below what 16 bits resolve (−98 dB over all lines) and above what codecs leave beyond their cut-off.
FULL_SCALE_DB, BELOW_LOUDEST_DB = (-108.0, -102.0), (-78.0, -72.0)


def between(value: Floats | float, nothing: float, everything: float) -> Floats:
    """0 at ``nothing``, 1 at ``everything`` (which may be the lower one), a straight line between, constant beyond."""
    return np.asarray(np.clip((np.asarray(value) - nothing) / (everything - nothing), 0.0, 1.0))


def heard(level_db: Floats) -> Floats:
    """How much there is to hear at band levels [n], dB relative to full scale: 0 to 1."""
    return np.asarray(between(level_db, *FULL_SCALE_DB) * between(level_db - level_db.max(), *BELOW_LOUDEST_DB))


def weighted_median(values: Floats, weights: Floats) -> float:
    """Interpolated, so that it moves steadily with both; 0 where no weight is."""
    order = np.argsort(values, kind="stable")
    cumulated = np.cumsum(weights[order])
    if cumulated[-1] <= 0:
        return 0.0
    return float(np.interp(0.5 * cumulated[-1], cumulated - weights[order] / 2, values[order]))


def lowest_point(at: Floats, costs: Floats) -> float:
    """Where a smooth cost, known at equal steps ``at`` [n ≥ 3], is lowest: the parabola's vertex around the least."""
    middle = int(np.clip(np.argmin(costs), 1, len(costs) - 2))
    a, b, c = costs[middle - 1 : middle + 2]
    step, bend = at[1] - at[0], a - 2 * b + c
    vertex = at[middle] + (0.5 * step * (a - c) / bend if bend > 0 else step * np.sign(a - c))
    return float(np.clip(vertex, at[max(middle - 1, 0)], at[middle + 1]))
