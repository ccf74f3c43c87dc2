import numpy as np
import pytest
from tests.fixtures.sounds import noise, sine

from soundstage.audio.stereo import correlation


def test_correlation_as_a_meter_shows_it() -> None:
    one, other = noise(48_000, seed=1), noise(48_000, seed=2)
    assert correlation(np.concatenate([one, 0.5 * one], axis=1)) == pytest.approx(1.0)
    assert correlation(np.concatenate([one, -one], axis=1)) == pytest.approx(-1.0)
    assert correlation(np.concatenate([one, other], axis=1)) == pytest.approx(0.0, abs=0.02)
    assert correlation(np.concatenate([one + other, one], axis=1)) == pytest.approx(np.sqrt(0.5), abs=0.02)


def test_a_silent_side_is_no_fault() -> None:
    assert correlation(np.concatenate([sine(0.1), 0 * sine(0.1)], axis=1)) == 1.0
