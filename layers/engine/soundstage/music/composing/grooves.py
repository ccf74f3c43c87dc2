"""Grooves: drum patterns of each style for verses and choruses, in 4/4, 3/4 and 6/8, and made of these in 5/4 and 7/8.

A pattern has one character per sixteenth: X accent, x stroke, o soft, g ghost, . nothing. Bars of 4/4 have sixteen,
bars of 3/4 and 6/8 twelve; 5/4 is a bar of 3/4 and half a one of 4/4, 7/8 half a bar of 4/4 and half a one of 6/8.
"""

import math
from dataclasses import dataclass

from soundstage.models.composition import Meter

# Velocity of each mark, 0 to 1.
STROKES = {"X": 0.95, "x": 0.75, "o": 0.52, "g": 0.28}
Pattern = dict[str, str]


@dataclass(frozen=True)
class Groove:
    """Drum patterns: ``light`` for verses, ``full`` for choruses; ``waltz`` and ``compound`` instead in 3/4 and 6/8.

    ``fill``: drums of a fill, in order. ``crash``: the cymbal at the start of a section. ``lift``: the drum that joins
    in sections in which everybody plays. ``swells``: a cymbal swells into loud sections.
    """

    light: Pattern
    full: Pattern
    waltz: tuple[Pattern, Pattern]
    compound: tuple[Pattern, Pattern]
    fill: tuple[str, ...] = ("snare", "tom_high", "tom_mid", "tom_low")
    crash: str = "crash"
    lift: str = "tambourine"
    swells: bool = False

    def patterns(self, meter: Meter) -> tuple[Pattern, Pattern]:
        """For verses and for choruses."""
        if meter == "5/4":
            return (_joined((self.waltz[0], 12), (self.light, 8)), _joined((self.waltz[1], 12), (self.full, 8)))
        if meter == "7/8":
            return (_joined((self.light, 8), (self.compound[0], 6)), _joined((self.full, 8), (self.compound[1], 6)))
        return {"4/4": (self.light, self.full), "3/4": self.waltz, "6/8": self.compound}[meter]


def _joined(*parts: tuple[Pattern, int]) -> Pattern:
    """The first sixteenths of each pattern, one after the other."""
    drums = dict.fromkeys(drum for pattern, _ in parts for drum in pattern)
    return {drum: "".join(p.get(drum, "." * length)[:length] for p, length in parts) for drum in drums}


# What that drum plays.
LIFTS: dict[Meter, str] = {
    "4/4": "o.x.o.x.o.x.o.x.",
    "3/4": "o.x.o.x.o.x.",
    "6/8": "x.o.o.x.o.o.",
    "5/4": "o.x.o.x.o.x.o.x.o.x.",
    "7/8": "x.o.x.o.x.o.o.",
}
_SOFT_WALTZ: tuple[Pattern, Pattern] = (
    {
        "kick": "x...........",
        "brush": "....o...o...",
        "shaker": "o.g.o.g.o.g.",
    },
    {
        "kick": "X.........o.",
        "rim": "....x...x...",
        "ride": "x...x.o.x...",
        "brush": "..g...g...g.",
    },
)
_SOFT_COMPOUND: tuple[Pattern, Pattern] = (
    {
        "kick": "x...........",
        "rim": "......x.....",
        "shaker": "o.g.g.o.g.g.",
    },
    {
        "kick": "X...o.......",
        "snare": "......X....g",
        "ride": "x.o.o.x.o.o.",
    },
)
_DRIVING_WALTZ: tuple[Pattern, Pattern] = (
    {
        "kick": "x.......o...",
        "snare": "....x.......",
        "hat": "x.o.x.o.x.o.",
    },
    {
        "kick": "X.....x.....",
        "snare": "....X...X..g",
        "hat": "xoxoxoxoxoxo",
    },
)
_DRIVING_COMPOUND: tuple[Pattern, Pattern] = (
    {
        "kick": "x...........",
        "snare": "......x.....",
        "hat": "x.o.o.x.o.o.",
    },
    {
        "kick": "X...x...x...",
        "snare": "......X....g",
        "hat": "xoxoxoxoxoxo",
    },
)

