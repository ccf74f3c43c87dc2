"""Sentences into shots: as long as a picture wants to stand, cut where place, time, speaker or paragraph change."""

import itertools
from collections.abc import Sequence

from soundstage.story.people.mentions import Read
from soundstage.story.reading.quotes import quoted_spans
from soundstage.story.reading.text import spoken_seconds
from soundstage.story.staging.scene import Scene

BEST_S, LONGEST_S = 7.0, 11.0
"""Of speech in a shot: 4 to 9 s are wanted (chosen so that 300 words make 12 to 16 shots)."""
SHORTEST_S = 1.8
FEWEST_SHOTS = 6
"""A story of a few sentences gets shorter shots, so that it has pictures at all."""
MOST_SHOTS = 200
NEW_PLACE, NEW_TIME, NEW_PARAGRAPH, NEW_JUMP, REPLY = 1.6, 1.2, 0.5, 0.8, 0.35
"""What a cut there is worth; a shot 57 % off the best length costs 1 (chosen on fables in both languages)."""


def group(reads: Sequence[Read], scenes: Sequence[Scene]) -> list[range]:
    """Ranges of sentences, one a shot: the cheapest division (dynamic programming); never more than 200."""
    total = sum(spoken_seconds(read.sentence.text) for read in reads)
    best = min(BEST_S, max(SHORTEST_S, total / FEWEST_SHOTS))
    while True:
        found = _divided(reads, scenes, best)
        if len(found) <= MOST_SHOTS:
            return found
        best *= 1.25


def _divided(reads: Sequence[Read], scenes: Sequence[Scene], best_s: float) -> list[range]:
    seconds = [spoken_seconds(read.sentence.text) for read in reads]
    worth = [_worth(reads, scenes, k) for k in range(len(reads))]
    cost, came = [0.0], [0]
    for past in range(1, len(reads) + 1):
        options = []
        length, inner = 0.0, 0.0
        for first in range(past - 1, -1, -1):
            length += seconds[first]
            if first < past - 1 and length > LONGEST_S * best_s / BEST_S:
                break
            options.append((cost[first] + _off(length, best_s) + inner, first))
            inner += worth[first]
        cheapest, first = min(options)
        cost.append(cheapest)
        came.append(first)
    cuts = [len(reads)]
    while cuts[-1]:
        cuts.append(came[cuts[-1]])
    cuts.reverse()
    return [range(a, b) for a, b in itertools.pairwise(cuts)]


def _off(length_s: float, best_s: float) -> float:
    relative = (length_s - best_s) / (0.57 * best_s)
    return relative * relative if length_s < best_s else 1.3 * relative * relative


def _worth(reads: Sequence[Read], scenes: Sequence[Scene], at: int) -> float:
    """Of a cut before sentence ``at``: what is lost where it stays inside a shot."""
    if at == 0:
        return 0.0
    before, now = scenes[at - 1], scenes[at]
    worth = NEW_PLACE * ((before.place, before.place_name) != (now.place, now.place_name))
    worth += NEW_TIME * (before.time != now.time or before.weather != now.weather) + NEW_JUMP * now.jump
    worth += NEW_PARAGRAPH * (reads[at - 1].sentence.paragraph != reads[at].sentence.paragraph)
    spoken = [bool(quoted_spans(reads[k].sentence.text)) for k in (at - 1, at)]
    return worth + REPLY * all(spoken)
