"""Transcription: onset, offset and fractional pitch of each sung note, from a voice's salience; no scale is assumed
yet.

The frames of 16 ms are split into notes and gaps at the smallest total cost, found exactly by dynamic programming: the
model of SwiftF0's ``segment_notes`` (Nieradzik 2025), with one change: the cost of a new note falls where the level
dips or the spectrum changes, so that a pitch that is sung again is a note of its own.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from soundstage.arrays import Floats
from soundstage.audio.pitch import FRAME_PERIOD_S, PitchTrack, hz_to_midi
from soundstage.music.listening.salience import HOP_S, Salience

# SwiftF0's defaults. The cost is in frames of 16 ms: a pitch a semitone away becomes a note once it lasts 80 ms.
NEW_NOTE_COST = 5.0
_MAX_DEVIATION = 2.0  # semitones: beyond, a frame costs no more
# Log odds that a dip begins a repeated note, by a logistic fit on five synthetic voices, dry to reverberant, clean to
# 10 dB of signal to noise, rounded. What tells most is whether all harmonics dip together.
LOG_ODDS_OFFSET = -7.4
LOG_ODDS_PER_DB_OF_HARMONIC_DIP, LOG_ODDS_PER_DB_OF_DIP, LOG_ODDS_PER_DB_OF_FLUX = 0.72, 0.13, 1.0
LOG_ODDS_PER_DB_OF_RIPPLE, LOG_ODDS_PER_SEMITONE_OF_VIBRATO = -0.92, -10.0
MAX_RIPPLE_DB, MAX_DIP_DB, MAX_FLUX_DB = 6.0, 14.0, 10.0  # the range of that fit
# What such a dip takes off the cost of a new note: 3.5 at even odds, 1.6 more per unit of log odds.
DISCOUNT_AT_EVEN_ODDS, DISCOUNT_PER_LOG_ODDS, MAX_DISCOUNT = 3.5, 1.6, 10.0
MAX_VIBRATO_SEMITONES = 1.6  # a larger deviation from the running mean is a change of note
MIN_NOTE_S = 0.06  # four frames
CONSONANT_S = 0.115  # a voiced consonant before a vowel is shorter
SILENT_DIP_DB = 10.0  # in a deeper dip, the pitch between two notes belongs to neither
ATTACK_S = 0.008  # from the start of a note to where its level has risen half-way
MIN_CONFIDENCE = 0.55  # of a note's frames, at their 70th percentile


@dataclass(frozen=True)
class SungNote:
    """One note as sung. ``pitch`` is a fractional MIDI number; ``slope`` how fast it moves, semitones per second."""

    onset_s: float
    offset_s: float
    pitch: float
    slope: float
    level_db: float
    confidence: float

    @property
    def duration_s(self) -> float:
        return self.offset_s - self.onset_s


def transcribe(voice: Salience) -> list[SungNote]:
    """The notes of ``voice`` in time order; they do not overlap. An empty list where no frame is voiced."""
    pitch = voice.pitch
    if not pitch.voiced.any():
        return []
    dip_db = _dips(voice)
    spans = _segment(pitch, _new_note_cost(voice, dip_db), _quietness_db(voice))
    spans = _without_consonants(pitch, [(a, b) for a, b in spans if _is_note(pitch, a, b)])
    notes: list[SungNote] = []
    pitches = [_pitch_of(pitch, a, b) for a, b in spans]
    onsets = [_onset(voice, spans, pitches, i, dip_db) for i in range(len(spans))]
    for i, (first, last) in enumerate(spans):
        end = (last - 0.5) * FRAME_PERIOD_S
        if i + 1 < len(spans) and spans[i + 1][0] - last <= 2:
            end = onsets[i + 1]
        if end - onsets[i] < MIN_NOTE_S:
            continue
        inside = slice(int(onsets[i] / HOP_S), max(int(end / HOP_S), int(onsets[i] / HOP_S) + 1))
        notes.append(
            SungNote(
                onset_s=onsets[i],
                offset_s=end,
                pitch=pitches[i],
                slope=_slope(pitch, first, last),
                level_db=float(np.percentile(voice.tonal_db[inside], 80)),
                confidence=float(pitch.confidence[first:last].mean()),
            )
        )
    return notes


def _dips(voice: Salience) -> Floats:
    """Depth of each local minimum of the tonal level below both its sides (within 100 ms), dB; 0 elsewhere. [fine]"""
    level = np.maximum(voice.tonal_db, voice.noise_db)
    before, after = _max_before(level, 20), _max_before(level[::-1], 20)[::-1]
    depth = np.minimum(before, after) - level
    wide = np.lib.stride_tricks.sliding_window_view(np.pad(level, 8, mode="edge"), 17)
    lowest = level <= wide.min(axis=1)
    return np.where(lowest, depth, 0.0)


def _max_before(level: Floats, count: int) -> Floats:
    padded = np.pad(level, (count, 0), mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, count + 1).max(axis=1))


def _new_note_cost(voice: Salience, dip_db: Floats) -> Floats:
    """Cost of starting a note at each pitch frame, [frames]; below 0 where a dip is followed by a rise.

    A reverberant or breathy recording ripples by itself, so dips count from above its usual ones; and vibrato moves
    harmonics through the resonances of mouth and room, so dips count for less under vibrato.
    """
    count = len(voice.pitch.times_s)
    voiced = np.interp(voice.times_s, voice.pitch.times_s, voice.pitch.confidence) > MIN_CONFIDENCE
    ripples = dip_db[(dip_db > 0) & voiced]
    ripple_db = min(float(np.median(ripples)), MAX_RIPPLE_DB) if len(ripples) else 0.0
    flux_db = maximum_filter1d(voice.flux_db, 11, origin=-2)  # from 15 ms before to 35 ms after
    sudden_db = np.minimum(dip_db, 2.0 + 2.0 * flux_db)  # what falls far but comes back slowly is a fading room
    log_odds = (
        LOG_ODDS_OFFSET
        + LOG_ODDS_PER_DB_OF_HARMONIC_DIP * voice.dip_db
        + LOG_ODDS_PER_DB_OF_DIP * np.minimum(sudden_db, MAX_DIP_DB)
        + LOG_ODDS_PER_DB_OF_FLUX * np.minimum(flux_db, MAX_FLUX_DB)
        + LOG_ODDS_PER_DB_OF_RIPPLE * ripple_db
        + LOG_ODDS_PER_SEMITONE_OF_VIBRATO * np.interp(voice.times_s, voice.pitch.times_s, _vibrato_depth(voice.pitch))
    )
    discount = np.clip(DISCOUNT_AT_EVEN_ODDS + DISCOUNT_PER_LOG_ODDS * log_odds, 0.0, MAX_DISCOUNT)
    discount = np.where(dip_db > 0, discount, 0.0)
    frame = np.clip(np.round(voice.times_s / FRAME_PERIOD_S).astype(int), 0, count - 1)
    largest = np.zeros(count)
    np.maximum.at(largest, frame, discount)
    return NEW_NOTE_COST - largest


def _vibrato_depth(pitch: PitchTrack) -> Floats:
    """Depth of vibrato through each frame: the lesser of those in the 130 ms before and after, semitones RMS. [frames]

    A person who sings a note again begins it without vibrato, whatever its level does.
    """
    voiced = pitch.voiced
    filled = np.interp(pitch.times_s, pitch.times_s[voiced], hz_to_midi(pitch.f0_hz)[voiced])
    deviation = filled - uniform_filter1d(filled, 19)
    deviation[np.abs(deviation) > MAX_VIBRATO_SEMITONES] = 0.0
    power = np.maximum(uniform_filter1d(deviation**2, 8), 0.0)  # its running sum may round below 0
    return np.asarray(np.sqrt(np.minimum(np.roll(power, 5), np.roll(power, -5))))


def _quietness_db(voice: Salience) -> Floats:
    """By how much more than 3 dB a frame lies below the loudest frames within 64 ms on both sides. [frames]"""
    level = np.interp(voice.pitch.times_s, voice.times_s, voice.tonal_db)
    before, after = _max_before(level, 4), _max_before(level[::-1], 4)[::-1]
    return np.asarray(np.maximum(0.0, np.minimum(before, after) - level - 3.0))


def _segment(pitch: PitchTrack, new_note_cost: Floats, quiet_db: Floats) -> list[tuple[int, int]]:
    """Notes as [first, last) frames: the split of smallest cost. Gaps are free, so a note must earn its frames."""
    semitones = hz_to_midi(pitch.f0_hz)
    weight = pitch.confidence
    odds = np.clip(weight, 0.01, 0.99)
    presence = -np.log(odds / (1 - odds)) + quiet_db
    voiced = semitones[pitch.voiced]
    centres = np.unique(np.round(voiced * 10) / 10)
    running = np.full(len(centres), np.inf)
    start = np.zeros(len(centres), np.intp)
    came_from = np.zeros(len(semitones) + 1, np.intp)
    is_note = np.zeros(len(semitones) + 1, bool)
    best = 0.0
    for t in range(len(semitones)):
        fresh = best + new_note_cost[t]
        new = fresh < running
        start[new] = t
        np.minimum(running, fresh, out=running)
        running += weight[t] * np.minimum(np.abs(centres - semitones[t]), _MAX_DEVIATION) + presence[t]
        j = int(np.argmin(running))
        came_from[t + 1] = t
        if running[j] < best:
            best = float(running[j])
            came_from[t + 1], is_note[t + 1] = start[j], True
    spans = []
    end = len(semitones)
    while end > 0:
        if is_note[end]:
            spans.append((int(came_from[end]), end))
        end = int(came_from[end])
    return spans[::-1]


def _is_note(pitch: PitchTrack, first: int, last: int) -> bool:
    long_enough = (last - first) * FRAME_PERIOD_S >= MIN_NOTE_S
    return long_enough and float(np.percentile(pitch.confidence[first:last], 70)) >= MIN_CONFIDENCE


def _without_consonants(pitch: PitchTrack, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans less voiced consonants (the l of "la"): short, joined to the note they lead to, on a neighbour's pitch."""
    centres = [_pitch_of(pitch, a, b) for a, b in spans]
    kept: list[tuple[int, int]] = []
    for i, (first, last) in enumerate(spans):
        leads_on = i + 1 < len(spans) and spans[i + 1][0] - last <= 1
        if leads_on and (last - first) * FRAME_PERIOD_S < CONSONANT_S:
            if kept and kept[-1][1] >= first - 1 and abs(centres[i] - centres[i - 1]) < 0.5:
                kept[-1] = (kept[-1][0], last)
                continue
            if abs(centres[i] - centres[i + 1]) < 0.5:
                continue
        kept.append((first, last))
    return kept


