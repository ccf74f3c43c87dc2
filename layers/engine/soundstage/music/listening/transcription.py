"""From a tone to sung notes: where each begins and ends, and its fractional pitch; no scale is assumed yet.

The frames of 16 ms are split into notes and gaps at the smallest total cost, found exactly by dynamic programming: the
model of SwiftF0's ``segment_notes`` (Nieradzik 2025), with one change: the price of a new note falls where the tone
dips or its spectrum changes, so a pitch that is sung again is a note of its own.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from soundstage.arrays import Floats
from soundstage.audio.pitch import FRAME_PERIOD_S, PitchTrack
from soundstage.music.listening.salience import HOP_S, Tone

# In units of one frame that lies one semitone off its note: a semitone lasts 80 ms to be a note (SwiftF0's default).
NEW_NOTE_COST = 5.0
# Log odds that a dip begins a repeated note, by a logistic fit on five synthetic voices, dry to reverberant, clean to
# 10 dB of signal to noise, rounded. What tells most is whether all harmonics fall together.
ODDS_AT_REST = -7.4
ODDS_PER_DB_OF_FALL, ODDS_PER_DB_OF_DIP, ODDS_PER_DB_OF_RISE, ODDS_PER_DB_OF_RIPPLE = 0.72, 0.13, 1.0, -0.92
ODDS_PER_SEMITONE_OF_WAVER = -10.0
MOST_RIPPLE_DB, MOST_DIP_DB, MOST_RISE_DB = 6.0, 14.0, 10.0
EVEN_DISCOUNT, DISCOUNT_SLOPE, MOST_DISCOUNT = 3.5, 1.6, 10.0
FAR_SEMITONES_IN_VIBRATO = 1.6
MIN_NOTE_S = 0.06
CONSONANT_S = 0.115
CLEAR_GAP_DB = 10.0  # in a deeper dip, the pitch between two notes is nobody's
ATTACK_S = 0.008  # from the start of a note to where its level has risen half-way
MIN_CONFIDENCE = 0.55
_FAR_SEMITONES = 2.0


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


def sung_notes(tone: Tone) -> list[SungNote]:
    """Transcribe ``tone`` into notes in time order that do not overlap."""
    pitch = tone.pitch
    if not pitch.voiced.any():
        return []
    dip_db = _dips(tone)
    spans = _segment(pitch, _new_note_cost(tone, dip_db), _quietness(tone))
    spans = _without_consonants(pitch, [(a, b) for a, b in spans if _is_note(pitch, a, b)])
    notes: list[SungNote] = []
    pitches = [_pitch_of(pitch, a, b) for a, b in spans]
    onsets = [_onset(tone, spans, pitches, i, dip_db) for i in range(len(spans))]
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
                level_db=float(np.percentile(tone.tonal_db[inside], 80)),
                confidence=float(pitch.confidence[first:last].mean()),
            )
        )
    return notes


def _semitones(pitch: PitchTrack) -> Floats:
    return np.asarray(69.0 + 12.0 * np.log2(np.maximum(pitch.f0_hz, 1.0) / 440.0))


def _dips(tone: Tone) -> Floats:
    """Depth of each local minimum of the tone below both its sides (within 100 ms), dB; 0 elsewhere. [fine]"""
    level = np.maximum(tone.tonal_db, tone.noise_db)
    before, after = _max_before(level, 20), _max_before(level[::-1], 20)[::-1]
    depth = np.minimum(before, after) - level
    wide = np.lib.stride_tricks.sliding_window_view(np.pad(level, 8, mode="edge"), 17)
    lowest = level <= wide.min(axis=1)
    return np.where(lowest, depth, 0.0)


def _max_before(level: Floats, count: int) -> Floats:
    padded = np.pad(level, (count, 0), mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, count + 1).max(axis=1))


def _new_note_cost(tone: Tone, dip_db: Floats) -> Floats:
    """Price of starting a note at each pitch frame, [frames]; it sinks below 0 where a dip is followed by a rise.

    A reverberant or breathy recording ripples by itself, so dips count from above its usual ones; and vibrato moves
    harmonics through the resonances of mouth and room, so dips count for less while the pitch wavers.
    """
    count = len(tone.pitch.times_s)
    voiced = np.interp(tone.times_s, tone.pitch.times_s, tone.pitch.confidence) > MIN_CONFIDENCE
    ripples = dip_db[(dip_db > 0) & voiced]
    ripple_db = min(float(np.median(ripples)), MOST_RIPPLE_DB) if len(ripples) else 0.0
    rise_db = maximum_filter1d(tone.flux, 11, origin=-2)  # from 15 ms before to 35 ms after
    sudden_db = np.minimum(dip_db, 2.0 + 2.0 * rise_db)  # what falls far but comes back slowly is a fading room
    log_odds = (
        ODDS_AT_REST
        + ODDS_PER_DB_OF_FALL * tone.fall_db
        + ODDS_PER_DB_OF_DIP * np.minimum(sudden_db, MOST_DIP_DB)
        + ODDS_PER_DB_OF_RISE * np.minimum(rise_db, MOST_RISE_DB)
        + ODDS_PER_DB_OF_RIPPLE * ripple_db
        + ODDS_PER_SEMITONE_OF_WAVER * np.interp(tone.times_s, tone.pitch.times_s, _waver(tone.pitch))
    )
    discount = np.where(dip_db > 0, np.clip(EVEN_DISCOUNT + DISCOUNT_SLOPE * log_odds, 0.0, MOST_DISCOUNT), 0.0)
    frame = np.clip(np.round(tone.times_s / FRAME_PERIOD_S).astype(int), 0, count - 1)
    largest = np.zeros(count)
    np.maximum.at(largest, frame, discount)
    return NEW_NOTE_COST - largest


def _waver(pitch: PitchTrack) -> Floats:
    """Vibrato that goes on through each frame: the lesser of its depths in the 130 ms before and after, semitones RMS.

    A person who sings a note again begins it straight, whatever its level does. [frames]
    """
    voiced = pitch.voiced
    filled = np.interp(pitch.times_s, pitch.times_s[voiced], _semitones(pitch)[voiced])
    deviation = filled - uniform_filter1d(filled, 19)
    deviation[np.abs(deviation) > FAR_SEMITONES_IN_VIBRATO] = 0.0  # a change of note is no vibrato
    power = np.maximum(uniform_filter1d(deviation**2, 8), 0.0)  # its running sum may round below 0
    return np.asarray(np.sqrt(np.minimum(np.roll(power, 5), np.roll(power, -5))))


def _quietness(tone: Tone) -> Floats:
    """How many dB (beyond 3) a frame lies below the loudest frames within 64 ms on both sides. [frames]"""
    level = np.interp(tone.pitch.times_s, tone.times_s, tone.tonal_db)
    before, after = _max_before(level, 4), _max_before(level[::-1], 4)[::-1]
    return np.asarray(np.maximum(0.0, np.minimum(before, after) - level - 3.0))


def _segment(pitch: PitchTrack, new_note_cost: Floats, quiet_db: Floats) -> list[tuple[int, int]]:
    """Notes as [first, last) frames: the split of smallest cost. Gaps are free, so a note must earn its frames."""
    semitones = _semitones(pitch)
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
        running += weight[t] * np.minimum(np.abs(centres - semitones[t]), _FAR_SEMITONES) + presence[t]
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
    """Drop voiced consonants (the l of "la"): short, joined to the note they lead to, on a neighbour's pitch."""
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
    semitones = _semitones(pitch)[first + head : last - tail]
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
    semitones = _semitones(pitch)[first + head : last - tail]
    time_s = FRAME_PERIOD_S * np.arange(len(semitones))
    return float(np.polyfit(time_s, semitones, 1)[0]) if len(semitones) > 2 else 0.0


