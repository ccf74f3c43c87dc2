"""Reverberation time from a recording alone: how fast the level falls where nothing new begins."""

import numpy as np

from soundstage.arrays import Floats32
from soundstage.audio.decibels import power_to_db
from soundstage.audio.ranks import percentiles
from soundstage.match.analysis.feature_arrays import SILENT_POWER
from soundstage.models.style import ReverbFeatures

LEAST_FALL_DB, LEAST_STEPS = 12.0, 5
"""Depth and number of periods from which on a run of ever lower levels is a free decay, chosen: shorter ones are
mostly the gaps between notes."""

SLOWEST_PERCENT = 25
"""The percentile of the decay rates that is taken for the room's: falls that end sooner are the source's own."""

CURVE_STEPS = 40
"""Periods of the mean decay curve: 2 s of 50 ms, most that music leaves between onsets."""


def decay_features(powers: Floats32, period_s: float) -> ReverbFeatures:
    """RT60 and the mean decay curve of a recording, from the mean power [periods] of consecutive periods.

    A free decay is a run of ever lower levels over at least ``LEAST_FALL_DB``; the slowest quarter of them tells the
    room's reverberation time, as faster ones are the source's own (R. Ratnam et al., "Blind estimation of
    reverberation time", JASA 114, 2003). Both are empty where no level decays freely.
    """
    if len(powers) < LEAST_STEPS:
        return ReverbFeatures(rt60_s=None, energy_decay_db=[])
    levels_db = power_to_db(powers)
    # A fall into digital silence is a cut, not a decay.
    falling = np.concatenate([[False], (np.diff(levels_db) < 0) & (powers[1:] > SILENT_POWER), [False]])
    starts = np.flatnonzero(~falling[:-1] & falling[1:])
    ends = np.flatnonzero(falling[:-1] & ~falling[1:])
    rates, curves = [], []
    for start, end in zip(starts, ends, strict=True):
        fall_db = levels_db[start] - levels_db[end]
        if end - start < LEAST_STEPS or fall_db < LEAST_FALL_DB:
            continue
        rates.append(fall_db / ((end - start) * period_s))
        curve = levels_db[start : start + CURVE_STEPS] - levels_db[start]
        curves.append(np.pad(curve, (0, CURVE_STEPS - len(curve)), constant_values=np.nan))
    if not rates:
        return ReverbFeatures(rt60_s=None, energy_decay_db=[])
    decays_db = np.array(curves)
    steps = int(np.isfinite(decays_db).any(axis=0).sum())
    return ReverbFeatures(
        rt60_s=float(60 / percentiles(np.array(rates), SLOWEST_PERCENT)),
        energy_decay_db=[float(level_db) for level_db in np.nanmean(decays_db[:, :steps], axis=0)],
    )
