"""Things of a house: furniture, dishes, food, boxes. Each is drawn upright on its base at (x, y)."""

import math

import numpy as np

from soundstage.film.painting.colours import darker, lighter, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, path, points, smooth, stroke
from soundstage.film.painting.things.materials import BRASS, CREAM, IRON, RED, WOOD


def door(pen: Pen, x: float, y: float, s: float) -> None:
    frame = np.vstack(
        [
            points((x - 0.33 * s, y), (x - 0.33 * s, y - 0.66 * s)),
            ellipse(x, y - 0.66 * s, 0.33 * s, 0.3 * s, start=180, end=360),
            points((x + 0.33 * s, y)),
        ]
    )
    pen.fill(frame, "#57453c", shade=0.05)
    inner = (frame - (x, y)) * (0.84, 0.93) + (x, y)
    pen.fill(inner, "#8a4b34", shade=0.06)
    for k in range(-2, 3):
        pen.line(
            [(x + k * 0.11 * s, y), (x + k * 0.11 * s, y - 0.88 * s + abs(k) * 0.035 * s)],
            0.008 * s,
            "#5c2f22",
            opacity=0.7,
        )
    for h in (0.22, 0.62):
        pen.line([(x - 0.27 * s, y - h * s), (x + 0.02 * s, y - h * s)], [0.03 * s, 0.014 * s], IRON)
    pen.fill(ellipse(x + 0.19 * s, y - 0.42 * s, 0.03 * s, 0.03 * s), BRASS)
    pen.shine(box(x - 0.28 * s, y - 0.012 * s, x + 0.28 * s, y), opacity=0.85)
    pen.scene.glows.append((x, y, 0.6 * s))


def window(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.4 * s, y - 1.0 * s, x + 0.4 * s, y), WOOD, shade=0.04)
    pen.shine(
        box(x - 0.34 * s, y - 0.94 * s, x + 0.34 * s, y - 0.06 * s), mix(pen.scene.colours.glow, rgb("#fff0c8"), 0.35)
    )
    for line in ([(x, y - 0.94 * s), (x, y - 0.06 * s)], [(x - 0.34 * s, y - 0.52 * s), (x + 0.34 * s, y - 0.52 * s)]):
        pen.line(line, 0.035 * s, darker(WOOD, 0.2))
    pen.fill(box(x - 0.46 * s, y - 0.02 * s, x + 0.46 * s, y + 0.05 * s), lighter(WOOD, 0.12))
    pen.scene.glows.append((x, y - 0.5 * s, 1.6 * s))


def cup(pen: Pen, x: float, y: float, s: float) -> None:
    pen.line(ellipse(x + 0.28 * s, y - 0.30 * s, 0.13 * s, 0.14 * s), 0.055 * s, CREAM)
    pen.fill(smooth(path(x, y, s, "-0.3 0.55, 0.3 0.55, 0.27 0.14, 0.13 0, -0.13 0, -0.27 0.14"), steps=5), CREAM)
    pen.fill(ellipse(x, y - 0.55 * s, 0.3 * s, 0.075 * s), darker(CREAM, 0.12))
    pen.flat(ellipse(x, y - 0.545 * s, 0.25 * s, 0.05 * s), "#6b3f22")
    pen.line(path(x, y, s, "-0.28 0.28, 0 0.24, 0.28 0.28"), 0.04 * s, "#5b86a8")
    for dx in (-0.1, 0.08):
        pen.flat(
            stroke(
                [
                    (x + dx * s, y - 0.62 * s),
                    (x + (dx + 0.06) * s, y - 0.74 * s),
                    (x + (dx - 0.03) * s, y - 0.86 * s),
                    (x + (dx + 0.03) * s, y - 0.98 * s),
                ],
                [0.04 * s, 0.05 * s, 0.04 * s, 0.01 * s],
            ),
            "#ffffff",
            opacity=0.35,
            soft=0.012 * s,
        )