def _onset(tone: Tone, spans: list[tuple[int, int]], pitches: list[float], index: int, dip_db: Floats) -> float:
    """Seconds where note ``index`` begins: where its level has risen, or mid-way through the glide that leads to it."""
    first = spans[index][0]
    boundary_s = first * FRAME_PERIOD_S
    if index > 0 and first - spans[index - 1][1] <= 2:
        near = slice(max(0, int((boundary_s - 0.05) / HOP_S)), int((boundary_s + 0.05) / HOP_S))
        if np.max(dip_db[near], initial=0.0) < CLEAR_GAP_DB:
            middle_s = _glide_middle_s(tone.pitch, first, pitches[index - 1], pitches[index])
            if middle_s is not None:
                return middle_s
    return max(0.0, _rise_s(tone, boundary_s) - ATTACK_S)


def _rise_s(tone: Tone, boundary_s: float) -> float:
    """Last upward crossing, around the boundary, of a level between the dip before and the peak after."""
    level = np.maximum(tone.tonal_db, tone.noise_db)
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
    risen = (_semitones(pitch)[low:high] - (before + after) / 2) * np.sign(after - before)
    crossings = np.flatnonzero((risen[:-1] < 0) & (risen[1:] >= 0))
    if not len(crossings):
        return None
    k = int(crossings[np.argmin(np.abs(crossings + low - first))])
    part = -risen[k] / (risen[k + 1] - risen[k])
    return float((low + k + part) * FRAME_PERIOD_S)
