"""Animals and creatures, whole, drawn from a few measures each; seen from the side."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from soundstage.film.painting.colours import Colour, darker, lighter, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.people import METAL, Figure
from soundstage.film.painting.raster import Points, box, ellipse, limb, points, smooth, stroke
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


BEASTS: dict[str, Beast] = {
    "fox": Beast(
        0.42,
        "#d9742f",
        "#f4e6d2",
        "#3a2722",
        deep=0.36,
        tail="bush",
        tail_long=0.85,
        snout=0.26,
        blunt=0.28,
        ear=0.26,
        tip="#f6ecdc",
    ),
    "dog": Beast(
        0.55, "#b98452", "#ead6b8", "#b98452", ears="flop", tail="up", tail_long=0.45, snout=0.22, blunt=0.62, ear=0.24
    ),
    "wolf": Beast(
        0.75, "#7c8088", "#c9cbcd", "#5a5d64", deep=0.42, tail="bush", tail_long=0.65, snout=0.28, blunt=0.4, ear=0.2
    ),
    "cat": Beast(
        0.32,
        "#6e6a70",
        "#e8e0d8",
        "#6e6a70",
        body=1.2,
        deep=0.36,
        head=0.22,
        snout=0.09,
        blunt=0.8,
        ear=0.2,
        tail="curl",
        tail_long=0.9,
        neck=0.22,
    ),
    "tiger": Beast(
        0.95,
        "#d98b3a",
        "#f4e8d4",
        "#d98b3a",
        body=1.4,
        deep=0.42,
        head=0.21,
        snout=0.12,
        blunt=0.8,
        ears="round",
        ear=0.1,
        tail="curl",
        tail_long=0.8,
    ),
    "lion": Beast(
        1.0,
        "#cf9a4e",
        "#ead2a4",
        "#cf9a4e",
        body=1.35,
        deep=0.42,
        head=0.21,
        snout=0.13,
        blunt=0.8,
        ears="round",
        ear=0.1,
        tail="tuft",
        tail_long=0.8,
        mane="#8a4f26",
    ),
    "horse": Beast(
        1.55,
        "#8a5534",
        "#8a5534",
        "#3a2620",
        body=1.12,
        deep=0.36,
        leg=0.6,
        thick=0.055,
        neck=0.52,
        lift=56,
        head=0.15,
        snout=0.3,
        blunt=0.6,
        ear=0.12,
        tail="hair",
        tail_long=0.7,
        mane="#3a2620",
    ),
    "deer": Beast(
        1.1,
        "#a9714a",
        "#ecd9bf",
        "#6a4630",
        body=1.1,
        deep=0.33,
        leg=0.62,
        thick=0.045,
        neck=0.46,
        lift=64,
        head=0.14,
        snout=0.2,
        blunt=0.5,
        ear=0.18,
        tail="stub",
        horns="antlers",
    ),
    "rabbit": Beast(
        0.3,
        "#b9a38c",
        "#f4ece2",
        "#b9a38c",
        body=1.15,
        deep=0.5,
        leg=0.34,
        thick=0.085,
        neck=0.18,
        lift=46,
        head=0.27,
        snout=0.08,
        blunt=0.8,
        ears="long",
        ear=0.52,
        tail="puff",
    ),
    "bear": Beast(
        1.2,
        "#6a4a38",
        "#8a6a50",
        "#573b2c",
        body=1.3,
        deep=0.58,
        leg=0.4,
        thick=0.14,
        neck=0.24,
        lift=26,
        head=0.24,
        snout=0.16,
        blunt=0.7,
        ears="round",
        ear=0.1,
        tail="stub",
    ),
    "mouse": Beast(
        0.12,
        "#9a928c",
        "#efe6de",
        "#e0b8a8",
        body=1.15,
        deep=0.56,
        leg=0.26,
        thick=0.06,
        neck=0.12,
        lift=20,
        head=0.3,
        snout=0.16,
        blunt=0.3,
        ears="round",
        ear=0.24,
        tail="curl",
        tail_long=1.0,
    ),
    "sheep": Beast(
        0.75,
        "#eee6d8",
        "#eee6d8",
        "#4a4340",
        body=1.15,
        deep=0.58,
        leg=0.36,
        thick=0.06,
        neck=0.2,
        lift=36,
        head=0.17,
        snout=0.17,
        blunt=0.7,
        ears="flop",
        ear=0.14,
        tail="puff",
        mane="wool",
    ),
    "goat": Beast(
        0.8,
        "#d8cfc0",
        "#efe8dc",
        "#6a5a4a",
        deep=0.42,
        thick=0.055,
        neck=0.36,
        head=0.16,
        snout=0.2,
        blunt=0.5,
        ears="flop",
        ear=0.14,
        tail="stub",
        horns="curved",
    ),
    "cow": Beast(
        1.4,
        "#8a5a40",
        "#e8dccb",
        "#4a332a",
        body=1.3,
        deep=0.5,
        leg=0.46,
        thick=0.08,
        neck=0.26,
        lift=24,
        head=0.18,
        snout=0.24,
        blunt=0.85,
        ears="flop",
        ear=0.13,
        tail="tuft",
        tail_long=0.6,
        horns="short",
    ),
    "pig": Beast(
        0.7,
        "#e3a398",
        "#f0c0b4",
        "#c98478",
        body=1.25,
        deep=0.6,
        leg=0.3,
        thick=0.085,
        neck=0.14,
        lift=12,
        head=0.22,
        snout=0.16,
        blunt=0.95,
        ears="flop",
        ear=0.14,
        tail="curl",
        tail_long=0.25,
    ),
    "elephant": Beast(
        2.8,
        "#8f9299",
        "#a5a8ae",
        "#7c7f86",
        body=1.15,
        deep=0.62,
        leg=0.44,
        thick=0.13,
        neck=0.2,
        lift=26,
        head=0.25,
        snout=0.16,
        blunt=0.6,
        ears="fan",
        ear=0.3,
        tail="thin",
        tail_long=0.4,
        horns="trunk",
    ),
    "unicorn": Beast(
        1.55,
        "#f0ecf4",
        "#f0ecf4",
        "#c9bcd6",
        body=1.12,
        deep=0.36,
        leg=0.6,
        thick=0.055,
        neck=0.52,
        lift=56,
        head=0.15,
        snout=0.3,
        blunt=0.6,
        ear=0.12,
        tail="hair",
        tail_long=0.75,
        mane="#c79ad0",
        horns="one",
    ),
    "squirrel": Beast(
        0.2,
        "#b0613a",
        "#f2e2cc",
        "#b0613a",
        body=1.0,
        deep=0.46,
        leg=0.32,
        thick=0.07,
        neck=0.2,
        lift=54,
        head=0.25,
        snout=0.12,
        blunt=0.5,
        ears="point",
        ear=0.16,
        tail="plume",
        tail_long=1.1,
    ),
    "dinosaur": Beast(
        2.6,
        "#6f9a64",
        "#cfd9a0",
        "#557a4c",
        body=1.25,
        deep=0.46,
        leg=0.46,
        thick=0.11,
        neck=0.9,
        lift=62,
        head=0.16,
        snout=0.18,
        blunt=0.7,
        ears="none",
        tail="thick",
        tail_long=1.2,
    ),
    "turtle": Beast(
        0.3,
        "#7f9a5a",
        "#d8d09a",
        "#6a824c",
        body=1.3,
        deep=0.4,
        leg=0.26,
        thick=0.12,
        neck=0.34,
        lift=24,
        head=0.18,
        snout=0.1,
        blunt=0.7,
        ears="none",
        tail="stub",
        mane="shell",
    ),
}
_ALIASES = {
    "puppy": "dog", "hound": "dog", "kitten": "cat", "pony": "horse", "donkey": "horse", "mare": "horse", "stag": "deer",
    "hare": "rabbit", "bunny": "rabbit", "panda": "bear", "rat": "mouse", "lamb": "sheep", "ox": "cow", "bull": "cow",
    "calf": "cow", "buffalo": "cow", "leopard": "tiger", "panther": "tiger", "lioness": "lion", "tortoise": "turtle",
    "badger": "bear", "hedgehog": "mouse", "monkey": "squirrel", "fawn": "deer", "cub": "bear", "hamster": "mouse",
    "seagull": "gull", "eagle": "bird", "hawk": "bird", "sparrow": "bird", "crow": "crow", "raven": "crow", "dove": "dove",
    "pigeon": "dove", "swan": "swan", "goose": "swan", "duck": "duck", "hen": "hen", "rooster": "hen", "chicken": "hen",
    "chick": "hen", "crane": "crane", "heron": "crane", "swallow": "bird", "parrot": "bird", "phoenix": "bird", "penguin": "penguin",
    "dolphin": "dolphin", "orca": "whale", "shark": "shark", "carp": "fish", "koi": "fish", "salmon": "fish", "goldfish": "fish",
    "serpent": "snake", "android": "robot", "machine": "robot", "toad": "frog", "bee": "butterfly", "moth": "butterfly",
    "dragonfly": "butterfly", "ghost": "spirit", "fairy": "spirit", "monster": "monster", "giant": "monster", "ogre": "monster",
    "troll": "monster", "yeti": "monster", "alien": "monster", "snowman": "snowman", "octopus": "octopus", "squid": "octopus",
    "crab": "turtle", "spider": "monster", "狐狸": "fox", "狗": "dog", "猫": "cat", "鸟": "bird", "鲸": "whale", "鲸鱼": "whale",
    "马": "horse", "兔": "rabbit", "兔子": "rabbit", "熊": "bear", "鱼": "fish", "龙": "dragon", "机器人": "robot", "老虎": "tiger",
}  # fmt: skip


def species_named(text: str) -> str | None:
    """The animal that these words name; None: we have no drawing of it."""
    words = [word.strip(".,;:!?'\"").lower() for word in text.replace("-", " ").split()]
    for word in reversed(words):
        for form in (word, word.removesuffix("s")):
            name = _ALIASES.get(form, form)
            if name in BEASTS or name in _OTHERS:
                return name
    return None


def metres_of(name: str) -> float:
    """Height of the whole animal as drawn."""
    if name in BEASTS:
        beast = BEASTS[name]
        return beast.height * (1 + beast.neck * math.sin(math.radians(beast.lift)) + beast.head)
    return _OTHERS[name][1]


def flies_or_swims(name: str) -> str:
    return {
        "whale": "sea",
        "dolphin": "sea",
        "fish": "sea",
        "shark": "sea",
        "octopus": "sea",
        "gull": "air",
        "butterfly": "air",
        "dragon": "air",
    }.get(name, "ground")


class Coat:
    """The colours of one animal: its kind's own, or its hair colour where the story gives one."""

    def __init__(self, character: Character, colour: str, belly: str, feet: str) -> None:
        look = character.appearance
        own = look.hair_colour != Appearance().hair_colour
        self.main = rgb(look.hair_colour) if own else rgb(colour)
        self.belly = mix(rgb(belly), self.main, 0.2) if own else rgb(belly)
        self.feet = darker(self.main, 0.4) if own else rgb(feet)
        self.accent = rgb(look.accent_colour)


