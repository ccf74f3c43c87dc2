"""Salience of one voice: its pitch every 16 ms, and the level and change of its harmonics every 5 ms.

Shapes: [fine] are the frames of ``HOP_S``, [frames] those of the pitch track, [bins] those of one spectrum. Frames are
laid where the sound is, not where the file begins, so that the same sound is heard alike however much of the silence
before it was recorded.
"""

import itertools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, median_filter, minimum_filter1d, uniform_filter1d

from soundstage.arrays import Floats
from soundstage.audio.decibels import power_to_db
from soundstage.audio.pitch import MAX_HZ, MODEL_RATE_HZ, PitchTrack, track_pitch
from soundstage.audio.resample import resample
from soundstage.audio.spectrum import rfft_single
from soundstage.music.listening.dropouts import fill_dropouts
from soundstage.music.listening.harmonicity import FOREIGN_DB, Harmonicity, measure_harmonicity
from soundstage.music.listening.leading_line import Followed, follow_line
from soundstage.music.listening.note_network import Features, frame_times_s, measure_features
from soundstage.music.listening.tonal_noise_removal import remove_tonal_noise

HOP_S = 0.005  # of the fine frames
_WINDOW_S = 0.032  # resolves the harmonics of a bass voice (31 Hz apart), and events 16 ms apart
_HARMONICS = 8  # of a sung tone, the ones that stand above noise
# SwiftF0 works best near full scale; a quiet recording is raised, by a factor of 30 at most, so that no noise floor is.
_FULL_PEAK, _MAX_GAIN = 0.5, 30.0
_UNVOICED_CONFIDENCE, _MIN_UNVOICED = 0.3, 20  # below: a frame of noise; and so many of them are needed (100 ms)
# A whistler: so much of the voiced time over 1.2 kHz, which few sing. The model is unsure from its highest bin down.
_WHISTLE_HZ, _WHISTLE_SHARE, _LOOKED_AT_HZ = 1200.0, 0.3, 0.96 * MAX_HZ
_VIBRATO_SHARE = 0.03  # of its frequency: half a semitone
# Halved octaves (chosen on whistles in noise): a tone from 220 Hz up whose odd harmonics (of the halved pitch) have
# less than 4 % of the power of the even ones, an octave (within .35) below the median of a second.
_HALVED_FROM_HZ, _HALVED_SHARE, _OCTAVE_SLACK, _SECOND_FRAMES = 220.0, 0.04, 0.35, 61
# Raised harmonics (chosen on recorded plucked and struck instruments): within .03 octaves of the 2nd to 4th harmonic of
# the median of 17 frames (270 ms), while the fundamental keeps 5 % of its power.
_RAISED_FRAMES, _RAISED_SLACK, _FUNDAMENTAL_SHARE = 17, 0.03, 0.05
_HARMONIC_RANGE_DB = 24.0  # below the strongest harmonic: weaker ones do not count
_STRONGEST_WITHIN_S = 0.25
# Depth of a dip (chosen on reverberant hums): below both sides within 100 ms, smoothed over 35 ms; harmonics count down
# to 30 dB below their own maximum, and no dip for more than 12 dB.
_DIP_REACH_S, _DIP_S, _DIP_RANGE_DB, _MAX_DIP_DB = 0.1, 0.035, 30.0, 12.0
_FLOOR_DB = -120.0  # of full scale
# Edges, Hz: bands of one to two critical bandwidths (Zwicker 1961) over the range of a voice.
_BANDS_HZ = (80, 200, 320, 480, 680, 920, 1250, 1700, 2300, 3100, 4200, 6000)
# A band whose 10th and 90th percentile lie less than 6 dB apart never leaves its noise and has the least weight; from
# 18 dB apart it has full weight. Levels below 3 dB over the 10th percentile are noise, too.
_NOISE_RANGE_DB, _VOICE_RANGE_DB, _MIN_WEIGHT, _NOISE_MARGIN_DB = 6.0, 12.0, 0.02, 3.0
_FLUX_FLOOR = 10**-2.5  # of a band's mean power: rises out of silence stay finite
_FLUX_REACH = 4  # fine frames: 20 ms
_GRID_S = 0.08  # of both kinds of frames: the least common multiple of 5 and 16 ms
_SMOOTHING_FRAMES = 3  # fine frames: 15 ms, half a window
_NOISE_DB = -90.0  # at most, where too few frames are unvoiced to tell: what 16 bits leave
_BLOCK_FRAMES = 1024  # of the spectrogram at a time: memory stays flat for long recordings


