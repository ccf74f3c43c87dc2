"""Accompaniment of a film: what players of chords, basses and percussion do with a chord, by name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from soundstage.models.composition import Chord, GridNote
from soundstage.music.arranging.accompaniment import Voicing
from soundstage.music.composing.harmony import chord_tones
from soundstage.music.composing.melody import nearest_pitch_class

LOUD_BEAT, SOFT_BEAT = 1.0, 0.82  # factors of velocity: on the first beat of a chord, elsewhere
ROLL_BEATS = 0.07  # between the notes of a rolled chord
FAST_TENSION = 5.0  # from which broken chords move in eighths


@dataclass(frozen=True)
class Harmony:
    """A chord with its voicing, in a bar of ``meter`` beats that it opens or not; ``free``: no melody over it."""

    chord: Chord
    voicing: Voicing
    tension: float
    velocity: float
    free: bool
    ringing: float
    """Beats for which notes may sound on: to the end of the chord, or of a last chord's bars."""


Pattern = Callable[[Harmony, np.random.Generator], list[GridNote]]


def _note(harmony: Harmony, offset: float, beats: float, midi: int, loud: float = 1.0) -> GridNote:
    velocity = float(np.clip(harmony.velocity * loud, 0.05, 1.0))
    return GridNote(harmony.chord.beat + offset, max(0.05, beats), midi, velocity)


def _held(harmony: Harmony, _: np.random.Generator) -> list[GridNote]:
    return [_note(harmony, 0.0, harmony.chord.beats, midi) for midi in harmony.voicing]


def _fifths(harmony: Harmony, _: np.random.Generator) -> list[GridNote]:
    tones = chord_tones(harmony.chord)
    root = nearest_pitch_class(harmony.voicing[0], tones[0])
    fifth = root + (tones[2] - tones[0]) % 12
    return [_note(harmony, 0.0, harmony.chord.beats, midi) for midi in (root, fifth)]


def _rolled(harmony: Harmony, _: np.random.Generator) -> list[GridNote]:
    return [
        _note(harmony, i * ROLL_BEATS, harmony.ringing - i * ROLL_BEATS, midi, 1 - 0.05 * i)
        for i, midi in enumerate(harmony.voicing)
    ]


def _broken(step_slow: float, step_fast: float) -> Pattern:
    """Up through the chord and its octave and down again; every note rings to the end of the chord."""

    def play(harmony: Harmony, rng: np.random.Generator) -> list[GridNote]:
        step = step_fast if harmony.tension >= FAST_TENSION else step_slow
        ladder = (*harmony.voicing, harmony.voicing[0] + 12)
        period = 2 * len(ladder) - 2
        notes = []
        for k in range(int(harmony.chord.beats / step + 1e-6)):
            place = k % period
            midi = ladder[place if place < len(ladder) else period - place]
            loud = (LOUD_BEAT if k == 0 else SOFT_BEAT) * float(rng.uniform(0.93, 1.05))
            notes.append(_note(harmony, k * step, harmony.ringing - k * step, midi, loud))
        return notes

    return play


def _offbeat(harmony: Harmony, _: np.random.Generator) -> list[GridNote]:
    beats = int(harmony.chord.beats)
    places = [b for b in range(beats) if (b % 2 if beats % 3 else b % 3)]
    return [_note(harmony, b, 0.4, midi, SOFT_BEAT) for b in places for midi in harmony.voicing[-3:]]


def _ostinato(harmony: Harmony, rng: np.random.Generator) -> list[GridNote]:
    """Eighths in groups of 3 + 3 + 2 on the lowest notes of the chord; quarters while there is little tension."""
    low = harmony.voicing[0], harmony.voicing[min(1, len(harmony.voicing) - 1)]
    step = 0.5 if harmony.tension >= 4 else 1.0
    notes = []
    for k in range(int(harmony.chord.beats / step + 1e-6)):
        accent = k % 8 in {0, 3, 6}
        loud = (1.0 if accent else 0.7) * float(rng.uniform(0.94, 1.04))
        notes.append(_note(harmony, k * step, 0.6 * step, low[0] if k % 8 != 6 else low[1], loud))
    return notes


