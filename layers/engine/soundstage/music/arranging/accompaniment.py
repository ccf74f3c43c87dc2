"""Chords under the hands: voicings that move as little as they can, and the ways of playing them."""

import functools
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from soundstage.models.composition import Chord, GridNote, Section, VariantPlan
from soundstage.music.composing.harmony import chord_tones
from soundstage.music.composing.melody import nearest_pitch_class
from soundstage.music.instruments.orchestra import Instrument

Voicing = tuple[int, ...]
# As a leap of a fourth in the voicing: what it takes to get out of another player's way.
RUBBING = 5.0


@dataclass(frozen=True)
class Passage:
    """What a player of chords has before them: the chords of one section, how they are voiced, and the lowest note of
    the melody over each of them.
    """

    chords: Sequence[Chord]
    voicings: Sequence[Voicing]
    plan: VariantPlan
    section: Section
    rng: np.random.Generator
    lead_floors: Sequence[int] = ()


@dataclass(frozen=True)
class Span:
    """A chord to fill with rhythm: its length in beats and the number of the bar it begins in."""

    beats: float
    bar: int


Stroke = tuple[float, float, float]
ChordPattern = Callable[[Passage], list[GridNote]]


def voicings(
    chords: Sequence[Chord],
    instrument: Instrument,
    lead_floor: Callable[[Chord], int],
    beside: Mapping[float, Voicing],
    *,
    bass_plays: bool,
) -> list[Voicing]:
    """Three or four notes per chord, below the melody, with the least movement from chord to chord. Ninth chords leave
    the root to the bass, where it plays.

    ``beside``: what others play on the chord that begins at a beat. A semitone in one hand is a colour, between two
    players it is a mistake.
    """
    centre = min(max(60, instrument.low + 8), instrument.high - 8)
    before: Voicing | None = None
    voiced = []
    for chord in chords:
        tones = chord_tones(chord)
        wanted = tones if len(tones) <= 4 else tones[1:] if bass_plays else (*tones[:2], *tones[3:])
        ceiling = max(min(lead_floor(chord) - 1, instrument.high, 79), centre + 5)
        around = tuple(sorted(beside.get(chord.beat, ())))
        before = _closest(tuple(wanted), before, around, centre, ceiling, max(instrument.low, 48))
        voiced.append(before)
    return voiced


@functools.lru_cache(maxsize=4096)
def _closest(  # noqa: PLR0917  (all of it is the key of the cache)
    wanted: tuple[int, ...], before: Voicing | None, beside: Voicing, centre: int, ceiling: int, floor: int
) -> Voicing:
    best: Voicing = ()
    best_cost = float("inf")
    places = [[nearest_pitch_class(centre, tone) + octave for octave in (-12, 0, 12)] for tone in wanted]
    for notes in map(tuple, map(sorted, itertools.product(*places))):
        if notes[0] < floor or notes[-1] - notes[0] > 19:
            continue
        over = max(0, notes[-1] - ceiling)
        gaps = [b - a for a, b in itertools.pairwise(notes)]
        cost = 3.0 * over + 0.15 * abs(sum(notes) / len(notes) - centre)
        cost += sum(2.5 for g in gaps if g == 1) + sum(0.6 for g in gaps if g == 2 and notes[0] < 55)
        cost += sum(RUBBING * (abs(n - b) in {1, 13}) for n in notes for b in beside)
        if before:
            cost += sum(min(abs(n - b) for b in before) for n in notes) + 0.5 * abs(notes[-1] - before[-1])
        if cost < best_cost:
            best, best_cost = notes, cost
    return best or tuple(nearest_pitch_class(centre, t) for t in wanted)


def sustained(passage: Passage) -> list[GridNote]:
    """Held chords; a tone that the next chord keeps is held through, as a string section would."""
    notes: list[GridNote] = []
    held: dict[int, GridNote] = {}
    for chord, voicing in zip(passage.chords, passage.voicings, strict=True):
        velocity = 0.5 + 0.3 * passage.section.energy
        current: dict[int, GridNote] = {}
        for pitch in voicing:
            tied = held.get(pitch)
            if tied is not None and chord.beat - tied.beat < 2 * passage.plan.bar_beats:
                notes.remove(tied)
                note = GridNote(tied.beat, chord.beat + chord.beats - tied.beat, pitch, tied.velocity)
            else:
                note = GridNote(chord.beat, chord.beats, pitch, velocity)
            notes.append(note)
            current[pitch] = note
        held = current
    return notes


def _sustain_low(passage: Passage) -> list[GridNote]:
    low = [tuple(p - 12 if p > 62 else p for p in v) for v in passage.voicings]
    return sustained(replace(passage, voicings=low))


