import numpy as np
import pytest
from tests.fixtures.sounds import noise

from soundstage.audio.decibels import power_to_db
from soundstage.match.analysis import bands


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 192_000])
def test_bands_of_frames_are_those_of_their_spectra(rate_hz: int) -> None:
    mono = noise(3 * bands.FFT_SIZE)[:, 0]
    got = bands.frame_band_means(mono, rate_hz)
    starts = range(0, 2 * bands.FFT_SIZE + 1, bands.FFT_SIZE // 2)
    window = np.hanning(bands.FFT_SIZE + 1)[:-1]
    frames = np.stack([mono[start : start + bands.FFT_SIZE] for start in starts]) * window
    wanted = bands.band_means(np.abs(np.fft.rfft(frames)) ** 2, rate_hz)
    assert got.shape == (5, len(bands.band_centres_hz(rate_hz)))
    assert power_to_db(got) == pytest.approx(power_to_db(wanted), abs=1e-4)
