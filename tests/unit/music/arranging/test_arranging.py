"""What players play beside the tune: bass lines, countermelodies, chords and drums of real plans in every style."""

import itertools
from collections import defaultdict

import numpy as np
import pytest
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.tunes import TUNES, random_melody

from soundstage.models.composition import GridNote, Section, VariantPlan
from soundstage.models.music import GenParams
from soundstage.music.arranging.accompaniment import CHORD_PATTERNS, Passage, voicings
from soundstage.music.arranging.arrangement import Part, arrange, risen
from soundstage.music.arranging.bass import BASS_SPAN, bass_chords
from soundstage.music.arranging.drums import DrumHit, play_drums
from soundstage.music.composing.composition import compose_params
from soundstage.music.composing.harmony import chord_tones, make_chord
from soundstage.music.composing.styles import STYLES
from soundstage.music.instruments.kit import KITS, SWELL_S, hit
from soundstage.music.instruments.orchestra import ORCHESTRA

LOW_E = 28  # MIDI


def plan_in(style: str, seed: int = 0) -> VariantPlan:
    analysis = analysis_of(random_melody(seed) if seed else TUNES[0], tonic=64, quarters_per_minute=96.0)
    params = GenParams(seed=seed, style_a=style, opening="verse", ending="held")
    return compose_params(analysis, whole(analysis), params).variants["A"]


def parts_of(plan: VariantPlan, role: str) -> list[Part]:
    return [part for part in arrange(plan).parts if part.layer.role == role]


def test_a_bass_line_goes_on_by_step_past_the_end_of_the_octave() -> None:
    falling = [make_chord(4.0 * i, 4.0, root, "") for i, root in enumerate((9, 7, 5, 4, 2, 0))]  # A G F E D C
    roots = [under.root for under in bass_chords(falling, LOW_E)]
    assert [b - a for a, b in itertools.pairwise(roots)][:3] == [-2, -2, -1]
    rising = [make_chord(4.0 * i, 4.0, root, "") for i, root in enumerate((0, 2, 4, 5))]  # C D E F
    assert [b - a for a, b in itertools.pairwise(u.root for u in bass_chords(rising, LOW_E))] == [2, 2, 1]
    everything = [
        make_chord(4.0 * i, 4.0, int(r), "") for i, r in enumerate(np.random.default_rng(1).integers(0, 12, 99))
    ]
    line = [under.root for under in bass_chords(everything, LOW_E)]
    assert min(line) >= LOW_E
    assert max(line) <= LOW_E + BASS_SPAN
    assert all(root % 12 == chord.bass for root, chord in zip(line, everything, strict=True))


def test_bass_lines_of_all_styles_seldom_leap_from_chord_to_chord() -> None:
    leaps: list[bool] = []
    for style in STYLES:
        plan = plan_in(style, seed=3)
        (bass,) = parts_of(plan, "bass")
        starts = {c.beat for c in plan.chords}
        roots = [n.midi for n in bass.notes if n.beat in starts]
        leaps += [abs(b - a) > 7 for a, b in itertools.pairwise(roots)]
    assert np.mean(leaps) < 0.05


@pytest.mark.parametrize("style", ["ballad", "cinematic", "dreambox"])
def test_a_countermelody_moves_between_chords_only_while_the_tune_does_not(style: str) -> None:
    between = 0
    for seed in (0, 3, 8):
        plan = plan_in(style, seed)
        onsets = np.array([n.beat for n in plan.melody if n.voice == "lead"])
        for part in parts_of(plan, "counter"):
            starts = {c.beat for c in plan.chords}
            for note in (n for n in part.notes if n.beat not in starts):
                between += 1
                assert not np.any((onsets > note.beat - 0.25) & (onsets < note.beat + 0.75))
                sounding = [n.midi for n in plan.melody if n.beat <= note.beat < n.end]
                assert all((m - note.midi) % 12 not in {1, 11} for m in sounding)
    assert between > 5


