"""Magnitude response of equaliser bands: of the filters that are applied, and of many bands at once, for fits."""

import numpy as np

from soundstage.arrays import Floats
from soundstage.audio.decibels import amplitude_to_db, power_to_db
from soundstage.audio.filters import bell_coefficients, cookbook_terms, response, shelf_coefficients
from soundstage.match.rendering.equaliser import equaliser_sos
from soundstage.models.style import EqBand

INAUDIBLE_DB = 0.005
"""A hundredth of the smallest difference in level that is heard, about .5 dB (B. Moore, An Introduction to the
Psychology of Hearing, 2012, ch. 4)."""


def scaled_bands(bands: list[EqBand], amount: float) -> list[EqBand]:
    """The bands with ``amount`` (0 to 1) of their gain, without those that nobody would hear."""
    scaled = [band.model_copy(update={"gain_db": band.gain_db * amount}) for band in bands]
    return [band for band in scaled if abs(band.gain_db) > INAUDIBLE_DB]


def response_db(bands: list[EqBand], f_hz: Floats, rate_hz: int) -> Floats:
    """The gain in dB at frequencies [n] of the filters that ``equaliser_sos`` makes of the bands; 0 without any."""
    if not bands:
        return np.zeros(len(f_hz))
    return amplitude_to_db(np.abs(response(equaliser_sos(bands, rate_hz), f_hz, rate_hz)))


def sine_squares(f_hz: Floats, rate_hz: int) -> Floats:
    """sin² (ω / 2) at frequencies [n]: all that ``band_responses_db`` needs of them, computed once."""
    return np.asarray(np.sin(np.pi * f_hz / rate_hz) ** 2)


def band_responses_db(kind: str, unknowns: Floats, sines: Floats, rate_hz: int) -> Floats:
    """The gain in dB [bands, n] of bands of one ``kind`` with unknowns [bands, (ln f, ln q, gain in dB)]."""
    terms = cookbook_terms(rate_hz, np.exp(unknowns[:, 0]), np.exp(unknowns[:, 1]), unknowns[:, 2])
    if kind == "peaking":
        b, a = bell_coefficients(*terms)
    else:
        b, a = shelf_coefficients(*terms, side=1 if kind == "low_shelf" else -1)
    return power_to_db(_squared(b, sines) / _squared(a, sines))


def _squared(p: tuple[Floats, Floats, Floats], sines: Floats) -> Floats:
    """|p₀ + p₁ z⁻¹ + p₂ z⁻²|² / 4 on the unit circle.

    Written with cos ω it would be a small difference of large terms at low frequencies, .001 dB off at 20 Hz.
    """
    p0, p1, p2 = (part[:, None] for part in p)
    squared = ((p0 + p1 + p2) / 2) ** 2 - sines * (4 * p0 * p2 * (1 - sines) + p1 * (p0 + p2))
    return np.asarray(np.maximum(squared, 1e-20))