def draw_animal(
    pen: Pen,
    name: str,
    character: Character,
    presence: Presence,
    feet: tuple[float, float],
    metre: float,
) -> Figure:
    """With its feet (or what is lowest of it) at ``feet``; ``metre``: pixels of one."""
    side = -1 if presence.facing == "left" else 1
    if name in BEASTS:
        return _Quadruped(pen, BEASTS[name], character, presence, feet, BEASTS[name].height * metre, side).draw()
    drawing, metres = _OTHERS[name]
    return drawing(pen, character, presence, feet, metres * metre, side)


class _Quadruped:
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
        shape = self.curve(
            spot(rx, ry, -half * 1.05, 0.05), spot(rx, ry, -half * 0.4, half * 0.98), spot((fx + rx) / 2, (fy + ry) / 2, 0, half * 0.86),
            spot(fx, fy, 0.1 * half, half * 1.04), spot(fx, fy, half * 1.06, half * 0.2), spot(fx, fy, half * 0.5, -half * 0.86),
            spot((fx + rx) / 2, (fy + ry) / 2, 0, -half * 0.8), spot(rx, ry, -half * 0.3, -half * 0.92),
        )  # fmt: skip
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
            path = [
                self.at(hx - r * 0.2, hy + r * 1.0),
                self.at(hx - r * 1.0, hy + r * 0.3),
                self.at((hx + base[0]) / 2 - r * 1.1, (hy + base[1]) / 2 + r * 0.2),
                self.at(base[0] - r * 1.3, base[1] + 0.06),
            ]
            pen.fill(stroke(path, [0.1 * s, 0.17 * s, 0.2 * s, 0.06 * s]), b.mane)
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
        path = [self.at(x + nx, y + ny), self.at(x + 0.03, y - 0.02), self.at(x - nx, y - ny)]
        self.pen.accent(stroke(path, [0.1 * s, 0.12 * s, 0.1 * s]), self.coat.accent)
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
            path = (
                [(x, y), (x - long * 0.35, y - 0.02), (x - long * 0.75, y + 0.06), (x - long, y + 0.22)]
                if not down
                else [(x + 0.05, 0.12), (x - long * 0.3, 0.1), (x - long * 0.5, 0.12), (x - long * 0.5, 0.3)]
            )
            spots = [self.at(*spot) for spot in path]
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