def _rhythmic(steps: Callable[[Span], list[Stroke]], spread_s: float = 0.0) -> ChordPattern:
    """Whole chords at (offset, length, velocity) given by ``steps(span)``; ``spread`` in beats strums."""

    def play(passage: Passage) -> list[GridNote]:
        notes = []
        for chord, voicing in zip(passage.chords, passage.voicings, strict=True):
            for offset, length, velocity in steps(Span(chord.beats, int(chord.beat // passage.plan.bar_beats))):
                if offset >= chord.beats - 1e-6:
                    continue
                down = offset % 1.0 < 0.26
                strings = voicing if down else voicing[::-1][:3]
                loud = velocity * (0.75 + 0.3 * passage.section.energy) * passage.rng.uniform(0.93, 1.05)
                for i, pitch in enumerate(strings):
                    delay = i * spread_s * passage.plan.tempo_bpm / 60.0
                    held = min(length, chord.beats - offset)
                    notes.append(GridNote(chord.beat + offset + delay, held, pitch, float(loud * (1 - 0.05 * i))))
        return notes

    return play


def _broken(order: Callable[[int, int], int], step: float, length: float, octave: bool = False) -> ChordPattern:
    """One note at a time: ``order(i, size)`` picks the voice for the i-th step of a chord."""

    def play(passage: Passage) -> list[GridNote]:
        notes = []
        for i, (chord, voicing) in enumerate(zip(passage.chords, passage.voicings, strict=True)):
            # An octave higher as far as the melody leaves room.
            ladder = (*voicing, *(p + 12 for p in voicing if p + 12 < passage.lead_floors[i])) if octave else voicing
            kept = chord_tones(passage.chords[i + 1]) if i + 1 < len(passage.chords) else ()
            for k in range(round(chord.beats / step)):
                pitch = ladder[order(k, len(ladder)) % len(ladder)]
                accent = 1.0 if (k * step) % 1.0 < 1e-6 else 0.82
                loud = 0.62 * accent * (0.75 + 0.35 * passage.section.energy) * passage.rng.uniform(0.9, 1.06)
                # Strings ring on into the next chord where they belong to it; the others are damped.
                rings = length if pitch % 12 in kept else min(length, chord.beats - k * step)
                notes.append(GridNote(chord.beat + k * step, rings, pitch, float(loud)))
        return notes

    return play


def _up_down(i: int, size: int) -> int:
    period = max(1, 2 * size - 2)
    place = i % period
    return place if place < size else period - place


def _picking(i: int, size: int) -> int:
    return (0, size - 1, 1, size - 2, 0, size - 1, 2, 1)[i % 8]


def _strum(span: Span) -> list[Stroke]:
    pattern = [
        (0.0, 0.9, 0.8),
        (1.0, 0.45, 0.7),
        (1.5, 0.45, 0.5),
        (2.5, 0.45, 0.55),
        (3.0, 0.5, 0.75),
        (3.5, 0.45, 0.5),
    ]
    return [p for p in pattern if p[0] < span.beats]


def _lazy(span: Span) -> list[Stroke]:
    if span.beats >= 4:
        return [(0.0, 1.9, 0.7), (2.5 if span.bar % 2 else 1.5, 1.3, 0.55)]
    return [(0.0, min(span.beats, 1.4), 0.68), (1.5, 0.5, 0.5)] if span.bar % 2 else [(0.0, 0.9 * span.beats, 0.68)]


def _stabs(span: Span) -> list[Stroke]:
    pattern = [(0.0, 0.35, 0.75), (0.75, 0.2, 0.55), (1.5, 0.3, 0.7), (2.5, 0.3, 0.65), (3.25, 0.2, 0.55)]
    return [p for p in pattern[span.bar % 2 :] if p[0] < span.beats]


def _funk16(span: Span) -> list[Stroke]:
    marks = "x..ox.x.o.x..xo." if span.bar % 2 else "x.x.o..xo.x.x..o"
    levels = {"x": 0.72, "o": 0.42}
    return [(0.25 * i, 0.14, levels[m]) for i, m in enumerate(marks) if m in levels and 0.25 * i < span.beats]


def _bossa(span: Span) -> list[Stroke]:
    even = [(0.0, 0.8, 0.7), (1.0, 0.4, 0.6), (1.5, 0.9, 0.72), (2.5, 0.4, 0.62), (3.5, 0.5, 0.7)]
    odd = [(0.5, 0.4, 0.62), (1.0, 0.8, 0.66), (2.0, 0.4, 0.66), (2.5, 0.9, 0.72), (3.5, 0.4, 0.6)]
    return [p for p in (odd if span.bar % 2 and span.beats >= 4 else even) if p[0] < span.beats]


def _house(span: Span) -> list[Stroke]:
    pattern = [
        (0.0, 0.4, 0.8),
        (0.75, 0.4, 0.7),
        (1.5, 0.4, 0.75),
        (2.25, 0.4, 0.7),
        (3.0, 0.4, 0.75),
        (3.5, 0.35, 0.7),
    ]
    return [p for p in pattern if p[0] < span.beats]


def _oompah(span: Span) -> list[Stroke]:
    return [(b, 0.45, 0.66) for b in ((1.0, 2.0) if span.beats == 3 else (1.0, 3.0)) if b < span.beats]


def _off(span: Span) -> list[Stroke]:
    return [(b + 0.5, 0.25, 0.6) for b in range(int(span.beats))]


CHORD_PATTERNS: dict[str, ChordPattern] = {
    "strum": _rhythmic(_strum, spread_s=0.012),
    "lazy": _rhythmic(_lazy, spread_s=0.008),
    "stabs": _rhythmic(_stabs),
    "funk16": _rhythmic(_funk16, spread_s=0.003),
    "bossa": _rhythmic(_bossa, spread_s=0.004),
    "house": _rhythmic(_house),
    "oompah": _rhythmic(_oompah, spread_s=0.006),
    "offbeat": _rhythmic(_off, spread_s=0.005),
    "picking": _broken(_picking, 0.5, 1.4),
    "rolling": _broken(_up_down, 0.5, 1.6, octave=True),
    "drops": _broken(_up_down, 0.75, 2.0, octave=True),
    "arpeggio": _broken(_up_down, 0.25, 0.28, octave=True),
    "ostinato": _broken(lambda i, size: (0, 0, size - 1, 0, 1, 0, size - 1, 1)[i % 8], 0.5, 0.3),
    "sustain": sustained,
    "sustain_low": _sustain_low,
}
