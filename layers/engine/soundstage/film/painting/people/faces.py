"""A face for what has none: the moon, a teapot, a stone that speaks."""

from soundstage.film.painting.pen import Pen
from soundstage.film.painting.people.body import EYE
from soundstage.film.painting.raster import ellipse
from soundstage.models.story import Presence

SAD = ("sad", "cry", "afraid", "fear", "worr", "lonely", "weep", "tired")


def draw_face(pen: Pen, middle: tuple[float, float], size: float, presence: Presence) -> None:
    """Two eyes and a mouth around ``middle``, ``size`` wide, pixels; it looks to where the presence faces."""
    x, y = middle
    x += {"left": -0.12, "right": 0.12}.get(presence.facing, 0.0) * size
    asleep = presence.stance == "lying" or "sleep" in presence.emotion
    for side in (-1, 1):
        eye = x + side * 0.3 * size
        if asleep:
            pen.line([(eye - 0.1 * size, y), (eye, y + 0.05 * size), (eye + 0.1 * size, y)], 0.05 * size, EYE)
        else:
            pen.shine(ellipse(eye, y, 0.085 * size, 0.12 * size), EYE)
            pen.shine(ellipse(eye - 0.02 * size, y - 0.045 * size, 0.03 * size, 0.035 * size), pen.lit("#ffffff"))
        pen.shine(
            ellipse(eye + side * 0.13 * size, y + 0.2 * size, 0.09 * size, 0.06 * size), pen.lit("#f09a8a"), opacity=0.6
        )
    bend = -0.08 if any(word in presence.emotion for word in SAD) else 0.1
    low = y + 0.3 * size
    pen.line(
        [
            (x - 0.16 * size, low - bend * size * 0.5),
            (x, low + bend * size),
            (x + 0.16 * size, low - bend * size * 0.5),
        ],
        0.05 * size,
        EYE,
    )
