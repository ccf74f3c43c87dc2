"""Places out of doors: each as layers from far to near, with the ground that figures stand on."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from soundstage.arrays import Floats
from soundstage.film.painting import built
from soundstage.film.painting.colours import Colour, darker, lighter, mix, rgb
from soundstage.film.painting.finish import Touch
from soundstage.film.painting.nature import (
    below, bush, crests, glitter, grass, leafy, palm, path_shape, pine, ridge_line, rocks, waves,
)  # fmt: skip
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import Sheet, box, ellipse, points, smooth, stroke
from soundstage.film.painting.scene import Motion, Scene


@dataclass
class Plane:
    """One layer before its texture."""

    name: str
    sheet: Sheet
    touch: Touch
    motion: Motion = "none"


@dataclass
class Place:
    planes: list[Plane] = field(default_factory=list)
    afloat: bool = False
    """There is no ground: figures swim, fly or sit in a boat."""
    waterline: float | None = None
    """Where water can be swum in, share of the height."""
    ground_line: Floats | None = None


def _snowy(scene: Scene) -> bool:
    return scene.setting.weather == "snow" or scene.setting.season == "winter"


def _soil(scene: Scene) -> Colour:
    c = scene.colours
    return c.earth if _snowy(scene) else mix(c.foliage, c.earth, 0.25)


def hills(scene: Scene, place: Place, *, rows: int = 3, high: float = 0.12, peaks: bool = False) -> None:
    """Ridges between the horizon and the ground, each nearer one darker."""
    c, horizon = scene.colours, scene.staging.horizon
    for row in range(rows):
        share = row / rows
        top = horizon - high * (0.55 - 0.5 * share) + 0.03 * row
        line = ridge_line(
            scene, top, high * (1.5 - share), row, features=2 if peaks else 3, rough=0.55 if peaks else 0.42
        )
        sheet = scene.sheet()
        base = mix(mix(c.shade, c.foliage, 0.2 + 0.5 * share), c.horizon, 0.12)
        if _snowy(scene):
            base = mix(base, c.earth, 0.45)
        sheet.fill(below(scene, line, (scene.staging.ground + 0.05) * scene.h), base, to=mix(base, c.horizon, 0.35))
        if peaks and row < 2:
            _snow_caps(scene, sheet, line, row)
        depth = 0.1 + 0.28 * share
        place.planes.append(
            Plane(f"hills {row}", sheet, Touch(depth=depth, mist=(top, scene.staging.ground, 0.75), rim=0.75))
        )


def _snow_caps(scene: Scene, sheet: Sheet, line: Floats, row: int) -> None:
    c, rng = scene.colours, scene.rng("caps", row)
    top = float(line.min())
    limit = top + 0.09 * scene.h
    x = np.arange(0, scene.w, 6)
    y = line[np.minimum(x, len(line) - 1)]
    jag = limit + 0.022 * scene.h * (rng.random(len(x)) - 0.5) + 0.01 * scene.h * np.sin(x / scene.u * 40)
    inside = y < jag
    start: int | None = None
    for k in range(len(x) + 1):
        on = k < len(x) and bool(inside[k])
        if on and start is None:
            start = k
        if not on and start is not None:
            if k - start > 2:
                part = slice(start, k)
                sheet.fill(
                    np.vstack([np.column_stack([x[part], y[part]]), np.column_stack([x[part], jag[part]])[::-1]]),
                    mix(rgb("#f4f6fa"), c.horizon, 0.25 + 0.3 * c.dark),
                    opacity=0.92,
                )
            start = None


def sea(scene: Scene, place: Place, bottom: float = 1.02, *, rough: float | None = None) -> None:
    horizon = scene.staging.horizon
    storm = {"storm": 2.0, "wind": 1.4, "rain": 1.3}.get(scene.setting.weather, 0.9) if rough is None else rough
    sheet = scene.sheet()
    waves(scene, sheet, horizon, bottom, rough=storm)
    place.planes.append(Plane("water", sheet, Touch(depth=0.26, air=0.04, shadow=False, rim=0.2, mist=None)))
    shine = scene.sheet()
    glitter(scene, shine, horizon, min(bottom, horizon + 0.34))
    place.planes.append(
        Plane("glitter", shine, Touch(depth=0.28, air=0.0, rim=0.0, shadow=False, texture=0.0), "water")
    )


def ground(
    scene: Scene, place: Place, *, colour: Colour | None = None, way: bool = False, rise: float = 0.03, tufts: bool = True,
    top: float | None = None, dress: Callable[[Scene, Pen, Floats], None] | None = None,
) -> None:  # fmt: skip
    """Where figures stand: a low rise through the hero's feet, darker toward the viewer."""
    c, staging = scene.colours, scene.staging
    base = _soil(scene) if colour is None else colour
    level = (staging.ground - 0.035) if top is None else top
    line = ridge_line(scene, level, rise, "ground", features=2, rough=0.3)
    sheet = scene.sheet()
    pen = Pen(scene, sheet)
    sheet.fill(below(scene, line), mix(base, c.light, 0.08 * (1 - c.dark)), to=mix(base, c.foreground, 0.62))
    _strokes(scene, sheet, line, base)
    if way:
        tone = mix(mix(rgb("#cdb48a"), c.shade, 0.25 + 0.4 * c.dark), c.earth, 0.3)
        far = staging.landmark_x
        sheet.fill(
            path_shape(scene, staging.hero_x, far, float(line.mean()) / scene.h + 0.006, 0.15),
            tone,
            to=mix(tone, c.foreground, 0.35),
            opacity=0.9,
        )
    if dress is not None:
        dress(scene, pen, line)
    if tufts and not _snowy(scene):
        grass(
            scene,
            sheet,
            line,
            darker(mix(base, c.foreground, 0.25), 0.05),
            scene.rng("tufts"),
            count=90,
            tall=0.018,
            flowers=scene.setting.season == "spring",
        )
    place.ground_line = line
    place.planes.append(Plane("ground", sheet, Touch(depth=0.55, rim=0.45)))


def _strokes(scene: Scene, sheet: Sheet, line: Floats, base: Colour) -> None:
    """The lie of the land: a few long, soft streaks that grow toward the viewer."""
    rng, c = scene.rng("lie"), scene.colours
    top = float(line.mean())
    for _ in range(26):
        depth = rng.random() ** 0.8
        y = top + (scene.h - top) * (0.06 + 0.9 * depth)
        x, long = rng.uniform(-0.1, 1.0) * scene.w, scene.u * (0.08 + 0.3 * depth)
        tone = mix(base, c.light, 0.14) if rng.random() < 0.45 * (1 - c.dark) else mix(base, c.foreground, 0.45)
        sheet.fill(
            stroke(
                [(x, y), (x + long * 0.5, y - scene.u * 0.01 * rng.normal()), (x + long, y)],
                [0.5, scene.u * (0.004 + 0.012 * depth), 0.5],
            ),
            tone,
            opacity=0.35,
            clip=below(scene, line),
        )


def wood_band(
    scene: Scene, place: Place, height: float, tall: float, depth: float, count: int, *what: object, kind: str = "mixed"
) -> None:
    """A row of trees."""
    c, rng, sheet = scene.colours, scene.rng("wood", height, *what), scene.sheet()
    line = ridge_line(scene, height, 0.03, "wood", *what)
    bare = scene.setting.season == "winter"
    tone = mix(mix(c.foliage, c.shade, 0.3), c.foreground, 0.5 * depth)
    if _snowy(scene):
        tone = mix(tone, c.earth, 0.25)
    sheet.fill(below(scene, line, (scene.staging.ground + 0.06) * scene.h), tone)
    for x in np.sort(rng.uniform(-0.02, 1.02, count)):
        px = float(x) * scene.w
        y = float(line[int(min(max(px, 0), scene.w - 1))]) + 3
        h = tall * scene.u * rng.uniform(0.6, 1.2)
        shade = mix(tone, c.foreground, float(rng.uniform(0.0, 0.25)))
        if kind == "pine" or (kind == "mixed" and rng.random() < 0.55):
            pine(sheet, px, y, h, shade, rng)
        else:
            leafy(sheet, px, y, h * 0.85, mix(shade, c.foliage, 0.35), shade, darker(shade, 0.2), rng, bare=bare)
    place.planes.append(
        Plane(
            f"trees {depth}",
            sheet,
            Touch(depth=depth, mist=(height - tall * 0.4, scene.staging.ground + 0.02, 0.55), rim=0.7),
        )
    )


# Places -------------------------------------------------------------------------------------------------------------


