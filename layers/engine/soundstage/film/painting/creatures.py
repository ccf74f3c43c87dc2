"""Animals that do not go on four legs, and beings of other kinds. Each is drawn in a box above where it stands."""

import math
from collections.abc import Callable

from soundstage.film.painting.beasts import EYE, Coat
from soundstage.film.painting.colours import Colour, darker, lighter, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.people import METAL, Figure
from soundstage.film.painting.raster import along, box, ellipse, limb, path, points, smooth, stroke
from soundstage.models.story import Character, Presence


def _figure(x: float, y: float, s: float, wide: float, head: tuple[float, float]) -> Figure:
    return Figure((x - wide * s / 2, y - s, x + wide * s / 2, y), (*head, 0.16 * s), (x, y - 0.4 * s))


_BIRDS = {
    "bird": ("#5f8fb8", "#f2e8d8", "#e0a040", 0.0),
    "gull": ("#e8ebee", "#ffffff", "#e0a040", 0.0),
    "crow": ("#2a2a34", "#3a3a46", "#4a4a50", 0.0),
    "dove": ("#e9e6e2", "#ffffff", "#d98a7a", 0.0),
    "duck": ("#7a6248", "#d9c8ac", "#e0a040", 0.2),
    "swan": ("#f4f2ee", "#ffffff", "#e08a3a", 0.9),
    "crane": ("#e8e6e2", "#ffffff", "#5a5248", 1.0),
    "hen": ("#b5643a", "#e8cfa8", "#e0a040", 0.1),
    "owl": ("#8a6a4a", "#e6d6b8", "#d9a040", 0.0),
    "penguin": ("#2c323c", "#f4f0e8", "#e0a040", 0.0),
}


