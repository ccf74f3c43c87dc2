"""Things that one carries or finds. Each is drawn upright on its base at (x, y)."""

import math

import numpy as np

from soundstage.film.painting.colours import darker, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, limb, path, points, smooth, stroke, turned
from soundstage.film.painting.things.materials import BRASS, CREAM, IRON, RED, WOOD


def letter(pen: Pen, x: float, y: float, s: float) -> None:
    sheet = turned(box(x - 0.48 * s, y - 0.66 * s, x + 0.48 * s, y - 0.02 * s), -6, (x, y))
    pen.fill(sheet, CREAM)
    flap = turned(path(x, y, s, "-0.48 0.66, 0.48 0.66, 0 0.28"), -6, (x, y))
    pen.fill(flap, darker(CREAM, 0.1), shade=0.1)
    for end in (-0.48, 0.48):
        pen.line(
            turned(points((x + end * s, y - 0.02 * s), (x + end * 0.16 * s, y - 0.36 * s)), -6, (x, y)),
            0.008 * s,
            darker(CREAM, 0.3),
        )
    pen.fill(turned(ellipse(x, y - 0.3 * s, 0.085 * s, 0.085 * s), -6, (x, y)), RED)


def book(pen: Pen, x: float, y: float, s: float) -> None:
    """Open."""
    pen.fill(path(x, y, s, "-0.56 0.3, 0 0.16, 0.56 0.3, 0.56 0, 0 -0.03, -0.56 0"), "#6a2f35")
    for side in (-1, 1):
        page = smooth(path(x, y, s, "0 0.17, 0.24 0.4, 0.53 0.34, 0.53 0.05, 0.25 0.1, 0 0", side), steps=5)
        pen.fill(page, CREAM if side > 0 else darker(CREAM, 0.07), shade=0.1)
        for k in range(4):
            t = 0.07 * k
            pen.line(
                [
                    (x + side * 0.09 * s, y - (0.19 - t * 0.62) * s),
                    (x + side * 0.27 * s, y - (0.31 - t) * s),
                    (x + side * 0.46 * s, y - (0.28 - t) * s),
                ],
                0.008 * s,
                darker(CREAM, 0.42),
                opacity=0.7,
            )


def key(pen: Pen, x: float, y: float, s: float) -> None:
    y += 0.04 * s
    pen.line([(x - 0.1 * s, y - 0.2 * s), (x + 0.52 * s, y - 0.2 * s)], 0.075 * s, BRASS)
    pen.line(ellipse(x - 0.27 * s, y - 0.2 * s, 0.15 * s, 0.15 * s), 0.07 * s, BRASS)
    for dx, long in ((0.34, 0.13), (0.44, 0.16)):
        pen.fill(
            box(x + (dx - 0.03) * s, y - 0.2 * s, x + (dx + 0.035) * s, y - 0.2 * s + long * s), darker(BRASS, 0.1)
        )


def umbrella(pen: Pen, x: float, y: float, s: float) -> None:
    pen.line([(x, y), (x, y - 0.9 * s)], 0.03 * s, WOOD)
    dome = np.vstack(
        [
            ellipse(x, y - 0.62 * s, 0.5 * s, 0.4 * s, start=180, end=360),
            *(
                ellipse(x + dx * s, y - 0.62 * s, 0.125 * s, 0.05 * s, start=0, end=-180)
                for dx in (0.375, 0.125, -0.125, -0.375)
            ),
        ]
    )
    pen.fill(dome, "#b8503f", shade=0.25)
    for dx in (-0.25, 0.0, 0.25):
        pen.line([(x + dx * s, y - 0.64 * s), (x, y - 1.02 * s)], 0.01 * s, "#7a2f26", opacity=0.7)


def staff(pen: Pen, x: float, y: float, s: float) -> None:
    pen.line(path(x, y, s, "-0.01 0, 0.02 0.5, 0 1"), [0.03 * s, 0.035 * s, 0.04 * s], WOOD)