# Those that are not quadrupeds. Each is drawn in a box of height s above y.


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
                smooth([at(-0.24, 0.1), at(-0.27, 0.5), at(-0.2, 0.8), at(0.2, 0.8), at(0.26, 0.5), at(0.2, 0.1)]),
                coat.main,
                shade=0.2,
            )
            pen.fill(
                smooth([at(-0.06, 0.12), at(-0.02, 0.6), at(0.2, 0.6), at(0.22, 0.3), at(0.14, 0.1)]),
                coat.belly,
                shade=0.1,
            )
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
            pen.fill(smooth([at(-0.26, 0.66), at(-0.1, 0.6), at(-0.16, 0.2), at(-0.28, 0.24)]), darker(coat.main, 0.16))
            pen.accent(stroke([at(-0.22, 0.62), at(0.02, 0.57), at(0.24, 0.62)], 0.08 * s), coat.accent)
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
        smooth([at(-0.06, 0.02), at(0.12, 0.28), at(-0.1, 0.66), at(-0.3, 0.84), at(-0.3, 0.5), at(-0.26, 0.14)]),
        darker(coat.main, 0.2),
        shade=0.2,
    )
    pen.fill(
        smooth([at(-0.6, 0.03), at(-0.2, 0.12), at(0.16, 0.1), at(0.3, 0.0), at(0.1, -0.12), at(-0.22, -0.08)]),
        coat.main,
        shade=0.25,
    )
    pen.fill(points(at(-0.5, 0.05), at(-0.76, 0.14), at(-0.7, 0.0), at(-0.78, -0.08), at(-0.46, -0.02)), coat.main)
    pen.fill(
        smooth([at(0.1, 0.06), at(-0.02, 0.42), at(-0.28, 0.6), at(-0.62, 0.62), at(-0.44, 0.36), at(-0.22, 0.02)]),
        lighter(coat.main, 0.06),
        shade=0.2,
    )
    pen.fill(ellipse(*at(0.3, 0.06), 0.11 * s, 0.1 * s), coat.main, shade=0.2)
    pen.accent(stroke([at(0.16, 0.15), at(0.2, 0.04), at(0.17, -0.06)], 0.07 * s), coat.accent)
    pen.accent(stroke([at(0.16, 0.0), at(0.0, -0.1), at(-0.12, -0.16)], [0.05 * s, 0.06 * s, 0.07 * s]), coat.accent)
    pen.fill(points(at(0.39, 0.1), at(0.54, 0.03), at(0.39, 0.02)), bill)
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
        [
            at(-1.25, 0.5),
            at(-1.6, 1.1),
            at(-1.95, 1.2),
            at(-1.72, 0.92),
            at(-1.36, 0.9),
            at(-1.2, 1.24),
            at(-0.98, 1.3),
            at(-1.1, 0.95),
            at(-1.12, 0.5),
        ]
    )
    body = smooth(
        [
            at(1.2, 0.35),
            at(1.12, 0.72),
            at(0.6, 1.0),
            at(-0.1, 0.95),
            at(-0.7, 0.72),
            at(-1.3, 0.78),
            at(-1.3, 0.52),
            at(-0.8, 0.26),
            at(0.0, 0.02),
            at(0.8, 0.04),
        ]
    )
    pen.fill(tail, coat.main, shade=0.2)
    pen.fill(body, coat.main, shade=0.3, most=0.035)
    under = smooth([at(1.22, 0.36), at(0.8, 0.34), at(0.1, 0.22), at(-0.8, 0.24), at(0.0, -0.1), at(0.9, -0.05)])
    pen.flat(under, coat.belly, clip=body)
    for k in range(6):
        pen.line(
            [at(1.0 - 0.06 * k, 0.27 - 0.04 * k), at(0.3 - 0.08 * k, 0.16 - 0.025 * k)],
            0.012 * s,
            darker(coat.belly, 0.25),
            opacity=0.8,
        )
    pen.fill(
        smooth([at(0.42, 0.22), at(0.1, 0.12), at(-0.2, -0.12), at(0.1, -0.1), at(0.5, 0.08)]),
        darker(coat.main, 0.15),
        shade=0.2,
    )
    pen.accent(stroke([at(-0.98, 0.74), at(-0.92, 0.55), at(-0.98, 0.38)], 0.15 * s), coat.accent, clip=None)
    pen.flat(ellipse(*at(0.82, 0.46), 0.035 * s, 0.04 * s), EYE)
    pen.flat(ellipse(*at(0.83, 0.47), 0.012 * s, 0.012 * s), "#ffffff")
    pen.line([at(1.18, 0.4), at(0.98, 0.34), at(0.8, 0.36)], 0.02 * s, darker(coat.main, 0.35))
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

    pen.fill(smooth([at(-0.62, 0.5), at(-1.15, 0.9), at(-1.0, 0.5), at(-1.15, 0.12)]), coat.feet, shade=0.2)
    pen.fill(smooth([at(0.2, 0.85), at(-0.1, 1.05), at(-0.45, 0.78)]), coat.feet, shade=0.2)
    body = smooth(
        [at(0.8, 0.5), at(0.4, 0.84), at(-0.1, 0.86), at(-0.7, 0.54), at(-0.7, 0.44), at(-0.1, 0.12), at(0.4, 0.16)]
    )
    pen.fill(body, coat.main, shade=0.3)
    pen.flat(ellipse(*at(0.1, 0.14), 0.6 * s, 0.18 * s), coat.belly, clip=body)
    pen.accent(stroke([at(0.14, 0.95), at(0.06, 0.5), at(0.14, 0.05)], 0.16 * s), coat.accent, clip=body)
    pen.fill(smooth([at(0.1, 0.44), at(-0.2, 0.3), at(-0.16, 0.5)]), coat.feet)
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

    pen.fill(smooth([at(-1.1, 0.1), at(-1.5, 0.22), at(-1.35, 0.0), at(-1.42, -0.26), at(-1.05, -0.02)]), coat.main)
    body = smooth(
        [
            at(1.15, 0.42),
            at(0.86, 0.56),
            at(0.5, 0.84),
            at(0.0, 0.96),
            at(-0.6, 0.6),
            at(-1.15, 0.08),
            at(-1.1, -0.02),
            at(-0.5, 0.26),
            at(0.1, 0.44),
            at(0.7, 0.4),
        ]
    )
    pen.fill(smooth([at(0.0, 0.9), at(-0.32, 1.24), at(-0.36, 0.74)]), darker(coat.main, 0.12))
    pen.fill(body, coat.main, shade=0.3)
    pen.flat(smooth([at(1.1, 0.42), at(0.4, 0.56), at(-0.4, 0.4), at(0.0, 0.3), at(0.7, 0.34)]), coat.belly, clip=body)
    pen.fill(smooth([at(0.4, 0.46), at(0.1, 0.1), at(0.12, 0.44)]), darker(coat.main, 0.15))
    pen.accent(stroke([at(-0.52, 0.7), at(-0.46, 0.48), at(-0.5, 0.24)], 0.13 * s), coat.accent, clip=body)
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

    path = [
        at(-1.35, 0.5),
        at(-1.0, 0.16),
        at(-0.6, 0.3),
        at(-0.35, 0.7),
        at(0.02, 0.72),
        at(0.14, 0.36),
        at(0.42, 0.22),
        at(0.72, 0.42),
        at(0.74, 0.74),
    ]
    widths = [0.02, 0.13, 0.19, 0.22, 0.23, 0.23, 0.22, 0.2, 0.18]
    for k in range(1, 8):
        px, py = path[k]
        qx, qy = path[k + 1]
        nx, ny = -(qy - py), qx - px
        length = math.hypot(nx, ny) or 1.0
        sign = 1 if ny * 1 < 0 else -1
        nx, ny = sign * nx / length, sign * ny / length
        for share in (0.0, 0.5):
            mx, my = px + (qx - px) * share, py + (qy - py) * share
            pen.fill(
                points((mx - 0.05 * s, my), (mx + nx * 0.2 * s, my + ny * 0.2 * s), (mx + 0.05 * s, my)), coat.feet
            )
    pen.fill(stroke(path, [w * s for w in widths]), coat.main, shade=0.22, most=0.02)
    pen.line([(px, py + 0.03 * s) for px, py in path], [w * 0.35 * s for w in widths], coat.belly, opacity=0.75)
    for px, py in (path[2], path[6]):
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
    pen.accent(stroke([at(0.62, 0.6), at(0.74, 0.66), at(0.86, 0.6)], 0.1 * s), coat.accent)
    pen.accent(stroke([at(0.64, 0.6), at(0.5, 0.5), at(0.4, 0.54)], [0.07 * s, 0.08 * s, 0.1 * s]), coat.accent)
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
    pen.fill(stroke([at(-0.2, 0.6), at(-0.33, 0.46), at(-0.28, 0.32)], 0.065 * s), darker(main, 0.22))
    pen.fill(smooth([at(-0.22, 0.3), at(-0.24, 0.62), at(0.24, 0.62), at(0.22, 0.3)], steps=4), main, shade=0.2)
    pen.accent(
        box(min(at(-0.25, 0)[0], at(0.25, 0)[0]), y - 0.41 * s, max(at(-0.25, 0)[0], at(0.25, 0)[0]), y - 0.34 * s),
        accent,
    )
    pen.accent(ellipse(*at(0.06, 0.52), 0.045 * s, 0.045 * s), accent)
    pen.fill(limb(at(0, 0.62), at(0, 0.7), 0.04 * s, 0.04 * s), darker(main, 0.35))
    pen.fill(smooth([at(-0.21, 0.68), at(-0.23, 0.92), at(0.23, 0.92), at(0.23, 0.68)], steps=5), main, shade=0.2)
    pen.flat(smooth([at(-0.1, 0.73), at(-0.11, 0.88), at(0.21, 0.88), at(0.21, 0.73)], steps=5), "#232a36")
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
            [
                at(-1.3, 0.05),
                at(-0.9, 0.16),
                at(-0.5, 0.08),
                at(-0.1, 0.18),
                at(0.3, 0.1),
                at(0.42, 0.5),
                at(0.34, 0.8),
                at(0.6, 0.88),
            ],
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

    pen.fill(
        smooth([at(-0.5, 0.04), at(-0.52, 0.4), at(-0.2, 0.44), at(-0.1, 0.06)]), darker(coat.main, 0.12), shade=0.2
    )
    pen.fill(
        smooth(
            [at(-0.45, 0.2), at(-0.2, 0.62), at(0.2, 0.8), at(0.5, 0.7), at(0.46, 0.4), at(0.26, 0.12), at(-0.2, 0.06)]
        ),
        coat.main,
        shade=0.25,
    )
    pen.fill(smooth([at(0.46, 0.46), at(0.3, 0.14), at(0.1, 0.12), at(0.24, 0.42)]), coat.belly, shade=0.1)
    for dx in (0.16, 0.36):
        pen.fill(ellipse(*at(dx, 0.84), 0.11 * s, 0.11 * s), coat.main)
        pen.flat(ellipse(*at(dx + 0.02, 0.85), 0.055 * s, 0.06 * s), EYE)
    pen.line([at(0.5, 0.6), at(0.3, 0.56), at(0.16, 0.6)], 0.022 * s, darker(coat.main, 0.4))
    pen.accent(stroke([at(0.0, 0.6), at(0.2, 0.44), at(0.46, 0.42)], 0.09 * s), coat.accent)
    pen.fill(limb(at(0.22, 0.24), at(0.3, 0.03), 0.06 * s, 0.05 * s), coat.main)
    pen.fill(limb(at(-0.3, 0.04), at(0.0, 0.03), 0.06 * s, 0.04 * s), coat.main)
    return _figure(x, y, s, 1.1, at(0.3, 0.7))


