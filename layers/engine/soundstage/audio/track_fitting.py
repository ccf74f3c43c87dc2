"""Music fitted to a given length: repeated from a bar to a bar that sounds alike, or shortened, and faded at the end.

Where to repeat is found in the music itself: its beats (D. Ellis, "Beat tracking by dynamic programming", Journal of
New Music Research 36(1), 2007), and of all pairs of beats whole bars apart the one whose surroundings are most alike.
The two are aligned to the sample by cross-correlation.
"""

import functools
from dataclasses import dataclass

import numpy as np
import scipy  # its transforms take .2 s, and are loaded when they are first asked for
from numpy.typing import NDArray

from soundstage.arrays import Floats, Samples
from soundstage.audio.spectrum import mel_filterbank
from soundstage.models.errors import InvalidInput

FEATURES_HZ, WINDOW_S = 100, 0.046  # rate of the features; length of a spectrum's window, seconds
BANDS, LOWEST_HZ, HIGHEST_HZ = 32, 40.0, 8000.0
FLOOR = 1e-9  # power of a band, full scale 1: −90 dB
AUDIBLE = 1e-4  # −40 dB of the loudest: what is softer at the ends of a track is not repeated
# Beats last from .3 to 1.2 s; about half a second is most likely (Moelants 2002), within an octave and a half.
BEAT_RANGE_S, USUAL_BEAT_S, BEAT_SPREAD_OCTAVES = (0.3, 1.2), 0.5, 0.9
BARS = (4, 3)  # beats of a bar; four are more common, and three have to be clearly more alike
THREE_COST = 0.03
TIGHTNESS = 100.0  # of the beats' tempo, against onsets in standard deviations: Ellis's value
CONTEXT_BEATS = 8  # around both places, in which the music is compared
LEAST_LOOP_S, LEAST_SHARE = 4.0, 0.35  # a repeated part is not shorter than this, and than its share of the track
LENGTH_REWARD = 0.08  # similarity that the longest part is worth against the shortest: fewer repeats
MAX_STARTS = 150  # that are compared for each length of the part: a minute of beats
MAX_ALIGNMENT_S = 0.03
CROSS_FADE_BEATS, MAX_CROSS_FADE_S = 1.0, 0.5
FADE_RANGE_S = (1.5, 8.0)


@dataclass(frozen=True)
class Loop:
    """Frames of a track: what comes at ``end`` sounds like what comes at ``start``. ``cross_fade``: frames before
    both; ``similarity``: of the surroundings, 1 where they are the same, and a little for the length.
    """

    start: int
    end: int
    cross_fade: int
    similarity: float


