"""At most eight biquads whose response is a given curve, as nearly as they can.

The curve is given with its level, so nothing is left undecided: whichever bands come out, and however many, their
response lies within the curve's tolerance where eight of them can do that. The fit is Levenberg–Marquardt
(J. Nocedal, S. Wright, Numerical Optimization, 2006, §10.3) with weak priors on gain and Q, which decide what the
curve leaves open.
"""

from dataclasses import dataclass, replace

import numpy as np

from soundstage.arrays import Floats
from soundstage.audio.ranks import median
from soundstage.match.rendering.eq_response import band_responses_db, response_db, warped_frequencies
from soundstage.models.style import MAX_EQ_BANDS, EqBand

EXACTLY_DB, ROUGHLY_DB = 0.05, 0.1
"""How closely a curve is met, dB, where the same notes were played, and elsewhere. Far below the smallest difference in
level that is heard, about .5 dB (B. Moore, An Introduction to the Psychology of Hearing, 2012, ch. 4)."""

UNHEARD_WEIGHT = 0.1
"""Share of what a curve asks for where it rests on no evidence: it decides only what nothing else does."""

PRIOR_GAIN_DB = 2.0
PRIOR_Q, PRIOR_LOG_Q = 0.9, 0.7
"""Gaussian priors: gains of 0 dB, deviation 2 dB; Qs around .9 (1.5 octaves), deviation .7 in ln q, a factor of 2."""

Q_RANGE, MOST_SHELF_Q = (0.3, 6.0), 1.2
"""From four octaves to a quarter of one. A shelf with a high Q overshoots; nobody means that."""

MAX_GAIN_DB = 18.0
"""Either way, as on most mastering equalisers."""

LOWEST_HZ, HIGHEST_HZ = 25.0, 19_000.0
BELOW_NYQUIST = 0.45
"""Where bands may lie, Hz, and up to which share of the rate: inside of what is heard and of what the rate holds."""

INSIDE = 1.2, 0.9
"""Where bells are placed: from 1.2 of the lowest frequency to .9 of the highest, so that both their sides are seen."""

SHELVES_HZ, SHELF_Q, BELL_Q = (150.0, 5000.0), 0.7, 1.0
"""Where shelves begin, Hz, with about the steepest Q that does not overshoot, √½; and the Q with which bells do."""

INAUDIBLE_GAIN_DB = 0.02
"""A band with less is left out."""

NEAR_OCTAVES, WITHIN_OCTAVES = 0.3, 0.5
"""Over which the residual is averaged, to place a bell and to guess its gain: about the width of bells."""

CURVE_DECIMALS, DECIMALS = 3, 5
"""Of a curve's dB and evidence, and of the unknowns (ln f, ln q, dB) after each step, far finer than anything heard.

Processors differ by about 10⁻¹¹ dB in what was measured and by 10⁻¹² or less in a step. Along the flat valleys of this
problem, where bands trade gain, that much would grow in some hundred steps until other bands come out. Rounding wipes
it off at once, so that the fit takes the same path everywhere."""

LESS = 1 - 1e-9
"""Share of a cost that is less than it beyond doubt: sums differ by 10⁻¹³ of themselves from processor to processor."""

LEAST_CURVATURE = 1e-9
"""Keeps the equations solvable where a band has no gain, so that nothing depends on its frequency."""

DAMPING, LESS_DAMPING, MORE_DAMPING, TRIALS = 1e-2, 0.3, 4.0, 6
"""Of the first step, relative to the curvature; its factors after a step that led down, and up; steps tried at most."""

EXCHANGES, CLEARLY_LESS = 3, 0.9
"""How often a band may move elsewhere, and to which share at most that must bring the cost, to be worth it."""

QUICK, FULL = (40, 1e-4), (100, 1e-9)
"""Iterations at most, and the share of the cost that is worth another; between two bands, and in the end.

Chosen on 32 curves of pairs of synthesised music (``tests/fixtures/pairs.py``): with (15, 10⁻³) in between, noise of
10⁻⁴ dB moved the response of seven of them by more than .005 dB, with this that of two."""

REMOVED_ITERATIONS = 4
"""After a band was removed: enough to see where it is missed most."""


WORDS_POINTS, LEAST_WORTH_SAYING_DB = 120, 0.3
"""Frequencies at which a response is put into words, and what of it goes without saying."""


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


