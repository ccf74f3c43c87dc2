"""What makes a room a hospital's, or an office."""

from soundstage.film.painting.colours import darker, lighter, mix, rgb
from soundstage.film.painting.interiors.measures import WOOD, bed, free_side
from soundstage.film.painting.interiors.pieces import lamp_on
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, path, points, smooth
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.things import draw_thing

_STEEL = rgb("#aab4bc")


def ward(scene: Scene, pen: Pen, floor: float) -> None:
    """A white bed on wheels, a drip, a screen of cloth, a cupboard with flowers."""
    u = scene.u
    x, _, side = bed(scene)
    base = floor + 0.05 * u
    pen.flat(box(-4, floor - 0.24 * u, scene.w + 4, floor), mix(rgb("#8fb5ac"), scene.colours.shade, 0.25), opacity=0.7)
    pen.line([(-4, floor - 0.24 * u), (scene.w + 4, floor - 0.24 * u)], 0.006 * u, "#efe8dc")
    cloth = rgb("#9cc0bd")
    left, right = sorted((x - side * 0.58 * u, x - side * 0.36 * u))
    pen.line([(left - 0.02 * u, floor - 0.6 * u), (right + 0.02 * u, floor - 0.6 * u)], 0.012 * u, _STEEL)
    pen.fill(box(left, floor - 0.595 * u, right, floor + 0.02 * u), cloth, shade=0)
    for k in range(5):
        fold = left + (k + 0.5) * (right - left) / 5
        pen.flat(box(fold, floor - 0.595 * u, fold + 0.02 * u, floor + 0.02 * u), darker(cloth, 0.16))
    for at, high in ((-0.32, 0.36), (0.32, 0.25)):
        for slip in (-0.012, 0.012):
            pen.line([(x + side * (at + slip) * u, base - 0.01 * u), (x + side * (at + slip) * u, base - high * u)],
                     0.012 * u, _STEEL)  # fmt: skip
        pen.line([(x + side * (at - 0.014) * u, base - high * u), (x + side * (at + 0.014) * u, base - high * u)],
                 0.03 * u, lighter(_STEEL, 0.3))  # fmt: skip
        pen.fill(ellipse(x + side * at * u, base, 0.02 * u, 0.02 * u), "#3c4048")
    pen.fill(box(x - 0.32 * u, base - 0.15 * u, x + 0.32 * u, base - 0.11 * u), _STEEL, shade=0.2)
    pen.fill(smooth(path(x, base, u, "-0.31 0.14, -0.3 0.22, 0 0.23, 0.3 0.22, 0.32 0.12, 0 0.1, -0.31 0.12"), steps=5),
             "#f2f0ea", shade=0.16)  # fmt: skip
    pillow = path(x, base, u, "-0.3 0.21, -0.29 0.3, -0.14 0.3, -0.13 0.22", side)
    pen.fill(smooth(pillow, steps=5), "#ffffff", shade=0.2)
    drip = x - side * 0.42 * u
    pen.line([(drip, base), (drip, floor - 0.52 * u)], 0.012 * u, _STEEL)
    pen.line([(drip - 0.05 * u, base), (drip + 0.05 * u, base)], 0.014 * u, _STEEL)
    pen.line([(drip, floor - 0.52 * u), (drip + side * 0.06 * u, floor - 0.52 * u)], 0.01 * u, _STEEL)
    bag = path(drip + side * 0.055 * u, floor - 0.37 * u, u, "-0.025 0.14, 0.025 0.14, 0.03 0.03, 0 0, -0.03 0.03")
    pen.fill(smooth(bag, steps=4), "#dfeef2", shade=0.2)
    pen.line([(drip + side * 0.055 * u, floor - 0.37 * u), (drip + side * 0.09 * u, floor - 0.25 * u),
              (drip + side * 0.16 * u, base - 0.2 * u)], 0.005 * u, "#cfe0e6")  # fmt: skip
    table = x + side * 0.45 * u
    pen.fill(box(table - 0.075 * u, floor - 0.18 * u, table + 0.075 * u, floor + 0.03 * u), "#d9e0de", shade=0.06)
    for k in range(2):
        pen.line([(table - 0.05 * u, floor - (0.12 - 0.08 * k) * u), (table + 0.05 * u, floor - (0.12 - 0.08 * k) * u)],
                 0.006 * u, "#93a3a6")  # fmt: skip
    draw_thing(pen, "flower", table - 0.02 * u, floor - 0.18 * u, 0.15 * u)
    lamp_on(scene, pen, table + side * 0.05 * u, floor - 0.18 * u, 0.12 * u)
    sign = x + side * 0.12 * u
    pen.fill(box(sign - 0.055 * u, floor - 0.6 * u, sign + 0.055 * u, floor - 0.49 * u), "#f4f2ee", shade=0)
    for half_x, half_y in ((0.036, 0.012), (0.012, 0.036)):
        pen.flat(box(sign - half_x * u, floor - (0.545 + half_y) * u, sign + half_x * u, floor - (0.545 - half_y) * u),
                 "#c8483c")  # fmt: skip


