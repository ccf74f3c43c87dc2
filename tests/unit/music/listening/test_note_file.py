"""A heard tune as MIDI and back, odd files, and what a correction does to an analysis."""

import contextlib
import io

import mido
import pytest
from pydantic import ValidationError
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.listening import make_hum
from tests.fixtures.tunes import TUNES

from soundstage.models.errors import NOTES_REJECTIONS, NotesRejected
from soundstage.models.music import Analysis, GenParams, Key, Mode, Note, Segment, TuneCorrection
from soundstage.music.composing.composition import compose_params
from soundstage.music.composing.melody import melody_from_hum
from soundstage.music.listening.analysis import audio_analyze
from soundstage.music.listening.correction import corrected
from soundstage.music.listening.note_file import MAX_FILE_BYTES, read_notes, write_notes, written_tune
from soundstage.music.listening.segment import segment_pick

C_MAJOR = Key(tonic="C", mode=Mode.MAJOR)


def midi(*tracks: list[tuple[str, dict[str, object]]], division: int = 480) -> bytes:
    """A file of tracks of (kind, fields); ``time`` is the delta in ticks."""
    song = mido.MidiFile(type=1, ticks_per_beat=division)
    for events in tracks:
        track = mido.MidiTrack()
        for kind, fields in events:
            meta = kind in mido.midifiles.meta._META_SPEC_BY_TYPE
            track.append(mido.MetaMessage(kind, **fields) if meta else mido.Message(kind, **fields))
        song.tracks.append(track)
    written = io.BytesIO()
    song.save(file=written)
    return written.getvalue()


def scale(pitches: list[int], *, ticks: int = 480, channel: int = 0) -> list[tuple[str, dict[str, object]]]:
    events: list[tuple[str, dict[str, object]]] = []
    for pitch in pitches:
        events.append(("note_on", {"note": pitch, "velocity": 90, "time": 0, "channel": channel}))
        events.append(("note_off", {"note": pitch, "velocity": 0, "time": ticks, "channel": channel}))
    return events


@pytest.mark.parametrize("seed", [1, 4, 7, 9])
def test_a_tune_that_nobody_changed_gives_the_same_songs(seed: int) -> None:
    heard = audio_analyze(make_hum(seed, "25 cents, 30 ms, 15 dB").audio)
    back = corrected(heard, read_notes(write_notes(heard)))
    assert back.notes == heard.notes
    assert (back.tempo_bpm, back.meter, back.key) == (heard.tempo_bpm, heard.meter, heard.key)
    assert segment_pick(back, None) == segment_pick(heard, None)
    params = GenParams(seed=3)
    made, again = (compose_params(a, segment_pick(a, None), params) for a in (heard, back))
    assert made.variants == again.variants


@pytest.mark.parametrize("number", range(0, len(TUNES), 3))
def test_bars_lie_where_the_tune_has_them(number: int) -> None:
    heard = analysis_of(TUNES[number])
    song = mido.MidiFile(file=io.BytesIO(write_notes(heard)))
    back = read_notes(write_notes(heard))
    assert back.meter == heard.meter
    assert back.tempo_map is None
    assert back.tempo_bpm == pytest.approx(heard.tempo_bpm, abs=0.01)
    assert [note.midi for note in back.notes or []] == [note.midi for note in heard.notes]
    assert song.length == pytest.approx(heard.notes[-1].offset_s, abs=0.002)


def test_a_corrected_note_is_in_the_song() -> None:
    heard = analysis_of(TUNES[0])
    wrong = heard.notes[2]
    notes = [note.model_copy(update={"midi": wrong.midi + 12}) if note is wrong else note for note in heard.notes]
    melody = melody_from_hum(corrected(heard, TuneCorrection(notes=notes)), whole(heard))
    before = melody_from_hum(heard, whole(heard))
    changed = [(a.midi, b.midi) for a, b in zip(before.notes, melody.notes, strict=True) if a.midi != b.midi]
    assert (wrong.midi, wrong.midi + 12) in changed


def test_a_changing_tempo_keeps_the_notes_on_their_beats() -> None:
    tempi: list[tuple[str, dict[str, object]]] = [
        ("set_tempo", {"tempo": 500_000, "time": 0}),
        ("set_tempo", {"tempo": 750_000, "time": 480 * 4}),
    ]
    back = read_notes(midi(tempi, scale([60, 62, 64, 65, 67, 69, 71, 72])))
    assert back.tempo_map is not None
    assert [note.onset_s for note in back.notes or []] == [0.0, 0.5, 1.0, 1.5, 2.0, 2.75, 3.5, 4.25]
    tune = corrected(Analysis(duration_s=6.0), back)
    melody = melody_from_hum(tune, whole(tune))
    assert [note.beat for note in melody.notes][:8] == [0, 1, 2, 3, 4, 5, 6, 7]
    assert read_notes(write_notes(tune)).notes == back.notes


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "MIDI_CORRUPT"),
        (b"RIFF....WAVE", "MIDI_CORRUPT"),
        (midi(scale([60, 62, 64]))[:40], "MIDI_CORRUPT"),
        (b"MThd\0\0\0\6\0\1\0\1\xe7\x28MTrk\0\0\0\4\0\xff\x2f\0", "MIDI_NO_TEMPO"),
        (b"\0" * (MAX_FILE_BYTES + 1), "MIDI_TOO_LARGE"),
        (midi([]), "NOTES_TOO_FEW"),
        (midi(scale([60, 62])), "NOTES_TOO_FEW"),
        (midi(scale([36, 38, 42, 36], channel=9)), "NOTES_TOO_FEW"),
        (midi(scale([60, 62, 64] * 600, ticks=60)), "NOTES_TOO_MANY"),
        (midi(scale([60, 62, 64, 65], ticks=480 * 200)), "NOTES_TOO_LONG"),
        (midi(scale([60, 62, 64, 65]), scale([67, 69, 71, 72])), "NOTES_POLYPHONIC"),
    ],
)
def test_odd_files_are_refused_by_name(file: bytes, code: str) -> None:
    with pytest.raises(NotesRejected) as refused:
        read_notes(file)
    assert refused.value.code == code
    assert refused.value.message
    assert code in NOTES_REJECTIONS


