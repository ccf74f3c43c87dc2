"""compose_params: from an analysis to the plans of both variants, each the best of several candidates."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import numpy as np

from soundstage.models.composition import Chord, Composition, GridNote, Section, VariantPlan
from soundstage.models.errors import InvalidInput
from soundstage.models.music import Analysis, Direction, Ending, GenParams, Segment
from soundstage.music.composing.chord_names import key_of_chords, read_chord
from soundstage.music.composing.counterpoint_checks import rate_theory, without_parallels
from soundstage.music.composing.form import FormChoice, build_form, choose_forms
from soundstage.music.composing.harmony import QUALITIES, chord_at, chord_tones, is_on
from soundstage.music.composing.melody import Melody, in_key, in_register, melody_from_hum
from soundstage.music.composing.progression import asked_in_bar, chords_for, first_stated
from soundstage.music.composing.prompt import apply_direction, read_prompt
from soundstage.music.composing.rebar import in_meter
from soundstage.music.composing.styles import StylePack, choose_styles, play_alone
from soundstage.music.composing.tilt import separated
from soundstage.music.composing.treatments import assign_treatments, modulate
from soundstage.music.composing.variation import break_phrases, closing_phrase, intro_hook, vary_statement
from soundstage.music.composing.voice_layer import voice_notes

CANDIDATES = 8  # plans of each variant
# Of these, so many change chords twice a bar; the rest may on every beat, as hymns and marches do.
SPARSE_CANDIDATES = 5
RING_OUT_S = 3.0  # after the last bar
COLD_RING_OUT_S = 2.0  # after the last stroke, a quarter long
LOUDER_LEAD_DB = 3.0  # of the alternative that is played where the melody is masked
# Reward that a chord of A's costs in B: of the first candidate, and more for each later one.
AVOIDED_COST, AVOIDED_COST_STEP, FIRST_DENSE_STEP = 0.2, 0.3, 2
# Theory score that B loses per share of chords in common with A beyond half of them.
SHARED_CHORDS_COST, MAX_SHARED_CHORDS = 4.0, 0.5
COUNTERPOINT_FAMILIES = ("acoustic", "orchestral")  # whose basses do not move in fifths and octaves with the tune
MIN_SWING = 0.55  # below, eighths are straight
MIDI_RANGE, VELOCITY_RANGE = (24, 108), (0.35, 1.0)


def compose_params(
    analysis: Analysis, segment: Segment, params: GenParams, direction: Direction | None = None
) -> Composition:
    """Plans of variants A and B, with an alternative each. The same arguments give the same composition.

    Args:
        direction: how a language model read ``params.prompt``; without one, rules read it.

    Raises:
        MediaRejected: NO_MELODY, the segment holds no note.
        InvalidInput: a style that does not exist.
    """
    hummed = melody = melody_from_hum(analysis, segment)
    warnings = []
    if params.prompt:
        direction = direction or read_prompt(params.prompt)
        params = apply_direction(params, direction, melody.tempo_bpm, melody.key)
    asked = _asked_chords(params)
    if asked and params.key == "keep":  # so that they sound as they are named
        params = params.model_copy(update={"key": key_of_chords(asked, melody.key.mode)})
    if params.meter != "keep":
        melody = in_meter(melody, params.meter)
    if params.key != "keep":
        moved = in_key(melody, params.key)
        if _intervals(moved) != _intervals(melody):
            own, asked_key = melody.key.in_words, moved.key.in_words
            warnings.append(f"Your tune is in {own}: in {asked_key} some of its notes are others.")
        melody = moved
    if params.tempo_bpm != "keep":
        melody = replace(melody, tempo_bpm=float(params.tempo_bpm))
    avoided = direction.avoided.values() if params.prompt and direction else ()
    style_a, style_b = choose_styles(params, hummed, melody, avoided=[style for style in avoided if style])
    fitted = _fit_to_duration(melody, params.duration_s)
    if fitted.bars < melody.bars:
        warnings.append("The tune is longer than the song; its beginning is used.")
    form_a, form_b = choose_forms(params, style_a, style_b)
    plans_a = _ranked([_plan(style_a, fitted, params, form_a, number) for number in range(CANDIDATES)])
    plans_b = _ranked(
        [_plan(style_b, fitted, params, form_b, number, other=plans_a[0]) for number in range(CANDIDATES)], plans_a[0]
    )
    if asked:
        warnings += _where_they_do_not_fit(plans_a[0], fitted, params.chords, asked)
    if params.intro_bars is not None and _intro_of(plans_a[0]) < params.intro_bars:
        warnings.append(f"The song has no room for an intro of {params.intro_bars} bars; a longer one would.")
    sections = plans_a[0].sections
    if params.opening == "chorus" and next(s.name for s in sections if s.statement) != "chorus":
        warnings.append("The song has no room to begin with its chorus; a longer one would.")
    if params.bridge and all(s.name != "break" for s in sections):
        warnings.append("The song has no room for a bridge; a longer one would.")
    tilt_a, tilt_b = separated(style_a.tilt_db, style_b.tilt_db)
    louder = {"lead_gain_db": LOUDER_LEAD_DB}
    return Composition(
        seed=params.seed,
        melody_bars=fitted.bars,
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
        direction=direction if params.prompt else None,
        warnings=warnings,
    )


def _intervals(melody: Melody) -> list[int]:
    return [after.midi - note.midi for note, after in pairwise(melody.notes)]


def _asked_chords(params: GenParams) -> list[tuple[int, str]]:
    """Raises InvalidInput for a name that is no chord."""
    read = [(name, read_chord(name)) for name in params.chords]
    if strange := [name for name, chord in read if chord is None]:
        raise InvalidInput(f"“{strange[0]}” is no chord that we know.", detail={"field": "gen_params.chords"})
    return [chord for _, chord in read if chord]


def _where_they_do_not_fit(
    plan: VariantPlan, melody: Melody, names: Sequence[str], asked: Sequence[tuple[int, str]]
) -> list[str]:
    """A sentence, where the chords that were asked for do not stand under every bar of the melody."""
    bars = kept = 0
    for section in (s for s in plan.sections if s.statement == 1):
        for bar in range(section.start_bar, section.start_bar + section.bars):
            beat = bar * plan.bar_beats
            root, quality = asked[asked_in_bar(beat, section, melody, len(asked))]
            under = [c for c in plan.chords if c.beat < beat + plan.bar_beats - 1e-6 and c.beat + c.beats > beat + 1e-6]
            bars += 1
            kept += any((c.root, QUALITIES[c.quality][1]) == (root, QUALITIES[quality][1]) for c in under)
    if kept == bars:
        return []
    return [f"{' '.join(names)} fit the tune in {kept} of {bars} bars; it has other chords in the rest."]


def _intro_of(plan: VariantPlan) -> int:
    return sum(section.bars for section in plan.sections if section.name == "intro")


def _fit_to_duration(melody: Melody, duration_s: float) -> Melody:
    """The melody, cut where it would leave no bars for intro and outro."""
    bars = _bars_for(melody, duration_s)
    if melody.bars <= bars - 2:
        return melody
    fits = max(4, 4 * ((bars - 2) // 4)) if bars >= 6 else max(1, bars - 1)
    fits = min(fits, melody.bars)
    end = fits * melody.bar_beats
    notes = tuple(replace(n, beats=min(n.beats, end - n.beat)) for n in melody.notes if n.beat < end)
    return replace(melody, notes=notes, bars=fits)


def _bars_for(melody: Melody, duration_s: float, ending: Ending = "held") -> int:
    bar_s = melody.bar_beats * 60.0 / melody.tempo_bpm
    return max(2, round((duration_s - _ring_out_s(melody, ending)) / bar_s))


def _ring_out_s(melody: Melody, ending: Ending) -> float:
    """From the end of the last bar to the song's; negative: the song ends inside that bar."""
    if ending == "cold":
        return COLD_RING_OUT_S - (melody.bar_beats - 1.0) * 60.0 / melody.tempo_bpm
    return 0.0 if ending == "fade" else RING_OUT_S


