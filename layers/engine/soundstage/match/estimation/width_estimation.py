"""The width of the stereo image from statistics: how much more side the reference has, octave by octave."""

import numpy as np

from soundstage.arrays import Floats
from soundstage.audio.decibels import amplitude_to_db, db_to_amplitude, db_to_power, power_to_db
from soundstage.match.analysis.feature_arrays import FeatureArrays
from soundstage.match.analysis.tone_statistics import OCTAVES_HZ
from soundstage.match.estimation.eq_fit import Curve, fit_bands
from soundstage.match.estimation.evidence import between, weighted_median
from soundstage.match.estimation.following import Following
from soundstage.match.estimation.tonal_balance import Tone
from soundstage.match.rendering.eq_response import response_db
from soundstage.models.style import EqBand, StageNote, Stereo

NO_SIDE_DB = -55.0
"""Side over mid, below which there is nothing to widen: what mono leaves after coding or a converter."""

HEARD_DB = (-60.0, -40.0)
"""Level of an octave below the loudest, from (does not count) to (counts in full)."""

WIDTHS = (0.5, 1.5)
"""Of the side's factor: the bounds of ``Stereo.width``."""

LEAST_DB = 0.05
"""Of the sides' gain: less reads as 0.0, and nobody hears it."""

SIDE_DB = (-24.0, 12.0)
"""Of an octave's side at most: taken away it harms nothing, raised it brings up what coding left there."""

MOST_BAND_DB = 18.0
"""Of a band of the side's equaliser, beside the width of all."""

SIDE_BANDS, SIDE_TOLERANCE_DB = 6, 0.5
"""As many as nine octaves need, and how closely they are met: no width is heard more exactly."""


BETWEEN_OCTAVES, LEAST_DOUBT_DB = 0.4, 0.15
"""How far off side over mid is between parts of a song: the scale of a Cauchy distribution, as a share of its deviation
between octaves, and at least. Its tails are real: now and then another section is arranged another way. Chosen on
halves of two games' scores (docs/measured.md)."""

WIDENED_DB, NOBODY, USUALLY_WIDENED_DB = np.linspace(-6.0, 6.0, 601), 0.5, 2.0
"""By how much somebody may have widened; how probable it is, beforehand, that nobody did; and the deviation of it where
somebody did, dB."""

BETWEEN_SONGS_DB, MOST_OF_OTHERS_DB = 2.0, 1.5
"""By how much side over mid differs between songs of an album that nobody widened; and how far another song's width,
followed in part, leads at most: a larger difference is another arrangement. Chosen on demos of one game's score
(docs/measured.md)."""


