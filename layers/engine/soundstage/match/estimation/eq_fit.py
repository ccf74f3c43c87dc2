"""Fitting at most eight biquads to a difference of spectra that is only partly due to an equaliser.

What is seen is d = H + g + n: the equaliser's response, an unknown gain, and what the two recordings play differently,
whose covariance is known roughly. The bands maximise the posterior: Levenberg–Marquardt on the whitened residual, with
priors on gain and Q. Bands are added one by one while they explain more than chance would (BIC, Schwarz 1978).
"""

from dataclasses import dataclass

import numpy as np

from soundstage.arrays import Floats
from soundstage.match.rendering.eq_response import band_responses_db, sine_squares
from soundstage.models.style import MAX_EQ_BANDS, EqBand

PRIOR_GAIN_DB = 5.0
PRIOR_Q = 0.9
PRIOR_LOG_Q = 0.6
PRIOR_OFFSET_DB = 20.0
Q_RANGE = (0.3, 6.0)
MAX_GAIN_DB = 18.0
LOWEST_HZ = 25.0
STEPS = 1e-4
EXCHANGES, EXPLAINED, CLEARLY_LESS = 3, 1.0, 0.9
KINDS = ("low_shelf", "high_shelf", "peaking")


@dataclass(frozen=True)
class Difference:
    """What there is to explain: ``wanted_db`` [n] at ``f_hz`` [n], and the covariance [n, n] of what is no EQ.

    ``offset_db`` is how large the unknown gain may be; 0 for a response that is known with its level.
    """

    f_hz: Floats
    wanted_db: Floats
    covariance_db2: Floats
    offset_db: float = PRIOR_OFFSET_DB


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


def fit_bands(difference: Difference, rate_hz: int, max_bands: int = MAX_EQ_BANDS) -> list[EqBand]:
    """The most probable equaliser."""
    if len(difference.f_hz) < 4:
        return []
    fit = _Fit(difference, rate_hz)
    # Both shelves first: broad tilts are what equalisers do most. Bells follow where the residual is largest.
    fit.add("low_shelf", 150.0)
    fit.add("high_shelf", 5000.0)
    cost = fit.refine(12)
    best, best_score = fit.snapshot(), cost + _complexity(fit)
    since_best = 0
    while len(fit.kinds) < max_bands and since_best < 3:
        fit.add("peaking", fit.worst_hz())
        score = fit.refine(10) + _complexity(fit)
        since_best += 1
        if score < best_score:
            best, best_score, since_best = fit.snapshot(), score, 0
    fit.restore(best)
    cost = fit.refine(60)
    if len(fit.kinds) == MAX_EQ_BANDS:
        _exchange(fit, cost, EXPLAINED * len(difference.f_hz))
    return fit.bands()


def _exchange(fit: "_Fit", cost: float, enough: float) -> None:
    """Where all bands are in use and leave more than ``enough``, each might do more elsewhere."""
    for _ in range(EXCHANGES):
        if cost < enough:
            return
        start, found = fit.snapshot(), None
        for band in range(len(fit.kinds)):
            fit.restore(start)
            fit.remove(band)
            fit.refine(4)
            fit.add("peaking", fit.worst_hz())
            left = fit.refine(15)
            if left < (found[0] if found else CLEARLY_LESS * cost):
                found = left, fit.snapshot()
        fit.restore(found[1] if found else start)
        if found is None:
            return
        cost = fit.refine(60)


def _complexity(fit: "_Fit") -> float:
    return len(fit.kinds) * 3 * float(np.log(fit.informative))


