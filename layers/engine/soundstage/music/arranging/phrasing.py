"""Phrases of four bars, as the players of an accompaniment shape them, and when all of them play."""

FULL_ENERGY = 0.65  # of a section, 0 to 1, from which the whole band plays
PHRASE_BARS = 4
START, RISE = 0.94, 0.1  # factor of velocity at a phrase's beginning, and more at its end


def swell(bar_number: int) -> float:
    """Factor of velocity in a section's bar ``bar_number`` (from 0): it grows through each phrase."""
    return START + RISE * (bar_number % PHRASE_BARS) / (PHRASE_BARS - 1)


def ends_phrase(bar_number: int) -> bool:
    """Whether a section's bar ``bar_number`` (from 0) is the last of its phrase."""
    return bar_number % PHRASE_BARS == PHRASE_BARS - 1
