"""Dragons, robots, spirits, monsters, snowmen."""

import math

from soundstage.film.painting.animals.placing import placed, standing
from soundstage.film.painting.animals.species import EYE, Coat
from soundstage.film.painting.colours import darker, lighter, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.people import METAL, Figure
from soundstage.film.painting.raster import along, box, ellipse, limb, path, points, smooth, stroke
from soundstage.models.story import Character, Presence


def dragon(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    """Long, as in the East: it needs no wings."""
    coat = Coat(character, "#3f8a72", "#e8d79a", "#c9963a")
    x, y = feet
    at = standing((x, y), s, side)
    line = along(at, "-1.35 0.5, -1 0.16, -0.6 0.3, -0.35 0.7, 0.02 0.72, 0.14 0.36, 0.42 0.22, 0.72 0.42, 0.74 0.74")
    widths = [0.02, 0.13, 0.19, 0.22, 0.23, 0.23, 0.22, 0.2, 0.18]
    for k in range(1, 8):
        px, py = line[k]
        qx, qy = line[k + 1]
        nx, ny = -(qy - py), qx - px
        length = math.hypot(nx, ny) or 1.0
        sign = 1 if ny * 1 < 0 else -1
        nx, ny = sign * nx / length, sign * ny / length
        for share in (0.0, 0.5):
            mx, my = px + (qx - px) * share, py + (qy - py) * share
            pen.fill(
                points((mx - 0.05 * s, my), (mx + nx * 0.2 * s, my + ny * 0.2 * s), (mx + 0.05 * s, my)), coat.feet
            )
    pen.fill(stroke(line, [w * s for w in widths]), coat.main, shade=0.22, most=0.02)
    pen.line([(px, py + 0.03 * s) for px, py in line], [w * 0.35 * s for w in widths], coat.belly, opacity=0.75)
    for px, py in (line[2], line[6]):
        pen.fill(
            stroke(
                [(px, py + 0.05 * s), (px + side * 0.08 * s, py + 0.17 * s), (px + side * 0.2 * s, py + 0.19 * s)],
                [0.1 * s, 0.07 * s, 0.03 * s],
            ),
            darker(coat.main, 0.1),
        )
    hx, hy = 0.8, 0.86
    for dx in (0.0, 0.08):
        pen.line(
            [at(hx - 0.06 + dx, hy + 0.08), at(hx - 0.26 + dx, hy + 0.28), at(hx - 0.22 + dx, hy + 0.42)],
            [0.045 * s, 0.035 * s, 0.012 * s],
            coat.feet,
        )
    for k in range(5):
        a = 2.3 + 0.42 * k
        pen.fill(
            points(at(hx, hy + 0.1), at(hx + 0.3 * math.cos(a), hy + 0.26 * math.sin(a)), at(hx, hy - 0.12)),
            darker(coat.feet, 0.1),
        )
    pen.fill(
        smooth(
            [
                at(hx - 0.16, hy + 0.02),
                at(hx - 0.04, hy + 0.15),
                at(hx + 0.14, hy + 0.1),
                at(hx + 0.4, hy + 0.02),
                at(hx + 0.42, hy - 0.08),
                at(hx + 0.1, hy - 0.13),
            ]
        ),
        coat.main,
        shade=0.2,
    )
    pen.fill(
        smooth([at(hx, hy - 0.12), at(hx + 0.34, hy - 0.13), at(hx + 0.28, hy - 0.2), at(hx + 0.02, hy - 0.2)]),
        coat.belly,
    )
    pen.flat(ellipse(*at(hx + 0.1, hy + 0.05), 0.035 * s, 0.03 * s), "#fff2b0")
    pen.flat(ellipse(*at(hx + 0.11, hy + 0.05), 0.016 * s, 0.022 * s), EYE)
    pen.line(
        [at(hx + 0.38, hy - 0.02), at(hx + 0.56, hy + 0.1), at(hx + 0.72, hy + 0.0)],
        [0.02 * s, 0.014 * s, 0.004 * s],
        coat.feet,
    )
    pen.accent(stroke(along(at, "0.62 0.6, 0.74 0.66, 0.86 0.6"), 0.1 * s), coat.accent)
    pen.accent(stroke(along(at, "0.64 0.6, 0.5 0.5, 0.4 0.54"), [0.07 * s, 0.08 * s, 0.1 * s]), coat.accent)
    return Figure((x - 1.4 * s, y - 1.3 * s, x + 1.55 * s, y), (*at(hx, hy), 0.18 * s), at(0.5, 0.2))


def robot(pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int) -> Figure:
    look = character.appearance
    main = mix(METAL, rgb(look.garment_colour), 0.25)
    accent = rgb(look.accent_colour)
    x, y = feet
    at = standing((x, y), s, side)
    step = 0.12 if presence.stance in ("walking", "running") else 0.0
    for dx, st in ((-0.1, -step), (0.1, step)):
        pen.fill(limb(at(dx, 0.34), at(dx + st, 0.08), 0.045 * s, 0.04 * s), darker(main, 0.3))
        pen.fill(
            smooth(
                [at(dx + st - 0.08, 0.0), at(dx + st - 0.07, 0.09), at(dx + st + 0.08, 0.09), at(dx + st + 0.12, 0.0)],
                steps=4,
            ),
            darker(main, 0.15),
        )
    pen.fill(stroke(along(at, "-0.2 0.6, -0.33 0.46, -0.28 0.32"), 0.065 * s), darker(main, 0.22))
    pen.fill(smooth(along(at, "-0.22 0.3, -0.24 0.62, 0.24 0.62, 0.22 0.3"), steps=4), main, shade=0.2)
    pen.accent(
        box(min(at(-0.25, 0)[0], at(0.25, 0)[0]), y - 0.41 * s, max(at(-0.25, 0)[0], at(0.25, 0)[0]), y - 0.34 * s),
        accent,
    )
    pen.accent(ellipse(*at(0.06, 0.52), 0.045 * s, 0.045 * s), accent)
    pen.fill(limb(at(0, 0.62), at(0, 0.7), 0.04 * s, 0.04 * s), darker(main, 0.35))
    pen.fill(smooth(along(at, "-0.21 0.68, -0.23 0.92, 0.23 0.92, 0.23 0.68"), steps=5), main, shade=0.2)
    pen.flat(smooth(along(at, "-0.1 0.73, -0.11 0.88, 0.21 0.88, 0.21 0.73"), steps=5), "#232a36")
    for dx in (0.0, 0.13):
        pen.shine(ellipse(*at(dx, 0.81), 0.035 * s, 0.042 * s), rgb("#bff3ff"))
    pen.line([at(0, 0.92), at(0, 1.0)], 0.018 * s, darker(main, 0.3))
    pen.accent(ellipse(*at(0, 1.02), 0.032 * s, 0.032 * s), accent)
    hand = at(0.38, 0.38)
    pen.fill(stroke([at(0.22, 0.58), at(0.32, 0.46), hand], 0.07 * s), lighter(main, 0.05), shade=0.2)
    pen.fill(ellipse(*hand, 0.05 * s, 0.05 * s), darker(main, 0.2))
    return Figure((x - 0.36 * s, y - 1.06 * s, x + 0.44 * s, y), (*at(0, 0.8), 0.2 * s), hand)


def spirit(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    x, y = feet
    accent = rgb(character.appearance.accent_colour)
    pale = rgb("#e6f0f4")
    at = standing((x, y), s, side)
    body = smooth(along(at, "-0.3 0.1, -0.3 0.7, 0 1, 0.3 0.7, 0.26 0.3, 0.1 0.14, -0.02 0.22, -0.14 0.02"))
    pen.shine(body, pale, opacity=0.3, soft=0.05 * s)
    pen.shine(body, pale, opacity=0.85)
    for dx in (0.0, 0.16):
        pen.flat(ellipse(*at(dx, 0.74), 0.035 * s, 0.05 * s), EYE)
    pen.accent(stroke(along(at, "-0.27 0.54, 0 0.48, 0.28 0.54"), 0.09 * s), accent)
    pen.scene.glows.append((x, y - 0.55 * s, 1.6 * s))
    return placed(x, y, s, 0.66, at(0.06, 0.76))


def monster(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    """Round, furry and of no known kind: for whatever we have no drawing of."""
    coat = Coat(character, "#6a7f9a", "#c8d4dc", "#4a5a70")
    x, y = feet
    at = standing((x, y), s, side)
    for dx in (-0.16, 0.16):
        pen.fill(limb(at(dx, 0.2), at(dx + 0.04, 0.05), 0.1 * s, 0.075 * s), coat.feet)
    for dx, tilt in ((-0.2, -0.1), (0.16, 0.06)):
        pen.fill(points(at(dx - 0.05, 0.84), at(dx + tilt, 1.04), at(dx + 0.07, 0.86)), coat.feet)
    pen.fill(
        stroke(along(at, "-0.32 0.56, -0.48 0.4, -0.44 0.24"), [0.16 * s, 0.13 * s, 0.11 * s]), darker(coat.main, 0.14)
    )
    body = smooth(along(at, "-0.34 0.12, -0.42 0.5, -0.26 0.86, 0.06 0.94, 0.34 0.78, 0.42 0.4, 0.3 0.1"))
    pen.fill(body, coat.main, shade=0.25)
    pen.flat(ellipse(*at(0.1, 0.3), 0.26 * s, 0.24 * s), coat.belly, clip=body, opacity=0.9)
    for dx in (0.0, 0.22):
        pen.fill(ellipse(*at(dx, 0.7), 0.075 * s, 0.085 * s), "#ffffff", shade=0)
        pen.flat(ellipse(*at(dx + 0.02, 0.7), 0.035 * s, 0.045 * s), EYE)
    pen.line(along(at, "0 0.56, 0.12 0.53, 0.24 0.57"), 0.025 * s, darker(coat.main, 0.5))
    pen.accent(stroke(along(at, "-0.4 0.52, 0.02 0.45, 0.42 0.48"), 0.09 * s), coat.accent, clip=body)
    pen.fill(stroke(along(at, "0.32 0.54, 0.48 0.4, 0.46 0.24"), [0.16 * s, 0.13 * s, 0.11 * s]), coat.main)
    return placed(x, y, s, 1.0, at(0.08, 0.7))


def snowman(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    x, y = feet
    snow, accent = rgb("#f0f3f6"), rgb(character.appearance.accent_colour)
    for up, r in ((0.22, 0.26), (0.56, 0.19), (0.82, 0.135)):
        pen.fill(ellipse(x, y - up * s, r * s, r * 0.95 * s), snow, shade=0.25)
    pen.accent(stroke(path(x, y, s, "-0.15 0.69, 0 0.66, 0.15 0.69"), 0.07 * s), accent)
    pen.accent(stroke([(x - side * 0.08 * s, y - 0.68 * s), (x - side * 0.14 * s, y - 0.5 * s)], 0.07 * s), accent)
    for dx in (-0.04, 0.06):
        pen.flat(ellipse(x + side * dx * s, y - 0.85 * s, 0.018 * s, 0.02 * s), EYE)
    pen.fill(path(x, y, s, "0.02 0.82, 0.2 0.79, 0.02 0.78", side), "#e0813a")
    pen.fill(box(x - 0.11 * s, y - 1.1 * s, x + 0.11 * s, y - 0.93 * s), "#3a3540")
    pen.fill(box(x - 0.18 * s, y - 0.95 * s, x + 0.18 * s, y - 0.91 * s), "#3a3540")
    for d in (-1, 1):
        pen.line([(x + d * 0.17 * s, y - 0.58 * s), (x + d * 0.36 * s, y - 0.7 * s)], 0.022 * s, "#5a4030")
    return placed(x, y, s, 0.75, (x, y - 0.82 * s))
