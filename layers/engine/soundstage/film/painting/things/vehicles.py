"""Boats, carts and what else carries people. Each is drawn upright on its base at (x, y)."""

import math

from soundstage.film.painting.colours import darker, lighter, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, path, smooth
from soundstage.film.painting.things.materials import CREAM, IRON, RED, WOOD


def boat(pen: Pen, x: float, y: float, s: float) -> None:
    pen.line([(x + 0.02 * s, y - 0.1 * s), (x + 0.02 * s, y - 1.02 * s)], 0.03 * s, darker(WOOD, 0.2))
    pen.fill(smooth(path(x, y, s, "0.05 1, 0.28 0.66, 0.42 0.28, 0.05 0.24"), steps=4), CREAM, shade=0.2)
    pen.fill(
        smooth(path(x, y, s, "-0.02 0.92, -0.16 0.55, -0.3 0.28, -0.02 0.24"), steps=4), darker(CREAM, 0.12), shade=0.2
    )
    pen.fill(smooth(path(x, y, s, "-0.52 0.2, 0 0.16, 0.56 0.24, 0.4 0, -0.36 0"), steps=6), RED, shade=0.3)
    pen.line(path(x, y, s, "-0.5 0.18, 0 0.14, 0.54 0.22"), 0.03 * s, CREAM)


def rowboat(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(smooth(path(x, y, s, "-0.75 0.3, -0.3 0.19, 0.3 0.19, 0.8 0.34, 0.5 0, -0.5 0"), steps=6), WOOD, shade=0.3)
    pen.line(path(x, y, s, "-0.74 0.28, 0 0.16, 0.78 0.32"), 0.035 * s, lighter(WOOD, 0.25))
    pen.line([(x - 0.1 * s, y - 0.26 * s), (x + 0.35 * s, y + 0.1 * s)], [0.02 * s, 0.04 * s], lighter(WOOD, 0.3))


def ship(pen: Pen, x: float, y: float, s: float) -> None:
    for dx, tall in ((-0.28, 0.8), (0.05, 1.0), (0.36, 0.74)):
        pen.line([(x + dx * s, y - 0.15 * s), (x + dx * s, y - tall * s)], 0.022 * s, darker(WOOD, 0.25))
        for top, bottom, wide in ((0.94, 0.62, 0.13), (0.58, 0.3, 0.17)):
            pen.fill(
                smooth(
                    [
                        (x + (dx - wide * 0.8) * s, y - top * tall * s),
                        (x + (dx + wide * 0.8) * s, y - top * tall * s),
                        (x + (dx + wide * 1.15) * s, y - bottom * tall * s),
                        (x + (dx - wide * 0.7) * s, y - bottom * tall * s),
                    ],
                    steps=5,
                ),
                CREAM,
                shade=0.2,
            )
    pen.fill(
        smooth(path(x, y, s, "-0.62 0.3, -0.4 0.17, 0.4 0.17, 0.72 0.32, 0.5 0, -0.45 0"), steps=6),
        darker(WOOD, 0.15),
        shade=0.25,
    )


def train(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.5 * s, y - 0.5 * s, x + 0.5 * s, y - 0.14 * s), "#2f4a44", shade=0.1)
    pen.fill(box(x - 0.62 * s, y - 0.84 * s, x - 0.26 * s, y - 0.14 * s), "#2f4a44", shade=0.1)
    pen.fill(box(x - 0.66 * s, y - 0.9 * s, x - 0.22 * s, y - 0.82 * s), RED, shade=0.1)
    pen.shine(box(x - 0.54 * s, y - 0.74 * s, x - 0.36 * s, y - 0.54 * s), opacity=0.9)
    pen.fill(box(x + 0.28 * s, y - 0.8 * s, x + 0.4 * s, y - 0.5 * s), IRON)
    for dx, r in ((-0.44, 0.15), (-0.06, 0.15), (0.32, 0.12)):
        pen.fill(ellipse(x + dx * s, y - r * s, r * s, r * s), IRON)
        pen.fill(ellipse(x + dx * s, y - r * s, r * 0.4 * s, r * 0.4 * s), RED)
    for k in range(4):
        pen.flat(
            ellipse(x + (0.34 - 0.22 * k) * s, y - (0.95 + 0.1 * k) * s, (0.1 + 0.04 * k) * s, (0.07 + 0.03 * k) * s),
            "#ffffff",
            opacity=0.5 - 0.09 * k,
            soft=0.03 * s,
        )


