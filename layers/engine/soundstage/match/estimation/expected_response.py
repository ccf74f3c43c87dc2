"""The equaliser's response to expect behind a difference of two spectra.

What is seen is d = H + g + n: the response, a gain, and what is no equaliser's: other notes, chance, a codec's cut-off.
With Gaussian priors on all three, the expectation of H is a linear function of d (C. E. Rasmussen, C. K. I. Williams,
Gaussian Processes for Machine Learning, 2006, eq. 2.25): what changes little in d changes little in H, and where d says
nothing, H follows from its neighbours. Where either recording holds nothing at all, H fades to 0 dB.
"""

from dataclasses import dataclass, replace

import numpy as np

from soundstage.arrays import Floats
from soundstage.match.estimation.eq_fit import EXACTLY_DB, MAX_GAIN_DB, ROUGHLY_DB, Curve
from soundstage.match.estimation.evidence import weighted_median

GRID_PER_OCTAVE = 12
LOWEST_HZ, HIGHEST_HZ, BELOW_NYQUIST = 20.0, 20_000.0, 0.45
"""Where a response is asked for: twelve to an octave, finer than the narrowest expected, over what is heard, Hz,
up to a share of the rate."""

EQUALISERS = ((0.6, 2.0), (1.2, 2.0), (2.5, 2.5))
NARROW_TOO = ((0.2, 0.7), *EQUALISERS)
"""How equalisers vary: (over so many octaves, by so many dB), both standard deviations. Narrow bells only show where
the notes are the same. Set on pairs of ``tests/bench/match.py``."""

UNKNOWN_GAIN_DB = 20.0
"""Deviation of the gain between two recordings: any."""

UNHEARD_DB = 1.0
"""Deviation of a difference of which half is heard."""

NOTHING = 1e-3
"""Evidence that is none, so that nothing is divided by 0."""

FADES_OCTAVES = 1 / 3
"""Within which a response goes back to 0 dB where nothing is heard: the width of a usual band of measurement."""

PLATEAU_DB = 2.0
"""Per octave: what is flatter than this tells the level."""

FREE_DB = 12.0
"""Up to here a response is believed as it is."""


@dataclass(frozen=True)
class Difference:
    """Reference over target, dB, at ``f_hz`` [n], ascending.

    Attributes:
        apart_db: [n].
        noise_db2: variance [n] or covariance [n, n] of what is no equaliser's.
        evidence: how much both recordings hold there, 0 to 1: [n].
    """

    f_hz: Floats
    apart_db: Floats
    noise_db2: Floats
    evidence: Floats


def expected_response(
    difference: Difference, rate_hz: int, variation: tuple[tuple[float, float], ...] = EQUALISERS
) -> Curve:
    """The expectation of H at a logarithmic grid up to what ``rate_hz`` carries; its level is that of its plateaus.

    ``variation`` is how equalisers vary: ``EQUALISERS`` or ``NARROW_TOO``.
    """
    f_hz = _grid_hz(rate_hz)
    octaves, at = np.log2(difference.f_hz), np.log2(f_hz)
    on_grid = np.interp(at, octaves, difference.evidence)
    tolerance_db = EXACTLY_DB if variation is NARROW_TOO else ROUGHLY_DB
    free_db, most_db = (MAX_GAIN_DB, 2 * MAX_GAIN_DB) if variation is NARROW_TOO else (FREE_DB, MAX_GAIN_DB)
    return believable(Curve(f_hz, expectation(difference, at, variation), on_grid, tolerance_db), free_db, most_db)


def believable(curve: Curve, free_db: float = FREE_DB, most_db: float = MAX_GAIN_DB) -> Curve:
    """A response at its own level, bounded, and faded to nothing where there is no evidence of it."""
    gain_db = _bounded(curve.gain_db - level_db(curve.f_hz, curve.gain_db, curve.evidence), free_db, most_db)
    return replace(curve, gain_db=gain_db * _faded(np.log2(curve.f_hz), curve.evidence))


def expectation(
    difference: Difference, octaves: Floats, variation: tuple[tuple[float, float], ...] = EQUALISERS
) -> Floats:
    """Of H, up to a gain, at log₂ of frequencies [m]: [m], dB."""
    known = np.log2(difference.f_hz)
    evidence = np.maximum(difference.evidence, NOTHING)
    noise = difference.noise_db2 if difference.noise_db2.ndim == 2 else np.diag(difference.noise_db2)
    noise = noise + np.diag((UNHEARD_DB * (1 - evidence) / evidence) ** 2)
    seen = alike(known, known, variation) + UNKNOWN_GAIN_DB**2 + noise
    return np.asarray(alike(octaves, known, variation) @ np.linalg.solve(seen, difference.apart_db))


def level_db(f_hz: Floats, gain_db: Floats, evidence: Floats) -> float:
    """The gain of a response [n] that is no part of its shape: the weighted median, in which plateaus count most."""
    octaves = np.log2(f_hz)
    slope = np.gradient(gain_db, octaves)
    weights = (evidence + NOTHING) * np.gradient(octaves) / (1 + (slope / PLATEAU_DB) ** 2)
    return weighted_median(gain_db, weights)


def _grid_hz(rate_hz: int) -> Floats:
    steps = int(np.log2(min(HIGHEST_HZ, BELOW_NYQUIST * rate_hz) / LOWEST_HZ) * GRID_PER_OCTAVE)
    return LOWEST_HZ * 2 ** (np.arange(steps + 1) / GRID_PER_OCTAVE)


def alike(one: Floats, other: Floats, variation: tuple[tuple[float, float], ...]) -> Floats:
    """Covariance of the response at octaves [n] and [m]: [n, m], dB²; a sum of Gaussians (ibid., eq. 4.9)."""
    apart = (one[:, None] - other) ** 2
    return np.asarray(sum(spread_db**2 * np.exp(-0.5 * apart / octaves**2) for octaves, spread_db in variation))


def _bounded(gain_db: Floats, free_db: float, most_db: float) -> Floats:
    """[n], dB, bent towards ``most_db`` beyond ``free_db``."""
    size, room = np.abs(gain_db), most_db - free_db
    bent = free_db + room * np.tanh((size - free_db) / room)
    return np.asarray(np.where(size > free_db, np.sign(gain_db) * bent, gain_db))


def _faded(octaves: Floats, evidence: Floats) -> Floats:
    """At octaves [n]: 1 where there is ``evidence`` [n], and down to 0 within ``FADES_OCTAVES`` of it."""
    apart = np.abs(octaves[:, None] - octaves) / FADES_OCTAVES
    fading = np.cos(np.pi / 2 * np.minimum(apart, 1.0)) ** 2
    return np.asarray((fading * evidence).max(axis=1))
