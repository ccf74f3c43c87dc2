"""compose_params: from a hum to two plans that a band could play. Many are written, the best two are kept."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from soundstage.models.composition import Chord, Composition, LeadNote, Meter, Section, TheoryScore, VariantPlan
from soundstage.models.music import Analysis, Direction, GenParams, Segment
from soundstage.music.development import break_phrases, closing_bar, closing_phrase, intro_hook, vary_statement
from soundstage.music.form import build_form
from soundstage.music.harmony import QUALITIES, Slot, Taste, chord_at, chord_tones, harmonise, is_on
from soundstage.music.mastering import apart
from soundstage.music.returns import dress, modulate
from soundstage.music.styles import StylePack, choose_styles
from soundstage.music.tune import Tune, TuneNote, in_key, in_register, tune_from_hum
from soundstage.music.voice import voice_notes
from soundstage.music.wish import directed, read_wish

CANDIDATES = 8
# The rest may change chords on every beat, as hymns and marches do.
SPARSE_CANDIDATES = 5
RING_OUT_S = 3.0
LOUDER_LEAD_DB = 3.0
USUAL_CHORD_S, EASY_CHORD_S, HURRY_COST = 1.8, 1.6, 1.6
# Quarters: where chords may change inside a bar, what people tap, and what they hear as strong.
CHORD_PLACES: dict[Meter, tuple[float, ...]] = {"4/4": (0.0, 2.0), "3/4": (0.0, 2.0), "6/8": (0.0, 1.5)}
DENSE_PLACES: dict[Meter, tuple[float, ...]] = {"4/4": (0, 1, 2, 3), "3/4": (0, 1, 2), "6/8": (0, 1.5)}
FELT_BEAT: dict[Meter, float] = {"4/4": 1.0, "3/4": 1.0, "6/8": 1.5}
STRONG_BEAT: dict[Meter, float] = {"4/4": 2.0, "3/4": 3.0, "6/8": 1.5}
# Roman numerals as the packs write them: semitones above the tonic and the quality of the triad.
NUMERALS = {
    "I": (0, ""), "ii": (2, "m"), "iii": (4, "m"), "IV": (5, ""), "V": (7, ""), "vi": (9, "m"), "iv": (5, "m"),
}  # fmt: skip
MINOR_NUMERALS = {
    "i": (0, "m"), "III": (3, ""), "iv": (5, "m"), "IV": (5, ""), "V": (7, "7"), "v": (7, "m"), "VI": (8, ""),
    "VII": (10, ""), "ii": (2, "m7b5"),
}  # fmt: skip


def compose_params(
    analysis: Analysis, segment: Segment, params: GenParams, direction: Direction | None = None
) -> Composition:
    """Plan both variants. The same arguments give the same composition.

    ``direction`` is how a language model read ``params.wish``; without one, rules read it.

    Raises MediaRejected(NO_MELODY) when the segment holds no note, InvalidInput for a style that does not exist.
    """
    tune = tune_from_hum(analysis, segment)
    warnings = []
    if params.wish:
        direction = direction or read_wish(params.wish)
        params = directed(params, direction, tune.tempo_bpm)
    if params.key != "keep":
        tune = in_key(tune, params.key)
    if params.tempo_bpm != "keep":
        tune = replace(tune, tempo_bpm=float(params.tempo_bpm))
    style_a, style_b = choose_styles(params, tune.tempo_bpm, tune.key.mode, tune.meter, params.seed)
    fitted = _fit_to_duration(tune, params.duration_s)
    if fitted.bars < tune.bars:
        warnings.append("The tune is longer than the song; its beginning is used.")
    plans_a = _ranked([_plan(style_a, fitted, params, number) for number in range(CANDIDATES)])
    plans_b = _ranked(
        [_plan(style_b, fitted, params, number, other=plans_a[0]) for number in range(CANDIDATES)], plans_a[0]
    )
    tilt_a, tilt_b = apart(style_a.tilt_db, style_b.tilt_db)
    louder = {"lead_gain_db": LOUDER_LEAD_DB}
    return Composition(
        seed=params.seed,
        tune_bars=fitted.bars,
        candidates=2 * CANDIDATES,
        voice=voice_notes(analysis) if params.voice_layer else {},
        variants={
            "A": plans_a[0].model_copy(update={"tilt_db": tilt_a}),
            "B": plans_b[0].model_copy(update={"tilt_db": tilt_b}),
        },
        alternatives={
            "A": plans_a[1].model_copy(update={"tilt_db": tilt_a, **louder}),
            "B": plans_b[1].model_copy(update={"tilt_db": tilt_b, **louder}),
        },
        direction=direction if params.wish else None,
        warnings=warnings,
    )


def _fit_to_duration(tune: Tune, duration_s: float) -> Tune:
    """Cut a tune that would leave no room for anything else in the song."""
    bars = _bars_for(tune, duration_s)
    if tune.bars <= bars - 2:
        return tune
    fits = max(4, 4 * ((bars - 2) // 4)) if bars >= 6 else max(1, bars - 1)
    fits = min(fits, tune.bars)
    end = fits * tune.bar_beats
    notes = tuple(replace(n, beats=min(n.beats, end - n.beat)) for n in tune.notes if n.beat < end)
    return replace(tune, notes=notes, bars=fits)


def _bars_for(tune: Tune, duration_s: float) -> int:
    bar_s = tune.bar_beats * 60.0 / tune.tempo_bpm
    return max(2, round((duration_s - RING_OUT_S) / bar_s))


def _plan(
    style: StylePack, tune: Tune, params: GenParams, number: int, *, other: VariantPlan | None = None
) -> VariantPlan:
    """Candidate ``number`` of variant A, or of B when there is an ``other`` to differ from."""
    label: Literal["A", "B"] = "A" if other is None else "B"
    seed = (params.seed * 1009 + number * 31 + (7 if label == "B" else 0)) % 2**31
    rng = np.random.default_rng(seed)
    tune = in_register(tune, style.lead_centre)
    bar_s = tune.bar_beats * 60.0 / tune.tempo_bpm
    sections = dress(build_form(style, _bars_for(tune, params.duration_s), tune.bars, bar_s), style, rng)
    lead = _state_tune(sections, tune)
    lead += _frame(sections, tune)
    lead = _one_at_a_time(lead)
    # Later candidates of B keep further away from A.
    unlike_cost = 0.2 + 0.3 * (number % SPARSE_CANDIDATES)
    dense = number >= SPARSE_CANDIDATES
    chords = _harmony(sections, lead, tune, style, rng, other=other, unlike_cost=unlike_cost, dense=dense)
    lead = _settle(lead, sections, chords, tune, rng)
    lead, chords = modulate(lead, chords, sections, tune)
    total_s = (sections[-1].start_bar + sections[-1].bars) * tune.bar_beats * 60.0 / tune.tempo_bpm
    return VariantPlan(
        label=label,
        style=style.name,
        seed=seed,
        key=tune.key,
        tempo_bpm=tune.tempo_bpm,
        meter=tune.meter,
        tilt_db=style.tilt_db,
        swing=tune.swing if tune.swing >= 0.55 else 0.5,
        sections=sections,
        chords=chords,
        tune=lead,
        theory=rate_theory(lead, chords, tune, sections),
        duration_s=round(total_s + RING_OUT_S, 3),
    )


def _ranked(plans: Sequence[VariantPlan], other: VariantPlan | None = None) -> list[VariantPlan]:
    """The best theory score first; for B, sharing less than half of A's chords counts too."""

    def rank(plan: VariantPlan) -> float:
        return plan.theory.value - (0.0 if other is None else max(0.0, 4.0 * (shared_chords(plan, other) - 0.5)))

    return sorted(plans, key=rank, reverse=True)


