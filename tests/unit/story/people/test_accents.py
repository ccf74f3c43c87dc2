"""Accents: each belongs to one character, and nobody mistakes one for another."""

from itertools import combinations

from soundstage.story.people.accents import APART, accents, difference, lab


def test_lab_of_known_colours() -> None:
    """White, black and pure red after IEC 61966-2-1 and CIE 15 under D65."""
    assert all(abs(a - b) < 0.05 for a, b in zip(lab("#ffffff"), (100, 0, 0), strict=True))
    assert all(abs(a - b) < 0.05 for a, b in zip(lab("#000000"), (0, 0, 0), strict=True))
    assert all(abs(a - b) < 0.3 for a, b in zip(lab("#ff0000"), (53.24, 80.09, 67.20), strict=True))


def test_accents_are_far_apart_even_where_two_were_told_to_be_red() -> None:
    given = accents(["#c8413b", "#c8413b", None, None, "#3f6fa8", *[None] * 9], ["#4a5568"] * 14)
    assert given[0] == "#c8413b"
    assert given[4] == "#3f6fa8"
    assert all(difference(a, b) >= APART for a, b in combinations(given, 2))
