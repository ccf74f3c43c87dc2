"""A quadruped's head: neck, muzzle, collar, ears, horns."""

import math

from soundstage.film.painting.animals.species import BEASTS, EYE, Beast, Coat
from soundstage.film.painting.colours import darker, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import Points, ellipse, limb, points, smooth, stroke
from soundstage.models.story import Character, Presence


class QuadrupedHead:
    """A quadruped's measures, and its head."""

    def __init__(
        self,
        pen: Pen,
        beast: Beast,
        character: Character,
        presence: Presence,
        feet: tuple[float, float],
        s: float,
        side: int,
    ) -> None:
        self.pen, self.beast, self.presence = pen, beast, presence
        self.x, self.y, self.s, self.side = feet[0], feet[1], s, side
        self.coat = Coat(character, beast.colour, beast.belly, beast.feet)
        self.character = character

    def at(self, x: float, up: float) -> tuple[float, float]:
        return self.x + self.side * x * self.s, self.y - up * self.s

    def curve(self, *corners: tuple[float, float], steps: int = 8) -> Points:
        return smooth([self.at(*corner) for corner in corners], steps=steps)

    def _head_and_neck(self, front: tuple[float, float]) -> None:
        b, s, pen = self.beast, self.s, self.pen
        tall_and_down = self.presence.stance == "lying" and b.leg > 0.42
        lift = math.radians(b.lift + (14 if tall_and_down else -18 if self.presence.stance == "running" else 0))
        base = (front[0] + b.deep * 0.16, front[1] + b.deep * 0.18)
        hx, hy = base[0] + (b.neck + b.head * 0.5) * math.cos(lift), base[1] + (b.neck + b.head * 0.5) * math.sin(lift)
        self.head = self.at(hx, hy)
        r = b.head
        if b.mane == "wool":
            pen.fill(limb(self.at(*base), self.head, b.deep * 0.34 * s, r * 0.9 * s), self.coat.main)
        if b.mane and b.mane.startswith("#") and b.tail == "tuft":
            pen.fill(ellipse(*self.at(hx - 0.1, hy - 0.06), r * 1.85 * s, r * 1.95 * s), b.mane, shade=0.2)
        self._ears(hx, hy, far=True)
        pen.fill(
            limb(self.at(base[0] - 0.03, base[1] - 0.04), self.head, b.deep * 0.42 * s, r * 0.82 * s),
            self.coat.main,
            shade=0.2,
        )
        throat = self.at(base[0] + b.deep * 0.22, base[1] - b.deep * 0.12)
        if b.belly != b.colour and b.neck < 0.5:
            pen.fill(
                limb(throat, self.at(hx + r * 0.3, hy - r * 0.62), b.deep * 0.2 * s, r * 0.3 * s),
                self.coat.belly,
                shade=0.1,
            )
        if b.mane and b.mane.startswith("#") and b.tail == "hair":
            line = [
                self.at(hx - r * 0.2, hy + r * 1.0),
                self.at(hx - r * 1.0, hy + r * 0.3),
                self.at((hx + base[0]) / 2 - r * 1.1, (hy + base[1]) / 2 + r * 0.2),
                self.at(base[0] - r * 1.3, base[1] + 0.06),
            ]
            pen.fill(stroke(line, [0.1 * s, 0.17 * s, 0.2 * s, 0.06 * s]), b.mane)
        self._collar(base, (hx, hy))
        drop = -0.34 if b.head < 0.17 else -0.1
        tip = (hx + (r * 0.5 + b.snout) * math.cos(drop), hy - r * 0.16 + (r * 0.5 + b.snout) * math.sin(drop))
        face = darker(self.coat.feet, 0.0) if b.mane == "wool" else self.coat.main
        pen.fill(ellipse(*self.head, r * s, r * 0.92 * s), face, shade=0.2)
        pen.fill(
            limb(
                self.at(hx + r * 0.25, hy - r * 0.12), self.at(*tip), r * 0.72 * s, max(0.035, r * b.blunt * 0.62) * s
            ),
            face,
            shade=0.14,
        )
        if b.belly != b.colour and b.mane != "wool":
            pen.fill(
                limb(
                    self.at(hx + r * 0.35, hy - r * 0.42),
                    self.at(tip[0] - 0.01, tip[1] - r * 0.16),
                    r * 0.42 * s,
                    max(0.03, r * b.blunt * 0.42) * s,
                ),
                self.coat.belly,
                shade=0.05,
            )
        nose = self.at(tip[0] + r * b.blunt * 0.42, tip[1] + r * b.blunt * 0.16)
        if b is BEASTS["pig"]:
            pen.fill(ellipse(*self.at(tip[0] + r * 0.5, tip[1]), 0.06 * s, 0.1 * s), "#c97b72")
        elif b.horns != "trunk":
            pen.flat(ellipse(*nose, 0.036 * s, 0.03 * s), EYE)
        else:
            pen.fill(
                stroke(
                    [
                        self.at(hx + r * 0.7, hy),
                        self.at(hx + r * 1.5, hy - 0.25),
                        self.at(hx + r * 1.35, hy - 0.6),
                        self.at(hx + r * 1.8, hy - 0.78),
                    ],
                    [0.2 * s, 0.15 * s, 0.1 * s, 0.075 * s],
                ),
                self.coat.main,
                shade=0.2,
            )
            pen.fill(
                stroke([self.at(hx + r * 0.6, hy - 0.16), self.at(hx + r * 1.5, hy - 0.3)], [0.05 * s, 0.02 * s]),
                "#f4ecd8",
            )
        self._ears(hx, hy, far=False)
        self._horns(hx, hy)
        ex, ey = hx + r * 0.36, hy + r * 0.18
        if "sleep" in self.presence.emotion or (self.presence.stance == "lying" and not tall_and_down):
            pen.line([self.at(ex - 0.04, ey), self.at(ex, ey - 0.02), self.at(ex + 0.05, ey)], 0.016 * s, EYE)
        else:
            size = max(0.02, r * 0.13)
            pen.flat(ellipse(*self.at(ex, ey), size * s, size * 1.15 * s), EYE)
            pen.flat(ellipse(*self.at(ex + size * 0.25, ey + size * 0.35), size * 0.34 * s, size * 0.34 * s), "#ffffff")

    def _collar(self, base: tuple[float, float], head: tuple[float, float]) -> None:
        """A scarf about the neck, in the character's own colour, whatever the story calls it."""
        s, b = self.s, self.beast
        share = 0.45
        x, y = base[0] + (head[0] - base[0]) * share, base[1] + (head[1] - base[1]) * share
        angle = math.atan2(head[1] - base[1], head[0] - base[0])
        half = (b.deep * 0.42 * (1 - share) + b.head * 0.82 * share) * 1.06
        nx, ny = -math.sin(angle) * half, math.cos(angle) * half
        line = [self.at(x + nx, y + ny), self.at(x + 0.03, y - 0.02), self.at(x - nx, y - ny)]
        self.pen.accent(stroke(line, [0.1 * s, 0.12 * s, 0.1 * s]), self.coat.accent)
        if self.character.appearance.accent in ("scarf", "ribbon", "trim"):
            end = [self.at(x - 0.02, y - 0.01), self.at(x - 0.14, y - 0.12), self.at(x - 0.2, y - 0.3)]
            self.pen.accent(stroke(end, [0.08 * s, 0.1 * s, 0.12 * s]), self.coat.accent)

    def _ears(self, hx: float, hy: float, *, far: bool) -> None:
        b, s, r = self.beast, self.s, self.beast.head
        if b.ears == "none":
            return
        tone = darker(self.coat.main, 0.2) if far else self.coat.main
        shift = 0.09 if far else 0.0
        x = hx - r * 0.35 + shift
        if b.ears == "point":
            ear = self.curve(
                (x - r * 0.4, hy + r * 0.5),
                (x - r * 0.12 - 0.02, hy + r * 0.6 + b.ear),
                (x + r * 0.45, hy + r * 0.68),
                steps=4,
            )
            self.pen.fill(ear, tone, shade=0.2)
            if not far:
                inner = self.curve(
                    (x - r * 0.18, hy + r * 0.6),
                    (x - r * 0.08, hy + r * 0.55 + b.ear * 0.78),
                    (x + r * 0.28, hy + r * 0.66),
                    steps=4,
                )
                self.pen.flat(
                    inner,
                    darker(self.coat.feet, 0.1) if b is BEASTS["fox"] else mix(self.coat.belly, rgb("#d99a8c"), 0.4),
                )
        elif b.ears == "long":
            self.pen.fill(
                limb(self.at(x, hy + r * 0.5), self.at(x - 0.12, hy + r * 0.5 + b.ear), 0.055 * s, 0.06 * s), tone
            )
            if not far:
                self.pen.flat(
                    limb(self.at(x, hy + r * 0.6), self.at(x - 0.1, hy + r * 0.42 + b.ear), 0.02 * s, 0.028 * s),
                    "#e0b0a4",
                )
        elif b.ears == "flop":
            self.pen.fill(
                self.curve(
                    (x - r * 0.25, hy + r * 0.75),
                    (x + r * 0.3, hy + r * 0.7),
                    (x + r * 0.1, hy - b.ear * 0.6),
                    (x - r * 0.45, hy - b.ear * 0.75),
                    steps=6,
                ),
                darker(tone, 0.18),
            )
        elif b.ears == "fan":
            if not far:
                self.pen.fill(
                    self.curve(
                        (x + r * 0.1, hy + r * 0.8),
                        (x - b.ear, hy + r * 0.9),
                        (x - b.ear * 1.15, hy - b.ear * 0.5),
                        (x - r * 0.2, hy - b.ear * 1.1),
                        (x + r * 0.2, hy - r * 0.2),
                    ),
                    darker(tone, 0.1),
                    shade=0.12,
                )
        else:
            self.pen.fill(ellipse(*self.at(x, hy + r * 0.72), b.ear * s, b.ear * s), tone)
            if not far:
                self.pen.flat(
                    ellipse(*self.at(x, hy + r * 0.72), b.ear * 0.55 * s, b.ear * 0.55 * s),
                    mix(self.coat.belly, rgb("#d99a8c"), 0.4),
                )

    def _horns(self, hx: float, hy: float) -> None:
        b, s, r = self.beast, self.s, self.beast.head
        bone = rgb("#d9c8a4")
        if b.horns == "antlers":
            for shift in (0.08, 0.0):
                tone = darker(bone, 0.35 if shift else 0.15)
                x = hx - r * 0.1 + shift
                self.pen.line(
                    [self.at(x, hy + r * 0.8), self.at(x - 0.12, hy + r + 0.18), self.at(x - 0.04, hy + r + 0.42)],
                    [0.04 * s, 0.034 * s, 0.014 * s],
                    tone,
                )
                for up, dx in ((0.12, 0.14), (0.26, 0.16), (0.3, -0.1)):
                    self.pen.line(
                        [self.at(x - 0.1, hy + r + up), self.at(x - 0.06 + dx, hy + r + up + 0.12)],
                        [0.03 * s, 0.01 * s],
                        tone,
                    )
        elif b.horns == "curved":
            self.pen.line(
                [
                    self.at(hx - r * 0.1, hy + r * 0.8),
                    self.at(hx - r * 0.7, hy + r * 1.7),
                    self.at(hx - r * 1.7, hy + r * 1.5),
                ],
                [0.07 * s, 0.06 * s, 0.015 * s],
                bone,
            )
        elif b.horns == "short":
            self.pen.line(
                [
                    self.at(hx - r * 0.1, hy + r * 0.8),
                    self.at(hx + r * 0.2, hy + r * 1.3),
                    self.at(hx + r * 0.6, hy + r * 1.5),
                ],
                [0.055 * s, 0.045 * s, 0.012 * s],
                bone,
            )
        elif b.horns == "one":
            self.pen.fill(
                points(
                    self.at(hx + r * 0.2, hy + r * 0.8),
                    self.at(hx + r * 0.6, hy + r * 0.7),
                    self.at(hx + r * 1.3, hy + r * 2.6),
                ),
                "#f0d48a",
            )
