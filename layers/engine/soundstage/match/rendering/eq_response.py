"""Magnitude response of equaliser bands: of the filters that are applied, and of many bands at once, for fits."""

import numpy as np

from soundstage.arrays import Floats
from soundstage.audio.decibels import amplitude_to_db
from soundstage.audio.filters import response
from soundstage.match.rendering.equaliser import equaliser_sos
from soundstage.models.style import EqBand

INAUDIBLE_DB = 0.005
"""A hundredth of the smallest difference in level that is heard, about .5 dB (B. Moore, An Introduction to the
Psychology of Hearing, 2012, ch. 4)."""

DB = 10 / np.log(10)
"""dB of an e-fold of power."""


def scaled_bands(bands: list[EqBand], amount: float) -> list[EqBand]:
    """The bands with ``amount`` (0 to 1) of their gain, without those that nobody would hear."""
    scaled = [band.model_copy(update={"gain_db": band.gain_db * amount}) for band in bands]
    return [band for band in scaled if abs(band.gain_db) > INAUDIBLE_DB]


def response_db(bands: list[EqBand], f_hz: Floats, rate_hz: int) -> Floats:
    """The gain in dB at frequencies [n] of the filters that ``equaliser_sos`` makes of the bands; 0 without any."""
    if not bands:
        return np.zeros(len(f_hz))
    return amplitude_to_db(np.abs(response(equaliser_sos(bands, rate_hz), f_hz, rate_hz)))


def warped_frequencies(f_hz: Floats, rate_hz: int) -> Floats:
    """tan² (ω / 2) at frequencies [n]: all that ``band_responses_db`` needs of them, computed once."""
    return np.asarray(np.tan(np.pi * f_hz / rate_hz) ** 2)


def band_responses_db(kind: str, unknowns: Floats, warped: Floats, rate_hz: int) -> tuple[Floats, Floats]:
    """The gain of bands of one ``kind`` in dB [bands, n], and its slopes [bands, 3, n] along their unknowns.

    ``unknowns`` are [bands, (ln f, ln q, gain in dB)], ``warped`` those of ``warped_frequencies`` [n].

    These are the squared magnitudes of the Audio EQ Cookbook's analogue prototypes at s = j √x, where the bilinear
    transform has x = tan² (ω / 2) / tan² (ω₀ / 2). Of coefficients of the digital filters they would be small
    differences of large terms at low frequencies, and differences of them no exact slopes.
    """
    half_corner = np.pi * np.exp(unknowns[:, :1]) / rate_hz
    a, q, gain_db = 10 ** (unknowns[:, 2:] / 40), np.exp(unknowns[:, 1:2]), unknowns[:, 2:]
    x = warped / np.tan(half_corner) ** 2
    # Numerator and denominator, ``over`` and ``under``, are each the square of a difference, and a part of it that
    # falls with Q². Of both, the derivatives' shares in them, by ln x and by ln a.
    if kind == "peaking":
        wide_over, wide_under, bent = x * (a / q) ** 2, x / (a * q) ** 2, 2 * x * (1 - x)
        over, under = (1 - x) ** 2 + wide_over, (1 - x) ** 2 + wide_under
        by_x = (wide_over - bent) / over - (wide_under - bent) / under
        by_a = 2 * wide_over / over + 2 * wide_under / under
        shared, sign = 0.0, 1.0
    else:
        y = a * x
        wide_over = wide_under = y / q**2
        over, under = (a - x) ** 2 + wide_over, (1 - y) ** 2 + wide_under
        by_y = (wide_under - 2 * y * (1 - y)) / under
        by_x = (wide_over - 2 * x * (a - x)) / over - by_y
        by_a = (wide_over + 2 * a * (a - x)) / over - by_y
        # A high shelf is a low shelf upside down, raised by all of its gain; each is written from half of it.
        shared, sign = 0.5, 1.0 if kind == "low_shelf" else -1.0
    by_q = wide_under / under - wide_over / over
    warping = 4 * half_corner / np.sin(2 * half_corner)  # −d ln x / d ln ω₀: 2 but near half the rate
    slopes = np.stack([-DB * warping * by_x, 2 * DB * by_q, shared * sign + by_a / 4], axis=1)
    return shared * gain_db + sign * DB * np.log(over / under), sign * slopes
