"""Melody similarity: the hum's contour against the melody band of a song, by subsequence dynamic time warping.

Contours are pitch classes at 10 Hz; the song is a chromagram of its melody band. All transpositions are aligned at
once; every step of the warping moves on in the contour, so that each row is one numpy operation.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from soundstage.audio.io import Audio
from soundstage.audio.pitch import hz_to_midi
from soundstage.audio.spectrum import rfft_single
from soundstage.models.music import Analysis, Note, Segment, SimilarityScore
from soundstage.music.composing.melody import notes_in

SHUFFLES = 20  # of the contour's notes: the chance level and its standard deviation
MIN_SPREAD = 0.01  # of that deviation
OTHER_KEY_COST = 0.25  # of the value
FRAME_HZ = 10  # of contours and chromagrams
MELODY_HZ = (230.0, 2600.0)  # fundamentals of melodies, A♯3 to E7
LONGEST_CONTOUR_S = 30.0  # of a hum that is searched for
JOINED_GAP_S = 0.35  # a shorter gap between notes is articulation
LARGE_FFT_FROM_HZ, LARGE_FFT, SMALL_FFT = 30_000, 4096, 2048  # about 90 ms either way
BLOCK_FRAMES = 256  # of the spectrogram at a time
# Partials vote for their fundamental; pitches from A3 over 45 semitones.
PARTIAL_WEIGHTS, LOWEST_MIDI, PITCHES = {1: 1.0, 2: 0.5, 3: 0.25}, 57, 45
IMPOSSIBLE = np.float32(-1e3)
# Of every frame that a path bends: without it any tune can be pulled over any other (measured: z rises by a third).
WARP_COST = np.float32(0.3)
REST = -1  # in a contour: whatever sounds there counts neither for nor against it
Contour = NDArray[np.int64]


def hum_contour(analysis: Analysis, segment: Segment, stretch: float = 1.0) -> Contour:
    """Pitch class per tenth of a second, or ``REST``, [frames ≥ 1].

    ``stretch``: duration of the melody in the song over that in the hum, where the tempo was changed.
    """
    notes = [note for _, note in notes_in(analysis, segment)]
    return contour_of([(midi, stretch * seconds) for midi, seconds in _notes_and_rests(notes)])


def _notes_and_rests(notes: Sequence[Note]) -> list[tuple[int | None, float]]:
    """(MIDI pitch, seconds) of notes, each up to the next one where the gap is articulation, and of rests."""
    timed: list[tuple[int | None, float]] = []
    for note, following in zip(notes, [*notes[1:], None], strict=True):
        gap = max(0.0, following.onset_s - note.offset_s) if following else 0.0
        sung = note.offset_s - note.onset_s
        timed += [(note.midi, sung + gap)] if gap < JOINED_GAP_S else [(note.midi, sung), (None, gap)]
    return timed


def contour_of(notes: Sequence[tuple[int | None, float]]) -> Contour:
    """Contour of (MIDI pitch, or None for a rest, seconds), [frames ≥ 1]; rounding errors do not add up."""
    frames: list[int] = []
    end = 0.0
    for midi, seconds in notes:
        end += seconds
        count = max(0, round(min(end, LONGEST_CONTOUR_S) * FRAME_HZ) - len(frames))
        frames += [REST if midi is None else midi % 12] * count
    first = notes[0][0] if notes else None
    return np.array(frames or [0 if first is None else first % 12])


def shuffled_contours(contour: Contour, count: int) -> list[Contour]:
    """The same notes with the same durations in other orders. Runs of one pitch class stay together; rests stay."""
    rng = np.random.default_rng(0)
    runs = np.split(contour, np.flatnonzero(np.diff(contour)) + 1)
    notes = [i for i, run in enumerate(runs) if run[0] != REST]
    if len(notes) < 3:
        # One or two notes have no other order: other intervals instead.
        shifts = rng.integers(0, 12, (count, len(runs)))
        return [np.concatenate([_transposed(run, int(by)) for run, by in zip(runs, s, strict=True)]) for s in shifts]
    shuffled = []
    for _ in range(count):
        other = list(runs)
        for place, source in zip(notes, rng.permutation(notes), strict=True):
            other[place] = runs[source]
        shuffled.append(np.concatenate(other))
    return shuffled


def _transposed(contour: Contour, semitones: NDArray[np.int64] | int) -> Contour:
    return np.where(contour == REST, REST, (contour + semitones) % 12)


def melody_salience(audio: Audio) -> NDArray[np.float32]:
    """Chromagram of the melody band, [frames at 10 Hz, 12], each frame scaled to its maximum.

    A median over time in every bin removes drums: a stroke is short, a note is not. Peaks count by the root of their
    magnitude, so that a loud accompaniment does not mask the melody, and partials vote for their fundamental.
    """
    mono = audio.mono()
    size = LARGE_FFT if audio.rate_hz > LARGE_FFT_FROM_HZ else SMALL_FFT
    hop = audio.rate_hz / (2 * FRAME_HZ)
    count = max(1, int((len(mono) - size) / hop))
    starts = (np.arange(count) * hop).astype(int)
    if len(mono) < size:
        mono = np.pad(mono, (0, size - len(mono)))
    window = np.hanning(size).astype(np.float32)
    top = int(2 * MELODY_HZ[1] * size / audio.rate_hz)
    magnitude = np.empty((count, top), dtype=np.float32)
    for begin in range(0, count, BLOCK_FRAMES):
        block = mono[starts[begin : begin + BLOCK_FRAMES, None] + np.arange(size)] * window
        magnitude[begin : begin + BLOCK_FRAMES] = np.abs(rfft_single(block))[:, :top]
    magnitude = _median_of_three(magnitude)
    # Peaks along frequency only: what lies beside them are side lobes.
    inner = magnitude[:, 1:-1]
    row, place = np.nonzero((inner >= magnitude[:, :-2]) & (inner >= magnitude[:, 2:]) & (inner > 0))
    semitone = _semitones(magnitude, row, place + 1, audio.rate_hz / size)
    strength = np.sqrt(inner[row, place])
    pitches = np.zeros(count * 60)
    for partial, weight in PARTIAL_WEIGHTS.items():
        pitch = np.round(semitone - 12 * np.log2(partial)).astype(int) - LOWEST_MIDI
        inside = (pitch >= 0) & (pitch < PITCHES)
        pitches += np.bincount(60 * row[inside] + pitch[inside], weight * strength[inside], count * 60)
    chroma = pitches.reshape(count, 5, 12).max(axis=1)
    chroma = np.roll(chroma, LOWEST_MIDI % 12, axis=1)
    whole = chroma[: count // 2 * 2].reshape(-1, 2, 12).mean(axis=1) if count > 1 else chroma
    scale = whole.max(axis=1, keepdims=True)
    return np.asarray(np.where(scale > 0, whole / np.maximum(scale, 1e-9), 0.0), dtype=np.float32)


def _median_of_three(magnitude: NDArray[np.float32]) -> NDArray[np.float32]:
    """Median of each frame and its neighbours, bin by bin; the first and the last frame are kept."""
    middle = magnitude.copy()
    before, now, after = magnitude[:-2], magnitude[1:-1], magnitude[2:]
    middle[1:-1] = np.maximum(np.minimum(before, now), np.minimum(np.maximum(before, now), after))
    return middle


def _semitones(
    magnitude: NDArray[np.float32], row: NDArray[np.int64], place: NDArray[np.int64], bin_hz: float
) -> NDArray[np.float64]:
    """MIDI pitch of peaks, by parabolic interpolation of the log spectrum."""
    left, centre, right = (np.log(magnitude[row, place + d] + 1e-9) for d in (-1, 0, 1))
    curve = left - 2 * centre + right
    offset = np.where(curve < -1e-6, np.clip(0.5 * (left - right) / np.minimum(curve, -1e-6), -0.5, 0.5), 0.0)
    return hz_to_midi((place + offset) * bin_hz)


def similarity_to_contours(contours: Sequence[Contour], salience: NDArray[np.float32]) -> list[float]:
    """Mean salience of each contour along its best path through the song, over all transpositions, 0 to 1.

    Steps (contour, song): (1,1), (1,2), (2,1): tempo may differ by a factor of two.
    """
    return [float(transposed.max()) for transposed in _by_transposition(contours, salience)]


def _by_transposition(contours: Sequence[Contour], salience: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """The same for each transposition by 0 to 11 semitones, [12] of each contour."""
    # One contour at a time: twelve transpositions fit the processor's cache, those of all contours do not.
    return [_align(contour, salience) for contour in contours]


def _align(contour: Contour, salience: NDArray[np.float32]) -> NDArray[np.float32]:
    silent = np.zeros((1, len(salience)), dtype=np.float32)
    by_class = np.concatenate([salience.T, silent])  # [pitch classes and the rest, frames]
    classes = _transposed(contour[:, None], np.arange(12))
    # A rest may be held for longer or shorter at no cost.
    costs = np.where(contour == REST, np.float32(0.0), WARP_COST)
    two_back = np.full((12, len(salience)), IMPOSSIBLE, dtype=np.float32)
    one_back = by_class[classes[0]]
    for i in range(1, len(contour)):
        now = np.full_like(one_back, IMPOSSIBLE)
        now[:, 1:] = one_back[:, :-1]
        np.maximum(now[:, 2:], one_back[:, :-2] - costs[i], out=now[:, 2:])
        if i >= 2:
            earlier = two_back[:, :-1] + by_class[classes[i - 1]][:, 1:] - costs[i]
            np.maximum(now[:, 1:], earlier, out=now[:, 1:])
        now += by_class[classes[i]]
        two_back, one_back = one_back, now
    kept: NDArray[np.float32] = one_back.max(axis=1) / np.float32(max(1, (contour != REST).sum()))
    return kept.clip(0.0, 1.0)


def input_similarity(contour: Contour, audio: Audio, transposition: int | None = None) -> SimilarityScore:
    """Similarity of the hum's contour to the song, against that of the same notes in other orders.

    Args:
        transposition: semitones from the hum's key to the song's; a tune that is found in another key loses
            ``OTHER_KEY_COST``. None: any key is as good.

    Returns:
        ``value``: the way from the notes in other orders, 0, to a song in which every note is the most salient pitch
        of the melody's band where it belongs, 1. ``z``: standard deviations above the notes in other orders.
    """
    salience = melody_salience(audio)
    own, *shuffled = _by_transposition([contour, *shuffled_contours(contour, SHUFFLES)], salience)
    others = [float(other.max()) for other in shuffled]
    chance, best = float(np.mean(others)), float(own.max())
    kept = _kept(best, chance)
    if transposition is not None:
        there = transposition % 12
        in_key = _kept(float(own[there]), float(np.mean([other[there] for other in shuffled])))
        kept = max(in_key, kept - OTHER_KEY_COST)
    z = (best - chance) / max(float(np.std(others)), MIN_SPREAD)
    return SimilarityScore(value=round(float(np.clip(kept, 0.0, 1.0)), 4), z=round(z, 2))


def _kept(similarity: float, chance: float) -> float:
    """The way from chance to certainty, 0 to 1; negative below chance."""
    return (similarity - chance) / max(1.0 - chance, MIN_SPREAD)
