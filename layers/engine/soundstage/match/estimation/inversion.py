"""From the features of two recordings to the parameters that turn one's sound into the other's."""

import numpy as np

from soundstage.audio.decibels import amplitude_to_db
from soundstage.match.analysis.feature_arrays import FeatureArrays, as_arrays
from soundstage.match.analysis.tuning import apart_cents
from soundstage.match.estimation.chain_identification import LEAST_GAIN_DB, Chained
from soundstage.match.estimation.compressor_estimation import estimate_compressor
from soundstage.match.estimation.eq_fit import MAX_GAIN_DB, fit_bands, in_words
from soundstage.match.estimation.exciter_estimation import estimate_exciter
from soundstage.match.estimation.following import Following, following
from soundstage.match.estimation.loudness_estimation import estimate_loudness
from soundstage.match.estimation.reverb_estimation import Room, find_room, in_room, reverb_for
from soundstage.match.estimation.tonal_balance import Tone, compare_tone
from soundstage.match.estimation.tone_following import expected_tone
from soundstage.match.estimation.transposition import transposed, transposition
from soundstage.match.estimation.width_estimation import WIDTHS, estimate_width
from soundstage.match.rendering.eq_response import scaled_bands
from soundstage.match.stage_notes import as_asked
from soundstage.models.errors import InvalidInput
from soundstage.models.style import (
    MAX_EQ_BANDS,
    Amounts,
    EqBand,
    Features,
    Limiter,
    Mode,
    Pitch,
    Reverb,
    StageNote,
    Stereo,
    Strength,
    StyleParams,
)

CENTS = (12.0, 42.0)
"""Differences of tuning that are followed: less is not heard between recordings, more might as well be meant the other
way."""

MOST_SEMITONES = 3.0
"""Of the pitch stage, up and down."""


def invert_params(
    reference: Features | FeatureArrays,
    target: Features | FeatureArrays,
    mode: Mode = "B",
    amounts: Amounts | None = None,
    *,
    strength: Strength = "natural",
    chained: Chained | None = None,
) -> StyleParams:
    """Find the style that brings ``target`` to ``reference``.

    Args:
        reference, target: features of the recordings.
        mode: B compares statistics; A takes ``chained``.
        amounts: how much of each stage. Of another song, pitch, room and compressor are followed only where they ask
            for it, and of what they ask for, all of the difference.
        strength: how much of another song is followed.
        chained: what ``identify_chain`` found between two recordings of one performance.

    Raises:
        InvalidInput: mode A without ``chained``, or silence.
    """
    reference, target = as_arrays(reference), as_arrays(target)
    if reference.integrated_lufs is None or target.integrated_lufs is None:
        raise InvalidInput("One of the recordings is silent or shorter than 0.4 seconds, so there is nothing to match.")
    if mode == "A" and chained is None:
        raise InvalidInput("Mode A needs both recordings side by side: identify the chain first.")
    empty = StyleParams(mode=mode, amounts=amounts or Amounts(), input_lufs=target.integrated_lufs)
    if mode == "A" and chained is not None:
        params, same = _of_chain(empty, chained), True
    else:
        params, same = _by_statistics(empty, reference, target, strength)
    other = None if same else following(strength, "lufs", params.amounts)
    lufs, limiter, notes = estimate_loudness(reference, target, params.amounts, other)
    if chained and chained.limiter_release_ms:
        limiter = Limiter(tp_db=limiter.tp_db, release_ms=chained.limiter_release_ms)
    told = as_asked([*params.notes, *notes], params.amounts)
    return params.model_copy(update={"lufs": lufs, "limiter": limiter, "notes": told})


def _of_chain(params: StyleParams, chained: Chained) -> StyleParams:
    """The stages of a chain that was identified; the loudness is still to come."""
    width = None if chained.width is None else float(np.clip(chained.width, *WIDTHS))
    return params.model_copy(
        update={
            "eq": chained.eq,
            "compressor": chained.compressor,
            "reverb": chained.reverb,
            "stereo": None if width is None else Stereo(width=width),
            "notes": [StageNote(stage=stage, sentence=sentence) for stage, sentence in chained.sentences.items()],
        }
    )


