"""Phrases of four bars, as the players of an accompaniment shape them, and when all of them play."""

import numpy as np

from soundstage.models.composition import Section, SectionName

FULL_ENERGY = 0.65  # of a section, 0 to 1, from which the whole band plays
PHRASE_BARS = 4
MUCH_LOUDER = 0.15  # more energy, to which players lead up
START, RISE = 0.94, 0.1  # factor of velocity at a phrase's beginning, and more at its end
# Shares of a section after which bass and drums may enter.
ENTRANCES: dict[SectionName, tuple[float, ...]] = {"intro": (0.0, 0.5, 1.0), "break": (0.0, 0.5)}
PLAYS_ON_ENERGY = 0.45  # of a break that is a solo, and no rest: nobody leaves off


def swell(bar_number: int) -> float:
    """Factor of velocity in a section's bar ``bar_number`` (from 0): it grows through each phrase."""
    return START + RISE * (bar_number % PHRASE_BARS) / (PHRASE_BARS - 1)


def entrance(section: Section, rng: np.random.Generator) -> int:
    """The bar of a section, from 0, in which a player of bass or drums enters: chance decides in intros and breaks."""
    solo = section.name == "break" and section.energy >= PLAYS_ON_ENERGY
    return int(section.bars * rng.choice((0.0,) if solo else ENTRANCES.get(section.name, (0.0,))))


def rises(section: Section, following: Section | None) -> bool:
    """Whether the next section is so much louder that the players lead up to it."""
    return following is not None and following.energy > section.energy + MUCH_LOUDER


def ends_phrase(bar_number: int) -> bool:
    """Whether a section's bar ``bar_number`` (from 0) is the last of its phrase."""
    return bar_number % PHRASE_BARS == PHRASE_BARS - 1
