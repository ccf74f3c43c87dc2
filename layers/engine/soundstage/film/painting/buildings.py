"""Buildings that a story names and its viewers look for: mills, temples, schools, stations, seen from outside."""

import math
from collections.abc import Callable

import numpy as np

from soundstage.film.painting import landmarks
from soundstage.film.painting.built import glowing, scene_snowy, window
from soundstage.film.painting.colours import Colour, darker, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, path, points, smooth, stroke

DOOR = rgb("#5a3a30")


def _walls(pen: Pen, x: float, y: float, w: float, h: float, colour: Colour | str) -> None:
    """With the side that is turned from the light in shade."""
    wall = rgb(colour) if isinstance(colour, str) else colour
    pen.fill(box(x - w / 2, y - h, x + w / 2, y + 2), wall, shade=0)
    left = pen.scene.light.x * pen.scene.w > x
    pen.flat(box(x - w / 2, y - h, x - w * 0.2, y + 2) if left else box(x + w * 0.2, y - h, x + w / 2, y + 2),
             darker(wall, 0.18))  # fmt: skip


def _roof(pen: Pen, x: float, y: float, w: float, h: float, colour: Colour | str, *, ridge: float = 0.0) -> None:
    """Above y; ``ridge``: its length at the top, of its width."""
    shape = points((x - w / 2, y), (x - ridge * w / 2, y - h), (x + ridge * w / 2, y - h), (x + w / 2, y))
    pen.fill(shape, colour, shade=0.12)
    if scene_snowy(pen):
        pen.flat(points(*[(px, py - 0.12 * h) for px, py in shape[1:3]], (x + w * 0.3, y - h * 0.4),
                        (x - w * 0.3, y - h * 0.4)), "#f2f5f8", clip=shape)  # fmt: skip


def _door(pen: Pen, x: float, y: float, w: float, h: float) -> None:
    arch = ellipse(x, y - h + w / 2, w / 2, w / 2, start=180, end=360)
    pen.fill(np.vstack([points((x - w / 2, y + 2)), arch, points((x + w / 2, y + 2))]), DOOR, shade=0.2)


def _row(pen: Pen, x: float, y: float, wide: float, count: int, w: float, h: float, *, arched: bool = False) -> None:
    for k in range(count):
        px = x + wide * ((k + 0.5) / count - 0.5)
        window(pen, px, y, w, h, lit=glowing(pen) and k % 3 != 1, arched=arched)


def _clock(pen: Pen, x: float, y: float, radius: float) -> None:
    pen.fill(ellipse(x, y, radius, radius), "#f4ecd8", shade=0)
    for across, up in ((0.0, 0.7), (0.5, 0.0)):
        pen.line([(x, y), (x + across * radius, y - up * radius)], 0.17 * radius, "#2c2e36")


def church(pen: Pen, x: float, y: float, s: float) -> None:
    wall, roof = rgb("#d3c9b4"), rgb("#5f4a52")
    _walls(pen, x + 0.22 * s, y, 0.52 * s, 0.36 * s, wall)
    _roof(pen, x + 0.22 * s, y - 0.36 * s, 0.6 * s, 0.26 * s, roof, ridge=0.62)
    _row(pen, x + 0.26 * s, y - 0.1 * s, 0.4 * s, 3, 0.06 * s, 0.18 * s, arched=True)
    _walls(pen, x - 0.12 * s, y, 0.24 * s, 0.66 * s, wall)
    _roof(pen, x - 0.12 * s, y - 0.66 * s, 0.3 * s, 0.42 * s, roof)
    window(pen, x - 0.12 * s, y - 0.44 * s, 0.08 * s, 0.15 * s, arched=True)
    _door(pen, x - 0.12 * s, y, 0.12 * s, 0.2 * s)
    _cross(pen, x - 0.12 * s, y - 1.08 * s, 0.1 * s)


