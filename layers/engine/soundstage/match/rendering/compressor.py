"""A feed-forward compressor, level and gain at a control rate: a recording costs little, and a fit can try hundreds.

D. Giannoulis, M. Massberg, J. Reiss, "Digital dynamic range compressor design", JAES 60(6), 2012.
"""

from dataclasses import dataclass

import numpy as np

from soundstage import compiled
from soundstage.arrays import BLOCK_FRAMES, Floats, Samples
from soundstage.audio.decibels import db_to_amplitude, db_to_power, power_to_db
from soundstage.audio.dynamics import apply_gains, decaying_maximum
from soundstage.match.rendering.processors import TIME_CONSTANTS_TO_REST, Processor, State
from soundstage.models.style import Compressor

STEPS_PER_BLOCK = 512
"""Control steps in a block: 32 frames each up to 48 kHz."""

RMS_TIME_S = 0.005
"""Time constant of the mean square, chosen: a period of 200 Hz, so that single waves of a bass do not modulate it."""

SILENCE_DB = -120.0
"""dBFS of what is quieter; no threshold lies below."""


def control_step(rate_hz: int) -> int:
    """Frames per control step: 32 up to about 68 kHz (.7 ms), twice that up to 136 kHz, … A block has whole steps."""
    return int(BLOCK_FRAMES // STEPS_PER_BLOCK << max(0, round(np.log2(rate_hz / 48_000))))


def levels_db(x: Samples, step: int, detector: str) -> Floats:
    """The level of each step of [frames, channels] in its loudest channel, dBFS [steps].

    ``detector`` is ``rms`` (mean square) or ``peak``; ``step`` is in frames. A last, shorter step ends in silence.
    """
    steps = -(-len(x) // step)
    if len(x) < steps * step:
        x = np.concatenate([x, np.zeros((steps * step - len(x), x.shape[1]), np.float32)])
    if detector == "peak":
        loudest: Samples = np.abs(x).reshape(steps, -1).max(axis=1) ** 2
    else:
        rows = x.reshape(steps, step, -1)
        loudest = (np.einsum("sfc,sfc->sc", rows, rows) / step).max(axis=1)
    return power_to_db(loudest, SILENCE_DB)


def static_reduction_db(level_db: Floats, params: Compressor) -> Floats:
    """The gain computer: by how much levels [n] in dBFS are reduced when they stay, dB ≥ 0 [n] (ibid., eq. 4)."""
    over, half_knee, slope = level_db - params.threshold_db, max(params.knee_db, 0.0) / 2, 1 - 1 / params.ratio
    reduction = np.maximum(over - half_knee, 0.0)
    if half_knee:
        reduction += (np.clip(over, -half_knee, half_knee) + half_knee) ** 2 / (4 * half_knee)
    reduction *= slope
    return reduction


@dataclass
class Ballistics:
    """Level and reduction over time: one-pole mean square, decoupled release, then attack (ibid., eqs. 7 and 16).

    What ``run`` goes on from: ``power``, the mean square; reductions in dB after the release and after the attack.
    """

    step_s: float
    params: Compressor
    power: float = 0.0
    released_db: float = 0.0
    attacked_db: float = 0.0

    def run(self, level_db: Floats) -> Floats:
        """From the levels of the next steps, dBFS [n], to the reduction at the end of each, dB ≥ 0 [n]."""
        return self.reduction_db(self.detected_db(level_db))

    def detected_db(self, level_db: Floats) -> Floats:
        """What the detector makes of the levels, dBFS [n]: the same for every threshold, ratio, attack and release."""
        if self.params.detector == "peak":
            return level_db
        power = _one_pole(db_to_power(level_db), self.step_s / RMS_TIME_S, self.power)
        self.power = float(power[-1])
        return power_to_db(power, SILENCE_DB)

    def reduction_db(self, detected_db: Floats) -> Floats:
        """The reduction that follows from what was detected, dB ≥ 0 [n]."""
        target_db = static_reduction_db(detected_db, self.params)
        released = decaying_maximum(target_db, self.released_db, self.step_s / (self.params.release_ms / 1000))
        self.released_db = float(released[-1])
        attack_s = max(self.params.attack_ms / 1000, 1e-6)
        attacked = _one_pole(released, self.step_s / attack_s, self.attacked_db)
        self.attacked_db = float(attacked[-1])
        return attacked


def _one_pole(x: Floats, rate: float, start: float) -> Floats:
    """y[k] = a y[k − 1] + (1 − a) x[k], a = e^−rate, as sums of geometric runs short enough not to overflow."""
    if rate > 30:
        return x
    a = np.exp(-rate)
    if loops := compiled.loops():
        return loops.smooth(x, float(a), start)
    run = max(1, min(len(x), int(300 / rate)))
    y = np.empty_like(x)
    powers = a ** np.arange(1, run + 1)
    for first in range(0, len(x), run):
        piece = x[first : first + run]
        p = powers[: len(piece)]
        y[first : first + len(piece)] = p * (start + np.cumsum((1 - a) * piece / p))
        start = float(y[first + len(piece) - 1])
    return y


class DynamicsProcessor(Processor[tuple[Compressor, float]]):
    """The compressor as a stage; ``params`` are its own and how much of its gain in dB to apply, 0 to 1.

    State: that of ``Ballistics``, and ``reduction_db`` at the end of the last step.
    """

    def _prepare(self) -> None:
        self._compressor, self._amount = self.params
        self._step = control_step(self.rate_hz)

    def _first_state(self) -> State:
        return {"power": 0.0, "released_db": 0.0, "attacked_db": 0.0, "reduction_db": 0.0}

    def _block(self, x: Samples, state: State) -> tuple[Samples, State]:
        ballistics = Ballistics(
            self._step / self.rate_hz, self._compressor, state["power"], state["released_db"], state["attacked_db"]
        )
        reduction = ballistics.run(levels_db(x, self._step, self._compressor.detector))
        reduction = np.concatenate([[state["reduction_db"]], reduction])
        gains = db_to_amplitude(self._amount * (self._compressor.makeup_db - reduction))
        return apply_gains(x, gains, self._step, 1), {
            "power": ballistics.power,
            "released_db": ballistics.released_db,
            "attacked_db": ballistics.attacked_db,
            "reduction_db": float(reduction[-1]),
        }

    def tail_s(self) -> float:
        return TIME_CONSTANTS_TO_REST * max(self._compressor.release_ms, self._compressor.attack_ms, 5.0) / 1000
