"""Chordal accompaniment: voicings with the least voice movement, and the patterns that play them."""

import functools
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from soundstage.models.composition import Chord, GridNote, Section, VariantPlan
from soundstage.music.arranging.phrasing import FULL_ENERGY, ends_phrase, swell
from soundstage.music.composing.harmony import chord_tones
from soundstage.music.composing.melody import nearest_pitch_class
from soundstage.music.instruments.orchestra import Instrument

Voicing = tuple[int, ...]
# Costs of a voicing, in semitones of voice movement. A clash with another player costs as much as a leap of a fourth.
CLASH_COST = 5.0
ABOVE_CEILING_COST, OFF_CENTRE_COST, TOP_VOICE_COST = 3.0, 0.15, 0.5  # per semitone
SEMITONE_COST, LOW_WHOLE_TONE_COST, LOW_MIDI = 2.5, 0.6, 55  # between neighbours; the second below G3
MAX_SPAN = 19  # semitones from the lowest to the highest note: an octave and a fifth
MIDDLE_C, LOWEST_VOICING, HIGHEST_VOICING = 60, 48, 79  # MIDI
EDGE = 8  # semitones between the centre of the voicings and the ends of the instrument
LEAST_CEILING = 1  # semitones from the centre, however low the melody lies: a chord has to fit in between
MAX_NOTES = 4
# In the last bar of a phrase a player leaves off half-way so often; strokes of so many quarters and more ring on then.
# A stroke so near to the next chord, quarters, may have it already.
BREATH_PROBABILITY, RINGING, ANTICIPATED = 0.35, 0.4, 0.5
TIME_TOLERANCE = 1e-6  # quarters
# In sections below this energy, 0 to 1, broken chords take so many times as long for each note, and strokes softer than
# this velocity are left out.
QUIET_ENERGY, QUIET_PACE, GHOST_VELOCITY = 0.42, 2.0, 0.5
# Velocities, 0 to 1: of a held chord, and more per unit of energy.
SUSTAINED_VELOCITY, SUSTAINED_PER_ENERGY = 0.5, 0.3


@dataclass(frozen=True)
class Passage:
    """The chords of one section with their voicings, and the lowest note of the melody over each (``lead_floors``)."""

    chords: Sequence[Chord]
    voicings: Sequence[Voicing]
    plan: VariantPlan
    section: Section
    rng: np.random.Generator
    lead_floors: Sequence[int] = ()


@dataclass(frozen=True)
class Span:
    """A chord's duration in quarters, the number of the bar it begins in, and whether the whole band plays."""

    beats: float
    bar: int
    full: bool = False


Stroke = tuple[float, float, float]  # offset and duration in quarters, velocity 0 to 1
ChordPattern = Callable[[Passage], list[GridNote]]


def voicings(
    chords: Sequence[Chord],
    instrument: Instrument,
    lead_floors: Sequence[int],
    others: Mapping[float, Voicing],
    *,
    bass_plays: bool,
) -> list[Voicing]:
    """Three or four notes per chord (MIDI), below the melody, with the least movement from chord to chord.

    A chord of five notes leaves its root to the bass where ``bass_plays``, else its fifth is left out.

    Args:
        lead_floors: the lowest MIDI pitch of the melody over each chord.
        others: what other players hold on the chord that begins at a beat; a semitone beside it costs.
    """
    centre = min(max(MIDDLE_C, instrument.low + EDGE), instrument.high - EDGE)
    before: Voicing | None = None
    voiced = []
    for chord, floor in zip(chords, lead_floors, strict=True):
        tones = chord_tones(chord)
        classes = tones if len(tones) <= MAX_NOTES else tones[1:] if bass_plays else (*tones[:2], *tones[3:])
        ceiling = max(min(floor - 1, instrument.high, HIGHEST_VOICING), centre + LEAST_CEILING)
        held = tuple(sorted(others.get(chord.beat, ())))
        before = _closest(classes, before, held, centre, ceiling, max(instrument.low, LOWEST_VOICING))
        voiced.append(before)
    return voiced


