"""Two channels as mid and side: m = (l + r) / 2, s = (l − r) / 2. Signals are [frames, 2]."""

import numpy as np
from numpy.typing import NDArray


def to_mid_side(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """[frames, (left, right)] → [frames, (mid, side)]."""
    left, right = samples[:, 0], samples[:, 1]
    return np.stack([(left + right) / 2, (left - right) / 2], axis=1)


def from_mid_side(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """[frames, (mid, side)] → [frames, (left, right)]."""
    mid, side = samples[:, 0], samples[:, 1]
    return np.stack([mid + side, mid - side], axis=1)


def set_width(samples: NDArray[np.float32], width: float) -> NDArray[np.float32]:
    """Scale the side by ``width``: 0 is mono, 1 leaves the signal as it is."""
    return from_mid_side(to_mid_side(samples) * np.array([1.0, width], np.float32))


def pan(mono: NDArray[np.float32], position: float) -> NDArray[np.float32]:
    """Place [frames] between −1 (left) and 1 (right) at constant power: [frames, 2]."""
    angle = (position + 1) * np.pi / 4
    return mono[:, None] * np.array([np.cos(angle), np.sin(angle)], np.float32)


def correlation(samples: NDArray[np.float32]) -> float:
    """Of left and right without their means: 1 mono, 0 unrelated, −1 out of phase; 1 when a side is silent."""
    centred = samples - samples.mean(axis=0, dtype=np.float64)
    across = float(np.einsum("f,f->", centred[:, 0], centred[:, 1]))
    energy = float(np.sqrt(np.prod(np.einsum("fc,fc->c", centred, centred))))
    return across / energy if energy > 0 else 1.0
