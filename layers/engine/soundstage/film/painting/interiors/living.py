"""What makes a room a home, a kitchen, a bedroom."""

import numpy as np

from soundstage.film.painting.colours import darker, lighter, rgb
from soundstage.film.painting.interiors.measures import WOOD, bed, free_side
from soundstage.film.painting.interiors.pieces import lamp_on, picture
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, points, smooth
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.things import draw_thing


def home(scene: Scene, pen: Pen, floor: float) -> None:
    u, x = scene.u, free_side(scene) * scene.w
    stone = rgb("#9a8a7c")
    pen.fill(box(x - 0.19 * u, floor - 0.40 * u, x + 0.19 * u, floor + 0.01 * u), stone, shade=0)
    pen.fill(box(x - 0.11 * u, floor - 0.9 * u, x + 0.11 * u, floor - 0.40 * u), darker(stone, 0.08), shade=0)
    pen.fill(box(x - 0.22 * u, floor - 0.43 * u, x + 0.22 * u, floor - 0.39 * u), darker(WOOD, 0.1), shade=0)
    pen.flat(
        np.vstack(
            [
                points((x - 0.12 * u, floor)),
                ellipse(x, floor - 0.16 * u, 0.12 * u, 0.12 * u, start=180, end=360),
                points((x + 0.12 * u, floor)),
            ]
        ),
        "#1f1716",
    )
    dark = "unlit" in scene.told
    if not dark and (
        scene.colours.dark > 0.3
        or scene.setting.weather in ("snow", "rain", "storm")
        or scene.setting.season == "winter"
    ):
        draw_thing(pen, "fire", x, floor, 0.17 * u)
    for dx, thing, s in ((-0.13, "clock", 0.1), (0.1, "dark candle" if dark else "candle", 0.08)):
        draw_thing(pen, thing, x + dx * u, floor - 0.43 * u, s * u)
    other = scene.w * (0.5 * (scene.staging.landmark_x + scene.staging.hero_x))
    if abs(other - x) < 0.4 * u:
        return
    picture(pen, other, floor - 0.5 * u, 0.17 * u)
    pen.fill(
        smooth(
            [
                (other - 0.16 * u, floor + 0.02 * u),
                (other - 0.15 * u, floor - 0.19 * u),
                (other, floor - 0.22 * u),
                (other + 0.15 * u, floor - 0.19 * u),
                (other + 0.16 * u, floor + 0.02 * u),
            ],
            steps=6,
        ),
        "#8a5a52",
        shade=0.15,
    )
    for dx in (-0.15, 0.15):
        pen.fill(ellipse(other + dx * u, floor - 0.08 * u, 0.045 * u, 0.1 * u), "#9a665c", shade=0.2)


def kitchen(scene: Scene, pen: Pen, floor: float) -> None:
    u, x = scene.u, free_side(scene) * scene.w
    for k in range(4):
        px = x + (k - 1.5) * 0.17 * u
        pen.fill(box(px - 0.082 * u, floor - 0.27 * u, px + 0.082 * u, floor), "#8fa08a", shade=0)
        pen.flat(ellipse(px + 0.05 * u, floor - 0.16 * u, 0.007 * u, 0.007 * u), "#d9c48a")
        pen.line(box(px - 0.068 * u, floor - 0.235 * u, px + 0.068 * u, floor - 0.03 * u), 0.004 * u, "#6a7a68")
    pen.fill(box(x - 0.36 * u, floor - 0.295 * u, x + 0.36 * u, floor - 0.265 * u), lighter(WOOD, 0.2), shade=0)
    pen.fill(box(x - 0.33 * u, floor - 0.62 * u, x + 0.33 * u, floor - 0.60 * u), WOOD, shade=0)
    for k, thing in enumerate(("bowl", "bottle", "cup", "egg", "bottle")):
        draw_thing(pen, thing, x + (-0.26 + 0.13 * k) * u, floor - 0.62 * u, 0.085 * u)
    for k in range(4):
        px = x + (-0.24 + 0.15 * k) * u
        pen.line([(px, floor - 0.60 * u), (px, floor - 0.54 * u)], 0.005 * u, "#4a4448")
        pen.fill(ellipse(px, floor - 0.5 * u, 0.036 * u, 0.042 * u), "#b8734a" if k % 2 else "#5a5e66", shade=0.3)
    draw_thing(pen, "bread", x - 0.2 * u, floor - 0.295 * u, 0.1 * u)
    draw_thing(pen, "bowl", x + 0.18 * u, floor - 0.295 * u, 0.1 * u)
    lamp_on(
        scene,
        pen,
        scene.light.x * scene.w,
        floor - 0.3 * u if abs(scene.light.x * scene.w - x) < 0.36 * u else floor - 0.24 * u,
        0.16 * u,
    )


def bedroom(scene: Scene, pen: Pen, floor: float) -> None:
    u = scene.u
    x, _, side = bed(scene)
    base = floor + 0.05 * u
    pen.fill(
        box(x - 0.34 * u, floor - 0.40 * u, x - 0.30 * u, base)
        if side > 0
        else box(x + 0.30 * u, floor - 0.40 * u, x + 0.34 * u, base),
        WOOD,
        shade=0,
    )
    pen.fill(box(x - 0.32 * u, base - 0.19 * u, x + 0.32 * u, base - 0.02 * u), darker(WOOD, 0.1), shade=0)
    pen.fill(
        smooth(
            [
                (x - 0.31 * u, base - 0.15 * u),
                (x - 0.29 * u, base - 0.24 * u),
                (x, base - 0.25 * u),
                (x + 0.29 * u, base - 0.23 * u),
                (x + 0.32 * u, base - 0.06 * u),
                (x, base - 0.05 * u),
                (x - 0.31 * u, base - 0.06 * u),
            ],
            steps=6,
        ),
        "#5f7fa8",
        shade=0.16,
    )
    for k in range(4):
        px = x + (-0.2 + 0.13 * k) * u
        pen.flat(ellipse(px, base - 0.15 * u, 0.024 * u, 0.024 * u), "#e8d9a8", opacity=0.8)
    pen.fill(
        smooth(
            [
                (x - side * 0.30 * u, base - 0.22 * u),
                (x - side * 0.29 * u, base - 0.31 * u),
                (x - side * 0.13 * u, base - 0.31 * u),
                (x - side * 0.12 * u, base - 0.23 * u),
            ],
            steps=5,
        ),
        "#efe8dc",
        shade=0.2,
    )
    table = x + side * 0.45 * u
    pen.fill(box(table - 0.07 * u, floor - 0.17 * u, table + 0.07 * u, floor + 0.02 * u), WOOD, shade=0)
    if "unlit" in scene.told:
        draw_thing(pen, "dark lamp", table, floor - 0.17 * u, 0.17 * u)
    elif scene.light.kind == "lamp" or scene.colours.dark > 0.4:
        draw_thing(pen, "lamp", table, floor - 0.17 * u, 0.17 * u)
    else:
        draw_thing(pen, "cup", table, floor - 0.17 * u, 0.07 * u)
    picture(pen, x + side * 0.05 * u, floor - 0.6 * u, 0.18 * u)
    pen.flat(ellipse(scene.staging.hero_x * scene.w, floor + 0.1 * u, 0.3 * u, 0.045 * u), "#a8695c")
