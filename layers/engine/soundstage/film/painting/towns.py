"""Places where people live out of doors: villages, towns, castles, markets, stations."""

import math
from collections.abc import Callable

import numpy as np

from soundstage.arrays import Floats
from soundstage.film.painting import built, landmarks
from soundstage.film.painting.buildings import BUILDINGS
from soundstage.film.painting.colours import mix, rgb
from soundstage.film.painting.finish import Touch
from soundstage.film.painting.layers import Plane
from soundstage.film.painting.nature import (
    below,
    leafy,
    ridge_line,
)  # fmt: skip
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, points, smooth, stroke
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.terrain import Place, ground, hills, soil


def _settled(
    scene: Scene, *, tower: Callable[[Pen, float, float, float], None] | None = None, way: bool = True
) -> Place:
    place = Place(scene)
    hills(scene, place, rows=2, high=0.13)
    sheet, rng = scene.sheet(), scene.rng("houses")
    pen = Pen(scene, sheet)
    base = scene.staging.ground - 0.05
    line = ridge_line(scene, base, 0.04, "village")
    sheet.fill(below(scene, line, (base + 0.12) * scene.h), mix(soil(scene), scene.colours.shade, 0.2))
    spots = np.linspace(0.03, 0.97, 7) + rng.uniform(-0.03, 0.03, 7)
    nearest = int(np.argmin(np.abs(spots - scene.staging.landmark_x)))  # a village has one church
    for k, x in enumerate(spots):
        w = scene.u * rng.uniform(0.15, 0.21)
        px = float(x) * scene.w
        y = float(line[int(min(max(px, 0), scene.w - 1))]) + 4
        if k == nearest and abs(x - scene.staging.landmark_x) < 0.09:
            (tower or landmarks.church)(pen, px, y, 0.42 * scene.u)
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
    place.add(Plane("houses", sheet, Touch(depth=0.38, mist=(base - 0.1, base + 0.06, 0.25), rim=0.5)))
    ground(scene, place, way=way)
    return place


def village(scene: Scene) -> Place:
    return _settled(scene)


def city(scene: Scene) -> Place:
    place = Place(scene)
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
        place.add(
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


def street(scene: Scene) -> Place:
    place = Place(scene)
    c = scene.colours
    vanish = (scene.staging.landmark_x * scene.w, (scene.staging.horizon + 0.02) * scene.h)
    far, rng = scene.sheet(), scene.rng("street")
    pen = Pen(scene, far)
    for k in range(7):
        w = 0.07 * scene.u
        built.tall_house(pen, vanish[0] + (k - 3) * w * 0.96, vanish[1] + 6, w, scene.u * rng.uniform(0.14, 0.24), rng)
    far.fill(box(-4, vanish[1], scene.w + 4, (scene.staging.ground + 0.1) * scene.h), mix(c.earth, c.shade, 0.5))
    place.add(Plane("far houses", far, Touch(depth=0.2, mist=(0.2, scene.staging.ground, 0.4), rim=0.4)))
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
    place.add(Plane("houses", near, Touch(depth=0.36, mist=(0.3, scene.staging.ground, 0.15), rim=0.4)))

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


def castle(scene: Scene) -> Place:
    place = Place(scene)
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
    tone = mix(mix(soil(scene), c.shade, 0.4), rgb("#77706c"), 0.2)
    sheet.fill(
        rock,
        tone,
        to=mix(tone, c.foreground, 0.3),
        shade=mix(tone, c.foreground, 0.4),
        toward=scene.toward_light(x, top * scene.h, 0.05 * scene.u),
    )
    named = next((BUILDINGS[thing] for thing in scene.setting.things if thing in BUILDINGS), landmarks.castle)
    named(pen, x, top * scene.h + 4, 0.5 * scene.u)
    place.add(Plane("castle", sheet, Touch(depth=0.34, mist=(top, scene.staging.ground, 0.4), rim=0.6)))
    ground(scene, place, way=True)
    return place


def market(scene: Scene) -> Place:
    place = Place(scene)
    rng = scene.rng("market")
    town = scene.sheet()
    pen = Pen(scene, town)
    base = (scene.staging.ground - 0.09) * scene.h
    x = -0.02
    while x < 1.02:
        w = scene.u * rng.uniform(0.14, 0.19)
        built.tall_house(pen, x * scene.w + w / 2, base, w, scene.u * rng.uniform(0.3, 0.46), rng)
        x += w / scene.w * 1.02
    place.add(Plane("town", town, Touch(depth=0.22, mist=(0.2, scene.staging.ground, 0.35), rim=0.4)))
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
    place.add(Plane("stalls", stalls, Touch(depth=0.4, rim=0.4)))
    ground(
        scene,
        place,
        colour=mix(mix(rgb("#b0a08a"), scene.colours.shade, 0.3), scene.colours.foreground, 0.1),
        tufts=False,
        rise=0.004,
    )
    return place


def station(scene: Scene) -> Place:
    place = Place(scene)
    hills(scene, place, rows=2, high=0.1)
    c, rng = scene.colours, scene.rng("station")
    sheet = scene.sheet()
    pen = Pen(scene, sheet)
    base, lit = (scene.staging.ground - 0.03) * scene.h, len(scene.glows)
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
    scene.glows[lit:] = [(x, y, 0.5 * reach) for x, y, reach in scene.glows[lit::4]]  # or they veil who stands before
    sheet.fill(box(-4, base, scene.w + 4, base + 0.1 * scene.h), mix(c.shade, c.foreground, 0.3))
    place.add(Plane("train", sheet, Touch(depth=0.4, rim=0.4)))
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
    place.add(Plane("roof", roof, Touch(depth=0.5, rim=0.4)))

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
