"""Form: two songs of one hum differ in it, and what is asked for is there or said not to be."""

import itertools

import numpy as np
import pytest
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.tunes import TUNES

from soundstage.models.composition import Composition, VariantPlan
from soundstage.models.music import GenParams
from soundstage.music.arranging.arrangement import arrange
from soundstage.music.arranging.performance import clock_for
from soundstage.music.composing.composition import compose_params
from soundstage.music.composing.form import FormChoice, build_form, choose_forms
from soundstage.music.composing.harmony import chord_at
from soundstage.music.composing.melody import PITCH_CLASSES
from soundstage.music.composing.styles import STYLES
from soundstage.music.generation import play

RATE_HZ = 44_100


def composed(number: int = 1, **params: object) -> Composition:
    analysis = analysis_of(TUNES[number], quarters_per_minute=112.0)
    return compose_params(analysis, whole(analysis), GenParams.model_validate(params))


def form_of(plan: VariantPlan) -> list[tuple[str, int]]:
    return [(section.name, section.bars) for section in plan.sections]


def test_every_form_adds_up_and_states_the_whole_melody_once_in_order() -> None:
    for total in range(2, 100, 3):
        for melody_bars in (4, 6, 8, 12, 16, 20):
            for opening in ("verse", "chorus"):
                for bridge in (None, True, False):
                    for ending in ("held", "cold", "fade"):
                        choice = FormChoice(opening, bridge, ending)
                        statement = min(melody_bars, max(1, total - 2))
                        sections = build_form(STYLES["house"], total, statement, 2.0, choice=choice)
                        assert sum(s.bars for s in sections) == total
                        assert sections[-1].name == "outro" or total < 4
                        first = [s for s in sections if s.statement == 1]
                        bars = [s.melody_bar + bar for s in first for bar in range(s.bars)]
                        assert bars == list(range(len(bars)))
                        at = sections.index(first[0])
                        assert sections[at : at + len(first)] == first
                        assert all(s.melody_bar + s.bars <= statement for s in sections if s.statement)
                        assert bridge is not False or all(s.name != "break" for s in sections)


def test_songs_of_one_hum_differ_and_other_seeds_bring_other_forms() -> None:
    endings = set()
    openings = set()
    for seed in range(40):
        packs = STYLES["house"], STYLES["bossa"]
        first, second = choose_forms(GenParams(seed=seed), *packs)
        assert (first, second) == choose_forms(GenParams(seed=seed), *packs)
        assert first.ending != second.ending
        assert not (first.opening == second.opening == "chorus")
        endings |= {first.ending, second.ending}
        openings |= {first.opening, second.opening}
        short = choose_forms(GenParams(seed=seed, duration_s=20), *packs)
        assert all(form.opening == "verse" and form.ending != "fade" for form in short)
    assert endings == {"held", "slowing", "cold", "fade"}
    assert openings == {"verse", "chorus"}


@pytest.mark.parametrize("number", range(0, len(TUNES), 3))
def test_a_song_that_begins_with_its_chorus_keeps_its_chords(number: int) -> None:
    for plan in composed(number, opening="chorus").variants.values():
        entry = next(s for s in plan.sections if s.statement)
        assert entry.name == "chorus"
        assert entry.start_bar <= 1
        last = [s for s in plan.sections if s.statement][-1]
        assert last.name == "chorus"
        assert last.energy == max(s.energy for s in plan.sections)
        assert [s for s in plan.sections if s.treatment == "full"] == [last]
        if entry.statement > 1:  # the melody's end, before all of it
            again = next(s for s in plan.sections if s.statement == 1 and s.melody_bar + s.bars > entry.melody_bar)
            bars = range(max(entry.melody_bar, again.melody_bar), again.melody_bar + again.bars)
            here, there = (
                [chord_at(plan.chords, (s.start_bar - s.melody_bar + bar) * plan.bar_beats).root for bar in bars]
                for s in (entry, again)
            )
            assert np.mean([a == b for a, b in zip(here, there, strict=True)]) > 0.7


def test_a_bridge_is_there_or_it_is_said_that_there_is_no_room_for_one() -> None:
    for number in range(0, len(TUNES), 2):
        asked = composed(number, bridge=True, duration_s=75)
        said = any("no room for a bridge" in warning for warning in asked.warnings)
        assert said != any(name == "break" for name, _ in form_of(asked.variants["A"]))
        assert all(name != "break" for p in composed(number, bridge=False).variants.values() for name, _ in form_of(p))
    assert any("no room for a bridge" in w for w in composed(bridge=True, duration_s=15).warnings)


