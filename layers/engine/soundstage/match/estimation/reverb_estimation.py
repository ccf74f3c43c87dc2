"""Hearing from statistics that one recording rings and the other does not, and how it would sound if it did.

A room fills the gaps and slows every fall, in each band at its own rate, and leaves the attacks. No equaliser does
any of this, and a compressor does it to all bands at once. So the target's mel frames are given tails of many
lengths, and the one whose levels then spread and fall like the reference's is the room.
"""

from dataclasses import dataclass

import numpy as np

from soundstage.arrays import Floats
from soundstage.match.analysis.features import encode_frames
from soundstage.match.analysis.modulation import (
    FASTEST_FALLS,
    GROUPS,
    alike_in_time,
    decibels,
    liveliness,
    lively_apart_db,
)
from soundstage.match.estimation.evidence import between
from soundstage.match.rendering.reverb import OCTAVE_CENTRES_HZ, tail_response
from soundstage.models.style import Decay, Features, Reverb

LEAST_FRAMES = 40
DECAYS_S = 0.3 * 2 ** (np.arange(9) * np.log2(4.0 / 0.3) / 8)
USUAL_DECAY_S, UNUSUAL = 1.2, 0.02
WET_DB, NO_TAIL_DB = np.arange(-26.0, 1.0, 2.0), -40.0
# From (no room) to (all of it): what a room leaves of the difference, and how fast levels fall against the target's.
EXPLAINS, SLOWER = (0.7, 0.6), (0.95, 0.85)
INDIFFERENT = 0.06  # of the difference: what explains so much less is hardly less likely
DULLER_HZ, DULLER = (250.0, 1000.0, 4000.0), (1.1, 1.0, 0.7)
PRE_DELAY_MS = 15.0


@dataclass(frozen=True)
class Room:
    """What rings in the reference.

    Attributes:
        rt60_s: at 1 kHz.
        wet: power of the tail over that of the dry middle, per mel band.
        dry_db: the target's mel frames, [frames, bands].
        wet_db: what it makes of them.
        period_s: from one frame to the next.
        explains: the share of the difference that is left.
        trust: how much of it to believe, 0 to 1; ``wet`` has its square.
    """

    rt60_s: float
    wet: Floats
    dry_db: Floats
    wet_db: Floats
    period_s: float
    explains: float
    trust: float


