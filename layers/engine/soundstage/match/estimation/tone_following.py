"""Which part of a difference of tone is an equaliser's, and is followed, and which is only other music."""

from dataclasses import replace

import numpy as np

from soundstage.arrays import Floats
from soundstage.audio.decibels import db_to_power, power_to_db
from soundstage.match.analysis.feature_arrays import FeatureArrays
from soundstage.match.analysis.third_octaves import THIRDS_HZ, third_octave_db
from soundstage.match.estimation.eq_fit import MAX_GAIN_DB, Curve
from soundstage.match.estimation.evidence import between
from soundstage.match.estimation.expected_response import EQUALISERS, NARROW_TOO, expected_response
from soundstage.match.estimation.following import Following
from soundstage.match.estimation.tonal_balance import LEAST_FRAMES, Tone

LIKE_ANY_DB = 2.0
"""RMS of a broad difference to another song of which half is followed: a smaller one is between any two songs. Songs of
one album differ by more (about 5), but who brings a dull demo wants to hear it brighter. Chosen on seven demos
(docs/measured.md)."""

MOST_OF_OTHERS_DB = 6.0
"""What another song's tone, followed in part, asks for at most: a larger difference is another arrangement."""

HALVES_DB2, CLEARLY_MORE = 0.35, 3.0
"""Mean square of the difference between parts of one song, beside what its own sections tell; and how many times as
much is an equaliser's beyond doubt."""

MOMENTS_DB2 = (0.02, 0.08)
"""Squared error of the difference of tone, dB², from (one performance, moment by moment) to (other parts of a song)."""

SECTIONS, SECTION_OCTAVES = 6, 0.8
"""Of the first minute, whose broad tones say how much a song's tone moves by itself; and over how much it is broad."""

BASS_HZ, BASS_OCTAVES, MOST_IN_BASS_DB = (80.0, 320.0), 0.22, 12.0
"""Below the first and less and less up to the second, single notes decide third octaves: there differences are averaged
over half an octave (the deviation of a Gaussian is given), and cuts are bounded."""

STEADY_DB = (24.0, 10.0)
"""Between the 10th and 90th percentile of a band's level over time, from (notes that come and go) to (a tone that
stays)."""

LEAST_OCTAVES, FARTHEST_DB = 0.05, 40.0
"""Averaging over that is none; and how far apart third octaves count as at most."""

THIRDS_HEARD_DB = (-80.0, -65.0)
"""Level of a third octave below the loudest, from (nothing is raised or cut) to (all of it)."""

SOUNDING_SPREAD_DB, NOISE_LEVEL_DB = (7.0, 4.0), (-35.0, -45.0)
"""The 10th and 90th percentiles of a band's level lie so far apart where there is music, and where there is only noise
(of a Gaussian about 5 dB in narrow bands, 2 in wide ones); and how far below the loudest band it may be noise."""


def expected_tone(
    tone: Tone, reference: FeatureArrays, target: FeatureArrays, follow: Following
) -> tuple[Curve, float]:
    """The equaliser's response to believe in, and what share of the difference it is.

    All of the difference where it is certainly one song's; of another song what ``follow`` says, and between the two
    in proportion. Nothing is raised where the target holds only noise.
    """
    fine = expected_response(tone.difference, target.rate_hz, NARROW_TOO if tone.same_performance else EQUALISERS)
    if tone.same_performance:
        return fine, 1.0
    other = _balance(reference, target, fine, follow.over_octaves)
    if follow.tone == 1.0:
        gain_db, taken = other.gain_db, 1.0
    else:
        moving_db2 = _moving_db2(reference, target)
        known, fine_share = tone.familiarity, _beyond_halves(fine, moving_db2)
        other_db = _in_part(other, follow)
        gain_db = known * fine_share * fine.gain_db + (1 - known) * other_db
        taken = known * fine_share + (1 - known) * _share_of(other_db, other.gain_db)
    noise = np.interp(np.log2(fine.f_hz), np.log2(target.mel_hz), _noisiness(target))
    gain_db = np.where(gain_db > 0, gain_db * (1 - noise), gain_db)
    return replace(other, gain_db=gain_db), taken


def _in_part(curve: Curve, follow: Following) -> Floats:
    """What ``follow`` takes of a difference to another song: less of a small one (a Wiener filter's gain), and bounded
    where ``follow`` says so."""
    if not follow.cautious:
        return np.asarray(follow.tone * curve.gain_db)
    power_db2 = _mean_square(curve)
    gain_db = follow.tone * power_db2 / (power_db2 + LIKE_ANY_DB**2) * curve.gain_db
    return np.asarray(MOST_OF_OTHERS_DB * np.tanh(gain_db / MOST_OF_OTHERS_DB))


