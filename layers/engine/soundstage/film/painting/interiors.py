"""Rooms: a wall with a window that the weather is seen through, a floor, and what makes the room a kitchen."""

import math
from collections.abc import Callable

import numpy as np

from soundstage.film.painting.colours import Colour, darker, lighter, mix, rgb
from soundstage.film.painting.finish import Touch
from soundstage.film.painting.layers import Plane
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, path, points, smooth, stroke
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.terrain import Place
from soundstage.film.painting.things import draw_thing

_WALLS = {
    "home": "#b88c66", "kitchen": "#c6b186", "bedroom": "#7f88a8", "classroom": "#a8b398", "library": "#7c5c48",
    "workshop": "#8c7c6a", "interior": "#a49684",
}  # fmt: skip
WOOD = rgb("#7a5236")


def window_box(scene: Scene) -> tuple[float, float, float, float]:
    """Of the room's window, pixels: x0, y0, x1, y1."""
    x, s = scene.staging.landmark_x * scene.w, scene.u
    floor = floor_height(scene) * scene.h
    y1 = floor - 0.27 * s
    return x - 0.17 * s, max(0.10 * scene.h, y1 - 0.42 * s), x + 0.17 * s, y1


def floor_height(scene: Scene) -> float:
    return min(scene.staging.ground, 0.86) - 0.075


def room(scene: Scene) -> Place:
    place = Place(scene)
    kind = scene.setting.place
    wall, floor = _wall_colours(scene, kind)
    x0, y0, x1, y1 = window_box(scene)
    level = floor_height(scene) * scene.h
    place.add(_outside(scene, (x0, y0, x1, y1)))
    sheet = scene.sheet()
    pen = Pen(scene, sheet)
    hole = box(x0, y0, x1, y1)
    sheet.fill([box(-6, -6, scene.w + 6, level), hole], darker(wall, 0.16), to=wall)
    _lit_wall(scene, pen, wall, (x0, y0, x1, y1), level)
    sheet.fill(box(-6, level - 0.025 * scene.u, scene.w + 6, level + 2), darker(wall, 0.38))
    _window_frame(pen, (x0, y0, x1, y1))
    sheet.fill(box(-6, level, scene.w + 6, scene.h + 6), mix(floor, scene.colours.light, 0.06), to=darker(floor, 0.5))
    for k in range(-12, 13):
        start = (scene.w / 2 + k * 0.16 * scene.u, level)
        sheet.fill(
            stroke([start, (scene.w / 2 + k * 0.46 * scene.u, scene.h + 6)], [1.2, 3.5], smoothed=False),
            darker(floor, 0.32),
            opacity=0.6,
        )
    _light_on_floor(scene, pen, (x0, y0, x1, y1), level)
    place.add(Plane("room", sheet, Touch(depth=0.36, air=0.0, rim=0.0, shadow=True, texture=0.7)))
    furniture = scene.sheet()
    pen = Pen(scene, furniture)
    _FURNITURE[kind](scene, pen, level)
    place.add(Plane("furniture", furniture, Touch(depth=0.48, air=0.0, rim=0.35)))
    if scene.light.kind == "window" and scene.light.strength > 0.4:
        beam = scene.sheet()
        lean = 0.42 * scene.u * (1 if scene.staging.hero_x > scene.staging.landmark_x else -1)
        beam.fill(
            points((x0, y0), (x1, y0), (x1 + lean, level + 0.16 * scene.u), (x0 + lean, level + 0.16 * scene.u)),
            scene.colours.light,
            opacity=0.17,
            soft=0.02 * scene.u,
            kept=1,
        )
        place.add(
            Plane(
                "beam",
                beam,
                Touch(
                    depth=0.5,
                    air=0,
                    rim=0,
                    shadow=False,
                    texture=0.0,
                    fade=(floor_height(scene) - 0.25, floor_height(scene) + 0.2),
                ),
                "glow",
            )
        )
    return place


def _wall_colours(scene: Scene, kind: str) -> tuple[Colour, Colour]:
    c = scene.colours
    wall = np.asarray(rgb(_WALLS[kind]) * mix(np.ones(3, np.float32), c.ambient, 0.9), np.float32)
    wall = mix(wall, c.shade, 0.22)
    floor = mix(np.asarray(rgb("#8f6a48") * c.ambient, np.float32), c.shade, 0.2)
    if scene.style in ("ink_wash", "woodcut"):
        wall, floor = mix(wall, c.horizon, 0.45), mix(floor, c.earth, 0.35)
    if scene.style == "night_lantern":
        wall, floor = mix(wall, c.zenith, 0.55), mix(floor, c.foreground, 0.5)
    return wall, floor


