"""Judging: the own tune is found, faults fail their gates, and the reason says what the numbers say."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.music import rendered_variant
from tests.fixtures.tunes import TUNES, random_melody

from soundstage.audio.io import Audio, read_audio
from soundstage.models.music import GenParams, QualityScore, SimilarityScore, VariantScores
from soundstage.music.composing.composition import compose_params
from soundstage.music.composing.melody import melody_from_hum
from soundstage.music.evaluation.ab_eval import ab_eval, chord_distance, recommend
from soundstage.music.evaluation.melody_similarity import (
    contour_of,
    hum_contour,
    input_similarity,
    melody_salience,
    shuffled_contours,
    similarity_to_contours,
)
from soundstage.music.evaluation.quality import audio_quality
from soundstage.music.generation import music_generate

RATE_HZ = 44_100


def sung(notes: list[tuple[int, float]]) -> Audio:
    """Plain harmonic tones."""
    parts = []
    for midi, seconds in notes:
        time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
        f0 = 440 * 2 ** ((midi - 69) / 12)
        tone = sum(np.sin(2 * np.pi * k * f0 * time) / k for k in (1, 2, 3))
        parts.append(tone * np.minimum(1, 40 * np.minimum(time, seconds - time)))
    mono = 0.2 * np.concatenate(parts)
    return Audio(np.stack([mono, mono], axis=1).astype(np.float32), RATE_HZ)


TUNE = [(60, 0.4), (64, 0.4), (67, 0.8), (65, 0.4), (62, 0.4), (59, 0.8), (60, 0.8), (67, 0.4), (64, 0.6), (60, 1.0)]


@pytest.mark.parametrize("shift", [0, 5, 14])
@pytest.mark.parametrize("stretch", [1.0, 0.8, 1.5])
def test_the_own_tune_is_found_in_any_key_and_tempo(shift: int, stretch: float) -> None:
    audio = sung([(m + shift, s * stretch) for m, s in TUNE])
    score = input_similarity(contour_of([(m, s * stretch) for m, s in TUNE]), audio)
    assert score.z >= 5
    assert score.value > 0.7
    # Without being told the tempo, it is still far from chance.
    assert input_similarity(contour_of(TUNE), audio).z > 3.5


def test_another_tune_scores_like_chance() -> None:
    other = [(m, s) for m, s in zip([72, 71, 69, 66, 66, 69, 70, 61, 68, 73], [0.3, 0.7] * 5, strict=True)]
    score = input_similarity(contour_of(other), sung(TUNE))
    assert score.z < 4


def test_shuffled_contours_keep_their_notes() -> None:
    contour = contour_of(TUNE)
    for shuffled in shuffled_contours(contour, 5):
        assert sorted(shuffled) == sorted(contour)


def quality_of(samples: NDArray[np.float32], expected_s: float | None = None) -> QualityScore:
    return audio_quality(Audio(samples, RATE_HZ), expected_s or len(samples) / RATE_HZ)


def test_each_fault_fails_its_gate() -> None:
    rng = np.random.default_rng(0)
    noise = (0.13 * rng.standard_normal((8 * RATE_HZ, 2))).astype(np.float32)
    assert "loudness" in quality_of(0.05 * noise).gates_failed
    assert "clipped" in quality_of(np.clip(30 * noise, -1, 1)).gates_failed
    assert "true_peak" in quality_of(np.clip(30 * noise, -1, 1)).gates_failed
    assert "dc_offset" in quality_of(noise + np.float32(0.01)).gates_failed
    assert "duration" in quality_of(noise, expected_s=20.0).gates_failed
    half = noise.copy()
    half[: len(half) // 2] = 0.0
    assert "silent" in quality_of(half).gates_failed
    broken = noise.copy()
    broken[100, 0] = np.nan
    assert "not_finite" in quality_of(broken).gates_failed


def scores(similarity: float, quality: float, failed: list[str] | None = None) -> VariantScores:
    return VariantScores(
        input_similarity=SimilarityScore(value=similarity, z=5.0),
        audio_quality=QualityScore(
            value=quality,
            integrated_lufs=-14.0,
            true_peak_dbtp=-1.1,
            crest_factor_db=14.0,
            centroid_hz=1500.0,
            gates_failed=failed or [],
        ),
    )


@pytest.mark.parametrize(
    ("a", "b", "label", "words"),
    [
        (scores(0.9, 0.9), scores(0.6, 1.0), "A", "tune"),
        (scores(0.8, 0.5), scores(0.75, 1.0), "B", "balanced"),
        (scores(1.0, 0.6, ["loudness"]), scores(0.9, 1.0), "B", "loudness"),
        (scores(0.9, 0.9), scores(0.9, 0.9), "A", "equally"),
    ],
)
def test_the_recommendation_weighs_the_tune_before_the_sound(
    a: VariantScores, b: VariantScores, label: str, words: str
) -> None:
    recommended, reason = recommend({"A": a, "B": b})
    assert recommended == label
    assert words in reason
    assert reason.count(".") == 1


def test_chords_are_compared_by_root_and_third_at_the_best_shift() -> None:
    a = ["C", "C", "F", "G", "Am7", "F", "Dm", "G7"]
    assert chord_distance(a, ["Cmaj9", "C/E", "F6", "G7", "Am", "Fadd9", "Dm9", "G"]) == 0.0
    assert chord_distance(a, ["Em", "Em", "A", "B", "C#m", "A", "F#m", "B"]) == 1.0


@pytest.mark.parametrize("quarters_per_minute", [48.0, 112.0, 200.0])
def test_a_hum_is_compared_at_the_pace_its_song_has(
    quarters_per_minute: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Players count a slow tune in double time, and a fast one in half: it lasts as long as it did."""
    analysis = analysis_of(TUNES[1], quarters_per_minute=quarters_per_minute)
    played_bpm = melody_from_hum(analysis, whole(analysis)).tempo_bpm
    variants = [rendered_variant(label).model_copy(update={"tempo_bpm": played_bpm}) for label in ("A", "B")]
    compared: list[NDArray[np.int64]] = []

    def similarity(contour: NDArray[np.int64], *_: object) -> SimilarityScore:
        compared.append(contour)
        return SimilarityScore(value=1.0, z=9.0)

    monkeypatch.setattr("soundstage.music.evaluation.ab_eval.input_similarity", similarity)
    monkeypatch.setattr("soundstage.music.evaluation.ab_eval.STATED_SHARE", 100.0)
    audio = sung(TUNE)
    ab_eval(analysis, whole(analysis), variants[0], audio, variants[1], audio)
    assert len(compared[0]) == len(hum_contour(analysis, whole(analysis)))


