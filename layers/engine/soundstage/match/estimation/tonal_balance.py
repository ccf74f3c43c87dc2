"""How two recordings differ in tone, and whether they hold the same performance, or parts of one song."""

from dataclasses import dataclass

import numpy as np

from soundstage.arrays import Floats
from soundstage.audio.decibels import db_to_power, power_to_db
from soundstage.audio.ranks import median
from soundstage.audio.spectrum import hz_to_mel
from soundstage.match.analysis.bands import compared_up_to_hz
from soundstage.match.analysis.feature_arrays import FeatureArrays
from soundstage.match.analysis.modulation import alike_in_time, modulation_distance_db, modulation_statistics
from soundstage.match.analysis.onset_periodicity import same_periodicity
from soundstage.match.estimation.evidence import audibility, between
from soundstage.match.estimation.expected_response import Difference, expectation

SAME_PERFORMANCE_DB, LEAST_ROUGHNESS_DB = 0.1, 0.02
"""Below which roughness of the difference the same notes were played; and the least that is counted on, the error of
averages over other frames. Chosen on equalised copies and on parts of songs."""

LIKE_ODDS, UNLIKE_ODDS, PERIODICITY_ODDS = 1.2, -0.6, 3.5
"""Log odds of one song, per .1 of likeness above .8, per sign above 1, and per .5 of periodicity above .5. A logistic
regression over parts of one song and over other songs, of two families of synthesised music."""

LIKENESS_RANGE, SIGN_RANGE, PERIODICITY_RANGE = (-3.0, 2.0), (-1.0, 1.0), (-1.0, 1.0)
"""How much each kind of evidence counts at most: a quiet beginning is an unlike sign, and no other song."""

CERTAINLY_NOT, CERTAINLY = 0.3, 0.9
"""Probabilities of one song: at which the difference counts least, and in full. Set on pairs of synthesised music,
``tests/bench/match.py``."""

OTHER_MUSIC = (0.08, 0.01)
"""Probabilities of one song, from (it may be one) to (surely other music): nine in ten halves of real songs have more
than .01, nine in ten songs of one album less."""

UNLIKE_ROUGHNESS_DB, UNLIKE_SPREAD_DB, UNLIKE_MODULATION_DB = 1.3, 1.5, 3.0
"""Roughness of the difference, spread of the differences between percentiles, and distance of modulation at which the
likeliest other songs begin: what makes a sign 1. From the same songs as the odds."""

LEAST_FRAMES = 4
"""Of mel spectrograms and of audible bands, fewer of which tell nothing."""

ROUGH_OVER_OCTAVES = 0.4
"""Standard deviation of the Gaussian over which roughness is averaged: wider than a harmonic's spacing, narrower than
what equalisers do."""

LEAST_DOUBT_DB = 0.1
"""Deviation of a band's level from chance at least, between other moments of music."""

DETAIL_HZ, DETAIL_OCTAVES, LEAST_DETAIL_BANDS = (60.0, 8000.0), 0.2, 20
"""Where the detail of two spectra is compared, over how many octaves (as a standard deviation) its envelope is
averaged, and the fewest narrow bands that tell anything."""

