"""Hedgehogs: a face and feet below a coat of spines; curled up, a ball of them."""

import math

import numpy as np

from soundstage.film.painting.animals.placing import placed, standing
from soundstage.film.painting.animals.species import EYE, Coat
from soundstage.film.painting.colours import Colour, darker, lighter, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.people import Figure
from soundstage.film.painting.raster import Points, along, ellipse, limb, points, smooth, stroke
from soundstage.models.story import Character, Presence

_SPINES = rgb("#6a5240")


def hedgehog(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    coat = Coat(character, "#d9bf9c", "#efe0c8", "#8a6a50")
    if presence.stance == "lying":
        return _curled(pen, coat, feet, s, side)
    if presence.facing == "toward" and presence.stance in ("standing", "sitting", "kneeling"):
        return _from_the_front(pen, coat, feet, s)
    x, y = feet
    at = standing(feet, s, side)
    swing = {"walking": 0.09, "running": 0.16}.get(presence.stance, 0.02)
    for dx, step in ((-0.34, -swing), (0.3, swing)):
        _paw(pen, coat, at(dx + step, 0.05), s, side, shade=0.25)
    back = smooth(along(at, "-0.78 0.16, -0.82 0.46, -0.55 0.86, -0.05 1.0, 0.36 0.82, 0.5 0.52, 0.36 0.2, -0.3 0.1"))
    _spines(pen, back, at(-0.12, 0.42), s, lean=-0.3 * side)
    belly = smooth(along(at, "-0.5 0.1, 0.36 0.1, 0.56 0.3, 0.3 0.36, -0.2 0.26, -0.62 0.24"))
    pen.fill(belly, coat.main, shade=0.15)
    face = smooth(
        along(at, "0.34 0.64, 0.6 0.6, 0.86 0.38, 1.02 0.33, 0.98 0.25, 0.74 0.17, 0.42 0.18, 0.26 0.4"), steps=6
    )
    pen.fill(face, coat.main, shade=0.16)
    pen.fill(ellipse(*at(0.4, 0.6), 0.1 * s, 0.11 * s), coat.main, shade=0.25)
    pen.flat(ellipse(*at(0.41, 0.59), 0.055 * s, 0.062 * s), mix(coat.main, rgb("#d99a8c"), 0.5))
    pen.flat(ellipse(*at(0.72, 0.31), 0.07 * s, 0.04 * s), rgb("#e8a08a"), opacity=0.5)
    pen.fill(ellipse(*at(1.02, 0.31), 0.052 * s, 0.05 * s), EYE)
    _eye(pen, at(0.66, 0.44), s)
    pen.line([at(0.92, 0.23), at(0.84, 0.2), at(0.77, 0.215)], 0.016 * s, EYE, opacity=0.8)
    pen.accent(stroke(along(at, "0.28 0.66, 0.36 0.4, 0.34 0.14"), 0.1 * s), coat.accent)
    pen.accent(stroke(along(at, "0.34 0.26, 0.22 0.16, 0.1 0.02"), [0.09 * s, 0.1 * s, 0.12 * s]), coat.accent)
    for dx, step in ((-0.26, swing), (0.4, -swing)):
        _paw(pen, coat, at(dx + step, 0.05), s, side)
    return placed(x, y, s, 1.8, at(0.66, 0.4))


def _curled(pen: Pen, coat: Coat, feet: tuple[float, float], s: float, side: int) -> Figure:
    x, y = feet
    at = standing(feet, s, side)
    ball = ellipse(*at(0.0, 0.42), 0.56 * s, 0.43 * s)
    _spines(pen, ball, at(0.0, 0.4), s, lean=0.0)
    face = smooth(along(at, "0.1 0.3, 0.34 0.34, 0.54 0.22, 0.5 0.08, 0.2 0.05, 0.04 0.14"), steps=6)
    pen.fill(face, coat.main, shade=0.18)
    pen.fill(ellipse(*at(0.51, 0.16), 0.045 * s, 0.042 * s), EYE)
    pen.line([at(0.25, 0.22), at(0.31, 0.195), at(0.38, 0.22)], 0.024 * s, EYE)
    pen.accent(stroke(along(at, "0.0 0.34, 0.1 0.2, 0.06 0.05"), 0.09 * s), coat.accent)
    _paw(pen, coat, at(0.3, 0.04), s, side)
    return placed(x, y, s, 1.2, at(0.3, 0.2))


def _from_the_front(pen: Pen, coat: Coat, feet: tuple[float, float], s: float) -> Figure:
    x, y = feet
    at = standing(feet, s, 1)
    _spines(pen, ellipse(*at(0.0, 0.5), 0.62 * s, 0.5 * s), at(0.0, 0.38), s, lean=0.0)
    for d in (-1, 1):
        pen.fill(ellipse(*at(0.26 * d, 0.05), 0.15 * s, 0.06 * s), coat.feet, shade=0.2)
    pen.fill(smooth(along(at, "-0.36 0.1, -0.42 0.36, 0 0.46, 0.42 0.36, 0.36 0.1, 0 0.03")), coat.main, shade=0.16)
    pen.flat(ellipse(*at(0.0, 0.2), 0.22 * s, 0.14 * s), coat.belly, opacity=0.9)
    pen.accent(stroke(along(at, "-0.36 0.36, 0 0.27, 0.36 0.36"), 0.1 * s), coat.accent)
    pen.accent(stroke(along(at, "0.1 0.3, 0.16 0.18, 0.12 0.06"), [0.08 * s, 0.1 * s, 0.11 * s]), coat.accent)
    for d in (-1, 1):
        pen.fill(ellipse(*at(0.36 * d, 0.72), 0.11 * s, 0.12 * s), coat.main, shade=0.2)
        pen.flat(ellipse(*at(0.36 * d, 0.71), 0.06 * s, 0.07 * s), mix(coat.main, rgb("#d99a8c"), 0.5))
    head = smooth(along(at, "-0.4 0.56, -0.26 0.76, 0 0.7, 0.26 0.76, 0.4 0.56, 0.24 0.38, 0 0.32, -0.24 0.38"))
    pen.fill(head, coat.main, shade=0.16)
    pen.flat(ellipse(*at(0, 0.47), 0.17 * s, 0.12 * s), coat.belly)
    for d in (-1, 1):
        _eye(pen, at(0.17 * d, 0.6), s)
        pen.flat(ellipse(*at(0.27 * d, 0.48), 0.07 * s, 0.045 * s), rgb("#e8a08a"), opacity=0.55)
        pen.fill(limb(at(0.3 * d, 0.28), at(0.17 * d, 0.2), 0.06 * s, 0.05 * s), coat.main, shade=0.3)
    pen.fill(ellipse(*at(0, 0.5), 0.06 * s, 0.05 * s), EYE)
    pen.line([at(-0.06, 0.42), at(0, 0.4), at(0.06, 0.42)], 0.016 * s, EYE, opacity=0.8)
    return placed(x, y, s, 1.3, at(0, 0.56))


def _paw(pen: Pen, coat: Coat, at: tuple[float, float], s: float, side: int, *, shade: float = 0.0) -> None:
    tone = darker(coat.feet, shade)
    pen.fill(limb((at[0], at[1] - 0.1 * s), at, 0.085 * s, 0.06 * s), tone)
    pen.fill(limb(at, (at[0] + side * 0.09 * s, at[1] + 0.01 * s), 0.05 * s, 0.04 * s), tone)


def _eye(pen: Pen, at: tuple[float, float], s: float) -> None:
    pen.flat(ellipse(*at, 0.055 * s, 0.063 * s), EYE)
    pen.flat(ellipse(at[0] + 0.014 * s, at[1] - 0.02 * s, 0.019 * s, 0.019 * s), "#ffffff")


def _spines(pen: Pen, outline: Points, middle: tuple[float, float], s: float, *, lean: float) -> None:
    """A coat of them on a shape, all away from ``middle``, lighter at their tips; rows from the edge inward."""
    rng = pen.scene.rng("spines")
    pen.fill(outline, darker(_SPINES, 0.25), shade=0.2)
    reach = outline - middle
    for share, tone in ((1.0, darker(_SPINES, 0.12)), (0.82, _SPINES), (0.62, lighter(_SPINES, 0.1)),
                        (0.42, lighter(_SPINES, 0.04)), (0.2, _SPINES)):  # fmt: skip
        count = max(8, round(34 * share))
        for k in range(count):
            index = int(len(reach) * (k + rng.uniform(-0.3, 0.3)) / count) % len(reach)
            root = np.asarray(middle) + share * 0.94 * reach[index]
            angle = math.atan2(reach[index][1], reach[index][0]) + rng.uniform(-0.2, 0.2) - lean
            if math.sin(angle) > 0.75 and share > 0.5:
                continue  # none into the ground
            _spine(pen, (float(root[0]), float(root[1])), angle, s * rng.uniform(0.13, 0.19), tone)


def _spine(pen: Pen, root: tuple[float, float], angle: float, long: float, tone: Colour) -> None:
    c, n = math.cos(angle), math.sin(angle)
    half = 0.16 * long
    tip = (root[0] + long * c, root[1] + long * n)
    base = points((root[0] - half * n, root[1] + half * c), tip, (root[0] + half * n, root[1] - half * c))
    pen.flat(base, tone)
    pen.line([(root[0] + 0.55 * long * c, root[1] + 0.55 * long * n), tip], [0.14 * long, 0.04 * long], "#e2cfae")