def _outside(scene: Scene, window: tuple[float, float, float, float]) -> Plane:
    """Hills behind the glass."""
    sheet, c = scene.sheet(), scene.colours
    x0, _, x1, y1 = window
    x = np.linspace(x0 - 40, x1 + 40, 30)
    for row, tone in enumerate((mix(c.shade, c.horizon, 0.4), mix(c.foliage, c.shade, 0.5))):
        y = y1 - (0.12 - 0.06 * row) * scene.u + 0.02 * scene.u * np.sin(x / scene.u * (9 + 4 * row) + row)
        sheet.fill(np.vstack([np.column_stack([x, y]), points((x1 + 40, y1 + 40), (x0 - 40, y1 + 40))]), tone)
    return Plane("outside", sheet, Touch(depth=0.12, rim=0.5))


def _lit_wall(scene: Scene, pen: Pen, wall: Colour, window: tuple[float, float, float, float], level: float) -> None:
    """Brighter near the light."""
    x, y = scene.light.x * scene.w, scene.light.y * scene.h
    warm = scene.colours.light if scene.light.kind == "window" else scene.colours.glow
    clip = [box(-6, -6, scene.w + 6, level), box(*window)]
    for reach, opacity in ((0.75, 0.12), (0.45, 0.14), (0.24, 0.18)):
        pen.sheet.fill(
            ellipse(x, y, reach * scene.u, reach * scene.u),
            mix(wall, warm, 0.7),
            opacity=opacity,
            soft=0.09 * scene.u,
            clip=clip,
        )


def _window_frame(pen: Pen, window: tuple[float, float, float, float]) -> None:
    x0, y0, x1, y1 = window
    t = 0.014 * pen.scene.u
    frame = [box(x0 - 2 * t, y0 - 2 * t, x1 + 2 * t, y1 + 2 * t), box(x0, y0, x1, y1)]
    pen.fill(frame, lighter(WOOD, 0.1), shade=0)
    pen.flat(box((x0 + x1) / 2 - t / 2, y0, (x0 + x1) / 2 + t / 2, y1), lighter(WOOD, 0.05))
    pen.flat(box(x0, y0 + (y1 - y0) * 0.45, x1, y0 + (y1 - y0) * 0.45 + t), lighter(WOOD, 0.05))
    pen.fill(box(x0 - 3.4 * t, y1 + 1.4 * t, x1 + 3.4 * t, y1 + 3.4 * t), lighter(WOOD, 0.18), shade=0)
    cloth = mix(rgb("#b8695a"), pen.scene.colours.shade, 0.15)
    for side, x in ((-1, x0), (1, x1)):
        wide = 0.085 * pen.scene.u
        curtain = smooth(
            [
                (x + side * 0.6 * wide, y0 - 3 * t),
                (x - side * 0.6 * wide, y0 - 3 * t),
                (x - side * 0.25 * wide, (y0 + y1) / 2),
                (x + side * 0.1 * wide, y1 - 0.5 * t),
                (x + side * 0.35 * wide, y1 + 5 * t),
                (x + side * 1.1 * wide, y1 + 5 * t),
                (x + side * 0.9 * wide, (y0 + y1) / 2),
            ],
            steps=5,
        )
        pen.fill(curtain, cloth, shade=0.2)
        for k in range(3):
            dx = side * wide * (0.15 + 0.28 * k)
            pen.line(
                [(x + dx, y0), (x + dx + side * 0.08 * wide, y1 + 3 * t)],
                0.004 * pen.scene.u,
                darker(cloth, 0.3),
                opacity=0.6,
            )
    pen.line([(x0 - 0.1 * pen.scene.u, y0 - 3 * t), (x1 + 0.1 * pen.scene.u, y0 - 3 * t)], 0.9 * t, darker(WOOD, 0.2))


def _light_on_floor(scene: Scene, pen: Pen, window: tuple[float, float, float, float], level: float) -> None:
    if scene.light.kind != "window" or scene.light.strength < 0.3:
        return
    x0, _, x1, _ = window
    lean = 0.30 * scene.u * (1 if scene.staging.hero_x > scene.staging.landmark_x else -1)
    middle = (x0 + x1) / 2
    for a, b in ((x0, middle - 4), (middle + 4, x1)):
        patch = points(
            (a + lean, level + 0.02 * scene.u),
            (b + lean, level + 0.02 * scene.u),
            (b + lean * 1.5, level + 0.12 * scene.u),
            (a + lean * 1.5, level + 0.12 * scene.u),
        )
        pen.sheet.fill(patch, scene.colours.light, opacity=0.42, soft=0.006 * scene.u)


