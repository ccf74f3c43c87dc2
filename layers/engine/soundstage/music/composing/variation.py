"""Motivic variation: intro, break and outro from the melody's motif, and ornaments of returning statements."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from soundstage.models.composition import Chord, Expression, GridNote, Section
from soundstage.models.music import Ending
from soundstage.music.composing.harmony import chord_at, chord_tones
from soundstage.music.composing.melody import Melody, move_in_scale, nearest_pitch_class

HOOK_VELOCITY, HOOK_CRESCENDO, BREAK_VELOCITY = 0.55, 0.1, 0.6  # of the first motif; more with each; in breaks
BREAK_RANGE = 12  # semitones from the motif's first note
CLOSING_VELOCITY, CLOSING_VIBRATO_CENTS = 0.65, 12.0  # of the held last tonic
# Ornaments: their probability on each long note of a returning statement; their length, quarters; their velocity
# relative to the note's; and how long a note, and the time to the next one, must be for them, quarters.
ORNAMENT_PROBABILITY, ORNAMENT_BEATS, ORNAMENT_VELOCITY = 0.45, 0.5, 0.85
MIN_BEATS, MIN_LONG_BEATS, MIN_INTERVAL_BEATS = 1.0, 1.5, 2.0
TIME_TOLERANCE = 1e-6  # quarters


def motif(melody: Melody, bars: int = 1) -> list[GridNote]:
    """The first bars of the melody, its pickup included."""
    end = bars * melody.bar_beats
    return [replace(n, hummed=None, beats=min(n.beats, end - n.beat)) for n in melody.notes if n.beat < end]


def intro_hook(melody: Melody, bars: int) -> list[GridNote]:
    """The first motif in every other bar, each time a scale step higher and louder."""
    head = [n for n in motif(melody) if n.beat >= 0]
    hook: list[GridNote] = []
    for i, start in enumerate(range(0, bars - 1, 2) if bars > 1 else range(0)):
        hook += [
            replace(
                n,
                beat=n.beat + start * melody.bar_beats,
                velocity=HOOK_VELOCITY + HOOK_CRESCENDO * i,
                midi=move_in_scale(n.midi, i, melody.key),
            )
            for n in head
        ]
    return hook


def break_phrases(melody: Melody, bars: int) -> list[GridNote]:
    """The motif, a sequence a third lower, its inversion, and in the last bar a scale step higher."""
    head = [n for n in motif(melody) if n.beat >= 0]
    if not head:
        return []
    axis = head[0].midi
    phrases: list[GridNote] = []
    for bar in range(bars):
        start = bar * melody.bar_beats
        kind = bar % 4
        if kind == 3 and bar != bars - 1:
            continue  # a bar of rest
        for n in head:
            if kind == 1:
                pitch = move_in_scale(n.midi, -2, melody.key)
            elif kind == 2:
                pitch = move_in_scale(2 * axis - n.midi, 1, melody.key)
            else:
                pitch = move_in_scale(n.midi, 1 if kind == 3 else 0, melody.key)
            pitch = pitch if abs(pitch - axis) <= BREAK_RANGE else axis
            phrases.append(replace(n, beat=n.beat + start, midi=pitch, velocity=BREAK_VELOCITY))
    return phrases


def closing_bar(bars: int, ending: Ending) -> int:
    """The bar of an outro in which the last tonic begins; an outro of four bars or more that comes to rest holds it for
    two.
    """
    return bars - 2 if bars >= 4 and ending in {"held", "slowing"} else bars - 1


def closing_phrase(melody: Melody, bars: int, ending: Ending) -> list[GridNote]:
    """The notes that lead to the melody's last one, once more, and the tonic held; in a fade the hook before that."""
    bar = melody.bar_beats
    home = closing_bar(bars, ending) * bar
    # Repetitions of the last note count as one.
    arrival = max((i for i, n in enumerate(melody.notes) if n.midi != melody.notes[-1].midi), default=-1) + 1
    last = melody.notes[arrival]
    close = [
        replace(n, beat=n.beat - last.beat + home, hummed=None)
        for n in melody.notes[:arrival]
        if home and last.beat - n.beat <= bar
    ]
    tonic = nearest_pitch_class(last.midi, melody.tonic)
    close.append(
        GridNote(home, bars * bar - home, tonic, CLOSING_VELOCITY, Expression(vibrato_cents=CLOSING_VIBRATO_CENTS))
    )
    if ending == "fade":
        head = [n for n in motif(melody) if n.beat >= 0]
        starts = range(0, closing_bar(bars, ending) - 1, 2)
        close = [replace(n, beat=n.beat + start * bar) for start in starts for n in head] + close
    return close


def vary_statement(
    lead: list[GridNote], section: Section, chords: Sequence[Chord], melody: Melody, rng: np.random.Generator
) -> list[GridNote]:
    """The lead with ornaments in a returning statement: passing notes in thirds, neighbour notes, pickups.

    Every hummed pitch stays where it is; the last eighth of a long note is given to a composed one.
    """
    start = section.start_bar * melody.bar_beats
    end = start + section.bars * melody.bar_beats
    varied: list[GridNote] = []
    left = 1 + section.bars // 2
    for i, note in enumerate(lead):
        following = lead[i + 1] if i + 1 < len(lead) else None
        inside = start <= note.beat < end and note.voice == "lead" and following is not None
        if (
            not inside
            or following is None
            or note.beats < MIN_BEATS
            or left == 0
            or rng.random() > ORNAMENT_PROBABILITY
        ):
            varied.append(note)
            continue
        gap = following.midi - note.midi
        if abs(gap) in (3, 4) and following.beat - note.end < TIME_TOLERANCE:
            ornament = move_in_scale(note.midi, 1 if gap > 0 else -1, melody.key)
        elif gap == 0 and note.beats >= MIN_LONG_BEATS:
            ornament = move_in_scale(note.midi, 1, melody.key)
        elif following.beat - note.beat >= MIN_INTERVAL_BEATS and note.beats >= MIN_LONG_BEATS:
            ornament = _chord_tone_towards(note.midi, following.midi, chord_at(chords, note.end - ORNAMENT_BEATS))
        else:
            varied.append(note)
            continue
        left -= 1
        varied.append(replace(note, beats=note.beats - ORNAMENT_BEATS))
        varied.append(GridNote(note.end - ORNAMENT_BEATS, ORNAMENT_BEATS, ornament, ORNAMENT_VELOCITY * note.velocity))
    return varied


def _chord_tone_towards(midi: int, goal: int, chord: Chord) -> int:
    """The chord tone next to ``midi`` on the way to ``goal``."""
    step = 1 if goal >= midi else -1
    tones = chord_tones(chord)
    return next(p for p in range(midi + step, midi + 13 * step, step) if p % 12 in tones)
