"""The other side of each room: what a view of it shows that turns around, so that long scenes do not look alike."""

import numpy as np

from soundstage.film.painting.colours import darker, lighter, mix, rgb
from soundstage.film.painting.interiors.measures import WOOD, free_side
from soundstage.film.painting.interiors.pieces import lamp_on, picture, shelf, table
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, path, points, smooth
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.things import draw_thing


def _chair(pen: Pen, x: float, floor: float, u: float, side: int) -> None:
    tone = lighter(WOOD, 0.06)
    back = x - side * 0.07 * u
    pen.fill(box(back - 0.012 * u, floor - 0.36 * u, back + 0.012 * u, floor + 0.02 * u), tone, shade=0.2)
    pen.fill(
        box(min(back, x + side * 0.07 * u), floor - 0.17 * u, max(back, x + side * 0.07 * u), floor - 0.145 * u), tone
    )
    pen.fill(
        box(x + side * 0.05 * u - 0.01 * u, floor - 0.15 * u, x + side * 0.05 * u + 0.01 * u, floor + 0.02 * u), tone
    )


def _spots(scene: Scene) -> tuple[float, float]:
    """Where large and small furniture goes, pixels."""
    x = free_side(scene) * scene.w
    return x, x + (0.34 if x < scene.w / 2 else -0.34) * scene.u


def home(scene: Scene, pen: Pen, floor: float) -> None:
    """A dresser with plates, and a round table with a cloth."""
    u, (x, near) = scene.u, _spots(scene)
    pen.fill(box(x - 0.2 * u, floor - 0.3 * u, x + 0.2 * u, floor + 0.01 * u), darker(WOOD, 0.06), shade=0)
    for k in (-1, 1):
        pen.line(box(x + k * 0.1 * u - 0.08 * u, floor - 0.26 * u, x + k * 0.1 * u + 0.08 * u, floor - 0.03 * u),
                 0.004 * u, darker(WOOD, 0.35))  # fmt: skip
    pen.fill(box(x - 0.19 * u, floor - 0.66 * u, x + 0.19 * u, floor - 0.3 * u), darker(WOOD, 0.3), shade=0)
    for row in range(2):
        low = floor - (0.32 + 0.17 * row) * u
        for k in range(4):
            tone = "#e8e0d2" if (k + row) % 2 else "#9fb4c0"
            pen.fill(ellipse(x + (-0.135 + 0.09 * k) * u, low - 0.045 * u, 0.036 * u, 0.04 * u), tone, shade=0.2)
        pen.fill(box(x - 0.19 * u, low, x + 0.19 * u, low + 0.015 * u), WOOD, shade=0)
    cloth = path(near, floor, u, "-0.15 0.2, 0.15 0.2, 0.17 0.06, -0.17 0.06")
    pen.fill(box(near - 0.02 * u, floor - 0.1 * u, near + 0.02 * u, floor + 0.05 * u), WOOD)
    pen.fill(cloth, mix(rgb("#c9b7a0"), scene.colours.light, 0.1), shade=0.15)
    draw_thing(pen, "flower", near, floor - 0.19 * u, 0.13 * u)
    lamp_on(scene, pen, scene.light.x * scene.w, floor - 0.19 * u, 0.15 * u)


