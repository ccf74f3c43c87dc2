"""When each word of a text sounds in a recording of it: the recording is warped onto our own voice reading the text.

Our voice knows its words' times. Both are turned into mel cepstra (S. Davis and P. Mermelstein, IEEE TASSP 28(4), 1980)
normalised over the whole, so that another voice, room or microphone matters less; pauses are left out of both, because
people pause where they like; and the cheapest monotone path between the two (H. Sakoe and S. Chiba, IEEE TASSP 26(1),
1978) says which moment of the recording is which of ours. How exact that is: ``docs/speech.md``.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import scipy  # its transforms take .2 s, and are loaded when they are first asked for
from numpy.typing import NDArray

from soundstage.arrays import Floats, Floats32, Samples
from soundstage.audio.io import read_audio
from soundstage.audio.spectrum import mel_filterbank
from soundstage.models.errors import InvalidInput
from soundstage.models.film import SPEECH_RATE_HZ, Alignment, Word
from soundstage.models.story import Language
from soundstage.speech import kokoro
from soundstage.speech.speaker import EmbeddedSpeaker
from soundstage.speech.voices import NARRATORS

VERSION = 1
"""Goes up when the same recording gets other times."""
HOP = 240
"""Samples of 10 ms from frame to frame."""
WINDOW = 600
"""25 ms."""
FFT_SIZE = 1024
BANDS, LOWEST_HZ, HIGHEST_HZ = 40, 80.0, 7600.0
CEPSTRA = 16
"""The first ones, without the zeroth, which is loudness."""
DELTA_REACH = 2
"""Frames to either side over which change is measured."""
BELOW_LOUD_DB, ABOVE_NOISE_DB = 32.0, 8.0
"""A frame is silent below the 95th percentile by this much, or within this of the 5th, whichever is higher."""
SILENT_DBFS = -65.0
SHORTEST_PAUSE = 8
"""Frames: closed stops within words are shorter."""
NEAR_PAUSE = 15
"""Frames."""
BAND_SHARE, BAND_LEAST = 0.12, 600
"""How far a person's tempo may drift from an even one: of the whole, and frames at least."""
COARSE = 4
"""Frames that make one where whole texts are looked for."""
BORDER_REACH = 60
"""Frames to either side of where the path has a border within which the longest silence is it."""
LONGEST_S = 600.0
"""Of a recording."""
UNLIKE = 2.3
"""Cost of a step of the path, above which a recording probably says something else: of the right words it was 1.99 to
2.27 in two voices, with noise and in a room, of other words 2.27 to 2.54."""
DOUBTFUL = "The recording may say something else than these words: look at the subtitles."
LEAST_FRAMES = 5
Path_ = tuple[NDArray[np.int64], NDArray[np.int64]]


class EmbeddedAligner:
    """``soundstage.film.ports.Aligner``."""

    fingerprint = f"warped onto {kokoro.MODEL} {VERSION}"

    def align(self, samples: Samples, text: str, *, language: Language) -> Alignment:
        """The words of ``text`` in a recording of it: mono [frames] at 24 kHz, at most 10 minutes.

        Raises:
            InvalidInput: nobody is heard, nothing of the text can be said, or the recording is too long.
            DependencyUnavailable: the voice model is not installed.
        """
        _check_length(samples)
        reading = _read(text, language)
        return aligned(reading.samples, reading.words, samples)

    def divide(self, samples: Samples, texts: Sequence[str], *, language: Language) -> list[float]:
        """Where each of ``texts`` ends in a recording of all of them, in seconds: the last one with the recording.

        Raises as ``align``.
        """
        _check_length(samples)
        return divided([_read(text, language).samples for text in texts], samples)


@dataclass(frozen=True)
class _Reading:
    """A text in our own voice: mono at 24 kHz."""

    samples: Samples
    words: list[Word]


