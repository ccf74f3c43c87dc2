"""Modal synthesis: sums of decaying sines, for strings, bars, tines and drum heads; envelopes and shaped noise.

A sum of K exponentials over N samples factors into two small tables, e^{s(bB+n)} = e^{sbB}·e^{sn}, and one matrix
product: some hundred times faster than K·N sines.
"""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import fft

from soundstage.arrays import Samples

RATE_HZ = 44_100  # of all synthesis
TOP_HZ = 15_000.0  # partials above are left out
INAUDIBLE = 1e-3  # −60 dB of the strongest partial: weaker ones are left out
MIN_BLOCK, MIN_NOISE_FRAMES, CLICK_FRAMES = 16, 64, 256  # frames; the last fades every note out (6 ms)
BAND_ORDER = 6  # noise falls by 18 dB an octave outside its band


def ring(
    freqs_hz: ArrayLike, amps: ArrayLike, t60_s: ArrayLike, seconds: float, phases: ArrayLike | None = None
) -> Samples:
    """Σ aₖ·sin(2πfₖt + φₖ)·10^(−3t/T60ₖ), float32 [frames]; the arrays are [partials] or scalars.

    Partials above 15 kHz, and those 60 dB below the strongest, are left out.
    """
    freqs, amplitude, t60 = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (freqs_hz, amps, t60_s)))
    start = np.zeros_like(freqs) if phases is None else np.asarray(phases, dtype=float)
    loudest = np.abs(amplitude).max(initial=0.0)
    audible = (freqs < TOP_HZ) & (np.abs(amplitude) > INAUDIBLE * loudest)
    freqs, amplitude, t60, start = freqs[audible], amplitude[audible], t60[audible], start[audible]
    frames = max(1, round(seconds * RATE_HZ))
    block = max(MIN_BLOCK, math.isqrt(frames))
    rows = -(-frames // block)
    s = (-3.0 * math.log(10.0) / t60 + 2j * np.pi * freqs) / RATE_HZ
    inner = (amplitude * np.exp(1j * (start - np.pi / 2)))[:, None] * np.exp(s[:, None] * np.arange(block))
    outer = np.exp(s[:, None] * (block * np.arange(rows)))
    left = np.concatenate([outer.real, -outer.imag]).astype(np.float32)
    right = np.concatenate([inner.real, inner.imag]).astype(np.float32)
    return np.asarray((left.T @ right).ravel()[:frames])


def fade(frames: int, attack_s: float, held_s: float, release_s: float) -> Samples:
    """Envelope, float32 [frames]: raised-cosine attack, sustain, and an exponential release of T60 ``release_s``."""
    envelope = np.ones(frames, dtype=np.float32)
    rise = min(frames, max(1, round(attack_s * RATE_HZ)))
    envelope[:rise] = 0.5 - 0.5 * np.cos(np.pi * np.arange(rise) / rise)
    off = min(frames, round(held_s * RATE_HZ))
    tail = np.arange(frames - off) / (release_s * RATE_HZ)
    envelope[off:] *= 10.0 ** (-3.0 * tail)
    last = min(frames, CLICK_FRAMES)
    envelope[-last:] *= np.linspace(1.0, 0.0, last, dtype=np.float32)
    return envelope


def noise(seconds: float, low_hz: float, high_hz: float, rng: np.random.Generator) -> Samples:
    """White noise inside a band with soft edges, RMS 1, float32 [frames]."""
    frames = max(MIN_NOISE_FRAMES, round(seconds * RATE_HZ))
    size = fft.next_fast_len(frames, real=True)
    spectrum = fft.rfft(rng.standard_normal(size, dtype=np.float32))
    freqs = np.maximum(fft.rfftfreq(size, 1 / RATE_HZ), 1.0).astype(np.float32)
    gain = 1.0 / np.sqrt((1 + (low_hz / freqs) ** BAND_ORDER) * (1 + (freqs / high_hz) ** BAND_ORDER))
    shaped = fft.irfft(spectrum * gain, size)[:frames]
    return np.asarray(shaped / (shaped.std() + 1e-12), dtype=np.float32)
