"""Reverberation heard from the outside: how fast the level falls where nothing new begins."""

import numpy as np
from numpy.typing import NDArray

from soundstage.models.style import ReverbFeatures

LEAST_FALL_DB = 12.0
LEAST_STEPS = 5
CURVE_STEPS = 40


def decay_features(powers: NDArray[np.float32], period_s: float) -> ReverbFeatures:
    """From the power of consecutive periods: the slowest quarter of the free falls tells the room's decay.

    A free fall is a run of ever lower levels over at least 12 dB (R. Ratnam et al., "Blind estimation of reverberation
    time", JASA 114, 2003, say why the falls that end abruptly are the source's own).
    """
    if len(powers) < LEAST_STEPS:
        return ReverbFeatures(rt60_s=None, energy_decay_db=[])
    levels = 10 * np.log10(powers.astype(np.float64) + 1e-14)
    falling = np.concatenate([[False], np.diff(levels) < 0, [False]])
    starts = np.flatnonzero(~falling[:-1] & falling[1:])
    ends = np.flatnonzero(falling[:-1] & ~falling[1:])
    rates, curves = [], []
    for start, end in zip(starts, ends, strict=True):
        fall = levels[start] - levels[end]
        if end - start < LEAST_STEPS or fall < LEAST_FALL_DB:
            continue
        rates.append(fall / ((end - start) * period_s))
        curve = levels[start : start + CURVE_STEPS] - levels[start]
        curves.append(np.pad(curve, (0, CURVE_STEPS - len(curve)), constant_values=np.nan))
    if not rates:
        return ReverbFeatures(rt60_s=None, energy_decay_db=[])
    heard = np.array(curves)
    steps = int(np.isfinite(heard).any(axis=0).sum())
    return ReverbFeatures(
        rt60_s=float(60 / np.percentile(rates, 25)),
        energy_decay_db=[float(level) for level in np.nanmean(heard[:, :steps], axis=0)],
    )
