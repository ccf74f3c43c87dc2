"""A match from beginning to end on local recordings, and the parts of it that a workflow runs as steps."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from soundstage.audio.streams import Reader, Writer
from soundstage.match.analysis.bands import compared_up_to_hz
from soundstage.match.analysis.feature_arrays import FeatureArrays, as_arrays
from soundstage.match.analysis.features import analyze_features
from soundstage.match.analysis.level_distance import finite, level_distance_db, lufs_as_heard
from soundstage.match.analysis.third_octaves import tone_error_db
from soundstage.match.estimation.chain_identification import Chained, identify_chain
from soundstage.match.estimation.inversion import invert_params
from soundstage.match.estimation.tonal_balance import compare_tone
from soundstage.match.estimation.transposition import transposition
from soundstage.match.estimation.trial_adjustment import adjust_by_trial
from soundstage.match.estimation.trial_render import trial_by_frames
from soundstage.match.presets.operations import apply_preset, weigh_references
from soundstage.match.rendering.loudness_targeting import SHORT_LU
from soundstage.match.rendering.render import Rendered, metrics_of, render_measured
from soundstage.models.errors import InvalidInput, MediaRejected
from soundstage.models.style import Amounts, Features, Metrics, Mode, PitchFeatures, StageNote, Strength, StyleParams

Report = Callable[[str, float], None]
"""Takes the step that runs (analyzing, inverting, rendering) and the share of the whole that is done, 0 to 1."""

SAME_MUSIC, SAME_MUSIC_BETWEEN_RATES = 0.93, 0.75
"""Likeness of spectra (``estimation.tonal_balance``) from which on two recordings may hold the same performance: chosen
on processed and on unrelated pairs. Between sample rates the lines of the spectra lie elsewhere."""


OVER_DBTP = 0.05
"""What is told as beyond full scale; less reads as 0.0."""

LONGER_S = 0.05
"""From which tail at the end on the report says so."""


CLIPPED_RATE = 2e-5
"""Share of clipped samples, two a second, from which on the report says so."""


@dataclass(frozen=True)
class Analyzed:
    """A recording and its features. ``weight`` counts relative to those of other references."""

    features: Features
    reader: Reader
    weight: float = 1.0


@dataclass(frozen=True)
class Match:
    """What a match has made and measured.

    Attributes:
        params: the style as it was applied.
        metrics_before, metrics_after: of the target and of the result; without a reference, no distances.
        timings_s: wall time of each step.
        reference: the features of the references in one; None when a preset was applied.
        target, result: the features before and after.
        f0: the target's fundamental, where it was tracked.
        rendered: what the render measured.
        album_lufs: loudness of all of the album that the result belongs to; None for a recording by itself.
    """

    params: StyleParams
    metrics_before: Metrics
    metrics_after: Metrics
    timings_s: dict[str, float]
    reference: FeatureArrays | None
    target: FeatureArrays
    result: FeatureArrays
    f0: PitchFeatures | None
    rendered: Rendered
    album_lufs: float | None = None


@dataclass
class Clock:
    """Wall time of steps, one after the other."""

    timings_s: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.perf_counter)

    def lap(self, step: str) -> None:
        now = time.perf_counter()
        self.timings_s[step] = round(now - self._since, 4)
        self._since = now


def match_recordings(
    references: Sequence[tuple[Reader, float]],
    target: Reader,
    writer: Writer,
    *,
    mode: Mode | Literal["auto"] = "auto",
    amounts: Amounts | None = None,
    strength: Strength = "natural",
    preset: StyleParams | None = None,
    report: Report | None = None,
) -> Match:
    """Bring ``target`` to the sound of the weighted references, or to a preset, into ``writer``.

    Args:
        references: recordings and their weights, relative to each other; none with a preset.
        mode: A identifies the chain of effects between two recordings of one performance; B compares statistics of any
            two; auto finds out which.
        amounts: how much of each stage, instead of all that helps; with a preset, instead of its own.
        strength: how much of another song's sound is taken.

    Raises:
        InvalidInput: neither reference nor preset, both, or silence; mode A with several references.
        MediaRejected: a recording cannot be read; mode A on different performances.
    """
    if bool(references) == (preset is not None):
        raise InvalidInput("A match needs references or a preset, and not both.")
    progress = report or (lambda _step, _share: None)
    clock = Clock()
    progress("analyzing", 0.0)
    analyzed = [Analyzed(analyze_features(reader), reader, weight) for reader, weight in references]
    given = Analyzed(analyze_features(target), target)
    clock.lap("analyzing")
    progress("inverting", 0.4)
    params = find_style(analyzed, given, mode=mode, amounts=amounts, strength=strength, preset=preset)
    clock.lap("inverting")
    rendered = render_measured(
        target, writer, params, progress=lambda share: progress("rendering", 0.5 + 0.5 * share), with_tone=True
    )
    clock.lap("rendering")
    weighted = [(one.features, one.weight) for one in analyzed]
    return conclude(params, weighted, given.features, rendered, timings_s=clock.timings_s)


def find_style(
    references: Sequence[Analyzed],
    target: Analyzed,
    *,
    mode: Mode | Literal["auto"] = "auto",
    amounts: Amounts | None = None,
    strength: Strength = "natural",
    preset: StyleParams | None = None,
) -> StyleParams:
    """The style that brings ``target`` to the weighted references, or the preset as it suits the target.

    What leads away from the same performance when it is tried on a part of it is reduced or left out.

    Raises:
        InvalidInput: silence, or mode A with several references.
        MediaRejected: mode A on different performances.
    """
    if preset is not None:
        return with_clipping(apply_preset(preset, target.features, amounts), target.features)
    wanted = weigh_references([(as_arrays(one.features), one.weight) for one in references])
    given = as_arrays(target.features)
    chained = None
    if _chain_expected(wanted, given, mode, len(references)):
        chained = _identified(references[0], target, must=mode == "A")
    style = invert_params(wanted, given, "A" if chained else "B", amounts, strength=strength, chained=chained)
    style = with_clipping(style, target.features)
    # Frame by frame, every change leads away from other music; only of the same performance it tells anything.
    trial = trial_by_frames(chained.aligned) if chained else None
    chained = None  # minutes of sound that are not needed any more
    return adjust_by_trial(style, trial) if trial else style


def conclude(
    params: StyleParams,
    references: Sequence[tuple[Features, float]],
    target: Features,
    rendered: Rendered,
    *,
    timings_s: dict[str, float],
) -> Match:
    """The match that a render makes, which was run ``with_tone``. Its ``params`` have the gain that it took.

    Nothing that is given is changed. Raises InvalidInput as ``weigh_references`` does.
    """
    if params.lufs is not None:
        lufs = params.lufs.model_copy(update={"gain_db": round(rendered.gain_db, 3)})
        params = params.model_copy(update={"lufs": lufs, "notes": _with_shortfall(params, rendered)})
    if not params.amounts.limiter and rendered.loudness.true_peak_dbtp >= OVER_DBTP:
        over = f"Peaks reach {rendered.loudness.true_peak_dbtp:+.1f} dBTP, above full scale: players will cut them off."
        params = params.model_copy(update={"notes": [*params.notes, StageNote(stage="limiter", sentence=over)]})
    longer_s = rendered.loudness.duration_s - target.duration_s
    if params.reverb and longer_s >= LONGER_S:
        params = params.model_copy(update={"notes": _with_tail(params.notes, longer_s)})
    wanted = weigh_references([(as_arrays(one), weight) for one, weight in references]) if references else None
    given = as_arrays(target)
    result = _result_features(given, rendered)
    before = Metrics(integrated_lufs=given.integrated_lufs, tp_db=given.true_peak_dbtp)
    return Match(
        params=params,
        metrics_before=distances(wanted, given, before),
        metrics_after=distances(wanted, result, metrics_of(rendered, params)),
        timings_s=timings_s,
        reference=wanted,
        target=given,
        result=result,
        f0=target.f0,
        rendered=rendered,
    )


def with_clipping(style: StyleParams, target: Features) -> StyleParams:
    """The style, with a note where the target is clipped."""
    rate = target.dynamics.clipped_rate
    if rate < CLIPPED_RATE:
        return style
    sentence = f"The target is clipped: {rate:.2%} of its samples lie in flat tops, which no match undoes."
    note = StageNote(stage="limiter", sentence=sentence, applied=False)
    return style.model_copy(update={"notes": [*style.notes, note]})


def _with_shortfall(params: StyleParams, rendered: Rendered) -> list[StageNote]:
    """The notes; that on the loudness says so where the limiter could not bring it all the way."""
    lufs, landed = params.lufs, rendered.loudness.integrated_lufs
    if lufs is None or params.amounts.lufs < 1.0 or not landed < lufs.target_db - SHORT_LU:
        return params.notes
    why = "no gain brings it further"
    if lufs.most_limited_db is not None:
        why = f"more would make the limiter take over {lufs.most_limited_db:.0f} dB on average"
    sentence = f"Only to {landed:.1f} LUFS instead of {lufs.target_db:.1f}: {why}."
    return [*(note for note in params.notes if note.stage != "lufs"), StageNote(stage="lufs", sentence=sentence)]


def _with_tail(notes: list[StageNote], longer_s: float) -> list[StageNote]:
    sentence = f"The result is {longer_s:.1f} s longer than the target, until its room has rung out."
    return [*notes, StageNote(stage="reverb", sentence=sentence)]


def _chain_expected(reference: FeatureArrays, target: FeatureArrays, mode: str, references: int) -> bool:
    """Whether to look for a chain between the recordings: in mode A, and in auto where they may be one performance.

    Raises:
        InvalidInput: mode A with several ``references``.
    """
    if mode == "A" and references != 1:
        raise InvalidInput("Mode A needs exactly one reference.")
    if mode == "B" or references != 1:
        return False
    if mode == "A":
        # Of a transposed performance no system leads from one to the other; its statistics tell.
        return transposition(reference, target) is None
    tone = compare_tone(reference, target)
    alike = SAME_MUSIC if reference.rate_hz == target.rate_hz else SAME_MUSIC_BETWEEN_RATES
    # Smooth to a fraction of a dB: statistics already tell everything that mode A could find, and sooner.
    return not tone.same_performance and tone.likeness >= alike


def _identified(reference: Analyzed, target: Analyzed, *, must: bool) -> Chained | None:
    """The chain between two recordings; None where there is none, unless there ``must`` be one."""
    try:
        durations_s = (reference.features.duration_s, target.features.duration_s)
        return identify_chain(reference.reader, target.reader, durations_s)
    except MediaRejected:
        if must:
            raise
        return None


def _result_features(target: FeatureArrays, rendered: Rendered) -> FeatureArrays:
    """The features of the result, as far as rendering measured them; the rest is the target's."""
    assert rendered.tone is not None  # noqa: S101 - asked for
    tone = rendered.tone
    return replace(
        target,
        true_peak_dbtp=finite(rendered.loudness.true_peak_dbtp),
        integrated_lufs=finite(rendered.loudness.integrated_lufs),
        short_term_lufs=rendered.short_term_lufs,
        f_hz=tone.f_hz,
        mid_db=tone.mid_db,
        side_db=tone.side_db,
        mel_hz=tone.mel_hz,
        mel_percentiles=tone.mel_percentiles,
        mel_db=tone.mel_db,
        mel_spectrogram=tone.mel_spectrogram,
        side_to_mid_db=tone.side_to_mid_db,
    )


