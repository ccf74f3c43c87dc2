"""The stages of a style as streaming processors.

``reset(rate_hz, channels, params)`` prepares one; ``process(x, state, last=…) -> (y, state)`` takes the next frames
[frames, channels] and returns those that are ready, in order and without delay: after ``last`` as many came out as
went in, and of a reverb as many more as are heard of its tail. ``state`` is None at the start; it holds numbers and
arrays, and ``encode_state`` makes it JSON. Each processor works in blocks that lie on its own grid, so however a signal
is cut, the result is the same to the bit.
"""

import base64
from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

import numpy as np

from soundstage.arrays import BLOCK_FRAMES, READ_FRAMES, Samples
from soundstage.audio import filters
from soundstage.audio.decibels import db_to_amplitude
from soundstage.audio.dynamics import TruePeakLimiter
from soundstage.audio.filters import SosFilter
from soundstage.audio.programme import HEARD_S
from soundstage.models.style import Exciter, Limiter

State = dict[str, Any]
P = TypeVar("P")

TIME_CONSTANTS_TO_REST = 14.0
"""e^−14 ≈ 10⁻⁶: after so many time constants what was is 120 dB down."""


def encode_state(state: State) -> State:
    """A state as JSON: an array becomes ``{"dtype", "shape", "base64"}``."""
    return {name: _encode(value) for name, value in state.items()}


def decode_state(state: State) -> State:
    """The inverse of ``encode_state``."""
    return {name: _decode(value) for name, value in state.items()}


def _encode(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        raw = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode("ascii")
        return {"dtype": value.dtype.str, "shape": list(value.shape), "base64": raw}
    if isinstance(value, dict):
        return encode_state(value)
    return [_encode(item) for item in value] if isinstance(value, list) else value


def _decode(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"dtype", "shape", "base64"}:
        flat = np.frombuffer(base64.b64decode(value["base64"]), np.dtype(value["dtype"]))
        return flat.reshape(value["shape"]).copy()
    if isinstance(value, dict):
        return decode_state(value)
    return [_decode(item) for item in value] if isinstance(value, list) else value


class Processor(ABC, Generic[P]):
    """A stage. Subclasses process one block [frames, channels] of at most ``block_frames`` at a time."""

    block_frames = BLOCK_FRAMES

    def reset(self, rate_hz: int, channels: int, params: P) -> None:
        """Prepare for a stream; ``params`` are the stage's own, with its amount already taken into account."""
        self.rate_hz, self.channels, self.params = rate_hz, channels, params
        self._prepare()

    def process(self, x: Samples, state: State | None = None, *, last: bool = False) -> tuple[Samples, State]:
        """Take the next [frames, channels] and return those that are ready: see the module."""
        state = {"waiting": [], "inner": self._first_state()} if state is None else state
        waiting: list[Samples] = state["waiting"]
        if not last and sum(map(len, waiting)) + len(x) < self.block_frames:
            return x[:0], {"waiting": [*waiting, x.copy()], "inner": state["inner"]}
        if waiting:
            x = np.concatenate([*waiting, x])
        whole = len(x) if last else len(x) // self.block_frames * self.block_frames
        inner = state["inner"]
        ready = []
        for start in range(0, whole, self.block_frames):
            y, inner = self._block(x[start : min(start + self.block_frames, whole)], inner)
            ready.append(y)
        if last:
            y, inner = self._rest(inner)
            ready.append(y)
        out = ready[0] if len(ready) == 1 else np.concatenate(ready) if ready else x[:0]
        return out, {"waiting": [x[whole:].copy()] if whole < len(x) else [], "inner": inner}

    def tail_s(self) -> float:
        """Seconds for which the past matters: a segment that starts this much early joins without a seam."""
        return 0.0

    @abstractmethod
    def _prepare(self) -> None: ...

    def _first_state(self) -> State:
        return {}

    @abstractmethod
    def _block(self, x: Samples, state: State) -> tuple[Samples, State]: ...

    def _rest(self, state: State) -> tuple[Samples, State]:
        """The frames that are still inside after the last block."""
        return np.zeros((0, self.channels), np.float32), state


class HarmonicExciter(Processor[Exciter]):
    """x + mix · (tanh(drive · b) / drive − b), where b is the band from ``f_hz`` to a sixth of the rate.

    The third harmonic of that band ends at half the rate, so most of what tanh adds does not fold back.
    State: ``zi`` of the band's filter.
    """

    ORDER = 4  # of the Butterworth filters on both sides: 24 dB per octave
    HIGHEST_SHARE = 0.9  # of the band's upper edge: below it, the lower edge is held

    def _prepare(self) -> None:
        top_hz = self.rate_hz / 6
        self._bottom_hz = min(self.params.f_hz, self.HIGHEST_SHARE * top_hz)
        band = [filters.butterworth(self.rate_hz, self._bottom_hz, self.ORDER, "high")]
        band.append(filters.butterworth(self.rate_hz, top_hz, self.ORDER, "low"))
        self._filter = SosFilter(np.concatenate(band), self.channels)
        self._drive = np.float32(db_to_amplitude(self.params.drive_db))

    def _first_state(self) -> State:
        return {"zi": np.zeros_like(self._filter.state)}

    def _block(self, x: Samples, state: State) -> tuple[Samples, State]:
        self._filter.state = state["zi"]
        band = self._filter.process(x)
        y = x + np.float32(self.params.mix) * (np.tanh(self._drive * band) / self._drive - band)
        return y, {"zi": self._filter.state}

    def tail_s(self) -> float:
        # The poles of the high pass that decay slowest (S. Butterworth 1930): at 67.5° to the real axis.
        return float(TIME_CONSTANTS_TO_REST / (2 * np.pi * self._bottom_hz * np.cos(3 * np.pi / 8)))


class PeakLimiter(Processor[Limiter]):
    """``audio.dynamics.TruePeakLimiter`` as a stage. State: the limiter's own."""

    block_frames = READ_FRAMES  # its state, which is kept after each, is a third of a second of sound

    def _prepare(self) -> None:
        self._limiter = self._new()
        self._start = self._state = self._limiter.state

    def _new(self) -> TruePeakLimiter:
        params = self.params
        times_ms = params.lookahead_ms, params.release_ms
        return TruePeakLimiter(self.rate_hz, self.channels, params.tp_db, *times_ms, adaptive=params.adaptive)

    def _first_state(self) -> State:
        return self._start

    def _block(self, x: Samples, state: State) -> tuple[Samples, State]:
        if state is not self._state:  # as a rule it goes on from where it is, and copies nothing
            self._limiter.state = state
        y = self._limiter.process(x)
        self._state = self._limiter.state
        return y, self._state

    def _rest(self, state: State) -> tuple[Samples, State]:
        self._limiter.state = state
        y = self._limiter.process(np.zeros((0, self.channels), np.float32), last=True)
        self._state = self._limiter.state
        return y, self._state

    def tail_s(self) -> float:
        return TIME_CONSTANTS_TO_REST * self.params.release_ms / 1000 + (HEARD_S if self.params.adaptive else 0.0)
