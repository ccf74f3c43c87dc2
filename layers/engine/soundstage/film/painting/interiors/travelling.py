"""What makes a room the inside of a train, a bus, a spaceship."""

import numpy as np

from soundstage.film.painting.colours import Colour, darker, lighter, mix, rgb
from soundstage.film.painting.interiors.measures import openings
from soundstage.film.painting.interiors.pieces import rounded
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import Points, box, ellipse, points, smooth, stroke
from soundstage.film.painting.scene import Scene

_CLOTH = {"carriage": rgb("#3f6a5c"), "bus": rgb("#3f5f8a")}


def carriage(scene: Scene, pen: Pen, floor: float) -> None:
    """Benches under a row of windows, a rack with luggage over them, rails and lamps along the roof."""
    u, room = scene.u, scene.room or "carriage"
    holes = openings(scene)
    trim = rgb("#b9bcc2") if room == "bus" else lighter(rgb("#7a5236"), 0.1)
    for hole in holes:
        (x0, y0), (x1, y1) = map(float, hole.min(0)), map(float, hole.max(0))
        t = 0.012 * u
        pen.fill([box(x0 - t, y0 - t, x1 + t, y1 + t), hole], trim, shade=0)
        pen.fill(box(x0, y0 + 0.24 * (y1 - y0), x1, y0 + 0.24 * (y1 - y0) + 0.008 * u), trim, shade=0)
        if room == "carriage":
            for side, x in ((1, x0), (-1, x1)):
                cloth = [(x, y0), (x + side * 0.05 * u, y0), (x + side * 0.025 * u, y0 + 0.6 * (y1 - y0)), (x, y1)]
                pen.fill(smooth(cloth, steps=3), "#a8503f", shade=0.2)
    roof = floor - 0.58 * u
    pen.fill(box(-4, -6, scene.w + 4, max(roof, 0.02 * scene.h)), mix(rgb("#c9c2b0"), scene.colours.shade, 0.3),
             shade=0)  # fmt: skip
    lamp = max(roof - 0.03 * u, 0.035 * scene.h)
    for k in range(4):
        x = scene.w * (k + 0.5) / 4
        shade = box(x - 0.09 * u, lamp - 0.012 * u, x + 0.09 * u, lamp + 0.012 * u)
        if scene.light.kind == "lamp":
            pen.shine(shade, mix(scene.colours.glow, rgb("#fff6dc"), 0.6))
            scene.glows.append((x, lamp, 0.32 * u))
        else:
            pen.fill(shade, "#efe9dc")
    if room == "carriage":
        _rack(scene, pen, floor - 0.5 * u)
    else:
        rail = floor - 0.53 * u
        pen.line([(-4, rail), (scene.w + 4, rail)], 0.012 * u, "#c9ccd2")
        for k in range(round(scene.w / (0.16 * u))):
            x = (k + 0.5) * 0.16 * u
            pen.line([(x, rail), (x, rail + 0.05 * u)], 0.008 * u, "#3c4048")
            pen.line(ellipse(x, rail + 0.075 * u, 0.022 * u, 0.026 * u), 0.009 * u, "#e0b040")
    pitch = 0.4 * u
    for k in range(-1, round(scene.w / pitch) + 2):
        _bench(pen, k * pitch, floor + 0.03 * u, u, _CLOTH[room], pair=room == "carriage")


def _rack(scene: Scene, pen: Pen, y: float) -> None:
    u, rng = scene.u, scene.rng("luggage")
    brass = rgb("#c79a45")
    for k in range(round(scene.w / (0.24 * u)) + 1):
        x = k * 0.24 * u
        if rng.random() < 0.7:
            wide, high = rng.uniform(0.1, 0.18) * u, rng.uniform(0.06, 0.09) * u
            tone = rgb(("#7a4a34", "#5a6a78", "#8a6a3c", "#6a3f44")[int(rng.integers(4))])
            pen.fill(box(x, y - high, x + wide, y), tone, shade=0.1)
            pen.line([(x + 0.4 * wide, y - high), (x + 0.5 * wide, y - high - 0.012 * u), (x + 0.6 * wide, y - high)],
                     0.008 * u, darker(tone, 0.4))  # fmt: skip
            pen.flat(box(x + 0.2 * wide, y - high, x + 0.26 * wide, y), darker(tone, 0.3))
    for dy in (-0.03, 0.0):
        pen.line([(-4, y + dy * u), (scene.w + 4, y + dy * u)], 0.009 * u, brass)


