"""Things: what is held, stands about, or fills a picture by itself. Each is drawn upright on its base at (x, y)."""

import math
from collections.abc import Callable

import numpy as np

from soundstage.film.painting.colours import Colour, darker, lighter, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, limb, path, points, smooth, stroke, turned

Point = tuple[float, float]
Drawing = Callable[[Pen, float, float, float], None]
WOOD, IRON, BRASS, CREAM, RED = rgb("#7a5236"), rgb("#3c4048"), rgb("#c79a45"), rgb("#f0e4c8"), rgb("#b5443a")


def _lantern(pen: Pen, x: float, y: float, s: float) -> None:
    pen.line(ellipse(x, y - 0.80 * s, 0.15 * s, 0.18 * s, start=180, end=360), 0.028 * s, IRON)
    pen.fill(smooth(path(x, y, s, "-0.21 0.72, 0 0.92, 0.21 0.72, 0 0.69"), steps=5), IRON)
    pen.shine(
        box(x - 0.165 * s, y - 0.71 * s, x + 0.165 * s, y - 0.12 * s), mix(pen.scene.colours.glow, rgb("#ff9d3a"), 0.3)
    )
    pen.shine(ellipse(x, y - 0.38 * s, 0.10 * s, 0.2 * s), rgb("#fff3c4"), soft=0.03 * s)
    pen.shine(smooth(path(x, y, s, "0 0.6, 0.06 0.36, 0 0.24, -0.06 0.36")), rgb("#ffffff"))
    for dx in (-0.17, -0.055, 0.055, 0.17):
        pen.flat(
            box(x + (dx - 0.014) * s, y - 0.72 * s, x + (dx + 0.014) * s, y - 0.11 * s),
            IRON,
            opacity=1.0 if abs(dx) > 0.1 else 0.75,
        )
    pen.fill(smooth(path(x, y, s, "-0.2 0.13, 0.2 0.13, 0.23 0, -0.23 0"), steps=3), IRON)
    pen.scene.glows.append((x, y - 0.4 * s, 2.6 * s))