def basket(pen: Pen, x: float, y: float, s: float) -> None:
    pen.line(ellipse(x, y - 0.42 * s, 0.3 * s, 0.42 * s, start=180, end=360), 0.04 * s, darker(WOOD, 0.05))
    for dx, colour in ((-0.16, "#c8483c"), (0.0, "#d98a3c"), (0.16, "#c8483c")):
        pen.fill(ellipse(x + dx * s, y - 0.44 * s, 0.12 * s, 0.11 * s), colour)
    pen.fill(smooth(path(x, y, s, "-0.38 0.42, 0.38 0.42, 0.28 0, -0.28 0"), steps=4), "#b0824a")
    for k in range(3):
        pen.line(
            [
                (x - 0.34 * s, y - (0.1 + 0.11 * k) * s),
                (x, y - (0.07 + 0.11 * k) * s),
                (x + 0.34 * s, y - (0.1 + 0.11 * k) * s),
            ],
            0.016 * s,
            "#7d5628",
            opacity=0.7,
        )


def carton(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.36 * s, y - 0.52 * s, x + 0.36 * s, y), "#a9714a", shade=0.12)
    pen.fill(box(x - 0.4 * s, y - 0.64 * s, x + 0.4 * s, y - 0.48 * s), "#b98257", shade=0.1)
    pen.fill(box(x - 0.05 * s, y - 0.64 * s, x + 0.05 * s, y), RED, shade=0)
    for side in (-1, 1):
        pen.fill(smooth(path(x, y, s, "0 0.64, 0.2 0.84, 0.24 0.68", side)), RED)


def chest(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.5 * s, y - 0.42 * s, x + 0.5 * s, y), WOOD, shade=0.1)
    pen.fill(
        np.vstack(
            [
                points((x - 0.52 * s, y - 0.40 * s)),
                ellipse(x, y - 0.42 * s, 0.52 * s, 0.34 * s, start=180, end=360),
                points((x + 0.52 * s, y - 0.40 * s)),
            ]
        ),
        lighter(WOOD, 0.08),
        shade=0.2,
    )
    for dx in (-0.34, 0.34):
        pen.flat(box(x + (dx - 0.04) * s, y - 0.7 * s, x + (dx + 0.04) * s, y), BRASS)
    pen.fill(box(x - 0.08 * s, y - 0.48 * s, x + 0.08 * s, y - 0.28 * s), BRASS)


