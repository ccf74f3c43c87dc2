"""Bass lines: patterns of roots, fifths and octaves with approach notes, and turns where a phrase or the tune ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from soundstage.models.composition import Chord, GridNote, Section, VariantPlan
from soundstage.music.arranging.accompaniment import TIME_TOLERANCE, Span
from soundstage.music.arranging.notes import scale_at
from soundstage.music.arranging.phrasing import PHRASE_BARS, swell
from soundstage.music.composing.harmony import chord_tones
from soundstage.music.composing.melody import nearest_pitch_class

# Offset and duration in quarters; r root, f fifth, o octave, a approach, w the step before it; velocity 0 to 1.
Step = tuple[float, float, str, float]
CHROMATIC_PROBABILITY = 0.4  # of an approach by semitone
QUIET, LOUDER_PER_ENERGY = 0.82, 0.2  # factor of velocity at no energy, and more per unit of it
# The bass note of a chord is the one of its octaves that lies nearest to the one before: a line that falls by a step
# does not leap up by a seventh where the instrument ends. Up to so many semitones above its lowest note; cost of a
# semitone above the octave over that.
BASS_SPAN, HIGH_COST = 19, 0.6
# The bass turns to the next chord in the last quarter of a phrase of four bars, and mostly where the tune rests: two
# eighths, or without another chord fifth and octave. Energies, 0 to 1, from which it turns, and leaps by octaves.
TURN_BEATS, TURN_ENERGY, LEAP_ENERGY = 1.0, 0.42, 0.62
TURN_IN_RESTS_PROBABILITY, LEAP_PROBABILITY, MIN_TURN_CHORD = 0.65, 0.5, 2.0
TURN_VELOCITY, LEAP_VELOCITY = (0.62, 0.7), 0.72


@dataclass(frozen=True)
class BassChord:
    """A chord, the bass note under it (MIDI), and those of the chord after it, where there is one.

    ``low``: the instrument's lowest note, MIDI.
    """

    chord: Chord
    root: int
    low: int
    next_root: int | None = None
    next_beat: float = 0.0

    @property
    def moves(self) -> bool:
        """Whether the bass has another note after this chord."""
        return self.next_root is not None and self.next_root != self.root

    @property
    def fifth(self) -> int:
        return nearest_pitch_class(self.root + 3, chord_tones(self.chord)[2])

    @property
    def octave(self) -> int:
        """The octave above the bass note; its fifth where that would lie too high."""
        return self.root + 12 if self.root + 12 <= self.low + BASS_SPAN else self.fifth

    @property
    def side(self) -> int:
        """1: the next bass note is approached from above."""
        goal = self.root if self.next_root is None else self.next_root
        return 1 if self.root > goal or goal - 2 < self.low else -1


BassPattern = Callable[[Sequence[BassChord], VariantPlan, Section, np.random.Generator], list[GridNote]]


def bass_chords(chords: Sequence[Chord], low: int) -> list[BassChord]:
    """The chords of a song over a bass line with small steps; ``low``: the lowest note of the instrument, MIDI."""
    roots: list[int] = []
    for chord in chords:
        first = low + (chord.bass - low) % 12
        octaves = [pitch for pitch in (first, first + 12) if pitch <= low + BASS_SPAN]
        before = roots[-1] if roots else low
        roots.append(min(octaves, key=lambda p: abs(p - before) + HIGH_COST * max(0, p - low - 12)))
    following = [*zip(roots[1:], (c.beat for c in chords[1:]), strict=True), (None, 0.0)]
    return [
        BassChord(chord, root, low, next_root, next_beat)
        for chord, root, (next_root, next_beat) in zip(chords, roots, following, strict=True)
    ]


def _approach(under: BassChord, plan: VariantPlan, rng: np.random.Generator) -> int | None:
    """A note a semitone or a scale step from the next bass note, on the side of this one; None where the bass stays."""
    if under.next_root is None or not under.moves:
        return None
    goal, side = under.next_root, under.side
    scale = scale_at(plan, under.next_beat)
    if rng.random() < CHROMATIC_PROBABILITY:
        return goal + side
    return next((goal + side * d for d in (2, 1) if (goal + side * d) % 12 in scale), goal + side)


def _walked_to(approach: int, under: BassChord, plan: VariantPlan) -> int:
    """The scale's note next to ``approach``, further from the goal."""
    scale = scale_at(plan, under.next_beat)
    return next(approach + under.side * d for d in (2, 1, 3) if (approach + under.side * d) % 12 in scale)


def _line(rhythm: Callable[[Span], list[Step]]) -> BassPattern:
    """A bass line in the rhythm of ``rhythm(span)``."""

    def play(
        line: Sequence[BassChord], plan: VariantPlan, section: Section, rng: np.random.Generator
    ) -> list[GridNote]:
        notes = []
        for under in line:
            chord = under.chord
            steps = rhythm(Span(chord.beats, int(chord.beat // plan.bar_beats)))
            if section.energy >= LEAP_ENERGY and rng.random() < LEAP_PROBABILITY:
                steps = _leaping(steps, chord.beats)
            if _turns(chord, plan, section, rng):
                steps = _turned(steps, chord.beats, moves=under.moves)
            grows = swell(int((chord.beat + TIME_TOLERANCE) // plan.bar_beats) - section.start_bar)
            for offset, length, kind, velocity in steps:
                if offset >= chord.beats - TIME_TOLERANCE:
                    continue
                pitch = {"r": under.root, "f": under.fifth, "o": under.octave}.get(kind)
                if pitch is None:
                    pitch = _approach(under, plan, rng) or under.fifth
                if kind == "w" and under.moves:
                    pitch = _walked_to(pitch, under, plan)
                loud = velocity * (QUIET + LOUDER_PER_ENERGY * section.energy) * grows
                notes.append(GridNote(chord.beat + offset, min(length, chord.beats - offset), pitch, loud))
        return notes

    return play


def _turns(chord: Chord, plan: VariantPlan, section: Section, rng: np.random.Generator) -> bool:
    """Whether the line turns to the next chord: into a louder section, at a phrase's end, and where the tune rests."""
    end = chord.beat + chord.beats
    into = plan.section_at(end)
    leads = into is not section and into.energy > section.energy
    if section.name == "outro" or chord.beats < MIN_TURN_CHORD or (section.energy < TURN_ENERGY and not leads):
        return False
    if leads:
        return True
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
