"""Recursive filters: designs of second-order sections (biquads), and a streaming cascade of them.

Designs are those of R. Bristow-Johnson, "Audio EQ Cookbook" (a W3C note since 2021): the bilinear transform of analogue
prototypes. f₀ lies between 0 and half the rate and Q above 0, else they raise ValueError.

The cascade runs in compiled loops where there are some. Without them a sample-by-sample recursion would be slow; but a
cascade is a linear system, so a block of L samples is y = T x + O s and the state after it s' = A^L s + B x, with small
matrices made once. BLAS does the rest; only the states at block borders follow one another, and those recursions are
blocks again.
"""

import functools
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from soundstage import compiled
from soundstage.arrays import Floats, Floats32, Samples

Sos = Floats
"""Second-order sections [sections, 6], each b₀ b₁ b₂ 1 a₁ a₂, as in scipy."""

V = TypeVar("V", float, Floats)
Triple = tuple[V, V, V]

BLOCK = 48
"""Samples of a block, L: twice as many would mean twice the multiplications, half as many twice the steps."""

GROUP = 8
"""Steps between blocks that are themselves solved as a block."""

CHUNK_FRAMES = 32_768
"""Frames at once: 256 KiB of stereo, which a core's cache holds."""


def peaking(rate_hz: float, f_hz: float, q: float, gain_db: float) -> Sos:
    """A bell of ``gain_db`` at ``f_hz``: [1, 6]."""
    return _section(*bell_coefficients(*_valid_terms(rate_hz, f_hz, q, gain_db)))


def low_shelf(rate_hz: float, f_hz: float, q: float, gain_db: float) -> Sos:
    """``gain_db`` at 0 Hz, half of it at ``f_hz``: [1, 6]."""
    return _section(*shelf_coefficients(*_valid_terms(rate_hz, f_hz, q, gain_db), side=1))


def high_shelf(rate_hz: float, f_hz: float, q: float, gain_db: float) -> Sos:
    """``gain_db`` at half the rate, half of it at ``f_hz``: [1, 6]."""
    return _section(*shelf_coefficients(*_valid_terms(rate_hz, f_hz, q, gain_db), side=-1))


def low_pass(rate_hz: float, f_hz: float, q: float = np.sqrt(0.5)) -> Sos:
    """12 dB per octave above ``f_hz``: [1, 6]. With the default Q it is a Butterworth filter, −3 dB at ``f_hz``."""
    _, cosine, alpha = _valid_terms(rate_hz, f_hz, q, 0.0)
    edge = (1 - cosine) / 2
    return _section((edge, 1 - cosine, edge), (1 + alpha, -2 * cosine, 1 - alpha))


def high_pass(rate_hz: float, f_hz: float, q: float = np.sqrt(0.5)) -> Sos:
    """12 dB per octave below ``f_hz``: [1, 6]. With the default Q it is a Butterworth filter, −3 dB at ``f_hz``."""
    _, cosine, alpha = _valid_terms(rate_hz, f_hz, q, 0.0)
    edge = (1 + cosine) / 2
    return _section((edge, -1 - cosine, edge), (1 + alpha, -2 * cosine, 1 - alpha))


def first_order_low_pass(rate_hz: float, f_hz: float) -> Sos:
    """6 dB per octave above ``f_hz``, −3 dB there: [1, 6]. Bilinear transform of 1 / (s + 1), prewarped."""
    warped = np.tan(np.pi * f_hz / rate_hz)
    return _section((warped, warped, 0.0), (warped + 1, warped - 1, 0.0))


