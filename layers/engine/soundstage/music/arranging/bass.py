"""Bass lines: patterns of roots, fifths and octaves with approach notes, and turns where a phrase or the tune ends."""

from collections.abc import Callable, Sequence

import numpy as np

from soundstage.models.composition import Chord, GridNote, Section, VariantPlan
from soundstage.music.arranging.accompaniment import Span
from soundstage.music.composing.harmony import chord_tones
from soundstage.music.composing.melody import PITCH_CLASSES, SCALES, nearest_pitch_class

# Offset and duration in quarters; r root, f fifth, o octave, a approach, w the step before it; velocity 0 to 1.
Step = tuple[float, float, str, float]
BassPattern = Callable[[Sequence[Chord], VariantPlan, Section, int, np.random.Generator], list[GridNote]]
CHROMATIC_PROBABILITY = 0.4  # of an approach by semitone
QUIET, LOUDER_PER_ENERGY = 0.82, 0.2  # factor of velocity at no energy, and more per unit of it
# The bass turns to the next chord in the last quarter of a phrase of four bars, and mostly where the tune rests: two
# eighths, or without another chord fifth and octave. Energies, 0 to 1, from which it turns, and leaps by octaves.
TURN_BEATS, PHRASE_BARS, TURN_ENERGY, LEAP_ENERGY = 1.0, 4, 0.42, 0.62
TURN_IN_RESTS_PROBABILITY, LEAP_PROBABILITY, MIN_TURN_CHORD = 0.65, 0.5, 2.0
TURN_VELOCITY, LEAP_VELOCITY = (0.62, 0.7), 0.72
TIME_TOLERANCE = 1e-6  # quarters


def _root(chord: Chord, low: int) -> int:
    """The chord's bass in the octave above ``low``, MIDI."""
    return low + (chord.bass - low) % 12


def _fifth(chord: Chord, low: int) -> int:
    fifth = chord_tones(chord)[2]
    return nearest_pitch_class(_root(chord, low) + 3, fifth)


def _approach(
    chord: Chord, following: Chord | None, plan: VariantPlan, low: int, rng: np.random.Generator
) -> int | None:
    """A note a semitone or a scale step from the next bass note, on the side of this one; None where the bass stays."""
    if following is None or following.bass == chord.bass:
        return None
    goal = _root(following, low)
    scale = _scale_at(plan, following.beat)
    side = _side(chord, goal, low)
    if rng.random() < CHROMATIC_PROBABILITY:
        return goal + side
    return next((goal + side * d for d in (2, 1) if (goal + side * d) % 12 in scale), goal + side)


def _walked_to(approach: int, chord: Chord, following: Chord, plan: VariantPlan, low: int) -> int:
    """The scale's note next to ``approach``, further from the goal."""
    scale = _scale_at(plan, following.beat)
    side = _side(chord, _root(following, low), low)
    return next(approach + side * d for d in (2, 1, 3) if (approach + side * d) % 12 in scale)


def _scale_at(plan: VariantPlan, beat: float) -> set[int]:
    tonic = PITCH_CLASSES.index(plan.key.tonic) + plan.section_at(beat).lift_semitones
    return {(tonic + s) % 12 for s in SCALES[plan.key.kind]}


def _side(chord: Chord, goal: int, low: int) -> int:
    """1: ``goal`` is approached from above."""
    return 1 if _root(chord, low) > goal or goal - 2 < low else -1


