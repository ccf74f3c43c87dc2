"""Repeated passages of a melody, by a hidden Markov model along each diagonal of its self-similarity matrix.

A pitch that was sung twice is known better than one that was sung once.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from soundstage.arrays import Floats

BEGINS, ENDS = 0.015, 0.15  # probability per note that a passage begins, or stops, to repeat an earlier one
MIN_PROBABILITY = 0.95  # a wrong repeat costs more than a missed one
TIMING_SPREAD_OCTAVES = 0.22  # standard deviation between two renderings of one inter-onset interval, log 2
VARIED = 0.03  # probability that one note of a repeat has another pitch, and that it has another length
_BINS, _MAX_BINS = 4, 400  # of histograms of distances: bins to one spread, and on either side


def repeated_notes(pitch: Floats, onsets_s: Floats, deviation: float) -> NDArray[np.bool_]:
    """Which notes are the same place of a repeated passage, [notes, notes]; every note is its own repeat.

    For each distance between two passages the model (repeating or not) runs along both: pitches that agree as far as a
    singer's mean ``deviation`` in semitones lets one expect, and equal inter-onset intervals, speak for a repeat by as
    much as they are rare in this melody.

    Args:
        pitch: fractional MIDI pitch with the tuning taken off, [notes].
        onsets_s: increasing, [notes].
    """
    count = len(pitch)
    interval = np.log2(np.maximum(np.diff(onsets_s), 1e-3))
    interval = np.append(interval, interval[-1:] if count > 1 else 0.0)
    agree = (1 - VARIED) * _odds(np.subtract.outer(pitch, pitch), np.sqrt(2) * deviation)
    in_time = (1 - VARIED) * _odds(np.subtract.outer(interval, interval), TIMING_SPREAD_OCTAVES)
    odds = (agree + VARIED) * (in_time + VARIED)
    before = np.full((count, count), BEGINS / (BEGINS + ENDS))  # probability of a repeat, given all up to this pair
    for i in range(count):
        if i:
            before[i, 1:] = BEGINS + (1 - ENDS - BEGINS) * before[i - 1, :-1]
        before[i] = before[i] * odds[i] / (before[i] * odds[i] + 1 - before[i])
    after = np.full((count, count), 0.5)  # the same, given all that follows
    for i in range(count - 2, -1, -1):
        same, other = after[i + 1, 1:] * odds[i + 1, 1:], 1 - after[i + 1, 1:]
        repeat, no_repeat = (1 - ENDS) * same + ENDS * other, BEGINS * same + (1 - BEGINS) * other
        after[i, :-1] = repeat / (repeat + no_repeat)
    both, neither = before * after, (1 - before) * (1 - after)
    same_place = np.asarray(both / (both + neither) * agree / (agree + VARIED) > MIN_PROBABILITY)
    np.fill_diagonal(same_place, True)
    return same_place


def _odds(distance: Floats, spread: float) -> Floats:
    """Likelihood ratio of each distance: between two renderings of one note, and between any two notes here.

    Each distance counts in the two bins around it, and is looked up between them: no distance is at the edge of a bin.
    """
    place = np.clip(distance * _BINS / spread, -_MAX_BINS, _MAX_BINS) + _MAX_BINS
    below = np.minimum(place.astype(np.int64), 2 * _MAX_BINS - 1)
    part = place - below
    counts = np.bincount(below.ravel(), (1 - part).ravel(), 2 * _MAX_BINS + 1)
    counts += np.bincount(below.ravel() + 1, part.ravel(), 2 * _MAX_BINS + 1)
    usual = gaussian_filter1d(counts / place.size, _BINS)
    same = np.zeros(2 * _MAX_BINS + 1)
    same[_MAX_BINS] = 1.0
    odds = gaussian_filter1d(same, _BINS) / np.maximum(usual, 1e-6)
    return np.asarray((1 - part) * odds[below] + part * odds[below + 1])
