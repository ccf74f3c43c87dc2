"""The seven steps on one machine, without a cloud: what the command line runs. (persist is the cloud's.)"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from soundstage.audio.io import Audio, read_audio
from soundstage.audio.probe import probe_audio
from soundstage.models.composition import Composition
from soundstage.models.errors import MediaRejected
from soundstage.models.music import (
    TRACK_STEPS,
    Analysis,
    GenParams,
    RenderedVariant,
    Score,
    Segment,
    TuneCorrection,
)
from soundstage.music.composing.composition import compose_params
from soundstage.music.evaluation.ab_eval import ab_eval
from soundstage.music.generation import Progress, music_generate, unwatched
from soundstage.music.listening.analysis import audio_analyze
from soundstage.music.listening.check import audio_check
from soundstage.music.listening.correction import corrected
from soundstage.music.listening.segment import segment_pick
from soundstage.music.sounding.sound_font import SoundFont

# Share of the time that each step usually takes.
STEP_SHARES = dict(zip(TRACK_STEPS, (0.02, 0.11, 0.0, 0.02, 0.76, 0.09, 0.0), strict=True))
LABELS: tuple[Literal["A", "B"], ...] = ("A", "B")


class TrackResult(BaseModel):
    """Everything that the steps made."""

    analysis: Analysis
    segment: Segment
    composition: Composition
    variants: dict[Literal["A", "B"], RenderedVariant]
    score: Score
    timings_s: dict[str, float]


def make_track(
    path: Path,
    params: GenParams,
    out_dir: Path,
    progress: Callable[[str, float], None] | None = None,
    sound_font: SoundFont | None = None,
    *,
    correction: TuneCorrection | None = None,
) -> TrackResult:
    """From a recording to two songs in ``out_dir``.

    Args:
        correction: what counts instead of what is heard.
        progress: called with the step and the share done, 0 to 1, as each step begins.
        sound_font: recorded instruments.

    Raises:
        MediaRejected: the recording cannot become a song.
        InvalidInput: a style that does not exist.
    """
    timings: dict[str, float] = {}
    clock = _StepClock(timings, progress)
    with clock.step("audio_check"):
        probe = probe_audio(path)
        hum = read_audio(path)
        check = audio_check(hum)
        if check.outcome == "rejected":
            raise MediaRejected(check.code or "NO_MELODY", check.message)
    with clock.step("audio_analyze"):
        analysis = corrected(audio_analyze(hum), correction)
        if analysis.outcome == "rejected":
            raise MediaRejected(analysis.code or "NO_MELODY", analysis.message)
        analysis = analysis.model_copy(update={"warnings": [*check.warnings, *analysis.warnings]})
    with clock.step("segment_pick"):
        segment = segment_pick(analysis, params.segment or (correction.segment if correction else None))
    params = params.seeded_by(probe.sha256)
    with clock.step("compose_params"):
        composition = compose_params(analysis, segment, params)
    with clock.step("music_generate"):
        variants = generate_both(composition, out_dir, hum, sound_font, clock.within)
    with clock.step("ab_eval"):
        score = _evaluate(analysis, segment, variants)
    return TrackResult(
        analysis=analysis,
        segment=segment,
        composition=composition,
        variants=variants,
        score=score,
        timings_s=timings,
    )


def generate_both(
    composition: Composition,
    out_dir: Path,
    hum: Audio | None = None,
    sound_font: SoundFont | None = None,
    progress: Progress = unwatched,
) -> dict[Literal["A", "B"], RenderedVariant]:
    """A and B at once, on two threads: nearly all of the work is numpy, which releases the interpreter's lock."""
    done = dict.fromkeys(LABELS, 0.0)

    def make(label: Literal["A", "B"]) -> RenderedVariant:
        def report(share: float) -> None:
            done[label] = share
            progress(sum(done.values()) / len(done))

        return music_generate(composition, label, out_dir, hum, sound_font, progress=report)

    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="variant") as pool:
        rendered = pool.map(make, LABELS)
        return dict(zip(LABELS, rendered, strict=True))


def _evaluate(analysis: Analysis, segment: Segment, variants: dict[Literal["A", "B"], RenderedVariant]) -> Score:
    a, b = variants["A"], variants["B"]
    return ab_eval(analysis, segment, a, read_audio(Path(a.audio)), b, read_audio(Path(b.audio)))


class _StepClock:
    """Times the steps, and reports progress by what they usually take."""

    def __init__(self, timings: dict[str, float], progress: Callable[[str, float], None] | None) -> None:
        self._timings = timings
        self._progress = progress
        self._done = 0.0
        self._name = ""
        self._start = 0.0

    def step(self, name: str) -> "_StepClock":
        self._name = name
        return self

    def __enter__(self) -> None:
        self._start = time.perf_counter()
        if self._progress is not None:
            self._progress(self._name, self._done)

    def within(self, share: float) -> None:
        """``share`` of the step under way is done, 0 to 1."""
        if self._progress is not None:
            self._progress(self._name, self._done + share * STEP_SHARES[self._name])

    def __exit__(self, *_: object) -> None:
        self._timings[self._name] = round(self._timings.get(self._name, 0.0) + time.perf_counter() - self._start, 3)
        self._done = min(0.99, self._done + STEP_SHARES[self._name])