def shared_chords(a: VariantPlan, b: VariantPlan) -> float:
    """Share of beats of the first statements on which both variants have the same root and kind of third."""
    length = min(max(s.tune_bar + s.bars for s in p.sections if s.statement == 1) * p.bar_beats for p in (a, b))
    beats = np.arange(0.0, length, 0.5)
    same = 0
    for beat in beats:
        x, y = (chord_at(p.chords, _first_heard(p, float(beat))) for p in (a, b))
        same += (x.root, QUALITIES[x.quality][1]) == (y.root, QUALITIES[y.quality][1])
    return same / len(beats)


def _first_heard(plan: VariantPlan, tune_beat: float) -> float:
    """When a beat of the tune first comes in the song."""
    bar = tune_beat / plan.bar_beats
    first = [s for s in plan.sections if s.statement == 1]
    section = next((s for s in reversed(first) if s.tune_bar <= bar), first[0])
    return tune_beat + (section.start_bar - section.tune_bar) * plan.bar_beats


def _state_tune(sections: Sequence[Section], tune: Tune) -> list[LeadNote]:
    notes: list[LeadNote] = []
    for section in sections:
        if section.statement:
            first, past = section.tune_bar * tune.bar_beats, (section.tune_bar + section.bars) * tune.bar_beats
            shift = section.start_bar * tune.bar_beats - first
            # A pickup sounds before its section; inside a statement it is the end of the stretch before.
            opens = section.tune_bar == 0
            stated = [n for n in tune.notes if n.beat < past and (opens or n.beat >= first)]
            placed = [(_lead(replace(n, beat=n.beat + shift)), n.beat < first) for n in stated if n.beat + shift >= 0]
            notes += [n.model_copy(update={"pickup": True}) if pickup else n for n, pickup in placed]
    return notes


