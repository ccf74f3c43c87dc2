"""Where a tune repeats itself: a pitch that was sung twice is known better than one that was sung once."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from soundstage.arrays import Floats

BEGINS, ENDS = 0.015, 0.15  # probability per note that a passage begins, or stops, to be one heard before
SURE = 0.95  # a wrong repeat costs more than a missed one
UNSTEADY_OCTAVES = 0.22  # how far two renderings of one interval of time lie apart
VARIED = 0.03  # probability that one note of a repeat is another one, and that its time is
_BINS, _MOST_BINS = 4, 400  # of distances: so many to one spread, and at most


def repeated(pitch: Floats, onsets_s: Floats, stray: float) -> NDArray[np.bool_]:
    """Which notes are the same place of a repeated passage, [notes, notes]; every note is its own repeat.

    For each distance between two passages a hidden Markov model (repeating or not) runs along both: pitches that agree
    as far as a singer who strays by ``stray`` semitones lets one expect, and equal times to the next note, speak for
    a repeat by as much as they are rare in this tune.
    """
    count = len(pitch)
    interval = np.log2(np.maximum(np.diff(onsets_s), 1e-3))
    interval = np.append(interval, interval[-1:] if count > 1 else 0.0)
    agree = (1 - VARIED) * _odds(np.subtract.outer(pitch, pitch), np.sqrt(2) * stray)
    in_time = (1 - VARIED) * _odds(np.subtract.outer(interval, interval), UNSTEADY_OCTAVES)
    odds = (agree + VARIED) * (in_time + VARIED)
    before = np.full((count, count), BEGINS / (BEGINS + ENDS))  # probability of a repeat, by all up to this pair
    for i in range(count):
        if i:
            before[i, 1:] = BEGINS + (1 - ENDS - BEGINS) * before[i - 1, :-1]
        before[i] = before[i] * odds[i] / (before[i] * odds[i] + 1 - before[i])
    after = np.full((count, count), 0.5)  # how far all that follows speaks for one
    for i in range(count - 2, -1, -1):
        same, other = after[i + 1, 1:] * odds[i + 1, 1:], 1 - after[i + 1, 1:]
        repeat, no_repeat = (1 - ENDS) * same + ENDS * other, BEGINS * same + (1 - BEGINS) * other
        after[i, :-1] = repeat / (repeat + no_repeat)
    both, neither = before * after, (1 - before) * (1 - after)
    found = np.asarray(both / (both + neither) * agree / (agree + VARIED) > SURE)
    np.fill_diagonal(found, True)
    return found


def _odds(apart: Floats, spread: float) -> Floats:
    """How much likelier each distance is between two renderings of one thing than between any two in this tune."""
    place = np.round(apart * _BINS / spread).astype(np.int64)
    place = np.clip(place, -_MOST_BINS, _MOST_BINS) + _MOST_BINS
    usual = gaussian_filter1d(np.bincount(place.ravel(), minlength=2 * _MOST_BINS + 1) / place.size, _BINS)
    same = np.zeros(2 * _MOST_BINS + 1)
    same[_MOST_BINS] = 1.0
    return np.asarray((gaussian_filter1d(same, _BINS) / np.maximum(usual, 1e-6))[place])
