"""Tempo, meter, downbeat and swing from onsets: the metrical grid with the greatest likelihood.

A note at one position of the bar leads to the next note so many sixteenths later with a probability that depends on
the meter (long notes begin on strong beats; short ones fill the way to the next beat), and the time between them is
that many sixteenths of a beat, give or take the singer's timing deviation. For each tempo and meter the most likely
positions are found by dynamic programming (Viterbi); then a line through onsets against beats gives the tempo.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats

Ints = NDArray[np.int64]
CommonMeter = Literal["3/4", "4/4", "6/8"]
OddMeter = Literal["5/4", "7/8"]
Meter = CommonMeter | OddMeter

MIN_BPM, MAX_BPM = 44.0, 216.0  # of felt beats: metronomes reach from 40 to 208
_TEMPI = np.geomspace(MIN_BPM, MAX_BPM, 64)  # 2.6 % apart
_QUICK_TEMPI = _TEMPI[(_TEMPI > 84.0) & (_TEMPI < MAX_BPM / 2)]  # half of those that people hardly count
PREFERRED_BPM, TEMPO_SPREAD_OCTAVES = 106.0, 0.32  # people hum near a walking pace (Moelants 2002)
TIMING_SPREADS_S = (0.014, 0.030, 0.055)  # standard deviation of onsets: a steady, a usual and a wild singer
RUBATO = 0.02  # share of an interval by which the tempo itself varies
STRAIGHT = 0.5  # swing of equal eighths
# Share of a beat before its second eighth: below, it is straight; above, a dotted rhythm.
MIN_SWING, MAX_SWING = 0.55, 0.71
MIN_SWUNG_NOTES = 4  # on second eighths: the median of fewer is chance
SWINGS = {0.6: 5.0, 0.667: 12.0}  # cost of each, log likelihood: a full triplet is 6/8 more often than swing
COMPOUND_PACE = 1.35  # the beat of 6/8 is slower than that of 4/4 by so much at the same preference
PARALLEL_WEIGHT = 10.0  # log likelihood of a melody that repeats its rhythm and contour at parallel places throughout
# Log likelihood by which five or seven have to be better: people who sing four very freely are not to be heard so.
ODD_MARGIN = 2.0
_HYPOTHESES = 6  # kept for each meter and swing
NEARLY_AS_LIKELY = 2.2  # log likelihood: odds of nine to one
MAX_RIVALS = 2  # that are told
DOWNBEAT = 4  # metrical strength
STABLE_WEIGHT = 0.7  # log likelihood of a note on a downbeat, per unit of its tonal stability
# Share of notes that last so many sixteenths (Essen and pop melodies, coarse): 1 beat and half a beat lead.
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
# The same in 4/4 where half a beat and a quarter lead: how a tune is counted whose notes are too fast to be beats. Set
# by hand after ``_LENGTHS`` at half the length.
_QUICK_LENGTHS: dict[int, float] = {
    1: 0.27,
    2: 0.40,
    3: 0.06,
    4: 0.14,
    5: 0.006,
    6: 0.045,
    7: 0.003,
    8: 0.04,
    10: 0.008,
    12: 0.012,
    16: 0.008,
}
QUICK_COST = 1.0  # log likelihood; so that tunes below 165 beats a minute are heard at their tempo as often as without
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
_METER_PRIOR: dict[Meter, float] = {"4/4": 0.55, "3/4": 0.28, "6/8": 0.17, "5/4": 0.02, "7/8": 0.02}  # no source
# Metrical strength of each sixteenth: 0 sixteenth, 1 eighth, 2 beat, 3 half bar, 4 downbeat.
_STRENGTH: dict[Meter, tuple[int, ...]] = {
    "4/4": (4, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0),
    "3/4": (4, 0, 1, 0, 2, 0, 1, 0, 2, 0, 1, 0),
    "6/8": (4, 0, 1, 0, 1, 0, 3, 0, 1, 0, 1, 0),
    "5/4": (4, 0, 1, 0, 2, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0),
    "7/8": (4, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 1, 0),
}
# A step over stronger positions than the one it starts from costs by level; a step onto a strong one gains.
_SYNCOPATION_SHARE, _ARRIVAL_SHARES = 0.35, (0.55, 0.8, 1.0, 1.15, 1.45)
_MIN_SHARE = 1e-5  # of a step with no share of its own
# Share of first notes by metrical strength, and what upbeats of a beat in 3/4 and 6/8, of half a bar in 4/4, and of an
# eighth in 6/8 have of theirs; no source.
_FIRST_SHARES = (0.02, 0.12, 1.2, 1.0, 3.5)
_UPBEAT_SHARES: dict[Meter, dict[int, float]] = {"4/4": {8: 0.6}, "3/4": {4: 0.4}, "6/8": {6: 0.4, 10: 4.0}}
TEMPO_TOLERANCE = 0.06  # log ratio: hypotheses nearer than this are the same tempo
_MAX_STEP = 32  # sixteenths between two onsets: two bars
_MAX_INTERVAL_S = 5.0  # a longer rest says nothing more about the beat
_MAX_SQUARED_DEVIATION = 30.0  # in standard deviations, squared: one wild onset must not veto a tempo
# Notes repeat at one, two or four bars where at least four of them, and a quarter of all, have a place there.
_PARALLEL_BARS, _MIN_PARALLEL, _MIN_PARALLEL_SHARE = (1, 2, 4), 4, 0.25
_EARLY_BEATS = 0.26  # a first note so much after a downbeat still belongs to it


@dataclass(frozen=True)
class Rhythm:
    """``beats`` [notes]: onsets in beats from the bar line before the first; a beat is a quarter, in 6/8 a dotted one.

    ``beat_offset_s``: time of a downbeat. ``swing``: share of a beat before its second eighth. ``confidence``: 0 to 1,
    against the most likely hypothesis of another tempo. ``rivals``: tempo and meter of others: half a fast tempo in
    4/4, or twice one that was halved, then those that are nearly as likely, the likeliest first; ``rival_meter``:
    another meter at the same tempo that is nearly as likely.
    """

    tempo_bpm: float
    confidence: float
    meter: Meter
    beat_offset_s: float
    swing: float
    beats: Floats
    rivals: list[tuple[float, Meter]]
    rival_meter: Meter | None


@dataclass(frozen=True)
class _Hypothesis:
    score: float
    meter: Meter
    tempo_bpm: float
    swing: float
    positions: Ints
    quick: bool


def estimate_rhythm(onsets_s: Floats, midi: Floats, stability: Floats | None = None) -> Rhythm | None:
    """The most likely rhythm of at least three notes; None where there are fewer.

    Args:
        onsets_s: increasing, [notes].
        midi: pitches, [notes].
        stability: tonal stability of each note, 0 to 1, [notes]; None: unknown.
    """
    if len(onsets_s) < 3:
        return None
    stable = np.zeros(len(onsets_s)) if stability is None else stability - stability.mean()
    hypotheses = [h for meter in get_args(CommonMeter) for h in _hypotheses(onsets_s, stable, meter, STRAIGHT)]
    for meter in ("4/4", "3/4"):
        for swing in SWINGS:
            hypotheses += _hypotheses(onsets_s, stable, meter, swing)
    hypotheses += _hypotheses(onsets_s, stable, "4/4", STRAIGHT, _QUICK_TEMPI, quick=True)
    contour = np.sign(np.round(np.diff(midi)))
    hypotheses = _with_parallelism(hypotheses, contour)
    best = max(hypotheses, key=_score)
    odd = max(_odd_hypotheses(onsets_s, stable, contour, best), key=_score, default=best)
    best = odd if odd.score > best.score + ODD_MARGIN else best
    beat_s, start_s = _line(onsets_s, best)
    # Hypotheses of several tempi may settle on one.
    others: dict[float, _Hypothesis] = {}
    meters: list[_Hypothesis] = []
    for other in sorted(hypotheses, key=_score, reverse=True):
        tempo = np.log(_line(onsets_s, other)[0])
        if abs(tempo - np.log(beat_s)) <= TEMPO_TOLERANCE:
            meters += [other] * (other.meter != best.meter)
        elif all(abs(tempo - known) > TEMPO_TOLERANCE for known in others):
            others[tempo] = other
    confidence = 1 / (1 + float(np.exp(max((h.score for h in others.values()), default=-np.inf) - best.score)))
    likely = [(tempo, h.meter) for tempo, h in others.items() if h.score > best.score - NEARLY_AS_LIKELY]
    rivals = [(60.0 / float(np.exp(tempo)), meter) for tempo, meter in likely]
    rival_meter = meters[0].meter if meters and meters[0].score > best.score - NEARLY_AS_LIKELY else None
    if best.quick:
        rivals = _unsaid(120.0 / beat_s, rivals) + rivals
    elif "4/4" in (best.meter, rival_meter):
        rivals = _half_time(60.0 / beat_s, rivals) + rivals
    per_beat = _per_beat(best.meter)
    return Rhythm(
        tempo_bpm=60.0 / beat_s,
        confidence=confidence,
        meter=best.meter,
        beat_offset_s=_first_downbeat(start_s, beat_s, best),
        swing=_swing_of(onsets_s, best, beat_s, start_s),
        beats=best.positions / per_beat,
        rivals=rivals[:MAX_RIVALS],
        rival_meter=rival_meter,
    )


def _half_time(tempo_bpm: float, rivals: list[tuple[float, Meter]]) -> list[tuple[float, Meter]]:
    """Half of ``tempo_bpm`` in 4/4, where people would rather count that and no rival says so; else nothing.

    Eighths are sixteenths at half the tempo: the onsets fit both alike, and only the likely lengths decide.
    """
    half_bpm = tempo_bpm / 2
    nearer = abs(np.log(half_bpm / PREFERRED_BPM)) < abs(np.log(tempo_bpm / PREFERRED_BPM))
    return _unsaid(half_bpm, rivals) if nearer else []


def _unsaid(tempo_bpm: float, rivals: list[tuple[float, Meter]]) -> list[tuple[float, Meter]]:
    """``tempo_bpm`` in 4/4, where no rival has that tempo; else nothing."""
    said = any(abs(np.log(bpm / tempo_bpm)) <= TEMPO_TOLERANCE for bpm, _ in rivals)
    return [] if said else [(tempo_bpm, "4/4")]


def _score(hypothesis: _Hypothesis) -> float:
    return hypothesis.score


def _with_parallelism(hypotheses: list[_Hypothesis], contour: Floats) -> list[_Hypothesis]:
    return [replace(h, score=h.score + PARALLEL_WEIGHT * _parallelism(h, contour)) for h in hypotheses]


def _odd_hypotheses(onsets_s: Floats, stable: Floats, contour: Floats, best: _Hypothesis) -> list[_Hypothesis]:
    """Five quarters and seven eighths in a bar, at tempi at which the beats of ``best`` are theirs: its beats may be
    right, and wrongly grouped.
    """
    beat_bpm = best.tempo_bpm * (1.5 if best.meter == "6/8" else 1.0)
    octaves = np.log2(_TEMPI / beat_bpm)
    near = _TEMPI[np.abs(octaves - np.round(octaves)) * np.log(2) < TEMPO_TOLERANCE]
    found = [h for meter in get_args(OddMeter) for h in _hypotheses(onsets_s, stable, meter, STRAIGHT, near)]
    return _with_parallelism(found, contour)


def _per_beat(meter: Meter) -> int:
    return 6 if meter == "6/8" else 4


@cache
def _transitions(meter: Meter, quick: bool) -> Floats:
    """Log probability of the next note ``k`` sixteenths after one at position ``q``, [positions, k]."""
    strength = np.array(_STRENGTH[meter])
    bar = len(strength)
    lengths = _QUICK_LENGTHS if quick else _COMPOUND_LENGTHS if meter == "6/8" else _LENGTHS
    table = np.full((bar, _MAX_STEP + 1), _MIN_SHARE)
    for q in range(bar):
        for k, share in lengths.items():
            passed = strength[(q + np.arange(1, k)) % bar] if k > 1 else np.zeros(0, int)
            syncopation = max(0, int(passed.max(initial=0)) - int(strength[q]))
            arrival = int(strength[(q + k) % bar])
            table[q, k] = share * _SYNCOPATION_SHARE**syncopation * _ARRIVAL_SHARES[arrival]
    table[:, 0] = 0
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(table / table.sum(axis=1, keepdims=True)))


@cache
def _first_position(meter: Meter) -> Floats:
    """Log probability of the first note at each position: downbeats and upbeats of whole beats lead. [positions]"""
    share = np.array(_FIRST_SHARES)[np.array(_STRENGTH[meter])]
    for position, factor in _UPBEAT_SHARES.get(meter, {}).items():
        share[position] *= factor
    return np.asarray(np.log(share / share.sum()))


def _beat_times(meter: Meter, swing: float) -> Floats:
    """Position of each sixteenth of a beat, in beats; swing moves the second eighth back. [sixteenths of a beat]"""
    if meter == "6/8":
        return np.arange(6) / 6
    return np.array([0, swing / 2, swing, (1 + swing) / 2])


def _position_beats(positions: Ints, meter: Meter, swing: float) -> Floats:
    per_beat = _per_beat(meter)
    return np.asarray(positions // per_beat + _beat_times(meter, swing)[positions % per_beat])


def _hypotheses(
    onsets_s: Floats, stable: Floats, meter: Meter, swing: float, at_bpm: Floats = _TEMPI, *, quick: bool = False
) -> list[_Hypothesis]:
    """The most likely tempi for one meter and swing, each with its most likely positions."""
    intervals_s = np.minimum(np.diff(onsets_s), _MAX_INTERVAL_S)
    bar, per_beat = len(_STRENGTH[meter]), _per_beat(meter)
    # One row per tempo and timing deviation.
    tempi = np.tile(at_bpm, len(TIMING_SPREADS_S))
    deviation_s = np.repeat(TIMING_SPREADS_S, len(at_bpm))
    beat_s = 60.0 / tempi
    grid = _position_beats(np.arange(bar + _MAX_STEP + 1), meter, swing)
    steps = np.arange(_MAX_STEP + 1)
    beats = grid[np.arange(bar)[:, None] + steps] - grid[:bar, None]  # from position q to k sixteenths later, [q, k]
    table = _transitions(meter, quick)
    rows, arrival = np.arange(len(tempi))[:, None, None], np.arange(bar)[:, None]
    accent = STABLE_WEIGHT * (np.array(_STRENGTH[meter]) >= DOWNBEAT)
    score = np.broadcast_to(_first_position(meter) + stable[0] * accent, (len(tempi), bar))
    back = np.zeros((len(intervals_s), len(tempi), bar), np.int64)
    for i, interval_s in enumerate(intervals_s):
        # Of all steps only those near the interval can matter.
        k = np.round(interval_s / beat_s * per_beat)[:, None, None] + np.arange(-2, 3)
        k = np.clip(k, 1, _MAX_STEP).astype(np.int64)  # [tempi, 1, nearest]
        source = (arrival - k) % bar  # [tempi, arrival, nearest]
        spread_s = np.sqrt(2 * deviation_s**2 + (RUBATO * interval_s) ** 2)
        deviation = (interval_s - beats[source, k] * beat_s[:, None, None]) / spread_s[:, None, None]
        options = score[rows, source] + table[source, k] - 0.5 * np.minimum(deviation**2, _MAX_SQUARED_DEVIATION)
        choice = options.argmax(axis=2)[:, :, None]
        score = np.take_along_axis(options, choice, 2)[:, :, 0] - np.log(spread_s)[:, None] + stable[i + 1] * accent
        back[i] = np.take_along_axis(np.broadcast_to(k, options.shape), choice, 2)[:, :, 0]
    felt_bpm = tempi * (COMPOUND_PACE if meter == "6/8" else 1.0)
    octaves = np.log2(felt_bpm / PREFERRED_BPM) / TEMPO_SPREAD_OCTAVES
    total = (
        score.max(axis=1) - 0.5 * octaves**2 + np.log(_METER_PRIOR[meter]) - SWINGS.get(swing, 0.0) - QUICK_COST * quick
    )
    hypotheses: list[_Hypothesis] = []
    for row in np.argsort(-total):
        if all(abs(np.log(tempi[row] / h.tempo_bpm)) > TEMPO_TOLERANCE for h in hypotheses):
            positions = _trace(int(score[row].argmax()), back[:, row])
            hypotheses.append(_Hypothesis(float(total[row]), meter, float(tempi[row]), swing, positions, quick))
        if len(hypotheses) == _HYPOTHESES:
            break
    return hypotheses


def _parallelism(hypothesis: _Hypothesis, contour: Floats) -> float:
    """Share of notes whose rhythm and contour repeat after one, two or four bars, 0 to 1: the best of the three.

    Parallel phrases begin at parallel places of the bar (Temperley & Bartlette 2002).
    """
    bar = len(_STRENGTH[hypothesis.meter])
    lengths = np.diff(hypothesis.positions)
    starts = hypothesis.positions[:-1]
    best = 0.0
    for bars in _PARALLEL_BARS:
        at = np.searchsorted(starts, starts + bars * bar)
        inside = starts + bars * bar <= starts[-1]
        if inside.sum() < max(_MIN_PARALLEL, _MIN_PARALLEL_SHARE * len(starts)):
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


def _line(onsets_s: Floats, hypothesis: _Hypothesis) -> tuple[float, float]:
    """Length of a beat and time of beat 0 by least squares, seconds."""
    beats = _position_beats(hypothesis.positions, hypothesis.meter, hypothesis.swing)
    beat_s, start_s = np.polyfit(beats, onsets_s, 1)
    return float(beat_s), float(start_s)


def _first_downbeat(start_s: float, beat_s: float, hypothesis: _Hypothesis) -> float:
    """Time of the first downbeat from ``_EARLY_BEATS`` before the first note on, inside the recording, seconds."""
    bar_beats = len(_STRENGTH[hypothesis.meter]) / _per_beat(hypothesis.meter)
    first = _position_beats(hypothesis.positions[:1], hypothesis.meter, hypothesis.swing)[0]
    bars = np.ceil((first - _EARLY_BEATS) / bar_beats)
    downbeat_s = start_s + bars * bar_beats * beat_s
    while downbeat_s < 0:
        downbeat_s += bar_beats * beat_s
    return float(downbeat_s)


def _swing_of(onsets_s: Floats, hypothesis: _Hypothesis, beat_s: float, start_s: float) -> float:
    """Share of a beat before its second eighth, median of the notes there; .5 where there are too few, or no swing."""
    if hypothesis.meter == "6/8":
        return STRAIGHT
    second = hypothesis.positions % 4 == 2
    if second.sum() < MIN_SWUNG_NOTES:
        return STRAIGHT
    share = (onsets_s[second] - start_s) / beat_s - hypothesis.positions[second] // 4
    swing = float(np.median(share))
    return swing if MIN_SWING <= swing <= MAX_SWING else STRAIGHT