def _frame(sections: Sequence[Section], tune: Tune) -> list[LeadNote]:
    """What is played around the statements: a hook that announces the tune, a break that plays with it, a close."""
    notes: list[TuneNote] = []
    leads: list[TuneNote] = []
    bar = tune.bar_beats
    for section in sections:
        start = section.start_bar * bar
        if section.name == "intro":
            notes += [replace(n, beat=n.beat + start) for n in intro_hook(tune, section.bars)]
        elif section.name == "break":
            notes += [replace(n, beat=n.beat + start) for n in break_phrases(tune, section.bars)]
        elif section.name == "outro":
            leads += [replace(n, beat=n.beat + start) for n in closing_phrase(tune, section.bars)]
    return [_lead(n, "answer") for n in notes] + [_lead(n) for n in leads]


def _lead(note: TuneNote, voice: Literal["lead", "answer"] = "lead") -> LeadNote:
    return LeadNote(
        beat=round(note.beat, 4),
        beats=round(note.beats, 4),
        midi=int(np.clip(note.midi, 24, 108)),
        velocity=round(float(np.clip(note.velocity, 0.35, 1.0)), 3),
        scoop_cents=note.scoop_cents,
        vibrato_cents=note.vibrato_cents,
        swell_db=note.swell_db,
        slurred=note.slurred,
        hummed=note.hummed,
        voice=voice,
    )


def _one_at_a_time(notes: list[LeadNote]) -> list[LeadNote]:
    """In order, and none sounding into the next; a pickup of the tune silences an answer that is still playing."""
    ordered = sorted(notes, key=lambda n: (n.beat, n.voice != "lead"))
    kept: list[LeadNote] = []
    for note in ordered:
        if kept and note.beat - kept[-1].beat < 1e-6:
            continue
        if kept:
            kept[-1] = kept[-1].model_copy(update={"beats": min(kept[-1].beats, note.beat - kept[-1].beat)})
        kept.append(note)
    return kept


def _settle(
    lead: list[LeadNote], sections: Sequence[Section], chords: Sequence[Chord], tune: Tune, rng: np.random.Generator
) -> list[LeadNote]:
    """With the chords known: composed notes find chord tones on beats, and returning statements are varied."""
    settled = []
    for note in lead:
        stated = any(s.statement and s.start_bar <= note.beat / tune.bar_beats < s.start_bar + s.bars for s in sections)
        hummed = note.hummed is not None or (stated and note.voice == "lead")
        settled.append(note if hummed else _on_chord(note, chords))
    for section in sections:
        if section.statement > 1:
            settled = vary_statement(settled, section, chords, tune, rng)
    return _one_at_a_time(settled)


