"""Melody of a film: the leitmotif in each phrase, moved and bent to the chords, with room for a voice around it."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from soundstage.models.composition import Chord, Expression, GridNote
from soundstage.music.composing.harmony import chord_at, chord_tones
from soundstage.music.composing.melody import nearest_pitch_class
from soundstage.music.scoring.harmony import Phrase, ScenePlan
from soundstage.music.scoring.leitmotif import Leitmotif, MotifNote
from soundstage.music.scoring.moods import Player, Scale

SLURRED = Expression(slurred=True)
MOTIF_BARS = 2
HEAD_NOTES = LEAST_NOTES = 4
# Scale steps by which a motif may be moved, and what each step away from where it is wanted costs; a chord tone on a
# strong beat is worth 1 and elsewhere .4, for each quarter at most.
SHIFTS, SHIFT_COST, WEAK_SHARE = range(-9, 10), 0.12, 0.4
# Per semitone: of a note outside the register, of the line's middle from its centre, and from the note before.
OUTSIDE_COST, OFF_CENTRE_COST, LEAP_COST = 0.15, 0.1, 0.04
ANSWER_SHIFTS = (-1, -2, 1, 2)  # of the second half of a phrase against the first
REGISTER = 8  # semitones around a player's centre within which a melody stays
VELOCITY, VELOCITY_PER_TENSION, ARCH = 0.46, 0.026, 0.07
SOFTER_TOLD, LAST_TOLD_BEATS = 0.06, 2.0  # under speech: less velocity, and how long the last note of a motif lasts
REST_PERIOD = 3  # in every so many pairs of phrases the melody rests for one


@dataclass(frozen=True)
class Gesture:
    """A motif from ``bar`` of a phrase on; ``stretch`` times as slow."""

    bar: int
    motif: Leitmotif
    stretch: int
    shift: int


Told = Callable[[float], bool]
"""Whether somebody speaks at a beat."""


def sing(plan: ScenePlan, motif: Leitmotif, told: Told, rng: np.random.Generator) -> dict[Player, list[GridNote]]:
    """The melody of a scene by player, in order of beat; simpler and softer where somebody speaks."""
    sung: dict[Player, list[GridNote]] = {}
    leads = plan.style.leads
    for number, phrase in enumerate(plan.phrases):
        pair = number // 2
        if pair % REST_PERIOD == REST_PERIOD - 1 and phrase.role != "final":
            continue
        player = leads[(plan.number + pair) % len(leads)]
        notes: list[GridNote] = []
        for gesture in _gestures(plan, phrase, pair, motif, rng):
            fitted = _fitted(gesture, plan, phrase, player, notes[-1].midi if notes else None)
            notes += _under_speech(fitted, phrase, told)
        if phrase.role != "open":
            notes = _cadence(notes, phrase, player, told)
        sung.setdefault(player, []).extend(_phrased(_monophonic(notes), phrase, told))
    return sung


def _gestures(plan: ScenePlan, phrase: Phrase, pair: int, motif: Leitmotif, rng: np.random.Generator) -> list[Gesture]:
    """What is sung in a phrase: the motif, and an answer to it where the mood and the tension leave melody enough.

    ``pair``: which pair of phrases of its scene this is; every other one has the motif in another shape.
    """
    style, bars = plan.style, len(phrase.bars) - phrase.held
    tension = float(np.mean([bar.tension for bar in phrase.bars]))
    share = float(np.interp(tension, (1, 10), style.sung))
    other = "inverted" if style.motif == "plain" else "plain"
    shape = other if pair % 2 else style.motif
    shown = {"inverted": motif.inverted(), "head": motif.head(HEAD_NOTES)}.get(shape, motif)
    if shape == "slow" and bars >= 2 * MOTIF_BARS:
        return [Gesture(0, shown, 2, 0)]
    gestures = [Gesture(0, shown, 1, 0)]
    left = bars - MOTIF_BARS
    if left < 1:
        return gestures
    answered = share * len(phrase.bars) - MOTIF_BARS
    if answered >= 0.5 or rng.random() < answered + 0.5:
        tail = shown if answered >= 1 and left >= MOTIF_BARS else shown.head(max(2, len(shown.notes) // 2))
        gestures.append(Gesture(MOTIF_BARS, tail, 1, int(rng.choice(ANSWER_SHIFTS))))
    return gestures


def _fitted(gesture: Gesture, plan: ScenePlan, phrase: Phrase, player: Player, before: int | None) -> list[GridNote]:
    """The gesture's notes on the chords of the phrase: moved by the scale steps that need least bending, then bent."""
    placed = [p for note in gesture.motif.notes if (p := _placed(note, gesture, plan, phrase)) is not None]
    if not placed:
        return []
    chords, scale = phrase.chords, plan.style.scale
    tonic = nearest_pitch_class(player.centre - 3, plan.tonic)

    def pitches(shift: int) -> list[int]:
        return [degree_midi(note.degree + shift, tonic, scale) for note, _, _ in placed]

    def value(shift: int) -> float:
        # An octave is no other place in the scale.
        worth = -SHIFT_COST * min(abs(shift - gesture.shift + octave) for octave in (-7, 0, 7))
        line = pitches(shift)
        for (_, beat, beats), midi in zip(placed, line, strict=True):
            fits = midi % 12 in chord_tones(chord_at(chords, beat))
            worth += fits * min(beats, 1.0) * (1.0 if is_strong(beat, beats, phrase) else WEAK_SHARE)
            worth -= OUTSIDE_COST * max(0, abs(midi - player.centre) - REGISTER)
        worth -= OFF_CENTRE_COST * abs(sum(line) / len(line) - player.centre)
        return worth - LEAP_COST * (abs(line[0] - before) if before is not None else 0)

    best = max(SHIFTS, key=value)
    notes: list[GridNote] = []
    for (_, beat, beats), midi in zip(placed, pitches(best), strict=True):
        chord = chord_at(chords, beat)
        bent = _bent(midi, chord, plan, strong=is_strong(beat, beats, phrase))
        if notes and bent == notes[-1].midi and midi != bent:
            bent = _bent(midi + (3 if midi > bent else -3), chord, plan, strong=True)
        notes.append(GridNote(beat, beats, bent))
    return notes