def passage_of(plan: VariantPlan, section: Section, seed: int = 0) -> Passage:
    start = section.start_bar * plan.bar_beats
    chords = [c for c in plan.chords if start <= c.beat < start + section.bars * plan.bar_beats]
    voicings = [tuple(60 + tone for tone in chord_tones(c)[:3]) for c in chords]
    return Passage(chords, voicings, plan, section, np.random.default_rng(seed), [79] * len(chords))


def by_onset(notes: list[GridNote]) -> dict[float, set[int]]:
    onsets: dict[float, set[int]] = defaultdict(set)
    for note in notes:
        onsets[round(note.beat * 4) / 4].add(note.midi)
    return onsets


def test_the_last_stroke_off_the_beat_has_the_next_chord_unless_the_tune_clashes() -> None:
    plan = plan_in("bossa")
    quiet = plan.model_copy(update={"melody": []})
    section = next(s for s in plan.sections if s.name == "chorus")
    passage = passage_of(quiet, section)
    struck = by_onset(CHORD_PATTERNS["bossa"](passage))
    ahead = 0
    for (chord, here), (_, following) in itertools.pairwise(zip(passage.chords, passage.voicings, strict=True)):
        last = struck.get(chord.beat + chord.beats - 0.5)
        if last and here != following:
            assert last <= set(following)
            ahead += 1
    assert ahead > 2
    one = passage.chords[1].beat - 0.5
    beside = GridNote(one, 0.5, passage.voicings[1][0] + 13, 0.7)
    clashing = passage_of(plan.model_copy(update={"melody": [beside]}), section)
    assert by_onset(CHORD_PATTERNS["bossa"](clashing))[one] <= set(passage.voicings[0])


def test_players_of_chords_leave_off_at_the_end_of_some_phrases_and_grow_through_them() -> None:
    plan = plan_in("campfire")
    section = next(s for s in plan.sections if s.name == "chorus" and s.bars >= 8)
    bar = plan.bar_beats
    strokes: list[int] = []
    loudness: dict[int, list[float]] = defaultdict(list)
    for seed in range(30):
        notes = CHORD_PATTERNS["strum"](passage_of(plan, section, seed))
        for number in range(0, section.bars - 3, 4):
            start = (section.start_bar + number) * bar
            late = by_onset([n for n in notes if start + 3.5 * bar <= n.beat < start + 4 * bar - 1e-6])
            strokes.append(len(late))
            for i in range(4):
                loudness[i] += [n.velocity for n in notes if abs(n.beat - start - i * bar) < 1e-6]
    assert 0.1 < np.mean(np.array(strokes) <= 1) < 0.7
    assert np.mean(loudness[0]) < np.mean(loudness[3])


def hits_of(plan: VariantPlan, groove: str, seed: int = 5) -> list[DrumHit]:
    return play_drums(plan, groove, np.random.default_rng(seed))


def test_the_last_stroke_of_a_song_is_one_of_its_own_drums() -> None:
    for style in STYLES.values():
        plan = plan_in(style.name)
        hits = hits_of(plan, style.groove)
        before = {h.drum for h in hits if h.beat < plan.total_beats - plan.bar_beats}
        last = {h.drum for h in hits if h.beat >= plan.total_beats - plan.bar_beats}
        assert last & {"kick", "taiko"} <= before


def end_beat(section: Section, plan: VariantPlan) -> float:
    return (section.start_bar + section.bars) * plan.bar_beats


def test_fills_grow_into_louder_sections_and_fade_briefly_into_quieter_ones() -> None:
    kinds: set[tuple[tuple[str, float], ...]] = set()
    loudest: dict[bool, list[float]] = defaultdict(list)
    for seed in range(12):
        plan = plan_in("synthwave", seed % 4)
        toms = [h for h in hits_of(plan, "synthwave", seed) if h.drum.startswith("tom")]  # in fills alone
        for section, following in itertools.pairwise(plan.sections):
            end = end_beat(section, plan)
            fill = [h for h in toms if end - 2.0 <= h.beat < end]
            louder = following.energy > section.energy
            if not fill:
                continue
            kinds.add(tuple((h.drum, h.beat - end) for h in fill))
            loudest[louder].append(max(h.velocity for h in fill))
            rise = [b.velocity - a.velocity for a, b in itertools.pairwise(fill)]
            assert all(step > 0 for step in rise) if louder else all(step < 0 for step in rise)
            assert louder or end - fill[0].beat <= 0.5
    assert len(kinds) > 8
    assert np.mean(loudest[True]) > np.mean(loudest[False])