@dataclass(frozen=True, eq=False)
class Salience:
    """A recording analysed as one voice. Levels are dB relative to full scale after the gain that pitch tracking needs.

    Attributes:
        pitch: SwiftF0's track, frames of 16 ms.
        times_s: centres of the fine frames (5 ms), [fine].
        tonal_db: level of the pitch's first harmonics, so noise between them does not count, [fine].
        features: what the network that finds notes looks at: spectrum, level, dips of harmonics and movement of pitch.
        harmonicity: what share of the power lies in harmonics and partials.
        followed: which line, where something else sounds along.
        start_s: where the recording begins in time of the frames, less than 80 ms after the first of them.
        duration_s: of the recording.
        dropouts: number of holes in it, which were filled.
    """

    pitch: PitchTrack
    times_s: Floats
    tonal_db: Floats
    features: Features
    harmonicity: Harmonicity
    followed: Followed
    start_s: float
    duration_s: float
    dropouts: int


def measure_salience(mono: NDArray[np.float32], rate_hz: int) -> Salience:
    """Pitch, tonal level and spectral change of ``mono`` ([frames] float32).

    Raises:
        ValueError: NaN or infinity in the signal.
    """
    mono, holes_s = fill_dropouts(mono, rate_hz)
    lead_in = _lead_in(mono, rate_hz)
    signal = remove_tonal_noise(resample(np.pad(mono, (lead_in, 0)), rate_hz, MODEL_RATE_HZ))
    peak = float(np.max(np.abs(signal), initial=0.0))
    signal = np.asarray(signal * (min(_FULL_PEAK / peak, _MAX_GAIN) if peak > 0 else 1.0), np.float32)
    pitch = _with_high_whistles(track_pitch(signal, MODEL_RATE_HZ), signal)
    power, frequency_hz = _spectrogram(signal)
    times_s = HOP_S * np.arange(len(power), dtype=np.float64)
    pitch = _octaves_corrected(pitch, power, frequency_hz)
    harmonicity = measure_harmonicity(signal, pitch)
    followed: Followed = "leading"
    if harmonicity.foreign_db > FOREIGN_DB:
        pitch, followed = follow_line(signal, pitch)
    tonal_db, dip_db = _tonal_level(power, frequency_hz, times_s, pitch)
    flux_db = _spectral_flux_db(power, frequency_hz)
    unvoiced = np.interp(times_s, pitch.times_s, pitch.confidence) < _UNVOICED_CONFIDENCE
    enough = unvoiced.sum() > _MIN_UNVOICED
    noise_db = float(np.percentile(tonal_db[unvoiced], 50)) if enough else float(tonal_db.min(initial=_NOISE_DB))
    features = measure_features(power, np.maximum(tonal_db, noise_db), dip_db, flux_db, pitch)
    for begin_s, end_s in holes_s + lead_in / rate_hz:
        _hold_through(features, begin_s - _DIP_REACH_S / 2, end_s + _DIP_REACH_S / 2)
    return Salience(
        pitch=pitch,
        times_s=times_s,
        tonal_db=tonal_db,
        features=features,
        harmonicity=harmonicity,
        followed=followed,
        start_s=lead_in / rate_hz,
        duration_s=len(mono) / rate_hz,
        dropouts=len(holes_s),
    )


def _hold_through(features: Features, begin_s: float, end_s: float) -> None:
    """Let ``features`` go from one side of a hole straight to the other: nothing begins in it because of the hole."""
    inside = np.flatnonzero((frame_times_s(len(features)) > begin_s) & (frame_times_s(len(features)) < end_s))
    if len(inside):
        before, after = features[max(inside[0] - 1, 0)], features[min(inside[-1] + 1, len(features) - 1)]
        features[inside] = before + np.linspace(0, 1, len(inside), dtype=np.float32)[:, None] * (after - before)


def _with_high_whistles(pitch: PitchTrack, signal: NDArray[np.float32]) -> PitchTrack:
    """The track of a whistle that goes beyond what the model looks at: there it is tracked once more at half speed, an
    octave lower. Where nobody whistles below that already, it is a bird.
    """
    voiced = pitch.voiced
    if not voiced.any() or np.mean(pitch.f0_hz[voiced] > _WHISTLE_HZ) < _WHISTLE_SHARE:
        return pitch
    slow = track_pitch(resample(signal, MODEL_RATE_HZ, 2 * MODEL_RATE_HZ), MODEL_RATE_HZ)
    at = np.minimum(2 * np.arange(len(pitch.times_s)), len(slow.f0_hz) - 1)
    f0_hz, confidence = 2 * slow.f0_hz[at], slow.confidence[at]
    higher = (f0_hz > _LOOKED_AT_HZ) & (confidence > pitch.confidence)
    return replace(
        pitch,
        f0_hz=np.where(higher, f0_hz, pitch.f0_hz),
        confidence=np.where(higher, confidence, pitch.confidence),
    )


