"""Which part of a difference of spectra is an equaliser's, and which is only other music."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats
from soundstage.match.analysis.features import mel_centres_hz
from soundstage.match.analysis.level_distance import apart_db
from soundstage.match.analysis.modulation import alike_in_time, liveliness, lively_apart_db
from soundstage.match.analysis.onset_periodicity import same_pulse
from soundstage.match.estimation.eq_fit import PRIOR_OFFSET_DB, Difference, fit_bands
from soundstage.match.estimation.frame_matching import Moments
from soundstage.match.rendering.eq_response import response_db
from soundstage.models.style import MAX_EQ_BANDS, EqBand, Features

SAME_PERFORMANCE_DB = 0.1
# Log odds of one song: (at none of the evidence, per likeness .1 above .8, per sign of strangeness, of the pulse).
# A logistic regression over parts of one song and over other songs, of two families of synthesised music.
ODDS, LIKE_ODDS, STRANGE_ODDS, PULSE_ODDS = 0.0, 1.2, -0.6, 3.5
CERTAINLY_NOT, CERTAINLY = 0.3, 0.9
STRANGE_ROUGHNESS_DB, STRANGE_SPREAD_DB, STRANGE_LIVELINESS_DB = 1.3, 1.5, 3.0
LEAST_FRAMES = 4
UNLIKE_AMOUNT = 0.2
UNLIKE_BANDS = 2
NOTHING_HEARD_DB = -105.0
BELOW_LOUDEST_DB = 75.0
# How equalisers vary: (over so many octaves, by so many dB).
EQUALISERS = ((0.6, 2.0), (1.2, 2.0), (2.5, 2.5))
ROUGH_OVER_OCTAVES = 0.4
LEAST_DOUBT_DB = 0.1
FIT_DB = 0.1
DOUBT_SHARE = 0.01
DETAIL_HZ = (60.0, 8000.0)


@dataclass(frozen=True)
class Tone:
    """How two recordings differ in tone.

    Attributes:
        difference: reference over target, for the fit.
        same_performance: the difference is smooth to a fraction of a dB: the same notes were played.
        likeness: correlation of the spectra's fine detail, which no equaliser changes: the same song has above .9,
            but so have some songs in the same key.
        signs: how rough the difference is, and how differently levels spread, rise and fall: each about 1 where the
            likeliest other songs begin. Empty for one performance.
        same_pulse: do onsets repeat at the same intervals, −1 to 1; None where they do not repeat.
    """

    difference: Difference
    same_performance: bool
    likeness: float
    signs: tuple[float, ...]
    same_pulse: float | None

    @property
    def strangeness(self) -> float:
        """About 1 where the likeliest other songs begin."""
        return float(np.mean(self.signs)) if self.signs else 0.0

    @property
    def one_song(self) -> float:
        """How probable it is that both are parts of one song."""
        return 1.0 if self.same_performance else _one_song(self.likeness, self.signs, self.same_pulse)

    @property
    def confidence(self) -> float:
        """What part of the difference to believe, 0 to 1."""
        believed = np.clip((self.one_song - CERTAINLY_NOT) / (CERTAINLY - CERTAINLY_NOT), 0.0, 1.0)
        return float(UNLIKE_AMOUNT + (1 - UNLIKE_AMOUNT) * believed)


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
        return Tone(Difference(f_hz, fine, np.diag(deviation**2)), True, likeness, (), 1.0)
    mel_hz = np.array(target.mel.f_hz)
    apart = _mel_levels(reference, mel_hz) - _mel_levels(target, mel_hz)
    inside = mel_hz < 0.45 * min(reference.rate_hz, target.rate_hz)
    heard_mel = (np.interp(mel_hz, f_hz, heard.astype(float)) > 0.5) & inside
    signs = _signs(reference, target, roughness)
    pulse = same_pulse(reference.dynamics.pulse, target.dynamics.pulse)
    if _one_song(likeness, signs, pulse) > CERTAINLY_NOT:
        apart = _between_moments(reference, target, apart, heard_mel)
    return Tone(_smoothed(mel_hz, apart, heard_mel), False, likeness, signs, pulse)


def fit_tone(tone: Tone, rate_hz: int, *, asked: bool = False) -> list[EqBand]:
    """The equaliser to believe in: broad and shallow when the music differs, unless all of it is ``asked`` for."""
    share = 1.0 if asked else tone.confidence
    bands = fit_bands(tone.difference, rate_hz, MAX_EQ_BANDS if share > UNLIKE_AMOUNT else UNLIKE_BANDS)
    return [band.model_copy(update={"gain_db": round(band.gain_db * share, 3)}) for band in bands]


def tone_distance_db(reference: Features, target: Features, bands: list[EqBand]) -> float:
    """Mean |dB| between the percentiles of the mel bands when the target goes through ``bands``, after level."""
    mel_hz = np.array(target.mel.f_hz)
    inside = mel_hz < 0.45 * min(reference.rate_hz, target.rate_hz)
    moved = response_db(bands, mel_hz, target.rate_hz)
    given, wanted = (np.array(features.mel.levels_db)[:, inside] for features in (target, reference))
    return apart_db(given + moved[inside], wanted)


def _signs(reference: Features, target: Features, roughness_db: float) -> tuple[float, ...]:
    apart = np.array(reference.mel.levels_db) - np.array(target.mel.levels_db)
    signs = [roughness_db / STRANGE_ROUGHNESS_DB, float(np.abs(apart - apart.mean(axis=0)).mean()) / STRANGE_SPREAD_DB]
    if reference.mel.frames and target.mel.frames:
        one, other, _ = alike_in_time(reference.mel.frames, target.mel.frames)
        if min(len(one), len(other)) >= LEAST_FRAMES:
            signs.append(float(lively_apart_db(liveliness(one), liveliness(other)).mean()) / STRANGE_LIVELINESS_DB)
    return tuple(signs)


def _one_song(likeness: float, signs: tuple[float, ...], pulse: float | None) -> float:
    """Each kind of evidence counts so much at most: a quiet beginning is a strange sign, and no other song."""
    odds = ODDS + LIKE_ODDS * np.clip((likeness - 0.8) / 0.1, -3.0, 2.0)
    odds += STRANGE_ODDS * sum(np.clip(sign - 1, -1.0, 1.0) for sign in signs)
    if pulse is not None:
        odds += PULSE_ODDS * np.clip((pulse - 0.5) / 0.5, -1.0, 1.0)
    return float(1 / (1 + np.exp(-odds)))


def _between_moments(reference: Features, target: Features, apart: Floats, heard: NDArray[np.bool_]) -> Floats:
    """``apart`` corrected by what moments that sound alike say, as far as they agree with themselves.

    Alike moments of one song settle at once; where a second look finds as much again, they were not alike.
    """
    if reference.mel.frames is None or target.mel.frames is None or heard.sum() < LEAST_FRAMES:
        return apart
    moments = Moments(reference.mel.frames, target.mel.frames, heard)
    if not moments.tell():
        return apart
    f_hz = mel_centres_hz()
    known = _smoothed(f_hz, apart, heard).wanted_db
    steps = np.zeros((2, len(apart)))
    for step in steps:
        step[heard] = moments.left_db((known + steps.sum(axis=0))[heard])
    first, second = (_size(_smoothed(f_hz, step, heard).wanted_db[heard]) for step in steps)
    settled = float(np.clip(1 - second / (first + 1e-9), 0.0, 1.0))
    return np.asarray(apart + settled * (known + steps.sum(axis=0) - apart))


def _size(difference: Floats) -> float:
    return float(np.mean(np.abs(difference - np.median(difference))))


def _smoothed(f_hz: Floats, apart: Floats, heard: NDArray[np.bool_]) -> Difference:
    """The equaliser to expect behind a difference that music makes rough: the posterior mean of a Gaussian process.

    What changes from band to band is no equaliser; how much of that there is around a band says how far to trust it
    (C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning, 2006, eq. 2.25).
    """
    octaves = np.log2(f_hz)
    away = (octaves[:, None] - octaves) ** 2
    near = np.exp(-0.5 * away / ROUGH_OVER_OCTAVES**2) * heard
    bend = np.diff(apart, 2, prepend=apart[0], append=apart[-1]) ** 2 / 6
    rough = near @ bend / (near.sum(axis=1) + 1e-9)
    noise = np.where(heard, rough + LEAST_DOUBT_DB**2, 1e6)
    alike = sum(spread_db**2 * np.exp(-0.5 * away / octave**2) for octave, spread_db in EQUALISERS)
    seen = alike + PRIOR_OFFSET_DB**2 + np.diag(noise)
    expected = alike @ np.linalg.solve(seen, apart)
    doubt = np.diag(alike) - np.einsum("ij,ji->i", alike, np.linalg.solve(seen, alike))
    return Difference(f_hz, expected, np.diag(FIT_DB**2 + DOUBT_SHARE * np.maximum(doubt, 0.0)))


def _mel_levels(features: Features, mel_hz: Floats) -> Floats:
    """Mean power of the narrow bands, which lie as the recording's own rate has them, in each mel band, dB: [mel]."""
    f_hz = np.array(features.spectrum.f_hz)
    mel, centres = (2595 * np.log10(1 + hertz / 700) for hertz in (f_hz, mel_hz))
    step = centres[1] - centres[0]
    triangles = np.maximum(0.0, 1 - np.abs(centres[:, None] - mel) / step) * np.gradient(f_hz)
    power = triangles @ 10 ** (np.array(features.spectrum.mid_db) / 10) / (triangles.sum(axis=1) + 1e-12)
    return np.asarray(10 * np.log10(power + 1e-14))


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
