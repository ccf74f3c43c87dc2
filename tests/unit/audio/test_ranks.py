import numpy as np
import pytest

from soundstage.audio.ranks import median, percentiles


@pytest.mark.parametrize("shape", [(1,), (2,), (9,), (40, 7), (3, 5, 8)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_they_are_numpys(shape: tuple[int, ...], dtype: type[np.floating]) -> None:
    values = np.random.default_rng(1).normal(0, 30, shape).astype(dtype)
    assert np.array_equal(median(values), np.median(values, axis=-1))
    for percents in (0.0, 37.5, 100.0, (5.0, 50.0, 95.0)):
        wanted = np.percentile(values.astype(np.float64), percents, axis=0)
        np.testing.assert_allclose(percentiles(values, percents), wanted, atol=1e-4 if dtype is np.float32 else 1e-12)
