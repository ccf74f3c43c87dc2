"""Things that shine: lanterns, lamps, fire. Each is drawn upright on its base at (x, y)."""

import math

import numpy as np

from soundstage.film.painting.colours import darker, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, limb, path, smooth, stroke, turned
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


def paper_lantern(pen: Pen, x: float, y: float, s: float) -> None:
    """Red and round, ribbed, lit from within, with a gold tassel; hung by its loop at the top."""
    red, gold = rgb("#d8402f"), rgb("#e8b84a")
    cx, cy = x, y - 0.56 * s
    pen.line([(x, y - s), (x, y - 0.84 * s)], 0.022 * s, darker(gold, 0.3))
    pen.shine(ellipse(cx, cy, 0.34 * s, 0.27 * s), red)
    pen.shine(ellipse(cx, cy + 0.03 * s, 0.2 * s, 0.18 * s), rgb("#ff9a4a"), opacity=0.75, soft=0.06 * s)
    for k in (-2, -1, 0, 1, 2):
        rib = ellipse(cx, cy, 0.34 * abs(k) / 2.6 * s + 0.001, 0.27 * s, start=-90, end=90)
        if k < 0:
            rib = (rib - (cx, 0)) * (-1, 1) + (cx, 0)
        pen.sheet.fill(_hair(rib, 0.012 * s), darker(red, 0.3), opacity=0.7, kept=1.0)
    for up, wide in ((0.83, 0.15), (0.29, 0.15)):
        pen.shine(box(x - wide * s, y - (up + 0.025) * s, x + wide * s, y - (up - 0.025) * s), gold)
    for dx in (-0.05, 0.0, 0.05):
        pen.line([(x + 0.5 * dx * s, y - 0.26 * s), (x + dx * s, y)], [0.03 * s, 0.014 * s], gold)
    pen.scene.glows.append((x, cy, 1.5 * s))


def _hair(line: np.ndarray, wide: float) -> np.ndarray:
    return stroke(line, wide, smoothed=False)


def dark_lamp(pen: Pen, x: float, y: float, s: float) -> None:
    """A lamp that is out, with a wisp of smoke."""
    pen.fill(ellipse(x, y - 0.04 * s, 0.24 * s, 0.06 * s), BRASS)
    pen.fill(limb((x, y - 0.05 * s), (x, y - 0.52 * s), 0.035 * s, 0.022 * s), BRASS)
    pen.fill(
        smooth(path(x, y, s, "-0.17 0.95, 0.17 0.95, 0.36 0.5, -0.36 0.5"), steps=4), darker(CREAM, 0.35), shade=0.3
    )
    pen.line(path(x, y, s, "-0.36 0.5, 0 0.46, 0.36 0.5"), 0.02 * s, darker(CREAM, 0.55))
    smoke(pen, x, y - 0.97 * s, 0.4 * s)


def dark_lantern(pen: Pen, x: float, y: float, s: float) -> None:
    """A lantern that is out: grey glass, a black wick."""
    pen.line(ellipse(x, y - 0.80 * s, 0.15 * s, 0.18 * s, start=180, end=360), 0.028 * s, IRON)
    pen.fill(smooth(path(x, y, s, "-0.21 0.72, 0 0.92, 0.21 0.72, 0 0.69"), steps=5), IRON)
    pen.fill(box(x - 0.165 * s, y - 0.71 * s, x + 0.165 * s, y - 0.12 * s), "#6a7480", shade=0.15)
    pen.flat(path(x, y, s, "-0.12 0.66, -0.05 0.66, -0.12 0.3"), "#c9d4dc", opacity=0.5)
    pen.line([(x, y - 0.14 * s), (x, y - 0.3 * s)], 0.03 * s, "#17151a")
    for dx in (-0.17, 0.17):
        pen.flat(box(x + (dx - 0.014) * s, y - 0.72 * s, x + (dx + 0.014) * s, y - 0.11 * s), IRON)
    pen.fill(smooth(path(x, y, s, "-0.2 0.13, 0.2 0.13, 0.23 0, -0.23 0"), steps=3), IRON)


def dark_candle(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(ellipse(x, y - 0.04 * s, 0.26 * s, 0.07 * s), BRASS)
    pen.fill(box(x - 0.075 * s, y - 0.55 * s, x + 0.075 * s, y - 0.05 * s), CREAM)
    pen.line([(x, y - 0.55 * s), (x + 0.012 * s, y - 0.62 * s)], 0.02 * s, "#17151a")
    smoke(pen, x + 0.012 * s, y - 0.64 * s, 0.36 * s)


def smoke(pen: Pen, x: float, y: float, s: float) -> None:
    line = path(x, y, s, "0 0, 0.12 0.35, -0.1 0.68, 0.08 1")
    pen.flat(stroke(line, [0.03 * s, 0.1 * s, 0.12 * s, 0.02 * s]), "#c9ccd4", opacity=0.4, soft=0.03 * s)


_BURSTS = ((0.0, 0.62, 0.34, "#ffd27a"), (-0.42, 0.34, 0.22, "#ff7a6a"), (0.44, 0.3, 0.25, "#8fd0ff"),
           (0.34, 0.86, 0.17, "#b8f0a0"), (-0.36, 0.9, 0.15, "#f0a0e0"))  # fmt: skip


def fireworks(pen: Pen, x: float, y: float, s: float) -> None:
    """Bursts of light in the sky: rays that fall, sparks at their ends, trails from below."""
    rng = pen.scene.rng("fireworks", round(s))
    for cx, cy, reach, text in _BURSTS:
        bx, by, r, colour = x + cx * s, y - cy * s, reach * s, rgb(text)
        trail = [(bx - 0.1 * cx * s, y + 0.25 * s), (bx - 0.03 * cx * s, by + 1.25 * r), (bx, by)]
        pen.sheet.fill(stroke(trail, [0.004 * s, 0.008 * s, 0.002 * s]), mix(colour, rgb("#fff3cf"), 0.5), opacity=0.45,
                       kept=1.0)  # fmt: skip
        pen.shine(ellipse(bx, by, 0.9 * r, 0.9 * r), colour, opacity=0.12, soft=0.25 * r)
        rays = 22
        for k in range(rays):
            a = 2 * math.pi * (k + rng.uniform(-0.25, 0.25)) / rays
            for share, opacity in ((rng.uniform(0.9, 1.05), 0.95), (rng.uniform(0.5, 0.65), 0.7)):
                far = share * r
                fall = 0.16 * r * share**2
                line = [(bx + 0.16 * far * math.cos(a), by + 0.16 * far * math.sin(a)),
                        (bx + 0.62 * far * math.cos(a), by + 0.62 * far * math.sin(a) + 0.3 * fall),
                        (bx + far * math.cos(a), by + far * math.sin(a) + fall)]  # fmt: skip
                pen.sheet.fill(stroke(line, [0.003 * s, 0.011 * s, 0.005 * s]), colour, opacity=opacity, kept=1.0)
                pen.shine(ellipse(*line[-1], 0.011 * s, 0.011 * s), mix(colour, rgb("#ffffff"), 0.6))
        pen.shine(ellipse(bx, by, 0.07 * r, 0.07 * r), rgb("#ffffff"), soft=0.03 * r)
        pen.scene.glows.append((bx, by, 1.9 * r))
