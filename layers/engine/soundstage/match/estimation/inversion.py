"""From what two recordings sound like to the parameters that turn one's sound into the other's."""

from collections.abc import Callable

import numpy as np

from soundstage.arrays import Floats
from soundstage.match.analysis.level_distance import lufs_as_heard
from soundstage.match.analysis.tuning import apart_cents
from soundstage.match.estimation.chain_identification import Chained
from soundstage.match.estimation.eq_fit import fit_bands, in_words
from soundstage.match.estimation.evidence import between, lowest_point, weighted_median
from soundstage.match.estimation.reverb_estimation import Room, find_room, in_room, reverb_for
from soundstage.match.estimation.tonal_balance import UNLIKE_AMOUNT, Tone, compare_tone, expected_tone, tone_distance_db
from soundstage.match.estimation.transposition import transposed, transposition
from soundstage.models.errors import InvalidInput
from soundstage.models.style import (
    Amounts,
    Compressor,
    Exciter,
    Features,
    Limiter,
    LoudnessTarget,
    Mode,
    Pitch,
    Stage,
    StageNote,
    Stereo,
    StyleParams,
)

LOUDEST_CEILING_DBTP, USUAL_CEILING_DBTP = -0.1, -1.0
MOST_UNLIKE_LU, MOST_LIMITED_DB = 1.0, 16.0
NO_SIDE_DB = -55.0  # side over mid, below which there is nothing to widen
LOWEST_THRESHOLD_DB = -100.0
LEAST_CENTS, MOST_CENTS = 12.0, 42.0
MOST_SLOPE, LEAST_SLOPE = 0.9, 0.01  # of a compressor, 1 − 1/ratio
SLOPE_COST_DB2 = 0.02  # where levels tell nothing, no compressor
MOST_HARMONICS, LEAST_HARMONICS = 0.3, 0.005  # the exciter's mix
LEAST_SQUEEZE_OF_A_TAKE_DB, LEAST_SQUEEZE_DB = 0.1, 0.5
SHARES, INDIFFERENT_DB = 21, 0.02

# From (nothing of a stage) to (all of it); set on pairs of synthesised music, ``tests/bench/match.py``.
WORTH_DB = (0.01, 0.05)  # by how much nearer
LIKELY_ONE_SONG = (0.3, 0.5)
LIKE_ENOUGH_FOR_ROOMS, STRANGE_FOR_ROOMS = (0.75, 0.85), (1.6, 1.4)
SURE, FAMILIAR = (0.85, 0.95), (0.98, 0.88)  # enough for a compressor: confidence, strangeness
ONE_TAKE = (0.4, 0.5)  # strangeness, from one take to parts of a song
DULL_DB, AIRLESS_DB = (13.0, 15.0), (43.0, 47.0)


def invert_params(
    reference: Features,
    target: Features,
    mode: Mode = "B",
    amounts: Amounts | None = None,
    *,
    chained: Chained | None = None,
) -> StyleParams:
    """Find the style that brings ``target`` to ``reference``.

    Mode B compares statistics. Mode A also takes ``chained``, what ``identify_chain`` found between the two recordings
    of one performance. A stage that would increase the distance is reduced or left out, and its note says so; so is
    what only other music may explain, unless ``amounts`` ask for it.

    Raises:
        InvalidInput: mode A without ``chained``, or silence.
    """
    if reference.loudness.integrated_lufs is None or target.loudness.integrated_lufs is None:
        raise InvalidInput("One of the recordings is silent or shorter than 0.4 seconds, so there is nothing to match.")
    if mode == "A" and chained is None:
        raise InvalidInput("Mode A needs both recordings side by side: identify the chain first.")
    params = StyleParams(mode=mode, amounts=amounts or Amounts(), input_lufs=target.loudness.integrated_lufs)
    one_song = 1.0
    if mode == "A" and chained is not None:
        _take_chain(params, chained)
    else:
        target = _match_pitch(params, reference, target)
        tone = compare_tone(reference, target)
        one_song = tone.one_song
        # Between other songs, long notes of one pass for a room that the other is not in.
        comparable = float(
            between(tone.likeness, *LIKE_ENOUGH_FOR_ROOMS) * between(tone.strangeness, *STRANGE_FOR_ROOMS)
        )
        comparable = 1.0 if params.amounts.ask_for("reverb") else comparable
        room = find_room(reference, target, comparable) if comparable and not tone.same_performance else None
        ringing = in_room(target, room) if room else target
        if room:
            _match_reverb(params, target, room)
            tone = compare_tone(reference, ringing)
        else:
            why = "The reference rings no longer than the target." if comparable else "Other music tells no room."
            _note(params, "reverb", why, applied=False)
        _match_tone(params, reference, ringing, tone)
        _match_width(params, reference, ringing, tone)
        # A room fills the gaps, too: so much of the spread as it explains is no compressor's.
        _match_dynamics(params, reference, target, tone, trust=1.0 - room.trust if room else 1.0)
        _match_air(params, reference, target)
    _match_loudness(params, reference, target, one_song)
    if params.limiter and chained and chained.limiter_release_ms:
        params.limiter.release_ms = chained.limiter_release_ms
    return params


