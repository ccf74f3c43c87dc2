"""Styles without a reference at hand: applied to other recordings, blended, and made from several references."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from soundstage.match.equalise import Difference, fit_bands, response_db
from soundstage.models.errors import InvalidInput
from soundstage.models.style import (
    STAGES,
    Amounts,
    Compressor,
    EqBand,
    Features,
    LoudnessTarget,
    Reverb,
    Stereo,
    StyleParams,
)

EXACT_DB = 0.05
BLEND_RATE_HZ = 48_000


def apply_preset(params: StyleParams, target: Features, amounts: Amounts | None = None) -> StyleParams:
    """A style as it suits another recording: what depends on level moves with the recording's loudness.

    Raises:
        InvalidInput: the recording is silent.
    """
    loudness = target.loudness.integrated_lufs
    if loudness is None:
        raise InvalidInput("The recording is silent, so there is nothing to change.")
    applied = params.model_copy(deep=True, update={"input_lufs": loudness})
    if amounts is not None:
        applied.amounts = amounts
    if params.input_lufs is not None and applied.compressor is not None:
        applied.compressor.threshold_db = round(applied.compressor.threshold_db + loudness - params.input_lufs, 2)
    if applied.lufs is not None:
        applied.lufs.gain_db = round(applied.lufs.target_db - loudness, 3)
    return applied


def blend(one: StyleParams, other: StyleParams, share: float) -> StyleParams:
    """``share`` of the other and the rest of the one, 0 to 1: levels in dB, times and ratios on a logarithmic scale.

    Equalisers blend as responses, since their bands have nothing to do with each other. The ends are the styles
    themselves. Impulse responses do not blend: the one with the larger share stays, quieter by its share.
    """
    if not 0 <= share <= 1:
        raise InvalidInput("A share lies between 0 and 1.")
    if share in (0, 1):
        return (other if share else one).model_copy(deep=True)
    amounts = {
        stage: (1 - share) * getattr(one.amounts, stage) + share * getattr(other.amounts, stage) for stage in STAGES
    }
    nearer = (other if share > 0.5 else one).model_copy(deep=True)
    return nearer.model_copy(
        update={
            "amounts": Amounts(**amounts),
            "eq": _blend_bands(one.eq, other.eq, share),
            "compressor": _blend_compressors(one.compressor, other.compressor, share),
            "reverb": _blend_reverbs(one.reverb, other.reverb, share),
            "stereo": Stereo(width=_log_mix(_width(one), _width(other), share)),
            "lufs": _blend_targets(one.lufs, other.lufs, share),
            "input_lufs": _mix(one.input_lufs, other.input_lufs, share),
            "notes": [],
        }
    )


def weigh_references(references: Sequence[tuple[Features, float]]) -> Features:
    """One reference out of several: levels in dB, weighted; rate and channels are the heaviest's.

    Raises:
        InvalidInput: no reference, a silent one, or weights that are not positive.
    """
    if not references or any(weight <= 0 for _, weight in references):
        raise InvalidInput("References need positive weights.")
    if any(features.loudness.integrated_lufs is None for features, _ in references):
        raise InvalidInput("One of the references is silent.")
    heaviest, _ = max(references, key=lambda reference: reference[1])
    if len(references) == 1:
        return heaviest
    total = sum(weight for _, weight in references)
    shares = [weight / total for _, weight in references]
    every = [features for features, _ in references]
    f_hz = np.array(heaviest.spectrum.f_hz)
    merged = heaviest.model_copy(deep=True)
    merged.spectrum.mid_db = _weighted([np.interp(f_hz, f.spectrum.f_hz, f.spectrum.mid_db) for f in every], shares)
    if all(f.spectrum.side_db for f in every):
        merged.spectrum.side_db = _weighted(
            [np.interp(f_hz, f.spectrum.f_hz, f.spectrum.side_db) for f in every], shares
        )
        merged.stereo.side_to_mid_db = sum(
            share * (f.stereo.side_to_mid_db or 0.0) for share, f in zip(shares, every, strict=True)
        )
    merged.mel.levels_db = np.average([f.mel.levels_db for f in every], axis=0, weights=shares).tolist()
    merged.loudness.integrated_lufs = sum(
        share * (f.loudness.integrated_lufs or 0.0) for share, f in zip(shares, every, strict=True)
    )
    if all(f.dynamics.level_db for f in every):
        merged.dynamics.level_db = _weighted([np.array(f.dynamics.level_db) for f in every], shares)
    merged.true_peak_dbtp = sum(share * (f.true_peak_dbtp or 0.0) for share, f in zip(shares, every, strict=True))
    return merged


def _weighted(rows: list[NDArray[np.float64]], shares: list[float]) -> list[float]:
    return [float(value) for value in np.average(rows, axis=0, weights=shares)]


def _blend_bands(one: list[EqBand], other: list[EqBand], share: float) -> list[EqBand]:
    def scaled(bands: list[EqBand], by: float) -> list[EqBand]:
        return [band.model_copy(update={"gain_db": round(band.gain_db * by, 3)}) for band in bands]

    both = scaled(one, 1 - share) + scaled(other, share)
    if len(both) <= 8:
        return both
    f_hz = np.geomspace(25, 19_000, 160)
    wanted = response_db(both, f_hz, BLEND_RATE_HZ)
    return fit_bands(Difference(f_hz, wanted, EXACT_DB**2 * np.eye(len(f_hz))), BLEND_RATE_HZ)


def _blend_compressors(one: Compressor | None, other: Compressor | None, share: float) -> Compressor | None:
    if one is None or other is None:
        only, part = (other, share) if one is None else (one, 1 - share)
        if only is None:
            return None
        return only.model_copy(update={"ratio": float(only.ratio**part), "makeup_db": only.makeup_db * part})
    nearer = other if share > 0.5 else one
    return nearer.model_copy(
        update={
            "threshold_db": (1 - share) * one.threshold_db + share * other.threshold_db,
            "knee_db": (1 - share) * one.knee_db + share * other.knee_db,
            "makeup_db": (1 - share) * one.makeup_db + share * other.makeup_db,
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
        target_db=(1 - share) * one.target_db + share * other.target_db,
        gain_db=(1 - share) * one.gain_db + share * other.gain_db,
    )


def _width(params: StyleParams) -> float:
    return params.stereo.width if params.stereo else 1.0


def _mix(one: float | None, other: float | None, share: float) -> float | None:
    return one if other is None else other if one is None else (1 - share) * one + share * other


def _log_mix(one: float, other: float, share: float) -> float:
    return float(np.exp((1 - share) * np.log(one) + share * np.log(other)))
