"""Finding a compressor and a limiter from what they did: the gain between two aligned recordings, over time."""

from dataclasses import dataclass, replace

import numpy as np

from soundstage.arrays import Floats, Samples
from soundstage.match.rendering.compressor import Ballistics, control_step, levels_db
from soundstage.models.style import Compressor

STEPS_PER_BLOCK = 32  # about 23 ms
FIT_S = 24.0
AUDIBLE_BELOW_DB = 45.0
ROUNDS = 4


@dataclass(frozen=True)
class Squeeze:
    """A compressor, a gain after it, and a limiter."""

    threshold_db: float = -20.0
    ratio: float = 2.0
    attack_ms: float = 10.0
    release_ms: float = 150.0
    limiter_release_ms: float = 60.0
    detector: str = "rms"

    def compressor(self) -> Compressor:
        return Compressor(
            threshold_db=round(self.threshold_db, 2),
            ratio=round(self.ratio, 3),
            attack_ms=round(self.attack_ms, 2),
            release_ms=round(self.release_ms, 1),
            detector="rms" if self.detector == "rms" else "peak",
        )


@dataclass(frozen=True)
class Found:
    """The best squeeze, and the mean |dB| of gain it leaves unexplained; ``steady_db`` is that of a fixed gain."""

    squeeze: Squeeze
    error_db: float
    steady_db: float


def find_squeeze(given: Samples, wanted: Samples, rate_hz: int, ceiling_db: float) -> Found:
    """``given`` is the target after its equaliser, ``wanted`` the aligned reference; ``ceiling_db`` its sample peak.

    A grid over threshold and ratio, then a pattern search over everything (R. Hooke, T. Jeeves 1961).
    """
    search = _Search(given, wanted, rate_hz, ceiling_db)
    thresholds = np.percentile(search.levels["rms"][search.levels["rms"] > search.floor_db], (10, 30, 50, 70, 85))
    grid = [
        Squeeze(threshold_db=float(threshold), ratio=ratio, detector=detector)
        for threshold in thresholds
        for ratio in (1.5, 3.0, 6.0)
        for detector in ("rms", "peak")
    ]
    ranked = sorted(grid, key=search.error_db)[:2]
    best = min((search.descend(start) for start in ranked), key=search.error_db)
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
        self._known: dict[Squeeze, float] = {}

    def error_db(self, squeeze: Squeeze) -> float:
        """Mean |dB| between the gain that was seen and the one this squeeze would have made."""
        if squeeze not in self._known:
            self._known[squeeze] = self._error_db(squeeze)
        return self._known[squeeze]

    def _error_db(self, squeeze: Squeeze) -> float:
        ballistics = Ballistics(self._step_s, squeeze.compressor())
        compressed = -ballistics.run(self.levels[squeeze.detector])
        drive = float(np.median(self._observed - self._blocks(compressed)))
        for _ in range(3):
            limited = compressed - self._limiter(compressed + drive, squeeze.limiter_release_ms)
            predicted = self._blocks(limited)
            drive = float(np.median(self._observed - predicted))
        return float(np.mean(np.abs(self._observed - predicted - drive)))

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

    def descend(self, start: Squeeze) -> Squeeze:
        best = start
        stride = 1.0
        for _ in range(ROUNDS):
            improved = True
            while improved:
                improved = False
                for candidate in _neighbours(best, stride):
                    if self.error_db(candidate) < self.error_db(best) - 1e-4:
                        best, improved = candidate, True
            stride /= 2
        return best


def _neighbours(squeeze: Squeeze, stride: float) -> list[Squeeze]:
    around = []
    for sign in (-1, 1):
        factor = 2.0 ** (sign * stride)
        around += [
            replace(squeeze, threshold_db=squeeze.threshold_db + 4 * sign * stride),
            replace(squeeze, ratio=float(np.clip(1 + (squeeze.ratio - 1) * factor, 1.05, 50))),
            replace(squeeze, attack_ms=float(np.clip(squeeze.attack_ms * factor, 0.1, 200))),
            replace(squeeze, release_ms=float(np.clip(squeeze.release_ms * factor, 5, 3000))),
            replace(squeeze, limiter_release_ms=float(np.clip(squeeze.limiter_release_ms * factor, 5, 1000))),
        ]
    return around


def _block_sums(values: Floats, size: int) -> Floats:
    whole = len(values) // size * size
    return np.asarray(values[:whole].reshape(-1, size).sum(axis=1))


def _energies(x: Samples, size: int) -> Floats:
    whole = len(x) // size * size
    rows = x[:whole].reshape(-1, size * x.shape[1])
    return np.asarray(np.einsum("nf,nf->n", rows, rows), np.float64)


def _mean_apart(values: Floats) -> float:
    return float(np.mean(np.abs(values - np.median(values)))) if len(values) else 0.0
