"""The static gain that brings a recording to its loudness target, when a limiter takes some of the gain away again."""

import functools
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats, Samples
from soundstage.audio.decibels import NO_FLOOR, amplitude_to_db, db_to_amplitude, db_to_power, power_to_db
from soundstage.audio.dynamics import decaying_maximum
from soundstage.audio.loudness import HOPS_PER_S, Loudness, LoudnessMeter, WeightedSteps
from soundstage.audio.programme import persistent_reduction
from soundstage.audio.true_peak import TruePeakMeter, oversampling_at
from soundstage.models.style import Limiter, StyleParams

MOST_STEPS_PER_HOP = 5
"""In 10 ms: the limiter is followed every 2 ms or so, about as fast as it releases."""

MAX_GAIN_DB = 40.0
"""Most that any recording is amplified or attenuated: beyond lies what nobody recorded to be heard."""

CHUNK_STEPS = 60_000
"""Steps that are predicted at once (two minutes): whole hops, however many steps they have."""

LOUDEST = 60_000.0
"""Amplitude that half precision still holds (its largest number is 65,504)."""


PREDICTIONS, PREDICTED_LU = 8, 0.01
"""Gains that are tried on the prediction at most, and how near to the target it has to come."""

LIMITED_LU, OVERSHOOT = -0.3, 1.3
"""Where so much loudness is missing, the limiter takes gain away: more is given than is missing."""

SLOPE_STEP_DB = 0.5
SLOPES = (0.2, 1.0)
"""LU per dB of gain: 1 without a limiter; below .2, what is left is distortion. The first slope is taken over .5 dB."""

MAX_STEP_DB = 6.0
"""From one gain that was rendered to the next."""


ADAPTIVE_SHARE = 0.8
"""Of the reduction that the highest peak of 2 ms needs, what an adaptive limiter takes from their power: it has let go
before they are over. Chosen on 13 real pairs, whose loudness is predicted within .06 LU (root of the mean square)."""


SHORT_LU = 0.15
"""From which shortfall on a loudness counts as not reached, and reports say so."""


SOUNDING_DB, BEARABLE_DB = 50.0, 0.02
"""Below the loudest 10 ms there is no sound; and how exactly the most bearable gain is found."""


def wanted_lufs(target_lufs: float, amount: float, start_lufs: float) -> float:
    """``amount`` (0 to 1) of the way from a loudness to the target; from silence, all of it."""
    return start_lufs + amount * (target_lufs - start_lufs) if np.isfinite(start_lufs) else target_lufs


