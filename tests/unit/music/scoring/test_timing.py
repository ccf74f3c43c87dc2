"""Bars that fall on a film's cuts."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundstage.models.film import FilmSection
from soundstage.models.story import Mood
from soundstage.music.scoring.moods import STYLES
from soundstage.music.scoring.timing import (
    MAX_TEMPO_CHANGE,
    Bar,
    Clock,
    Tempo,
    bar_lengths,
    lay_bars,
    scenes_of,
)


def _sections(*rows: tuple[float, Mood, float, bool]) -> list[FilmSection]:
    starts = [0.0, *itertools.accumulate(row[0] for row in rows)]
    return [
        FilmSection(start, duration, mood, tension, turn)
        for start, (duration, mood, tension, turn) in zip(starts, rows, strict=False)
    ]


def _all_bars(sections: list[FilmSection]) -> list[list[Bar]]:
    bars: list[list[Bar]] = []
    for scene in scenes_of(sections):
        first = bars[-1][-1].beat + bars[-1][-1].beats if bars else 0
        bars.append(lay_bars(scene, STYLES[scene.mood].tempo, first))
    return bars


ROWS = st.lists(
    st.tuples(st.floats(2.0, 14.0), st.sampled_from(sorted(STYLES)), st.integers(1, 10), st.booleans()),
    min_size=10,
    max_size=24,
)


@given(ROWS)
@settings(max_examples=30, deadline=None)
def test_bars_fill_the_film_and_every_scene_begins_on_a_bar_line(rows: list[tuple[float, Mood, float, bool]]) -> None:
    sections = _sections(*rows)
    bars = _all_bars(sections)
    for scene, own in zip(scenes_of(sections), bars, strict=True):
        assert own[0].start_s == pytest.approx(scene.sections[0].start_s, abs=1e-6)
        assert own[-1].end_s == pytest.approx(scene.sections[-1].end_s, abs=1e-6)
    flat = [bar for own in bars for bar in own]
    assert all(a.end_s == pytest.approx(b.start_s, abs=1e-6) for a, b in itertools.pairwise(flat))
    assert all(a.beat + a.beats == b.beat for a, b in itertools.pairwise(flat))


@given(ROWS)
@settings(max_examples=30, deadline=None)
def test_the_tempo_of_a_scene_moves_little(rows: list[tuple[float, Mood, float, bool]]) -> None:
    for own in _all_bars(_sections(*rows)):
        beats_s = [bar.beat_s for bar in own]
        # From the scene's tempo both ways.
        assert math.log(max(beats_s) / min(beats_s)) <= 2 * MAX_TEMPO_CHANGE + 1e-9


def test_sections_of_a_scene_begin_on_bar_lines_where_the_tempo_allows_it() -> None:
    sections = _sections((9.0, "calm", 3, False), (7.4, "calm", 4, False), (11.2, "calm", 5, False))
    (bars,) = _all_bars(sections)
    starts_s = [bar.start_s for bar in bars]
    for section in sections:
        assert min(abs(section.start_s - at_s) for at_s in starts_s) < 1e-6


def test_a_turn_begins_a_scene_of_its_own_and_a_second_shot_of_it_does_not() -> None:
    sections = _sections(
        (8.0, "sad", 4, False), (8.0, "sad", 4, True), (8.0, "sad", 5, True), (8.0, "tender", 5, False)
    )
    scenes = scenes_of(sections)
    assert [(len(scene.sections), scene.turn) for scene in scenes] == [(1, False), (2, True), (1, False)]


def test_a_section_too_short_for_a_bar_belongs_to_its_neighbour() -> None:
    sections = _sections((8.0, "calm", 4, False), (0.8, "tense", 9, False), (14.0, "sad", 4, False))
    scenes = scenes_of(sections)
    assert [scene.mood for scene in scenes] == ["calm", "sad"]
    assert scenes[0].sections[-1].end_s == pytest.approx(8.8)


def test_a_long_scene_is_several_and_only_the_first_of_them_is_the_turn() -> None:
    sections = _sections((30.0, "sad", 4, False), (100.0, "calm", 4, True), (95.0, "calm", 6, False))
    scenes = scenes_of(sections)
    assert [scene.turn for scene in scenes] == [False, True, False, False]
    assert scenes[1].sections[-1].end_s == pytest.approx(95.0)
    joined = [section for scene in scenes for section in scene.sections]
    assert all(a.end_s == pytest.approx(b.start_s) for a, b in itertools.pairwise(joined))
    assert joined[-1].end_s == pytest.approx(225.0)


@pytest.mark.parametrize(
    ("beats", "meter", "lengths"),
    [(8, 4, [4, 4]), (9, 4, [4, 5]), (10, 4, [4, 4, 2]), (11, 4, [4, 4, 3]), (3, 4, [3]), (7, 3, [3, 4]), (2, 3, [2])],
)
def test_beats_left_over_make_the_last_bar_longer_or_shorter(beats: int, meter: int, lengths: list[int]) -> None:
    assert bar_lengths(beats, meter) == lengths


def test_the_clock_is_exact_at_bar_lines_and_even_between() -> None:
    bars = lay_bars(scenes_of(_sections((21.0, "calm", 3, False)))[0], Tempo(58, 66, 76, 4), 0)
    clock = Clock(bars)
    assert clock.seconds(bars[-1].beat + bars[-1].beats) == pytest.approx(21.0)
    assert clock.seconds(2) == pytest.approx(bars[0].start_s + 2 * bars[0].beat_s)
