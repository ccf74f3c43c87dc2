"""Finding a compressor and a limiter from what they did: the gain between two aligned recordings, over time."""

from dataclasses import dataclass, replace

import numpy as np

from soundstage.arrays import Floats, Samples
from soundstage.audio.decibels import db_to_power, power_to_db
from soundstage.audio.dynamics import decaying_maximum
from soundstage.match.estimation.evidence import mean_deviation
from soundstage.match.rendering.compressor import Ballistics, control_step, levels_db
from soundstage.models.style import Compressor

FIT_S = 24.0
"""Seconds at the beginning that are fitted: four bars of slow music and more."""

STEPS_PER_BLOCK = 32
"""Control steps whose energies are compared as one, about 23 ms: longer than a period of most notes."""

AUDIBLE_BELOW_DB = 45.0
"""Blocks are compared down to so far below the loudest one, chosen: below, noise and reverberation tell the gain."""

NO_ENERGY_DB = -120.0
"""Floor of the energy of a block, whose samples are squared and summed, and of the gain of one."""

NO_STEP_ENERGY = 1e-15
"""Added to the energies of blocks by which others are divided, for silence."""

GRID_PERCENTILES, GRID_RATIOS = (10, 30, 50, 70, 85), (1.5, 3.0, 6.0)
"""Where the search begins: thresholds at percentiles of the audible levels, %, each with these ratios."""

PEAK_EXPLAINS = 0.95
"""Share of the error of an RMS detector that one of peaks must not exceed to be chosen: it is rarer."""

ITERATIONS, DAMPINGS = 30, 6
"""Of Levenberg–Marquardt, and of the damping within one."""

FIRST_DAMPING, LESS_DAMPING, MORE_DAMPING = 1e-2, 0.3, 4.0
"""Of the normal equations' diagonal, and the factors after a step that helped and one that did not."""

STEP, SETTLED = 1e-3, 1e-4
"""Of the unknowns (dB, and logarithms of ratio and times): for slopes, and below which a step is the last one."""

DRIVE_ROUNDS = 3
"""Rounds in which the gain before a limiter, which depends on what the limiter takes, is settled."""

PRIORS, PRIOR_DB = 4, 0.03
"""The last unknowns have priors, the default settings: where the gain tells nothing of a ratio or a time, it is the
usual one. An e-fold costs so much error, chosen far below what a wrong one leaves where it matters."""

OUTLYING_DB = 0.5
"""Error from which on a block counts ever less (P. Huber, "Robust estimation of a location parameter", 1964)."""

NEPERS_PER_DB = np.log(10) / 10
"""Of a power, whose exponential takes a third of the time of a power of ten."""

LOWEST = (-120.0, np.log(0.05), np.log(0.1), np.log(5.0), np.log(5.0), -60.0)
HIGHEST = (np.log(49.0), np.log(200.0), np.log(3000.0), np.log(1000.0), 60.0)
"""Bounds of the unknowns: threshold, dBFS (at most the highest level); ln(ratio − 1); ln of attack, release and the
limiter's release, ms; and the gain between compressor and limiter, dB. What such devices offer."""


@dataclass(frozen=True)
class Dynamics:
    """A compressor, a gain after it, and a limiter; the defaults are usual settings."""

    threshold_db: float = -20.0
    ratio: float = 2.0
    attack_ms: float = 10.0
    release_ms: float = 150.0
    limiter_release_ms: float = 60.0
    detector: str = "rms"

    def compressor(self, digits: int = 3) -> Compressor:
        """The compressor alone, rounded to so many ``digits``."""
        return Compressor(
            threshold_db=round(self.threshold_db, digits),
            ratio=round(self.ratio, digits),
            attack_ms=round(self.attack_ms, digits),
            release_ms=round(self.release_ms, digits),
            detector="rms" if self.detector == "rms" else "peak",
        )

    def unknowns(self) -> Floats:
        """The threshold, and the natural logarithms of ratio − 1 and of the three times in ms: [5]."""
        times_ms = (self.attack_ms, self.release_ms, self.limiter_release_ms)
        return np.array([self.threshold_db, np.log(self.ratio - 1), *np.log(times_ms)])

    def with_unknowns(self, unknowns: Floats) -> "Dynamics":
        """The same detector with what ``unknowns`` [5] say."""
        attack_ms, release_ms, limiter_release_ms = (float(time_ms) for time_ms in np.exp(unknowns[2:]))
        return replace(
            self,
            threshold_db=float(unknowns[0]),
            ratio=1 + np.exp(float(unknowns[1])),
            attack_ms=attack_ms,
            release_ms=release_ms,
            limiter_release_ms=limiter_release_ms,
        )


