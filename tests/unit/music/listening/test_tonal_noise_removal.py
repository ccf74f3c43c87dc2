"""Tones that never stop are taken out; a tune, and a tone that is all there is, stay."""

import numpy as np
import pytest
from tests.fixtures.hums import TUNES, render_hum

from soundstage.audio.pitch import MODEL_RATE_HZ
from soundstage.music.listening.tonal_noise_removal import remove_tonal_noise


@pytest.fixture(scope="module")
def tune() -> np.ndarray:
    audio, _ = render_hum(TUNES[0], tonic=55, tempo_bpm=100, rate_hz=MODEL_RATE_HZ, max_duration_s=12, seed=1)
    return audio.mono()


def mains(frames: int) -> np.ndarray:
    time_s = np.arange(frames) / MODEL_RATE_HZ
    partials = [np.sin(2 * np.pi * k * 50 * time_s) / k for k in (1, 2, 3, 5)]
    return np.asarray(np.sum(partials, axis=0), np.float32)


def rms_db(signal: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(np.square(signal, dtype=np.float64)) + 1e-20))


def test_mains_are_taken_out_of_a_tune(tune: np.ndarray) -> None:
    level = 0.3 * np.std(tune)
    left = remove_tonal_noise(tune + level * mains(len(tune)))

    assert len(left) == len(tune)
    assert rms_db(left - tune) < rms_db(level * mains(len(tune))) - 9
    quiet = slice(0, MODEL_RATE_HZ // 5)  # before the first note
    assert rms_db(left[quiet]) < rms_db(level * mains(len(tune))[quiet]) - 20


def test_a_recording_without_such_tones_is_the_same_array(tune: np.ndarray) -> None:
    assert remove_tonal_noise(tune) is tune


def test_a_tone_that_is_all_there_is_stays() -> None:
    tone = mains(3 * MODEL_RATE_HZ)

    assert remove_tonal_noise(tone) is tone
