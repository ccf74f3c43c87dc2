import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.fixtures.sounds import noise

from soundstage.audio.true_peak import HISTORY, TruePeakMeter, interpolator, peak_envelope, true_peak_dbtp

pytestmark = pytest.mark.usefixtures("loops")


def band_limited(frames: int, *, highest: float = 0.43, seed: int = 0, channels: int = 2) -> NDArray[np.float32]:
    """Noise up to ``highest`` of the rate, with quiet and loud stretches, fading in and out: [frames, channels]."""
    white = np.random.default_rng(seed).standard_normal((frames, channels))
    bins = np.fft.rfft(white, axis=0)
    bins[int(2 * highest * len(bins)) :] = 0
    loudness = 0.55 + 0.45 * np.sin(np.arange(frames) * 0.003 + seed)
    fade = np.minimum(np.minimum(np.arange(frames), np.arange(frames)[::-1]) / 200, 1.0)
    shaped = np.fft.irfft(bins, frames, axis=0) * (loudness * fade)[:, None]
    scaled: NDArray[np.float32] = (shaped / 4).astype(np.float32)
    return scaled


def exact_points(samples: NDArray[np.float32], oversampling: int) -> NDArray[np.float64]:
    """Every interpolated point without any skipping: [oversampling, frames + HISTORY, channels]."""
    phases = tuple(k / oversampling for k in range(oversampling))
    padded = np.pad(samples.astype(np.float64), ((HISTORY, HISTORY), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, HISTORY + 1, axis=0)
    points: NDArray[np.float64] = np.einsum("fct,pt->pfc", windows, interpolator(phases))
    return points


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(300, 5_000), st.sampled_from([2, 4, 8]))
def test_skipping_loses_nothing(seed: int, frames: int, oversampling: int) -> None:
    samples = band_limited(frames, seed=seed)
    exact = 20 * np.log10(np.abs(exact_points(samples, oversampling)).max())
    assert true_peak_dbtp(samples, 48_000, oversampling) == pytest.approx(exact, abs=1e-3)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=10), st.integers(1, 3))
def test_blocks_make_the_whole(sizes: list[int], channels: int) -> None:
    samples = noise(sum(sizes), channels=channels)
    meter, whole = TruePeakMeter(channels), TruePeakMeter(channels)
    for block in np.split(samples, np.cumsum(sizes)[:-1]):
        meter.process(block)
    whole.process(samples)
    assert meter.result() == pytest.approx(whole.result(), rel=1e-6)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.05, 0.3))
def test_envelope_is_exact_above_its_threshold(seed: int, above: float) -> None:
    samples = band_limited(3_000, seed=seed)
    samples *= above * 1.05 / np.abs(exact_points(samples, 8)).max()
    points = np.abs(exact_points(samples, 8)).max(axis=(0, 2))
    got = peak_envelope(np.pad(samples, ((HISTORY, 0), (0, 0))), 8, above)
    # The envelope reaches up to and including the next sample: point 0 of the next.
    following = np.append(np.abs(exact_points(samples, 1))[0, 1:].max(axis=1), 0.0)
    expected = np.maximum(points, following)[: len(got)]
    over = expected > above * 1.0001
    assert over.any()
    assert np.allclose(got[over], expected[over], rtol=1e-4)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.01, 0.35), st.floats(0.0, 6.28))
def test_a_sine_reads_its_amplitude(fraction_of_rate: float, phase: float) -> None:
    frames = np.arange(4_000)
    fade = np.minimum(np.minimum(frames, frames[::-1]) / 400, 1.0)
    sine = (0.5 * fade * np.sin(2 * np.pi * fraction_of_rate * frames + phase)).astype(np.float32)
    assert true_peak_dbtp(sine, 48_000, 8) == pytest.approx(-6.02, abs=0.15)


def test_edges_and_silence() -> None:
    assert true_peak_dbtp(np.zeros(100, np.float32), 48_000) == -np.inf
    assert true_peak_dbtp(np.zeros((0, 2), np.float32), 48_000) == -np.inf
    assert true_peak_dbtp(np.ones(1, np.float32), 48_000) == pytest.approx(0.0, abs=1e-6)
    assert true_peak_dbtp(np.ones((5, 2), np.float32), 48_000) > 0.2  # a step overshoots
    with pytest.raises(ValueError, match="oversampling"):
        true_peak_dbtp(np.ones(9, np.float32), 48_000, 3)