def fit_bands(
    curve: Curve, rate_hz: int, max_bands: int = MAX_EQ_BANDS, most_gain_db: float = MAX_GAIN_DB
) -> list[EqBand]:
    """The fewest bands, up to ``max_bands`` (≥ 2), whose response is the curve's; in the order of their frequencies.

    None has more than ``most_gain_db`` either way.

    None for a curve of less than four frequencies, or one that is nowhere half its tolerance away from 0 dB.
    """
    if len(curve.f_hz) < 4 or np.max(np.abs(curve.gain_db)) < curve.tolerance_db / 2:
        return []
    fit = _Fit(curve, rate_hz, most_gain_db)
    # Both shelves first: broad tilts are what equalisers do most. Bells follow where the residual is largest.
    fit.add("low_shelf", SHELVES_HZ[0])
    fit.add("high_shelf", SHELVES_HZ[1])
    best_cost, best = fit.refine(*QUICK), fit.snapshot()
    while len(fit.kinds) < max_bands and fit.misses():
        fit.add("peaking", fit.worst_hz())
        cost = fit.refine(*QUICK)
        if cost < LESS * best_cost:
            best_cost, best = cost, fit.snapshot()
    fit.restore(best)
    cost = fit.refine(*FULL)
    if len(fit.kinds) == max_bands:
        _exchange(fit, cost)
    return fit.bands()


def in_words(bands: list[EqBand], rate_hz: int) -> str:
    """What all bands together do most, as a sentence, against the level that most of the spectrum keeps."""
    if not bands:
        return "No band is needed."
    f_hz = np.geomspace(LOWEST_HZ, min(BELOW_NYQUIST * rate_hz, HIGHEST_HZ), WORDS_POINTS)
    gain_db = response_db(bands, f_hz, rate_hz)
    gain_db = gain_db - median(gain_db)
    turns = np.flatnonzero(np.diff(np.sign(np.diff(gain_db)))) + 1
    ends = [0, len(f_hz) - 1]
    strongest = sorted(
        (k for k in (*ends, *turns) if abs(gain_db[k]) >= LEAST_WORTH_SAYING_DB), key=lambda k: -abs(gain_db[k])
    )
    words = [f"{gain_db[k]:+.1f} dB {_where(f_hz, gain_db, k)}" for k in strongest[:3]]
    number = f"{len(bands)} {'band' if len(bands) == 1 else 'bands'}"
    return f"{number}: {', '.join(words)}." if words else f"{number} of less than {LEAST_WORTH_SAYING_DB} dB."


def _where(f_hz: Floats, gain_db: Floats, k: int) -> str:
    """Around a frequency, or where the response, on its way to an end, has half of what it has there."""
    if k not in (0, len(f_hz) - 1):
        return f"around {_hertz(f_hz[k])}"
    half = np.flatnonzero(gain_db * np.sign(gain_db[k]) < abs(gain_db[k]) / 2)
    if not len(half):
        return "everywhere"
    return f"below {_hertz(f_hz[half[0]])}" if k == 0 else f"above {_hertz(f_hz[half[-1]])}"


def _hertz(f_hz: float) -> str:
    return f"{f_hz / 1000:.1f} kHz" if f_hz >= 1000 else f"{f_hz:.0f} Hz"


def _exchange(fit: "_Fit", cost: float) -> None:
    """Where all bands are in use and miss the curve, each might do more elsewhere."""
    for _ in range(EXCHANGES):
        if not fit.misses():
            return
        start, found = fit.snapshot(), None
        for band in range(len(fit.kinds)):
            fit.restore(start)
            fit.remove(band)
            fit.refine(REMOVED_ITERATIONS, QUICK[1])
            fit.add("peaking", fit.worst_hz())
            left = fit.refine(*QUICK)
            if left < (LESS * found[0] if found else CLEARLY_LESS * cost):
                found = left, fit.snapshot()
        fit.restore(found[1] if found else start)
        if found is None:
            return
        cost = fit.refine(*FULL)


