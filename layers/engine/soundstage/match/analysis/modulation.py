"""How the levels of a recording's mel bands spread, rise and fall: reverberation changes it, no equaliser does."""

from dataclasses import dataclass

import numpy as np

from soundstage.arrays import Floats
from soundstage.audio.decibels import db_to_power, power_to_db
from soundstage.audio.ranks import percentiles
from soundstage.match.analysis.feature_arrays import MelSpectrogram

LEVEL_PERCENTILES = (10, 25, 50, 75, 90)
"""Of the levels of a band over time, %."""

STEP_PERCENTILES = (5, 15, 30, 70, 85, 95)
"""Of the steps of level from frame to frame, %: the falls and the rises, without what hardly moves."""

STEP_LAGS = (1, 2)
"""Frames over which steps are taken: 0.19 s and 0.37 s at 44.1 kHz, short notes and long ones."""

FASTEST_FALLS = slice(0, 2)
"""Which rows of ``ModulationStatistics.steps_db`` hold the fastest falls over one frame."""

BAND_GROUPS = ((0, 7), (7, 14), (14, 24), (24, 38), (38, 54), (54, 80))
"""Mel bands, from and to, that are averaged: six groups of one or two octaves, from bass to air."""

SPREAD_WEIGHT = 0.5
"""How much the spread of levels counts beside their steps, chosen: long notes change the spread, too."""


@dataclass(frozen=True)
class ModulationStatistics:
    """Percentiles over time of each mel band.

    Attributes:
        spread_db: of the level, relative to the mean of the percentiles: [``LEVEL_PERCENTILES``, bands].
        steps_db: of the steps over one frame, then of those over two: [2 × ``STEP_PERCENTILES``, bands].
    """

    spread_db: Floats
    steps_db: Floats


def modulation_statistics(levels_db: Floats) -> ModulationStatistics:
    """The statistics of levels [frames, bands], dB; of at least 3 frames."""
    spread = percentiles(levels_db, LEVEL_PERCENTILES)
    steps = [percentiles(levels_db[lag:] - levels_db[:-lag], STEP_PERCENTILES) for lag in STEP_LAGS]
    return ModulationStatistics(spread - spread.mean(axis=0), np.concatenate(steps))


def modulation_distance_db(one: ModulationStatistics, other: ModulationStatistics) -> Floats:
    """How different two recordings are, dB, in each of ``BAND_GROUPS``: [6]. Between parts of a song about 2 dB."""
    spread = np.abs(one.spread_db - other.spread_db).mean(axis=0)
    steps = np.abs(one.steps_db - other.steps_db).mean(axis=0)
    return np.array([(SPREAD_WEIGHT * spread + steps)[first:last].mean() for first, last in BAND_GROUPS])


def alike_in_time(one: MelSpectrogram, other: MelSpectrogram) -> tuple[Floats, Floats, float]:
    """Two spectrograms with frames about as long as each other's: the levels of both, dB [frames, bands], and how long.

    Frames of the finer one are averaged as powers; the period, in seconds, is that of the second.
    """
    periods_s, levels_db = [one.period_s, other.period_s], [one.levels_db, other.levels_db]
    for k in (0, 1):
        together = max(1, round(periods_s[1 - k] / periods_s[k]))
        whole = len(levels_db[k]) // together * together
        power = db_to_power(levels_db[k][:whole])
        levels_db[k] = power_to_db(power.reshape(-1, together, power.shape[1]).mean(axis=1))
        periods_s[k] *= together
    return levels_db[0], levels_db[1], periods_s[1]
