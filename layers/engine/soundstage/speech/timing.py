"""When words sound: by the model's durations, and at pauses by the signal itself.

Inside a phrase the model's durations are where its sounds are. Around pauses they are not: the sound after one begins
.06 s earlier (sd .016, measured after 20 pauses in three voices), and the silence of a pause belongs to no word. So
silences are looked for in the signal, and words begin and end at them.
"""

from dataclasses import dataclass

import numpy as np

from soundstage.arrays import Floats, Samples
from soundstage.models.film import SPEECH_RATE_HZ
from soundstage.speech.phrases import Phrase

HOP = 120
"""Frames of 5 ms in which levels are taken."""
SILENT_DB = -42.0
"""Below the loudest 5 ms of a phrase: between the weakest consonants, f and h, and breath (measured: −35, −50)."""
SHORTEST_PAUSE_S = 0.03
"""A closed stop, as in "that time", is silent for less at a word's edge and is no pause."""
REACH_S = 0.18
"""How far from where the durations say a pause is looked for: three times the bias at pauses."""
AFTER_PAUSE_S = -0.06
"""The model's bias after a pause whose silence is not found."""
LEAST_PAUSE_S = 0.16
"""Between clauses at speed 1: in Chinese the model often leaves .04 s at a comma, which sounds hurried."""
EDGE_FRAMES = 48
"""Of 2 ms, over which sound fades where silence is put in."""


@dataclass(frozen=True)
class Timed:
    """A phrase's sound from its first to its last sounding frame, and its words: (index of the sound, start, end)."""

    samples: Samples
    words: list[tuple[int, float, float]]


def timed(phrase: Phrase, samples: Samples, starts_s: Floats, speed: float) -> Timed:
    """Trim a phrase's silent ends, let its clauses breathe, and time its words.

    Args:
        starts_s: of each phoneme, and the end of the last one.
        speed: that it was spoken with.
    """
    silent = _silent(samples)
    sounding = np.flatnonzero(~silent)
    first, last = (int(sounding[0]), int(sounding[-1]) + 1) if len(sounding) else (0, len(silent))
    words = _by_durations(phrase, starts_s)
    if not words:
        return Timed(_faded(samples[first * HOP : last * HOP]), [])
    words[0] = (words[0][0], first * HOP / SPEECH_RATE_HZ, words[0][2])
    words[-1] = (*words[-1][:2], last * HOP / SPEECH_RATE_HZ)
    parts, at = [], first * HOP
    shift_s = -at / SPEECH_RATE_HZ
    ordered: list[tuple[int, float, float]] = []
    for k, word in enumerate(words):
        following = words[k + 1] if k + 1 < len(words) else None
        added_s = 0.0
        if following is not None and following[0] - word[0] > 1:  # a mark stands between them
            words[k], words[k + 1], pause = _around_pause(word, following, silent)
            if pause is not None:
                added_s = max(0.0, LEAST_PAUSE_S / speed - (pause[1] - pause[0]) * HOP / SPEECH_RATE_HZ)
                cut = (pause[0] + pause[1]) // 2 * HOP
        i, start_s, end_s = words[k]
        earliest_s = ordered[-1][2] if ordered else 0.0
        start_s = max(start_s + shift_s, earliest_s)
        ordered.append((i, start_s, max(end_s + shift_s, start_s)))
        if added_s:
            parts += [_faded(samples[at:cut]), np.zeros(round(added_s * SPEECH_RATE_HZ), np.float32)]
            at = cut
            shift_s += len(parts[-1]) / SPEECH_RATE_HZ
    return Timed(np.concatenate([*parts, _faded(samples[at : last * HOP])]), ordered)


def _faded(samples: Samples) -> Samples:
    """With ends that cannot click."""
    length = min(EDGE_FRAMES, len(samples) // 2)
    ramp = ((np.arange(length) + 0.5) / max(length, 1)).astype(np.float32)
    faded = samples.copy()
    faded[:length] *= ramp
    faded[len(faded) - length :] *= ramp[::-1]
    return faded


def _silent(samples: Samples) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    whole = samples[: len(samples) // HOP * HOP].reshape(-1, HOP).astype(np.float64)
    power = (whole**2).mean(axis=1)
    quiet: np.ndarray[tuple[int], np.dtype[np.bool_]] = power <= power.max(initial=0.0) * 10 ** (SILENT_DB / 10)
    return quiet


def _by_durations(phrase: Phrase, starts_s: Floats) -> list[tuple[int, float, float]]:
    phonemes, owners = phrase.phonemes, np.array(phrase.owners)
    words = []
    for i, sound in enumerate(phrase.sounds):
        mine = np.flatnonzero(owners == i)
        mine = mine[[phonemes[k] != " " for k in mine]]
        if sound.is_word and len(mine):
            words.append((i, float(starts_s[mine[0]]), float(starts_s[mine[-1] + 1])))
    return words


def _around_pause(
    before: tuple[int, float, float],
    after: tuple[int, float, float],
    silent: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> tuple[tuple[int, float, float], tuple[int, float, float], tuple[int, int] | None]:
    """The end of one word and the start of the next at the longest silence near the two, and that silence in hops."""
    hop_s = HOP / SPEECH_RATE_HZ
    earliest = max(int((before[2] - REACH_S) / hop_s), int(before[1] / hop_s) + 1, 0)
    latest = min(int((after[1] + REACH_S) / hop_s), int(after[2] / hop_s) - 1, len(silent))
    runs, start = [], None
    for k in range(earliest, latest + 1):
        quiet = k < latest and bool(silent[k])
        if quiet and start is None:
            start = k
        elif not quiet and start is not None:
            runs.append((k - start, start, k))
            start = None
    length, begin, end = max(runs, default=(0, 0, 0))
    if length * hop_s < SHORTEST_PAUSE_S:
        return before, (after[0], max(after[1] + AFTER_PAUSE_S, before[2]), after[2]), None
    return (before[0], before[1], begin * hop_s), (after[0], end * hop_s, after[2]), (begin, end)