class _Fit:
    """The unknowns [bands, (ln f, ln q, gain in dB)], moved downhill together."""

    def __init__(self, curve: Curve, rate_hz: int, most_gain_db: float) -> None:
        self._f_hz, self._rate_hz, self._most_gain_db = curve.f_hz, rate_hz, most_gain_db
        self._warped = warped_frequencies(curve.f_hz, rate_hz)
        self._wanted_db, self._evidence = (np.round(part, CURVE_DECIMALS) for part in (curve.gain_db, curve.evidence))
        self._tolerance_db = curve.tolerance_db
        self._weights = (UNHEARD_WEIGHT + (1 - UNHEARD_WEIGHT) * self._evidence) / curve.tolerance_db
        self.kinds: list[str] = []
        self._unknowns = np.zeros((0, 3))
        self._highest_hz = min(BELOW_NYQUIST * rate_hz, HIGHEST_HZ)
        octaves = np.log2(curve.f_hz)
        near = np.exp(-(((octaves[:, None] - octaves) / NEAR_OCTAVES) ** 2)) * np.gradient(octaves)
        self._near = near / near.sum(axis=1, keepdims=True)

    def add(self, kind: str, f_hz: float) -> None:
        q, gain_db = (SHELF_Q, 0.0) if kind != "peaking" else (BELL_Q, self._gain_near_db(f_hz))
        self.kinds.append(kind)
        self._unknowns = self._settle(np.vstack([self._unknowns, [np.log(f_hz), np.log(q), gain_db]]))

    def remove(self, band: int) -> None:
        del self.kinds[band]
        self._unknowns = np.delete(self._unknowns, band, axis=0)

    def worst_hz(self) -> float:
        """Where the residual, weighted and averaged over ``NEAR_OCTAVES``, is largest."""
        smoothed = self._near @ (self._residual_db() * self._weights)
        inside = (self._f_hz > INSIDE[0] * LOWEST_HZ) & (self._f_hz < INSIDE[1] * self._highest_hz)
        return float(self._f_hz[np.argmax(np.abs(smoothed) * inside)])

    def misses(self) -> bool:
        """Is the response out of tolerance where there is evidence of the curve?"""
        return bool(np.max(np.abs(self._residual_db()) * self._evidence) > self._tolerance_db)

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
        """At most so many Levenberg–Marquardt steps, as long as one takes off the share ``worth`` of the cost.

        Returns the cost: twice the negative log posterior, up to a constant.
        """
        damping = DAMPING
        residual, jacobian, cost = self._linearised(self._unknowns)
        for _ in range(iterations):
            normal, gradient = jacobian.T @ jacobian, jacobian.T @ residual
            moved = False
            for _ in range(TRIALS):
                step = np.linalg.solve(normal + damping * np.diag(np.diag(normal) + LEAST_CURVATURE), -gradient)
                unknowns = self._settle(self._unknowns + step.reshape(-1, 3))
                new_residual, new_jacobian, new_cost = self._linearised(unknowns)
                if new_cost < LESS * cost:
                    gained = cost - new_cost
                    self._unknowns, residual, jacobian, cost = unknowns, new_residual, new_jacobian, new_cost
                    damping, moved = damping * LESS_DAMPING, True
                    break
                damping *= MORE_DAMPING
            if not moved or gained < worth * cost:
                break
        return cost

    def _gain_near_db(self, f_hz: float) -> float:
        near = np.exp(-((np.log2(self._f_hz / f_hz) / WITHIN_OCTAVES) ** 2))
        return float((near * self._residual_db()).sum() / near.sum())

    def _residual_db(self) -> Floats:
        """What the bands lack, unweighted: [n]."""
        return np.asarray(self._wanted_db - self._responses(self._unknowns)[0].sum(axis=0))

    def _responses(self, unknowns: Floats) -> tuple[Floats, Floats]:
        """In dB [bands, n], and their slopes along the unknowns [bands, 3, n]."""
        slopes = np.empty((*unknowns.shape, len(self._wanted_db)))
        rows = np.empty_like(slopes[:, 0])
        for kind in set(self.kinds):
            chosen = [k for k, other in enumerate(self.kinds) if other == kind]
            rows[chosen], slopes[chosen] = band_responses_db(kind, unknowns[chosen], self._warped, self._rate_hz)
        return rows, slopes

    def _linearised(self, unknowns: Floats) -> tuple[Floats, Floats, float]:
        """The residual [n + 2 bands], its slopes [n + 2 bands, 3 bands], and the sum of its squares."""
        rows, slopes = self._responses(unknowns)
        bands = np.arange(len(unknowns))
        gains, log_qs = unknowns[:, 2] / PRIOR_GAIN_DB, (unknowns[:, 1] - np.log(PRIOR_Q)) / PRIOR_LOG_Q
        residual = np.concatenate([(rows.sum(axis=0) - self._wanted_db) * self._weights, gains, log_qs])
        priors = np.zeros((2 * len(bands), 3 * len(bands)))
        priors[bands, 3 * bands + 2] = 1 / PRIOR_GAIN_DB
        priors[len(bands) + bands, 3 * bands + 1] = 1 / PRIOR_LOG_Q
        jacobian = np.concatenate([(slopes.reshape(3 * len(bands), -1) * self._weights).T, priors])
        return residual, jacobian, float(residual @ residual)

    def _settle(self, unknowns: Floats) -> Floats:
        """Inside of what bands may be, and rounded."""
        low = [np.log(LOWEST_HZ), np.log(Q_RANGE[0]), -self._most_gain_db]
        high = [np.log(self._highest_hz), np.log(Q_RANGE[1]), self._most_gain_db]
        clipped = np.clip(unknowns, low, high)
        shelf = [kind != "peaking" for kind in self.kinds]
        clipped[shelf, 1] = np.minimum(clipped[shelf, 1], np.log(MOST_SHELF_Q))
        return np.asarray(np.round(clipped, DECIMALS))
