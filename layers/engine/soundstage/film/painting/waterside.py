"""Places by the water, and on it."""

import math

import numpy as np

from soundstage.arrays import Floats
from soundstage.film.painting import built, landmarks
from soundstage.film.painting.colours import lighter, mix, rgb
from soundstage.film.painting.finish import Touch
from soundstage.film.painting.layers import Plane
from soundstage.film.painting.nature import (
    below,
    crests,
    glitter,
    path_shape,
    ridge_line,
    rocks,
    waves,
)  # fmt: skip
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, points, smooth, stroke
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.terrain import Place, ground, hills, sea, soil, wood_band


def open_sea(scene: Scene) -> Place:
    place = Place(scene, afloat=True, waterline=scene.staging.ground)
    sea(scene, place)
    c = scene.colours
    size = {"storm": 0.2, "wind": 0.13, "rain": 0.1}.get(scene.setting.weather, 0.055)
    foam = mix(lighter(c.horizon, 0.35), c.light, 0.4)
    for row, (depth, height) in enumerate(((0.42, scene.staging.horizon + 0.16), (0.62, scene.staging.ground + 0.03))):
        sheet = scene.sheet()
        tone = mix(c.water, c.foreground, 0.15 + 0.35 * row)
        crests(scene, sheet, height, size * (0.7 + 0.5 * row), tone, foam, row)
        place.add(Plane(f"wave {row}", sheet, Touch(depth=depth, rim=0.6, air=0.06 * (1 - row))))
    return place


def shore(scene: Scene) -> Place:
    place = Place(scene)
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
    place.add(Plane("cliff", cliff, Touch(depth=0.2, rim=0.7)), first=True)

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


def lake(scene: Scene) -> Place:
    place = Place(scene)
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
    place.add(Plane("lake", sheet, Touch(depth=0.4, air=0.05, rim=0, shadow=False)))
    shine = scene.sheet()
    glitter(scene, shine, top, scene.staging.ground)
    place.add(Plane("glitter", shine, Touch(depth=0.41, air=0.0, rim=0.0, shadow=False, texture=0.0), "water"))

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


def river(scene: Scene) -> Place:
    place = Place(scene)
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


def lighthouse(scene: Scene) -> Place:
    place = Place(scene)
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
    lamp = landmarks.lighthouse(pen, x, top + 5, min(0.62 * scene.u, top * 0.82))
    sheet.fill(
        rock,
        mix(tone, soil(scene), 0.25),
        to=mix(tone, c.foreground, 0.5),
        shade=mix(tone, c.foreground, 0.5),
        toward=scene.toward_light(x, top, 0.04 * scene.u),
    )
    rng = scene.rng("foam")
    for _ in range(16):
        fx = x + scene.u * rng.uniform(-0.5, 0.52)
        sheet.fill(
            ellipse(fx, (scene.staging.ground + 0.005) * scene.h, scene.u * rng.uniform(0.02, 0.06), scene.u * 0.009),
            mix(lighter(c.horizon, 0.5), c.light, 0.3),
            opacity=0.75,
        )
    place.add(Plane("lighthouse", sheet, Touch(depth=0.36, rim=0.6, air=0.10)))
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
        place.add(Plane("beam", beam, Touch(depth=0.3, air=0, rim=0, shadow=False, texture=0), "glow"), first=True)
    ground(scene, place, rise=0.05)
    place.waterline = scene.staging.horizon + 0.68 * (scene.staging.ground - 0.035 - scene.staging.horizon)
    return place


def harbour(scene: Scene) -> Place:
    place = Place(scene)
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
    place.add(
        Plane(
            "town",
            town,
            Touch(depth=0.24, mist=(scene.staging.horizon - 0.1, scene.staging.horizon + 0.06, 0.3), rim=0.5),
        )
    )
    water = scene.sheet()
    waves(scene, water, scene.staging.horizon + 0.038, scene.staging.ground + 0.05, rough=0.6)
    place.add(Plane("water", water, Touch(depth=0.3, air=0.05, rim=0, shadow=False)))
    shine = scene.sheet()
    glitter(scene, shine, scene.staging.horizon + 0.04, scene.staging.ground)
    place.add(Plane("glitter", shine, Touch(depth=0.31, air=0, rim=0, shadow=False, texture=0.0), "water"))
    boats = scene.sheet()
    pen = Pen(scene, boats)
    landmarks.ship_at_quay(
        pen, scene.staging.landmark_x * scene.w, (scene.staging.horizon + 0.13) * scene.h, 0.5 * scene.u
    )
    other = 0.2 if scene.staging.landmark_x > 0.5 else 0.8
    landmarks.ship_at_quay(pen, other * scene.w, (scene.staging.horizon + 0.09) * scene.h, 0.28 * scene.u)
    place.add(Plane("boats", boats, Touch(depth=0.42, rim=0.6)))

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


def bridge(scene: Scene) -> Place:
    place = Place(scene)
    hills(scene, place, rows=2, high=0.15)
    wood_band(scene, place, scene.staging.horizon + 0.06, 0.12, 0.34, 26)
    c = scene.colours
    water = scene.sheet()
    waves(scene, water, scene.staging.horizon + 0.10, scene.staging.ground + 0.3, rough=0.5)
    place.add(Plane("water", water, Touch(depth=0.4, air=0.05, rim=0, shadow=False)))
    shine = scene.sheet()
    glitter(scene, shine, scene.staging.horizon + 0.11, scene.staging.ground + 0.16)
    place.add(Plane("glitter", shine, Touch(depth=0.41, air=0, rim=0, shadow=False, texture=0.0), "water"))
    sheet = scene.sheet()
    pen = Pen(scene, sheet)
    s = 0.44 * scene.u
    rise = 0.34 * s * math.sin(math.pi * min(max((scene.staging.hero_x + 0.06) / 1.12, 0), 1)) + 0.24 * s
    y = scene.staging.ground * scene.h + rise
    landmarks.arched_bridge(pen, -0.06 * scene.w, 1.06 * scene.w, y, s)
    place.add(Plane("bridge", sheet, Touch(depth=0.55, rim=0.6)))
    x = np.arange(scene.w)
    place.ground_line = np.asarray(y - 0.34 * s * np.sin(math.pi * (x / scene.w + 0.06) / 1.12) - 0.24 * s, np.float64)
    bank = scene.sheet()
    low = ridge_line(scene, 0.95, 0.05, "bank")
    bank.fill(below(scene, low), mix(soil(scene), c.foreground, 0.7))
    place.add(Plane("bank", bank, Touch(depth=0.62, rim=0.2)))
    return place
