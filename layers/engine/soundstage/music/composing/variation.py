"""What a composer does with a motif so that a tune may come back without being copied."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from soundstage.models.composition import Chord, Expression, GridNote, Section
from soundstage.music.composing.harmony import chord_at, chord_tones
from soundstage.music.composing.melody import Melody, move_in_scale, nearest_pitch_class


def motif(melody: Melody, bars: int = 1) -> list[GridNote]:
    """The opening of the tune, its pickup included."""
    end = bars * melody.bar_beats
    return [replace(n, hummed=None, beats=min(n.beats, end - n.beat)) for n in melody.notes if n.beat < end]


def intro_hook(melody: Melody, bars: int) -> list[GridNote]:
    """Announce the tune: its first motif in every other bar, leaving room, rising towards the entry."""
    head = [n for n in motif(melody) if n.beat >= 0]
    hook: list[GridNote] = []
    for i, start in enumerate(range(0, bars - 1, 2) if bars > 1 else range(0)):
        hook += [
            replace(
                n,
                beat=n.beat + start * melody.bar_beats,
                velocity=0.55 + 0.1 * i,
                midi=move_in_scale(n.midi, i, melody.key),
            )
            for n in head
        ]
    return hook


def break_phrases(melody: Melody, bars: int) -> list[GridNote]:
    """Play with the motif: a sequence down the scale, its inversion, then a climb that hands back to the tune."""
    head = [n for n in motif(melody) if n.beat >= 0]
    if not head:
        return []
    axis = head[0].midi
    phrases: list[GridNote] = []
    for bar in range(bars):
        start = bar * melody.bar_beats
        kind = bar % 4
        if kind == 3 and bar != bars - 1:
            continue  # a bar of rest: the others answer
        for n in head:
            if kind == 1:
                pitch = move_in_scale(n.midi, -2, melody.key)
            elif kind == 2:
                pitch = move_in_scale(2 * axis - n.midi, 1, melody.key)
            else:
                pitch = move_in_scale(n.midi, 1 if kind == 3 else 0, melody.key)
            pitch = pitch if abs(pitch - axis) <= 12 else axis
            phrases.append(replace(n, beat=n.beat + start, midi=pitch, velocity=0.6))
    return phrases


def closing_bar(bars: int) -> int:
    """The bar of an outro in which the tune comes home; a longer outro rings on for one more."""
    return bars - 2 if bars >= 4 else bars - 1


def closing_phrase(melody: Melody, bars: int) -> list[GridNote]:
    """The end: how the tune came to its last note, once more, and the tonic held."""
    bar = melody.bar_beats
    home = closing_bar(bars) * bar
    # Where it arrives: a last note that is sung twice was there the first time.
    arrival = max((i for i, n in enumerate(melody.notes) if n.midi != melody.notes[-1].midi), default=-1) + 1
    last = melody.notes[arrival]
    close = [
        replace(n, beat=n.beat - last.beat + home, hummed=None)
        for n in melody.notes[:arrival]
        if home and last.beat - n.beat <= bar
    ]
    tonic = nearest_pitch_class(last.midi, melody.tonic)
    close.append(GridNote(home, bars * bar - home, tonic, 0.65, Expression(vibrato_cents=12.0)))
    return close


def vary_statement(
    lead: list[GridNote], section: Section, chords: Sequence[Chord], melody: Melody, rng: np.random.Generator
) -> list[GridNote]:
    """Decorate a returning statement where the tune leaves time: passing notes in thirds, neighbours, pickups.

    Every hummed pitch stays where it is; only the second half of a long note is given to a composed one.
    """
    start = section.start_bar * melody.bar_beats
    end = start + section.bars * melody.bar_beats
    varied: list[GridNote] = []
    budget = 1 + section.bars // 2
    for i, note in enumerate(lead):
        following = lead[i + 1] if i + 1 < len(lead) else None
        inside = start <= note.beat < end and note.voice == "lead" and following is not None
        if not inside or following is None or note.beats < 1.0 or budget == 0 or rng.random() > 0.45:
            varied.append(note)
            continue
        gap = following.midi - note.midi
        if abs(gap) in (3, 4) and following.beat - note.beat - note.beats < 1e-6:
            ornament = move_in_scale(note.midi, 1 if gap > 0 else -1, melody.key)
        elif gap == 0 and note.beats >= 1.5:
            ornament = move_in_scale(note.midi, 1, melody.key)
        elif following.beat - note.beat >= 2.0 and note.beats >= 1.5:
            ornament = _chord_tone_towards(note.midi, following.midi, chord_at(chords, note.beat + note.beats - 0.5))
        else:
            varied.append(note)
            continue
        budget -= 1
        tail = 0.5
        varied.append(replace(note, beats=note.beats - tail))
        varied.append(
            GridNote(beat=note.beat + note.beats - tail, beats=tail, midi=ornament, velocity=0.85 * note.velocity)
        )
    return varied


def _chord_tone_towards(midi: int, goal: int, chord: Chord) -> int:
    """The chord tone next to ``midi`` on the way to ``goal``."""
    step = 1 if goal >= midi else -1
    tones = chord_tones(chord)
    return next(p for p in range(midi + step, midi + 13 * step, step) if p % 12 in tones)
