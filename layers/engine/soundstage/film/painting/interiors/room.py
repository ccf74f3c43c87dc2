"""Rooms: a wall with a window that the weather is seen through, a floor, and what makes the room a kitchen."""

from collections.abc import Callable

import numpy as np

from soundstage.film.painting.colours import Colour, darker, lighter, mix, rgb
from soundstage.film.painting.finish import Touch
from soundstage.film.painting.interiors import eating, halls, other_sides, public, selling, travelling
from soundstage.film.painting.interiors.living import bedroom, home, kitchen
from soundstage.film.painting.interiors.measures import WITHOUT_WINDOWS, WOOD, floor_height, openings, window_box
from soundstage.film.painting.interiors.working import classroom, interior, library, workshop
from soundstage.film.painting.layers import Plane
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import Points, box, ellipse, points, smooth, stroke
from soundstage.film.painting.scene import Scene, stable_seed
from soundstage.film.painting.terrain import Place
from soundstage.film.painting.things.nature import earth

_WALLS = {
    "home": "#b88c66", "kitchen": "#c6b186", "bedroom": "#7f88a8", "classroom": "#a8b398", "library": "#7c5c48",
    "workshop": "#8c7c6a", "interior": "#a49684", "shop": "#b09a78", "bookshop": "#8a6a50", "bakery": "#cba877",
    "florist": "#a9b8a0", "restaurant": "#a8786a", "noodle shop": "#b0835c", "cinema": "#2c2530", "theatre": "#3a2a34",
    "ward": "#c3d2cf", "office": "#a9a89c", "carriage": "#9a7a58", "bus": "#b9bcae", "cabin": "#7c8794",
}  # fmt: skip
_FLOORS = {
    "ward": "#a3aaa8", "office": "#80786e", "cinema": "#3a2c34", "carriage": "#6a5448", "bus": "#6c6e70",
    "cabin": "#6a727c", "noodle shop": "#7a5c48",
}  # fmt: skip
FURNITURE: dict[str, Callable[[Scene, Pen, float], None]] = {
    "home": home,
    "kitchen": kitchen,
    "bedroom": bedroom,
    "classroom": classroom,
    "library": library,
    "workshop": workshop,
    "interior": interior,
    "shop": selling.shop,
    "bookshop": selling.bookshop,
    "bakery": selling.bakery,
    "florist": selling.florist,
    "restaurant": eating.restaurant,
    "noodle shop": eating.noodle_shop,
    "cinema": halls.cinema,
    "theatre": halls.theatre,
    "ward": public.ward,
    "office": public.office,
    "carriage": travelling.carriage,
    "bus": travelling.carriage,
    "cabin": travelling.cabin,
}
OTHER_SIDES: dict[str, Callable[[Scene, Pen, float], None]] = {
    "home": other_sides.home,
    "kitchen": other_sides.kitchen,
    "classroom": other_sides.classroom,
    "library": other_sides.library,
    "workshop": other_sides.workshop,
    "interior": other_sides.interior,
    "restaurant": eating.by_the_wall,
}
"""Of rooms in which no bed has to be where it was."""
_CURTAINED = frozenset({"home", "kitchen", "bedroom", "classroom", "library", "workshop", "interior", "restaurant"})
_OF_ONE_SHAPE = frozenset({"carriage", "bus", "cabin", "cinema", "theatre"})
"""Whose corners are not seen, and whose floors have no boards."""


def _turned(scene: Scene) -> bool:
    """Whether the view is of the room's other side: by the layout, which neighbouring shots never share."""
    return stable_seed(scene.staging.layout) % 2 == 1


