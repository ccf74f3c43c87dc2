"""How the levels of a recording's mel bands spread, rise and fall: what no equaliser changes, and rooms do."""

from dataclasses import dataclass

import numpy as np

from soundstage.arrays import Floats
from soundstage.match.analysis.features import decode_frames
from soundstage.models.style import MelFrames

LEVELS, STEPS = (10, 25, 50, 75, 90), (5, 15, 30, 70, 85, 95)
FASTEST_FALLS = slice(0, 2)
# Bands that are looked at together: mel bands from … to.
GROUPS = ((0, 7), (7, 14), (14, 24), (24, 38), (38, 54), (54, 80))


@dataclass(frozen=True)
class Liveliness:
    """Percentiles per band: of the level, relative to their mean, and of its steps over one frame and over two."""

    spread_db: Floats
    steps_db: Floats


def liveliness(levels_db: Floats) -> Liveliness:
    """Of levels [frames, bands]."""
    spread = np.percentile(levels_db, LEVELS, axis=0)
    steps = [np.percentile(levels_db[lag:] - levels_db[:-lag], STEPS, axis=0) for lag in (1, 2)]
    return Liveliness(spread - spread.mean(axis=0), np.concatenate(steps))


def lively_apart_db(one: Liveliness, other: Liveliness) -> Floats:
    """How different they are, per group of bands; of two parts of a song about 2 dB."""
    spread = np.abs(one.spread_db - other.spread_db).mean(axis=0)
    steps = np.abs(one.steps_db - other.steps_db).mean(axis=0)
    return np.array([(0.5 * spread + steps)[first:last].mean() for first, last in GROUPS])


def alike_in_time(one: MelFrames, other: MelFrames) -> tuple[Floats, Floats, float]:
    """The levels of both, the finer one's frames averaged so that they last about as long, and how long."""
    periods_s, levels = [one.period_s, other.period_s], [decode_frames(one), decode_frames(other)]
    for k in (0, 1):
        together = max(1, round(periods_s[1 - k] / periods_s[k]))
        whole = len(levels[k]) // together * together
        power = 10 ** (levels[k][:whole] / 10)
        levels[k] = decibels(power.reshape(-1, together, power.shape[1]).mean(axis=1))
        periods_s[k] *= together
    return levels[0], levels[1], periods_s[1]


def decibels(power: Floats) -> Floats:
    return np.asarray(10 * np.log10(power + 1e-14))