def _under_speech(notes: Sequence[GridNote], phrase: Phrase, told: Told) -> list[GridNote]:
    """The notes where somebody speaks: without short ones between beats, and with a rest after the last.

    The shortest go first, and four stay: a leitmotif of three notes is no longer known.
    """
    kept = list(notes)
    short = [n for n in notes[1:] if n.beats < 1 and told(n.beat) and not is_strong(n.beat, n.beats, phrase)]
    for note in sorted(short, key=lambda n: n.beats)[: max(0, len(notes) - LEAST_NOTES)]:
        index = next(i for i, n in enumerate(kept) if n.beat == note.beat)
        kept[index - 1] = replace(kept[index - 1], beats=kept[index].end - kept[index - 1].beat)
        del kept[index]
    if kept and told(kept[-1].beat):
        kept[-1] = replace(kept[-1], beats=min(kept[-1].beats, LAST_TOLD_BEATS))
    return kept


def _placed(
    note: MotifNote, gesture: Gesture, plan: ScenePlan, phrase: Phrase
) -> tuple[MotifNote, float, float] | None:
    """A motif's note with its beat and duration in the phrase; None where the bar is too short, or the last is held."""
    in_three = plan.style.tempo.meter == 3
    at, lasts = (note.beat_in_three, note.beats_in_three) if in_three else (note.beat, note.beats)
    number, inside = divmod(at * gesture.stretch, plan.style.tempo.meter)
    index = gesture.bar + int(number)
    if index >= len(phrase.bars) - phrase.held:
        return None
    bar = phrase.bars[index]
    if inside >= bar.beats:
        return None
    beat = bar.beat + inside
    held_from = phrase.bars[-phrase.held].beat if phrase.held else phrase.end
    return note, beat, min(lasts * gesture.stretch, held_from - beat)


