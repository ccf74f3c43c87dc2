"""A stream cut into steps of one length, whatever its blocks, and the power of each step."""

import numpy as np

from soundstage.arrays import Floats32, Samples


class Steps:
    """Cuts [frames, channels] into steps of ``frames``. Only what lies around the seams of the blocks is copied."""

    def __init__(self, frames: int, channels: int) -> None:
        self.frames = frames
        self._begun = np.zeros((0, channels), np.float32)

    def take(self, samples: Samples) -> list[Samples]:
        """Take the next block; return what is complete, in parts of one step and more."""
        missing = -len(self._begun) % self.frames
        seam = np.concatenate([self._begun, samples[:missing]])
        if len(seam) % self.frames:
            self._begun = seam
            return []
        whole = (len(samples) - missing) // self.frames * self.frames
        self._begun = samples[missing + whole :].copy()
        return [part for part in (seam, samples[missing : missing + whole]) if len(part)]


class StepPowers:
    """The mean power over all channels of each step of ``frames``."""

    def __init__(self, frames: int, channels: int) -> None:
        self._steps = Steps(frames, channels)
        self._powers = [np.zeros(0, np.float32)]

    def process(self, samples: Samples) -> None:
        """Take the next [frames, channels]."""
        for part in self._steps.take(samples):
            rows = part.reshape(-1, self._steps.frames * part.shape[1])
            self._powers.append(np.einsum("nf,nf->n", rows, rows) / np.float32(rows.shape[1]))

    def result(self) -> Floats32:
        """Of every whole step so far: [steps]."""
        return np.concatenate(self._powers)