def _beyond_halves(curve: Curve, moving_db2: float) -> float:
    """How far a difference is more than that between parts of one song, 0 to 1."""
    least_db2 = HALVES_DB2 * float(between(moving_db2, *MOMENTS_DB2)) + moving_db2
    return float(between(_mean_square(curve), least_db2, CLEARLY_MORE * least_db2 + 1e-6))


def _mean_square(curve: Curve) -> float:
    return float(np.average(curve.gain_db**2, weights=curve.evidence + 1e-9))


def _share_of(part_db: Floats, all_db: Floats) -> float:
    return float(np.abs(part_db).sum() / (np.abs(all_db).sum() + 1e-9))


def _moving_db2(reference: FeatureArrays, target: FeatureArrays) -> float:
    """Squared standard error of the broad difference of tone, dB²: from how much that of its sections differs.

    Sections are compared in order, so that those of one performance tell nothing. 0 where it is not known.
    """
    broad = [_broad_sections_db(features) for features in (reference, target)]
    if broad[0] is None or broad[1] is None:
        return 0.0
    weights = np.gradient(np.log2(target.mel_hz))
    return float(np.average((broad[0] - broad[1]).var(axis=0, ddof=1), weights=weights)) / SECTIONS


def _broad_sections_db(features: FeatureArrays) -> Floats | None:
    """The broad tone of each section of the first minute, dB around its mean: [SECTIONS, MEL_BANDS]."""
    if features.mel_spectrogram is None or len(features.mel_spectrogram.levels_db) < SECTIONS * LEAST_FRAMES:
        return None
    levels_db, octaves = features.mel_spectrogram.levels_db, np.log2(features.mel_hz)
    power = db_to_power(levels_db[: len(levels_db) // SECTIONS * SECTIONS]).reshape(SECTIONS, -1, len(octaves))
    near = np.exp(-0.5 * ((octaves[:, None] - octaves) / SECTION_OCTAVES) ** 2) * np.gradient(octaves)
    broad_db = power_to_db(power.mean(axis=1)) @ (near / near.sum(axis=1, keepdims=True)).T
    return np.asarray(broad_db - np.average(broad_db, axis=1, weights=np.gradient(octaves))[:, None])


def _balance(reference: FeatureArrays, target: FeatureArrays, fine: Curve, over_octaves: float) -> Curve:
    """The difference of third-octave levels without its mean, at the frequencies of ``fine``, and nothing beyond.

    It is averaged by Gaussians whose deviation is ``over_octaves``, and more in the bass, where bands count by how
    steady they are: the broader, the less a single note decides.
    """
    levels_db = [third_octave_db(features) for features in (reference, target)]
    heard = np.min([between(level_db - level_db.max(), *THIRDS_HEARD_DB) for level_db in levels_db], axis=0)
    thirds, at = np.log2(THIRDS_HZ), np.log2(fine.f_hz)
    bass = between(thirds, *np.log2(BASS_HZ)[::-1])
    width = np.maximum(max(over_octaves, LEAST_OCTAVES), BASS_OCTAVES * bass)[:, None]
    counts = (heard + 1e-9) * (1 - bass * (1 - np.minimum(_steadiness(reference), _steadiness(target))))
    near = np.exp(-0.5 * ((thirds[:, None] - thirds) / width) ** 2) * counts
    apart_db = near @ np.clip(levels_db[0] - levels_db[1], -FARTHEST_DB, FARTHEST_DB) / near.sum(axis=1)
    apart_db -= np.average(apart_db, weights=heard + 1e-9)
    most_db = MAX_GAIN_DB - bass * (MAX_GAIN_DB - MOST_IN_BASS_DB)
    gain_db = np.interp(at, thirds, np.clip(apart_db * heard, -most_db, most_db))
    return replace(fine, gain_db=gain_db, evidence=np.interp(at, thirds, heard, left=0.0, right=0.0))


def _steadiness(features: FeatureArrays) -> Floats:
    """How far each third octave sounds all the time, and not in notes: [27], a tenth to 1."""
    spread_db = np.interp(np.log2(THIRDS_HZ), np.log2(features.mel_hz), features.mel_db[-1] - features.mel_db[0])
    return 0.1 + 0.9 * between(spread_db, *STEADY_DB)


def _noisiness(target: FeatureArrays) -> Floats:
    """How far each mel band holds only noise, 0 to 1: it is quiet, and as loud in pauses as in between: [MEL_BANDS]."""
    low, high = target.mel_db[0], target.mel_db[-1]
    return np.asarray(between(high - low, *SOUNDING_SPREAD_DB) * between(high - high.max(), *NOISE_LEVEL_DB))
