"""What makes a room a cinema or a theatre, and the rows of seats from which one looks."""

import math

import numpy as np

from soundstage.film.painting.colours import Colour, darker, lighter, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import Sheet, box, ellipse, points, smooth, stroke
from soundstage.film.painting.scene import Scene

PLUSH = rgb("#8a2f38")


def screen_box(scene: Scene) -> tuple[float, float, float, float]:
    """Of a cinema's screen, pixels: x0, y0, x1, y1."""
    floor = (min(scene.staging.ground, 0.86) - 0.075) * scene.h
    half = min(0.46 * scene.w, 0.62 * scene.u)
    x = scene.w / 2
    return x - half, max(0.05 * scene.h, floor - 0.82 * scene.u), x + half, floor - 0.16 * scene.u


def seats(
    pen: Pen, y: float, pitch: float, colour: Colour, *, shift: float = 0.0, skip: tuple[float, ...] = ()
) -> None:
    """A row of backs across the picture, seen from behind; their tops at y."""
    scene = pen.scene
    for k in range(-1, math.ceil(scene.w / pitch) + 1):
        x = (k + 0.5 + shift) * pitch
        if any(abs(x - at) < 0.5 * pitch for at in skip):
            continue
        seat(pen, x, y, pitch, colour)


def seat(pen: Pen, x: float, y: float, pitch: float, colour: Colour) -> None:
    """One back, from behind."""
    half = 0.44 * pitch
    back = [(x - half, y + 1.1 * pitch), (x - half, y + 0.2 * pitch), (x - 0.7 * half, y), (x + 0.7 * half, y),
            (x + half, y + 0.2 * pitch), (x + half, y + 1.1 * pitch)]  # fmt: skip
    pen.fill(smooth(back, steps=3), colour, shade=0.12)
    pen.line([(x - 0.66 * half, y + 0.08 * pitch), (x, y + 0.05 * pitch), (x + 0.66 * half, y + 0.08 * pitch)],
             0.03 * pitch, lighter(colour, 0.22), opacity=0.7)  # fmt: skip


def cinema(scene: Scene, pen: Pen, floor: float) -> None:
    """The screen, and curtains beside it; from near, those who watch: rows of seats and the beam."""
    u = scene.u
    if scene.softness > 0:
        _watching(scene, pen, floor)
        return
    x0, y0, x1, y1 = screen_box(scene)
    pen.fill(box(x0 - 0.02 * u, y0 - 0.02 * u, x1 + 0.02 * u, y1 + 0.02 * u), "#17151c", shade=0)
    cool = mix(scene.colours.light, rgb("#cfe2f4"), 0.7)
    ink = scene.style == "ink_wash"
    kept = 0.25 if ink else 1.0
    pen.sheet.fill(box(x0, y0, x1, y1), cool, kept=kept)
    frame, middle = box(x0, y0, x1, y1), (y0 + y1) / 2
    pen.sheet.fill(box(x0, y0, x1, middle + 0.08 * u), mix(rgb("#8fc0e0"), cool, 0.25), kept=kept)
    pen.shine(ellipse(scene.w / 2 + 0.2 * u, y0 + 0.2 * u, 0.09 * u, 0.09 * u), rgb("#fff6d8"))
    hills = np.linspace(x0, x1, 30)
    for row, tone in enumerate(("#7fa6b8", "#4f7f8e", "#2f5a68")):
        y = middle + (0.02 + 0.07 * row) * u + 0.035 * u * np.sin(hills / u * (5 + 2 * row) + 2 * row)
        shape = np.vstack([np.column_stack([hills, y]), points((x1, y1), (x0, y1))])
        pen.sheet.fill(shape, rgb(tone), kept=0.8 * kept, clip=frame)
    for side, x in ((-1, x0), (1, x1)):
        edge = x + side * 0.03 * u
        _folds(pen, edge, edge + side * 0.3 * u, -6, floor, darker(PLUSH, 0.35))
    for row, (top, pitch) in enumerate(((floor - 0.1 * u, 0.12 * u), (floor - 0.035 * u, 0.145 * u))):
        seats(pen, top, pitch, darker(PLUSH, 0.42 - 0.12 * row), shift=0.5 * row)


def _watching(scene: Scene, pen: Pen, floor: float) -> None:
    u = scene.u
    start = (scene.w * (0.82 if scene.staging.hero_x < 0.5 else 0.18), 0.08 * scene.h)
    pen.shine(ellipse(*start, 0.014 * u, 0.012 * u), rgb("#ffffff"))
    away = -0.2 * scene.w if scene.staging.hero_x < 0.5 else 1.2 * scene.w
    beam = points(start, (away, 0.1 * scene.h), (away, 0.62 * scene.h))
    pen.sheet.fill(beam, rgb("#cfe2f4"), opacity=0.13, soft=0.02 * u, kept=1)
    scene.glows.append((*start, 0.3 * u))
    rows = ((0.34, 0.12), (0.22, 0.15), (0.07, 0.19), (-0.12, 0.24))
    for row, (up, pitch) in enumerate(rows):
        tone = darker(PLUSH, 0.5 - 0.09 * row)
        if row < 3:
            _heads(pen, floor - up * u, pitch * u, row)
        seats(pen, floor - up * u, pitch * u, tone, shift=0.5 * (row % 2))


