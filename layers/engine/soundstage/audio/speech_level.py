"""Spoken sound at one loudness, so that no voice of a film is louder than another."""

import numpy as np

from soundstage.arrays import Samples
from soundstage.audio.decibels import db_to_amplitude
from soundstage.audio.dynamics import limit_true_peak
from soundstage.audio.loudness import measure_loudness

LOUDNESS_LUFS = -20.0
"""Of every line: what the mix brings to the film's own loudness."""
CEILING_DBTP = -1.0
LEAST_MEASURED_S = 0.4
"""Loudness is measured in blocks of .4 s (BS.1770-5): shorter lines are repeated until they have one."""


def levelled(samples: Samples, rate_hz: int) -> Samples:
    """Mono [frames] at ``LOUDNESS_LUFS``, its true peak below ``CEILING_DBTP``; silence stays silence."""
    times = 1 + int(LEAST_MEASURED_S * rate_hz / len(samples))
    measured = measure_loudness(np.tile(samples, times), rate_hz).integrated_lufs
    if not np.isfinite(measured):
        return samples
    louder = samples * np.float32(db_to_amplitude(LOUDNESS_LUFS - measured))
    return limit_true_peak(louder[:, None], rate_hz, CEILING_DBTP)[:, 0]