def _lead_in(mono: NDArray[np.float32], rate_hz: int) -> int:
    """Samples of silence before ``mono`` that lay the frames by its power: its component of 12.5 Hz peaks on a frame.

    That component's phase follows the sound when it is shifted, and changes by next to nothing with faint noise.
    """
    period = round(_GRID_S * rate_hz)
    whole, rest = np.split(mono, [len(mono) // period * period])
    rows = whole.reshape(-1, period)
    power = np.einsum("ij,ij->j", rows, rows, dtype=np.float64)  # over one period
    power[: len(rest)] += rest.astype(np.float64) ** 2
    return round(float(np.angle(np.fft.rfft(power)[1])) / (2 * np.pi) * period) % period


def _spectrogram(signal: NDArray[np.float32]) -> tuple[NDArray[np.float32], Floats]:
    """Power of Hann windows of 32 ms around each multiple of 5 ms, [fine, bins], and the bins' frequencies."""
    window, hop = round(_WINDOW_S * MODEL_RATE_HZ), round(HOP_S * MODEL_RATE_HZ)
    padded = np.pad(signal, (window // 2, window // 2))
    frames = np.lib.stride_tricks.sliding_window_view(padded, window)[:-1:hop]
    taper = np.hanning(window).astype(np.float32)
    bins = window // 2 + 1
    power = np.empty((len(frames), bins), np.float32)
    for start in range(0, len(frames), _BLOCK_FRAMES):
        spectrum = rfft_single(frames[start : start + _BLOCK_FRAMES] * taper)
        power[start : start + _BLOCK_FRAMES] = (spectrum.real**2 + spectrum.imag**2) / (window / 4) ** 2
    return power, np.fft.rfftfreq(window, 1 / MODEL_RATE_HZ).astype(np.float64)


def _octaves_corrected(pitch: PitchTrack, power: NDArray[np.float32], frequency_hz: Floats) -> PitchTrack:
    """The track with octave and harmonic errors of single moments corrected.

    A whistle in noise is now and then tracked an octave too low: it lacks odd harmonics there. A struck string is
    tracked for a moment at its second, third or fourth harmonic: its own fundamental goes on sounding.
    """
    voiced = pitch.voiced
    if not voiced.any():
        return pitch
    rows = np.minimum(np.round(pitch.times_s / HOP_S).astype(int), len(power) - 1)
    odd = sum(_power_near(power, rows, harmonic * pitch.f0_hz / frequency_hz[1]) for harmonic in (1, 3))
    even = sum(_power_near(power, rows, harmonic * pitch.f0_hz / frequency_hz[1]) for harmonic in (2, 4))
    octave = np.log2(np.interp(pitch.times_s, pitch.times_s[voiced], pitch.f0_hz[voiced]))
    an_octave_below = np.abs(octave + 1 - median_filter(octave, _SECOND_FRAMES, mode="nearest")) < _OCTAVE_SLACK
    too_low = an_octave_below & (pitch.f0_hz > _HALVED_FROM_HZ) & (odd < _HALVED_SHARE * even)
    f0_hz = np.where(too_low, 2 * pitch.f0_hz, pitch.f0_hz)
    raised = octave - median_filter(octave, _RAISED_FRAMES, mode="nearest")
    tracked = _power_near(power, rows, pitch.f0_hz / frequency_hz[1])
    for harmonic in (2, 3, 4):
        below = _power_near(power, rows, pitch.f0_hz / harmonic / frequency_hz[1])
        too_high = (np.abs(raised - np.log2(harmonic)) < _RAISED_SLACK) & (below > _FUNDAMENTAL_SHARE * tracked)
        f0_hz = np.where(too_high & ~too_low, pitch.f0_hz / harmonic, f0_hz)
    return replace(pitch, f0_hz=f0_hz)


def _power_near(power: NDArray[np.float32], rows: NDArray[np.int64], place: Floats) -> Floats:
    """Power of the three bins around ``place`` (in bins) of each row. [rows]"""
    centre = np.clip(np.round(place).astype(int), 1, power.shape[1] - 2)
    return np.asarray(power[rows, centre - 1] + power[rows, centre] + power[rows, centre + 1], np.float64)


def _power_around(power: NDArray[np.float32], rows: NDArray[np.int64], place: Floats) -> Floats:
    """Power of a quarter tone on either side of ``place`` (in bins): at 2 kHz, a vibrato leaves three bins. [rows]"""
    reach = int(np.ceil(_VIBRATO_SHARE * float(place.max(initial=0.0)))) + 1
    bins = np.round(place).astype(int)[:, None] + np.arange(-reach, reach + 1)
    inside = np.abs(bins - place[:, None]) <= np.maximum(1.0, _VIBRATO_SHARE * place[:, None])
    return np.asarray((power[rows[:, None], np.clip(bins, 0, power.shape[1] - 1)] * inside).sum(axis=1), np.float64)


def _tonal_level(
    power: NDArray[np.float32], frequency_hz: Floats, times_s: Floats, pitch: PitchTrack
) -> tuple[Floats, Floats]:
    """Level and dip of the pitch's first harmonics, dB, [fine] each: means over those near the strongest one.

    A room makes each harmonic of a moving pitch fade on its own, a vowel moves some up and some down; where a person
    stops or starts, all fall or rise together.
    """
    voiced = np.flatnonzero(pitch.voiced)
    if not len(voiced):
        return power_to_db(power.sum(axis=1, dtype=np.float64), _FLOOR_DB), np.zeros(len(times_s))
    f0_hz = np.interp(times_s, pitch.times_s[voiced], pitch.f0_hz[voiced])
    step = frequency_hz[1]
    rows = np.arange(len(times_s))
    whistled = np.flatnonzero(f0_hz > _WHISTLE_HZ)
    levels = np.empty((_HARMONICS, len(times_s)))
    for harmonic in range(1, _HARMONICS + 1):
        near = _power_near(power, rows, harmonic * f0_hz / step)
        if len(whistled):  # a whistle is its fundamental; above it lies breath
            near[whistled] = _power_around(power, whistled, harmonic * f0_hz[whistled] / step)
        levels[harmonic - 1] = power_to_db(np.where(harmonic * f0_hz < frequency_hz[-1], near, 0), _FLOOR_DB)
    around = round(_STRONGEST_WITHIN_S / HOP_S)
    strongest = maximum_filter1d(levels, around, axis=1)
    weight = np.clip(1 + (strongest - strongest.max(axis=0)) / _HARMONIC_RANGE_DB, 0.0, 1.0) ** 2
    weight /= weight.sum(axis=0)
    tonal_db = uniform_filter1d((weight * levels).sum(axis=0), _SMOOTHING_FRAMES)
    smooth = uniform_filter1d(np.maximum(levels, strongest - _DIP_RANGE_DB), _SMOOTHING_FRAMES, axis=1)
    reach = round(_DIP_REACH_S / HOP_S)
    before = maximum_filter1d(smooth, reach + 1, axis=1, origin=reach // 2)
    after = maximum_filter1d(smooth, reach + 1, axis=1, origin=-(reach // 2))
    dip = np.minimum(before, after) - minimum_filter1d(smooth, round(_DIP_S / HOP_S) | 1, axis=1)
    return tonal_db, np.asarray((weight * np.minimum(dip, _MAX_DIP_DB)).sum(axis=0))


def _spectral_flux_db(power: NDArray[np.float32], frequency_hz: Floats) -> Floats:
    """Mean rise from the level 20 ms before to that 20 ms after, over the bands that the voice fills, dB. [fine]"""
    edges = np.searchsorted(frequency_hz, _BANDS_HZ)
    bands = np.stack([power[:, a:b].sum(axis=1) for a, b in itertools.pairwise(edges)], axis=1)
    level_db = power_to_db(bands + bands.mean(axis=0) * _FLUX_FLOOR, _FLOOR_DB)
    quiet_db, loud_db = np.percentile(level_db, (10, 90), axis=0) if len(level_db) else np.zeros((2, level_db.shape[1]))
    weight = np.clip((loud_db - quiet_db - _NOISE_RANGE_DB) / _VOICE_RANGE_DB, _MIN_WEIGHT, 1.0)
    around = ((_FLUX_REACH, _FLUX_REACH), (0, 0))
    padded = np.pad(np.maximum(level_db, quiet_db + _NOISE_MARGIN_DB), around, mode="edge")
    rise = np.maximum(padded[2 * _FLUX_REACH :] - padded[: -2 * _FLUX_REACH], 0)
    return np.asarray(rise @ (weight / weight.sum()))
