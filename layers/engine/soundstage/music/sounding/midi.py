"""Standard MIDI files (type 1) of a variant: a track for whoever plays, tempo, meter, key, sections and chords."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np

from soundstage.models.composition import Section, VariantPlan
from soundstage.music.arranging.arrangement import Part
from soundstage.music.arranging.performance import PlayedHit
from soundstage.music.composing.melody import PITCH_CLASSES
from soundstage.music.instruments.kit import GM_DRUMS
from soundstage.music.instruments.notes import PlayedNote
from soundstage.music.instruments.orchestra import ORCHESTRA

TICKS_PER_BEAT = 480  # of a quarter
DRUM_CHANNEL = 9  # General MIDI, from 0
HIT_TICKS = 60  # a thirty-second
# MIDI writes keys with flats where the circle of fifths has them.
_KEY_NAMES = {
    "major": {"C#": "Db", "D#": "Eb", "G#": "Ab", "A#": "Bb"},
    "minor": {"D#": "Eb", "A#": "Bb"},
}
PAN, EXPRESSION = 10, 11  # controllers
# Registered parameter 0 (controllers 101, 100) is the range of the pitch bend: data entry (6) sets semitones.
BEND_SEMITONES = 2
BEND_SETUP = ((101, 0), (100, 0), (6, BEND_SEMITONES))
CURVE_STEP_S = 0.02  # between controller values
# Level is 40 log10(value / 127) dB (General MIDI level 1, recommended practice); swells reach 4 dB above the mean.
EXPRESSION_HEADROOM_DB = 4.0
MIN_CENTS = 3.0  # smaller bends are left out
# Curves of the solo instruments (``instruments.solo``): scoop, delay and growth of vibrato; its rate.
SCOOP_S, SCOOP_EXPONENT, VIBRATO_DELAY_S, VIBRATO_GROWTH_S, VIBRATO_HZ = 0.05, 1.5, 0.18, 0.35, 5.3


def write_midi(
    path: Path,
    plan: VariantPlan,
    parts: Sequence[tuple[Part, list[PlayedNote]]],
    hits: Sequence[PlayedHit],
    *,
    drum_program: int = 0,
) -> None:
    """Write the parts and strokes of a variant as performed.

    Instruments that play lines have scoops and vibrato as pitch bend, and swells as expression (controller 11).
    """
    song = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT)
    song.tracks.append(_conductor(plan))
    channels = [c for c in range(16) if c != DRUM_CHANNEL]
    for i, (part, played) in enumerate(parts):
        channel = channels[i % len(channels)]
        instrument = ORCHESTRA[part.layer.instrument]
        setup = [
            mido.Message("program_change", channel=channel, program=instrument.program),
            _control(channel, PAN, round(63.5 + 63.5 * part.layer.pan)),
        ]
        events = _keys(played, plan, channel)
        if instrument.line is not None:
            setup += [_control(channel, number, value) for number, value in BEND_SETUP]
            events += [e for p in played for e in _expression(p, plan, channel)]
        song.tracks.append(_track(part.name, setup, events))
    drum_events = []
    for hit in (hit for hit in hits if hit.drum in GM_DRUMS):
        start, key = _ticks(hit.start_s, plan), GM_DRUMS[hit.drum]
        drum_events.append((start, _on(DRUM_CHANNEL, key, hit.velocity)))
        drum_events.append((start + HIT_TICKS, _off(DRUM_CHANNEL, key)))
    if drum_events:
        kit = mido.Message("program_change", channel=DRUM_CHANNEL, program=drum_program)
        song.tracks.append(_track("drums", [kit], drum_events))
    song.save(path)


def _conductor(plan: VariantPlan) -> mido.MidiTrack:
    """The first track: name, tempo, meter, keys, sections as markers, chords as text."""
    numerator, denominator = (int(x) for x in plan.meter.split("/"))
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("track_name", name=f"{plan.style} {plan.label}", time=0))
    track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(plan.tempo_bpm), time=0))
    track.append(mido.MetaMessage("time_signature", numerator=numerator, denominator=denominator, time=0))
    marks: list[tuple[float, mido.MetaMessage]] = []
    key = None
    for section in plan.sections:
        beat = section.start_bar * plan.bar_beats
        if _key_name(plan, section) != key:
            key = _key_name(plan, section)
            marks.append((beat, mido.MetaMessage("key_signature", key=key)))
        marks.append((beat, mido.MetaMessage("marker", text=section.name)))
    marks += [(c.beat, mido.MetaMessage("text", text=c.symbol)) for c in plan.chords]
    now = 0
    for beat, message in sorted(marks, key=lambda mark: mark[0]):
        tick = round(beat * TICKS_PER_BEAT)
        track.append(message.copy(time=tick - now))
        now = tick
    return track


def _key_name(plan: VariantPlan, section: Section) -> str:
    tonic = PITCH_CLASSES[(PITCH_CLASSES.index(plan.key.tonic) + section.lift_semitones) % 12]
    return _KEY_NAMES[plan.key.mode].get(tonic, tonic) + ("m" if plan.key.mode == "minor" else "")


Event = tuple[int, mido.Message]


def _keys(played: Sequence[PlayedNote], plan: VariantPlan, channel: int) -> list[Event]:
    """Note-on and note-off; a key that is struck again is released first: on one channel it is the same key."""
    events: list[Event] = []
    for _, same in itertools.groupby(sorted(played, key=lambda n: (n.midi, n.start_s)), key=lambda n: n.midi):
        notes = list(same)
        for note, after in zip(notes, [*notes[1:], None], strict=True):
            end_s = note.end_s
            if after is not None:
                end_s = min(end_s, after.start_s)
            events.append((_ticks(note.start_s, plan), _on(channel, note.midi, note.velocity)))
            events.append((_ticks(end_s, plan), _off(channel, note.midi)))
    return events


def _expression(played: PlayedNote, plan: VariantPlan, channel: int) -> list[Event]:
    """A note's scoop and vibrato as pitch bend, its swell as expression."""
    expression = played.expression
    times = np.arange(0.0, played.duration_s, CURVE_STEP_S)
    cents = bend_cents(expression.scoop_cents, expression.vibrato_cents, times)
    bends = np.round(8192 * cents / (100 * BEND_SEMITONES)).astype(int).clip(-8192, 8191)
    swell = np.interp(
        times, np.linspace(0.0, played.duration_s, len(expression.swell_db) or 1), expression.swell_db or (0.0,)
    )
    levels = np.round(127 * 10 ** ((swell - EXPRESSION_HEADROOM_DB) / 40)).astype(int).clip(1, 127)
    events: list[Event] = []
    for kind, values in (("bend", bends), ("level", levels)):
        last: int | None = None
        for time_s, value in zip(times, values.tolist(), strict=True):
            if value != last:
                message = (
                    mido.Message("pitchwheel", channel=channel, pitch=value)
                    if kind == "bend"
                    else _control(channel, EXPRESSION, value)
                )
                events.append((_ticks(played.start_s + float(time_s), plan), message))
            last = value
    return events