def office(scene: Scene, pen: Pen, floor: float) -> None:
    """A desk with its screen and papers, files on shelves, a cabinet, a clock."""
    u = scene.u
    x = min(max(free_side(scene) * scene.w, 0.33 * u), scene.w - 0.33 * u)
    for row in range(2):
        low = floor - (0.44 + 0.17 * row) * u
        pen.fill(box(x - 0.26 * u, low, x + 0.26 * u, low + 0.014 * u), WOOD, shade=0)
        for k in range(9):
            tone = ("#4f6f94", "#8a3c34", "#5a6a44", "#c9b48a", "#4a4c54")[(k * 2 + row) % 5]
            left = x + (-0.235 + 0.052 * k) * u
            pen.fill(box(left, low - 0.125 * u, left + 0.042 * u, low), rgb(tone), shade=0.06)
            pen.flat(box(left + 0.012 * u, low - 0.1 * u, left + 0.03 * u, low - 0.06 * u), "#efe8dc")
    side = 1 if x < scene.w / 2 else -1
    steel = rgb("#7f8a92")
    near = x + side * 0.42 * u
    pen.fill(box(near - 0.075 * u, floor - 0.34 * u, near + 0.075 * u, floor + 0.01 * u), steel, shade=0.06)
    for k in range(3):
        top = floor - (0.325 - 0.11 * k) * u
        pen.fill(box(near - 0.062 * u, top, near + 0.062 * u, top + 0.095 * u), lighter(steel, 0.1), shade=0.12)
        pen.line([(near - 0.02 * u, top + 0.045 * u), (near + 0.02 * u, top + 0.045 * u)], 0.01 * u, "#d9dee2")
    draw_thing(pen, "flower", near, floor - 0.34 * u, 0.15 * u)
    draw_thing(pen, "clock", near, floor - 0.62 * u, 0.13 * u)
    desk(scene, pen, x, floor + 0.07 * u, 0.58 * u)
    lamp_on(scene, pen, x - side * 0.18 * u, floor - 0.15 * u, 0.15 * u)


def desk(scene: Scene, pen: Pen, x: float, base: float, wide: float) -> None:
    """With a computer, papers and a telephone on it."""
    u, half, top = scene.u, wide / 2, base - 0.22 * scene.u
    pen.fill(box(x - half, top, x + half, top + 0.025 * u), lighter(WOOD, 0.18), shade=0)
    for dx in (-half + 0.02 * u, half - 0.17 * u):
        pen.fill(box(x + dx, top + 0.024 * u, x + dx + 0.15 * u, base), WOOD, shade=0)
        for k in range(2):
            y = top + (0.06 + 0.08 * k) * u
            pen.fill(box(x + dx + 0.015 * u, y, x + dx + 0.135 * u, y + 0.065 * u), lighter(WOOD, 0.08), shade=0.15)
    pen.fill(box(x - 0.012 * u, top - 0.05 * u, x + 0.012 * u, top), "#3c4048")
    pen.fill(box(x - 0.11 * u, top - 0.19 * u, x + 0.11 * u, top - 0.04 * u), "#2e3138", shade=0.05)
    pen.shine(box(x - 0.097 * u, top - 0.178 * u, x + 0.097 * u, top - 0.055 * u), rgb("#a9cbe4"), opacity=0.85)
    pen.fill(points((x - 0.09 * u, top), (x + 0.09 * u, top), (x + 0.08 * u, top - 0.014 * u),
                    (x - 0.08 * u, top - 0.014 * u)), "#4a4c54")  # fmt: skip
    for k in range(5):
        y = top - 0.009 * k * u
        pen.fill(box(x + (0.15 + 0.004 * (k % 2)) * u, y - 0.009 * u, x + 0.25 * u, y), "#f2ece0", shade=0.1)
    draw_thing(pen, "cup", x - 0.17 * u, top, 0.055 * u)
