"""Land and water: ridges, trees, grass, rocks, waves; drawn into sheets by the places that need them."""

import math

import numpy as np

from soundstage.arrays import Floats
from soundstage.film.painting.colours import Colour, darker, lighter, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import Points, Sheet, box, ellipse, limb, points, profile, smooth, stroke
from soundstage.film.painting.scene import Scene


def ridge_line(
    scene: Scene, height: float, amplitude: float, *what: object, features: int = 3, rough: float = 0.5
) -> Floats:
    """Heights of a ridge in pixels, one per column; ``height`` and ``amplitude`` as shares of the picture."""
    line = profile(scene.w, scene.rng("ridge", *what), features=features, rough=rough)
    return np.asarray((height - amplitude * line) * scene.h, np.float64)


def below(scene: Scene, line: Floats, bottom: float | None = None) -> Points:
    """The outline of what lies under a line of one height per column."""
    low = scene.h + 4 if bottom is None else bottom
    x = np.arange(-4, scene.w + 5, 3.0)
    y = np.interp(x, np.arange(len(line)), line)
    return np.vstack([np.column_stack([x, y]), points((scene.w + 4, low), (-4, low))])


def pine(sheet: Sheet, x: float, y: float, h: float, colour: Colour, rng: np.random.Generator) -> None:
    tiers = 6
    left, right = [(x, y - h)], [(x, y - h)]
    for k in range(tiers):
        half = h * 0.24 * (k + 1) / tiers * rng.uniform(0.82, 1.15)
        level = y - h + h * 0.93 * (k + 1) / tiers
        right += [(x + half, level + h * 0.03 * rng.random()), (x + half * 0.5, level - h * 0.035)]
        left += [(x - half, level + h * 0.03 * rng.random()), (x - half * 0.5, level - h * 0.035)]
    sheet.fill(box(x - h * 0.022, y - h * 0.1, x + h * 0.022, y + 2), colour)
    sheet.fill(np.array([*right, *left[::-1]]), colour)


def leafy(
    sheet: Sheet,
    x: float,
    y: float,
    h: float,
    colour: Colour,
    dark: Colour,
    trunk: Colour,
    rng: np.random.Generator,
    *,
    bare: bool = False,
) -> None:
    """A broad-leaved tree; ``bare`` in winter."""
    bend = rng.uniform(-0.05, 0.05) * h
    sheet.fill(
        stroke([(x, y + 2), (x + bend * 0.4, y - 0.3 * h), (x + bend, y - 0.55 * h)], [0.075 * h, 0.05 * h, 0.03 * h]),
        trunk,
    )
    for _ in range(7 if bare else 4):
        angle = math.radians(rng.uniform(-160, -20))
        start = (x + bend * 0.6, y - rng.uniform(0.34, 0.56) * h)
        reach = h * rng.uniform(0.2, 0.4)
        end = (start[0] + reach * math.cos(angle), start[1] + reach * math.sin(angle))
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + 0.03 * h)
        sheet.fill(stroke([start, middle, end], [0.032 * h, 0.02 * h, 0.006 * h]), trunk)
        if bare:
            for turn in (-0.5, 0.5):
                twig = (end[0] + 0.12 * h * math.cos(angle + turn), end[1] + 0.12 * h * math.sin(angle + turn))
                sheet.fill(stroke([middle, twig], [0.012 * h, 0.003 * h]), trunk)
    if bare:
        return
    crown = []
    for k in range(11):
        angle, reach = k * 2.4, math.sqrt((k + 0.5) / 11)
        crown.append(
            (
                x + bend + 0.26 * h * reach * math.cos(angle),
                y - 0.72 * h + 0.2 * h * reach * math.sin(angle),
                h * rng.uniform(0.11, 0.155),
            )
        )
    for cx, cy, r in crown:
        sheet.fill(_ragged(cx, cy + 0.03 * h, r, rng), dark)
    for cx, cy, r in sorted(crown, key=lambda spot: spot[1], reverse=True):
        sheet.fill(_ragged(cx - 0.01 * h, cy - 0.02 * h, r * 0.9, rng), colour, opacity=0.9)


