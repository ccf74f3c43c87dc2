"""``soundstage loudness FILE``: integrated loudness, range, maxima and peaks."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from soundstage.cli import arguments, output

ROWS = (
    ("Integrated", "integrated_lufs", "LUFS"),
    ("Range", "loudness_range_lu", "LU"),
    ("Momentary max", "momentary_max_lufs", "LUFS"),
    ("Short-term max", "short_term_max_lufs", "LUFS"),
    ("True peak", "true_peak_dbtp", "dBTP"),
    ("Sample peak", "sample_peak_dbfs", "dBFS"),
)


def register(subparsers: Any) -> None:
    parser = arguments.add_command(
        subparsers,
        "loudness",
        run,
        does="measure loudness and true peak (ITU-R BS.1770-5, EBU R 128)",
        example="soundstage loudness master.wav",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a recording of any usual format")


def run(args: argparse.Namespace) -> int:
    import numpy as np

    from soundstage.audio.io import AudioReader
    from soundstage.audio.loudness import LoudnessMeter
    from soundstage.audio.probe import check_shape
    from soundstage.models.errors import MediaRejected

    with AudioReader(args.file) as reader, output.Progress("Measuring") as progress:
        check_shape(reader.rate_hz, reader.channels)
        meter = LoudnessMeter(reader.rate_hz, reader.channels)
        frames = 0
        for block in reader.blocks():
            if not np.isfinite(block).all():
                raise MediaRejected("NOT_FINITE")
            meter.process(block)
            frames += len(block)
            progress.update(frames / reader.frames if reader.frames else 0.0)
    if not frames:
        raise MediaRejected("DURATION_TOO_SHORT")
    measured = asdict(meter.result())
    if args.json:
        output.print_json(measured)
        return 0
    for label, field, unit in ROWS:
        print(f"{label:<15}{measured[field]:8.2f} {unit}")
    minutes, seconds = divmod(measured["duration_s"], 60)
    print(f"{minutes:.0f} min {seconds:.1f} s, {measured['channels']} ch, {measured['rate_hz']} Hz")
    return 0
