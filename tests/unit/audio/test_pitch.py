import numpy as np
import pytest
from numpy.typing import NDArray

from soundstage.audio.pitch import FRAME_PERIOD_S, hz_to_midi, midi_to_hz, track_pitch


def voice(f0_hz: NDArray[np.float64], rate_hz: int) -> NDArray[np.float32]:
    """A buzzing voice with formant-like weights: [frames]."""
    phase = 2 * np.pi * np.cumsum(f0_hz) / rate_hz
    partials = [np.sin(k * phase) / k for k in range(1, 9)]
    return np.asarray(0.2 * np.sum(partials, axis=0), np.float32)


@pytest.mark.parametrize("rate_hz", [16_000, 44_100, 48_000])
@pytest.mark.parametrize("f0_hz", [98.3, 220.0, 333.3, 612.5])
def test_steady_pitch_to_a_few_cents(f0_hz: float, rate_hz: int) -> None:
    track = track_pitch(voice(np.full(rate_hz, f0_hz), rate_hz), rate_hz)
    middle = slice(12, 50)
    assert track.voiced[middle].all()
    assert np.abs(1200 * np.log2(np.median(track.f0_hz[middle]) / f0_hz)) < 10
    assert np.nanmedian(track.midi[middle]) == pytest.approx(69 + 12 * np.log2(f0_hz / 440), abs=0.1)


def test_glide_is_followed() -> None:
    rate_hz = 48_000
    f0_hz = np.geomspace(150.0, 300.0, 2 * rate_hz)
    track = track_pitch(np.stack([voice(f0_hz, rate_hz)] * 2, axis=1), rate_hz)
    assert np.allclose(np.diff(track.times_s), FRAME_PERIOD_S)
    inside = slice(15, 110)
    expected = f0_hz[np.rint(track.times_s[inside] * rate_hz).astype(int)]
    assert np.abs(1200 * np.log2(track.f0_hz[inside] / expected)).max() < 50


def test_silence_noise_and_nothing() -> None:
    assert not track_pitch(np.zeros(16_000, np.float32), 16_000).voiced.any()
    assert len(track_pitch(np.zeros(0, np.float32), 16_000).times_s) == 0
    hiss = (0.1 * np.random.default_rng(0).standard_normal(32_000)).astype(np.float32)
    assert track_pitch(hiss, 16_000).voiced.mean() < 0.2


def test_same_input_same_track() -> None:
    signal = voice(np.full(24_000, 200.0), 16_000)
    first, second = track_pitch(signal, 16_000), track_pitch(signal, 16_000)
    assert np.array_equal(first.f0_hz, second.f0_hz)
    assert np.array_equal(first.confidence, second.confidence)


def test_midi_numbers_and_frequencies_are_inverse() -> None:
    assert (midi_to_hz(69), midi_to_hz(57)) == (440.0, 220.0)
    midi = np.arange(0.0, 128.0, 0.37)
    np.testing.assert_allclose(hz_to_midi(np.array([midi_to_hz(m) for m in midi])), midi, atol=1e-9)
