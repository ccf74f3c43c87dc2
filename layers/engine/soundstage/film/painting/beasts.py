"""Animals on four legs, drawn from a few measures each."""

import math
from dataclasses import dataclass

from soundstage.film.painting.colours import darker, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.people import Figure
from soundstage.film.painting.raster import Points, ellipse, limb, points, smooth, stroke
from soundstage.models.story import Appearance, Character, Presence

EYE = rgb("#1a1620")


@dataclass(frozen=True)
class Beast:
    """A quadruped. Lengths are shares of its height at the shoulder."""

    height: float
    """Metres."""
    colour: str
    belly: str
    feet: str
    body: float = 1.15
    deep: float = 0.4
    leg: float = 0.52
    thick: float = 0.075
    neck: float = 0.3
    lift: float = 50.0
    """Degrees that the neck rises."""
    head: float = 0.19
    snout: float = 0.2
    blunt: float = 0.5
    ears: str = "point"
    ear: float = 0.2
    tail: str = "thin"
    tail_long: float = 0.5
    mane: str | None = None
    horns: str | None = None
    tip: str | None = None


# fmt: off
BEASTS: dict[str, Beast] = {
    "fox": Beast(0.42, "#d9742f", "#f4e6d2", "#3a2722", deep=0.36, tail="bush", tail_long=0.85, snout=0.26,
        blunt=0.28, ear=0.26, tip="#f6ecdc"),
    "dog": Beast(0.55, "#b98452", "#ead6b8", "#b98452", ears="flop", tail="up", tail_long=0.45, snout=0.22,
        blunt=0.62, ear=0.24),
    "wolf": Beast(0.75, "#7c8088", "#c9cbcd", "#5a5d64", deep=0.42, tail="bush", tail_long=0.65, snout=0.28,
        blunt=0.4, ear=0.2),
    "cat": Beast(0.32, "#6e6a70", "#e8e0d8", "#6e6a70", body=1.2, deep=0.36, head=0.22, snout=0.09, blunt=0.8,
        ear=0.2, tail="curl", tail_long=0.9, neck=0.22),
    "tiger": Beast(0.95, "#d98b3a", "#f4e8d4", "#d98b3a", body=1.4, deep=0.42, head=0.21, snout=0.12, blunt=0.8,
        ears="round", ear=0.1, tail="curl", tail_long=0.8),
    "lion": Beast(1.0, "#cf9a4e", "#ead2a4", "#cf9a4e", body=1.35, deep=0.42, head=0.21, snout=0.13, blunt=0.8,
        ears="round", ear=0.1, tail="tuft", tail_long=0.8, mane="#8a4f26"),
    "horse": Beast(1.55, "#8a5534", "#8a5534", "#3a2620", body=1.12, deep=0.36, leg=0.6, thick=0.055, neck=0.52,
        lift=56, head=0.15, snout=0.3, blunt=0.6, ear=0.12, tail="hair", tail_long=0.7, mane="#3a2620"),
    "deer": Beast(1.1, "#a9714a", "#ecd9bf", "#6a4630", body=1.1, deep=0.33, leg=0.62, thick=0.045, neck=0.46,
        lift=64, head=0.14, snout=0.2, blunt=0.5, ear=0.18, tail="stub", horns="antlers"),
    "rabbit": Beast(0.3, "#b9a38c", "#f4ece2", "#b9a38c", body=1.15, deep=0.5, leg=0.34, thick=0.085, neck=0.18,
        lift=46, head=0.27, snout=0.08, blunt=0.8, ears="long", ear=0.52, tail="puff"),
    "bear": Beast(1.2, "#6a4a38", "#8a6a50", "#573b2c", body=1.3, deep=0.58, leg=0.4, thick=0.14, neck=0.24, lift=26,
        head=0.24, snout=0.16, blunt=0.7, ears="round", ear=0.1, tail="stub"),
    "mouse": Beast(0.12, "#9a928c", "#efe6de", "#e0b8a8", body=1.15, deep=0.56, leg=0.26, thick=0.06, neck=0.12,
        lift=20, head=0.3, snout=0.16, blunt=0.3, ears="round", ear=0.24, tail="curl", tail_long=1.0),
    "sheep": Beast(0.75, "#eee6d8", "#eee6d8", "#4a4340", body=1.15, deep=0.58, leg=0.36, thick=0.06, neck=0.2,
        lift=36, head=0.17, snout=0.17, blunt=0.7, ears="flop", ear=0.14, tail="puff", mane="wool"),
    "goat": Beast(0.8, "#d8cfc0", "#efe8dc", "#6a5a4a", deep=0.42, thick=0.055, neck=0.36, head=0.16, snout=0.2,
        blunt=0.5, ears="flop", ear=0.14, tail="stub", horns="curved"),
    "cow": Beast(1.4, "#8a5a40", "#e8dccb", "#4a332a", body=1.3, deep=0.5, leg=0.46, thick=0.08, neck=0.26, lift=24,
        head=0.18, snout=0.24, blunt=0.85, ears="flop", ear=0.13, tail="tuft", tail_long=0.6, horns="short"),
    "pig": Beast(0.7, "#e3a398", "#f0c0b4", "#c98478", body=1.25, deep=0.6, leg=0.3, thick=0.085, neck=0.14, lift=12,
        head=0.22, snout=0.16, blunt=0.95, ears="flop", ear=0.14, tail="curl", tail_long=0.25),
    "elephant": Beast(2.8, "#8f9299", "#a5a8ae", "#7c7f86", body=1.15, deep=0.62, leg=0.44, thick=0.13, neck=0.2,
        lift=26, head=0.25, snout=0.16, blunt=0.6, ears="fan", ear=0.3, tail="thin", tail_long=0.4, horns="trunk"),
    "unicorn": Beast(1.55, "#f0ecf4", "#f0ecf4", "#c9bcd6", body=1.12, deep=0.36, leg=0.6, thick=0.055, neck=0.52,
        lift=56, head=0.15, snout=0.3, blunt=0.6, ear=0.12, tail="hair", tail_long=0.75, mane="#c79ad0", horns="one"),
    "squirrel": Beast(0.2, "#b0613a", "#f2e2cc", "#b0613a", body=1.0, deep=0.46, leg=0.32, thick=0.07, neck=0.2,
        lift=54, head=0.25, snout=0.12, blunt=0.5, ears="point", ear=0.16, tail="plume", tail_long=1.1),
    "dinosaur": Beast(2.6, "#6f9a64", "#cfd9a0", "#557a4c", body=1.25, deep=0.46, leg=0.46, thick=0.11, neck=0.9,
        lift=62, head=0.16, snout=0.18, blunt=0.7, ears="none", tail="thick", tail_long=1.2),
    "turtle": Beast(0.3, "#7f9a5a", "#d8d09a", "#6a824c", body=1.3, deep=0.4, leg=0.26, thick=0.12, neck=0.34,
        lift=24, head=0.18, snout=0.1, blunt=0.7, ears="none", tail="stub", mane="shell"),
}
# fmt: on


