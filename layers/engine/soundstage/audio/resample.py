"""Sample rate conversion by soxr (linear phase, very high quality: 28-bit precision, pass band to 91 % and more)."""

import numpy as np
import soxr
from numpy.typing import NDArray

QUALITY = "VHQ"


def resample(samples: NDArray[np.float32], rate_hz: int, to_hz: int) -> NDArray[np.float32]:
    """Convert [frames] or [frames, channels] from ``rate_hz`` to ``to_hz``; the time axis keeps its zero.

    Returns the same array when the rates agree, and always ``round(frames · to_hz / rate_hz)`` frames (± 1).
    """
    if rate_hz == to_hz:
        return samples
    converted: NDArray[np.float32] = soxr.resample(np.asarray(samples, np.float32), rate_hz, to_hz, quality=QUALITY)
    return converted
