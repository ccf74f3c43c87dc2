"""A match from beginning to end on local recordings, and the parts of it that a workflow runs as steps."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from soundstage.audio.streams import Reader, Writer
from soundstage.match.analysis.features import analyze_features
from soundstage.match.analysis.level_distance import apart_db, finite, lufs_as_heard
from soundstage.match.estimation.chain_identification import Chained, identify_chain
from soundstage.match.estimation.inversion import invert_params
from soundstage.match.estimation.tonal_balance import compare_tone
from soundstage.match.estimation.transposition import transposition
from soundstage.match.estimation.trial_render import rehearsal_by_frames, rehearsal_by_statistics, rehearse
from soundstage.match.presets.operations import apply_preset, weigh_references
from soundstage.match.rendering.render import Rendered, metrics_of, render_measured
from soundstage.models.errors import InvalidInput, MediaRejected
from soundstage.models.style import Amounts, Features, Metrics, Mode, StyleParams

Report = Callable[[str, float], None]
"""Takes the step that runs (analyzing, inverting, rendering) and the share of the whole that is done, 0 to 1."""

SAME_MUSIC, SAME_MUSIC_BETWEEN_RATES = 0.93, 0.75
"""Likeness of spectra (``estimation.tonal_balance``) from which on two recordings may hold the same performance: chosen
on processed and on unrelated pairs. Between sample rates the lines of the spectra lie elsewhere."""

BELOW_NYQUIST = 0.45
"""Share of the lower of two rates up to which their spectra are compared: above, converters' filters begin."""


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
        rendered: what the render measured.
    """

    params: StyleParams
    metrics_before: Metrics
    metrics_after: Metrics
    timings_s: dict[str, float]
    reference: Features | None
    target: Features
    result: Features
    rendered: Rendered


@dataclass
class _Clock:
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
    preset: StyleParams | None = None,
    report: Report | None = None,
) -> Match:
    """Bring ``target`` to the sound of the weighted references, or to a preset, into ``writer``.

    Args:
        references: recordings and their weights, relative to each other; none with a preset.
        mode: A identifies the chain of effects between two recordings of one performance; B compares statistics of any
            two; auto finds out which.
        amounts: how much of each stage, instead of all that helps; with a preset, instead of its own.

    Raises:
        InvalidInput: neither reference nor preset, both, or silence; mode A with several references.
        MediaRejected: a recording cannot be read; mode A on different performances.
    """
    if bool(references) == (preset is not None):
        raise InvalidInput("A match needs references or a preset, and not both.")
    progress = report or (lambda _step, _share: None)
    clock = _Clock()
    progress("analyzing", 0.0)
    analyzed = [Analyzed(analyze_features(reader), reader, weight) for reader, weight in references]
    given = Analyzed(analyze_features(target), target)
    clock.lap("analyzing")
    progress("inverting", 0.4)
    params = find_style(analyzed, given, mode=mode, amounts=amounts, preset=preset)
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
    preset: StyleParams | None = None,
) -> StyleParams:
    """The style that brings ``target`` to the weighted references, or the preset as it suits the target.

    What leads away from the references when it is tried on a part of the target is reduced or left out. Of the
    references themselves no more is read than ``alignment.excerpt`` takes.

    Raises:
        InvalidInput: silence, or mode A with several references.
        MediaRejected: mode A on different performances.
    """
    if preset is not None:
        return apply_preset(preset, target.features, amounts)
    wanted = weigh_references([(one.features, one.weight) for one in references])
    chained = _chain(references, target, mode)
    style = invert_params(wanted, target.features, "A" if chained else "B", amounts, chained=chained)
    rehearsal = (
        rehearsal_by_frames(chained.aligned)
        if chained
        else rehearsal_by_statistics(wanted, target.features, target.reader)
    )
    chained = None  # minutes of sound that are not needed any more
    return rehearse(style, rehearsal) if rehearsal else style


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
        params = params.model_copy(update={"lufs": lufs})
    wanted = weigh_references(references) if references else None
    result = _result_features(target, rendered)
    before = Metrics(integrated_lufs=target.loudness.integrated_lufs, tp_db=target.true_peak_dbtp)
    return Match(
        params=params,
        metrics_before=distances(wanted, target, before),
        metrics_after=distances(wanted, result, metrics_of(rendered, params)),
        timings_s=timings_s,
        reference=wanted,
        target=target,
        result=result,
        rendered=rendered,
    )


def _chain(references: Sequence[Analyzed], target: Analyzed, mode: str) -> Chained | None:
    if mode == "B" or len(references) != 1:
        if mode == "A":
            raise InvalidInput("Mode A needs exactly one reference.")
        return None
    (reference,) = references
    if mode == "A":
        # Of a transposed performance no system leads from one to the other; its statistics tell.
        if transposition(reference.features, target.features) is not None:
            return None
        return identify_chain(reference.reader, target.reader)
    tone = compare_tone(reference.features, target.features)
    # Between rates the lines of the spectra lie elsewhere.
    alike = SAME_MUSIC if reference.features.rate_hz == target.features.rate_hz else SAME_MUSIC_BETWEEN_RATES
    if tone.same_performance or tone.likeness < alike:
        # Smooth to a fraction of a dB: statistics already tell everything that mode A could find, and sooner.
        return None
    try:
        return identify_chain(reference.reader, target.reader)
    except MediaRejected:
        return None


def _result_features(given: Features, rendered: Rendered) -> Features:
    """The features of the result, as far as rendering measured them; the rest is the target's, ``given``."""
    assert rendered.tone is not None  # noqa: S101 - asked for
    spectrum, mel, stereo = rendered.tone
    loudness = {
        "integrated_lufs": finite(rendered.loudness.integrated_lufs),
        "loudness_range_lu": rendered.loudness.loudness_range_lu,
        "short_term_lufs": rendered.short_term_lufs,
    }
    return given.model_copy(
        update={
            "spectrum": spectrum,
            "mel": mel,
            "stereo": stereo,
            "loudness": given.loudness.model_copy(update=loudness),
            "true_peak_dbtp": finite(rendered.loudness.true_peak_dbtp),
        }
    )


def distances(reference: Features | None, features: Features, metrics: Metrics) -> Metrics:
    """``metrics`` of a recording with its distances to a reference; without one, as they are.

    The distances are of ``features``: of the loudness, the mean spectrum, the mel levels and the width.
    """
    if reference is None:
        return metrics
    f_hz, mel_hz = np.array(features.spectrum.f_hz), np.array(features.mel.f_hz)
    highest_hz = BELOW_NYQUIST * min(reference.rate_hz, features.rate_hz)
    target_db = np.interp(f_hz, reference.spectrum.f_hz, reference.spectrum.mid_db)
    mel_db, target_mel_db = (np.array(each.mel.levels_db)[:, mel_hz < highest_hz] for each in (features, reference))
    inside = f_hz < highest_hz
    update = {
        "stft_dist": apart_db(np.array(features.spectrum.mid_db)[inside], target_db[inside]),
        "mel_dist": apart_db(mel_db, target_mel_db),
    }
    lufs, target_lufs = features.loudness.integrated_lufs, lufs_as_heard(reference, features.channels)
    if lufs is not None and target_lufs is not None:
        update["lufs_err"] = abs(lufs - target_lufs)
    side_db, target_side_db = features.stereo.side_to_mid_db, reference.stereo.side_to_mid_db
    if side_db is not None and target_side_db is not None:
        update["width_err_db"] = abs(side_db - target_side_db)
    return metrics.model_copy(update=update)