def _sea(scene: Scene) -> Place:
    place = Place(afloat=True, waterline=scene.staging.ground)
    sea(scene, place)
    c = scene.colours
    size = {"storm": 0.2, "wind": 0.13, "rain": 0.1}.get(scene.setting.weather, 0.055)
    foam = mix(lighter(c.horizon, 0.35), c.light, 0.4)
    for row, (depth, height) in enumerate(((0.42, scene.staging.horizon + 0.16), (0.62, scene.staging.ground + 0.03))):
        sheet = scene.sheet()
        tone = mix(c.water, c.foreground, 0.15 + 0.35 * row)
        crests(scene, sheet, height, size * (0.7 + 0.5 * row), tone, foam, row)
        place.planes.append(Plane(f"wave {row}", sheet, Touch(depth=depth, rim=0.6, air=0.06 * (1 - row))))
    return place


def _shore(scene: Scene) -> Place:
    place = Place()
    sea(scene, place, scene.staging.ground + 0.02)
    c = scene.colours
    cliff = scene.sheet()
    side = 1 if scene.staging.landmark_x > 0.5 else 0
    x0 = scene.w * (0.62 if side else -0.02)
    pts = [
        (x0, scene.staging.horizon * scene.h + 6),
        (x0 + scene.w * 0.07, (scene.staging.horizon - 0.09) * scene.h),
        (x0 + scene.w * 0.22, (scene.staging.horizon - 0.15) * scene.h),
        (x0 + scene.w * 0.42, (scene.staging.horizon - 0.11) * scene.h),
        (x0 + scene.w * 0.46, scene.staging.horizon * scene.h + 6),
    ]
    if not side:
        pts = [(scene.w * 0.42 - (px - x0), py) for px, py in pts]
    cliff.fill(smooth(pts, steps=5), mix(c.shade, c.earth, 0.3), to=mix(c.shade, c.horizon, 0.3))
    place.planes.insert(0, Plane("cliff", cliff, Touch(depth=0.2, rim=0.7)))

    def dress(sc: Scene, pen: Pen, line: Floats) -> None:
        rng = sc.rng("beach")
        x = np.arange(0, sc.w, 8)
        edge = line[np.minimum(x, len(line) - 1)]
        pen.sheet.fill(
            stroke(np.column_stack([x, edge + sc.u * 0.004 * np.sin(x / sc.u * 22)]), sc.u * 0.012, smoothed=False),
            mix(lighter(c.horizon, 0.5), c.light, 0.3),
            opacity=0.85,
        )
        pen.sheet.fill(
            stroke(
                np.column_stack([x, edge + sc.u * (0.03 + 0.006 * np.sin(x / sc.u * 15))]), sc.u * 0.022, smoothed=False
            ),
            mix(c.water, c.earth, 0.4),
            opacity=0.4,
        )
        rocks(
            sc,
            pen,
            sc.w * (0.1 if side else 0.9),
            (sc.staging.ground + 0.02) * sc.h,
            0.16 * sc.u,
            mix(c.shade, rgb("#6a625e"), 0.5),
            rng,
            4,
        )

    sand = mix(mix(rgb("#dcc69a"), c.shade, 0.15 + 0.45 * c.dark), c.horizon, 0.1)
    ground(scene, place, colour=sand, tufts=False, rise=0.05, dress=dress)
    place.waterline = scene.staging.horizon + 0.68 * (scene.staging.ground - 0.035 - scene.staging.horizon)
    return place


def _lake(scene: Scene) -> Place:
    place = Place()
    hills(scene, place, rows=3, high=0.17, peaks=scene.setting.season == "winter")
    c = scene.colours
    top = scene.staging.horizon + 0.035
    sheet = scene.sheet()
    sheet.fill(
        box(-4, top * scene.h, scene.w + 4, (scene.staging.ground + 0.05) * scene.h),
        mix(c.horizon, c.water, 0.45),
        to=mix(c.water, c.zenith, 0.4),
    )
    line = ridge_line(scene, 0.0, 0.05, 2)
    x = np.arange(0, scene.w, 4)
    mirror = top * scene.h + 0.05 * scene.h - 0.6 * line[np.minimum(x, len(line) - 1)]
    sheet.fill(
        np.vstack([np.column_stack([x, mirror]), points((scene.w, top * scene.h), (0, top * scene.h))]),
        mix(c.shade, c.water, 0.4),
        opacity=0.4,
        soft=scene.u * 0.004,
    )
    for row in range(14):
        rng = scene.rng("ripple", row)
        y = (top + 0.012 + (scene.staging.ground - top) * (row / 14) ** 1.2) * scene.h
        x0 = rng.uniform(0, 1) * scene.w
        sheet.fill(
            ellipse(x0, y, scene.u * rng.uniform(0.05, 0.2), scene.u * 0.0018),
            mix(c.horizon, c.light, 0.4),
            opacity=0.5,
        )
    place.planes.append(Plane("lake", sheet, Touch(depth=0.4, air=0.05, rim=0, shadow=False)))
    shine = scene.sheet()
    glitter(scene, shine, top, scene.staging.ground)
    place.planes.append(
        Plane("glitter", shine, Touch(depth=0.41, air=0.0, rim=0.0, shadow=False, texture=0.0), "water")
    )

    def reeds(sc: Scene, pen: Pen, line_: Floats) -> None:
        rng = sc.rng("reeds")
        for _ in range(38):
            x0 = sc.w * (rng.uniform(0.0, 0.24) if sc.staging.hero_x > 0.5 else rng.uniform(0.76, 1.0))
            y = float(line_[int(min(x0, sc.w - 1))]) + sc.u * rng.uniform(0.0, 0.05)
            h = sc.u * rng.uniform(0.09, 0.2)
            lean = rng.normal() * 0.12 * h
            tone = mix(c.foliage, c.foreground, 0.45)
            pen.sheet.fill(
                stroke(
                    [(x0, y), (x0 + lean * 0.4, y - 0.6 * h), (x0 + lean, y - h)], [sc.u * 0.004, sc.u * 0.003, 0.8]
                ),
                tone,
            )
            if rng.random() < 0.5:
                pen.sheet.fill(
                    ellipse(x0 + lean * 0.9, y - h * 0.92, sc.u * 0.0045, sc.u * 0.018),
                    mix(rgb("#6a4630"), c.foreground, 0.3),
                )

    ground(scene, place, dress=reeds)
    place.waterline = top + 0.62 * (scene.staging.ground - 0.035 - top)
    return place


def _river(scene: Scene) -> Place:
    place = Place()
    hills(scene, place, rows=3, high=0.14)
    wood_band(scene, place, scene.staging.horizon + 0.06, 0.13, 0.4, 26)
    c = scene.colours

    def water(sc: Scene, pen: Pen, line: Floats) -> None:
        far = 0.62 if sc.staging.hero_x < 0.5 else 0.38
        near = 0.95 if sc.staging.hero_x < 0.5 else 0.05
        shape = path_shape(sc, near, far, float(line.mean()) / sc.h + 0.012, 0.42)
        pen.sheet.fill(shape, mix(c.horizon, c.water, 0.45), to=mix(c.water, c.foreground, 0.3))
        rng = sc.rng("current")
        for _ in range(40):
            t = rng.random()
            y = float(line.mean()) + (sc.h - float(line.mean())) * t
            x0 = sc.w * (far + (near - far) * t) + sc.u * 0.3 * t * rng.normal() * 0.6
            pen.sheet.fill(
                ellipse(x0, y, sc.u * (0.01 + 0.06 * t), sc.u * (0.0012 + 0.003 * t)),
                mix(c.light, c.horizon, 0.4),
                opacity=0.6,
                clip=shape,
            )
        rocks(
            sc,
            pen,
            sc.w * (0.6 if sc.staging.hero_x < 0.5 else 0.36),
            (sc.staging.ground + 0.06) * sc.h,
            0.09 * sc.u,
            mix(c.shade, rgb("#77726c"), 0.5),
            rng,
            3,
        )

    ground(scene, place, dress=water, top=scene.staging.ground - 0.07)
    return place


