"""The leitmotif: four to eight notes invented from the film's title and a seed, which every scene varies."""

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CANDIDATES = 96  # motifs that are drawn and rated
# Durations in quarters of two bars, in 4/4 and in 3/4: the same gestures, so that a motif keeps its notes in both.
RHYTHMS: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...] = (
    ((3, 1, 2, 2), (2, 1, 2, 1)),
    ((2, 2, 1, 3), (2, 1, 1, 2)),
    ((1.5, 0.5, 2, 4), (1.5, 0.5, 1, 3)),
    ((2, 1, 1, 4), (1, 1, 1, 3)),
    ((1, 1, 2, 1, 3), (1, 1, 1, 1, 2)),
    ((3, 0.5, 0.5, 2, 2), (2, 0.5, 0.5, 2, 1)),
    ((1.5, 0.5, 1, 1, 4), (1, 0.5, 0.5, 1, 3)),
    ((1.5, 0.5, 2, 1.5, 0.5, 2), (1.5, 0.5, 1, 1.5, 0.5, 1)),
    ((1, 1, 1, 1, 1, 3), (0.5, 0.5, 1, 1, 1, 2)),
    ((2, 0.5, 0.5, 1, 1, 1, 2), (1, 0.5, 0.5, 1, 0.5, 0.5, 2)),
)
STEPS, STEP_SHARES = (-4, -3, -2, -1, 0, 1, 2, 3, 4, 5), (0.03, 0.04, 0.11, 0.28, 0.04, 0.28, 0.12, 0.05, 0.04, 0.01)
STARTS, START_SHARES = (0, 2, 4), (0.35, 0.25, 0.4)  # degrees: tonic, third, fifth


@dataclass(frozen=True)
class MotifNote:
    """``beat`` and ``beats`` in quarters in a bar of four, ``…_in_three`` in a bar of three; ``degree`` of a scale of
    seven: 0 is the tonic, 7 the one above.
    """

    degree: int
    beat: float
    beats: float
    beat_in_three: float
    beats_in_three: float


@dataclass(frozen=True)
class Leitmotif:
    """Two bars of melody, without key or mode."""

    notes: tuple[MotifNote, ...]

    def inverted(self) -> "Leitmotif":
        """Upside down around its first note."""
        axis = 2 * self.notes[0].degree
        return Leitmotif(tuple(_at_degree(n, axis - n.degree) for n in self.notes))

    def head(self, count: int) -> "Leitmotif":
        """Its first ``count`` notes."""
        return Leitmotif(self.notes[:count])


def _at_degree(note: MotifNote, degree: int) -> MotifNote:
    return MotifNote(degree, note.beat, note.beats, note.beat_in_three, note.beats_in_three)


def seeds_of(title: str, seed: int) -> list[int]:
    """What decides every random choice of a score: the title's hash and the seed."""
    digest = hashlib.sha256(title.strip().casefold().encode()).digest()
    return [int.from_bytes(digest[:8], "big"), seed]


def invent_motif(rng: np.random.Generator) -> Leitmotif:
    """The best of many random motifs: singable, with one leap and one highest note, and an open or a closed end."""
    drawn = [_draw(rng) for _ in range(CANDIDATES)]
    return max(drawn, key=lambda motif: _singability([n.degree for n in motif.notes]))


def _draw(rng: np.random.Generator) -> Leitmotif:
    in_four, in_three = RHYTHMS[rng.integers(len(RHYTHMS))]
    degrees = [int(rng.choice(STARTS, p=START_SHARES))]
    for _ in in_four[1:]:
        degrees.append(degrees[-1] + int(rng.choice(STEPS, p=STEP_SHARES)))
    starts, starts_in_three = (np.cumsum([0.0, *lengths])[:-1] for lengths in (in_four, in_three))
    rows = zip(degrees, starts, in_four, starts_in_three, in_three, strict=True)
    return Leitmotif(tuple(MotifNote(d, float(a), b, float(c), e) for d, a, b, c, e in rows))


def _singability(degrees: Sequence[int]) -> float:
    """What makes a short tune remembered: few leaps, each answered by a step back; one climax; a stable end."""
    moves = [b - a for a, b in itertools.pairwise(degrees)]
    leaps = [i for i, move in enumerate(moves) if abs(move) >= 3]
    value = -abs(len(leaps) - 1) - 0.6 * max(0, moves.count(0) - 1)
    for i in leaps:
        if i + 1 < len(moves):
            back = moves[i + 1] * moves[i] < 0
            value += 0.8 if back and abs(moves[i + 1]) <= 2 else -0.8
    value -= 0.8 * (degrees.count(max(degrees)) > 1) + 0.5 * (degrees.index(max(degrees)) == len(degrees) - 1)
    value += 1.0 if degrees[-1] % 7 in {0, 2, 4} else 0.3 if degrees[-1] % 7 == 1 else 0.0
    compass = max(degrees) - min(degrees)
    value -= 0.5 * abs(compass - 5) if not 4 <= compass <= 7 else 0.0
    signs = [np.sign(move) for move in moves if move]
    turns = sum(a != b for a, b in itertools.pairwise(signs))
    return float(value - 0.4 * abs(turns - 2) + 0.3 * len(set(degrees)) / len(degrees))
