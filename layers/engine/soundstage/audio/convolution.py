"""Convolution with long impulse responses by FFT (overlap-add), whole or block by block."""

import numpy as np
from numpy.typing import NDArray

MIN_FFT_SIZE = 4096
PIECES_PER_RESPONSE = 3  # an FFT about four times the response costs least per sample


class Convolver:
    """Convolves a stream without delay: ``process`` gives as many frames as it takes, ``tail`` the reverberation.

    Args:
        response: [taps] or [taps, 1] for all channels alike, or [taps, channels].
    """

    def __init__(self, response: NDArray[np.float32], channels: int) -> None:
        planes = np.asarray(response, np.float32).reshape(len(response), -1).T
        if planes.shape[0] not in (1, channels) or not planes.shape[1]:
            raise ValueError(f"an impulse response of {planes.shape[0]} channels does not fit {channels}")
        taps = planes.shape[1]
        self._size = max(MIN_FFT_SIZE, 1 << int(np.ceil(np.log2((PIECES_PER_RESPONSE + 1) * taps))))
        self._step = self._size - taps + 1
        self._spectrum = np.fft.rfft(planes, self._size, axis=1)
        self._overlap: NDArray[np.float32] = np.zeros((channels, taps - 1), np.float32)

    @property
    def step_frames(self) -> int:
        """How many frames one transform takes: blocks of this length cost least."""
        return self._step

    @property
    def state(self) -> NDArray[np.float32]:
        """What still rings: [channels, taps − 1]."""
        return self._overlap

    @state.setter
    def state(self, overlap: NDArray[np.float32]) -> None:
        self._overlap = overlap

    def process(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Convolve the next [frames, channels]."""
        out = np.empty(samples.shape, np.float32)
        taps_after = self._overlap.shape[1]
        for start in range(0, len(samples), self._step):
            piece = samples[start : start + self._step]
            bins = np.fft.rfft(np.ascontiguousarray(piece.T, np.float32), self._size, axis=1)
            bins *= self._spectrum
            added = np.fft.irfft(bins, self._size, axis=1)[:, : len(piece) + taps_after]
            added[:, :taps_after] += self._overlap
            out[start : start + len(piece)] = added[:, : len(piece)].T
            self._overlap = added[:, len(piece) :].astype(np.float32)
        return out

    def tail(self) -> NDArray[np.float32]:
        """What still rings after the last frame: [taps − 1, channels]. The convolver starts afresh."""
        ringing = self._overlap.T.copy()
        self._overlap[:] = 0.0
        return ringing


def convolve(samples: NDArray[np.float32], response: NDArray[np.float32]) -> NDArray[np.float32]:
    """The full convolution of [frames, channels]: [frames + taps − 1, channels]."""
    convolver = Convolver(response, samples.shape[1])
    return np.concatenate([convolver.process(samples), convolver.tail()])
