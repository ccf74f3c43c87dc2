"""Loudness by ITU-R BS.1770-5 Annex 1 and EBU R 128: a meter as in EBU Tech 3341, the range as in EBU Tech 3342.

Streaming, in flat memory. Levels are LUFS, differences LU; a mean square is that of the K-weighted channels, each
times its weight, added up.
"""

from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soundstage import compiled
from soundstage.arrays import Floats, Floats32, Samples
from soundstage.audio.decibels import NO_FLOOR, amplitude_to_db, db_to_amplitude, db_to_power, power_to_db
from soundstage.audio.filters import Sos, SosFilter
from soundstage.audio.steps import Steps
from soundstage.audio.true_peak import TruePeakMeter, oversampling_at

HOPS_PER_S = 100
"""Momentary and short-term maxima are looked for at 100 Hz: Tech 3341 test cases 13 and 14 need that."""

MOMENTARY_HOPS, SHORT_TERM_HOPS = 40, 300
"""Windows of 400 ms and 3 s (Tech 3341 §2.2)."""

GATING_STEP_HOPS = 10
"""100 ms: blocks of 400 ms that overlap by 75 % (BS.1770-5 Annex 1)."""

OFFSET_LUFS = -0.691
ABSOLUTE_GATE_LUFS = -70.0
INTEGRATED_GATE_LU = -10.0
"""BS.1770-5 Annex 1, eqs. 2 to 7: the gain of the K-weighting at 997 Hz taken off, and the two gates."""

RANGE_GATE_LU = -20.0
RANGE_PERCENTILES = (0.10, 0.95)
"""Tech 3342 §3: the relative gate, and the shares between which the range lies."""

PIECE_FRAMES = 32_768
"""Frames that are weighted at once in numpy: 256 KiB of stereo, which a core's cache holds."""

HOPS_AT_ONCE = 4096
"""Hops (41 s) that are collected before windows are made of them."""

_SURROUND = 1.41
CHANNEL_WEIGHTS: dict[int, tuple[float, ...]] = {
    1: (1.0,),
    2: (1.0, 1.0),
    3: (1.0, 1.0, 1.0),
    4: (1.0, 1.0, _SURROUND, _SURROUND),
    5: (1.0, 1.0, 1.0, _SURROUND, _SURROUND),
    6: (1.0, 1.0, 1.0, 0.0, _SURROUND, _SURROUND),
    7: (1.0, 1.0, 1.0, 0.0, 1.0, _SURROUND, _SURROUND),
    8: (1.0, 1.0, 1.0, 0.0, 1.0, 1.0, _SURROUND, _SURROUND),
}
"""By the number of channels, in WAV's order. BS.1770-5 Annex 3 weighs by direction: 1.41 (1.5 dB) for 60–120° to the
side, 1 elsewhere, 0 for LFE."""


@dataclass(frozen=True)
class Loudness:
    """What a meter shows; units are in the names. Levels of silence, and of less than one window, are −∞."""

    integrated_lufs: float
    loudness_range_lu: float
    momentary_max_lufs: float
    short_term_max_lufs: float
    true_peak_dbtp: float
    sample_peak_dbfs: float
    duration_s: float
    rate_hz: int
    channels: int


def k_weighting(rate_hz: float) -> Sos:
    """The two filters of BS.1770-5 Annex 1 at any rate, a shelf for the head and a high pass: [2, 6].

    The standard gives coefficients for 48 kHz only. These are the analogue filters behind them (B. De Man, "Evaluation
    of implementations of the EBU R128 loudness measurement", AES 145, 2018), by the bilinear transform.
    """
    shelf_hz, shelf_db, shelf_q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
    k = np.tan(np.pi * shelf_hz / rate_hz)
    high, band = db_to_amplitude(shelf_db), db_to_amplitude(shelf_db * 0.4996667741545416)
    shelf = [
        high + band * k / shelf_q + k * k,
        2 * (k * k - high),
        high - band * k / shelf_q + k * k,
        1 + k / shelf_q + k * k,
        2 * (k * k - 1),
        1 - k / shelf_q + k * k,
    ]
    pass_hz, pass_q = 38.13547087602444, 0.5003270373238773
    k = np.tan(np.pi * pass_hz / rate_hz)
    a0 = 1 + k / pass_q + k * k
    high_pass = [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / pass_q + k * k) / a0]
    return np.array([np.array(shelf) / shelf[3], high_pass])