def distances(reference: FeatureArrays | None, features: FeatureArrays, metrics: Metrics) -> Metrics:
    """``metrics`` of a recording with its distances to a reference; without one, as they are.

    The distances are of ``features``: of the loudness, the balance, the mean spectrum, the mel levels, the width.
    """
    if reference is None:
        return metrics
    highest_hz = compared_up_to_hz(reference.rate_hz, features.rate_hz)
    inside, mel_inside = features.f_hz < highest_hz, features.mel_hz < highest_hz
    reference_db = np.interp(features.f_hz, reference.f_hz, reference.mid_db)
    update = {
        "stft_dist": level_distance_db(features.mid_db[inside], reference_db[inside]),
        "tone_err_db": tone_error_db(features, reference),
        "mel_dist": level_distance_db(features.mel_db[:, mel_inside], reference.mel_db[:, mel_inside]),
    }
    lufs, reference_lufs = features.integrated_lufs, lufs_as_heard(reference, features.channels)
    if lufs is not None and reference_lufs is not None:
        update["lufs_err"] = abs(lufs - reference_lufs)
    if features.side_to_mid_db is not None and reference.side_to_mid_db is not None:
        update["width_err_db"] = abs(features.side_to_mid_db - reference.side_to_mid_db)
    return metrics.model_copy(update=update)
