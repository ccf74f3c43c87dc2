"""Levels that JSON can hold."""

import numpy as np


def finite(level: float) -> float | None:
    """None for the level of silence: JSON has no infinities."""
    return float(level) if np.isfinite(level) else None
