"""Shots in frames: speech decides, no shot's frames hang on another's, every frame is in one segment."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from soundstage.film.timeline import LEAD_S, TAIL_S, TITLE, planned_segments, timeline
from soundstage.models.film import FilmSettings
from soundstage.models.story import Shot, Transition

KINDS: list[Transition] = ["cut", "fade", "crossfade", "dip", "page_turn", "ink_bleed"]


def shots(count: int, duration_s: float | None = None) -> list[Shot]:
    return [Shot(id=f"s{number}", duration_s=duration_s) for number in range(count)]


def test_a_shot_grows_to_its_speech_and_never_cuts_it() -> None:
    (shot,) = shots(1, duration_s=4.0)

    (timing,) = timeline([shot], {"s0": 9.3}, FilmSettings(title_card=False, end_card=False))

    assert timing.frames / 24 >= LEAD_S + 9.3 + TAIL_S - 1 / 24
    assert timing.speech_start_s == LEAD_S


def test_a_longer_duration_than_the_speech_needs_is_kept() -> None:
    (timing,) = timeline(shots(1, duration_s=8.0), {"s0": 2.0}, FilmSettings(title_card=False, end_card=False))

    assert timing.frames == 8 * 24


@settings(deadline=None, max_examples=200)
@given(st.lists(st.floats(0.1, 20.0), min_size=1, max_size=60), st.sampled_from([24, 25, 30]))
def test_every_shot_has_its_time_and_less_than_a_frame_more(speech_s: list[float], fps: int) -> None:
    made = shots(len(speech_s))
    spoken = {shot.id: seconds for shot, seconds in zip(made, speech_s, strict=True)}

    timings = timeline(made, spoken, FilmSettings(fps=fps, title_card=False, end_card=False))

    for timing in timings:
        needed_s = LEAD_S + spoken[timing.shot] + TAIL_S
        assert needed_s - 1e-6 <= timing.frames / fps < needed_s + 1 / fps
        assert timing.speech_start_s == timing.first_frame / fps + LEAD_S
        end_s = timing.speech_start_s + spoken[timing.shot]
        assert end_s <= (timing.first_frame + timing.frames) / fps + 1e-9


@settings(deadline=None, max_examples=100)
@given(st.lists(st.floats(0.1, 20.0), min_size=2, max_size=30), st.floats(0.1, 20.0), st.sampled_from([24, 25, 30]))
def test_other_words_in_one_shot_give_no_other_shot_a_frame(speech_s: list[float], other_s: float, fps: int) -> None:
    made, chosen = shots(len(speech_s)), FilmSettings(fps=fps)
    spoken = {shot.id: seconds for shot, seconds in zip(made, speech_s, strict=True)}

    before = timeline(made, spoken, chosen)
    after = timeline(made, {**spoken, "s0": other_s}, chosen)

    assert [timing.frames for timing in before if timing.shot != "s0"] == [
        timing.frames for timing in after if timing.shot != "s0"
    ]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.floats(0.5, 8.0), st.sampled_from(KINDS)), min_size=1, max_size=30), st.floats(0, 2))
def test_segments_cover_every_frame_once(rows: list[tuple[float, Transition]], transition_s: float) -> None:
    made = [Shot(id=f"s{i}", duration_s=seconds, transition=kind) for i, (seconds, kind) in enumerate(rows)]
    chosen = FilmSettings(transition_s=transition_s, end_card=False)
    timings = timeline(made, {}, chosen)

    segments = planned_segments(timings, ["fade", *(kind for _, kind in rows[:-1])], chosen)

    assert timings[0].shot == TITLE
    assert segments[0].first_frame == 0
    for before, after in pairwise(segments):
        assert after.first_frame == before.first_frame + before.frames
    assert segments[-1].first_frame + segments[-1].frames == timings[-1].first_frame + timings[-1].frames
    assert all(segment.frames > 0 for segment in segments)


def test_both_shots_go_on_moving_through_a_transition() -> None:
    timings = timeline(shots(2, duration_s=4.0), {}, FilmSettings(title_card=False, end_card=False))

    first, crossing, second = planned_segments(timings, ["crossfade"], FilmSettings())

    leaving, coming = crossing.stretches
    assert leaving.first == first.stretches[0].first + first.frames
    assert coming.first + crossing.frames == second.stretches[0].first
    assert coming.first < 0
