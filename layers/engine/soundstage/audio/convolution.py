"""Convolution of a stream with an impulse response of any length, block by block, in flat memory and without delay.

Uniformly partitioned overlap-save (G. Wefers, "Partitioned convolution algorithms for real-time auralization", 2015,
ch. 5): blocks of sound and equal parts of the response are transformed once each; a block of the result is one inverse
transform of the sum of their products.
"""

from typing import Any

import numpy as np
import scipy  # its transforms need 27 MB, and are loaded when they are first asked for
from numpy.typing import NDArray

from soundstage import compiled
from soundstage.arrays import Samples

BLOCK_RANGE_FRAMES = (2048, 65_536)
"""Least and most frames of a block, chosen: shorter ones cost more calls, longer ones more memory."""

PARTS = 8
"""About so many parts of a response cost least: fewer mean larger transforms, more mean more products."""

ROWS_AT_ONCE = 4
"""Transforms that run as one: with vector instructions of 4 single-precision numbers, in half the time."""

Bins = NDArray[np.complex64]


class Convolver:
    """Convolves a stream: ``process`` returns as many frames as it takes, ``tail`` what rings on after them.

    Args:
        response: [taps] or [taps, 1] for all channels alike, or [taps, channels]; at least one tap.
        channels: of the stream.

    Raises:
        ValueError: the response is empty, or has another number of channels.
    """

    def __init__(self, response: Samples, channels: int) -> None:
        planes = np.asarray(response, np.float32).reshape(len(response), -1).T
        if planes.shape[0] not in (1, channels) or not planes.shape[1]:
            raise ValueError(f"an impulse response of {planes.shape[0]} channels does not fit {channels}")
        self._channels, self._taps = channels, planes.shape[1]
        self._block = int(np.clip(2 ** np.ceil(np.log2(self._taps / PARTS)), *BLOCK_RANGE_FRAMES))
        self._at_once = -(-ROWS_AT_ONCE // channels)
        starts = range(0, self._taps, self._block)
        self._parts = [
            scipy.fft.rfft(planes[:, start : start + self._block], 2 * self._block, axis=1) for start in starts
        ]
        self._forget()

    def _forget(self) -> None:
        self._before = np.zeros((self._block, self._channels), np.float32)
        self._spectra: list[Bins] = []
        self._begun = np.zeros((0, self._channels), np.float32)

    @property
    def step_frames(self) -> int:
        """Frames that are transformed at once: streams cut at multiples of it cost least."""
        return self._block * self._at_once

    @property
    def state(self) -> dict[str, Any]:
        """What the next ``process`` depends on: the last block, spectra before it, frames of a block begun."""
        return {"before": self._before, "spectra": self._spectra, "begun": self._begun}

    @state.setter
    def state(self, state: dict[str, Any]) -> None:
        self._before, self._spectra, self._begun = state["before"], state["spectra"], state["begun"]

    def process(self, samples: Samples) -> Samples:
        """The next [frames, channels], convolved with all that came before: of the same shape."""
        out = np.empty(samples.shape, np.float32)
        at = 0
        while at < len(samples):
            taken = samples[at : at + self.step_frames - len(self._begun)]
            sound = np.concatenate([self._begun, taken]) if len(self._begun) else taken
            spectra = [*self._spectra, *self._transform(sound)]
            out[at : at + len(taken)] = self._sum_products(spectra, len(sound))[len(self._begun) :]
            at += len(taken)
            if len(sound) == self.step_frames:
                self._before, self._begun = sound[-self._block :].copy(), sound[:0]
                self._spectra = spectra[max(0, len(spectra) - len(self._parts) + 1) :]
            else:
                self._begun = sound.copy()
        return out

    def _transform(self, sound: Samples) -> list[Bins]:
        """The spectrum of each block with the one before it: [channels, bins] each."""
        blocks = -(-len(sound) // self._block)
        planes = np.zeros((self._channels, (blocks + 1) * self._block), np.float32)
        planes[:, : self._block] = self._before.T
        planes[:, self._block : self._block + len(sound)] = sound.T
        windows = np.lib.stride_tricks.sliding_window_view(planes, 2 * self._block, axis=1)[:, :: self._block]
        return list(scipy.fft.rfft(np.ascontiguousarray(windows.swapaxes(0, 1)), axis=2))

    def _sum_products(self, spectra: list[Bins], frames: int) -> Samples:
        """The last blocks of the result, ``frames`` of them: [frames, channels]."""
        first = len(spectra) + frames // -self._block
        total = [_sum_products(spectra[number::-1], self._parts) for number in range(first, len(spectra))]
        planes = scipy.fft.irfft(np.stack(total), 2 * self._block, axis=2, overwrite_x=True)[:, :, self._block :]
        return np.asarray(planes.swapaxes(1, 2).reshape(-1, self._channels)[:frames], np.float32)

    def tail(self) -> Samples:
        """What rings on after the last frame: [taps − 1, channels]. The convolver is as new after it."""
        ringing = self.process(np.zeros((self._taps - 1, self._channels), np.float32))
        self._forget()
        return ringing


def _sum_products(spectra: list[Bins], parts: list[Bins]) -> Bins:
    """The sum of the newest spectrum times the first part of the response, and so on: [channels, bins]."""
    if loops := compiled.loops():
        return loops.sum_products(spectra, parts)
    total = np.zeros(spectra[0].shape, np.complex64)
    for spectrum, part in zip(spectra, parts, strict=False):
        total += spectrum * part
    return total