def _lamp(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(ellipse(x, y - 0.04 * s, 0.24 * s, 0.06 * s), BRASS)
    pen.fill(limb((x, y - 0.05 * s), (x, y - 0.52 * s), 0.035 * s, 0.022 * s), BRASS)
    pen.shine(
        smooth(path(x, y, s, "-0.17 0.95, 0.17 0.95, 0.36 0.5, -0.36 0.5"), steps=4),
        mix(pen.scene.colours.glow, rgb("#ffe9b8"), 0.4),
    )
    pen.shine(ellipse(x, y - 0.56 * s, 0.24 * s, 0.13 * s), rgb("#fff6d8"), opacity=0.7, soft=0.05 * s)
    pen.scene.glows.append((x, y - 0.66 * s, 3.0 * s))


def _candle(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(ellipse(x, y - 0.04 * s, 0.26 * s, 0.07 * s), BRASS)
    pen.fill(box(x - 0.075 * s, y - 0.55 * s, x + 0.075 * s, y - 0.05 * s), CREAM)
    pen.shine(smooth(path(x, y, s, "0 0.92, 0.075 0.68, 0 0.56, -0.075 0.68")), rgb("#ffd27a"))
    pen.shine(smooth(path(x, y, s, "0 0.8, 0.035 0.66, 0 0.6, -0.035 0.66")), rgb("#fffbe8"))
    pen.scene.glows.append((x, y - 0.7 * s, 2.6 * s))


def _torch(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(limb((x, y), (x + 0.05 * s, y - 0.62 * s), 0.035 * s, 0.06 * s), WOOD)
    pen.shine(smooth(path(x, y, s, "0.05 1.05, 0.19 0.76, 0.06 0.58, -0.09 0.74")), rgb("#ff9a3c"))
    pen.shine(smooth(path(x, y, s, "0.06 0.9, 0.12 0.73, 0.05 0.64, -0.02 0.73")), rgb("#fff0b0"))
    pen.scene.glows.append((x + 0.05 * s, y - 0.75 * s, 3.0 * s))


def _letter(pen: Pen, x: float, y: float, s: float) -> None:
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


def _book(pen: Pen, x: float, y: float, s: float) -> None:
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


def _door(pen: Pen, x: float, y: float, s: float) -> None:
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


def _window(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.4 * s, y - 1.0 * s, x + 0.4 * s, y), WOOD, shade=0.04)
    pen.shine(
        box(x - 0.34 * s, y - 0.94 * s, x + 0.34 * s, y - 0.06 * s), mix(pen.scene.colours.glow, rgb("#fff0c8"), 0.35)
    )
    for line in ([(x, y - 0.94 * s), (x, y - 0.06 * s)], [(x - 0.34 * s, y - 0.52 * s), (x + 0.34 * s, y - 0.52 * s)]):
        pen.line(line, 0.035 * s, darker(WOOD, 0.2))
    pen.fill(box(x - 0.46 * s, y - 0.02 * s, x + 0.46 * s, y + 0.05 * s), lighter(WOOD, 0.12))
    pen.scene.glows.append((x, y - 0.5 * s, 1.6 * s))


def _cup(pen: Pen, x: float, y: float, s: float) -> None:
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


def _key(pen: Pen, x: float, y: float, s: float) -> None:
    y += 0.04 * s
    pen.line([(x - 0.1 * s, y - 0.2 * s), (x + 0.52 * s, y - 0.2 * s)], 0.075 * s, BRASS)
    pen.line(ellipse(x - 0.27 * s, y - 0.2 * s, 0.15 * s, 0.15 * s), 0.07 * s, BRASS)
    for dx, long in ((0.34, 0.13), (0.44, 0.16)):
        pen.fill(
            box(x + (dx - 0.03) * s, y - 0.2 * s, x + (dx + 0.035) * s, y - 0.2 * s + long * s), darker(BRASS, 0.1)
        )


def _boat(pen: Pen, x: float, y: float, s: float) -> None:
    pen.line([(x + 0.02 * s, y - 0.1 * s), (x + 0.02 * s, y - 1.02 * s)], 0.03 * s, darker(WOOD, 0.2))
    pen.fill(smooth(path(x, y, s, "0.05 1, 0.28 0.66, 0.42 0.28, 0.05 0.24"), steps=4), CREAM, shade=0.2)
    pen.fill(
        smooth(path(x, y, s, "-0.02 0.92, -0.16 0.55, -0.3 0.28, -0.02 0.24"), steps=4), darker(CREAM, 0.12), shade=0.2
    )
    pen.fill(smooth(path(x, y, s, "-0.52 0.2, 0 0.16, 0.56 0.24, 0.4 0, -0.36 0"), steps=6), RED, shade=0.3)
    pen.line(path(x, y, s, "-0.5 0.18, 0 0.14, 0.54 0.22"), 0.03 * s, CREAM)


def _rowboat(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(smooth(path(x, y, s, "-0.75 0.3, -0.3 0.19, 0.3 0.19, 0.8 0.34, 0.5 0, -0.5 0"), steps=6), WOOD, shade=0.3)
    pen.line(path(x, y, s, "-0.74 0.28, 0 0.16, 0.78 0.32"), 0.035 * s, lighter(WOOD, 0.25))
    pen.line([(x - 0.1 * s, y - 0.26 * s), (x + 0.35 * s, y + 0.1 * s)], [0.02 * s, 0.04 * s], lighter(WOOD, 0.3))


def _ship(pen: Pen, x: float, y: float, s: float) -> None:
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


def _umbrella(pen: Pen, x: float, y: float, s: float) -> None:
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


def _staff(pen: Pen, x: float, y: float, s: float) -> None:
    pen.line(path(x, y, s, "-0.01 0, 0.02 0.5, 0 1"), [0.03 * s, 0.035 * s, 0.04 * s], WOOD)


def _sword(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(path(x, y, s, "-0.03 0.2, -0.025 0.92, 0 1, 0.025 0.92, 0.03 0.2"), "#cfd6de", shade=0.4)
    pen.fill(box(x - 0.12 * s, y - 0.22 * s, x + 0.12 * s, y - 0.17 * s), BRASS)
    pen.fill(limb((x, y - 0.17 * s), (x, y - 0.02 * s), 0.025 * s, 0.03 * s), "#4a2c24")


def _flower(pen: Pen, x: float, y: float, s: float) -> None:
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


def _basket(pen: Pen, x: float, y: float, s: float) -> None:
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


def _balloon(pen: Pen, x: float, y: float, s: float) -> None:
    pen.line(path(x, y, s, "0 0, 0.05 0.25, 0 0.5"), 0.008 * s, "#ddd6c8")
    pen.fill(smooth(path(x, y, s, "0 0.5, -0.2 0.7, -0.17 0.95, 0 1.03, 0.17 0.95, 0.2 0.7")), RED, shade=0.25)
    pen.flat(ellipse(x - 0.07 * s, y - 0.88 * s, 0.035 * s, 0.06 * s, turn=20), "#ffffff", opacity=0.6)


def _kite(pen: Pen, x: float, y: float, s: float) -> None:
    pen.line(path(x, y, s, "0 0, 0.2 0.3, 0.3 0.6"), 0.008 * s, "#ddd6c8")
    cx, cy = x + 0.36 * s, y - 0.82 * s
    pen.fill(
        points((cx, cy - 0.28 * s), (cx + 0.2 * s, cy), (cx, cy + 0.28 * s), (cx - 0.2 * s, cy)), "#d9603f", shade=0.3
    )
    pen.fill(points((cx, cy - 0.28 * s), (cx + 0.2 * s, cy), (cx, cy)), "#f0c45a", shade=0)
    pen.line([(cx, cy + 0.28 * s), (cx - 0.1 * s, cy + 0.4 * s), (cx + 0.02 * s, cy + 0.52 * s)], 0.014 * s, "#f0c45a")


def _box(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.36 * s, y - 0.52 * s, x + 0.36 * s, y), "#a9714a", shade=0.12)
    pen.fill(box(x - 0.4 * s, y - 0.64 * s, x + 0.4 * s, y - 0.48 * s), "#b98257", shade=0.1)
    pen.fill(box(x - 0.05 * s, y - 0.64 * s, x + 0.05 * s, y), RED, shade=0)
    for side in (-1, 1):
        pen.fill(smooth(path(x, y, s, "0 0.64, 0.2 0.84, 0.24 0.68", side)), RED)


def _chest(pen: Pen, x: float, y: float, s: float) -> None:
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


def _rope(pen: Pen, x: float, y: float, s: float) -> None:
    for k in range(3):
        pen.line(
            ellipse(x, y - (0.1 + 0.09 * k) * s, (0.34 - 0.03 * k) * s, 0.12 * s),
            0.075 * s,
            mix(rgb("#c9a66b"), WOOD, 0.12 * k),
        )


def _map(pen: Pen, x: float, y: float, s: float) -> None:
    sheet = smooth(path(x, y, s, "-0.5 0.62, 0 0.68, 0.5 0.6, 0.52 0.02, 0 0.06, -0.52 0"), steps=3)
    pen.fill(sheet, "#e2c997", shade=0.1)
    pen.line(path(x, y, s, "-0.36 0.16, -0.16 0.4, 0.1 0.24, 0.3 0.46"), 0.018 * s, "#8a5a3a")
    for turn in (45, -45):
        pen.fill(
            turned(box(x + 0.24 * s, y - 0.48 * s, x + 0.38 * s, y - 0.45 * s), turn, (x + 0.31 * s, y - 0.465 * s)),
            RED,
            shade=0,
        )


def _telescope(pen: Pen, x: float, y: float, s: float) -> None:
    for k, (a, b) in enumerate(((-0.4, -0.05), (-0.1, 0.2), (0.15, 0.45))):
        pen.fill(
            turned(
                box(x + a * s, y - (0.34 + 0.03 * k) * s, x + b * s, y - (0.2 - 0.03 * k) * s), -18, (x, y - 0.27 * s)
            ),
            mix(BRASS, IRON, 0.5 if k == 1 else 0.1),
        )


def _apple(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(
        smooth(path(x, y, s, "0 0.54, 0.24 0.6, 0.34 0.32, 0.16 0, 0 0.04, -0.16 0, -0.34 0.32, -0.24 0.6")),
        "#c8402f",
        shade=0.22,
    )
    pen.line([(x, y - 0.54 * s), (x + 0.04 * s, y - 0.74 * s)], 0.035 * s, WOOD)
    pen.fill(smooth(path(x, y, s, "0.03 0.64, 0.2 0.8, 0.24 0.66")), "#6a9a4a")


def _bread(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(smooth(path(x, y, s, "-0.46 0.12, -0.34 0.4, 0.34 0.4, 0.46 0.12, 0 0")), "#c98d4c", shade=0.3)
    for dx in (-0.2, 0.0, 0.2):
        pen.line([(x + (dx - 0.05) * s, y - 0.2 * s), (x + (dx + 0.06) * s, y - 0.38 * s)], 0.035 * s, "#e8c48a")


def _bowl(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(smooth(path(x, y, s, "-0.45 0.4, 0.45 0.4, 0.26 0.04, 0 0, -0.26 0.04"), steps=5), "#5b86a8", shade=0.25)
    pen.fill(ellipse(x, y - 0.4 * s, 0.45 * s, 0.09 * s), lighter(rgb("#5b86a8"), 0.3))
    pen.flat(ellipse(x, y - 0.4 * s, 0.38 * s, 0.06 * s), CREAM)


def _clock(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(ellipse(x, y - 0.5 * s, 0.44 * s, 0.44 * s), BRASS)
    pen.fill(ellipse(x, y - 0.5 * s, 0.36 * s, 0.36 * s), CREAM, shade=0.06)
    for k in range(12):
        a = k * math.pi / 6
        pen.flat(ellipse(x + 0.3 * s * math.cos(a), y - 0.5 * s + 0.3 * s * math.sin(a), 0.016 * s, 0.016 * s), IRON)
    for a, long in ((-2.2, 0.2), (-0.5, 0.27)):
        pen.line(
            [(x, y - 0.5 * s), (x + long * s * math.cos(a), y - 0.5 * s + long * s * math.sin(a))], 0.025 * s, IRON
        )


def _star(pen: Pen, x: float, y: float, s: float) -> None:
    angles = np.arange(10) * math.pi / 5 - math.pi / 2
    reach = np.where(np.arange(10) % 2 == 0, 0.46, 0.2) * s
    pen.shine(
        smooth(np.column_stack([x + reach * np.cos(angles), y - 0.5 * s + reach * np.sin(angles)]), steps=3),
        mix(pen.scene.colours.glow, rgb("#fff3b0"), 0.5),
    )
    pen.scene.glows.append((x, y - 0.5 * s, 2.4 * s))


def _feather(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(smooth(path(x, y, s, "-0.3 0, -0.12 0.42, 0.16 0.8, 0.34 1, 0.3 0.66, 0.08 0.26")), "#e6ebf0", shade=0.25)
    pen.line(path(x, y, s, "-0.36 -0.06, 0 0.42, 0.32 0.96"), [0.022 * s, 0.016 * s, 0.006 * s], "#a8a49a")


def _violin(pen: Pen, x: float, y: float, s: float) -> None:
    body = smooth(path(x, y, s, "0 0, 0.26 0.1, 0.15 0.3, 0.21 0.5, 0 0.58, -0.21 0.5, -0.15 0.3, -0.26 0.1"))
    pen.fill(body, "#a8562c", shade=0.25)
    pen.fill(box(x - 0.03 * s, y - 1.0 * s, x + 0.03 * s, y - 0.3 * s), "#2e1d18", shade=0)
    for dx in (-0.012, 0.012):
        pen.line([(x + dx * s, y - 0.95 * s), (x + dx * s, y - 0.12 * s)], 0.006 * s, CREAM)


def _egg(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(smooth(path(x, y, s, "0 0.8, 0.27 0.4, 0.22 0.06, 0 0, -0.22 0.06, -0.27 0.4")), CREAM, shade=0.25)


def _stone(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(smooth(path(x, y, s, "-0.4 0, -0.34 0.3, -0.05 0.46, 0.28 0.36, 0.42 0")), "#8a8780", shade=0.3)


def _shell(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(
        smooth(path(x, y, s, "-0.1 0, -0.42 0.34, -0.24 0.6, 0 0.66, 0.24 0.6, 0.42 0.34, 0.1 0")), "#eab9a0", shade=0.2
    )
    for dx in (-0.28, -0.14, 0, 0.14, 0.28):
        pen.line(
            [(x + dx * 0.3 * s, y - 0.04 * s), (x + dx * 1.1 * s, y - (0.6 - abs(dx) * 0.5) * s)], 0.014 * s, "#b07a66"
        )


def _bottle(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(
        smooth(
            path(x, y, s, "-0.06 0.95, 0.06 0.95, 0.07 0.66, 0.19 0.5, 0.19 0, -0.19 0, -0.19 0.5, -0.07 0.66"), steps=3
        ),
        "#5f8f7a",
        shade=0.25,
    )
    pen.fill(box(x - 0.05 * s, y - 1.02 * s, x + 0.05 * s, y - 0.92 * s), "#b78a5a")
    pen.flat(box(x - 0.12 * s, y - 0.42 * s, x + 0.12 * s, y - 0.12 * s), CREAM)


def _hat_thing(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(smooth(path(x, y, s, "-0.28 0.1, -0.22 0.46, 0 0.54, 0.22 0.46, 0.28 0.1"), steps=5), "#6b5540")
    pen.fill(ellipse(x, y - 0.08 * s, 0.52 * s, 0.1 * s), "#5c4836")
    pen.line(path(x, y, s, "-0.27 0.16, 0 0.12, 0.27 0.16"), 0.06 * s, RED)


def _bell(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(
        smooth(path(x, y, s, "0 0.84, 0.2 0.66, 0.24 0.26, 0.4 0.1, -0.4 0.1, -0.24 0.26, -0.2 0.66")),
        BRASS,
        shade=0.25,
    )
    pen.fill(ellipse(x, y - 0.06 * s, 0.07 * s, 0.07 * s), IRON)


def _phone(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.24 * s, y - 0.9 * s, x + 0.24 * s, y), "#22242a", shade=0.05)
    pen.shine(box(x - 0.2 * s, y - 0.82 * s, x + 0.2 * s, y - 0.1 * s), rgb("#cfe6ff"), opacity=0.9)
    pen.scene.glows.append((x, y - 0.45 * s, 1.2 * s))


def _camera(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.42 * s, y - 0.52 * s, x + 0.42 * s, y), "#3a3a40", shade=0.08)
    pen.fill(box(x - 0.16 * s, y - 0.62 * s, x + 0.16 * s, y - 0.5 * s), "#55555c", shade=0.08)
    pen.fill(ellipse(x, y - 0.26 * s, 0.21 * s, 0.21 * s), "#8a8c94")
    pen.fill(ellipse(x, y - 0.26 * s, 0.14 * s, 0.14 * s), "#26334a", shade=0.3)


def _photo(pen: Pen, x: float, y: float, s: float) -> None:
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


def _piano(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.6 * s, y - 0.9 * s, x + 0.6 * s, y - 0.06 * s), "#3b2a26", shade=0.05)
    pen.fill(box(x - 0.66 * s, y - 0.46 * s, x + 0.66 * s, y - 0.38 * s), CREAM, shade=0.2)
    for k in range(14):
        pen.flat(box(x + (-0.6 + 0.088 * k) * s, y - 0.46 * s, x + (-0.565 + 0.088 * k) * s, y - 0.415 * s), "#1a1614")
    for dx in (-0.56, 0.5):
        pen.fill(box(x + dx * s, y - 0.4 * s, x + (dx + 0.07) * s, y), "#2c1f1c")


def _tree_small(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(limb((x, y), (x, y - 0.45 * s), 0.04 * s, 0.025 * s), WOOD)
    for dx, dy, r in ((-0.16, 0.52, 0.2), (0.16, 0.54, 0.2), (0, 0.74, 0.24)):
        pen.fill(ellipse(x + dx * s, y - dy * s, r * s, r * 0.92 * s), pen.scene.colours.foliage, shade=0.3)


def _bench(pen: Pen, x: float, y: float, s: float) -> None:
    for dy in (0.42, 0.6, 0.78):
        pen.fill(box(x - 0.6 * s, y - dy * s, x + 0.6 * s, y - (dy - 0.09) * s), WOOD, shade=0.2)
    for dx in (-0.5, 0.44):
        pen.fill(box(x + dx * s, y - 0.78 * s, x + (dx + 0.06) * s, y), IRON)


def _chair(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.22 * s, y - 1.0 * s, x - 0.16 * s, y), WOOD)
    pen.fill(box(x - 0.22 * s, y - 0.5 * s, x + 0.26 * s, y - 0.42 * s), lighter(WOOD, 0.1))
    pen.fill(box(x + 0.2 * s, y - 0.44 * s, x + 0.26 * s, y), WOOD)
    for h in (0.9, 0.72):
        pen.fill(box(x - 0.2 * s, y - h * s, x + 0.16 * s, y - (h - 0.08) * s), lighter(WOOD, 0.06))


def _table(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.8 * s, y - 0.78 * s, x + 0.8 * s, y - 0.68 * s), lighter(WOOD, 0.08), shade=0.3)
    for dx in (-0.7, 0.62):
        pen.fill(box(x + dx * s, y - 0.7 * s, x + (dx + 0.08) * s, y), WOOD)


def _train(pen: Pen, x: float, y: float, s: float) -> None:
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


def _car(pen: Pen, x: float, y: float, s: float) -> None:
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


def _cart(pen: Pen, x: float, y: float, s: float) -> None:
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


def _rocket(pen: Pen, x: float, y: float, s: float) -> None:
    for side in (-1, 1):
        pen.fill(smooth(path(x, y, s, "0.12 0.42, 0.32 0.08, 0.12 0.14", side), steps=4), RED)
    pen.fill(smooth(path(x, y, s, "0 1.05, 0.17 0.7, 0.16 0.14, -0.16 0.14, -0.17 0.7"), steps=5), "#dfe4ea", shade=0.3)
    pen.fill(ellipse(x, y - 0.62 * s, 0.08 * s, 0.08 * s), "#4a7fa6")
    pen.shine(smooth(path(x, y, s, "-0.1 0.13, 0.1 0.13, 0 -0.2"), steps=4), rgb("#ffb14a"))


def _fire(pen: Pen, x: float, y: float, s: float) -> None:
    for turn in (24, -24):
        pen.fill(
            turned(
                limb((x - 0.34 * s, y - 0.05 * s), (x + 0.34 * s, y - 0.05 * s), 0.055 * s, 0.055 * s),
                turn * 0.5,
                (x, y - 0.05 * s),
            ),
            WOOD,
        )
    for scale, colour in ((1.0, "#f0652f"), (0.68, "#ffae42"), (0.38, "#fff0b4")):
        pen.shine(
            smooth(
                [
                    (x - 0.24 * s * scale, y - 0.1 * s),
                    (x - 0.2 * s * scale, y - 0.34 * s * scale - 0.06 * s),
                    (x - 0.06 * s * scale, y - 0.5 * s * scale),
                    (x + 0.02 * s, y - 0.88 * s * scale),
                    (x + 0.14 * s * scale, y - 0.5 * s * scale),
                    (x + 0.24 * s * scale, y - 0.3 * s * scale - 0.05 * s),
                    (x + 0.2 * s * scale, y - 0.1 * s),
                ]
            ),
            rgb(colour),
        )
    pen.scene.glows.append((x, y - 0.36 * s, 2.6 * s))


THINGS: dict[str, tuple[Drawing, float, tuple[str, ...]]] = {
    # drawing, its real height in metres, further words for it
    "lantern": (_lantern, 0.34, ("灯笼", "提灯")),
    "lamp": (_lamp, 0.5, ("light", "灯", "台灯", "oil lamp")),
    "candle": (_candle, 0.26, ("蜡烛",)),
    "torch": (_torch, 0.55, ("flashlight", "火把")),
    "letter": (_letter, 0.22, ("envelope", "note", "paper", "message", "postcard", "信")),
    "book": (_book, 0.3, ("diary", "notebook", "journal", "scroll", "书")),
    "door": (_door, 2.1, ("gate", "entrance", "门")),
    "window": (_window, 1.3, ("窗",)),
    "cup": (_cup, 0.16, ("mug", "tea", "teacup", "coffee", "glass", "杯")),
    "key": (_key, 0.16, ("lock", "钥匙")),
    "boat": (_boat, 3.6, ("sailboat", "sail", "yacht", "帆船", "船")),
    "rowboat": (_rowboat, 1.6, ("canoe", "raft", "小船")),
    "ship": (_ship, 12.0, ("vessel", "galleon", "ferry", "steamer")),
    "umbrella": (_umbrella, 0.95, ("parasol", "伞")),
    "staff": (_staff, 1.5, ("stick", "cane", "wand", "pole", "spear", "broom", "oar", "rod", "shovel", "rake")),
    "sword": (_sword, 1.0, ("knife", "dagger", "blade", "剑")),
    "flower": (_flower, 0.4, ("rose", "flowers", "bouquet", "blossom", "tulip", "花")),
    "basket": (_basket, 0.45, ("fruit", "berries", "篮子")),
    "balloon": (_balloon, 1.0, ("气球",)),
    "kite": (_kite, 1.3, ("风筝",)),
    "box": (_box, 0.36, ("gift", "parcel", "present", "package", "礼物")),
    "chest": (_chest, 0.7, ("treasure", "suitcase", "trunk", "宝箱")),
    "rope": (_rope, 0.3, ("string", "thread", "net", "绳")),
    "map": (_map, 0.4, ("chart", "地图")),
    "telescope": (_telescope, 0.35, ("spyglass", "binoculars")),
    "apple": (_apple, 0.12, ("peach", "pear", "orange", "苹果")),
    "bread": (_bread, 0.2, ("loaf", "cake", "pie", "面包")),
    "bowl": (_bowl, 0.14, ("soup", "pot", "rice", "碗")),
    "clock": (_clock, 0.4, ("watch", "compass", "钟", "coin", "medal")),
    "star": (_star, 0.5, ("星",)),
    "feather": (_feather, 0.3, ("quill", "pen", "brush", "leaf", "羽毛")),
    "violin": (_violin, 0.6, ("fiddle", "guitar", "lute", "cello")),
    "egg": (_egg, 0.14, ("seed", "pearl", "蛋")),
    "stone": (_stone, 0.4, ("rock", "boulder", "石头")),
    "shell": (_shell, 0.14, ("seashell", "贝壳")),
    "bottle": (_bottle, 0.3, ("potion", "jar", "vial", "瓶")),
    "hat": (_hat_thing, 0.25, ("cap", "帽子")),
    "bell": (_bell, 0.4, ("铃", "钟声")),
    "phone": (_phone, 0.16, ("telephone", "tablet", "手机")),
    "camera": (_camera, 0.16, ("相机",)),
    "photo": (_photo, 0.2, ("photograph", "picture", "portrait", "painting", "mirror", "照片")),
    "piano": (_piano, 1.2, ("organ", "钢琴")),
    "bench": (_bench, 0.9, ("长椅",)),
    "chair": (_chair, 0.95, ("stool", "throne")),
    "table": (_table, 0.78, ("desk", "桌子")),
    "train": (_train, 3.6, ("locomotive", "engine", "火车")),
    "car": (_car, 1.5, ("taxi", "bus", "truck", "汽车")),
    "cart": (_cart, 1.3, ("wagon", "carriage")),
    "rocket": (_rocket, 6.0, ("spaceship", "spacecraft", "飞船", "火箭")),
    "fire": (_fire, 0.9, ("campfire", "flame", "flames", "hearth", "火")),
    "tree": (_tree_small, 5.0, ("oak", "树")),
}


def thing_named(text: str) -> str | None:
    """The thing that these words name: 'an old brass key' is a key. None: we have no drawing of it."""
    words = [word.strip(".,;:!?'\"").lower() for word in text.replace("-", " ").split()]
    for word in reversed(words):
        for name, (_, _, further) in THINGS.items():
            for known in (name, *further):
                if word in (known, known + "s", known + "es"):
                    return name
    for name, (_, _, further) in THINGS.items():
        if any(known in text for known in further if not known.isascii()):
            return name
    return None


def draw_thing(pen: Pen, name: str, x: float, y: float, height: float) -> None:
    """``name`` is one of ``THINGS``; ``height`` of its drawing, pixels; its base stands at (x, y)."""
    THINGS[name][0](pen, x, y, height)


_HANGS = ("lantern", "basket", "bell")
_LONG = ("staff", "sword", "umbrella", "torch", "balloon", "kite", "flower", "feather", "violin")


def draw_held(pen: Pen, text: str, hand: Point, scale: float, front: float) -> None:
    """In a hand; ``scale``: of an adult standing, pixels; ``front``: 1 to the right, −1 to the left."""
    name = thing_named(text)
    if name is None or THINGS[name][1] > 1.6:
        name = "box" if name is None else {"boat": "box", "door": "key", "window": "box"}.get(name, "box")
    height = min(1.0, THINGS[name][1] * 1.15 / 1.7) * scale
    x, y = hand
    if name in _HANGS:
        draw_thing(pen, name, x, y + height * 0.94, height)
    elif name == "staff":
        draw_thing(pen, name, x, y + height * 0.58, height)
    elif name in _LONG:
        draw_thing(pen, name, x, y + height * (0.1 if name != "violin" else 0.4), height)
    else:
        draw_thing(pen, name, x + 0.02 * scale * front, y + height * 0.25, max(height, 0.13 * scale))


__all__ = ["THINGS", "Colour", "draw_held", "draw_thing", "thing_named"]
