import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal
from tests.fixtures.sounds import noise

from soundstage.audio.decibels import amplitude_to_db
from soundstage.audio.filters import (
    Sos,
    SosFilter,
    butterworth,
    first_order_low_pass,
    high_pass,
    high_shelf,
    low_pass,
    low_shelf,
    peaking,
    response,
)

pytestmark = pytest.mark.usefixtures("loops")

RATE_HZ = 48_000
frequencies = st.floats(20.0, 20_000.0)
gains = st.floats(-18.0, 18.0)
qualities = st.floats(0.3, 8.0)


@st.composite
def cascades(draw: st.DrawFn) -> Sos:
    design = st.sampled_from([peaking, low_shelf, high_shelf])
    sections = draw(st.integers(1, 8))
    return np.concatenate(
        [draw(design)(RATE_HZ, draw(frequencies), draw(qualities), draw(gains)) for _ in range(sections)]
    )


def gain_db(sos: Sos, f_hz: float) -> float:
    return float(amplitude_to_db(np.abs(response(sos, np.array([f_hz]), RATE_HZ)))[0])


@settings(max_examples=30, deadline=None)
@given(cascades(), st.integers(0, 3_000), st.integers(1, 3))
def test_is_the_recursion_that_scipy_runs(sos: Sos, frames: int, channels: int) -> None:
    samples = noise(frames, channels=channels)
    expected = signal.sosfilt(sos, samples.astype(np.float64), axis=0) if frames else samples
    assert np.allclose(
        SosFilter(sos, channels).process(samples),
        expected,
        rtol=0,
        atol=1e-6 * max(1.0, np.abs(expected).max(initial=0)),
    )


@settings(max_examples=30, deadline=None)
@given(cascades(), st.lists(st.integers(0, 500), min_size=1, max_size=12))
def test_blocks_make_the_whole(sos: Sos, sizes: list[int]) -> None:
    samples = noise(sum(sizes), channels=2)
    stream = SosFilter(sos, 2)
    parts = [stream.process(block) for block in np.split(samples, np.cumsum(sizes)[:-1])]
    whole = SosFilter(sos, 2).process(samples)
    assert np.allclose(np.concatenate(parts), whole, rtol=0, atol=1e-6 * max(1.0, np.abs(whole).max(initial=0)))


def test_state_can_be_stored() -> None:
    samples, sos = noise(1_000), peaking(RATE_HZ, 1000, 1, 6)
    first, second = SosFilter(sos, 1), SosFilter(sos, 1)
    first.process(samples)
    second.state = np.array(first.state.tolist())
    assert np.array_equal(first.process(samples), second.process(samples))


@given(frequencies, qualities, gains)
def test_gains_are_what_was_asked_for(f_hz: float, q: float, wanted_db: float) -> None:
    assert gain_db(peaking(RATE_HZ, f_hz, q, wanted_db), f_hz) == pytest.approx(wanted_db, abs=1e-6)
    assert gain_db(low_shelf(RATE_HZ, f_hz, q, wanted_db), 0.0) == pytest.approx(wanted_db, abs=1e-6)
    assert gain_db(high_shelf(RATE_HZ, f_hz, q, wanted_db), RATE_HZ / 2) == pytest.approx(wanted_db, abs=1e-6)
    assert gain_db(low_shelf(RATE_HZ, f_hz, q, wanted_db), f_hz) == pytest.approx(wanted_db / 2, abs=1e-6)
    assert gain_db(high_shelf(RATE_HZ, f_hz, q, wanted_db), f_hz) == pytest.approx(wanted_db / 2, abs=1e-6)


@given(frequencies)
def test_passes(f_hz: float) -> None:
    for order in (2, 4, 8):
        assert gain_db(butterworth(RATE_HZ, f_hz, order, "low"), f_hz) == pytest.approx(-3.0103, abs=1e-3)
        assert gain_db(butterworth(RATE_HZ, f_hz, order, "high"), f_hz) == pytest.approx(-3.0103, abs=1e-3)
    assert gain_db(low_pass(RATE_HZ, f_hz), 0.0) == pytest.approx(0.0, abs=1e-6)
    assert gain_db(high_pass(RATE_HZ, f_hz), RATE_HZ / 2) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("f_hz", [300.0, 3800.0, 9000.0])
def test_the_first_order_low_pass_is_scipy_s(f_hz: float) -> None:
    designed = signal.butter(1, f_hz, "lowpass", fs=RATE_HZ, output="sos")
    np.testing.assert_allclose(first_order_low_pass(RATE_HZ, f_hz), designed, atol=1e-12)


def test_refuses_impossible_designs() -> None:
    for f_hz, q in ((0.0, 1.0), (24_000.0, 1.0), (1000.0, 0.0)):
        with pytest.raises(ValueError, match="f_hz"):
            peaking(RATE_HZ, f_hz, q, 3.0)
    with pytest.raises(ValueError, match="order"):
        butterworth(RATE_HZ, 1000.0, 3, "low")