def _pitch_of(pitch: PitchTrack, first: int, last: int) -> float:
    """Centre of a note's pitch, its glides left out; under vibrato a trimmed mean beats a median."""
    count = last - first
    head, tail = min(4, count // 4), min(2, count // 6)
    semitones = hz_to_midi(pitch.f0_hz)[first + head : last - tail]
    weight = pitch.confidence[first + head : last - tail] ** 2
    order = np.argsort(semitones)
    share = (np.cumsum(weight[order]) - 0.5 * weight[order]) / weight.sum()
    kept = order[(share > 0.12) & (share < 0.88)]
    if not len(kept):
        kept = order[len(order) // 2 : len(order) // 2 + 1]
    return float(np.average(semitones[kept], weights=weight[kept]))


def _slope(pitch: PitchTrack, first: int, last: int) -> float:
    """Semitones per second along the middle of a note, by least squares."""
    head, tail = min(3, (last - first) // 4), min(2, (last - first) // 6)
    semitones = hz_to_midi(pitch.f0_hz)[first + head : last - tail]
    time_s = FRAME_PERIOD_S * np.arange(len(semitones))
    return float(np.polyfit(time_s, semitones, 1)[0]) if len(semitones) > 2 else 0.0


def _onset(voice: Salience, spans: list[tuple[int, int]], pitches: list[float], index: int, dip_db: Floats) -> float:
    """Seconds where note ``index`` begins: where its level has risen, or mid-way through the glide that leads to it."""
    first = spans[index][0]
    boundary_s = first * FRAME_PERIOD_S
    if index > 0 and first - spans[index - 1][1] <= 2:
        near = slice(max(0, int((boundary_s - 0.05) / HOP_S)), int((boundary_s + 0.05) / HOP_S))
        if np.max(dip_db[near], initial=0.0) < SILENT_DIP_DB:
            middle_s = _glide_middle_s(voice.pitch, first, pitches[index - 1], pitches[index])
            if middle_s is not None:
                return middle_s
    return max(0.0, _rise_s(voice, boundary_s) - ATTACK_S)


def _rise_s(voice: Salience, boundary_s: float) -> float:
    """Last upward crossing, around the boundary, of a level between the dip before and the peak after."""
    level = np.maximum(voice.tonal_db, voice.noise_db)
    at = int(boundary_s / HOP_S)
    low_at = max(0, at - 14) + int(np.argmin(level[max(0, at - 14) : at + 8]))
    peak = float(np.max(level[low_at : low_at + 20]))
    threshold = max((peak + float(level[low_at])) / 2, peak - 12.0)
    above = np.flatnonzero(level[low_at : low_at + 21] >= threshold)
    return (low_at + int(above[0])) * HOP_S if len(above) else boundary_s


def _glide_middle_s(pitch: PitchTrack, first: int, before: float, after: float) -> float | None:
    """When the pitch passes half-way between two notes, nearest to frame ``first``; None where it does not."""
    if abs(after - before) < 0.5:
        return None
    low, high = max(0, first - 5), min(len(pitch.f0_hz), first + 8)
    risen = (hz_to_midi(pitch.f0_hz)[low:high] - (before + after) / 2) * np.sign(after - before)
    crossings = np.flatnonzero((risen[:-1] < 0) & (risen[1:] >= 0))
    if not len(crossings):
        return None
    k = int(crossings[np.argmin(np.abs(crossings + low - first))])
    part = -risen[k] / (risen[k + 1] - risen[k])
    return float((low + k + part) * FRAME_PERIOD_S)
