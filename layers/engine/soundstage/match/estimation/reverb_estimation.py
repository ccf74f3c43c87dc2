"""From statistics alone: that one recording is reverberant and the other is not, and a reverb that makes it so.

Reverberation fills the gaps and slows every fall, in each band at its own rate, and leaves the attacks. No equaliser
does any of this, and a compressor does it to all bands at once. So the target's mel spectrogram is given tails of many
lengths, and the one whose levels then spread and fall like the reference's is the room's.
"""

from dataclasses import dataclass, replace

import numpy as np

from soundstage.arrays import Floats
from soundstage.audio.decibels import db_to_power, power_to_db
from soundstage.match.analysis.bands import COMPARED_UP_TO
from soundstage.match.analysis.feature_arrays import (
    FeatureArrays,
    MelSpectrogram,
    decode_mel_spectrogram,
    encode_mel_spectrogram,
)
from soundstage.match.analysis.modulation import (
    BAND_GROUPS,
    FASTEST_FALLS,
    alike_in_time,
    modulation_distance_db,
    modulation_statistics,
)
from soundstage.match.estimation.evidence import between
from soundstage.match.rendering.reverb import OCTAVE_CENTRES_HZ, tail_response
from soundstage.models.style import Decay, Reverb

LEAST_FRAMES = 40
"""Of each mel spectrogram, 7.4 s at 44.1 kHz: with fewer, percentiles of steps are chance."""

DECAYS_S = np.geomspace(0.3, 4.0, 9)
"""Reverberation times that are tried: from a living room's to a church's."""

WET_DB, NO_TAIL_DB = np.arange(-26.0, 1.0, 2.0), -40.0
"""Powers of the tail relative to the dry sound that are tried; and what the least of them, which stands for no tail,
counts as."""

USUAL_DECAY_S, UNUSUAL = 1.2, 0.02
"""The usual reverberation time, and by what share each octave² from it makes the cost of a decay higher: a weak prior
that decides where decays cost the same."""

EXPLAINS = (0.7, 0.6)
"""Share of the difference that a room leaves, from (no room is believed) to (all of it is). Set on pairs of synthesised
music, ``tests/bench/match.py``, like ``SLOWER``."""

SLOWER = (0.95, 0.85)
"""How fast the reference's levels fall relative to the target's, from (no room) to (a room)."""

INDIFFERENT = 0.06
"""Share of the difference: what explains so much less is 1/e as likely. Chosen so that results move steadily."""

DULLER_HZ, DULLER = (250.0, 1000.0, 4000.0), (1.1, 1.0, 0.7)
"""Reverberation times at these frequencies relative to that at 1 kHz: typical of furnished rooms, whose air and
surfaces absorb high frequencies."""

PRE_DELAY_MS = 15.0
"""Between the direct sound and the tail: a wall 2.5 m away."""

MIDDLE_HZ = 4000.0
"""Up to which, from 250 Hz on, the power of the synthesised tail is set to the room's."""


@dataclass(frozen=True)
class Room:
    """Reverberation that the reference has and the target has not.

    Attributes:
        rt60_s: reverberation time at 1 kHz.
        wet: power of the tail relative to that of the dry middle, per mel band: [MEL_BANDS].
        dry: the target's mel spectrogram.
        reverberant: what the tail makes of it.
        explains: the share of the difference that is left, 0 to 1.
        trust: how much of it is believed, 0 to 1; ``wet`` has its square.
    """

    rt60_s: float
    wet: Floats
    dry: MelSpectrogram
    reverberant: MelSpectrogram
    explains: float
    trust: float


def find_room(reference: FeatureArrays, target: FeatureArrays) -> Room | None:
    """The room that the reference was recorded in and the target was not; None where none explains the difference."""
    if reference.mel_spectrogram is None or target.mel_spectrogram is None:
        return None
    wanted, given, period_s = alike_in_time(reference.mel_spectrogram, target.mel_spectrogram)
    if min(len(wanted), len(given)) < LEAST_FRAMES:
        return None
    aim, dry_statistics, dry = modulation_statistics(wanted), modulation_statistics(given), db_to_power(given)
    falls, dry_falls = (float(found.steps_db[FASTEST_FALLS].mean()) for found in (aim, dry_statistics))
    trust = float(between(falls / min(dry_falls, -1e-6), *SLOWER))
    if not trust:
        return None
    before = float(modulation_distance_db(aim, dry_statistics).mean()) + 1e-9

    def reverberated(wet: Floats | float, tail: Floats) -> Floats:
        return power_to_db(dry + wet * tail)

    def tail_of(rt60_s: float) -> Floats:
        return _tail(dry, period_s / (rt60_s * _duller(target.mel_hz)))

    def tried(rt60_s: float) -> tuple[float, Floats]:
        """What a decay leaves of the difference, dB, and how wet each group of bands is then, dB [groups]."""
        tail = tail_of(rt60_s)
        costs = np.array(
            [
                modulation_distance_db(aim, modulation_statistics(reverberated(db_to_power(float(wet_db)), tail)))
                for wet_db in WET_DB
            ]
        )
        likely = _likely(costs, before)
        left, wet_db = (np.sum(likely * values, axis=0) for values in (costs, WET_DB[:, None]))
        return float(left.mean()) * (1 + UNUSUAL * np.log2(rt60_s / USUAL_DECAY_S) ** 2), wet_db

    likely = _likely(np.array([tried(decay_s)[0] for decay_s in DECAYS_S]), before)
    rt60_s = float(2 ** (likely @ np.log2(DECAYS_S)))
    cost, wet_db = tried(rt60_s)
    trust *= float(between(cost / before, *EXPLAINS))
    if not trust:
        return None
    wet = trust**2 * _per_band(wet_db, len(target.mel_hz))
    reverberant_db = reverberated(wet, tail_of(rt60_s))
    return Room(
        rt60_s=rt60_s,
        wet=wet,
        dry=MelSpectrogram(given, period_s),
        reverberant=MelSpectrogram(reverberant_db, period_s),
        explains=cost / before,
        trust=trust,
    )


