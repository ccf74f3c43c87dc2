"""Tempo, meter, downbeat and swing from onsets: which metrical grid would most likely have made these notes.

A note at one position of the bar leads to the next note so many sixteenths later with a probability that depends on
the meter (long notes begin on strong beats; short ones fill the way to the next beat), and the time between them is
that many sixteenths of a beat, give or take the singer's unsteadiness. For each tempo and meter the best
reading is found by dynamic programming; then a line through onsets against beats gives the tempo.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats

Ints = NDArray[np.int64]
Meter = Literal["3/4", "4/4", "6/8"]

MIN_BPM, MAX_BPM = 44.0, 216.0
_TEMPI = np.geomspace(MIN_BPM, MAX_BPM, 64)
PREFERRED_BPM, TEMPO_SPREAD_OCTAVES = 106.0, 0.32  # people hum near a walking pace (Moelants 2002)
UNSTEADY_S = (0.014, 0.030, 0.055)
RUBATO = 0.02  # share of an interval by which the tempo itself wavers
STRAIGHT = 0.5
MOST_SWING = 0.71  # beyond, it is a dotted rhythm
SWINGS = {0.6: 5.0, 0.667: 12.0}  # and what each costs: a full triplet is 6/8 more often than swing
COMPOUND_PACE = 1.35  # 6/8 is felt in slower beats
PARALLEL_WEIGHT = 10.0
_KEPT = 6
DOWNBEAT = 4
STABLE_WEIGHT = 0.7  # log likelihood of a note at rest, rather than on its way, on a downbeat
# How often a melody's note lasts so many sixteenths (Essen and pop melodies, coarse): 1 beat and half a beat lead.
_LENGTHS: dict[int, float] = {
    1: 0.03,
    2: 0.27,
    3: 0.02,
    4: 0.40,
    5: 0.001,
    6: 0.06,
    7: 0.001,
    8: 0.13,
    10: 0.006,
    12: 0.045,
    14: 0.003,
    16: 0.03,
    20: 0.008,
    24: 0.004,
    32: 0.004,
}
# 6/8: sixteenths; the beat is 6 of them.
_COMPOUND_LENGTHS: dict[int, float] = {
    1: 0.04,
    2: 0.36,
    3: 0.07,
    4: 0.19,
    5: 0.003,
    6: 0.19,
    8: 0.02,
    10: 0.02,
    12: 0.08,
    16: 0.01,
    18: 0.01,
    24: 0.01,
}
_METER_PRIOR: dict[Meter, float] = {"4/4": 0.55, "3/4": 0.28, "6/8": 0.17}
# Metrical strength of each sixteenth: 0 sixteenth, 1 eighth, 2 beat, 3 half bar, 4 downbeat.
_STRENGTH: dict[Meter, tuple[int, ...]] = {
    "4/4": (4, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0),
    "3/4": (4, 0, 1, 0, 2, 0, 1, 0, 2, 0, 1, 0),
    "6/8": (4, 0, 1, 0, 1, 0, 3, 0, 1, 0, 1, 0),
}
TEMPO_TOLERANCE = 0.06  # readings nearer than this are the same tempo
_LONGEST = 32
_LONGEST_INTERVAL_S = 5.0
_WORST_STRAY = 30.0  # squared deviations: one wild onset must not veto a tempo


@dataclass(frozen=True)
class Rhythm:
    """``beats`` [notes] are onsets in beats from the bar of the first; a beat is a quarter, in 6/8 a dotted one."""

    tempo_bpm: float
    confidence: float
    meter: Meter
    beat_offset_s: float
    swing: float
    beats: Floats


@dataclass(frozen=True)
class _Reading:
    score: float
    meter: Meter
    tempo_bpm: float
    swing: float
    positions: Ints


def find_rhythm(onsets_s: Floats, pitch: Floats, stability: Floats | None = None) -> Rhythm | None:
    """Read at least three onsets and their pitches, [notes]; None where there are too few.

    ``stability`` [notes], 0 to 1: how much each note is at rest in its key.
    """
    if len(onsets_s) < 3:
        return None
    rest = np.zeros(len(onsets_s)) if stability is None else stability - stability.mean()
    readings = [reading for meter in _STRENGTH for reading in _best_readings(onsets_s, rest, meter, STRAIGHT)]
    for meter in ("4/4", "3/4"):
        for swing in SWINGS:
            readings += _best_readings(onsets_s, rest, meter, swing)
    contour = np.sign(np.round(np.diff(pitch)))
    readings = [replace(r, score=r.score + PARALLEL_WEIGHT * _parallelism(r, contour)) for r in readings]
    best = max(readings, key=lambda reading: reading.score)
    rivals = [r.score for r in readings if abs(np.log(r.tempo_bpm / best.tempo_bpm)) > TEMPO_TOLERANCE]
    confidence = 1 / (1 + float(np.exp(max(rivals, default=-np.inf) - best.score)))
    beat_s, start_s = _line(onsets_s, best)
    per_beat = _per_beat(best.meter)
    return Rhythm(
        tempo_bpm=60.0 / beat_s,
        confidence=confidence,
        meter=best.meter,
        beat_offset_s=_first_downbeat(start_s, beat_s, best),
        swing=_swing_of(onsets_s, best, beat_s, start_s),
        beats=best.positions / per_beat,
    )


def _per_beat(meter: Meter) -> int:
    return 6 if meter == "6/8" else 4


@cache
def _transitions(meter: Meter) -> Floats:
    """Log probability of the next note ``k`` sixteenths after one at position ``q``, [positions, k]."""
    strength = np.array(_STRENGTH[meter])
    bar = len(strength)
    lengths = _COMPOUND_LENGTHS if meter == "6/8" else _LENGTHS
    table = np.full((bar, _LONGEST + 1), 1e-5)
    for q in range(bar):
        for k, share in lengths.items():
            passed = strength[(q + np.arange(1, k)) % bar] if k > 1 else np.zeros(0, int)
            syncopation = max(0, int(passed.max(initial=0)) - int(strength[q]))
            arrival = int(strength[(q + k) % bar])
            table[q, k] = share * 0.35**syncopation * (0.55, 0.8, 1.0, 1.15, 1.45)[arrival]
    table[:, 0] = 0
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(table / table.sum(axis=1, keepdims=True)))


@cache
def _first_position(meter: Meter) -> Floats:
    """Log probability of the tune's first note at each position: downbeats and pickups of whole beats lead."""
    share = np.array([0.02, 0.12, 1.2, 1.0, 3.5])[np.array(_STRENGTH[meter])]
    share = share.astype(float)
    if meter != "4/4":
        share[6 if meter == "6/8" else 4] *= 0.4
    else:
        share[8] *= 0.6
    if meter == "6/8":
        share[10] *= 4
    return np.asarray(np.log(share / share.sum()))


