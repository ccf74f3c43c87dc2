"""System identification: the impulse response between two aligned recordings of one performance, by least squares."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Operator = Callable[[Floats], Floats]

ITERATIONS = 40
REGULARISATION = 1e-6
CONVERGED = 1e-5


def impulse_response(x: NDArray[np.float32], y: NDArray[np.float32], taps: int, lead: int = 0) -> Floats:
    """h [lead + taps] that minimises ‖y − x ∗ h‖², whose index ``lead`` is no delay. ``x``, ``y``: [frames].

    The normal equations are Toeplitz, so a product with them is a product of spectra; conjugate gradients, with the
    smoothed inverse spectrum of ``x`` as preconditioner, solve them in some tens of transforms (R. Chan, M. Ng 1996).
    """
    frames = min(len(x), len(y))
    size = lead + taps
    auto = _lagged_products(x[:frames], x[:frames], size)
    cross = _lagged_products(x[:frames], np.concatenate([np.zeros(lead, np.float32), y[:frames]]), size)
    auto[0] *= 1 + REGULARISATION
    circle = 1 << int(np.ceil(np.log2(2 * size)))
    ring = np.zeros(circle)
    ring[:size] = auto
    ring[-size + 1 :] = auto[:0:-1]
    spectrum = np.fft.rfft(ring).real
    preconditioner = 1 / np.maximum(_tapered_spectrum(auto, circle), REGULARISATION * spectrum.max())

    def product(h: Floats) -> Floats:
        return np.asarray(np.fft.irfft(spectrum * np.fft.rfft(h, circle), circle)[:size])

    def eased(residual: Floats) -> Floats:
        return np.asarray(np.fft.irfft(preconditioner * np.fft.rfft(residual, circle), circle)[:size])

    return _conjugate_gradients(product, eased, cross)


def _lagged_products(x: NDArray[np.float32], y: NDArray[np.float32], lags: int) -> Floats:
    """Σ x[t] · y[t + lag] over all t, for the lags from 0 on: exact, piece by piece in little memory."""
    transform = 1 << int(np.ceil(np.log2(4 * lags)))
    step = transform - lags + 1
    spectrum = np.zeros(transform // 2 + 1, np.complex128)
    for start in range(0, len(x), step):
        piece = np.fft.rfft(x[start : start + step].astype(np.float64), transform)
        spectrum += piece.conj() * np.fft.rfft(y[start : start + transform].astype(np.float64), transform)
    return np.asarray(np.fft.irfft(spectrum, transform)[:lags])


def _tapered_spectrum(auto: Floats, circle: int) -> Floats:
    """A positive spectrum near that of the Toeplitz matrix: its lags, fading linearly (T. Chan 1988)."""
    faded = auto * (1 - np.arange(len(auto)) / len(auto))
    ring = np.zeros(circle)
    ring[: len(auto)] = faded
    ring[-len(auto) + 1 :] = faded[:0:-1]
    return np.asarray(np.fft.rfft(ring).real)


def _conjugate_gradients(product: Operator, eased: Operator, wanted: Floats) -> Floats:
    h = np.zeros_like(wanted)
    residual = wanted.copy()
    z = eased(residual)
    direction, energy = z.copy(), float(residual @ z)
    first = energy
    for _ in range(ITERATIONS):
        along = product(direction)
        step = energy / float(direction @ along)
        h += step * direction
        residual -= step * along
        z = eased(residual)
        energy, before = float(residual @ z), energy
        if energy < CONVERGED**2 * first:
            break
        direction = z + energy / before * direction
    return h
