"""Levels that JSON can hold, and levels compared."""

import numpy as np
from numpy.typing import ArrayLike

from soundstage.models.style import Features

MONO_LU = 3.01
UNHEARD_DB = -125.0
MOST_APART_DB = 60.0


def finite(level: float) -> float | None:
    """None for the level of silence: JSON has no infinities."""
    return float(level) if np.isfinite(level) else None


def lufs_as_heard(features: Features, channels: int) -> float | None:
    """The loudness beside a recording of ``channels``: one channel is played by two loudspeakers (EBU Tech 3343)."""
    lufs = features.loudness.integrated_lufs
    if lufs is None or (features.channels == 1) == (channels == 1):
        return lufs
    return lufs + MONO_LU if features.channels == 1 else lufs - MONO_LU


def apart_db(given: ArrayLike, wanted: ArrayLike) -> float:
    """Mean |dB| between levels of the same shape, after one gain for all that can be heard: silence has no gain."""
    given, wanted = (np.maximum(np.asarray(levels, np.float64), UNHEARD_DB) for levels in (given, wanted))
    heard = given > UNHEARD_DB
    both = heard & (wanted > UNHEARD_DB)
    apart = given - wanted
    if both.any():
        apart = apart - np.median(apart[both]) * heard
    return float(np.mean(np.minimum(np.abs(apart), MOST_APART_DB))) if apart.size else 0.0
