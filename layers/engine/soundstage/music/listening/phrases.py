"""Phrases: where a singer breathes, or rests on a long note, at about every two or four bars."""

import itertools

import numpy as np

from soundstage.models.music import Note

TYPICAL_PHRASE_BEATS = {"3/4": 12.0, "4/4": 8.0, "2/4": 8.0, "6/8": 8.0}
MIN_PHRASE_NOTES = 3
MIN_PHRASE_S, MAX_PHRASE_S = 1.5, 12.0


def split_phrases(notes: list[Note], beat_s: float, meter: str) -> list[tuple[int, int]]:
    """Split into [first, last) index pairs that cover all notes: the cheapest cut, found by dynamic programming.

    A cut after a note is good when a gap or a long note stands there (the local boundary model of Cambouropoulos 2001,
    time parts only); a phrase is good when its length is near the typical one.
    """
    count = len(notes)
    if count == 0:
        return []
    onsets = np.array([note.onset_s for note in notes])
    gaps = np.array([b.onset_s - a.offset_s for a, b in itertools.pairwise(notes)])
    intervals = np.diff(onsets)
    usual_s = float(np.median(intervals)) if count > 1 else beat_s
    strength = np.clip(gaps / beat_s, 0, 1.5) * 2 + np.clip(np.log2(np.maximum(intervals, 1e-3) / usual_s), 0, 2)
    typical_s = TYPICAL_PHRASE_BEATS[meter] * beat_s
    cost = np.full(count + 1, np.inf)
    cost[0] = 0.0
    came_from = np.zeros(count + 1, int)
    for end in range(1, count + 1):
        for start in range(max(0, end - 40), end):
            length_s = notes[end - 1].offset_s - onsets[start]
            short = end - start < MIN_PHRASE_NOTES or length_s < MIN_PHRASE_S
            odd = 0.6 * abs(np.log2(max(length_s, 0.1) / typical_s)) + 3.0 * short + 3.0 * (length_s > MAX_PHRASE_S)
            total = cost[start] + odd - (strength[end - 1] if end < count else 0.0) + 0.8
            if total < cost[end]:
                cost[end], came_from[end] = total, start
    phrases = []
    end = count
    while end > 0:
        phrases.append((int(came_from[end]), end))
        end = int(came_from[end])
    return phrases[::-1]
