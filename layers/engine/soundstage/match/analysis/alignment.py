"""Bringing two recordings of one performance together: in time, polarity and channel order."""

from dataclasses import dataclass

import numpy as np

from soundstage.arrays import Floats32, Samples
from soundstage.audio.resample import resample
from soundstage.audio.streams import Reader

EXCERPT_S = 45.0
"""Length of what is compared, chosen: long enough for verse and chorus, short enough for memory."""

MOST_LAG_S = 10.0
"""By how much either recording may be late: what is cut off or put before a song on its way."""

LEAST_REPORTED_S = 0.005
"""Of a lag, for a sentence: less is a codec's or a converter's delay."""

COARSE_HZ = 6000
"""Rate at which a lag is first looked for, chosen: rhythm and melody are below 3 kHz."""

FINE_FRAMES = 1 << 17
"""Of the loudest piece by which the lag is then found exactly, and of pieces elsewhere: 3 s at 44.1 kHz."""

WHITENING, NO_POWER = 1e-3, 1e-20
"""Share of the largest bin by which each bin's magnitude is raised before it is divided by, so that bins that hold only
noise count little; and the least, for silence."""

SWAPPED_BY = 0.05
"""By how much more crossed channels must agree, in the sum of two correlations, before they count as swapped: chosen so
that nearly mono recordings stay as they are."""


@dataclass(frozen=True)
class Aligned:
    """The same excerpt of two recordings, and what it took to bring them together.

    Attributes:
        reference, target: [frames, channels] of the same shape, at ``rate_hz``.
        rate_hz: the target's.
        lag_frames: how much later the reference is.
        polarity: −1 where the reference is inverted, else 1.
        swapped: whether the reference's left is the target's right.
        agreement: correlation of the aligned middles, 0 to 1.
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
        lag_s = self.lag_frames / self.rate_hz
        differences = []
        if abs(lag_s) >= LEAST_REPORTED_S:
            differences.append(f"{abs(lag_s):.2f} s {'later' if lag_s > 0 else 'earlier'}")
        if self.polarity < 0:
            differences.append("upside down")
        if self.swapped:
            differences.append("with left and right swapped")
        return f"The reference is the same performance{', ' + ', '.join(differences) if differences else ''}"


def align(reference: Reader, target: Reader) -> Aligned:
    """Read an excerpt of both recordings, and bring the reference's to the target's time, polarity and channels.

    The target's rate is kept, and its channels where both have as many; else both become mono.

    Raises:
        MediaRejected: a recording cannot be read.
    """
    rate_hz = target.rate_hz
    one, other = resample(excerpt(reference), reference.rate_hz, rate_hz), excerpt(target)
    lag, height = _lag(one, other, rate_hz)
    polarity = 1 if height >= 0 else -1
    one, other = _overlapping(one, other, lag)
    one *= np.float32(polarity)  # in place: minutes of sound
    if one.shape[1] != other.shape[1]:
        one, other = (sound.mean(axis=1, keepdims=True) for sound in (one, other))
    swapped = False
    if other.shape[1] == 2:
        straight = sum(_correlation(one[:, k], other[:, k]) for k in (0, 1))
        crossed = sum(_correlation(one[:, 1 - k], other[:, k]) for k in (0, 1))
        swapped = crossed > straight + SWAPPED_BY
        one = one[:, ::-1] if swapped else one
    agreement = _agreement(one, other)
    return Aligned(np.ascontiguousarray(one), other, rate_hz, lag, polarity, swapped, agreement)


def excerpt(reader: Reader) -> Samples:
    """All that ``align`` reads of a recording: the first ``EXCERPT_S`` + ``MOST_LAG_S``, [frames, channels].

    Raises:
        MediaRejected: the recording cannot be read.
    """
    kept = np.empty((round((EXCERPT_S + MOST_LAG_S) * reader.rate_hz), reader.channels), np.float32)
    frames = 0
    for block in reader.blocks():
        taken = block[: len(kept) - frames]
        kept[frames : frames + len(taken)] = taken
        frames += len(taken)
        if frames == len(kept):
            break
    return kept[:frames]


def _lag(one: Samples, other: Samples, rate_hz: int) -> tuple[int, float]:
    """By how many frames ``one`` is later, and the correlation there: coarsely over all, then exactly.

    Both [frames, channels]; their middles are compared.
    """
    step = max(1, round(rate_hz / COARSE_HZ))
    reach = min(round(MOST_LAG_S * rate_hz), len(one), len(other)) // step
    coarse, _ = _correlation_peak(_decimated(one, step), _decimated(other, step), reach)
    one, other = _overlapping(one, other, step * coarse)
    starts = range(0, max(1, len(other) - FINE_FRAMES), FINE_FRAMES)
    loudest = max(starts, key=lambda start: float(np.square(other[start : start + FINE_FRAMES]).sum()))
    piece = slice(loudest, loudest + FINE_FRAMES)
    fine, height = _correlation_peak(one[piece].mean(axis=1), other[piece].mean(axis=1), 2 * step)
    return step * coarse + fine, height


def _decimated(sound: Samples, step: int) -> Samples:
    """The mean of every ``step`` frames, over all channels: [frames / step]."""
    whole = len(sound) // step * step
    return np.asarray(sound[:whole].reshape(-1, step * sound.shape[1]).mean(axis=1))


def _correlation_peak(one: Samples, other: Samples, reach: int) -> tuple[int, float]:
    """Lag, up to ± ``reach`` frames, and height where the magnitude of the cross-correlation is highest.

    The spectra are whitened (C. Knapp, G. Carter, "The generalized correlation method", IEEE Trans. ASSP 24, 1976:
    the phase transform), so that a difference of tone hardly matters. Both [frames].
    """
    size = 1 << int(np.ceil(np.log2(max(len(one), len(other)) + reach + 1)))  # lags beyond may wrap around
    cross = np.fft.rfft(other, size)
    np.conj(cross, out=cross)
    cross *= np.fft.rfft(one, size)
    level = np.abs(cross)
    level += WHITENING * level.max() + NO_POWER
    cross /= level
    correlation = np.fft.irfft(cross, size)
    around = np.concatenate([correlation[-reach:], correlation[: reach + 1]])
    best = int(np.argmax(np.abs(around)))
    return best - reach, float(around[best])


def _overlapping(one: Samples, other: Samples, lag: int) -> tuple[Samples, Samples]:
    """What both hold at the same time, where ``one`` is ``lag`` frames later."""
    one, other = (one[lag:], other) if lag >= 0 else (one, other[-lag:])
    frames = min(len(one), len(other))
    return one[:frames], other[:frames]


def _agreement(one: Samples, other: Samples) -> float:
    """Correlation of the middles of two recordings of the same shape, without a copy of either."""
    both, each, others = 0.0, 0.0, 0.0
    for start in range(0, len(one), FINE_FRAMES):
        a, b = (sound[start : start + FINE_FRAMES].mean(axis=1) for sound in (one, other))
        both, each, others = both + float(a @ b), each + float(a @ a), others + float(b @ b)
    return both / np.sqrt(each * others) if each * others > 0 else 0.0


def _correlation(one: Floats32, other: Floats32) -> float:
    """Of two channels [frames], whose means are kept; 0 where either is silent."""
    energy = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / energy if energy > 0 else 0.0