def _beat_times(meter: Meter, swing: float) -> Floats:
    """Where each sixteenth of a beat lies, in beats; swing moves the second eighth back. [sixteenths of a beat]"""
    if meter == "6/8":
        return np.arange(6) / 6
    return np.array([0, swing / 2, swing, (1 + swing) / 2])


def _position_beats(positions: Ints, meter: Meter, swing: float) -> Floats:
    per_beat = _per_beat(meter)
    return np.asarray(positions // per_beat + _beat_times(meter, swing)[positions % per_beat])


def _best_readings(onsets_s: Floats, rest: Floats, meter: Meter, swing: float) -> list[_Reading]:
    """The most likely tempi for one meter and swing, each with its most likely positions."""
    intervals_s = np.minimum(np.diff(onsets_s), _LONGEST_INTERVAL_S)
    bar, per_beat = len(_STRENGTH[meter]), _per_beat(meter)
    # One row per tempo and unsteadiness.
    tempi = np.tile(_TEMPI, len(UNSTEADY_S))
    unsteady_s = np.repeat(UNSTEADY_S, len(_TEMPI))
    beat_s = 60.0 / tempi
    grid = _position_beats(np.arange(bar + _LONGEST + 1), meter, swing)
    steps = np.arange(_LONGEST + 1)
    beats = grid[np.arange(bar)[:, None] + steps] - grid[:bar, None]  # from position q to k sixteenths later, [q, k]
    table = _transitions(meter)
    rows, arrival = np.arange(len(tempi))[:, None, None], np.arange(bar)[:, None]
    accent = STABLE_WEIGHT * (np.array(_STRENGTH[meter]) >= DOWNBEAT)
    score = np.broadcast_to(_first_position(meter) + rest[0] * accent, (len(tempi), bar))
    back = np.zeros((len(intervals_s), len(tempi), bar), np.int64)
    for i, interval_s in enumerate(intervals_s):
        # Of all steps only those near the interval can matter.
        k = np.round(interval_s / beat_s * per_beat)[:, None, None] + np.arange(-2, 3)
        k = np.clip(k, 1, _LONGEST).astype(np.int64)  # [tempi, 1, nearest]
        source = (arrival - k) % bar  # [tempi, arrival, nearest]
        spread_s = np.sqrt(2 * unsteady_s**2 + (RUBATO * interval_s) ** 2)
        stray = (interval_s - beats[source, k] * beat_s[:, None, None]) / spread_s[:, None, None]
        options = score[rows, source] + table[source, k] - 0.5 * np.minimum(stray**2, _WORST_STRAY)
        choice = options.argmax(axis=2)[:, :, None]
        score = np.take_along_axis(options, choice, 2)[:, :, 0] - np.log(spread_s)[:, None] + rest[i + 1] * accent
        back[i] = np.take_along_axis(np.broadcast_to(k, options.shape), choice, 2)[:, :, 0]
    felt_bpm = tempi * (COMPOUND_PACE if meter == "6/8" else 1.0)
    octaves = np.log2(felt_bpm / PREFERRED_BPM) / TEMPO_SPREAD_OCTAVES
    total = score.max(axis=1) - 0.5 * octaves**2 + np.log(_METER_PRIOR[meter]) - SWINGS.get(swing, 0.0)
    found: list[_Reading] = []
    for row in np.argsort(-total):
        if all(abs(np.log(tempi[row] / reading.tempo_bpm)) > TEMPO_TOLERANCE for reading in found):
            positions = _trace(int(score[row].argmax()), back[:, row])
            found.append(_Reading(float(total[row]), meter, float(tempi[row]), swing, positions))
        if len(found) == _KEPT:
            break
    return found


def _parallelism(reading: _Reading, contour: Floats) -> float:
    """How well the tune repeats its own rhythm and contour at one, two or four bars: 0 to 1 for the best of them.

    Parallel phrases begin at parallel places of the bar (Temperley & Bartlette 2002).
    """
    bar = len(_STRENGTH[reading.meter])
    lengths = np.diff(reading.positions)
    starts = reading.positions[:-1]
    best = 0.0
    for bars in (1, 2, 4):
        at = np.searchsorted(starts, starts + bars * bar)
        inside = starts + bars * bar <= starts[-1]
        if inside.sum() < max(4, 0.25 * len(starts)):
            continue
        at = np.minimum(at, len(starts) - 1)
        meets = inside & (starts[at] == starts + bars * bar)
        same = meets & (lengths[at] == lengths)
        alike = 0.5 * same + 0.5 * (same & (contour[at] == contour))
        best = max(best, float(alike[inside].mean()))
    return best


def _trace(last: int, jumps: Ints) -> Ints:
    """Positions of all notes, counted through bars, from the last one's and the jumps to it [notes − 1, bar]."""
    taken = []
    at = last
    for steps in jumps[::-1]:
        taken.append(int(steps[at]))
        at = (at - taken[-1]) % jumps.shape[1]
    return np.asarray(at + np.concatenate([[0], np.cumsum(taken[::-1])]), np.int64)


def _line(onsets_s: Floats, reading: _Reading) -> tuple[float, float]:
    """Length of a beat and time of beat 0 by least squares, seconds."""
    beats = _position_beats(reading.positions, reading.meter, reading.swing)
    beat_s, start_s = np.polyfit(beats, onsets_s, 1)
    return float(beat_s), float(start_s)


def _first_downbeat(start_s: float, beat_s: float, reading: _Reading) -> float:
    """The first downbeat at or after the first note less a hair, and never before the recording."""
    bar_beats = len(_STRENGTH[reading.meter]) / _per_beat(reading.meter)
    first = _position_beats(reading.positions[:1], reading.meter, reading.swing)[0]
    bars = np.ceil((first - 0.26) / bar_beats)
    downbeat_s = start_s + bars * bar_beats * beat_s
    while downbeat_s < 0:
        downbeat_s += bar_beats * beat_s
    return float(downbeat_s)


def _swing_of(onsets_s: Floats, reading: _Reading, beat_s: float, start_s: float) -> float:
    """Where this singer puts the second eighth of a beat; .5 where there are too few to tell."""
    if reading.meter == "6/8":
        return 0.5
    second = reading.positions % 4 == 2
    if second.sum() < 4:
        return 0.5
    share = (onsets_s[second] - start_s) / beat_s - reading.positions[second] // 4
    swing = float(np.median(share))
    return swing if 0.55 <= swing <= MOST_SWING else 0.5