def _line(rhythm: Callable[[Span], list[Step]]) -> BassPattern:
    """A bass line in the rhythm of ``rhythm(span)``."""

    def play(
        chords: Sequence[Chord], plan: VariantPlan, section: Section, low: int, rng: np.random.Generator
    ) -> list[GridNote]:
        notes = []
        for i, chord in enumerate(chords):
            following = chords[i + 1] if i + 1 < len(chords) else None
            steps = rhythm(Span(chord.beats, int(chord.beat // plan.bar_beats)))
            if section.energy >= LEAP_ENERGY and rng.random() < LEAP_PROBABILITY:
                steps = _leaping(steps, chord.beats)
            if _turns(chord, plan, section, rng):
                steps = _turned(steps, chord.beats, moves=following is not None and following.bass != chord.bass)
            for offset, length, kind, velocity in steps:
                if offset >= chord.beats - TIME_TOLERANCE:
                    continue
                root = _root(chord, low)
                pitch: int | None = {"r": root, "f": _fifth(chord, low), "o": root + 12}.get(kind)
                if kind in {"a", "w"}:
                    pitch = _approach(chord, following, plan, low, rng) or _fifth(chord, low)
                if kind == "w" and following is not None and pitch is not None:
                    pitch = _walked_to(pitch, chord, following, plan, low)
                loud = velocity * (QUIET + LOUDER_PER_ENERGY * section.energy)
                notes.append(GridNote(chord.beat + offset, min(length, chord.beats - offset), int(pitch or root), loud))
        return notes

    return play


def _turns(chord: Chord, plan: VariantPlan, section: Section, rng: np.random.Generator) -> bool:
    """Whether the line turns to the next chord: at the end of a phrase, and where the tune leaves room for it."""
    if section.energy < TURN_ENERGY or section.name == "outro" or chord.beats < MIN_TURN_CHORD:
        return False
    end = chord.beat + chord.beats
    phrase = PHRASE_BARS * plan.bar_beats
    if (end - section.start_bar * plan.bar_beats + TIME_TOLERANCE) % phrase < 2 * TIME_TOLERANCE:
        return True
    begin = end - TURN_BEATS - TIME_TOLERANCE
    tune_moves = any(begin <= n.beat < end - TIME_TOLERANCE for n in plan.melody if n.voice == "lead")
    return not tune_moves and rng.random() < TURN_IN_RESTS_PROBABILITY


def _turned(steps: Sequence[Step], beats: float, *, moves: bool) -> list[Step]:
    """The steps with two eighths in the last quarter instead of what they had there."""
    begin = beats - TURN_BEATS
    kept = [(at, min(length, begin - at), kind, v) for at, length, kind, v in steps if at < begin - TIME_TOLERANCE]
    kinds = ("w", "a") if moves else ("f", "o")
    half = TURN_BEATS / 2
    return [*kept, *((begin + half * i, half, kinds[i], TURN_VELOCITY[i]) for i in range(2))]


def _leaping(steps: Sequence[Step], beats: float) -> list[Step]:
    """The steps with a leap to the octave: the root that comes again, or the second half of a long note."""
    if len(steps) == 1 and steps[0][1] >= MIN_TURN_CHORD:
        at, length, kind, velocity = steps[0]
        half = length / 2
        return [(at, half, kind, velocity), (at + half, half, "o", LEAP_VELOCITY * velocity)]
    again = [i for i, step in enumerate(steps) if step[2] == "r" and step[0] >= beats / 2]
    if not again:
        return list(steps)
    leap = again[0]
    return [(at, length, "o" if i == leap else kind, v) for i, (at, length, kind, v) in enumerate(steps)]


def _long(span: Span) -> list[Step]:
    return [(0.0, span.beats, "r", 0.75)]


def _roots(span: Span) -> list[Step]:
    if span.beats >= 4:
        return [(0, 1.8, "r", 0.85), (2, 1.2, "f", 0.75), (3.5 if span.bar % 2 else 3, 0.5, "a", 0.6)]
    if span.beats >= 3:
        return [(0, 1.8, "r", 0.85), (2, 0.9, "a" if span.bar % 2 else "f", 0.65)]
    if span.beats >= 2:
        return [(0, 1.4, "r", 0.85), (1.5, 0.5, "a", 0.6)]
    return [(0, span.beats, "r", 0.8)]


def _eighths(span: Span) -> list[Step]:
    steps = int(span.beats / 0.5)
    kinds = ["r"] * steps
    if steps >= 4:
        kinds[-1] = "a"
    if steps >= 8 and span.bar % 2:
        kinds[5] = "o"
    return [(0.5 * i, 0.42, k, 0.85 if i % 2 == 0 else 0.7) for i, k in enumerate(kinds)]


def _offbeat(span: Span) -> list[Step]:
    return [
        (i + 0.5, 0.4, "r" if i % 2 == 0 else "o" if span.bar % 4 == 3 else "r", 0.85) for i in range(int(span.beats))
    ]


def _syncopated(span: Span) -> list[Step]:
    if span.beats >= 4:
        return [(0, 1.3, "r", 0.85), (1.5, 0.9, "r", 0.65), (2.5, 1.0, "f", 0.7), (3.5, 0.5, "a", 0.6)]
    if span.beats >= 2:
        return [(0, 1.3, "r", 0.85), (1.5, 0.5, "a", 0.65)]
    return [(0, span.beats, "r", 0.8)]


def _bossa(span: Span) -> list[Step]:
    if span.beats >= 4:
        return [(0, 1.4, "r", 0.85), (1.5, 0.5, "f", 0.7), (2, 1.4, "f", 0.8), (3.5, 0.5, "a", 0.7)]
    if span.beats >= 2:
        return [(0, 1.4, "r", 0.85), (1.5, 0.5, "a" if span.bar % 2 else "f", 0.7)]
    return [(0, span.beats, "r", 0.8)]


def _funk(span: Span) -> list[Step]:
    one = [(0, 0.45, "r", 0.95), (0.75, 0.2, "r", 0.55), (1.5, 0.3, "o", 0.75)]
    two = [
        (2.25, 0.2, "r", 0.6),
        (2.5, 0.45, "f", 0.8),
        (3.25, 0.2, "o", 0.65),
        (3.5, 0.25, "a", 0.7),
        (3.75, 0.25, "a", 0.6),
    ]
    if span.beats >= 4:
        return one + (two if span.bar % 2 else two[1:3] + two[3:4])
    return [*one[:2], (1.5, 0.3, "a" if span.bar % 2 else "o", 0.7)] if span.beats >= 2 else one[:1]


BASS_PATTERNS: dict[str, BassPattern] = {
    name: _line(rhythm)
    for name, rhythm in {
        "long": _long,
        "roots": _roots,
        "eighths": _eighths,
        "offbeat": _offbeat,
        "syncopated": _syncopated,
        "bossa": _bossa,
        "funk": _funk,
    }.items()
}
