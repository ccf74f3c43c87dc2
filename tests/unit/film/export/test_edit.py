"""An edit has the film's frames, handles for every transition, and says what it cannot show."""

from itertools import pairwise
from typing import Literal

import pytest
from tests.fixtures.edits import board, edit

from soundstage.film.cutting import transitions_of
from soundstage.film.export.edit import NAMES
from soundstage.film.timeline import planned_segments, timeline
from soundstage.models.film import FilmSettings


@pytest.mark.parametrize("fps", [24, 25, 30])
def test_clips_are_seen_from_cut_to_cut_and_hold_what_transitions_show(fps: Literal[24, 25, 30]) -> None:
    settings = FilmSettings(fps=fps)
    story = board()
    timings = timeline(story.shots, {"s1": 2.13, "s3": 1.77, "s4": 0.9}, settings)

    found = edit(settings)

    assert [(clip.at, clip.frames) for clip in found.pictures] == [(t.first_frame, t.frames) for t in timings]
    assert all(one.end == other.at for one, other in pairwise(found.pictures))
    segments = planned_segments(timings, transitions_of(story, timings, settings), settings)
    in_film = {s.first_frame: s.frames for s in segments if s.transition}
    assert {change.cut - change.before: change.before + change.after for change in found.changes} == in_film
    held = dict(zip((t.shot for t in timings), found.pictures, strict=True))
    for segment in segments:
        for stretch in segment.stretches:
            clip = held[stretch.shot]
            first = stretch.first + clip.skip
            assert 0 <= first <= first + segment.frames <= clip.medium.frames


def test_markers_name_chapters_and_every_transition_that_is_not_a_crossfade() -> None:
    found = edit()

    at_cut = {marker.at: marker.name for marker in found.markers if not marker.is_chapter}
    assert at_cut == {change.cut: NAMES[change.kind] for change in found.changes if change.kind != "crossfade"}
    assert {"Page turn", "Fade through black"} <= set(at_cut.values())
    assert next(marker.at for marker in found.markers if marker.is_chapter) == 0
    assert found.change_at(found.pictures[1].at) is None, "the title turns its page: no dissolve"
