"""Which chords a song goes through: the tune is harmonised where it sounds, the pack's loops carry what is between."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from soundstage.models.composition import Chord, GridNote, Meter, Section, VariantPlan
from soundstage.music.composing.harmony import Slot, Taste, chord_at, harmonise
from soundstage.music.composing.melody import Melody
from soundstage.music.composing.styles import StylePack
from soundstage.music.composing.variation import closing_bar

# Quarters: where chords may change inside a bar, and what people tap.
CHORD_PLACES: dict[Meter, tuple[float, ...]] = {"4/4": (0.0, 2.0), "3/4": (0.0, 2.0), "6/8": (0.0, 1.5)}
DENSE_PLACES: dict[Meter, tuple[float, ...]] = {"4/4": (0, 1, 2, 3), "3/4": (0, 1, 2), "6/8": (0, 1.5)}
FELT_BEAT: dict[Meter, float] = {"4/4": 1.0, "3/4": 1.0, "6/8": 1.5}
# Roman numerals as the packs write them: semitones above the tonic and the quality of the triad.
NUMERALS = {
    "I": (0, ""), "ii": (2, "m"), "iii": (4, "m"), "IV": (5, ""), "V": (7, ""), "vi": (9, "m"), "iv": (5, "m"),
}  # fmt: skip
MINOR_NUMERALS = {
    "i": (0, "m"), "III": (3, ""), "iv": (5, "m"), "IV": (5, ""), "V": (7, "7"), "v": (7, "m"), "VI": (8, ""),
    "VII": (10, ""), "ii": (2, "m7b5"),
}  # fmt: skip
# Quicker than this, changes of chord are work to listen to.
EASY_CHORD_S, HURRY_COST = 1.6, 1.6


def chords_for(
    sections: Sequence[Section],
    lead: Sequence[GridNote],
    melody: Melody,
    style: StylePack,
    rng: np.random.Generator,
    *,
    other: VariantPlan | None,
    unlike_cost: float,
    dense: bool,
) -> list[Chord]:
    """The whole song's chords: each section leads into the next.

    ``other``: the variant to differ from, as far as ``unlike_cost`` pays; ``dense``: chords may change on every beat.
    """
    chords: list[Chord] = []
    # Answers find their notes in the chords; the tune finds its chords.
    notes = [n for n in lead if n.voice == "lead"]
    places = CHORD_PLACES[melody.meter] if not dense else DENSE_PLACES[melody.meter]
    for index, section in enumerate(sections):
        following = sections[index + 1] if index + 1 < len(sections) else None
        end = (section.start_bar + section.bars) * melody.bar_beats
        slots = _slots(section, melody, places, following) if section.statement else _loop(section, melody, style)
        # The first chord of what follows is looked at, so that this section leads there.
        ahead = [_first_slot(following, melody, style)] if following else []
        unlike = _roots_of(other, slots, section, melody) if other and section.statement else [None] * len(slots)
        # The later a statement, the more colour: the ear knows the plain one by then.
        spice = style.taste.spice + 0.35 * (section.statement - 1) if section.statement else 0.0
        taste = _at_ease(replace(style.taste, spice=spice), slots, melody)
        found = harmonise(
            notes,
            [*slots, *ahead],
            melody.key,
            taste,
            rng,
            unlike=[*unlike, *(None for _ in ahead)],
            unlike_cost=unlike_cost,
            beat=FELT_BEAT[melody.meter],
            before=chords[-1] if chords else None,
        )
        chords += [c for c in found if c.beat < end - 1e-6]
    return chords


def _at_ease(taste: Taste, slots: Sequence[Slot], melody: Melody) -> Taste:
    """Chords that change faster than ``EASY_CHORD_S`` are work to listen to: quick tunes keep theirs for longer."""
    second = 60.0 / melody.tempo_bpm
    hurry = max(0.0, 1.0 - min(s.beats for s in slots) * second / EASY_CHORD_S)
    bar_hurry = max(0.0, 1.0 - melody.bar_beats * second / EASY_CHORD_S)
    return replace(
        taste,
        change_inside_bar=taste.change_inside_bar - HURRY_COST * hurry,
        stay_across_bar=taste.stay_across_bar + HURRY_COST * bar_hurry,
    )


def _slots(section: Section, melody: Melody, inside: tuple[float, ...], following: Section | None) -> list[Slot]:
    bar = melody.bar_beats
    last_before_outro = following is None or following.name == "outro"
    lengths = [b - a for a, b in itertools.pairwise((*inside, bar))]
    slots = []
    past = (section.melody_bar + section.bars) * bar
    heard = [n for n in melody.notes if n.beat < past]
    final = bool(heard) and heard[-1].midi % 12 == melody.tonic
    for i in range(section.bars):
        for offset, length in zip(inside, lengths, strict=True):
            role: Literal["free", "home", "cadence", "half", "start"] = "free"
            if i == 0 and offset == 0:
                role = "start"
            elif i == section.bars - 1:
                role = "home" if final and not last_before_outro else "cadence" if not final else "free"
            elif i == section.bars - 2 and offset == inside[-1]:
                role = "cadence"
            elif i % 4 == 3 and offset == inside[-1]:
                role = "half"
            slots.append(Slot((section.start_bar + i) * bar + offset, length, offset == 0.0, role))
    return slots


def _roots_of(other: VariantPlan, slots: Sequence[Slot], section: Section, melody: Melody) -> list[int | None]:
    """What the other variant plays under the same place of the tune's first statement."""
    here = (section.start_bar - section.melody_bar) * melody.bar_beats
    return [chord_at(other.chords, first_heard(other, s.beat - here)).root if s.role != "home" else None for s in slots]