def _forest(scene: Scene) -> Place:
    place = Place()
    c, g = scene.colours, scene.staging.ground
    kind = "pine" if scene.setting.season == "winter" else "mixed"
    wood_band(scene, place, g - 0.14, 0.42, 0.12, 40, kind=kind)
    wood_band(scene, place, g - 0.10, 0.55, 0.26, 24, "b", kind=kind)
    sheet, rng = scene.sheet(), scene.rng("trunks")
    line = ridge_line(scene, g - 0.055, 0.02, "floor")
    tone = mix(mix(rgb("#4a3c34"), c.shade, 0.4), c.foreground, 0.5)
    sheet.fill(below(scene, line, (g + 0.06) * scene.h), mix(_soil(scene), c.foreground, 0.35))
    for k in range(8):
        x = scene.w * ((k + rng.uniform(0.15, 0.85)) / 8)
        if abs(x / scene.w - scene.staging.hero_x) < 0.07:
            continue
        w = scene.u * rng.uniform(0.022, 0.05)
        y = float(line[int(min(x, scene.w - 1))]) + 4
        sheet.fill(
            stroke(
                [(x, y), (x + rng.normal() * 0.2 * w, y * 0.5), (x + rng.normal() * 0.8 * w, -8)],
                [w * 1.7, w, w * 0.75],
            ),
            tone,
            shade=darker(tone, 0.3),
            toward=scene.toward_light(x, y, 0.3 * w),
        )
        for _ in range(3):
            by = y - scene.u * rng.uniform(0.25, 0.75)
            side = 1 if rng.random() < 0.5 else -1
            sheet.fill(
                stroke(
                    [
                        (x, by),
                        (x + side * scene.u * 0.06, by - scene.u * 0.03),
                        (x + side * scene.u * 0.13, by - scene.u * 0.02),
                    ],
                    [w * 0.4, w * 0.22, 0.8],
                ),
                tone,
            )
    for k in range(12):
        x = scene.w * rng.random()
        bush(
            sheet,
            x,
            float(line[int(min(x, scene.w - 1))]) + 6,
            scene.u * rng.uniform(0.05, 0.1),
            mix(c.foliage, c.shade, 0.3),
            mix(c.foliage, c.foreground, 0.5),
            rng,
        )
    place.planes.append(Plane("trunks", sheet, Touch(depth=0.42, mist=(g - 0.3, g, 0.14), rim=0.9, air=0.06)))
    if scene.light.strength > 0.45 and scene.setting.weather in ("clear", "fog", "wind", "cloudy"):
        beams = scene.sheet()
        lx, ly = scene.light.x * scene.w, min(scene.light.y * scene.h, 0.1 * scene.h)
        for k in range(5):
            x = lx + scene.u * (-0.5 + 0.25 * k + rng.uniform(-0.06, 0.06))
            beams.fill(
                points(
                    (lx + (x - lx) * 0.25 - 6, ly - 0.2 * scene.h),
                    (lx + (x - lx) * 0.25 + 6, ly - 0.2 * scene.h),
                    (x + scene.u * 0.075, g * scene.h),
                    (x - scene.u * 0.03, g * scene.h),
                ),
                mix(c.light, c.horizon, 0.3),
                opacity=0.16,
                soft=scene.u * 0.016,
                kept=1,
            )
        place.planes.append(
            Plane("beams", beams, Touch(depth=0.44, air=0, rim=0, shadow=False, texture=0.0, fade=(g - 0.3, g)), "glow")
        )
    ground(scene, place, way=True, colour=mix(_soil(scene), rgb("#6a5a3c"), 0.25 if not _snowy(scene) else 0.0))
    return place


def _mountain(scene: Scene) -> Place:
    place = Place()
    hills(scene, place, rows=4, high=0.3, peaks=True)

    def ledge(sc: Scene, pen: Pen, line: Floats) -> None:
        rng = sc.rng("ledge")
        tone = mix(rgb("#77706c"), sc.colours.shade, 0.4)
        for x in (0.06, 0.94, 0.3 if sc.staging.hero_x > 0.5 else 0.7):
            rocks(sc, pen, x * sc.w, float(line[int(x * (sc.w - 1))]) + 0.03 * sc.h, sc.u * 0.13, tone, rng, 3)

    wood_band(scene, place, scene.staging.ground - 0.07, 0.12, 0.46, 24, kind="pine")
    ground(scene, place, colour=mix(_soil(scene), rgb("#8a8078"), 0.45), dress=ledge, rise=0.07)
    return place


def _field(scene: Scene) -> Place:
    place = Place()
    hills(scene, place, rows=2, high=0.07)
    c = scene.colours
    sheet = scene.sheet()
    top = scene.staging.horizon + 0.02
    wheat = mix(
        rgb("#d9b45a"),
        c.foliage,
        {"spring": 0.75, "summer": 0.2, "autumn": 0.1, "winter": 0.0}[scene.setting.season or "summer"],
    )
    wheat = mix(c.earth, wheat, 0.25) if _snowy(scene) else mix(wheat, c.shade, 0.12 + 0.45 * c.dark)
    sheet.fill(
        below(scene, ridge_line(scene, top, 0.03, "field"), (scene.staging.ground + 0.06) * scene.h),
        mix(wheat, c.horizon, 0.25),
        to=wheat,
    )
    vanish = (scene.staging.landmark_x * scene.w, top * scene.h)
    for k in range(-12, 13):
        low = (vanish[0] + k * 0.16 * scene.u, (scene.staging.ground + 0.06) * scene.h)
        sheet.fill(
            stroke(
                [vanish, ((vanish[0] + low[0]) / 2, (vanish[1] + low[1]) / 2), low],
                [0.5, scene.u * 0.006, scene.u * 0.016],
            ),
            mix(wheat, c.foreground, 0.28),
            opacity=0.5,
            clip=below(scene, ridge_line(scene, top, 0.03, "field")),
        )
    rng = scene.rng("tree")
    leafy(
        sheet,
        scene.staging.landmark_x * scene.w,
        (top + 0.05) * scene.h,
        0.3 * scene.u,
        mix(c.foliage, c.shade, 0.15),
        mix(c.foliage, c.foreground, 0.4),
        mix(rgb("#5a4434"), c.foreground, 0.3),
        rng,
        bare=scene.setting.season == "winter",
    )
    place.planes.append(Plane("field", sheet, Touch(depth=0.36, mist=(top, top + 0.12, 0.25), rim=0.6)))
    ground(scene, place, colour=mix(wheat, _soil(scene), 0.45))
    return place


def _desert(scene: Scene) -> Place:
    place = Place()
    c, rng = scene.colours, scene.rng("dunes")
    sand = mix(mix(rgb("#e0a860"), c.horizon, 0.15), c.shade, 0.1 + 0.5 * c.dark)
    for row in range(3):
        sheet = scene.sheet()
        top = scene.staging.horizon - 0.05 + 0.055 * row
        for k in range(3):
            x = scene.w * ((k + rng.uniform(0.1, 0.9)) / 3)
            high, wide = scene.u * rng.uniform(0.09, 0.16), scene.u * rng.uniform(0.5, 0.9)
            base = (top + 0.1) * scene.h
            dune = smooth(
                [
                    (x - wide, base),
                    (x - wide * 0.4, base - high * 0.55),
                    (x, base - high),
                    (x + wide * 0.34, base - high * 0.42),
                    (x + wide, base),
                ],
                steps=6,
            )
            sheet.fill(
                np.vstack([dune, points((x + wide, scene.h), (x - wide, scene.h))]) if False else dune,
                mix(sand, c.light, 0.12),
                to=sand,
            )
            lit_left = scene.light.x * scene.w < x
            d = 1 if lit_left else -1
            face = smooth(
                [
                    (x, base - high),
                    (x + d * wide * 0.07, base - high * 0.6),
                    (x - d * wide * 0.05, base - high * 0.2),
                    (x + d * wide * 0.06, base + 2),
                    (x + d * wide, base + 2),
                    (x + d * wide * 0.38, base - high * 0.45),
                ],
                steps=5,
            )
            sheet.fill(face, mix(sand, c.shade, 0.55), clip=dune, opacity=0.85)
        sheet.fill(
            box(-4, (top + 0.098) * scene.h, scene.w + 4, (scene.staging.ground + 0.08) * scene.h),
            sand,
            to=mix(sand, c.shade, 0.2),
        )
        place.planes.append(
            Plane(f"dunes {row}", sheet, Touch(depth=0.14 + 0.13 * row, mist=(top, top + 0.12, 0.35), rim=0.6))
        )

    def dress(sc: Scene, pen: Pen, line: Floats) -> None:
        for k in range(3):
            y = float(line.mean()) + sc.h * (0.05 + 0.07 * k)
            x = np.linspace(0, sc.w, 60)
            pen.sheet.fill(
                stroke(
                    np.column_stack([x, y + sc.u * 0.012 * np.sin(x / sc.u * 7 + k * 2)]), sc.u * 0.004, smoothed=False
                ),
                mix(sand, c.shade, 0.4),
                opacity=0.6,
            )
        x0 = sc.w * (0.12 if sc.staging.hero_x > 0.5 else 0.88)
        y0, h = float(line[int(x0)]) + 8, 0.26 * sc.u
        green = mix(rgb("#5f8054"), c.shade, 0.2 + 0.4 * c.dark)
        pen.sheet.fill(
            stroke([(x0, y0), (x0, y0 - h)], 0.11 * h, smoothed=False),
            green,
            shade=darker(green, 0.3),
            toward=sc.toward_light(x0, y0, 0.03 * h),
        )
        for d, up in ((-1, 0.45), (1, 0.58)):
            pen.sheet.fill(
                stroke(
                    [
                        (x0, y0 - (up - 0.12) * h),
                        (x0 + d * 0.17 * h, y0 - up * h),
                        (x0 + d * 0.19 * h, y0 - (up + 0.26) * h),
                    ],
                    [0.07 * h, 0.08 * h, 0.07 * h],
                ),
                green,
            )

    ground(scene, place, colour=sand, tufts=False, dress=dress)
    return place