def is_strong(beat: float, beats: float, phrase: Phrase) -> bool:
    """Whether a note is heard against the chord: on a bar's first or third beat, or for two beats and longer."""
    bar = next(b for b in reversed(phrase.bars) if b.beat <= beat + 1e-6)
    inside = beat - bar.beat
    return inside < 1e-6 or (bar.beats % 2 == 0 and abs(inside - bar.beats / 2) < 1e-6) or beats >= 2


def degree_midi(degree: int, tonic: int, scale: Scale) -> int:
    """MIDI pitch of a degree of a scale on ``tonic`` (MIDI); 0 is the tonic, 7 the octave."""
    octave, step = divmod(degree, 7)
    return tonic + 12 * octave + scale[step]


def scale_over(chord: Chord, tonic: int, scale: Scale) -> set[int]:
    """Pitch classes that go with a chord: its own, and those of the scale that are no semitone away from them."""
    tones = set(chord_tones(chord))
    return tones | {
        (tonic + step) % 12
        for step in scale
        if not {(tonic + step + 1) % 12, (tonic + step - 1) % 12} & (tones - {(tonic + s) % 12 for s in scale})
    }


def _bent(midi: int, chord: Chord, plan: ScenePlan, *, strong: bool) -> int:
    """The nearest pitch that goes with the chord: on strong beats one of its tones."""
    allowed = set(chord_tones(chord)) if strong else scale_over(chord, plan.tonic, plan.style.scale)
    return min((midi + d for d in range(-4, 5) if (midi + d) % 12 in allowed), key=lambda m: abs(m - midi))


def _cadence(notes: list[GridNote], phrase: Phrase, player: Player, told: Told) -> list[GridNote]:
    """The notes with an end: on the last chord its root or third; in the film's last bars its root alone."""
    last = phrase.chords[-1]
    kept = [n for n in notes if n.beat < last.beat - 1e-6]
    from_midi = (kept[-1].midi + player.centre) // 2 if kept else player.centre
    tones = chord_tones(last)
    goals = tones[:1] if phrase.role == "final" else tones[:2]
    midi = min((nearest_pitch_class(from_midi, tone) for tone in goals), key=lambda m: abs(m - from_midi))
    short = phrase.role == "close" and told(last.beat)
    return [*kept, GridNote(last.beat, min(last.beats, LAST_TOLD_BEATS) if short else last.beats, midi)]


def _monophonic(notes: Sequence[GridNote]) -> list[GridNote]:
    ordered = sorted(notes, key=lambda n: n.beat)
    return [replace(n, beats=min(n.beats, after.beat - n.beat)) for n, after in itertools.pairwise(ordered)] + ordered[
        -1:
    ]


def _phrased(notes: Sequence[GridNote], phrase: Phrase, told: Told) -> list[GridNote]:
    """Velocities: an arch over the phrase, more with tension; and slurs where one note leads to the next."""
    phrased: list[GridNote] = []
    for note in notes:
        bar = next(b for b in reversed(phrase.bars) if b.beat <= note.beat + 1e-6)
        inside = (note.beat - phrase.beat) / (phrase.end - phrase.beat)
        velocity = VELOCITY + VELOCITY_PER_TENSION * bar.tension + ARCH * float(np.sin(np.pi * inside))
        velocity -= SOFTER_TOLD if told(note.beat) else 0.0
        joins = bool(phrased) and abs(phrased[-1].end - note.beat) < 1e-6 and phrased[-1].midi != note.midi
        phrased.append(replace(note, velocity=velocity, expression=SLURRED if joins else Expression()))
    return phrased
