"""The moon, the sun, clouds, drops, leaves: somebody in some stories. Each is drawn upright on its base at (x, y)."""

import math

import numpy as np

from soundstage.film.painting.colours import darker, lighter, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import ellipse, limb, path, smooth, stroke

EARTH_SEA, EARTH_LAND = rgb("#3f7fb8"), rgb("#6f9a5c")
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


def earth(pen: Pen, x: float, y: float, s: float) -> None:
    """As from the Moon: seas, lands and whirls of cloud, its night on one side."""
    cx, cy, r = x, y - 0.5 * s, 0.5 * s
    disc = ellipse(cx, cy, r, r)
    pen.shine(ellipse(cx, cy, 1.06 * r, 1.06 * r), rgb("#9fd0f0"), opacity=0.35, soft=0.05 * r)
    kept = 0.35 if pen.scene.style == "ink_wash" else 1.0
    pen.sheet.fill(disc, EARTH_SEA, kept=kept)
    lands = (
        "-0.62 0.5, -0.2 0.72, 0.02 0.5, -0.16 0.3, -0.3 0.1, -0.5 0.2, -0.75 0.34",
        "-0.22 0.02, 0.04 -0.1, 0.0 -0.42, -0.14 -0.72, -0.26 -0.4",
        "0.3 0.62, 0.72 0.5, 0.95 0.1, 0.7 0, 0.6 -0.4, 0.42 -0.5, 0.32 -0.06, 0.2 0.2",
    )
    for land in lands:
        pen.sheet.fill(smooth(path(cx, cy, r, land), steps=6), EARTH_LAND, kept=kept, clip=disc)
    for line in ("-0.9 0.2, -0.3 0.34, 0.3 0.2, 0.9 0.32", "-0.8 -0.34, -0.2 -0.2, 0.4 -0.36, 0.8 -0.26",
                 "-0.4 -0.66, 0 -0.58, 0.5 -0.72", "-0.5 0.74, 0 0.82, 0.5 0.7"):  # fmt: skip
        cloud_ = stroke(path(cx, cy, r, line), [0.02 * r, *[0.13 * r] * (line.count(",") - 1), 0.02 * r])
        pen.sheet.fill(cloud_, rgb("#ffffff"), opacity=0.85, soft=0.02 * r, kept=kept, clip=disc)
    dx, dy = pen.scene.toward_light(cx, cy, 0.55 * r)
    pen.sheet.fill([disc, disc + np.array([dx, dy])], rgb("#0a1230"), opacity=0.72, soft=0.06 * r, kept=kept, clip=disc)


def palm(pen: Pen, x: float, y: float, s: float) -> None:
    """A ringed trunk that leans, fronds that hang, dates below them."""
    trunk = rgb("#8f6a44")
    spine = smooth(path(x, y, s, "0 0, 0.015 0.25, 0.05 0.5, 0.12 0.76"), closed=False, steps=6)
    pen.fill(stroke(spine, [0.085 * s, 0.06 * s, 0.05 * s, 0.042 * s], smoothed=False), trunk, shade=0.3)
    for k in range(2, len(spine) - 1, 2):
        cx, cy = spine[k]
        pen.line([(cx - 0.03 * s, cy), (cx, cy + 0.012 * s), (cx + 0.03 * s, cy)], 0.009 * s, darker(trunk, 0.35))
    top = (float(spine[-1][0]), float(spine[-1][1]))
    green = mix(rgb("#5f9a4c"), pen.scene.colours.foliage, 0.35)
    # Straight ahead ones last: they lie over those to the sides.
    for angle, reach in ((-178, 0.44), (-2, 0.44), (-150, 0.46), (-30, 0.46), (-205, 0.36), (25, 0.36), (-118, 0.36),
                         (-64, 0.36)):  # fmt: skip
        a = math.radians(angle)
        end = (top[0] + reach * s * math.cos(a), top[1] + 0.62 * reach * s * math.sin(a) + 0.17 * s)
        middle = (0.5 * (top[0] + end[0]), min(top[1], 0.5 * (top[1] + end[1])) - 0.085 * s)
        rib = smooth([top, middle, end], closed=False, steps=8)
        tone = darker(green, 0.22) if abs(math.cos(a)) > 0.95 else green
        pen.fill(stroke(rib, [0.02 * s, 0.07 * s, 0.075 * s, 0.012 * s], smoothed=False), tone, shade=0.25)
        for k in range(3, len(rib), 2):
            px, py = rib[k]
            drop = 0.085 * s * (1 - k / (1.6 * len(rib)))
            pen.line(
                [(px, py), (px + 0.35 * drop * math.cos(a), py + drop)], [0.022 * s, 0.004 * s], darker(tone, 0.12)
            )
        pen.line(rib, 0.007 * s, lighter(tone, 0.25), opacity=0.8)
    for dx, dy in ((-0.03, 0.03), (0.03, 0.035), (0.0, 0.055)):
        pen.fill(limb((top[0], top[1] + 0.01 * s), (top[0] + dx * s, top[1] + dy * s), 0.014 * s, 0.02 * s), "#8a4f2a")


_BANDS = ("#d8574a", "#e89a4a", "#f0d860", "#7fc078", "#5f9ad0", "#8a70c0")


def rainbow(pen: Pen, x: float, y: float, s: float) -> None:
    """Half a ring of light about (x, y); ``s``: its outer radius."""
    for k, tone in enumerate(_BANDS):
        outer, inner = (1 - 0.034 * k) * s, (1 - 0.034 * (k + 1.15)) * s
        arc = [ellipse(x, y, outer, outer, start=180, end=360), ellipse(x, y, inner, inner, start=360, end=180)]
        pen.sheet.fill(
            np.vstack(arc), rgb(tone), opacity=0.3 if pen.scene.style == "ink_wash" else 0.5, soft=0.008 * s, kept=0.9
        )