def _bench(pen: Pen, x: float, base: float, u: float, cloth: Colour, *, pair: bool) -> None:
    """A high back with a seat on either side, or on the right of it."""
    wood = rgb("#4a3428")
    for side in (-1, 1) if pair else (1,):
        near, far = sorted((x + side * 0.02 * u, x + side * 0.155 * u))
        pen.fill(box(near, base - 0.1 * u, far, base - 0.01 * u), wood, shade=0.05)
        near, far = sorted((x + side * 0.02 * u, x + side * 0.17 * u))
        pen.fill(rounded(near, base - 0.155 * u, far, base - 0.09 * u, 0.018 * u), lighter(cloth, 0.1), shade=0.25)
    pen.fill(rounded(x - 0.052 * u, base - 0.36 * u, x + 0.052 * u, base, 0.03 * u), cloth, shade=0.2)
    pen.fill(box(x - 0.052 * u, base - 0.05 * u, x + 0.052 * u, base), wood, shade=0.05)
    cover = rounded(x - 0.054 * u, base - 0.362 * u, x + 0.054 * u, base - 0.28 * u, 0.03 * u)
    pen.fill(cover, "#e4dccb", shade=0.15)


def passing(scene: Scene) -> list[tuple[Points, Colour]]:
    """What is seen from the windows of what rolls: fields in strips, trees, and poles; shapes with their colours."""
    c, u, rng = scene.colours, scene.u, scene.rng("passing")
    floor = (min(scene.staging.ground, 0.86) - 0.075) * scene.h
    found: list[tuple[Points, Colour]] = []
    x = np.linspace(-10, scene.w + 10, 60)
    tones = (mix(c.shade, c.horizon, 0.35), mix(c.foliage, c.horizon, 0.3), mix(c.earth, c.horizon, 0.15), c.foliage)
    for row, tone in enumerate(tones):
        y = floor - (0.31 - 0.04 * row) * u + (0.014 - 0.003 * row) * u * np.sin(x / u * (5 + 2 * row) + row)
        found.append((np.vstack([np.column_stack([x, y]), points((scene.w + 10, floor), (-10, floor))]), tone))
    for _ in range(9):
        tx, r = rng.uniform(0, scene.w), rng.uniform(0.02, 0.045) * u
        found.append((ellipse(tx, floor - 0.25 * u, r, 1.2 * r), darker(c.foliage, 0.25)))
    for k in range(3):
        pole = scene.w * (0.14 + 0.34 * k)
        found.append((box(pole - 0.006 * u, floor - 0.5 * u, pole + 0.006 * u, floor), mix(c.foreground, c.shade, 0.4)))
    return found


def cabin(scene: Scene, pen: Pen, floor: float) -> None:
    """Round windows into the dark, panels, a console with lights."""
    u = scene.u
    steel = rgb("#8f9aa8")
    for k in range(round(scene.w / (0.3 * u)) + 1):
        x = k * 0.3 * u
        pen.line([(x, -8), (x, floor)], 0.008 * u, darker(steel, 0.35))
    for up in (0.2, 0.56):
        pen.line([(-4, floor - up * u), (scene.w + 4, floor - up * u)], 0.012 * u, darker(steel, 0.25))
    for hole in openings(scene):
        x, y = hole.mean(0)
        r = float(np.ptp(hole[:, 0])) / 2
        pen.fill([ellipse(x, y, 1.17 * r, 1.17 * r), ellipse(x, y, r, r)], lighter(steel, 0.15), shade=0.08)
        for k in range(10):
            a = k * np.pi / 5
            pen.flat(ellipse(x + 1.085 * r * np.cos(a), y + 1.085 * r * np.sin(a), 0.035 * r, 0.035 * r), "#4a525c")
    for k, share in enumerate((0.08, 0.5, 0.93)):
        if abs(share - scene.staging.hero_x) < 0.1:
            continue
        _console(scene, pen, share * scene.w, floor + 0.03 * u, k)


def _console(scene: Scene, pen: Pen, x: float, base: float, number: int) -> None:
    u, rng = scene.u, scene.rng("console", number)
    body = points((x - 0.2 * u, base), (x - 0.22 * u, base - 0.2 * u), (x - 0.16 * u, base - 0.3 * u),
                  (x + 0.16 * u, base - 0.3 * u), (x + 0.22 * u, base - 0.2 * u), (x + 0.2 * u, base))  # fmt: skip
    pen.fill(body, "#5c6672", shade=0.1)
    pen.fill(points((x - 0.215 * u, base - 0.2 * u), (x - 0.16 * u, base - 0.29 * u), (x + 0.16 * u, base - 0.29 * u),
                    (x + 0.215 * u, base - 0.2 * u)), "#39414c", shade=0)  # fmt: skip
    for _ in range(14):
        lx, ly = x + rng.uniform(-0.15, 0.15) * u, base - rng.uniform(0.21, 0.28) * u
        tone = rgb(("#7fe0c0", "#ffc766", "#e8705f", "#9fc8ff")[int(rng.integers(4))])
        pen.shine(ellipse(lx, ly, 0.008 * u, 0.006 * u), tone)
    pen.shine(box(x - 0.07 * u, base - 0.17 * u, x + 0.07 * u, base - 0.07 * u), rgb("#2f6f7c"))
    wave = [(x + (-0.06 + 0.02 * k) * u, base - (0.12 + 0.03 * (k % 2) * (1 - k / 8)) * u) for k in range(7)]
    pen.sheet.fill(stroke(wave, 0.006 * u), rgb("#9ff0d8"), kept=1)
    scene.glows.append((x, base - 0.2 * u, 0.3 * u))
