"""Key, tuning and notes decoded together: what a pitch between two keys of the piano is depends on all the others.

For each of 24 keys a hidden Markov model runs over the notes. Its state is (note, tuning): the nearest three notes, and
how far the voice has drifted from concert pitch, which may wander a little from note to note. A note is likely when
its degree is (profiles below), when it lies near the last one (singers step more than they leap), and when its pitch
agrees with the tuning. The key with the greatest total likelihood wins; its best path gives the notes.
"""

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from soundstage.models.music import Key, Mode
from soundstage.music.transcription import SungNote

Floats = NDArray[np.float64]
TONIC_NAMES: tuple[str, ...] = get_args(Key.model_fields["tonic"].annotation)
# Share of each semitone above the tonic in sung melodies, after the Essen folk song counts of Temperley (2007, ch. 4).
MAJOR_PROFILE = (0.184, 0.002, 0.155, 0.004, 0.191, 0.109, 0.006, 0.214, 0.002, 0.078, 0.005, 0.050)
MINOR_PROFILE = (0.192, 0.003, 0.149, 0.179, 0.003, 0.144, 0.004, 0.201, 0.038, 0.014, 0.050, 0.023)
# Tunes close on their tonic; they open on it, on the third or on the fifth.
LAST_PROFILE = (0.80, 0.002, 0.03, 0.04, 0.04, 0.01, 0.002, 0.06, 0.003, 0.005, 0.005, 0.005)
FIRST_PROFILE = (0.30, 0.005, 0.06, 0.07, 0.13, 0.05, 0.005, 0.34, 0.01, 0.02, 0.01, 0.02)
TUNING_STEP = 0.1  # semitones
TUNING_REACH = 1.0
TUNING_WALK = 0.02  # standard deviation from note to note
PITCH_SPREAD = 0.24  # semitones a hummer strays from the note meant; a Laplace-like tail keeps wild ones affordable
STRAY_FLOOR = 0.004
_CANDIDATES = 3


@dataclass(frozen=True)
class Tonality:
    """``midi`` [notes] is what was meant; ``tuning`` [notes] the singer's offset at each note, semitones."""

    key: Key
    confidence: float
    midi: list[int]
    tuning: Floats


def decode_tonality(notes: list[SungNote]) -> Tonality:
    """Decode at least one note."""
    pitch = np.array([note.pitch for note in notes])
    weight = _weights(notes)
    offsets = np.arange(-TUNING_REACH, TUNING_REACH + 1e-9, TUNING_STEP)
    totals = np.empty(24)
    paths: list[tuple[NDArray[np.int64], Floats]] = []
    candidates = np.round(pitch[:, None] - offsets[None, :])[:, :, None] + np.arange(-1, 2)  # [notes, offsets, 3]
    stray = pitch[:, None, None] - offsets[None, :, None] - candidates
    fit = np.log(np.exp(-0.5 * (stray / PITCH_SPREAD) ** 2) + STRAY_FLOOR * np.exp(-np.abs(stray)))
    for key in range(24):
        totals[key], path = _viterbi(candidates.astype(int), fit, offsets, key, weight)
        paths.append(path)
    best = int(np.argmax(totals))
    midi, tuning = paths[best]
    share = np.exp((totals - totals[best]) / 2)  # halved: notes of one tune are not independent
    tonic = best % 12
    # A path may have settled a semitone away from concert pitch; names follow the average singer, not the path.
    shift = round(float(np.average(tuning, weights=[note.duration_s for note in notes])))
    return Tonality(
        key=Key(tonic=TONIC_NAMES[(tonic + shift) % 12], mode=Mode.MAJOR if best < 12 else Mode.MINOR),
        confidence=float(1 / share.sum()),
        midi=[int(m) + shift for m in midi],
        tuning=tuning - shift,
    )


def _weights(notes: list[SungNote]) -> Floats:
    """Long notes say more about the key than passing ones. [notes], mean about 1"""
    duration_s = np.array([note.duration_s for note in notes])
    return np.asarray(np.clip((duration_s / np.median(duration_s)) ** 0.5, 0.6, 1.6))


def _profiles(key: int, count: int, midi: NDArray[np.int64]) -> Floats:
    """Log share of each candidate's degree in the key; [notes, offsets, candidates]."""
    degree = (midi - key % 12) % 12
    profile = np.log(np.array(MAJOR_PROFILE if key < 12 else MINOR_PROFILE))
    out = profile[degree]
    if count > 2:
        out[-1] += 0.8 * np.log(np.array(LAST_PROFILE))[degree[-1]]
        out[0] += 0.5 * np.log(np.array(FIRST_PROFILE))[degree[0]]
    return np.asarray(out)


def _viterbi(
    midi: NDArray[np.int64], fit: Floats, offsets: Floats, key: int, weight: Floats
) -> tuple[float, tuple[NDArray[np.int64], Floats]]:
    """Best path through (tuning, note) for one key: its log likelihood, its notes, its tuning."""
    count, tunings, _ = midi.shape
    emission = fit + weight[:, None, None] * _profiles(key, count, midi)
    score = emission[0] - 0.5 * (offsets[:, None] / 0.6) ** 2  # [tunings, 3]
    back = np.zeros((count, tunings, _CANDIDATES), np.int64)
    walk = np.array(
        [-0.5 * (TUNING_STEP / TUNING_WALK) ** 2 * 0.35, 0.0, -0.5 * (TUNING_STEP / TUNING_WALK) ** 2 * 0.35]
    )
    for i in range(1, count):
        options = np.full((3, _CANDIDATES, tunings, _CANDIDATES), -np.inf)  # from tuning −1/0/+1, from candidate
        for move in range(3):
            source = np.arange(tunings) + move - 1
            inside = (source >= 0) & (source < tunings)
            previous, previous_midi = score[source[inside]], midi[i - 1][source[inside]]
            leap = np.abs(midi[i][inside][:, None, :] - previous_midi[:, :, None])
            options[move][:, inside, :] = (previous[:, :, None] + walk[move] + _leap_cost(leap)).transpose(1, 0, 2)
        flat = options.reshape(3 * _CANDIDATES, tunings, _CANDIDATES)
        back[i] = flat.argmax(axis=0)
        score = flat.max(axis=0) + emission[i]
    tuning_at, candidate = divmod(int(score.argmax()), _CANDIDATES)
    total = float(score.max())
    path, tuning = np.zeros(count, np.int64), np.zeros(count)
    for i in range(count - 1, -1, -1):
        path[i], tuning[i] = midi[i, tuning_at, candidate], offsets[tuning_at]
        move, previous_candidate = divmod(int(back[i, tuning_at, candidate]), _CANDIDATES)
        if i:
            tuning_at, candidate = tuning_at + move - 1, previous_candidate
    return total, (path, tuning)


def _leap_cost(semitones: NDArray[np.int64]) -> Floats:
    """Log likelihood of an interval: a bell of 7 semitones' spread (Temperley 2007), so wide that it decides ties."""
    return np.asarray(-0.5 * (semitones / 7.0) ** 2)