def test_cymbals_crash_into_loud_sections_and_out_of_them_only() -> None:
    plan = plan_in("ballad")
    crashes = {h.beat for h in hits_of(plan, "ballad") if h.drum == "crash"}
    for before, section in itertools.pairwise(plan.sections):
        loud = max(before.energy, section.energy) >= 0.7
        assert (section.start_bar * plan.bar_beats in crashes) == loud
    assert 0.0 not in crashes


def test_a_cymbal_that_swells_ends_as_the_chorus_begins() -> None:
    plan = plan_in("cinematic")
    ends = [h.beat + SWELL_S * plan.tempo_bpm / 60 for h in hits_of(plan, "cinematic") if h.drum == "swell"]
    starts = {s.start_bar * plan.bar_beats for s in plan.sections if s.name == "chorus"}
    assert ends
    assert all(min(abs(end - start) for start in starts) < 1e-6 for end in ends)
    sound = hit(KITS["orchestral"], "swell", 0.6, np.random.default_rng(0))
    quarters = np.array_split(np.square(sound), 4)
    assert [float(q.mean()) for q in quarters] == sorted(float(q.mean()) for q in quarters)
    assert not [h for h in hits_of(plan_in("campfire"), "campfire") if h.drum == "swell"]


@pytest.mark.parametrize("style", ["synthwave", "house"])
def test_a_verse_gets_its_backbeat_half_way_and_an_intro_has_none(style: str) -> None:
    plan = plan_in(style)
    verse = next(s for s in plan.sections if s.name == "verse" and s.bars >= 8)
    begin = verse.start_bar * plan.bar_beats
    half = begin + verse.bars // 2 * plan.bar_beats
    backbeat = [h.beat for h in hits_of(plan, style) if h.drum in {"snare", "clap"} and h.beat % 4.0 == 1.0]
    assert any(half <= beat < end_beat(verse, plan) for beat in backbeat)
    assert not any(beat < half for beat in backbeat)


