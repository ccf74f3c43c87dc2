"""How a tune comes back: each hearing is dressed in another way, and the last may rise to a higher key."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from soundstage.models.composition import Chord, GridNote, Section, Treatment
from soundstage.music.composing.harmony import make_chord
from soundstage.music.composing.melody import Melody
from soundstage.music.composing.styles import StylePack

# A verse comes back thinner or in other hands, a chorus with more voices.
VERSE_RETURNS: tuple[Treatment, ...] = ("second", "thirds", "plain")
CHORUS_RETURNS: tuple[Treatment, ...] = ("octave", "thirds")
STRIPPED_ENERGY = 0.34
SPLIT_BARS = 4
LIFT_CHANCE = 0.4


def dress(sections: Sequence[Section], style: StylePack, rng: np.random.Generator) -> list[Section]:
    """Give every return of the tune a treatment that its last return did not have; the last one gets everything."""
    returns = [i for i, s in enumerate(sections) if s.statement > 1]
    used: list[Treatment] = []
    dressed: list[Section] = []
    for i, section in enumerate(sections):
        if i not in returns:
            dressed.append(section)
        elif i == returns[-1] and section.name == "chorus":
            dressed.append(section.model_copy(update={"treatment": "full", "energy": min(1.0, section.energy + 0.06)}))
        else:
            options = VERSE_RETURNS if section.name == "verse" else CHORUS_RETURNS
            used.append(_next(options, used, rng))
            dressed += _stripped(section, used[-1]) if section.name == "verse" else [_as(section, used[-1])]
    return _lifted(dressed, style, rng)


def _next(options: Sequence[Treatment], used: Sequence[Treatment], rng: np.random.Generator) -> Treatment:
    """One that has been used least, and not just now, chosen by the dice."""
    options = [t for t in options if t not in used[-1:]]
    fewest = min(used.count(t) for t in options)
    fresh = [t for t in options if used.count(t) == fewest]
    return fresh[int(rng.integers(len(fresh)))]


def _as(section: Section, treatment: Treatment) -> Section:
    return section.model_copy(update={"treatment": treatment})


def _stripped(section: Section, treatment: Treatment) -> list[Section]:
    """A verse after a chorus begins with few players, and the band comes back in its middle."""
    if section.bars < 2 * SPLIT_BARS:
        return [_as(section, treatment)]
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
    """The last chorus and the end in a higher key, where the style does that and the chorus is known by then."""
    if not style.lifts or rng.random() > LIFT_CHANCE:
        return sections
    last = next((i for i, s in enumerate(sections) if s.treatment == "full"), None)
    if last is None or not any(s.name == "chorus" for s in sections[:last]):
        return sections
    lift = int(rng.choice(style.lifts))
    return [s.model_copy(update={"lift_semitones": lift}) if i >= last else s for i, s in enumerate(sections)]


def modulate(
    lead: Sequence[GridNote], chords: Sequence[Chord], sections: Sequence[Section], melody: Melody
) -> tuple[list[GridNote], list[Chord]]:
    """Raise tune and chords where the sections say so, and lead there over the new key's dominant.

    A pickup to the lifted section is sung in the new key already.
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
        if n.beat >= turn or (n.pickup and n.beat >= turn + pickup - 1e-6)
        else n
        for n in lead
    ]
    before = [c for c in chords if c.beat < dominant_from - 1e-6]
    if before:
        before[-1] = before[-1].model_copy(update={"beats": dominant_from - before[-1].beat})
    bridge = []
    if dominant_from < turn:
        root = (melody.tonic + first.lift_semitones + 7) % 12
        bridge = [make_chord(dominant_from, turn - dominant_from, root, "7")]
        raised = [_let_go(n, dominant_from) if n.voice == "lead" else n for n in raised]
    after = [
        make_chord(
            c.beat, c.beats, (c.root + first.lift_semitones) % 12, c.quality, (c.bass + first.lift_semitones) % 12
        )
        for c in chords
        if c.beat >= turn - 1e-6
    ]
    return raised, [*before, *bridge, *after]


def _let_go(note: GridNote, beat: float) -> GridNote:
    """A note of the old key is not held into the new one's dominant."""
    held = note.beat < beat - 1e-6 < note.beat + note.beats - 1e-6
    return replace(note, beats=beat - note.beat) if held else note
