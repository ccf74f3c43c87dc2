import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fixtures.sounds import noise, sine

from soundstage.arrays import Floats
from soundstage.audio import spectrum
from soundstage.audio.decibels import power_to_db

RATE_HZ, SIZE = 48_000, 8192
BIN_HZ = RATE_HZ / SIZE
F_HZ = np.arange(SIZE // 2 + 1) * BIN_HZ
THIRD_OCTAVES_HZ = 1000.0 * 10 ** ((np.arange(-16, 15) - 0.5) / 10)  # edges of 25 Hz to 16 kHz (IEC 61260-1)


def power_of(mono: np.ndarray) -> Floats:
    """Mean power spectrum of whole windows."""
    windows = mono[: len(mono) // SIZE * SIZE].reshape(-1, SIZE) * np.hanning(SIZE)
    return np.asarray((np.abs(np.fft.rfft(windows)) ** 2).mean(axis=0))


@given(st.lists(st.floats(-50.0, 30_000.0), min_size=2, max_size=20, unique=True))
def test_bands_share_what_lies_between_their_outer_edges(edges_hz: list[float]) -> None:
    edges = np.sort(edges_hz)
    power = np.random.default_rng(0).random((2, len(F_HZ)))
    bands = spectrum.band_powers(power, edges, BIN_HZ)
    assert bands.shape == (2, len(edges) - 1)
    assert bands.min() >= -1e-9
    whole = spectrum.band_powers(power, edges[[0, -1]], BIN_HZ)
    assert bands.sum(axis=-1) == pytest.approx(whole[:, 0], abs=1e-9)
    assert spectrum.band_powers(power, np.array([-BIN_HZ, RATE_HZ]), BIN_HZ)[:, 0] == pytest.approx(power.sum(axis=1))


def test_a_band_narrower_than_a_bin_gets_its_part() -> None:
    power = np.zeros(len(F_HZ))
    power[10] = 1.0
    edges = (10 + np.array([-0.5, -0.25, 0.25, 0.5, 1.0])) * BIN_HZ
    assert spectrum.band_powers(power, edges, BIN_HZ) == pytest.approx([0.25, 0.5, 0.25, 0.0])


def test_weighted_bands_are_sums_of_their_stretches() -> None:
    power = np.random.default_rng(0).random((3, 40)).astype(np.float32)
    weights = np.array([0.25, 1.0, 0.5], np.float32)
    bands = spectrum.Bands(40, [(0, weights[:0]), (2, weights), (3, np.ones(37, np.float32))])
    wanted = np.stack([np.zeros(3), power[:, 2:5] @ weights, power[:, 3:].sum(axis=1)], axis=1)
    assert bands.sums(power) == pytest.approx(wanted, rel=1e-6)
    assert bands.filled.tolist() == [False, True, True]


def test_a_tone_is_where_it_is() -> None:
    power = power_of(sine(1.0, f_hz=1000.0)[:, 0])
    assert spectrum.spectral_centroid_hz(F_HZ, power) == pytest.approx(1000.0, abs=2.0)
    assert spectrum.spectral_flatness(power + 1e-12) < 1e-3
    bands = spectrum.band_powers(power, THIRD_OCTAVES_HZ, BIN_HZ)
    assert THIRD_OCTAVES_HZ[bands.argmax()] < 1000.0 < THIRD_OCTAVES_HZ[bands.argmax() + 1]


def test_noise_is_flat_and_its_third_octaves_rise_by_one_db() -> None:
    power = power_of(noise(960_000)[:, 0])
    assert spectrum.spectral_flatness(power) > 0.95
    assert spectrum.spectral_centroid_hz(F_HZ, power) == pytest.approx(12_000, rel=0.01)
    levels_db = power_to_db(spectrum.band_powers(power, THIRD_OCTAVES_HZ, BIN_HZ))
    assert np.diff(levels_db)[10:].mean() == pytest.approx(1.0, abs=0.05)


def test_each_spectrum_has_its_own_centroid_and_flatness() -> None:
    powers = np.stack([power_of(noise(SIZE, seed=seed)[:, 0]) for seed in range(3)])
    for shape in (lambda power: spectrum.spectral_centroid_hz(F_HZ, power), spectrum.spectral_flatness):
        assert shape(powers) == pytest.approx([float(shape(power)) for power in powers])


@given(st.floats(0.0, 24_000.0))
def test_mel_and_back(f_hz: float) -> None:
    mel = spectrum.hz_to_mel(np.array([f_hz]))
    assert spectrum.mel_to_hz(mel) == pytest.approx([f_hz], abs=1e-6)
    assert spectrum.hz_to_mel(1000.0) == pytest.approx(1000.0, abs=0.1)


def test_mel_bands_overlap_by_half() -> None:
    bank = spectrum.mel_filterbank(RATE_HZ, 2048, 40, 30.0, 20_000.0)
    assert bank.shape == (40, 1025)
    assert np.all(bank.max(axis=1) > 0.2)
    f_hz = np.fft.rfftfreq(2048, 1 / RATE_HZ)
    centres_hz = f_hz[bank.argmax(axis=1)]
    inside = (f_hz > centres_hz[0] + 50) & (f_hz < centres_hz[-1] - 500)
    assert bank[:, inside].sum(axis=0) == pytest.approx(np.ones(inside.sum()), abs=1e-5)


@pytest.mark.parametrize("size", [None, 1024, 700])
def test_a_transform_in_single_precision_is_the_transform(size: int | None) -> None:
    samples = np.random.default_rng(0).standard_normal((3, 1000)).astype(np.float32)
    bins, exact = spectrum.rfft_single(samples, size), np.fft.rfft(samples.astype(np.float64), size)
    assert bins.dtype == np.complex64
    assert np.abs(bins - exact).max() < 1e-6 * np.abs(exact).max()
