"""Music fitted to a film: repeated on a bar, without a seam, faded with the last shot."""

import numpy as np
import pytest

from soundstage.arrays import Samples
from soundstage.audio.track_fitting import find_loop, fit_track
from soundstage.models.errors import InvalidInput

RATE_HZ = 24_000
CHORDS_HZ = ((220, 277, 330), (196, 247, 294), (175, 220, 262), (165, 208, 247))


def _track(bpm: float, bars: int, beats: int = 4) -> Samples:
    """Chords that change every bar, four bars again and again, louder on the first beat; 0.7 s ring out at the end."""
    beat_s = 60 / bpm
    out = np.zeros(round((bars * beats * beat_s + 0.7) * RATE_HZ))
    time = np.arange(round(beat_s * RATE_HZ)) / RATE_HZ
    for k in range(bars * beats):
        chord = sum(np.sin(2 * np.pi * f * time) for f in CHORDS_HZ[k // beats % 4]) * np.exp(-time / 0.3)
        first = round(k * beat_s * RATE_HZ)
        part = (0.15 if k % beats else 0.25) * chord
        out[first : first + len(part)] += part[: len(out) - first]
    return np.stack([out, 0.5 * out], axis=1).astype(np.float32)


@pytest.mark.parametrize(
    ("bpm", "bars", "beats"), [(120, 9, 4), (93, 8, 4), (140, 12, 4), (108, 12, 3), (117.3, 60, 4)]
)
def test_a_short_track_is_repeated_by_whole_phrases(bpm: float, bars: int, beats: int) -> None:
    loop = find_loop(_track(bpm, bars, beats), RATE_HZ)
    phrases = (loop.end - loop.start) / RATE_HZ / (4 * beats * 60 / bpm)
    assert phrases == pytest.approx(round(phrases), abs=0.002)
    assert phrases > 0.9


def test_the_music_goes_on_over_the_seam_as_if_it_were_longer() -> None:
    fitted = fit_track(_track(120, 9), RATE_HZ, 60.0)
    longer = _track(120, 32)[: 60 * RATE_HZ]
    assert fitted.shape == (60 * RATE_HZ, 2)
    heard = slice(0, 55 * RATE_HZ)
    # Only the beats around a seam differ, by what rings over from other beats.
    same = np.abs(fitted[heard] - longer[heard]).max(axis=1) < 0.02
    assert same.mean() > 0.97


def test_a_track_that_is_long_enough_is_not_touched_before_its_fade() -> None:
    track = _track(100, 20)
    fitted = fit_track(track, RATE_HZ, 20.0, fade_s=3.0)
    assert np.array_equal(fitted[: 17 * RATE_HZ], track[: 17 * RATE_HZ])
    assert np.abs(fitted[-RATE_HZ // 100 :]).max() < 1e-4


def test_the_fade_lasts_as_long_as_the_last_shot_within_reason() -> None:
    track = np.ones((30 * RATE_HZ, 1), np.float32)
    faded_s = {
        fade_s: np.count_nonzero(fit_track(track, RATE_HZ, 20.0, fade_s=fade_s) < 1.0) / RATE_HZ
        for fade_s in (0.2, 5.0, 60.0)
    }
    assert faded_s[0.2] == pytest.approx(1.5, abs=0.02)
    assert faded_s[5.0] == pytest.approx(5.0, abs=0.02)
    assert faded_s[60.0] == pytest.approx(8.0, abs=0.02)


def test_sound_without_a_beat_is_joined_at_equal_power() -> None:
    noise = np.random.default_rng(1).standard_normal((3 * RATE_HZ, 2)).astype(np.float32)
    fitted = fit_track(noise, RATE_HZ, 20.0, fade_s=2.0)
    tenths = (fitted[: 17 * RATE_HZ] ** 2).reshape(-1, RATE_HZ // 10, 2).mean(axis=(1, 2))
    assert 10 * np.log10(tenths.max() / tenths.min()) < 1.0


def test_silence_at_the_end_of_a_track_is_not_repeated() -> None:
    track = np.concatenate([_track(120, 8), np.zeros((6 * RATE_HZ, 2), np.float32)])
    fitted = fit_track(track, RATE_HZ, 50.0)
    seconds = np.abs(fitted[: 45 * RATE_HZ]).reshape(-1, RATE_HZ, 2).max(axis=(1, 2))
    assert seconds.min() > 0.05


@pytest.mark.parametrize("frames", [0, 1000])
def test_silence_is_refused(frames: int) -> None:
    with pytest.raises(InvalidInput):
        fit_track(np.zeros((frames, 2), np.float32), RATE_HZ, 30.0)
