import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.sounds import noise, sine
from tests.unit.audio.test_true_peak import band_limited

from soundstage.audio.dynamics import TruePeakLimiter, limit_true_peak
from soundstage.audio.true_peak import true_peak_dbtp

pytestmark = pytest.mark.usefixtures("loops")

RATE_HZ = 48_000


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    hot_db=st.floats(-3.0, 20.0),
    ceiling_dbtp=st.floats(-12.0, 0.0),
    rate_hz=st.sampled_from([8_000, 44_100, 48_000]),
    release_ms=st.floats(5.0, 500.0),
)
def test_limiter_holds_its_ceiling(
    seed: int, hot_db: float, ceiling_dbtp: float, rate_hz: int, release_ms: float
) -> None:
    samples = band_limited(30_000, seed=seed)
    samples *= 10 ** ((hot_db + ceiling_dbtp - true_peak_dbtp(samples, rate_hz, 8)) / 20)
    limited = limit_true_peak(samples, rate_hz, ceiling_dbtp, release_ms=release_ms)
    assert limited.shape == samples.shape
    assert true_peak_dbtp(limited, rate_hz, 8) <= ceiling_dbtp + 0.02
    if hot_db > 1:  # and does not throw level away
        assert true_peak_dbtp(limited, rate_hz, 8) >= ceiling_dbtp - 0.5


def test_limiter_on_clipped_and_on_percussive_sound() -> None:
    clipped = np.clip(3 * band_limited(96_000, highest=0.4), -0.5, 0.5) * 10
    clicks = np.zeros((96_000, 2), np.float32)
    clicks[::4_801] = 4.0
    for samples in (clipped.astype(np.float32), clicks, 5 * sine(1.0, f_hz=60.0, channels=2)):
        assert true_peak_dbtp(limit_true_peak(samples, RATE_HZ, -1.0), RATE_HZ, 8) <= -0.98


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=6))
def test_limiter_blocks_make_the_whole(sizes: list[int]) -> None:
    samples = 4 * noise(sum(sizes), channels=2)
    limiter = TruePeakLimiter(RATE_HZ, 2, -3.0)
    parts = [limiter.process(block) for block in np.split(samples, np.cumsum(sizes)[:-1])]
    parts.append(limiter.process(samples[:0], last=True))
    assert np.array_equal(np.concatenate(parts), limit_true_peak(samples, RATE_HZ, -3.0))


def test_limiter_leaves_quiet_sound_alone() -> None:
    quiet = noise(50_001, channels=2, amplitude=0.1)
    assert np.array_equal(limit_true_peak(quiet, RATE_HZ, -1.0), quiet)


def test_limiter_recovers() -> None:
    samples = 0.1 * sine(2.0)
    samples[48_000:48_100] *= 100
    limited = limit_true_peak(samples, RATE_HZ, -1.0)
    assert np.array_equal(limited[:40_000], samples[:40_000])
    assert np.allclose(limited[-10_000:], samples[-10_000:], rtol=1e-3)