def butterworth(rate_hz: float, f_hz: float, order: int, kind: str) -> Sos:
    """A Butterworth low or high pass (``kind``: low, high), −3 dB at ``f_hz``: [order / 2, 6].

    Raises:
        ValueError: an ``order`` that is not even, or another ``kind``.
    """
    if order < 2 or order % 2 or kind not in ("low", "high"):
        raise ValueError("order must be even and positive, kind low or high")
    design = low_pass if kind == "low" else high_pass
    qualities = [1 / (2 * np.cos(np.pi * (2 * k + 1) / (2 * order))) for k in range(order // 2)]
    return np.concatenate([design(rate_hz, f_hz, q) for q in qualities])


def response(sos: Sos, f_hz: Floats, rate_hz: float) -> NDArray[np.complex128]:
    """The frequency response of a cascade [sections, 6] at frequencies [n], from 0 Hz to half the rate: complex [n]."""
    z = np.exp(-2j * np.pi * np.asarray(f_hz)[:, None] / rate_hz)
    powers = np.stack([np.ones_like(z), z, z * z])
    over = np.einsum("sk,kfo->fs", sos[:, :3], powers)
    under = np.einsum("sk,kfo->fs", sos[:, 3:], powers)
    gain: NDArray[np.complex128] = np.prod(over / under, axis=1)
    return gain


class SosFilter:
    """A cascade of sections [sections, 6] as a stream: the same whether a signal comes whole or block by block.

    ``state`` is float64 [channels, 2 · sections], transposed direct form II, as scipy's ``zi`` without its axes.
    """

    def __init__(self, sos: Sos, channels: int) -> None:
        self._sos = np.ascontiguousarray(sos, np.float64)
        self.state = np.zeros((channels, 2 * len(sos)))

    def process(self, samples: Samples) -> Samples:
        """The next [frames, channels], filtered: of the same shape."""
        if loops := compiled.loops():
            self.state = np.array(self.state, np.float64)
            return loops.filter_sections(samples, self._sos, self.state)
        out = np.empty(samples.shape, np.float32)
        for start in range(0, len(samples), CHUNK_FRAMES):
            piece = samples[start : start + CHUNK_FRAMES]
            out[start : start + len(piece)] = self.planes(piece).T
        return out

    def planes(self, samples: Samples) -> Samples:
        """As ``process``, always in numpy, but returns [channels, frames]. Its memory grows with the frames."""
        system, (frames, channels) = _system(self._sos.tobytes()), samples.shape
        if not frames:
            return np.zeros((channels, 0), np.float32)
        blocks = -(-frames // BLOCK)
        x = np.zeros((channels, blocks * BLOCK), np.float32)
        x[:, :frames] = samples.T
        rows = x.reshape(-1, BLOCK)
        # Single precision is enough for what a block's samples do within the block; the states, whose parts almost
        # cancel at low frequencies, need double.
        pushes = (rows.astype(np.float64) @ system.pushes).reshape(channels, blocks, system.order)
        states = system.scan.run(pushes, self.state)
        # The last block may be cut short: the state to keep is that after its last real sample.
        tail = frames - (blocks - 1) * BLOCK
        before, last = states[:, -1], rows.reshape(channels, blocks, BLOCK)[:, -1, :tail]
        self.state = before @ system.powers[tail] + last @ system.impulse_states[tail:0:-1]
        y = rows @ system.within
        y += states.reshape(channels * blocks, -1) @ system.ringing
        return y.reshape(channels, -1)[:, :frames]


@dataclass(frozen=True, eq=False)
class _BlockSystem:
    """The matrices of one cascade for blocks of L samples; states and samples are row vectors.

    Attributes:
        within: [L, L] float32, from a block's samples to its output.
        ringing: [order, L], from the state before a block to what it adds to the output.
        pushes: [L, order], from a block's samples to what they add to the state after it.
        powers: [L + 1, order, order]; ``powers[t]`` moves a state on by t samples.
        impulse_states: [L + 1, order]; the state t samples after a unit impulse came in.
    """

    order: int
    within: Floats32
    ringing: Floats
    pushes: Floats
    powers: Floats
    impulse_states: Floats
    scan: "_Scan"


@functools.lru_cache(maxsize=64)
def _system(sos_bytes: bytes) -> _BlockSystem:
    """Run the recursion once on an impulse and on every unit state; its answers are the matrices."""
    sos = np.frombuffer(sos_bytes).reshape(-1, 6)
    order = 2 * len(sos)
    state = np.concatenate([np.eye(order), np.zeros((order, 1))], axis=1)
    trajectory = [state.copy()]
    outputs = np.empty((BLOCK, order + 1))
    for t in range(BLOCK):
        x = np.zeros(order + 1)
        x[order] = 1.0 if t == 0 else 0.0
        for section, (b0, b1, b2, _, a1, a2) in enumerate(sos):
            first, second = 2 * section, 2 * section + 1
            y = b0 * x + state[first]
            state[first] = b1 * x - a1 * y + state[second]
            state[second] = b2 * x - a2 * y
            x = y
        outputs[t] = x
        trajectory.append(state.copy())
    states = np.array(trajectory)
    powers, impulse_states = states[:, :, :order].transpose(0, 2, 1).copy(), states[:, :, order].copy()
    delay = np.arange(BLOCK)[None, :] - np.arange(BLOCK)[:, None]
    toeplitz = np.where(delay >= 0, outputs[np.maximum(delay, 0), order], 0.0)
    return _BlockSystem(
        order=order,
        within=toeplitz.astype(np.float32),
        ringing=outputs[:, :order].T.copy(),
        pushes=impulse_states[BLOCK:0:-1].copy(),
        powers=powers,
        impulse_states=impulse_states,
        scan=_Scan(powers[BLOCK]),
    )


class _Scan:
    """Solves s[k + 1] = s[k] · power + push[k]: groups of steps are themselves blocks, level upon level."""

    def __init__(self, power: Floats) -> None:
        order = len(power)
        powers = [np.eye(order)]
        for _ in range(GROUP):
            powers.append(powers[-1] @ power)
        self._power = power
        self._group_power = powers[GROUP]
        # From a group's pushes and the state before the group, to the state before each of its steps.
        mixing = np.zeros((GROUP + 1, order, GROUP, order))
        for target in range(GROUP):
            mixing[GROUP, :, target] = powers[target]
            for source in range(target):
                mixing[source, :, target] = powers[target - source - 1]
        self._mixing = mixing.reshape((GROUP + 1) * order, GROUP * order)
        self._group_push = np.concatenate([powers[GROUP - 1 - source] for source in range(GROUP)])
        self._above: _Scan | None = None

    def run(self, pushes: Floats, start: Floats) -> Floats:
        """From pushes [channels, steps, order] to the state before each step, of the same shape."""
        channels, steps, order = pushes.shape
        if steps <= GROUP:
            states = np.empty((channels, steps, order))
            state = start
            for k in range(steps):
                states[:, k] = state
                state = state @ self._power + pushes[:, k]
            return states
        groups = -(-steps // GROUP)
        rows = np.zeros((channels, groups, (GROUP + 1) * order))
        padded = np.zeros((channels, groups * GROUP, order))
        padded[:, :steps] = pushes
        grouped = padded.reshape(channels, groups, GROUP * order)
        rows[:, :, : GROUP * order] = grouped
        if self._above is None:
            self._above = _Scan(self._group_power)
        group_pushes = (grouped.reshape(channels * groups, -1) @ self._group_push).reshape(channels, groups, order)
        rows[:, :, GROUP * order :] = self._above.run(group_pushes, start)
        mixed = rows.reshape(channels * groups, -1) @ self._mixing
        return mixed.reshape(channels, groups * GROUP, order)[:, :steps]


def cookbook_terms(rate_hz: float, f_hz: V, q: V, gain_db: V) -> tuple[V, V, V]:
    """A, cos ω₀ and α of the cookbook, of one filter or of many at once (arrays of one shape)."""
    w = 2 * np.pi * f_hz / rate_hz
    return 10 ** (gain_db / 40), np.cos(w), np.sin(w) / (2 * q)


def bell_coefficients(a: V, cosine: V, alpha: V) -> tuple[Triple[V], Triple[V]]:
    """Numerator and denominator of a bell, from ``cookbook_terms``: b₀ b₁ b₂ and a₀ a₁ a₂."""
    return (
        (1 + alpha * a, -2 * cosine, 1 - alpha * a),
        (1 + alpha / a, -2 * cosine, 1 - alpha / a),
    )


def shelf_coefficients(a: V, cosine: V, alpha: V, *, side: int) -> tuple[Triple[V], Triple[V]]:
    """The same of a low shelf (``side`` 1) or a high shelf (−1): they differ in the sign of the cosine terms."""
    c, root = side * cosine, 2 * np.sqrt(a) * alpha
    return (
        (a * (a + 1 - (a - 1) * c + root), side * 2 * a * (a - 1 - (a + 1) * c), a * (a + 1 - (a - 1) * c - root)),
        (a + 1 + (a - 1) * c + root, side * -2 * (a - 1 + (a + 1) * c), a + 1 + (a - 1) * c - root),
    )


def _valid_terms(rate_hz: float, f_hz: float, q: float, gain_db: float) -> tuple[float, float, float]:
    if not 0 < f_hz < rate_hz / 2 or q <= 0:
        raise ValueError(f"f_hz must lie between 0 and half of {rate_hz} Hz, and q above 0: {f_hz}, {q}")
    return cookbook_terms(rate_hz, f_hz, q, gain_db)


def _section(b: Triple[float], a: Triple[float]) -> Sos:
    return np.array([[*b, *a]], np.float64) / a[0]
