"""Mode A: which chain made one recording of a performance from the other.

Aligned, the two are input and output of a system. Its short impulse response tells an equaliser; what that leaves is
either a room, which a long response explains, or a gain that moves, which a compressor and a limiter explain.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from soundstage.allocator import give_back_unused_memory
from soundstage.arrays import Floats, Samples
from soundstage.audio.decibels import amplitude_to_db, db_to_amplitude, power_to_db
from soundstage.audio.stereo import middle
from soundstage.audio.streams import Reader
from soundstage.match.analysis.alignment import Aligned, align, long_enough, sampled
from soundstage.match.analysis.bands import band_centres_hz, frame_band_means
from soundstage.match.estimation.deconvolution import impulse_response, unexplained_db
from soundstage.match.estimation.dynamics_fit import FIT_S, fit_dynamics
from soundstage.match.estimation.eq_fit import fit_bands, in_words
from soundstage.match.estimation.evidence import between, known_median, weighted_median
from soundstage.match.estimation.expected_response import NARROW_TOO, Difference, expected_response
from soundstage.match.estimation.room_identification import LEAD, equalised, identify_room
from soundstage.models.errors import MediaRejected
from soundstage.models.style import Compressor, EqBand, Reverb, Stage

LEAST_AGREEMENT, SURE_AGREEMENT = 0.15, 0.6
"""Correlation of the aligned recordings: below the first they certainly, from the second on certainly not, hold
different performances. Chosen on parts of songs that share their drums, and on coded, equalised and limited copies."""

OTHER_MUSIC_DB = -4.5
"""What a short response may leave unexplained of the same performance: drums that parts of one song share, and that lie
on one another, explain less."""

SHORT_TAPS = 4096
"""Of the response that tells an equaliser: 93 ms at 44.1 kHz, as long as bass filters ring."""

LINEAR_DB = -35.0
"""What a short response leaves of an equalised copy, chosen above what 16 bits and codecs leave."""

ROOM_S, ROOM_EXPLAINS_DB = 2.2, 6.0
"""Length of the response that a room has, and by how much it must explain more than a short one; a gain that moves is
not explained by any."""

EARLY_TAPS, EARLY_EXPLAINS_DB = 16_384, 1.0
"""A room begins early: what .4 s explain more than a short response tells whether a long one, three times as dear, is
looked for. Chosen: of made rooms 9 to 16 dB, of limited masters .1 to .3; of a tail that falls by 60 dB in 8 s, 2."""

SIDES_DB, NO_SIDE_DB = (-33.0, -27.0), -120.0
"""Level of a band's side below the band with the most, from (nothing) to (the width is heard in it); and the unscaled
power of the loudest band that is no side."""

NO_POWER_DB = -160.0
"""Floor of unscaled powers whose ratio is taken, far below what 24 bits hold."""

LOUD_PERCENTILE, RANGE_DB = 40.0, 90.0
"""A band is compared in frames in which it is louder than in 40 % of them, down to 90 dB below the loudest of all."""

OFTEN_HEARD, LEAST_FRAMES = (0.05, 0.15), 4
"""Share of the frames in which a band tells the equaliser, from (nothing) to (all), and their least number."""

CUT_OFF_DB, CUT_OFF_SOFTLY_DB, CUT_OFF_BANDS = 20.0, 2.0, 6
"""How far below the median ratio of all bands the reference is cut off by coding, more or less, and a quarter of an
octave of transition, which counts as cut off, too. No equaliser is meant by that."""

LEAST_DOUBT_DB = 0.02
"""Deviation of a band's ratio at least: what rounding and dither leave."""

LEAST_GAIN_DB = 0.05
"""Of a band that is kept."""

MOVING_DB, UNEXPLAINED = 0.3, 0.9
"""Mean deviation of the gain from which on it moves, and the share of it that a compressor may leave unexplained."""

NO_PEAK_DB = -180.0
"""Floor of sample peaks, and of the width in a sentence."""


