"""A heard tune as a Standard MIDI File to correct in any program, and back: notes, tempo map, meter and key.

The recording begins at tick 0. Up to the first downbeat there is one bar of whole beats at a tempo of its own, so that
bars lie where the tune has them and every note lies at its time in the recording (within a third of a millisecond).
"""

import bisect
import io
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

import mido

from soundstage.models.errors import NotesRejected
from soundstage.models.music import (
    MAX_TUNE_NOTES,
    MAX_TUNE_S,
    MIN_TUNE_NOTES,
    Analysis,
    HeardMeter,
    Key,
    Mode,
    Note,
    TuneCorrection,
)

MAX_FILE_BYTES = 1 << 20  # a tune of five minutes takes 20 KB
TICKS_PER_QUARTER = 960  # as most programs write
USUAL_TEMPO_BPM = 100.0
MIN_LEAD_IN_S = 0.02  # a downbeat nearer the start is at the start
MIN_TEMPO_CHANGE = 0.01  # of the tempo: smaller ones are rounding
MICROSECONDS_PER_MINUTE = 60_000_000
DRUM_CHANNEL = 9  # General MIDI, from 0
MAX_OVERLAP_S, MAX_OVERLAP_SHARE = 0.08, 0.5  # of two notes played legato; more, and both are meant
MAX_CHORD_SHARE = 0.05  # of notes that overlap so: fewer are slips
TUNE_TRACK = re.compile(r"\b(lead|melody|melodie|tune|vocals?|voice|solo)\b|旋律|主旋律|人声", re.IGNORECASE)
MIN_IN_SCALE = 0.8  # of notes: tunes leave their scale for less than a fifth of them
TONICS: tuple[str, ...] = get_args(Key.model_fields["tonic"].annotation)
_FLATS = {"Db": "C#", "Eb": "D#", "Gb": "F#", "Ab": "G#", "Bb": "A#", "Cb": "B"}
_SIGNATURES = {
    Mode.MAJOR: {"C#": "Db", "D#": "Eb", "G#": "Ab", "A#": "Bb"},
    Mode.MINOR: {"D#": "Eb", "A#": "Bb"},
}
_METERS: dict[tuple[int, int], HeardMeter] = {
    (2, 4): "2/4", (3, 4): "3/4", (4, 4): "4/4", (6, 8): "6/8", (5, 4): "5/4", (7, 8): "7/8", (2, 2): "4/4",
    (3, 8): "3/4", (12, 8): "6/8", (9, 8): "6/8", (5, 8): "5/4", (6, 4): "3/4", (7, 4): "7/8",
}  # fmt: skip


def quarters_per_felt_beat(meter: str | None) -> float:
    """An analysis counts felt beats: dotted quarters in 6/8."""
    return 1.5 if meter == "6/8" else 1.0


def write_notes(tune: Analysis) -> bytes:
    """The tune's notes, tempo, meter and key as a MIDI file of one track (type 1)."""
    meter = tune.meter or "4/4"
    count, unit = (int(part) for part in meter.split("/"))
    quarter_s = 60.0 / ((tune.tempo_bpm or USUAL_TEMPO_BPM) * quarters_per_felt_beat(meter))
    conductor = mido.MidiTrack([mido.MetaMessage("track_name", name="tempo", time=0)])
    offset_s, lead_in = tune.beat_offset_s, 0
    events: list[tuple[int, mido.MetaMessage]] = []
    if offset_s > MIN_LEAD_IN_S:
        beat_s = quarter_s * 4 / unit
        beats = min(max(1, round(offset_s / beat_s)), 32)
        lead_in = beats * TICKS_PER_QUARTER * 4 // unit
        events.append((0, mido.MetaMessage("time_signature", numerator=beats, denominator=unit)))
        events.append((0, _tempo(offset_s * TICKS_PER_QUARTER / lead_in)))
    events.append((lead_in, mido.MetaMessage("time_signature", numerator=count, denominator=unit)))
    clock = _Clock([(0, 0.0)], quarter_s) if not lead_in else _Clock([(0, 0.0), (lead_in, offset_s)], quarter_s)
    if tune.tempo_map:
        places = [(lead_in + round(beat * TICKS_PER_QUARTER), time_s) for time_s, beat in tune.tempo_map]
        places = [place for place in places if place[0] > lead_in]
        clock = _Clock([(0, 0.0), *([(lead_in, offset_s)] if lead_in else []), *places], quarter_s)
    events += [(tick, _tempo(length_s)) for tick, length_s in clock.tempi() if tick >= lead_in]
    if tune.key:
        tonic = _SIGNATURES[tune.key.mode].get(tune.key.tonic, tune.key.tonic)
        minor = "m" if tune.key.mode is Mode.MINOR else ""
        events.append((0, mido.MetaMessage("key_signature", key=f"{tonic}{minor}")))
    _append(conductor, sorted(events, key=lambda event: event[0]))
    notes = mido.MidiTrack([mido.MetaMessage("track_name", name="melody", time=0)])
    keys: list[tuple[int, mido.Message]] = []
    for note in tune.notes:
        start, end = clock.tick(note.onset_s), clock.tick(note.offset_s)
        keys.append((start, mido.Message("note_on", note=note.midi, velocity=max(1, round(127 * note.velocity)))))
        keys.append((max(end, start + 1), mido.Message("note_off", note=note.midi, velocity=0)))
    _append(notes, sorted(keys, key=lambda event: (event[0], event[1].type == "note_on")))
    song = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_QUARTER, tracks=[conductor, notes])
    written = io.BytesIO()
    song.save(file=written)
    return written.getvalue()


