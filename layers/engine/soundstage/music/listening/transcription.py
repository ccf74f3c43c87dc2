"""Transcription: onset, offset and fractional pitch of each sung note, from a voice's salience; no scale is assumed
yet.

The frames of 16 ms are split into notes and gaps at the smallest total cost by dynamic programming: the model of
SwiftF0's ``segment_notes`` (Nieradzik 2025), with two changes. The cost of a new note falls where the level dips or the
spectrum changes, so that a pitch that is sung again is a note of its own; and a note's first frames may lie off its
pitch at less cost, for people slide into notes.

Unless a comment says otherwise, parameters were chosen together, by a random search for the greatest F1 of notes and
onsets on 45 sight-singers, a phrase annotated by two people, and synthetic hums, dry to reverberant and down to 10 dB
of signal to noise (``tests.bench.music_singers``, part "tune").
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from soundstage.arrays import Floats
from soundstage.audio.pitch import FRAME_PERIOD_S, PitchTrack, hz_to_midi
from soundstage.music.listening.salience import HOP_S, Salience

NEW_NOTE_COST = 5.0  # in frames of 16 ms; SwiftF0's default
# Cost of a frame per semitone off its note: in the first 160 ms, a slide into the note, and later.
APPROACH_FRAMES, APPROACH_COST, HOLD_COST = 10, 0.4, 0.62
_MAX_DEVIATION = 3.0  # semitones: beyond, a frame costs no more
# Log odds that a dip begins a repeated note. What tells most is whether all harmonics dip together.
LOG_ODDS_OFFSET = -7.3
LOG_ODDS_PER_DB_OF_HARMONIC_DIP, LOG_ODDS_PER_DB_OF_DIP, LOG_ODDS_PER_DB_OF_FLUX = 0.6, 0.12, 1.0
LOG_ODDS_PER_DB_OF_RIPPLE, LOG_ODDS_PER_SEMITONE_OF_VIBRATO = -0.7, -7.3
MAX_RIPPLE_DB, MAX_DIP_DB, MAX_FLUX_DB = 6.0, 14.0, 10.0  # beyond, more says nothing new
# Breath makes a high whistle flicker by itself: over 1.2 kHz, what a dip takes off counts for less.
WHISTLE_HZ, WHISTLE_DISCOUNT = 1200.0, 0.5
# What such a dip takes off the cost of a new note: at even odds, and more per unit of log odds.
DISCOUNT_AT_EVEN_ODDS, DISCOUNT_PER_LOG_ODDS, MAX_DISCOUNT = 3.6, 0.84, 10.0
MAX_VIBRATO_SEMITONES = 1.6  # a larger deviation from the running mean is a change of note
MIN_NOTE_S = 0.06  # four frames
CONSONANT_S = 0.1  # a voiced consonant before a vowel is shorter
SILENT_DIP_DB = 10.0  # in a deeper dip, the pitch between two notes belongs to neither
MIN_CONFIDENCE, CONFIDENCE_PERCENTILE = 0.55, 70  # of a note's frames
LEVEL_PERCENTILE = 80  # of a note's tonal level: what it is sung at, not how it begins and dies away
MEETING_FRAMES = 2  # of 16 ms: a gap of at most so many is none
SAME_PITCH_SEMITONES = 0.5  # two spans nearer each other are on one pitch
# Fine frames of 5 ms. A dip is the lowest of 40 ms on either side, its depth that below the loudest of 100 ms before
# and after; a rise is looked for in spectra from 15 ms before to 35 ms after it (11 frames, moved by 2).
DIP_APART, DIP_REACH = 8, 20
FLUX_FRAMES, FLUX_ORIGIN = 11, -2
SUDDEN_DB, SUDDEN_DB_PER_DB_OF_FLUX = 2.0, 2.0  # of a dip, as far as a rise of the spectrum bears it out
# Frames of 16 ms. Vibrato is what is left of the pitch without its mean over 19 (300 ms, a period and a half of a slow
# vibrato), its power the mean of 8, its depth the lesser of those 5 before and after.
VIBRATO_MEAN_FRAMES, VIBRATO_POWER_FRAMES, VIBRATO_APART = 19, 8, 5
QUIET_REACH, QUIET_DB = 4, 1.6  # frames of 16 ms, and what level may ripple by within a note
PITCH_STEPS_PER_SEMITONE = 10  # of the pitches that a note may be centred on
ODDS_RANGE = (0.01, 0.99)  # of a frame's confidence as the probability of a note
# At a note's start and end, at most so many frames of 16 ms, and one in so many of its own, are a glide: they are left
# out of its pitch, and of its slope.
PITCH_HEAD, PITCH_TAIL, SLOPE_HEAD, SLOPE_TAIL = (3, 5), (2, 6), (3, 4), (2, 6)
STEADY_FRAMES = 6  # of 16 ms: a syllable's pitch never rests so long
TRIMMED_SHARE = 0.12  # at either end, of a note's frames by pitch
# An onset is looked for, in fine frames: the dip from 70 ms before the boundary to 40 ms after, the peak within 100 ms
# of it. The level has risen where it lies so many dB below the peak, or so large a part of the way down to the dip.
ONSET_BEFORE, ONSET_AFTER, PEAK_WITHIN, ONSET_BELOW_PEAK_DB, ONSET_BELOW_PEAK_SHARE = 14, 8, 20, 9.6, 0.7
ARRIVED_SEMITONES = 0.55  # a glide has come to its note so near it, or half-way where that is nearer
# Listeners hear a note begin with its vowel: so much of the way to the fastest change of the spectrum from 60 ms before
# to 80 ms after (in fine frames), and so much later.
CHANGE_BEFORE, CHANGE_AFTER, CHANGE_SHARE, HEARD_LATER_S = 12, 16, 0.35, 0.007
# A note that follows another without a gap, shorter than this share of the median, so much softer and so near it in
# pitch, is how that one dies away.
TAIL_GAP_S, TAIL_SHARE, TAIL_DB, TAIL_SEMITONES = 0.03, 0.42, 2.5, 1.2
DIP_NEAR_S = 0.05  # of a boundary: a dip that belongs to it
GLIDE_BEFORE, GLIDE_AFTER = 5, 8  # frames of 16 ms around a boundary in which pitch moves from note to note


@dataclass(frozen=True)
class SungNote:
    """One note as sung. ``pitch`` is a fractional MIDI number; ``slope`` how fast it moves, semitones per second;
    ``unsteadiness`` how far it moves, in semitones, in those 96 ms where it moves least.
    """

    onset_s: float
    offset_s: float
    pitch: float
    slope: float
    unsteadiness: float
    level_db: float
    confidence: float

    @property
    def duration_s(self) -> float:
        return self.offset_s - self.onset_s


def transcribe(voice: Salience) -> list[SungNote]:
    """The notes of ``voice`` in time order, which do not overlap; none where no frame is voiced. Times count from the
    start of the recording.
    """
    pitch = voice.pitch
    if not pitch.voiced.any():
        return []
    dip_db = _dips(voice)
    spans = _segment(pitch, _new_note_cost(voice, dip_db), _quietness_db(voice))
    spans = _without_consonants(pitch, [(a, b) for a, b in spans if _is_note(pitch, a, b)])
    notes: list[SungNote] = []
    pitches = [_pitch_of(pitch, a, b) for a, b in spans]
    onsets = [max(voice.start_s, _onset(voice, spans, pitches, i, dip_db)) for i in range(len(spans))]
    for i, (first, last) in enumerate(spans):
        end = (last - 0.5) * FRAME_PERIOD_S
        if i + 1 < len(spans) and spans[i + 1][0] - last <= MEETING_FRAMES:
            end = onsets[i + 1]
        if end - onsets[i] < MIN_NOTE_S:
            continue
        inside = slice(int(onsets[i] / HOP_S), max(int(end / HOP_S), int(onsets[i] / HOP_S) + 1))
        notes.append(
            SungNote(
                onset_s=onsets[i] - voice.start_s,
                offset_s=end - voice.start_s,
                pitch=pitches[i],
                slope=_slope(pitch, first, last),
                unsteadiness=_unsteadiness(pitch, first, last),
                level_db=float(np.percentile(voice.tonal_db[inside], LEVEL_PERCENTILE)),
                confidence=float(pitch.confidence[first:last].mean()),
            )
        )
    return _without_tails(notes)


def _without_tails(notes: list[SungNote]) -> list[SungNote]:
    """``notes``, where those that are only the dying away of the one before are part of it."""
    if not notes:
        return []
    longest_s = TAIL_SHARE * float(np.median([note.duration_s for note in notes]))
    kept = notes[:1]
    for note in notes[1:]:
        before = kept[-1]
        softer, near = before.level_db - note.level_db > TAIL_DB, abs(note.pitch - before.pitch) < TAIL_SEMITONES
        if softer and near and note.onset_s - before.offset_s < TAIL_GAP_S and note.duration_s < longest_s:
            kept[-1] = replace(before, offset_s=note.offset_s)
        else:
            kept.append(note)
    return kept


def _dips(voice: Salience) -> Floats:
    """Depth of each local minimum of the tonal level below both its sides (within 100 ms), dB; 0 elsewhere. [fine]"""
    level = np.maximum(voice.tonal_db, voice.noise_db)
    before, after = _max_before(level, DIP_REACH), _max_before(level[::-1], DIP_REACH)[::-1]
    depth = np.minimum(before, after) - level
    wide = np.lib.stride_tricks.sliding_window_view(np.pad(level, DIP_APART, mode="edge"), 2 * DIP_APART + 1)
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
    flux_db = maximum_filter1d(voice.flux_db, FLUX_FRAMES, origin=FLUX_ORIGIN)
    # What falls far but comes back slowly is a fading room.
    sudden_db = np.minimum(dip_db, SUDDEN_DB + SUDDEN_DB_PER_DB_OF_FLUX * flux_db)
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
    whistled = np.interp(voice.times_s, voice.pitch.times_s, voice.pitch.f0_hz) > WHISTLE_HZ
    discount = np.where(whistled, WHISTLE_DISCOUNT * discount, discount)
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
    deviation = filled - uniform_filter1d(filled, VIBRATO_MEAN_FRAMES)
    deviation[np.abs(deviation) > MAX_VIBRATO_SEMITONES] = 0.0
    power = np.maximum(uniform_filter1d(deviation**2, VIBRATO_POWER_FRAMES), 0.0)  # its running sum may round below 0
    return np.asarray(np.sqrt(np.minimum(np.roll(power, VIBRATO_APART), np.roll(power, -VIBRATO_APART))))


def _quietness_db(voice: Salience) -> Floats:
    """By how much more than 3 dB a frame lies below the loudest frames within 64 ms on both sides. [frames]"""
    level = np.interp(voice.pitch.times_s, voice.times_s, voice.tonal_db)
    before, after = _max_before(level, QUIET_REACH), _max_before(level[::-1], QUIET_REACH)[::-1]
    return np.asarray(np.maximum(0.0, np.minimum(before, after) - level - QUIET_DB))


def _segment(pitch: PitchTrack, new_note_cost: Floats, quiet_db: Floats) -> list[tuple[int, int]]:
    """Notes as [first, last) frames: the split of smallest cost. Gaps are free, so a note must earn its frames."""
    semitones = hz_to_midi(pitch.f0_hz)
    weight = pitch.confidence
    odds = np.clip(weight, *ODDS_RANGE)
    presence = -np.log(odds / (1 - odds)) + quiet_db
    voiced = semitones[pitch.voiced]
    centres = np.unique(np.round(voiced * PITCH_STEPS_PER_SEMITONE) / PITCH_STEPS_PER_SEMITONE)
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
        cost = weight[t] * np.where(t - start < APPROACH_FRAMES, APPROACH_COST, HOLD_COST)
        running += cost * np.minimum(np.abs(centres - semitones[t]), _MAX_DEVIATION) + presence[t]
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
    return long_enough and float(np.percentile(pitch.confidence[first:last], CONFIDENCE_PERCENTILE)) >= MIN_CONFIDENCE


def _without_consonants(pitch: PitchTrack, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans less voiced consonants (the l of "la"): short, joined to the note they lead to, on a neighbour's pitch."""
    centres = [_pitch_of(pitch, a, b) for a, b in spans]
    kept: list[tuple[int, int]] = []
    for i, (first, last) in enumerate(spans):
        leads_on = i + 1 < len(spans) and spans[i + 1][0] - last <= 1
        if leads_on and (last - first) * FRAME_PERIOD_S < CONSONANT_S:
            if kept and kept[-1][1] >= first - 1 and abs(centres[i] - centres[i - 1]) < SAME_PITCH_SEMITONES:
                kept[-1] = (kept[-1][0], last)
                continue
            if abs(centres[i] - centres[i + 1]) < SAME_PITCH_SEMITONES:
                continue
        kept.append((first, last))
    return kept