def _ragged(x: float, y: float, r: float, rng: np.random.Generator) -> Points:
    angles = np.linspace(0, 2 * math.pi, 15)[:-1]
    reach = r * rng.uniform(0.84, 1.12, 14)
    return smooth(np.column_stack([x + reach * np.cos(angles), y + reach * np.sin(angles)]), steps=3)


def palm(sheet: Sheet, x: float, y: float, h: float, colour: Colour, trunk: Colour, rng: np.random.Generator) -> None:
    top = (x + h * 0.16, y - h * 0.86)
    sheet.fill(stroke([(x, y + 2), (x + 0.04 * h, y - 0.45 * h), top], [0.06 * h, 0.042 * h, 0.034 * h]), trunk)
    for k in range(8):
        angle = math.radians(-190 + 29 * k + rng.uniform(-6, 6))
        end = (top[0] + 0.36 * h * math.cos(angle), top[1] + 0.26 * h * math.sin(angle) + 0.1 * h)
        sheet.fill(
            stroke(
                [top, ((top[0] + end[0]) / 2, (top[1] + end[1]) / 2 - 0.07 * h), end], [0.02 * h, 0.075 * h, 0.006 * h]
            ),
            colour,
        )


def grass(
    scene: Scene,
    sheet: Sheet,
    line: Floats,
    colour: Colour,
    rng: np.random.Generator,
    *,
    count: int = 140,
    tall: float = 0.03,
    flowers: bool = False,
) -> None:
    for _ in range(count):
        x = rng.uniform(0, scene.w)
        y = float(line[min(len(line) - 1, int(x))]) + 2
        h = scene.u * tall * rng.uniform(0.4, 1.2)
        lean = rng.uniform(-0.5, 0.6) * h
        sheet.fill(
            stroke([(x, y), (x + lean * 0.3, y - h * 0.6), (x + lean, y - h)], [scene.u * 0.004, scene.u * 0.003, 0.5]),
            colour,
        )
        if flowers and rng.random() < 0.3:
            tone = [rgb("#f2d46a"), rgb("#e88a9a"), rgb("#f4efe6"), rgb("#b79ae0")][int(rng.integers(4))]
            sheet.fill(
                ellipse(x + lean, y - h, scene.u * 0.005, scene.u * 0.005),
                mix(tone, scene.colours.shade, 0.2 + 0.5 * scene.colours.dark),
            )


def rocks(
    scene: Scene, pen: Pen, x: float, y: float, size: float, colour: Colour, rng: np.random.Generator, count: int = 3
) -> None:
    for _ in range(count):
        cx, s = x + rng.uniform(-0.8, 0.8) * size, size * rng.uniform(0.45, 1.0)
        corners = [
            (cx - 0.55 * s, y + 3),
            (cx - 0.5 * s, y - 0.24 * s),
            (cx - 0.2 * s, y - rng.uniform(0.4, 0.62) * s),
            (cx + 0.16 * s, y - rng.uniform(0.36, 0.55) * s),
            (cx + 0.46 * s, y - 0.2 * s),
            (cx + 0.58 * s, y + 3),
        ]
        pen.sheet.fill(
            np.array(corners),
            colour,
            shade=mix(darker(colour, 0.25), scene.colours.shade, 0.15),
            toward=scene.toward_light(cx, y, 0.14 * s),
        )


def bush(sheet: Sheet, x: float, y: float, s: float, colour: Colour, dark: Colour, rng: np.random.Generator) -> None:
    spots = [
        (x + rng.uniform(-0.5, 0.5) * s, y - rng.uniform(0.1, 0.4) * s, s * rng.uniform(0.22, 0.36)) for _ in range(6)
    ]
    for cx, cy, r in spots:
        sheet.fill(_ragged(cx, cy + 0.05 * s, r, rng), dark)
    for cx, cy, r in spots:
        sheet.fill(_ragged(cx, cy - 0.02 * s, r * 0.85, rng), colour, opacity=0.85)