def kitchen(scene: Scene, pen: Pen, floor: float) -> None:
    """The stove with its pipe and pots, and the table at which one eats."""
    u, (x, near) = scene.u, _spots(scene)
    iron = rgb("#4a4a52")
    pen.fill(box(x - 0.045 * u, floor - 0.95 * u, x + 0.015 * u, floor - 0.3 * u), darker(iron, 0.1), shade=0.3)
    pen.fill(box(x - 0.2 * u, floor - 0.32 * u, x + 0.2 * u, floor + 0.01 * u), iron, shade=0.06)
    pen.fill(box(x - 0.22 * u, floor - 0.345 * u, x + 0.22 * u, floor - 0.31 * u), darker(iron, 0.25), shade=0)
    pen.fill(box(x - 0.12 * u, floor - 0.22 * u, x + 0.06 * u, floor - 0.07 * u), darker(iron, 0.3), shade=0)
    pen.shine(box(x - 0.1 * u, floor - 0.12 * u, x + 0.04 * u, floor - 0.09 * u), rgb("#ff9a4a"), opacity=0.8)
    draw_thing(pen, "bowl", x - 0.1 * u, floor - 0.345 * u, 0.13 * u)
    pen.fill(ellipse(x + 0.11 * u, floor - 0.395 * u, 0.06 * u, 0.055 * u), "#b8734a", shade=0.3)
    table(pen, near, floor + 0.06 * u, 0.36 * u, 0.22 * u)
    for dx, thing, s in ((-0.1, "bread", 0.09), (0.02, "cup", 0.06), (0.11, "apple", 0.06)):
        draw_thing(pen, thing, near + dx * u, floor - 0.155 * u, s * u)
    lamp_on(scene, pen, scene.light.x * scene.w, floor - 0.2 * u, 0.15 * u)


def classroom(scene: Scene, pen: Pen, floor: float) -> None:
    """A map on the wall, coats on their hooks, a bookcase."""
    u, (x, near) = scene.u, _spots(scene)
    sea = mix(rgb("#a9c4c8"), scene.colours.horizon, 0.2)
    pen.fill(box(x - 0.22 * u, floor - 0.72 * u, x + 0.22 * u, floor - 0.38 * u), sea, shade=0)
    frame = box(x - 0.22 * u, floor - 0.72 * u, x + 0.22 * u, floor - 0.38 * u)
    lands = (
        (-0.12, 0.6, 0.07, 0.07, "#c9a86a"),
        (0.03, 0.58, 0.06, 0.09, "#8aa870"),
        (0.12, 0.5, 0.07, 0.05, "#c98a6a"),
    )
    for dx, up, wide, high, tone in lands:
        pen.flat(ellipse(x + dx * u, floor - up * u, wide * u, high * u), tone, clip=frame)
    for up in (0.72, 0.38):
        pen.fill(box(x - 0.24 * u, floor - up * u - 0.01 * u, x + 0.24 * u, floor - up * u + 0.01 * u), WOOD, shade=0)
    shelf(pen, x, floor, 0.36 * u, 0.24 * u, 2, "class")
    pen.fill(box(near - 0.16 * u, floor - 0.5 * u, near + 0.16 * u, floor - 0.475 * u), WOOD, shade=0)
    for k, tone in enumerate(("#b8584a", "#4f6f94", "#d0a040")):
        cx = near + (-0.11 + 0.11 * k) * u
        coat = path(cx, floor, u, "-0.02 0.47, 0.02 0.47, 0.045 0.26, -0.045 0.26")
        pen.fill(smooth(coat, steps=4), tone, shade=0.25)


def workshop(scene: Scene, pen: Pen, floor: float) -> None:
    """Shelves of boxes and jars, planks against the wall, a barrel."""
    u, (x, near) = scene.u, _spots(scene)
    for row in range(3):
        low = floor - (0.16 + 0.2 * row) * u
        pen.fill(box(x - 0.26 * u, low, x + 0.26 * u, low + 0.018 * u), WOOD, shade=0)
        for k in range(4):
            thing = ("box", "bottle", "chest", "bowl", "bottle")[(k + 2 * row) % 5]
            draw_thing(pen, thing, x + (-0.19 + 0.125 * k) * u, low, 0.1 * u)
    for side in (-1, 1):
        pen.fill(
            box(x + side * 0.26 * u - 0.01 * u, floor - 0.7 * u, x + side * 0.26 * u + 0.01 * u, floor),
            darker(WOOD, 0.2),
        )
    for k in range(4):
        left = near + (-0.1 + 0.045 * k) * u
        top = floor - (0.62 - 0.05 * k) * u
        foot = floor + 0.02 * u
        plank = points((left, foot), (left + 0.04 * u, foot), (left + 0.1 * u, top), (left + 0.06 * u, top))
        pen.fill(plank, lighter(WOOD, 0.1 + 0.05 * k), shade=0.1)
    sides = path(near, floor, u, "0.12 -0.03, 0.1 0.09, 0.13 0.2, 0.27 0.2, 0.3 0.09, 0.28 -0.03")
    barrel = smooth(sides, steps=5)
    pen.fill(barrel, "#8a6240", shade=0.25)
    for up in (0.02, 0.15):
        pen.flat(box(near + 0.08 * u, floor - up * u - 0.01 * u, near + 0.32 * u, floor - up * u + 0.01 * u), "#4a4448",
                 clip=barrel)  # fmt: skip
    lamp_on(scene, pen, scene.light.x * scene.w, floor - 0.2 * u, 0.16 * u)