GROOVES: dict[str, Groove] = {
    "campfire": Groove(
        {
            "kick": "x.......x.......",
            "rim": "....o.......o...",
            "shaker": "o.g.x.g.o.g.x.g.",
        },
        {
            "kick": "X.....o.x.o.....",
            "brush": "..g.o.g...g.o.g.",
            "snare": "....x.......x..g",
            "tambourine": "..o.x.o...o.x.o.",
        },
        _SOFT_WALTZ,
        _SOFT_COMPOUND,
        ("snare", "snare", "tom_mid", "tom_low"),
    ),
    "lofi": Groove(
        {
            "kick": "X.....x...x.....",
            "rim": "....x.......x...",
            "hat": "o.g.o.g.o.g.o.gg",
        },
        {
            "kick": "X..o..x...x....o",
            "snare": "....X..g.g..X...",
            "hat": "x.o.xgo.x.o.x.og",
            "shaker": "..g...g...g...g.",
        },
        (
            {
                "kick": "X.......x...",
                "rim": "....x.......",
                "hat": "o.g.o.g.o.gg",
            },
            {
                "kick": "X..o....x...",
                "snare": "....X..g..g.",
                "hat": "x.goxgo.x.og",
            },
        ),
        (
            {
                "kick": "X.......o...",
                "rim": "......x.....",
                "hat": "o.o.o.o.o.o.",
            },
            {
                "kick": "X...o...x...",
                "snare": "......X..g..",
                "hat": "x.g.x.o.x.g.",
            },
        ),
        ("snare", "rim", "snare", "rim"),
        crash="ride",
        lift="shaker",
    ),
    "synthwave": Groove(
        {
            "kick": "X.......X.......",
            "snare": "....x.......x...",
            "hat": "x.o.x.o.x.o.x.o.",
        },
        {
            "kick": "X.....x.X.......",
            "snare": "....X.......X...",
            "hat": "xoxoxoxoxoxoxoxo",
            "clap": "....o.......o...",
        },
        _DRIVING_WALTZ,
        _DRIVING_COMPOUND,
        ("tom_high", "tom_high", "tom_mid", "tom_low"),
        lift="open_hat",
        swells=True,
    ),
    "ballad": Groove(
        {
            "kick": "x...............",
            "rim": "........o.......",
            "ride": "o...g...o...g...",
        },
        {
            "kick": "X.....x.........",
            "snare": "........X......g",
            "ride": "x.o.x.o.x.o.x.o.",
        },
        (
            {
                "kick": "x...........",
                "rim": "....o...o...",
                "ride": "o...g...g...",
            },
            {
                "kick": "X.......o...",
                "snare": "....x...X...",
                "ride": "x.o.x.o.x.o.",
            },
        ),
        (
            {
                "kick": "x.........o.",
                "rim": "......o.....",
                "ride": "o.o.o.o.o.o.",
            },
            {
                "kick": "X.......o.o.",
                "snare": "......X.....",
                "ride": "x.x.x.x.x.x.",
                "brush": "..g.g...g.g.",
            },
        ),
        swells=True,
    ),
    "cinematic": Groove(
        {
            "timpani": "x...........o...",
            "taiko": "x.......x.......",
        },
        {
            "taiko": "X..x..x.X..x..xx",
            "timpani": "X.......x.......",
            "snare": "g.gog.gog.gog.oo",
            "triangle": "....g.......g...",
        },
        (
            {
                "timpani": "x.........o.",
                "taiko": "x...........",
            },
            {
                "taiko": "X...x...x.x.",
                "timpani": "X.......o...",
                "snare": "....oggo.ogg",
            },
        ),
        (
            {
                "timpani": "x...........",
                "taiko": "x.....o.....",
            },
            {
                "taiko": "X.....x...xx",
                "timpani": "X...........",
                "snare": "o.gog.o.gogg",
            },
        ),
        ("taiko", "tom_mid", "tom_low", "taiko"),
        swells=True,
    ),
    "bossa": Groove(
        {
            "kick": "x.....o.x.....o.",
            "rim": "x..x..x...x..x..",
            "shaker": "ogogogogogogogog",
        },
        {
            "kick": "X.....o.x.....o.",
            "rim": "x..x..x...x..x..",
            "hat": "xgogxgogxgogxgog",
            "conga_high": "......o.......oo",
            "conga_low": "....o.......o...",
        },
        (
            {
                "kick": "x.....o.....",
                "rim": "......x...o.",
                "ride": "x...x.o.x...",
            },
            {
                "kick": "X.....o.x...",
                "snare": "..g...o...x.",
                "ride": "x...x.o.x.x.",
                "conga_high": "....o...o.oo",
            },
        ),
        (
            {
                "kick": "x.....x.....",
                "rim": "x..x..x...x.",
                "shaker": "ogogogogogog",
            },
            {
                "kick": "X.....x...o.",
                "rim": "x..x..x...x.",
                "conga_high": "..o...o...oo",
                "conga_low": "........o...",
                "shaker": "ogogogogogog",
            },
        ),
        ("conga_high", "conga_high", "conga_low", "conga_low"),
        crash="ride",
        lift="shaker",
    ),
    "funk": Groove(
        {
            "kick": "X.....x...x.....",
            "snare": "....X..g.g..X...",
            "hat": "x.o.x.o.x.o.x.o.",
        },
        {
            "kick": "X..x..x...x..o..",
            "snare": "....X..g.g.gX..g",
            "hat": "xoxoxoxoxoxoxo..",
            "open_hat": "..............x.",
            "tambourine": "....x.......x...",
        },
        _DRIVING_WALTZ,
        _DRIVING_COMPOUND,
    ),
    "house": Groove(
        {
            "kick": "X...X...X...X...",
            "clap": "....o.......o...",
            "hat": "..o...o...o...o.",
            "shaker": "g.o.g.o.g.o.g.o.",
        },
        {
            "kick": "X...X...X...X...",
            "clap": "....X.......X...",
            "open_hat": "..x...x...x...x.",
            "hat": "gogogogogogogogo",
            "conga_high": "...o..o....o..o.",
        },
        (
            {
                "kick": "X...x...x...",
                "hat": "..o...o...o.",
            },
            {
                "kick": "X...X...X...",
                "clap": "....x...x...",
                "open_hat": "..x...x...x.",
            },
        ),
        (
            {
                "kick": "X.....X.....",
                "hat": "..o.o...o.o.",
            },
            {
                "kick": "X.....X.....",
                "clap": "......x.....",
                "open_hat": "....x.....x.",
            },
        ),
        ("clap", "snare", "clap", "snare"),
        lift="ride",
        swells=True,
    ),
    "dream": Groove(
        {
            "triangle": "....g.......g...",
            "shaker": "..g...o...g...o.",
        },
        {
            "kick": "x.........o.....",
            "rim": "........o.......",
            "shaker": "g.o.g.o.g.o.g.o.",
            "triangle": "....g.......g...",
        },
        (
            {
                "triangle": "....g...g...",
            },
            {
                "kick": "x...........",
                "rim": "....o...o...",
                "shaker": "g.o.g.o.g.o.",
            },
        ),
        (
            {
                "triangle": "......g.....",
            },
            {
                "kick": "x...........",
                "rim": "......o.....",
                "shaker": "o.g.g.o.g.g.",
            },
        ),
        ("triangle", "triangle", "rim", "rim"),
        crash="triangle",
        lift="shaker",
        swells=True,
    ),
    "musette": Groove(
        {
            "kick": "x.......x.......",
            "brush": "....o.......o...",
        },
        {
            "kick": "X.......x.......",
            "snare": "....o..g....o..g",
            "ride": "x...o.x.x...o.x.",
        },
        (
            {
                "kick": "x...........",
                "brush": "....o...o...",
            },
            {
                "kick": "X...........",
                "snare": "....o...o..g",
                "ride": "x...o.o.x...",
            },
        ),
        _SOFT_COMPOUND,
        lift="ride",
    ),
}


# Bands of pitch, in which two grooves are compared; what is in neither is high.
LOW = ("kick", "taiko", "timpani", "conga_low", "tom_low")
MIDDLE = ("snare", "rim", "clap", "brush", "conga_high")


def groove_distance(a: str, b: str, meter: Meter = "4/4") -> float:
    """Distance of two grooves in a meter, 0 to 1: one minus the cosine of their velocities in three bands of pitch."""
    x, y = (_strokes_of(GROOVES[name], meter) for name in (a, b))
    dot = sum(p * q for p, q in zip(x, y, strict=True))
    return 1.0 - dot / math.sqrt(sum(p * p for p in x) * sum(q * q for q in y))


def _strokes_of(groove: Groove, meter: Meter) -> list[float]:
    steps = len(LIFTS[meter])
    strokes = [0.0] * (6 * steps)
    for offset, pattern in zip((0, 3 * steps), groove.patterns(meter), strict=True):
        for drum, marks in pattern.items():
            band = 0 if drum in LOW else 1 if drum in MIDDLE else 2
            for step, mark in enumerate(marks):
                strokes[offset + steps * band + step] += STROKES.get(mark, 0.0)
    return strokes