@functools.lru_cache(maxsize=4096)
def _closest(  # noqa: PLR0917  (all of it is the key of the cache)
    classes: tuple[int, ...], before: Voicing | None, others: Voicing, centre: int, ceiling: int, floor: int
) -> Voicing:
    """The cheapest voicing of these pitch classes."""
    best: Voicing = ()
    best_cost = float("inf")
    places = [[nearest_pitch_class(centre, tone) + octave for octave in (-12, 0, 12)] for tone in classes]
    for notes in map(tuple, map(sorted, itertools.product(*places))):
        if notes[0] < floor or notes[-1] - notes[0] > MAX_SPAN:
            continue
        over = max(0, notes[-1] - ceiling)
        gaps = [b - a for a, b in itertools.pairwise(notes)]
        cost = ABOVE_CEILING_COST * over + OFF_CENTRE_COST * abs(sum(notes) / len(notes) - centre)
        cost += sum(SEMITONE_COST for g in gaps if g == 1)
        cost += sum(LOW_WHOLE_TONE_COST for g in gaps if g == 2 and notes[0] < LOW_MIDI)
        cost += sum(CLASH_COST * (abs(n - b) in {1, 13}) for n in notes for b in others)
        if before:
            cost += sum(min(abs(n - b) for b in before) for n in notes) + TOP_VOICE_COST * abs(notes[-1] - before[-1])
        if cost < best_cost:
            best, best_cost = notes, cost
    return best or tuple(nearest_pitch_class(centre, t) for t in classes)


def sustained(passage: Passage) -> list[GridNote]:
    """Held chords; a note that the next chord has too is tied over, for up to two bars."""
    notes: list[GridNote] = []
    held: dict[int, GridNote] = {}
    for chord, voicing in zip(passage.chords, passage.voicings, strict=True):
        velocity = SUSTAINED_VELOCITY + SUSTAINED_PER_ENERGY * passage.section.energy
        velocity *= swell(_bar_of(chord, passage))
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


def _rhythmic(steps: Callable[[Span], list[Stroke]], spread_s: float = 0.0, anticipates: bool = False) -> ChordPattern:
    """Whole chords in the rhythm of ``steps(span)``, their notes ``spread_s`` apart: up on the beat, down off it.

    ``anticipates``: the last stroke before a change of chord, where it falls off the beat, has the next chord already.
    """

    def play(passage: Passage) -> list[GridNote]:
        notes = []
        breaths = _breaths(passage)
        full = passage.section.energy >= FULL_ENERGY
        for i, (chord, voicing) in enumerate(zip(passage.chords, passage.voicings, strict=True)):
            bar = _bar_of(chord, passage)
            until = _played_until(chord, breaths, passage)
            strokes = [s for s in steps(Span(chord.beats, bar, full)) if s[0] < chord.beats - TIME_TOLERANCE]
            if passage.section.energy < QUIET_ENERGY:
                strokes = [s for s in strokes if s[2] >= GHOST_VELOCITY] or strokes[:1]
            strokes = strokes[: max(1, sum(s[0] < until - TIME_TOLERANCE for s in strokes))]
            for offset, length, velocity in strokes:
                down = offset % 1.0 < 0.26
                ahead = anticipates and not down and chord.beats - offset <= ANTICIPATED
                played = _next_voicing(passage, i, chord.beat + offset) if ahead else voicing
                strings = played if down else played[::-1][:3]
                loud = velocity * (0.75 + 0.3 * passage.section.energy) * passage.rng.uniform(0.93, 1.05) * swell(bar)
                for k, pitch in enumerate(strings):
                    delay = k * spread_s * passage.plan.tempo_bpm / 60.0
                    held = min(length, chord.beats - offset)
                    if until < chord.beats and offset == strokes[-1][0] and length >= RINGING:
                        held = chord.beats - offset
                    notes.append(GridNote(chord.beat + offset + delay, held, pitch, float(loud * (1 - 0.05 * k))))
        return notes

    return play