def bed(scene: Scene) -> tuple[float, float, int]:
    """Of a bedroom: its middle and the top of its mattress, pixels; on which side the pillow is not."""
    x = _free_side(scene) * scene.w
    return x, floor_height(scene) * scene.h - 0.19 * scene.u, 1 if x < scene.w / 2 else -1


# Furniture ----------------------------------------------------------------------------------------------------------


def _free_side(scene: Scene) -> float:
    """Where large furniture goes: away from the hero and from the window."""
    taken = (scene.staging.hero_x, scene.staging.landmark_x)
    if scene.setting.place == "bedroom":
        side = 0.2 if scene.w > scene.h else 0.08
        return 0.5 - side if scene.staging.landmark_x > 0.5 else 0.5 + side
    return max((0.12, 0.5, 0.88), key=lambda x: min(abs(x - t) for t in taken))


def _shelf(pen: Pen, x: float, floor: float, wide: float, high: float, rows: int, *what: object) -> None:
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


def _lamp_on(scene: Scene, pen: Pen, x: float, y: float, s: float) -> None:
    if scene.light.kind == "lamp" or scene.colours.dark > 0.4:
        draw_thing(pen, "lamp", x, y, s)


def _table(pen: Pen, x: float, floor: float, wide: float, high: float) -> None:
    pen.fill(box(x - wide / 2, floor - high, x + wide / 2, floor - high + 0.07 * high), lighter(WOOD, 0.12), shade=0)
    for dx in (-0.44, 0.40):
        pen.fill(box(x + dx * wide, floor - high + 0.06 * high, x + (dx + 0.04) * wide, floor), WOOD, shade=0.3)


def _picture(pen: Pen, x: float, y: float, s: float) -> None:
    pen.fill(box(x - 0.5 * s, y - 0.38 * s, x + 0.5 * s, y + 0.38 * s), rgb("#8a6a3c"), shade=0)
    pen.flat(
        box(x - 0.43 * s, y - 0.31 * s, x + 0.43 * s, y + 0.31 * s), mix(rgb("#8fb0b8"), pen.scene.colours.horizon, 0.3)
    )
    pen.flat(
        smooth(path(x, y, s, "-0.43 -0.31, -0.3 -0.02, 0 -0.16, 0.2 0.06, 0.43 -0.31"), steps=4),
        "#5f7a68",
        clip=box(x - 0.43 * s, y - 0.31 * s, x + 0.43 * s, y + 0.31 * s),
    )


def _home(scene: Scene, pen: Pen, floor: float) -> None:
    u, x = scene.u, _free_side(scene) * scene.w
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
    if (
        scene.colours.dark > 0.3
        or scene.setting.weather in ("snow", "rain", "storm")
        or scene.setting.season == "winter"
    ):
        draw_thing(pen, "fire", x, floor, 0.17 * u)
    for dx, thing, s in ((-0.13, "clock", 0.1), (0.1, "candle", 0.08)):
        draw_thing(pen, thing, x + dx * u, floor - 0.43 * u, s * u)
    other = scene.w * (0.5 * (scene.staging.landmark_x + scene.staging.hero_x))
    if abs(other - x) < 0.4 * u:
        return
    _picture(pen, other, floor - 0.5 * u, 0.17 * u)
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


def _kitchen(scene: Scene, pen: Pen, floor: float) -> None:
    u, x = scene.u, _free_side(scene) * scene.w
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
    _lamp_on(
        scene,
        pen,
        scene.light.x * scene.w,
        floor - 0.3 * u if abs(scene.light.x * scene.w - x) < 0.36 * u else floor - 0.24 * u,
        0.16 * u,
    )


def _bedroom(scene: Scene, pen: Pen, floor: float) -> None:
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
    if scene.light.kind == "lamp" or scene.colours.dark > 0.4:
        draw_thing(pen, "lamp", table, floor - 0.17 * u, 0.17 * u)
    else:
        draw_thing(pen, "cup", table, floor - 0.17 * u, 0.07 * u)
    _picture(pen, x + side * 0.05 * u, floor - 0.6 * u, 0.18 * u)
    pen.flat(ellipse(scene.staging.hero_x * scene.w, floor + 0.1 * u, 0.3 * u, 0.045 * u), "#a8695c")


