"""A recording takes on the sound of a reference, without any cloud.

    python examples/match_recordings.py hit.wav demo.wav out.wav

Run it with the project's Python (``.venv/bin/python``), or where ``soundstage`` is installed.
"""

import sys
from pathlib import Path

from soundstage.audio.streams import FileReader, FileWriter
from soundstage.match.pipeline import match_recordings


def main(reference: str, target: str, out: str) -> None:
    match = match_recordings([(FileReader(Path(reference)), 1.0)], FileReader(Path(target)), FileWriter(Path(out)))
    before, after = match.metrics_before, match.metrics_after
    print(f"{out}: {after.integrated_lufs:.1f} LUFS, {after.tp_db:.1f} dBTP")
    print(f"tone, against the reference: {before.tone_err_db:.2f} dB off before, {after.tone_err_db:.2f} dB after")


if __name__ == "__main__":
    main(*sys.argv[1:4])
