"""A look-ahead limiter that holds the true peak of ITU-R BS.1770-5 Annex 2, and gains that move in straight lines."""

from typing import Any

import numpy as np

from soundstage import compiled
from soundstage.arrays import Floats, Floats32, Samples
from soundstage.audio.decibels import db_to_amplitude
from soundstage.audio.true_peak import HISTORY, LEAD, oversampling_at, peak_envelope, reach

CONTROL_RATE_HZ = 12_000
"""About the rate of the nodes at which gains are made: every fourth frame at 48 kHz, twelve in a look-ahead of 1 ms."""

UNIT_FRAMES = 16_384
"""Frames that are limited at once (128 KiB of stereo, within a core's cache); a multiple of every control step."""

NO_REDUCTION = 1e-6
"""Nepers or dB: a reduction that small (9 · 10⁻⁶ dB at most) is over."""


def limit_true_peak(
    samples: Samples,
    rate_hz: int,
    ceiling_dbtp: float = -1.0,
    *,
    lookahead_ms: float = 2.0,
    release_ms: float = 60.0,
) -> Samples:
    """[frames, channels] with a true peak of at most ``ceiling_dbtp``, without delay; see ``TruePeakLimiter``."""
    limiter = TruePeakLimiter(rate_hz, samples.shape[1], ceiling_dbtp, lookahead_ms, release_ms)
    return limiter.process(samples, last=True)


