"""``soundstage transcribe FILE``: the notes, key, tempo and meter of a hum."""

import argparse
from pathlib import Path
from typing import Any

from soundstage.cli import arguments, output


def register(subparsers: Any) -> None:
    parser = arguments.add_command(
        subparsers,
        "transcribe",
        run,
        does="write down the notes, key, tempo and meter of a hummed, sung or played tune",
        example="soundstage transcribe hum.m4a --midi notes.mid",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a recording of one voice or instrument")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where a picture of the pitch and the notes goes")
    parser.add_argument(
        "--midi", type=Path, metavar="MID", help="where the notes go as MIDI, to correct them for track --notes"
    )


def run(args: argparse.Namespace) -> int:
    from soundstage.audio.io import read_audio
    from soundstage.audio.probe import probe_audio
    from soundstage.models.errors import MediaRejected
    from soundstage.music.listening.analysis import audio_analyze
    from soundstage.music.listening.check import audio_check

    with output.Progress("Listening") as progress:
        probe_audio(args.file)
        audio = read_audio(args.file)
        progress.update(0.2)
        checked = audio_check(audio)
        if checked.code is not None:
            raise MediaRejected(checked.code, checked.message)
        progress.update(0.3)
        analysis = audio_analyze(audio)
        if analysis.code is not None:
            raise MediaRejected(analysis.code, analysis.message)
        analysis = analysis.model_copy(update={"warnings": [*checked.warnings, *analysis.warnings]})
        progress.update(0.9)
        if args.out:
            from soundstage.music.artwork.transcription_plot import draw_transcription

            args.out.mkdir(parents=True, exist_ok=True)
            draw_transcription(args.out / "transcription.png", analysis)
        if args.midi:
            from soundstage.music.listening.note_file import write_notes

            args.midi.parent.mkdir(parents=True, exist_ok=True)
            args.midi.write_bytes(write_notes(analysis))
    if args.json:
        output.print_json(analysis.model_dump(mode="json", exclude={"pitch_midi", "energy_db"}))
        return 0
    key, tempo = analysis.key, analysis.tempo_bpm
    facts = [key.in_words if key else "", f"{tempo:.1f} bpm, {analysis.meter}" if tempo else ""]
    print(", ".join([*filter(None, facts), f"{len(analysis.notes)} notes in {analysis.duration_s:.1f} s"]))
    for warning in analysis.warnings:
        print(warning)
    for note in analysis.notes:
        name = key.note_name(note.midi) if key else str(note.midi)
        print(f"{note.onset_s:8.3f} {note.offset_s:8.3f} s  {name:<4}{note.cents:+5.0f} cents")
    return 0