def _plan(
    style: StylePack,
    melody: Melody,
    params: GenParams,
    choice: FormChoice,
    number: int,
    *,
    other: VariantPlan | None = None,
) -> VariantPlan:
    """Candidate ``number`` of variant A, or of B when there is an ``other`` to differ from."""
    label: Literal["A", "B"] = "A" if other is None else "B"
    seed = (params.seed * 1009 + number * 31 + (7 if label == "B" else 0)) % 2**31
    rng = np.random.default_rng(seed)
    melody = in_register(melody, style.lead_centre)
    bar_s = melody.bar_beats * 60.0 / melody.tempo_bpm
    intro = _wanted_intro(params, melody)
    form = build_form(
        style,
        _bars_for(melody, params.duration_s, choice.ending),
        melody.bars,
        bar_s,
        intro_bars=intro,
        choice=choice,
        pickup=_has_pickup(melody),
    )
    sections = assign_treatments(form, style, rng)
    lead = _statements(sections, melody)
    lead += _intro_break_and_outro(sections, melody, choice.ending)
    lead = _monophonic(lead)
    # Later candidates of B keep further away from A; dense ones can do so without clashes, having more chords.
    dense = number >= SPARSE_CANDIDATES
    steps = number - SPARSE_CANDIDATES + FIRST_DENSE_STEP if dense else number
    avoided_cost = AVOIDED_COST + AVOIDED_COST_STEP * steps
    chords = chords_for(
        sections,
        lead,
        melody,
        style,
        rng,
        other=other,
        avoided_cost=avoided_cost,
        dense=dense,
        asked=_asked_chords(params),
        ending=choice.ending,
    )
    lead = _fitted_to_chords(lead, sections, chords, melody, rng)
    lead, chords = modulate(lead, chords, sections, melody)
    if style.family in COUNTERPOINT_FAMILIES and not params.chords:
        chords = without_parallels(lead, chords, sections)
    lead = [note if note.voice == "lead" else _on_chord(note, chords) for note in lead]  # over the new key's dominant
    total_s = (sections[-1].start_bar + sections[-1].bars) * melody.bar_beats * 60.0 / melody.tempo_bpm
    return VariantPlan(
        label=label,
        style=style.name,
        seed=seed,
        key=melody.key,
        tempo_bpm=melody.tempo_bpm,
        meter=melody.meter,
        tilt_db=style.tilt_db,
        featuring=params.featuring,
        only=params.only,
        without=params.without,
        swing=melody.swing if melody.swing >= MIN_SWING else 0.5,
        sections=sections,
        chords=chords,
        melody=lead,
        ending=choice.ending,
        theory=rate_theory(lead, chords, melody, sections),
        duration_s=round(total_s + _ring_out_s(melody, choice.ending), 3),
    )


