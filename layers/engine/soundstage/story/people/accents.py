"""Accent colours that nobody mistakes for each other: far apart in CIELAB (CIE 15:2004)."""

from collections.abc import Sequence
from functools import cache
from itertools import product

PALETTE = (
    "#d9534f", "#2f8f8f", "#e3b23c", "#7d5a9c", "#4f9a4a", "#e07fa3", "#2f6fb8", "#e0812f", "#8a5a3a", "#9fd0e8",
    "#b7d05a", "#f0e4c8", "#3b3f58", "#c04fb0", "#79e0c0", "#7a1f2b",
)  # fmt: skip
"""Warm red first: it is what a reader remembers of a figure."""
APART = 20.0
"""ΔE*ab between two accents of one story; about ten times what is just noticed side by side."""

Lab = tuple[float, float, float]


@cache
def lab(colour: str) -> Lab:
    """CIELAB of an sRGB colour ``#rrggbb`` under D65 (IEC 61966-2-1, CIE 15:2004)."""
    linear = [_linear(int(colour[k : k + 2], 16) / 255) for k in (1, 3, 5)]
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    x, y, z = (
        _root(sum(a * b for a, b in zip(row, linear, strict=True)) / w) for row, w in zip(rows, white, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _linear(value: float) -> float:
    return float(value / 12.92) if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _root(value: float) -> float:
    return float(value ** (1 / 3)) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def difference(one: str, other: str) -> float:
    """ΔE*ab of two colours ``#rrggbb``."""
    a, b = lab(one), lab(other)
    return float(sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** 0.5)


def accents(wanted: Sequence[str | None], avoid: Sequence[str]) -> list[str]:
    """One colour for each, in order: the wanted one where nobody before has it, else the palette's farthest.

    ``avoid``: the garment under each accent, which it should stand out from.
    """
    used = [colour for colour in dict.fromkeys(wanted) if colour is not None]
    given: list[str] = []
    for colour, garment in zip(wanted, avoid, strict=True):
        if colour is not None and all(difference(colour, other) >= APART for other in given):
            given.append(colour)
            continue
        taken = [*given, *(other for other in used if other != colour)]
        given.append(_farthest(taken, garment, near=colour))
        used.append(given[-1])
    return given


def _farthest(taken: Sequence[str], garment: str, near: str | None) -> str:
    """The first of the palette that is far from all; where none is, the farthest of a grid through sRGB."""
    if near is None:
        for colour in PALETTE:
            if (
                all(difference(colour, other) >= 1.6 * APART for other in taken)
                and difference(colour, garment) >= APART
            ):
                return colour
    steps = ("20", "48", "70", "98", "c0", "e8")
    grid = ["#" + "".join(parts) for parts in product(steps, repeat=3)]
    if near is not None:
        allowed = [c for c in grid if all(difference(c, other) >= APART for other in taken)]
        if allowed:
            return min(allowed, key=lambda c: difference(c, near))
    return max(grid, key=lambda c: min((difference(c, other) for other in taken), default=0.0))
