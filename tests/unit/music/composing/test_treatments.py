"""The tune comes back: dressed in another way each time, and now and then in a higher key."""

import itertools
from collections.abc import Iterator
from functools import cache

import mido
import numpy as np
import pytest
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.tunes import TUNES, random_melody

from soundstage.models.composition import Section, VariantPlan
from soundstage.models.music import GenParams
from soundstage.music.arranging.arrangement import arrange
from soundstage.music.arranging.drums import play_drums
from soundstage.music.composing.composition import compose_params
from soundstage.music.composing.grooves import GROOVES
from soundstage.music.composing.harmony import chord_at, chord_tones
from soundstage.music.composing.melody import PITCH_CLASSES
from soundstage.music.composing.styles import STYLES
from soundstage.music.sounding.midi import write_midi
from soundstage.providers.music.melody_guide import render_guide

RATE_HZ = 44_100


def plans(*, seeds: range, duration_s: float = 90.0, style_a: str | None = None) -> Iterator[VariantPlan]:
    for seed in seeds:
        yield plan_of(seed, duration_s, style_a).model_copy(deep=True)


@cache
def plan_of(seed: int, duration_s: float, style_a: str | None) -> VariantPlan:
    analysis = analysis_of(TUNES[seed % len(TUNES)], tonic=55 + seed % 12, quarters_per_minute=120.0)
    params = GenParams(seed=seed, duration_s=duration_s, style_a=style_a)
    return compose_params(analysis, whole(analysis), params).variants["A"]


def test_a_stretch_of_the_tune_comes_back_with_its_chords_until_everybody_plays() -> None:
    same: list[bool] = []
    for plan in plans(seeds=range(8)):
        first = {bar: s.start_bar - s.melody_bar for s in plan.sections if s.statement == 1 for bar in _melody_bars(s)}
        for section in (s for s in plan.sections if s.statement > 1 and s.treatment != "full"):
            for bar in _melody_bars(section):
                here = (section.start_bar - section.melody_bar + bar) * plan.bar_beats
                before = (first[bar] + bar) * plan.bar_beats
                same.append(chord_at(plan.chords, here).root == chord_at(plan.chords, before).root)
    assert len(same) > 40
    assert np.mean(same) > 0.9


def _melody_bars(section: Section) -> range:
    return range(section.melody_bar, section.melody_bar + section.bars)


def test_few_chords_are_shorter_than_a_second_and_dance_styles_stay_on_one_longer() -> None:
    def lengths_s(style: str) -> list[float]:
        made = plans(seeds=range(4), style_a=style)
        return [chord.beats * 60.0 / plan.tempo_bpm for plan in made for chord in plan.chords]

    for style in STYLES:
        assert np.mean(np.array(lengths_s(style)) < 0.99) < 0.15
    assert np.mean(lengths_s("funk")) > np.mean(lengths_s("bossa"))


def tonic_of(plan: VariantPlan) -> int:
    return PITCH_CLASSES.index(plan.key.tonic)


@pytest.mark.slow
def test_no_return_is_dressed_as_the_one_before() -> None:
    for plan in plans(seeds=range(12)):
        returns = [s for s in plan.sections if s.statement > 1]
        assert returns
        # A verse that begins thin is one hearing in two sections.
        heard = [s for s, before in zip(returns, [None, *returns], strict=False) if not _goes_on(s, before)]
        for first, second in itertools.pairwise(heard):
            assert first.treatment != second.treatment
        last = [s for s in plan.sections if s.statement][-1]
        if last.name == "chorus":
            assert last.treatment == "full"
        assert all(s.treatment == "plain" for s in plan.sections if s.statement <= 1 and s is not last)


def _goes_on(section: Section, before: Section | None) -> bool:
    return before is not None and section.name == before.name == "verse" and section.statement == before.statement


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_one_player_has_the_tune_at_a_time(style: str) -> None:
    for plan in plans(seeds=range(2, 4), style_a=style):
        parts = {p.layer.role: p.notes for p in arrange(plan).parts if p.layer.role in ("lead", "second")}
        lead = [n.beat for n in parts["lead"]]
        second = [n.beat for n in parts.get("second", [])]
        assert sorted(lead + second) == [n.beat for n in plan.melody if n.voice == "lead"]
        in_second = [s for s in plan.sections if s.treatment == "second"]
        assert bool(second) == bool(in_second)
        # Whole lines are moved by octaves: intervals inside a line stay the tune's.
        written = {n.beat: n.midi for n in plan.melody}
        for notes in parts.values():
            assert len({n.midi - written[n.beat] for n in notes}) <= 1


