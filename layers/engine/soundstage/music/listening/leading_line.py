"""The leading line of a recording in which something else sounds along: an accompaniment, a second singer.

A tracker for one voice jumps between the voices there. Instead each frame of 16 ms gets the strength of every possible
pitch, the weighted sum of its harmonics in the spectrum (harmonic summation, Salamon & Gómez 2012), and the line that
is strong throughout and moves little is found by the Viterbi algorithm; what the one-voice tracker says counts as one
more hint. A singer is louder than what accompanies her: the frames in which the line is far softer than usual are taken
for the accompaniment.

Of two voices of about the same level neither leads, and a line of the strongest pitches goes from one to the other.
There a second line is found in what is left without the harmonics of the first, and the two are told apart by their
height: one is followed, which is the higher one unless the lower is louder.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from soundstage.arrays import Floats
from soundstage.audio.pitch import FRAME_PERIOD_S, MODEL_RATE_HZ, PitchTrack
from soundstage.audio.spectrum import rfft_single

# Parameters were chosen on sight-singers of the part "tune" mixed with another singer and with produced music.
WINDOW, SPECTRUM = 1280, 4096  # samples: 80 ms tell voices a semitone apart from 150 Hz on
LOWEST_HZ, STEPS_PER_OCTAVE, OCTAVES = 75.0, 60, 3.8  # steps of 20 cents, up to 1 kHz
HARMONICS, HARMONIC_WEIGHT = 10, 0.82  # each harmonic counts for so much of the one below it
COMPRESSION = 0.5  # of magnitudes: one strong partial is no tone
HINT, HINT_STEPS = 0.15, 3.0  # what the one-voice tracker's pitch is worth, of the strongest; and how near it is
STEP_COST, MAX_STEP_COST, REACH = 0.03, 0.6, 36  # per 20 cents and frame, of the strongest; up to 7 semitones
LEAP_COST = 0.9  # of a leap to anywhere
SUBHARMONIC = 0.3  # taken off for the strength of the octave above: a pitch an octave too low has its harmonics, too
SOFTER_DB, SLOPE_DB = 13.0, 2.5  # below the line's usual level: even odds of the accompaniment; and their spread
USUAL_PERCENTILE = 75  # of the line's level over voiced frames
LEVEL_FRAMES, LEVEL_HARMONICS = 3, 6
# A frame in which the one-voice tracker heard anything; and what its confidence is at least worth where it follows
# something else than the line.
HEARD_CONFIDENCE, LINE_CONFIDENCE = 0.3, 0.7
HIGHEST_HZ = 5000.0  # of what is looked at
FLOOR, FLOOR_BINS = 1.3, 81  # a peak stands out of so many times the mean of 320 Hz around it
# The first line's harmonics leave so much within so many bins of them (a Hann window's main lobe is 13 wide).
LEFT_OF_HARMONICS, LOBE_BINS, HARMONICS_REMOVED = 0.1, 6, 15
# A line sounds from this share of the first one's 90th percentile on, the second also from its share of the first.
SOUNDS, SECOND_SOUNDS, SECOND_OF_FIRST = 0.3, 0.21, 0.25
# Two voices: both sound in so many of the frames of one, and their median levels differ by less. The lower one is
# followed where it is louder by so much.
BOTH_SOUND, LEVELS_APART_DB, LOWER_LOUDER_DB = 0.45, 3.0, 1.0
# And of the power little is left without the harmonics of both (median): two singers leave .02 to .04, a singer with a
# band .04 and more.
MOST_LEFT = 0.04
REGISTER_FRAMES = 60  # standard deviation of the window in which a voice's register is looked at: about a second
REGISTER_PRIOR = 1.0  # weight, in frames, of its register in the whole recording

Followed = Literal["leading", "higher", "lower"]
"""The one line, or which of two voices."""


@dataclass(frozen=True, eq=False)
class _Voice:
    """Steps of one of two voices, and the frames in which it sounds, [frames] each."""

    path: NDArray[np.int64]
    sounds: NDArray[np.bool_]


def follow_line(signal: NDArray[np.float32], pitch: PitchTrack) -> tuple[PitchTrack, Followed]:
    """The leading line of ``signal`` ([samples] at 16 kHz), in the frames of ``pitch``; and which one it is."""
    count = len(pitch.times_s)
    magnitude = _spectra(signal, count)
    steps = int(STEPS_PER_OCTAVE * OCTAVES)
    grid_hz = LOWEST_HZ * 2.0 ** (np.arange(steps) / STEPS_PER_OCTAVE)
    alone = _strengths_alone(magnitude, grid_hz)
    scale = max(float(np.percentile(alone.max(axis=1), 90)), 1e-12)
    place = STEPS_PER_OCTAVE * np.log2(np.maximum(pitch.f0_hz, 1.0) / LOWEST_HZ)
    away = (np.arange(steps)[None, :] - place[:, None]) / HINT_STEPS
    strength = alone / scale + HINT * pitch.confidence[:, None] * np.exp(-0.5 * away**2)
    path = _strongest_line(strength)
    followed, voice = _one_of_two(magnitude, grid_hz, alone, path, scale)
    path = voice.path
    f0_hz = _refined(strength, path)
    near = np.abs(path - place) < HINT_STEPS
    f0_hz = np.where(near, pitch.f0_hz, f0_hz)
    level_db = _line_level_db(magnitude, f0_hz)
    voiced = (pitch.confidence > HEARD_CONFIDENCE) & voice.sounds
    usual_db = float(np.percentile(level_db[voiced], USUAL_PERCENTILE)) if voiced.any() else 0.0
    ours = 1 / (1 + np.exp(-(level_db - usual_db + SOFTER_DB) / SLOPE_DB))
    hint = np.where(near, pitch.confidence, np.maximum(pitch.confidence, LINE_CONFIDENCE))
    return replace(pitch, f0_hz=f0_hz, confidence=np.asarray(hint * ours * voice.sounds)), followed


def _one_of_two(
    magnitude: NDArray[np.float32], grid_hz: Floats, strength: Floats, path: NDArray[np.int64], scale: float
) -> tuple[Followed, _Voice]:
    """The voice to follow where two of about the same level sound together, else ``path`` throughout."""
    rest = _without_harmonics(magnitude, grid_hz[path])
    others = _strengths_alone(rest, grid_hz)
    second = _strongest_line(others / scale)
    rows = np.arange(len(path))
    first_strength, second_strength = strength[rows, path], others[rows, second]
    usual = float(np.percentile(first_strength, 90))
    sounds = first_strength > SOUNDS * usual
    both = sounds & (second_strength > np.maximum(SECOND_SOUNDS * usual, SECOND_OF_FIRST * first_strength))
    leading = _Voice(path, np.ones(len(path), np.bool_))
    if both.sum() <= BOTH_SOUND * sounds.sum() or not both.any():
        return "leading", leading
    higher, lower = np.maximum(path, second), np.minimum(path, second)
    level_db = [_line_level_db(magnitude, grid_hz[line]) for line in (higher, lower)]
    louder_db = float(np.median((level_db[0] - level_db[1])[both]))
    if abs(louder_db) > LEVELS_APART_DB:
        return "leading", leading
    power = [np.square(spectra[both]).sum(axis=1) for spectra in (_without_harmonics(rest, grid_hz[second]), magnitude)]
    if np.median(power[0] / power[1]) > MOST_LEFT:
        return "leading", leading
    # Who sings alone is whose register is nearer.
    is_higher = np.abs(path - _register(higher, both)) < np.abs(path - _register(lower, both))
    if louder_db < -LOWER_LOUDER_DB:
        return "lower", _Voice(np.where(both, lower, path), both | (sounds & ~is_higher))
    return "higher", _Voice(np.where(both, higher, path), both | (sounds & is_higher))


def _register(path: NDArray[np.int64], sounds: NDArray[np.bool_]) -> Floats:
    """Mean step of a voice about each frame, over frames in which it ``sounds``. [frames]"""
    weight = gaussian_filter1d(sounds.astype(np.float64), REGISTER_FRAMES, mode="constant")
    total = gaussian_filter1d(np.where(sounds, path, 0).astype(np.float64), REGISTER_FRAMES, mode="constant")
    prior = REGISTER_PRIOR / (REGISTER_FRAMES * np.sqrt(2 * np.pi))
    return np.asarray((total + prior * float(path[sounds].mean())) / (weight + prior))


def _without_harmonics(magnitude: NDArray[np.float32], f0_hz: Floats) -> NDArray[np.float32]:
    """The spectra with little left at the harmonics of ``f0_hz`` ([frames])."""
    rest = magnitude.copy()
    harmonics = np.arange(1, HARMONICS_REMOVED + 1)[:, None]
    bins = np.round(harmonics * f0_hz * SPECTRUM / MODEL_RATE_HZ).astype(int)
    for offset in range(-LOBE_BINS, LOBE_BINS + 1):
        harmonic, row = np.nonzero((bins + offset >= 0) & (bins + offset < magnitude.shape[1]))
        rest[row, bins[harmonic, row] + offset] *= LEFT_OF_HARMONICS
    return rest


def _strengths_alone(magnitude: NDArray[np.float32], grid_hz: Floats) -> Floats:
    """Strength of each pitch less that of its octave, [frames, steps]."""
    strength = _strengths(magnitude, grid_hz)
    higher = np.zeros_like(strength)
    higher[:, :-STEPS_PER_OCTAVE] = strength[:, STEPS_PER_OCTAVE:]
    return np.maximum(strength - SUBHARMONIC * higher, 0.0)


def _spectra(signal: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Magnitudes of Hann windows around each frame, [frames, bins]."""
    hop = round(FRAME_PERIOD_S * MODEL_RATE_HZ)
    padded = np.pad(signal, (WINDOW // 2, WINDOW // 2 + hop * count))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[: hop * count : hop]
    taper = np.hanning(WINDOW).astype(np.float32)
    bins = int(HIGHEST_HZ * SPECTRUM / MODEL_RATE_HZ)
    found = np.empty((count, bins), np.float32)
    for start in range(0, count, 512):
        spectrum = rfft_single(frames[start : start + 512] * taper, SPECTRUM)
        found[start : start + 512] = np.abs(spectrum[:, :bins])
    return found


def _strengths(magnitude: NDArray[np.float32], grid_hz: Floats) -> Floats:
    """Weighted sum of the harmonics of each pitch, over what lies around them, [frames, steps]."""
    compressed = magnitude**COMPRESSION
    peaks = np.maximum(compressed - FLOOR * uniform_filter1d(compressed, FLOOR_BINS, axis=1, mode="nearest"), 0.0)
    bin_hz = MODEL_RATE_HZ / SPECTRUM
    total = np.zeros((len(magnitude), len(grid_hz)))
    for harmonic in range(1, HARMONICS + 1):
        place = harmonic * grid_hz / bin_hz
        inside = place < magnitude.shape[1] - 2
        low = place[inside].astype(int)
        part = place[inside] - low
        total[:, inside] += HARMONIC_WEIGHT ** (harmonic - 1) * ((1 - part) * peaks[:, low] + part * peaks[:, low + 1])
    return total


def _strongest_line(strength: Floats) -> NDArray[np.int64]:
    """The path over steps with the most strength less the cost of its moves, [frames]."""
    count, steps = strength.shape
    moves = np.arange(-REACH, REACH + 1)
    cost = np.minimum(STEP_COST * np.abs(moves), MAX_STEP_COST)
    score = strength[0]
    back = np.zeros((count, steps), np.int32)
    for t in range(1, count):
        padded = np.pad(score, REACH, constant_values=-np.inf)
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * REACH + 1) - cost
        choice = windows.argmax(axis=1)
        jump = int(score.argmax())  # anywhere, at the greatest cost
        best = windows[np.arange(steps), choice]
        far = score[jump] - LEAP_COST > best
        back[t] = np.where(far, jump, np.arange(steps) + choice - REACH)
        score = np.where(far, score[jump] - LEAP_COST, best) + strength[t]
    path = np.zeros(count, np.int64)
    path[-1] = int(score.argmax())
    for t in range(count - 1, 0, -1):
        path[t - 1] = back[t, path[t]]
    return path


def _refined(strength: Floats, path: NDArray[np.int64]) -> Floats:
    """Frequencies between the steps, by a parabola through three of them. [frames]"""
    rows, middle = np.arange(len(path)), np.clip(path, 1, strength.shape[1] - 2)
    left, centre, right = (strength[rows, middle + side] for side in (-1, 0, 1))
    bend = left - 2 * centre + right
    offset = np.where(bend < -1e-9, 0.5 * (left - right) / np.minimum(bend, -1e-9), 0.0)
    return np.asarray(LOWEST_HZ * 2.0 ** ((middle + np.clip(offset, -0.5, 0.5)) / STEPS_PER_OCTAVE))


def _line_level_db(magnitude: NDArray[np.float32], f0_hz: Floats) -> Floats:
    """Level of the line's first harmonics, dB. [frames]"""
    bin_hz = MODEL_RATE_HZ / SPECTRUM
    rows = np.arange(len(f0_hz))
    power = np.zeros(len(f0_hz))
    for harmonic in range(1, LEVEL_HARMONICS + 1):
        place = np.minimum(np.round(harmonic * f0_hz / bin_hz).astype(int), magnitude.shape[1] - 2)
        peak = np.maximum.reduce([magnitude[rows, place + side] for side in (-1, 0, 1)])
        power += peak**2
    return np.asarray(uniform_filter1d(10 * np.log10(power + 1e-12), LEVEL_FRAMES))
