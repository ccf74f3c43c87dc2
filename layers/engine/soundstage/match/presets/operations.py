"""A style applied to another recording, a blend of two styles, and one reference out of several."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from soundstage.arrays import Floats
from soundstage.match.analysis.feature_arrays import FeatureArrays, as_arrays
from soundstage.match.estimation.eq_fit import Curve, fit_bands
from soundstage.match.rendering.eq_response import response_db, scaled_bands
from soundstage.match.stage_notes import as_asked
from soundstage.models.errors import InvalidInput
from soundstage.models.style import (
    MAX_EQ_BANDS,
    Amounts,
    Compressor,
    EqBand,
    Exciter,
    Features,
    Limiter,
    LoudnessTarget,
    Pitch,
    Reverb,
    Stereo,
    StyleParams,
)

BLEND_RATE_HZ = 48_000
"""At which responses of bands are compared: most recordings are made at it, or near."""


def apply_preset(params: StyleParams, target: Features | FeatureArrays, amounts: Amounts | None = None) -> StyleParams:
    """A style as it suits another recording: what depends on level moves with the recording's loudness.

    ``amounts`` replace the style's own; ``target`` are the recording's features. ``params`` stay as they are.

    Raises:
        InvalidInput: the recording is silent.
    """
    loudness = as_arrays(target).integrated_lufs
    if loudness is None:
        raise InvalidInput("The recording is silent or shorter than 0.4 seconds, so there is nothing to change.")
    update: dict[str, object] = {"input_lufs": loudness, "amounts": amounts or params.amounts}
    if params.input_lufs is not None and params.compressor is not None:
        threshold_db = round(params.compressor.threshold_db + loudness - params.input_lufs, 2)
        update["compressor"] = params.compressor.model_copy(update={"threshold_db": threshold_db})
    if params.lufs is not None:
        gain_db = round(params.lufs.target_db - loudness, 3)
        update["lufs"] = params.lufs.model_copy(update={"gain_db": gain_db})
        told = f"Loudness {loudness:.1f} → {params.lufs.target_db:.1f} LUFS."
        notes = [
            note.model_copy(update={"sentence": told}) if note.stage == "lufs" and note.applied else note
            for note in params.notes
            if note.applied or note.stage != "limiter"  # those are of the recording that it was made for
        ]
        update["notes"] = as_asked(notes, amounts) if amounts else notes
    return params.model_copy(update=update)


def blend(one: StyleParams, other: StyleParams, share: float) -> StyleParams:
    """``share`` of the other and the rest of the one, 0 to 1: levels in dB, times and ratios on a logarithmic scale.

    Equalisers blend as responses, since their bands have nothing to do with each other. The ends are the styles
    themselves; between them amounts are worked in. Impulse responses do not blend: the one with the larger share
    stays, quieter by its share.

    Raises:
        InvalidInput: a share outside 0 to 1.
    """
    if not 0 <= share <= 1:
        raise InvalidInput("A share lies between 0 and 1.")
    if share in (0, 1):
        return (other if share else one).model_copy(deep=True)
    one, other = _worked_in(one), _worked_in(other)
    nearer = (other if share > 0.5 else one).model_copy(deep=True)
    return nearer.model_copy(
        update={
            "strength": one.strength if one.strength == other.strength else None,
            "amounts": Amounts(lufs=_mix(one.amounts.lufs, other.amounts.lufs, share)),
            "pitch": _blend_pitches(one.pitch, other.pitch, share),
            "eq": fewer_bands(_joined(scaled_bands(one.eq, 1 - share) + scaled_bands(other.eq, share))),
            "compressor": _blend_compressors(one.compressor, other.compressor, share),
            "exciter": _blend_exciters(one.exciter, other.exciter, share),
            "reverb": _blend_reverbs(one.reverb, other.reverb, share),
            "stereo": _blend_stereos(one.stereo or Stereo(), other.stereo or Stereo(), share)
            if one.stereo or other.stereo
            else None,
            "lufs": _blend_targets(one.lufs, other.lufs, share),
            "limiter": _blend_limiters(one.limiter, other.limiter, share),
            "input_lufs": _mix_known(one.input_lufs, other.input_lufs, share),
            "notes": [],
        }
    )


def fewer_bands(bands: list[EqBand]) -> list[EqBand]:
    """Bands of the same response, at most as many as a style holds: the same, or a fit of their sum."""
    if len(bands) <= MAX_EQ_BANDS:
        return bands
    f_hz = np.geomspace(25, 19_000, 160)
    wanted = response_db(bands, f_hz, BLEND_RATE_HZ)
    return fit_bands(Curve(f_hz, wanted, np.ones(len(f_hz))), BLEND_RATE_HZ)


def weigh_references(references: Sequence[tuple[FeatureArrays, float]]) -> FeatureArrays:
    """One reference out of several: weighted means of levels in dB; the rest is that of the one with most weight.

    Raises:
        InvalidInput: no reference, a silent one, or weights that are not positive.
    """
    if not references or not all(0 < weight < np.inf for _, weight in references):
        raise InvalidInput("References need positive weights.")
    if any(features.integrated_lufs is None for features, _ in references):
        raise InvalidInput("One of the references is silent or shorter than 0.4 seconds.")
    heaviest, _ = max(references, key=lambda reference: reference[1])
    if len(references) == 1:
        return heaviest
    weights = [weight for _, weight in references]
    every = [features for features, _ in references]

    def mean(values: Sequence[Floats]) -> Floats:
        return np.asarray(np.average(values, axis=0, weights=weights))

    def mean_of(values: Sequence[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return float(np.average(known, weights=weights)) if len(known) == len(values) else None

    f_hz, stereo = heaviest.f_hz, all(len(features.side_db) for features in every)
    levels = [features.level_percentiles_db for features in every]
    side_to_mid_db = mean_of([features.side_to_mid_db for features in every])
    return replace(
        heaviest,
        integrated_lufs=mean_of([features.integrated_lufs for features in every]),
        true_peak_dbtp=mean_of([features.true_peak_dbtp for features in every]),
        mid_db=mean([np.interp(f_hz, features.f_hz, features.mid_db) for features in every]),
        side_db=mean([np.interp(f_hz, each.f_hz, each.side_db) for each in every]) if stereo else heaviest.side_db,
        side_to_mid_db=side_to_mid_db if stereo else heaviest.side_to_mid_db,
        mel_db=mean([features.mel_db for features in every]),
        mel_spectrogram=None,  # moments of different recordings have no mean
        level_percentiles_db=mean(levels) if all(map(len, levels)) else heaviest.level_percentiles_db,
    )


def _worked_in(params: StyleParams) -> StyleParams:
    """The same style with amounts of 1, except that of the loudness, whose effect depends on the recording."""
    amounts, update = params.amounts, dict[str, object]()
    update["amounts"] = Amounts(lufs=amounts.lufs)
    update["eq"] = scaled_bands(params.eq, amounts.eq)
    if params.pitch:
        update["pitch"] = Pitch(semitones=params.pitch.semitones * amounts.pitch)
    if params.compressor:
        # Detector and ballistics are linear in the reduction, so a part of it is a gentler slope.
        slope = amounts.compressor * (1 - 1 / params.compressor.ratio)
        ratio = min(1 / (1 - slope), params.compressor.ratio)
        gentler = {"ratio": ratio, "makeup_db": params.compressor.makeup_db * amounts.compressor}
        update["compressor"] = params.compressor.model_copy(update=gentler) if amounts.compressor else None
    if params.exciter:
        update["exciter"] = params.exciter.model_copy(update={"mix": params.exciter.mix * amounts.exciter})
    if params.reverb:
        update["reverb"] = params.reverb.model_copy(update={"mix": params.reverb.mix * amounts.reverb})
    if params.stereo:
        side_eq = scaled_bands(params.stereo.side_eq, amounts.stereo)
        update["stereo"] = Stereo(width=params.side_gain, side_eq=side_eq)
    if not amounts.limiter:
        update["limiter"] = None
    return params.model_copy(update=update)


def _joined(bands: list[EqBand]) -> list[EqBand]:
    """One band in place of those that differ in nothing but their gain, which adds up."""
    joined: dict[tuple[str, float, float], EqBand] = {}
    for band in bands:
        key = (band.type, band.f_hz, band.q)
        gain_db = band.gain_db + (joined[key].gain_db if key in joined else 0.0)
        joined[key] = band.model_copy(update={"gain_db": gain_db})
    return list(joined.values())


def _blend_pitches(one: Pitch | None, other: Pitch | None, share: float) -> Pitch | None:
    if one is None and other is None:
        return None
    return Pitch(semitones=_mix(one.semitones if one else 0.0, other.semitones if other else 0.0, share))


def _blend_exciters(one: Exciter | None, other: Exciter | None, share: float) -> Exciter | None:
    if one is None or other is None:
        only, part = (other, share) if one is None else (one, 1 - share)
        return only and only.model_copy(update={"mix": only.mix * part})
    return Exciter(
        f_hz=_log_mix(one.f_hz, other.f_hz, share),
        drive_db=_mix(one.drive_db, other.drive_db, share),
        mix=_mix(one.mix, other.mix, share),
    )


def _blend_limiters(one: Limiter | None, other: Limiter | None, share: float) -> Limiter | None:
    if one is None or other is None:
        return one or other
    return Limiter(
        tp_db=_mix(one.tp_db, other.tp_db, share),
        lookahead_ms=_log_mix(one.lookahead_ms, other.lookahead_ms, share),
        release_ms=_log_mix(one.release_ms, other.release_ms, share),
        adaptive=(other if share > 0.5 else one).adaptive,
    )


def _blend_compressors(one: Compressor | None, other: Compressor | None, share: float) -> Compressor | None:
    if one is None or other is None:
        only, part = (other, share) if one is None else (one, 1 - share)
        return only and only.model_copy(update={"ratio": only.ratio**part, "makeup_db": only.makeup_db * part})
    nearer = other if share > 0.5 else one
    return nearer.model_copy(
        update={
            "threshold_db": _mix(one.threshold_db, other.threshold_db, share),
            "knee_db": _mix(one.knee_db, other.knee_db, share),
            "makeup_db": _mix(one.makeup_db, other.makeup_db, share),
            "ratio": _log_mix(one.ratio, other.ratio, share),
            "attack_ms": _log_mix(max(one.attack_ms, 0.1), max(other.attack_ms, 0.1), share),
            "release_ms": _log_mix(one.release_ms, other.release_ms, share),
        }
    )


def _blend_reverbs(one: Reverb | None, other: Reverb | None, share: float) -> Reverb | None:
    weighed = [(reverb, part) for reverb, part in ((one, 1 - share), (other, share)) if reverb is not None]
    if not weighed:
        return None
    nearer, part = max(weighed, key=lambda pair: pair[1])
    return nearer.model_copy(update={"mix": nearer.mix * part})


def _blend_targets(one: LoudnessTarget | None, other: LoudnessTarget | None, share: float) -> LoudnessTarget | None:
    if one is None or other is None:
        return one or other
    return LoudnessTarget(
        target_db=_mix(one.target_db, other.target_db, share),
        gain_db=_mix(one.gain_db, other.gain_db, share),
        most_limited_db=_mix_known(one.most_limited_db, other.most_limited_db, share),
    )


def _blend_stereos(one: Stereo, other: Stereo, share: float) -> Stereo:
    side_eq = fewer_bands(_joined(scaled_bands(one.side_eq, 1 - share) + scaled_bands(other.side_eq, share)))
    return Stereo(width=_log_mix(one.width, other.width, share), side_eq=side_eq)


def _mix(one: float, other: float, share: float) -> float:
    """Linear; never beyond either by rounding, since both may lie at a bound."""
    return _between(one, (1 - share) * one + share * other, other)


def _mix_known(one: float | None, other: float | None, share: float) -> float | None:
    return one if other is None else other if one is None else _mix(one, other, share)


def _log_mix(one: float, other: float, share: float) -> float:
    return _between(one, float(np.exp((1 - share) * np.log(one) + share * np.log(other))), other)


def _between(one: float, mixed: float, other: float) -> float:
    return min(max(mixed, min(one, other)), max(one, other))