class _Fit:
    """The unknowns [bands, (log f, log q, gain)] and the offset, moved downhill together."""

    def __init__(self, difference: Difference, rate_hz: int) -> None:
        self._f_hz, self._rate_hz = difference.f_hz, rate_hz
        self._sines = sine_squares(difference.f_hz, rate_hz)
        self._wanted = difference.wanted_db
        jitter = 1e-4 * np.eye(len(self._wanted))
        self._whiten = np.linalg.inv(np.linalg.cholesky(difference.covariance_db2 + jitter))
        # So many independent numbers the difference holds, compared with the most precise of them.
        self.informative = max(4.0, len(self._wanted) / 4)
        self.kinds: list[str] = []
        self._unknowns = np.zeros((0, 3))
        self._offset_prior = max(difference.offset_db, 1e-6)
        self._offset = float(np.median(self._wanted)) if difference.offset_db else 0.0
        self._highest_hz = min(0.45 * rate_hz, 19_000.0)

    def add(self, kind: str, f_hz: float) -> None:
        q = 0.7 if kind != "peaking" else 1.0
        gain = 0.0
        if kind == "peaking":
            near = np.exp(-((np.log2(self._f_hz / f_hz) / 0.5) ** 2))
            gain = float((near * self._residual()).sum() / near.sum())
        self.kinds.append(kind)
        self._unknowns = np.vstack([self._unknowns, [np.log(f_hz), np.log(q), gain]])

    def remove(self, band: int) -> None:
        del self.kinds[band]
        self._unknowns = np.delete(self._unknowns, band, axis=0)

    def worst_hz(self) -> float:
        """Where half an octave of the residual stands out most over what is expected."""
        residual, position = self._residual(), np.log2(self._f_hz)
        near = np.exp(-(((position[:, None] - position) / 0.4) ** 2))
        near *= np.gradient(position)
        smoothed = near @ residual / near.sum(axis=1)
        inside = (self._f_hz > 1.2 * LOWEST_HZ) & (self._f_hz < 0.9 * self._highest_hz)
        return float(self._f_hz[np.argmax(np.abs(smoothed) * inside)])

    def snapshot(self) -> tuple[list[str], Floats, float]:
        return list(self.kinds), self._unknowns.copy(), self._offset

    def restore(self, kept: tuple[list[str], Floats, float]) -> None:
        self.kinds, self._unknowns, self._offset = list(kept[0]), kept[1].copy(), kept[2]

    def bands(self) -> list[EqBand]:
        order = np.argsort(self._unknowns[:, 0])
        return [
            EqBand(
                type=self.kinds[k],
                f_hz=round(float(np.exp(self._unknowns[k, 0])), 2),
                q=round(float(np.exp(self._unknowns[k, 1])), 4),
                gain_db=round(float(self._unknowns[k, 2]), 3),
            )
            for k in order
            if abs(self._unknowns[k, 2]) > 0.02
        ]

    def refine(self, iterations: int) -> float:
        """Levenberg–Marquardt; returns the cost: twice the negative log posterior, up to a constant."""
        damping = 1e-2
        residual, cost = self._cost(self._unknowns, self._offset)
        for _ in range(iterations):
            jacobian = self._jacobian()
            normal, gradient = jacobian.T @ jacobian, jacobian.T @ residual
            moved = False
            for _ in range(6):
                step = np.linalg.solve(normal + damping * np.diag(np.diag(normal) + 1e-9), -gradient)
                unknowns, offset = self._clip(self._unknowns + step[:-1].reshape(-1, 3)), self._offset + step[-1]
                new_residual, new_cost = self._cost(unknowns, offset)
                if new_cost < cost:
                    gained = cost - new_cost
                    self._unknowns, self._offset = unknowns, float(offset)
                    residual, cost, damping, moved = new_residual, new_cost, damping * 0.3, True
                    break
                damping *= 4
            if not moved or gained < 1e-3 + 1e-5 * cost:
                break
        return cost

    def _residual(self) -> Floats:
        return np.asarray(self._wanted - self._offset - self._responses(self._unknowns).sum(axis=0))

    def _responses(self, unknowns: Floats) -> Floats:
        """[bands, n]"""
        rows = np.empty((len(unknowns), len(self._wanted)))
        for kind in set(self.kinds):
            chosen = [k for k, other in enumerate(self.kinds) if other == kind]
            rows[chosen] = band_responses_db(kind, unknowns[chosen], self._sines, self._rate_hz)
        return rows

    def _cost(self, unknowns: Floats, offset: float) -> tuple[Floats, float]:
        error = self._responses(unknowns).sum(axis=0) + offset - self._wanted
        residual = np.concatenate([self._whiten @ error, self._priors(unknowns, offset)])
        return residual, float(residual @ residual)

    def _priors(self, unknowns: Floats, offset: float) -> Floats:
        gains = unknowns[:, 2] / PRIOR_GAIN_DB
        qs = (unknowns[:, 1] - np.log(PRIOR_Q)) / PRIOR_LOG_Q
        return np.concatenate([gains, qs, [offset / self._offset_prior]])

    def _jacobian(self) -> Floats:
        bands = len(self._unknowns)
        base = self._responses(self._unknowns)
        slopes = np.empty((bands, 3, len(self._wanted)))
        for which in range(3):
            moved = self._unknowns.copy()
            moved[:, which] += STEPS
            slopes[:, which] = (self._responses(moved) - base) / STEPS
        data = np.concatenate([slopes.reshape(-1, len(self._wanted)), np.ones((1, len(self._wanted)))])
        priors = np.zeros((2 * bands + 1, 3 * bands + 1))
        rows = np.arange(bands)
        priors[rows, 3 * rows + 2] = 1 / PRIOR_GAIN_DB
        priors[bands + rows, 3 * rows + 1] = 1 / PRIOR_LOG_Q
        priors[-1, -1] = 1 / self._offset_prior
        return np.concatenate([self._whiten @ data.T, priors])

    def _clip(self, unknowns: Floats) -> Floats:
        low = [np.log(LOWEST_HZ), np.log(Q_RANGE[0]), -MAX_GAIN_DB]
        high = [np.log(self._highest_hz), np.log(Q_RANGE[1]), MAX_GAIN_DB]
        clipped = np.clip(unknowns, low, high)
        shelf = [kind != "peaking" for kind in self.kinds]
        # A shelf with a high Q overshoots; nobody means that.
        clipped[shelf, 1] = np.minimum(clipped[shelf, 1], np.log(1.2))
        return clipped
