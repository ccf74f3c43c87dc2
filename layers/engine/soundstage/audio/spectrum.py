"""Spectra: averages, third-octave bands, mel bands, and the numbers that describe them."""

import functools

import numpy as np
from numpy.typing import NDArray

FFT_SIZE = 4096
BATCH_WINDOWS = 64
FLOOR_DB = -140.0


class SpectrumMeter:
    """The average power spectrum of a stream (Welch: Hann windows that overlap by half), in flat memory.

    Power is per bin and averaged over channels: the bins add up to the mean square of the signal.
    """

    def __init__(self, rate_hz: int, channels: int, fft_size: int = FFT_SIZE) -> None:
        self.f_hz: NDArray[np.float64] = np.fft.rfftfreq(fft_size, 1 / rate_hz).astype(np.float64)
        self._fft_size, self._hop = fft_size, fft_size // 2
        self._window = _hann(fft_size)
        self._power = np.zeros(len(self.f_hz))
        self._windows = 0
        self._waiting = np.zeros((0, channels), np.float32)

    def process(self, samples: NDArray[np.float32]) -> None:
        """Take the next [frames, channels]."""
        waiting = np.concatenate([self._waiting, samples])
        count = max(0, (len(waiting) - self._fft_size) // self._hop + 1)
        for first in range(0, count, BATCH_WINDOWS):
            last = min(first + BATCH_WINDOWS, count)
            self._add(waiting[first * self._hop : (last - 1) * self._hop + self._fft_size])
        self._waiting = waiting[count * self._hop :].copy()

    def result(self) -> NDArray[np.float64]:
        """Power [fft_size / 2 + 1] of everything so far; a signal shorter than a window is padded with silence."""
        if self._windows:
            average: NDArray[np.float64] = self._power / self._windows
            return average
        power = _window_power(_padded(self._waiting, self._fft_size), self._window, self._hop)
        return np.asarray(power.sum(axis=0), np.float64)

    def _add(self, samples: NDArray[np.float32]) -> None:
        power = _window_power(samples, self._window, self._hop)
        self._power += power.sum(axis=0, dtype=np.float64)
        self._windows += len(power)


def average_spectrum(
    samples: NDArray[np.float32], rate_hz: int, fft_size: int = FFT_SIZE
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequencies and average power per bin of [frames] or [frames, channels]; see ``SpectrumMeter``."""
    samples = samples[:, None] if samples.ndim == 1 else samples
    meter = SpectrumMeter(rate_hz, samples.shape[1], fft_size)
    meter.process(samples)
    return meter.f_hz, meter.result()


def stft_power(mono: NDArray[np.float32], fft_size: int = FFT_SIZE, hop: int | None = None) -> NDArray[np.float32]:
    """Power [windows, fft_size / 2 + 1] of [frames]; window k is centred on sample k · hop (default fft_size / 4)."""
    hop = hop or fft_size // 4
    around = np.pad(np.asarray(mono, np.float32), fft_size // 2)
    windows = max(1, -(-len(mono) // hop))
    needed = (windows - 1) * hop + fft_size
    return _window_power(_padded(around, needed)[:needed, None], _hann(fft_size), hop)


def spectral_centroid_hz(f_hz: NDArray[np.float64], power: NDArray[np.floating]) -> float:
    """The centre of gravity of a power spectrum; 0 for silence."""
    total = float(power.sum())
    return float((f_hz * power).sum() / total) if total > 0 else 0.0


def spectral_flatness(power: NDArray[np.floating]) -> float:
    """Geometric over arithmetic mean: 1 for white noise, towards 0 for tones, 0 for silence (Wiener entropy)."""
    mean = float(power.mean())
    return float(np.exp(np.log(np.maximum(power, mean * 1e-12)).mean()) / mean) if mean > 0 else 0.0


def third_octave_centres_hz(lowest_hz: float = 25.0, highest_hz: float = 20_000.0) -> NDArray[np.float64]:
    """Exact mid-band frequencies 1000 · 10^(n/10) (IEC 61260-1)."""
    first, last = round(10 * np.log10(lowest_hz / 1000)), round(10 * np.log10(highest_hz / 1000))
    centres: NDArray[np.float64] = 1000.0 * 10 ** (np.arange(first, last + 1) / 10)
    return centres


def band_levels_db(
    f_hz: NDArray[np.float64], power: NDArray[np.floating], centres_hz: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Levels of third-octave bands of a power spectrum, dB re full-scale mean square; at least ``FLOOR_DB``.

    Bins are shared among bands in proportion to their overlap, so low bands narrower than a bin get their part.
    """
    half_bin = (f_hz[1] - f_hz[0]) / 2
    edges = np.append(centres_hz * 10**-0.05, centres_hz[-1] * 10**0.05)
    cumulated = np.concatenate([[0.0], np.cumsum(power)])
    below = np.interp(edges, np.append(f_hz - half_bin, f_hz[-1] + half_bin), cumulated)
    return _level_db(np.diff(below))


def third_octave_levels_db(
    samples: NDArray[np.float32], rate_hz: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centres and levels of the third-octave bands of [frames] or [frames, channels], below half the rate."""
    f_hz, power = average_spectrum(samples, rate_hz, 2 * FFT_SIZE)
    centres_hz = third_octave_centres_hz(highest_hz=min(20_000.0, rate_hz / 2 / 10**0.1))
    return centres_hz, band_levels_db(f_hz, power, centres_hz)


@functools.lru_cache(maxsize=16)
def mel_filterbank(
    rate_hz: int, fft_size: int = FFT_SIZE, bands: int = 64, lowest_hz: float = 30.0, highest_hz: float | None = None
) -> NDArray[np.float32]:
    """Triangles [bands, fft_size / 2 + 1] of height 1, equally spaced on the mel scale (O'Shaughnessy 1987)."""
    highest_hz = highest_hz or rate_hz / 2
    lowest_mel, highest_mel = (2595 * np.log10(1 + f_hz / 700) for f_hz in (lowest_hz, highest_hz))
    edges_mel = np.linspace(lowest_mel, highest_mel, bands + 2)
    edges_hz = 700 * (10 ** (edges_mel / 2595) - 1)
    f_hz = np.fft.rfftfreq(fft_size, 1 / rate_hz)
    bank = np.empty((bands, len(f_hz)), np.float32)
    for band, row in enumerate(bank):
        row[:] = np.interp(f_hz, edges_hz[band : band + 3], (0.0, 1.0, 0.0))
    return bank


def mel_spectrogram_db(
    mono: NDArray[np.float32], rate_hz: int, *, fft_size: int = 2048, hop: int = 512, bands: int = 64
) -> NDArray[np.float64]:
    """Mel band levels [windows, bands] of [frames], in dB, at least ``FLOOR_DB``."""
    return _level_db(stft_power(mono, fft_size, hop) @ mel_filterbank(rate_hz, fft_size, bands).T)


def _window_power(samples: NDArray[np.float32], window: NDArray[np.float32], hop: int) -> NDArray[np.float32]:
    """One-sided power of all windows of [frames, channels], averaged over channels: [windows, bins]."""
    size = len(window)
    planes = np.ascontiguousarray(samples.T)
    views = np.lib.stride_tricks.sliding_window_view(planes, size, axis=1)[:, ::hop]
    bins = np.fft.rfft(views * window, axis=2)
    power = (bins.real**2 + bins.imag**2).mean(axis=0)
    power[:, 1:-1] *= 2  # negative frequencies
    power /= size * float((window**2).sum())
    result: NDArray[np.float32] = power
    return result


@functools.lru_cache(maxsize=8)
def _hann(size: int) -> NDArray[np.float32]:
    return np.hanning(size + 1)[:-1].astype(np.float32)


def _padded(samples: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    missing = max(0, frames - len(samples))
    return np.concatenate([samples, np.zeros((missing, *samples.shape[1:]), np.float32)])


def _level_db(power: NDArray[np.floating]) -> NDArray[np.float64]:
    levels: NDArray[np.float64] = 10.0 * np.log10(np.maximum(power, 10 ** (FLOOR_DB / 10)), dtype=np.float64)
    return levels