@pytest.mark.slow
def test_a_song_keeps_its_own_tune_better_than_others(tmp_path: Path) -> None:
    analysis = analysis_of(TUNES[1], quarters_per_minute=112.0)
    composition = compose_params(analysis, whole(analysis), GenParams(duration_s=30, seed=2))
    variants = {label: music_generate(composition, label, tmp_path) for label in ("A", "B")}
    audio = {label: read_audio(Path(v.audio)) for label, v in variants.items()}
    score = ab_eval(analysis, whole(analysis), variants["A"], audio["A"], variants["B"], audio["B"])
    for label in ("A", "B"):
        assert score.variants[label].audio_quality.gates_failed == []
        decoys = []
        for seed in range(12):
            other = analysis_of(random_melody(seed), quarters_per_minute=112.0)
            decoys.append(hum_contour(other, whole(other)))
        own, *others = similarity_to_contours(
            [hum_contour(analysis, whole(analysis)), *decoys], melody_salience(audio[label])
        )
        assert own > max(others)


@pytest.mark.slow
def test_a_short_song_is_judged_by_what_it_can_hold(tmp_path: Path) -> None:
    """Half a minute of tune, twenty seconds of song: what it states is found, though it does not state it all."""
    analysis = analysis_of(next(t for t in TUNES if t.name == "greensleeves"), quarters_per_minute=80.0)
    composition = compose_params(analysis, whole(analysis), GenParams(duration_s=20, seed=4, style_a="musette"))
    assert composition.warnings
    variant = music_generate(composition, "A", tmp_path)
    audio = read_audio(Path(variant.audio))
    twin = variant.model_copy(update={"label": "B"})
    score = ab_eval(analysis, whole(analysis), variant, audio, twin, audio)
    assert score.variants["A"].input_similarity.z >= 5.0
