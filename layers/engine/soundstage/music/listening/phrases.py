"""Phrase segmentation: a cut where a singer breathes or rests on a long note, at about every two or four bars."""

import itertools

import numpy as np

from soundstage.models.music import Note

TYPICAL_PHRASE_BEATS = {
    "3/4": 12.0,
    "4/4": 8.0,
    "2/4": 8.0,
    "6/8": 8.0,
    "5/4": 10.0,
    "7/8": 14.0,
}  # two bars, four of 3/4 and 6/8
MIN_PHRASE_NOTES, MAX_PHRASE_NOTES = 3, 40  # the second bounds the search
MIN_PHRASE_S, MAX_PHRASE_S = 1.5, 12.0  # a breath lasts no longer
SHORTEST_INTERVAL_S, SHORTEST_S = 0.001, 0.1  # between notes, and of a phrase: shorter ones count as these in octaves
# Costs of the cut, without a unit; no source.
COST_PER_OCTAVE, OUT_OF_RANGE_COST, PHRASE_COST = 0.6, 3.0, 0.8  # of length off the typical one; of each phrase
GAP_WEIGHT, MAX_GAP_BEATS, MAX_INTERVAL_OCTAVES = 2.0, 1.5, 2.0  # of a gap, and of a long note, at a cut
# Cuts whose costs differ by less are equally good, and the first is taken: a frame's 16 ms of a gap change a cost by
# .05 at 100 beats a minute, a tenth of a millisecond by .0003.
TIE = 0.02


def split_phrases(notes: list[Note], beat_s: float, meter: str) -> list[tuple[int, int]]:
    """Split into [first, last) index pairs that cover all notes: the cheapest cut, found by dynamic programming.

    A cut after a note pays where a gap or a long note stands there (the local boundary model of Cambouropoulos 2001,
    time parts only); a phrase costs by how far its length is from the typical one.

    Args:
        notes: in order of onset.
        beat_s: of a felt beat, seconds.
        meter: "3/4", "4/4", "2/4", "6/8", "5/4" or "7/8".
    """
    count = len(notes)
    if count == 0:
        return []
    onsets = np.array([note.onset_s for note in notes])
    gaps = np.array([b.onset_s - a.offset_s for a, b in itertools.pairwise(notes)])
    intervals = np.diff(onsets)
    usual_s = float(np.median(intervals)) if count > 1 else beat_s
    strength = GAP_WEIGHT * np.clip(gaps / beat_s, 0, MAX_GAP_BEATS)
    strength += np.clip(np.log2(np.maximum(intervals, SHORTEST_INTERVAL_S) / usual_s), 0, MAX_INTERVAL_OCTAVES)
    typical_s = TYPICAL_PHRASE_BEATS[meter] * beat_s
    cost = np.full(count + 1, np.inf)
    cost[0] = 0.0
    came_from = np.zeros(count + 1, int)
    for end in range(1, count + 1):
        for start in range(max(0, end - MAX_PHRASE_NOTES), end):
            length_s = notes[end - 1].offset_s - onsets[start]
            short = end - start < MIN_PHRASE_NOTES or length_s < MIN_PHRASE_S
            out_of_range = short + (length_s > MAX_PHRASE_S)
            atypical = abs(np.log2(max(length_s, SHORTEST_S) / typical_s))
            phrase = COST_PER_OCTAVE * atypical + OUT_OF_RANGE_COST * out_of_range + PHRASE_COST
            total = cost[start] + phrase - (strength[end - 1] if end < count else 0.0)
            if total < cost[end] - TIE:
                cost[end], came_from[end] = total, start
    phrases = []
    end = count
    while end > 0:
        phrases.append((int(came_from[end]), end))
        end = int(came_from[end])
    return phrases[::-1]
