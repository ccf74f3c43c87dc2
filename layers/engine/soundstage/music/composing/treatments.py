"""Treatments of returning statements: another instrument, doubling, everybody; and a last chorus in a higher key."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from soundstage.models.composition import Chord, GridNote, Section, Treatment
from soundstage.music.composing.harmony import make_chord
from soundstage.music.composing.melody import Melody
from soundstage.music.composing.styles import StylePack

# A verse returns thinner or on another instrument, a chorus with more voices.
VERSE_TREATMENTS: tuple[Treatment, ...] = ("second", "thirds", "plain")
CHORUS_TREATMENTS: tuple[Treatment, ...] = ("octave", "thirds")
STRIPPED_ENERGY = 0.34  # of the first half of a returning verse; 0 to 1
SPLIT_BARS = 4  # of each half at least
FULL_ENERGY = 0.06  # more in the last chorus
LIFT_PROBABILITY = 0.4  # of a modulation, where the style has one
TIME_TOLERANCE = 1e-6  # quarters


def assign_treatments(sections: Sequence[Section], style: StylePack, rng: np.random.Generator) -> list[Section]:
    """Sections with a treatment for every returning statement, never the same twice in a row; the last chorus is full.

    A chorus before the whole melody counts as a return.
    """
    returns = [i for i, s in enumerate(sections) if s.statement > 1]
    last = max(i for i, s in enumerate(sections) if s.statement)
    full = last if returns and sections[last].name == "chorus" else None
    used: list[Treatment] = []
    treated: list[Section] = []
    for i, section in enumerate(sections):
        if i == full:
            treated.append(
                section.model_copy(update={"treatment": "full", "energy": min(1.0, section.energy + FULL_ENERGY)})
            )
        elif i not in returns:
            treated.append(section)
        else:
            options = VERSE_TREATMENTS if section.name == "verse" else CHORUS_TREATMENTS
            used.append(_least_used(options, used, rng))
            treated += _stripped(section, used[-1]) if section.name == "verse" else [_with_treatment(section, used[-1])]
    return _lifted(treated, style, rng)


def _least_used(options: Sequence[Treatment], used: Sequence[Treatment], rng: np.random.Generator) -> Treatment:
    """One of those used least, other than the last one used, chosen at random."""
    options = [t for t in options if t not in used[-1:]]
    fewest = min(used.count(t) for t in options)
    fresh = [t for t in options if used.count(t) == fewest]
    return fresh[int(rng.integers(len(fresh)))]


def _with_treatment(section: Section, treatment: Treatment) -> Section:
    return section.model_copy(update={"treatment": treatment})


def _stripped(section: Section, treatment: Treatment) -> list[Section]:
    """A returning verse in two halves: few players, then the whole band."""
    if section.bars < 2 * SPLIT_BARS:
        return [_with_treatment(section, treatment)]
    half = section.bars // 2
    first = section.model_copy(update={"bars": half, "energy": STRIPPED_ENERGY, "treatment": treatment})
    second = section.model_copy(
        update={
            "start_bar": section.start_bar + half,
            "bars": section.bars - half,
            "melody_bar": section.melody_bar + half,
            "treatment": treatment,
        }
    )
    return [first, second]


def _lifted(sections: list[Section], style: StylePack, rng: np.random.Generator) -> list[Section]:
    """Sections with last chorus and outro in a higher key, where the style has that and a chorus came before."""
    if not style.lifts or rng.random() > LIFT_PROBABILITY:
        return sections
    last = next((i for i, s in enumerate(sections) if s.treatment == "full"), None)
    if last is None or not any(s.name == "chorus" for s in sections[:last]):
        return sections
    lift = int(rng.choice(style.lifts))
    return [s.model_copy(update={"lift_semitones": lift}) if i >= last else s for i, s in enumerate(sections)]


def modulate(
    lead: Sequence[GridNote], chords: Sequence[Chord], sections: Sequence[Section], melody: Melody
) -> tuple[list[GridNote], list[Chord]]:
    """Melody and chords transposed where the sections are lifted, after the new key's dominant.

    A pickup to the lifted section is in the new key already.
    """
    first = next((s for s in sections if s.lift_semitones), None)
    if first is None:
        return list(lead), list(chords)
    turn = first.start_bar * melody.bar_beats
    pickup = min((n.beat - turn for n in lead if n.pickup and 0 < turn - n.beat < melody.bar_beats), default=0.0)
    after_rest = sections[sections.index(first) - 1].statement == 0
    dominant_from = turn + math.floor(pickup) if pickup else turn - melody.bar_beats if after_rest else turn
    raised = [
        replace(n, midi=n.midi + first.lift_semitones)
        if n.beat >= turn or (n.pickup and n.beat >= turn + pickup - TIME_TOLERANCE)
        else n
        for n in lead
    ]
    before = [c for c in chords if c.beat < dominant_from - TIME_TOLERANCE]
    if before:
        before[-1] = before[-1].model_copy(update={"beats": dominant_from - before[-1].beat})
    bridge = []
    if dominant_from < turn:
        root = (melody.tonic + first.lift_semitones + 7) % 12
        bridge = [make_chord(dominant_from, turn - dominant_from, root, "7")]
        raised = [_cut_at(n, dominant_from) if n.voice == "lead" else n for n in raised]
    after = [
        make_chord(
            c.beat, c.beats, (c.root + first.lift_semitones) % 12, c.quality, (c.bass + first.lift_semitones) % 12
        )
        for c in chords
        if c.beat >= turn - TIME_TOLERANCE
    ]
    return raised, [*before, *bridge, *after]


def _cut_at(note: GridNote, beat: float) -> GridNote:
    """A note of the old key, cut where the new key's dominant begins."""
    overlaps = note.beat < beat - TIME_TOLERANCE < note.beat + note.beats - TIME_TOLERANCE
    return replace(note, beats=beat - note.beat) if overlaps else note
