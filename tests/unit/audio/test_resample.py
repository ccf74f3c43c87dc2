import numpy as np
import pytest
from tests.fixtures.sounds import sine

from soundstage.audio.resample import resample


@pytest.mark.parametrize(("from_hz", "to_hz"), [(44_100, 48_000), (48_000, 16_000), (8_000, 44_100)])
def test_resampling_keeps_tones_and_time(from_hz: int, to_hz: int) -> None:
    converted = resample(sine(1.0, rate_hz=from_hz, channels=2), from_hz, to_hz)
    expected = sine(1.0, rate_hz=to_hz, channels=2)
    assert abs(len(converted) - to_hz) <= 1
    middle = slice(to_hz // 4, to_hz // 2)
    assert np.allclose(converted[middle], expected[middle], atol=1e-4)
