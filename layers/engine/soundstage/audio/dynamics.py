"""A look-ahead limiter that holds the true peak of ITU-R BS.1770-5 Annex 2, and gains that move in straight lines."""

import ctypes
import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soundstage import compiled
from soundstage.arrays import Floats, Floats32, Samples
from soundstage.audio.decibels import db_to_amplitude
from soundstage.audio.programme import TICK_NODES, Programme, at_nodes, hann, sliding_maximum
from soundstage.audio.true_peak import (
    HISTORY,
    LEAD,
    OVERSAMPLINGS,
    all_taps,
    oversampling_at,
    peak_envelope,
    reach,
)

CONTROL_RATE_HZ = 12_000
"""About the rate of the nodes at which gains are made: every fourth frame at 48 kHz, twelve in a look-ahead of 1 ms."""

UNIT_FRAMES = 16_384
"""Frames that are limited at once (128 KiB of stereo, within a core's cache); a multiple of every control step."""

NO_REDUCTION = 1e-6
"""Nepers or dB: a reduction that small (9 · 10⁻⁶ dB at most) is over."""

BRIGHT_SHARE = 0.2
"""Of look-ahead and release where the sound is bright."""


def limit_true_peak(
    samples: Samples,
    rate_hz: int,
    ceiling_dbtp: float = -1.0,
    *,
    lookahead_ms: float = 2.0,
    release_ms: float = 60.0,
    adaptive: bool = False,
) -> Samples:
    """[frames, channels] with a true peak of at most ``ceiling_dbtp``, without delay; see ``TruePeakLimiter``."""
    limiter = TruePeakLimiter(rate_hz, samples.shape[1], ceiling_dbtp, lookahead_ms, release_ms, adaptive=adaptive)
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
        adaptive: both times are for dull sounds and .2 of that for bright ones; and what is needed again and again,
            as a bass needs it in every period, is held in between: see ``programme``.
    """

    def __init__(
        self,
        rate_hz: int,
        channels: int,
        ceiling_dbtp: float = -1.0,
        lookahead_ms: float = 2.0,
        release_ms: float = 60.0,
        *,
        adaptive: bool = False,
    ) -> None:
        ceiling = db_to_amplitude(ceiling_dbtp)
        self._stages = [
            _GainStage(
                rate_hz,
                channels,
                ceiling,
                oversampling=factor,
                window_ms=window_ms,
                release_ms=release_ms,
                adaptive=adaptive and first,
            )
            for factor, window_ms, first in (
                (oversampling_at(rate_hz, 4), lookahead_ms, True),
                (8, lookahead_ms / 2, False),
            )
        ]
        self._to_drop = sum(stage.delay_frames for stage in self._stages)
        self._waiting = np.zeros((0, channels), np.float32)
        self._owed = 0  # frames that came in and have not gone out

    @property
    def state(self) -> dict[str, Any]:
        """All that the next ``process`` depends on: numbers, and arrays of its own and of each stage."""
        stages = [[array.copy() for array in stage.memory] for stage in self._stages]
        return {"to_drop": self._to_drop, "owed": self._owed, "waiting": self._waiting, "stages": stages}

    @state.setter
    def state(self, state: dict[str, Any]) -> None:
        self._to_drop, self._owed, self._waiting = state["to_drop"], state["owed"], state["waiting"]
        for stage, kept in zip(self._stages, state["stages"], strict=True):
            for array, values in zip(stage.memory, kept, strict=True):
                array[:] = values

    def process(self, samples: Samples, *, last: bool = False) -> Samples:
        """Take the next [frames, channels] and return those that are ready; ``last`` empties the limiter."""
        self._owed += len(samples)
        waiting = np.concatenate([self._waiting, samples]) if len(self._waiting) else samples
        if last:
            units = -(-(self._owed + self._to_drop) // UNIT_FRAMES)
            silence = units * UNIT_FRAMES - len(waiting)
            waiting = np.concatenate([waiting, np.zeros((max(silence, 0), samples.shape[1]), np.float32)])
        # Whole units only, so that the result does not depend on how the signal was cut.
        units = len(waiting) // UNIT_FRAMES
        limited = self._limited(waiting, units)
        dropped = min(self._to_drop, len(limited))
        self._to_drop -= dropped
        self._waiting = waiting[units * UNIT_FRAMES :].copy()
        out = limited[dropped:][: self._owed]
        self._owed -= len(out)
        return out

    def _limited(self, samples: Samples, units: int) -> Samples:
        """The next so many units through all stages, late."""
        if loops := compiled.loops():
            return loops.limit(self._compiled, samples, units)
        out = np.empty((units * UNIT_FRAMES, samples.shape[1]), np.float32)
        for start in range(0, len(out), UNIT_FRAMES):
            unit = slice(start, start + UNIT_FRAMES)
            out[unit] = functools.reduce(lambda x, stage: stage.process(x), self._stages, samples[unit])
        return out

    @functools.cached_property
    def _compiled(self) -> "ctypes.Array[compiled.LimiterStage]":
        stages = [stage.compiled() for stage in self._stages]
        return (compiled.LimiterStage * len(stages))(*stages)


class _GainStage:
    """One pass of the limiter over whole units, ``delay_frames`` late.

    The gain is made at a control rate, from the reduction that is needed at nodes, in nepers. ``adaptive`` makes it
    twice and moves between the two with how bright the sound is: convex, so what both hold is held.

    ``memory`` are the arrays that the next unit depends on; they stay where they are.
    """

    def __init__(
        self,
        rate_hz: int,
        channels: int,
        ceiling: float,
        *,
        oversampling: int,
        window_ms: float,
        release_ms: float,
        adaptive: bool = False,
    ) -> None:
        self._ceiling, self._oversampling = ceiling, oversampling
        self._step = 1 << max(0, round(np.log2(rate_hz / CONTROL_RATE_HZ)))
        node_hz = rate_hz / self._step
        self._releases = [_Release(node_hz, window_ms, release_ms)]
        self._programme = None
        if adaptive:
            self._releases.append(_Release(node_hz, BRIGHT_SHARE * window_ms, BRIGHT_SHARE * release_ms))
            self._programme = Programme(rate_hz, self._step)
        waits = self._programme.delay_ticks * TICK_NODES if self._programme else 0
        nodes = self._releases[0].nodes
        self.delay_frames: int = HISTORY - LEAD + (waits + nodes + 1) * self._step
        # At low rates the delay is shorter than what the points need of the past.
        kept = max(self.delay_frames, HISTORY)
        self._room = np.zeros((kept + UNIT_FRAMES, channels), np.float32)
        self._delayed = self._room[:kept]
        self._last = np.ones(1)  # gain
        self._needed = np.zeros(waits + nodes)
        self.memory: list[NDArray[np.floating]] = [self._delayed, self._last, self._needed]
        self.memory += [self._programme.heard] if self._programme else []
        self.memory += [array for release in self._releases for array in (release.carried, release.past)]

    def compiled(self) -> compiled.LimiterStage:
        """What ``loops.c`` does as ``process``."""
        steps = UNIT_FRAMES // self._step
        ticks = self._programme.heard.shape[1] if self._programme else 0
        self._scratch = np.empty(10 * (steps + len(self._needed) + ticks + 1))
        stage = compiled.LimiterStage(
            frames=UNIT_FRAMES,
            channels=self._room.shape[1],
            step=self._step,
            delay=self.delay_frames,
            kept=len(self._delayed),
            refinements=OVERSAMPLINGS[self._oversampling],
            waiting=len(self._needed),
            ceiling=self._ceiling,
            reach=reach(),
            taps=compiled.at(all_taps()),
            room=compiled.at(self._room),
            last_gain=compiled.at(self._last),
            needed=compiled.at(self._needed),
            scratch=compiled.at(self._scratch),
            releases=len(self._releases),
        )
        for into, release in zip(stage.release, self._releases, strict=False):
            release.fill(into)
        if self._programme:
            self._programme.fill(stage)
        return stage

    def process(self, unit: Samples) -> Samples:
        """Take the next unit [frames, channels] (a multiple of the control step), return as many."""
        signal = np.concatenate([self._delayed, unit])
        late = signal[len(self._delayed) - self.delay_frames :][: len(unit)]
        self._delayed[:] = signal[len(unit) :]
        around = signal[-len(unit) - HISTORY :]
        idle = self._idle()
        if not idle or max(float(around.max()), -float(around.min())) * reach() > self._ceiling:
            peaks = peak_envelope(around, self._oversampling, self._ceiling, self._step)
            if not idle or float(peaks.max()) > self._ceiling:
                gains = self._gains(peaks, around[LEAD : LEAD + len(unit)])
                return late if gains.min() == 1.0 else apply_gains(late, gains, self._step)
        if self._programme:
            self._programme.heard[:] = 0.0
        return late

    def _idle(self) -> bool:
        """Whether nothing is reduced now, nor will be because of what came so far."""
        return bool(self._last[0] == 1.0) and not self._needed.any() and not any(r.active for r in self._releases)

    def _gains(self, peaks: Floats32, unit: Samples) -> Floats:
        """From the peak of each step between two nodes [steps] to the gain factor at the nodes [steps + 1]."""
        steps, slow = len(peaks), self._releases[0]
        needed = np.concatenate([self._needed, _needs(peaks, self._ceiling)])
        self._needed[:] = needed[steps:]
        if self._programme:
            quick = self._releases[1]
            persistent, dull, brightness = self._programme.process(needed[-steps:], unit)
            slowly = slow.reduction(needed[slow.nodes :][:steps], np.maximum(persistent, dull))
            quickly = quick.reduction(needed[quick.nodes :][:steps], persistent)
            made = _to_gains(slowly, quickly, brightness)
        else:
            made = _to_gains(slow.reduction(needed[slow.nodes :]))
        gains = np.concatenate([self._last, made])
        self._last[:] = gains[-1]
        return gains


class _Release:
    """A look-ahead and a release: what is needed decays, is reached early, and smoothed by a window as long as that,
    so that it is complete when the peak arrives, ``nodes`` later.

    Attributes:
        carried: the last need and what is held.
        past: what was held, and what of that the look-ahead reached: [2, nodes].
    """

    def __init__(self, node_hz: float, window_ms: float, release_ms: float) -> None:
        self.nodes = max(2, round(window_ms / 1000 * node_hz))
        self._window = hann(self.nodes + 1)
        self._decay = 1 / (release_ms / 1000 * node_hz)
        self.carried = np.zeros(2)
        self.past = np.zeros((2, self.nodes))

    def fill(self, into: compiled.Release) -> None:
        """What ``loops.c`` does as ``reduction``."""
        into.nodes, into.fall, into.window = self.nodes, float(np.exp(-self._decay)), compiled.at(self._window)
        into.carried, into.past = compiled.at(self.carried), compiled.at(self.past)

    @property
    def active(self) -> bool:
        return bool(self.carried.any() or self.past.any())

    def reduction(self, needed: Floats, floor: Floats | None = None) -> Floats:
        """From what is needed in each step [steps] to the reduction at the nodes that end them.

        ``floor``: [ticks + 1], a reduction that is kept at least, which goes in lines from tick to tick.
        """
        last_needed, last_held = self.carried
        wanted = np.maximum(needed, np.concatenate([[last_needed], needed[:-1]]))
        if floor is not None:
            wanted = np.maximum(wanted, at_nodes(floor))
        held = decaying_maximum(wanted, last_held, self._decay)
        ahead = np.concatenate([self.past[0], held])
        reached = np.concatenate([self.past[1], sliding_maximum(ahead, self.nodes + 1)])
        self.past[:] = ahead[len(held) :], reached[len(held) :]
        self.carried[:] = needed[-1], held[-1]
        return np.convolve(reached, self._window, mode="valid")


def _to_gains(slow: Floats, quick: Floats | None = None, brightness: Floats | None = None) -> Floats:
    """The gain at each node from its reduction [nodes], or from two: brightness [ticks + 1] leads to the second."""
    reduction = slow if quick is None or brightness is None else slow + at_nodes(brightness) * (quick - slow)
    return np.exp(-reduction)


def _needs(peaks: Floats32, ceiling: float) -> Floats:
    """The reduction that each peak needs, nepers."""
    needed = np.zeros(len(peaks))
    over = np.flatnonzero(peaks > np.float32(ceiling))
    needed[over] = np.log(peaks[over] / np.float32(ceiling), dtype=np.float64)
    return needed


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
