"""Finding a compressor and a limiter from what they did: the gain between two aligned recordings, over time."""

from dataclasses import dataclass

import numpy as np

from soundstage.arrays import Floats, Samples
from soundstage.match.rendering.compressor import Ballistics, control_step, levels_db
from soundstage.models.style import Compressor

STEPS_PER_BLOCK = 32  # about 23 ms
FIT_S = 24.0
AUDIBLE_BELOW_DB = 45.0
CLEARLY_LESS = 0.95
ITERATIONS, STEP, SETTLED = 30, 1e-3, 1e-4
# Where the gain tells nothing about a ratio or a time, it is the usual one: an e-fold costs so much error.
PRIORS, PRIOR_DB = 4, 0.03
OUTLYING_DB = 0.5


@dataclass(frozen=True)
class Squeeze:
    """A compressor, a gain after it, and a limiter."""

    threshold_db: float = -20.0
    ratio: float = 2.0
    attack_ms: float = 10.0
    release_ms: float = 150.0
    limiter_release_ms: float = 60.0
    detector: str = "rms"

    def compressor(self, digits: int = 3) -> Compressor:
        return Compressor(
            threshold_db=round(self.threshold_db, digits),
            ratio=round(self.ratio, digits),
            attack_ms=round(self.attack_ms, digits),
            release_ms=round(self.release_ms, digits),
            detector="rms" if self.detector == "rms" else "peak",
        )

    def unknowns(self) -> Floats:
        """[threshold, and the logarithms of ratio − 1 and of the three times]"""
        times_ms = (self.attack_ms, self.release_ms, self.limiter_release_ms)
        return np.array([self.threshold_db, np.log(self.ratio - 1), *np.log(times_ms)])

    def with_unknowns(self, unknowns: Floats) -> "Squeeze":
        threshold_db, log_ratio = float(unknowns[0]), float(unknowns[1])
        attack_ms, release_ms, limiter_release_ms = (float(time_ms) for time_ms in np.exp(unknowns[2:]))
        return Squeeze(threshold_db, 1 + np.exp(log_ratio), attack_ms, release_ms, limiter_release_ms, self.detector)


@dataclass(frozen=True)
class Found:
    """The best squeeze, and the mean |dB| of gain it leaves unexplained; ``steady_db`` is that of a fixed gain."""

    squeeze: Squeeze
    error_db: float
    steady_db: float


def find_squeeze(given: Samples, wanted: Samples, rate_hz: int, ceiling_db: float) -> Found:
    """``given`` is the target after its equaliser, ``wanted`` the aligned reference; ``ceiling_db`` its sample peak.

    A grid over threshold and ratio for each detector, then everything downhill from the grid's best.
    """
    search = _Search(given, wanted, rate_hz, ceiling_db)
    thresholds = np.percentile(search.levels["rms"][search.levels["rms"] > search.floor_db], (10, 30, 50, 70, 85))
    found = {}
    for detector in ("rms", "peak"):
        grid = [Squeeze(float(at), ratio, detector=detector) for at in thresholds for ratio in (1.5, 3.0, 6.0)]
        found[detector] = search.descend(min(grid, key=search.error_db))
    # A detector of peaks is rarer: it has to explain clearly more.
    rms_db, peak_db = (search.error_db(squeeze) for squeeze in found.values())
    best = found["peak" if peak_db < CLEARLY_LESS * rms_db else "rms"]
    return Found(best, search.error_db(best), search.steady_db)