def bend_cents(scoop_cents: float, vibrato_cents: float, times_s: np.ndarray) -> np.ndarray:
    """Scoop and vibrato, cents at ``times_s`` from the onset."""
    scoop = scoop_cents * np.exp(-((times_s / SCOOP_S) ** SCOOP_EXPONENT))
    depth = vibrato_cents * np.clip((times_s - VIBRATO_DELAY_S) / VIBRATO_GROWTH_S, 0.0, 1.0)
    cents = scoop + depth * np.sin(2 * np.pi * VIBRATO_HZ * times_s)
    return np.where(np.abs(cents) < MIN_CENTS, 0.0, cents)


def _track(name: str, setup: Iterable[mido.Message], events: list[Event]) -> mido.MidiTrack:
    """Events in order; at the same tick note-off, then controllers, then note-on."""
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("track_name", name=name, time=0))
    track.extend(setup)
    order = {"note_off": 0, "control_change": 1, "pitchwheel": 2, "note_on": 3}
    now = 0
    for tick, message in sorted(events, key=lambda e: (e[0], order[e[1].type], e[1].bytes())):
        track.append(message.copy(time=tick - now))
        now = tick
    return track


def _on(channel: int, key: int, velocity: float) -> mido.Message:
    return mido.Message("note_on", channel=channel, note=key, velocity=max(1, round(127 * velocity)))


def _off(channel: int, key: int) -> mido.Message:
    return mido.Message("note_off", channel=channel, note=key, velocity=0)


def _control(channel: int, number: int, value: int) -> mido.Message:
    return mido.Message("control_change", channel=channel, control=number, value=value)


def _ticks(seconds: float, plan: VariantPlan) -> int:
    return round(seconds * plan.tempo_bpm / 60.0 * TICKS_PER_BEAT)


@dataclass(frozen=True)
class MidiNote:
    """A note or stroke of a file that ``write_midi`` wrote. ``role`` is the player's, or ``drums``."""

    start_s: float
    end_s: float
    midi: int
    velocity: float
    role: str


def read_midi(path: Path) -> list[MidiNote]:
    """The notes and strokes that ``write_midi`` wrote, in order of time."""
    song = mido.MidiFile(path)
    tempo = next(message.tempo for message in song.tracks[0] if message.type == "set_tempo")
    notes = []
    for track in song.tracks[1:]:
        role, now_s = track.name.split(" ")[0], 0.0
        down: dict[int, tuple[float, int]] = {}
        for message in track:
            now_s += mido.tick2second(message.time, song.ticks_per_beat, tempo)
            if message.type in ("note_on", "note_off") and message.note in down:
                start_s, velocity = down.pop(message.note)
                notes.append(MidiNote(start_s, now_s, message.note, velocity / 127, role))
            if message.type == "note_on":
                down[message.note] = (now_s, message.velocity)
    return sorted(notes, key=lambda note: (note.start_s, note.role, note.midi))
