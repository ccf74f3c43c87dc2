"""Which static gain makes a recording land on its loudness, when a limiter takes some of it away again."""

from array import array

import numpy as np
from numpy.typing import NDArray

from soundstage.audio.filters import SosFilter
from soundstage.audio.loudness import (
    CHANNEL_WEIGHTS,
    GATING_STEP_HOPS,
    MOMENTARY_HOPS,
    Loudness,
    integrated_loudness,
    k_weighting,
)
from soundstage.match.processors import Samples
from soundstage.models.style import StyleParams

STEPS_PER_S = 500
STEPS_PER_GATE = STEPS_PER_S // 10
GATE_STEPS = MOMENTARY_HOPS // GATING_STEP_HOPS
MAX_GAIN_DB = 40.0
CHUNK_STEPS = 65_536


class Landing:
    """Notes energy and peak of the signal before the gain, and predicts from them; keeps 8 bytes a step."""

    def __init__(self, rate_hz: int, channels: int, params: StyleParams) -> None:
        self._params = params
        self._step = rate_hz // STEPS_PER_S
        self._weights = np.array(CHANNEL_WEIGHTS[channels])
        self._filter = SosFilter(k_weighting(rate_hz), channels)
        self._waiting = np.zeros((0, channels), np.float32)
        self._energies, self._peaks = array("f"), array("f")
        self._tried: list[tuple[float, float]] = []

    def note(self, samples: Samples) -> None:
        """Take the next [frames, channels]."""
        if not self._params.lufs:
            return
        if len(self._waiting):
            samples = np.concatenate([self._waiting, samples])
        whole = len(samples) // self._step * self._step
        self._waiting = samples[whole:].copy()
        for start in range(0, whole, 64 * self._step):
            self._note_steps(samples[start : min(start + 64 * self._step, whole)])

    def _note_steps(self, samples: Samples) -> None:
        planes = self._filter.planes(samples).reshape(samples.shape[1], -1, self._step)
        self._energies.extend(self._weights @ np.einsum("csf,csf->cs", planes, planes) / self._step)
        rows = samples.reshape(-1, self._step * samples.shape[1])
        self._peaks.extend(np.maximum(rows.max(axis=1), -rows.min(axis=1)))

    def error_lu(self, loudness: Loudness) -> float:
        """How far a result is from the target; 0 when there is none, or nothing to hear."""
        if self._params.lufs is None or not np.isfinite(loudness.integrated_lufs):
            return 0.0
        return loudness.integrated_lufs - self._target_lufs()

    def first_gain_db(self) -> float:
        """The gain that is predicted to land; the preset's own when there is no target."""
        if self._params.lufs is None:
            return 0.0
        loudness = self._predict(0.0, limited=False)
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
        """The next gain to try after ``gain_db`` gave ``loudness``: by the secant, or by the prediction's slope."""
        self._tried.append((gain_db, loudness.integrated_lufs))
        if len(self._tried) > 1:
            (g0, l0), (g1, l1) = self._tried[-2:]
            slope = (l1 - l0) / (g1 - g0) if abs(g1 - g0) > 1e-4 else 1.0
        else:
            slope = (self._predict(gain_db + 0.5) - self._predict(gain_db)) / 0.5
        step = (self._target_lufs() - loudness.integrated_lufs) / float(np.clip(slope, 0.2, 1.0))
        return float(np.clip(gain_db + np.clip(step, -6, 6), -MAX_GAIN_DB, MAX_GAIN_DB))

    def _target_lufs(self) -> float:
        """The target, or a part of the way to it: ``amount`` of the distance from the loudness without gain."""
        lufs, amount = self._params.lufs, self._params.amounts.lufs
        assert lufs is not None  # noqa: S101 - callers have looked
        if amount == 1.0:
            return lufs.target_db
        now = self._predict(0.0, limited=False)
        return now + amount * (lufs.target_db - now) if np.isfinite(now) else lufs.target_db

    def _predict(self, gain_db: float, *, limited: bool = True) -> float:
        """Integrated loudness after the gain and, roughly, the limiter."""
        limiter = self._params.limiter if limited and self._params.amounts.limiter > 0 else None
        energies = np.frombuffer(self._energies, np.float32)
        if limiter is not None:
            over = 10 ** ((gain_db - limiter.tp_db) / 20)
            energies = energies * _limited_power(
                np.frombuffer(self._peaks, np.float32), over, 1000 / (limiter.release_ms * STEPS_PER_S)
            )
        whole = len(energies) // STEPS_PER_GATE * STEPS_PER_GATE
        gates = energies[:whole].reshape(-1, STEPS_PER_GATE).mean(axis=1, dtype=np.float64)
        if len(gates) < GATE_STEPS:
            return -np.inf
        blocks = np.lib.stride_tricks.sliding_window_view(gates, GATE_STEPS).mean(axis=1)
        # The absolute gate (−70 LUFS) has to see the level after the gain.
        return integrated_loudness(blocks * 10 ** (gain_db / 10))


def _limited_power(peaks: NDArray[np.float32], over: float, decay: float) -> NDArray[np.float32]:
    """The squared gain of a limiter, per step, for a signal whose peaks are ``peaks · over`` times the ceiling."""
    gains = np.ones(len(peaks), np.float32)
    held = 0.0
    fall = decay * np.arange(CHUNK_STEPS + 1)
    for start in range(0, len(peaks), CHUNK_STEPS):
        piece = peaks[start : start + CHUNK_STEPS + 1]  # one step of look-ahead
        needed = np.log(np.maximum(piece * over, 1.0), dtype=np.float64)
        if not needed.any() and held < 1e-6:
            continue
        ahead = np.maximum(needed[:-1], needed[1:]) if len(needed) > 1 else needed
        with np.errstate(divide="ignore"):
            logs = np.log(np.concatenate([[held], ahead])) + fall[: len(ahead) + 1]
        reduction = np.exp(np.maximum.accumulate(logs) - fall[: len(ahead) + 1])[1:]
        held = float(reduction[-1])
        gains[start : start + len(reduction)] = np.exp(-2 * reduction)
    return gains