def _settled(
    scene: Scene, *, tower: Callable[[Pen, float, float, float], None] | None = None, way: bool = True
) -> Place:
    place = Place()
    hills(scene, place, rows=2, high=0.13)
    sheet, rng = scene.sheet(), scene.rng("houses")
    pen = Pen(scene, sheet)
    base = scene.staging.ground - 0.05
    line = ridge_line(scene, base, 0.04, "village")
    sheet.fill(below(scene, line, (base + 0.12) * scene.h), mix(_soil(scene), scene.colours.shade, 0.2))
    spots = np.linspace(0.03, 0.97, 7) + rng.uniform(-0.03, 0.03, 7)
    for k, x in enumerate(spots):
        w = scene.u * rng.uniform(0.15, 0.21)
        px = float(x) * scene.w
        y = float(line[int(min(max(px, 0), scene.w - 1))]) + 4
        if abs(x - scene.staging.landmark_x) < 0.09:
            (tower or built.church)(pen, px, y, 0.42 * scene.u)
        elif k % 3 == 1:
            tone = mix(scene.colours.foliage, scene.colours.shade, 0.2)
            leafy(
                sheet,
                px,
                y,
                0.22 * scene.u,
                tone,
                mix(tone, scene.colours.foreground, 0.35),
                mix(rgb("#5a4434"), scene.colours.foreground, 0.3),
                rng,
                bare=scene.setting.season == "winter",
            )
        else:
            built.house(pen, px, y, w, w * rng.uniform(0.5, 0.66), rng)
    place.planes.append(Plane("houses", sheet, Touch(depth=0.38, mist=(base - 0.1, base + 0.06, 0.25), rim=0.5)))
    ground(scene, place, way=way)
    return place


def _village(scene: Scene) -> Place:
    return _settled(scene)


def _city(scene: Scene) -> Place:
    place = Place()
    c = scene.colours
    for row in range(3):
        sheet, rng = scene.sheet(), scene.rng("blocks", row)
        pen = Pen(scene, sheet)
        base = scene.staging.horizon + 0.06 + 0.05 * row
        x = -0.02
        while x < 1.05:
            w = rng.uniform(0.045, 0.085) * scene.u * (1 + 0.45 * row)
            lift = 1 - 0.55 * math.exp(-(((x - scene.light.x) / 0.18) ** 2)) if row else 1.0
            h = scene.u * rng.uniform(0.16, 0.46) * (1.05 - 0.18 * row) * lift
            if row == 0:
                sheet.fill(
                    box(x * scene.w, base * scene.h - h, x * scene.w + w, scene.h * (base + 0.1)),
                    mix(c.shade, c.horizon, 0.3),
                )
            else:
                built.tall_house(pen, x * scene.w + w / 2, (base + 0.02) * scene.h, w, h, rng, modern=True)
            x += w / scene.w * rng.uniform(1.0, 1.35)
        sheet.fill(
            box(-4, base * scene.h, scene.w + 4, (scene.staging.ground + 0.05) * scene.h),
            mix(c.shade, c.foreground, 0.2 + 0.2 * row),
        )
        place.planes.append(
            Plane(f"blocks {row}", sheet, Touch(depth=0.12 + 0.14 * row, mist=(base - 0.16, base + 0.08, 0.5), rim=0.5))
        )

    def dress(sc: Scene, pen: Pen, line: Floats) -> None:
        for x in (0.08, 0.92):
            built.street_lamp(pen, x * sc.w, float(line[int(x * (sc.w - 1))]) + 10, 0.42 * sc.u)

    ground(
        scene,
        place,
        colour=mix(mix(rgb("#8a8a90"), c.shade, 0.4), c.foreground, 0.15),
        tufts=False,
        rise=0.005,
        dress=dress,
    )
    return place


def _street(scene: Scene) -> Place:
    place = Place()
    c = scene.colours
    vanish = (scene.staging.landmark_x * scene.w, (scene.staging.horizon + 0.02) * scene.h)
    far, rng = scene.sheet(), scene.rng("street")
    pen = Pen(scene, far)
    for k in range(7):
        w = 0.07 * scene.u
        built.tall_house(pen, vanish[0] + (k - 3) * w * 0.96, vanish[1] + 6, w, scene.u * rng.uniform(0.14, 0.24), rng)
    far.fill(box(-4, vanish[1], scene.w + 4, (scene.staging.ground + 0.1) * scene.h), mix(c.earth, c.shade, 0.5))
    place.planes.append(Plane("far houses", far, Touch(depth=0.2, mist=(0.2, scene.staging.ground, 0.4), rim=0.4)))
    near = scene.sheet()
    pen = Pen(scene, near)
    feet = (scene.staging.ground - 0.02) * scene.h
    for side in (-1, 1):
        for k in range(4, -1, -1):
            scale = 0.30 + 0.7 * (1 - k / 4.6)
            reach = 0.12 * scene.u + (
                0.72 * scene.w * abs((0 if side < 0 else 1) - scene.staging.landmark_x) + 0.04 * scene.w
            ) * (1 - k / 4.6)
            x = vanish[0] + side * reach
            y = vanish[1] + (feet - vanish[1]) * (1 - k / 4.6)
            built.tall_house(pen, x, y, 0.24 * scene.u * scale, scene.u * (0.62 + 0.12 * rng.random()) * scale, rng)
    place.planes.append(Plane("houses", near, Touch(depth=0.36, mist=(0.3, scene.staging.ground, 0.15), rim=0.4)))

    def dress(sc: Scene, pen_: Pen, line: Floats) -> None:
        top = float(line.mean())
        stone = mix(mix(rgb("#a39a90"), c.shade, 0.35), c.foreground, 0.1)
        for row in range(9):
            y = top + (sc.h - top) * (row / 9) ** 1.4
            pen_.sheet.fill(box(-4, y, sc.w + 4, y + 1.5 + 0.3 * row), mix(stone, c.foreground, 0.35), opacity=0.55)
        for k in range(-9, 10):
            pen_.sheet.fill(
                stroke(
                    [(vanish[0] + k * 0.07 * sc.u, top), (vanish[0] + k * 0.34 * sc.u, sc.h + 4)], 1.6, smoothed=False
                ),
                mix(stone, c.foreground, 0.35),
                opacity=0.4,
            )
        if sc.setting.weather in ("rain", "storm"):
            for k in range(7):
                rng_ = sc.rng("puddle", k)
                pen_.sheet.fill(
                    ellipse(
                        rng_.random() * sc.w,
                        top + (sc.h - top) * rng_.uniform(0.1, 0.7),
                        sc.u * rng_.uniform(0.05, 0.13),
                        sc.u * 0.012,
                    ),
                    mix(c.horizon, c.glow, 0.25),
                    opacity=0.55,
                )
        x = 0.16 if sc.staging.hero_x > 0.5 else 0.84
        built.street_lamp(pen_, x * sc.w, top + 0.03 * sc.h, 0.5 * sc.u)

    ground(
        scene,
        place,
        colour=mix(mix(rgb("#a39a90"), c.shade, 0.35), c.foreground, 0.1),
        tufts=False,
        rise=0.004,
        dress=dress,
        top=scene.staging.ground - 0.06,
    )
    return place