@dataclass(frozen=True)
class Chained:
    """The chain that was found.

    Attributes:
        aligned: both recordings, brought together.
        eq: the bands of its equaliser.
        compressor, reverb, width: None where it has none; the width is the factor of the side.
        limiter_release_ms: None where nothing tells it.
        sentences: how each stage showed.
    """

    aligned: Aligned
    eq: list[EqBand]
    compressor: Compressor | None = None
    limiter_release_ms: float | None = None
    reverb: Reverb | None = None
    width: float | None = None
    sentences: dict[Stage, str] = field(default_factory=dict)


def identify_chain(reference: Reader, target: Reader, durations_s: tuple[float, float] | None = None) -> Chained:
    """The chain that makes the target's sound into the reference's, where both hold one performance.

    Whether they do, and in which room, their beginnings tell; where ``durations_s`` (of the reference, the target) are
    known, all the rest is found in pieces from all over them.

    Raises:
        MediaRejected: they hold different ones (DIFFERENT_PERFORMANCES), or a recording cannot be read.
    """
    aligned = align(reference, target)
    if abs(aligned.agreement) < LEAST_AGREEMENT:
        raise MediaRejected("DIFFERENT_PERFORMANCES")
    x, y = aligned.target, aligned.reference
    short_db = _unexplained_by_short_db(x, y)
    if short_db > LINEAR_DB:
        # A change of width leaves the middle explained, a room that differs from side to side a single side.
        short_db = min(short_db, _unexplained_by_short_db(x[:, 0], y[:, 0]))
    if short_db > OTHER_MUSIC_DB and aligned.agreement < SURE_AGREEMENT:
        raise MediaRejected("DIFFERENT_PERFORMANCES")
    if short_db > LINEAR_DB and _unexplained_by_short_db(x[:, 0], y[:, 0], EARLY_TAPS) < short_db - EARLY_EXPLAINS_DB:
        response = impulse_response(x[:, 0], y[:, 0], round(ROOM_S * aligned.rate_hz), LEAD)
        if unexplained_db(x[:, 0], y[:, 0], response, LEAD) < short_db - ROOM_EXPLAINS_DB:
            room = identify_room(aligned, response)
            return Chained(aligned, room.eq, reverb=room.reverb, sentences=room.sentences)
    if durations_s and long_enough(aligned, durations_s):
        opening = replace(aligned, reference=np.zeros_like(y[:0]), target=np.zeros_like(x[:0]))
        del aligned, x, y  # not even as views: there is room for a minute of sound at a time
        aligned = sampled(opening, reference, target, durations_s) or align(reference, target)
        if short_db <= LINEAR_DB and aligned.pieces > 1:
            short_db = _unexplained_by_short_db(aligned.target, aligned.reference)
    return _without_room(aligned, gain_moves=short_db > LINEAR_DB)


def _unexplained_by_short_db(x: Samples, y: Samples, taps: int = SHORT_TAPS) -> float:
    return unexplained_db(x, y, impulse_response(x, y, taps, LEAD), LEAD)


def _without_room(aligned: Aligned, *, gain_moves: bool) -> Chained:
    """Width and equaliser; and compressor and limiter where the gain moves."""
    sentences: dict[Stage, str] = {}
    give_back_unused_memory()
    middles = [frame_band_means(middle(z), aligned.rate_hz) for z in (aligned.target, aligned.reference)]
    width = _width(aligned, middles)
    if width is not None:
        width_db = amplitude_to_db(width, NO_PEAK_DB)
        sentences["stereo"] = f"The sides are {width_db:+.1f} dB against the middle."
    eq = _equaliser(middles, aligned.rate_hz)
    sentences["eq"] = f"{aligned.words()}. {in_words(eq, aligned.rate_hz)}"
    if not gain_moves:
        return Chained(aligned, eq, width=width, sentences=sentences)
    x, y, rate_hz = aligned.target, aligned.reference, aligned.rate_hz
    ceiling_db = amplitude_to_db(max(float(y.max()), -float(y.min())), NO_PEAK_DB)
    del middles
    give_back_unused_memory()
    x, y = (_beginnings(sound, aligned.pieces, round(FIT_S * rate_hz)) for sound in (x, y))
    fit = fit_dynamics(equalised(x, eq, rate_hz), y, rate_hz, ceiling_db)
    compressor = None
    if fit.steady_db >= MOVING_DB and fit.error_db <= UNEXPLAINED * fit.steady_db:
        compressor = fit.dynamics.compressor()
        times = f"{compressor.attack_ms:.0f}/{compressor.release_ms:.0f} ms"
        sentences["compressor"] = (
            f"Ratio {compressor.ratio:.1f} above {compressor.threshold_db:.1f} dBFS, {times}: of "
            f"{fit.steady_db:.1f} dB of moving gain {fit.error_db:.1f} dB stay unexplained."
        )
    release_ms = round(fit.dynamics.limiter_release_ms, 1)
    return Chained(aligned, eq, compressor, limiter_release_ms=release_ms, width=width, sentences=sentences)


