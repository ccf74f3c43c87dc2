"""Fields, gardens, roads and open country."""

import math

from soundstage.arrays import Floats
from soundstage.film.painting import built
from soundstage.film.painting.colours import mix, rgb
from soundstage.film.painting.finish import Touch
from soundstage.film.painting.layers import Plane
from soundstage.film.painting.nature import (
    below,
    bush,
    leafy,
    ridge_line,
)  # fmt: skip
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, stroke
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.terrain import Place, ground, hills, snowy, soil, wood_band


def farmland(scene: Scene) -> Place:
    place = Place(scene)
    hills(scene, place, rows=2, high=0.07)
    c = scene.colours
    sheet = scene.sheet()
    top = scene.staging.horizon + 0.02
    wheat = mix(
        rgb("#d9b45a"),
        c.foliage,
        {"spring": 0.75, "summer": 0.2, "autumn": 0.1, "winter": 0.0}[scene.setting.season or "summer"],
    )
    wheat = mix(c.earth, wheat, 0.25) if snowy(scene) else mix(wheat, c.shade, 0.12 + 0.45 * c.dark)
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
    place.add(Plane("field", sheet, Touch(depth=0.36, mist=(top, top + 0.12, 0.25), rim=0.6)))
    ground(scene, place, colour=mix(wheat, soil(scene), 0.45))
    return place


def garden(scene: Scene) -> Place:
    place = Place(scene)
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
    sheet.fill(box(-4, base + 2, scene.w + 4, base + 0.1 * scene.h), soil(scene))
    place.add(Plane("house", sheet, Touch(depth=0.38, rim=0.5)))

    def flowers(sc: Scene, pen_: Pen, line: Floats) -> None:
        if snowy(sc):
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


def road(scene: Scene) -> Place:
    place = Place(scene)
    hills(scene, place, rows=3, high=0.12)
    c = scene.colours
    sheet = scene.sheet()
    pen = Pen(scene, sheet)
    top = scene.staging.horizon + 0.03
    sheet.fill(
        below(scene, ridge_line(scene, top, 0.03, "meadow"), (scene.staging.ground + 0.05) * scene.h),
        mix(soil(scene), c.horizon, 0.2),
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
    place.add(Plane("meadow", sheet, Touch(depth=0.38, mist=(top, scene.staging.ground, 0.2), rim=0.5)))
    ground(scene, place, way=True, top=scene.staging.ground - 0.06)
    return place


def plain(scene: Scene) -> Place:
    place = Place(scene)
    hills(scene, place, rows=3, high=0.13)
    wood_band(scene, place, scene.staging.ground - 0.07, 0.1, 0.44, 20)
    ground(scene, place, way=True)
    return place