def _cross(pen: Pen, x: float, y: float, s: float) -> None:
    pen.line([(x, y + 0.1 * s), (x, y - s)], 0.14 * s, "#4a3a34")
    pen.line([(x - 0.32 * s, y - 0.64 * s), (x + 0.32 * s, y - 0.64 * s)], 0.14 * s, "#4a3a34")


def chapel(pen: Pen, x: float, y: float, s: float) -> None:
    roof = rgb("#7a4a42")
    _walls(pen, x, y, 0.46 * s, 0.32 * s, "#e6dccb")
    _roof(pen, x, y - 0.32 * s, 0.54 * s, 0.32 * s, roof)
    _walls(pen, x, y - 0.52 * s, 0.12 * s, 0.16 * s, "#e6dccb")
    _roof(pen, x, y - 0.68 * s, 0.17 * s, 0.14 * s, roof)
    pen.flat(ellipse(x, y - 0.6 * s, 0.03 * s, 0.04 * s), "#b08a3c")
    _cross(pen, x, y - 0.82 * s, 0.1 * s)
    _row(pen, x, y - 0.1 * s, 0.44 * s, 3, 0.055 * s, 0.14 * s, arched=True)
    _door(pen, x, y, 0.12 * s, 0.2 * s)


def _curved_roof(pen: Pen, x: float, y: float, w: float, h: float, colour: Colour | str) -> None:
    """Eaves turned up at their ends, as of temples in East Asia."""
    half = w / 2
    shape = smooth([(x - half * 1.14, y - 0.22 * h), (x - half, y), (x, y - 0.05 * h), (x + half, y),
                    (x + half * 1.14, y - 0.22 * h), (x + half * 0.62, y - 0.5 * h), (x + half * 0.5, y - h),
                    (x - half * 0.5, y - h), (x - half * 0.62, y - 0.5 * h)], steps=5)  # fmt: skip
    pen.fill(shape, colour, shade=0.16)
    pen.line([(x - half * 0.56, y - h), (x + half * 0.56, y - h)], 0.1 * h, darker(rgb("#4f5a5c"), 0.3))
    if scene_snowy(pen):
        pen.flat(box(x - half, y - h * 1.1, x + half, y - 0.55 * h), "#f2f5f8", clip=shape)


def temple(pen: Pen, x: float, y: float, s: float) -> None:
    red, tile = rgb("#a8493a"), rgb("#4f5f5c")
    for step in range(3):
        pen.fill(box(x - (0.5 - 0.05 * step) * s, y - 0.035 * s * (step + 1), x + (0.5 - 0.05 * step) * s,
                     y - 0.035 * s * step + 2), "#b5aca0", shade=0)  # fmt: skip
    floor = y - 0.1 * s
    _walls(pen, x, floor, 0.7 * s, 0.3 * s, "#d9b98a")
    for k in range(6):
        px = x + (-0.34 + 0.136 * k) * s
        pen.fill(box(px - 0.016 * s, floor - 0.3 * s, px + 0.016 * s, floor), red, shade=0.2)
    pen.fill(box(x - 0.065 * s, floor - 0.22 * s, x + 0.065 * s, floor + 1), darker(red, 0.3), shade=0)
    if glowing(pen):
        for px in (-0.2, 0.2):
            pen.shine(ellipse(x + px * s, floor - 0.2 * s, 0.025 * s, 0.032 * s), rgb("#ffb060"))
            pen.scene.glows.append((x + px * s, floor - 0.2 * s, 0.25 * s))
    _curved_roof(pen, x, floor - 0.28 * s, 0.96 * s, 0.2 * s, tile)
    _walls(pen, x, floor - 0.46 * s, 0.4 * s, 0.1 * s, red)
    _curved_roof(pen, x, floor - 0.54 * s, 0.6 * s, 0.18 * s, tile)


