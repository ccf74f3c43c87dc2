import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.sounds import noise, sine

from soundstage.audio.filters import response
from soundstage.audio.loudness import LoudnessMeter, k_weighting, measure_loudness

pytestmark = pytest.mark.usefixtures("loops")

LEVELS = ("integrated_lufs", "momentary_max_lufs", "short_term_max_lufs", "true_peak_dbtp", "sample_peak_dbfs")


def test_k_weighting_is_that_of_the_standard_at_48_khz() -> None:
    shelf, high_pass = k_weighting(48_000)
    assert shelf == pytest.approx(
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585], abs=1e-8
    )
    assert high_pass == pytest.approx([1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621], abs=1e-8)


def test_k_weighting_is_about_the_same_at_every_rate() -> None:
    f_hz = np.array([50.0, 100.0, 1000.0, 3000.0])
    reference = np.abs(response(k_weighting(48_000), f_hz, 48_000))
    for rate_hz in (22_050, 44_100, 96_000, 192_000):
        assert np.abs(response(k_weighting(rate_hz), f_hz, rate_hz)) == pytest.approx(reference, rel=0.02)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 30_000), min_size=1, max_size=10), st.sampled_from([1, 2, 6]))
def test_blocks_make_the_whole(sizes: list[int], channels: int) -> None:
    samples = noise(sum(sizes), channels=channels) * np.linspace(0, 1, sum(sizes), dtype=np.float32)[:, None]
    meter = LoudnessMeter(48_000, channels)
    for block in np.split(samples, np.cumsum(sizes)[:-1]):
        meter.process(block)
    got, whole = meter.result(), measure_loudness(samples, 48_000)
    for field in (
        "integrated_lufs",
        "loudness_range_lu",
        "momentary_max_lufs",
        "short_term_max_lufs",
        "true_peak_dbtp",
    ):
        assert getattr(got, field) == pytest.approx(getattr(whole, field), abs=1e-4), field


@settings(max_examples=10, deadline=None)
@given(st.floats(-30.0, 6.0))
def test_gain_moves_every_level_by_itself(gain_db: float) -> None:
    samples = noise(4 * 48_000, channels=2)
    before = measure_loudness(samples, 48_000)
    after = measure_loudness((samples * 10 ** (gain_db / 20)).astype(np.float32), 48_000)
    for field in LEVELS:
        assert getattr(after, field) - getattr(before, field) == pytest.approx(gain_db, abs=1e-3), field


def test_silence_and_short_sounds() -> None:
    silence = measure_loudness(np.zeros((48_000, 2), np.float32), 48_000)
    assert silence.integrated_lufs == silence.momentary_max_lufs == silence.true_peak_dbtp == -np.inf
    assert silence.loudness_range_lu == 0.0
    short = measure_loudness(sine(0.3), 48_000)
    assert short.integrated_lufs == -np.inf
    assert short.true_peak_dbtp == pytest.approx(-6.02, abs=0.1)
    assert measure_loudness(np.zeros((0, 1), np.float32), 48_000).duration_s == 0.0


def test_keeps_two_numbers_per_100_ms() -> None:
    meter = LoudnessMeter(8_000, 1)
    minute = noise(60 * 8_000)
    for _ in range(10):
        meter.process(minute)
    meter.result()
    assert len(meter._gating_blocks) + len(meter._short_terms) < 2 * 10 * 600 + 1
    assert len(meter._recent) == 299
    assert meter.result().duration_s == 600.0


def test_refuses_unknown_layouts() -> None:
    with pytest.raises(ValueError, match="channels"):
        LoudnessMeter(48_000, 9)