class _Clock:
    """Seconds and ticks of a tempo map: ``places`` [(tick, s)], ascending; behind the last, ``quarter_s``."""

    def __init__(self, places: list[tuple[int, float]], quarter_s: float) -> None:
        self._ticks = [tick for tick, _ in places]
        self._times_s = [time_s for _, time_s in places]
        self._tick_s = quarter_s / TICKS_PER_QUARTER

    def tempi(self) -> Iterable[tuple[int, float]]:
        """Each place's tick and the length of a quarter from there on, s."""
        for (tick, after), (start_s, end_s) in zip(
            itertools.pairwise(self._ticks), itertools.pairwise(self._times_s), strict=True
        ):
            yield tick, (end_s - start_s) * TICKS_PER_QUARTER / (after - tick)
        yield self._ticks[-1], self._tick_s * TICKS_PER_QUARTER

    def tick(self, time_s: float) -> int:
        at = max(bisect.bisect_right(self._times_s, time_s) - 1, 0)
        step_s = self._tick_s
        if at + 1 < len(self._ticks):
            step_s = (self._times_s[at + 1] - self._times_s[at]) / (self._ticks[at + 1] - self._ticks[at])
        return self._ticks[at] + round((time_s - self._times_s[at]) / step_s)


def _tempo(quarter_s: float) -> mido.MetaMessage:
    return mido.MetaMessage("set_tempo", tempo=min(max(round(1e6 * quarter_s), 1), (1 << 24) - 1))


def _append(track: mido.MidiTrack, events: Iterable[tuple[int, mido.Message | mido.MetaMessage]]) -> None:
    now = 0
    for tick, message in events:
        track.append(message.copy(time=tick - now))
        now = tick


@dataclass(frozen=True)
class _Played:
    start: int  # ticks
    end: int
    midi: int
    velocity: int


def read_notes(file: bytes) -> TuneCorrection:
    """Notes, tempo, meter and key of a MIDI file: of the track that is named as the tune, else of all but drums.

    What the file does not say (key, meter) stays open. Where its tempo changes during the tune, there is a tempo map,
    and the tempo is the one of most notes.

    Raises:
        NotesRejected: MIDI_CORRUPT, MIDI_TOO_LARGE, MIDI_NO_TEMPO, NOTES_TOO_FEW, NOTES_TOO_MANY, NOTES_TOO_LONG,
            NOTES_POLYPHONIC.
    """
    song = _parsed(file)
    tracks = [(track.name, _played(track)) for track in song.tracks]
    named = [notes for name, notes in tracks if notes and TUNE_TRACK.search(name)]
    played = sorted(named[0] if named else [note for _, notes in tracks for note in notes], key=lambda n: n.start)
    if len(played) < MIN_TUNE_NOTES:
        raise NotesRejected("NOTES_TOO_FEW")
    changes = _tempo_changes(song)
    notes = _one_at_a_time([_timed(note, changes, song.ticks_per_beat) for note in played])
    if len(notes) > MAX_TUNE_NOTES:
        raise NotesRejected("NOTES_TOO_MANY")
    if notes[-1].offset_s > MAX_TUNE_S:
        raise NotesRejected("NOTES_TOO_LONG")
    first_tick, last_tick = played[0].start, played[-1].start
    meter, downbeat = _meter(song, first_tick)
    tempo_us = _main_tempo_us(changes, played)
    inside = [place for place in changes if downbeat < place[0] <= last_tick]
    even = all(abs(us / tempo_us - 1) < MIN_TEMPO_CHANGE for us in _tempi_from(changes, downbeat, last_tick))
    return TuneCorrection(
        notes=notes,
        key=_key(song, first_tick, notes),
        tempo_bpm=_in_range(MICROSECONDS_PER_MINUTE / tempo_us / quarters_per_felt_beat(meter)),
        meter=meter,
        beat_offset_s=round(_seconds(downbeat, changes, song.ticks_per_beat), 4),
        tempo_map=None if even else _tempo_map(song, changes, downbeat, inside, last_tick),
    )