def _on_chord(note: LeadNote, chords: Sequence[Chord]) -> LeadNote:
    """Move a composed note on a beat to the nearest chord tone."""
    if not is_on(note.beat, 0.5):
        return note
    tones = chord_tones(chord_at(chords, note.beat))
    near = [note.midi + d for d in (0, -1, 1, -2, 2, -3, 3) if (note.midi + d) % 12 in tones]
    return note.model_copy(update={"midi": near[0]}) if near else note


def _harmony(
    sections: Sequence[Section],
    lead: Sequence[LeadNote],
    tune: Tune,
    style: StylePack,
    rng: np.random.Generator,
    *,
    other: VariantPlan | None,
    unlike_cost: float,
    dense: bool,
) -> list[Chord]:
    chords: list[Chord] = []
    # Answers find their notes in the chords; the tune finds its chords.
    notes = [TuneNote(n.beat, n.beats, n.midi) for n in lead if n.voice == "lead"]
    places = CHORD_PLACES[tune.meter] if not dense else DENSE_PLACES[tune.meter]
    for index, section in enumerate(sections):
        following = sections[index + 1] if index + 1 < len(sections) else None
        end = (section.start_bar + section.bars) * tune.bar_beats
        slots = _slots(section, tune, places, following) if section.statement else _loop(section, tune, style)
        # The first chord of what follows is looked at, so that this section leads there.
        ahead = [_first_slot(following, tune, style)] if following else []
        unlike = _roots_of(other, slots, section, tune) if other and section.statement else [None] * len(slots)
        # The later a statement, the more colour: the ear knows the plain one by then.
        spice = style.taste.spice + 0.35 * (section.statement - 1) if section.statement else 0.0
        taste = _at_ease(replace(style.taste, spice=spice), slots, tune)
        found = harmonise(
            notes,
            [*slots, *ahead],
            tune.key,
            taste,
            rng,
            unlike=[*unlike, *(None for _ in ahead)],
            unlike_cost=unlike_cost,
            beat=FELT_BEAT[tune.meter],
            before=chords[-1] if chords else None,
        )
        chords += [c for c in found if c.beat < end - 1e-6]
    return chords


def _at_ease(taste: Taste, slots: Sequence[Slot], tune: Tune) -> Taste:
    """Chords that change faster than ``EASY_CHORD_S`` are work to listen to: quick tunes keep theirs for longer."""
    second = 60.0 / tune.tempo_bpm
    hurry = max(0.0, 1.0 - min(s.beats for s in slots) * second / EASY_CHORD_S)
    bar_hurry = max(0.0, 1.0 - tune.bar_beats * second / EASY_CHORD_S)
    return replace(
        taste,
        change_inside_bar=taste.change_inside_bar - HURRY_COST * hurry,
        stay_across_bar=taste.stay_across_bar + HURRY_COST * bar_hurry,
    )


def _slots(section: Section, tune: Tune, inside: tuple[float, ...], following: Section | None) -> list[Slot]:
    bar = tune.bar_beats
    last_before_outro = following is None or following.name == "outro"
    lengths = [b - a for a, b in itertools.pairwise((*inside, bar))]
    slots = []
    past = (section.tune_bar + section.bars) * bar
    heard = [n for n in tune.notes if n.beat < past]
    final = bool(heard) and heard[-1].midi % 12 == tune.tonic
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


def _roots_of(other: VariantPlan, slots: Sequence[Slot], section: Section, tune: Tune) -> list[int | None]:
    """What the other variant plays under the same place of the tune's first statement."""
    here = (section.start_bar - section.tune_bar) * tune.bar_beats
    return [
        chord_at(other.chords, _first_heard(other, s.beat - here)).root if s.role != "home" else None for s in slots
    ]


def _first_slot(section: Section, tune: Tune, style: StylePack) -> Slot:
    """Where a section begins, and with which chord if that is settled."""
    if section.statement:
        return Slot(section.start_bar * tune.bar_beats, tune.bar_beats, opens_bar=True)
    return _loop(section, tune, style)[0]