def _classroom(scene: Scene, pen: Pen, floor: float) -> None:
    u, x = scene.u, _free_side(scene) * scene.w
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
        _table(pen, px, floor + 0.07 * u, 0.24 * u, 0.16 * u)
        draw_thing(pen, "book" if k % 2 else "apple", px, floor - 0.09 * u, 0.075 * u)


def _library(scene: Scene, pen: Pen, floor: float) -> None:
    u = scene.u
    x0, _, x1, _ = window_box(scene)
    count = max(3, round(scene.w / (0.34 * u)))
    for k in range(count):
        x = scene.w * (k + 0.5) / count
        if x + 0.16 * u > x0 - 0.1 * u and x - 0.16 * u < x1 + 0.1 * u:
            continue
        _shelf(pen, x, floor + 0.01 * u, 0.32 * u, 0.80 * u, 5, k)
    x = _free_side(scene) * scene.w
    _table(pen, x, floor + 0.08 * u, 0.4 * u, 0.2 * u)
    draw_thing(pen, "book", x - 0.08 * u, floor - 0.12 * u, 0.11 * u)
    _lamp_on(scene, pen, x + 0.12 * u, floor - 0.12 * u, 0.17 * u)


def _workshop(scene: Scene, pen: Pen, floor: float) -> None:
    u, x = scene.u, _free_side(scene) * scene.w
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
    _lamp_on(scene, pen, x + 0.02 * u, floor - 0.26 * u, 0.17 * u)


def _interior(scene: Scene, pen: Pen, floor: float) -> None:
    u, x = scene.u, _free_side(scene) * scene.w
    draw_thing(pen, "door", x, floor + 0.01 * u, 0.56 * u)
    other = scene.w * 0.5 * (scene.staging.landmark_x + x / scene.w)
    _table(pen, other, floor + 0.04 * u, 0.3 * u, 0.2 * u)
    draw_thing(pen, "flower", other - 0.06 * u, floor - 0.15 * u, 0.13 * u)
    _lamp_on(scene, pen, other + 0.07 * u, floor - 0.16 * u, 0.17 * u)


_FURNITURE: dict[str, Callable[[Scene, Pen, float], None]] = {
    "home": _home,
    "kitchen": _kitchen,
    "bedroom": _bedroom,
    "classroom": _classroom,
    "library": _library,
    "workshop": _workshop,
    "interior": _interior,
}
INTERIORS = frozenset(_FURNITURE)


def room_front(scene: Scene) -> Plane:
    """Something dark and near at the edge: a doorway, a chair's back, a plant."""
    sheet, u = scene.sheet(), scene.u
    tone = darker(scene.colours.foreground, 0.1)
    right = scene.staging.frame_side != "left"
    edge, d = (scene.w, -1) if right else (0.0, 1)
    if scene.staging.frame in ("branch", "rocks", "none"):
        sheet.fill(
            box(min(edge - d * 8, edge + d * 0.10 * u), -8, max(edge - d * 8, edge + d * 0.10 * u), scene.h + 8), tone
        )
        sheet.fill(
            stroke(
                [(edge + d * 0.1 * u, -8), (edge + d * 0.125 * u, 0.2 * scene.h), (edge + d * 0.1 * u, scene.h + 8)],
                [0.1 * u, 0.03 * u, 0.05 * u],
            ),
            tone,
        )
    else:
        x, y = edge + d * 0.13 * u, scene.h * 1.0
        sheet.fill(
            smooth(
                [
                    (x - 0.1 * u, y + 8),
                    (x - 0.12 * u, y - 0.16 * u),
                    (x + 0.12 * u, y - 0.16 * u),
                    (x + 0.1 * u, y + 8),
                ],
                steps=4,
            ),
            tone,
        )
        rng = scene.rng("leaves")
        for k in range(9):
            a = math.radians(-160 + 17.5 * k)
            long = u * rng.uniform(0.24, 0.4)
            tip = (x + long * math.cos(a), y - 0.16 * u + long * math.sin(a))
            sheet.fill(
                stroke(
                    [(x, y - 0.15 * u), ((x + tip[0]) / 2, (y - 0.16 * u + tip[1]) / 2 - 0.03 * u), tip],
                    [0.012 * u, 0.055 * u, 0.004 * u],
                ),
                tone,
            )
    low = smooth(
        [
            (-8, scene.h * 0.965),
            (scene.w * 0.5, scene.h * 0.985),
            (scene.w + 8, scene.h * 0.965),
            (scene.w + 8, scene.h + 20),
            (-8, scene.h + 20),
        ],
        steps=5,
    )
    sheet.fill(low, tone)
    return Plane("front", sheet, Touch(depth=1.0, rim=0.3, air=0.0, texture=0.6))