def pipe(pen: Pen, x: float, y: float, s: float) -> None:
    """Of metal, hollow: grey, with a bright line along it."""
    steel = rgb("#8b939c")
    pen.fill(stroke(path(x, y, s, "-0.02 0.02, 0.02 0.97"), 0.075 * s, smoothed=False), steel, shade=0.3)
    pen.line(path(x, y, s, "-0.028 0.05, 0.008 0.93"), 0.014 * s, "#d4dae0", opacity=0.9)
    for at in (0.03, 0.95):
        pen.fill(ellipse(x + (at - 0.5) * 0.04 * s, y - at * s, 0.052 * s, 0.03 * s), darker(steel, 0.25), shade=0.1)
    pen.flat(ellipse(x + 0.018 * s, y - 0.955 * s, 0.032 * s, 0.017 * s), "#23262b")


def hammer(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(limb((x, y), (x, y - 0.8 * s), 0.05 * s, 0.045 * s), WOOD)
    pen.fill(box(x - 0.22 * s, y - 1.0 * s, x + 0.2 * s, y - 0.74 * s), IRON, shade=0.2)


def sword(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(path(x, y, s, "-0.03 0.2, -0.025 0.92, 0 1, 0.025 0.92, 0.03 0.2"), "#cfd6de", shade=0.4)
    pen.fill(box(x - 0.12 * s, y - 0.22 * s, x + 0.12 * s, y - 0.17 * s), BRASS)
    pen.fill(limb((x, y - 0.17 * s), (x, y - 0.02 * s), 0.025 * s, 0.03 * s), "#4a2c24")


def flower(pen: Pen, x: float, y: float, s: float) -> None:
    pen.line(path(x, y, s, "0 0, 0.03 0.35, 0 0.7"), 0.03 * s, "#5c8a48")
    pen.fill(smooth(path(x, y, s, "0.02 0.3, 0.2 0.46, 0.08 0.26")), "#6a9a50")
    for k in range(6):
        angle = k * math.pi / 3
        pen.fill(
            ellipse(
                x + 0.14 * s * math.cos(angle),
                y - 0.78 * s + 0.14 * s * math.sin(angle),
                0.12 * s,
                0.09 * s,
                turn=math.degrees(angle),
            ),
            "#e98aa0",
            shade=0.12,
        )
    pen.fill(ellipse(x, y - 0.78 * s, 0.09 * s, 0.09 * s), "#f3cf5a")


def balloon(pen: Pen, x: float, y: float, s: float) -> None:
    pen.line(path(x, y, s, "0 0, 0.05 0.25, 0 0.5"), 0.008 * s, "#ddd6c8")
    pen.fill(smooth(path(x, y, s, "0 0.5, -0.2 0.7, -0.17 0.95, 0 1.03, 0.17 0.95, 0.2 0.7")), RED, shade=0.25)
    pen.flat(ellipse(x - 0.07 * s, y - 0.88 * s, 0.035 * s, 0.06 * s, turn=20), "#ffffff", opacity=0.6)


def kite(pen: Pen, x: float, y: float, s: float) -> None:
    pen.line(path(x, y, s, "0 0, 0.2 0.3, 0.3 0.6"), 0.008 * s, "#ddd6c8")
    _sail_of_kite(pen, x + 0.36 * s, y - 0.82 * s, s)


def flown_kite(pen: Pen, hand: tuple[float, float], s: float, side: float) -> None:
    """In the wind, up and to one ``side`` (±1) of whoever holds its string."""
    cx, cy = hand[0] + side * 0.62 * s, hand[1] - 0.78 * s
    sagging = [hand, (hand[0] + side * 0.4 * s, hand[1] - 0.24 * s), (cx, cy + 0.05 * s)]
    pen.line(smooth(sagging, closed=False, steps=8), max(1.2, 0.009 * s), "#efe9dc")
    _sail_of_kite(pen, cx, cy, 0.8 * s)


def resting_kite(pen: Pen, x: float, y: float, s: float) -> None:
    """Without wind: its lower tip stands at (x, y)."""
    _sail_of_kite(pen, x, y - 0.28 * s, s, tail=False)


def _sail_of_kite(pen: Pen, cx: float, cy: float, s: float, *, tail: bool = True) -> None:
    pen.fill(
        points((cx, cy - 0.28 * s), (cx + 0.2 * s, cy), (cx, cy + 0.28 * s), (cx - 0.2 * s, cy)), "#d9603f", shade=0.3
    )
    pen.fill(points((cx, cy - 0.28 * s), (cx + 0.2 * s, cy), (cx, cy)), "#f0c45a", shade=0)
    if tail:
        ends = [(cx, cy + 0.28 * s), (cx - 0.1 * s, cy + 0.4 * s), (cx + 0.02 * s, cy + 0.52 * s)]
        pen.line(ends, 0.014 * s, "#f0c45a")


def rope(pen: Pen, x: float, y: float, s: float) -> None:
    for k in range(3):
        pen.line(
            ellipse(x, y - (0.1 + 0.09 * k) * s, (0.34 - 0.03 * k) * s, 0.12 * s),
            0.075 * s,
            mix(rgb("#c9a66b"), WOOD, 0.12 * k),
        )


def chart(pen: Pen, x: float, y: float, s: float) -> None:
    sheet = smooth(path(x, y, s, "-0.5 0.62, 0 0.68, 0.5 0.6, 0.52 0.02, 0 0.06, -0.52 0"), steps=3)
    pen.fill(sheet, "#e2c997", shade=0.1)
    pen.line(path(x, y, s, "-0.36 0.16, -0.16 0.4, 0.1 0.24, 0.3 0.46"), 0.018 * s, "#8a5a3a")
    for turn in (45, -45):
        pen.fill(
            turned(box(x + 0.24 * s, y - 0.48 * s, x + 0.38 * s, y - 0.45 * s), turn, (x + 0.31 * s, y - 0.465 * s)),
            RED,
            shade=0,
        )


def telescope(pen: Pen, x: float, y: float, s: float) -> None:
    """Of brass, in three draws, its large lens to the right."""
    for k, (a, b) in enumerate(((-0.5, -0.2), (-0.22, 0.14), (0.12, 0.5))):
        half = 0.055 + 0.028 * k
        tube = box(x + a * s, y - (0.3 + half) * s, x + b * s, y - (0.3 - half) * s)
        pen.fill(turned(tube, -20, (x, y - 0.3 * s)), mix(BRASS, rgb("#6a3f2a"), 0.75 if k == 1 else 0.05), shade=0.3)
        shine = box(x + (a + 0.02) * s, y - (0.3 + 0.55 * half) * s, x + (b - 0.02) * s, y - (0.3 + 0.3 * half) * s)
        pen.flat(turned(shine, -20, (x, y - 0.3 * s)), "#fff0c0", opacity=0.45)
        ring = box(x + (b - 0.05) * s, y - (0.3 + 1.18 * half) * s, x + b * s, y - (0.3 - 1.18 * half) * s)
        pen.fill(turned(ring, -20, (x, y - 0.3 * s)), darker(BRASS, 0.2), shade=0.3)
    lens = turned(ellipse(x + 0.5 * s, y - 0.3 * s, 0.03 * s, 0.115 * s), -20, (x, y - 0.3 * s))
    pen.fill(lens, "#bfe0ec", shade=0.2)


def standing_telescope(pen: Pen, x: float, y: float, s: float) -> None:
    """On three legs."""
    for dx in (-0.26, 0.02, 0.28):
        pen.line([(x, y - 0.62 * s), (x + dx * s, y)], [0.035 * s, 0.024 * s], WOOD)
    pen.fill(ellipse(x, y - 0.63 * s, 0.05 * s, 0.05 * s), IRON, shade=0.2)
    telescope(pen, x, y - 0.44 * s, 0.86 * s)


def feather(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(smooth(path(x, y, s, "-0.3 0, -0.12 0.42, 0.16 0.8, 0.34 1, 0.3 0.66, 0.08 0.26")), "#e6ebf0", shade=0.25)
    pen.line(path(x, y, s, "-0.36 -0.06, 0 0.42, 0.32 0.96"), [0.022 * s, 0.016 * s, 0.006 * s], "#a8a49a")


def violin(pen: Pen, x: float, y: float, s: float) -> None:
    body = smooth(path(x, y, s, "0 0, 0.26 0.1, 0.15 0.3, 0.21 0.5, 0 0.58, -0.21 0.5, -0.15 0.3, -0.26 0.1"))
    pen.fill(body, "#a8562c", shade=0.25)
    pen.fill(box(x - 0.03 * s, y - 1.0 * s, x + 0.03 * s, y - 0.3 * s), "#2e1d18", shade=0)
    for dx in (-0.012, 0.012):
        pen.line([(x + dx * s, y - 0.95 * s), (x + dx * s, y - 0.12 * s)], 0.006 * s, CREAM)


def egg(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(smooth(path(x, y, s, "0 0.8, 0.27 0.4, 0.22 0.06, 0 0, -0.22 0.06, -0.27 0.4")), CREAM, shade=0.25)


def stone(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(smooth(path(x, y, s, "-0.4 0, -0.34 0.3, -0.05 0.46, 0.28 0.36, 0.42 0")), "#8a8780", shade=0.3)


def shell(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(
        smooth(path(x, y, s, "-0.1 0, -0.42 0.34, -0.24 0.6, 0 0.66, 0.24 0.6, 0.42 0.34, 0.1 0")), "#eab9a0", shade=0.2
    )
    for dx in (-0.28, -0.14, 0, 0.14, 0.28):
        pen.line(
            [(x + dx * 0.3 * s, y - 0.04 * s), (x + dx * 1.1 * s, y - (0.6 - abs(dx) * 0.5) * s)], 0.014 * s, "#b07a66"
        )


def hat(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(smooth(path(x, y, s, "-0.28 0.1, -0.22 0.46, 0 0.54, 0.22 0.46, 0.28 0.1"), steps=5), "#6b5540")
    pen.fill(ellipse(x, y - 0.08 * s, 0.52 * s, 0.1 * s), "#5c4836")
    pen.line(path(x, y, s, "-0.27 0.16, 0 0.12, 0.27 0.16"), 0.06 * s, RED)


def phone(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.24 * s, y - 0.9 * s, x + 0.24 * s, y), "#22242a", shade=0.05)
    pen.shine(box(x - 0.2 * s, y - 0.82 * s, x + 0.2 * s, y - 0.1 * s), rgb("#cfe6ff"), opacity=0.9)
    pen.scene.glows.append((x, y - 0.45 * s, 1.2 * s))


def camera(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.42 * s, y - 0.52 * s, x + 0.42 * s, y), "#3a3a40", shade=0.08)
    pen.fill(box(x - 0.16 * s, y - 0.62 * s, x + 0.16 * s, y - 0.5 * s), "#55555c", shade=0.08)
    pen.fill(ellipse(x, y - 0.26 * s, 0.21 * s, 0.21 * s), "#8a8c94")
    pen.fill(ellipse(x, y - 0.26 * s, 0.14 * s, 0.14 * s), "#26334a", shade=0.3)


def tree(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(limb((x, y), (x, y - 0.45 * s), 0.04 * s, 0.025 * s), WOOD)
    for dx, dy, r in ((-0.16, 0.52, 0.2), (0.16, 0.54, 0.2), (0, 0.74, 0.24)):
        pen.fill(ellipse(x + dx * s, y - dy * s, r * s, r * 0.92 * s), pen.scene.colours.foliage, shade=0.3)