def _butterfly(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    coat = Coat(character, "#e0a23f", "#f6e2a8", "#3a2a24")
    x, y = feet
    for dx, tone in ((-1, darker(coat.main, 0.12)), (1, coat.main)):
        pen.fill(
            smooth(
                [
                    (x, y - 0.5 * s),
                    (x + dx * 0.5 * s, y - 1.0 * s),
                    (x + dx * 0.62 * s, y - 0.66 * s),
                    (x + dx * 0.2 * s, y - 0.45 * s),
                ]
            ),
            tone,
            shade=0.2,
        )
        pen.accent(
            smooth(
                [
                    (x, y - 0.45 * s),
                    (x + dx * 0.42 * s, y - 0.42 * s),
                    (x + dx * 0.36 * s, y - 0.08 * s),
                    (x + dx * 0.06 * s, y - 0.24 * s),
                ]
            ),
            coat.accent,
        )
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

    body = smooth(
        [
            at(-0.3, 0.1),
            at(-0.3, 0.7),
            at(0.0, 1.0),
            at(0.3, 0.7),
            at(0.26, 0.3),
            at(0.1, 0.14),
            at(-0.02, 0.22),
            at(-0.14, 0.02),
        ]
    )
    pen.shine(body, pale, opacity=0.3, soft=0.05 * s)
    pen.shine(body, pale, opacity=0.85)
    for dx in (0.0, 0.16):
        pen.flat(ellipse(*at(dx, 0.74), 0.035 * s, 0.05 * s), EYE)
    pen.accent(stroke([at(-0.27, 0.54), at(0.0, 0.48), at(0.28, 0.54)], 0.09 * s), accent)
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
        stroke([at(-0.32, 0.56), at(-0.48, 0.4), at(-0.44, 0.24)], [0.16 * s, 0.13 * s, 0.11 * s]),
        darker(coat.main, 0.14),
    )
    body = smooth(
        [at(-0.34, 0.12), at(-0.42, 0.5), at(-0.26, 0.86), at(0.06, 0.94), at(0.34, 0.78), at(0.42, 0.4), at(0.3, 0.1)]
    )
    pen.fill(body, coat.main, shade=0.25)
    pen.flat(ellipse(*at(0.1, 0.3), 0.26 * s, 0.24 * s), coat.belly, clip=body, opacity=0.9)
    for dx in (0.0, 0.22):
        pen.fill(ellipse(*at(dx, 0.7), 0.075 * s, 0.085 * s), "#ffffff", shade=0)
        pen.flat(ellipse(*at(dx + 0.02, 0.7), 0.035 * s, 0.045 * s), EYE)
    pen.line([at(0.0, 0.56), at(0.12, 0.53), at(0.24, 0.57)], 0.025 * s, darker(coat.main, 0.5))
    pen.accent(stroke([at(-0.4, 0.52), at(0.02, 0.45), at(0.42, 0.48)], 0.09 * s), coat.accent, clip=body)
    pen.fill(stroke([at(0.32, 0.54), at(0.48, 0.4), at(0.46, 0.24)], [0.16 * s, 0.13 * s, 0.11 * s]), coat.main)
    return _figure(x, y, s, 1.0, at(0.08, 0.7))