def _pitch_of(pitch: PitchTrack, first: int, last: int) -> float:
    """Centre of a note's pitch, its glides left out; under vibrato a trimmed mean beats a median."""
    middle = _middle(first, last, PITCH_HEAD, PITCH_TAIL)
    semitones = hz_to_midi(pitch.f0_hz)[middle]
    weight = pitch.confidence[middle] ** 2
    order = np.argsort(semitones)
    share = (np.cumsum(weight[order]) - 0.5 * weight[order]) / weight.sum()
    kept = order[(share > TRIMMED_SHARE) & (share < 1 - TRIMMED_SHARE)]
    if not len(kept):
        kept = order[len(order) // 2 : len(order) // 2 + 1]
    return float(np.average(semitones[kept], weights=weight[kept]))


def _middle(first: int, last: int, head: tuple[int, int], tail: tuple[int, int]) -> slice:
    """Frames of a note without its glides."""
    count = last - first
    return slice(first + min(head[0], count // head[1]), last - min(tail[0], count // tail[1]))


def _slope(pitch: PitchTrack, first: int, last: int) -> float:
    """Semitones per second along the middle of a note, by least squares."""
    semitones = hz_to_midi(pitch.f0_hz)[_middle(first, last, SLOPE_HEAD, SLOPE_TAIL)]
    time_s = FRAME_PERIOD_S * np.arange(len(semitones))
    return float(np.polyfit(time_s, semitones, 1)[0]) if len(semitones) > 2 else 0.0


def _unsteadiness(pitch: PitchTrack, first: int, last: int) -> float:
    """Least range of the pitch within any ``STEADY_FRAMES`` in a row of a note, or within all of a shorter one."""
    semitones = hz_to_midi(pitch.f0_hz)[first:last]
    windows = np.lib.stride_tricks.sliding_window_view(semitones, min(STEADY_FRAMES, len(semitones)))
    return float(np.ptp(windows, axis=1).min())


def _onset(voice: Salience, spans: list[tuple[int, int]], pitches: list[float], index: int, dip_db: Floats) -> float:
    """Seconds where note ``index`` is heard to begin: where its level has risen, or the glide to it has arrived; and
    towards where the spectrum changes fastest.
    """
    first = spans[index][0]
    boundary_s = first * FRAME_PERIOD_S
    onset_s: float | None = None
    if index > 0 and first - spans[index - 1][1] <= MEETING_FRAMES:
        near = slice(max(0, int((boundary_s - DIP_NEAR_S) / HOP_S)), int((boundary_s + DIP_NEAR_S) / HOP_S))
        if np.max(dip_db[near], initial=0.0) < SILENT_DIP_DB:
            onset_s = _arrival_s(voice.pitch, first, pitches[index - 1], pitches[index])
    if onset_s is None:
        onset_s = _rise_s(voice, boundary_s)
    at = round(onset_s / HOP_S)
    early = max(0, at - CHANGE_BEFORE)
    flux_db = voice.flux_db[early : at + CHANGE_AFTER]
    to_change_s = (early + int(np.argmax(flux_db)) - at) * HOP_S if len(flux_db) else 0.0
    return onset_s + CHANGE_SHARE * to_change_s + HEARD_LATER_S


def _rise_s(voice: Salience, boundary_s: float) -> float:
    """Last upward crossing, around the boundary, of a level between the dip before and the peak after."""
    level = np.maximum(voice.tonal_db, voice.noise_db)
    at = int(boundary_s / HOP_S)
    low_at = max(0, at - ONSET_BEFORE) + int(np.argmin(level[max(0, at - ONSET_BEFORE) : at + ONSET_AFTER]))
    peak = float(np.max(level[low_at : low_at + PEAK_WITHIN]))
    threshold = peak - min(ONSET_BELOW_PEAK_SHARE * (peak - float(level[low_at])), ONSET_BELOW_PEAK_DB)
    above = np.flatnonzero(level[low_at : low_at + PEAK_WITHIN + 1] >= threshold)
    return (low_at + int(above[0])) * HOP_S if len(above) else boundary_s


def _arrival_s(pitch: PitchTrack, first: int, before: float, after: float) -> float | None:
    """When a glide between two notes comes near the second, nearest to frame ``first``; None where it does not."""
    if abs(after - before) < SAME_PITCH_SEMITONES:
        return None
    low, high = max(0, first - GLIDE_BEFORE), min(len(pitch.f0_hz), first + GLIDE_AFTER)
    up = np.sign(after - before)
    arrived = after - up * min(abs(after - before) / 2, ARRIVED_SEMITONES)
    risen = (hz_to_midi(pitch.f0_hz)[low:high] - arrived) * up
    crossings = np.flatnonzero((risen[:-1] < 0) & (risen[1:] >= 0))
    if not len(crossings):
        return None
    k = int(crossings[np.argmin(np.abs(crossings + low - first))])
    part = -risen[k] / (risen[k + 1] - risen[k])
    return float((low + k + part) * FRAME_PERIOD_S)
