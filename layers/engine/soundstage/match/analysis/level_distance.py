"""Levels compared: of spectra, after one gain for all, and loudness between recordings of one and of two channels."""

import numpy as np

from soundstage.arrays import Floats
from soundstage.audio.ranks import median
from soundstage.match.analysis.feature_arrays import FeatureArrays

MONO_LU = 3.01
"""A single channel played by two loudspeakers has twice the energy that BS.1770 counts: 10 lg 2."""

AUDIBLE_DB, SILENT_DB = -80.0, -90.0
"""Relative to the loudest level: what tells the common gain, and what counts as silence. Chosen: 16 bits hold 98 dB."""

MOST_APART_DB = 60.0
"""At which the difference of a single level stops counting, chosen, so that one empty band decides no mean."""


def finite(level: float) -> float | None:
    """The level, or None for that of silence, −∞, which JSON cannot hold."""
    return float(level) if np.isfinite(level) else None


def lufs_as_heard(features: FeatureArrays, channels: int) -> float | None:
    """Integrated loudness when played beside a recording of ``channels``, LUFS; None for silence."""
    lufs = features.integrated_lufs
    return None if lufs is None else lufs + heard_louder_lu(features, channels)


def heard_louder_lu(features: FeatureArrays, channels: int) -> float:
    """By how much it sounds louder than it measures beside a recording of ``channels``: one channel is played by two
    loudspeakers (3 LU, EBU Tech 3343)."""
    if (features.channels == 1) == (channels == 1):
        return 0.0
    return MONO_LU if features.channels == 1 else -MONO_LU


def level_distance_db(levels_db: Floats, reference_db: Floats) -> float:
    """Mean |dB| between two arrays of levels of the same shape, after the one gain that brings them nearest.

    The gain is the median difference of what is audible in both; what lies far below the loudest level of its own
    array counts as silence, and no single level counts for more than ``MOST_APART_DB``.
    """
    levels, reference = (_relative_to_loudest(levels) for levels in (levels_db, reference_db))
    both = (levels > AUDIBLE_DB) & (reference > AUDIBLE_DB)
    gain_db = median((reference - levels)[both]) if both.any() else 0.0
    apart = np.abs(np.maximum(levels + gain_db, SILENT_DB) - np.maximum(reference, SILENT_DB))
    return float(np.mean(np.minimum(apart, MOST_APART_DB)))


def _relative_to_loudest(levels_db: Floats) -> Floats:
    return np.asarray(levels_db - levels_db.max(initial=-200.0))  # dB; below every level there is, for empty arrays
