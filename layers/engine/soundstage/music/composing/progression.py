"""Chord progression of a whole song: the melody harmonised where it sounds, the style's loops in between."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from soundstage.models.composition import Chord, GridNote, Meter, Section, VariantPlan
from soundstage.models.music import Ending
from soundstage.music.composing.harmony import HarmonyStyle, Slot, chord_at, harmonise
from soundstage.music.composing.melody import Melody
from soundstage.music.composing.styles import StylePack
from soundstage.music.composing.variation import closing_bar

# Quarters from the bar line: where chords may change. And the felt beat, quarters.
CHORD_PLACES: dict[Meter, tuple[float, ...]] = {
    "4/4": (0.0, 2.0),
    "3/4": (0.0, 2.0),
    "6/8": (0.0, 1.5),
    "5/4": (0.0, 3.0),
    "7/8": (0.0, 2.0),
}
DENSE_PLACES: dict[Meter, tuple[float, ...]] = {
    "4/4": (0, 1, 2, 3),
    "3/4": (0, 1, 2),
    "6/8": (0, 1.5),
    "5/4": (0, 2, 3, 4),
    "7/8": (0, 1, 2),
}
FELT_BEAT: dict[Meter, float] = {"4/4": 1.0, "3/4": 1.0, "6/8": 1.5, "5/4": 1.0, "7/8": 0.5}
# Roman numerals as the packs write them: semitones above the tonic and the quality of the triad.
NUMERALS = {
    "I": (0, ""), "ii": (2, "m"), "iii": (4, "m"), "IV": (5, ""), "V": (7, ""), "vi": (9, "m"), "iv": (5, "m"),
}  # fmt: skip
MINOR_NUMERALS = {
    "i": (0, "m"), "III": (3, ""), "iv": (5, "m"), "IV": (5, ""), "V": (7, "7"), "v": (7, "m"), "VI": (8, ""),
    "VII": (10, ""), "ii": (2, "m7b5"),
}  # fmt: skip
AWAY = frozenset({"vi", "IV", "ii", "VI", "iv", "III"})
MIN_CHORD_S, FAST_CHANGE_COST = 1.6, 5.0  # a shorter chord costs up to so much: the tune must ask for it
CHROMATICISM_PER_STATEMENT = 0.35  # added with each statement: the plain harmony is known by then


def chords_for(
    sections: Sequence[Section],
    lead: Sequence[GridNote],
    melody: Melody,
    style: StylePack,
    rng: np.random.Generator,
    *,
    other: VariantPlan | None,
    avoided_cost: float,
    dense: bool,
    asked: Sequence[tuple[int, str]] = (),
    ending: Ending = "held",
) -> list[Chord]:
    """Chords from the first bar to the last; each section leads into the next.

    Args:
        other: the variant whose roots cost ``avoided_cost``.
        dense: chords may change on every beat.
        asked: chords that a person asks for, one a bar, again and again: root (pitch class) and triad.
    """
    chords: list[Chord] = []
    # The melody determines the chords; answers are fitted to them later.
    notes = [n for n in lead if n.voice == "lead"]
    places = CHORD_PLACES[melody.meter] if not dense else DENSE_PLACES[melody.meter]
    for index, section in enumerate(sections):
        following = sections[index + 1] if index + 1 < len(sections) else None
        end = (section.start_bar + section.bars) * melody.bar_beats
        slots = (
            _slots(section, melody, places, following) if section.statement else _loop(section, melody, style, ending)
        )
        slots = _as_asked(slots, section, melody, asked)
        # The first chord of the next section is found with this one, so that this one leads there.
        ahead = [_first_slot(following, melody, style, ending)] if following else []
        if other and section.statement:
            slots = _unlike(other, slots, section, melody)
        if section.statement and section.treatment != "full":
            slots = _as_heard(chords, slots, section, sections, melody)
        heard = len({s.statement for s in sections[:index] if s.statement} - {section.statement})
        chromaticism = style.harmony.chromaticism + CHROMATICISM_PER_STATEMENT * heard if section.statement else 0.0
        harmony = _with_calm_changes(replace(style.harmony, chromaticism=chromaticism), slots, melody)
        harmonised = harmonise(
            notes,
            [*slots, *ahead],
            melody.key,
            harmony,
            rng,
            avoided_cost=avoided_cost,
            beat=FELT_BEAT[melody.meter],
            before=chords[-1] if chords else None,
        )
        chords += [c for c in harmonised if c.beat < end - 1e-6]
    return chords


def _as_asked(slots: list[Slot], section: Section, melody: Melody, asked: Sequence[tuple[int, str]]) -> list[Slot]:
    """The slots of a section with the chords that a person asks for; an outro ends as it does."""
    if not asked or section.name == "outro":
        return slots
    return [
        replace(slot, requested=asked[asked_in_bar(slot.beat, section, melody, len(asked))], asked_for=True)
        for slot in slots
    ]


def asked_in_bar(beat: float, section: Section, melody: Melody, count: int) -> int:
    """Which of ``count`` chords stands at a beat of a section: they begin with the melody, and anew where it rests."""
    bar = int((beat + 1e-6) // melody.bar_beats) - section.start_bar
    return (bar + (section.melody_bar if section.statement else 0)) % count


def _with_calm_changes(harmony: HarmonyStyle, slots: Sequence[Slot], melody: Melody) -> HarmonyStyle:
    """The style's harmony with a slower harmonic rhythm where its chords would be shorter than ``MIN_CHORD_S``."""
    second = 60.0 / melody.tempo_bpm
    too_fast = max(0.0, 1.0 - min(s.beats for s in slots) * second / MIN_CHORD_S)
    bar_too_fast = max(0.0, 1.0 - melody.bar_beats * second / MIN_CHORD_S)
    return replace(
        harmony,
        change_inside_bar=harmony.change_inside_bar - FAST_CHANGE_COST * too_fast,
        stay_across_bar=harmony.stay_across_bar + FAST_CHANGE_COST * bar_too_fast,
    )


