"""Finding a melody in a mix: the hum's contour against the melody band of the output, by dynamic time warping.

Contours are pitch classes at 10 Hz; the output is a matrix of 12 pitch classes over time. All transpositions and all
contours are aligned at once; every step of the warping moves on in the hum, so that each row is one numpy operation.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from soundstage.audio.io import Audio
from soundstage.models.music import (
    Analysis,
    Note,
    Segment,
    SimilarityScore,
)

SHUFFLES = 20

FRAME_HZ = 10
MELODY_HZ = (230.0, 2600.0)
LONGEST_CONTOUR_S = 30.0
JOINED_GAP_S = 0.35
# Of every frame that a path bends: without it any tune can be pulled over any other (measured: z rises by a third).
WARP_COST = np.float32(0.3)
Contour = NDArray[np.int64]


def hum_contour(analysis: Analysis, segment: Segment, stretch: float = 1.0) -> Contour:
    """Pitch class per tenth of a second; rests longer than a breath are left out. At least one frame.

    ``stretch``: how much longer the song takes over the melody than the hum did, where the tempo was changed.
    """
    notes = [n for n in analysis.notes if segment.start_s - 0.05 <= n.onset_s < segment.end_s]
    return contour_of([(n.midi, stretch * held) for n, held in zip(notes, _held(notes), strict=True)])


def _held(notes: Sequence[Note]) -> list[float]:
    """How long each note counts: up to the next one when the gap is articulation."""
    lengths = []
    for i, note in enumerate(notes):
        gap = notes[i + 1].onset_s - note.offset_s if i + 1 < len(notes) else 0.0
        lengths.append(note.offset_s - note.onset_s + (gap if 0 < gap < JOINED_GAP_S else 0.0))
    return lengths


def contour_of(notes: Sequence[tuple[int, float]]) -> Contour:
    """(MIDI pitch, seconds) → pitch class per frame; rounding errors do not add up."""
    frames: list[int] = []
    end = 0.0
    for midi, seconds in notes:
        end += seconds
        frames += [midi % 12] * max(0, round(min(end, LONGEST_CONTOUR_S) * FRAME_HZ) - len(frames))
    return np.array(frames or [notes[0][0] % 12 if notes else 0])


def shuffled_contours(contour: Contour, count: int) -> list[Contour]:
    """The same notes, with the same lengths, in other orders. Runs of one pitch class stay together."""
    rng = np.random.default_rng(0)
    edges = np.flatnonzero(np.diff(contour)) + 1
    runs = np.split(contour, edges)
    if len(runs) < 3:
        # One or two notes have no order to lose: compare with other intervals instead.
        return [(contour + rng.integers(0, 12, len(runs)).repeat([len(r) for r in runs])) % 12 for _ in range(count)]
    return [np.concatenate([runs[i] for i in rng.permutation(len(runs))]) for _ in range(count)]


def melody_salience(audio: Audio) -> NDArray[np.float32]:
    """How strongly each pitch class sounds in the melody band, [frames at 10 Hz, 12], each frame scaled to its maximum.

    A median over time in every bin takes drums out: a stroke is short, a note is not. Spectral whitening keeps a loud
    accompaniment from covering the melody, and partials vote for their fundamental.
    """
    mono = audio.mono()
    size = 4096 if audio.rate_hz > 30_000 else 2048
    hop = audio.rate_hz / (2 * FRAME_HZ)
    count = max(1, int((len(mono) - size) / hop))
    starts = (np.arange(count) * hop).astype(int)
    if len(mono) < size:
        mono = np.pad(mono, (0, size - len(mono)))
    window = np.hanning(size).astype(np.float32)
    top = int(2 * MELODY_HZ[1] * size / audio.rate_hz)
    magnitude = np.empty((count, top), dtype=np.float32)
    for begin in range(0, count, 256):
        block = mono[starts[begin : begin + 256, None] + np.arange(size)] * window
        magnitude[begin : begin + 256] = np.abs(np.fft.rfft(block, axis=1))[:, :top]
    magnitude = _median_of_three(magnitude)
    # Only peaks along frequency speak; what lies beside them is their window's skirt.
    inner = magnitude[:, 1:-1]
    row, place = np.nonzero((inner >= magnitude[:, :-2]) & (inner >= magnitude[:, 2:]) & (inner > 0))
    semitone = _semitones(magnitude, row, place + 1, audio.rate_hz / size)
    strength = np.sqrt(inner[row, place])
    pitches = np.zeros(count * 60)
    for partial, weight in ((1, 1.0), (2, 0.5), (3, 0.25)):
        pitch = np.round(semitone - 12 * np.log2(partial)).astype(int) - 57
        inside = (pitch >= 0) & (pitch < 45)
        pitches += np.bincount(60 * row[inside] + pitch[inside], weight * strength[inside], count * 60)
    chroma = pitches.reshape(count, 5, 12).max(axis=1)
    chroma = np.roll(chroma, 57 % 12, axis=1)
    whole = chroma[: count // 2 * 2].reshape(-1, 2, 12).mean(axis=1) if count > 1 else chroma
    scale = whole.max(axis=1, keepdims=True)
    return np.asarray(np.where(scale > 0, whole / np.maximum(scale, 1e-9), 0.0), dtype=np.float32)


def _median_of_three(magnitude: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of each frame and its neighbours, bin by bin; the first and the last frame stay."""
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
    return np.asarray(69.0 + 12.0 * np.log2(np.maximum((place + offset) * bin_hz, 20.0) / 440.0))


def similarity_to_contours(contours: Sequence[Contour], salience: NDArray[np.float32]) -> list[float]:
    """For each contour the mean salience along its best path through the output, over all transpositions: 0 to 1.

    Steps (contour, output): (1,1), (1,2), (2,1): tempo may differ by a factor of two.
    """
    # One contour at a time: twelve transpositions fit the processor's cache, all of them together do not.
    return [_align(contour, salience) for contour in contours]


def _align(contour: Contour, salience: NDArray[np.float32]) -> float:
    by_class = salience.T.copy()  # row k: how strongly pitch class k sounds over time
    classes = (contour[:, None] + np.arange(12)) % 12
    floor = np.float32(-1e3)
    two_back = np.full((12, len(salience)), floor, dtype=np.float32)
    one_back = by_class[classes[0]]
    for i in range(1, len(contour)):
        now = np.full_like(one_back, floor)
        now[:, 1:] = one_back[:, :-1]
        np.maximum(now[:, 2:], one_back[:, :-2] - WARP_COST, out=now[:, 2:])
        if i >= 2:
            earlier = two_back[:, :-1] + by_class[classes[i - 1]][:, 1:] - WARP_COST
            np.maximum(now[:, 1:], earlier, out=now[:, 1:])
        now += by_class[classes[i]]
        two_back, one_back = one_back, now
    return float(np.clip(one_back.max() / len(contour), 0.0, 1.0))


def input_similarity(contour: Contour, audio: Audio) -> SimilarityScore:
    """How much better the hum's own contour is found in the output than the same notes in another order.

    ``value`` maps z, the distance from the shuffled versions in their standard deviations: 0 is chance, 10 is sure.
    """
    salience = melody_salience(audio)
    own, *others = similarity_to_contours([contour, *shuffled_contours(contour, SHUFFLES)], salience)
    spread = max(float(np.std(others)), 0.01)
    z = (own - float(np.mean(others))) / spread
    return SimilarityScore(value=round(float(np.clip(0.5 * own + 0.5 * z / 10.0, 0.0, 1.0)), 4), z=round(z, 2))
