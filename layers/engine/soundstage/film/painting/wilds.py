"""Forests, mountains, deserts, caves and the sky."""

import math
import re

import numpy as np

from soundstage.arrays import Floats
from soundstage.film.painting.colours import darker, lighter, mix, rgb
from soundstage.film.painting.finish import Touch
from soundstage.film.painting.layers import Plane
from soundstage.film.painting.nature import (
    below,
    bush,
    ridge_line,
    rocks,
)  # fmt: skip
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, points, smooth, stroke
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.terrain import Place, ground, hills, snowy, soil, wood_band
from soundstage.film.painting.things.nature import palm


def forest(scene: Scene) -> Place:
    place = Place(scene)
    c, g = scene.colours, scene.staging.ground
    kind = "pine" if scene.setting.season == "winter" else "mixed"
    wood_band(scene, place, g - 0.14, 0.42, 0.12, 40, kind=kind)
    wood_band(scene, place, g - 0.10, 0.55, 0.26, 24, "b", kind=kind)
    sheet, rng = scene.sheet(), scene.rng("trunks")
    line = ridge_line(scene, g - 0.055, 0.02, "floor")
    tone = mix(mix(rgb("#4a3c34"), c.shade, 0.4), c.foreground, 0.5)
    sheet.fill(below(scene, line, (g + 0.06) * scene.h), mix(soil(scene), c.foreground, 0.35))
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
    for _ in range(12):
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
    place.add(Plane("trunks", sheet, Touch(depth=0.42, mist=(g - 0.3, g, 0.14), rim=0.9, air=0.06)))
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
        place.add(
            Plane("beams", beams, Touch(depth=0.44, air=0, rim=0, shadow=False, texture=0.0, fade=(g - 0.3, g)), "glow")
        )
    ground(scene, place, way=True, colour=mix(soil(scene), rgb("#6a5a3c"), 0.25 if not snowy(scene) else 0.0))
    return place


def mountain(scene: Scene) -> Place:
    place = Place(scene)
    hills(scene, place, rows=4, high=0.3, peaks=True)

    def ledge(sc: Scene, pen: Pen, line: Floats) -> None:
        rng = sc.rng("ledge")
        tone = mix(rgb("#77706c"), sc.colours.shade, 0.4)
        for x in (0.06, 0.94, 0.3 if sc.staging.hero_x > 0.5 else 0.7):
            rocks(sc, pen, x * sc.w, float(line[int(x * (sc.w - 1))]) + 0.03 * sc.h, sc.u * 0.13, tone, rng, 3)

    wood_band(scene, place, scene.staging.ground - 0.07, 0.12, 0.46, 24, kind="pine")
    ground(scene, place, colour=mix(soil(scene), rgb("#8a8078"), 0.45), dress=ledge, rise=0.07)
    return place


def desert(scene: Scene) -> Place:
    place = Place(scene)
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
        place.add(Plane(f"dunes {row}", sheet, Touch(depth=0.14 + 0.13 * row, mist=(top, top + 0.12, 0.35), rim=0.6)))

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
        if _OASIS.search(sc.setting.place_name):
            _oasis(sc, pen, float(line.mean()))
            return
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


_OASIS = re.compile(r"\boasis\b|\bpool\b|\bwell\b|绿洲|泉|池", re.IGNORECASE)


def _oasis(scene: Scene, pen: Pen, level: float) -> None:
    """A pool with palms about it, the sky in its water."""
    c, u = scene.colours, scene.u * (1.0 if scene.w >= scene.h else 0.7)
    d = 1 if scene.staging.hero_x < 0.5 else -1
    x, y = (0.5 + 0.26 * d) * scene.w, level + 0.045 * scene.h
    green = mix(rgb("#6f9a4c"), c.shade, 0.2 + 0.4 * c.dark)
    for at, tall in ((0.3, 0.4), (0.12, 0.52), (-0.2, 0.34)):
        palm(pen, x + d * at * u, y - 0.01 * u, tall * u)
    pen.sheet.fill(ellipse(x, y, 0.4 * u, 0.055 * u), green)
    pool = ellipse(x, y + 0.012 * u, 0.36 * u, 0.045 * u)
    pen.sheet.fill(pool, mix(c.water, c.zenith, 0.4), to=mix(c.horizon, c.water, 0.3))
    rng = scene.rng("oasis")
    for k in range(6):
        at = x + rng.uniform(-0.26, 0.2) * u
        shine = ellipse(at, y + (0.012 * k - 0.02) * u, 0.05 * u, 0.0025 * u)
        pen.sheet.fill(shine, mix(c.light, c.horizon, 0.3), opacity=0.7, clip=pool)
    for _ in range(46):
        a = rng.uniform(0, math.pi * 2)
        bx, by = x + 0.385 * u * math.cos(a), y + 0.01 * u + 0.05 * u * math.sin(a)
        h = u * rng.uniform(0.02, 0.05)
        blade = stroke(
            [(bx, by), (bx + 0.1 * h, by - 0.6 * h), (bx + rng.uniform(-0.5, 0.5) * h, by - h)],
            [0.005 * u, 0.004 * u, 0.5],
        )
        pen.sheet.fill(blade, darker(green, float(rng.uniform(0, 0.25))))


def cave(scene: Scene) -> Place:
    place = Place(scene)
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
        place.add(Plane(f"rock {row}", sheet, Touch(depth=depth, rim=1.0, air=0.12 - 0.1 * row)))

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


def sky_place(scene: Scene) -> Place:
    """Above the clouds: banks of them, lit from the side of the light."""
    place = Place(scene, afloat=True)
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
        place.add(
            Plane(
                f"cloud {row}",
                sheet,
                Touch(depth=0.12 + 0.2 * row, rim=0.5, air=0.3 - 0.09 * row),
                "clouds" if row < 2 else "none",
            )
        )
    return place