def _first_slot(section: Section, melody: Melody, style: StylePack) -> Slot:
    """Where a section begins, and with which chord if that is settled."""
    if section.statement:
        return Slot(section.start_bar * melody.bar_beats, melody.bar_beats, opens_bar=True)
    return _loop(section, melody, style)[0]


def _loop(section: Section, melody: Melody, style: StylePack) -> list[Slot]:
    """Chords where the tune rests: the pack's own progression, leading into what comes; the outro goes home."""
    bar, start = melody.bar_beats, section.start_bar * melody.bar_beats
    minor = melody.key.mode == "minor"
    numerals = style.loop_minor if minor else style.loop_major
    table = MINOR_NUMERALS if minor else NUMERALS
    looped, slots = section.bars - 1, []
    if section.name == "outro":
        home = closing_bar(section.bars)
        looped = max(0, home - 1)
        if home:
            # The tune's own way home is harmonised like the tune.
            middle = CHORD_PLACES[melody.meter][1]
            way = start + looped * bar
            slots = [
                Slot(way, middle, opens_bar=True),
                Slot(way + middle, bar - middle, opens_bar=False, wanted=((melody.tonic + 7) % 12, "7")),
            ]
        tonic = (melody.tonic, "m" if minor else "")
        slots += [
            Slot(start + i * bar, bar, opens_bar=True, role="home", wanted=tonic) for i in range(home, section.bars)
        ]
    else:
        slots = [Slot(start + looped * bar, bar, opens_bar=True, role="cadence")]
    steps = [table[numerals[i % 4]] for i in range(looped)]
    return [
        Slot(start + i * bar, bar, opens_bar=True, wanted=((melody.tonic + step) % 12, quality))
        for i, (step, quality) in enumerate(steps)
    ] + slots


def first_heard(plan: VariantPlan, tune_beat: float) -> float:
    """When a beat of the tune first comes in the song."""
    bar = tune_beat / plan.bar_beats
    first = [s for s in plan.sections if s.statement == 1]
    section = next((s for s in reversed(first) if s.melody_bar <= bar), first[0])
    return tune_beat + (section.start_bar - section.melody_bar) * plan.bar_beats