def _snowman(
    pen: Pen, character: Character, presence: Presence, feet: tuple[float, float], s: float, side: int
) -> Figure:
    x, y = feet
    snow, accent = rgb("#f0f3f6"), rgb(character.appearance.accent_colour)
    for up, r in ((0.22, 0.26), (0.56, 0.19), (0.82, 0.135)):
        pen.fill(ellipse(x, y - up * s, r * s, r * 0.95 * s), snow, shade=0.25)
    pen.accent(
        stroke([(x - 0.15 * s, y - 0.69 * s), (x, y - 0.66 * s), (x + 0.15 * s, y - 0.69 * s)], 0.07 * s), accent
    )
    pen.accent(stroke([(x - side * 0.08 * s, y - 0.68 * s), (x - side * 0.14 * s, y - 0.5 * s)], 0.07 * s), accent)
    for dx in (-0.04, 0.06):
        pen.flat(ellipse(x + side * dx * s, y - 0.85 * s, 0.018 * s, 0.02 * s), EYE)
    pen.fill(
        points(
            (x + side * 0.02 * s, y - 0.82 * s), (x + side * 0.2 * s, y - 0.79 * s), (x + side * 0.02 * s, y - 0.78 * s)
        ),
        "#e0813a",
    )
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
    pen.fill(
        smooth(
            [
                (x - 0.32 * s, y - 0.4 * s),
                (x - 0.34 * s, y - 0.82 * s),
                (x, y - 1.02 * s),
                (x + 0.34 * s, y - 0.82 * s),
                (x + 0.32 * s, y - 0.4 * s),
            ]
        ),
        coat.main,
        shade=0.25,
    )
    pen.accent(
        stroke([(x - 0.32 * s, y - 0.78 * s), (x, y - 0.74 * s), (x + 0.32 * s, y - 0.78 * s)], 0.09 * s), coat.accent
    )
    for dx in (-0.08, 0.14):
        pen.flat(ellipse(x + side * dx * s, y - 0.56 * s, 0.05 * s, 0.06 * s), EYE)
    return _figure(x, y, s, 1.4, (x, y - 0.65 * s))


_OTHERS: dict[str, tuple[Callable[..., Figure], float]] = {
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