def interior(scene: Scene, pen: Pen, floor: float) -> None:
    """Panels, a bench, pictures, a palm in its tub."""
    u, (x, near) = scene.u, _spots(scene)
    for k in range(-1, 2):
        picture(pen, x + 0.24 * k * u, floor - 0.55 * u, (0.2, 0.15, 0.18)[k + 1] * u)
    pen.fill(box(x - 0.3 * u, floor - 0.18 * u, x + 0.3 * u, floor - 0.14 * u), lighter(WOOD, 0.08), shade=0)
    pen.fill(box(x - 0.3 * u, floor - 0.34 * u, x + 0.3 * u, floor - 0.24 * u), WOOD, shade=0)
    for dx in (-0.26, 0.23):
        pen.fill(box(x + dx * u, floor - 0.15 * u, x + (dx + 0.03) * u, floor + 0.04 * u), darker(WOOD, 0.15))
    tub = path(near, floor, u, "-0.06 0.12, 0.06 0.12, 0.045 -0.03, -0.045 -0.03")
    pen.fill(tub, "#a8664a", shade=0.2)
    green = mix(rgb("#5f8a5a"), scene.colours.shade, 0.2)
    for k in range(7):
        a = np.radians(-150 + 20 * k)
        tip = (near + 0.16 * u * float(np.cos(a)), floor - 0.12 * u + 0.24 * u * float(np.sin(a)))
        middle = ((near + tip[0]) / 2, (floor - 0.12 * u + tip[1]) / 2 - 0.02 * u)
        bulge = 0.016 * u
        leaf = [(near, floor - 0.12 * u), (middle[0] - bulge, middle[1]), tip, (middle[0] + bulge, middle[1])]
        pen.fill(smooth(leaf, steps=4), green, shade=0.2)
    lamp_on(scene, pen, scene.light.x * scene.w, floor - 0.16 * u, 0.16 * u)


def library(scene: Scene, pen: Pen, floor: float) -> None:
    """A high wall of books with its ladder, and a reading chair."""
    u, (x, near) = scene.u, _spots(scene)
    shelf(pen, x, floor + 0.01 * u, 0.44 * u, 0.92 * u, 6, "tall")
    for dx in (-0.02, 0.07):
        foot = (x + (dx + 0.12) * u, floor + 0.03 * u)
        pen.line([foot, (x + dx * u, floor - 0.88 * u)], 0.014 * u, lighter(WOOD, 0.15))
    for k in range(8):
        t = (k + 0.5) / 8
        left, y = x + (-0.02 + 0.12 * (1 - t)) * u, floor + 0.03 * u - t * 0.9 * u
        pen.line([(left, y), (left + 0.09 * u, y)], 0.011 * u, lighter(WOOD, 0.15))
    _chair(pen, near, floor, u, 1 if near < scene.w / 2 else -1)
    lamp_on(scene, pen, scene.light.x * scene.w, floor - 0.2 * u, 0.15 * u)
