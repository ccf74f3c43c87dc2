"""Tempo, meter, downbeat and swing from onsets: which metrical grid would most likely have made these notes.

A note at one position of the bar leads to the next note so many sixteenths later with a probability that depends on
the meter (long notes begin on strong beats; short ones fill the way to the next beat), and the time between them is
that many sixteenths of a beat, give or take the singer's unsteadiness. For each tempo and meter the best
reading is found by dynamic programming; then a line through onsets against beats gives the tempo.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Meter = Literal["3/4", "4/4", "6/8"]

MIN_BPM, MAX_BPM = 44.0, 216.0
_TEMPI = np.geomspace(MIN_BPM, MAX_BPM, 96)
PREFERRED_BPM, TEMPO_SPREAD_OCTAVES = 102.0, 0.55  # people hum near a walking pace (Moelants 2002)
UNSTEADY_S = (0.014, 0.030, 0.055)
SWINGS = (0.5, 0.6, 0.667)
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


def find_rhythm(onsets_s: Floats) -> Rhythm | None:
    """Read at least three onsets, [notes]; None where there are too few."""
    if len(onsets_s) < 3:
        return None
    readings = []
    for meter in _STRENGTH:
        for swing in SWINGS if meter != "6/8" else (0.5,):
            readings += _best_readings(onsets_s, meter, swing)
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
    share = np.array([0.02, 0.12, 0.6, 1.0, 4.0])[np.array(_STRENGTH[meter])]
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


def _best_readings(onsets_s: Floats, meter: Meter, swing: float, keep: int = 4) -> list[_Reading]:
    """The most likely tempi for one meter, each with its most likely positions."""
    intervals_s = np.minimum(np.diff(onsets_s), _LONGEST_INTERVAL_S)
    bar, per_beat = len(_STRENGTH[meter]), _per_beat(meter)
    beat_s = 60.0 / _TEMPI
    grid = _position_beats(np.arange(bar + _LONGEST + 1), meter, swing)
    steps = np.arange(_LONGEST + 1)
    beats = grid[np.arange(bar)[:, None] + steps] - grid[:bar, None]  # from position q to k sixteenths later, [q, k]
    table = _transitions(meter)
    octaves = np.log2(_TEMPI * (1.0 if meter != "6/8" else 1.35) / PREFERRED_BPM) / TEMPO_SPREAD_OCTAVES
    prior = -0.5 * octaves**2 + np.log(_METER_PRIOR[meter]) + (0.0 if swing == 0.5 else -3.0)
    arrival = np.arange(bar)
    rows = np.arange(len(_TEMPI))[:, None, None]
    # Of all steps only those near the interval can matter, [notes, tempi, 1, nearest]
    nearest = np.round(intervals_s[:, None] / beat_s * per_beat)[:, :, None, None] + np.arange(-2, 3)
    nearest = np.clip(nearest, 1, _LONGEST).astype(np.int64)
    best: list[_Reading] = []
    for unsteady_s in UNSTEADY_S:
        score = np.broadcast_to(_first_position(meter), (len(_TEMPI), bar))
        back = np.zeros((len(intervals_s), len(_TEMPI), bar), np.int64)
        for i, interval_s in enumerate(intervals_s):
            k = nearest[i]
            source = (arrival[:, None] - k) % bar  # [tempi, arrival, nearest]
            stray = (interval_s - beats[source, k] * beat_s[:, None, None]) / (unsteady_s * np.sqrt(2))
            options = score[rows, source] + table[source, k] - 0.5 * np.minimum(stray**2, _WORST_STRAY)
            choice = options.argmax(axis=2)
            score = np.take_along_axis(options, choice[:, :, None], 2)[:, :, 0] - np.log(unsteady_s)
            back[i] = np.take_along_axis(np.broadcast_to(k, options.shape), choice[:, :, None], 2)[:, :, 0]
        total = score.max(axis=1) + prior
        found: list[_Reading] = []
        for tempo in np.argsort(-total):
            if all(abs(np.log(_TEMPI[tempo] / reading.tempo_bpm)) > 0.05 for reading in found):
                positions = _trace(int(score[tempo].argmax()), back[:, tempo])
                found.append(_Reading(float(total[tempo]), meter, float(_TEMPI[tempo]), swing, positions))
            if len(found) == keep:
                break
        best += found
    return sorted(best, key=lambda reading: -reading.score)[: 2 * keep]


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
    return swing if 0.55 <= swing <= 0.75 else 0.5