class GainSearch:
    """Finds the gain for a signal whose level and peak, every few milliseconds, it keeps and predicts from.

    In half precision (within .004 dB, at random, down to −84 dB) that is 7 MB an hour. As long as the limiter has
    nothing to do, the prediction is a measurement: a gain moves every level alike.

    Args:
        params: whose loudness target, limiter and amounts count.
    """

    def __init__(self, rate_hz: int, channels: int, params: StyleParams) -> None:
        self._params, self._rate_hz, self._channels = params, rate_hz, channels
        hop = round(rate_hz / HOPS_PER_S)
        self._per_hop = max(steps for steps in range(1, MOST_STEPS_PER_HOP + 1) if hop % steps == 0)
        self._step = hop // self._per_hop
        self._steps = WeightedSteps(rate_hz, channels, self._step)
        self._true_peaks = TruePeakMeter(channels, oversampling_at(rate_hz, 4))
        self._levels, self._peaks = bytearray(), bytearray()
        self._frames = 0
        self._sample_peak = 0.0
        self._tried: list[tuple[float, float]] = []
        self._most_gain_db = MAX_GAIN_DB

    def process(self, samples: Samples) -> None:
        """Take the next [frames, channels] of the signal before the gain."""
        self._frames += len(samples)
        energies, peaks = self._steps.process(samples)
        self._sample_peak = max(self._sample_peak, float(peaks.max(initial=0.0)))
        self._levels += np.minimum(np.sqrt(energies), LOUDEST).astype(np.float16).tobytes()
        self._peaks += np.minimum(peaks, LOUDEST).astype(np.float16).tobytes()

    def reaches(self, level_db: float) -> bool:
        """Whether samples before the gain, but for the last milliseconds, go beyond a level, dBFS."""
        return amplitude_to_db(self._sample_peak, NO_FLOOR) > level_db

    def measure_peaks(self, blocks: Iterable[Samples]) -> None:
        """Take the signal once more, for its true peak: where samples alone reach too high, nobody needs that."""
        for block in blocks:
            self._true_peaks.process(block)

    def true_peak_dbtp(self) -> float:
        """True peak before the gain, dBTP, after ``measure_peaks``."""
        return amplitude_to_db(self._true_peaks.result()[0], NO_FLOOR)

    def predicted_gain_db(self) -> float:
        """The gain that is predicted to meet the target; 0 without one, and for silence."""
        if self._params.lufs is None:
            return 0.0
        loudness = self.meter(0.0, limited=False).result().integrated_lufs
        if not np.isfinite(loudness):
            return 0.0
        gain_db = self._target_lufs() - loudness
        for _ in range(PREDICTIONS):
            error_lu = self._predicted_lufs(gain_db) - self._target_lufs()
            if abs(error_lu) < PREDICTED_LU:
                break
            gain_db -= OVERSHOOT * error_lu if error_lu < LIMITED_LU else error_lu
        self._most_gain_db = self._most_bearable_gain_db(gain_db)
        return float(np.clip(gain_db, -MAX_GAIN_DB, self._most_gain_db))

    def next_gain_db(self, gain_db: float, loudness: Loudness) -> float:
        """The next gain to try after ``gain_db`` gave ``loudness``: by the secant, or by the prediction's slope.

        The same again when there is no target, or nothing to hear.
        """
        if self._params.lufs is None or not np.isfinite(loudness.integrated_lufs):
            return gain_db
        self._tried.append((gain_db, loudness.integrated_lufs))
        if len(self._tried) > 1:
            (g0, l0), (g1, l1) = self._tried[-2:]
            slope = (l1 - l0) / (g1 - g0) if abs(g1 - g0) > 1e-4 else 1.0
        else:
            rise = self._predicted_lufs(gain_db + SLOPE_STEP_DB) - self._predicted_lufs(gain_db)
            slope = rise / SLOPE_STEP_DB
        step_db = (self._target_lufs() - loudness.integrated_lufs) / float(np.clip(slope, *SLOPES))
        return float(np.clip(gain_db + np.clip(step_db, -MAX_STEP_DB, MAX_STEP_DB), -MAX_GAIN_DB, self._most_gain_db))

    def meter(self, gain_db: float, *, limited: bool) -> LoudnessMeter:
        """A loudness meter that has taken all of the signal after the gain and, roughly, the limiter; but no peaks."""
        meter = LoudnessMeter(self._rate_hz, self._channels)
        for energies in self._energies(gain_db, limited=limited):
            meter.take_energies(energies)
        return meter

    def _energies(self, gain_db: float, *, limited: bool) -> Iterator[Floats]:
        """Weighted mean squares of each 10 ms after the gain and, roughly, the limiter, minutes of them at a time."""
        levels, peaks = np.frombuffer(self._levels, np.float16), np.frombuffer(self._peaks, np.float16)
        limiter = self._params.limiter
        reduces = limited and limiter is not None and self._params.amounts.limiter > 0
        reduction = _Reduction(gain_db, limiter, self._step / self._rate_hz) if limiter and reduces else None
        whole = len(levels) // self._per_hop * self._per_hop
        for start in range(0, whole, CHUNK_STEPS):
            power = levels[start : min(start + CHUNK_STEPS, whole)].astype(np.float64) ** 2 * db_to_power(gain_db)
            if reduction:
                power *= reduction.power(peaks[start : start + len(power) + 1])[: len(power)]
            yield power.reshape(-1, self._per_hop).mean(axis=1)

    def with_peaks(self, loudness: Loudness, gain_db: float) -> Loudness:
        """``loudness``, as ``meter`` has it, with the peaks and the duration of a result that was not limited."""
        true_peak, sample_peak = self._true_peaks.result()
        return replace(
            loudness,
            true_peak_dbtp=amplitude_to_db(true_peak, NO_FLOOR) + gain_db,
            sample_peak_dbfs=amplitude_to_db(sample_peak, NO_FLOOR) + gain_db,
            duration_s=self._frames / self._rate_hz,
        )

    def _most_bearable_gain_db(self, wanted_db: float) -> float:
        """The gain, near ``wanted_db`` at most, up to which the limiter takes no more on average than it may."""
        lufs = self._params.lufs
        most_db = lufs.most_limited_db if lufs else None
        if most_db is None or self._mean_reduction_db(wanted_db) <= most_db:
            return MAX_GAIN_DB
        low, high = wanted_db - MAX_GAIN_DB, wanted_db
        while high - low > BEARABLE_DB:
            middle = (low + high) / 2
            low, high = (low, middle) if self._mean_reduction_db(middle) > most_db else (middle, high)
        return low

    def _mean_reduction_db(self, gain_db: float) -> float:
        """What the limiter is predicted to take from the power of each 10 ms, dB, on average while there is sound."""
        before, after = (
            np.concatenate([np.zeros(0), *self._energies(gain_db, limited=limited)]) for limited in (False, True)
        )
        sounding = before > before.max(initial=0.0) * db_to_power(-SOUNDING_DB)
        return float(np.mean(power_to_db(before[sounding] / after[sounding]))) if sounding.any() else 0.0

    def _target_lufs(self) -> float:
        """The target, or ``amount`` of the way to it from the recording's own loudness; none at all changes nothing.

        Its own loudness, not what the chain has made of it: half of the way lies half-way, whatever an equaliser does.
        """
        lufs, amount = self._params.lufs, self._params.amounts.lufs
        assert lufs is not None  # noqa: S101 - callers have looked
        if amount == 1.0:
            return lufs.target_db
        start = self._params.input_lufs if amount else None
        if start is None:
            start = self.meter(0.0, limited=False).result().integrated_lufs
        return wanted_lufs(lufs.target_db, amount, start)

    def _predicted_lufs(self, gain_db: float) -> float:
        return self.meter(gain_db, limited=True).result().integrated_lufs


