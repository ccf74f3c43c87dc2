"""Beyond the sky: the Moon with the Earth over it, red and other worlds."""

import re
from dataclasses import replace

import numpy as np

from soundstage.arrays import Floats
from soundstage.film.painting.colours import Colour, darker, lighter, mix, rgb
from soundstage.film.painting.finish import Touch
from soundstage.film.painting.layers import Plane
from soundstage.film.painting.nature import below, ridge_line, rocks
from soundstage.film.painting.palettes import Colours, Light
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import Sheet, box, ellipse, stroke
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.terrain import Place, ground
from soundstage.film.painting.things.nature import earth

_MOON = re.compile(r"\b(?:moon|lunar|moonscape|crater)\b|月球|月面|月宫|月亮|环形山", re.IGNORECASE)
_MARS = re.compile(r"\bmars\b|\bmartian\b|\bred planet\b|火星", re.IGNORECASE)
_BASE = re.compile(r"\b(?:base|colony|station|dome)\b|基地|站", re.IGNORECASE)


def in_space(scene: Scene) -> Colours:
    """The colours of an hour under a sky without air."""
    c = scene.colours
    airless = scene.room == "cabin" or _MOON.search(scene.setting.place_name) is not None
    found = replace(
        c,
        zenith=mix(c.zenith, rgb("#05060f"), 0.94 if airless else 0.85),
        horizon=mix(c.horizon, rgb("#0c0d1c" if airless else "#1c1a48"), 0.9 if airless else 0.75),
        dark=max(0.6, c.dark),
        shade=mix(c.shade, rgb("#2a2750"), 0.5),
        foreground=mix(c.foreground, rgb("#06060f"), 0.6),
        # The Sun is as bright by any clock.
        ambient=np.asarray(mix(c.ambient, np.ones(3, np.float32), 0.6), np.float32),
    )
    if scene.style == "ink_wash":
        found = replace(found, zenith=rgb("#2c2f38"), horizon=rgb("#3a3c45" if airless else "#5a5c66"))
    return found


def airless_light(scene: Scene) -> Light:
    """The Sun, small and hard, away from the world that hangs there; no moon over the Moon."""
    x = 0.06 if scene.staging.landmark_x > 0.5 else 0.94
    return Light("sun", x, 0.12, 0.018, 0.75, disc=True)


def space(scene: Scene) -> Place:
    """A world without air: grey as the Moon, red as Mars, or somewhere else."""
    place, name = Place(scene), scene.setting.place_name
    if _MOON.search(name):
        soil, sky = mix(rgb("#b9b8bd"), scene.colours.shade, 0.16), _earthrise(scene)
    elif _MARS.search(name):
        soil, sky = mix(rgb("#b5653f"), scene.colours.shade, 0.15), _planets(scene)
    else:
        soil, sky = mix(rgb("#a9a6b4"), scene.colours.shade, 0.35), _planets(scene)
    place.add(Plane("planets", sky, Touch(depth=0.1, air=0.0, rim=0.4)))
    _far_hills(scene, place, soil)
    if _BASE.search(name):
        _domes(scene, place)

    def craters(sc: Scene, pen: Pen, line: Floats) -> None:
        rng = sc.rng("planets")
        for _ in range(14):
            x, depth = rng.random() * sc.w, rng.random()
            _crater(pen.sheet, x, float(line.mean()) + sc.h * (0.03 + 0.17 * depth), sc.u * (0.02 + 0.07 * depth), soil)
        for share in (0.05, 0.93, 0.7 if sc.staging.hero_x < 0.5 else 0.3):
            at = float(line[int(share * (sc.w - 1))]) + 0.02 * sc.h
            rocks(sc, pen, share * sc.w, at, sc.u * 0.05, darker(soil, 0.1), rng, 3)

    ground(scene, place, colour=soil, tufts=False, rise=0.05, dress=craters)
    return place


def _crater(sheet: Sheet, x: float, y: float, r: float, soil: Colour) -> None:
    """A rim that is lit, a floor in shade."""
    sheet.fill(ellipse(x, y, 1.18 * r, 0.33 * r), lighter(soil, 0.16))
    sheet.fill(ellipse(x, y + 0.02 * r, r, 0.26 * r), darker(soil, 0.45))
    sheet.fill(ellipse(x, y + 0.07 * r, 0.86 * r, 0.17 * r), darker(soil, 0.26))


