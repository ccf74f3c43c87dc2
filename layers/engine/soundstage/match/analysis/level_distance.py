"""Levels that JSON can hold, and levels compared."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from soundstage.models.style import Features

MONO_LU = 3.01
# Relative to the loudest.
HEARD_DB, SILENT_DB = -80.0, -90.0
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
    """Mean |dB| between levels of the same shape, after one gain for all; what is far below the loudest is silence."""
    given, wanted = (_below_loudest(levels) for levels in (given, wanted))
    both = (given > HEARD_DB) & (wanted > HEARD_DB)
    gain_db = np.median((wanted - given)[both]) if both.any() else 0.0
    apart = np.abs(np.maximum(given + gain_db, SILENT_DB) - np.maximum(wanted, SILENT_DB))
    return float(np.mean(np.minimum(apart, MOST_APART_DB)))


def _below_loudest(levels: ArrayLike) -> NDArray[np.float64]:
    levels = np.asarray(levels, np.float64)
    return np.asarray(levels - levels.max(initial=-200.0))
