"""Removal of steady tonal noise: mains, fans and fridges hold a pitch that a tracker finds in every pause.

Spectral subtraction of the bins whose power never falls to their neighbours' noise floor.
"""

import numpy as np
import scipy.signal
from numpy.typing import NDArray

from soundstage.audio.decibels import db_to_power
from soundstage.audio.pitch import MODEL_RATE_HZ

# Chosen on hums with mains and fans under them (tests/unit/music/listening/test_tonal_noise_removal.py).
WINDOW = 2048  # samples, 128 ms: resolves a semitone from 130 Hz up
HOP = 512  # samples: 75 % overlap of Hann windows
FLOOR_PERCENTILE = 10.0  # of a bin's power over time: a steady tone still reaches it, a sung note has gone by then
TONE_OVER_MEDIAN = 16.0  # power ratio to the median of its neighbours: noise alone reaches it in no bin
NEIGHBOURHOOD_BINS = 25  # both sides together
FAINTEST_DB = -50.0  # relative to the loudest bin of the recording: below, no pitch is heard
LOBE_BINS = 2  # half of the Hann window's main lobe
OVERSUBTRACTION = 4.0  # power ratio: a frame keeps what lies so far above the tone
LEAST_LEFT = 0.01  # share of the power: where less is left, the tone itself was recorded on purpose
SHORTEST_WINDOWS = 8  # 1 s: below, a tone that never stops cannot be told from a note


def remove_tonal_noise(signal: NDArray[np.float32]) -> NDArray[np.float32]:
    """``signal`` ([frames] float32 at 16 kHz) less its steady tones; the same array where there are none."""
    if len(signal) < SHORTEST_WINDOWS * WINDOW:
        return signal
    transform = scipy.signal.ShortTimeFFT(scipy.signal.get_window("hann", WINDOW), HOP, MODEL_RATE_HZ)
    spectrum = transform.stft(signal)
    power = spectrum.real**2 + spectrum.imag**2
    whole = slice(transform.lower_border_end[1], transform.upper_border_begin(len(signal))[1])
    floor = np.percentile(power[:, whole], FLOOR_PERCENTILE, axis=1)
    around = scipy.signal.medfilt(floor, NEIGHBOURHOOD_BINS)
    tones = (floor > TONE_OVER_MEDIAN * around) & (floor > power.max() * db_to_power(FAINTEST_DB))
    if not tones.any():
        return signal
    removed = np.where(np.convolve(tones, np.ones(2 * LOBE_BINS + 1), "same") > 0, OVERSUBTRACTION * floor, 0.0)
    spectrum *= np.sqrt(np.clip(1.0 - removed[:, None] / np.maximum(power, 1e-20), 0.0, 1.0))
    left = np.asarray(transform.istft(spectrum, k1=len(signal)), np.float32)
    return left if np.sum(left**2) > LEAST_LEFT * np.sum(signal**2) else signal
