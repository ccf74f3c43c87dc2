"""System identification: the impulse response between two aligned recordings of one performance, by least squares.

Recordings are float32 [frames], or [frames, channels] whose middle counts. Minutes of them are taken piece by piece.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats

Operator = Callable[[Floats], Floats]

ITERATIONS = 40
REGULARISATION = 1e-6
CONVERGED = 1e-5


def impulse_response(
    x: NDArray[np.float32], y: NDArray[np.float32], taps: int, lead: int = 0, *, less: float = 0.0
) -> Floats:
    """h [lead + taps] that minimises ‖y − less · x − x ∗ h‖², whose index ``lead`` is no delay.

    The normal equations are Toeplitz, so a product with them is a product of spectra; conjugate gradients, with the
    smoothed inverse spectrum of ``x`` as preconditioner, solve them in some tens of transforms (R. Chan, M. Ng 1996).
    """
    frames = min(len(x), len(y))
    size = lead + taps
    auto = _lagged_products(x[:frames], x[:frames], size)
    cross = _lagged_products(x[:frames], y[:frames], size, lead)
    if less:
        cross -= less * np.concatenate([auto[lead:0:-1], auto[: size - lead]])
    auto[0] *= 1 + REGULARISATION
    circle = 1 << int(np.ceil(np.log2(2 * size)))
    ring = np.zeros(circle)
    ring[:size] = auto
    ring[-size + 1 :] = auto[:0:-1]
    spectrum = np.fft.rfft(ring).real.copy()
    del ring
    preconditioner = 1 / np.maximum(_tapered_spectrum(auto, circle), REGULARISATION * spectrum.max())

    def times(gains: Floats, values: Floats) -> Floats:
        bins = np.fft.rfft(values, circle)
        bins *= gains
        return np.fft.irfft(bins, circle)[:size].copy()

    return _conjugate_gradients(partial(times, spectrum), partial(times, preconditioner), cross)


def unexplained_db(x: NDArray[np.float32], y: NDArray[np.float32], h: Floats, lead: int = 0) -> float:
    """The energy of ``y`` − ``x`` ∗ ``h`` against that of ``y``; as ``impulse_response`` has them. Piece by piece."""
    transform = 1 << int(np.ceil(np.log2(2 * len(h))))
    step = transform - len(h) + 1
    spectrum = np.fft.rfft(h.astype(np.float32), transform)
    left = energy = 0.0
    padded = len(h) - 1
    for start in range(0, len(y), step):
        first = start + lead - padded
        piece = np.pad(_middle(x[max(first, 0) : start + lead + step]), (max(-first, 0), 0))
        made = np.fft.irfft(np.fft.rfft(piece, transform) * spectrum, transform)[padded:]
        wanted = _middle(y[start : start + step])
        error = wanted - made[: len(wanted)]
        left, energy = left + float(error @ error), energy + float(wanted @ wanted)
    return float(10 * np.log10((left + 1e-20) / (energy + 1e-20)))


def _lagged_products(x: NDArray[np.float32], y: NDArray[np.float32], lags: int, lead: int = 0) -> Floats:
    """Σ x[t] · y[t + lag] over all t, for the lags from −``lead`` on: exact, piece by piece in little memory."""
    transform = 1 << int(np.ceil(np.log2(2 * lags)))
    step = transform - lags + 1
    spectrum = np.zeros(transform // 2 + 1, np.complex128)
    for start in range(0, len(x), step):
        first = start - lead
        others = np.zeros(transform)
        heard = _middle(y[max(first, 0) : max(first + transform, 0)])
        others[max(-first, 0) : max(-first, 0) + len(heard)] = heard
        product = np.fft.rfft(_middle(x[start : start + step]).astype(np.float64), transform)
        np.conj(product, out=product)
        product *= np.fft.rfft(others)
        spectrum += product
    return np.fft.irfft(spectrum, transform)[:lags].copy()


def _middle(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    return sound if sound.ndim == 1 else sound.mean(axis=1)


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