class Coat:
    """The colours of one animal: its kind's own, or its hair colour where the story gives one."""

    def __init__(self, character: Character, colour: str, belly: str, feet: str) -> None:
        look = character.appearance
        own = look.hair_colour != Appearance().hair_colour
        self.main = rgb(look.hair_colour) if own else rgb(colour)
        self.belly = mix(rgb(belly), self.main, 0.2) if own else rgb(belly)
        self.feet = darker(self.main, 0.4) if own else rgb(feet)
        self.accent = rgb(look.accent_colour)


class Quadruped:
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

    def draw(self) -> Figure:
        b, stance = self.beast, self.presence.stance
        half = b.body / 2
        sits = stance in ("sitting", "kneeling") and b.height < 1.3
        lies = stance == "lying"
        low = b.leg - (b.leg * 0.78 if lies else 0.0)
        front = (half - b.deep * 0.42, low + b.deep * 0.52)
        rear = (-half + b.deep * 0.45, low + b.deep * 0.50)
        if sits:
            front = (0.22 * b.body, b.leg + b.deep * 0.5)
            rear = (-0.24 * b.body, b.deep * 0.52)
        self._tail(rear, sits or lies)
        if not lies:
            self._legs(front, rear, sits, far=True)
        self._trunk(front, rear)
        self._head_and_neck(front)
        if lies:
            for x in (front[0] + 0.1, rear[0] + 0.02):
                self.pen.fill(
                    limb(
                        self.at(x - 0.06, b.thick * 0.9),
                        self.at(x + 0.3, b.thick * 0.7),
                        b.thick * 1.05 * self.s,
                        b.thick * 0.8 * self.s,
                    ),
                    self.coat.main,
                )
        else:
            self._legs(front, rear, sits, far=False)
        xs = [self.at(-half - 0.1, 0)[0], self.head[0] + self.side * (b.snout + b.head) * self.s]
        top = self.head[1] - (b.head + (b.ear if b.ears != "flop" else 0)) * self.s
        return Figure((min(xs), top, max(xs), self.y), (*self.head, b.head * self.s), self.at(front[0], 0.1))

    def _swing(self) -> tuple[float, float, float, float]:
        return {"walking": (0.16, -0.12, 0.1, -0.16), "running": (0.42, 0.3, -0.42, -0.3)}.get(
            self.presence.stance, (0.02, -0.04, 0.03, -0.03)
        )

    def _legs(self, front: tuple[float, float], rear: tuple[float, float], sits: bool, *, far: bool) -> None:
        b, s = self.beast, self.s
        swing = self._swing()
        tone = darker(self.coat.main, 0.2) if far else self.coat.main
        foot_tone = darker(self.coat.feet, 0.15) if far else self.coat.feet
        shift = -0.07 if far else 0.03
        for place, step, hind in ((front, swing[1 if far else 0], False), (rear, swing[3 if far else 2], True)):
            if sits and hind:
                knee, foot = self.at(place[0] + 0.2, b.thick * 2.6), self.at(place[0] + 0.3, b.thick * 0.7)
                self.pen.fill(limb(self.at(place[0], b.deep * 0.45), knee, b.deep * 0.4 * s, b.thick * 1.5 * s), tone)
                self.pen.fill(limb(knee, self.at(place[0] + 0.06, b.thick * 0.8), b.thick * 1.2 * s, b.thick * s), tone)
                self.pen.fill(
                    limb(self.at(place[0] + 0.06, b.thick * 0.75), foot, b.thick * s, b.thick * 0.8 * s), foot_tone
                )
                continue
            x0 = place[0] + shift + (0.06 if not hind else -0.06)
            thick = b.thick * (0.92 if far else 1.0)
            hip = self.at(x0, place[1] - b.deep * 0.1)
            raised = 0.12 if self.presence.stance == "running" else 0.0
            back = -0.07 if hind else 0.03
            middle = self.at(x0 + step * 0.5 + (0.05 if hind else 0), b.leg * 0.52 + raised)
            foot = self.at(x0 + step + back, thick * 0.75 + raised * (1.4 if step < 0 else 0.8))
            self.pen.fill(limb(hip, middle, thick * (2.1 if hind else 1.6) * s, thick * 1.05 * s), tone)
            self.pen.fill(limb(middle, foot, thick * 1.05 * s, thick * 0.8 * s), tone)
            share = 0.45
            up = (foot[0] + (middle[0] - foot[0]) * share, foot[1] + (middle[1] - foot[1]) * share)
            self.pen.fill(limb(up, foot, thick * 0.92 * s, thick * 0.82 * s), foot_tone)
            self.pen.fill(
                limb(foot, (foot[0] + self.side * thick * 0.8 * s, foot[1]), thick * 0.8 * s, thick * 0.66 * s),
                foot_tone,
            )

    def _trunk(self, front: tuple[float, float], rear: tuple[float, float]) -> None:
        b = self.beast
        deep = b.deep
        (fx, fy), (rx, ry) = front, rear
        angle = math.atan2(fy - ry, fx - rx)
        ux, uy = math.cos(angle), math.sin(angle)
        nx, ny = -uy, ux

        def spot(x: float, y: float, along: float, out: float) -> tuple[float, float]:
            return x + ux * along + nx * out, y + uy * along + ny * out

        half = deep / 2
        middle = ((fx + rx) / 2, (fy + ry) / 2)
        shape = self.curve(
            spot(rx, ry, -half * 1.05, 0.05),
            spot(rx, ry, -half * 0.4, half * 0.98),
            spot(*middle, 0, half * 0.86),
            spot(fx, fy, 0.1 * half, half * 1.04),
            spot(fx, fy, half * 1.06, half * 0.2),
            spot(fx, fy, half * 0.5, -half * 0.86),
            spot(*middle, 0, -half * 0.8),
            spot(rx, ry, -half * 0.3, -half * 0.92),
        )
        if b.mane == "wool":
            for k in range(11):
                a = k * 2 * math.pi / 11
                mx, my = (fx + rx) / 2 + 0.48 * b.body * math.cos(a), (fy + ry) / 2 + deep * 0.44 * math.sin(a)
                self.pen.fill(ellipse(*self.at(mx, my), 0.2 * self.s, 0.19 * self.s), self.coat.main, shade=0.2)
        self.pen.fill(shape, self.coat.main, shade=0.26, most=0.03)
        low = self.curve(
            spot(rx, ry, 0.1, -half * 0.55),
            spot((fx + rx) / 2, (fy + ry) / 2, 0, -half * 0.42),
            spot(fx, fy, half * 0.7, -half * 0.25),
            spot(fx, fy, half * 0.5, -half * 1.0),
            spot((fx + rx) / 2, (fy + ry) / 2, 0, -half * 1.0),
        )
        self.pen.flat(low, self.coat.belly, opacity=0.85, clip=shape)
        if b is BEASTS["tiger"]:
            for k in range(6):
                x = rx + (fx - rx) * k / 5
                self.pen.flat(
                    stroke(
                        [
                            self.at(x, ry + half * 0.95),
                            self.at(x + 0.04, ry + half * 0.4),
                            self.at(x - 0.01, ry - half * 0.1),
                        ],
                        [0.06 * self.s, 0.045 * self.s, 0.006 * self.s],
                    ),
                    "#3a241c",
                    clip=shape,
                )
        if b is BEASTS["cow"]:
            for dx, dy, r in ((-0.2, 0.08, 0.16), (0.16, 0.0, 0.12), (0.4, 0.1, 0.1)):
                self.pen.flat(
                    ellipse(*self.at(dx, (fy + ry) / 2 + dy), r * self.s, r * 0.8 * self.s), self.coat.belly, clip=shape
                )
        if b.mane == "shell":
            dome = self.curve(
                (rx - half * 1.1, ry - 0.02),
                (rx - 0.05, ry + half * 1.3),
                ((fx + rx) / 2, ry + half * 1.9),
                (fx + 0.05, fy + half * 1.2),
                (fx + half, fy - 0.02),
                ((fx + rx) / 2, fy - half * 0.3),
            )
            self.pen.fill(dome, "#8a6a3c", shade=0.25)
            for k in range(4):
                x = rx + (fx - rx) * (k + 0.5) / 4
                self.pen.line(
                    ellipse(*self.at(x, ry + half * 0.75), 0.16 * self.s, 0.16 * self.s), 0.025 * self.s, "#5c4526"
                )

    def _head_and_neck(self, front: tuple[float, float]) -> None:
        b, s, pen = self.beast, self.s, self.pen
        lift = math.radians(b.lift - (18 if self.presence.stance == "running" else 0))
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
        if self.presence.stance == "lying" or "sleep" in self.presence.emotion:
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

    def _tail(self, rear: tuple[float, float], down: bool) -> None:
        b, s, pen = self.beast, self.s, self.pen
        x, y = rear[0] - b.deep * 0.45, rear[1] + b.deep * 0.22
        long = b.tail_long
        tone = self.coat.main
        if b.tail == "bush":
            line = (
                [(x, y), (x - long * 0.35, y - 0.02), (x - long * 0.75, y + 0.06), (x - long, y + 0.22)]
                if not down
                else [(x + 0.05, 0.12), (x - long * 0.3, 0.1), (x - long * 0.5, 0.12), (x - long * 0.5, 0.3)]
            )
            spots = [self.at(*spot) for spot in line]
            pen.fill(stroke(spots, [0.1 * s, 0.24 * s, 0.27 * s, 0.03 * s]), tone, shade=0.2)
            if b.tip:
                half = [((spots[2][0] * 2 + spots[3][0]) / 3, (spots[2][1] * 2 + spots[3][1]) / 3), spots[3]]
                pen.fill(stroke([*half], [0.22 * s, 0.02 * s]), b.tip, shade=0.1)
        elif b.tail == "plume":
            pen.fill(
                stroke(
                    [
                        self.at(x, y - 0.1),
                        self.at(x - 0.3, y + 0.1),
                        self.at(x - 0.32, y + 0.55),
                        self.at(x - 0.1, y + 0.85),
                        self.at(x + 0.06, y + 0.7),
                    ],
                    [0.12 * s, 0.3 * s, 0.38 * s, 0.3 * s, 0.06 * s],
                ),
                tone,
                shade=0.2,
            )
        elif b.tail == "curl":
            pen.fill(
                stroke(
                    [
                        self.at(x + 0.05, y),
                        self.at(x - long * 0.3, y + 0.02),
                        self.at(x - long * 0.42, y + long * 0.36),
                        self.at(x - long * 0.2, y + long * 0.58),
                    ],
                    [0.08 * s, 0.075 * s, 0.07 * s, 0.05 * s],
                ),
                tone,
            )
        elif b.tail == "up":
            pen.fill(
                stroke(
                    [
                        self.at(x + 0.05, y),
                        self.at(x - long * 0.3, y + long * 0.35),
                        self.at(x - long * 0.2, y + long * 0.75),
                    ],
                    [0.1 * s, 0.08 * s, 0.04 * s],
                ),
                tone,
            )
        elif b.tail == "hair":
            pen.fill(
                stroke(
                    [
                        self.at(x + 0.04, y + 0.04),
                        self.at(x - 0.14, y),
                        self.at(x - 0.2, y - long * 0.5),
                        self.at(x - 0.24, y - long),
                    ],
                    [0.06 * s, 0.13 * s, 0.17 * s, 0.04 * s],
                ),
                b.mane or tone,
            )
        elif b.tail == "tuft":
            pen.line(
                [self.at(x + 0.04, y), self.at(x - 0.14, y - 0.1), self.at(x - 0.16, y - long * 0.7)], 0.04 * s, tone
            )
            pen.fill(ellipse(*self.at(x - 0.16, y - long * 0.75), 0.06 * s, 0.1 * s), b.mane or darker(tone, 0.4))
        elif b.tail == "thick":
            pen.fill(
                stroke(
                    [self.at(x + 0.2, y - 0.08), self.at(x - long * 0.4, y - 0.2), self.at(x - long, y - 0.1)],
                    [0.34 * s, 0.22 * s, 0.02 * s],
                ),
                tone,
                shade=0.2,
            )
        elif b.tail == "puff":
            pen.fill(ellipse(*self.at(x + 0.02, y - 0.06), 0.1 * s, 0.1 * s), self.coat.belly)
        else:
            pen.line(
                [self.at(x + 0.05, y), self.at(x - 0.12, y - 0.1), self.at(x - 0.14, y - min(long, 0.4))],
                [0.07 * s, 0.05 * s, 0.02 * s],
                tone,
            )