def room(scene: Scene) -> Place:
    place = Place(scene)
    kind = scene.room or "interior"
    wall, floor = _wall_colours(scene, kind)
    x0, y0, x1, y1 = window_box(scene)
    level = floor_height(scene) * scene.h
    holes = openings(scene)
    if holes:
        place.add(_outside(scene, kind, (x0, y0, x1, y1)))
    sheet = scene.sheet()
    pen = Pen(scene, sheet)
    sheet.fill([box(-6, -6, scene.w + 6, level), *holes], darker(wall, 0.16), to=wall)
    _lit_wall(scene, pen, wall, holes, level)
    sheet.fill(box(-6, level - 0.025 * scene.u, scene.w + 6, level + 2), darker(wall, 0.38))
    if kind not in _OF_ONE_SHAPE:
        _window_frame(pen, (x0, y0, x1, y1), curtains=kind in _CURTAINED)
    sheet.fill(box(-6, level, scene.w + 6, scene.h + 6), mix(floor, scene.colours.light, 0.06), to=darker(floor, 0.5))
    middle = scene.w * (0.5 if not _turned(scene) else 1 - scene.staging.landmark_x)
    _side_wall(scene, pen, wall, level)
    for k in range(-14, 15) if kind not in _OF_ONE_SHAPE else ():
        start = (middle + k * 0.16 * scene.u, level)
        sheet.fill(
            stroke([start, (middle + k * 0.46 * scene.u, scene.h + 6)], [1.2, 3.5], smoothed=False),
            darker(floor, 0.32),
            opacity=0.6,
        )
    _light_on_floor(scene, pen, (x0, y0, x1, y1), level)
    place.add(Plane("room", sheet, Touch(depth=0.36, air=0.0, rim=0.0, shadow=True, texture=0.7)))
    furniture = scene.sheet()
    pen = Pen(scene, furniture)
    (OTHER_SIDES if _turned(scene) else FURNITURE).get(kind, FURNITURE[kind])(scene, pen, level)
    place.add(Plane("furniture", furniture, Touch(depth=0.48, air=0.0, rim=0.35)))
    if scene.light.kind == "window" and scene.light.strength > 0.4 and kind not in _OF_ONE_SHAPE:
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


def _side_wall(scene: Scene, pen: Pen, wall: Colour, level: float) -> None:
    """In every other view a corner of the room is seen, on the side away from the window."""
    if not _turned(scene) or scene.staging.view != "side" or scene.room in _OF_ONE_SHAPE:
        return
    right = scene.staging.landmark_x < 0.5
    edge, corner = (scene.w + 6.0, 0.9 * scene.w) if right else (-6.0, 0.1 * scene.w)
    face = points((edge, -6), (corner, -6), (corner, level), (edge, level + 0.17 * scene.h))
    pen.sheet.fill(face, darker(wall, 0.34))
    skirting = stroke(
        [(corner, level - 0.012 * scene.u), (edge, level + 0.155 * scene.h)], 0.02 * scene.u, smoothed=False
    )
    pen.sheet.fill(skirting, darker(wall, 0.5), clip=face)


def _wall_colours(scene: Scene, kind: str) -> tuple[Colour, Colour]:
    c = scene.colours
    wall = np.asarray(rgb(_WALLS[kind]) * mix(np.ones(3, np.float32), c.ambient, 0.9), np.float32)
    wall = mix(wall, c.shade, 0.22)
    floor = mix(np.asarray(rgb(_FLOORS.get(kind, "#8f6a48")) * c.ambient, np.float32), c.shade, 0.2)
    if scene.style in ("ink_wash", "woodcut"):
        wall, floor = mix(wall, c.horizon, 0.45), mix(floor, c.earth, 0.35)
    if scene.style == "night_lantern":
        wall, floor = mix(wall, c.zenith, 0.55), mix(floor, c.foreground, 0.5)
    return wall, floor


