"""Transcription: onset, offset and fractional pitch of each sung note, from a voice's salience; no scale is assumed
yet.

The frames of 16 ms are split into notes and gaps at the smallest total cost by dynamic programming, as SwiftF0's
``segment_notes`` does (Nieradzik 2025). What a new note costs there, and what a frame of silence, a learnt network says
(``note_network``); that a pitch has moved for good is evidence of its own, which no network has to have heard before.

Unless a comment says otherwise, parameters were chosen for the greatest F1 of notes and onsets on the singers of part
"tune" (``tests.bench.music_singers``), each heard by networks that had not been trained on them; and on a phrase
annotated by two people, and synthetic hums.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import maximum_filter1d

from soundstage.arrays import Floats
from soundstage.audio.pitch import FRAME_PERIOD_S, PitchTrack, hz_to_midi
from soundstage.music.listening.note_network import (
    FRAME_S,
    Features,
    NoteFrames,
    dips_and_rises_db,
    frame_times_s,
    note_frames,
)
from soundstage.music.listening.salience import HOP_S, Salience

# Cost of a new note per unit of log odds against it, in a range.
COST_PER_LOG_ODDS, LOG_ODDS_RANGE = 3.0, (-9.0, 4.0)
# Cost of a frame per semitone off its note: in the first 100 ms, a slide into the note, and later.
APPROACH_FRAMES, APPROACH_COST, HOLD_COST = 6, 0.6, 1.2
_MAX_DEVIATION = 3.0  # semitones: beyond, a frame costs no more
PITCH_STEPS_PER_SEMITONE = 10  # of the pitches that a note may be centred on
# Weights of the tracker's confidence, as odds of a voice, and of the network's log odds that a note sounds.
CONFIDENCE_WEIGHT, SOUNDS_WEIGHT = 0.35, 0.5
ODDS_RANGE, SOUNDS_RANGE = (0.01, 0.99), (-4.0, 4.0)
PEAK_WITHIN_S = 0.08  # of a boundary: the onset is the network's highest peak there,
PEAK_REACH = 2  # or rather the centre of gravity of so many frames of 10 ms around it
# Of peaks by themselves: probability, and frames of 10 ms on either side that one is the highest of.
PEAK_PROBABILITY, PEAKS_APART = 0.3, 4
# Log odds of a plain repeat: at no dip, per dB of one, and per dB that the spectrum rises within 20 ms; at most.
REPEAT_LOG_ODDS, REPEAT_PER_DB_OF_DIP, MAX_RISE_DB, MAX_REPEAT_LOG_ODDS, RISE_FRAMES = -13.3, 0.6, 10.0, 1.0, 5
# A note that lasts two or three times as long as most of the three before and after it (two at least) may be as many,
# sung again on their pulse: log odds for that, within so much of where these would begin. Of 45 singers not trained on,
# 15 of 49 merged notes are told apart so, and four more are split.
PULSE_NOTES, PULSE_TIMES, PULSE_TOLERANCE, LONGEST_PULSE_S = 3, (2, 3), 0.15, 1.5
PULSE_LOG_ODDS, PULSE_WITHIN_S = 1.5, 0.05
MEETING_FRAMES = 2  # of 16 ms: a gap of at most so many is none
MIN_NOTE_S = 0.05
MIN_CONFIDENCE, CONFIDENCE_PERCENTILE = 0.55, 70  # of a note's frames
LEVEL_PERCENTILE = 80  # of a note's tonal level: what it is sung at, not how it begins and dies away
# A note's pitch: the highest point of a kernel density over its frames but those at its ends (one in ten of its own, at
# most six), and the mean of what lies around.
ENDS_FRAMES, ENDS_SHARE = 6, 0.1
PITCH_SPREAD, PITCH_STEP, PITCH_REACH = 0.3, 0.05, 0.6  # semitones
# At a note's start and end, at most so many frames of 16 ms, and one in so many of its own, are a glide: they are left
# out of its slope.
SLOPE_HEAD, SLOPE_TAIL = (3, 4), (2, 6)
STEADY_FRAMES = 6  # of 16 ms: a syllable's pitch never rests so long


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
    frames = _with_plain_repeats(note_frames(voice.features), voice.features)
    spans, onsets_s = _spans(pitch, frames)
    if spans:
        frames = _with_pulse(frames, np.append(onsets_s, spans[-1][1] * FRAME_PERIOD_S))
        spans, onsets_s = _spans(pitch, frames)
    notes: list[SungNote] = []
    for i, (first, last) in enumerate(spans):
        onset_s, end_s = float(max(onsets_s[i], voice.start_s)), (last - 0.5) * FRAME_PERIOD_S
        if i + 1 < len(spans) and spans[i + 1][0] - last <= MEETING_FRAMES:
            end_s = float(onsets_s[i + 1])
        if end_s - onset_s < MIN_NOTE_S:
            continue
        inside = slice(int(onset_s / HOP_S), max(int(end_s / HOP_S), int(onset_s / HOP_S) + 1))
        notes.append(
            SungNote(
                onset_s=onset_s - voice.start_s,
                offset_s=end_s - voice.start_s,
                pitch=_pitch_of(pitch, first, last),
                slope=_slope(pitch, first, last),
                unsteadiness=_unsteadiness(pitch, first, last),
                level_db=float(np.percentile(voice.tonal_db[inside], LEVEL_PERCENTILE)),
                confidence=float(pitch.confidence[first:last].mean()),
            )
        )
    return notes


def _spans(pitch: PitchTrack, frames: NoteFrames) -> tuple[list[tuple[int, int]], Floats]:
    """Notes as [first, last) frames of the pitch, and where they are heard to begin, seconds."""
    split = _segment(pitch, _new_note_cost(pitch, frames), _absence(pitch, frames))
    spans = [(first, last) for first, last in split if _is_note(pitch, first, last)]
    return spans, np.maximum.accumulate(np.array([_onset_s(frames, first) for first, _ in spans]))


def _with_pulse(frames: NoteFrames, times_s: Floats) -> NoteFrames:
    """``frames`` with onsets likelier where a note goes on for several of its neighbours' intervals. ``times_s``: where
    the notes begin, and where the last one ends.
    """
    interval_s = np.diff(times_s)
    frame_s = frame_times_s(len(frames.onset))
    onset = frames.onset.copy()
    for i, (start_s, length_s) in enumerate(zip(times_s, interval_s, strict=False)):
        around_s = np.delete(interval_s[max(0, i - PULSE_NOTES) : i + PULSE_NOTES + 1], min(i, PULSE_NOTES))
        around_s = around_s[around_s < LONGEST_PULSE_S]
        for times in PULSE_TIMES:
            alike = np.abs(around_s * times - length_s) < PULSE_TOLERANCE * length_s
            if alike.sum() < max(2, len(around_s) / 2):
                continue
            for k in range(1, times):
                onset[np.abs(frame_s - start_s - k * length_s / times) < PULSE_WITHIN_S] += PULSE_LOG_ODDS
            break
    return NoteFrames(onset, frames.sounds)


def _with_plain_repeats(frames: NoteFrames, features: Features) -> NoteFrames:
    """``frames`` with onsets where all harmonics break off together and come back at once: a note sung or played again,
    faster than those that the network has learnt from.
    """
    dip_db, rise_db = dips_and_rises_db(features)
    lowest = dip_db >= maximum_filter1d(dip_db, 2 * PEAKS_APART + 1)
    rise_db = maximum_filter1d(rise_db, RISE_FRAMES)
    log_odds = REPEAT_LOG_ODDS + REPEAT_PER_DB_OF_DIP * dip_db + np.minimum(rise_db, MAX_RISE_DB)
    repeated = np.where(lowest, np.minimum(log_odds, MAX_REPEAT_LOG_ODDS), -np.inf)
    return NoteFrames(np.maximum(frames.onset, repeated), frames.sounds)


def _new_note_cost(pitch: PitchTrack, frames: NoteFrames) -> Floats:
    """Cost of starting a note at each pitch frame, [frames]."""
    highest = maximum_filter1d(frames.onset, 3)  # a pitch frame is longer than the network's
    log_odds = np.interp(pitch.times_s, frame_times_s(len(highest)), highest)
    return np.asarray(-COST_PER_LOG_ODDS * np.clip(log_odds, *LOG_ODDS_RANGE))


def _absence(pitch: PitchTrack, frames: NoteFrames) -> Floats:
    """What a frame costs a note for sounding in it; below 0 where one is heard. [frames]"""
    odds = np.clip(pitch.confidence, *ODDS_RANGE)
    sounds = np.interp(pitch.times_s, frame_times_s(len(frames.sounds)), frames.sounds)
    return np.asarray(-CONFIDENCE_WEIGHT * np.log(odds / (1 - odds)) - SOUNDS_WEIGHT * np.clip(sounds, *SOUNDS_RANGE))


def _segment(pitch: PitchTrack, new_note_cost: Floats, absence: Floats) -> list[tuple[int, int]]:
    """Notes as [first, last) frames: the split of smallest cost. Gaps are free, so a note must earn its frames."""
    semitones = hz_to_midi(pitch.f0_hz)
    voiced = semitones[pitch.voiced]
    centres = np.unique(np.round(voiced * PITCH_STEPS_PER_SEMITONE) / PITCH_STEPS_PER_SEMITONE)
    count = len(semitones)
    running = np.full(len(centres), np.inf)
    start = np.zeros(len(centres), np.intp)
    came_from = np.zeros(count + 1, np.intp)
    is_note = np.zeros(count + 1, bool)
    best = 0.0
    for t in range(count):
        fresh = best + new_note_cost[t]
        new = fresh < running
        start[new] = t
        np.minimum(running, fresh, out=running)
        cost = pitch.confidence[t] * np.where(t - start < APPROACH_FRAMES, APPROACH_COST, HOLD_COST)
        running += cost * np.minimum(np.abs(centres - semitones[t]), _MAX_DEVIATION) + absence[t]
        j = int(np.argmin(running))
        came_from[t + 1] = t
        if running[j] < best:
            best = float(running[j])
            came_from[t + 1], is_note[t + 1] = start[j], True
    spans = []
    end = count
    while end > 0:
        if is_note[end]:
            spans.append((int(came_from[end]), end))
        end = int(came_from[end])
    return spans[::-1]


def _is_note(pitch: PitchTrack, first: int, last: int) -> bool:
    long_enough = (last - first) * FRAME_PERIOD_S >= MIN_NOTE_S
    return long_enough and float(np.percentile(pitch.confidence[first:last], CONFIDENCE_PERCENTILE)) >= MIN_CONFIDENCE


def _onset_s(frames: NoteFrames, first: int) -> float:
    """Where the note that begins about frame ``first`` of 16 ms is heard to begin."""
    boundary_s, reach = first * FRAME_PERIOD_S, round(PEAK_WITHIN_S / FRAME_S)
    early = max(0, round(boundary_s / FRAME_S) - reach)
    near = frames.onset[early : early + 2 * reach + 1]
    return _gravity_s(frames, early + int(np.argmax(near))) if len(near) else boundary_s


def _gravity_s(frames: NoteFrames, peak: int) -> float:
    """Time of a peak, between the frames."""
    around = slice(max(0, peak - PEAK_REACH), peak + PEAK_REACH + 1)
    probability = 1 / (1 + np.exp(-frames.onset[around]))
    return float(np.average(frame_times_s(len(frames.onset))[around], weights=probability))


def onset_times_s(frames: NoteFrames) -> list[float]:
    """Where the network by itself hears notes begin."""
    highest = frames.onset >= maximum_filter1d(frames.onset, 2 * PEAKS_APART + 1)
    likely = frames.onset > np.log(PEAK_PROBABILITY / (1 - PEAK_PROBABILITY))
    return [_gravity_s(frames, int(peak)) for peak in np.flatnonzero(highest & likely)]


def _pitch_of(pitch: PitchTrack, first: int, last: int) -> float:
    """Where a note's pitch rests: neither the glides to and from it nor a slip of the tracker move it."""
    ends = min(int(ENDS_SHARE * (last - first)), ENDS_FRAMES)
    semitones = hz_to_midi(pitch.f0_hz[first + ends : last - ends])
    weight = np.maximum(pitch.confidence[first + ends : last - ends] ** 2, 1e-6)
    places = np.arange(semitones.min(), semitones.max() + PITCH_STEP, PITCH_STEP)
    density = np.exp(-0.5 * (np.subtract.outer(places, semitones) / PITCH_SPREAD) ** 2) @ weight
    near = np.abs(semitones - places[density.argmax()]) < PITCH_REACH
    return float(np.average(semitones[near], weights=weight[near]))


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
