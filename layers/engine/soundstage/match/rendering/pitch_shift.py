"""Pitch shifting by a phase vocoder that moves spectral peaks; formants stay where they were.

J. Laroche, M. Dolson, "New phase-vocoder techniques for pitch-shifting, harmonizing and other exotic effects", IEEE
WASPAA, 1999. The envelope is smoothed in the cepstrum (A. Röbel, X. Rodet, DAFx-05).
"""

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats, Samples
from soundstage.match.rendering.processors import Processor, State

WINDOW = 4096
HOP = WINDOW // 4
"""Samples: 93 ms at 44.1 kHz, chosen long enough to part the partials of a chord; square-root Hann windows, both times,
overlap four times."""

ENVELOPE_QUEFRENCY_S = 0.0012
"""Up to which the cepstrum is the envelope, chosen: below the period of the highest voice (800 Hz)."""

MOST_FORMANT_GAIN = 1.4
"""Nepers: 12 dB, by which putting the envelope back may amplify or attenuate."""


class PitchShifter(Processor[float]):
    """``params`` is the shift in semitones. Each frame's peaks move with the bins around them to scaled frequencies,
    rotated by the phase that the move collects per hop; the smoothed envelope is put back afterwards.

    All channels share their peaks and turn as one, so that the image between them stays.

    State: ``input`` and ``overlap`` [WINDOW, channels]; ``turn``, the phase collected per bin; ``drop``, frames of the
    delay still to leave out; ``owed``, frames still to come.
    """

    def _prepare(self) -> None:
        self._ratio = 2 ** (self.params / 12)
        self._window = np.sqrt(np.hanning(WINDOW + 1)[:-1])
        self._lifter = max(8, int(ENVELOPE_QUEFRENCY_S * self.rate_hz))

    def _first_state(self) -> State:
        zeros = np.zeros((WINDOW, self.channels))
        turn = np.zeros(WINDOW // 2 + 1)
        return {"input": zeros, "overlap": zeros, "turn": turn, "drop": WINDOW - HOP, "owed": 0}

    def _block(self, x: Samples, state: State) -> tuple[Samples, State]:
        state = {**state, "owed": state["owed"] + len(x)}
        hops = -(-len(x) // HOP)
        padded = np.zeros((hops * HOP, self.channels))
        padded[: len(x)] = x
        return self._run(padded, state)

    def _rest(self, state: State) -> tuple[Samples, State]:
        return self._run(np.zeros((WINDOW, self.channels)), state)

    def _run(self, x: Floats, state: State) -> tuple[Samples, State]:
        held, overlap, turn = state["input"], state["overlap"], state["turn"]
        out = []
        for start in range(0, len(x), HOP):
            held = np.concatenate([held[HOP:], x[start : start + HOP]])
            moved, turn = self._frame(held, turn)
            overlap = overlap + moved
            out.append(overlap[:HOP])
            overlap = np.concatenate([overlap[HOP:], np.zeros((HOP, self.channels))])
        y = np.concatenate(out)
        dropped = min(state["drop"], len(y))
        ready = y[dropped:][: state["owed"]].astype(np.float32)
        after = {"input": held, "overlap": overlap, "turn": turn, "drop": state["drop"] - dropped}
        return ready, {**after, "owed": state["owed"] - len(ready)}

    def _frame(self, held: Floats, turn: Floats) -> tuple[Floats, Floats]:
        moved, turned = self._move(np.fft.rfft(held * self._window[:, None], axis=0), turn)
        # Windows before and after, squared and four times overlapped, add up to 2.
        return np.fft.irfft(moved, WINDOW, axis=0) * self._window[:, None] / 2, turned

    def _move(self, bins: NDArray[np.complex128], turn: Floats) -> tuple[NDArray[np.complex128], Floats]:
        """Spectra [bins, channels] and the phase collected [bins], both after the move."""
        level = np.sqrt(np.sum(bins.real**2 + bins.imag**2, axis=1))
        neighbours = np.maximum.reduce([level[1:-3], level[3:-1], level[4:], level[:-4]])
        peaks = np.flatnonzero(level[2:-2] > neighbours) + 2
        if not len(peaks):
            return np.zeros_like(bins), turn
        # A peak's true place between bins, by a parabola through the logarithms around it.
        a, b, c = (np.log(level[peaks + k] + 1e-30) for k in (-1, 0, 1))
        place = peaks + 0.5 * (a - c) / np.minimum(a - 2 * b + c, -1e-9)
        shift = np.round((self._ratio - 1) * place).astype(int)
        exact = (self._ratio - 1) * place
        edges = np.concatenate([[0], (peaks[:-1] + peaks[1:] + 1) // 2, [len(bins)]])
        owner = np.repeat(np.arange(len(peaks)), np.diff(edges))
        target = np.arange(len(bins)) + shift[owner]
        inside = (target >= 0) & (target < len(bins))
        # Every hop a component moved by `exact` bins gains this phase over where it was; neighbours move as one.
        collected = turn[np.clip(peaks + shift, 0, len(bins) - 1)] + 2 * np.pi * exact * HOP / WINDOW
        moved = np.zeros_like(bins)
        np.add.at(moved, target[inside], (bins * np.exp(1j * collected[owner])[:, None])[inside])
        turned = turn.copy()
        turned[target[inside]] = np.mod(collected[owner][inside], 2 * np.pi)
        after = np.sqrt(np.sum(moved.real**2 + moved.imag**2, axis=1))
        moved *= self._formants(level, after)[:, None]
        # A frame keeps its power: the envelope of a few lone partials says little about how loud they were.
        moved *= np.sqrt((level**2).sum() / max(float((np.abs(moved) ** 2).sum()), 1e-20))
        return moved, turned

    def _formants(self, before: Floats, after: Floats) -> Floats:
        """The gain factors [bins] that give the moved spectrum the envelope it had before, within limits."""
        envelopes = []
        for level in (before, after):
            cepstrum = np.fft.irfft(np.log(level + 1e-6))
            cepstrum[self._lifter : -self._lifter] = 0
            envelopes.append(np.fft.rfft(cepstrum).real)
        return np.exp(np.clip(envelopes[0] - envelopes[1], -MOST_FORMANT_GAIN, MOST_FORMANT_GAIN))