def _note(params: StyleParams, stage: Stage, sentence: str, *, applied: bool = True) -> None:
    params.notes.append(StageNote(stage=stage, sentence=sentence, applied=applied))


def _take_chain(params: StyleParams, chained: Chained) -> None:
    params.eq, params.compressor, params.reverb = chained.eq, chained.compressor, chained.reverb
    for stage, sentence in chained.sentences.items():
        _note(params, stage, sentence)
    if chained.width is not None:
        params.stereo = Stereo(width=float(np.clip(chained.width, 0.5, 1.5)))


def _match_pitch(params: StyleParams, reference: Features, target: Features) -> Features:
    """The pitch to move by, where that is certain; returns the target's features as they are then."""
    semitones = transposition(reference, target)
    if semitones is None:
        cents = apart_cents(reference, target)
        if cents is None or not LEAST_CENTS <= abs(cents) <= MOST_CENTS:
            why = "neither lies clearly between the notes" if cents is None else "both are tuned alike"
            why = "they are tuned too far apart to tell which way" if cents and abs(cents) > MOST_CENTS else why
            _note(params, "pitch", f"The pitch is left as it is: {why}.", applied=False)
            return target
        semitones = cents / 100
        _note(params, "pitch", f"The reference is tuned {cents:+.0f} cents against the target, which follows it.")
    else:
        _note(params, "pitch", f"The reference is the same performance, {semitones:+.2f} semitones away.")
    params.pitch = Pitch(semitones=round(float(np.clip(semitones, -3, 3)), 4))
    return transposed(target, params.pitch.semitones * params.amounts.pitch)


def _match_tone(params: StyleParams, reference: Features, target: Features, tone: Tone) -> None:
    asked = params.amounts.ask_for("eq")
    curve = expected_tone(tone, target.rate_hz, asked=asked)
    before = tone_distance_db(reference, target)
    share = 1.0 if asked else _nearest_share(lambda s: tone_distance_db(reference, target, curve.scaled(s)))
    curve = curve.scaled(share)
    params.eq = [band for band in fit_bands(curve, target.rate_hz) if abs(band.gain_db) >= 0.05]
    if not params.eq:
        _note(params, "eq", "The tone is left as it is: no equaliser would bring it closer.", applied=False)
        return
    after = tone_distance_db(reference, target, curve)
    cautious = tone.confidence * share
    reason = "" if cautious > 0.99 else f" Only {cautious:.0%} of the difference is taken: the rest is other music."
    if reason and asked:
        reason = f" All of the difference was asked for; a match takes {cautious:.0%}, as the rest may be other music."
    _note(params, "eq", f"{in_words(params.eq)} Tone distance {before:.2f} → {after:.2f} dB.{reason}")


def _nearest_share(distance_db: Callable[[float], float]) -> float:
    """How much of a change brings nearest: 0 to 1, and less of it where that is hardly nearer than none."""
    shares = np.linspace(0.0, 1.0, SHARES)
    distances = np.array([distance_db(share) for share in shares])
    # Where the distance is flat, the larger share is the one to take.
    costs = distances + INDIFFERENT_DB * (1 - shares) ** 2
    best = lowest_point(shares, costs)
    return best * float(between(distances[0] - np.interp(best, shares, distances), *WORTH_DB))