def _by_statistics(
    params: StyleParams, reference: FeatureArrays, target: FeatureArrays, strength: Strength
) -> tuple[StyleParams, bool]:
    """The stages that statistics tell, and whether this is the same performance; the loudness is still to come."""
    amounts = params.amounts
    pitch, pitch_note = _pitch(reference, target, asked=amounts.ask_for("pitch"))
    if pitch:
        target = transposed(target, pitch.semitones * amounts.pitch)
    tone = compare_tone(reference, target)
    room = find_room(reference, target) if amounts.ask_for("reverb") and not tone.same_performance else None
    reverberant = in_room(target, room) if room else target
    reverb = reverb_for(room, target) if room else None
    if room and reverb:
        tone = compare_tone(reference, reverberant)
    eq, eq_note = _equaliser(reference, reverberant, tone, following(strength, "eq", amounts))
    same = tone.same_performance
    follow = following(strength, "stereo", amounts)
    stereo, stereo_note = estimate_width(reference, reverberant, scaled_bands(eq, amounts.eq), follow, tone)
    compressor, compressor_note = None, None
    if same or amounts.ask_for("compressor"):
        # A room fills the gaps, too: so much of the spread as it explains is no compressor's.
        compressor, compressor_note = estimate_compressor(reference, target, same=same, trust=1.0 - _trust(room))
    exciter, exciter_note = estimate_exciter(reference, target)
    notes = (pitch_note, _room_note(room, reverb, amounts), eq_note, stereo_note, compressor_note, exciter_note)
    update = {
        "strength": None if same else strength,
        "pitch": pitch,
        "eq": eq,
        "compressor": compressor,
        "exciter": exciter,
        "reverb": reverb,
        "stereo": stereo,
        "notes": [note for note in notes if note],
    }
    return params.model_copy(update=update), same


def _pitch(reference: FeatureArrays, target: FeatureArrays, *, asked: bool) -> tuple[Pitch | None, StageNote | None]:
    """The pitch to move the target by, and why: that of a transposed copy; of another song only if it is asked for."""
    semitones = transposition(reference, target)
    if semitones is not None:
        sentence = f"The reference is the same performance, {semitones:+.2f} semitones away."
    elif not asked:
        return None, None
    else:
        cents = apart_cents(reference, target)
        if cents is None or not CENTS[0] <= abs(cents) <= CENTS[1]:
            why = "neither lies clearly between the notes" if cents is None else "both are tuned alike"
            why = "they are tuned too far apart to tell which way" if cents and abs(cents) > CENTS[1] else why
            return None, StageNote(stage="pitch", sentence=f"The pitch is left as it is: {why}.", applied=False)
        semitones = cents / 100
        sentence = f"The reference is tuned {cents:+.0f} cents against the target, which follows it."
    semitones = round(float(np.clip(semitones, -MOST_SEMITONES, MOST_SEMITONES)), 4)
    return Pitch(semitones=semitones), StageNote(stage="pitch", sentence=sentence)


def _trust(room: Room | None) -> float:
    return room.trust if room else 0.0


def _room_note(room: Room | None, reverb: Reverb | None, amounts: Amounts) -> StageNote | None:
    """Why there is a room; no note where none was asked for."""
    if room and reverb:
        sentence = (
            f"The reference rings for {room.rt60_s:.1f} s where the target does not: a tail of "
            f"{amplitude_to_db(reverb.mix):+.0f} dB is added. It explains {1 - room.explains:.0%} of how differently "
            "they fall."
        )
        return StageNote(stage="reverb", sentence=sentence)
    if not amounts.ask_for("reverb"):
        return None
    return StageNote(stage="reverb", sentence="The reference rings no longer than the target.", applied=False)


def _equaliser(
    reference: FeatureArrays, target: FeatureArrays, tone: Tone, follow: Following
) -> tuple[list[EqBand], StageNote]:
    """The bands that bring the target's tone nearer, and why."""
    curve, taken = expected_tone(tone, reference, target, follow)
    certain = tone.same_performance
    most_bands = round(follow.bands + (1 - tone.otherness) * (MAX_EQ_BANDS - follow.bands))
    most_gain_db = follow.band_db + tone.familiarity * (MAX_GAIN_DB - follow.band_db)
    fitted = fit_bands(curve, target.rate_hz, most_bands, most_gain_db)
    bands = [band for band in fitted if abs(band.gain_db) >= LEAST_GAIN_DB]
    if not bands:
        return [], StageNote(stage="eq", sentence="The tone is left as it is.", applied=False)
    reason = "" if certain else f" That is {taken:.0%} of the difference"
    reason += ": the rest is taken for other music." if taken < 0.995 else "." if reason else ""
    return bands, StageNote(stage="eq", sentence=f"{in_words(bands, target.rate_hz)}{reason}")
