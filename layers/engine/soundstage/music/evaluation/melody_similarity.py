"""Melody similarity: the hum's contour against the melody band of a song, by subsequence dynamic time warping.

Contours are pitch classes at 10 Hz; the song is a chromagram of its melody band. All transpositions are aligned at
once; every step of the warping moves on in the contour, so that each row is one numpy operation.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from soundstage.audio.io import Audio
from soundstage.audio.pitch import hz_to_midi
from soundstage.models.music import Analysis, Note, Segment, SimilarityScore
from soundstage.music.composing.melody import notes_in

SHUFFLES = 20  # of the contour's notes: the chance level and its standard deviation
MIN_SPREAD = 0.01  # of that deviation
SURE_Z = 10.0  # standard deviations above chance that count as certain
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
Contour = NDArray[np.int64]


def hum_contour(analysis: Analysis, segment: Segment, stretch: float = 1.0) -> Contour:
    """Pitch class per tenth of a second, rests left out, [frames ≥ 1].

    ``stretch``: duration of the melody in the song over that in the hum, where the tempo was changed.
    """
    notes = [note for _, note in notes_in(analysis, segment)]
    return contour_of(
        [(n.midi, stretch * duration_s) for n, duration_s in zip(notes, _durations_s(notes), strict=True)]
    )


def _durations_s(notes: Sequence[Note]) -> list[float]:
    """Duration of each note, up to the next one where the gap is articulation."""
    durations_s = []
    for i, note in enumerate(notes):
        gap = notes[i + 1].onset_s - note.offset_s if i + 1 < len(notes) else 0.0
        durations_s.append(note.offset_s - note.onset_s + (gap if 0 < gap < JOINED_GAP_S else 0.0))
    return durations_s


def contour_of(notes: Sequence[tuple[int, float]]) -> Contour:
    """Contour of notes as (MIDI pitch, seconds), [frames ≥ 1]; rounding errors do not add up."""
    frames: list[int] = []
    end = 0.0
    for midi, seconds in notes:
        end += seconds
        frames += [midi % 12] * max(0, round(min(end, LONGEST_CONTOUR_S) * FRAME_HZ) - len(frames))
    return np.array(frames or [notes[0][0] % 12 if notes else 0])


def shuffled_contours(contour: Contour, count: int) -> list[Contour]:
    """The same notes with the same durations in other orders. Runs of one pitch class stay together."""
    rng = np.random.default_rng(0)
    edges = np.flatnonzero(np.diff(contour)) + 1
    runs = np.split(contour, edges)
    if len(runs) < 3:
        # One or two notes have no other order: other intervals instead.
        return [(contour + rng.integers(0, 12, len(runs)).repeat([len(r) for r in runs])) % 12 for _ in range(count)]
    return [np.concatenate([runs[i] for i in rng.permutation(len(runs))]) for _ in range(count)]


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
        magnitude[begin : begin + BLOCK_FRAMES] = np.abs(np.fft.rfft(block, axis=1))[:, :top]
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
    # One contour at a time: twelve transpositions fit the processor's cache, those of all contours do not.
    return [_align(contour, salience) for contour in contours]


def _align(contour: Contour, salience: NDArray[np.float32]) -> float:
    by_class = salience.T.copy()  # [pitch classes, frames]
    classes = (contour[:, None] + np.arange(12)) % 12
    two_back = np.full((12, len(salience)), IMPOSSIBLE, dtype=np.float32)
    one_back = by_class[classes[0]]
    for i in range(1, len(contour)):
        now = np.full_like(one_back, IMPOSSIBLE)
        now[:, 1:] = one_back[:, :-1]
        np.maximum(now[:, 2:], one_back[:, :-2] - WARP_COST, out=now[:, 2:])
        if i >= 2:
            earlier = two_back[:, :-1] + by_class[classes[i - 1]][:, 1:] - WARP_COST
            np.maximum(now[:, 1:], earlier, out=now[:, 1:])
        now += by_class[classes[i]]
        two_back, one_back = one_back, now
    return float(np.clip(one_back.max() / len(contour), 0.0, 1.0))


def input_similarity(contour: Contour, audio: Audio) -> SimilarityScore:
    """Similarity of the hum's contour to the song, against that of the same notes in other orders.

    ``z``: standard deviations above the shuffled contours; ``value``: half the similarity, half z over 10, 0 to 1.
    """
    salience = melody_salience(audio)
    own, *others = similarity_to_contours([contour, *shuffled_contours(contour, SHUFFLES)], salience)
    spread = max(float(np.std(others)), MIN_SPREAD)
    z = (own - float(np.mean(others))) / spread
    return SimilarityScore(value=round(float(np.clip(0.5 * own + 0.5 * z / SURE_Z, 0.0, 1.0)), 4), z=round(z, 2))
