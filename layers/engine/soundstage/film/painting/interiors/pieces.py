"""Single pieces of furniture: shelves, tables, lamps, pictures."""

import numpy as np

from soundstage.film.painting.colours import darker, lighter, mix, rgb
from soundstage.film.painting.interiors.measures import WOOD, window_box
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import Points, box, ellipse, path, points, smooth, stroke
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.things import draw_thing


def shelf(pen: Pen, x: float, floor: float, wide: float, high: float, rows: int, *what: object) -> None:
    rng = pen.scene.rng("shelf", *what)
    pen.fill(box(x - wide / 2, floor - high, x + wide / 2, floor), darker(WOOD, 0.15), shade=0)
    tones = [rgb(text) for text in ("#8a3c34", "#3f5f6a", "#a9803c", "#5a6a44", "#6a4a68", "#c9b48a")]
    for row in range(rows):
        top, bottom = (
            floor - high + high * row / rows + 0.012 * high,
            floor - high + high * (row + 1) / rows - 0.015 * high,
        )
        pen.flat(box(x - wide * 0.46, top, x + wide * 0.46, bottom), darker(WOOD, 0.55))
        at = x - wide * 0.45
        while at < x + wide * 0.42:
            w, h = wide * rng.uniform(0.025, 0.06), (bottom - top) * rng.uniform(0.6, 0.93)
            tone = tones[int(rng.integers(len(tones)))]
            if rng.random() < 0.85:
                pen.flat(box(at, bottom - h, at + w, bottom), tone)
                pen.flat(box(at + w * 0.2, bottom - h * 0.8, at + w * 0.8, bottom - h * 0.72), lighter(tone, 0.35))
            at += w * 1.08


def walls_of_books(scene: Scene, pen: Pen, floor: float, wide: float, high: float) -> None:
    """Shelves along the wall, but for the window."""
    x0, _, x1, _ = window_box(scene)
    count = max(3, round(scene.w / (0.34 * scene.u)))
    for k in range(count):
        x = scene.w * (k + 0.5) / count
        if not x0 - 0.26 * scene.u < x < x1 + 0.26 * scene.u:
            shelf(pen, x, floor + 0.01 * scene.u, wide, high, 5, k)


def lamp_on(scene: Scene, pen: Pen, x: float, y: float, s: float) -> None:
    if "unlit" in scene.told:
        draw_thing(pen, "dark lamp", x, y, s)
    elif scene.light.kind == "lamp" or scene.colours.dark > 0.4:
        draw_thing(pen, "lamp", x, y, s)


def table(pen: Pen, x: float, floor: float, wide: float, high: float) -> None:
    pen.fill(box(x - wide / 2, floor - high, x + wide / 2, floor - high + 0.07 * high), lighter(WOOD, 0.12), shade=0)
    for dx in (-0.44, 0.40):
        pen.fill(box(x + dx * wide, floor - high + 0.06 * high, x + (dx + 0.04) * wide, floor), WOOD, shade=0.3)


def picture(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.5 * s, y - 0.38 * s, x + 0.5 * s, y + 0.38 * s), rgb("#8a6a3c"), shade=0)
    pen.flat(
        box(x - 0.43 * s, y - 0.31 * s, x + 0.43 * s, y + 0.31 * s), mix(rgb("#8fb0b8"), pen.scene.colours.horizon, 0.3)
    )
    pen.flat(
        smooth(path(x, y, s, "-0.43 -0.31, -0.3 -0.02, 0 -0.16, 0.2 0.06, 0.43 -0.31"), steps=4),
        "#5f7a68",
        clip=box(x - 0.43 * s, y - 0.31 * s, x + 0.43 * s, y + 0.31 * s),
    )


def hanging_lamp(scene: Scene, pen: Pen, x: float, y: float, s: float) -> None:
    """From the ceiling, its shade's lower edge at y; lit in the dark."""
    iron = rgb("#3c4048")
    pen.line([(x, -8), (x, y - 0.6 * s)], 0.05 * s, iron)
    lit = (scene.light.kind == "lamp" or scene.colours.dark > 0.4) and "unlit" not in scene.told
    if lit:
        pen.shine(ellipse(x, y, 0.26 * s, 0.2 * s), mix(scene.colours.glow, rgb("#fff3cf"), 0.5))
        scene.glows.append((x, y, 2.4 * s))
    else:
        pen.fill(ellipse(x, y, 0.24 * s, 0.18 * s), "#efe8d8", shade=0.2)
    cap = path(x, y, s, "-0.14 0.6, 0.14 0.6, 0.5 0.02, -0.5 0.02")
    pen.fill(smooth(cap, steps=2), "#4f6a62", shade=0.25)


def steam(pen: Pen, x: float, y: float, s: float) -> None:
    """Rises from something hot at (x, y)."""
    for dx, lean, opacity in ((-0.12, 0.1, 0.3), (0.1, -0.08, 0.34), (0.0, 0.05, 0.26)):
        line = [(x + dx * s, y), (x + (dx + lean) * s, y - 0.3 * s), (x + (dx - lean) * s, y - 0.62 * s),
                (x + (dx + lean) * s, y - s)]  # fmt: skip
        wisp = stroke(line, [0.07 * s, 0.15 * s, 0.13 * s, 0.02 * s])
        pen.shine(wisp, rgb("#f4f2ee"), opacity=opacity, soft=0.05 * s)


def rounded(x0: float, y0: float, x1: float, y1: float, r: float) -> Points:
    """A box with round corners above."""
    return np.vstack([points((x0, y1)), ellipse(x0 + r, y0 + r, r, r, start=180, end=270),
                      ellipse(x1 - r, y0 + r, r, r, start=270, end=360), points((x1, y1))])  # fmt: skip