def _slots(section: Section, melody: Melody, inside: tuple[float, ...], following: Section | None) -> list[Slot]:
    bar = melody.bar_beats
    last_before_outro = following is None or following.name == "outro"
    lengths = [b - a for a, b in itertools.pairwise((*inside, bar))]
    slots = []
    past = (section.melody_bar + section.bars) * bar
    stated = [n for n in melody.notes if n.beat < past]
    final = bool(stated) and stated[-1].midi % 12 == melody.tonic
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


def _unlike(other: VariantPlan, slots: Sequence[Slot], section: Section, melody: Melody) -> list[Slot]:
    """The slots with the other variant's roots under the same places of the first statement, which they avoid."""
    here = (section.start_bar - section.melody_bar) * melody.bar_beats
    return [
        slot
        if slot.role == "home"
        else replace(
            slot, avoided=chord_at(other.chords, first_stated(other.sections, slot.beat - here, melody.bar_beats)).root
        )
        for slot in slots
    ]


def _as_heard(
    chords: Sequence[Chord], slots: Sequence[Slot], section: Section, sections: Sequence[Section], melody: Melody
) -> list[Slot]:
    """The slots with the chords that were heard under the same places before: people know a song by them."""
    here = (section.start_bar - section.melody_bar) * melody.bar_beats
    begin = section.start_bar * melody.bar_beats - 1e-6

    def known(slot: Slot) -> Slot:
        before = first_stated(sections, slot.beat - here, melody.bar_beats)
        if before >= begin:
            return slot
        chord = chord_at(chords, before)
        return replace(slot, familiar=(chord.root, chord.quality))

    return [known(slot) for slot in slots]


def _first_slot(section: Section, melody: Melody, style: StylePack, ending: Ending) -> Slot:
    """The first slot of a section, with its chord where the style has one."""
    if section.statement:
        return Slot(section.start_bar * melody.bar_beats, melody.bar_beats, opens_bar=True)
    return _loop(section, melody, style, ending)[0]


def _loop(section: Section, melody: Melody, style: StylePack, ending: Ending) -> list[Slot]:
    """Slots where the melody rests: the style's loop with a cadence at its end; in an outro V and the tonic."""
    bar, start = melody.bar_beats, section.start_bar * melody.bar_beats
    minor = melody.key.mode == "minor"
    numerals = style.loop_minor if minor else style.loop_major
    table = MINOR_NUMERALS if minor else NUMERALS
    looped, slots = section.bars - 1, []
    if section.name == "outro":
        home = closing_bar(section.bars, ending)
        looped = max(0, home - 1)
        if home:
            # The bar before the last tonic has the melody's closing phrase, and is harmonised with it.
            middle = CHORD_PLACES[melody.meter][1]
            cadence = start + looped * bar
            slots = [
                Slot(cadence, middle, opens_bar=True),
                Slot(
                    cadence + middle,
                    bar - middle,
                    opens_bar=False,
                    role="cadence" if melody.key.scale else "free",  # modes have no V7
                    requested=((melody.tonic + 7) % 12, "7"),
                ),
            ]
        tonic = (melody.tonic, "m" if minor else "")
        slots += [
            Slot(start + i * bar, bar, opens_bar=True, role="home", requested=tonic) for i in range(home, section.bars)
        ]
    else:
        slots = [Slot(start + looped * bar, bar, opens_bar=True, role="cadence")]
    first = _away_from_home(numerals) if section.name == "break" else 0
    steps = [table[numerals[(first + i) % 4]] for i in range(looped)]
    return [
        Slot(start + i * bar, bar, opens_bar=True, requested=((melody.tonic + step) % 12, quality))
        for i, (step, quality) in enumerate(steps)
    ] + slots


def _away_from_home(numerals: Sequence[str]) -> int:
    """Where a break begins in the style's loop: as bridges do, on a chord that is neither tonic nor dominant."""
    return next((i for i, numeral in enumerate(numerals) if numeral in AWAY), 0)


def first_stated(sections: Sequence[Section], melody_beat: float, bar_beats: float) -> float:
    """The beat of the song on which a beat of the melody is first stated."""
    bar = melody_beat / bar_beats
    first = [s for s in sections if s.statement == 1]
    # A song may begin with its chorus, the melody's end.
    covers = (s for s in sections if s.statement and s.melody_bar <= bar < s.melody_bar + s.bars)
    section = next(covers, None) or next((s for s in reversed(first) if s.melody_bar <= bar), first[0])
    return melody_beat + (section.start_bar - section.melody_bar) * bar_beats
