"""Which part of a difference of tone is an equaliser's, and is followed, and which is only other music."""

from dataclasses import replace

import numpy as np

from soundstage.arrays import Floats
from soundstage.match.analysis.feature_arrays import FeatureArrays
from soundstage.match.analysis.third_octaves import THIRDS_HZ, third_octave_db
from soundstage.match.estimation.eq_fit import MAX_GAIN_DB, Curve
from soundstage.match.estimation.evidence import between
from soundstage.match.estimation.expected_response import EQUALISERS, NARROW_TOO, believable, expected_response
from soundstage.match.estimation.following import Following
from soundstage.match.estimation.song_response import movement, song_response_db
from soundstage.match.estimation.tonal_balance import Tone

BETWEEN_PARTS_DB, MOST_OF_OTHERS_DB = 1.75, 2.5
"""RMS of the broad difference between parts of a song, of which nothing is followed as another song's; and what another
song's tone, followed in part, asks for at most: a larger difference is another arrangement. Chosen on demos of five
games' scores (docs/measured.md)."""

BASS_HZ = (80.0, 320.0)
"""Below the first and less and less up to the second, single notes decide third octaves."""

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

    All of the difference where the same notes were played. Else what is an equaliser's beyond what parts of a song
    differ by, and of the rest what ``follow`` says of other music. Nothing is raised where the target holds only noise.
    """
    fine = expected_response(tone.difference, target.rate_hz, NARROW_TOO if tone.same_performance else EQUALISERS)
    if tone.same_performance:
        return fine, 1.0
    other = _balance(reference, target, fine, follow.over_octaves)
    if follow.tone == 1.0:
        gain_db, taken = other.gain_db, 1.0
    else:
        octaves = np.log2(fine.f_hz)
        song = believable(replace(fine, gain_db=song_response_db(tone, reference, target, octaves)))
        rest = replace(other, gain_db=other.gain_db - song.gain_db)
        gain_db = song.gain_db + _in_part(rest, tone, movement(reference, target), follow)
        taken = _share_of(gain_db, other.gain_db)
    noise = np.interp(np.log2(fine.f_hz), np.log2(target.mel_hz), _noisiness(target))
    gain_db = np.where(gain_db > 0, gain_db * (1 - noise), gain_db)
    return replace(other, gain_db=gain_db), taken


def _in_part(rest: Curve, tone: Tone, moved: Floats, follow: Following) -> Floats:
    """What ``follow`` takes of a difference to another song.

    Where it is cautious: less of what is hardly more than parts of one song differ by (the gain of a Wiener filter),
    and bounded.
    """
    if not follow.cautious:
        return np.asarray((1 - tone.familiarity) * follow.tone * rest.gain_db)
    power_db2, usual_db2 = _mean_square(rest), BETWEEN_PARTS_DB**2 * float(np.mean(moved**2))
    share = follow.tone * max(power_db2 - usual_db2, 0.0) / (power_db2 + 1e-9)
    return np.asarray(tone.otherness * MOST_OF_OTHERS_DB * np.tanh(share * rest.gain_db / MOST_OF_OTHERS_DB))


def _mean_square(curve: Curve) -> float:
    return float(np.average(curve.gain_db**2, weights=curve.evidence + 1e-9))


def _share_of(part_db: Floats, all_db: Floats) -> float:
    return min(1.0, float(np.abs(part_db).sum() / (np.abs(all_db).sum() + 1e-9)))


def _balance(reference: FeatureArrays, target: FeatureArrays, fine: Curve, over_octaves: float) -> Curve:
    """The difference of third-octave levels without its mean, at the frequencies of ``fine``, and nothing beyond.

    It is averaged by Gaussians whose deviation is ``over_octaves``; in the bass, bands count by how steady they are.
    """
    levels_db = [third_octave_db(features) for features in (reference, target)]
    heard = np.min([between(level_db - level_db.max(), *THIRDS_HEARD_DB) for level_db in levels_db], axis=0)
    thirds, at = np.log2(THIRDS_HZ), np.log2(fine.f_hz)
    bass = between(thirds, *np.log2(BASS_HZ)[::-1])
    counts = (heard + 1e-9) * (1 - bass * (1 - np.minimum(_steadiness(reference), _steadiness(target))))
    near = np.exp(-0.5 * ((thirds[:, None] - thirds) / max(over_octaves, LEAST_OCTAVES)) ** 2) * counts
    apart_db = near @ np.clip(levels_db[0] - levels_db[1], -FARTHEST_DB, FARTHEST_DB) / near.sum(axis=1)
    apart_db -= np.average(apart_db, weights=heard + 1e-9)
    gain_db = np.interp(at, thirds, np.clip(apart_db * heard, -MAX_GAIN_DB, MAX_GAIN_DB))
    return replace(fine, gain_db=gain_db, evidence=np.interp(at, thirds, heard, left=0.0, right=0.0))


def _steadiness(features: FeatureArrays) -> Floats:
    """How far each third octave sounds all the time, and not in notes: [27], a tenth to 1."""
    spread_db = np.interp(np.log2(THIRDS_HZ), np.log2(features.mel_hz), features.mel_db[-1] - features.mel_db[0])
    return 0.1 + 0.9 * between(spread_db, *STEADY_DB)


def _noisiness(target: FeatureArrays) -> Floats:
    """How far each mel band holds only noise, 0 to 1: it is quiet, and as loud in pauses as in between: [MEL_BANDS]."""
    low, high = target.mel_db[0], target.mel_db[-1]
    return np.asarray(between(high - low, *SOUNDING_SPREAD_DB) * between(high - high.max(), *NOISE_LEVEL_DB))
