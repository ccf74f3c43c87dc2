"""A variant as a standard MIDI file: a track per player, tempo, meter, key, sections and chord symbols."""

from collections.abc import Sequence
from pathlib import Path

import mido

from soundstage.models.composition import VariantPlan
from soundstage.music.arrangement import Part
from soundstage.music.instruments.kit import GM_DRUMS
from soundstage.music.instruments.orchestra import ORCHESTRA
from soundstage.music.performance import PlayedHit, PlayedNote

TICKS_PER_BEAT = 480
DRUM_CHANNEL = 9
# MIDI writes keys with flats where the circle of fifths has them.
_KEY_NAMES = {
    "major": {"C#": "Db", "D#": "Eb", "G#": "Ab", "A#": "Bb"},
    "minor": {"D#": "Eb", "A#": "Bb"},
}


def write_midi(
    path: Path, plan: VariantPlan, parts: Sequence[tuple[Part, list[PlayedNote]]], hits: Sequence[PlayedHit]
) -> None:
    """Write a type 1 file; times are as performed, so it sounds as the recording does."""
    song = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT)
    song.tracks.append(_conductor(plan))
    channels = [c for c in range(16) if c != DRUM_CHANNEL]
    for i, (part, played) in enumerate(parts):
        channel = channels[i % len(channels)]
        program = mido.Message(
            "program_change", channel=channel, program=ORCHESTRA[part.layer.instrument].program, time=0
        )
        pan = mido.Message(
            "control_change", channel=channel, control=10, value=round(63.5 + 63.5 * part.layer.pan), time=0
        )
        events = []
        for n in played:
            events.append((_ticks(n.start_s, plan), 1, n.midi, max(1, round(127 * n.velocity))))
            events.append((_ticks(n.start_s + n.seconds, plan), 0, n.midi, 0))
        song.tracks.append(_track(part.name, [program, pan], events, channel))
    drum_events = []
    for hit in hits:
        start = _ticks(hit.start_s, plan)
        drum_events.append((start, 1, GM_DRUMS[hit.drum], max(1, round(127 * hit.velocity))))
        drum_events.append((start + 60, 0, GM_DRUMS[hit.drum], 0))
    song.tracks.append(_track("drums", [], drum_events, DRUM_CHANNEL))
    song.save(path)


def _conductor(plan: VariantPlan) -> mido.MidiTrack:
    tonic = _KEY_NAMES[plan.key.mode].get(plan.key.tonic, plan.key.tonic)
    numerator, denominator = (int(x) for x in plan.meter.split("/"))
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("track_name", name=f"{plan.style} {plan.label}", time=0))
    track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(plan.tempo_bpm), time=0))
    track.append(mido.MetaMessage("time_signature", numerator=numerator, denominator=denominator, time=0))
    track.append(mido.MetaMessage("key_signature", key=tonic + ("m" if plan.key.mode == "minor" else ""), time=0))
    marks: list[tuple[int, str, str]] = [
        (round(s.start_bar * plan.bar_beats * TICKS_PER_BEAT), "marker", s.name) for s in plan.sections
    ]
    marks += [(round(c.beat * TICKS_PER_BEAT), "text", c.symbol) for c in plan.chords]
    now = 0
    for tick, kind, text in sorted(marks):
        track.append(mido.MetaMessage(kind, text=text, time=tick - now))
        now = tick
    return track


def _track(
    name: str, setup: Sequence[mido.Message], events: list[tuple[int, int, int, int]], channel: int
) -> mido.MidiTrack:
    """``events``: (tick, 1 on | 0 off, key, velocity); offs come before ons at the same tick."""
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("track_name", name=name, time=0))
    track.extend(setup)
    now = 0
    for tick, on, key, velocity in sorted(events):
        kind = "note_on" if on else "note_off"
        track.append(mido.Message(kind, channel=channel, note=key, velocity=velocity, time=tick - now))
        now = tick
    return track


def _ticks(seconds: float, plan: VariantPlan) -> int:
    return round(seconds * plan.tempo_bpm / 60.0 * TICKS_PER_BEAT)
