"""Quadrupeds by the numbers that make them what they are, and their coats."""

from dataclasses import dataclass

from soundstage.film.painting.colours import darker, luma, mix, rgb
from soundstage.models.story import Appearance, Character

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
    """A colour, or what stands in its place: wool, shell, hump."""
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
    "camel": Beast(1.7, "#c69a63", "#d8b484", "#8a6640", body=1.08, deep=0.4, leg=0.62, thick=0.062, neck=0.6,
        lift=48, head=0.14, snout=0.24, blunt=0.8, ears="round", ear=0.07, tail="thin", tail_long=0.4, mane="hump"),
    "giraffe": Beast(2.6, "#d9a550", "#ecd29a", "#8a6238", body=0.9, deep=0.34, leg=0.66, thick=0.05, neck=1.1,
        lift=72, head=0.1, snout=0.17, blunt=0.6, ear=0.09, tail="tuft", tail_long=0.45, horns="short"),
    "zebra": Beast(1.35, "#efece6", "#f6f3ee", "#3a3636", body=1.12, deep=0.38, leg=0.56, thick=0.058, neck=0.46,
        lift=54, head=0.15, snout=0.27, blunt=0.65, ear=0.13, tail="tuft", tail_long=0.6, mane="#2c2828"),
    "donkey": Beast(1.05, "#8f867c", "#8f867c", "#4a423c", body=1.12, deep=0.4, leg=0.54, thick=0.062, neck=0.42,
        lift=50, head=0.17, snout=0.27, blunt=0.85, ears="long", ear=0.26, tail="hair", tail_long=0.5, mane="#4a423c"),
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
        self.belly = rgb(belly) if not own else self.main if belly == colour else mix(rgb(belly), self.main, 0.2)
        pale = luma(self.main) > 0.75
        self.feet = darker(self.main, 0.16 if pale else 0.4) if own else rgb(feet)
        self.accent = rgb(look.accent_colour)
