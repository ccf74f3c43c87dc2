"""True peak: the highest absolute value that a signal reaches between its samples (ITU-R BS.1770-5 Annex 2).

The interpolator is a Kaiser-windowed sinc, longer and flatter than the standard's 48-tap example (12 taps a phase),
which reads EBU 3341 case 17 .32 dB low. Two facts save most of the work, without changing the result:

- |y| ≤ max|x| · Σ|h|: a stretch of small samples cannot hold the peak.
- A band-limited signal near its maximum Y is at least Y · cos(π d) at a distance of d samples (Duffin and Schaeffer,
  1938): only where 2× points come within cos(π/4) = .71 of the highest point known can 4× points go beyond it, and
  8× points only where 4× points come within cos(π/8) = .92. Real filters are not brick walls, hence some margin.
"""

import functools

import numpy as np

from soundstage import compiled
from soundstage.arrays import Floats, Floats32, Samples
from soundstage.audio.decibels import NO_FLOOR, amplitude_to_db

TAPS = 48
KAISER_BETA = 8.0
"""Of the interpolator, chosen: at 48 kHz flat within .002 dB to 21 kHz, images 83 dB down from 28 kHz on."""

HISTORY = TAPS - 1
LEAD = TAPS // 2 - 1
"""Samples before a point that it depends on; its own place is right after sample number ``LEAD`` of ``TAPS``."""

BLOCK, BATCH_BLOCKS, CHUNK_FRAMES = 64, 256, 65_536
"""Samples of a row of work, rows in one matrix product, and frames at once: chosen for speed, without effect."""

REFINEMENTS: tuple[tuple[tuple[float, ...], float], ...] = (
    ((1 / 2,), 0.0),
    ((1 / 4, 3 / 4), 0.6),
    ((1 / 8, 3 / 8, 5 / 8, 7 / 8), 0.85),
)
"""Each doubles the rate: the phases that it adds, and how near to the highest known the points so far have to come for
it, .71 and .92 by the theorem above, less a margin. (``compiled/loops.c`` has the same shares.)"""

OVERSAMPLINGS = {2: 1, 4: 2, 8: 3}
"""How many refinements reach a factor."""


def true_peak_dbtp(samples: Samples, rate_hz: int, oversampling: int = 4) -> float:
    """The true peak of [frames] or [frames, channels], dBTP; −∞ for silence.

    ``oversampling`` (2, 4 or 8) is meant at 48 kHz: see ``oversampling_at``, also for the error.
    """
    samples = samples[:, None] if samples.ndim == 1 else samples
    meter = TruePeakMeter(samples.shape[1], oversampling_at(rate_hz, oversampling))
    meter.process(samples)
    return amplitude_to_db(meter.result()[0], NO_FLOOR)


def oversampling_at(rate_hz: int, at_48_khz: int) -> int:
    """The factor that reaches the same interpolated rate: 4 at 48 kHz is 2 from 96 kHz on (BS.1770-5 Annex 2).

    Raises:
        ValueError: a factor that is not 2, 4 or 8.
    """
    if at_48_khz not in OVERSAMPLINGS:
        raise ValueError(f"oversampling must be one of {sorted(OVERSAMPLINGS)}, not {at_48_khz}")
    octaves = max(0, round(np.log2(rate_hz / 48_000)))
    return int(max(2, at_48_khz >> octaves))


class TruePeakMeter:
    """True peak and sample peak over all channels of a stream, in flat memory. ``oversampling`` is 2, 4 or 8."""

    def __init__(self, channels: int, oversampling: int = 4) -> None:
        self._refinements = REFINEMENTS[: OVERSAMPLINGS[oversampling]]
        self._tail = np.zeros((HISTORY, channels), np.float32)
        self._sample_peak = 0.0
        self._highest = 0.0

    def process(self, samples: Samples) -> None:
        """Take the next [frames, channels]."""
        # Only what lies around the seam is copied.
        seam = np.concatenate([self._tail, samples[: BLOCK + HISTORY]])
        taken = self._take(seam)
        rest = samples[taken - len(self._tail) :] if len(samples) > BLOCK + HISTORY else seam[taken:]
        self._tail = rest[self._take(rest) :].copy()

    def result(self) -> tuple[float, float]:
        """True peak and sample peak, as amplitudes, of what came so far, followed by silence. The meter can go on."""
        silence = np.zeros((HISTORY, self._tail.shape[1]), np.float32)
        return self._highest_in(np.concatenate([self._tail, silence]))

    def _take(self, samples: Samples) -> int:
        """Take whole blocks only, and say how many frames those are: points of a block cut short would lean on samples
        that are still to come.
        """
        whole = (len(samples) - HISTORY) // BLOCK * BLOCK
        for start in range(0, whole, CHUNK_FRAMES):
            piece = samples[start : min(start + CHUNK_FRAMES, whole) + HISTORY]
            self._highest, self._sample_peak = self._highest_in(piece)
        return max(whole, 0)

    def _highest_in(self, samples: Samples) -> tuple[float, float]:
        """The highest of the points between ``samples`` and of these themselves, or what was known of both."""
        known = self._highest, self._sample_peak
        if loops := compiled.loops():
            return loops.highest_point(samples, all_taps(), len(self._refinements), reach=reach(), known=known)
        planes, _, levels = _cut(samples)
        rows = _overlapping_rows(planes)
        sample_peak = max(self._sample_peak, float(levels.max(initial=0.0)))
        highest = max(self._highest, sample_peak)
        bounds = levels * reach()
        order = np.argsort(-bounds)
        for first in range(0, len(order), BATCH_BLOCKS):
            batch = order[first : first + BATCH_BLOCKS]
            batch = batch[bounds[batch] > highest]
            if not len(batch):
                break
            for channel in rows:
                candidates, peaks = channel[batch], levels[batch]
                for phases, share in self._refinements:
                    near = peaks >= share * highest
                    candidates, peaks = candidates[near], peaks[near]
                    points = candidates @ block_matrix(phases)
                    peaks = np.maximum(peaks, np.maximum(points.max(axis=1), -points.min(axis=1)))
                    highest = max(highest, float(peaks.max(initial=0.0)))
        return highest, sample_peak