def _garden(scene: Scene) -> Place:
    place = Place()
    c, rng = scene.colours, scene.rng("garden")
    wood_band(scene, place, scene.staging.horizon + 0.03, 0.2, 0.16, 22, kind="leafy")
    sheet = scene.sheet()
    pen = Pen(scene, sheet)
    base = (scene.staging.ground - 0.04) * scene.h
    built.house(pen, scene.staging.landmark_x * scene.w, base - 0.02 * scene.h, 0.34 * scene.u, 0.19 * scene.u, rng)
    built.fence(pen, -8, scene.w + 8, base + 4, 0.085 * scene.u, "#e8e0d0")
    for k in range(14):
        tone = mix(c.foliage, c.light, 0.06)
        bush(
            sheet,
            scene.w * (k + rng.random()) / 14,
            base + 8,
            scene.u * rng.uniform(0.06, 0.12),
            tone,
            mix(tone, c.foreground, 0.4),
            rng,
        )
    sheet.fill(box(-4, base + 2, scene.w + 4, base + 0.1 * scene.h), _soil(scene))
    place.planes.append(Plane("house", sheet, Touch(depth=0.38, rim=0.5)))

    def flowers(sc: Scene, pen_: Pen, line: Floats) -> None:
        if _snowy(sc):
            return
        kinds = [rgb("#e0607a"), rgb("#f2c94c"), rgb("#f4ede4"), rgb("#9a7fd0"), rgb("#e8884a")]
        for _ in range(120):
            x, depth = rng.random() * sc.w, rng.random()
            if abs(x / sc.w - sc.staging.hero_x) < 0.1 and depth < 0.5:
                continue
            y = float(line[int(min(x, sc.w - 1))]) + sc.h * (0.01 + 0.12 * depth)
            h = sc.u * (0.02 + 0.035 * depth)
            pen_.sheet.fill(
                stroke([(x, y), (x + 0.1 * h, y - h)], max(1.0, 0.1 * h), smoothed=False),
                mix(c.foliage, c.foreground, 0.2),
            )
            tone = mix(kinds[int(rng.integers(5))], c.shade, 0.1 + 0.5 * c.dark)
            for a in range(5):
                pen_.sheet.fill(
                    ellipse(
                        x + 0.1 * h + 0.15 * h * math.cos(a * 1.257),
                        y - h + 0.15 * h * math.sin(a * 1.257),
                        0.13 * h,
                        0.11 * h,
                    ),
                    tone,
                )
            pen_.sheet.fill(ellipse(x + 0.1 * h, y - h, 0.08 * h, 0.08 * h), rgb("#f4d35e"))

    ground(scene, place, way=True, dress=flowers)
    return place


def _castle(scene: Scene) -> Place:
    place = Place()
    hills(scene, place, rows=2, high=0.16)
    c, sheet = scene.colours, scene.sheet()
    pen = Pen(scene, sheet)
    x, top = scene.staging.landmark_x * scene.w, scene.staging.horizon - 0.01
    rock = smooth(
        [
            (x - 0.72 * scene.u, (scene.staging.ground + 0.04) * scene.h),
            (x - 0.4 * scene.u, (top + 0.06) * scene.h),
            (x - 0.3 * scene.u, top * scene.h),
            (x + 0.3 * scene.u, top * scene.h),
            (x + 0.42 * scene.u, (top + 0.07) * scene.h),
            (x + 0.8 * scene.u, (scene.staging.ground + 0.04) * scene.h),
        ],
        closed=False,
    )
    tone = mix(mix(_soil(scene), c.shade, 0.4), rgb("#77706c"), 0.2)
    sheet.fill(
        rock,
        tone,
        to=mix(tone, c.foreground, 0.3),
        shade=mix(tone, c.foreground, 0.4),
        toward=scene.toward_light(x, top * scene.h, 0.05 * scene.u),
    )
    built.castle(pen, x, top * scene.h + 4, 0.5 * scene.u)
    place.planes.append(Plane("castle", sheet, Touch(depth=0.34, mist=(top, scene.staging.ground, 0.4), rim=0.6)))
    ground(scene, place, way=True)
    return place


def _lighthouse(scene: Scene) -> Place:
    place = Place()
    sea(scene, place, scene.staging.ground + 0.06)
    c = scene.colours
    sheet = scene.sheet()
    pen = Pen(scene, sheet)
    x, top = scene.staging.landmark_x * scene.w, (scene.staging.horizon - 0.03) * scene.h
    rock = smooth(
        [
            (x - 0.46 * scene.u, (scene.staging.ground + 0.02) * scene.h),
            (x - 0.33 * scene.u, top + 0.10 * scene.h),
            (x - 0.2 * scene.u, top + 0.015 * scene.h),
            (x, top),
            (x + 0.2 * scene.u, top + 0.01 * scene.h),
            (x + 0.3 * scene.u, top + 0.08 * scene.h),
            (x + 0.5 * scene.u, (scene.staging.ground + 0.02) * scene.h),
        ],
        closed=False,
    )
    tone = mix(rgb("#6f6a6c"), c.shade, 0.45)
    lamp = built.lighthouse(pen, x, top + 5, min(0.62 * scene.u, top * 0.82))
    sheet.fill(
        rock,
        mix(tone, _soil(scene), 0.25),
        to=mix(tone, c.foreground, 0.5),
        shade=mix(tone, c.foreground, 0.5),
        toward=scene.toward_light(x, top, 0.04 * scene.u),
    )
    rng = scene.rng("foam")
    for k in range(16):
        fx = x + scene.u * rng.uniform(-0.5, 0.52)
        sheet.fill(
            ellipse(fx, (scene.staging.ground + 0.005) * scene.h, scene.u * rng.uniform(0.02, 0.06), scene.u * 0.009),
            mix(lighter(c.horizon, 0.5), c.light, 0.3),
            opacity=0.75,
        )
    place.planes.append(Plane("lighthouse", sheet, Touch(depth=0.36, rim=0.6, air=0.10)))
    if built.glowing(pen) or scene.setting.weather in ("storm", "rain", "fog"):
        beam = scene.sheet()
        for side in (-1, 1):
            for spread, opacity in ((0.11, 0.2), (0.06, 0.3)):
                far = (lamp[0] + side * 1.7 * scene.u, lamp[1] - 0.12 * scene.u * side)
                beam.fill(
                    points(
                        (lamp[0], lamp[1] - 3),
                        (far[0], far[1] - spread * 1.7 * scene.u),
                        (far[0], far[1] + spread * 1.7 * scene.u),
                        (lamp[0], lamp[1] + 3),
                    ),
                    mix(c.glow, c.light, 0.5),
                    opacity=opacity,
                    soft=scene.u * 0.012,
                    kept=1,
                )
        across = np.abs(np.arange(scene.w, dtype=np.float32) - lamp[0]) / (1.05 * scene.u)
        fall = np.clip(1 - across, 0, 1)[None, :].astype(np.float32) ** 1.3
        beam.alpha *= fall
        beam.colour *= fall[..., None]
        place.planes.insert(0, Plane("beam", beam, Touch(depth=0.3, air=0, rim=0, shadow=False, texture=0), "glow"))
    ground(scene, place, rise=0.05)
    place.waterline = scene.staging.horizon + 0.68 * (scene.staging.ground - 0.035 - scene.staging.horizon)
    return place