class TruePeakLimiter:
    """A look-ahead limiter that holds the true peak, measured at 8×, within .02 dB of its ceiling. Channels are linked.

    Two stages: the first, on 4× points, does the work; its own gain changes can raise points between samples again by
    some hundredths of a dB, which the second, on 8× points, takes off. ``process`` returns what is ready, in order and
    without delay: as many frames as came in once ``last`` has been given.

    Args:
        ceiling_dbtp: −1 dBTP is the most that EBU R 128 allows.
        lookahead_ms: how early gain begins to fall before a peak.
        release_ms: in which a reduction, in dB, falls to 1/e.
    """

    def __init__(
        self,
        rate_hz: int,
        channels: int,
        ceiling_dbtp: float = -1.0,
        lookahead_ms: float = 2.0,
        release_ms: float = 60.0,
    ) -> None:
        ceiling = db_to_amplitude(ceiling_dbtp)
        self._stages = [
            _GainStage(rate_hz, channels, ceiling, oversampling=factor, window_ms=window_ms, release_ms=release_ms)
            for factor, window_ms in ((oversampling_at(rate_hz, 4), lookahead_ms), (8, lookahead_ms / 2))
        ]
        self._to_drop = sum(stage.delay_frames for stage in self._stages)
        self._waiting = np.zeros((0, channels), np.float32)
        self._owed = 0  # frames that came in and have not gone out

    @property
    def state(self) -> dict[str, Any]:
        """All that the next ``process`` depends on: numbers, arrays, and the same of each stage."""
        stages = [stage.state for stage in self._stages]
        return {"to_drop": self._to_drop, "owed": self._owed, "waiting": self._waiting, "stages": stages}

    @state.setter
    def state(self, state: dict[str, Any]) -> None:
        self._to_drop, self._owed, self._waiting = state["to_drop"], state["owed"], state["waiting"]
        for stage, kept in zip(self._stages, state["stages"], strict=True):
            stage.state = kept

    def process(self, samples: Samples, *, last: bool = False) -> Samples:
        """Take the next [frames, channels] and return those that are ready; ``last`` empties the limiter."""
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

    The gain is made at a control rate: the reduction that is ``needed`` at nodes, in nepers, decays with the release,
    is reached early by the look-ahead, and smoothed by a window as long, so that it is complete when the peak arrives.
    """

    KEPT = ("delayed", "carried", "past")

    def __init__(
        self, rate_hz: int, channels: int, ceiling: float, *, oversampling: int, window_ms: float, release_ms: float
    ) -> None:
        self._ceiling, self._oversampling = ceiling, oversampling
        self._step = 1 << max(0, round(np.log2(rate_hz / CONTROL_RATE_HZ)))
        nodes = max(2, round(window_ms / 1000 * rate_hz / self._step))
        self._window = np.hanning(nodes + 3)[1:-1] / np.hanning(nodes + 3).sum()
        self._decay = self._step / (release_ms / 1000 * rate_hz)
        self.delay_frames = HISTORY - LEAD + (nodes + 1) * self._step
        # At low rates the delay is shorter than what the points need of the past.
        self._delayed = np.zeros((max(self.delay_frames, HISTORY), channels), np.float32)
        self._carried = np.array([0.0, 0.0, 1.0])  # the last step's need, the reduction held, the last gain
        self._past = np.zeros((2, nodes))  # what was held, and what of that the look-ahead reached

    @property
    def state(self) -> dict[str, Any]:
        return {name: getattr(self, f"_{name}").copy() for name in _GainStage.KEPT}

    @state.setter
    def state(self, state: dict[str, Any]) -> None:
        for name in _GainStage.KEPT:
            setattr(self, f"_{name}", state[name].copy())

    def process(self, unit: Samples) -> Samples:
        """Take the next unit [frames, channels] (a multiple of the control step), return as many."""
        signal = np.concatenate([self._delayed, unit])
        late = signal[len(self._delayed) - self.delay_frames :][: len(unit)]
        self._delayed = signal[len(unit) :]
        around = signal[-len(unit) - HISTORY :]
        idle = self._idle()
        if idle and max(float(around.max()), -float(around.min())) * reach() <= self._ceiling:
            return late
        peaks = peak_envelope(around, self._oversampling, self._ceiling, self._step)
        if idle and float(peaks.max()) <= self._ceiling:
            return late
        gains = self._gains(peaks)
        return late if gains.min() == 1.0 else apply_gains(late, gains, self._step)

    def _idle(self) -> bool:
        """Whether nothing is reduced now, nor will be because of what came so far."""
        return bool(self._carried[2] == 1.0) and not self._carried[:2].any() and not self._past.any()

    def _gains(self, peaks: Floats32) -> Floats:
        """From the peak of each step between two nodes [steps] to the gain factor at the nodes [steps + 1]."""
        if loops := compiled.loops():
            return loops.make_gains(
                peaks, self._ceiling, self._decay, window=self._window, carried=self._carried, past=self._past
            )
        last_needed, last_held, last_gain = self._carried
        needed = np.log(np.maximum(peaks / np.float32(self._ceiling), 1.0), dtype=np.float64)
        held = decaying_maximum(
            np.maximum(needed, np.concatenate([[last_needed], needed[:-1]])), last_held, self._decay
        )
        ahead = np.concatenate([self._past[0], held])
        reached = np.concatenate([self._past[1], _sliding_max(ahead, self._past.shape[1] + 1)])
        reduction = np.convolve(reached, self._window, mode="valid")
        gains = np.concatenate([[last_gain], np.exp(-reduction)])
        self._past = np.stack([ahead[len(held) :], reached[len(held) :]])
        self._carried = np.array([needed[-1], held[-1], gains[-1]])
        return gains


def apply_gains(samples: Samples, gains: Floats, step: int, first: int = 0) -> Samples:
    """[frames, channels] times a gain factor that goes in a line from node to node, ``step`` frames apart.

    Args:
        gains: [nodes], at least ``frames / step + 1``.
        first: where the first frame after a node stands on the way to the next: 0, or 1 to end on that.
    """
    if loops := compiled.loops():
        return loops.apply_gains(samples, gains, step, first)
    ramp = (np.arange(step) + first) / step
    between = (gains[:-1, None] + np.diff(gains)[:, None] * ramp).astype(np.float32)
    return np.asarray(samples * between.reshape(-1, 1)[: len(samples)], np.float32)


def decaying_maximum(x: Floats, start: float, decay: float) -> Floats:
    """y[k] = max(x[k], y[k − 1] · e^−decay), where y[−1] is ``start``: what a release makes of x [n], all ≥ 0.

    A running maximum of logarithms. All zeros once x is and what is left of ``start`` is below ``NO_REDUCTION``.
    """
    if not x.any() and start < NO_REDUCTION:
        return x
    if loops := compiled.loops():
        return loops.hold_maximum(x, float(np.exp(-decay)), start)
    fall = decay * np.arange(len(x) + 1)
    with np.errstate(divide="ignore"):
        logs = np.log(np.concatenate([[start], x])) + fall
    return np.asarray(np.exp(np.maximum.accumulate(logs) - fall)[1:])


def _sliding_max(values: Floats, length: int) -> Floats:
    """Maximum of every ``length`` neighbours, [n − length + 1]: windows double until they reach the length."""
    reach = 1
    while 2 * reach <= length:
        values = np.maximum(values[:-reach], values[reach:])
        reach *= 2
    rest = length - reach
    return np.maximum(values[: len(values) - rest], values[rest:]) if rest else values