def _march(harmony: Harmony, _: np.random.Generator) -> list[GridNote]:
    places = [(0.0, 0.7, 1.0), (1.5, 0.3, 0.75), (2.0, 0.7, 0.9), (3.0, 0.45, 0.8), (3.5, 0.3, 0.75)]
    return [
        _note(harmony, at, beats, midi, loud)
        for at, beats, loud in places
        if at < harmony.chord.beats
        for midi in harmony.voicing
    ]


def _sparks(harmony: Harmony, rng: np.random.Generator) -> list[GridNote]:
    """One to three high notes of the chord, mostly where the melody rests."""
    if rng.random() > (0.75 if harmony.free else 0.15):
        return []
    first = float(rng.choice([0.0, 0.5, 1.0]))
    notes = []
    for k in range(int(rng.integers(1, 4))):
        at = first + 0.5 * k
        if at < harmony.chord.beats:
            midi = harmony.voicing[-1 - k % len(harmony.voicing)]
            notes.append(_note(harmony, at, harmony.ringing - at, midi, float(rng.uniform(0.75, 1.0))))
    return notes


CHORD_PATTERNS: dict[str, Pattern] = {
    "held": _held,
    "fifths": _fifths,
    "rolled": _rolled,
    "broken": _broken(1.0, 0.5),
    "broken_fast": _broken(0.5, 0.5),
    "offbeat": _offbeat,
    "ostinato": _ostinato,
    "march": _march,
    "sparks": _sparks,
}
# Bass: (share of the chord's beats at which a note begins, its length as a share, fifth instead of root, velocity).
BassSteps = Callable[[float], Sequence[tuple[float, float, bool, float]]]


def _root_fifth(beats: float) -> list[tuple[float, float, bool, float]]:
    if beats < 3:
        return [(0.0, 0.8 * beats, False, 1.0)]
    half = 2.0 if beats >= 4 else beats
    steps = [(0.0, 0.9, False, 1.0), (half, 0.9, True, 0.85)]
    return [step for step in steps if step[0] < beats]


def _pulse(beats: float) -> list[tuple[float, float, bool, float]]:
    return [(float(b), 0.7, False, 1.0 if b == 0 else 0.7) for b in range(int(beats))]


BASS_PATTERNS: dict[str, BassSteps] = {
    "long": lambda beats: [(0.0, beats, False, 1.0)],
    "root_fifth": _root_fifth,
    "pulse": _pulse,
}
# Percussion: (beat of the bar, velocity) of the strokes in a bar of so many beats; ``bar`` counts bars of the scene.
Strokes = Callable[[int, int], Sequence[tuple[float, float]]]


def _bar_ones(_: int, bar: int) -> list[tuple[float, float]]:
    return [] if bar % 2 else [(0.0, 0.8)]


def _heartbeat(beats: int, _: int) -> list[tuple[float, float]]:
    return [(0.0, 0.8), (0.5, 0.5), *([(2.0, 0.65), (2.5, 0.4)] if beats >= 4 else [])]


def _shaker(beats: int, _: int) -> list[tuple[float, float]]:
    return [(0.5 * k, 0.55 if k % 2 else 0.35) for k in range(2 * beats)]


def _marched(beats: int, bar: int) -> list[tuple[float, float]]:
    return [(0.0, 0.8), *([(2.0, 0.6), (3.5, 0.4)] if beats >= 4 and bar % 2 else [])]


PERCUSSION_PATTERNS: dict[str, Strokes] = {
    "bar_ones": _bar_ones,
    "heartbeat": _heartbeat,
    "shaker": _shaker,
    "march": _marched,
}
