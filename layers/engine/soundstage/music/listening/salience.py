"""What a listener's ear gives the transcriber: pitch every 16 ms, and how strongly a tone sounds every 5 ms."""

import itertools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, median_filter, minimum_filter1d, uniform_filter1d

from soundstage.arrays import Floats
from soundstage.audio.pitch import MODEL_RATE_HZ, PitchTrack, track_pitch
from soundstage.audio.resample import resample
from soundstage.music.listening.harmonicity import Clarity, measure_clarity
from soundstage.music.listening.tonal_noise_removal import without_steady_tones

HOP_S = 0.005
_WINDOW_S = 0.032
_HARMONICS = 8
_HALVED_FROM_HZ, _HALVED_SHARE, _OCTAVE_SLACK = 220.0, 0.04, 0.35
_MOMENT_FRAMES, _HARMONIC_SLACK, _STILL_THERE = 17, 0.03, 0.05  # half of 17 frames: 130 ms
_HARMONIC_RANGE_DB = 24.0
_FALL_REACH_S, _FALL_S, _FALL_RANGE_DB, _MOST_FALL_DB = 0.1, 0.035, 30.0, 12.0
_NOISE_RANGE_DB, _VOICE_RANGE_DB = 6.0, 12.0  # a band that never leaves its noise says nothing
_BANDS_HZ = (80, 200, 320, 480, 680, 920, 1250, 1700, 2300, 3100, 4200, 6000)


@dataclass(frozen=True, eq=False)
class Tone:
    """One recording heard as one voice.

    Attributes:
        pitch: SwiftF0's track, frames of 16 ms.
        times_s: of the fine frames (5 ms), [fine].
        tonal_db: level of the pitch's first harmonics, so noise between them does not count, [fine].
        fall_db: how far those harmonics, each by itself, lie below both their sides (within 100 ms), [fine].
        flux: rise of the spectrum from the last 20 ms to the next 20 ms, in dB averaged over bands, [fine].
        noise_db: level of the same measure where nobody sings.
        clarity: how much one voice there is in it.
        duration_s: of the recording.
    """

    pitch: PitchTrack
    times_s: Floats
    tonal_db: Floats
    fall_db: Floats
    flux: Floats
    noise_db: float
    clarity: Clarity
    duration_s: float


def hear(mono: NDArray[np.float32], rate_hz: int) -> Tone:
    """Track pitch, tonal level and spectral change of ``mono`` ([frames])."""
    signal = without_steady_tones(resample(mono, rate_hz, MODEL_RATE_HZ))
    # SwiftF0 hears best near full scale; a quiet phone recording is raised, never a noise floor to full scale.
    peak = float(np.max(np.abs(signal), initial=0.0))
    signal = np.asarray(signal * (min(0.5 / peak, 30.0) if peak > 0 else 1.0), np.float32)
    pitch = track_pitch(signal, MODEL_RATE_HZ)
    power, frequency_hz = _spectrogram(signal)
    times_s = HOP_S * np.arange(len(power), dtype=np.float64)
    pitch = _octaves_corrected(pitch, power, frequency_hz)
    tonal_db, fall_db = _tonal_level(power, frequency_hz, times_s, pitch)
    unvoiced = np.interp(times_s, pitch.times_s, pitch.confidence) < 0.3
    noise_db = float(np.percentile(tonal_db[unvoiced], 50)) if unvoiced.sum() > 20 else float(tonal_db.min(initial=-90))
    return Tone(
        pitch,
        times_s,
        tonal_db,
        fall_db,
        _flux(power, frequency_hz),
        noise_db,
        measure_clarity(signal, pitch),
        len(mono) / rate_hz,
    )


