"""What is computed from a power spectrum: sums over bands, mel bands, centroid and flatness.

A spectrum has its bins on the last axis, equally spaced from 0 Hz to half the rate, as ``rfft`` gives them.
"""

import functools
from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from soundstage import compiled
from soundstage.arrays import Floats, Floats32, Samples


def rfft_single(samples: Samples, size: int | None = None) -> NDArray[np.complex64]:
    """``numpy.fft.rfft`` over the last axis in single precision, cut or padded with silence to ``size``: two to six
    times faster than numpy's own default, which computes in double precision and rounds.

    numpy takes its single-precision loop only where it is to scale by a factor; of powers of two that is exact.
    """
    frames = samples.shape[-1] if size is None else size
    bins = np.fft.rfft(samples, frames, norm="forward")
    bins.view(np.float32)[...] *= np.float32(frames)
    return np.asarray(bins)


class Bands:
    """Weighted sums of neighbouring bins.

    Args:
        bins: of a spectrum.
        stretches: for each band its first bin, and the weights [n] of this and the next ones; [0] of an empty band.
    """

    def __init__(self, bins: int, stretches: Sequence[tuple[int, Floats32]]) -> None:
        self._bins, self._stretches = bins, stretches
        counts = [len(weights) for _, weights in stretches]
        self.filled = np.array(counts) > 0
        self._first = np.array([first for first, _ in stretches], np.int32)
        self._starts = np.cumsum([0, *counts], dtype=np.int32)
        self._weights = np.concatenate([weights for _, weights in stretches])

    def sums(self, power: Floats32) -> Floats32:
        """Power spectra [frames, bins] in the bands: [frames, bands]."""
        if loops := compiled.loops():
            return loops.sum_bands(power, self._first, self._starts, self._weights)
        return power @ self._matrix

    @functools.cached_property
    def _matrix(self) -> Floats32:
        matrix = np.zeros((self._bins, len(self._stretches)), np.float32)
        for band, (first, weights) in enumerate(self._stretches):
            matrix[first : first + len(weights), band] = weights
        return matrix


def band_powers(power: NDArray[np.floating], edges_hz: Floats, bin_hz: float) -> Floats:
    """Sums over the bands between ``edges_hz`` [bands + 1], ascending: [..., bins] → [..., bands], in double precision.

    A bin reaches half of ``bin_hz`` to either side; where an edge cuts it, both bands get their part, so that bands
    narrower than a bin get theirs, too.
    """
    bins = power.shape[-1]
    below = np.concatenate([np.zeros((*power.shape[:-1], 1)), np.cumsum(power, axis=-1, dtype=np.float64)], axis=-1)
    at = np.clip(edges_hz / bin_hz + 0.5, 0.0, bins)  # bin k reaches from k to k + 1
    whole = np.minimum(at.astype(np.int64), bins - 1)
    return np.diff(below[..., whole] + (at - whole) * power[..., whole], axis=-1)


def spectral_centroid_hz(f_hz: NDArray[np.floating], weights: NDArray[np.floating]) -> Floats:
    """The mean frequency of spectra [..., bins] (G. Peeters, "A large set of audio features", 2004, §6.1.1): [...].

    ``weights`` are the bins' magnitudes or, for a lower and steadier value where there is noise, powers; not all 0.
    """
    centroid: Floats = (weights * f_hz).sum(axis=-1) / weights.sum(axis=-1)
    return centroid


def spectral_flatness(power: NDArray[np.floating]) -> Floats:
    """Geometric over arithmetic mean of power spectra [..., bins], all above 0: [...], 1 for white noise, 0 for tones.

    (J. D. Johnston, "Transform coding of audio signals using perceptual noise criteria", IEEE JSAC 6(2), 1988.)
    """
    flatness: Floats = np.exp(np.log(power).mean(axis=-1)) / power.mean(axis=-1)
    return flatness


@overload
def hz_to_mel(f_hz: float) -> float: ...
@overload
def hz_to_mel(f_hz: Floats) -> Floats: ...
def hz_to_mel(f_hz: float | Floats) -> float | Floats:
    """Pitch as it is heard, by the formula of D. O'Shaughnessy (Speech Communication, 1987): 1000 mel at 1000 Hz."""
    mel: float | Floats = 2595.0 * np.log10(1.0 + f_hz / 700.0)
    return mel


def mel_to_hz(mel: Floats) -> Floats:
    """The inverse of ``hz_to_mel``."""
    return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)


@functools.lru_cache(maxsize=16)
def mel_filterbank(rate_hz: int, fft_size: int, bands: int, lowest_hz: float, highest_hz: float) -> Floats32:
    """Triangles [bands, fft_size / 2 + 1] of height 1, equally spaced in mel between two frequencies."""
    edges_hz = mel_to_hz(np.linspace(hz_to_mel(lowest_hz), hz_to_mel(highest_hz), bands + 2))
    f_hz = np.fft.rfftfreq(fft_size, 1 / rate_hz)
    bank = np.empty((bands, len(f_hz)), np.float32)
    for band, row in enumerate(bank):
        row[:] = np.interp(f_hz, edges_hz[band : band + 3], (0.0, 1.0, 0.0))
    return bank