def car(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(
        smooth(
            path(x, y, s, "-0.7 0.16, -0.66 0.42, -0.36 0.48, -0.18 0.72, 0.24 0.72, 0.42 0.46, 0.68 0.38, 0.7 0.16"),
            steps=4,
        ),
        "#5d83a0",
        shade=0.2,
    )
    pen.fill(smooth(path(x, y, s, "-0.26 0.48, -0.13 0.66, 0.2 0.66, 0.32 0.47"), steps=4), "#cfe0e4", shade=0.1)
    for dx in (-0.4, 0.42):
        pen.fill(ellipse(x + dx * s, y - 0.14 * s, 0.14 * s, 0.14 * s), "#26262c")
        pen.fill(ellipse(x + dx * s, y - 0.14 * s, 0.06 * s, 0.06 * s), "#b9bcc2")


def bicycle(pen: Pen, x: float, y: float, s: float) -> None:
    frame, tyre = rgb("#4f8a5b"), rgb("#2a2a30")
    rear, front, pedals = (x - 0.5 * s, y - 0.34 * s), (x + 0.52 * s, y - 0.34 * s), (x - 0.06 * s, y - 0.34 * s)
    saddle, bars = (x - 0.2 * s, y - 0.84 * s), (x + 0.36 * s, y - 0.92 * s)
    for hub in (rear, front):
        pen.line(ellipse(*hub, 0.32 * s, 0.32 * s), 0.05 * s, tyre)
        for k in range(4):
            a = k * math.pi / 4
            dx, dy = 0.3 * s * math.cos(a), 0.3 * s * math.sin(a)
            pen.line([(hub[0] - dx, hub[1] - dy), (hub[0] + dx, hub[1] + dy)], 0.012 * s, rgb("#b9bcc2"), opacity=0.8)
    for start, end in ((rear, pedals), (rear, saddle), (pedals, saddle), (pedals, bars), (saddle, bars), (bars, front)):
        pen.line([start, end], 0.05 * s, frame)
    pen.line([bars, (bars[0] - 0.04 * s, bars[1] - 0.1 * s), (bars[0] + 0.12 * s, bars[1] - 0.12 * s)], 0.04 * s, tyre)
    pen.fill(ellipse(saddle[0], saddle[1] - 0.03 * s, 0.14 * s, 0.05 * s), tyre)
    pen.fill(ellipse(*pedals, 0.07 * s, 0.07 * s), rgb("#b9bcc2"), shade=0.1)


def cart(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(path(x, y, s, "-0.6 0.56, 0.5 0.56, 0.42 0.26, -0.5 0.26"), WOOD)
    pen.line([(x + 0.42 * s, y - 0.36 * s), (x + 0.9 * s, y - 0.3 * s)], 0.04 * s, darker(WOOD, 0.1))
    pen.line(ellipse(x - 0.08 * s, y - 0.22 * s, 0.2 * s, 0.2 * s), 0.045 * s, darker(WOOD, 0.3))
    for k in range(3):
        a = k * math.pi / 3
        pen.line(
            [
                (x - 0.08 * s + 0.2 * s * math.cos(a), y - 0.22 * s + 0.2 * s * math.sin(a)),
                (x - 0.08 * s - 0.2 * s * math.cos(a), y - 0.22 * s - 0.2 * s * math.sin(a)),
            ],
            0.022 * s,
            darker(WOOD, 0.3),
        )


def sled(pen: Pen, x: float, y: float, s: float) -> None:
    """On runners that turn up in front, with the rope that it is pulled by."""
    for lift, shade in ((0.1, 0.3), (0.0, 0.12)):
        runner = path(x, y + (0.04 - lift) * s, s, "-0.95 0.02, 0.5 0.02, 0.9 0.16, 0.98 0.5, 0.8 0.6")
        pen.line(smooth(runner, closed=False, steps=6), 0.07 * s, darker(WOOD, shade))
    for at in (-0.55, 0.35):
        pen.line(path(x, y, s, f"{at} 0.06, {at} 0.5"), 0.08 * s, darker(WOOD, 0.2))
    pen.fill(path(x, y, s, "-0.95 0.66, 0.75 0.66, 0.75 0.5, -0.95 0.5"), WOOD)
    pen.line(smooth(path(x, y, s, "0.85 0.55, 1.15 0.2, 1.55 0.04"), closed=False, steps=5), 0.04 * s, "#c9a66b")


def rocket(pen: Pen, x: float, y: float, s: float) -> None:
    for side in (-1, 1):
        pen.fill(smooth(path(x, y, s, "0.12 0.42, 0.32 0.08, 0.12 0.14", side), steps=4), RED)
    pen.fill(smooth(path(x, y, s, "0 1.05, 0.17 0.7, 0.16 0.14, -0.16 0.14, -0.17 0.7"), steps=5), "#dfe4ea", shade=0.3)
    pen.fill(ellipse(x, y - 0.62 * s, 0.08 * s, 0.08 * s), "#4a7fa6")
    for dx in (-0.06, 0.06):
        pen.fill(path(x, y, s, f"{dx - 0.05} 0.15, {dx + 0.05} 0.15, {dx + 0.06} 0.06, {dx - 0.06} 0.06"), IRON)


def flying_rocket(pen: Pen, x: float, y: float, s: float) -> None:
    """With fire below it."""
    for wide, long, colour in ((0.15, 0.5, "#f0652f"), (0.1, 0.36, "#ffb14a"), (0.05, 0.2, "#fff0b4")):
        flame = path(
            x,
            y,
            s,
            f"{-wide} 0.1, 0 0.13, {wide} 0.1, {0.5 * wide} {-0.5 * long}, 0 {-long}, {-0.5 * wide} {-0.5 * long}",
        )
        pen.shine(smooth(flame, steps=5), rgb(colour), opacity=0.95)
    pen.scene.glows.append((x, y + 0.15 * s, 1.4 * s))
    rocket(pen, x, y, s)