def waves(scene: Scene, sheet: Sheet, top: float, bottom: float, *, rough: float = 1.0) -> None:
    """Water from ``top`` to ``bottom`` (shares of the height): farther off lighter, with lines of waves."""
    c, rng = scene.colours, scene.rng("waves", top)
    far, near = mix(c.water, c.horizon, 0.5), mix(c.water, c.foreground, 0.35)
    sheet.fill(box(-4, top * scene.h, scene.w + 4, bottom * scene.h + 4), far, to=near)
    rows = 15
    for row in range(rows):
        depth = (row + 0.6) / rows
        y = (top + (bottom - top) * depth**1.5) * scene.h
        tone = mix(far, near, depth)
        long, thick = scene.u * (0.06 + 0.26 * depth), scene.u * (0.0015 + 0.008 * depth * rough)
        for _ in range(7):
            x = rng.uniform(-0.1, 1.0) * scene.w
            half = long * rng.uniform(0.5, 1.3)
            line = [
                (x, y),
                (x + half * 0.5, y - thick * 1.2 * rough),
                (x + half, y),
                (x + half * 1.5, y - thick * rough),
                (x + half * 2, y),
            ]
            light = lighter(mix(tone, c.horizon, 0.4), 0.06) if rng.random() < 0.55 else darker(tone, 0.16)
            sheet.fill(stroke(line, [0.5, thick, thick * 1.1, thick, 0.5]), light, opacity=0.65)


def crests(scene: Scene, sheet: Sheet, height: float, size: float, colour: Colour, foam: Colour, *what: object) -> None:
    """One row of high waves across the picture."""
    rng = scene.rng("crests", *what)
    count = max(3, round(scene.w / (size * scene.u * 2.6)))
    x = np.linspace(-8, scene.w + 8, 260)
    phase, step = rng.uniform(0, 6.28), 2 * math.pi * count / scene.w
    swell = np.sin(step * x + phase) + 0.35 * np.sin(2.3 * step * x + 2 * phase)
    peak = np.sign(swell) * np.abs(swell) ** 0.8
    y = height * scene.h - size * scene.u * 0.35 * peak
    sheet.fill(
        np.vstack([np.column_stack([x, y]), points((scene.w + 8, scene.h + 4), (-8, scene.h + 4))]),
        colour,
        to=darker(colour, 0.35),
    )
    line = np.column_stack([x, y])
    widths = (np.clip(peak, 0, 2) * size * scene.u * 0.06 + 0.6).tolist()
    sheet.fill(stroke(line, widths, smoothed=False), foam, opacity=0.8)


def glitter(scene: Scene, sheet: Sheet, top: float, bottom: float) -> None:
    """The light on water, under the light."""
    rng = scene.rng("glitter", top)
    rows = 42
    tone = mix(scene.colours.light, scene.colours.horizon, 0.15)
    for row in range(rows):
        depth = (row + rng.random()) / rows
        y = (top + (bottom - top) * depth**1.3) * scene.h + 2
        spread = scene.u * (0.03 + 0.16 * depth)
        for _ in range(3 if scene.light.strength > 0.5 else 1):
            x = scene.light.x * scene.w + rng.normal() * spread * 0.55
            long = scene.u * (0.008 + 0.035 * depth) * rng.uniform(0.5, 1.6)
            sheet.fill(
                ellipse(x, y, long, scene.u * (0.0010 + 0.0036 * depth)),
                tone,
                opacity=0.85 * (1 - 0.75 * depth) * min(1.0, 0.4 + scene.light.strength),
                kept=0.6,
            )


def path_shape(scene: Scene, x_near: float, x_far: float, top: float, wide: float) -> Points:
    """A way from the lower edge to a far point, winding once."""
    y0, y1 = scene.h + 4.0, top * scene.h
    left, right = [], []
    for k in range(13):
        t = k / 12
        y = y0 + (y1 - y0) * (1 - (1 - t) ** 1.6)
        x = (x_near + (x_far - x_near) * t + 0.09 * math.sin(t * math.pi * 1.7) * (1 - t)) * scene.w
        half = wide * scene.u * (1 - t) ** 1.7 + scene.u * 0.003
        left.append((x - half, y))
        right.append((x + half, y))
    return smooth([*left, *right[::-1]], steps=4)


__all__ = [
    "below",
    "bush",
    "crests",
    "glitter",
    "grass",
    "leafy",
    "limb",
    "palm",
    "path_shape",
    "pine",
    "ridge_line",
    "rocks",
    "waves",
]