def _bird(kind: str) -> Callable[..., Figure]:
    colour, belly, bill, neck = _BIRDS[kind]

    def draw(
        pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
    ) -> Figure:
        coat = Coat(character, colour, belly, bill)
        if presence.stance == "flying" or kind == "gull":
            return _flying_bird(pen, coat, rgb(bill), feet, s * 1.4, side)
        x, y = feet

        def at(a: float, b: float) -> tuple[float, float]:
            return x + side * a * s, y - b * s

        legs = 0.34 if kind == "crane" else 0.1
        for dx in (0.02, -0.07):
            pen.line([at(dx, legs + 0.12), at(dx + 0.01, 0.0)], 0.028 * s, bill)
            pen.line([at(dx, 0.012), at(dx + 0.09, 0.012)], 0.03 * s, bill)
        upright = kind in ("owl", "penguin")
        if upright:
            pen.fill(
                smooth(along(at, "-0.24 0.1, -0.27 0.5, -0.2 0.8, 0.2 0.8, 0.26 0.5, 0.2 0.1")), coat.main, shade=0.2
            )
            pen.fill(smooth(along(at, "-0.06 0.12, -0.02 0.6, 0.2 0.6, 0.22 0.3, 0.14 0.1")), coat.belly, shade=0.1)
            pen.fill(ellipse(*at(0.02, 0.8), 0.24 * s, 0.2 * s), coat.main, shade=0.2)
            if kind == "owl":
                for dx in (-0.14, 0.16):
                    pen.fill(points(at(dx - 0.08, 0.92), at(dx * 1.25, 1.06), at(dx + 0.06, 0.94)), coat.main)
                for dx in (-0.08, 0.13):
                    pen.fill(ellipse(*at(dx, 0.82), 0.1 * s, 0.1 * s), lighter(coat.belly, 0.2), shade=0.05)
            for dx in (-0.08, 0.13) if kind == "owl" else (0.1,):
                pen.flat(ellipse(*at(dx, 0.82), 0.042 * s, 0.046 * s), EYE)
            pen.fill(
                points(
                    at(0.0 if kind == "owl" else 0.2, 0.79),
                    at(0.06 if kind == "owl" else 0.36, 0.72),
                    at(0.05 if kind == "owl" else 0.2, 0.7),
                ),
                bill,
            )
            pen.fill(smooth(along(at, "-0.26 0.66, -0.1 0.6, -0.16 0.2, -0.28 0.24")), darker(coat.main, 0.16))
            pen.accent(stroke(along(at, "-0.22 0.62, 0.02 0.57, 0.24 0.62"), 0.08 * s), coat.accent)
            return _figure(x, y, s, 0.6, at(0.02, 0.8))
        high = legs + 0.26
        body = smooth(
            [
                at(-0.62, high + 0.06),
                at(-0.28, high + 0.2),
                at(0.06, high + 0.2),
                at(0.3, high + 0.08),
                at(0.28, high - 0.1),
                at(0.02, high - 0.2),
                at(-0.26, high - 0.1),
            ]
        )
        pen.fill(body, coat.main, shade=0.25)
        pen.flat(
            smooth([at(0.3, high + 0.06), at(0.2, high - 0.2), at(-0.2, high - 0.18), at(0.0, high - 0.04)]),
            coat.belly,
            clip=body,
            opacity=0.9,
        )
        pen.fill(
            smooth(
                [
                    at(0.1, high + 0.12),
                    at(-0.2, high + 0.14),
                    at(-0.56, high - 0.02),
                    at(-0.2, high - 0.08),
                    at(0.06, high - 0.04),
                ]
            ),
            darker(coat.main, 0.18),
            shade=0.2,
        )
        hx, hy = (0.36, high + 0.26) if neck < 0.5 else (0.42, high + 0.26 + 0.3 * neck)
        if neck >= 0.5:
            pen.fill(
                stroke(
                    [at(0.2, high + 0.06), at(0.42, high + 0.2), at(0.28, high + 0.2 + 0.2 * neck), at(hx, hy)],
                    [0.18 * s, 0.11 * s, 0.085 * s, 0.09 * s],
                ),
                coat.main,
            )
        else:
            pen.fill(limb(at(0.2, high + 0.06), at(hx, hy), 0.15 * s, 0.13 * s), coat.main)
        size = 0.14 if neck < 0.5 else 0.095
        pen.accent(
            stroke([at(hx - 0.2, hy - 0.1), at(hx - 0.05, hy - 0.19), at(hx + 0.1, hy - 0.15)], 0.075 * s), coat.accent
        )
        pen.fill(ellipse(*at(hx, hy), size * s, size * s), coat.main, shade=0.2)
        pen.fill(
            smooth(
                [at(hx + size * 0.8, hy + 0.05), at(hx + size + 0.16, hy - 0.02), at(hx + size * 0.8, hy - 0.05)],
                steps=4,
            ),
            bill,
        )
        if kind == "hen":
            pen.fill(
                smooth(
                    [
                        at(hx - 0.08, hy + 0.1),
                        at(hx - 0.04, hy + 0.22),
                        at(hx + 0.02, hy + 0.16),
                        at(hx + 0.08, hy + 0.2),
                        at(hx + 0.08, hy + 0.08),
                    ],
                    steps=3,
                ),
                "#c8402f",
            )
        pen.flat(ellipse(*at(hx + size * 0.3, hy + 0.02), 0.026 * s, 0.03 * s), EYE)
        return _figure(x, y, s, 1.2, at(hx, hy))

    return draw


