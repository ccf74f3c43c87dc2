"""What makes a room a classroom, a library, a workshop."""

import math

from soundstage.film.painting.colours import lighter, rgb
from soundstage.film.painting.interiors.measures import WOOD, free_side
from soundstage.film.painting.interiors.pieces import lamp_on, table, walls_of_books
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, points
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.things import draw_thing


def classroom(scene: Scene, pen: Pen, floor: float) -> None:
    u, x = scene.u, free_side(scene) * scene.w
    x = min(max(x, 0.34 * u), scene.w - 0.34 * u)
    pen.fill(box(x - 0.33 * u, floor - 0.62 * u, x + 0.33 * u, floor - 0.26 * u), WOOD, shade=0)
    pen.flat(box(x - 0.315 * u, floor - 0.605 * u, x + 0.315 * u, floor - 0.275 * u), "#2f4a42")
    chalk = rgb("#dfe6dc")
    pen.line(
        [(x - 0.26 * u, floor - 0.52 * u), (x - 0.1 * u, floor - 0.53 * u), (x + 0.02 * u, floor - 0.52 * u)],
        0.006 * u,
        chalk,
        opacity=0.8,
    )
    pen.line([(x - 0.26 * u, floor - 0.46 * u), (x - 0.06 * u, floor - 0.465 * u)], 0.006 * u, chalk, opacity=0.7)
    pen.line(ellipse(x + 0.17 * u, floor - 0.45 * u, 0.06 * u, 0.06 * u), 0.006 * u, chalk, opacity=0.8)
    pen.line([(x + 0.17 * u, floor - 0.45 * u), (x + 0.23 * u, floor - 0.45 * u)], 0.006 * u, chalk, opacity=0.8)
    pen.fill(box(x - 0.2 * u, floor - 0.262 * u, x + 0.2 * u, floor - 0.25 * u), lighter(WOOD, 0.2), shade=0)
    for k in range(4):
        px = scene.w * (0.14 + 0.24 * k)
        if abs(px / scene.w - scene.staging.hero_x) < 0.1:
            continue
        table(pen, px, floor + 0.07 * u, 0.24 * u, 0.16 * u)
        draw_thing(pen, "book" if k % 2 else "apple", px, floor - 0.09 * u, 0.075 * u)


def library(scene: Scene, pen: Pen, floor: float) -> None:
    u = scene.u
    walls_of_books(scene, pen, floor, 0.32 * u, 0.80 * u)
    x = free_side(scene) * scene.w
    table(pen, x, floor + 0.08 * u, 0.4 * u, 0.2 * u)
    draw_thing(pen, "book", x - 0.08 * u, floor - 0.12 * u, 0.11 * u)
    lamp_on(scene, pen, x + 0.12 * u, floor - 0.12 * u, 0.17 * u)


def workshop(scene: Scene, pen: Pen, floor: float) -> None:
    u, x = scene.u, free_side(scene) * scene.w
    pen.fill(box(x - 0.34 * u, floor - 0.26 * u, x + 0.34 * u, floor - 0.22 * u), lighter(WOOD, 0.15), shade=0)
    for dx in (-0.31, 0.27):
        pen.fill(box(x + dx * u, floor - 0.22 * u, x + (dx + 0.04) * u, floor + 0.02 * u), WOOD, shade=0)
    iron = rgb("#50545c")
    for k in range(5):
        px, top = x + (-0.27 + 0.135 * k) * u, floor - 0.62 * u
        pen.line([(px, top), (px, top + 0.14 * u)], 0.014 * u, WOOD)
        if k % 3 == 0:
            pen.fill(box(px - 0.035 * u, top - 0.015 * u, px + 0.035 * u, top + 0.025 * u), iron, shade=0)
        elif k % 3 == 1:
            pen.fill(
                points(
                    (px - 0.01 * u, top + 0.12 * u),
                    (px + 0.012 * u, top + 0.12 * u),
                    (px + 0.05 * u, top + 0.27 * u),
                    (px - 0.03 * u, top + 0.27 * u),
                ),
                "#a8adb4",
                shade=0,
            )
        else:
            pen.line(ellipse(px, top + 0.17 * u, 0.03 * u, 0.035 * u, start=-60, end=240), 0.014 * u, iron)
    for k in range(8):
        a = k * math.pi / 4
        wx, wy = x - 0.2 * u, floor - 0.35 * u
        pen.fill(
            ellipse(wx + 0.085 * u * math.cos(a), wy + 0.085 * u * math.sin(a), 0.018 * u, 0.018 * u),
            "#c79a45",
            shade=0,
        )
    pen.fill(
        [
            ellipse(x - 0.2 * u, floor - 0.35 * u, 0.085 * u, 0.085 * u),
            ellipse(x - 0.2 * u, floor - 0.35 * u, 0.03 * u, 0.03 * u),
        ],
        "#c79a45",
        shade=0.1,
    )
    draw_thing(pen, "box", x + 0.16 * u, floor - 0.26 * u, 0.13 * u)
    lamp_on(scene, pen, x + 0.02 * u, floor - 0.26 * u, 0.17 * u)


def interior(scene: Scene, pen: Pen, floor: float) -> None:
    u, x = scene.u, free_side(scene) * scene.w
    draw_thing(pen, "door", x, floor + 0.01 * u, 0.56 * u)
    other = scene.w * 0.5 * (scene.staging.landmark_x + x / scene.w)
    table(pen, other, floor + 0.04 * u, 0.3 * u, 0.2 * u)
    draw_thing(pen, "flower", other - 0.06 * u, floor - 0.15 * u, 0.13 * u)
    lamp_on(scene, pen, other + 0.07 * u, floor - 0.16 * u, 0.17 * u)
