"""Shot size, camera and transition: an establishing view first, never three of one size, close where it is felt."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from soundstage.models.story import CameraMove, ShotSize, Transition
from soundstage.story.words.places import INDOORS

CLOSE_EMOTIONS = frozenset({"crying", "sad", "afraid", "tender", "surprised", "lonely", "angry", "happy"})


@dataclass(frozen=True)
class Content:
    """What of a shot decides how it is framed."""

    place: str
    new_place: bool
    new_time: bool
    people: int
    speech: bool
    emotion: str
    moving: bool
    flying: bool
    thing: bool
    """Something small is taken, found or looked at."""
    looks_up: bool = False
    eerie: bool = False


def sizes_of(shots: Sequence[Content]) -> list[ShotSize]:
    found: list[ShotSize] = []
    for number, shot in enumerate(shots):
        wishes = _wishes(shot, number)
        counts = {size: found.count(size) for size in get_args(ShotSize)}
        allowed = [
            size for size in wishes if not (found[-1:] == [size] and not shot.new_place) and found[-2:] != [size, size]
        ]
        recent = set(found[-2:])
        choice = next((size for size in allowed if size not in recent), None) or (allowed or wishes)[0]
        if found[-2:] == [choice, choice]:
            choice = min((s for s in ("wide", "full", "medium") if s != choice), key=lambda s: counts[s])
        found.append(choice)
    return found


def _wishes(shot: Content, number: int) -> list[ShotSize]:
    """Fitting sizes, best first."""
    outdoors = shot.place not in INDOORS
    if number == 0 or shot.new_place:
        return (
            ["extreme_wide", "wide", "full"]
            if outdoors and number == 0
            else ["wide", "full", "extreme_wide"]
            if outdoors
            else ["full", "wide"]
        )
    if shot.people == 0:
        if shot.thing:
            return ["detail", "wide", "extreme_wide"]
        return ["extreme_wide", "wide", "detail"] if outdoors else ["wide", "detail", "full"]
    if shot.people >= 3:
        return ["wide", "full", "medium"]
    if shot.flying:
        return ["wide", "full", "extreme_wide"]
    if shot.speech:
        return ["medium", "close", "full"]
    if shot.emotion in CLOSE_EMOTIONS and shot.people == 1:
        return ["close", "medium", "full"]
    if shot.thing:
        return ["detail", "medium", "full", "close"]
    if shot.moving:
        return ["full", "wide", "medium"]
    return ["medium", "full", "wide", "close"]


def cameras_of(shots: Sequence[Content], sizes: Sequence[ShotSize], directions: Sequence[str]) -> list[CameraMove]:
    found: list[CameraMove] = []
    for number, (shot, size) in enumerate(zip(shots, sizes, strict=True)):
        last = number == len(shots) - 1
        wishes: list[CameraMove]
        if last and len(shots) > 1:
            wishes = ["pull_out", "drift"]
        elif shot.looks_up or shot.flying:
            wishes = ["tilt_up", "drift", "pan_right"]
        elif shot.moving and directions[number] != "none":
            wishes = ["pan_left", "drift"] if directions[number] == "left" else ["pan_right", "drift"]
        elif size in ("extreme_wide", "wide"):
            wishes = ["drift", "pull_out", "pan_right"] if shot.new_place else ["push_in", "drift", "pan_left"]
        elif size == "detail":
            wishes = ["push_in", "still", "drift"]
        elif size == "close":
            wishes = ["push_in", "still"]
        else:
            wishes = ["push_in", "drift", "still"]
        found.append(next((move for move in wishes if found[-1:] != [move]), wishes[0]))
    return found


def transitions_of(shots: Sequence[Content]) -> list[Transition]:
    """Into the next shot; the last one fades."""
    found: list[Transition] = []
    for now, after in itertools.pairwise(shots):
        if after.eerie and after.new_place:
            found.append("ink_bleed")
        elif after.new_time and after.new_place:
            found.append("page_turn" if found[-1:] != ["page_turn"] else "fade")
        elif after.new_place:
            found.append("page_turn")
        elif after.new_time:
            found.append("dip")
        elif now.speech and after.speech:
            found.append("cut")
        else:
            found.append("crossfade")
    return [*found, "fade"]
