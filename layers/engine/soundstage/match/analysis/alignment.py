"""Bringing two recordings of one performance together: in time, polarity and channel order."""

from dataclasses import dataclass, replace
from math import gcd

import numpy as np

from soundstage.arrays import Floats32, Samples
from soundstage.audio.resample import resample
from soundstage.audio.spectrum import rfft_single
from soundstage.audio.stereo import middle
from soundstage.audio.streams import Reader

EXCERPT_S = 45.0
"""Length of what is compared, chosen: long enough for verse and chorus, short enough for memory."""

MOST_LAG_S = 10.0
"""By how much either recording may be late: what is cut off or put before a song on its way."""

LEAST_REPORTED_S = 0.005
"""Of a lag, for a sentence: less is a codec's or a converter's delay."""

PIECES = 5
"""From all over long recordings, as long together as the excerpt: verses, choruses and the quiet middle."""

PAD_FRAMES = 2048
"""Around a piece that is resampled, whose ends are those of its filter."""

STILL_AGREES = 0.8
"""Share of the agreement at the beginning that pieces from elsewhere must keep: an edit in between moves them apart."""

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
        pieces: in how many pieces of one length, which do not follow on each other, the recordings are there.
    """

    reference: Samples
    target: Samples
    rate_hz: int
    lag_frames: int
    polarity: int
    swapped: bool
    agreement: float
    pieces: int = 1

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


def sampled(opening: Aligned, reference: Reader, target: Reader, durations_s: tuple[float, float]) -> Aligned | None:
    """``PIECES`` of both recordings from all over them, brought together as their ``opening`` was.

    None where the recordings, of ``durations_s`` (the reference, the target), hold little more than the opening, or lie
    otherwise elsewhere.

    Raises:
        MediaRejected: a recording cannot be read.
    """
    if not long_enough(opening, durations_s):
        return None
    rate_hz, lag = opening.rate_hz, opening.lag_frames
    frames = round(EXCERPT_S / PIECES * rate_hz)
    begin, end = _common(opening, durations_s)
    channels = opening.target.shape[1]
    wanted, given = (np.empty((PIECES, frames, channels), np.float32) for _ in range(2))
    for k in range(PIECES):
        start = begin + round((k + 0.5) / PIECES * (end - begin)) - frames // 2
        one, other = _piece(reference, start + lag, frames, rate_hz), _read(target, start, frames)
        if min(len(one), len(other)) < frames:  # durations are what headers say
            return None
        if one.shape[1] != other.shape[1]:
            one, other = (sound.mean(axis=1, keepdims=True) for sound in (one, other))
        wanted[k] = (one[:, ::-1] if opening.swapped else one) * np.float32(opening.polarity)
        given[k] = other
    one, other = (pieces.reshape(-1, channels) for pieces in (wanted, given))
    agreement = _agreement(one, other)
    if abs(agreement) < STILL_AGREES * abs(opening.agreement):
        return None
    return replace(opening, reference=one, target=other, agreement=agreement, pieces=PIECES)


def long_enough(opening: Aligned, durations_s: tuple[float, float]) -> bool:
    """Whether recordings of ``durations_s`` (the reference, the target) hold much more than their ``opening``."""
    begin, end = _common(opening, durations_s)
    return end - begin >= 2 * PIECES * round(EXCERPT_S / PIECES * opening.rate_hz)


def _common(opening: Aligned, durations_s: tuple[float, float]) -> tuple[int, int]:
    """From and up to which frame of the target the reference has the same."""
    rate_hz, lag = opening.rate_hz, opening.lag_frames
    return max(0, -lag), min(round(durations_s[1] * rate_hz), round(durations_s[0] * rate_hz) - lag)


def _piece(reader: Reader, start: int, frames: int, rate_hz: int) -> Samples:
    """[frames, channels] from frame ``start`` on, both counted at ``rate_hz``."""
    if reader.rate_hz == rate_hz:
        return _read(reader, start, frames)
    grid = rate_hz // gcd(rate_hz, reader.rate_hz)  # at its multiples frames of both rates lie at the same time
    first = max(0, start - PAD_FRAMES) // grid * grid
    needed = -(-(start + frames + PAD_FRAMES - first) * reader.rate_hz // rate_hz)
    piece = resample(_read(reader, first * reader.rate_hz // rate_hz, needed), reader.rate_hz, rate_hz)
    return piece[start - first : start - first + frames]


def excerpt(reader: Reader) -> Samples:
    """All that ``align`` reads of a recording: the first ``EXCERPT_S`` + ``MOST_LAG_S``, [frames, channels].

    Raises:
        MediaRejected: the recording cannot be read.
    """
    return _read(reader, 0, round((EXCERPT_S + MOST_LAG_S) * reader.rate_hz))


def _read(reader: Reader, start: int, frames: int) -> Samples:
    """At most so many frames from ``start`` on: [frames, channels]."""
    kept = np.empty((frames, reader.channels), np.float32)
    read = 0
    for block in reader.blocks(start):
        taken = block[: frames - read]
        kept[read : read + len(taken)] = taken
        read += len(taken)
        if read == frames:
            break
    return kept[:read]


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
    fine, height = _correlation_peak(middle(one[piece]), middle(other[piece]), 2 * step)
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
    cross = rfft_single(other, size)
    np.conj(cross, out=cross)
    cross *= rfft_single(one, size)
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
        a, b = (middle(sound[start : start + FINE_FRAMES]) for sound in (one, other))
        both, each, others = both + float(a @ b), each + float(a @ a), others + float(b @ b)
    return both / np.sqrt(each * others) if each * others > 0 else 0.0


def _correlation(one: Floats32, other: Floats32) -> float:
    """Of two channels [frames], whose means are kept; 0 where either is silent."""
    energy = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / energy if energy > 0 else 0.0
