"""Mastering: tonal balance towards a reference curve, −14 LUFS, at most −1 dBTP."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, firwin2, oaconvolve, sosfilt

from soundstage.arrays import Samples
from soundstage.audio.decibels import power_to_db
from soundstage.audio.dynamics import limit_true_peak
from soundstage.audio.loudness import Loudness, LoudnessMeter, measure_loudness
from soundstage.audio.spectrum import band_powers
from soundstage.music.composing.tilt import BANDS_HZ, target_curve
from soundstage.music.instruments.modal_synthesis import RATE_HZ

TARGET_LUFS = -14.0
CEILING_DBTP = -1.1
TOLERANCE_LU = 0.08
# The last chord dies away; it is not cut.
FADE_OUT_S = 2.2
MOST_CORRECTION_DB = 9.0
FAR_OFF_DB = 4.0
SUBSONIC_HZ = 16.0
# Below this both loudspeakers do the same: what differs there is lost on one, and shakes a record's needle.
MONO_BELOW_HZ = 110.0
SPECTRUM_FRAMES = 8192
ROUNDS = 3
# Long enough to tell the lowest bands apart.
EQUALISER_TAPS = 4095


def band_levels_db(samples: Samples, rate_hz: int = RATE_HZ) -> np.ndarray:
    """Long-term third-octave levels of [frames, channels], 39 Hz to 16 kHz, dB relative to their own mean."""
    return _in_bands(_long_term_power(samples), rate_hz)


def _long_term_power(samples: Samples) -> NDArray[np.float64]:
    """Power in the bins of ``SPECTRUM_FRAMES``, over the whole length."""
    mono = 0.5 * (samples[:, 0] + samples[:, -1]) if samples.ndim == 2 else samples
    size = SPECTRUM_FRAMES
    hop = max(size // 2, len(mono) // 400)
    starts = np.arange(0, max(1, len(mono) - size), hop)
    window = np.hanning(size).astype(np.float32)
    power = np.zeros(size // 2 + 1)
    for start in starts:
        frame = mono[start : start + size]
        power[:] += np.abs(np.fft.rfft(frame * window[: len(frame)], size)) ** 2
    return power


def _in_bands(power: NDArray[np.float64], rate_hz: int) -> NDArray[np.float64]:
    edges_hz = np.concatenate([BANDS_HZ * 2 ** (-1 / 6), [BANDS_HZ[-1] * 2 ** (1 / 6)]])
    level_db = power_to_db(band_powers(power, edges_hz, rate_hz / SPECTRUM_FRAMES))
    return np.asarray(level_db - level_db.mean())


def balance(samples: Samples, tilt_db: tuple[float, float, float]) -> Samples:
    """Move the long-term spectrum most of the way to the reference, bent by the style's ``tilt_db``."""
    goal = target_curve(tilt_db)
    power = _long_term_power(samples)
    error = goal - _in_bands(power, RATE_HZ)
    error -= np.median(error)
    # Neighbouring bands move together: an equaliser, not a comb.
    smoothed = np.convolve(np.pad(error, 1, mode="edge"), np.array([1, 2, 1]) / 4, mode="valid")
    correction = np.clip(0.85 * smoothed, -MOST_CORRECTION_DB, MOST_CORRECTION_DB)
    # What is still far off in a single band is brought within reach; nothing is boosted out of silence. A filter that
    # goes from band to band in straight lines does only part of what it is told, so it is told again.
    bins_hz = np.fft.rfftfreq(SPECTRUM_FRAMES, 1 / RATE_HZ)
    for _ in range(ROUNDS):
        done = np.interp(bins_hz, *_equaliser(correction))
        rest = goal - _in_bands(power * done**2, RATE_HZ)
        rest -= np.median(rest)
        correction = np.clip(correction + rest - np.clip(rest, -FAR_OFF_DB, FAR_OFF_DB), -18.0, 18.0)
    freqs, gains = _equaliser(correction)
    taps = firwin2(EQUALISER_TAPS, freqs, gains, fs=RATE_HZ).astype(np.float32)
    delay = len(taps) // 2
    planes = oaconvolve(np.ascontiguousarray(samples.T), taps[None], axes=1)[:, delay : delay + len(samples)]
    return np.ascontiguousarray(planes.T, dtype=np.float32)


def _equaliser(correction_db: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequencies and gains between which it goes in straight lines; rumble below the lowest band goes down."""
    gains = 10 ** (np.concatenate([[correction_db[0] - 12.0], correction_db, [correction_db[-1]]]) / 20)
    return np.concatenate([[0.0], BANDS_HZ, [RATE_HZ / 2]]), gains


def master(samples: Samples, tilt_db: tuple[float, float, float]) -> tuple[Samples, Loudness]:
    """Balance, set loudness, limit: [frames, 2] float32 and what a meter says of it (true peak at 8×).

    Limiting lowers loudness a little, so gain and limiter are found together in a few rounds.
    """
    # What drum heads and old recordings leave at 0 Hz. No equaliser of this length reaches there.
    left, right = samples.T
    middle, side = (
        sosfilt(butter(2, hz, "highpass", fs=RATE_HZ, output="sos"), 0.5 * x).astype(np.float32)
        for hz, x in ((SUBSONIC_HZ, left + right), (MONO_BELOW_HZ, left - right))
    )
    balanced = balance(np.stack([middle + side, middle - side], axis=1), tilt_db)
    # What is left of the reverberation at the end fades out instead of being cut.
    fade = min(len(balanced), round(FADE_OUT_S * RATE_HZ))
    balanced[-fade:] *= (0.5 + 0.5 * np.cos(np.linspace(0, np.pi, fade))).astype(np.float32)[:, None]
    gain_db = TARGET_LUFS - measure_loudness(balanced, RATE_HZ).integrated_lufs
    for _ in range(5):
        limited = limit_true_peak(balanced * np.float32(10 ** (gain_db / 20)), RATE_HZ, CEILING_DBTP)
        meter = LoudnessMeter(RATE_HZ, 2, oversampling=8)
        meter.process(limited)
        measured = meter.result()
        error = TARGET_LUFS - measured.integrated_lufs
        if abs(error) <= TOLERANCE_LU:
            break
        gain_db += 1.15 * error
    return limited, measured
