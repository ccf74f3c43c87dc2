"""System identification: the impulse response between two aligned recordings of one performance, by least squares.

Recordings are float32 [frames], or [frames, channels] whose mean over the channels counts. Minutes of them are taken
piece by piece.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from soundstage.arrays import Floats, Floats32, Samples
from soundstage.audio.convolution import ROWS_AT_ONCE
from soundstage.audio.decibels import power_to_db
from soundstage.audio.spectrum import rfft_single
from soundstage.audio.stereo import middle

Operator = Callable[[Floats32], Floats32]

ITERATIONS, CONVERGED = 40, 1e-5
"""Steps at most, and the norm of the preconditioned residual, as a share of the first, at which they end; chosen:
some tens of steps bring a room's response well below its own noise. They are taken in single precision, which moves
the response by less than one step more or less."""

WORTH = 0.003
"""Share of what is unexplained that a step must take off: after two in a row that do not, nothing more is found."""

REGULARISATION = 1e-6
"""Power added to every frequency, as a share of the mean (in the equations) and of the largest (in the preconditioner):
60 dB below, what the recording does not hold is not made up."""

LARGEST_ROOMY_FRAMES = 32_768
"""Up to so many frames a transform may be larger than it must: beyond, memory and caches count more."""

LARGEST_IN_ROWS = 65_536
"""Up to so many frames pieces are transformed ``ROWS_AT_ONCE``: beyond, memory counts more."""

NO_ENERGY_DB = -200.0
"""Floor of energies whose ratio is taken."""


def impulse_response(x: Samples, y: Samples, taps: int, lead: int = 0, *, less: float = 0.0) -> Floats:
    """The response h [lead + taps] that minimises ‖y − less · x − x ∗ h‖², whose index ``lead`` is no delay.

    The normal equations are Toeplitz, so a product with them is a product of spectra; conjugate gradients, with the
    smoothed inverse spectrum of ``x`` as preconditioner, solve them in some tens of transforms (R. Chan, M. Ng,
    "Conjugate gradient methods for Toeplitz systems", SIAM Review 38, 1996).
    """
    frames = min(len(x), len(y))
    size = lead + taps
    auto, cross = _lagged_products(x[:frames], ((x[:frames], 0), (y[:frames], lead)), size)
    energy = _energy(y[:frames])
    if less:
        energy += less * (less * auto[0] - 2 * cross[lead])
        cross -= less * np.concatenate([auto[lead:0:-1], auto[: size - lead]])
    auto[0] *= 1 + REGULARISATION
    circle = _circle(2 * size)
    ring = np.zeros(circle)
    ring[:size] = auto
    ring[-size + 1 :] = auto[:0:-1]
    spectrum = np.fft.rfft(ring).real.copy()
    del ring
    preconditioner = 1 / np.maximum(_tapered_spectrum(auto, circle), REGULARISATION * spectrum.max())

    def times(gains: Floats32, values: Floats32) -> Floats32:
        bins = rfft_single(values, circle)
        bins *= gains
        return np.asarray(np.fft.irfft(bins, circle)[:size], np.float32)

    product, precondition = (partial(times, gains.astype(np.float32)) for gains in (spectrum, preconditioner))
    return _conjugate_gradients(product, precondition, cross.astype(np.float32), energy).astype(np.float64)


def unexplained_db(x: Samples, y: Samples, h: Floats, lead: int = 0) -> float:
    """The energy of ``y`` − ``x`` ∗ ``h`` relative to that of ``y``, dB; arguments as of ``impulse_response``."""
    transform = _transform_frames(len(h))
    step = transform - len(h) + 1
    spectrum = rfft_single(h.astype(np.float32), transform)
    left = energy = 0.0
    padded = len(h) - 1
    for starts in _at_once(range(0, len(y), step), transform):
        bins = rfft_single(_laid_out(x, [start + lead - padded for start in starts], transform, transform))
        bins *= spectrum
        for start, made in zip(starts, np.fft.irfft(bins, transform), strict=True):
            wanted = _middle(y[start : start + step])
            error = wanted - made[padded : padded + len(wanted)]
            left, energy = left + float(error @ error), energy + float(wanted @ wanted)
    return power_to_db(left, NO_ENERGY_DB) - power_to_db(energy, NO_ENERGY_DB)


def _lagged_products(x: Samples, pairs: Sequence[tuple[Samples, int]], lags: int) -> list[Floats]:
    """For each y and ``lead``: Σ x[t] · y[t + lag] over all t, for ``lags`` lags from −lead on.

    Exact, piece by piece in little memory; the pieces of ``x`` are transformed once for all.
    """
    transform = _transform_frames(lags)
    step = transform - lags + 1
    spectra = [np.zeros(transform // 2 + 1, np.complex128) for _ in pairs]
    for starts in _at_once(range(0, len(x), step), transform):
        bins = rfft_single(_laid_out(x, starts, step, transform))
        np.conj(bins, out=bins)
        for (y, lead), spectrum in zip(pairs, spectra, strict=True):
            products = rfft_single(_laid_out(y, [start - lead for start in starts], transform, transform))
            products *= bins
            for product in products:
                np.add(spectrum, product, out=spectrum)
    return [np.fft.irfft(spectrum, transform)[:lags].copy() for spectrum in spectra]


def _at_once(starts: range, transform: int) -> Iterator[range]:
    """Pieces that are transformed as one: see ``ROWS_AT_ONCE``."""
    rows = ROWS_AT_ONCE if transform <= LARGEST_IN_ROWS else 1
    return (starts[first : first + rows] for first in range(0, len(starts), rows))


def _laid_out(sound: Samples, firsts: Sequence[int], frames: int, transform: int) -> Samples:
    """The middle's ``frames`` from each of ``firsts`` on, where there are any, then silence: [firsts, transform]."""
    rows = np.zeros((len(firsts), transform), np.float32)
    for row, first in zip(rows, firsts, strict=True):
        piece = _middle(sound[max(first, 0) : max(first + frames, 0)])
        row[max(-first, 0) : max(-first, 0) + len(piece)] = piece
    return rows


