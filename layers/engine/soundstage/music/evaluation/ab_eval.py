"""ab_eval: similarity to the melody, audio quality, diversity of A and B, and which one to recommend.

numpy and scipy only: this runs in a Lambda.
"""

import itertools
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from soundstage.audio.io import Audio
from soundstage.audio.spectrum import rfft_single
from soundstage.models.music import (
    Analysis,
    DiversityScore,
    RenderedVariant,
    Score,
    Segment,
    VariantScores,
)
from soundstage.music.composing.melody import PITCH_CLASSES, has_the_same_notes, sung_tempo
from soundstage.music.evaluation.melody_similarity import (
    FRAME_HZ,
    hum_contour,
    input_similarity,
)
from soundstage.music.evaluation.quality import audio_quality
from soundstage.music.sounding.mastering import band_levels_db

STATED_SHARE = 0.6  # of a song, between its intro and its outro: so much of the melody it can state
# Differences that give half of the points; pairs of alike and of contrasting songs lay on either side of them.
BANDS_APART_DB, RHYTHM_APART, CHORDS_APART = 3.0, 0.2, 0.4
# What people choose by: first that their tune is kept, then how it sounds.
SIMILARITY_WEIGHT, QUALITY_WEIGHT = 0.65, 0.35
EQUALLY_GOOD = 0.02  # difference of totals that the reason calls equal
TIE = 1e-9
# Rhythm: onset strength at 100 Hz from spectra of 512 samples at about 22 kHz, in the bands of bass drum, snare and
# chords, and cymbals, Hz; its autocorrelation at lags of 0.1 to 2 s; compression of magnitudes before differences.
ONSET_HZ, RHYTHM_RATE_HZ, RHYTHM_FRAMES, COMPRESSION = 100, 22_050, 512, 100.0
RHYTHM_BANDS_HZ, LAGS_S = (30.0, 180.0, 2000.0, 10_000.0), (0.1, 2.0)
# Chords are compared at shifts of up to four bars, with at least two bars in common; in half bars.
MAX_SHIFT, SHIFT_STEP, MIN_PAIRS = 8, 2, 4


def ab_eval(  # noqa: PLR0917  (a fixed name and order that every caller knows)
    analysis: Analysis,
    segment: Segment,
    variant_a: RenderedVariant,
    audio_a: Audio,
    variant_b: RenderedVariant,
    audio_b: Audio,
) -> Score:
    """Scores of both variants, and a recommendation: the tune before the sound; diversity never decides."""
    scores: dict[Literal["A", "B"], VariantScores] = {}
    for variant, audio in ((variant_a, audio_a), (variant_b, audio_b)):
        stretch = sung_tempo(analysis) / variant.tempo_bpm if analysis.tempo_bpm else 1.0
        # A short song states the beginning of a long melody only.
        stated = max(1, round(FRAME_HZ * STATED_SHARE * variant.duration_s))
        contour = hum_contour(analysis, segment, stretch)[:stated]
        scores[variant.label] = VariantScores(
            input_similarity=input_similarity(contour, audio, _transposition(analysis, variant)),
            audio_quality=audio_quality(audio, variant.duration_s),
        )
    recommended, reason = recommend(scores)
    return Score(
        variants=scores,
        ab_diversity=ab_diversity(variant_a, audio_a, variant_b, audio_b),
        recommended=recommended,
        reason=reason,
    )


def _transposition(analysis: Analysis, variant: RenderedVariant) -> int | None:
    """Semitones from where the tune was hummed to where the song has it; None where the hum has no key."""
    if analysis.key is None:
        return None
    if has_the_same_notes(analysis.key, variant.key):
        return 0
    return (PITCH_CLASSES.index(variant.key.tonic) - PITCH_CLASSES.index(analysis.key.tonic)) % 12


def ab_diversity(
    variant_a: RenderedVariant, audio_a: Audio, variant_b: RenderedVariant, audio_b: Audio
) -> DiversityScore:
    """Differences of A and B: third-octave spectrum (RMS, dB), rhythm and chords; ``value`` from 0 to 1."""
    difference = band_levels_db(audio_a.samples, audio_a.rate_hz) - band_levels_db(audio_b.samples, audio_b.rate_hz)
    bands = float(np.sqrt(np.mean(difference**2)))
    rhythm = rhythm_distance(onset_autocorrelation(audio_a), onset_autocorrelation(audio_b))
    chords = chord_distance(variant_a.chords, variant_b.chords)
    parts = [_half_at(bands, BANDS_APART_DB), _half_at(rhythm, RHYTHM_APART), _half_at(chords, CHORDS_APART)]
    return DiversityScore(
        value=round(float(np.mean(parts)), 4),
        band_spectrum_db=round(bands, 2),
        rhythm_distance=round(rhythm, 4),
        chord_distance=round(chords, 4),
    )


