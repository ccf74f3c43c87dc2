"""The bars of composing, sounding and judging, on tunes with known notes: ``python -m tests.bench.music_making``.

Prints one row per bar, and ends with status 1 when one is missed.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tests.bench.music_real import power_centroid_hz
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.tunes import TUNES, Melody, random_melody

from soundstage.audio.io import Audio, read_audio
from soundstage.audio.loudness import measure_loudness
from soundstage.models.composition import VariantPlan
from soundstage.models.music import Analysis, GenParams
from soundstage.music.composing.composition import compose_params, shared_chords
from soundstage.music.composing.tilt import BANDS_HZ, reference_curve
from soundstage.music.evaluation.ab_eval import ab_eval
from soundstage.music.evaluation.melody_similarity import hum_contour, melody_salience, similarity_to_contours
from soundstage.music.generation import half_bar_symbols
from soundstage.music.pipeline import generate_both
from soundstage.music.sounding.mastering import band_levels_db
from soundstage.music.sounding.sound_font import SoundFont, find_sound_font

DECOYS = 200
# Of real songs (``music_real``): the power centroid above 200 Hz, tenth to last; loudness range, quartiles, and two LU
# more, for an intro and an end are in our minute and not in theirs.
POWER_CENTROID_HZ, RANGE_LU = (550.0, 1670.0), (2.4, 7.4 + 2.0)


@dataclass
class Figures:
    """One list per bar; every entry is one variant or one pair."""

    chord_tone_rate: list[float] = field(default_factory=list)
    clashes: list[float] = field(default_factory=list)
    tonic_ending: list[float] = field(default_factory=list)
    shared_chords: list[float] = field(default_factory=list)
    lufs_error: list[float] = field(default_factory=list)
    true_peak: list[float] = field(default_factory=list)
    centroid: list[float] = field(default_factory=list)
    crest: list[float] = field(default_factory=list)
    off_reference_db: list[float] = field(default_factory=list)
    power_centroid: list[float] = field(default_factory=list)
    loudness_range: list[float] = field(default_factory=list)
    fullest_last: list[bool] = field(default_factory=list)
    similarity: list[float] = field(default_factory=list)
    quality: list[float] = field(default_factory=list)
    band_spectrum_db: list[float] = field(default_factory=list)
    rhythm: list[float] = field(default_factory=list)
    z: list[float] = field(default_factory=list)
    rank: list[float] = field(default_factory=list)
    tune_enters_s: list[float] = field(default_factory=list)
    generate_s: list[float] = field(default_factory=list)
    generate_cpu_s: list[float] = field(default_factory=list)
    made_again: list[bool] = field(default_factory=list)
    styles: Counter[str] = field(default_factory=Counter)
    evaluate_s: list[float] = field(default_factory=list)


def melodies() -> list[Melody]:
    made_up = [random_melody(seed, meter=("4/4", "3/4", "4/4", "6/8")[seed % 4]) for seed in range(20)]
    return [m for pair in zip(TUNES, made_up, strict=False) for m in pair]


def heard(melody: Melody, seed: int) -> Analysis:
    rng = np.random.default_rng([seed, 77])
    tempo = float(rng.uniform(72, 152))
    return analysis_of(melody, tonic=int(rng.integers(50, 70)), quarters_per_minute=tempo, jitter_s=0.02, seed=seed)


def measure(composed: int, rendered: int, sound_font: SoundFont | None) -> Figures:
    """Theory on ``composed`` tunes; sound, similarity and time on the first ``rendered`` of them."""
    figures = Figures()
    decoys = [heard(random_melody(1000 + seed), seed) for seed in range(DECOYS)]
    contours = [hum_contour(a, whole(a)) for a in decoys]
    for seed, melody in enumerate(melodies()[:composed]):
        analysis = heard(melody, seed)
        composition = compose_params(analysis, whole(analysis), GenParams(seed=seed))
        for plan in composition.variants.values():
            figures.chord_tone_rate.append(plan.theory.chord_tone_rate)
            figures.clashes.append(plan.theory.semitone_clashes)
            figures.tonic_ending.append(plan.theory.tonic_ending)
            entry = next(s for s in plan.sections if s.statement)
            figures.tune_enters_s.append(entry.start_bar * plan.bar_beats * 60.0 / plan.tempo_bpm)
        figures.shared_chords.append(shared_chords(composition.variants["A"], composition.variants["B"]))
        if seed >= rendered:
            continue
        with tempfile.TemporaryDirectory() as folder:
            start, used = time.perf_counter(), cpu_s()
            variants = generate_both(composition, Path(folder), None, sound_font)
            figures.generate_s.append(time.perf_counter() - start)
            figures.generate_cpu_s.append(cpu_s() - used)
            audio = {label: read_audio(Path(v.audio)) for label, v in variants.items()}
        for label, variant in variants.items():
            figures.styles[variant.style] += 1
            figures.made_again.append(variant.chords != half_bar_symbols(composition.variants[label]))
        start = time.perf_counter()
        score = ab_eval(analysis, whole(analysis), variants["A"], audio["A"], variants["B"], audio["B"])
        figures.evaluate_s.append(time.perf_counter() - start)
        own = hum_contour(analysis, whole(analysis))
        for label, judged in score.variants.items():
            quality = judged.audio_quality
            figures.lufs_error.append(abs(quality.integrated_lufs + 14.0))
            figures.true_peak.append(quality.true_peak_dbtp)
            figures.centroid.append(quality.centroid_hz)
            figures.crest.append(quality.crest_factor_db)
            figures.quality.append(quality.value)
            figures.similarity.append(judged.input_similarity.value)
            figures.loudness_range.append(quality.loudness_range_lu or 0.0)
            figures.power_centroid.append(power_centroid_hz(audio[label]))
            levels = section_loudness(audio[label], composition.variants[label])
            choruses = [lufs for name, lufs in levels if name == "chorus"]
            if choruses:
                figures.fullest_last.append(choruses[-1] >= max(lufs for _, lufs in levels) - 0.1)
            error = band_levels_db(audio[label].samples) - reference_curve(BANDS_HZ)
            figures.off_reference_db.append(float(np.abs(error - np.median(error)).max()))
            figures.z.append(judged.input_similarity.z)
            found = similarity_to_contours([own, *contours], melody_salience(audio[label]))
            figures.rank.append(1 + sum(other >= found[0] for other in found[1:]))
        figures.band_spectrum_db.append(score.ab_diversity.band_spectrum_db)
        figures.rhythm.append(score.ab_diversity.rhythm_distance)
        print(".", end="", file=sys.stderr, flush=True)  # noqa: T201
    return figures


def section_loudness(audio: Audio, plan: VariantPlan) -> list[tuple[str, float]]:
    """Name and integrated loudness, LUFS, of each section."""
    frames_per_bar = plan.bar_beats * 60.0 / plan.tempo_bpm * audio.rate_hz
    edges = [
        (s.name, round(s.start_bar * frames_per_bar), round((s.start_bar + s.bars) * frames_per_bar))
        for s in plan.sections
    ]
    return [(name, measure_loudness(audio.samples[a:b], audio.rate_hz).integrated_lufs) for name, a, b in edges]


def cpu_s() -> float:
    """Of this process and of the programs that it has run."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def _in(low: float, high: float) -> Callable[[float], bool]:
    return lambda value: low <= value <= high


