"""The mix: automation between sections, and of the melody above the band."""

import numpy as np
import pytest

from soundstage.music.instruments.modal_synthesis import RATE_HZ
from soundstage.music.sounding.mix import (
    DB_PER_ENERGY,
    MAX_AUTOMATION_DB,
    MAX_BELOW_DB,
    MAX_LIFT_DB,
    MAX_SECTION_DB,
    gain_above,
    lift_of_quiet,
    section_gain,
)


def test_a_chorus_is_louder_than_its_verse() -> None:
    gain_db = 20 * np.log10(section_gain([(0.0, 0.5), (2.0, 0.9), (4.0, 0.3)], 6 * RATE_HZ))
    assert len(gain_db) == 6 * RATE_HZ
    verse, chorus, end = (gain_db[round(t * RATE_HZ)] for t in (1.0, 3.0, 5.0))
    assert verse == pytest.approx(-0.2 * DB_PER_ENERGY, abs=0.01)
    assert chorus == pytest.approx(MAX_SECTION_DB, abs=0.01)
    assert end == pytest.approx(-0.4 * DB_PER_ENERGY, abs=0.01)
    assert np.abs(np.diff(gain_db)).max() < 0.001


def test_the_melody_is_automated_above_the_band() -> None:
    rng = np.random.default_rng(0)
    melody = (0.5 * np.sin(2 * np.pi * 700 * np.arange(6 * RATE_HZ) / RATE_HZ)).astype(np.float32)
    band = (0.3 * rng.standard_normal(6 * RATE_HZ)).astype(np.float32)
    band[: 3 * RATE_HZ] *= 0.5
    gain_db = 20 * np.log10(gain_above(melody, band, [0.0, 3.0], 4.0))
    # The band gets 6 dB louder, and the melody follows most of it; in all by no more than the limit.
    assert gain_db[5 * RATE_HZ] - gain_db[RATE_HZ] == pytest.approx(0.8 * 6.0, abs=0.3)
    assert np.abs(20 * np.log10(gain_above(0.01 * melody, band, [0.0, 3.0], 4.0))).max() <= MAX_AUTOMATION_DB + 1e-3
    silent = gain_above(np.zeros(RATE_HZ, dtype=np.float32), band[:RATE_HZ], [], 4.0)
    assert np.isfinite(silent).all()


def test_an_intro_far_below_its_chorus_is_raised_and_one_that_is_not_stays() -> None:
    tone = np.tile(np.sin(2 * np.pi * 700 * np.arange(6 * RATE_HZ) / RATE_HZ), (2, 1)).astype(np.float32)

    def raised_db(below_db: float) -> list[float]:
        song = tone.copy()
        song[:, : 2 * RATE_HZ] *= np.float32(10 ** (-below_db / 20))
        song[:, 5 * RATE_HZ :] = 0.0  # what rings out does not count
        gain_db = 20 * np.log10(lift_of_quiet(song, [0.0, 2.0, 4.0]))
        return [float(gain_db[round(t * RATE_HZ)]) for t in (1.0, 3.0, 4.5)]

    assert raised_db(MAX_BELOW_DB - 1) == pytest.approx([0.0, 0.0, 0.0], abs=0.01)
    assert raised_db(MAX_BELOW_DB + 2) == pytest.approx([2.0, 0.0, 0.0], abs=0.05)
    assert raised_db(MAX_BELOW_DB + 9) == pytest.approx([MAX_LIFT_DB, 0.0, 0.0], abs=0.05)