@dataclass(frozen=True)
class DynamicsFit:
    """The best dynamics.

    Attributes:
        error_db: mean |dB| of gain that they leave unexplained.
        steady_db: the same of a fixed gain.
    """

    dynamics: Dynamics
    error_db: float
    steady_db: float


def fit_dynamics(given: Samples, wanted: Samples, rate_hz: int, ceiling_db: float) -> DynamicsFit:
    """Which compressor and limiter made ``wanted`` of ``given``.

    A grid over threshold and ratio for each detector, then all unknowns downhill from the grid's best.

    Args:
        given: the target after its equaliser, [frames, channels].
        wanted: the aligned reference, of the same shape.
        ceiling_db: the reference's sample peak, dBFS: where its limiter is taken to hold.
    """
    search = _Search(given, wanted, rate_hz, ceiling_db)
    audible_db = search.levels["rms"][search.levels["rms"] > search.floor_db]
    thresholds = np.percentile(audible_db, GRID_PERCENTILES)
    best = {}
    for detector in ("rms", "peak"):
        grid = [Dynamics(float(at), ratio, detector=detector) for at in thresholds for ratio in GRID_RATIOS]
        best[detector] = search.descend(min(grid, key=search.error_db))
    rms_db, peak_db = (search.error_db(dynamics) for dynamics in best.values())
    chosen = best["peak" if peak_db < PEAK_EXPLAINS * rms_db else "rms"]
    return DynamicsFit(chosen, search.error_db(chosen), search.steady_db)