def _flying_bird(pen: Pen, coat: Coat, bill: Colour, feet: tuple[float, float], s: float, side: int) -> Figure:
    x, y = feet[0], feet[1] - 0.35 * s

    def at(a: float, b: float) -> tuple[float, float]:
        return x + side * a * s, y - b * s

    pen.fill(
        smooth(along(at, "-0.06 0.02, 0.12 0.28, -0.1 0.66, -0.3 0.84, -0.3 0.5, -0.26 0.14")),
        darker(coat.main, 0.2),
        shade=0.2,
    )
    pen.fill(smooth(along(at, "-0.6 0.03, -0.2 0.12, 0.16 0.1, 0.3 0, 0.1 -0.12, -0.22 -0.08")), coat.main, shade=0.25)
    pen.fill(along(at, "-0.5 0.05, -0.76 0.14, -0.7 0, -0.78 -0.08, -0.46 -0.02"), coat.main)
    pen.fill(
        smooth(along(at, "0.1 0.06, -0.02 0.42, -0.28 0.6, -0.62 0.62, -0.44 0.36, -0.22 0.02")),
        lighter(coat.main, 0.06),
        shade=0.2,
    )
    pen.fill(ellipse(*at(0.3, 0.06), 0.11 * s, 0.1 * s), coat.main, shade=0.2)
    pen.accent(stroke(along(at, "0.16 0.15, 0.2 0.04, 0.17 -0.06"), 0.07 * s), coat.accent)
    pen.accent(stroke(along(at, "0.16 0, 0 -0.1, -0.12 -0.16"), [0.05 * s, 0.06 * s, 0.07 * s]), coat.accent)
    pen.fill(along(at, "0.39 0.1, 0.54 0.03, 0.39 0.02"), bill)
    pen.flat(ellipse(*at(0.33, 0.09), 0.02 * s, 0.022 * s), EYE)
    return Figure((x - 0.8 * s, y - 0.85 * s, x + 0.6 * s, y + 0.16 * s), (*at(0.3, 0.06), 0.11 * s), at(0.0, 0.0))