def _outside(scene: Scene, kind: str, window: tuple[float, float, float, float]) -> Plane:
    """Hills behind the glass; from what travels, the land that it goes through."""
    sheet, c = scene.sheet(), scene.colours
    if kind == "cabin":
        low = 0.5 * (window[1] + window[3]) + 0.14 * scene.u
        earth(Pen(scene, sheet), window[2] - 0.06 * scene.u, low, 0.24 * scene.u)
        return Plane("outside", sheet, Touch(depth=0.12, rim=0.3, air=0.0))
    if kind in ("carriage", "bus"):
        for shape, tone in travelling.passing(scene):
            sheet.fill(shape, tone)
        return Plane("outside", sheet, Touch(depth=0.12, rim=0.5))
    x0, _, x1, y1 = window
    x = np.linspace(x0 - 40, x1 + 40, 30)
    for row, tone in enumerate((mix(c.shade, c.horizon, 0.4), mix(c.foliage, c.shade, 0.5))):
        y = y1 - (0.12 - 0.06 * row) * scene.u + 0.02 * scene.u * np.sin(x / scene.u * (9 + 4 * row) + row)
        sheet.fill(np.vstack([np.column_stack([x, y]), points((x1 + 40, y1 + 40), (x0 - 40, y1 + 40))]), tone)
    return Plane("outside", sheet, Touch(depth=0.12, rim=0.5))


def _lit_wall(scene: Scene, pen: Pen, wall: Colour, holes: list[Points], level: float) -> None:
    """Brighter near the light."""
    if scene.room in WITHOUT_WINDOWS:
        return
    x, y = scene.light.x * scene.w, scene.light.y * scene.h
    warm = scene.colours.light if scene.light.kind == "window" else scene.colours.glow
    clip = [box(-6, -6, scene.w + 6, level), *holes]
    for reach, opacity in ((0.75, 0.12), (0.45, 0.14), (0.24, 0.18)):
        pen.sheet.fill(
            ellipse(x, y, reach * scene.u, reach * scene.u),
            mix(wall, warm, 0.7),
            opacity=opacity,
            soft=0.09 * scene.u,
            clip=clip,
        )


def _window_frame(pen: Pen, window: tuple[float, float, float, float], *, curtains: bool) -> None:
    x0, y0, x1, y1 = window
    t = 0.014 * pen.scene.u
    frame = [box(x0 - 2 * t, y0 - 2 * t, x1 + 2 * t, y1 + 2 * t), box(x0, y0, x1, y1)]
    pen.fill(frame, lighter(WOOD, 0.1), shade=0)
    pen.flat(box((x0 + x1) / 2 - t / 2, y0, (x0 + x1) / 2 + t / 2, y1), lighter(WOOD, 0.05))
    pen.flat(box(x0, y0 + (y1 - y0) * 0.45, x1, y0 + (y1 - y0) * 0.45 + t), lighter(WOOD, 0.05))
    pen.fill(box(x0 - 3.4 * t, y1 + 1.4 * t, x1 + 3.4 * t, y1 + 3.4 * t), lighter(WOOD, 0.18), shade=0)
    if not curtains:
        return
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
    if scene.light.kind != "window" or scene.light.strength < 0.3 or scene.room in _OF_ONE_SHAPE:
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


def room_front(scene: Scene) -> Plane:
    """Something dark and near at the edge: a doorway, a chair's back, a plant."""
    sheet, u = scene.sheet(), scene.u
    tone = darker(scene.colours.foreground, 0.1)
    right = scene.staging.frame_side != "left"
    edge, d = (scene.w, -1) if right else (0.0, 1)
    if scene.room in WITHOUT_WINDOWS:
        halls.audience(scene, sheet)
        return Plane("front", sheet, Touch(depth=1.0, rim=0.5, air=0.0, texture=0.6))
    if scene.staging.frame in ("branch", "rocks", "none") or scene.room in _OF_ONE_SHAPE:
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
        back = scene.w * 0.03 + 0.16 * u  # a chair's back, seen from behind
        x = back if d > 0 else scene.w - back
        top = scene.h - 0.3 * u
        for dx in (-0.11, 0.11):
            sheet.fill(stroke([(x + dx * u, scene.h + 8), (x + 1.06 * dx * u, top)], 0.026 * u, smoothed=False), tone)
        for up in (0.0, 0.1, 0.2):
            rail = [(x - 0.115 * u, top + up * u), (x, top + (up - 0.02) * u), (x + 0.115 * u, top + up * u)]
            sheet.fill(stroke(rail, 0.036 * u if not up else 0.022 * u), tone)
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