def peak_envelope(samples: Samples, oversampling: int, above: float, step: int = 1) -> Floats32:
    """The highest absolute value over all channels from the first sample of each step up to that of the next: [n].

    ``samples`` are [HISTORY + n · step, channels]; the n values begin with the sample number LEAD. They are exact where
    they exceed ``above`` (if nothing exceeds it by much: see the module), and at least the samples elsewhere.
    """
    frames = len(samples) - HISTORY
    planes, heard, levels = _cut(samples)
    rows = _overlapping_rows(planes)
    envelope = np.maximum(heard[LEAD : LEAD + len(rows[0]) * BLOCK], heard[LEAD + 1 :][: len(rows[0]) * BLOCK])
    envelope = envelope.reshape(-1, BLOCK)
    loud = np.flatnonzero(levels * reach() > above)
    for first in range(0, len(loud), BATCH_BLOCKS):
        batch = loud[first : first + BATCH_BLOCKS]
        for phases, share in REFINEMENTS[: OVERSAMPLINGS[oversampling]]:
            if share:
                batch = batch[envelope[batch].max(axis=1) >= share * above]
            highest = envelope[batch]
            for channel in rows:
                points = channel[batch] @ block_matrix(phases)
                np.abs(points, out=points)
                for phase in range(len(phases)):
                    np.maximum(highest, points[:, phase * BLOCK : (phase + 1) * BLOCK], out=highest)
            envelope[batch] = highest
    each = envelope.reshape(-1)[:frames]
    return functools.reduce(np.maximum, [each[first::step] for first in range(step)])


def _cut(samples: Samples) -> tuple[Samples, Floats32, Floats32]:
    """Lay [HISTORY + n, channels] out for work by the block.

    Returns the planes [channels, (blocks + 1) · BLOCK], padded with silence; their highest absolute value over the
    channels at each sample; and the same over each block with the one after it: all that its points can depend on.
    """
    blocks = -(-(len(samples) - HISTORY) // BLOCK)
    planes = np.zeros((samples.shape[1], (blocks + 1) * BLOCK), np.float32)
    planes[:, : len(samples)] = samples.T
    heard = functools.reduce(np.maximum, [np.abs(plane) for plane in planes])
    peaks = heard.reshape(-1, BLOCK).max(axis=1)
    return planes, heard, np.maximum(peaks[:-1], peaks[1:])


def _overlapping_rows(planes: Samples) -> list[Samples]:
    """For each channel a view [blocks, BLOCK + HISTORY]: what the points of each block depend on."""
    windows = np.lib.stride_tricks.sliding_window_view(planes, BLOCK + HISTORY, axis=1)
    return list(windows[:, : planes.shape[1] - BLOCK : BLOCK])


@functools.cache
def interpolator(phases: tuple[float, ...]) -> Floats:
    """Taps for points a fraction of a sample after tap number LEAD: [phases, TAPS], unit gain at 0 Hz."""
    distance = np.arange(TAPS) - LEAD - np.array(phases)[:, None]
    window = np.i0(KAISER_BETA * np.sqrt(1 - (distance / (TAPS / 2)) ** 2))
    taps = np.sinc(distance) * window
    unit: Floats = taps / taps.sum(axis=1, keepdims=True)
    return unit


@functools.cache
def all_taps() -> Floats32:
    """The interpolator of every phase, in the order of the refinements: [7, TAPS]."""
    return np.concatenate([interpolator(phases) for phases, _ in REFINEMENTS]).astype(np.float32)


@functools.cache
def block_matrix(phases: tuple[float, ...]) -> Floats32:
    """What a row's samples are multiplied by to get its points, phase by phase: [BLOCK + HISTORY, phases · BLOCK]."""
    matrix = np.zeros((BLOCK + HISTORY, len(phases), BLOCK), np.float32)
    for position in range(BLOCK):
        matrix[position : position + TAPS, :, position] = interpolator(phases).T
    return matrix.reshape(BLOCK + HISTORY, -1)


@functools.cache
def reach() -> float:
    """The factor by which a signal can rise above its largest sample: the largest Σ|h| over all phases."""
    return float(max(np.abs(interpolator(phases)).sum(axis=1).max() for phases, _ in REFINEMENTS))
