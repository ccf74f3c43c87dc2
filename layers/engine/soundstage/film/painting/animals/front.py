"""Animals on four legs seen from the front: those that sit or stand still and look at the viewer."""

import math

from soundstage.film.painting.animals.species import BEASTS, EYE, Beast, Coat
from soundstage.film.painting.colours import darker, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.people import Figure
from soundstage.film.painting.raster import Points, ellipse, limb, smooth, stroke
from soundstage.models.story import Character, Presence

NOT_FROM_THE_FRONT = frozenset({"turtle", "dinosaur", "elephant"})


class FrontQuadruped:
    """One with its feet at ``feet``; ``s``: pixels of its height at the shoulder."""

    def __init__(
        self, pen: Pen, beast: Beast, character: Character, presence: Presence, feet: tuple[float, float], s: float
    ) -> None:
        self.pen, self.beast, self.presence, self.s = pen, beast, presence, s
        self.x, self.y = feet
        self.coat = Coat(character, beast.colour, beast.belly, beast.feet)
        self.ribbon = character.appearance.accent in ("scarf", "ribbon", "trim")
        self.side = -1 if presence.facing == "left" else 1
        self.sits = beast.height < 1.3 and (presence.stance in ("sitting", "kneeling") or beast.height < 0.6)
        self.long = beast.tail == "hair" or beast.horns in ("antlers", "curved", "short")
        """A face that is longer than wide: horses, deer, cows."""

    def at(self, x: float, up: float) -> tuple[float, float]:
        return self.x + self.side * x * self.s, self.y - up * self.s

    def oval(self, x: float, up: float, wide: float, high: float) -> Points:
        return ellipse(*self.at(x, up), wide * self.s, high * self.s)

    def draw(self) -> Figure:
        b, s = self.beast, self.s
        half = 0.5 * b.deep + 0.05
        top = 0.92 if self.sits else b.leg + b.deep * 0.8
        self._tail(half)
        if self.sits:
            self._seated(half, top)
        else:
            self._standing(half)
        lift = math.sin(math.radians(b.lift))
        r = b.head * 1.06
        hy = top + (b.neck * lift * (0.55 if self.sits else 0.9)) + 0.55 * r
        self._neck(top, hy, r, half)
        self._collar(top + 0.3 * (hy - top) - 0.02, max(0.5 * half, 0.7 * r))
        self._head(hy, r)
        reach = max(half * 1.3, r * 1.3) * s
        return Figure((self.x - reach, self.y - (hy + r + b.ear) * s, self.x + reach, self.y), (*self.at(0, hy), r * s),
                      self.at(0.1, 0.1))  # fmt: skip

    # Trunk -----------------------------------------------------------------------------------------------------------

    def _seated(self, half: float, top: float) -> None:
        b, pen, s = self.beast, self.pen, self.s
        for x in (-0.86, 0.86):
            pen.fill(self.oval(x * half, 0.24, 0.46 * half + 0.04, 0.25), darker(self.coat.main, 0.08), shade=0.2)
            pen.fill(limb(self.at(x * half, 0.05), self.at(x * half * 1.12, 0.05), 0.8 * b.thick * s, b.thick * s),
                     self.coat.feet)  # fmt: skip
        left = [(-0.9, 0.12), (-0.86, 0.5), (-0.6, 0.86)]
        corners = [*left, (0.0, top + 0.06), *[(-x, up) for x, up in left[::-1]], (0, 0.04)]
        trunk = smooth([self.at(x * half, up) for x, up in corners], steps=6)
        pen.fill(trunk, self.coat.main, shade=0.22, most=0.03)
        pen.flat(self.oval(0.0, 0.52, 0.46 * half, 0.34), self.coat.belly, opacity=0.9, clip=trunk)
        for x in (-0.4, 0.4):
            leg = limb(self.at(x * half, 0.6), self.at(x * half, 0.07), 1.25 * b.thick * s, b.thick * s)
            pen.fill(leg, self.coat.main, shade=0.3)
            pen.fill(self.oval(x * half, 0.05, 1.3 * b.thick, 0.055), self.coat.feet)

    def _standing(self, half: float) -> None:
        b, pen, s = self.beast, self.pen, self.s
        for x, tone in ((-0.62, 0.24), (0.62, 0.24), (-0.5, 0.0), (0.5, 0.0)):
            low = 0.03 if not tone else 0.09
            colour, foot = darker(self.coat.main, tone), darker(self.coat.feet, tone)
            ankle = self.at(x * half, low)
            pen.fill(limb(self.at(x * half, b.leg + 0.12), ankle, 1.7 * b.thick * s, 0.95 * b.thick * s), colour)
            pen.fill(limb(self.at(x * half, 0.3 * b.leg), ankle, b.thick * s, 0.9 * b.thick * s), foot)
        if b.mane == "wool":
            for k in range(10):
                a = k * math.pi / 5
                tuft = self.oval(0.8 * half * math.cos(a), b.leg + 0.34 + 0.3 * math.sin(a), 0.2, 0.2)
                pen.fill(tuft, self.coat.main, shade=0.2)
        middle = b.leg + 0.42 * b.deep
        left = [(-0.4, -0.46), (-0.86, -0.2), (-0.9, 0.16), (-0.5, 0.5)]
        corners = [*left, *[(-x, up) for x, up in left[::-1]]]
        trunk = smooth([self.at(x * half, middle + up * b.deep) for x, up in corners], steps=6)
        pen.fill(trunk, self.coat.main, shade=0.25, most=0.03)
        if b.belly != b.colour:
            pen.flat(self.oval(0.0, middle - 0.1, 0.4 * half, 0.3 * b.deep), self.coat.belly, opacity=0.85, clip=trunk)

    def _tail(self, half: float) -> None:
        b, pen, s = self.beast, self.pen, self.s
        if b.tail in ("bush", "plume"):
            line = [self.at(x * half, up) for x, up in ((0.7, 0.14), (1.5, 0.16), (1.9, 0.5), (1.6, 0.8))]
            pen.fill(stroke(line, [0.12 * s, 0.24 * s, 0.26 * s, 0.04 * s]), self.coat.main, shade=0.2)
            if b.tip:
                pen.fill(stroke(line[2:], [0.2 * s, 0.03 * s]), b.tip)
        elif b.tail in ("curl", "up", "thin") and self.sits:
            line = [self.at(x * half, up) for x, up in ((0.6, 0.1), (1.5, 0.1), (1.8, 0.34), (1.55, 0.5))]
            pen.fill(stroke(line, [0.09 * s, 0.08 * s, 0.07 * s, 0.04 * s]), darker(self.coat.main, 0.1))

    def _neck(self, top: float, hy: float, r: float, half: float) -> None:
        neck = limb(self.at(0, top - 0.1), self.at(0, hy), 0.62 * half * self.s, 0.74 * r * self.s)
        self.pen.fill(neck, self.coat.main, shade=0.2)

    def _collar(self, up: float, half: float) -> None:
        """In the character's own colour, as from the side."""
        s = self.s
        band = [self.at(-half, up + 0.03), self.at(0, up - 0.05), self.at(half, up + 0.03)]
        self.pen.accent(stroke(band, [0.1 * s, 0.12 * s, 0.1 * s]), self.coat.accent)
        if self.ribbon:
            end = [self.at(0.3 * half, up - 0.04), self.at(0.45 * half, up - 0.16), self.at(0.4 * half, up - 0.3)]
            self.pen.accent(stroke(end, [0.08 * s, 0.1 * s, 0.12 * s]), self.coat.accent)

    # Head ------------------------------------------------------------------------------------------------------------

    def _head(self, hy: float, r: float) -> None:
        b, pen = self.beast, self.pen
        if b.mane and b.mane.startswith("#") and b.tail == "tuft":
            pen.fill(self.oval(0, hy - 0.05, 1.75 * r, 1.8 * r), b.mane, shade=0.2)
        self._ears(hy, r)
        self._horns(hy, r)
        face = self.coat.feet if b.mane == "wool" else self.coat.main
        low = hy - (0.62 * r + (0.75 * b.snout if self.long else 0.0))
        if self.long:
            wide = 0.74 * r
            left = [(-0.92 * r, hy + 0.35 * r), (-wide, (hy + low) / 2), (-0.78 * wide, low)]
            corners = [*left, (0.0, low - 0.3 * r), *[(-x, up) for x, up in left[::-1]], (0.0, hy + 0.95 * r)]
            pen.fill(smooth([self.at(*corner) for corner in corners], steps=6), face, shade=0.18)
            muzzle = mix(face, self.coat.belly, 0.5) if b.belly != b.colour else darker(face, 0.16)
            pen.flat(self.oval(0, low + 0.04, 0.86 * wide, 0.42 * r), muzzle)
            for x in (-0.36, 0.36):
                pen.flat(self.oval(x * wide, low + 0.04, 0.12 * r, 0.16 * r), EYE)
        else:
            pen.fill(self.oval(0, hy, 1.06 * r, 0.96 * r), face, shade=0.18)
            if b.belly != b.colour and b.mane != "wool":
                for x in (-0.44, 0.44):
                    pen.flat(self.oval(x * r, hy - 0.42 * r, 0.46 * r, 0.4 * r), self.coat.belly)
            muzzle = self.coat.belly if b.belly != b.colour else mix(face, rgb("#f4e8da"), 0.4)
            pen.fill(self.oval(0, hy - 0.36 * r, (0.28 + 0.3 * b.blunt) * r, 0.34 * r), muzzle, shade=0.1)
            pig = b is BEASTS["pig"]
            nose = "#c97b72" if pig else EYE
            up, wide, high = (0.36, 0.3, 0.2) if pig else (0.2, 0.15, 0.11)
            pen.flat(self.oval(0, hy - up * r, wide * r, high * r), nose)
            if not pig:
                for side in (-1, 1):
                    smile = [self.at(side * x * r, hy - y * r) for x, y in ((0.0, 0.3), (0.1, 0.46), (0.26, 0.42))]
                    pen.line(smile, 0.05 * r * self.s, EYE)
        if b.mane and b.mane.startswith("#") and b.tail == "hair":
            lock = [self.at(-0.1 * r, hy + 0.95 * r), self.at(0.16 * r, hy + 0.5 * r), self.at(0.0, hy - 0.1 * r)]
            pen.fill(stroke(lock, [0.5 * r * self.s, 0.44 * r * self.s, 0.08 * r * self.s]), b.mane)
        asleep = "sleep" in self.presence.emotion
        for side in (-1, 1):
            ex, ey = side * (0.62 if self.long else 0.46) * r, hy + 0.16 * r
            size = max(0.022, 0.16 * r)
            if asleep:
                lid = [self.at(ex - size, ey), self.at(ex, ey - 0.5 * size), self.at(ex + size, ey)]
                pen.line(lid, 0.4 * size * self.s, EYE)
                continue
            pen.flat(self.oval(ex, ey, size, 1.15 * size), EYE)
            pen.flat(self.oval(ex + 0.25 * size, ey + 0.35 * size, 0.34 * size, 0.34 * size), "#ffffff")

    def _ears(self, hy: float, r: float) -> None:
        b, pen, s = self.beast, self.pen, self.s
        inner = mix(self.coat.belly, rgb("#d99a8c"), 0.4)
        for side in (-1, 1):
            x = side * 0.66 * r
            if b.ears == "point":
                tip = (side * 0.86 * r, hy + 0.7 * r + b.ear)
                outer = [(side * 0.16 * r, hy + 0.8 * r), tip, (side * 1.02 * r, hy + 0.3 * r)]
                pen.fill(smooth([self.at(*spot) for spot in outer], steps=3), self.coat.main, shade=0.15)
                peak = (tip[0] - side * 0.04 * r, tip[1] - 0.24 * b.ear)
                small = [(side * 0.4 * r, hy + 0.72 * r), peak, (side * 0.9 * r, hy + 0.45 * r)]
                pen.flat(smooth([self.at(*spot) for spot in small], steps=3), inner)
            elif b.ears == "long":
                end = self.at(x * 0.9 + side * 0.05, hy + 0.6 * r + b.ear)
                pen.fill(limb(self.at(0.6 * x, hy + 0.6 * r), end, 0.075 * s, 0.07 * s), self.coat.main, shade=0.2)
                inside = (self.at(0.64 * x, hy + 0.8 * r), self.at(x * 0.88, hy + 0.45 * r + b.ear))
                pen.flat(limb(*inside, 0.032 * s, 0.034 * s), inner)
            elif b.ears == "flop":
                low = (side * 1.34 * r, hy - b.ear * 0.9)
                drop = [
                    (side * 0.6 * r, hy + 0.86 * r),
                    (side * 1.2 * r, hy + 0.5 * r),
                    low,
                    (side * 0.9 * r, hy - 0.1 * r),
                ]
                pen.fill(smooth([self.at(*spot) for spot in drop], steps=5), darker(self.coat.main, 0.2), shade=0.15)
            elif b.ears == "round":
                pen.fill(self.oval(x * 1.1, hy + 0.76 * r, b.ear + 0.03, b.ear + 0.03), self.coat.main, shade=0.2)
                pen.flat(self.oval(x * 1.1, hy + 0.74 * r, 0.55 * b.ear, 0.55 * b.ear), inner)

    def _horns(self, hy: float, r: float) -> None:
        b, pen, s, bone = self.beast, self.pen, self.s, rgb("#d9c8a4")
        for side in (-1, 1):
            if b.horns == "antlers":
                stem = [(0.3, 0.8, 0.0), (0.9, 1.0, 0.2), (0.8, 1.0, 0.46)]
                line = [self.at(side * x * r, hy + y * r + up) for x, y, up in stem]
                pen.line(line, [0.04 * s, 0.034 * s, 0.014 * s], bone)
                for up, reach in ((0.12, 1.5), (0.28, 1.4)):
                    tine = [self.at(side * 0.85 * r, hy + r + up), self.at(side * reach * r, hy + r + up + 0.12)]
                    pen.line(tine, [0.03 * s, 0.01 * s], bone)
            elif b.horns in ("short", "curved"):
                out = 1.3 if b.horns == "short" else 1.7
                spots = ((0.5, 0.8), (out, 1.1), (out, 1.7))
                line = [self.at(side * x * r, hy + y * r) for x, y in spots]
                pen.line(line, [0.06 * s, 0.05 * s, 0.012 * s], bone)
        if b.horns == "one":
            pen.line([self.at(0, hy + 0.7 * r), self.at(0, hy + 2.8 * r)], [0.07 * s, 0.01 * s], "#f0d48a")
