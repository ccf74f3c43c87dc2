import numpy as np
import pytest

from soundstage.match.estimation.evidence import known_median


@pytest.mark.parametrize("rows", [1, 2, 7, 600])
def test_the_median_of_what_is_known(rows: int) -> None:
    rng = np.random.default_rng(rows)
    values = rng.normal(size=(rows, 9))
    values[rng.random(values.shape) < 0.5] = np.nan
    values[0, np.isnan(values).all(axis=0)] = 3.0
    assert np.array_equal(known_median(values), np.nanmedian(values, axis=0))
