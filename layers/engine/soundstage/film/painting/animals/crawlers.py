"""Snakes, frogs and butterflies."""

from soundstage.film.painting.animals.placing import placed, standing
from soundstage.film.painting.animals.species import EYE, Coat
from soundstage.film.painting.colours import darker
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.people import Figure
from soundstage.film.painting.raster import along, ellipse, limb, path, smooth, stroke
from soundstage.models.story import Character, Presence


def snake(pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int) -> Figure:
    coat = Coat(character, "#6f8f4a", "#e0d69a", "#4f6a34")
    x, y = feet
    at = standing((x, y), s, side)
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
    return placed(x, y, s, 2.2, at(0.64, 0.88))


def frog(pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int) -> Figure:
    coat = Coat(character, "#6fa04a", "#dfe0a0", "#5a843c")
    x, y = feet
    at = standing((x, y), s, side)
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
    return placed(x, y, s, 1.1, at(0.3, 0.7))


def butterfly(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    coat = Coat(character, "#e0a23f", "#f6e2a8", "#3a2a24")
    x, y = feet
    for dx, tone in ((-1, darker(coat.main, 0.12)), (1, coat.main)):
        pen.fill(smooth(path(x, y, s, "0 0.5, 0.5 1, 0.62 0.66, 0.2 0.45", dx)), tone, shade=0.2)
        pen.accent(smooth(path(x, y, s, "0 0.45, 0.42 0.42, 0.36 0.08, 0.06 0.24", dx)), coat.accent)
    pen.fill(limb((x, y - 0.62 * s), (x, y - 0.2 * s), 0.045 * s, 0.025 * s), coat.feet)
    return placed(x, y, s, 1.2, (x, y - 0.6 * s))
