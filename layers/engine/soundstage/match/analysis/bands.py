"""The bands in which spectra are compared: narrow bands, and mel bands, both of one length of transform."""

import functools
import itertools

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats
from soundstage.audio.spectrum import Bands, band_powers, hz_to_mel, mel_filterbank, mel_to_hz, rfft_single

FFT_SIZE = 8192
"""Samples of a transform, chosen: at 44.1 kHz its lines lie 5.4 Hz apart, a semitone at 90 Hz."""

LOWEST_HZ, HIGHEST_HZ = 20.0, 20_000.0
"""Of the narrow bands: what is heard."""

LINES_UP_TO_HZ = 500.0
"""Up to here every line is a band of its own, chosen: there 1/24 octave is hardly three lines wide."""

BANDS_PER_OCTAVE = 24
"""Of the narrow bands above: quarter tones."""

NARROW_UP_TO = 0.475
"""Share of the sample rate up to which there are narrow bands, chosen: what converters' filters leave at 44.1 kHz."""

COMPARED_UP_TO = 0.45
"""Share of the lower of two sample rates up to which recordings are compared: the filters of converters and of
resampling begin there, 19.8 kHz at 44.1 kHz."""

MEL_BANDS = 80
"""As many as speech and music models commonly take (J. Shen et al., "Natural TTS synthesis", ICASSP 2018)."""

MEL_RANGE_HZ = (30.0, 18_000.0)
"""Chosen: what music holds at any rate from 44.1 kHz on, coded or not."""


FRAMES_AT_ONCE = 16
"""Transforms at a time, so that the spectra of a minute need no more memory than its sound."""


def compared_up_to_hz(rate_hz: int, other_hz: int) -> float:
    """Up to which frequency recordings at two sample rates, Hz, are compared."""
    return COMPARED_UP_TO * min(rate_hz, other_hz)


@functools.lru_cache(maxsize=8)
def mel_bands(rate_hz: int) -> Bands:
    """The mel bands, of FFT_SIZE / 2 + 1 lines; those beyond half the rate are empty."""
    low, high = MEL_RANGE_HZ
    rows = mel_filterbank(rate_hz, FFT_SIZE, MEL_BANDS, low, high)
    first = (rows > 0).argmax(axis=1)
    return Bands(rows.shape[1], [(int(at), row[at:][row[at:] > 0]) for at, row in zip(first, rows, strict=True)])


@functools.lru_cache(maxsize=1)
def mel_centres_hz() -> Floats:
    """Centres of the mel bands, Hz: [MEL_BANDS]."""
    low, high = (hz_to_mel(f_hz) for f_hz in MEL_RANGE_HZ)
    return mel_to_hz(np.linspace(low, high, MEL_BANDS + 2)[1:-1])


def band_centres_hz(rate_hz: int) -> Floats:
    """Centres of the narrow bands at a sample rate, Hz: [bands]."""
    edges = _edges_hz(rate_hz)
    return np.asarray(np.sqrt(edges[:-1] * edges[1:]))


def band_means(power: NDArray[np.floating], rate_hz: int) -> Floats:
    """Mean power of the lines of each narrow band: [..., FFT_SIZE / 2 + 1] → [..., bands], in double precision.

    Where the edge of a band cuts a line, both neighbours get their part of it.
    """
    edges, line_hz = _edges_hz(rate_hz), rate_hz / FFT_SIZE
    # Differences of sums can be negative by a rounding error.
    return np.maximum(band_powers(power, edges, line_hz), 0.0) / (np.diff(edges) / line_hz)


def frame_band_means(mono: NDArray[np.floating], rate_hz: int) -> Floats:
    """``band_means`` of Hann-windowed frames of [samples] that overlap by half, not scaled, in single precision:
    [frames, bands].
    """
    frames = np.lib.stride_tricks.sliding_window_view(mono, FFT_SIZE)[:: FFT_SIZE // 2]
    window = np.hanning(FFT_SIZE + 1)[:-1].astype(np.float32)
    powers = []
    for start in range(0, len(frames), FRAMES_AT_ONCE):
        bins = rfft_single(frames[start : start + FRAMES_AT_ONCE] * window)
        powers.append(_narrow_bands(rate_hz).sums(bins.real**2 + bins.imag**2))
    return np.concatenate(powers, dtype=np.float64)


@functools.lru_cache(maxsize=2)
def _narrow_bands(rate_hz: int) -> Bands:
    """What ``band_means`` makes of every line."""
    stretches = []
    for low, high in itertools.pairwise(_edges_hz(rate_hz) / (rate_hz / FFT_SIZE)):
        first = int(low + 0.5)  # line k reaches from k − 1/2 to k + 1/2
        lines = np.arange(first, int(np.ceil(high + 0.5)))
        inside = np.minimum(high, lines + 0.5) - np.maximum(low, lines - 0.5)
        stretches.append((first, (np.maximum(inside, 0.0) / (high - low)).astype(np.float32)))
    return Bands(FFT_SIZE // 2 + 1, stretches)


@functools.lru_cache(maxsize=8)
def _edges_hz(rate_hz: int) -> Floats:
    """Edges of the narrow bands, Hz: [bands + 1]."""
    line_hz = rate_hz / FFT_SIZE
    first, last = max(1, round(LOWEST_HZ / line_hz)), round(LINES_UP_TO_HZ / line_hz)
    lines = np.arange(first, last + 1) * line_hz - line_hz / 2
    top_hz = min(HIGHEST_HZ, NARROW_UP_TO * rate_hz)
    octaves = np.arange(0, np.log2(top_hz / lines[-1]), 1 / BANDS_PER_OCTAVE)
    return np.concatenate([lines[:-1], lines[-1] * 2**octaves])