def test_a_solo_follows_the_first_chorus_over_a_band_that_plays_on() -> None:
    style = STYLES["bossa"]
    for total, melody_bars in ((48, 8), (62, 8), (50, 16)):
        resting = build_form(style, total, melody_bars, 2.0)
        sections = build_form(style, total, melody_bars, 2.0, choice=FormChoice(solo_after_first=True))
        at = next(i for i, s in enumerate(sections) if s.name == "break")
        assert [s.name for s in sections[:at]].count("chorus") == 1
        assert sections[at - 1].name == "chorus"
        assert sections[at + 1].statement > sections[at - 1].statement
        assert sections[at].energy > next(s.energy for s in resting if s.name == "break")
        assert sum(s.bars for s in sections) == total
    played = {choose_forms(GenParams(seed=s), style, STYLES["house"])[0].solo_after_first for s in range(20)}
    assert played == {True, False}
    asked = (choose_forms(GenParams(seed=s, bridge=True), style, STYLES["house"])[0] for s in range(20))
    assert not any(form.solo_after_first for form in asked)
    assert not any(choose_forms(GenParams(seed=s), STYLES["house"], style)[0].solo_after_first for s in range(20))


@pytest.mark.parametrize("style", ["campfire", "ballad", "bossa", "house"])
def test_a_break_begins_away_from_home(style: str) -> None:
    plan = composed(style_a=style, bridge=True, duration_s=90, opening="verse").variants["A"]
    for section in (s for s in plan.sections if s.name == "break" and s.bars > 1):
        root = chord_at(plan.chords, section.start_bar * plan.bar_beats).root
        assert (root - PITCH_CLASSES.index(plan.key.tonic)) % 12 not in {0, 7}


def test_everybody_waits_for_the_drop() -> None:
    plan = composed(style_a="house", bridge=True, duration_s=90, opening="verse").variants["A"]
    arranged = arrange(plan)
    drops = [after for rest, after in itertools.pairwise(plan.sections) if rest.name == "break"]
    assert drops
    for section in drops:
        start = section.start_bar * plan.bar_beats
        accompanying = [part for part in arranged.parts if part.layer.role not in {"lead", "second", "double"}]
        assert not [n for part in accompanying for n in part.notes if n.beat < start - 0.01 and n.end > start - 0.99]
        assert not [h for h in arranged.drums if start - 0.99 < h.beat < start - 0.01 and h.drum != "swell"]
        assert [h for h in arranged.drums if start - 4.01 < h.beat < start - 1.1]  # what leads up to it


def test_where_there_is_no_room_for_the_chorus_it_is_said() -> None:
    short = composed(opening="chorus", duration_s=15)
    assert next(s.name for s in short.variants["A"].sections if s.statement) == "verse"
    assert any("no room to begin with its chorus" in warning for warning in short.warnings)


@pytest.mark.parametrize("style", ["campfire", "house", "lofi", "cinematic"])
def test_a_cold_end_is_one_short_stroke_of_everybody(style: str) -> None:
    plan = composed(style_a=style, ending="cold").variants["A"]
    stroke = plan.total_beats - plan.bar_beats
    arranged = arrange(plan)
    struck = {part.layer.role for part in arranged.parts if any(abs(n.beat - stroke) < 0.01 for n in part.notes)}
    assert {"lead", "chords", "bass"} <= struck
    assert max(n.end for part in arranged.parts for n in part.notes) <= stroke + 1.0 + 1e-6
    assert any(h.beat == stroke for h in arranged.drums)
    assert max(h.beat for h in arranged.drums) == stroke


@pytest.mark.parametrize("style", ["house", "ballad"])
def test_a_song_slows_down_where_that_is_asked_for_only(style: str) -> None:
    slowing, held = (composed(style_a=style, ending=ending).variants["A"] for ending in ("slowing", "held"))
    for plan, slows in ((slowing, True), (held, False)):
        last_bar = plan.total_beats - plan.bar_beats
        late = clock_for(plan, STYLES[style]).seconds(last_bar) - last_bar * 60.0 / plan.tempo_bpm
        assert (late > 0.05) == slows


@pytest.mark.slow
@pytest.mark.parametrize("style", ["lofi", "synthwave"])
def test_a_fade_leaves_loudness_and_ends_in_silence_while_the_band_plays_on(style: str) -> None:
    composition = composed(style_a=style, ending="fade")
    plan = composition.variants["A"]
    drums = [h.beat for h in arrange(plan).drums]
    assert max(drums) > plan.total_beats - plan.bar_beats
    performance = play(composition, plan)
    assert performance.loudness.integrated_lufs == pytest.approx(-14.0, abs=0.1)
    assert performance.loudness.true_peak_dbtp <= -1.0
    assert len(performance.samples) == pytest.approx(60.0 * RATE_HZ, abs=2.5 * RATE_HZ)
    assert plan.fade_s is not None
    assert 5.0 < plan.fade_s < 16.0
    quarters = np.array_split(performance.samples[-round(plan.fade_s * RATE_HZ) :], 4)
    levels = [float(np.sqrt(np.square(q).mean())) for q in quarters]
    assert levels == sorted(levels, reverse=True)
    assert levels[3] < 0.2 * levels[0]
    assert np.abs(performance.samples[-400:]).max() < 1e-3