def _spectrogram(signal: NDArray[np.float32]) -> tuple[NDArray[np.float32], Floats]:
    """Power of Hann windows of 32 ms around each multiple of 5 ms, [fine, bins], and the bins' frequencies."""
    window, hop = round(_WINDOW_S * MODEL_RATE_HZ), round(HOP_S * MODEL_RATE_HZ)
    padded = np.pad(signal, (window // 2, window // 2))
    frames = np.lib.stride_tricks.sliding_window_view(padded, window)[:-1:hop] if len(signal) else np.zeros((0, window))
    taper = np.hanning(window).astype(np.float32)
    bins = window // 2 + 1
    power = np.empty((len(frames), bins), np.float32)
    for start in range(0, len(frames), 1024):  # memory stays flat for long recordings
        spectrum = np.fft.rfft(frames[start : start + 1024] * taper, axis=1)
        power[start : start + 1024] = (spectrum.real**2 + spectrum.imag**2) / (window / 4) ** 2
    return power, np.fft.rfftfreq(window, 1 / MODEL_RATE_HZ).astype(np.float64)


def _octaves_corrected(pitch: PitchTrack, power: NDArray[np.float32], frequency_hz: Floats) -> PitchTrack:
    """Put moments right that fall out of their surroundings by an octave or a harmonic.

    A whistle in noise is now and then heard an octave too low: it lacks odd harmonics there. A struck string is heard
    for a moment at its second, third or fourth harmonic: its own fundamental goes on sounding.
    """
    voiced = pitch.voiced
    if not voiced.any():
        return pitch
    rows = np.minimum(np.round(pitch.times_s / HOP_S).astype(int), len(power) - 1)
    odd = sum(_power_near(power, rows, harmonic * pitch.f0_hz / frequency_hz[1]) for harmonic in (1, 3))
    even = sum(_power_near(power, rows, harmonic * pitch.f0_hz / frequency_hz[1]) for harmonic in (2, 4))
    octave = np.log2(np.interp(pitch.times_s, pitch.times_s[voiced], pitch.f0_hz[voiced]))
    fallen = np.abs(octave + 1 - median_filter(octave, 61, mode="nearest")) < _OCTAVE_SLACK
    too_low = fallen & (pitch.f0_hz > _HALVED_FROM_HZ) & (odd < _HALVED_SHARE * even)
    f0_hz = np.where(too_low, 2 * pitch.f0_hz, pitch.f0_hz)
    risen = octave - median_filter(octave, _MOMENT_FRAMES, mode="nearest")
    here = _power_near(power, rows, pitch.f0_hz / frequency_hz[1])
    for harmonic in (2, 3, 4):
        below = _power_near(power, rows, pitch.f0_hz / harmonic / frequency_hz[1])
        too_high = (np.abs(risen - np.log2(harmonic)) < _HARMONIC_SLACK) & (below > _STILL_THERE * here)
        f0_hz = np.where(too_high & ~too_low, pitch.f0_hz / harmonic, f0_hz)
    return replace(pitch, f0_hz=f0_hz)


def _power_near(power: NDArray[np.float32], rows: NDArray[np.int64], place: Floats) -> Floats:
    """Power of the three bins around ``place`` (in bins) of each row. [rows]"""
    centre = np.clip(np.round(place).astype(int), 1, power.shape[1] - 2)
    return np.asarray(power[rows, centre - 1] + power[rows, centre] + power[rows, centre + 1], np.float64)


def _tonal_level(
    power: NDArray[np.float32], frequency_hz: Floats, times_s: Floats, pitch: PitchTrack
) -> tuple[Floats, Floats]:
    """Level of the pitch's first harmonics and how far they fall, dB, [fine] each: means over those that matter, so no
    single one decides.

    A room makes each harmonic of a moving pitch fade on its own, a vowel moves some up and some down; where a person
    stops or starts, all fall or rise together.
    """
    voiced = np.flatnonzero(pitch.voiced)
    if not len(voiced):
        return 10 * np.log10(power.sum(axis=1, dtype=np.float64) + 1e-12), np.zeros(len(times_s))
    f0_hz = np.interp(times_s, pitch.times_s[voiced], pitch.f0_hz[voiced])
    step = frequency_hz[1]
    rows = np.arange(len(times_s))
    levels = np.empty((_HARMONICS, len(times_s)))
    for harmonic in range(1, _HARMONICS + 1):
        near = _power_near(power, rows, harmonic * f0_hz / step)
        levels[harmonic - 1] = 10 * np.log10(np.where(harmonic * f0_hz < frequency_hz[-1], near, 0) + 1e-12)
    around = round(0.25 / HOP_S)
    strongest = maximum_filter1d(levels, around, axis=1)
    weight = np.clip(1 + (strongest - strongest.max(axis=0)) / _HARMONIC_RANGE_DB, 0.0, 1.0) ** 2
    weight /= weight.sum(axis=0)
    tonal_db = uniform_filter1d((weight * levels).sum(axis=0), 3)
    smooth = uniform_filter1d(np.maximum(levels, strongest - _FALL_RANGE_DB), 3, axis=1)
    reach = round(_FALL_REACH_S / HOP_S)
    before = maximum_filter1d(smooth, reach + 1, axis=1, origin=reach // 2)
    after = maximum_filter1d(smooth, reach + 1, axis=1, origin=-(reach // 2))
    fall = np.minimum(before, after) - minimum_filter1d(smooth, round(_FALL_S / HOP_S) | 1, axis=1)
    return tonal_db, np.asarray((weight * np.minimum(fall, _MOST_FALL_DB)).sum(axis=0))


def _flux(power: NDArray[np.float32], frequency_hz: Floats) -> Floats:
    """Mean rise of the level 20 ms ahead against 20 ms behind, over the bands that the voice fills, dB. [fine]"""
    edges = np.searchsorted(frequency_hz, _BANDS_HZ)
    bands = np.stack([power[:, a:b].sum(axis=1) for a, b in itertools.pairwise(edges)], axis=1)
    level_db = 10 * np.log10(bands + np.maximum(bands.mean(axis=0) * 10**-2.5, 1e-12))
    quiet_db, loud_db = np.percentile(level_db, (10, 90), axis=0) if len(level_db) else np.zeros((2, level_db.shape[1]))
    weight = np.clip((loud_db - quiet_db - _NOISE_RANGE_DB) / _VOICE_RANGE_DB, 0.02, 1.0)
    padded = np.pad(np.maximum(level_db, quiet_db + 3.0), ((4, 4), (0, 0)), mode="edge")
    rise = np.maximum(padded[8:] - padded[:-8], 0)
    return np.asarray(rise @ (weight / weight.sum()))