def _loop(section: Section, tune: Tune, style: StylePack) -> list[Slot]:
    """Chords where the tune rests: the pack's own progression, leading into what comes; the outro goes home."""
    bar, start = tune.bar_beats, section.start_bar * tune.bar_beats
    minor = tune.key.mode == "minor"
    numerals = style.loop_minor if minor else style.loop_major
    table = MINOR_NUMERALS if minor else NUMERALS
    looped, slots = section.bars - 1, []
    if section.name == "outro":
        home = closing_bar(section.bars)
        looped = max(0, home - 1)
        if home:
            # The tune's own way home is harmonised like the tune.
            middle = CHORD_PLACES[tune.meter][1]
            way = start + looped * bar
            slots = [
                Slot(way, middle, opens_bar=True),
                Slot(way + middle, bar - middle, opens_bar=False, wanted=((tune.tonic + 7) % 12, "7")),
            ]
        tonic = (tune.tonic, "m" if minor else "")
        slots += [
            Slot(start + i * bar, bar, opens_bar=True, role="home", wanted=tonic) for i in range(home, section.bars)
        ]
    else:
        slots = [Slot(start + looped * bar, bar, opens_bar=True, role="cadence")]
    steps = [table[numerals[i % 4]] for i in range(looped)]
    return [
        Slot(start + i * bar, bar, opens_bar=True, wanted=((tune.tonic + step) % 12, quality))
        for i, (step, quality) in enumerate(steps)
    ] + slots


def _rubs(midi: int, chord: Chord) -> bool:
    """Not a chord tone, and a semitone from one."""
    tones = chord_tones(chord)
    return midi % 12 not in tones and any((midi - t) % 12 in (1, 11) for t in tones)


def rate_theory(
    lead: Sequence[LeadNote], chords: Sequence[Chord], tune: Tune, sections: Sequence[Section]
) -> TheoryScore:
    """Count what the craft counts, in the key that each section has. Strong beats: the first of a bar, its middle."""
    on_beats = fitting = clashes = 0
    before: LeadNote | None = None
    for note in lead:
        if is_on(note.beat, FELT_BEAT[tune.meter]) and note.beats >= 0.5:
            chord = chord_at(chords, note.beat)
            fits = note.midi % 12 in chord_tones(chord)
            on_beats += 1
            fitting += fits
            prepared = before is not None and before.midi == note.midi
            if is_on(note.beat, STRONG_BEAT[tune.meter]) and _rubs(note.midi, chord) and not prepared:
                clashes += 1
        before = note
    rate = fitting / on_beats if on_beats else 1.0
    last = max(lead, key=lambda n: n.beat)
    home = (tune.tonic + sections[-1].lift) % 12
    ending = chords[-1].root == home and chords[-1].bass == home and last.midi % 12 == home
    bars = (chords[-1].beat + chords[-1].beats) / tune.bar_beats
    symbols = [c.symbol for c in chords]
    changes = sum(a != b for a, b in itertools.pairwise(symbols)) / bars
    lift = sections[-1].lift
    lifted_from = next((s.start_bar * tune.bar_beats for s in sections if s.lift), math.inf)
    distinct = len(
        {((c.root - (lift if c.beat >= lifted_from else 0)) % 12, c.quality, c.bass == c.root) for c in chords}
    )
    # A chord for about two seconds, and six to ten different ones, carry a minute of song.
    held_s = tune.bar_beats * 60.0 / tune.tempo_bpm / max(changes, 0.1)
    variety = math.exp(-(((distinct - 8) / 5) ** 2)) + 2.0 * math.exp(-((math.log2(held_s / USUAL_CHORD_S) / 0.8) ** 2))
    # A tune needs some passing notes: beyond this rate, simpler harmony is worth more.
    value = 2.0 * min(rate, 0.92) - 0.25 * clashes + 0.5 * ending + 0.15 * variety
    return TheoryScore(
        value=round(value, 4),
        chord_tone_rate=round(rate, 4),
        semitone_clashes=clashes,
        tonic_ending=ending,
        distinct_chords=distinct,
        chord_changes_per_bar=round(changes, 3),
    )