def find_room(reference: Features, target: Features, trust: float = 1.0) -> Room | None:
    """The room that the reference is in and the target is not, as much of it as there is ``trust`` (0 to 1).

    None where none explains the difference.
    """
    if reference.mel.frames is None or target.mel.frames is None:
        return None
    wanted, given, period_s = alike_in_time(reference.mel.frames, target.mel.frames)
    if min(len(wanted), len(given)) < LEAST_FRAMES:
        return None
    f_hz = np.array(target.mel.f_hz)
    aim, dry_aim, dry = liveliness(wanted), liveliness(given), 10 ** (given / 10)
    falls, dry_falls = (float(alive.steps_db[FASTEST_FALLS].mean()) for alive in (aim, dry_aim))
    trust *= float(between(falls / min(dry_falls, -1e-6), *SLOWER))
    if not trust:
        return None
    before = float(lively_apart_db(aim, dry_aim).mean()) + 1e-9

    def tried(rt60_s: float) -> tuple[float, Floats]:
        """What a decay leaves of the difference, and how wet each group of bands is then, dB."""
        tail = _tail(dry, period_s / (rt60_s * _duller(f_hz)))
        costs = np.array(
            [lively_apart_db(aim, liveliness(decibels(dry + 10 ** (wet_db / 10) * tail))) for wet_db in WET_DB]
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
    wet = trust**2 * _between_groups(wet_db, len(f_hz))
    ringing = decibels(dry + wet * _tail(dry, period_s / (rt60_s * _duller(f_hz))))
    return Room(rt60_s, wet, given, ringing, period_s, cost / before, trust)


def _likely(costs: Floats, difference: float) -> Floats:
    """Weights along the first axis: not only of the cheapest, since a flat cost names no value exactly."""
    likely = np.exp((costs.min(axis=0) - costs) / (INDIFFERENT * difference))
    return np.asarray(likely / likely.sum(axis=0))


def in_room(target: Features, room: Room) -> Features:
    """The target's features as if it rang; the tail is as strong at both sides, whatever the sound was."""
    moved = target.model_copy(deep=True)
    wet_db, dry_db = (np.percentile(levels, target.mel.percentiles, axis=0) for levels in (room.wet_db, room.dry_db))
    moved.mel.levels_db = (np.array(target.mel.levels_db) + wet_db - dry_db).tolist()
    moved.mel.frames = encode_frames(room.wet_db, room.period_s)
    wet = np.interp(target.spectrum.f_hz, target.mel.f_hz, room.wet)
    mid = 10 ** (np.array(target.spectrum.mid_db) / 10)
    side = 10 ** (np.array(target.spectrum.side_db) / 10) if target.spectrum.side_db else np.zeros(len(mid))
    ringing = wet * (mid + side)
    moved.spectrum.mid_db = decibels(mid + ringing).tolist()
    if target.spectrum.side_db:
        moved.spectrum.side_db = decibels(side + ringing).tolist()
    return moved


def reverb_for(room: Room, target: Features) -> Reverb:
    """Parameters whose synthesised tail has the room's power in every octave."""
    centres = np.array([hertz for hertz in OCTAVE_CENTRES_HZ if hertz < 0.45 * target.rate_hz])
    # Left and right ring on their own: their mean has half the power of each.
    wet = np.interp(centres, target.mel.f_hz, room.wet) * (2 if target.channels > 1 else 1)
    seconds = room.rt60_s * _duller(centres)
    level_db = decibels(wet * centres / (wet * centres).max())
    decays = [
        Decay(f_hz=float(f), rt60_s=round(float(s), 3), level_db=round(float(level), 2))
        for f, s, level in zip(centres, seconds, level_db, strict=True)
    ]
    unit = Reverb(decays=decays, mix=1.0)
    response = tail_response(unit, target.rate_hz, 1)[:, 0]
    power = np.abs(np.fft.rfft(response)) ** 2
    f_hz = np.fft.rfftfreq(len(response), 1 / target.rate_hz)
    middle = (f_hz > centres[2]) & (f_hz < 4000)
    wanted = np.interp(f_hz[middle], centres, wet)
    mix = np.sqrt(float(wanted.sum() / power[middle].sum()))
    return unit.model_copy(update={"mix": round(min(mix, 1.0), 4), "pre_delay_ms": PRE_DELAY_MS})


def _tail(dry: Floats, frames_per_decay: Floats) -> Floats:
    """Power of the tail in every frame, of unit power in all: what falls exponentially, summed over each frame."""
    fall = np.log(1e6) * frames_per_decay
    left = np.exp(-fall)
    at_once, after = 1 - (1 - left) / fall, (1 - left) ** 2 / fall
    out = np.empty_like(dry)
    # Frame by frame, all bands at once: scipy.signal would need 50 MB and a second to load.
    ringing = np.zeros(dry.shape[1])
    for frame, power in enumerate(dry):
        out[frame] = at_once * power + ringing
        ringing = left * ringing + after * power
    return out


def _between_groups(wet_db: Floats, bands: int) -> Floats:
    """From groups to bands, as power; the least that is tried means none."""
    power = 10 ** (np.interp(wet_db, WET_DB, [NO_TAIL_DB, *WET_DB[1:]]) / 10)
    smooth = np.array([np.median(power[max(0, k - 1) : k + 2]) for k in range(len(power))])
    middles = [(first + last) / 2 for first, last in GROUPS]
    return np.asarray(10 ** np.interp(np.arange(bands), middles, np.log10(smooth)))


def _duller(f_hz: Floats) -> Floats:
    """Rooms swallow high frequencies sooner."""
    return np.asarray(np.interp(np.log2(f_hz), np.log2(DULLER_HZ), DULLER))
