"""The moon, the sun, clouds, drops, leaves: somebody in some stories. Each is drawn upright on its base at (x, y)."""

import math

from soundstage.film.painting.colours import darker, lighter, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import ellipse, path, smooth

MOON, SUN, WATER, LEAF = rgb("#fff1c2"), rgb("#ffc94a"), rgb("#7fb8de"), rgb("#7fa650")


def moon(pen: Pen, x: float, y: float, s: float) -> None:
    pen.shine(ellipse(x, y - 0.5 * s, 0.5 * s, 0.5 * s), MOON)
    for dx, dy, r in ((-0.24, 0.72, 0.08), (0.27, 0.28, 0.07), (0.2, 0.8, 0.05), (-0.3, 0.3, 0.05)):
        pen.shine(ellipse(x + dx * s, y - dy * s, r * s, r * s), darker(MOON, 0.1), opacity=0.8)
    pen.scene.glows.append((x, y - 0.5 * s, 1.6 * s))


def sun(pen: Pen, x: float, y: float, s: float) -> None:
    for k in range(12):
        a = k * math.pi / 6
        ray = [(0.36, -0.09), (0.5, 0.0), (0.36, 0.09)]
        shape = [
            (x + s * (r * math.cos(a) - t * math.sin(a)), y - 0.5 * s + s * (r * math.sin(a) + t * math.cos(a)))
            for r, t in ray
        ]
        pen.shine(smooth(shape, steps=3), lighter(SUN, 0.2))
    pen.shine(ellipse(x, y - 0.5 * s, 0.37 * s, 0.37 * s), SUN)
    pen.scene.glows.append((x, y - 0.5 * s, 1.4 * s))


def cloud(pen: Pen, x: float, y: float, s: float) -> None:
    white = mix(rgb("#f4f6f8"), pen.scene.colours.shade, 0.12)
    for dx, dy, rx, ry in (
        (-0.42, 0.3, 0.3, 0.26),
        (0.44, 0.28, 0.28, 0.24),
        (-0.1, 0.52, 0.4, 0.4),
        (0.22, 0.4, 0.34, 0.32),
    ):
        pen.fill(ellipse(x + dx * s, y - dy * s, rx * s, ry * s), white, shade=0.1)
    pen.flat(ellipse(x, y - 0.3 * s, 0.5 * s, 0.24 * s), white)


def drop(pen: Pen, x: float, y: float, s: float) -> None:
    shape = smooth(path(x, y, s, "0 1, 0.2 0.66, 0.36 0.36, 0.25 0.06, 0 0, -0.25 0.06, -0.36 0.36, -0.2 0.66"))
    pen.shine(shape, mix(WATER, pen.scene.colours.light, 0.12))
    pen.shine(ellipse(x - 0.17 * s, y - 0.5 * s, 0.05 * s, 0.13 * s, turn=20), rgb("#ffffff"), opacity=0.8)


def leaf(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(
        smooth(path(x, y, s, "0 1, 0.34 0.72, 0.38 0.4, 0.06 0.1, -0.06 0.1, -0.38 0.4, -0.34 0.72")), LEAF, shade=0.2
    )
    pen.line([(x, y - 0.94 * s), (x, y)], [0.012 * s, 0.035 * s], darker(LEAF, 0.3))


def snowflake(pen: Pen, x: float, y: float, s: float) -> None:
    white = rgb("#f2f7ff")
    for k in range(6):
        a = k * math.pi / 3 + math.pi / 6
        tip = (x + 0.48 * s * math.cos(a), y - 0.5 * s + 0.48 * s * math.sin(a))
        pen.shine(ellipse(*tip, 0.06 * s, 0.06 * s), white)
        pen.line([(x, y - 0.5 * s), tip], 0.055 * s, white)
    pen.shine(ellipse(x, y - 0.5 * s, 0.26 * s, 0.26 * s), white)


def seed(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(smooth(path(x, y, s, "0 0.72, 0.3 0.5, 0.3 0.2, 0 0, -0.3 0.2, -0.3 0.5")), "#a9763f", shade=0.2)
    pen.line([(x, y - 0.68 * s), (x + 0.03 * s, y - 0.9 * s)], 0.05 * s, LEAF)
    for side in (-1, 1):
        pen.fill(smooth(path(x, y, s, "0.03 0.84, 0.2 1.0, 0.26 0.86", side), steps=4), LEAF, shade=0.1)
