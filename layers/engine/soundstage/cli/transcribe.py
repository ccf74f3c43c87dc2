"""``soundstage transcribe FILE``: the notes, key, tempo and meter of a hum."""

import argparse
from pathlib import Path
from typing import Any

from soundstage.cli import output


def register(subparsers: Any) -> None:
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "transcribe", help="write down a hummed, sung or played tune: notes, key, tempo, meter"
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write a picture of what was heard there")


def run(args: argparse.Namespace) -> int:
    from soundstage.audio.io import read_audio  # noqa: PLC0415
    from soundstage.audio.probe import probe_audio  # noqa: PLC0415
    from soundstage.models.errors import MediaRejected  # noqa: PLC0415
    from soundstage.music.listening.analysis import audio_analyze  # noqa: PLC0415
    from soundstage.music.listening.check import audio_check  # noqa: PLC0415
    from soundstage.music.listening.key_and_tuning import TONIC_NAMES  # noqa: PLC0415

    with output.Progress("Listening") as progress:
        probe_audio(args.file)
        audio = read_audio(args.file)
        progress.update(0.2)
        checked = audio_check(audio)
        if checked.code is not None:
            raise MediaRejected(checked.code)
        progress.update(0.3)
        analysis = audio_analyze(audio)
        if analysis.code is not None:
            raise MediaRejected(analysis.code)
        progress.update(0.9)
        if args.out:
            from soundstage.music.artwork.transcription_plot import (  # noqa: PLC0415  (matplotlib: slow, and not in the layer)
                draw_heard,
            )

            args.out.mkdir(parents=True, exist_ok=True)
            draw_heard(args.out / "transcription.png", analysis)
    if args.json:
        output.print_json(analysis.model_dump(mode="json", exclude={"pitch_midi", "energy_db"}))
        return 0
    key, tempo = analysis.key, analysis.tempo_bpm
    facts = [f"{key.tonic} {key.mode}" if key else "", f"{tempo:.1f} bpm, {analysis.meter}" if tempo else ""]
    print(", ".join([*filter(None, facts), f"{len(analysis.notes)} notes in {analysis.duration_s:.1f} s"]))  # noqa: T201
    for note in analysis.notes:
        name = f"{TONIC_NAMES[note.midi % 12]}{note.midi // 12 - 1}"
        print(f"{note.onset_s:8.3f} {note.offset_s:8.3f} s  {name:<4}{note.cents:+5.0f} cents")  # noqa: T201
    return 0
