"""Which part of a difference of spectra is an equaliser's, and which is only other music."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soundstage.match.equalise import Difference, fit_bands, response_db
from soundstage.models.style import EqBand, Features

Floats = NDArray[np.float64]

SAME_PERFORMANCE_DB = 0.1
LIKE, UNLIKE = 0.9, 0.7
UNLIKE_AMOUNT = 0.2
UNLIKE_BANDS = 2
NOTHING_HEARD_DB = -105.0
BELOW_LOUDEST_DB = 75.0
USED_PERCENTILES = (50.0, 75.0, 90.0)
DETAIL_HZ = (60.0, 8000.0)


@dataclass(frozen=True)
class Tone:
    """How two recordings differ in tone.

    Attributes:
        difference: reference over target, for the fit.
        same_performance: the difference is smooth to a fraction of a dB: the same notes were played.
        likeness: correlation of the spectra's fine detail, which no equaliser changes: the same song has above .9.
    """

    difference: Difference
    same_performance: bool
    likeness: float

    @property
    def confidence(self) -> float:
        """What part of the difference to believe, 0 to 1."""
        believed = np.clip((self.likeness - UNLIKE) / (LIKE - UNLIKE), 0.0, 1.0)
        return 1.0 if self.same_performance else float(UNLIKE_AMOUNT + (1 - UNLIKE_AMOUNT) * believed)


def compare_tone(reference: Features, target: Features) -> Tone:
    """Compare spectra; where either recording holds nothing, the difference counts for nothing."""
    f_hz = np.array(target.spectrum.f_hz)
    wanted_of = np.interp(f_hz, reference.spectrum.f_hz, reference.spectrum.mid_db)
    given = np.array(target.spectrum.mid_db)
    heard = _heard(wanted_of) & _heard(given)
    fine = wanted_of - given
    roughness = _roughness(fine[heard])
    likeness = _likeness(f_hz[heard], wanted_of[heard], given[heard])
    if roughness < SAME_PERFORMANCE_DB:
        deviation = np.where(heard, 2 * max(roughness, 0.02), 1e3)
        return Tone(Difference(f_hz, fine, np.diag(deviation**2)), True, likeness)
    mel_hz = np.array(target.mel.f_hz)
    inside = mel_hz < 0.45 * min(reference.rate_hz, target.rate_hz)
    chosen = [k for k, percentile in enumerate(target.mel.percentiles) if percentile in USED_PERCENTILES]
    by_level = [np.array(reference.mel.levels_db[k]) - np.array(target.mel.levels_db[k]) for k in chosen]
    # The power mean is moved by what is rare and loud, percentiles by how often something plays: their mean by neither.
    mean = np.mean([np.interp(mel_hz, f_hz, fine), *by_level], axis=0)
    heard_mel = np.interp(mel_hz, f_hz, heard.astype(float)) > 0.5
    rough = max(_roughness(mean[heard_mel & inside]), 0.05)
    deviation = np.where(heard_mel & inside, 2 * rough, 1e3)
    position = np.log2(mel_hz)
    smooth = (0.25 * rough) ** 2 * np.exp(-0.5 * (position[:, None] - position) ** 2)
    return Tone(Difference(mel_hz, mean, np.diag(deviation**2) + smooth), False, likeness)


def fit_tone(tone: Tone, rate_hz: int) -> list[EqBand]:
    """The equaliser to believe in: broad and shallow when the music differs."""
    bands = fit_bands(tone.difference, rate_hz, 8 if tone.confidence > UNLIKE_AMOUNT else UNLIKE_BANDS)
    share = tone.confidence
    return [band.model_copy(update={"gain_db": round(band.gain_db * share, 3)}) for band in bands]


def tone_distance_db(reference: Features, target: Features, bands: list[EqBand]) -> float:
    """Mean |dB| between the percentiles of the mel bands when the target goes through ``bands``, after level."""
    mel_hz = np.array(target.mel.f_hz)
    inside = mel_hz < 0.45 * min(reference.rate_hz, target.rate_hz)
    moved = response_db(bands, mel_hz, target.rate_hz)
    error = np.array(reference.mel.levels_db) - np.array(target.mel.levels_db) - moved
    error = np.clip(error[:, inside], -60, 60)
    return float(np.mean(np.abs(error - np.median(error))))


def _heard(level_db: Floats) -> NDArray[np.bool_]:
    return np.asarray((level_db > NOTHING_HEARD_DB) & (level_db > level_db.max() - BELOW_LOUDEST_DB))


def _roughness(difference: Floats) -> float:
    """Standard deviation of what changes from band to band: second differences, robustly, of white noise (√6 σ)."""
    if len(difference) < 8:
        return 10.0
    return float(np.median(np.abs(np.diff(difference, 2))) / 0.6745 / np.sqrt(6))


def _likeness(f_hz: Floats, one: Floats, other: Floats) -> float:
    inside = (f_hz > DETAIL_HZ[0]) & (f_hz < DETAIL_HZ[1])
    if inside.sum() < 20:
        return 0.0
    position = np.log2(f_hz)
    near = np.exp(-0.5 * ((position[:, None] - position) / 0.2) ** 2) * np.gradient(position)
    near /= near.sum(axis=1, keepdims=True)
    details = [(level - near @ level)[inside] for level in (one, other)]
    scale = float(np.std(details[0]) * np.std(details[1]))
    return float(np.mean(details[0] * details[1]) / scale) if scale > 1e-9 else 1.0
