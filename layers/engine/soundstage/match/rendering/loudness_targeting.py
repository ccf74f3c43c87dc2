"""The static gain that brings a recording to its loudness target, when a limiter takes some of the gain away again."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Samples
from soundstage.audio.decibels import NO_FLOOR, amplitude_to_db, db_to_amplitude, db_to_power
from soundstage.audio.loudness import HOPS_PER_S, Loudness, LoudnessMeter, WeightedSteps
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


class Landing:
    """Notes level and peak of the signal before the gain every few milliseconds, and predicts from them.

    In half precision (within .004 dB, at random, down to −84 dB) that is 7 MB an hour.

    As long as the limiter has nothing to do, the prediction is a measurement: a gain moves every level alike.
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
        self._tried: list[tuple[float, float]] = []

    def note(self, samples: Samples) -> None:
        """Take the next [frames, channels]."""
        self._frames += len(samples)
        self._true_peaks.process(samples)
        energies, peaks = self._steps.process(samples)
        self._levels += np.minimum(np.sqrt(energies), LOUDEST).astype(np.float16).tobytes()
        self._peaks += np.minimum(peaks, LOUDEST).astype(np.float16).tobytes()

    def peak_db(self) -> float:
        """True peak before the gain, dBTP."""
        return amplitude_to_db(self._true_peaks.result()[0], NO_FLOOR)

    def first_gain_db(self) -> float:
        """The gain that is predicted to land; none when there is no target."""
        if self._params.lufs is None:
            return 0.0
        loudness = self.meter(0.0, limited=False).result().integrated_lufs
        if not np.isfinite(loudness):
            return 0.0
        gain_db = self._target_lufs() - loudness
        for _ in range(8):
            error = self._predict(gain_db) - self._target_lufs()
            if abs(error) < 0.01:
                break
            gain_db -= 1.3 * error if error < -0.3 else error
        return float(np.clip(gain_db, -MAX_GAIN_DB, MAX_GAIN_DB))

    def better_gain_db(self, gain_db: float, loudness: Loudness) -> float:
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
            slope = (self._predict(gain_db + 0.5) - self._predict(gain_db)) / 0.5
        step = (self._target_lufs() - loudness.integrated_lufs) / float(np.clip(slope, 0.2, 1.0))
        return float(np.clip(gain_db + np.clip(step, -6, 6), -MAX_GAIN_DB, MAX_GAIN_DB))

    def meter(self, gain_db: float, *, limited: bool) -> LoudnessMeter:
        """A meter that has heard everything after the gain and, roughly, the limiter; it knows no peaks."""
        levels, peaks = np.frombuffer(self._levels, np.float16), np.frombuffer(self._peaks, np.float16)
        limiter = self._params.limiter
        reduces = limited and limiter is not None and self._params.amounts.limiter > 0
        reduction = _Reduction(gain_db, limiter, self._step / self._rate_hz) if limiter and reduces else None
        meter = LoudnessMeter(self._rate_hz, self._channels)
        whole = len(levels) // self._per_hop * self._per_hop
        for start in range(0, whole, CHUNK_STEPS):
            power = levels[start : min(start + CHUNK_STEPS, whole)].astype(np.float64) ** 2 * db_to_power(gain_db)
            if reduction:
                power *= reduction.power(peaks[start : start + len(power) + 1])[: len(power)]
            meter.take_energies(power.reshape(-1, self._per_hop).mean(axis=1))
        return meter

    def with_peaks(self, loudness: Loudness, gain_db: float) -> Loudness:
        """What ``meter`` could not know of an unlimited result."""
        true_peak, sample_peak = self._true_peaks.result()
        return replace(
            loudness,
            true_peak_dbtp=amplitude_to_db(true_peak, NO_FLOOR) + gain_db,
            sample_peak_dbfs=amplitude_to_db(sample_peak, NO_FLOOR) + gain_db,
            duration_s=self._frames / self._rate_hz,
        )

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
        return start + amount * (lufs.target_db - start) if np.isfinite(start) else lufs.target_db

    def _predict(self, gain_db: float) -> float:
        return self.meter(gain_db, limited=True).result().integrated_lufs


class _Reduction:
    """What a limiter leaves of the power of each step, roughly: its release, and one step of look-ahead."""

    def __init__(self, gain_db: float, limiter: Limiter, step_s: float) -> None:
        self._over = db_to_amplitude(gain_db - limiter.tp_db)
        self._fall = step_s / (limiter.release_ms / 1000) * np.arange(CHUNK_STEPS + 2)
        self._held = 0.0

    def power(self, peaks: NDArray[np.float16]) -> NDArray[np.float64]:
        """Of the next steps; ``peaks`` has one more, or ends with the recording."""
        needed = np.log(np.maximum(peaks.astype(np.float64) * self._over, 1.0))
        if not needed.any() and self._held < 1e-6:
            return np.ones(len(peaks))
        ahead = np.maximum(needed, np.append(needed[1:], 0.0))[:CHUNK_STEPS]
        with np.errstate(divide="ignore"):
            logs = np.log(np.concatenate([[self._held], ahead])) + self._fall[: len(ahead) + 1]
        reduction = np.exp(np.maximum.accumulate(logs) - self._fall[: len(ahead) + 1])[1:]
        self._held = float(reduction[-1])
        return np.asarray(np.exp(-2 * reduction))
