import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundstage.audio.decibels import (
    FLOOR_DB,
    NO_FLOOR,
    amplitude_to_db,
    db_to_amplitude,
    db_to_power,
    power_to_db,
)

levels_db = st.floats(FLOOR_DB, 100.0)


def test_twice_the_amplitude_is_four_times_the_power() -> None:
    assert amplitude_to_db(2.0) == pytest.approx(6.0206, abs=1e-4)
    assert power_to_db(4.0) == pytest.approx(6.0206, abs=1e-4)
    assert power_to_db(np.array([1.0, 0.1, 0.01])) == pytest.approx([0.0, -10.0, -20.0])


@given(levels_db)
def test_there_and_back(level_db: float) -> None:
    assert power_to_db(db_to_power(level_db)) == pytest.approx(level_db, abs=1e-9)
    assert amplitude_to_db(db_to_amplitude(level_db)) == pytest.approx(level_db, abs=1e-9)


def test_silence_lies_on_the_floor() -> None:
    assert power_to_db(0.0) == amplitude_to_db(0.0) == FLOOR_DB
    assert np.all(power_to_db(np.array([0.0, 1e-30, 1e-12]), -120.0) == -120.0)
    assert np.all(amplitude_to_db(np.array([0.0, 1e-6]), -120.0) == -120.0)


def test_a_meter_shows_silence_without_a_warning() -> None:
    with np.errstate(all="raise"):
        assert power_to_db(0.0, NO_FLOOR) == amplitude_to_db(0.0, NO_FLOOR) == -np.inf
    assert db_to_power(-np.inf) == db_to_amplitude(-np.inf) == 0.0


def test_single_precision_gets_levels_in_double() -> None:
    power = np.array([1e-14, 0.3, 2.0], np.float32)
    assert power_to_db(power).dtype == np.float64
    assert power_to_db(power) == pytest.approx(10 * np.log10(power.astype(np.float64)), abs=1e-12)
    assert amplitude_to_db(power).dtype == np.float64


def test_what_is_no_number_stays_none() -> None:
    assert np.isnan(power_to_db(np.array([np.nan, 1.0]))).tolist() == [True, False]