def estimate_width(
    reference: FeatureArrays, target: FeatureArrays, eq: list[EqBand], follow: Following, tone: Tone
) -> tuple[Stereo | None, StageNote | None]:
    """The width that brings the target's sides to the reference's, and why; no note unless both are stereo.

    Judged after the equaliser ``eq``: it changes which octaves decide how wide all sounds. Of one song, as far
    as ``tone`` says that it may be one, one factor says what somebody is taken to have done; of another,
    ``follow`` says how much is taken, and never so much that all of the image ends further from the reference's than
    the equaliser left it.
    """
    if reference.side_to_mid_db is None or target.side_to_mid_db is None:
        return None, None
    if target.side_to_mid_db < NO_SIDE_DB:
        return None, StageNote(stage="stereo", sentence="The recording has no sides to widen.", applied=False)
    gain_db = response_db(eq, target.f_hz, target.rate_hz)
    given_db, level_db, all_given_db = _side_to_mid_db(target, gain_db)
    wanted_db, wanted_level_db, all_wanted_db = _side_to_mid_db(reference, np.zeros(len(reference.f_hz)))
    apart_db = wanted_db - given_db
    weights = between(level_db, *HEARD_DB) * between(wanted_level_db, *HEARD_DB) * between(given_db, NO_SIDE_DB, -45.0)
    if not weights.any():
        return None, None
    overall_db, all_apart_db = weighted_median(apart_db, weights), all_wanted_db - all_given_db
    nearer_db = float(np.clip(overall_db, min(all_apart_db, 0.0), max(all_apart_db, 0.0)))
    one_song = tone.familiarity
    if not tone.same_performance:
        spread_db = float(np.sqrt(np.average((apart_db - overall_db) ** 2, weights=weights)))
        overall_db = _widened_db(overall_db, max(BETWEEN_OCTAVES * spread_db, LEAST_DOUBT_DB))
    followed_db = follow.width * nearer_db
    if follow.cautious:
        followed_db *= _worth_following(nearer_db, BETWEEN_SONGS_DB)
        followed_db = MOST_OF_OTHERS_DB * float(np.tanh(followed_db / MOST_OF_OTHERS_DB))
    overall_db += tone.otherness * (followed_db - overall_db)
    side_eq: list[EqBand] = []
    if follow.by_octave and one_song < 1.0:
        wanted_gain_db = np.clip(follow.width * apart_db * weights, *SIDE_DB)
        overall_db = float(np.average(wanted_gain_db, weights=weights))
        rest_db = wanted_gain_db - float(amplitude_to_db(float(np.clip(db_to_amplitude(overall_db), *WIDTHS))))
        side_eq = _side_equaliser(rest_db, weights, target.rate_hz)
    width = float(np.clip(db_to_amplitude(overall_db), *WIDTHS))
    if abs(amplitude_to_db(width)) < LEAST_DB and not side_eq:
        return None, StageNote(stage="stereo", sentence="The width is left as it is.", applied=False)
    sentence = f"Sides {amplitude_to_db(width):+.1f} dB: {'wider' if width > 1 else 'narrower'}."
    if side_eq:
        sentence = f"Sides {overall_db:+.1f} dB on average, each octave by itself."
    if one_song < 1.0:
        sentence += f" The reference differs by {weighted_median(apart_db, weights):+.1f} dB after the equaliser."
    return Stereo(width=round(width, 4), side_eq=side_eq), StageNote(stage="stereo", sentence=sentence)


def _widened_db(apart_db: float, doubt_db: float) -> float:
    """What somebody widened by, where parts of a song lie so far apart: the median of what it may be, so that none at
    all is likeliest to come out as none."""
    prior = np.exp(-0.5 * (WIDENED_DB / USUALLY_WIDENED_DB) ** 2)
    prior *= (1 - NOBODY) / prior.sum()
    prior[len(prior) // 2] += NOBODY
    cumulated = np.cumsum(prior / (1 + ((apart_db - WIDENED_DB) / doubt_db) ** 2))
    return float(WIDENED_DB[np.searchsorted(cumulated, cumulated[-1] / 2)])


def _worth_following(apart_db: float, usual_db: float) -> float:
    return apart_db**2 / (apart_db**2 + usual_db**2)


def _side_to_mid_db(features: FeatureArrays, gain_db: Floats) -> tuple[Floats, Floats, float]:
    """Side over mid of every octave, the octave's level below the loudest [octaves], and side over mid of all, dB."""
    bandwidth = np.gradient(features.f_hz)
    mid, side = (db_to_power(level_db + gain_db) * bandwidth for level_db in (features.mid_db, features.side_db))
    nearest = np.abs(np.log2(features.f_hz[:, None] / np.array(OCTAVES_HZ))).argmin(axis=1)
    members = np.eye(len(OCTAVES_HZ))[nearest].T
    mids, sides = members @ mid, members @ side
    level_db = power_to_db(mids + sides, -200.0)
    ratio_db = power_to_db(sides, -200.0) - power_to_db(mids, -200.0)
    overall_db = power_to_db(float(side.sum()), -200.0) - power_to_db(float(mid.sum()), -200.0)
    return np.asarray(ratio_db), np.asarray(level_db - level_db.max()), float(overall_db)


def _side_equaliser(gain_db: Floats, weights: Floats, rate_hz: int) -> list[EqBand]:
    """Bands of the side whose response has these gains in the octaves."""
    octaves = np.log2(np.array(OCTAVES_HZ))
    at = np.linspace(octaves[0], octaves[-1], 6 * (len(octaves) - 1) + 1)
    curve = Curve(2**at, np.interp(at, octaves, gain_db), np.interp(at, octaves, weights), SIDE_TOLERANCE_DB)
    return fit_bands(curve, rate_hz, SIDE_BANDS, MOST_BAND_DB)
