"""Levels of third octaves: by these the balance of two songs is compared, whose notes differ."""

import numpy as np

from soundstage.arrays import Floats
from soundstage.audio.decibels import db_to_power, power_to_db
from soundstage.match.analysis.feature_arrays import FeatureArrays

THIRDS_HZ: Floats = np.asarray(1000.0 * 2.0 ** (np.arange(-14, 13) / 3), np.float64)
"""Their centres, from 40 Hz to 16 kHz (IEC 61260-1, nearly)."""

COMPARED_DB = 80.0
"""Below the loudest third octave of either there is nothing to compare."""


def third_octave_db(features: FeatureArrays) -> Floats:
    """Level of the middle in each third octave, dB: [27]."""
    edges = np.concatenate([[THIRDS_HZ[0] * 2 ** (-1 / 6)], THIRDS_HZ * 2 ** (1 / 6)])
    power = db_to_power(features.mid_db) * np.gradient(features.f_hz)
    cumulated = np.concatenate([[0.0], np.cumsum(power)])
    middles = (features.f_hz[1:] + features.f_hz[:-1]) / 2
    limits = np.concatenate([[features.f_hz[0]], middles, [features.f_hz[-1]]])
    levels_db: Floats = power_to_db(np.maximum(np.diff(np.interp(edges, limits, cumulated)), 0.0), -200.0)
    return levels_db


def tone_error_db(features: FeatureArrays, reference: FeatureArrays) -> float:
    """RMS of the difference in third octaves, after the one gain that brings them nearest, dB."""
    levels_db = [third_octave_db(each) for each in (features, reference)]
    heard = np.all([level_db > level_db.max() - COMPARED_DB for level_db in levels_db], axis=0)
    apart_db = (levels_db[0] - levels_db[1])[heard]
    return float(np.std(apart_db)) if len(apart_db) else 0.0