class WeightedSteps:
    """What loudness is made of, per ``step`` frames of a stream: mean squares after K-weighting, peaks before it.

    Raises:
        ValueError: a number of channels that has no weights.
    """

    def __init__(self, rate_hz: int, channels: int, step: int) -> None:
        if channels not in CHANNEL_WEIGHTS:
            raise ValueError(f"1 to {max(CHANNEL_WEIGHTS)} channels, not {channels}")
        self._step = step
        self._weights = np.array(CHANNEL_WEIGHTS[channels])
        self._sos = np.ascontiguousarray(k_weighting(rate_hz))
        self._filter = SosFilter(self._sos, channels)
        self._cut = Steps(step, channels)

    def process(self, samples: Samples) -> tuple[Floats, Floats32]:
        """Take the next [frames, channels]; return the mean square and the highest |sample| of every complete step."""
        weighed = [self._weigh(part) for part in self._cut.take(samples)]
        energies, peaks = ([one[kind] for one in weighed] for kind in (0, 1))
        return np.concatenate([np.zeros(0), *energies]), np.concatenate([np.zeros(0, np.float32), *peaks])

    def _weigh(self, samples: Samples) -> tuple[Floats, Floats32]:
        if loops := compiled.loops():
            return loops.weigh(samples, self._step, self._sos, self._filter.state, self._weights)
        energies, peaks = np.empty(len(samples) // self._step), np.empty(len(samples) // self._step, np.float32)
        at_once = max(1, PIECE_FRAMES // self._step)
        for first in range(0, len(energies), at_once):
            piece = samples[first * self._step : (first + at_once) * self._step]
            planes = self._filter.planes(piece).reshape(piece.shape[1], -1, self._step)
            mean_squares = self._weights @ (np.einsum("csf,csf->cs", planes, planes) / self._step)
            rows = piece.reshape(-1, self._step * piece.shape[1])
            energies[first : first + at_once] = mean_squares
            peaks[first : first + at_once] = np.maximum(rows.max(axis=1), -rows.min(axis=1))
        return energies, peaks


class LoudnessMeter:
    """Integrated loudness, loudness range, maxima and peaks of a stream: ``process`` blocks of any size, ``result``.

    Keeps two numbers per 100 ms (600 KB an hour), so that gating is exact.

    Args:
        oversampling: of the true peak (2, 4 or 8 at 48 kHz); see ``true_peak``.

    Raises:
        ValueError: a number of channels that has no weights, or another oversampling.
    """

    def __init__(self, rate_hz: int, channels: int, oversampling: int = 4) -> None:
        self._rate_hz, self._channels = rate_hz, channels
        self._steps = WeightedSteps(rate_hz, channels, round(rate_hz / HOPS_PER_S))
        self._peaks = TruePeakMeter(channels, oversampling_at(rate_hz, oversampling))
        self._frames = 0
        self._hops = 0
        self._untaken = array("d")
        self._recent = np.zeros(0)  # the weighted mean squares of up to SHORT_TERM_HOPS − 1 hops
        self._gating_blocks = array("d")
        self._short_terms = array("d")
        self._momentary_max = 0.0
        self._short_term_max = 0.0

    def process(self, samples: Samples) -> None:
        """Take the next [frames, channels]; all samples have to be finite."""
        self._frames += len(samples)
        self._peaks.process(samples)
        self.take_energies(self._steps.process(samples)[0])

    def short_term_lufs(self) -> Floats:
        """Short-term loudness of every full window of 3 s so far, one per 100 ms: LUFS [windows], −∞ for silence."""
        self._take_windows()
        return OFFSET_LUFS + power_to_db(np.array(self._short_terms), NO_FLOOR)

    def result(self) -> Loudness:
        """The measurement of everything so far; the meter can go on."""
        self._take_windows()
        true_peak, sample_peak = self._peaks.result()
        return Loudness(
            integrated_lufs=integrated_loudness(np.array(self._gating_blocks)),
            loudness_range_lu=loudness_range(np.array(self._short_terms)),
            momentary_max_lufs=_lufs(self._momentary_max),
            short_term_max_lufs=_lufs(self._short_term_max),
            true_peak_dbtp=amplitude_to_db(true_peak, NO_FLOOR),
            sample_peak_dbfs=amplitude_to_db(sample_peak, NO_FLOOR),
            duration_s=self._frames / self._rate_hz,
            rate_hz=self._rate_hz,
            channels=self._channels,
        )

    def take_energies(self, energies: Floats) -> None:
        """Take the mean squares [hops] of the next hops of 10 ms, instead of ``process``, from ``WeightedSteps``."""
        self._untaken.frombytes(energies.tobytes())
        if len(self._untaken) >= HOPS_AT_ONCE:
            self._take_windows()

    def _take_windows(self) -> None:
        energy, self._untaken = np.array(self._untaken), array("d")
        first_hop = self._hops - len(self._recent)
        hops = np.concatenate([self._recent, energy])
        self._hops += len(energy)
        momentary, ends = _new_windows(hops, MOMENTARY_HOPS, first_hop, len(energy))
        self._momentary_max = max(self._momentary_max, float(momentary.max(initial=0.0)))
        self._gating_blocks.extend(momentary[ends % GATING_STEP_HOPS == 0])
        short_term, ends = _new_windows(hops, SHORT_TERM_HOPS, first_hop, len(energy))
        self._short_term_max = max(self._short_term_max, float(short_term.max(initial=0.0)))
        self._short_terms.extend(short_term[ends % GATING_STEP_HOPS == 0])
        self._recent = hops[-(SHORT_TERM_HOPS - 1) :]


def _new_windows(hops: Floats, length: int, first_hop: int, new: int) -> tuple[Floats, NDArray[np.int64]]:
    """Means over ``length`` hops of the windows that end in the last ``new`` ones, and the hop after each.

    Hops are numbered from the start of the stream; ``first_hop`` is the first of ``hops`` [n].
    """
    begin = max(len(hops) - new - length + 1, 0)
    kept = hops[begin:]
    if len(kept) < length:
        return np.zeros(0), np.zeros(0, np.int64)
    sums = np.concatenate([[0.0], np.cumsum(kept)])
    means = np.maximum(sums[length:] - sums[:-length], 0.0) / length
    return means, first_hop + begin + length + np.arange(len(means))


def measure_loudness(samples: Samples, rate_hz: int) -> Loudness:
    """The loudness of [frames] or [frames, channels], all of it at once; samples have to be finite."""
    samples = samples[:, None] if samples.ndim == 1 else samples
    meter = LoudnessMeter(rate_hz, samples.shape[1])
    meter.process(samples)
    return meter.result()


def integrated_loudness(mean_squares: Floats) -> float:
    """Gated loudness in LUFS of the mean squares of 400 ms blocks [n] (BS.1770-5 Annex 1, eqs. 3–7); −∞ for silence."""
    gated = mean_squares[mean_squares > _mean_square(ABSOLUTE_GATE_LUFS)]
    if not len(gated):
        return -np.inf
    gated = gated[gated > gated.mean() * db_to_power(INTEGRATED_GATE_LU)]
    return _lufs(float(gated.mean()))


def loudness_range(mean_squares: Floats) -> float:
    """LU between the 10th and 95th percentile of gated short-term mean squares [n] (Tech 3342 §3); 0 for silence."""
    gated = mean_squares[mean_squares > _mean_square(ABSOLUTE_GATE_LUFS)]
    if not len(gated):
        return 0.0
    gated = np.sort(gated[gated > gated.mean() * db_to_power(RANGE_GATE_LU)])
    low, high = (gated[round((len(gated) - 1) * share)] for share in RANGE_PERCENTILES)
    return _lufs(float(high)) - _lufs(float(low))


def _lufs(mean_square: float) -> float:
    return OFFSET_LUFS + power_to_db(mean_square, NO_FLOOR)


def _mean_square(lufs: float) -> float:
    return db_to_power(lufs - OFFSET_LUFS)