def _wanted_intro(params: GenParams, melody: Melody) -> int | None:
    """Bars that were asked for; none where nobody plays chords. A melody that begins before its first bar needs one."""
    bars = 0 if params.intro_bars is None and play_alone(params.only) else params.intro_bars
    return None if bars is None else max(bars, int(_has_pickup(melody)))


def _has_pickup(melody: Melody) -> bool:
    return bool(melody.notes) and melody.notes[0].beat < 0


def _ranked(plans: Sequence[VariantPlan], other: VariantPlan | None = None) -> list[VariantPlan]:
    """Plans by theory score, best first; B's lose by how many chords they share with ``other``."""

    def rank(plan: VariantPlan) -> float:
        shared = 0.0 if other is None else shared_chords(plan, other)
        return plan.theory.value - max(0.0, SHARED_CHORDS_COST * (shared - MAX_SHARED_CHORDS))

    return sorted(plans, key=rank, reverse=True)


def shared_chords(a: VariantPlan, b: VariantPlan) -> float:
    """Share of eighths of the first statements on which both variants have the same root and kind of third."""
    length = min(max(s.melody_bar + s.bars for s in p.sections if s.statement == 1) * p.bar_beats for p in (a, b))
    beats = np.arange(0.0, length, 0.5)
    same = 0
    for beat in beats:
        x, y = (chord_at(p.chords, first_stated(p.sections, float(beat), p.bar_beats)) for p in (a, b))
        same += (x.root, QUALITIES[x.quality][1]) == (y.root, QUALITIES[y.quality][1])
    return same / len(beats)