def recommend(scores: dict[Literal["A", "B"], VariantScores]) -> tuple[Literal["A", "B"], str]:
    """The variant with more of similarity and quality together, and the reason in one sentence. A wins a tie."""
    total = {
        label: SIMILARITY_WEIGHT * s.input_similarity.value + QUALITY_WEIGHT * s.audio_quality.value
        for label, s in scores.items()
    }
    better: Literal["A", "B"] = "B" if total["B"] > total["A"] + TIE else "A"
    other: Literal["A", "B"] = "A" if better == "B" else "B"
    failed = scores[other].audio_quality.gates_failed
    melody = scores[better].input_similarity.value - scores[other].input_similarity.value
    sound = scores[better].audio_quality.value - scores[other].audio_quality.value
    if failed and sound > 0:
        reason = f"{better} passes the technical checks that {other} does not ({', '.join(failed)})."
    elif abs(total["A"] - total["B"]) < EQUALLY_GOOD:
        reason = f"Both keep the tune and sound equally well; {better} is slightly ahead."
    elif melody >= sound:
        reason = f"{better} keeps your tune more clearly than {other}."
    else:
        reason = f"{better} has the better balanced sound, and keeps your tune as well."
    return better, reason


def chord_distance(a: list[str], b: list[str]) -> float:
    """Share of half bars whose chords differ in root or third, least of all shifts; 0 to 1."""
    x, y = [_harmonic_core(c) for c in a], [_harmonic_core(c) for c in b]
    best = 1.0
    for shift in range(-MAX_SHIFT, MAX_SHIFT + 1, SHIFT_STEP):
        pairs = list(zip(x[max(0, shift) :], y[max(0, -shift) :], strict=False))
        if len(pairs) >= MIN_PAIRS:
            best = min(best, sum(p != q for p, q in pairs) / len(pairs))
    return best


def _harmonic_core(symbol: str) -> str:
    """Root and third of a chord symbol: Cmaj9/E → C, Am7 → Am."""
    root = symbol[:2] if symbol[1:2] == "#" else symbol[:1]
    rest = symbol[len(root) :].split("/", maxsplit=1)[0]
    minor = (rest.startswith("m") and not rest.startswith("maj")) or rest.startswith("dim")
    return root + ("m" if minor else "")


def rhythm_distance(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Distance of two autocorrelations of onsets, [bands, lags] each: 0 for equal, about 1 for unrelated rhythms.

    One minus the correlation coefficient, mean over the bands: another bass drum under the same cymbals counts.
    """
    return float(np.mean([1.0 - _correlation_of(x, y) for x, y in zip(a, b, strict=True)]))


def onset_autocorrelation(audio: Audio) -> NDArray[np.float64]:
    """Autocorrelation of onset strength at lags of 0.1 to 2 s in three bands, [3, 190]; zeros for less than a frame."""
    mono = audio.mono()
    step = max(1, audio.rate_hz // RHYTHM_RATE_HZ)
    mono = np.einsum("bs->b", mono[: len(mono) // step * step].reshape(-1, step)) / step
    rate_hz = audio.rate_hz / step
    size = RHYTHM_FRAMES
    count = max(2, int((len(mono) - size) * ONSET_HZ / rate_hz))
    starts = (np.arange(count) * rate_hz / ONSET_HZ).astype(int)
    if len(mono) < size:
        return np.zeros((3, 1))
    spectra = np.abs(rfft_single(mono[starts[:, None] + np.arange(size)] * np.hanning(size).astype(np.float32)))
    level = np.log1p(COMPRESSION * spectra)
    first, past = (round(lag_s * ONSET_HZ) for lag_s in LAGS_S)
    edges = np.round(np.array(RHYTHM_BANDS_HZ) * size / rate_hz).astype(int)
    bands = []
    for low, high in itertools.pairwise(edges):
        onsets = np.maximum(np.diff(level[:, low:high], axis=0), 0).sum(axis=1)
        onsets -= onsets.mean()
        power = np.fft.irfft(np.abs(np.fft.rfft(onsets, 2 * count)) ** 2)
        bands.append(power[first:past])
    return np.array(bands)


def _correlation_of(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    size = min(len(x), len(y))
    if size < 2 or x[:size].std() == 0 or y[:size].std() == 0:
        return 1.0
    return float(np.corrcoef(x[:size], y[:size])[0, 1])


def _half_at(value: float, threshold: float) -> float:
    """0 → 0, threshold → .5, three times the threshold → nearly 1."""
    return float(1.0 - 0.5 ** (max(value, 0.0) / threshold))