def _harbour(scene: Scene) -> Place:
    place = Place()
    hills(scene, place, rows=1, high=0.1)
    c, rng = scene.colours, scene.rng("harbour")
    town = scene.sheet()
    pen = Pen(scene, town)
    base = (scene.staging.horizon + 0.04) * scene.h
    x = -0.02
    while x < 1.02:
        w = scene.u * rng.uniform(0.07, 0.1)
        built.tall_house(pen, x * scene.w + w / 2, base, w, scene.u * rng.uniform(0.1, 0.17), rng)
        x += w / scene.w * 1.02
    place.planes.append(
        Plane(
            "town",
            town,
            Touch(depth=0.24, mist=(scene.staging.horizon - 0.1, scene.staging.horizon + 0.06, 0.3), rim=0.5),
        )
    )
    water = scene.sheet()
    waves(scene, water, scene.staging.horizon + 0.038, scene.staging.ground + 0.05, rough=0.6)
    place.planes.append(Plane("water", water, Touch(depth=0.3, air=0.05, rim=0, shadow=False)))
    shine = scene.sheet()
    glitter(scene, shine, scene.staging.horizon + 0.04, scene.staging.ground)
    place.planes.append(Plane("glitter", shine, Touch(depth=0.31, air=0, rim=0, shadow=False, texture=0.0), "water"))
    boats = scene.sheet()
    pen = Pen(scene, boats)
    built.ship_at_quay(pen, scene.staging.landmark_x * scene.w, (scene.staging.horizon + 0.13) * scene.h, 0.5 * scene.u)
    other = 0.2 if scene.staging.landmark_x > 0.5 else 0.8
    built.ship_at_quay(pen, other * scene.w, (scene.staging.horizon + 0.09) * scene.h, 0.28 * scene.u)
    place.planes.append(Plane("boats", boats, Touch(depth=0.42, rim=0.6)))

    def quay(sc: Scene, pen_: Pen, line: Floats) -> None:
        top = float(line.mean())
        wood = mix(mix(rgb("#8a6a4c"), c.shade, 0.35), c.foreground, 0.15)
        for row in range(8):
            y = top + (sc.h - top) * (row / 8) ** 1.35
            pen_.sheet.fill(box(-4, y, sc.w + 4, y + 2 + row * 0.7), mix(wood, c.foreground, 0.5), opacity=0.8)
        for x0 in (0.06, 0.36, 0.66, 0.96):
            px = x0 * sc.w
            pen_.fill(
                box(px - 0.018 * sc.u, top - 0.06 * sc.u, px + 0.018 * sc.u, top + 0.05 * sc.u), "#5a4434", shade=0.3
            )
            pen_.fill(ellipse(px, top - 0.06 * sc.u, 0.018 * sc.u, 0.007 * sc.u), "#7a6048", shade=0)

    ground(
        scene,
        place,
        colour=mix(mix(rgb("#8a6a4c"), c.shade, 0.35), c.foreground, 0.15),
        tufts=False,
        rise=0.0,
        dress=quay,
    )
    place.waterline = scene.staging.horizon + 0.75 * (scene.staging.ground - 0.035 - scene.staging.horizon)
    return place


def _bridge(scene: Scene) -> Place:
    place = Place()
    hills(scene, place, rows=2, high=0.15)
    wood_band(scene, place, scene.staging.horizon + 0.06, 0.12, 0.34, 26)
    c = scene.colours
    water = scene.sheet()
    waves(scene, water, scene.staging.horizon + 0.10, scene.staging.ground + 0.3, rough=0.5)
    place.planes.append(Plane("water", water, Touch(depth=0.4, air=0.05, rim=0, shadow=False)))
    shine = scene.sheet()
    glitter(scene, shine, scene.staging.horizon + 0.11, scene.staging.ground + 0.16)
    place.planes.append(Plane("glitter", shine, Touch(depth=0.41, air=0, rim=0, shadow=False, texture=0.0), "water"))
    sheet = scene.sheet()
    pen = Pen(scene, sheet)
    s = 0.44 * scene.u
    rise = 0.34 * s * math.sin(math.pi * min(max((scene.staging.hero_x + 0.06) / 1.12, 0), 1)) + 0.24 * s
    y = scene.staging.ground * scene.h + rise
    built.arched_bridge(pen, -0.06 * scene.w, 1.06 * scene.w, y, s)
    place.planes.append(Plane("bridge", sheet, Touch(depth=0.55, rim=0.6)))
    x = np.arange(scene.w)
    place.ground_line = np.asarray(y - 0.34 * s * np.sin(math.pi * (x / scene.w + 0.06) / 1.12) - 0.24 * s, np.float64)
    bank = scene.sheet()
    low = ridge_line(scene, 0.95, 0.05, "bank")
    bank.fill(below(scene, low), mix(_soil(scene), c.foreground, 0.7))
    place.planes.append(Plane("bank", bank, Touch(depth=0.62, rim=0.2)))
    return place


def _cave(scene: Scene) -> Place:
    place = Place()
    c = scene.colours
    hills(scene, place, rows=1, high=0.08)
    rng = scene.rng("cave")
    stone = mix(mix(rgb("#6a625e"), c.shade, 0.5), c.foreground, 0.2)
    for row, (depth, open_) in enumerate(((0.28, 0.30), (0.42, 0.40))):
        sheet = scene.sheet()
        cx, cy = scene.light.x * scene.w, (scene.staging.ground - 0.2) * scene.h
        angles = np.linspace(0, 2 * math.pi, 34)[:-1]
        reach = scene.u * open_ * rng.uniform(0.84, 1.14, 33)
        hole = smooth(np.column_stack([cx + 1.25 * reach * np.cos(angles), cy + reach * np.sin(angles)]), steps=3)
        sheet.fill(
            [box(-6, -6, scene.w + 6, scene.h + 6), hole],
            mix(stone, c.foreground, 0.35 * row),
            to=mix(stone, c.foreground, 0.55),
        )
        for k in range(16):
            x = scene.w * (k + rng.random()) / 16
            inside = abs(x - cx) < 1.2 * open_ * scene.u
            y = (
                cy - math.sqrt(max(0.0, 1 - ((x - cx) / (1.25 * open_ * scene.u)) ** 2)) * open_ * scene.u
                if inside
                else -6.0
            )
            h, w = scene.u * rng.uniform(0.05, 0.17), scene.u * rng.uniform(0.012, 0.03)
            sheet.fill(
                points((x - w, y - 0.03 * scene.u), (x + w, y - 0.03 * scene.u), (x, y + h)),
                mix(stone, c.foreground, 0.4 * row),
            )
        place.planes.append(Plane(f"rock {row}", sheet, Touch(depth=depth, rim=1.0, air=0.12 - 0.1 * row)))

    def dress(sc: Scene, pen: Pen, line: Floats) -> None:
        for x in (0.05, 0.22, 0.8, 0.95):
            rocks(sc, pen, x * sc.w, float(line[int(x * (sc.w - 1))]) + 12, sc.u * 0.12, stone, rng, 3)
        for k in range(5):
            x, tall = sc.w * (0.1 + 0.19 * k), sc.u * rng.uniform(0.025, 0.06)
            if abs(x / sc.w - sc.staging.hero_x) > 0.1:
                y = float(line[int(x)]) + 5
                pen.shine(
                    points(
                        (x, y - tall),
                        (x + tall * 0.28, y - tall * 0.4),
                        (x + tall * 0.18, y),
                        (x - tall * 0.18, y),
                        (x - tall * 0.28, y - tall * 0.4),
                    ),
                    mix(rgb("#9fe6e0"), c.glow, 0.25),
                    opacity=0.9,
                )
                pen.scene.glows.append((x, y - tall * 0.5, tall * 2.4))

    ground(scene, place, colour=mix(stone, c.foreground, 0.1), tufts=False, rise=0.06, dress=dress)
    return place


def _sky_place(scene: Scene) -> Place:
    """Above the clouds: banks of them, lit from the side of the light."""
    place = Place(afloat=True)
    c = scene.colours
    white = mix(lighter(c.horizon, 0.5), c.light, 0.35)
    for row in range(4):
        sheet, rng = scene.sheet(), scene.rng("cloud sea", row)
        base = (0.52 + 0.13 * row) * scene.h
        body = mix(mix(white, c.shade, 0.30 + 0.32 * c.dark), c.zenith, 0.12)
        lit = mix(white, c.shade, 0.05 + 0.45 * c.dark)
        for k in range(5 + row):
            x, wide = (
                scene.w * (k + rng.uniform(0.1, 0.9)) / (5 + row),
                scene.u * rng.uniform(0.16, 0.3) * (1 + 0.25 * row),
            )
            y = base + rng.uniform(-0.03, 0.03) * scene.h
            lobes = [
                (
                    x + wide * (j / 5 - 0.5) * 1.5,
                    y - wide * 0.36 * math.sin(math.pi * (j + 0.5) / 6) * rng.uniform(0.7, 1.2),
                    wide * rng.uniform(0.17, 0.27),
                )
                for j in range(6)
            ]
            for lx, ly, r in lobes:
                sheet.fill(ellipse(lx, ly, r * 1.15, r), body)
            for lx, ly, r in lobes:
                dx, dy = scene.toward_light(lx, ly, r * 0.22)
                sheet.fill(ellipse(lx + dx, ly + dy, r * 0.95, r * 0.8), lit, opacity=0.8, soft=r * 0.08)
        sheet.fill(
            box(-6, base + 0.03 * scene.u, scene.w + 6, scene.h + 6), mix(body, lit, 0.5), to=mix(body, c.shade, 0.35)
        )
        place.planes.append(
            Plane(
                f"cloud {row}",
                sheet,
                Touch(depth=0.12 + 0.2 * row, rim=0.5, air=0.3 - 0.09 * row),
                "clouds" if row < 2 else "none",
            )
        )
    return place