@lru_cache(maxsize=200)
def _read(text: str, language: Language) -> _Reading:
    """Kept: the shots of a film are read once to find them in a recording, and then to find their words."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reading.wav"
        said = EmbeddedSpeaker().speak(text, voice=NARRATORS[language], language=language, out=path)
        return _Reading(read_audio(path).mono(), said.words)


def _check_length(samples: Samples) -> None:
    if len(samples) > LONGEST_S * SPEECH_RATE_HZ:
        raise InvalidInput(f"A recording may have {LONGEST_S / 60:.0f} minutes.")


def divided(readings: Sequence[Samples], samples: Samples) -> list[float]:
    """Where each of ``readings`` ends in a recording of the same words by somebody else: both mono at 24 kHz.

    The path is found through means of ``COARSE`` frames, which for ten minutes take 200 MB. People pause between two
    texts: the border is the middle of the longest silence near the path's.
    """
    ours, theirs = _spoken(np.concatenate(readings)), _spoken(samples)
    if min(len(ours.at), len(theirs.at)) < LEAST_FRAMES * COARSE:
        raise InvalidInput("We hear nobody speak in this recording.")
    (i, j), _ = cheapest_path(_coarse(ours.features), _coarse(theirs.features))
    ends = np.cumsum([len(reading) // HOP for reading in readings])[:-1]
    rows = np.searchsorted(ours.at, ends) // COARSE
    near = theirs.at[np.minimum(j[np.minimum(np.searchsorted(i, rows), len(j) - 1)] * COARSE, len(theirs.at) - 1)]
    before, after = theirs.at[:-1], theirs.at[1:]
    found = []
    for border in near:
        close = np.flatnonzero((after > border - BORDER_REACH) & (before < border + BORDER_REACH))
        widest = close[np.argmax(after[close] - before[close])] if len(close) else None
        found.append(float(border if widest is None else (before[widest] + 1 + after[widest]) / 2))
    return [*(frame * HOP / SPEECH_RATE_HZ for frame in np.maximum.accumulate(found)), len(samples) / SPEECH_RATE_HZ]


def _coarse(features: Floats32) -> Floats32:
    """Means of ``COARSE`` neighbours: [n, d] → [n // COARSE, d]."""
    count = len(features) // COARSE
    return np.asarray(features[: count * COARSE].reshape(count, COARSE, -1).mean(axis=1), np.float32)


def aligned(reading: Samples, words: Sequence[Word], samples: Samples) -> Alignment:
    """``words``, whose times are those of ``reading``, with their times in ``samples``: both mono at 24 kHz."""
    ours, theirs = _spoken(reading), _spoken(samples)
    if min(len(ours.at), len(theirs.at)) < LEAST_FRAMES:
        raise InvalidInput("We hear nobody speak in this recording.")
    path, cost = cheapest_path(ours.features, theirs.features)
    spans = _spans([(word.start_s, word.end_s) for word in words], ours, theirs, path)
    found = [
        word.model_copy(update={"start_s": round(start_s, 3), "end_s": round(end_s, 3)})
        for word, (start_s, end_s) in zip(words, spans, strict=True)
    ]
    return Alignment(found, (DOUBTFUL,) if cost > UNLIKE else ())


@dataclass(frozen=True)
class _Spoken:
    """Frames that are no pause: ``at`` [n] where they are, ``features`` [n, dimensions]."""

    at: NDArray[np.int64]
    features: Floats32


def _spans(
    words_s: Sequence[tuple[float, float]], ours: _Spoken, theirs: _Spoken, path: Path_
) -> list[tuple[float, float]]:
    """Seconds of each word in the recording, of seconds in ours. A pause near the border of two words is their border:
    the path itself may put the first moment of a word before the pause, or the last of one behind it."""
    i, j = path
    last = len(ours.at) - 1
    begins = np.minimum(np.searchsorted(ours.at, _frames([start for start, _ in words_s])), last)
    ends = np.maximum(np.minimum(np.searchsorted(ours.at, _frames([end for _, end in words_s])) - 1, last), begins)
    starts = j[np.searchsorted(i, begins)]
    stops = j[np.searchsorted(i, ends, "right") - 1]
    starts[0], stops[-1] = 0, len(theirs.at) - 1
    pauses = np.flatnonzero(np.diff(theirs.at) > SHORTEST_PAUSE)
    """Frames after which one begins."""
    for k in range(1, len(starts)):
        if len(pauses):
            nearest = pauses[np.argmin(np.abs(pauses + 1 - starts[k]))]
            if abs(nearest + 1 - starts[k]) <= NEAR_PAUSE and nearest >= starts[k - 1] and nearest + 1 <= stops[k]:
                stops[k - 1], starts[k] = nearest, nearest + 1
        starts[k] = max(starts[k], starts[k - 1])
        stops[k - 1] = min(stops[k - 1], max(starts[k] - 1, starts[k - 1]))
    at, hop_s = theirs.at, HOP / SPEECH_RATE_HZ
    return [(float(at[a]) * hop_s, float(at[max(a, b)] + 1) * hop_s) for a, b in zip(starts, stops, strict=True)]


def _frames(seconds: Sequence[float]) -> NDArray[np.int64]:
    return np.asarray(np.round(np.asarray(seconds) * (SPEECH_RATE_HZ / HOP)), np.int64)


def _spoken(samples: Samples) -> _Spoken:
    frames = len(samples) // HOP
    padded = np.pad(samples[: frames * HOP], (WINDOW // 2, WINDOW))
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:frames]
    found = [_cepstra(windows[start : start + 2000]) for start in range(0, frames, 2000)]
    if not found:
        return _Spoken(np.zeros(0, np.int64), np.zeros((0, 1), np.float32))
    cepstra, level_db = np.concatenate([c for c, _ in found]), np.concatenate([level for _, level in found])
    at = np.flatnonzero(_sounding(level_db))
    if not len(at):
        return _Spoken(at, np.zeros((0, 1), np.float32))
    kept = cepstra[at]
    kept = (kept - kept.mean(axis=0)) / np.maximum(kept.std(axis=0), 1e-6)
    padded_ = np.pad(kept, ((DELTA_REACH, DELTA_REACH), (0, 0)), mode="edge")
    delta = padded_[2 * DELTA_REACH :] - padded_[: -2 * DELTA_REACH]
    delta /= np.maximum(delta.std(axis=0), 1e-6)
    weights = 1 / np.sqrt(np.arange(1, CEPSTRA + 1))
    return _Spoken(at, np.asarray(np.concatenate([kept * weights, 0.5 * delta * weights], axis=1), np.float32))


def _cepstra(windows: Samples) -> tuple[Floats, Floats]:
    """Cepstra [n, CEPSTRA] and level in dB [n]."""
    spectra = np.abs(scipy.fft.rfft(windows * np.hanning(WINDOW).astype(np.float32), FFT_SIZE, axis=1)) ** 2
    bands = np.log(spectra @ mel_filterbank(SPEECH_RATE_HZ, FFT_SIZE, BANDS, LOWEST_HZ, HIGHEST_HZ).T + 1e-7)
    window = np.hanning(WINDOW)
    level_db = 10 * np.log10(spectra.sum(axis=1) / (0.5 * FFT_SIZE * (window**2).sum()) + 1e-12)
    return np.asarray(bands @ _cosines(), np.float64), np.asarray(level_db, np.float64)


@lru_cache(maxsize=1)
def _cosines() -> Floats:
    bands = np.arange(BANDS) + 0.5
    return np.stack([np.cos(np.pi * k * bands / BANDS) for k in range(1, CEPSTRA + 1)], axis=1)


def _sounding(level_db: Floats) -> NDArray[np.bool_]:
    quiet, loud = np.percentile(level_db, (5, 95))
    heard = level_db > max(loud - BELOW_LOUD_DB, min(quiet + ABOVE_NOISE_DB, loud - 10), SILENT_DBFS)
    edges = np.flatnonzero(np.diff(np.concatenate([[True], heard, [True]]).astype(np.int8)))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start < SHORTEST_PAUSE and start > 0 and end < len(heard):
            heard[start:end] = True
    return np.asarray(heard)


def cheapest_path(ours: Floats32, theirs: Floats32) -> tuple[Path_, float]:
    """The monotone path of least cost through [n, d] and [m, d], from start to end of both, and its cost a step.

    Along a row the cheapest way in from the left is a running minimum, so a row is a handful of array operations.
    """
    n, m = len(ours), len(theirs)
    reach = max(BAND_LEAST, round(BAND_SHARE * max(n, m)))
    centre = np.round(np.arange(n) * (m - 1) / max(n - 1, 1)).astype(np.int64)
    low = np.maximum(centre - reach, 0)
    width = min(m, 2 * reach + 1)
    low = np.minimum(low, m - width)
    total = np.full((n, width), np.inf, np.float32)
    squares = (theirs**2).sum(axis=1)
    for row in range(n):
        here = theirs[low[row] : low[row] + width]
        square = squares[low[row] : low[row] + width] - 2 * (here @ ours[row]) + float(ours[row] @ ours[row])
        cost = np.sqrt(np.maximum(square, 0)).astype(np.float64)
        if row == 0:
            total[0] = np.cumsum(cost)
            continue
        shift = int(low[row] - low[row - 1])
        above = np.full(width + 1, np.inf)
        above[1 : width + 1 - shift] = total[row - 1, shift:]
        if shift > 0:
            above[0] = total[row - 1, shift - 1]
        best_in = np.minimum(above[1:], above[:-1])
        along = np.cumsum(cost)
        total[row] = along + np.minimum.accumulate(best_in - along + cost)
    rows, columns = [n - 1], [m - 1]
    while rows[-1] or columns[-1]:
        i, j = rows[-1], columns[-1]
        options = []
        for up, left in ((1, 1), (1, 0), (0, 1)):
            if i - up >= 0 and low[i - up] <= j - left < low[i - up] + width:
                options.append((float(total[i - up, j - left - low[i - up]]), i - up, j - left))
        _, i, j = min(options, key=lambda option: option[0])
        rows.append(i)
        columns.append(j)
    path = np.array(rows[::-1], np.int64), np.array(columns[::-1], np.int64)
    return path, float(total[n - 1, m - 1 - low[n - 1]]) / len(rows)
