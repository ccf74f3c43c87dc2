"""Whether a tune in major or minor is in one of their modes, or pentatonic: by which notes it has, and which it lacks.

A mode is named where the tune has the note that tells it from plain major or minor, more than in passing, and never
the plain one; so that a borrowed note is no mode. A pentatonic scale is named where a tune that is long enough to have
all notes has all five, and neither of the two that would make it a scale of seven.
"""

from collections.abc import Sequence

from soundstage.models.music import Key, Scale

# Semitones above the tonic: the note that the mode has, the plain one that it lacks, and what would speak against it.
_TELLING: dict[Scale, tuple[int, int, tuple[int, ...]]] = {
    Scale.MIXOLYDIAN: (10, 11, (3, 6, 8)),
    Scale.LYDIAN: (6, 5, (3, 10)),
    Scale.DORIAN: (9, 8, (11, 4)),
    Scale.PHRYGIAN: (1, 2, (11, 4)),
}
_PENTATONIC: dict[Scale, frozenset[int]] = {
    Scale.MAJOR_PENTATONIC: frozenset({0, 2, 4, 7, 9}),
    Scale.MINOR_PENTATONIC: frozenset({0, 3, 5, 7, 10}),
}
MIN_TELLING_NOTES, MIN_TELLING_SHARE = 2, 0.04  # of the notes: one is a slip, or in passing
MAX_AGAINST_SHARE = 0.02  # of the notes: what the mode lacks may come from one mistake in fifty
# Of notes in a tune: with fewer, a note that is missing says little (a seventh of all notes on each degree would leave
# two of seven out of twenty by chance in one tune of three hundred).
MIN_PENTATONIC_NOTES = 20


def with_scale(key: Key, midi: Sequence[int], tonic: int) -> Key:
    """``key`` with the scale that the notes keep to, where it is not plain major or minor.

    Args:
        midi: the notes meant, in order.
        tonic: pitch class of the key's tonic.
    """
    steps = [(note - tonic) % 12 for note in midi]
    count = {step: steps.count(step) for step in range(12)}
    slips = MAX_AGAINST_SHARE * len(steps)
    for scale, (telling, plain, against) in _TELLING.items():
        enough = count[telling] >= max(MIN_TELLING_NOTES, MIN_TELLING_SHARE * len(steps))
        if scale.third is key.mode and enough and count[plain] + sum(count[step] for step in against) <= slips:
            return key.model_copy(update={"scale": scale})
    for scale, notes in _PENTATONIC.items():
        if scale.third is key.mode and len(steps) >= MIN_PENTATONIC_NOTES and set(steps) == notes:
            return key.model_copy(update={"scale": scale})
    return key
