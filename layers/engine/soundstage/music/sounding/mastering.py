"""Mastering: spectral balance towards a reference curve, loudness of −14 LUFS, true peak of at most −1 dBTP."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import firwin2, oaconvolve

from soundstage.arrays import Samples
from soundstage.audio.decibels import db_to_amplitude, power_to_db
from soundstage.audio.dynamics import limit_true_peak
from soundstage.audio.filters import SosFilter, high_pass
from soundstage.audio.loudness import Loudness, LoudnessMeter, measure_loudness
from soundstage.audio.spectrum import band_powers
from soundstage.music.composing.tilt import BANDS_HZ, target_curve
from soundstage.music.instruments.modal_synthesis import RATE_HZ

TARGET_LUFS = -14.0  # integrated (ITU-R BS.1770): what streaming services play at
CEILING_DBTP = -1.1  # .1 dB below −1 dBTP (EBU R 128), for other meters
TOLERANCE_LU = 0.08  # of the master's loudness
LOUDNESS_ROUNDS, LOUDNESS_STEP = 5, 1.15  # at most; gain per LU that is missing, for limiting takes some of it back
FADE_OUT_S = 2.2  # of the reverberation at the end
# Of the equaliser: share of the error that is corrected, and by how much at most; what is still further off in a band
# than 1 dB is brought to 1 dB, with up to 24 dB in all.
CORRECTED_SHARE, MAX_CORRECTION_DB, MAX_REST_DB, MAX_TOTAL_DB = 0.85, 9.0, 1.0, 24.0
RUMBLE_DB = -12.0  # at 0 Hz against the lowest band
REST_ROUNDS = 10  # what an empty lowest band needs leaks into the one above it, which takes some more
SUBSONIC_HZ = 16.0  # below the lowest pitch (C0)
MONO_BELOW_HZ = 110.0  # below, both channels are the same: differences cancel on one loudspeaker, and cannot be cut
SPECTRUM_FRAMES, MAX_SPECTRA = 16_384, 400  # 372 ms; spread over the whole length
EQUALISER_TAPS = 8191  # 186 ms: resolves the lowest bands, 9 and 11 Hz wide


def band_levels_db(samples: Samples, rate_hz: int = RATE_HZ) -> np.ndarray:
    """Long-term third-octave levels of ``samples`` ([frames, channels] or [frames]), dB relative to their mean. [27]"""
    return _third_octaves_db(_long_term_power(samples), rate_hz)


def _long_term_power(samples: Samples) -> NDArray[np.float64]:
    """Power in the bins of ``SPECTRUM_FRAMES``, summed over the whole length. [bins]"""
    mono = 0.5 * (samples[:, 0] + samples[:, -1]) if samples.ndim == 2 else samples
    size = SPECTRUM_FRAMES
    hop = max(size // 2, len(mono) // MAX_SPECTRA)
    starts = np.arange(0, max(1, len(mono) - size), hop)
    window = np.hanning(size).astype(np.float32)
    power = np.zeros(size // 2 + 1)
    for start in starts:
        frame = mono[start : start + size]
        power[:] += np.abs(np.fft.rfft(frame * window[: len(frame)], size)) ** 2
    return power


def _third_octaves_db(power: NDArray[np.float64], rate_hz: int) -> NDArray[np.float64]:
    edges_hz = np.concatenate([BANDS_HZ * 2 ** (-1 / 6), [BANDS_HZ[-1] * 2 ** (1 / 6)]])
    level_db = power_to_db(band_powers(power, edges_hz, rate_hz / SPECTRUM_FRAMES))
    return np.asarray(level_db - level_db.mean())


def balance(samples: Samples, tilt_db: tuple[float, float, float]) -> Samples:
    """``samples`` ([frames, 2]) equalised towards the reference spectrum with the style's ``tilt_db``: [frames, 2]."""
    goal = target_curve(tilt_db)
    power = _long_term_power(samples)
    error = goal - _third_octaves_db(power, RATE_HZ)
    error -= np.median(error)
    # Smoothed over neighbouring bands: an equaliser, not a comb.
    smoothed = np.convolve(np.pad(error, 1, mode="edge"), np.array([1, 2, 1]) / 4, mode="valid")
    correction = np.clip(CORRECTED_SHARE * smoothed, -MAX_CORRECTION_DB, MAX_CORRECTION_DB)
    # A filter of this length reaches only part of a single band's correction, so the rest is added again.
    for _ in range(REST_ROUNDS):
        gain = np.abs(np.fft.rfft(_taps(correction), SPECTRUM_FRAMES))
        rest = goal - _third_octaves_db(power * gain**2, RATE_HZ)
        rest -= np.median(rest)
        correction += rest - np.clip(rest, -MAX_REST_DB, MAX_REST_DB)
        correction = np.clip(correction, -MAX_TOTAL_DB, MAX_TOTAL_DB)
    taps = _taps(correction).astype(np.float32)
    delay = len(taps) // 2
    planes = oaconvolve(np.ascontiguousarray(samples.T), taps[None], axes=1)[:, delay : delay + len(samples)]
    return np.ascontiguousarray(planes.T, dtype=np.float32)


def _taps(correction_db: NDArray[np.float64]) -> NDArray[np.float64]:
    """The equaliser's impulse response: linear in gain between the bands; below the lowest it falls."""
    gains = db_to_amplitude(np.concatenate([[correction_db[0] + RUMBLE_DB], correction_db, [correction_db[-1]]]))
    nodes_hz = np.concatenate([[0.0], BANDS_HZ, [RATE_HZ / 2]])
    return np.asarray(firwin2(EQUALISER_TAPS, nodes_hz, gains, fs=RATE_HZ), dtype=np.float64)


def master(
    samples: Samples, tilt_db: tuple[float, float, float], fade_s: float | None = None
) -> tuple[Samples, Loudness]:
    """``samples`` ([frames, 2] float32, 44.1 kHz) equalised, at −14 LUFS and limited; and their measured loudness.

    ``fade_s``: of the song's end, instead of its reverberation's. What is measured has faded.

    Limiting lowers loudness a little, so gain and limiter are found together in a few rounds. True peak is measured at
    8× oversampling.
    """
    # No equaliser of this length reaches what drum heads and old recordings leave at 0 Hz.
    left, right = samples.T
    middle, side = (
        SosFilter(high_pass(RATE_HZ, hz), 1).process(0.5 * x[:, None])[:, 0]
        for hz, x in ((SUBSONIC_HZ, left + right), (MONO_BELOW_HZ, left - right))
    )
    balanced = balance(np.stack([middle + side, middle - side], axis=1), tilt_db)
    fade = min(len(balanced), round((fade_s or FADE_OUT_S) * RATE_HZ))
    balanced[-fade:] *= (0.5 + 0.5 * np.cos(np.linspace(0, np.pi, fade))).astype(np.float32)[:, None]
    gain_db = TARGET_LUFS - measure_loudness(balanced, RATE_HZ).integrated_lufs
    for _ in range(LOUDNESS_ROUNDS):
        limited = limit_true_peak(balanced * np.float32(db_to_amplitude(gain_db)), RATE_HZ, CEILING_DBTP)
        meter = LoudnessMeter(RATE_HZ, 2, oversampling=8)
        meter.process(limited)
        measured = meter.result()
        error = TARGET_LUFS - measured.integrated_lufs
        if abs(error) <= TOLERANCE_LU:
            break
        gain_db += LOUDNESS_STEP * error
    return limited, measured