UNKNOWN_ROUGHNESS_DB, LEAST_BANDS = 10.0, 8
"""Roughness of a difference in fewer audible bands: certainly not the same performance."""


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
        periodicity: whether onsets repeat at the same intervals, −1 to 1; None where they do not repeat.
    """

    difference: Difference
    same_performance: bool
    likeness: float
    signs: tuple[float, ...]
    periodicity: float | None

    @property
    def one_song(self) -> float:
        """How probable it is that both are parts of one song, 0 to 1."""
        return 1.0 if self.same_performance else _one_song(self.likeness, self.signs, self.periodicity)

    @property
    def familiarity(self) -> float:
        """0 where this is certainly other music, 1 where it certainly is the same song."""
        return float(between(self.one_song, CERTAINLY_NOT, CERTAINLY))

    @property
    def otherness(self) -> float:
        """0 where this may be the same song, as real ones change, 1 where it surely is other music."""
        return float(between(self.one_song, *OTHER_MUSIC))


def compare_tone(reference: FeatureArrays, target: FeatureArrays) -> Tone:
    """How the reference's tone differs from the target's; where either is silent, the difference has no evidence."""
    f_hz, given_db = target.f_hz, target.mid_db
    wanted_db = np.interp(f_hz, reference.f_hz, reference.mid_db)
    evidence = audibility(wanted_db) * audibility(given_db)
    audible = evidence > 0.5
    fine_db = wanted_db - given_db
    roughness_db = _roughness_db(fine_db[audible])
    likeness = _likeness(f_hz[audible], wanted_db[audible], given_db[audible])
    if roughness_db < SAME_PERFORMANCE_DB:
        noise_db2 = np.full(len(f_hz), (2 * max(roughness_db, LEAST_ROUGHNESS_DB)) ** 2)
        return Tone(Difference(f_hz, fine_db, noise_db2, evidence), True, likeness, (), 1.0)
    mel_hz = target.mel_hz
    apart_db = _mel_levels_db(reference, mel_hz) - _mel_levels_db(target, mel_hz)
    compared = mel_hz < compared_up_to_hz(reference.rate_hz, target.rate_hz)
    evidence = np.interp(mel_hz, f_hz, evidence) * compared
    signs = _signs(reference, target, roughness_db)
    periodicity = same_periodicity(reference.onset_autocorrelation, target.onset_autocorrelation)
    return Tone(difference_of(mel_hz, apart_db, evidence), False, likeness, signs, periodicity)


def _signs(reference: FeatureArrays, target: FeatureArrays, roughness_db: float) -> tuple[float, ...]:
    apart_db = reference.mel_db - target.mel_db
    spread_db = float(np.abs(apart_db - apart_db.mean(axis=0)).mean())
    signs = [roughness_db / UNLIKE_ROUGHNESS_DB, spread_db / UNLIKE_SPREAD_DB]
    if reference.mel_spectrogram and target.mel_spectrogram:
        one, other, _ = alike_in_time(reference.mel_spectrogram, target.mel_spectrogram)
        if min(len(one), len(other)) >= LEAST_FRAMES:
            distance_db = modulation_distance_db(modulation_statistics(one), modulation_statistics(other))
            signs.append(float(distance_db.mean()) / UNLIKE_MODULATION_DB)
    return tuple(signs)


def _one_song(likeness: float, signs: tuple[float, ...], periodicity: float | None) -> float:
    """The probability, 0 to 1, that both recordings are parts of one song."""
    odds = LIKE_ODDS * np.clip((likeness - 0.8) / 0.1, *LIKENESS_RANGE)
    odds += UNLIKE_ODDS * sum(np.clip(sign - 1, *SIGN_RANGE) for sign in signs)
    if periodicity is not None:
        odds += PERIODICITY_ODDS * np.clip((periodicity - 0.5) / 0.5, *PERIODICITY_RANGE)
    return float(1 / (1 + np.exp(-odds)))


def smoothed_db(f_hz: Floats, apart_db: Floats, evidence: Floats) -> Floats:
    """The equaliser to expect behind a difference, up to a gain, at the same frequencies: [n], dB."""
    return expectation(difference_of(f_hz, apart_db, evidence), np.log2(f_hz))


def difference_of(f_hz: Floats, apart_db: Floats, evidence: Floats) -> Difference:
    """What changes from band to band is no equaliser: how much of that is around a band says how far to trust it."""
    octaves = np.log2(f_hz)
    near = np.exp(-0.5 * (octaves[:, None] - octaves) ** 2 / ROUGH_OVER_OCTAVES**2) * evidence
    # The second difference of white noise has six times its variance.
    bend = np.diff(apart_db, 2, prepend=apart_db[0], append=apart_db[-1]) ** 2 / 6
    rough = near @ bend / (near.sum(axis=1) + 1e-9)
    return Difference(f_hz, apart_db, rough + LEAST_DOUBT_DB**2, evidence)


def _mel_levels_db(features: FeatureArrays, mel_hz: Floats) -> Floats:
    """Mean level of the narrow bands, which lie as the recording's own rate has them, in each mel band: [mel]."""
    mel, centres = hz_to_mel(features.f_hz), hz_to_mel(mel_hz)
    step = centres[1] - centres[0]
    triangles = np.maximum(0.0, 1 - np.abs(centres[:, None] - mel) / step) * np.gradient(features.f_hz)
    power: Floats = triangles @ db_to_power(features.mid_db) / (triangles.sum(axis=1) + 1e-12)
    return power_to_db(power)


def _roughness_db(difference_db: Floats) -> float:
    """Standard deviation of what changes from band to band, dB: from the median of second differences, robustly.

    Of white noise a second difference has √6 times its deviation, and half of the |values| are below .6745 of theirs.
    """
    if len(difference_db) < LEAST_BANDS:
        return UNKNOWN_ROUGHNESS_DB
    return float(median(np.abs(np.diff(difference_db, 2))) / 0.6745 / np.sqrt(6))


def _likeness(f_hz: Floats, one_db: Floats, other_db: Floats) -> float:
    """Correlation of two spectra without their envelopes: 0 where too few bands are known, 1 where neither varies."""
    inside = (f_hz > DETAIL_HZ[0]) & (f_hz < DETAIL_HZ[1])
    if inside.sum() < LEAST_DETAIL_BANDS:
        return 0.0
    octaves = np.log2(f_hz)
    near = np.exp(-0.5 * ((octaves[:, None] - octaves) / DETAIL_OCTAVES) ** 2) * np.gradient(octaves)
    near /= near.sum(axis=1, keepdims=True)
    details = [(level_db - near @ level_db)[inside] for level_db in (one_db, other_db)]
    scale = float(np.std(details[0]) * np.std(details[1]))
    return float(np.mean(details[0] * details[1]) / scale) if scale > 1e-9 else 1.0
