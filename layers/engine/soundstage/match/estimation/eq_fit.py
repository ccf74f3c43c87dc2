"""At most eight biquads whose response is a given curve, as nearly as they can.

The curve is given with its level, so nothing is left undecided: whichever bands come out, and however many, their
response lies within the curve's tolerance where eight of them can do that. The fit is Levenberg–Marquardt
(J. Nocedal, S. Wright, Numerical Optimization, 2006, §10.3) with weak priors on gain and Q, which decide what the
curve leaves open.
"""

from dataclasses import dataclass, replace

import numpy as np

from soundstage.arrays import Floats
from soundstage.match.rendering.eq_response import band_responses_db, sine_squares
from soundstage.models.style import MAX_EQ_BANDS, EqBand

EXACTLY_DB, ROUGHLY_DB = 0.05, 0.1
UNHEARD_WEIGHT = 0.1  # of what a curve asks for where it rests on no evidence
PRIOR_GAIN_DB = 2.0
PRIOR_Q, PRIOR_LOG_Q = 0.9, 0.7
Q_RANGE, MOST_SHELF_Q = (0.3, 6.0), 1.2  # a shelf with a high Q overshoots; nobody means that
MAX_GAIN_DB = 18.0
LOWEST_HZ, HIGHEST_HZ = 25.0, 19_000.0
INAUDIBLE_GAIN_DB = 0.02
STEPS = 1e-4  # of the unknowns, for slopes: the response is smooth far beyond that
NEAR_OCTAVES, WITHIN_OCTAVES = 0.3, 0.5  # over which the residual is averaged, to place a bell and to guess its gain
EXCHANGES, CLEARLY_LESS = 3, 0.9
QUICK, FULL = (15, 1e-3), (100, 1e-9)  # iterations at most, and the share of the cost that is worth another


@dataclass(frozen=True)
class Curve:
    """The response of an equaliser: ``gain_db`` [n] at ``f_hz`` [n], ascending.

    ``evidence`` [n], 0 to 1, says where it matters that the response is met: where it was measured. ``tolerance_db`` is
    how closely: no closer than it is known, since the last hundredths cost the most bands.
    """

    f_hz: Floats
    gain_db: Floats
    evidence: Floats
    tolerance_db: float = EXACTLY_DB

    def scaled(self, share: float) -> "Curve":
        return replace(self, gain_db=share * self.gain_db)


def fit_bands(curve: Curve, rate_hz: int, max_bands: int = MAX_EQ_BANDS) -> list[EqBand]:
    """The fewest bands, up to ``max_bands``, whose response is the curve's; in the order of their frequencies."""
    if len(curve.f_hz) < 4 or np.max(np.abs(curve.gain_db)) < curve.tolerance_db / 2:
        return []
    fit = _Fit(curve, rate_hz)
    # Both shelves first: broad tilts are what equalisers do most. Bells follow where the residual is largest.
    fit.add("low_shelf", 150.0)
    fit.add("high_shelf", 5000.0)
    best_cost, best = fit.refine(*QUICK), fit.snapshot()
    while len(fit.kinds) < max_bands and fit.misses():
        fit.add("peaking", fit.worst_hz())
        cost = fit.refine(*QUICK)
        if cost < best_cost:
            best_cost, best = cost, fit.snapshot()
    fit.restore(best)
    cost = fit.refine(*FULL)
    if len(fit.kinds) == max_bands:
        _exchange(fit, cost)
    return fit.bands()


def in_words(bands: list[EqBand]) -> str:
    """What the bands do most, as a sentence."""
    if not bands:
        return "No band is needed."
    strongest = sorted(bands, key=lambda band: -abs(band.gain_db))[:3]
    words = [f"{band.gain_db:+.1f} dB {_where(band)}" for band in strongest]
    return f"{len(bands)} {'band' if len(bands) == 1 else 'bands'}, most of all {', '.join(words)}."


def _where(band: EqBand) -> str:
    hertz = f"{band.f_hz / 1000:.1f} kHz" if band.f_hz >= 1000 else f"{band.f_hz:.0f} Hz"
    return {"low_shelf": f"below {hertz}", "high_shelf": f"above {hertz}", "peaking": f"around {hertz}"}[band.type]


def _exchange(fit: "_Fit", cost: float) -> None:
    """Where all bands are in use and miss the curve, each might do more elsewhere."""
    for _ in range(EXCHANGES):
        if not fit.misses():
            return
        start, found = fit.snapshot(), None
        for band in range(len(fit.kinds)):
            fit.restore(start)
            fit.remove(band)
            fit.refine(4, QUICK[1])
            fit.add("peaking", fit.worst_hz())
            left = fit.refine(*QUICK)
            if left < (found[0] if found else CLEARLY_LESS * cost):
                found = left, fit.snapshot()
        fit.restore(found[1] if found else start)
        if found is None:
            return
        cost = fit.refine(*FULL)