def _whale(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    coat = Coat(character, "#3f6280", "#d6dee0", "#34526c")
    x, y = feet

    def at(a: float, b: float) -> tuple[float, float]:
        return x + side * a * s, y - b * s

    tail = smooth(
        along(at, "-1.25 0.5, -1.6 1.1, -1.95 1.2, -1.72 0.92, -1.36 0.9, -1.2 1.24, -0.98 1.3, -1.1 0.95, -1.12 0.5")
    )
    body = smooth(
        along(at, "1.2 0.35, 1.12 0.72, 0.6 1, -0.1 0.95, -0.7 0.72, -1.3 0.78, -1.3 0.52, -0.8 0.26, 0 0.02, 0.8 0.04")
    )
    pen.fill(tail, coat.main, shade=0.2)
    pen.fill(body, coat.main, shade=0.3, most=0.035)
    under = smooth(along(at, "1.22 0.36, 0.8 0.34, 0.1 0.22, -0.8 0.24, 0 -0.1, 0.9 -0.05"))
    pen.flat(under, coat.belly, clip=body)
    for k in range(6):
        pen.line(
            [at(1.0 - 0.06 * k, 0.27 - 0.04 * k), at(0.3 - 0.08 * k, 0.16 - 0.025 * k)],
            0.012 * s,
            darker(coat.belly, 0.25),
            opacity=0.8,
        )
    pen.fill(
        smooth(along(at, "0.42 0.22, 0.1 0.12, -0.2 -0.12, 0.1 -0.1, 0.5 0.08")), darker(coat.main, 0.15), shade=0.2
    )
    pen.accent(stroke(along(at, "-0.98 0.74, -0.92 0.55, -0.98 0.38"), 0.15 * s), coat.accent, clip=None)
    pen.flat(ellipse(*at(0.82, 0.46), 0.035 * s, 0.04 * s), EYE)
    pen.flat(ellipse(*at(0.83, 0.47), 0.012 * s, 0.012 * s), "#ffffff")
    pen.line(along(at, "1.18 0.4, 0.98 0.34, 0.8 0.36"), 0.02 * s, darker(coat.main, 0.35))
    for angle in (-0.5, 0.0, 0.5):
        pen.flat(
            stroke(
                [at(0.5, 1.0), at(0.5 + angle * 0.2, 1.3), at(0.5 + angle * 0.55, 1.42)], [0.03 * s, 0.07 * s, 0.1 * s]
            ),
            "#ffffff",
            opacity=0.55,
            soft=0.01 * s,
        )
    return Figure((x - 1.95 * s, y - 1.4 * s, x + 1.25 * s, y), (*at(0.8, 0.5), 0.3 * s), at(0.3, 0.1))


def _fish(pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int) -> Figure:
    coat = Coat(character, "#e0813a", "#f6d9a8", "#c05a2a")
    x, y = feet

    def at(a: float, b: float) -> tuple[float, float]:
        return x + side * a * s, y - b * s

    pen.fill(smooth(along(at, "-0.62 0.5, -1.15 0.9, -1 0.5, -1.15 0.12")), coat.feet, shade=0.2)
    pen.fill(smooth(along(at, "0.2 0.85, -0.1 1.05, -0.45 0.78")), coat.feet, shade=0.2)
    body = smooth(along(at, "0.8 0.5, 0.4 0.84, -0.1 0.86, -0.7 0.54, -0.7 0.44, -0.1 0.12, 0.4 0.16"))
    pen.fill(body, coat.main, shade=0.3)
    pen.flat(ellipse(*at(0.1, 0.14), 0.6 * s, 0.18 * s), coat.belly, clip=body)
    pen.accent(stroke(along(at, "0.14 0.95, 0.06 0.5, 0.14 0.05"), 0.16 * s), coat.accent, clip=body)
    pen.fill(smooth(along(at, "0.1 0.44, -0.2 0.3, -0.16 0.5")), coat.feet)
    pen.fill(ellipse(*at(0.5, 0.58), 0.09 * s, 0.09 * s), "#ffffff", shade=0)
    pen.flat(ellipse(*at(0.52, 0.58), 0.05 * s, 0.055 * s), EYE)
    return _figure(x, y, s, 2.0, at(0.5, 0.5))


def _dolphin(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    coat = Coat(character, "#5f7f9a", "#e6ecee", "#4a6a84")
    x, y = feet

    def at(a: float, b: float) -> tuple[float, float]:
        return x + side * a * s, y - b * s

    pen.fill(smooth(along(at, "-1.1 0.1, -1.5 0.22, -1.35 0, -1.42 -0.26, -1.05 -0.02")), coat.main)
    body = smooth(
        along(
            at, "1.15 0.42, 0.86 0.56, 0.5 0.84, 0 0.96, -0.6 0.6, -1.15 0.08, -1.1 -0.02, -0.5 0.26, 0.1 0.44, 0.7 0.4"
        )
    )
    pen.fill(smooth(along(at, "0 0.9, -0.32 1.24, -0.36 0.74")), darker(coat.main, 0.12))
    pen.fill(body, coat.main, shade=0.3)
    pen.flat(smooth(along(at, "1.1 0.42, 0.4 0.56, -0.4 0.4, 0 0.3, 0.7 0.34")), coat.belly, clip=body)
    pen.fill(smooth(along(at, "0.4 0.46, 0.1 0.1, 0.12 0.44")), darker(coat.main, 0.15))
    pen.accent(stroke(along(at, "-0.52 0.7, -0.46 0.48, -0.5 0.24"), 0.13 * s), coat.accent, clip=body)
    pen.flat(ellipse(*at(0.7, 0.56), 0.035 * s, 0.035 * s), EYE)
    return _figure(x, y, s, 2.6, at(0.6, 0.6))


def _shark(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    return _dolphin(
        pen,
        character.model_copy(update={"appearance": character.appearance.model_copy(update={"hair_colour": "#7a838c"})}),
        presence,
        feet,
        s,
        side,
    )


def _dragon(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    """Long, as in the East: it needs no wings."""
    coat = Coat(character, "#3f8a72", "#e8d79a", "#c9963a")
    x, y = feet

    def at(a: float, b: float) -> tuple[float, float]:
        return x + side * a * s, y - b * s

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


def _robot(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    look = character.appearance
    main = mix(METAL, rgb(look.garment_colour), 0.25)
    accent = rgb(look.accent_colour)
    x, y = feet

    def at(a: float, b: float) -> tuple[float, float]:
        return x + side * a * s, y - b * s

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


def _snake(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    coat = Coat(character, "#6f8f4a", "#e0d69a", "#4f6a34")
    x, y = feet

    def at(a: float, b: float) -> tuple[float, float]:
        return x + side * a * s, y - b * s

    pen.fill(
        stroke(
            along(at, "-1.3 0.05, -0.9 0.16, -0.5 0.08, -0.1 0.18, 0.3 0.1, 0.42 0.5, 0.34 0.8, 0.6 0.88"),
            [0.02 * s, 0.12 * s, 0.17 * s, 0.18 * s, 0.18 * s, 0.16 * s, 0.14 * s, 0.14 * s],
        ),
        coat.main,
        shade=0.2,
    )
    pen.fill(ellipse(*at(0.64, 0.88), 0.15 * s, 0.1 * s), coat.main, shade=0.2)
    pen.accent(stroke([at(0.34, 0.66), at(0.5, 0.62)], 0.1 * s), coat.accent)
    pen.flat(ellipse(*at(0.68, 0.91), 0.022 * s, 0.024 * s), EYE)
    pen.line([at(0.78, 0.86), at(0.92, 0.85)], 0.014 * s, "#b5443a")
    return _figure(x, y, s, 2.2, at(0.64, 0.88))


def _frog(pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int) -> Figure:
    coat = Coat(character, "#6fa04a", "#dfe0a0", "#5a843c")
    x, y = feet

    def at(a: float, b: float) -> tuple[float, float]:
        return x + side * a * s, y - b * s

    pen.fill(smooth(along(at, "-0.5 0.04, -0.52 0.4, -0.2 0.44, -0.1 0.06")), darker(coat.main, 0.12), shade=0.2)
    pen.fill(
        smooth(along(at, "-0.45 0.2, -0.2 0.62, 0.2 0.8, 0.5 0.7, 0.46 0.4, 0.26 0.12, -0.2 0.06")),
        coat.main,
        shade=0.25,
    )
    pen.fill(smooth(along(at, "0.46 0.46, 0.3 0.14, 0.1 0.12, 0.24 0.42")), coat.belly, shade=0.1)
    for dx in (0.16, 0.36):
        pen.fill(ellipse(*at(dx, 0.84), 0.11 * s, 0.11 * s), coat.main)
        pen.flat(ellipse(*at(dx + 0.02, 0.85), 0.055 * s, 0.06 * s), EYE)
    pen.line(along(at, "0.5 0.6, 0.3 0.56, 0.16 0.6"), 0.022 * s, darker(coat.main, 0.4))
    pen.accent(stroke(along(at, "0 0.6, 0.2 0.44, 0.46 0.42"), 0.09 * s), coat.accent)
    pen.fill(limb(at(0.22, 0.24), at(0.3, 0.03), 0.06 * s, 0.05 * s), coat.main)
    pen.fill(limb(at(-0.3, 0.04), at(0.0, 0.03), 0.06 * s, 0.04 * s), coat.main)
    return _figure(x, y, s, 1.1, at(0.3, 0.7))


def _butterfly(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    coat = Coat(character, "#e0a23f", "#f6e2a8", "#3a2a24")
    x, y = feet
    for dx, tone in ((-1, darker(coat.main, 0.12)), (1, coat.main)):
        pen.fill(smooth(path(x, y, s, "0 0.5, 0.5 1, 0.62 0.66, 0.2 0.45", dx)), tone, shade=0.2)
        pen.accent(smooth(path(x, y, s, "0 0.45, 0.42 0.42, 0.36 0.08, 0.06 0.24", dx)), coat.accent)
    pen.fill(limb((x, y - 0.62 * s), (x, y - 0.2 * s), 0.045 * s, 0.025 * s), coat.feet)
    return _figure(x, y, s, 1.2, (x, y - 0.6 * s))


def _spirit(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    x, y = feet
    accent = rgb(character.appearance.accent_colour)
    pale = rgb("#e6f0f4")

    def at(a: float, b: float) -> tuple[float, float]:
        return x + side * a * s, y - b * s

    body = smooth(along(at, "-0.3 0.1, -0.3 0.7, 0 1, 0.3 0.7, 0.26 0.3, 0.1 0.14, -0.02 0.22, -0.14 0.02"))
    pen.shine(body, pale, opacity=0.3, soft=0.05 * s)
    pen.shine(body, pale, opacity=0.85)
    for dx in (0.0, 0.16):
        pen.flat(ellipse(*at(dx, 0.74), 0.035 * s, 0.05 * s), EYE)
    pen.accent(stroke(along(at, "-0.27 0.54, 0 0.48, 0.28 0.54"), 0.09 * s), accent)
    pen.scene.glows.append((x, y - 0.55 * s, 1.6 * s))
    return _figure(x, y, s, 0.66, at(0.06, 0.76))


def _monster(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    """Round, furry and of no known kind: for whatever we have no drawing of."""
    coat = Coat(character, "#6a7f9a", "#c8d4dc", "#4a5a70")
    x, y = feet

    def at(a: float, b: float) -> tuple[float, float]:
        return x + side * a * s, y - b * s

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
    return _figure(x, y, s, 1.0, at(0.08, 0.7))


def _snowman(
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
    return _figure(x, y, s, 0.75, (x, y - 0.82 * s))


def _octopus(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    coat = Coat(character, "#c0605f", "#eab0a0", "#a04a4c")
    x, y = feet
    for k in range(6):
        a = -0.55 + 0.22 * k
        pen.fill(
            stroke(
                [
                    (x + a * 0.4 * s, y - 0.45 * s),
                    (x + a * 0.9 * s, y - 0.2 * s),
                    (x + (a * 1.2 + 0.08) * s, y - 0.02 * s),
                ],
                [0.14 * s, 0.1 * s, 0.03 * s],
            ),
            darker(coat.main, 0.1 * (k % 2)),
            shade=0.2,
        )
    pen.fill(smooth(path(x, y, s, "-0.32 0.4, -0.34 0.82, 0 1.02, 0.34 0.82, 0.32 0.4")), coat.main, shade=0.25)
    pen.accent(stroke(path(x, y, s, "-0.32 0.78, 0 0.74, 0.32 0.78"), 0.09 * s), coat.accent)
    for dx in (-0.08, 0.14):
        pen.flat(ellipse(x + side * dx * s, y - 0.56 * s, 0.05 * s, 0.06 * s), EYE)
    return _figure(x, y, s, 1.4, (x, y - 0.65 * s))


CREATURES: dict[str, tuple[Callable[..., Figure], float]] = {
    "bird": (_bird("bird"), 0.3),
    "gull": (_bird("gull"), 0.5),
    "crow": (_bird("crow"), 0.42),
    "dove": (_bird("dove"), 0.32),
    "duck": (_bird("duck"), 0.42),
    "swan": (_bird("swan"), 0.9),
    "crane": (_bird("crane"), 1.2),
    "hen": (_bird("hen"), 0.45),
    "owl": (_bird("owl"), 0.5),
    "penguin": (_bird("penguin"), 0.75),
    "whale": (_whale, 4.2),
    "dolphin": (_dolphin, 1.1),
    "shark": (_shark, 1.2),
    "fish": (_fish, 0.4),
    "dragon": (_dragon, 3.6),
    "robot": (_robot, 1.5),
    "snake": (_snake, 0.6),
    "frog": (_frog, 0.2),
    "butterfly": (_butterfly, 0.2),
    "spirit": (_spirit, 1.5),
    "monster": (_monster, 2.0),
    "snowman": (_snowman, 1.7),
    "octopus": (_octopus, 1.2),
}
