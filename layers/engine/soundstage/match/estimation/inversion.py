"""From what two recordings sound like to the parameters that turn one's sound into the other's."""

import numpy as np

from soundstage.arrays import Floats
from soundstage.match.analysis.level_distance import lufs_as_heard
from soundstage.match.analysis.tuning import apart_cents
from soundstage.match.estimation.chain_identification import Chained
from soundstage.match.estimation.eq_fit import in_words
from soundstage.match.estimation.reverb_estimation import Room, find_room, in_room, reverb_for
from soundstage.match.estimation.tonal_balance import UNLIKE_AMOUNT, Tone, compare_tone, fit_tone, tone_distance_db
from soundstage.match.estimation.transposition import transposed, transposition
from soundstage.models.errors import InvalidInput
from soundstage.models.style import (
    Amounts,
    Compressor,
    EqBand,
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

LOUDEST_CEILING_DBTP = -0.1
LIKELY_ONE_SONG = 0.4
MOST_UNLIKE_LU = 1.0
MOST_LIMITED_DB = 16.0
USUAL_CEILING_DBTP = -1.0
BETTER_BY_DB = 0.02
NO_SIDE_DB = -55.0
DULL_DB = 14.0
LIKE_ENOUGH_FOR_ROOMS, STRANGE_FOR_ROOMS = 0.8, 1.5
SURE, FAMILIAR = 0.9, 0.93
LOWEST_THRESHOLD_DB = -100.0
LEAST_CENTS, MOST_CENTS = 12.0, 42.0
ONE_TAKE = 0.45
LEAST_SQUEEZE_OF_A_TAKE_DB, LEAST_SQUEEZE_DB = 0.1, 0.5


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
        comparable = tone.likeness >= LIKE_ENOUGH_FOR_ROOMS and tone.strangeness < STRANGE_FOR_ROOMS
        comparable |= params.amounts.ask_for("reverb")
        room = find_room(reference, target) if comparable and not tone.same_performance else None
        ringing = in_room(target, room) if room else target
        if room:
            _match_reverb(params, target, room)
            tone = compare_tone(reference, ringing)
        else:
            why = "The reference rings no longer than the target." if comparable else "Other music tells no room."
            _note(params, "reverb", why, applied=False)
        _match_tone(params, reference, ringing, tone)
        _match_width(params, reference, ringing, tone)
        if not room:
            _match_dynamics(params, reference, target, tone)
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
    bands = fit_tone(tone, target.rate_hz, asked=asked)
    before = tone_distance_db(reference, target, [])
    possible = (1.0,) if asked else (1.0, 0.75, 0.5, 0.25)
    shares = {share: tone_distance_db(reference, target, _scaled(bands, share)) for share in possible}
    share = min(shares, key=lambda s: shares[s])
    if not bands or (shares[share] > before - BETTER_BY_DB and not asked):
        _note(params, "eq", "The tone is left as it is: no equaliser would bring it closer.", applied=False)
        return
    params.eq = [band for band in _scaled(bands, share) if abs(band.gain_db) >= 0.05]
    cautious = tone.confidence * share
    reason = "" if cautious > 0.99 else f" Only {cautious:.0%} of the difference is taken: the rest is other music."
    if reason and asked:
        reason = f" All of the difference was asked for; a match takes {cautious:.0%}, as the rest may be other music."
    _note(params, "eq", f"{in_words(params.eq)} Tone distance {before:.2f} → {shares[share]:.2f} dB.{reason}")


def _scaled(bands: list[EqBand], share: float) -> list[EqBand]:
    return [band.model_copy(update={"gain_db": round(band.gain_db * share, 3)}) for band in bands]


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
    middle = _weighted_median(apart, weight) * (1.0 if asked else tone.confidence)
    # Between different takes the bands disagree; what they agree on no better than that is chance.
    if not tone.same_performance and not asked:
        doubt = _weighted_median(np.abs(apart - middle), weight)
        middle *= middle**2 / (middle**2 + doubt**2 + 1e-12)
    width = float(np.clip(10 ** (middle / 20), 0.5, 1.5))
    before, after = (float(np.average(np.abs(apart - moved), weights=weight)) for moved in (0.0, 20 * np.log10(width)))
    if after > before - BETTER_BY_DB and not asked:
        _note(params, "stereo", "The width is left as it is.", applied=False)
        return
    params.stereo = Stereo(width=round(width, 4))
    turned = "wider" if width > 1 else "narrower"
    _note(params, "stereo", f"Sides {20 * np.log10(width):+.1f} dB: {turned} by {abs(width - 1):.0%}.")


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    cumulated = np.cumsum(weights[order])
    if cumulated[-1] <= 0:
        return 0.0
    return float(np.interp(0.5 * cumulated[-1], cumulated - weights[order] / 2, values[order]))


def _match_dynamics(params: StyleParams, reference: Features, target: Features, tone: Tone) -> None:
    wanted, given = np.array(reference.dynamics.level_db), np.array(target.dynamics.level_db)
    if not len(wanted) or not len(given):
        return
    # The quiet fifth is pauses and fades; a compressor is not about those.
    wanted, given = wanted[3:], given[3:]
    before = _apart(wanted - given)
    best, after = None, before
    for threshold in np.linspace(given[0], given[-1], 12)[:-1]:
        for ratio in (1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0, 10.0):
            squeezed = given - np.maximum(given - threshold, 0) * (1 - 1 / ratio)
            distance = _apart(wanted - squeezed)
            if distance < after:
                best, after = (float(threshold), ratio), distance
    # Of one take the levels are alike but for a compressor; parts of a song differ anyway.
    least = LEAST_SQUEEZE_OF_A_TAKE_DB if tone.strangeness < ONE_TAKE else LEAST_SQUEEZE_DB
    if best is None or after > 0.75 * before or before - after < least:
        _note(params, "compressor", "The dynamics are alike enough to leave them.", applied=False)
        return
    sure = tone.confidence >= SURE and tone.strangeness < FAMILIAR
    if not sure and not params.amounts.ask_for("compressor"):
        _note(params, "compressor", "The dynamics differ, but so does the music: left as they are.", applied=False)
        return
    mean_dbfs = (target.true_peak_dbtp or 0.0) - target.dynamics.crest_db
    threshold_db = round(max(mean_dbfs + best[0], LOWEST_THRESHOLD_DB), 2)
    params.compressor = Compressor(threshold_db=threshold_db, ratio=best[1], attack_ms=10, release_ms=150)
    sentence = f"Ratio {best[1]:g} above {threshold_db:.1f} dBFS: levels lie {before:.1f} → {after:.1f} dB apart."
    _note(params, "compressor", sentence)


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
    if lacks[1] - lacks[0] < DULL_DB or lacks[1] < 45:
        return
    params.exciter = Exciter(f_hz=3000.0, drive_db=18.0, mix=0.3)
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
        if one_song < LIKELY_ONE_SONG:
            landed = given + float(np.clip(UNLIKE_AMOUNT * (wanted - given), -MOST_UNLIKE_LU, MOST_UNLIKE_LU))
            short = f", not {wanted:.1f}: other music may be as loud by itself. An amount for lufs goes all the way"
        if landed - given > most:
            landed = given + most
            short = f", not {wanted:.1f}: more than {MOST_LIMITED_DB:.0f} dB of limiting would be left"
    params.lufs = LoudnessTarget(target_db=round(landed, 3), gain_db=round(landed - given, 3))
    _note(params, "lufs", f"Loudness {given:.1f} → {landed:.1f} LUFS{short}.")
    params.limiter = Limiter(tp_db=round(ceiling, 2))
    _note(params, "limiter", f"Peaks stay below {ceiling:.1f} dBTP.")