def _space(scene: Scene) -> Place:
    place = Place()
    c, rng = scene.colours, scene.rng("planets")
    sheet = scene.sheet()
    pen = Pen(scene, sheet)
    for x, y, r, tone in (
        (scene.staging.landmark_x, 0.28, 0.16, "#c9824f"),
        (1 - scene.staging.landmark_x, 0.16, 0.05, "#7fa6c9"),
    ):
        px, py, pr = x * scene.w, y * scene.h, r * scene.u
        disc = ellipse(px, py, pr, pr)
        base = rgb(tone)
        dx, dy = scene.toward_light(px, py, pr * 0.5)
        sheet.fill(disc, base, shade=darker(base, 0.62), toward=(dx, dy))
        for k in range(4):
            by = py + pr * (-0.6 + 0.4 * k)
            sheet.fill(
                stroke(
                    [(px - pr, by), (px, by + 0.08 * pr), (px + pr, by - 0.04 * pr)], [0.05 * pr, 0.13 * pr, 0.05 * pr]
                ),
                darker(base, 0.22),
                opacity=0.5,
                clip=disc,
            )
        if r > 0.1:
            ring = [ellipse(px, py, pr * 1.8, pr * 0.36, turn=-16), ellipse(px, py, pr * 1.4, pr * 0.25, turn=-16)]
            sheet.fill(ring, mix(base, c.light, 0.45), opacity=0.75)
            upper = ellipse(px, py, pr, pr, start=180, end=360)
            sheet.fill(upper, base, shade=darker(base, 0.62), toward=(dx, dy))
    place.planes.append(Plane("planets", sheet, Touch(depth=0.1, air=0.0, rim=0.4)))

    def craters(sc: Scene, pen_: Pen, line: Floats) -> None:
        grey = mix(rgb("#a9a6b4"), c.shade, 0.35)
        for _ in range(12):
            x, depth = rng.random() * sc.w, rng.random()
            y = float(line.mean()) + sc.h * (0.03 + 0.17 * depth)
            r = sc.u * (0.02 + 0.06 * depth)
            pen_.sheet.fill(ellipse(x, y, r, r * 0.26), darker(grey, 0.4))
            pen_.sheet.fill(ellipse(x, y + r * 0.05, r * 0.86, r * 0.18), darker(grey, 0.22))

    ground(scene, place, colour=mix(rgb("#a9a6b4"), c.shade, 0.35), tufts=False, rise=0.05, dress=craters)
    return place


def _road(scene: Scene) -> Place:
    place = Place()
    hills(scene, place, rows=3, high=0.12)
    c = scene.colours
    sheet = scene.sheet()
    pen = Pen(scene, sheet)
    top = scene.staging.horizon + 0.03
    sheet.fill(
        below(scene, ridge_line(scene, top, 0.03, "meadow"), (scene.staging.ground + 0.05) * scene.h),
        mix(_soil(scene), c.horizon, 0.2),
    )
    for k in range(6):
        t = (k + 1) / 6
        x = scene.staging.landmark_x + (0.96 - scene.staging.landmark_x) * t**1.4
        y = (top + (scene.staging.ground - top) * t**1.4) * scene.h
        h = scene.u * (0.05 + 0.3 * t**1.4)
        pen.line([(x * scene.w, y), (x * scene.w, y - h)], max(1.0, 0.035 * h), "#5a4a40")
        pen.line(
            [(x * scene.w - 0.14 * h, y - 0.88 * h), (x * scene.w + 0.14 * h, y - 0.88 * h)],
            max(1.0, 0.03 * h),
            "#5a4a40",
        )
    place.planes.append(Plane("meadow", sheet, Touch(depth=0.38, mist=(top, scene.staging.ground, 0.2), rim=0.5)))
    ground(scene, place, way=True, top=scene.staging.ground - 0.06)
    return place


def _market(scene: Scene) -> Place:
    place = Place()
    rng = scene.rng("market")
    town = scene.sheet()
    pen = Pen(scene, town)
    base = (scene.staging.ground - 0.09) * scene.h
    x = -0.02
    while x < 1.02:
        w = scene.u * rng.uniform(0.14, 0.19)
        built.tall_house(pen, x * scene.w + w / 2, base, w, scene.u * rng.uniform(0.3, 0.46), rng)
        x += w / scene.w * 1.02
    place.planes.append(Plane("town", town, Touch(depth=0.22, mist=(0.2, scene.staging.ground, 0.35), rim=0.4)))
    stalls = scene.sheet()
    pen = Pen(scene, stalls)
    for k in range(5):
        built.stall(pen, scene.w * (0.08 + 0.21 * k), (scene.staging.ground - 0.045) * scene.h, 0.2 * scene.u, rng)
    for k in range(2):
        y0 = (scene.staging.ground - 0.46 - 0.08 * k) * scene.h
        path = smooth(
            [
                (-8, y0),
                (scene.w * 0.3, y0 + 0.05 * scene.h),
                (scene.w * 0.65, y0 + 0.03 * scene.h),
                (scene.w + 8, y0 - 0.02 * scene.h),
            ],
            closed=False,
        )
        pen.line(path, 1.6, "#3a3034")
        for spot in path[4::4]:
            tone = rgb("#ff8f5a") if rng.random() < 0.5 else rgb("#ffd27a")
            if built.glowing(pen):
                pen.shine(ellipse(spot[0], spot[1] + 0.02 * scene.u, 0.014 * scene.u, 0.018 * scene.u), tone)
                pen.scene.glows.append((float(spot[0]), float(spot[1]) + 0.02 * scene.u, 0.07 * scene.u))
            else:
                pen.fill(
                    points(
                        (spot[0] - 0.016 * scene.u, spot[1]),
                        (spot[0] + 0.016 * scene.u, spot[1]),
                        (spot[0], spot[1] + 0.034 * scene.u),
                    ),
                    tone,
                )
    place.planes.append(Plane("stalls", stalls, Touch(depth=0.4, rim=0.4)))
    ground(
        scene,
        place,
        colour=mix(mix(rgb("#b0a08a"), scene.colours.shade, 0.3), scene.colours.foreground, 0.1),
        tufts=False,
        rise=0.004,
    )
    return place


def _station(scene: Scene) -> Place:
    place = Place()
    hills(scene, place, rows=2, high=0.1)
    c, rng = scene.colours, scene.rng("station")
    sheet = scene.sheet()
    pen = Pen(scene, sheet)
    base = (scene.staging.ground - 0.03) * scene.h
    x0, x1 = scene.w * 0.08, scene.w * 0.92
    long = (x1 - x0) / 4
    for k in range(4):
        left = x0 + k * long
        pen.fill(
            box(left + 4, base - 0.25 * scene.u, left + long - 4, base - 0.04 * scene.u),
            "#3f6258" if k else "#4a3a44",
            shade=0.06,
        )
        pen.fill(box(left, base - 0.275 * scene.u, left + long, base - 0.245 * scene.u), "#2c3a3a", shade=0)
        pen.flat(box(left + 4, base - 0.125 * scene.u, left + long - 4, base - 0.115 * scene.u), "#d9b45a")
        for w in range(4):
            built.window(
                pen,
                left + long * (w + 0.5) / 4,
                base - 0.14 * scene.u,
                long * 0.15,
                0.08 * scene.u,
                lit=True if built.glowing(pen) else None,
            )
        for wheel in (0.2, 0.36, 0.64, 0.8):
            pen.fill(ellipse(left + long * wheel, base - 0.03 * scene.u, 0.03 * scene.u, 0.03 * scene.u), "#22242a")
    sheet.fill(box(-4, base, scene.w + 4, base + 0.1 * scene.h), mix(c.shade, c.foreground, 0.3))
    place.planes.append(Plane("train", sheet, Touch(depth=0.4, rim=0.4)))
    roof = scene.sheet()
    pen = Pen(scene, roof)
    y = (scene.staging.ground - 0.02) * scene.h
    for x in (0.04, 0.5 if abs(scene.staging.hero_x - 0.5) > 0.1 else 0.6, 0.96):
        pen.line([(x * scene.w, y), (x * scene.w, 0.14 * scene.h)], 0.022 * scene.u, "#3a4448")
        for d in (-1, 1):
            pen.line(
                [
                    (x * scene.w, 0.26 * scene.h),
                    (x * scene.w + d * 0.05 * scene.u, 0.17 * scene.h),
                    (x * scene.w + d * 0.13 * scene.u, 0.145 * scene.h),
                ],
                0.011 * scene.u,
                "#3a4448",
            )
    pen.fill(
        points(
            (-8, 0.06 * scene.h), (scene.w + 8, 0.06 * scene.h), (scene.w + 8, 0.14 * scene.h), (-8, 0.14 * scene.h)
        ),
        "#4a5456",
        shade=0,
    )
    for k in range(26):
        x = scene.w * k / 25
        pen.fill(
            points((x - 0.02 * scene.w, 0.138 * scene.h), (x + 0.02 * scene.w, 0.138 * scene.h), (x, 0.17 * scene.h)),
            "#4a5456",
            shade=0,
        )
    cx = scene.w * (0.72 if scene.staging.hero_x < 0.5 else 0.28)
    pen.line([(cx, 0.14 * scene.h), (cx, 0.2 * scene.h)], 0.01 * scene.u, "#3a4448")
    pen.fill(ellipse(cx, 0.24 * scene.h, 0.05 * scene.u, 0.05 * scene.u), "#3a4448")
    pen.shine(ellipse(cx, 0.24 * scene.h, 0.041 * scene.u, 0.041 * scene.u), rgb("#f6eed8"), opacity=0.95)
    for a, long_ in ((-1.9, 0.02), (-0.6, 0.03)):
        pen.line(
            [
                (cx, 0.24 * scene.h),
                (cx + long_ * scene.u * math.cos(a), 0.24 * scene.h + long_ * scene.u * math.sin(a)),
            ],
            0.005 * scene.u,
            "#22242a",
        )
    place.planes.append(Plane("roof", roof, Touch(depth=0.5, rim=0.4)))

    def platform(sc: Scene, pen_: Pen, line: Floats) -> None:
        top = float(line.mean())
        pen_.sheet.fill(
            box(-4, top + 0.012 * sc.h, sc.w + 4, top + 0.02 * sc.h), mix(rgb("#e8d9a0"), c.shade, 0.3), opacity=0.9
        )
        for k in range(-8, 9):
            pen_.sheet.fill(
                stroke(
                    [(sc.w * 0.5 + k * 0.12 * sc.u, top + 0.02 * sc.h), (sc.w * 0.5 + k * 0.26 * sc.u, sc.h + 4)],
                    1.6,
                    smoothed=False,
                ),
                mix(c.shade, c.foreground, 0.4),
                opacity=0.4,
            )

    del rng
    ground(
        scene,
        place,
        colour=mix(mix(rgb("#9a948c"), c.shade, 0.4), c.foreground, 0.1),
        tufts=False,
        rise=0.0,
        dress=platform,
    )
    return place