def _parsed(file: bytes) -> mido.MidiFile:
    if len(file) > MAX_FILE_BYTES:
        raise NotesRejected("MIDI_TOO_LARGE")
    try:
        song = mido.MidiFile(file=io.BytesIO(file), clip=True)
    except (OSError, EOFError, ValueError, KeyError, IndexError, TypeError, LookupError, OverflowError) as error:
        raise NotesRejected("MIDI_CORRUPT") from error
    if song.ticks_per_beat <= 0:  # SMPTE: the division's highest bit is set
        raise NotesRejected("MIDI_NO_TEMPO")
    if song.type == 2:
        raise NotesRejected("MIDI_CORRUPT", "The MIDI file holds several songs (type 2); export one of them.")
    return song


def _played(track: mido.MidiTrack) -> list[_Played]:
    """The notes of a track, drums left out; a note that never ends, ends with the track."""
    now = 0
    down: dict[tuple[int, int], tuple[int, int]] = {}
    played = []
    for message in track:
        now += message.time
        if message.type not in {"note_on", "note_off"} or message.channel == DRUM_CHANNEL:
            continue
        key = (message.channel, message.note)
        if key in down:
            start, velocity = down.pop(key)
            if now > start:
                played.append(_Played(start, now, message.note, velocity))
        if message.type == "note_on" and message.velocity > 0:
            down[key] = (now, message.velocity)
    played += [_Played(start, now, midi, velocity) for (_, midi), (start, velocity) in down.items() if now > start]
    return played


def _tempo_changes(song: mido.MidiFile) -> list[tuple[int, int]]:
    """[(tick, microseconds per quarter)] of all tracks, from tick 0; 120 where nothing is said (the standard's)."""
    found = {0: 500_000}
    for track in song.tracks:
        now = 0
        for message in track:
            now += message.time
            if message.type == "set_tempo" and message.tempo > 0:
                found[now] = message.tempo
    return sorted(found.items())


def _seconds(tick: int, changes: list[tuple[int, int]], ticks_per_quarter: int) -> float:
    total_us = 0.0
    for (start, us), (end, _) in itertools.pairwise([*changes, (max(tick, changes[-1][0]), 0)]):
        total_us += us * max(0, min(end, tick) - start)
    return total_us / ticks_per_quarter / 1e6


def _timed(note: _Played, changes: list[tuple[int, int]], ticks_per_quarter: int) -> Note:
    return Note(
        onset_s=round(_seconds(note.start, changes, ticks_per_quarter), 4),
        offset_s=round(_seconds(note.end, changes, ticks_per_quarter), 4),
        midi=note.midi,
        velocity=round(note.velocity / 127, 3),
    )


def _one_at_a_time(notes: list[Note]) -> list[Note]:
    """Notes cut where the next begins; doubled ones (two tracks in unison) are one. Raises NOTES_POLYPHONIC."""
    kept: list[Note] = []
    together = 0
    for note in notes:
        if kept and note.onset_s < kept[-1].offset_s:
            before = kept[-1]
            shorter_s = min(before.offset_s - before.onset_s, note.offset_s - note.onset_s)
            overlap_s = min(before.offset_s, note.offset_s) - note.onset_s
            if note.midi % 12 == before.midi % 12 and note.onset_s - before.onset_s < MAX_OVERLAP_S:
                continue
            together += overlap_s > max(MAX_OVERLAP_S, MAX_OVERLAP_SHARE * shorter_s)
            if note.onset_s - before.onset_s < 1e-4:
                kept[-1] = max(before, note, key=lambda n: n.midi)
                continue
            kept[-1] = before.model_copy(update={"offset_s": note.onset_s})
        kept.append(note)
    if together > MAX_CHORD_SHARE * len(notes):
        raise NotesRejected("NOTES_POLYPHONIC")
    if len(kept) < MIN_TUNE_NOTES:
        raise NotesRejected("NOTES_TOO_FEW")
    return [note for note in kept if note.offset_s > note.onset_s]


