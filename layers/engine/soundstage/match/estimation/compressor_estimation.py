"""A compressor from statistics: one that spreads the target's levels like the reference's."""

import numpy as np

from soundstage.arrays import Floats
from soundstage.match.analysis.feature_arrays import FeatureArrays
from soundstage.match.estimation.evidence import between, mean_deviation
from soundstage.models.style import Compressor, StageNote

PAUSES = 3
"""The lowest percentiles of the level (5, 10 and 15 %) are pauses and fades; a compressor is not about those."""

MOST_SLOPE, LEAST_SLOPE = 0.9, 0.01
"""Of a compressor, 1 − 1 / ratio: a ratio of 10, beyond which it would be a limiter; and one that does nothing."""

SLOPE_COST_DB2 = 0.02
"""What a slope of 1 costs, as a mean square: where levels tell nothing, there is no compressor."""

GRIDS, GRID_POINTS, FINER = 6, 13, 3
"""Of the search: so many grids over threshold and slope, of as many points each way, each that much finer."""

LEAST_NEARER_OF_A_TAKE_DB, LEAST_NEARER_DB = 0.1, 0.5
"""By how much nearer a compressor must bring the levels: of one take they are alike but for it; parts of a song differ
anyway. All of it from 1.2 times that on, nothing below .8 times. Set on pairs of synthesised music,
``tests/bench/match.py``, like ``LEFT``."""

LEFT = (0.8, 0.7)
"""Share of the distance that is left, from (no compressor) to (all of it)."""

ATTACK_MS, RELEASE_MS = 10.0, 150.0
"""Usual times: statistics tell none."""

LOWEST_THRESHOLD_DB = -100.0
"""dBFS; below, there is nothing to compress."""


def estimate_compressor(
    reference: FeatureArrays, target: FeatureArrays, *, same: bool, trust: float
) -> tuple[Compressor | None, StageNote | None]:
    """A compressor that brings the spread of the target's levels nearer, and why; no note for silence.

    ``trust``, 0 to 1, is how much of the spread nothing else explains; the levels of the ``same`` performance differ by
    nothing but what was done to it.
    """
    wanted_db, given_db = reference.level_percentiles_db[PAUSES:], target.level_percentiles_db[PAUSES:]
    if not len(wanted_db) or not len(given_db):
        return None, None
    threshold_db, slope = _nearest_knee(wanted_db, given_db)
    before, after = (mean_deviation(wanted_db - _compressed(given_db, threshold_db, part)) for part in (0.0, slope))
    least = LEAST_NEARER_OF_A_TAKE_DB if same else LEAST_NEARER_DB
    nearer = float(between(before - after, 0.8 * least, 1.2 * least) * between(after / (before + 1e-9), *LEFT))
    if not nearer:
        return None, _left_alone("The dynamics are alike enough to leave them.")
    slope *= nearer * trust
    if slope < LEAST_SLOPE:
        return None, _left_alone("A room explains how the dynamics differ: they are left as they are.")
    mean_dbfs = (target.true_peak_dbtp or 0.0) - target.crest_db
    threshold_dbfs = round(max(mean_dbfs + threshold_db, LOWEST_THRESHOLD_DB), 2)
    ratio, after = round(1 / (1 - slope), 3), mean_deviation(wanted_db - _compressed(given_db, threshold_db, slope))
    compressor = Compressor(threshold_db=threshold_dbfs, ratio=ratio, attack_ms=ATTACK_MS, release_ms=RELEASE_MS)
    sentence = f"Ratio {ratio:.1f} above {threshold_dbfs:.1f} dBFS: levels lie {before:.1f} → {after:.1f} dB apart."
    return compressor, StageNote(stage="compressor", sentence=sentence)


def _left_alone(sentence: str) -> StageNote:
    return StageNote(stage="compressor", sentence=sentence, applied=False)


def _nearest_knee(wanted_db: Floats, given_db: Floats) -> tuple[float, float]:
    """Threshold, dB, and slope, 1 − 1/ratio, that bring levels [n] nearest in the mean square: ever finer grids."""
    at = np.array([(given_db[0] + given_db[-1]) / 2, MOST_SLOPE / 2])
    reach = np.array([np.ptp(given_db) / 2, MOST_SLOPE / 2])
    for _ in range(GRIDS):
        thresholds, slopes = (
            np.linspace(middle - half, middle + half, GRID_POINTS) for middle, half in zip(at, reach, strict=True)
        )
        slopes = np.clip(slopes, 0.0, MOST_SLOPE)
        apart = wanted_db - _compressed(given_db, thresholds[:, None, None], slopes[:, None])
        costs = apart.var(axis=2) + SLOPE_COST_DB2 * slopes**2
        best = np.unravel_index(np.argmin(costs), costs.shape)
        at, reach = np.array([thresholds[best[0]], slopes[best[1]]]), reach / FINER
    return float(np.clip(at[0], given_db[0], given_db[-1])), float(at[1])


def _compressed(levels_db: Floats, threshold_db: Floats | float, slope: Floats | float) -> Floats:
    """Levels after a compressor with a hard knee, as broadcast."""
    return np.asarray(levels_db - np.maximum(levels_db - threshold_db, 0) * slope)
