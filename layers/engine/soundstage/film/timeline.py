"""The timeline: shots in frames, and the segments that are encoded independently and joined.

Speech decides time: a shot lasts as long as its words need, with room around them, in whole frames. Its frames are its
own: rounded from a running total, a shot would gain or lose one whenever something before it changes, and would have to
be rendered again. Nothing drifts by it, since speech is placed by its shot's first frame.

A transition is a segment of its own; both shots go on moving through it,
and no frame of the total is spent on it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from soundstage.models.film import FilmSettings, ShotTiming
from soundstage.models.story import PartId, Shot, Transition

LEAD_S = 0.4
"""Of picture before its first word: a viewer looks before listening. Chosen by eye."""
TAIL_S = 0.6
"""Of picture after its last word."""
SILENT_S = 3.0
"""A shot that says nothing and has no duration of its own."""
NO_FRAME = 1e-6
"""Less of a frame than this is rounding of the product, not time that is needed."""
TITLE_S, CREDITS_S = 3.0, 3.5
TITLE, CREDITS = "title", "credits"
"""Ids of the two cards; no shot has them."""


@dataclass(frozen=True)
class Stretch:
    """Frames of one shot: ``first`` counts from the shot's start and may be negative in the transition into it."""

    shot: PartId
    first: int
    of: int
    """Frames of the whole shot, for the camera's way."""


@dataclass(frozen=True)
class Segment:
    """Frames that one encoder run makes: a shot's body, or the transition between two shots."""

    first_frame: int
    frames: int
    stretches: tuple[Stretch, ...]
    transition: Transition | None = None


def timeline(shots: Sequence[Shot], speech_s: Mapping[PartId, float], settings: FilmSettings) -> list[ShotTiming]:
    """When each shot is seen and its words begin. ``speech_s``: duration of the speech of each shot that has any."""
    rows: list[tuple[PartId, float, bool]] = []
    if settings.title_card:
        rows.append((TITLE, TITLE_S, False))
    for shot in shots:
        spoken = speech_s.get(shot.id)
        needed = SILENT_S if spoken is None else LEAD_S + spoken + TAIL_S
        wanted = shot.duration_s or 0.0
        rows.append((shot.id, max(wanted, needed if spoken is not None or not wanted else 0.0), spoken is not None))
    if settings.end_card:
        rows.append((CREDITS, CREDITS_S, False))
    timings, first = [], 0
    for id_, seconds, speaks in rows:
        frames = max(1, math.ceil(seconds * settings.fps - NO_FRAME))
        start_s = first / settings.fps + LEAD_S if speaks else None
        timings.append(ShotTiming(shot=id_, first_frame=first, frames=frames, speech_start_s=start_s))
        first += frames
    return timings


def transition_lengths(
    timings: Sequence[ShotTiming], transitions: Sequence[Transition], settings: FilmSettings
) -> list[int]:
    """Frames of each transition, at most a third of the shorter of its two shots; 0 for a cut."""
    return [
        0 if kind == "cut" else min(round(settings.transition_s * settings.fps), before.frames // 3, after.frames // 3)
        for kind, before, after in zip(transitions, timings[:-1], timings[1:], strict=True)
    ]


def planned_segments(
    timings: Sequence[ShotTiming], transitions: Sequence[Transition], settings: FilmSettings
) -> list[Segment]:
    """Bodies and transitions, consecutive and complete. ``transitions[i]`` leads from shot i to shot i + 1.

    A transition lies around its cut, with the odd frame after it.
    """
    lengths = transition_lengths(timings, transitions, settings)
    segments = []
    for i, timing in enumerate(timings):
        head = lengths[i - 1] - lengths[i - 1] // 2 if i else 0
        length = lengths[i] if i < len(lengths) else 0
        tail = length // 2
        body = Stretch(timing.shot, head, timing.frames)
        segments.append(Segment(timing.first_frame + head, timing.frames - head - tail, (body,)))
        if length:
            after = timings[i + 1]
            leaving = Stretch(timing.shot, timing.frames - tail, timing.frames)
            coming = Stretch(after.shot, -tail, after.frames)
            segments.append(Segment(after.first_frame - tail, length, (leaving, coming), transitions[i]))
    return segments
