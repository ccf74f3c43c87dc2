"""Things that shine: lanterns, lamps, fire. Each is drawn upright on its base at (x, y)."""

import math

import numpy as np

from soundstage.film.painting.colours import mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, limb, path, smooth, turned
from soundstage.film.painting.things.materials import BRASS, CREAM, IRON, WOOD


def lantern(pen: Pen, x: float, y: float, s: float) -> None:
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


def lamp(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(ellipse(x, y - 0.04 * s, 0.24 * s, 0.06 * s), BRASS)
    pen.fill(limb((x, y - 0.05 * s), (x, y - 0.52 * s), 0.035 * s, 0.022 * s), BRASS)
    pen.shine(
        smooth(path(x, y, s, "-0.17 0.95, 0.17 0.95, 0.36 0.5, -0.36 0.5"), steps=4),
        mix(pen.scene.colours.glow, rgb("#ffe9b8"), 0.4),
    )
    pen.shine(ellipse(x, y - 0.56 * s, 0.24 * s, 0.13 * s), rgb("#fff6d8"), opacity=0.7, soft=0.05 * s)
    pen.scene.glows.append((x, y - 0.66 * s, 3.0 * s))


def candle(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(ellipse(x, y - 0.04 * s, 0.26 * s, 0.07 * s), BRASS)
    pen.fill(box(x - 0.075 * s, y - 0.55 * s, x + 0.075 * s, y - 0.05 * s), CREAM)
    pen.shine(smooth(path(x, y, s, "0 0.92, 0.075 0.68, 0 0.56, -0.075 0.68")), rgb("#ffd27a"))
    pen.shine(smooth(path(x, y, s, "0 0.8, 0.035 0.66, 0 0.6, -0.035 0.66")), rgb("#fffbe8"))
    pen.scene.glows.append((x, y - 0.7 * s, 2.6 * s))


def torch(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(limb((x, y), (x + 0.05 * s, y - 0.62 * s), 0.035 * s, 0.06 * s), WOOD)
    pen.shine(smooth(path(x, y, s, "0.05 1.05, 0.19 0.76, 0.06 0.58, -0.09 0.74")), rgb("#ff9a3c"))
    pen.shine(smooth(path(x, y, s, "0.06 0.9, 0.12 0.73, 0.05 0.64, -0.02 0.73")), rgb("#fff0b0"))
    pen.scene.glows.append((x + 0.05 * s, y - 0.75 * s, 3.0 * s))


def fire(pen: Pen, x: float, y: float, s: float) -> None:
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


def star(pen: Pen, x: float, y: float, s: float) -> None:
    angles = np.arange(10) * math.pi / 5 - math.pi / 2
    reach = np.where(np.arange(10) % 2 == 0, 0.46, 0.2) * s
    pen.shine(
        smooth(np.column_stack([x + reach * np.cos(angles), y - 0.5 * s + reach * np.sin(angles)]), steps=3),
        mix(pen.scene.colours.glow, rgb("#fff3b0"), 0.5),
    )
    pen.scene.glows.append((x, y - 0.5 * s, 2.4 * s))
