"""Names of the array types that audio is computed in."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Audio, shape (frames,) or (frames, channels), full scale ±1."""

Floats = NDArray[np.float64]
"""Anything measured or computed from audio; the unit stands in the name that holds it."""

Floats32 = NDArray[np.float32]
"""Large tables that are not audio (spectrogram frames, images), at half the memory."""

BLOCK_FRAMES = 16_384
"""Frames that streaming stages take at a time: .37 s at 44.1 kHz, 128 KiB in stereo, within a core's cache."""

READ_FRAMES = 4 * BLOCK_FRAMES
"""Frames that are read at once: 512 KiB of stereo, and as many as the tone of a recording is measured by at a time."""