class _Search:
    def __init__(self, given: Samples, wanted: Samples, rate_hz: int, ceiling_db: float) -> None:
        frames = min(len(given), round(FIT_S * rate_hz))
        given, wanted = given[:frames], wanted[:frames]
        step = control_step(rate_hz)
        self._step_s = step / rate_hz
        self._ceiling_db = ceiling_db
        self.levels = {detector: levels_db(given, step, detector) for detector in ("rms", "peak")}
        per_block = step * STEPS_PER_BLOCK
        self._before = _energies(given, per_block)
        after = _energies(wanted, per_block)
        level = 10 * np.log10(self._before + 1e-12)
        self.floor_db = float(level.max() - AUDIBLE_BELOW_DB - 10 * np.log10(per_block))
        self._heard = level > level.max() - AUDIBLE_BELOW_DB
        self._observed = (10 * np.log10(after + 1e-12) - level)[self._heard]
        self.steady_db = _mean_apart(self._observed)
        lowest, highest = -120.0, float(self.levels["peak"].max())
        self._limits = (
            [lowest, np.log(0.05), np.log(0.1), np.log(5), np.log(5), -60.0],
            [highest, np.log(49), np.log(200), np.log(3000), np.log(1000), 60.0],
        )

    def error_db(self, squeeze: Squeeze) -> float:
        """Mean |dB| between the gain that was seen and the one this squeeze would have made."""
        compressed = self._compressed(squeeze)
        drive = float(np.median(self._observed - self._blocks(compressed)))
        for _ in range(3):
            predicted = self._limited(compressed, drive, squeeze) - drive
            drive = float(np.median(self._observed - predicted))
        return float(np.mean(np.abs(self._observed - predicted - drive)))

    def descend(self, start: Squeeze) -> Squeeze:
        """Levenberg–Marquardt on all unknowns and the drive, robust by reweighting (P. Huber 1964)."""
        drive = float(np.median(self._observed - self._blocks(self._compressed(start))))
        unknowns, damping = np.append(start.unknowns(), drive), 1e-2
        residual = self._residual(start, unknowns)
        for _ in range(ITERATIONS):
            jacobian = np.stack(
                [(self._residual(start, unknowns + step) - residual) / STEP for step in STEP * np.eye(len(unknowns))], 1
            )
            weights = self._weights(residual)
            normal, gradient = jacobian.T @ (weights[:, None] * jacobian), jacobian.T @ (weights * residual)
            moved = False
            for _ in range(6):
                step = np.linalg.solve(normal + damping * np.diag(np.diag(normal) + 1e-9), -gradient)
                candidate = np.clip(unknowns + step, *self._limits)
                error = self._residual(start, candidate)
                if _robust(error, weights) < _robust(residual, weights):
                    moved, damping = bool(np.abs(candidate - unknowns).max() > SETTLED), damping * 0.3
                    unknowns, residual = candidate, error
                    break
                damping *= 4
            if not moved:
                break
        return start.with_unknowns(unknowns[:-1])

    def _residual(self, squeeze: Squeeze, unknowns: Floats) -> Floats:
        """What the unknowns and their priors leave, dB, scaled so that its squares add to a mean square."""
        squeeze = squeeze.with_unknowns(unknowns[:-1])
        left = self._limited(self._compressed(squeeze), unknowns[-1], squeeze) - self._observed
        priors = PRIOR_DB * (unknowns[1:-1] - Squeeze().unknowns()[1:])
        return np.concatenate([left / np.sqrt(len(left)), priors])

    def _weights(self, residual: Floats) -> Floats:
        left_db = residual[:-PRIORS] * np.sqrt(len(residual) - PRIORS)
        return np.concatenate([1 / np.sqrt(1 + (left_db / OUTLYING_DB) ** 2), np.ones(PRIORS)])

    def _compressed(self, squeeze: Squeeze) -> Floats:
        return -Ballistics(self._step_s, squeeze.compressor(digits=9)).run(self.levels[squeeze.detector])

    def _limited(self, compressed: Floats, drive: float, squeeze: Squeeze) -> Floats:
        """The gain of each block that is heard, the drive included."""
        return self._blocks(compressed - self._limiter(compressed + drive, squeeze.limiter_release_ms)) + drive

    def _limiter(self, gain_db: Floats, release_ms: float) -> Floats:
        over = np.maximum(self.levels["peak"] + gain_db - self._ceiling_db, 0.0)
        if not over.any():
            return over
        fall = self._step_s / (release_ms / 1000) * np.arange(len(over))
        with np.errstate(divide="ignore"):
            return np.asarray(np.exp(np.maximum.accumulate(np.log(over) + fall) - fall))

    def _blocks(self, gain_db: Floats) -> Floats:
        """The gain of each block that is heard: that of its energy."""
        energy = 10 ** (self.levels["rms"] / 10)
        after = _block_sums(energy * 10 ** (gain_db / 10), STEPS_PER_BLOCK)
        ratio = after / (_block_sums(energy, STEPS_PER_BLOCK) + 1e-15)
        blocks: Floats = 10 * np.log10(ratio[: len(self._heard)] + 1e-12)
        return np.asarray(blocks[self._heard])


def _robust(residual: Floats, weights: Floats) -> float:
    return float(residual @ (weights * residual))


def _block_sums(values: Floats, size: int) -> Floats:
    whole = len(values) // size * size
    return np.asarray(values[:whole].reshape(-1, size).sum(axis=1))


def _energies(x: Samples, size: int) -> Floats:
    whole = len(x) // size * size
    rows = x[:whole].reshape(-1, size * x.shape[1])
    return np.asarray(np.einsum("nf,nf->n", rows, rows), np.float64)


def _mean_apart(values: Floats) -> float:
    return float(np.mean(np.abs(values - np.median(values)))) if len(values) else 0.0