def _transform_frames(taps: int) -> int:
    """Frames of the transforms of pieces: at least twice the taps; twice as many again cost a third less."""
    least = 1 << int(np.ceil(np.log2(2 * taps)))
    return 2 * least if 2 * least <= LARGEST_ROOMY_FRAMES else least


def _circle(least: int) -> int:
    """Frames of a transform of at least so many: a power of two, or 5/8 or 3/4 of one, which are as fast for each."""
    whole = 1 << int(np.ceil(np.log2(least)))
    return next(frames for frames in (whole // 8 * 5, whole // 4 * 3, whole) if frames >= least)


def _energy(sound: Samples) -> float:
    pieces = (
        _middle(sound[start : start + LARGEST_ROOMY_FRAMES]) for start in range(0, len(sound), LARGEST_ROOMY_FRAMES)
    )
    return sum(_inner_product(piece, piece) for piece in pieces)


def _middle(sound: Samples) -> Samples:
    return sound if sound.ndim == 1 else middle(sound)


def _tapered_spectrum(auto: Floats, circle: int) -> Floats:
    """A positive spectrum near that of the Toeplitz matrix: its lags, fading linearly (T. Chan, "An optimal circulant
    preconditioner for Toeplitz systems", SIAM J. Sci. Stat. Comput. 9, 1988)."""
    faded = auto * (1 - np.arange(len(auto)) / len(auto))
    ring = np.zeros(circle)
    ring[: len(auto)] = faded
    ring[-len(auto) + 1 :] = faded[:0:-1]
    return np.asarray(np.fft.rfft(ring).real)


def _conjugate_gradients(
    product: Operator, precondition: Operator, right_side: Floats32, unexplained: float
) -> Floats32:
    """The solution h of product(h) = ``right_side`` [n], of a symmetric positive definite ``product``.

    ``unexplained`` is the energy that h is to explain.
    """
    h = np.zeros_like(right_side)
    residual = right_side.copy()
    z = precondition(residual)
    direction, energy = z.copy(), _inner_product(residual, z)
    first, idle = energy, 0
    for _ in range(ITERATIONS):
        along = product(direction)
        step = energy / _inner_product(direction, along)
        h += np.float32(step) * direction
        residual -= np.float32(step) * along
        explained = step * energy
        unexplained -= explained
        idle = idle + 1 if explained < WORTH * unexplained else 0
        if idle == 2:
            break
        z = precondition(residual)
        energy, before = _inner_product(residual, z), energy
        if energy < CONVERGED**2 * first:
            break
        direction = z + np.float32(energy / before) * direction
    return h


def _inner_product(one: Floats32, other: Floats32) -> float:
    """Summed pairwise: BLAS sums as suits the processor, and conjugate gradients make much of the last bits."""
    return float(np.sum(one * other))
