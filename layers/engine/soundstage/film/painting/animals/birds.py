"""Birds, on the ground and in the air."""

from collections.abc import Callable

from soundstage.film.painting.animals.placing import placed, standing
from soundstage.film.painting.animals.species import EYE, Coat
from soundstage.film.painting.colours import Colour, darker, lighter, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.people import Figure
from soundstage.film.painting.raster import along, ellipse, limb, points, smooth, stroke
from soundstage.models.story import Character, Presence

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


COLOURS = {kind: colours[0] for kind, colours in _BIRDS.items()}


def bird(kind: str) -> Callable[..., Figure]:
    colour, belly, bill, neck = _BIRDS[kind]

    def draw(
        pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
    ) -> Figure:
        coat = Coat(character, colour, belly, bill)
        if presence.stance == "flying" or kind == "gull":
            return _flying_bird(pen, coat, rgb(bill), feet, s * 1.4, side)
        if presence.facing == "toward":
            return _from_the_front(pen, coat, kind, rgb(bill), feet, s)
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
            return placed(x, y, s, 0.6, at(0.02, 0.8))
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
        return placed(x, y, s, 1.2, at(hx, hy))

    return draw


def _flying_bird(pen: Pen, coat: Coat, bill: Colour, feet: tuple[float, float], s: float, side: int) -> Figure:
    x, y = feet[0], feet[1] - 0.35 * s
    at = standing((x, y), s, side)
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


def _from_the_front(pen: Pen, coat: Coat, kind: str, bill: Colour, feet: tuple[float, float], s: float) -> Figure:
    """One that stands and looks at us."""
    x, y = feet
    at = standing(feet, s, 1)
    neck, legs = _BIRDS[kind][3], 0.34 if kind == "crane" else 0.1
    for d in (-1, 1):
        pen.line([at(0.1 * d, legs + 0.12), at(0.1 * d, 0.02)], 0.03 * s, bill)
        for toe in (-0.06, 0.0, 0.06):
            pen.line([at(0.1 * d, 0.03), at(0.1 * d + toe, 0.0)], 0.022 * s, bill)
    tall = 0.5 if kind in ("owl", "penguin") else 0.4
    body = smooth([at(-0.2, legs + 0.04), at(-0.3, legs + 0.5 * tall), at(-0.17, legs + 1.15 * tall),
                   at(0.17, legs + 1.15 * tall), at(0.3, legs + 0.5 * tall), at(0.2, legs + 0.04)])  # fmt: skip
    pen.fill(body, coat.main, shade=0.2)
    pen.flat(ellipse(*at(0.0, legs + 0.5 * tall), 0.19 * s, 0.46 * tall * s), coat.belly, clip=body, opacity=0.92)
    for d in (-1, 1):
        wing = [at(0.2 * d, legs + 1.08 * tall), at(0.36 * d, legs + 0.7 * tall), at(0.33 * d, legs + 0.1 * tall),
                at(0.2 * d, legs + 0.3 * tall)]  # fmt: skip
        pen.fill(smooth(wing), darker(coat.main, 0.16), shade=0.2)
    hy, r = legs + tall + 0.2 + 0.3 * neck * (neck >= 0.5), 0.2 if neck < 0.5 else 0.12
    pen.fill(limb(at(0, legs + 0.95 * tall), at(0, hy), (0.15 if neck < 0.5 else 0.09) * s, 0.8 * r * s), coat.main)
    pen.accent(stroke([at(-0.19, legs + 1.1 * tall), at(0, legs + 0.98 * tall), at(0.19, legs + 1.1 * tall)], 0.08 * s),
               coat.accent)  # fmt: skip
    pen.fill(ellipse(*at(0, hy), r * s, r * s), coat.main, shade=0.2)
    if kind == "owl":
        for d in (-1, 1):
            pen.fill(points(at(0.1 * d, hy + 0.14), at(0.2 * d, hy + 0.3), at(0.2 * d, hy + 0.06)), coat.main)
            pen.fill(ellipse(*at(0.1 * d, hy + 0.02), 0.1 * s, 0.1 * s), lighter(coat.belly, 0.2), shade=0.05)
    elif kind not in ("crow", "gull", "dove", "swan"):
        pen.flat(ellipse(*at(0, hy - 0.4 * r), 0.7 * r * s, 0.5 * r * s), coat.belly, opacity=0.8)
    for d in (-1, 1):
        pen.flat(ellipse(*at(0.46 * r * d, hy + 0.12 * r), 0.19 * r * s, 0.22 * r * s), EYE)
        pen.flat(ellipse(*at(0.46 * r * d + 0.05 * r, hy + 0.2 * r), 0.06 * r * s, 0.06 * r * s), "#ffffff")
    if kind == "hen":
        pen.fill(smooth([at(-0.08, hy + 0.15), at(-0.06, hy + 0.3), at(0, hy + 0.2), at(0.06, hy + 0.3),
                         at(0.08, hy + 0.15)], steps=3), "#c8402f")  # fmt: skip
    wide = 0.5 if kind in ("duck", "swan") else 0.3
    beak = [at(-wide * r, hy - 0.1 * r), at(0, hy + 0.08 * r), at(wide * r, hy - 0.1 * r), at(0, hy - 0.55 * r)]
    pen.fill(smooth(beak, steps=4), bill, shade=0.25)
    return placed(x, y, s, 0.75, at(0, hy))
