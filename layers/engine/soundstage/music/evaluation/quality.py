"""audio_quality: technical gates, and how a song's sound compares with that of released songs."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from soundstage.audio.decibels import amplitude_to_db, power_to_db
from soundstage.audio.io import Audio
from soundstage.audio.loudness import Loudness, LoudnessMeter
from soundstage.audio.spectrum import spectral_centroid_hz, spectral_flatness
from soundstage.audio.stereo import correlation
from soundstage.models.music import QualityScore
from soundstage.music.composing.tilt import BANDS_HZ, reference_curve
from soundstage.music.sounding.mastering import band_levels_db

# Gates. Loudness and true peak are the master's (−14 ± 1 LUFS, −1 dBTP); shares of samples that are clipped (at 99.99 %
# of full scale) and of tenths of a second that are silent (below −60 dBFS); mean of a channel, of full scale; relative
# difference of duration.
TARGET_LUFS, LOUDNESS_WINDOW_LU, CEILING_DBTP = -14.0, 1.0, -1.0
CLIPPED_LIMIT, SILENT_LIMIT, DC_LIMIT, DURATION_TOLERANCE = 1e-4, 0.10, 1e-3, 0.02
CLIPPED_LEVEL, SILENT_POWER = 0.9999, 1e-6
GATE_COST = 0.2  # of the value from 0 to 1
LOWEST_LEVEL = -99.0  # LUFS and dBTP that stand for silence
# How far a song is from released ones is the length of a vector of excesses, each in units of what is usual for it.
# Balance: RMS of third octaves from the reference curve, dB. Middle: flatness below which it is sparse, dB. Width: side
# over mid, dB below which it is narrow.
# Correlation of the channels below which they cancel. Flattened: share of samples above 98 % of the peak, in
# octaves over what limiters leave. Range: dB of peak over loudness below which it is crushed; LU of loudness range
# below which it is even. The limits are quartiles or tenths of the 54 songs of ``tilt.REFERENCE_DB``.
BALANCE_DB = 4.4
SPARSE_DB, SPARSE_UNIT_DB, SPARSEST_DB = -8.0, 4.0, -60.0
NARROW_DB, NARROW_UNIT_DB, MONO_DB = -11.6, 6.0, -60.0
CANCELLING, CANCELLING_UNIT = 0.1, 0.2
NEAR_PEAK, FLATTENED, FLATTENED_UNIT_OCTAVES = 0.98, 1e-5, 4.0
CRUSHED_PLR_DB, CRUSHED_UNIT_DB = 7.8, 2.0
EVEN_LU, EVEN_UNIT_LU = 1.3, 1.0
MIDDLE_HZ = (500.0, 1000.0, 2000.0, 4000.0)
# Spectra of the shape: frames of 46 ms, 300 over the song; a frame sounds above 2 % of the loudest one's magnitude.
SHAPE_FRAMES, SHAPE_COUNT, SOUNDING_SHARE, MIN_MAGNITUDE = 2048, 300, 0.02, 1e-9
# What the value says of that distance: .75 at the median of the songs, and so .49 at the tenth that is furthest off.
MEDIAN_VALUE, MEDIAN_DISTANCE = 0.75, 1.09


@dataclass(frozen=True)
class Sound:
    """What is compared with released songs; ``near_peak``: share of samples within .2 dB of the largest one."""

    off_reference_db: float
    middle_flatness_db: float
    side_to_mid_db: float
    correlation: float
    near_peak: float
    plr_db: float
    loudness_range_lu: float

    @property
    def distance(self) -> float:
        """From released songs: 0 is the middle of them, ``MEDIAN_DISTANCE`` where half of them are nearer."""
        return math.hypot(
            self.off_reference_db / BALANCE_DB,
            _excess(SPARSE_DB - self.middle_flatness_db, SPARSE_UNIT_DB),
            _excess(NARROW_DB - self.side_to_mid_db, NARROW_UNIT_DB),
            _excess(CANCELLING - self.correlation, CANCELLING_UNIT),
            _excess(math.log2(max(self.near_peak, FLATTENED) / FLATTENED), FLATTENED_UNIT_OCTAVES),
            _excess(CRUSHED_PLR_DB - self.plr_db, CRUSHED_UNIT_DB),
            _excess(EVEN_LU - self.loudness_range_lu, EVEN_UNIT_LU),
        )


def sound_of(audio: Audio, loudness: Loudness) -> Sound:
    """The measures of a recording whose loudness is known."""
    samples = audio.samples
    return Sound(
        off_reference_db=off_reference_db(samples, audio.rate_hz),
        middle_flatness_db=spectral_shape(audio.mono(), audio.rate_hz)[1],
        side_to_mid_db=side_to_mid_db(samples),
        correlation=correlation(samples) if samples.shape[1] == 2 else 1.0,
        near_peak=near_peak_share(samples),
        plr_db=loudness.true_peak_dbtp - loudness.integrated_lufs,
        loudness_range_lu=loudness.loudness_range_lu,
    )


def audio_quality(audio: Audio, expected_s: float) -> QualityScore:
    """Technical gates, and a value from 0 to 1: .75 for a sound as usual as the median of released songs, .5 for their
    unusual tenth; each failed gate costs ``GATE_COST``.

    ``expected_s``: the duration it should have.
    """
    samples = audio.samples
    finite = bool(np.isfinite(samples).all())
    if not finite:
        samples = np.nan_to_num(samples)
    meter = LoudnessMeter(audio.rate_hz, samples.shape[1], oversampling=8)
    meter.process(samples)
    loudness = meter.result()
    peak = loudness.true_peak_dbtp
    lufs = loudness.integrated_lufs if np.isfinite(loudness.integrated_lufs) else LOWEST_LEVEL
    gates = {
        "not_finite": not finite,
        "loudness": abs(lufs - TARGET_LUFS) > LOUDNESS_WINDOW_LU,
        "true_peak": peak > CEILING_DBTP,
        "clipped": _clipped_share(samples) > CLIPPED_LIMIT,
        "silent": _silent_share(samples, audio.rate_hz) > SILENT_LIMIT,
        "dc_offset": float(np.abs(samples.mean(axis=0)).max()) > DC_LIMIT,
        "duration": abs(len(samples) / audio.rate_hz - expected_s) > DURATION_TOLERANCE * expected_s,
    }
    failed = [name for name, fails in gates.items() if fails]
    clean = Audio(samples, audio.rate_hz)
    sound = sound_of(clean, loudness)
    value = value_of(sound.distance) - GATE_COST * len(failed)
    return QualityScore(
        value=round(max(0.0, value), 4),
        integrated_lufs=round(lufs, 2),
        true_peak_dbtp=round(max(peak, LOWEST_LEVEL), 2),
        crest_factor_db=round(crest_factor_db(samples), 2),
        centroid_hz=round(spectral_shape(clean.mono(), audio.rate_hz)[0], 1),
        balance_off_db=round(sound.off_reference_db, 2),
        middle_flatness_db=round(sound.middle_flatness_db, 2),
        side_to_mid_db=round(sound.side_to_mid_db, 2),
        loudness_range_lu=round(sound.loudness_range_lu, 2),
        gates_failed=failed,
    )


def value_of(distance: float) -> float:
    """The value, 0 to 1, of a distance from released songs."""
    return float(MEDIAN_VALUE ** (distance / MEDIAN_DISTANCE))


def _excess(over: float, unit: float) -> float:
    return max(0.0, over) / unit


def off_reference_db(samples: NDArray[np.float32], rate_hz: int) -> float:
    """Long-term third octaves against the reference curve at the same level (their median): RMS, dB."""
    error = band_levels_db(samples, rate_hz) - reference_curve(BANDS_HZ)
    error -= np.median(error)
    return float(np.sqrt(np.mean(error**2)))


def side_to_mid_db(samples: NDArray[np.float32]) -> float:
    """Power of half the difference of the channels over that of their mean, dB; ``MONO_DB`` at least."""
    left, right = samples[:, 0], samples[:, -1]
    mid, side = 0.5 * (left + right), 0.5 * (left - right)
    ratio = float(np.dot(side, side)) / max(float(np.dot(mid, mid)), MIN_MAGNITUDE)
    return float(power_to_db(np.array([ratio]), MONO_DB)[0])


def near_peak_share(samples: NDArray[np.float32]) -> float:
    """Share of samples within .2 dB of the largest one: clipping flattens waves there, at whatever level."""
    magnitude = np.abs(samples)
    return float((magnitude >= NEAR_PEAK * magnitude.max(initial=0.0)).mean()) if magnitude.size else 0.0


def crest_factor_db(samples: NDArray[np.float32]) -> float:
    """Peak over RMS of all samples, dB; 0 for silence."""
    flat = samples.ravel()
    rms = float(np.sqrt(np.dot(flat, flat) / max(1, flat.size)))
    peak = max(float(flat.max(initial=0.0)), -float(flat.min(initial=0.0)))
    return amplitude_to_db(peak / rms) if rms > 0 else 0.0


def spectral_shape(mono: NDArray[np.float32], rate_hz: int) -> tuple[float, float]:
    """Spectral centroid by magnitude, Hz, and flatness of the middle, dB: medians over the frames that sound.

    The flatness is the mean over the octaves of ``MIDDLE_HZ``: low where there is nothing between a few partials.
    0 and ``SPARSEST_DB`` for silence.
    """
    size = SHAPE_FRAMES
    starts = np.linspace(0, max(0, len(mono) - size), SHAPE_COUNT).astype(int)
    frames = mono[starts[:, None] + np.arange(min(size, len(mono)))]
    magnitude = np.abs(np.fft.rfft(frames * np.hanning(frames.shape[1]).astype(np.float32), axis=1))
    total = magnitude.sum(axis=1)
    sounding = total > SOUNDING_SHARE * total.max(initial=MIN_MAGNITUDE)
    magnitude = magnitude[sounding].astype(np.float64) + MIN_MAGNITUDE
    freqs = np.fft.rfftfreq(frames.shape[1], 1 / rate_hz)
    octaves = [(freqs >= low) & (freqs < high) for low, high in pairwise(MIDDLE_HZ)]
    if not len(magnitude) or not all(octave.any() for octave in octaves):
        return 0.0, SPARSEST_DB
    flatness = [float(np.median(spectral_flatness(magnitude[:, octave] ** 2))) for octave in octaves]
    middle_db = float(np.mean(power_to_db(np.array(flatness), SPARSEST_DB)))
    return float(np.median(spectral_centroid_hz(freqs, magnitude))), middle_db


def _clipped_share(samples: NDArray[np.float32]) -> float:
    """Share of samples at full scale."""
    return float((np.abs(samples) >= CLIPPED_LEVEL).mean())


def _silent_share(samples: NDArray[np.float32], rate_hz: int) -> float:
    """Share of tenths of a second below −60 dBFS."""
    step = max(1, rate_hz // 10)
    blocks = samples[: len(samples) // step * step].reshape(-1, step * samples.shape[1])
    power = np.einsum("bs,bs->b", blocks, blocks) / blocks.shape[1]
    return float((power < SILENT_POWER).mean()) if len(blocks) else 1.0
