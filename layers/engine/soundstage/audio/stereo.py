"""What channels have in common."""

import numpy as np

from soundstage.arrays import Samples


def correlation(samples: Samples) -> float:
    """What a correlation meter shows of [frames, 2]: 1 mono, 0 unrelated, −1 out of phase; 1 where a side is silent.

    As on a meter the channels keep their means. Below 0, parts vanish where both are played by one loudspeaker.
    """
    left, right = np.ascontiguousarray(samples.T)
    energy = float(np.sqrt(np.dot(left, left) * np.dot(right, right)))
    return float(np.dot(left, right)) / energy if energy > 0 else 1.0


def middle(samples: Samples) -> Samples:
    """The mean of the channels, [frames, channels] → [frames]: a product, ten times as fast as ``mean`` of so few."""
    channels = samples.shape[1]
    return np.asarray(samples @ np.full(channels, 1 / channels, samples.dtype))