def bars(figures: Figures) -> list[tuple[str, float, float, str]]:
    """(bar, measured, wanted, how to read it); ``share``: of entries that hold."""

    def share(values: list[float], holds: Callable[[float], bool]) -> float:
        return float(np.mean([holds(v) for v in values])) if values else float("nan")

    return [
        ("chord-tone rate on beats, mean", float(np.mean(figures.chord_tone_rate)), 0.85, "≥"),
        ("unprepared clashes on strong beats", float(np.sum(figures.clashes)), 0.0, "≤"),
        ("tonic ending, share", float(np.mean(figures.tonic_ending)), 1.0, "≥"),
        ("A and B share ≤ 60 % of chords, share", share(figures.shared_chords, lambda v: v <= 0.6), 0.98, "≥"),
        ("−14 ± .5 LUFS, share", share(figures.lufs_error, lambda v: v <= 0.5), 1.0, "≥"),
        ("≤ −1 dBTP, share", share(figures.true_peak, lambda v: v <= -1.0), 1.0, "≥"),
        ("centroid 500–3000 Hz, share", share(figures.centroid, lambda v: 500 <= v <= 3000), 0.95, "≥"),
        ("crest 8–18 dB, share", share(figures.crest, lambda v: 8 <= v <= 18), 0.95, "≥"),
        ("no band off by 6 dB, share", share(figures.off_reference_db, lambda v: v <= 6), 0.95, "≥"),
        (
            "power centroid as nine tenths of real songs",
            share(figures.power_centroid, _in(*POWER_CENTROID_HZ)),
            0.95,
            "≥",
        ),
        ("loudness range as half of real songs, share", share(figures.loudness_range, _in(*RANGE_LU)), 0.75, "≥"),
        (
            "last chorus the loudest section, share",
            float(np.mean(figures.fullest_last)) if figures.fullest_last else float("nan"),
            0.95,
            "≥",
        ),
        ("A–B band spectrum ≥ 3 dB, share", share(figures.band_spectrum_db, lambda v: v >= 3), 0.98, "≥"),
        ("A–B rhythm ≥ .2, share", share(figures.rhythm, lambda v: v >= 0.2), 0.98, "≥"),
        ("z ≥ 5, share", share(figures.z, lambda v: v >= 5), 0.98, "≥"),
        (f"rank 1 of {DECOYS + 1}, share", share(figures.rank, lambda v: v == 1), 0.98, "≥"),
        ("A and B rendered, median s", float(np.median(figures.generate_s or [np.nan])), 10.0, "≤"),
        ("the tune enters after s, at most", float(np.max(figures.tune_enters_s)), 8.0, "≤"),
        ("ab_eval, median s", float(np.median(figures.evaluate_s or [np.nan])), 2.0, "≤"),
        ("peak memory, GB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 1.5, "≤"),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tunes", type=int, default=40, help="how many to compose")
    parser.add_argument("--render", type=int, default=40, help="how many of them to render")
    parser.add_argument("--sound-font", action="store_true", help="with recorded instruments, where there are some")
    args = parser.parse_args(arguments)
    missed = 0
    figures = measure(args.tunes, args.render, find_sound_font() if args.sound_font else None)
    for name, measured, wanted, sign in bars(figures):
        holds = measured >= wanted if sign == "≥" else measured <= wanted
        missed += not holds and not np.isnan(measured)
        print(f"{'ok  ' if holds else 'MISS'} {name:<42}{measured:9.3f}   {sign} {wanted:g}")  # noqa: T201
    if figures.made_again:
        print(f"     A and B rendered, median CPU s          {np.median(figures.generate_cpu_s):10.3f}")  # noqa: T201
        print(f"     rendered again for the tune's sake, share {np.mean(figures.made_again):8.3f}")  # noqa: T201
        for name, values in (("similarity", figures.similarity), ("quality", figures.quality)):
            spread = " ".join(f"{v:.2f}" for v in np.percentile(values, [0, 25, 50, 75, 100]))
            print(f"     {name}: least, quartiles, most       {spread}")  # noqa: T201
        print(f"     styles: {dict(figures.styles.most_common())}")  # noqa: T201
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