def test_every_cut_of_a_file_is_read_or_refused_by_name() -> None:
    file = midi(scale([60, 62, 64, 65]))
    for end in range(len(file)):
        for odd in (file[:end], file[:end] + b"\xff" + file[end + 1 :]):
            with contextlib.suppress(NotesRejected):
                assert read_notes(odd).notes


def test_the_named_track_is_the_tune_and_a_slur_is_no_chord() -> None:
    melody = [("track_name", {"name": "Lead vocal", "time": 0}), *scale([72, 74, 76, 77])]
    read = read_notes(midi(scale([48, 50, 52, 53]), melody))
    assert [note.midi for note in read.notes or []] == [72, 74, 76, 77]
    legato: list[tuple[str, dict[str, object]]] = []
    for i, pitch in enumerate([60, 62, 64, 65]):
        legato.append(("note_on", {"note": pitch, "velocity": 90, "time": 440 if i else 0}))
        if i:
            legato.append(("note_off", {"note": [60, 62, 64][i - 1], "velocity": 0, "time": 40}))
    legato.append(("note_off", {"note": 65, "velocity": 0, "time": 480}))
    assert [note.midi for note in read_notes(midi(legato)).notes or []] == [60, 62, 64, 65]


def test_a_signature_that_the_notes_do_not_keep_to_says_nothing() -> None:
    signature = [("key_signature", {"key": "C", "time": 0})]
    assert read_notes(midi(signature, scale([60, 62, 64, 65, 67]))).key == C_MAJOR
    assert read_notes(midi(signature, scale([61, 63, 66, 68, 70]))).key is None
    assert read_notes(midi(scale([60, 62, 64]))).key is None


def test_notes_make_a_tune_where_none_was_heard() -> None:
    nothing = Analysis(outcome="rejected", code="NO_MELODY", message="No.", duration_s=2.0)
    notes = [Note(onset_s=0.5 * i, offset_s=0.5 * i + 0.45, midi=p) for i, p in enumerate([60, 62, 64, 65, 67, 60])]
    tune = corrected(nothing, TuneCorrection(notes=notes))
    assert (tune.outcome, tune.code, tune.key) == ("ok", None, C_MAJOR)
    assert tune.tempo_bpm is not None
    assert tune.duration_s >= notes[-1].offset_s
    assert corrected(nothing, TuneCorrection(tempo_bpm=90)).outcome == "rejected"


def test_what_is_corrected_is_no_guess_any_more() -> None:
    heard = analysis_of(TUNES[0]).model_copy(
        update={"warnings": ["The key is a guess: A minor fits nearly as well.", "The tempo is a guess."]}
    )
    key = Key(tonic="G", mode=Mode.MINOR)
    assert corrected(heard, TuneCorrection(key=key)).warnings == ["The tempo is a guess."]
    assert corrected(heard, TuneCorrection(key=key)).key == key
    three = heard.model_copy(update={"warnings": ["The meter is a guess: 4/4 fits nearly as well."]})
    assert corrected(three, TuneCorrection(meter="3/4")).warnings == []
    assert corrected(heard, TuneCorrection(tempo_bpm=99)).tempo_bpm == 99
    assert corrected(heard, None) is heard


@pytest.mark.parametrize(
    "wrong",
    [
        {"notes": []},
        {"notes": [{"onset_s": 1, "offset_s": 1, "midi": 60}] * 3},
        {"notes": [{"onset_s": 0, "offset_s": 2, "midi": 60}, {"onset_s": 1, "offset_s": 3, "midi": 62}] * 2},
        {"notes": [{"onset_s": i, "offset_s": i + 1, "midi": 60} for i in (0, 1, 400)]},
        {"notes": [{"onset_s": i, "offset_s": i + 1, "midi": 160} for i in range(3)]},
        {"tempo_bpm": float("nan")},
        {"tempo_map": [[0, 0]]},
        {"tempo_map": [[1, 0], [0, 1]]},
        {"meter": "13/16"},
        {"unknown": 1},
    ],
)
def test_a_correction_is_checked(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TuneCorrection.model_validate(wrong)


def test_the_segment_goes_with_the_correction() -> None:
    assert TuneCorrection(segment=Segment(start_s=1, end_s=4)).segment == Segment(start_s=1, end_s=4)
    heard = analysis_of(TUNES[0])
    tune = written_tune(heard, TuneCorrection(key=Key(tonic="D", mode=Mode.MINOR)))
    assert [note.midi for note in read_notes(tune).notes or []] == [note.midi for note in heard.notes]
