"""The camera: where each layer of a picture lies in each frame, by fractions of a pixel.

Motion is linear in time over the whole shot, so that a transition can go on with it on either side; never a step back.
Depth makes parallax: what is near moves more. A flat picture has one depth, and the same camera is Ken Burns on it.
"""

from dataclasses import dataclass

import numpy as np

from soundstage.arrays import Floats
from soundstage.models.story import CameraMove

ARROWS = {
    "still": "·",
    "push_in": "→ ←",
    "pull_out": "← →",
    "pan_left": "←",
    "pan_right": "→",
    "tilt_up": "↑",
    "tilt_down": "↓",
    "drift": "~",
}
"""Moves as they are written in plans."""
BASE_ZOOM = 1.06
"""Always a little inside the picture, so that pans and sway find something at the edges."""
ZOOM_BY, PAN_BY = 0.10, 0.045
"""Over a whole shot: share of the picture's scale, and of its size. Longer shots move slower, not farther."""
PAN_FAR = 0.3
"""How much of a pan the sky takes part in."""


@dataclass(frozen=True)
class View:
    """Scale and centre (shares of the picture) at one moment, for a layer at depth 1 and for one at depth 0."""

    zoom_near: float
    zoom_far: float
    pan_x: float
    pan_y: float

    def matrix(
        self, depth: float, source: tuple[int, int], frame: tuple[int, int], focus: tuple[float, float]
    ) -> Floats:
        """The affine map [2, 3] from frame pixels to source pixels (width, height), pixel centres at integers."""
        zoom = self.zoom_far + (self.zoom_near - self.zoom_far) * depth
        (wide, high), (columns, rows) = source, frame
        step = min(wide / columns, high / rows) / zoom
        # The focus stays where it is in the frame while the camera comes nearer; pans move by depth.
        share = PAN_FAR + (1 - PAN_FAR) * depth
        left = (wide - columns * step) * _inside(focus[0]) + self.pan_x * wide * share
        top = (high - rows * step) * _inside(focus[1]) + self.pan_y * high * share
        half = 0.5 * step - 0.5
        return np.array([[step, 0.0, left + half], [0.0, step, top + half]])


def _inside(focus: float) -> float:
    """Far enough from the edges that no pan leaves the picture."""
    return min(max(focus, 0.3), 0.7)


def view(move: CameraMove, progress: float, *, motion: str = "parallax") -> View:
    """The camera at ``progress`` through the shot: 0 at its first frame, 1 past its last; beyond, in transitions."""
    if motion == "still":
        return View(BASE_ZOOM, BASE_ZOOM, 0.0, 0.0)
    way = progress - 0.5
    pan_x = {"pan_left": -1.0, "pan_right": 1.0, "drift": 0.4}.get(move, 0.0) * PAN_BY * way
    pan_y = {"tilt_up": -1.0, "tilt_down": 1.0}.get(move, 0.0) * PAN_BY * way
    nearer = {"push_in": 1.0, "pull_out": -1.0, "drift": 0.35}.get(move, 0.15) * ZOOM_BY * way
    near, far = BASE_ZOOM + ZOOM_BY / 2 + nearer, BASE_ZOOM + ZOOM_BY / 2 + 0.35 * nearer
    return View(near, near if motion == "ken_burns" else far, pan_x, pan_y)
