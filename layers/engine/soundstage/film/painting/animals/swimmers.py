"""Whales, fish and what else lives in the sea."""

from soundstage.film.painting.animals.placing import placed, standing
from soundstage.film.painting.animals.species import EYE, Coat
from soundstage.film.painting.colours import darker
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.people import Figure
from soundstage.film.painting.raster import along, ellipse, path, smooth, stroke
from soundstage.models.story import Character, Presence


def whale(pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int) -> Figure:
    coat = Coat(character, "#3f6280", "#d6dee0", "#34526c")
    x, y = feet
    at = standing((x, y), s, side)
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


def fish(pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int) -> Figure:
    coat = Coat(character, "#e0813a", "#f6d9a8", "#c05a2a")
    x, y = feet
    at = standing((x, y), s, side)
    pen.fill(smooth(along(at, "-0.62 0.5, -1.15 0.9, -1 0.5, -1.15 0.12")), coat.feet, shade=0.2)
    pen.fill(smooth(along(at, "0.2 0.85, -0.1 1.05, -0.45 0.78")), coat.feet, shade=0.2)
    body = smooth(along(at, "0.8 0.5, 0.4 0.84, -0.1 0.86, -0.7 0.54, -0.7 0.44, -0.1 0.12, 0.4 0.16"))
    pen.fill(body, coat.main, shade=0.3)
    pen.flat(ellipse(*at(0.1, 0.14), 0.6 * s, 0.18 * s), coat.belly, clip=body)
    pen.accent(stroke(along(at, "0.14 0.95, 0.06 0.5, 0.14 0.05"), 0.16 * s), coat.accent, clip=body)
    pen.fill(smooth(along(at, "0.1 0.44, -0.2 0.3, -0.16 0.5")), coat.feet)
    pen.fill(ellipse(*at(0.5, 0.58), 0.09 * s, 0.09 * s), "#ffffff", shade=0)
    pen.flat(ellipse(*at(0.52, 0.58), 0.05 * s, 0.055 * s), EYE)
    return placed(x, y, s, 2.0, at(0.5, 0.5))


def dolphin(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    coat = Coat(character, "#5f7f9a", "#e6ecee", "#4a6a84")
    x, y = feet
    at = standing((x, y), s, side)
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
    return placed(x, y, s, 2.6, at(0.6, 0.6))


def shark(pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int) -> Figure:
    return dolphin(
        pen,
        character.model_copy(update={"appearance": character.appearance.model_copy(update={"hair_colour": "#7a838c"})}),
        presence,
        feet,
        s,
        side,
    )


def octopus(
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
    return placed(x, y, s, 1.4, (x, y - 0.65 * s))