def in_room(target: FeatureArrays, room: Room) -> FeatureArrays:
    """The target's features with the room's reverberation; its tail is as strong in the side as in the middle."""
    wet_db, dry_db = (
        np.percentile(frames.levels_db, target.mel_percentiles, axis=0) for frames in (room.reverberant, room.dry)
    )
    wet = np.interp(target.f_hz, target.mel_hz, room.wet)
    mid, side = db_to_power(target.mid_db), db_to_power(target.side_db)
    tail = wet * (mid + side if len(side) else mid)
    # Rounded like those of the reference, which are stored.
    frames = decode_mel_spectrogram(encode_mel_spectrogram(room.reverberant))
    return replace(
        target,
        mel_db=target.mel_db + wet_db - dry_db,
        mel_spectrogram=frames,
        mid_db=power_to_db(mid + tail),
        side_db=power_to_db(side + tail) if len(side) else target.side_db,
    )


def reverb_for(room: Room, target: FeatureArrays) -> Reverb:
    """Parameters of a synthesised tail with the room's power in every octave, for the target's rate and channels."""
    centres = np.array([centre for centre in OCTAVE_CENTRES_HZ if centre < COMPARED_UP_TO * target.rate_hz])
    # The tails of left and right are independent: their mean has half the power of each.
    wet = np.interp(centres, target.mel_hz, room.wet) * (2 if target.channels > 1 else 1)
    seconds = room.rt60_s * _duller(centres)
    level_db = power_to_db(wet * centres / (wet * centres).max())
    decays = [
        Decay(f_hz=float(f), rt60_s=round(float(s), 3), level_db=round(float(level), 2))
        for f, s, level in zip(centres, seconds, level_db, strict=True)
    ]
    unit = Reverb(decays=decays, mix=1.0)
    response = tail_response(unit, target.rate_hz, 1)[:, 0]
    power = np.abs(np.fft.rfft(response)) ** 2
    f_hz = np.fft.rfftfreq(len(response), 1 / target.rate_hz)
    middle = (f_hz > centres[2]) & (f_hz < MIDDLE_HZ)
    wanted = np.interp(f_hz[middle], centres, wet)
    mix = np.sqrt(float(wanted.sum() / power[middle].sum()))
    return unit.model_copy(update={"mix": round(min(mix, 1.0), 4), "pre_delay_ms": PRE_DELAY_MS})


def _likely(costs: Floats, difference: float) -> Floats:
    """Weights along the first axis: not only of the cheapest, since a flat cost names no value exactly."""
    likely = np.exp((costs.min(axis=0) - costs) / (INDIFFERENT * difference))
    return np.asarray(likely / likely.sum(axis=0))


def _tail(dry: Floats, frames_per_decay: Floats) -> Floats:
    """Power of the tail in every frame, of unit power in all: what falls exponentially, summed over each frame.

    ``dry`` is power [frames, bands]; ``frames_per_decay`` [bands] the frame's length in reverberation times.
    """
    fall = np.log(1e6) * frames_per_decay  # a reverberation time is 60 dB
    left = np.exp(-fall)
    at_once, after = 1 - (1 - left) / fall, (1 - left) ** 2 / fall
    out = np.empty_like(dry)
    # Frame by frame, all bands at once: scipy.signal would need 50 MB and a second to load.
    ringing = np.zeros(dry.shape[1])
    for frame, power in enumerate(dry):
        out[frame] = at_once * power + ringing
        ringing = left * ringing + after * power
    return out


def _per_band(wet_db: Floats, bands: int) -> Floats:
    """From groups of bands, dB [groups], to each band, as power [bands]; the least that is tried means none."""
    power = db_to_power(np.interp(wet_db, WET_DB, [NO_TAIL_DB, *WET_DB[1:]]))
    smooth = np.array([np.median(power[max(0, k - 1) : k + 2]) for k in range(len(power))])
    middles = [(first + last) / 2 for first, last in BAND_GROUPS]
    return np.asarray(10 ** np.interp(np.arange(bands), middles, np.log10(smooth)))


def _duller(f_hz: Floats) -> Floats:
    """Reverberation times at ``f_hz`` [n] relative to that at 1 kHz: [n]."""
    return np.asarray(np.interp(np.log2(f_hz), np.log2(DULLER_HZ), DULLER))
