"""Key, tuning and notes decoded together: what a pitch between two keys of the piano is depends on all the others.

For each of 24 keys a hidden Markov model runs over the notes. Its state is (note, tuning): the nearest three notes, and
how far the voice has drifted from concert pitch, which may wander a little from note to note. A note is likely when
its degree is (profiles below), when it lies near the last one (singers step more than they leap), and when its pitch
agrees with the tuning. The key with the most evidence wins; in it, each note becomes the most probable one.
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
MINOR_PROFILE = (0.190, 0.003, 0.147, 0.177, 0.003, 0.142, 0.004, 0.199, 0.037, 0.024, 0.050, 0.024)
# Tunes close on their tonic; they open on it, on the third or on the fifth.
LAST_PROFILE = (0.80, 0.002, 0.03, 0.04, 0.04, 0.01, 0.002, 0.06, 0.003, 0.005, 0.005, 0.005)
FIRST_PROFILE = (0.30, 0.005, 0.06, 0.07, 0.13, 0.05, 0.005, 0.34, 0.01, 0.02, 0.01, 0.02)
FIRST_WEIGHT, LAST_WEIGHT = 0.5, 0.8
TUNING_STEP = 0.1  # semitones
TUNING_REACH = 1.0
TUNING_PRIOR = 0.6  # of the first note; a singer without an instrument starts anywhere
TUNING_MOVE_COST = 4.4  # log likelihood of moving one step: drift is slow
PITCH_SPREADS = (0.12, 0.24, 0.38)  # semitones singers stray from the note meant: a steady, a usual and a wild one
STRAY_FLOOR = 0.004  # a wild note stays affordable
# How likely each note that lies 0 to 13 semitones and more from the last one (after Essen folk songs; von Hippel 2000).
LEAP_PROFILE = (0.34, 0.37, 0.46, 0.20, 0.17, 0.09, 0.01, 0.05, 0.012, 0.012, 0.005, 0.002, 0.012, 0.001)
ODD, AGREE, APART = 4.5, 2.2, 4.0  # in units of the stray: of any neighbour, of their mean, of the two notes
MOST_POOLED = 3.0  # repeats are not all independent: a singer errs alike


@dataclass(frozen=True)
class Tonality:
    """``midi`` [notes] is what was meant; ``tuning`` [notes] the singer's offset at each note, semitones."""

    key: Key
    confidence: float
    midi: list[int]
    tuning: Floats


def decode_tonality(notes: list[SungNote]) -> Tonality:
    """Decode at least one note; then once more with what a tune's own repeats say about each other."""
    pitch = np.array([note.pitch for note in notes])
    weight = _weights(notes)
    first = _decode(pitch, np.ones(len(pitch)), weight)
    pooled, count = _pooled(pitch - first.tuning, np.array([n.duration_s for n in notes]), np.array(first.midi))
    if count.max() == 1:
        return first
    return _decode(pooled + first.tuning, count, weight)


def _decode(pitch: Floats, count: Floats, weight: Floats) -> Tonality:
    """``pitch`` [notes] is each the mean of ``count`` notes that are meant to be the same."""
    offsets = np.arange(-TUNING_REACH, TUNING_REACH + 1e-9, TUNING_STEP)
    candidates = np.round(pitch[:, None] - offsets)[:, :, None] + np.arange(-1, 2)  # [notes, tunings, candidates]
    midi = candidates.astype(np.int64)
    stray = pitch[:, None, None] - offsets[None, :, None] - candidates
    degrees = weight[:, None, None, None] * _degree_likelihood(midi)
    steadiness = np.sqrt(np.minimum(count, MOST_POOLED))[:, None, None]
    evidence, readings = [], []
    for spread in PITCH_SPREADS:
        fit = np.log(np.exp(-0.5 * (stray * steadiness / spread) ** 2) / spread + STRAY_FLOOR * np.exp(-np.abs(stray)))
        per_key, reading = _sum_over_paths(midi, fit[:, None] + degrees, offsets)
        evidence.append(per_key)
        readings.append(reading)
    steadiest = int(np.argmax([per_key.max() for per_key in evidence]))
    totals, (meant, tuning) = evidence[steadiest], readings[steadiest]
    best = int(np.argmax(totals))
    # The tuning may have settled a semitone away from concert pitch; names follow the average singer.
    shift = round(float(np.average(pitch - meant, weights=weight)))
    return Tonality(
        key=Key(tonic=TONIC_NAMES[(best + shift) % 12], mode=Mode.MAJOR if best < 12 else Mode.MINOR),
        confidence=float(1 / np.exp(totals - totals[best]).sum()),
        midi=[int(m) + shift for m in meant],
        tuning=tuning - shift,
    )


