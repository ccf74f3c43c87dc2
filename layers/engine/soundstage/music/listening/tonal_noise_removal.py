"""Taking steady tones out of a recording: mains, fans and fridges hold a pitch that a tracker hears in every pause."""

import numpy as np
import scipy.signal
from numpy.typing import NDArray

from soundstage.audio.pitch import MODEL_RATE_HZ

WINDOW = 2048  # 128 ms: tells a tone from a note a semitone beside it from 130 Hz up
HOP = 512
ALWAYS = 10.0  # percentile of power over time that a steady tone still reaches; a sung note has gone by then
OVER_NEIGHBOURS = 16.0  # of power: noise alone lies so far above the median of its surroundings in no bin
SURROUNDINGS = 25  # bins on both sides together
FAINTEST_DB = -50.0  # below the loudest bin of the recording, nobody hears it as a pitch
REACH_BINS = 2  # the main lobe of the window
COVERED = 4.0  # a frame keeps what lies so far above the tone
ALONE = 0.01  # of the power: where less is left, the tone itself is what was recorded


def without_steady_tones(signal: NDArray[np.float32]) -> NDArray[np.float32]:
    """``signal`` ([frames] at 16 kHz) less tones that never stop; the same array where there are none."""
    if len(signal) < 8 * WINDOW:
        return signal  # too short to tell a tone that never stops from a note
    transform = scipy.signal.ShortTimeFFT(scipy.signal.get_window("hann", WINDOW), HOP, MODEL_RATE_HZ)
    spectrum = transform.stft(signal)
    power = spectrum.real**2 + spectrum.imag**2
    whole = slice(transform.lower_border_end[1], transform.upper_border_begin(len(signal))[1])
    floor = np.percentile(power[:, whole], ALWAYS, axis=1)
    around = scipy.signal.medfilt(floor, SURROUNDINGS)
    tones = (floor > OVER_NEIGHBOURS * around) & (floor > power.max() * 10 ** (FAINTEST_DB / 10))
    if not tones.any():
        return signal
    taken = np.where(np.convolve(tones, np.ones(2 * REACH_BINS + 1), "same") > 0, COVERED * floor, 0.0)
    spectrum *= np.sqrt(np.clip(1.0 - taken[:, None] / np.maximum(power, 1e-20), 0.0, 1.0))
    left = np.asarray(transform.istft(spectrum, k1=len(signal)), np.float32)
    return left if np.sum(left**2) > ALONE * np.sum(signal**2) else signal