class _Search:
    """The gain that was observed, block by block, against that of any ``Dynamics``."""

    def __init__(self, given: Samples, wanted: Samples, rate_hz: int, ceiling_db: float) -> None:
        frames = min(len(given), round(FIT_S * rate_hz))
        given, wanted = given[:frames], wanted[:frames]
        step = control_step(rate_hz)
        self._step_s = step / rate_hz
        self._ceiling_db = ceiling_db
        self.levels = {detector: levels_db(given, step, detector) for detector in ("rms", "peak")}
        # Neither changes with what is sought.
        self._detected_db = {
            name: Ballistics(self._step_s, Dynamics(detector=name).compressor()).detected_db(found)
            for name, found in self.levels.items()
        }
        self._energies = db_to_power(self.levels["rms"])
        self._block_energies = _block_sums(self._energies, STEPS_PER_BLOCK) + NO_STEP_ENERGY
        per_block = step * STEPS_PER_BLOCK
        level_db, after_db = (power_to_db(_energies(x, per_block), NO_ENERGY_DB) for x in (given, wanted))
        self.floor_db = float(level_db.max() - AUDIBLE_BELOW_DB - power_to_db(float(per_block)))
        self._audible = level_db > level_db.max() - AUDIBLE_BELOW_DB
        self._observed = (after_db - level_db)[self._audible]
        self.steady_db = mean_deviation(self._observed)
        self._last: tuple[Compressor | None, Floats] = None, np.zeros(0)  # and the gain that it made
        self._limits = np.array(LOWEST), np.array([float(self.levels["peak"].max()), *HIGHEST])

    def error_db(self, dynamics: Dynamics) -> float:
        """Mean |dB| between the observed gain and the one that these dynamics would have made."""
        compressed = self._compressed(dynamics)
        drive = float(np.median(self._observed - self._blocks(compressed)))
        for _ in range(DRIVE_ROUNDS):
            predicted = self._limited(compressed, drive, dynamics) - drive
            drive = float(np.median(self._observed - predicted))
        return float(np.mean(np.abs(self._observed - predicted - drive)))

    def descend(self, start: Dynamics) -> Dynamics:
        """Levenberg–Marquardt (J. Nocedal, S. Wright, Numerical Optimization, 2006, §10.3) on all unknowns and the
        drive, robust by reweighting."""
        drive = float(np.median(self._observed - self._blocks(self._compressed(start))))
        unknowns, damping = np.append(start.unknowns(), drive), FIRST_DAMPING
        residual = self._residual(start, unknowns)
        for _ in range(ITERATIONS):
            # The last unknowns first: they leave the compressor as it is, whose gain is still known.
            moves = STEP * np.eye(len(unknowns))[::-1]
            slopes = [(self._residual(start, unknowns + move) - residual) / STEP for move in moves]
            jacobian = np.stack(slopes[::-1], 1)
            weights = self._weights(residual)
            normal, gradient = jacobian.T @ (weights[:, None] * jacobian), jacobian.T @ (weights * residual)
            moved = False
            for _ in range(DAMPINGS):
                step = np.linalg.solve(normal + damping * np.diag(np.diag(normal) + 1e-9), -gradient)
                candidate = np.clip(unknowns + step, *self._limits)
                error = self._residual(start, candidate)
                if _cost(error, weights) < _cost(residual, weights):
                    moved, damping = bool(np.abs(candidate - unknowns).max() > SETTLED), damping * LESS_DAMPING
                    unknowns, residual = candidate, error
                    break
                damping *= MORE_DAMPING
            if not moved:
                break
        return start.with_unknowns(unknowns[:-1])

    def _residual(self, dynamics: Dynamics, unknowns: Floats) -> Floats:
        """What the unknowns and their priors leave, dB, scaled so that its squares add to a mean square."""
        dynamics = dynamics.with_unknowns(unknowns[:-1])
        left = self._limited(self._compressed(dynamics), unknowns[-1], dynamics) - self._observed
        priors = PRIOR_DB * (unknowns[1:-1] - Dynamics().unknowns()[1:])
        return np.concatenate([left / np.sqrt(len(left)), priors])

    def _weights(self, residual: Floats) -> Floats:
        left_db = residual[:-PRIORS] * np.sqrt(len(residual) - PRIORS)
        return np.concatenate([1 / np.sqrt(1 + (left_db / OUTLYING_DB) ** 2), np.ones(PRIORS)])

    def _compressed(self, dynamics: Dynamics) -> Floats:
        """The compressor's gain in every control step, dB: [steps]."""
        compressor = dynamics.compressor(digits=9)
        if compressor != self._last[0]:
            ballistics = Ballistics(self._step_s, compressor)
            self._last = compressor, -ballistics.reduction_db(self._detected_db[dynamics.detector])
        return self._last[1]

    def _limited(self, compressed: Floats, drive: float, dynamics: Dynamics) -> Floats:
        """The gain of each audible block after the limiter, the drive included, dB."""
        return self._blocks(compressed - self._limiter(compressed + drive, dynamics.limiter_release_ms)) + drive

    def _limiter(self, gain_db: Floats, release_ms: float) -> Floats:
        """The reduction of a limiter after ``gain_db`` [steps] that releases exponentially, dB: [steps]."""
        over_db = np.maximum(self.levels["peak"] + gain_db - self._ceiling_db, 0.0)
        return decaying_maximum(over_db, 0.0, self._step_s / (release_ms / 1000))

    def _blocks(self, gain_db: Floats) -> Floats:
        """The gain of each audible block, dB, from that of its steps: the gain of its energy."""
        ratio = _block_sums(self._energies * np.exp(NEPERS_PER_DB * gain_db), STEPS_PER_BLOCK) / self._block_energies
        blocks_db: Floats = power_to_db(ratio[: len(self._audible)], NO_ENERGY_DB)[self._audible]
        return blocks_db


def _cost(residual: Floats, weights: Floats) -> float:
    return float(residual @ (weights * residual))


def _block_sums(values: Floats, size: int) -> Floats:
    whole = len(values) // size * size
    return np.asarray(values[:whole].reshape(-1, size).sum(axis=1))


def _energies(x: Samples, size: int) -> Floats:
    """Energy of each block of ``size`` frames, all channels together: [blocks]."""
    whole = len(x) // size * size
    rows = x[:whole].reshape(-1, size * x.shape[1])
    return np.asarray(np.einsum("nf,nf->n", rows, rows), np.float64)