def _beginnings(sound: Samples, pieces: int, frames: int) -> Samples:
    """``frames`` of [frames, channels], or fewer, in equal parts from the beginnings of its pieces."""
    return sound.reshape(pieces, -1, sound.shape[1])[:, : frames // pieces].reshape(-1, sound.shape[1])


def _width(aligned: Aligned, middles: list[Floats]) -> float | None:
    """The factor of the side: the median of side over mid in every narrow band, reference against target.

    ``middles`` are the band means of the target's middle and of the reference's: [frames, bands] each.

    None where either recording is not stereo, or the target has no side.
    """
    x, y, rate_hz = aligned.target, aligned.reference, aligned.rate_hz
    if x.shape[1] != 2:
        return None
    sides = (frame_band_means((z[:, 0] - z[:, 1]) / 2, rate_hz) for z in (x, y))
    given_db, wanted_db = (_mean_levels_db(side) for side in sides)
    given_mid_db, wanted_mid_db = (_mean_levels_db(mid) for mid in middles)
    if given_db.max() < NO_SIDE_DB:
        return None
    weights = between(given_db - given_db.max(), *SIDES_DB)
    ratio_db = (wanted_db - wanted_mid_db) - (given_db - given_mid_db)
    return round(db_to_amplitude(weighted_median(ratio_db, weights)), 4)


def _mean_levels_db(band_powers: Floats) -> Floats:
    power: Floats = band_powers.mean(axis=0)
    return power_to_db(power, NO_POWER_DB)


def _equaliser(middles: list[Floats], rate_hz: int) -> list[EqBand]:
    """The bands that make the median over time of each band's ratio, without the gain that all bands share.

    ``middles`` as in ``_width``.
    """
    given_db, wanted_db = (power_to_db(power, NO_POWER_DB) for power in middles)
    ratio_db = wanted_db - given_db
    audible = (given_db > np.percentile(given_db, LOUD_PERCENTILE, axis=0)) & (given_db > given_db.max() - RANGE_DB)
    ratio_db[~audible] = np.nan
    frames = audible.sum(axis=0)
    ratio_db[:, frames <= LEAST_FRAMES] = 0.0
    often = between(audible.mean(axis=0), *OFTEN_HEARD) * (frames > LEAST_FRAMES)
    evidence = often * _not_cut_off(known_median(ratio_db))
    usable = evidence > 0.5
    telling = audible[:, usable].any(axis=1)
    ratio_db[telling] -= known_median(ratio_db[telling][:, usable].T)[:, None]
    apart_db = known_median(ratio_db)
    deviation_db = LEAST_DOUBT_DB + known_median(np.abs(ratio_db - apart_db)) / np.sqrt(len(audible))
    difference = Difference(band_centres_hz(rate_hz), apart_db, (2 * deviation_db) ** 2, evidence)
    bands = fit_bands(expected_response(difference, rate_hz, NARROW_TOO), rate_hz)
    return [band for band in bands if abs(band.gain_db) >= LEAST_GAIN_DB]


def _not_cut_off(ratio_db: Floats) -> Floats:
    """Whether the reference holds something in each band: [bands], 0 to 1; coding cuts off the top."""
    above_db = ratio_db - np.median(ratio_db) + CUT_OFF_DB
    held = between(above_db, -CUT_OFF_SOFTLY_DB, CUT_OFF_SOFTLY_DB)
    at_or_above = np.maximum.accumulate(held[::-1])[::-1]
    reach = np.minimum(np.arange(len(held)) + CUT_OFF_BANDS, len(held) - 1)
    return np.asarray(at_or_above[reach])
