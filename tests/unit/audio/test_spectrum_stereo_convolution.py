import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.sounds import noise, sine

from soundstage.audio import spectrum, stereo
from soundstage.audio.convolution import Convolver, convolve
from soundstage.audio.resample import Resampler, resample

pytestmark = pytest.mark.usefixtures("loops")
RATE_HZ = 48_000


def test_bins_add_up_to_the_mean_square() -> None:
    for samples in (sine(1.0, f_hz=997.0, channels=2), noise(50_000), sine(0.01)):
        _, power = spectrum.average_spectrum(samples, RATE_HZ)
        expected = np.mean(samples.astype(np.float64) ** 2) * min(1.0, len(samples) / spectrum.FFT_SIZE)
        assert power.sum() == pytest.approx(expected, rel=0.1 if len(samples) > 1_000 else 1.0)


def test_spectrum_in_blocks() -> None:
    samples = noise(30_000, channels=2)
    meter = spectrum.SpectrumMeter(RATE_HZ, 2)
    for block in np.array_split(samples, 7):
        meter.process(block)
    assert np.allclose(meter.result(), spectrum.average_spectrum(samples, RATE_HZ)[1], rtol=1e-4)


def test_a_tone_is_where_it_is() -> None:
    f_hz, power = spectrum.average_spectrum(sine(1.0, f_hz=1000.0), RATE_HZ)
    assert spectrum.spectral_centroid_hz(f_hz, power) == pytest.approx(1000.0, abs=2.0)
    assert spectrum.spectral_flatness(power) < 1e-3
    centres_hz, levels_db = spectrum.third_octave_levels_db(sine(1.0, f_hz=1000.0), RATE_HZ)
    assert centres_hz[levels_db.argmax()] == pytest.approx(1000.0)
    assert levels_db.max() == pytest.approx(-9.03, abs=0.05)  # a sine of amplitude .5


def test_noise_is_flat_and_its_bands_rise_by_one_db() -> None:
    samples = noise(480_000)
    f_hz, power = spectrum.average_spectrum(samples, RATE_HZ)
    assert spectrum.spectral_flatness(power) > 0.95
    assert spectrum.spectral_centroid_hz(f_hz, power) == pytest.approx(12_000, rel=0.01)
    _, levels_db = spectrum.third_octave_levels_db(samples, RATE_HZ)
    assert np.diff(levels_db)[10:].mean() == pytest.approx(1.0, abs=0.05)


def test_mel() -> None:
    bank = spectrum.mel_filterbank(RATE_HZ, 2048, 40)
    assert bank.shape == (40, 1025)
    assert np.all(bank.max(axis=1) > 0.2)
    levels_db = spectrum.mel_spectrogram_db(sine(1.0, f_hz=440.0)[:, 0], RATE_HZ, bands=40)
    assert levels_db.shape == (94, 40)
    f_hz = np.fft.rfftfreq(2048, 1 / RATE_HZ)
    assert abs(f_hz[bank[levels_db[40].argmax()].argmax()] - 440.0) < 60.0


def test_silence_has_numbers_too() -> None:
    silence = np.zeros((9_000, 1), np.float32)
    f_hz, power = spectrum.average_spectrum(silence, RATE_HZ)
    assert spectrum.spectral_centroid_hz(f_hz, power) == 0.0
    assert spectrum.spectral_flatness(power) == 0.0
    assert np.all(spectrum.third_octave_levels_db(silence, RATE_HZ)[1] == spectrum.FLOOR_DB)


@given(st.integers(0, 1_000))
def test_mid_side_is_reversible(seed: int) -> None:
    samples = noise(64, channels=2, seed=seed)
    assert np.allclose(stereo.from_mid_side(stereo.to_mid_side(samples)), samples, atol=1e-7)
    assert np.allclose(stereo.set_width(samples, 1.0), samples, atol=1e-7)
    assert stereo.correlation(stereo.set_width(samples, 0.0)) == pytest.approx(1.0)
    assert stereo.correlation(samples * np.array([1, -1], np.float32)) == pytest.approx(
        -stereo.correlation(samples), abs=1e-5
    )


@given(st.floats(-1.0, 1.0))
def test_pan_keeps_power(position: float) -> None:
    panned = stereo.pan(sine(0.1)[:, 0], position)
    assert np.mean(panned**2) * 2 == pytest.approx(np.mean(sine(0.1) ** 2), rel=1e-4)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 20_000), st.lists(st.integers(0, 9_000), min_size=1, max_size=4), st.booleans())
def test_convolution_is_convolution(taps: int, sizes: list[int], one_response: bool) -> None:
    response = noise(taps, channels=1 if one_response else 2, seed=1)
    samples = noise(sum(sizes), channels=2)
    convolver = Convolver(response, 2)
    parts = [convolver.process(block) for block in np.split(samples, np.cumsum(sizes)[:-1])]
    streamed = np.concatenate([*parts, convolver.tail()])
    assert np.allclose(streamed, convolve(samples, response), atol=1e-4)
    if len(samples):
        exact = np.convolve(samples[:, 1].astype(np.float64), response[:, -1])
        assert np.allclose(streamed[:, 1], exact, atol=1e-4)


@pytest.mark.parametrize(("from_hz", "to_hz"), [(44_100, 48_000), (48_000, 16_000), (8_000, 44_100)])
def test_resampling_keeps_tones_and_time(from_hz: int, to_hz: int) -> None:
    converted = resample(sine(1.0, rate_hz=from_hz, channels=2), from_hz, to_hz)
    expected = sine(1.0, rate_hz=to_hz, channels=2)
    assert abs(len(converted) - to_hz) <= 1
    middle = slice(to_hz // 4, to_hz // 2)
    assert np.allclose(converted[middle], expected[middle], atol=1e-4)
    stream = Resampler(from_hz, to_hz, 2)
    blocks = np.array_split(sine(1.0, rate_hz=from_hz, channels=2), 9)
    parts = [stream.process(block, last=number == 8) for number, block in enumerate(blocks)]
    assert np.allclose(np.concatenate(parts)[middle], expected[middle], atol=1e-4)