def _pooled(pitch: Floats, duration_s: Floats, midi: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Mean pitch of each note over the places where the tune repeats itself, and how many there are, [notes] each.

    Two notes are the same when they and two neighbours on either side agree in pitch, as far as this singer's stray
    lets one expect, and in length.
    """
    count = len(pitch)
    stray = float(np.clip(1.25 * np.mean(np.abs(pitch - midi)), 0.05, 0.45))
    reach = min(2, (count - 1) // 2)
    apart = np.abs(pitch[:, None] - pitch[None, :])
    longer = np.abs(np.log2(duration_s[:, None] / duration_s[None, :]))
    agreement, overlap = np.zeros((count, count)), np.zeros((count, count))
    for lag in range(-reach, reach + 1):
        here = slice(max(0, -lag), count - max(0, lag))
        there = slice(max(0, lag), count - max(0, -lag))
        odd = (apart[there, there] > ODD * stray) | (longer[there, there] > 0.6)
        agreement[here, here] += np.where(odd, 10.0, apart[there, there])
        overlap[here, here] += 1
    same = (overlap >= reach + 2) & (agreement / overlap < AGREE * stray) & (apart < APART * stray)
    np.fill_diagonal(same, True)
    return np.asarray(same @ pitch / same.sum(axis=1)), same.sum(axis=1).astype(np.float64)


def _weights(notes: list[SungNote]) -> Floats:
    """Long notes say more about the key than passing ones. [notes], mean about 1"""
    duration_s = np.array([note.duration_s for note in notes])
    return np.asarray(np.clip((duration_s / np.median(duration_s)) ** 0.5, 0.6, 1.6))


def _degree_likelihood(midi: NDArray[np.int64]) -> Floats:
    """Log share of each candidate's degree in each key, [notes, keys, tunings, candidates]."""
    keys = np.arange(24)
    degree = (midi[:, None] - keys[None, :, None, None] % 12) % 12
    profiles = np.log(np.array([MAJOR_PROFILE, MINOR_PROFILE]))
    likelihood = profiles[keys[None, :, None, None] // 12, degree]
    if len(midi) > 2:
        likelihood[-1] += LAST_WEIGHT * np.log(np.array(LAST_PROFILE))[degree[-1]]
        likelihood[0] += FIRST_WEIGHT * np.log(np.array(FIRST_PROFILE))[degree[0]]
    return np.asarray(likelihood)


def _sum_over_paths(
    midi: NDArray[np.int64], emission: Floats, offsets: Floats
) -> tuple[Floats, tuple[NDArray[np.int64], Floats]]:
    """Log evidence for each key; and, in the best key, each note's most probable pitch and its expected tuning.

    Forward–backward (Rabiner 1989): the most probable note at each place is right more often than the best path's.
    ``midi`` is [notes, tunings, candidates], ``emission`` [notes, keys, tunings, candidates], log.
    """
    count, keys, tunings, choices = emission.shape
    scale = emission.max(axis=(1, 2, 3), keepdims=True)
    likelihood = np.exp(emission - scale)
    move = np.exp(-TUNING_MOVE_COST)
    leaps = [_leap_likelihood(midi[i - 1], midi[i], move) for i in range(1, count)]
    forward = np.empty_like(likelihood)
    forward[0] = likelihood[0] * np.exp(-0.5 * (offsets[:, None] / TUNING_PRIOR) ** 2)
    log_scale = float(scale.sum())
    for i in range(1, count):
        arriving = forward[i - 1].reshape(keys, -1) @ leaps[i - 1]
        forward[i] = likelihood[i] * arriving.reshape(keys, tunings, choices)
        top = forward[i].max()
        forward[i] /= top
        log_scale += float(np.log(top))
    with np.errstate(divide="ignore"):
        per_key = np.log(forward[-1].sum(axis=(1, 2))) + log_scale
    key = int(per_key.argmax())
    backward = np.ones((tunings, choices))
    meant, tuning = np.zeros(count, np.int64), np.zeros(count)
    for i in range(count - 1, -1, -1):
        posterior = forward[i, key] * backward
        posterior /= posterior.sum()
        lowest = int(midi[i].min())
        meant[i] = lowest + int(np.bincount(midi[i].ravel() - lowest, posterior.ravel()).argmax())
        tuning[i] = float(posterior.sum(axis=1) @ offsets)
        if i:
            backward = (leaps[i - 1] @ (likelihood[i, key] * backward).ravel()).reshape(tunings, choices)
            backward /= backward.max()
    return per_key, (meant, tuning)


def _leap_likelihood(before: NDArray[np.int64], after: NDArray[np.int64], move: float) -> Floats:
    """How likely each (tuning, note) leads to each other one, [tunings · candidates, tunings · candidates]."""
    tunings, choices = before.shape
    semitones = np.abs(after[None, :, None, :] - before[:, None, :, None])  # [from tuning, to tuning, from, to]
    profile = np.array(LEAP_PROFILE)
    likelihood = profile[np.minimum(semitones, len(profile) - 1)]
    apart = np.abs(np.subtract.outer(np.arange(tunings), np.arange(tunings)))
    likelihood = likelihood * np.where(apart == 0, 1.0, np.where(apart == 1, move, 0.0))[:, :, None, None]
    return np.asarray(likelihood.transpose(0, 2, 1, 3).reshape(tunings * choices, tunings * choices))
