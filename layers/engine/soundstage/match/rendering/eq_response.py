"""Magnitude response of equaliser bands, computed as the filters of ``audio.filters`` apply them."""

import numpy as np

from soundstage.arrays import Floats
from soundstage.audio.decibels import power_to_db
from soundstage.audio.filters import bell_coefficients, cookbook_terms, shelf_coefficients
from soundstage.models.style import EqBand

INAUDIBLE_DB = 0.005


def scaled_bands(bands: list[EqBand], amount: float) -> list[EqBand]:
    """The bands with ``amount`` of their gain, without those that nobody would hear."""
    scaled = [band.model_copy(update={"gain_db": band.gain_db * amount}) for band in bands]
    return [band for band in scaled if abs(band.gain_db) > INAUDIBLE_DB]


def response_db(bands: list[EqBand], f_hz: Floats, rate_hz: int) -> Floats:
    """The bands' gain at frequencies [n]; linear in nothing, exact for the biquads that ``render`` runs."""
    total = np.zeros(len(f_hz))
    for band in bands:
        unknowns = np.array([np.log(band.f_hz), np.log(band.q), band.gain_db])
        total += _band_db(band.type, unknowns[None], _cosines(f_hz, rate_hz), rate_hz)[0]
    return total


def _cosines(f_hz: Floats, rate_hz: int) -> tuple[Floats, Floats]:
    w = 2 * np.pi * f_hz / rate_hz
    return np.cos(w), np.cos(2 * w)


def _band_db(kind: str, unknowns: Floats, cosines: tuple[Floats, Floats], rate_hz: int) -> Floats:
    """Gain [bands, n] of ``audio.filters``' biquads with unknowns [bands, (log f, log q, gain)]."""
    terms = cookbook_terms(rate_hz, np.exp(unknowns[:, 0]), np.exp(unknowns[:, 1]), unknowns[:, 2])
    if kind == "peaking":
        b, d = bell_coefficients(*terms)
    else:
        b, d = shelf_coefficients(*terms, side=1 if kind == "low_shelf" else -1)
    return power_to_db(_squared(b, cosines) / _squared(d, cosines))


def _squared(p: tuple[Floats, Floats, Floats], cosines: tuple[Floats, Floats]) -> Floats:
    """|p0 + p1 z⁻¹ + p2 z⁻²|² on the unit circle."""
    p0, p1, p2 = (part[:, None] for part in p)
    squared = p0**2 + p1**2 + p2**2 + 2 * (p0 * p1 + p1 * p2) * cosines[0] + 2 * p0 * p2 * cosines[1]
    return np.asarray(np.maximum(squared, 1e-20))
