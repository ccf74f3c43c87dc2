"""The response that reports draw and fits rely on is that of the filters that run."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from soundstage.arrays import Floats
from soundstage.audio.decibels import amplitude_to_db
from soundstage.match.rendering.eq_response import band_responses_db, response_db, warped_frequencies
from soundstage.match.rendering.equaliser import equaliser_sos
from soundstage.models.style import EqBand

kinds = st.sampled_from(["peaking", "low_shelf", "high_shelf"])
bands = st.builds(EqBand, type=kinds, f_hz=st.floats(20, 24_000), q=st.floats(0.3, 6), gain_db=st.floats(-18, 18))


@given(st.lists(bands, max_size=8), st.sampled_from([16_000, 44_100, 96_000]))
def test_bands_beyond_the_reach_of_a_low_rate_are_drawn_as_they_run(given: list[EqBand], rate_hz: int) -> None:
    f_hz = np.geomspace(20, 0.49 * rate_hz, 50)
    expected = np.zeros(50)
    if given:
        _, gain = signal.freqz_sos(equaliser_sos(given, rate_hz), f_hz, fs=rate_hz)
        expected = amplitude_to_db(np.abs(gain))
    assert response_db(given, f_hz, rate_hz) == pytest.approx(expected, abs=1e-6)


RATE_HZ, F_HZ = 96_000, np.geomspace(20, 40_000, 50)


def as_a_fit_sees_it(kind: str, unknowns: Floats) -> tuple[Floats, Floats]:
    response, slopes = band_responses_db(kind, unknowns[None], warped_frequencies(F_HZ, RATE_HZ), RATE_HZ)
    return response[0], slopes[0]


@given(bands)
def test_a_fit_sees_the_same_response(band: EqBand) -> None:
    seen, _ = as_a_fit_sees_it(band.type, np.array([np.log(band.f_hz), np.log(band.q), band.gain_db]))
    assert seen == pytest.approx(response_db([band], F_HZ, RATE_HZ), abs=1e-6)


@given(bands)
def test_slopes_are_those_of_the_response(band: EqBand) -> None:
    unknowns = np.array([np.log(band.f_hz), np.log(band.q), band.gain_db])
    _, slopes = as_a_fit_sees_it(band.type, unknowns)
    for slope, step in zip(slopes, 1e-5 * np.eye(3), strict=True):
        above, below = (as_a_fit_sees_it(band.type, unknowns + side * step)[0] for side in (1, -1))
        assert slope == pytest.approx((above - below) / 2e-5, abs=1e-3)