def fit_track(samples: Samples, rate_hz: int, duration_s: float, *, fade_s: float = 4.0) -> Samples:
    """``round(duration_s · rate_hz)`` frames of [frames, channels]: repeated where it is too short, faded at the end.

    Args:
        fade_s: of the end, such as the last shot's length; 1.5 to 8 s are used, and half of the whole at most.

    Raises:
        InvalidInput: there is nothing to hear.
    """
    frames = round(duration_s * rate_hz)
    sound = samples[: _audible_end(samples)]
    out = sound[:frames].copy() if len(sound) >= frames else _repeated(sound, rate_hz, frames)
    fade = min(round(float(np.clip(fade_s, *FADE_RANGE_S)) * rate_hz), frames // 2)
    falling = 0.5 + 0.5 * np.cos(np.pi * (np.arange(fade) + 0.5) / max(fade, 1))
    out[frames - fade :] *= falling[:, None].astype(np.float32)
    return np.asarray(out, np.float32)


def find_loop(samples: Samples, rate_hz: int) -> Loop:
    """Where the track can be repeated; as a whole where it has no beat or is too short."""
    features, onsets = _features(samples.mean(axis=1, dtype=np.float32), rate_hz)
    beat = _beat_frames(onsets)
    fade = min(len(samples) // 4, round(MAX_CROSS_FADE_S * rate_hz))
    whole = Loop(fade, len(samples), fade, 0.0)
    if beat is None or len(features) < 2 * max(LEAST_LOOP_S * FEATURES_HZ, CONTEXT_BEATS * beat):
        return whole
    beats = _beats(onsets, beat)
    value, start, end = max((_best_pair(features, beats, beat, bar) for bar in BARS), key=lambda pair: pair[0])
    if not np.isfinite(value):
        return whole
    cross_fade = round(min(CROSS_FADE_BEATS * beat / FEATURES_HZ, MAX_CROSS_FADE_S) * rate_hz)
    at, past = round(start / FEATURES_HZ * rate_hz), round(end / FEATURES_HZ * rate_hz)
    at, cross_fade = max(at, cross_fade // 2), min(cross_fade, at)
    past += _alignment(samples.mean(axis=1, dtype=np.float32), at, past, rate_hz)
    return Loop(at, min(past, len(samples)), cross_fade, float(value))


def _audible_end(samples: Samples) -> int:
    """Frames up to the last that can be heard.

    Raises:
        InvalidInput: there is none.
    """
    level = functools.reduce(np.maximum, np.abs(samples).T)
    loud = np.flatnonzero(level > np.sqrt(AUDIBLE) * level.max(initial=0.0))
    if not len(loud):
        raise InvalidInput("There is nothing to hear in this music.")
    return int(loud[-1]) + 1


def _repeated(sound: Samples, rate_hz: int, frames: int) -> Samples:
    loop = find_loop(sound, rate_hz)
    out = np.zeros((frames, sound.shape[1]), np.float32)
    first = min(loop.end, frames)
    out[:first] = sound[:first]
    at = loop.end
    while at < frames:
        fade = loop.cross_fade
        leaving, coming = sound[loop.end - fade : loop.end], sound[loop.start - fade : loop.start]
        out[at - fade : at] = _cross_faded(leaving, coming)
        part = sound[loop.start : loop.end][: frames - at]
        out[at : at + len(part)] = part
        at += len(part)
    return out


def _cross_faded(leaving: Samples, coming: Samples) -> Samples:
    """From the one to the other at equal power, whatever they have in common: [frames, channels] each."""
    if not len(leaving):
        return leaving
    both = np.sqrt(float((leaving**2).sum()) * float((coming**2).sum()))
    shared = max(0.0, float((leaving * coming).sum()) / both) if both > 0 else 0.0
    angle = 0.5 * np.pi * (np.arange(len(leaving)) + 0.5) / len(leaving)
    scale = 1.0 / np.sqrt(1.0 + shared * np.sin(2 * angle))
    fall, rise = np.cos(angle) * scale, np.sin(angle) * scale
    return np.asarray(leaving * fall[:, None] + coming * rise[:, None], np.float32)


def _features(mono: Samples, rate_hz: int) -> tuple[Floats, Floats]:
    """Levels of bands in dB around their mean, [times, bands], and onset strength, [times], both at 100 Hz."""
    hop, size = rate_hz // FEATURES_HZ, 2 ** round(np.log2(WINDOW_S * rate_hz))
    filters = mel_filterbank(rate_hz, size, BANDS, LOWEST_HZ, min(HIGHEST_HZ, 0.45 * rate_hz))
    padded = np.pad(mono, (size // 2, size // 2))
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    window = np.hanning(size).astype(np.float32) / size
    levels = []
    for first in range(0, len(windows), 1024):  # a few megabytes of spectra at once
        power = np.abs(scipy.fft.rfft(windows[first : first + 1024] * window, axis=1)) ** 2
        levels.append(10 * np.log10(power @ filters.T + FLOOR))
    level_db = np.concatenate(levels).astype(np.float64)
    rises = np.maximum(np.diff(level_db, axis=0, prepend=level_db[:1]), 0.0).mean(axis=1)
    return level_db - level_db.mean(axis=0), rises


def _beat_frames(onsets: Floats) -> float | None:
    """Length of a beat in frames of the features; None where nothing repeats."""
    centred = onsets - onsets.mean()
    size = scipy.fft.next_fast_len(2 * len(centred), real=True)
    correlation = scipy.fft.irfft(np.abs(scipy.fft.rfft(centred, size)) ** 2, size)[: len(centred)]
    low, high = (round(s * FEATURES_HZ) for s in BEAT_RANGE_S)
    if len(centred) < 4 * high or correlation[0] <= 0:
        return None
    lags = np.arange(low, high + 1)
    # What beats repeats at twice and four times the lag, too.
    value = sum(correlation[np.minimum(m * lags, len(correlation) - 1)] for m in (1, 2, 4)) / correlation[0]
    octaves = np.log2(lags / (USUAL_BEAT_S * FEATURES_HZ)) / BEAT_SPREAD_OCTAVES
    best = int((value * np.exp(-0.5 * octaves**2)).argmax())
    if value[best] <= 0:
        return None
    return float(lags[best])


def _beats(onsets: Floats, beat: float) -> NDArray[np.int64]:
    """Beats by dynamic programming, frames of the features: where onsets are strong, and about ``beat`` apart."""
    strength = onsets / (onsets.std() or 1.0)
    back = np.arange(round(beat / 2), round(2 * beat) + 1)
    cost = TIGHTNESS * np.log(back / beat) ** 2
    score, before = strength.copy(), np.full(len(strength), -1)
    for t in range(int(back[-1]), len(strength)):
        options = score[t - back] - cost
        best = int(options.argmax())
        score[t] += options[best]
        before[t] = t - back[best]
    last = len(score) - 1 - int(np.argmax(score[: -int(back[-1]) : -1]))
    found = [last]
    while before[found[-1]] >= 0:
        found.append(int(before[found[-1]]))
    return np.array(found[::-1])


def _best_pair(features: Floats, beats: NDArray[np.int64], beat: float, bar: int) -> tuple[float, int, int]:
    """Value, start and end (frames of the features) of the best repeat of whole bars."""
    context = round(CONTEXT_BEATS / 2 * beat)
    inside = beats[(beats >= min(context, 2 * beat)) & (beats <= len(features) - beat)]
    best = (-np.inf, 0, 0)
    for steps in range(bar, len(inside), bar):
        for first in range(0, len(inside) - steps, 1 + len(inside) // MAX_STARTS):
            start, end = int(inside[first]), int(inside[first + steps])
            length = end - start
            if length < max(LEAST_LOOP_S * FEATURES_HZ, LEAST_SHARE * len(features)):
                continue
            value = _similarity(features, start, end, context)
            value += LENGTH_REWARD * length / len(features) - (THREE_COST if bar == 3 else 0.0)
            if value > best[0]:
                best = (value, start, end)
    return best


def _similarity(features: Floats, a: int, b: int, context: int) -> float:
    """Correlation of the features around two places, as far as both have surroundings."""
    before, after = min(context, a), min(context, len(features) - b)
    one, other = features[a - before : a + after], features[b - before : b + after]
    both = np.sqrt((one**2).sum() * (other**2).sum())
    known = (before + after) / (2 * context)
    return float((one * other).sum() / both * (0.5 + 0.5 * known)) if both > 0 else 0.0


def _alignment(mono: Samples, start: int, end: int, rate_hz: int) -> int:
    """Frames by which ``end`` moves so that the sound around it fits the sound around ``start`` best."""
    reach, half = round(MAX_ALIGNMENT_S * rate_hz), round(0.2 * rate_hz)
    half = min(half, start, len(mono) - end - reach)
    if half < reach:
        return 0
    one, other = mono[start - half : start + half], mono[end - half - reach : end + half + reach]
    size = scipy.fft.next_fast_len(len(one) + len(other), real=True)
    spectrum = scipy.fft.rfft(other, size) * np.conj(scipy.fft.rfft(one, size))
    return int(scipy.fft.irfft(spectrum, size)[: 2 * reach + 1].argmax()) - reach