def _match_width(params: StyleParams, reference: Features, target: Features, tone: Tone) -> None:
    wanted, given = reference.stereo.side_to_mid_db, target.stereo.side_to_mid_db
    if wanted is None or given is None:
        return
    if given < NO_SIDE_DB:
        _note(params, "stereo", "The recording has no sides to widen.", applied=False)
        return
    f_hz = np.array(target.spectrum.f_hz)
    side_given = np.array(target.spectrum.side_db)
    ratio_given = side_given - np.array(target.spectrum.mid_db)
    ratio_wanted = np.interp(
        f_hz, reference.spectrum.f_hz, np.array(reference.spectrum.side_db) - np.array(reference.spectrum.mid_db)
    )
    # Every band's opinion counts by how much side it holds, up to 30 dB below the most.
    weight = np.clip(side_given - side_given.max() + 30, 0, None) * np.gradient(np.log2(f_hz))
    apart = ratio_wanted - ratio_given
    asked = params.amounts.ask_for("stereo")
    middle = weighted_median(apart, weight) * (1.0 if asked else tone.confidence)
    # Between different takes the bands disagree; what they agree on no better than that is chance.
    if not tone.same_performance and not asked:
        doubt = weighted_median(np.abs(apart - middle), weight)
        middle *= middle**2 / (middle**2 + doubt**2 + 1e-12)
    before, after = (float(np.average(np.abs(apart - moved), weights=weight)) for moved in (0.0, middle))
    if not asked:
        middle *= float(between(before - after, *WORTH_DB))
    width = float(np.clip(10 ** (middle / 20), 0.5, 1.5))
    if round(width, 4) == 1.0:
        _note(params, "stereo", "The width is left as it is.", applied=False)
        return
    params.stereo = Stereo(width=round(width, 4))
    turned = "wider" if width > 1 else "narrower"
    _note(params, "stereo", f"Sides {20 * np.log10(width):+.1f} dB: {turned} by {abs(width - 1):.0%}.")


def _match_dynamics(params: StyleParams, reference: Features, target: Features, tone: Tone, trust: float) -> None:
    """A compressor that brings the levels' spread nearer; ``trust`` 0 to 1 is how much of it nothing else explains."""
    wanted, given = np.array(reference.dynamics.level_db), np.array(target.dynamics.level_db)
    if not len(wanted) or not len(given):
        return
    # The quiet fifth is pauses and fades; a compressor is not about those.
    wanted, given = wanted[3:], given[3:]
    threshold, slope = _nearest_knee(wanted, given)
    before, after = (_apart(wanted - _squeezed(given, threshold, part)) for part in (0.0, slope))
    # Of one take the levels are alike but for a compressor; parts of a song differ anyway.
    take, parts = LEAST_SQUEEZE_OF_A_TAKE_DB, LEAST_SQUEEZE_DB
    least = take + (parts - take) * float(between(tone.strangeness, *ONE_TAKE))
    nearer = float(between(before - after, 0.8 * least, 1.2 * least) * between(after / (before + 1e-9), 0.8, 0.7))
    if not nearer:
        _note(params, "compressor", "The dynamics are alike enough to leave them.", applied=False)
        return
    sure = float(between(tone.confidence, *SURE) * between(tone.strangeness, *FAMILIAR))
    slope *= nearer * trust * (1.0 if params.amounts.ask_for("compressor") else sure)
    if slope < LEAST_SLOPE:
        _note(params, "compressor", "The dynamics differ, but so does the music: left as they are.", applied=False)
        return
    mean_dbfs = (target.true_peak_dbtp or 0.0) - target.dynamics.crest_db
    threshold_db = round(max(mean_dbfs + threshold, LOWEST_THRESHOLD_DB), 2)
    ratio, after = round(1 / (1 - slope), 3), _apart(wanted - _squeezed(given, threshold, slope))
    params.compressor = Compressor(threshold_db=threshold_db, ratio=ratio, attack_ms=10, release_ms=150)
    sentence = f"Ratio {ratio:.1f} above {threshold_db:.1f} dBFS: levels lie {before:.1f} → {after:.1f} dB apart."
    _note(params, "compressor", sentence)