def _meter(song: mido.MidiFile, first_tick: int) -> tuple[HeardMeter | None, int]:
    """The meter at the first note, and the first bar line of it that is not after it by a beat or more."""
    signatures = []
    for track in song.tracks:
        now = 0
        for message in track:
            now += message.time
            if message.type == "time_signature":
                signatures.append((now, message.numerator, message.denominator))
    signatures.sort()
    if not signatures:
        bar = 4 * song.ticks_per_beat
        return None, first_tick // bar * bar
    # A bar of its own length before the tune is a pickup: the meter is the one that lasts longest.
    last = max((sum(message.time for message in track) for track in song.tracks), default=0)
    ends = [*(start for start, _, _ in signatures[1:]), max(last, signatures[-1][0] + 1)]
    start, count, unit = max(zip(signatures, ends, strict=True), key=lambda one: one[1] - one[0][0])[0]
    bar = max(1, 4 * song.ticks_per_beat * count // unit)
    downbeat = start if first_tick < start else start + (first_tick - start) // bar * bar
    return _METERS.get((count, unit)), downbeat


def _tempi_from(changes: list[tuple[int, int]], start: int, end: int) -> list[int]:
    """Tempi that count between two ticks."""
    at = bisect.bisect_right([tick for tick, _ in changes], start) - 1
    return [us for tick, us in changes[at:] if tick <= end]


def _main_tempo_us(changes: list[tuple[int, int]], played: list[_Played]) -> int:
    """The tempo at which most notes begin."""
    ticks = [tick for tick, _ in changes]
    begun = [changes[bisect.bisect_right(ticks, note.start) - 1][1] for note in played]
    return max(dict.fromkeys(begun), key=begun.count)


def _tempo_map(
    song: mido.MidiFile, changes: list[tuple[int, int]], downbeat: int, inside: list[tuple[int, int]], last_tick: int
) -> list[tuple[float, float]]:
    """[s, quarters from the downbeat] from there to the last note, and a quarter further."""
    ends = last_tick + song.ticks_per_beat
    ticks = sorted({downbeat, *(tick for tick, _ in inside), ends})
    return [
        (
            round(_seconds(tick, changes, song.ticks_per_beat), 5),
            round((tick - downbeat) / song.ticks_per_beat, 5),
        )
        for tick in ticks
    ]


def _key(song: mido.MidiFile, first_tick: int, notes: list[Note]) -> Key | None:
    """The last key signature up to the first note, else the first of all. One that the notes do not keep to is what a
    program writes where nobody chose one, and says nothing.
    """
    found = []
    for track in song.tracks:
        now = 0
        for message in track:
            now += message.time
            if message.type == "key_signature":
                found.append((now, message.key))
    if not found:
        return None
    found.sort()
    name = next((key for tick, key in reversed(found) if tick <= first_tick), found[0][1])
    tonic, minor = name.removesuffix("m"), name.endswith("m")
    key = Key(tonic=_FLATS.get(tonic, tonic), mode=Mode.MINOR if minor else Mode.MAJOR)
    scale = {(TONICS.index(key.tonic) + (3 if minor else 0) + step) % 12 for step in (0, 2, 4, 5, 7, 9, 11)}
    kept = sum(note.midi % 12 in scale for note in notes)
    return key if kept >= MIN_IN_SCALE * len(notes) else None


def _in_range(bpm: float) -> float | None:
    return round(bpm, 4) if 20 <= bpm <= 300 else None


def written_tune(heard: Analysis | None, correction: TuneCorrection | None) -> bytes:
    """The tune as a MIDI file: as it was heard, with what was corrected. At least one of them has notes."""
    tune = heard or Analysis(duration_s=0.0)
    said = correction.model_dump(exclude={"schema_version", "segment"}, exclude_none=True) if correction else {}
    return write_notes(tune.model_copy(update={name: getattr(correction, name) for name in said}))
