"""The bands of a curve do not hang on the last bits of its measurement, which differ between processors."""

import numpy as np
import pytest

from soundstage.arrays import Floats
from soundstage.match.estimation.eq_fit import Curve, fit_bands

F_HZ = np.geomspace(20, 19_000, 118)
LAST_BITS_DB = 1e-11  # what BLAS kernels differ by in measured curves


def wavy_db() -> Floats:
    """More bumps than eight bands can follow, where a fit has the most to decide: [n]."""
    rng, octaves = np.random.default_rng(2), np.log2(F_HZ)
    centres, widths, heights_db = rng.uniform(5, 14, 14), rng.uniform(0.2, 1.2, 14), rng.normal(0, 1.5, 14)
    return np.asarray(heights_db @ np.exp(-(((octaves - centres[:, None]) / widths[:, None]) ** 2)))


@pytest.mark.slow
def test_last_bits_of_a_curve_change_no_band() -> None:
    gain_db = wavy_db()
    noise_db = LAST_BITS_DB * np.random.default_rng(2).standard_normal(len(F_HZ))
    one, other = (fit_bands(Curve(F_HZ, each, np.ones(len(F_HZ))), 44_100) for each in (gain_db, gain_db + noise_db))
    assert len(one) == 8
    assert one == other
