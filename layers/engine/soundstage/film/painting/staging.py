"""Where things are in a picture: on thirds, with a frame, looking into the room, never twice alike running."""

import re
from dataclasses import dataclass
from typing import Literal

from soundstage.film.painting.rooms import room_of
from soundstage.film.painting.scene import Staging, stable_seed
from soundstage.models.story import Shot, Storyboard

Frame = Literal["trees", "branch", "rocks", "grass", "wall", "crates", "none"]


@dataclass(frozen=True)
class _Kind:
    name: str
    hero_x: float
    """On the left third, for who looks to the right; mirrored otherwise."""
    horizon: float
    frame: Frame
    framed: Literal["near", "far", "both"]
    """The frame's side: the hero's, the other, or both."""
    view: Literal["side", "behind", "portrait", "thing"] = "side"


_WIDE = [
    _Kind("thirds", 0.36, 0.55, "trees", "near"),
    _Kind("under a branch", 0.33, 0.58, "branch", "far"),
    _Kind("low horizon", 0.38, 0.62, "grass", "far"),
    _Kind("between", 0.42, 0.54, "trees", "both"),
    _Kind("over rocks", 0.35, 0.50, "rocks", "far"),
    _Kind("far side", 0.30, 0.57, "trees", "far"),
    _Kind("open", 0.37, 0.59, "branch", "near"),
]
_MEDIUM = [
    _Kind("half figure", 0.36, 0.52, "branch", "far"),
    _Kind("over the shoulder", 0.30, 0.50, "grass", "far", "behind"),
    _Kind("half figure, framed", 0.40, 0.56, "trees", "far"),
    _Kind("half figure, low", 0.34, 0.62, "none", "far"),
]
_CLOSE_OF_SEVERAL = [
    _Kind("over the shoulder, near", 0.30, 0.48, "none", "far", "behind"),
    _Kind("face to face", 0.34, 0.55, "none", "far"),
    _Kind("face to face, low", 0.32, 0.60, "none", "far"),
]
_CLOSE = [
    _Kind("portrait", 0.40, 0.52, "none", "far", "portrait"),
    _Kind("portrait, framed", 0.43, 0.56, "branch", "far", "portrait"),
    _Kind("portrait, low", 0.37, 0.60, "none", "far", "portrait"),
]
_DETAIL = [
    _Kind("thing", 0.40, 0.46, "none", "far", "thing"),
    _Kind("thing, framed", 0.60, 0.50, "branch", "far", "thing"),
    _Kind("thing, low", 0.36, 0.54, "grass", "near", "thing"),
]
_KINDS = {"extreme_wide": _WIDE, "wide": _WIDE, "full": _WIDE, "medium": _MEDIUM, "close": _CLOSE, "detail": _DETAIL}
_FRAMES: dict[str, tuple[Frame, ...]] = {
    "sea": ("none",),
    "sky": ("none",),
    "space": ("rocks",),
    "cave": ("rocks",),
    "desert": ("rocks", "grass"),
    "shore": ("rocks", "grass"),
    "city": ("wall", "none"),
    "street": ("wall", "none"),
    "market": ("wall", "crates"),
    "station": ("wall", "none"),
    "harbour": ("crates", "none"),
    "lighthouse": ("rocks", "grass"),
    "mountain": ("trees", "rocks"),
    "bridge": ("branch", "grass"),
}
"""What can stand at the edge where trees would not."""
_TALL = {"extreme_wide": 0.30, "wide": 0.40, "full": 0.58}
"""In a room nobody is far away."""
HEIGHTS = {"extreme_wide": 0.15, "wide": 0.30, "full": 0.54, "medium": 1.08, "close": 1.95, "detail": 0.5}
"""Of an adult standing, in the picture's measure."""


def staging_for(storyboard: Storyboard, shot: Shot, size: tuple[int, int], previous: str) -> Staging:
    """The same for the same shot, whatever stands before it, unless that has the same layout."""
    wide, high = size
    upright = high > wide
    known = {character.id: character for character in storyboard.characters}
    hero = next((who for who in shot.cast if who.character in known), None)
    looks_left = hero is not None and (
        hero.facing == "left" or (hero.facing in ("toward", "away") and shot.screen_direction == "left")
    )
    if hero is None:
        looks_left = stable_seed(storyboard.stable_seed, shot.id, "side") % 2 == 1
    # Ids count up in a storyboard: neighbours take neighbouring kinds, and editing one shot leaves the others alone.
    digits = re.sub(r"\D", "", shot.id)
    kinds = _CLOSE_OF_SEVERAL if shot.size == "close" and len(shot.cast) > 1 else _KINDS[shot.size]
    if len(shot.cast) > 1:
        kinds = [kind for kind in kinds if kind.view != "portrait"] or kinds
    elif shot.size == "close" or shot.lines or (hero is not None and hero.emotion):
        # Alone, somebody who speaks or feels is seen in the face.
        kinds = [kind for kind in kinds if kind.view != "behind"]
    first = (
        (int(digits) if digits else stable_seed(shot.id) % 97)
        + stable_seed(storyboard.stable_seed) % 97
        + shot.seed % 7
    )
    for step in range(len(kinds)):
        kind = kinds[(first + step) % len(kinds)]
        mirrored = looks_left
        layout = f"{shot.size}: {kind.name}, {'right' if mirrored else 'left'}"
        if layout != previous:
            break
    hero_x = kind.hero_x if not upright else 0.5 + (kind.hero_x - 0.5) * 0.8
    if hero is None and shot.size in ("extreme_wide", "wide", "full"):
        hero_x = kind.hero_x
    ground = 0.76 if not upright else 0.66
    if wide == high:
        ground = 0.77
    if shot.setting.place == "bridge" and shot.size in ("extreme_wide", "wide", "full"):
        ground -= 0.13
    if shot.size == "extreme_wide":
        ground -= 0.02
    horizon = kind.horizon if not upright else kind.horizon - 0.10
    height = HEIGHTS[shot.size] * (1.2 if upright else 1.0)
    if room_of(shot.setting) is not None:
        height = max(height, _TALL.get(shot.size, 0.0))
    frames = _FRAMES.get(shot.setting.place)
    frame: Frame = kind.frame if frames is None else frames[(first + len(kind.name)) % len(frames)]
    landmark = 0.70 if kind.name != "between" else 0.62
    beast = hero is not None and known[hero.character].kind != "person"
    near_side = kind.framed == "near" and not beast and len(shot.cast) < 2
    if len(shot.cast) > 1 and (wide <= high or kind.framed == "both"):
        frame = "branch" if frames is None else "none"
    if len(shot.cast) > 2 or (len(shot.cast) > 1 and shot.size in ("medium", "close")):
        frame = "none"  # a bush at the edge would stand before somebody's face
    frame_left = near_side != mirrored
    if mirrored:
        hero_x, landmark = 1 - hero_x, 1 - landmark
    return Staging(
        layout=layout,
        hero_x=hero_x,
        ground=ground,
        horizon=min(horizon, ground - 0.13),
        hero_height=height,
        frame=frame,
        frame_side="both"
        if kind.framed == "both" and len(shot.cast) < 2 and not beast
        else "left"
        if frame_left
        else "right",
        landmark_x=landmark,
        view=kind.view,
    )
