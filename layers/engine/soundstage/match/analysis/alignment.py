"""Bringing two recordings of one performance together: in time, polarity and channel order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Samples
from soundstage.audio.resample import resample
from soundstage.audio.streams import Reader

EXCERPT_S = 45.0
SOUGHT_S = 10.0
LATE_S = 0.005
COARSE_HZ, FINE_FRAMES = 6000, 1 << 17


@dataclass(frozen=True)
class Aligned:
    """The same excerpt of both, [frames, channels] at ``rate_hz``, and what it took.

    Attributes:
        lag_frames: how much later the reference is.
        polarity: −1 when the reference is upside down.
        swapped: left is right.
        agreement: correlation of the aligned mid signals, 0 to 1.
    """

    reference: Samples
    target: Samples
    rate_hz: int
    lag_frames: int
    polarity: int
    swapped: bool
    agreement: float

    def words(self) -> str:
        """How the reference lies, as the beginning of a sentence."""
        seconds = self.lag_frames / self.rate_hz
        found = []
        if abs(seconds) >= LATE_S:
            found.append(f"{abs(seconds):.2f} s {'later' if seconds > 0 else 'earlier'}")
        if self.polarity < 0:
            found.append("upside down")
        if self.swapped:
            found.append("with left and right swapped")
        return f"The reference is the same performance{', ' + ', '.join(found) if found else ''}"


def align(reference: Reader, target: Reader) -> Aligned:
    """Read an excerpt of both and find out how they lie; the target's rate is kept, and its channels if they agree."""
    rate_hz = target.rate_hz
    wanted = resample(excerpt(reference), reference.rate_hz, rate_hz)
    given = excerpt(target)
    lag, height = _lag(wanted, given, rate_hz)
    polarity = 1 if height >= 0 else -1
    wanted, given = _overlapping(wanted, given, lag)
    wanted *= np.float32(polarity)
    if wanted.shape[1] != given.shape[1]:
        # Only their middles can be compared.
        wanted, given = (sound.mean(axis=1, keepdims=True) for sound in (wanted, given))
    swapped = False
    if given.shape[1] == 2:
        straight = sum(_correlation(wanted[:, k], given[:, k]) for k in (0, 1))
        crossed = sum(_correlation(wanted[:, 1 - k], given[:, k]) for k in (0, 1))
        swapped = crossed > straight + 0.05
        wanted = wanted[:, ::-1] if swapped else wanted
    agreement = _agreement(wanted, given)
    return Aligned(np.ascontiguousarray(wanted), given, rate_hz, lag, polarity, swapped, agreement)


def excerpt(reader: Reader) -> Samples:
    """All that ``align`` reads of a recording: the first ``EXCERPT_S`` and what may be sought."""
    kept = np.empty((round((EXCERPT_S + SOUGHT_S) * reader.rate_hz), reader.channels), np.float32)
    frames = 0
    for block in reader.blocks():
        taken = block[: len(kept) - frames]
        kept[frames : frames + len(taken)] = taken
        frames += len(taken)
        if frames == len(kept):
            break
    return kept[:frames]


def _lag(wanted: Samples, given: Samples, rate_hz: int) -> tuple[int, float]:
    """Delay of ``wanted`` in frames and the height of the correlation's peak there: coarsely over all, then exactly.

    Both [frames, channels]; their middles are compared.
    """
    step = max(1, round(rate_hz / COARSE_HZ))
    reach = min(round(SOUGHT_S * rate_hz), len(wanted), len(given)) // step
    coarse, _ = _peak(_thinned(wanted, step), _thinned(given, step), reach)
    one, other = _overlapping(wanted, given, step * coarse)
    starts = range(0, max(1, len(other) - FINE_FRAMES), FINE_FRAMES)
    loudest = max(starts, key=lambda start: float(np.square(other[start : start + FINE_FRAMES]).sum()))
    piece = slice(loudest, loudest + FINE_FRAMES)
    fine, height = _peak(one[piece].mean(axis=1), other[piece].mean(axis=1), 2 * step)
    return step * coarse + fine, height


def _thinned(sound: Samples, step: int) -> Samples:
    """The mean of every ``step`` frames, over all channels."""
    whole = len(sound) // step * step
    return np.asarray(sound[:whole].reshape(-1, step * sound.shape[1]).mean(axis=1))


def _peak(wanted: Samples, given: Samples, reach: int) -> tuple[int, float]:
    """Where and how high the correlation is highest, up to ``reach``; whitened, so that tone hardly matters."""
    size = 1 << int(np.ceil(np.log2(max(len(wanted), len(given)) + reach + 1)))  # lags beyond may wrap around
    cross = np.fft.rfft(given, size)
    np.conj(cross, out=cross)
    cross *= np.fft.rfft(wanted, size)
    level = np.abs(cross)
    level += 1e-3 * level.max() + 1e-20
    cross /= level
    correlation = np.fft.irfft(cross, size)
    around = np.concatenate([correlation[-reach:], correlation[: reach + 1]])
    best = int(np.argmax(np.abs(around)))
    return best - reach, float(around[best])


def _overlapping(wanted: Samples, given: Samples, lag: int) -> tuple[Samples, Samples]:
    wanted, given = (wanted[lag:], given) if lag >= 0 else (wanted, given[-lag:])
    frames = min(len(wanted), len(given))
    return wanted[:frames], given[:frames]


def _agreement(one: Samples, other: Samples) -> float:
    """Correlation of the middles of two recordings of the same shape, without a copy of either."""
    both, each, others = 0.0, 0.0, 0.0
    for start in range(0, len(one), FINE_FRAMES):
        a, b = (sound[start : start + FINE_FRAMES].mean(axis=1) for sound in (one, other))
        both, each, others = both + float(a @ b), each + float(a @ a), others + float(b @ b)
    return both / np.sqrt(each * others) if each * others > 0 else 0.0


def _correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    energy = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / energy if energy > 0 else 0.0