class _Fit:
    """The unknowns [bands, (log f, log q, gain)], moved downhill together."""

    def __init__(self, curve: Curve, rate_hz: int) -> None:
        self._f_hz, self._rate_hz = curve.f_hz, rate_hz
        self._sines = sine_squares(curve.f_hz, rate_hz)
        self._wanted, self._evidence = curve.gain_db, curve.evidence
        self._tolerance_db = curve.tolerance_db
        self._weights = (UNHEARD_WEIGHT + (1 - UNHEARD_WEIGHT) * curve.evidence) / curve.tolerance_db
        self.kinds: list[str] = []
        self._unknowns = np.zeros((0, 3))
        self._highest_hz = min(0.45 * rate_hz, HIGHEST_HZ)
        octaves = np.log2(curve.f_hz)
        near = np.exp(-(((octaves[:, None] - octaves) / NEAR_OCTAVES) ** 2)) * np.gradient(octaves)
        self._near = near / near.sum(axis=1, keepdims=True)

    def add(self, kind: str, f_hz: float) -> None:
        q, gain_db = (0.7, 0.0) if kind != "peaking" else (1.0, self._gain_near(f_hz))
        self.kinds.append(kind)
        self._unknowns = self._clip(np.vstack([self._unknowns, [np.log(f_hz), np.log(q), gain_db]]))

    def remove(self, band: int) -> None:
        del self.kinds[band]
        self._unknowns = np.delete(self._unknowns, band, axis=0)

    def worst_hz(self) -> float:
        """Where the residual, weighted and averaged over ``NEAR_OCTAVES``, is largest."""
        smoothed = self._near @ (self._residual() * self._weights)
        inside = (self._f_hz > 1.2 * LOWEST_HZ) & (self._f_hz < 0.9 * self._highest_hz)
        return float(self._f_hz[np.argmax(np.abs(smoothed) * inside)])

    def misses(self) -> bool:
        """Is the response out of tolerance where there is evidence of the curve?"""
        return bool(np.max(np.abs(self._residual()) * self._evidence) > self._tolerance_db)

    def snapshot(self) -> tuple[list[str], Floats]:
        return list(self.kinds), self._unknowns.copy()

    def restore(self, kept: tuple[list[str], Floats]) -> None:
        self.kinds, self._unknowns = list(kept[0]), kept[1].copy()

    def bands(self) -> list[EqBand]:
        order = np.argsort(self._unknowns[:, 0], kind="stable")
        return [
            EqBand(
                type=self.kinds[k],
                f_hz=round(float(np.exp(self._unknowns[k, 0])), 2),
                q=round(float(np.exp(self._unknowns[k, 1])), 4),
                gain_db=round(float(self._unknowns[k, 2]), 3),
            )
            for k in order
            if abs(self._unknowns[k, 2]) > INAUDIBLE_GAIN_DB
        ]

    def refine(self, iterations: int, worth: float) -> float:
        """Levenberg–Marquardt; returns the cost: twice the negative log posterior, up to a constant."""
        damping = 1e-2
        residual, cost = self._cost(self._unknowns)
        for _ in range(iterations):
            jacobian = self._jacobian()
            normal, gradient = jacobian.T @ jacobian, jacobian.T @ residual
            moved = False
            for _ in range(6):
                step = np.linalg.solve(normal + damping * np.diag(np.diag(normal) + 1e-9), -gradient)
                unknowns = self._clip(self._unknowns + step.reshape(-1, 3))
                new_residual, new_cost = self._cost(unknowns)
                if new_cost < cost:
                    gained = cost - new_cost
                    self._unknowns, residual, cost = unknowns, new_residual, new_cost
                    damping, moved = damping * 0.3, True
                    break
                damping *= 4
            if not moved or gained < worth * cost:
                break
        return cost

    def _gain_near(self, f_hz: float) -> float:
        near = np.exp(-((np.log2(self._f_hz / f_hz) / WITHIN_OCTAVES) ** 2))
        return float((near * self._residual()).sum() / near.sum())

    def _residual(self) -> Floats:
        return np.asarray(self._wanted - self._responses(self._unknowns).sum(axis=0))

    def _responses(self, unknowns: Floats) -> Floats:
        """[bands, n]"""
        rows = np.empty((len(unknowns), len(self._wanted)))
        for kind in set(self.kinds):
            chosen = [k for k, other in enumerate(self.kinds) if other == kind]
            rows[chosen] = band_responses_db(kind, unknowns[chosen], self._sines, self._rate_hz)
        return rows

    def _cost(self, unknowns: Floats) -> tuple[Floats, float]:
        error = (self._responses(unknowns).sum(axis=0) - self._wanted) * self._weights
        gains, log_qs = unknowns[:, 2] / PRIOR_GAIN_DB, (unknowns[:, 1] - np.log(PRIOR_Q)) / PRIOR_LOG_Q
        residual = np.concatenate([error, gains, log_qs])
        return residual, float(residual @ residual)

    def _jacobian(self) -> Floats:
        bands = len(self._unknowns)
        base = self._responses(self._unknowns)
        slopes = np.empty((bands, 3, len(self._wanted)))
        for which in range(3):
            moved = self._unknowns.copy()
            moved[:, which] += STEPS
            slopes[:, which] = (self._responses(moved) - base) / STEPS
        priors = np.zeros((2 * bands, 3 * bands))
        rows = np.arange(bands)
        priors[rows, 3 * rows + 2] = 1 / PRIOR_GAIN_DB
        priors[bands + rows, 3 * rows + 1] = 1 / PRIOR_LOG_Q
        return np.concatenate([(slopes.reshape(3 * bands, -1) * self._weights).T, priors])

    def _clip(self, unknowns: Floats) -> Floats:
        low = [np.log(LOWEST_HZ), np.log(Q_RANGE[0]), -MAX_GAIN_DB]
        high = [np.log(self._highest_hz), np.log(Q_RANGE[1]), MAX_GAIN_DB]
        clipped = np.clip(unknowns, low, high)
        shelf = [kind != "peaking" for kind in self.kinds]
        clipped[shelf, 1] = np.minimum(clipped[shelf, 1], np.log(MOST_SHELF_Q))
        return clipped
