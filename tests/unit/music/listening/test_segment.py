"""segment_pick: the person's choice in whole notes, or the best phrases."""

import pytest

from soundstage.models.music import Analysis, Note, Segment
from soundstage.music.listening.segment import segment_pick


def scale(start_s: float, count: int, *, cents: float = 0.0, step_s: float = 0.5) -> list[Note]:
    return [
        Note(onset_s=start_s + i * step_s, offset_s=start_s + (i + 1) * step_s, midi=60 + i % 8, cents=cents)
        for i in range(count)
    ]


def analysis(notes: list[Note], phrases: list[tuple[int, int]]) -> Analysis:
    return Analysis(duration_s=notes[-1].offset_s + 1, notes=notes, phrases=phrases)


def test_the_persons_choice_is_widened_to_whole_notes() -> None:
    picked = segment_pick(analysis(scale(1.0, 20), [(0, 20)]), Segment(start_s=3.2, end_s=6.2))

    assert (picked.start_s, picked.end_s) == pytest.approx((2.95, 6.55))


def test_a_choice_without_notes_is_ignored() -> None:
    heard = analysis(scale(1.0, 20), [(0, 20)])

    assert segment_pick(heard, Segment(start_s=10.9, end_s=11.9)) == segment_pick(heard, None)


def test_a_choice_beyond_the_end_stays_inside() -> None:
    heard = analysis(scale(0.0, 20), [(0, 20)])

    picked = segment_pick(heard, Segment(start_s=5.0, end_s=500.0))

    assert picked.end_s <= heard.duration_s


def test_a_false_start_is_left_out() -> None:
    notes = scale(0.5, 4, cents=45) + scale(9.0, 16) + scale(17.0, 16)

    picked = segment_pick(analysis(notes, [(0, 4), (4, 20), (20, 36)]), None)

    assert picked.start_s == pytest.approx(8.95)
    assert picked.end_s > 24


def test_a_long_recording_gives_a_songs_worth() -> None:
    notes = scale(0.0, 240)

    picked = segment_pick(analysis(notes, [(i, i + 16) for i in range(0, 240, 16)]), None)

    assert 8 <= picked.end_s - picked.start_s <= 40


def test_no_notes_is_an_error() -> None:
    with pytest.raises(ValueError, match="no notes"):
        segment_pick(Analysis(duration_s=3.0), None)
