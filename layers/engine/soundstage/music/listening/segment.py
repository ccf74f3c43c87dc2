"""segment_pick: which part of the recording becomes the song: the one asked for, or the best run of whole phrases."""

import itertools

import numpy as np

from soundstage.models.music import Analysis, Note, Segment

MARGIN_S = 0.05  # before the first onset, so that its attack is whole
# Four to eight bars at a walking pace: enough for a song's material, not more than it can use.
PREFERRED_S = (8.0, 24.0)
COST_PER_EXTRA_S = 0.08  # of score, for each second over the longer one
MIN_NOTES = 3  # of a melody
SHORTEST_S = 0.1  # keeps the share of silence finite
PAUSE_S = 0.8  # a longer gap between notes counts as silence
MAX_DEVIATION_CENTS = 60.0  # mean: beyond, singing counts as not steady at all
VARIED_CLASSES = 5  # so many pitch classes are full variety: a pentatonic scale
# Weights of the terms of a segment's score, which have no unit; no source.
WEIGHTS = {"length": 2.0, "steadiness": 0.5, "variety": 0.5, "loudness": 0.3, "silence": -3.0, "share": 0.3}
# Runs whose scores differ by less are equally good, and the earliest is taken: so much is 1 cent of steadiness, or 1 dB
# of loudness.
TIE = 0.01


def segment_pick(analysis: Analysis, requested: Segment | None) -> Segment:
    """Pick the part to work with.

    ``requested`` is kept inside the recording and widened to whole notes; where it holds fewer than three notes, it is
    ignored. Otherwise the run of whole phrases with the best score is taken: steady notes, sung loudly enough, a good
    length for a song, without long silences, and early rather than late.

    Raises:
        ValueError: the analysis holds no notes.
    """
    notes = analysis.notes
    if not notes:
        raise ValueError("there are no notes to pick from")
    if requested is not None:
        chosen = [n for n in notes if n.offset_s > requested.start_s and n.onset_s < requested.end_s]
        if len(chosen) >= MIN_NOTES:
            return _around(chosen, analysis.duration_s)
    phrases = analysis.phrases or [(0, len(notes))]
    best, best_score = phrases[0], -np.inf
    for i, (first, _) in enumerate(phrases):
        for _, last in phrases[i:]:
            score = _score(notes[first:last], len(notes))
            if score > best_score + TIE:
                best, best_score = (first, last), score
    return _around(notes[best[0] : best[1]], analysis.duration_s)


def _around(notes: list[Note], duration_s: float) -> Segment:
    start_s = max(0.0, notes[0].onset_s - MARGIN_S)
    end_s = min(duration_s, notes[-1].offset_s + MARGIN_S)
    return Segment(start_s=round(start_s, 3), end_s=round(max(end_s, start_s + 0.01), 3))


def _score(notes: list[Note], total: int) -> float:
    """Suitability of a run of notes as a song's material, about 0 to 3."""
    length_s = notes[-1].offset_s - notes[0].onset_s
    shortest, longest = PREFERRED_S
    gaps_s = [b.onset_s - a.offset_s for a, b in itertools.pairwise(notes)]
    deviation_cents = float(np.mean([abs(note.cents) for note in notes]))
    terms = {
        "length": min(1.0, length_s / shortest) - COST_PER_EXTRA_S * max(0.0, length_s - longest),
        "steadiness": 1.0 - min(1.0, deviation_cents / MAX_DEVIATION_CENTS),
        "variety": min(1.0, len({note.midi % 12 for note in notes}) / VARIED_CLASSES),
        "loudness": float(np.mean([note.velocity for note in notes])),
        "silence": sum(max(0.0, gap - PAUSE_S) for gap in gaps_s) / max(length_s, SHORTEST_S),
        "share": len(notes) / total,
    }
    return sum(WEIGHTS[name] * value for name, value in terms.items())