def _nearest_knee(wanted: Floats, given: Floats) -> tuple[float, float]:
    """Threshold, dB, and slope, 1 − 1/ratio, that bring levels [n] nearest in the mean square: ever finer grids."""
    at, reach = np.array([(given[0] + given[-1]) / 2, MOST_SLOPE / 2]), np.array([np.ptp(given) / 2, MOST_SLOPE / 2])
    for _ in range(6):
        thresholds, slopes = (
            np.linspace(middle - half, middle + half, 13) for middle, half in zip(at, reach, strict=True)
        )
        slopes = np.clip(slopes, 0.0, MOST_SLOPE)
        apart = wanted - _squeezed(given, thresholds[:, None, None], slopes[:, None])
        costs = apart.var(axis=2) + SLOPE_COST_DB2 * slopes**2
        best = np.unravel_index(np.argmin(costs), costs.shape)
        at, reach = np.array([thresholds[best[0]], slopes[best[1]]]), reach / 3
    return float(np.clip(at[0], given[0], given[-1])), float(at[1])


def _squeezed(levels_db: Floats, threshold_db: Floats | float, slope: Floats | float) -> Floats:
    return np.asarray(levels_db - np.maximum(levels_db - threshold_db, 0) * slope)


def _apart(difference: Floats) -> float:
    return float(np.mean(np.abs(difference - np.median(difference))))


def _match_reverb(params: StyleParams, target: Features, room: Room) -> None:
    params.reverb = reverb_for(room, target)
    mix_db = 20 * np.log10(params.reverb.mix + 1e-9)
    _note(
        params,
        "reverb",
        f"The reference rings for {room.rt60_s:.1f} s where the target does not: a tail of {mix_db:+.0f} dB is added. "
        f"It explains {1 - room.explains:.0%} of how differently they fall.",
    )


def _match_air(params: StyleParams, reference: Features, target: Features) -> None:
    """Where the target holds almost nothing, an equaliser lifts only noise; harmonics have to be made."""
    mel_hz = np.array(target.mel.f_hz)
    air, body = (mel_hz > 9000) & (mel_hz < 0.4 * target.rate_hz), (mel_hz > 2000) & (mel_hz < 5000)
    if not air.any():
        return
    lacks = []
    for features in (reference, target):
        loud = np.array(features.mel.levels_db)[-1]
        lacks.append(float(loud[body].mean() - loud[air].mean()))
    mix = MOST_HARMONICS * float(between(lacks[1] - lacks[0], *DULL_DB) * between(lacks[1], *AIRLESS_DB))
    if mix < LEAST_HARMONICS:
        return
    params.exciter = Exciter(f_hz=3000.0, drive_db=18.0, mix=round(mix, 4))
    _note(
        params, "exciter", f"There is {lacks[1] - lacks[0]:.0f} dB less air than in the reference: harmonics are added."
    )


def _match_loudness(params: StyleParams, reference: Features, target: Features, one_song: float) -> None:
    wanted, given = lufs_as_heard(reference, target.channels), target.loudness.integrated_lufs
    assert wanted is not None  # noqa: S101 - invert_params has looked
    assert given is not None  # noqa: S101
    peak = reference.true_peak_dbtp if reference.true_peak_dbtp is not None else USUAL_CEILING_DBTP
    ceiling = float(np.clip(peak, USUAL_CEILING_DBTP, LOUDEST_CEILING_DBTP))
    landed, short = wanted, ""
    if not params.amounts.ask_for("lufs"):
        most = max(ceiling + MOST_LIMITED_DB - (target.true_peak_dbtp or 0.0), 0.0)
        if doubt := 1.0 - float(between(one_song, *LIKELY_ONE_SONG)):
            cautious = given + float(np.clip(UNLIKE_AMOUNT * (wanted - given), -MOST_UNLIKE_LU, MOST_UNLIKE_LU))
            landed = wanted + doubt * (cautious - wanted)
            short = f", not {wanted:.1f}: other music may be as loud by itself. An amount for lufs goes all the way"
        if landed - given > most:
            landed = given + most
            short = f", not {wanted:.1f}: more than {MOST_LIMITED_DB:.0f} dB of limiting would be left"
    params.lufs = LoudnessTarget(target_db=round(landed, 3), gain_db=round(landed - given, 3))
    _note(params, "lufs", f"Loudness {given:.1f} → {landed:.1f} LUFS{short}.")
    params.limiter = Limiter(tp_db=round(ceiling, 2))
    _note(params, "limiter", f"Peaks stay below {ceiling:.1f} dBTP.")