def _plain(scene: Scene) -> Place:
    place = Place()
    hills(scene, place, rows=3, high=0.13)
    wood_band(scene, place, scene.staging.ground - 0.07, 0.1, 0.44, 20)
    ground(scene, place, way=True)
    return place


OUTDOORS: dict[str, Callable[[Scene], Place]] = {
    "sea": _sea, "shore": _shore, "lake": _lake, "river": _river, "forest": _forest, "mountain": _mountain, "field": _field,
    "desert": _desert, "village": _village, "city": _city, "street": _street, "garden": _garden, "castle": _castle,
    "lighthouse": _lighthouse, "harbour": _harbour, "bridge": _bridge, "cave": _cave, "sky": _sky_place, "space": _space,
    "road": _road, "market": _market, "station": _station, "plain": _plain,
}  # fmt: skip


def front(scene: Scene) -> Plane | None:
    """The framing foreground, nearly black, soft with nearness: trees, a branch, rocks or grass; calm under the text."""
    frame, rng = scene.staging.frame, scene.rng("front")
    c, sheet = scene.colours, scene.sheet()
    tone = darker(c.foreground, 0.15)
    upright = scene.h > scene.w
    low = 0.9 if not upright else 0.88
    sides = {"left": (0,), "right": (1,), "both": (0, 1)}[scene.staging.frame_side]
    bare = scene.setting.season == "winter"
    if frame == "none":
        return None
    built_up = frame in ("wall", "crates")
    line = ridge_line(scene, low + 0.035, 0.0 if built_up else 0.05, "front", features=2, rough=0.35)
    if built_up:
        sides = sides[:1]
    for side in sides:
        edge = scene.w if side else 0.0
        x = np.arange(scene.w)
        near = np.clip(1 - np.abs(x - edge) / (0.42 * scene.w), 0, 1)
        line = line - (0.0 if built_up else 0.07) * scene.h * near**2
    sheet.fill(below(scene, line), tone)
    if not built_up:
        grass(scene, sheet, line, tone, rng, count=110, tall=0.05 if frame != "rocks" else 0.025)
    for side in sides:
        d = -1 if side else 1
        edge = scene.w if side else 0.0
        if frame == "trees":
            for k in range(2):
                x = edge + d * scene.u * (0.03 + 0.15 * k)
                y = float(line[int(min(max(x, 0), scene.w - 1))]) + 8
                if bare or rng.random() < 0.6:
                    pine(sheet, x, y, scene.u * (0.86 - 0.32 * k), tone, rng)
                else:
                    leafy(sheet, x, y, scene.u * (0.9 - 0.34 * k), tone, tone, tone, rng)
        elif frame == "branch":
            start = (edge - d * 6, scene.h * rng.uniform(0.1, 0.2))
            tip = (edge + d * scene.u * 0.62, start[1] + scene.u * rng.uniform(-0.06, 0.03))
            mid = ((start[0] + tip[0]) / 2, start[1] - 0.045 * scene.u)
            sheet.fill(stroke([start, mid, tip], [0.045 * scene.u, 0.024 * scene.u, 0.004 * scene.u]), tone)
            for k in range(46):
                t = rng.random() ** 0.8
                bx = start[0] + (tip[0] - start[0]) * t
                by = (
                    start[1]
                    + (tip[1] - start[1]) * t
                    - 0.05 * scene.u * math.sin(math.pi * t)
                    + rng.normal() * 0.022 * scene.u
                )
                if bare and k % 3:
                    continue
                size = scene.u * rng.uniform(0.013, 0.026)
                sheet.fill(ellipse(bx, by + size * 0.6, size, size * 0.42, turn=float(rng.uniform(10, 100))), tone)
        elif frame == "wall":
            sheet.fill(
                box(
                    min(edge - d * 8, edge + d * 0.11 * scene.u),
                    -8,
                    max(edge - d * 8, edge + d * 0.11 * scene.u),
                    scene.h + 8,
                ),
                tone,
            )
            y = 0.26 * scene.h
            sheet.fill(
                stroke(
                    [(edge + d * 0.1 * scene.u, y), (edge + d * 0.25 * scene.u, y)], 0.012 * scene.u, smoothed=False
                ),
                tone,
            )
            sheet.fill(
                stroke(
                    [
                        (edge + d * 0.1 * scene.u, y + 0.07 * scene.u),
                        (edge + d * 0.17 * scene.u, y + 0.05 * scene.u),
                        (edge + d * 0.2 * scene.u, y),
                    ],
                    0.01 * scene.u,
                ),
                tone,
            )
            sign = smooth(
                [
                    (edge + d * 0.15 * scene.u, y + 0.03 * scene.u),
                    (edge + d * 0.25 * scene.u, y + 0.03 * scene.u),
                    (edge + d * 0.25 * scene.u, y + 0.1 * scene.u),
                    (edge + d * 0.2 * scene.u, y + 0.125 * scene.u),
                    (edge + d * 0.15 * scene.u, y + 0.1 * scene.u),
                ],
                steps=3,
            )
            sheet.fill(sign, tone)
        elif frame == "crates":
            s, y = 0.2 * scene.u, scene.h * (low + 0.05)
            x0 = edge + d * 0.02 * scene.u
            for k, (dx, dy, w) in enumerate(((0.0, 0.0, 1.0), (1.0, 0.0, 0.8), (0.12, 1.0, 0.72))):
                left = x0 + d * dx * s
                sheet.fill(
                    box(
                        min(left, left + d * w * s),
                        y - (dy + w) * s if dy == 0 else y - s - w * s,
                        max(left, left + d * w * s),
                        y - dy * s + 2,
                    ),
                    tone if k % 2 == 0 else lighter(tone, 0.04),
                )
        elif frame == "rocks":
            rocks(
                scene,
                Pen(scene, sheet, silhouette=1.0),
                edge + d * 0.12 * scene.u,
                scene.h + 4.0,
                0.34 * scene.u + 0.5 * (1 - low) * scene.h,
                tone,
                rng,
                4,
            )
    return Plane(
        "front",
        sheet,
        Touch(depth=1.0, rim=0.35, texture=0.6),
        "sway" if frame in ("trees", "branch", "grass") else "none",
    )


__all__ = ["OUTDOORS", "Place", "Plane", "front", "ground", "hills", "palm"]