class _Reduction:
    """What a limiter leaves of the power of each step, roughly: its release, and one step of look-ahead.

    Of an adaptive one ``ADAPTIVE_SHARE`` of what each step needs, or what it holds.
    """

    def __init__(self, gain_db: float, limiter: Limiter, step_s: float) -> None:
        self._over = db_to_amplitude(gain_db - limiter.tp_db)
        self._decay = step_s / (limiter.release_ms / 1000)
        self._held = 0.0
        self._adaptive, self._step_s, self._per_hop = limiter.adaptive, step_s, round(1 / HOPS_PER_S / step_s)

    def power(self, peaks: NDArray[np.float16]) -> Floats:
        """The factors of the power of the next steps; ``peaks`` has one more, or ends with the recording."""
        needed = np.log(np.maximum(peaks.astype(np.float64) * self._over, 1.0))
        if self._adaptive:
            reduction = ADAPTIVE_SHARE * needed[:CHUNK_STEPS]
            # As every 10 ms are enough for what persists, it is looked for in whole hops.
            whole = len(reduction) // self._per_hop * self._per_hop
            hops = functools.reduce(np.maximum, needed[:whole].reshape(-1, self._per_hop).T)
            held = np.repeat(persistent_reduction(hops, self._per_hop * self._step_s), self._per_hop)
            reduction[:whole] = np.maximum(reduction[:whole], held)
            return np.asarray(np.exp(-2 * reduction))
        ahead = np.maximum(needed, np.append(needed[1:], 0.0))[:CHUNK_STEPS]
        reduction = decaying_maximum(ahead, self._held, self._decay)
        self._held = float(reduction[-1])
        return np.asarray(np.exp(-2 * reduction))