def apple(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(
        smooth(path(x, y, s, "0 0.54, 0.24 0.6, 0.34 0.32, 0.16 0, 0 0.04, -0.16 0, -0.34 0.32, -0.24 0.6")),
        "#c8402f",
        shade=0.22,
    )
    pen.line([(x, y - 0.54 * s), (x + 0.04 * s, y - 0.74 * s)], 0.035 * s, WOOD)
    pen.fill(smooth(path(x, y, s, "0.03 0.64, 0.2 0.8, 0.24 0.66")), "#6a9a4a")


def bread(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(smooth(path(x, y, s, "-0.46 0.12, -0.34 0.4, 0.34 0.4, 0.46 0.12, 0 0")), "#c98d4c", shade=0.3)
    for dx in (-0.2, 0.0, 0.2):
        pen.line([(x + (dx - 0.05) * s, y - 0.2 * s), (x + (dx + 0.06) * s, y - 0.38 * s)], 0.035 * s, "#e8c48a")


def bowl(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(smooth(path(x, y, s, "-0.45 0.4, 0.45 0.4, 0.26 0.04, 0 0, -0.26 0.04"), steps=5), "#5b86a8", shade=0.25)
    pen.fill(ellipse(x, y - 0.4 * s, 0.45 * s, 0.09 * s), lighter(rgb("#5b86a8"), 0.3))
    pen.flat(ellipse(x, y - 0.4 * s, 0.38 * s, 0.06 * s), CREAM)


def clock(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(ellipse(x, y - 0.5 * s, 0.44 * s, 0.44 * s), BRASS)
    pen.fill(ellipse(x, y - 0.5 * s, 0.36 * s, 0.36 * s), CREAM, shade=0.06)
    for k in range(12):
        a = k * math.pi / 6
        pen.flat(ellipse(x + 0.3 * s * math.cos(a), y - 0.5 * s + 0.3 * s * math.sin(a), 0.016 * s, 0.016 * s), IRON)
    for a, long in ((-2.2, 0.2), (-0.5, 0.27)):
        pen.line(
            [(x, y - 0.5 * s), (x + long * s * math.cos(a), y - 0.5 * s + long * s * math.sin(a))], 0.025 * s, IRON
        )


def bottle(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(
        smooth(
            path(x, y, s, "-0.06 0.95, 0.06 0.95, 0.07 0.66, 0.19 0.5, 0.19 0, -0.19 0, -0.19 0.5, -0.07 0.66"), steps=3
        ),
        "#5f8f7a",
        shade=0.25,
    )
    pen.fill(box(x - 0.05 * s, y - 1.02 * s, x + 0.05 * s, y - 0.92 * s), "#b78a5a")
    pen.flat(box(x - 0.12 * s, y - 0.42 * s, x + 0.12 * s, y - 0.12 * s), CREAM)


def photo(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.36 * s, y - 0.84 * s, x + 0.36 * s, y), CREAM, shade=0.03)
    pen.flat(box(x - 0.3 * s, y - 0.78 * s, x + 0.3 * s, y - 0.18 * s), "#8fb0b8")
    for dx, h in ((-0.1, 0.34), (0.1, 0.28)):
        pen.flat(
            smooth(
                [
                    (x + (dx - 0.1) * s, y - 0.18 * s),
                    (x + dx * s, y - (0.18 + h * 0.75) * s),
                    (x + (dx + 0.1) * s, y - 0.18 * s),
                ]
            ),
            "#5a4a48",
        )
        pen.flat(ellipse(x + dx * s, y - (0.24 + h * 0.85) * s, 0.06 * s, 0.065 * s), "#e2b48f")


def piano(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.6 * s, y - 0.9 * s, x + 0.6 * s, y - 0.06 * s), "#3b2a26", shade=0.05)
    pen.fill(box(x - 0.66 * s, y - 0.46 * s, x + 0.66 * s, y - 0.38 * s), CREAM, shade=0.2)
    for k in range(14):
        pen.flat(box(x + (-0.6 + 0.088 * k) * s, y - 0.46 * s, x + (-0.565 + 0.088 * k) * s, y - 0.415 * s), "#1a1614")
    for dx in (-0.56, 0.5):
        pen.fill(box(x + dx * s, y - 0.4 * s, x + (dx + 0.07) * s, y), "#2c1f1c")


def bench(pen: Pen, x: float, y: float, s: float) -> None:
    for dy in (0.42, 0.6, 0.78):
        pen.fill(box(x - 0.6 * s, y - dy * s, x + 0.6 * s, y - (dy - 0.09) * s), WOOD, shade=0.2)
    for dx in (-0.5, 0.44):
        pen.fill(box(x + dx * s, y - 0.78 * s, x + (dx + 0.06) * s, y), IRON)


def chair(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.22 * s, y - 1.0 * s, x - 0.16 * s, y), WOOD)
    pen.fill(box(x - 0.22 * s, y - 0.5 * s, x + 0.26 * s, y - 0.42 * s), lighter(WOOD, 0.1))
    pen.fill(box(x + 0.2 * s, y - 0.44 * s, x + 0.26 * s, y), WOOD)
    for h in (0.9, 0.72):
        pen.fill(box(x - 0.2 * s, y - h * s, x + 0.16 * s, y - (h - 0.08) * s), lighter(WOOD, 0.06))


def table(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.8 * s, y - 0.78 * s, x + 0.8 * s, y - 0.68 * s), lighter(WOOD, 0.08), shade=0.3)
    for dx in (-0.7, 0.62):
        pen.fill(box(x + dx * s, y - 0.7 * s, x + (dx + 0.08) * s, y), WOOD)


def bell(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(
        smooth(path(x, y, s, "0 0.84, 0.2 0.66, 0.24 0.26, 0.4 0.1, -0.4 0.1, -0.24 0.26, -0.2 0.66")),
        BRASS,
        shade=0.25,
    )
    pen.fill(ellipse(x, y - 0.06 * s, 0.07 * s, 0.07 * s), IRON)


def noodles(pen: Pen, x: float, y: float, s: float) -> None:
    """A bowl of them with an egg, chopsticks across, steaming."""
    china = rgb("#e8e2d6")
    pen.fill(
        smooth(path(x, y, s, "-0.47 0.42, 0.47 0.42, 0.3 0.1, 0.16 0, -0.16 0, -0.3 0.1"), steps=5), china, shade=0.25
    )
    pen.line(path(x, y, s, "-0.41 0.3, 0 0.25, 0.41 0.3"), 0.045 * s, "#3f6a9a")
    pen.fill(ellipse(x, y - 0.42 * s, 0.47 * s, 0.11 * s), lighter(china, 0.3), shade=0.1)
    soup = ellipse(x, y - 0.42 * s, 0.41 * s, 0.085 * s)
    pen.flat(soup, "#b8743a")
    for k in range(6):
        dx = -0.3 + 0.1 * k
        curl = [(x + (dx - 0.08) * s, y - 0.41 * s), (x + dx * s, y - (0.47 + 0.03 * (k % 2)) * s),
                (x + (dx + 0.1) * s, y - 0.4 * s)]  # fmt: skip
        pen.line(curl, 0.03 * s, "#f2dca0" if k % 2 else "#e8c983")
    pen.fill(ellipse(x + 0.2 * s, y - 0.44 * s, 0.1 * s, 0.055 * s), "#f6f0e4", shade=0.1)
    pen.flat(ellipse(x + 0.2 * s, y - 0.445 * s, 0.05 * s, 0.03 * s), "#f0a83a")
    for k in range(3):
        pen.flat(ellipse(x + (-0.2 + 0.09 * k) * s, y - (0.43 + 0.02 * (k % 2)) * s, 0.03 * s, 0.016 * s), "#5f9a4c")
    for dy in (0.0, 0.05):
        pen.line(
            [(x - 0.55 * s, y - (0.44 + dy) * s), (x + 0.5 * s, y - (0.6 + dy) * s)], 0.026 * s, darker(WOOD, 0.05)
        )
    _steam(pen, x, y - 0.52 * s, 0.5 * s)


def _steam(pen: Pen, x: float, y: float, s: float) -> None:
    for dx, lean in ((-0.22, 0.12), (0.16, -0.1)):
        line = [(x + dx * s, y), (x + (dx + lean) * s, y - 0.33 * s), (x + (dx - lean) * s, y - 0.68 * s),
                (x + (dx + lean) * s, y - s)]  # fmt: skip
        pen.shine(stroke(line, [0.06 * s, 0.11 * s, 0.1 * s, 0.02 * s]), rgb("#f4f2ee"), opacity=0.36, soft=0.03 * s)


def cake(pen: Pen, x: float, y: float, s: float) -> None:
    """Of two tiers, iced, with cherries and candles that burn."""
    icing, sponge = rgb("#f6ead8"), rgb("#e8a0a8")
    pen.fill(ellipse(x, y - 0.03 * s, 0.56 * s, 0.05 * s), "#cfd6dc", shade=0.1)
    for wide, low, high in ((0.46, 0.05, 0.34), (0.31, 0.34, 0.58)):
        body = np.vstack([points((x - wide * s, y - high * s), (x - wide * s, y - low * s)),
                          ellipse(x, y - low * s, wide * s, 0.05 * s, start=180, end=0),
                          points((x + wide * s, y - high * s))])  # fmt: skip
        pen.fill(body, sponge, shade=0.2)
        drips = [(x - wide * s, y - high * s)]
        count = round(wide * 20)
        for k in range(count + 1):
            at = x + wide * s * (2 * k / count - 1)
            drips.append((at, y - (high - (0.11 if k % 2 else 0.04)) * s))
        drips.append((x + wide * s, y - high * s))
        pen.fill(smooth(drips, steps=4), icing, shade=0.1)
        pen.fill(ellipse(x, y - high * s, wide * s, 0.055 * s), lighter(icing, 0.35), shade=0.05)
    for k in range(5):
        pen.fill(ellipse(x + (-0.38 + 0.19 * k) * s, y - (0.355 - 0.02 * (k % 2 == 0)) * s, 0.035 * s, 0.035 * s), RED)
    for k, tone in enumerate(("#6fa8d0", "#e8c04a", "#8fc07a", "#d07ab0")):
        cx = x + (-0.2 + 0.133 * k) * s
        pen.fill(box(cx - 0.016 * s, y - 0.78 * s, cx + 0.016 * s, y - 0.59 * s), rgb(tone), shade=0.2)
        flame = path(cx, y, s, "0 0.92, 0.03 0.83, 0 0.78, -0.03 0.83")
        pen.shine(smooth(flame, steps=4), rgb("#ffd27a"))
        pen.scene.glows.append((cx, y - 0.84 * s, 0.5 * s))