def _statements(sections: Sequence[Section], melody: Melody) -> list[GridNote]:
    """The melody's notes in each section that states it."""
    notes: list[GridNote] = []
    for section in sections:
        if section.statement:
            first, past = section.melody_bar * melody.bar_beats, (section.melody_bar + section.bars) * melody.bar_beats
            shift = section.start_bar * melody.bar_beats - first
            # A pickup sounds before its section; inside a statement it is the end of the stretch before.
            opens = section.melody_bar == 0
            notes += [
                _rounded(replace(n, beat=n.beat + shift, pickup=n.beat < first))
                for n in melody.notes
                if n.beat < past and (opens or n.beat >= first) and n.beat + shift >= 0
            ]
    return notes


def _intro_break_and_outro(sections: Sequence[Section], melody: Melody, ending: Ending) -> list[GridNote]:
    """Composed notes around the statements: the melody's first motif, a break on it, and its closing phrase."""
    notes: list[GridNote] = []
    leads: list[GridNote] = []
    bar = melody.bar_beats
    for section in sections:
        start = section.start_bar * bar
        if section.name == "intro":
            notes += [replace(n, beat=n.beat + start) for n in intro_hook(melody, section.bars)]
        elif section.name == "break":
            notes += [replace(n, beat=n.beat + start) for n in break_phrases(melody, section.bars)]
        elif section.name == "outro":
            leads += [replace(n, beat=n.beat + start) for n in closing_phrase(melody, section.bars, ending)]
    return [_rounded(replace(n, voice="answer")) for n in notes] + [_rounded(n) for n in leads]


def _rounded(note: GridNote) -> GridNote:
    """Times rounded to .0001 quarters, pitch and velocity clipped to the range of instruments."""
    return replace(
        note,
        beat=round(note.beat, 4),
        beats=round(note.beats, 4),
        midi=int(np.clip(note.midi, *MIDI_RANGE)),
        velocity=round(float(np.clip(note.velocity, *VELOCITY_RANGE)), 3),
    )


def _monophonic(notes: list[GridNote]) -> list[GridNote]:
    """Notes in order, none sounding into the next; a pickup of the melody cuts an answer off."""
    ordered = sorted(notes, key=lambda n: (n.beat, n.voice != "lead"))
    kept: list[GridNote] = []
    for note in ordered:
        if kept and note.beat - kept[-1].beat < 1e-6:
            continue
        if kept:
            kept[-1] = replace(kept[-1], beats=min(kept[-1].beats, note.beat - kept[-1].beat))
        kept.append(note)
    return kept


def _fitted_to_chords(
    lead: list[GridNote], sections: Sequence[Section], chords: Sequence[Chord], melody: Melody, rng: np.random.Generator
) -> list[GridNote]:
    """Composed notes moved to chord tones on beats, and returning statements varied."""
    fitted = []
    for note in lead:
        stated = any(
            s.statement and s.start_bar <= note.beat / melody.bar_beats < s.start_bar + s.bars for s in sections
        )
        hummed = note.hummed is not None or (stated and note.voice == "lead")
        fitted.append(note if hummed else _on_chord(note, chords))
    first = next(s.start_bar for s in sections if s.statement == 1)
    for section in sections:
        if section.statement > 1 and section.start_bar > first:
            fitted = vary_statement(fitted, section, chords, melody, rng)
    return _monophonic(fitted)


def _on_chord(note: GridNote, chords: Sequence[Chord]) -> GridNote:
    """A composed note on an eighth, moved to the nearest chord tone within a minor third."""
    if not is_on(note.beat, 0.5):
        return note
    tones = chord_tones(chord_at(chords, note.beat))
    near = [note.midi + d for d in (0, -1, 1, -2, 2, -3, 3) if (note.midi + d) % 12 in tones]
    return replace(note, midi=near[0]) if near else note
