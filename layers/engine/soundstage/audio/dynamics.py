"""Dynamics: a true-peak limiter that holds its ceiling."""

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soundstage.audio.true_peak import HISTORY, LEAD, oversampling_at, peak_envelope, reach

CONTROL_RATE_HZ = 12_000
UNIT_FRAMES = 16_384
NO_REDUCTION = 1e-6


def limit_true_peak(
    samples: NDArray[np.float32],
    rate_hz: int,
    ceiling_dbtp: float = -1.0,
    *,
    lookahead_ms: float = 2.0,
    release_ms: float = 60.0,
) -> NDArray[np.float32]:
    """Limit [frames, channels] to ``ceiling_dbtp``, channels linked, without delay. See ``TruePeakLimiter``."""
    limiter = TruePeakLimiter(rate_hz, samples.shape[1], ceiling_dbtp, lookahead_ms, release_ms)
    return limiter.process(samples, last=True)


class TruePeakLimiter:
    """A look-ahead limiter that holds the true peak, measured at 8×, within .02 dB of its ceiling.

    Two stages: the first, on 4× points, does the work; its own gain changes can raise points between samples again by
    some hundredths of a dB, which the second, on 8× points, takes off. ``process`` returns what is ready, in order and
    without delay: as many frames as came in once ``last`` has been given.
    """

    def __init__(
        self,
        rate_hz: int,
        channels: int,
        ceiling_dbtp: float = -1.0,
        lookahead_ms: float = 2.0,
        release_ms: float = 60.0,
    ) -> None:
        ceiling = 10 ** (ceiling_dbtp / 20)
        self._stages = [
            _GainStage(rate_hz, channels, ceiling, oversampling=factor, window_ms=window_ms, release_ms=release_ms)
            for factor, window_ms in ((oversampling_at(rate_hz, 4), lookahead_ms), (8, lookahead_ms / 2))
        ]
        self._to_drop = sum(stage.delay_frames for stage in self._stages)
        self._waiting = np.zeros((0, channels), np.float32)
        self._owed = 0

    @property
    def state(self) -> dict[str, Any]:
        """Everything that the next ``process`` depends on: numbers, arrays, and the same of each stage."""
        stages = [stage.state for stage in self._stages]
        return {"to_drop": self._to_drop, "owed": self._owed, "waiting": self._waiting, "stages": stages}

    @state.setter
    def state(self, state: dict[str, Any]) -> None:
        self._to_drop, self._owed, self._waiting = state["to_drop"], state["owed"], state["waiting"]
        for stage, kept in zip(self._stages, state["stages"], strict=True):
            stage.state = kept

    def process(self, samples: NDArray[np.float32], *, last: bool = False) -> NDArray[np.float32]:
        """Take the next [frames, channels] and return what is ready; ``last`` empties the limiter."""
        self._owed += len(samples)
        waiting = np.concatenate([self._waiting, samples]) if len(self._waiting) else samples
        if last:
            units = -(-(self._owed + self._to_drop) // UNIT_FRAMES)
            silence = units * UNIT_FRAMES - len(waiting)
            waiting = np.concatenate([waiting, np.zeros((max(silence, 0), samples.shape[1]), np.float32)])
        # Whole units only, so that the result does not depend on how the signal was cut.
        ready = []
        whole = len(waiting) // UNIT_FRAMES * UNIT_FRAMES
        for start in range(0, whole, UNIT_FRAMES):
            unit = waiting[start : start + UNIT_FRAMES]
            for stage in self._stages:
                unit = stage.process(unit)
            dropped = min(self._to_drop, len(unit))
            self._to_drop -= dropped
            ready.append(unit[dropped:])
        self._waiting = waiting[whole:].copy()
        out = np.concatenate(ready)[: self._owed] if ready else samples[:0]
        self._owed -= len(out)
        return out


class _GainStage:
    """One pass of the limiter over whole units, ``delay_frames`` late.

    The gain is made at a control rate: ``needed`` reduction in nepers at nodes, held for the release, held back by the
    look-ahead, smoothed by a window as long, so that it is complete when the peak arrives.
    """

    KEPT = ("delayed", "last_needed", "ahead", "smoothed_from", "last_gain")

    def __init__(
        self, rate_hz: int, channels: int, ceiling: float, *, oversampling: int, window_ms: float, release_ms: float
    ) -> None:
        self._ceiling, self._oversampling = ceiling, oversampling
        self._step = 1 << max(0, round(np.log2(rate_hz / CONTROL_RATE_HZ)))
        nodes = max(2, round(window_ms / 1000 * rate_hz / self._step))
        self._window = np.hanning(nodes + 3)[1:-1] / np.hanning(nodes + 3).sum()
        self._release = _Release(self._step / (release_ms / 1000 * rate_hz))
        self.delay_frames = HISTORY - LEAD + (nodes + 1) * self._step
        self._delayed = np.zeros((self.delay_frames, channels), np.float32)
        self._last_needed = 0.0
        self._ahead = np.zeros(nodes)
        self._smoothed_from = np.zeros(nodes)
        self._last_gain = 1.0

    @property
    def state(self) -> dict[str, Any]:
        kept = {name: getattr(self, f"_{name}") for name in _GainStage.KEPT}
        return {**kept, "held": self._release.held}

    @state.setter
    def state(self, state: dict[str, Any]) -> None:
        self._release.held = state["held"]
        for name in _GainStage.KEPT:
            setattr(self, f"_{name}", state[name])

    def process(self, unit: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take the next unit of frames (a multiple of the control step), return as many."""
        signal = np.concatenate([self._delayed, unit])
        self._delayed = signal[len(unit) :]
        heard = signal[-len(unit) - HISTORY :]
        idle = self._idle()
        if idle and max(float(heard.max()), -float(heard.min())) * reach() <= self._ceiling:
            return signal[: len(unit)]
        peaks = peak_envelope(heard, self._oversampling, self._ceiling)
        if idle and float(peaks.max()) <= self._ceiling:
            return signal[: len(unit)]
        gains = self._gains(functools.reduce(np.maximum, [peaks[i :: self._step] for i in range(self._step)]))
        if gains.min() == 1.0:
            return signal[: len(unit)]
        ramp = np.arange(self._step, dtype=np.float32) / self._step
        between = gains[:-1, None] + np.diff(gains)[:, None] * ramp
        limited: NDArray[np.float32] = signal[: len(unit)] * between.reshape(-1, 1).astype(np.float32)
        return limited

    def _idle(self) -> bool:
        """Whether nothing is reduced now or because of what was heard so far."""
        at_rest = self._last_gain == 1.0 and self._last_needed == 0.0 and self._release.held == 0.0
        return at_rest and not self._ahead.any() and not self._smoothed_from.any()

    def _gains(self, peaks: NDArray[np.float32]) -> NDArray[np.float64]:
        """From the peak of each step between two nodes to the gain at the nodes, one more than steps."""
        needed = np.log(np.maximum(peaks / self._ceiling, 1.0), dtype=np.float64)
        at_nodes = np.maximum(needed, np.concatenate([[self._last_needed], needed[:-1]]))
        self._last_needed = float(needed[-1])
        held = self._release.hold(at_nodes)
        ahead = np.concatenate([self._ahead, held])
        reached = _sliding_max(ahead, len(self._ahead) + 1)
        smoothed_from = np.concatenate([self._smoothed_from, reached])
        reduction = np.convolve(smoothed_from, self._window, mode="valid")
        self._ahead, self._smoothed_from = ahead[len(held) :], smoothed_from[len(reached) :]
        gains = np.concatenate([[self._last_gain], np.exp(-reduction)])
        self._last_gain = float(gains[-1])
        return gains


class _Release:
    """held[k] = max(needed[k], held[k − 1] · e^−decay), vectorised as a running maximum of logarithms."""

    def __init__(self, decay: float) -> None:
        self._decay = decay
        self.held = 0.0

    def hold(self, needed: NDArray[np.float64]) -> NDArray[np.float64]:
        """The next values, all ≥ 0, with their release."""
        if not needed.any() and self.held < NO_REDUCTION:
            self.held = 0.0
            return needed
        fall = self._decay * np.arange(len(needed) + 1)
        with np.errstate(divide="ignore"):
            logs = np.log(np.concatenate([[self.held], needed])) + fall
        held: NDArray[np.float64] = np.exp(np.maximum.accumulate(logs) - fall)[1:]
        self.held = float(held[-1])
        return held


def _sliding_max(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Maximum of every ``length`` neighbours, [n − length + 1]: windows double until they reach the length."""
    reach = 1
    while 2 * reach <= length:
        values = np.maximum(values[:-reach], values[reach:])
        reach *= 2
    rest = length - reach
    return np.maximum(values[: len(values) - rest], values[rest:]) if rest else values