def test_bass_and_drums_enter_an_intro_at_other_times_in_other_songs() -> None:
    entrances: set[tuple[float, float]] = set()
    for seed in range(1, 9):
        plan = plan_in("campfire", seed)
        intro = plan.sections[0]
        assert intro.name == "intro"
        arranged = arrange(plan)
        bass = next(part for part in arranged.parts if part.layer.role == "bass").notes[0].beat
        drums = min(h.beat for h in arranged.drums)
        assert max(bass, drums) <= end_beat(intro, plan)
        entrances.add((bass // plan.bar_beats, drums // plan.bar_beats))
    assert len(entrances) > 3


def test_those_who_accompany_grow_before_a_louder_section_and_the_tune_does_not() -> None:
    plan = plan_in("ballad")
    flat = plan.model_copy(update={"sections": [s.model_copy(update={"energy": 0.5}) for s in plan.sections]})
    verse, chorus = next(pair for pair in itertools.pairwise(plan.sections) if pair[1].name == "chorus")
    assert chorus.energy > verse.energy + 0.15
    end = end_beat(verse, plan)
    notes = [GridNote(end - 8.0 + i, 1.0, 60, 0.5) for i in range(9)]
    grown = [n.velocity for n in risen(notes, plan)]
    assert grown == [*sorted(grown[:-1]), 0.5]
    assert grown[-2] > 0.58
    assert risen(notes, flat) == notes


def test_broken_chords_move_half_as_fast_and_ghost_strokes_are_left_out_where_it_is_quiet() -> None:
    plan = plan_in("ballad")
    section = next(s for s in plan.sections if s.name == "verse")
    for pattern, share in (("rolling", 0.6), ("funk16", 0.8)):
        counts = []
        for energy in (0.5, 0.3):
            there = section.model_copy(update={"energy": energy})
            counts.append(len(CHORD_PATTERNS[pattern](passage_of(plan, there))))
        assert 0 < counts[1] < share * counts[0]


def test_chords_stay_below_a_low_tune() -> None:
    chords = [make_chord(4.0 * i, 4.0, root, "maj7") for i, root in enumerate((0, 5, 7, 9))]
    voiced = voicings(chords, ORCHESTRA["electric_piano"], [62] * 4, {}, bass_plays=True)
    assert max(max(v) for v in voiced) < 62
    assert min(min(v) for v in voiced) >= 48


def test_the_bass_walks_into_a_louder_section_and_plays_on_to_the_last_bar_where_nothing_slows() -> None:
    plan = plan_in("funk", seed=3)
    (bass,) = parts_of(plan, "bass")
    intro = plan.sections[0]
    into = [n for n in bass.notes if end_beat(intro, plan) - 1.0 <= n.beat < end_beat(intro, plan)]
    outro = plan.sections[-1]
    last_bar = end_beat(outro, plan) - plan.bar_beats
    assert len(into) in {0, 2}  # none where the bass comes in with the tune
    assert len([n for n in bass.notes if outro.start_bar * plan.bar_beats <= n.beat < last_bar]) > outro.bars
    assert [n.beats for n in bass.notes if n.beat >= last_bar] == [plan.bar_beats]


def test_an_orchestra_s_basses_lie_below_its_cellos() -> None:
    (bass,) = parts_of(plan_in("cinematic"), "bass")
    assert np.median([n.midi for n in bass.notes]) < ORCHESTRA["cello"].low + 2


def test_hats_open_into_the_next_phrase_of_a_chorus_unless_there_is_a_fill() -> None:
    plan = plan_in("synthwave")
    chorus = next(s for s in plan.sections if s.name == "chorus" and s.bars >= 8)
    into = (chorus.start_bar + 4) * plan.bar_beats
    opened = 0
    for seed in range(8):
        hits = [h for h in hits_of(plan, "synthwave", seed) if h.beat == into - 0.5]
        filled = any(h.drum.startswith("tom") for h in hits)
        opened += any(h.drum == "open_hat" for h in hits)
        assert filled or [h.drum for h in hits if "hat" in h.drum] == ["open_hat"]
    assert opened > 2


def test_the_brass_hits_in_between_the_notes_of_the_tune() -> None:
    hits = 0
    for seed in (0, 1, 3):
        plan = plan_in("funk", seed)
        onsets = np.array([n.beat for n in plan.melody if n.voice == "lead"])
        for note in (n for part in parts_of(plan, "counter") for n in part.notes):
            hits += 1
            assert np.abs(onsets - note.beat).min() >= 0.25
    assert hits > 10


def test_who_cannot_hold_a_note_has_the_tune_with_somebody_who_can() -> None:
    for pack in STYLES.values():
        lead = next(layer for layer in pack.layers if layer.role == "lead")
        if ORCHESTRA[lead.instrument].line is None:
            holding = [v for v in pack.layers if v.role == "double" and ORCHESTRA[v.instrument].line is not None]
            assert any(v.from_energy <= pack.energies["verse"] for v in holding), pack.name


@pytest.mark.parametrize("style", ["ballad", "funk", "cinematic"])
def test_chords_stay_below_the_octave_in_which_the_tune_is_played(style: str) -> None:
    above, strokes = 0, 0
    for seed in range(6):
        plan = plan_in(style, seed)
        tune = parts_of(plan, "lead")[0].notes
        for note in (n for part in parts_of(plan, "chords") for n in part.notes):
            sounding = [n.midi for n in tune if n.beat - 1e-6 <= note.beat < n.end - 1e-6]
            above += bool(sounding) and note.midi >= min(sounding)
            strokes += bool(sounding)
    assert above / strokes < 0.06