def _heads(pen: Pen, y: float, pitch: float, row: int) -> None:
    """Of others who watch, facing us: dim."""
    scene = pen.scene
    rng = scene.rng("watching", row)
    for k in range(-1, math.ceil(scene.w / pitch) + 1):
        if rng.random() < 0.45:
            continue
        x = (k + 0.5 + 0.5 * (row % 2)) * pitch
        tone = darker(rgb("#d9b090"), 0.45)
        pen.fill(ellipse(x, y + 0.02 * pitch, 0.3 * pitch, 0.2 * pitch), darker(rgb("#5c6670"), 0.4))
        pen.fill(ellipse(x, y - 0.2 * pitch, 0.16 * pitch, 0.19 * pitch), tone, shade=0.2)
        pen.flat(ellipse(x, y - 0.29 * pitch, 0.17 * pitch, 0.12 * pitch), darker(rgb("#4a342a"), 0.3))


def _folds(pen: Pen, x0: float, x1: float, top: float, bottom: float, cloth: Colour) -> None:
    """A curtain."""
    left, right = min(x0, x1), max(x0, x1)
    pen.fill(box(left, top, right, bottom), cloth, shade=0)
    count = max(3, round((right - left) / (0.05 * pen.scene.u)))
    wide = (right - left) / count
    for k in range(count):
        x = left + (k + 0.5) * wide
        pen.flat(box(x - 0.2 * wide, top, x + 0.02 * wide, bottom), lighter(cloth, 0.1), opacity=0.8)
        pen.flat(box(x + 0.2 * wide, top, x + 0.5 * wide, bottom), darker(cloth, 0.35), opacity=0.8)


def theatre(scene: Scene, pen: Pen, floor: float) -> None:
    """The stage: a painted back cloth between red curtains, and the light on whoever stands there."""
    u = scene.u
    cloth = box(-4, -6, scene.w + 4, floor)
    pen.fill(cloth, mix(rgb("#5a7a9a"), scene.colours.glow, 0.15), shade=0)
    pen.flat(ellipse(scene.staging.landmark_x * scene.w, floor - 0.42 * u, 0.11 * u, 0.11 * u), "#f4e2a8", clip=cloth)
    x = np.linspace(-4, scene.w + 4, 40)
    for row, tone in enumerate(("#4a6a6a", "#3a5648")):
        y = floor - (0.2 - 0.09 * row) * u + 0.05 * u * np.sin(x / u * (4 + 3 * row) + row)
        pen.flat(np.vstack([np.column_stack([x, y]), points((scene.w + 4, floor), (-4, floor))]), tone)
    board = rgb("#8a6240")
    pen.fill(box(-4, floor, scene.w + 4, 0.9 * scene.h), board, shade=0)
    for k in range(6):
        y = floor + 0.012 * u * (k + 1) ** 1.5
        pen.line([(-4, y), (scene.w + 4, y)], 0.004 * u, darker(board, 0.35), opacity=0.7)
    hx = scene.staging.hero_x * scene.w
    lit = points((hx - 0.04 * u, -8), (hx + 0.04 * u, -8), (hx + 0.28 * u, floor + 0.12 * u),
                 (hx - 0.28 * u, floor + 0.12 * u))  # fmt: skip
    pen.sheet.fill(lit, scene.colours.glow, opacity=0.22, soft=0.02 * u, kept=1)
    pen.sheet.fill(ellipse(hx, floor + 0.09 * u, 0.3 * u, 0.05 * u), scene.colours.glow, opacity=0.4, soft=0.02 * u)
    wide = 0.13 * scene.w
    for left, right in ((-8.0, wide), (scene.w - wide, scene.w + 8.0)):
        _folds(pen, left, right, -6, floor + 0.05 * u, PLUSH)
    _valance(pen, 0.11 * u)


def _valance(pen: Pen, high: float) -> None:
    scene = pen.scene
    count = round(scene.w / (0.24 * scene.u))
    wide = scene.w / count
    for k in range(count):
        x = (k + 0.5) * wide
        swag = np.vstack([points((x - wide / 2, -8)), ellipse(x, 0.35 * high, wide / 2, 0.9 * high, start=180, end=0),
                          points((x + wide / 2, -8))])  # fmt: skip
        pen.fill(swag, lighter(PLUSH, 0.05), shade=0.2)
        fringe = ellipse(x, 0.35 * high, wide / 2, 0.9 * high, start=180, end=0)
        pen.sheet.fill(stroke(fringe, 0.1 * high, smoothed=False), pen.lit("#d9a84a"))


def audience(scene: Scene, sheet: Sheet) -> None:
    """The last row before us, dark: backs of seats and some heads."""
    u, tone = scene.u, darker(scene.colours.foreground, 0.1)
    pitch, y = 0.2 * u, 0.945 * scene.h
    rng = scene.rng("audience")
    for k in range(-1, math.ceil(scene.w / pitch) + 1):
        x = (k + 0.5) * pitch
        if rng.random() < 0.5:
            sheet.fill(ellipse(x, y - 0.035 * u, 0.038 * u, 0.045 * u), tone)
            sheet.fill(ellipse(x, y + 0.03 * u, 0.075 * u, 0.04 * u), tone)
        back = [(x - 0.09 * u, scene.h + 9), (x - 0.09 * u, y + 0.035 * u), (x - 0.06 * u, y + 0.005 * u),
                (x + 0.06 * u, y + 0.005 * u), (x + 0.09 * u, y + 0.035 * u), (x + 0.09 * u, scene.h + 9)]  # fmt: skip
        sheet.fill(smooth(back, steps=3), tone)