def _bar_of(chord: Chord, passage: Passage) -> int:
    """The bar of the section in which a chord begins."""
    return int((chord.beat + TIME_TOLERANCE) // passage.plan.bar_beats) - passage.section.start_bar


def _breaths(passage: Passage) -> set[int]:
    """Bars of the section in whose second half the player leaves room: at the end of some phrases."""
    section = passage.section
    ends = [bar for bar in range(section.bars) if ends_phrase(bar) and section.name != "outro"]
    return {bar for bar in ends if passage.rng.random() < BREATH_PROBABILITY}


def _played_until(chord: Chord, breaths: set[int], passage: Passage) -> float:
    """How much of a chord the player moves in, quarters: all of it, or what lies in the first half of a bar that
    breathes; nothing of a chord in its second half, which is struck once.
    """
    bar = _bar_of(chord, passage)
    if bar not in breaths:
        return chord.beats
    half = (passage.section.start_bar + bar + 0.5) * passage.plan.bar_beats - chord.beat
    return min(chord.beats, max(0.0, half))


def _next_voicing(passage: Passage, number: int, beat: float) -> Voicing:
    """The voicing after chord ``number``, unless a note of the melody at ``beat`` lies a semitone from it."""
    here = passage.voicings[number]
    if number + 1 == len(passage.voicings):
        return here
    following = passage.voicings[number + 1]
    sounding = [n.midi for n in passage.plan.melody if n.beat <= beat + TIME_TOLERANCE < n.end]
    return here if any((m - p) % 12 in {1, 11} for m in sounding for p in following) else following


def _broken(order: Callable[[int, int], int], step: float, length: float, octave: bool = False) -> ChordPattern:
    """Broken chords: every ``step`` quarters the voice that ``order(i, size)`` picks, ringing for ``length``."""

    def play(passage: Passage) -> list[GridNote]:
        notes = []
        breaths = _breaths(passage)
        pace = QUIET_PACE * step if passage.section.energy < QUIET_ENERGY else step
        for i, (chord, voicing) in enumerate(zip(passage.chords, passage.voicings, strict=True)):
            # With the octave above, below the melody.
            ladder = (*voicing, *(p + 12 for p in voicing if p + 12 < passage.lead_floors[i])) if octave else voicing
            kept = chord_tones(passage.chords[i + 1]) if i + 1 < len(passage.chords) else ()
            bar = _bar_of(chord, passage)
            until = _played_until(chord, breaths, passage)
            # Once through the chord at least.
            count = max(round(until / pace), min(len(voicing), round(chord.beats / pace)), 1)
            for k in range(count):
                pitch = ladder[order(k, len(ladder)) % len(ladder)]
                accent = 1.0 if (k * pace) % 1.0 < 1e-6 else 0.82
                loud = 0.62 * accent * (0.75 + 0.35 * passage.section.energy) * passage.rng.uniform(0.9, 1.06)
                # Notes of the next chord ring on into it; the others are damped. The last ones before a rest ring.
                left = chord.beats - k * pace
                held = length * pace / step
                rings = held if pitch % 12 in kept else min(held, left)
                if until < chord.beats and k >= count - len(voicing):
                    rings = left
                notes.append(GridNote(chord.beat + k * pace, rings, pitch, float(loud * swell(bar))))
        return notes

    return play


def _up_down(i: int, size: int) -> int:
    period = max(1, 2 * size - 2)
    place = i % period
    return place if place < size else period - place


def _picking(i: int, size: int) -> int:
    return (0, size - 1, 1, size - 2, 0, size - 1, 2, 1)[i % 8]


def _strum(span: Span) -> list[Stroke]:
    verse = [(0.0, 0.9, 0.8), (1.0, 0.9, 0.66), (2.0, 0.45, 0.72), (2.5, 0.45, 0.5), (3.0, 0.5, 0.7), (3.5, 0.45, 0.48)]
    chorus = [
        (0.0, 0.9, 0.8),
        (1.0, 0.45, 0.7),
        (1.5, 0.45, 0.5),
        (2.5, 0.45, 0.55),
        (3.0, 0.5, 0.75),
        (3.5, 0.45, 0.5),
    ]
    if span.full and span.bar % 2:
        chorus += [(0.75, 0.2, 0.35), (2.75, 0.2, 0.35)]
    return [p for p in sorted(chorus if span.full else verse) if p[0] < span.beats]


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
    even = [
        (0.0, 0.4, 0.8),
        (0.75, 0.4, 0.7),
        (1.5, 0.4, 0.75),
        (2.25, 0.4, 0.7),
        (3.0, 0.4, 0.75),
        (3.5, 0.35, 0.7),
    ]
    odd = [(0.0, 0.4, 0.8), (0.75, 0.4, 0.7), (1.5, 0.4, 0.75), (2.5, 0.4, 0.72), (3.5, 0.35, 0.74)]
    return [p for p in (odd if span.bar % 2 else even) if p[0] < span.beats]


def _oompah(span: Span) -> list[Stroke]:
    return [(b, 0.45, 0.66) for b in ((1.0, 2.0) if span.beats == 3 else (1.0, 3.0)) if b < span.beats]


def _off(span: Span) -> list[Stroke]:
    return [(b + 0.5, 0.25, 0.6) for b in range(int(span.beats))]


# Patterns of the chords' players by name; steps and durations in quarters.
CHORD_PATTERNS: dict[str, ChordPattern] = {
    "strum": _rhythmic(_strum, spread_s=0.012),
    "lazy": _rhythmic(_lazy, spread_s=0.008, anticipates=True),
    "stabs": _rhythmic(_stabs, anticipates=True),
    "funk16": _rhythmic(_funk16, spread_s=0.003),
    "bossa": _rhythmic(_bossa, spread_s=0.004, anticipates=True),
    "house": _rhythmic(_house, anticipates=True),
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
