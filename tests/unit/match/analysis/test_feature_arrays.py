"""Stored features become arrays, and nothing of them is lost."""

import numpy as np
import pytest

from soundstage.audio.io import Audio
from soundstage.match.analysis.feature_arrays import (
    MelSpectrogram,
    as_arrays,
    decode_mel_spectrogram,
    encode_mel_spectrogram,
)
from soundstage.match.analysis.features import analyze_features
from soundstage.models.style import Features

RATE_HZ = 44_100


def noise(seconds: float, channels: int) -> Features:
    samples = np.random.default_rng(2).normal(0, 0.1, (round(seconds * RATE_HZ), channels))
    return analyze_features(Audio(samples.astype(np.float32), RATE_HZ))


def test_arrays_hold_what_was_stored() -> None:
    stored = noise(6, 2)
    arrays = as_arrays(Features.model_validate_json(stored.model_dump_json()))
    assert arrays.mid_db.tolist() == stored.spectrum.mid_db
    assert arrays.side_db.tolist() == stored.spectrum.side_db
    assert arrays.mel_db.tolist() == stored.mel.levels_db
    assert arrays.level_percentiles_db.tolist() == stored.dynamics.level_db
    assert arrays.onset_autocorrelation.tolist() == stored.dynamics.pulse
    assert arrays.short_term_lufs.tolist() == stored.loudness.short_term_lufs
    assert arrays.mel_db.shape == (len(arrays.mel_percentiles), len(arrays.mel_hz))
    assert as_arrays(arrays) is arrays


def test_silence_is_infinitely_quiet() -> None:
    arrays = as_arrays(analyze_features(Audio(np.zeros((5 * RATE_HZ, 1), np.float32), RATE_HZ)))
    assert arrays.integrated_lufs is None
    assert len(arrays.short_term_lufs) == 3
    assert np.isneginf(arrays.short_term_lufs).all()
    assert arrays.side_db.shape == arrays.level_percentiles_db.shape == (0,)


@pytest.mark.parametrize(("level_db", "stored_db"), [(-60.2, -60.0), (-140.0, -127.0), (3.0, 0.5)])
def test_a_spectrogram_is_stored_in_steps_of_half_a_decibel(level_db: float, stored_db: float) -> None:
    stored = decode_mel_spectrogram(encode_mel_spectrogram(MelSpectrogram(np.full((3, 80), level_db), 0.25)))
    np.testing.assert_array_equal(stored.levels_db, np.full((3, 80), stored_db))
    assert stored.period_s == 0.25