def pyramid(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(points((x - 0.7 * s, y + 2), (x, y - 0.8 * s), (x + 0.7 * s, y + 2)), "#d8b878", shade=0)
    away = 0.7 if pen.scene.light.x * pen.scene.w < x else -0.7
    pen.flat(points((x, y - 0.8 * s), (x + away * s, y + 2), (x + 0.14 * away * s, y + 2)), "#b08e56")


def mosque(pen: Pen, x: float, y: float, s: float) -> None:
    dome = rgb("#5f9a94")
    _walls(pen, x, y, 0.6 * s, 0.32 * s, "#e3d8c0")
    shape = smooth(path(x, y, s, "-0.22 0.31, -0.23 0.48, 0 0.68, 0.23 0.48, 0.22 0.31"), steps=6)
    pen.fill(shape, dome, shade=0.25)
    for side in (-0.38, 0.38):
        _walls(pen, x + side * s, y, 0.09 * s, 0.72 * s, "#e3d8c0")
        _roof(pen, x + side * s, y - 0.72 * s, 0.12 * s, 0.16 * s, dome)
    _row(pen, x, y - 0.12 * s, 0.5 * s, 4, 0.05 * s, 0.12 * s, arched=True)
    _door(pen, x, y, 0.12 * s, 0.22 * s)


def windmill(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(path(x, y, s, "-0.2 -0.01, -0.12 0.6, 0.12 0.6, 0.2 -0.01"), "#d8cbb2", shade=0.3)
    pen.fill(np.vstack([ellipse(x, y - 0.6 * s, 0.14 * s, 0.15 * s, start=180, end=360)]), "#6f4a40", shade=0.25)
    window(pen, x, y - 0.38 * s, 0.06 * s, 0.09 * s, arched=True)
    _door(pen, x, y, 0.1 * s, 0.18 * s)
    hub = (x, y - 0.62 * s)
    for k in range(4):
        a = math.radians(22 + 90 * k)
        out, side = (math.cos(a), -math.sin(a)), (math.sin(a), math.cos(a))
        tip = (hub[0] + 0.5 * s * out[0], hub[1] + 0.5 * s * out[1])
        pen.line([hub, tip], 0.022 * s, "#4a382e")
        sail = [(hub[0] + (f * out[0] + g * side[0]) * s, hub[1] + (f * out[1] + g * side[1]) * s)
                for f, g in ((0.1, 0.01), (0.5, 0.01), (0.5, 0.1), (0.1, 0.1))]  # fmt: skip
        pen.fill(points(*sail), "#efe6d2", shade=0.1, opacity=0.92)
        for f in (0.2, 0.3, 0.4):
            edge = [
                (hub[0] + (f * out[0] + g * side[0]) * s, hub[1] + (f * out[1] + g * side[1]) * s) for g in (0, 0.1)
            ]
            pen.line(edge, 0.008 * s, "#4a382e")
    pen.fill(ellipse(*hub, 0.03 * s, 0.03 * s), "#4a382e")


def mill(pen: Pen, x: float, y: float, s: float) -> None:
    """A water mill with its wheel."""
    _walls(pen, x, y, 0.5 * s, 0.42 * s, "#a99a86")
    for row in range(4):
        pen.flat(box(x - 0.25 * s, y - (0.08 + 0.1 * row) * s, x + 0.25 * s, y - (0.075 + 0.1 * row) * s), "#8c7d6a")
    _roof(pen, x, y - 0.42 * s, 0.6 * s, 0.3 * s, "#6f4f3c", ridge=0.3)
    _row(pen, x, y - 0.22 * s, 0.42 * s, 2, 0.09 * s, 0.12 * s)
    _door(pen, x - 0.04 * s, y, 0.13 * s, 0.22 * s)
    cx, cy, r = x + 0.34 * s, y - 0.16 * s, 0.24 * s
    wood = rgb("#5a4230")
    pen.line(ellipse(cx, cy, r, r), 0.035 * s, wood)
    pen.line(ellipse(cx, cy, 0.66 * r, 0.66 * r), 0.014 * s, wood)
    for k in range(10):
        a = k * math.pi / 5
        pen.line([(cx, cy), (cx + 1.12 * r * math.cos(a), cy + 1.12 * r * math.sin(a))], 0.018 * s, wood)
    water = mix(pen.scene.colours.water, pen.scene.colours.horizon, 0.3)
    pen.sheet.fill(ellipse(cx, y + 0.03 * s, 0.34 * s, 0.05 * s), water)


def school(pen: Pen, x: float, y: float, s: float) -> None:
    wall = rgb("#c9805f")
    _walls(pen, x, y, 0.96 * s, 0.36 * s, wall)
    _roof(pen, x, y - 0.36 * s, 1.02 * s, 0.16 * s, "#5e4a48", ridge=0.86)
    _walls(pen, x, y, 0.26 * s, 0.5 * s, "#dcbf9a")
    _roof(pen, x, y - 0.5 * s, 0.32 * s, 0.16 * s, "#5e4a48")
    _clock(pen, x, y - 0.42 * s, 0.05 * s)
    for side in (-0.3, 0.3):
        _row(pen, x + side * s, y - 0.09 * s, 0.34 * s, 3, 0.075 * s, 0.17 * s)
    _door(pen, x, y, 0.14 * s, 0.24 * s)
    _flag(pen, x + 0.42 * s, y, 0.78 * s)


def _flag(pen: Pen, x: float, y: float, h: float) -> None:
    pen.line([(x, y), (x, y - h)], 0.02 * h, "#8a8f96")
    pen.fill(smooth([(x, y - h), (x + 0.12 * h, y - 0.97 * h), (x + 0.25 * h, y - h), (x + 0.25 * h, y - 0.84 * h),
                     (x + 0.12 * h, y - 0.81 * h), (x, y - 0.84 * h)], steps=4), "#c9503f", shade=0.15)  # fmt: skip


def hospital(pen: Pen, x: float, y: float, s: float) -> None:
    _walls(pen, x, y, 0.9 * s, 0.62 * s, "#e2e0d6")
    pen.fill(box(x - 0.47 * s, y - 0.66 * s, x + 0.47 * s, y - 0.61 * s), "#9aa6aa", shade=0)
    for row in range(3):
        _row(pen, x, y - (0.1 + 0.17 * row) * s, 0.84 * s, 6, 0.07 * s, 0.1 * s)
    pen.fill(box(x - 0.12 * s, y - 0.26 * s, x + 0.12 * s, y + 2), "#cfd6d6", shade=0)
    _door(pen, x, y, 0.14 * s, 0.2 * s)
    for wide, high in ((0.13, 0.045), (0.045, 0.13)):
        pen.fill(box(x - wide * s, y - 0.78 * s - high * s, x + wide * s, y - 0.78 * s + high * s), "#c8453c", shade=0)


def hall(pen: Pen, x: float, y: float, s: float) -> None:
    """Town halls, libraries, museums, banks, theatres: columns under a gable."""
    stone = rgb("#d6ccb8")
    _walls(pen, x, y, 0.94 * s, 0.4 * s, darker(stone, 0.12))
    for k in range(6):
        px = x + (-0.4 + 0.16 * k) * s
        pen.fill(box(px - 0.03 * s, y - 0.4 * s, px + 0.03 * s, y + 2), stone, shade=0.35)
    _door(pen, x, y, 0.1 * s, 0.26 * s)
    pen.fill(box(x - 0.5 * s, y - 0.45 * s, x + 0.5 * s, y - 0.395 * s), stone, shade=0)
    _roof(pen, x, y - 0.45 * s, 0.98 * s, 0.2 * s, darker(stone, 0.06))
    for step in range(2):
        low = y - 0.03 * s * step
        pen.fill(
            box(x - (0.54 - 0.03 * step) * s, low - 0.03 * s, x + (0.54 - 0.03 * step) * s, low + 2), stone, shade=0
        )


def station(pen: Pen, x: float, y: float, s: float) -> None:
    _walls(pen, x, y, 1.0 * s, 0.34 * s, "#b98a66")
    _roof(pen, x, y - 0.34 * s, 1.08 * s, 0.14 * s, "#4f5a5c", ridge=0.8)
    _walls(pen, x, y, 0.3 * s, 0.52 * s, "#cfa27a")
    _roof(pen, x, y - 0.52 * s, 0.36 * s, 0.14 * s, "#4f5a5c")
    _clock(pen, x, y - 0.43 * s, 0.065 * s)
    for side in (-0.33, 0.33):
        _row(pen, x + side * s, y - 0.07 * s, 0.34 * s, 3, 0.08 * s, 0.2 * s, arched=True)
    _door(pen, x, y, 0.15 * s, 0.24 * s)


def barn(pen: Pen, x: float, y: float, s: float) -> None:
    red = rgb("#a04a3c")
    shape = path(x, y, s, "-0.4 -0.01, -0.4 0.32, -0.26 0.52, 0 0.62, 0.26 0.52, 0.4 0.32, 0.4 -0.01")
    pen.fill(shape, red, shade=0.1)
    roof = [(x + a * s, y - b * s) for a, b in ((-0.44, 0.3), (-0.28, 0.54), (0.0, 0.65), (0.28, 0.54), (0.44, 0.3))]
    pen.line(roof, 0.045 * s, "#efe9dc" if scene_snowy(pen) else "#5e4a48")
    pen.fill(box(x - 0.13 * s, y - 0.28 * s, x + 0.13 * s, y + 2), darker(red, 0.25), shade=0)
    for a, b in ((-0.13, 0.13), (0.13, -0.13)):
        pen.line([(x + a * s, y), (x + b * s, y - 0.28 * s)], 0.016 * s, "#efe6d2")
    window(pen, x, y - 0.4 * s, 0.1 * s, 0.09 * s)


def tower(pen: Pen, x: float, y: float, s: float) -> None:
    stone = mix(rgb("#a8a099"), pen.scene.colours.shade, 0.15)
    _walls(pen, x, y, 0.3 * s, 0.8 * s, stone)
    for k in range(4):
        left = x + (-0.18 + 0.1 * k) * s
        pen.fill(box(left, y - 0.87 * s, left + 0.06 * s, y - 0.79 * s), stone, shade=0)
    for up in (0.28, 0.54):
        window(pen, x, y - up * s, 0.06 * s, 0.13 * s, arched=True)
    _door(pen, x, y, 0.12 * s, 0.2 * s)


def archway(pen: Pen, x: float, y: float, s: float) -> None:
    """The gate of a town, and the gateway before a village in China."""
    stone = mix(rgb("#9c9288"), pen.scene.colours.shade, 0.15)
    hole = np.vstack([points((x - 0.15 * s, y + 3)), ellipse(x, y - 0.24 * s, 0.15 * s, 0.15 * s, start=180, end=360),
                      points((x + 0.15 * s, y + 3))])  # fmt: skip
    pen.fill([box(x - 0.5 * s, y - 0.5 * s, x + 0.5 * s, y + 2), hole], stone, shade=0)
    for k in range(9):
        left = x + (-0.5 + 0.115 * k) * s
        pen.fill(box(left, y - 0.56 * s, left + 0.07 * s, y - 0.49 * s), stone, shade=0)
    _walls(pen, x, y - 0.5 * s, 0.5 * s, 0.14 * s, "#a8493a")
    _curved_roof(pen, x, y - 0.62 * s, 0.7 * s, 0.17 * s, "#4f5f5c")


def factory(pen: Pen, x: float, y: float, s: float) -> None:
    brick = rgb("#a06a54")
    for k, tall in enumerate((0.86, 0.74)):
        px = x + (0.22 + 0.14 * k) * s
        pen.fill(points((px - 0.035 * s, y), (px - 0.025 * s, y - tall * s), (px + 0.025 * s, y - tall * s),
                        (px + 0.035 * s, y)), darker(brick, 0.2), shade=0.3)  # fmt: skip
        for puff in range(4):
            grey = mix(pen.scene.colours.horizon, rgb("#8a8a90"), 0.5)
            smoke = (px + 0.05 * s * puff, y - (tall + 0.05 + 0.06 * puff) * s)
            pen.sheet.fill(ellipse(*smoke, (0.035 + 0.012 * puff) * s, (0.03 + 0.01 * puff) * s), grey, opacity=0.6)
    _walls(pen, x, y, 0.9 * s, 0.34 * s, brick)
    for k in range(4):
        left = x + (-0.45 + 0.225 * k) * s
        pen.fill(
            points((left, y - 0.34 * s), (left, y - 0.48 * s), (left + 0.225 * s, y - 0.34 * s)), "#6a5a58", shade=0
        )
    _row(pen, x, y - 0.1 * s, 0.84 * s, 6, 0.08 * s, 0.14 * s)


def shop(pen: Pen, x: float, y: float, s: float) -> None:
    _walls(pen, x, y, 0.62 * s, 0.7 * s, "#cdb391")
    _roof(pen, x, y - 0.7 * s, 0.7 * s, 0.2 * s, "#6a4a48", ridge=0.6)
    _row(pen, x, y - 0.48 * s, 0.5 * s, 3, 0.08 * s, 0.13 * s)
    window(pen, x - 0.12 * s, y - 0.08 * s, 0.26 * s, 0.2 * s)
    _door(pen, x + 0.18 * s, y, 0.13 * s, 0.27 * s)
    for k in range(6):
        left = x + (-0.33 + 0.11 * k) * s
        tone = rgb("#c8553f") if k % 2 else rgb("#efe6d2")
        pen.fill(path(left, y, s, "0.01 0.41, 0.1 0.41, 0.115 0.31, -0.005 0.31"), tone, shade=0)


def tent(pen: Pen, x: float, y: float, s: float) -> None:
    shape = points((x - 0.42 * s, y + 2), (x, y - 0.6 * s), (x + 0.42 * s, y + 2))
    pen.fill(shape, "#d8b06a", shade=0.2)
    for k in (-2, 0, 2):
        stripe = points((x, y - 0.6 * s), (x + (k - 0.5) * 0.14 * s, y + 2), (x + (k + 0.5) * 0.14 * s, y + 2))
        pen.flat(stripe, "#b8584a", clip=shape)
    pen.fill(points((x - 0.07 * s, y + 2), (x, y - 0.26 * s), (x + 0.07 * s, y + 2)), "#4a352c", shade=0)
    pen.line(stroke([(x, y - 0.6 * s), (x, y - 0.68 * s)], 0.01 * s), 0.006 * s, "#4a352c")


def _lighthouse(pen: Pen, x: float, y: float, s: float) -> None:
    landmarks.lighthouse(pen, x, y, s)


def _bridge(pen: Pen, x: float, y: float, s: float) -> None:
    landmarks.arched_bridge(pen, x - 0.7 * s, x + 0.7 * s, y - 0.12 * s, 0.42 * s)


BUILDINGS: dict[str, Callable[[Pen, float, float, float], None]] = {
    "church": church, "chapel": chapel, "temple": temple, "pagoda": landmarks.pagoda, "mosque": mosque,
    "pyramid": pyramid, "windmill": windmill, "mill": mill, "school": school, "hospital": hospital, "hall": hall,
    "station": station, "barn": barn, "tower": tower, "archway": archway, "factory": factory, "shop": shop,
    "tent": tent, "lighthouse": _lighthouse, "castle": landmarks.castle, "bridge": _bridge,
}  # fmt: skip
"""By the nouns of a setting's things."""