def _far_hills(scene: Scene, place: Place, soil: Colour) -> None:
    """Rims of craters far away, sharp: nothing lies between."""
    for row in range(2):
        sheet = scene.sheet()
        line = ridge_line(scene, scene.staging.ground - 0.09 + 0.03 * row, 0.1 - 0.03 * row, "rims", row, rough=0.4)
        tone = mix(soil, scene.colours.zenith, 0.45 - 0.2 * row)
        sheet.fill(below(scene, line, (scene.staging.ground + 0.06) * scene.h), tone, to=darker(tone, 0.2))
        place.add(Plane(f"rims {row}", sheet, Touch(depth=0.3 + 0.12 * row, air=0.0, rim=0.8)))


def _earthrise(scene: Scene) -> Sheet:
    sheet = scene.sheet()
    x = 0.5 * (scene.staging.landmark_x + (0.9 if scene.staging.landmark_x > 0.5 else 0.1)) * scene.w
    earth(Pen(scene, sheet), x, 0.37 * scene.h, 0.24 * scene.u)
    return sheet


def _domes(scene: Scene, place: Place) -> None:
    """A base: domes with lit windows, a tube between them, a mast."""
    sheet, u = scene.sheet(), scene.u
    pen = Pen(scene, sheet)
    x, y = scene.staging.landmark_x * scene.w, (scene.staging.ground - 0.015) * scene.h
    d = 1 if x > scene.w / 2 else -1
    white = rgb("#d4d8de")
    pen.fill(box(min(x, x - d * 0.36 * u), y - 0.06 * u, max(x, x - d * 0.36 * u), y + 0.01 * u), darker(white, 0.15))
    pen.line([(x + d * 0.2 * u, y), (x + d * 0.2 * u, y - 0.32 * u)], 0.008 * u, white)
    pen.fill(ellipse(x + d * 0.2 * u, y - 0.31 * u, 0.05 * u, 0.018 * u, turn=-28 * d), white, shade=0.3)
    for at, r in ((0.0, 0.16), (-0.36, 0.11)):
        cx = x + d * at * u
        pen.fill(ellipse(cx, y, r * u, r * u, start=180, end=360), white, shade=0.3, most=0.05)
        for k in (-1, 1):
            rib = [(cx, y - r * u), (cx + k * 0.5 * r * u, y - 0.6 * r * u), (cx + k * 0.62 * r * u, y)]
            pen.line(rib, 0.006 * u, darker(white, 0.3))
        for k in (-1, 0, 1):
            window = ellipse(cx + 0.42 * k * r * u, y - 0.42 * r * u, 0.1 * r * u, 0.11 * r * u)
            pen.shine(window, mix(scene.colours.glow, rgb("#ffe9b0"), 0.4))
        scene.glows.append((cx, y - 0.42 * r * u, 1.8 * r * u))
    pen.fill(box(x - 0.028 * u, y - 0.07 * u, x + 0.028 * u, y + 0.008 * u), "#5c6672", shade=0.05)
    place.add(Plane("base", sheet, Touch(depth=0.46, air=0.0, rim=0.6)))


def _planets(scene: Scene) -> Sheet:
    c, sheet = scene.colours, scene.sheet()
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
            band = stroke([(px - pr, by), (px, by + 0.08 * pr), (px + pr, by - 0.04 * pr)],
                          [0.05 * pr, 0.13 * pr, 0.05 * pr])  # fmt: skip
            sheet.fill(band, darker(base, 0.22), opacity=0.5, clip=disc)
        if r > 0.1:
            ring = [ellipse(px, py, pr * 1.8, pr * 0.36, turn=-16), ellipse(px, py, pr * 1.4, pr * 0.25, turn=-16)]
            sheet.fill(ring, mix(base, c.light, 0.45), opacity=0.75)
            upper = ellipse(px, py, pr, pr, start=180, end=360)
            sheet.fill(upper, base, shade=darker(base, 0.62), toward=(dx, dy))
    return sheet