@pytest.mark.slow
def test_lifted_choruses_rise_as_a_whole_and_end_at_home() -> None:
    lifted = [p for s in ("campfire", "ballad", "musette") for p in plans(seeds=range(10), style_a=s)]
    lifted = [p for p in lifted if p.sections[-1].lift_semitones]
    assert 4 <= len(lifted) <= 22
    for plan in lifted:
        last = next(s for s in plan.sections if s.lift_semitones)
        start = last.start_bar * plan.bar_beats
        home = (tonic_of(plan) + last.lift_semitones) % 12
        assert (last.name, last.treatment) == ("chorus", "full")
        assert plan.chords[-1].root == home
        assert plan.theory.tonic_ending
        assert plan.theory.semitone_clashes == 0
        assert plan.theory.chord_tone_rate >= 0.85
        assert sum(c.beats for c in plan.chords) == pytest.approx(plan.total_beats)
        if any(n.pickup and n.beat > start - plan.bar_beats for n in plan.melody if n.beat < start):
            assert (chord_at(plan.chords, start - 0.01).root - home) % 12 == 7
        # The tune of the lifted chorus is the tune that was sung, higher.
        sung = {n.hummed: n.midi for n in plan.melody if n.hummed is not None and n.beat < start - plan.bar_beats}
        raised = [n.midi - sung[n.hummed] for n in plan.melody if n.beat >= start and n.hummed in sung]
        assert raised
        assert set(raised) == {last.lift_semitones}


def test_answers_go_along_with_the_dominant_that_leads_to_a_lifted_chorus() -> None:
    analysis = analysis_of(random_melody(8, meter="6/8"), tonic=63, quarters_per_minute=119.0)
    answered = 0
    for seed in range(12):
        plan = compose_params(analysis, whole(analysis), GenParams(seed=seed, style_a="ballad", bridge=True)).variants[
            "A"
        ]
        lifted = next((s for s in plan.sections if s.lift_semitones), None)
        if lifted is None:
            continue
        turn = lifted.start_bar * plan.bar_beats
        dominant = chord_at(plan.chords, turn - 1e-3)
        for note in plan.melody:
            if note.voice == "answer" and dominant.beat <= note.beat < turn and note.beat % 0.5 == 0:
                answered += 1
                beside = [t for t in chord_tones(dominant) if (note.midi - t) % 12 in {1, 11}]
                assert not beside or note.midi % 12 in chord_tones(dominant)
    assert answered > 2


def test_a_midi_file_says_when_the_key_changes(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("midi") / "m.mid"
    plan = next(p for p in plans(seeds=range(10), style_a="campfire") if p.sections[-1].lift_semitones)
    write_midi(path, plan, [], [])
    keys = [m.key for m in mido.MidiFile(path).tracks[0] if m.type == "key_signature"]
    assert len(keys) == 2


@pytest.mark.slow
def test_the_guide_has_the_whole_tune_whoever_plays_it() -> None:
    plan = next(p for p in plans(seeds=range(8), duration_s=75.0) if any(s.treatment == "second" for s in p.sections))
    guide = render_guide(plan).samples[:, 0]
    section = next(s for s in plan.sections if s.treatment == "second")
    first, past = (round(b * plan.bar_beats * 60 / plan.tempo_bpm * RATE_HZ) for b in (section.start_bar, 0))
    past = first + round(section.bars * plan.bar_beats * 60 / plan.tempo_bpm * RATE_HZ)
    assert np.sqrt(np.square(guide[first:past]).mean()) > 0.02


@pytest.mark.parametrize("duration_s", [15, 20, 30])
@pytest.mark.parametrize("tempo", [60.0, 90.0, 150.0])
def test_short_songs_have_verse_chorus_and_end(duration_s: float, tempo: float) -> None:
    for melody in TUNES[::4]:
        analysis = analysis_of(melody, quarters_per_minute=tempo)
        plan = compose_params(analysis, whole(analysis), GenParams(duration_s=duration_s)).variants["A"]
        names = [s.name for s in plan.sections]
        assert names.index("verse") < names.index("chorus") < names.index("outro")
        energy = {s.name: s.energy for s in plan.sections}
        assert energy["chorus"] > energy["verse"]


def test_when_everybody_plays_one_more_drum_joins() -> None:
    plan = next(iter(plans(seeds=range(1), style_a="campfire")))
    full = next(s for s in plan.sections if s.treatment == "full")
    groove = GROOVES["campfire"]
    hits = play_drums(plan, "campfire", np.random.default_rng(0))
    start, past = (b * plan.bar_beats for b in (full.start_bar, full.start_bar + full.bars))
    joined = [h for h in hits if h.drum == groove.lift and start <= h.beat < past]
    assert len(joined) >= 4 * full.bars
