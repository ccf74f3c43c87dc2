"""Damaged and odd files through the whole listening side: each is a tune or a coded rejection, never a crash.

``python -m tests.bench.music_fuzz [FILES]``: hums in every format that people upload, with bytes changed, cut out,
cut off or repeated, 1,000 of them by default.
"""

import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
from tests.fixtures.hums import hum_of

from soundstage.audio.io import Audio, read_audio, write_wav
from soundstage.audio.probe import probe_audio
from soundstage.media.ffmpeg import find_ffmpeg
from soundstage.models.errors import MediaRejected
from soundstage.music.listening.analysis import audio_analyze
from soundstage.music.listening.check import audio_check

FORMATS = ("wav", "flac", "ogg", "mp3", "m4a", "webm")


def hum_files(folder: Path) -> list[bytes]:
    """A short hum in every format."""
    audio, *_ = hum_of(3)
    short = Audio(audio.samples[: 6 * audio.rate_hz], audio.rate_hz)
    wav = folder / "hum.wav"
    write_wav(wav, short, subtype="PCM_16")
    files = [wav.read_bytes()]
    for format_ in FORMATS[1:]:
        other = folder / f"hum.{format_}"
        subprocess.run([find_ffmpeg(), "-v", "error", "-y", "-i", wav, other], check=True)  # noqa: S603
        files.append(other.read_bytes())
    return files


def damaged(content: bytes, rng: np.random.Generator) -> bytes:
    altered = bytearray(content)
    match rng.integers(5):
        case 0:  # bytes anywhere
            for place in rng.integers(len(altered), size=rng.integers(1, 50)):
                altered[place] = int(rng.integers(256))
        case 1:  # bytes of the header
            for place in rng.integers(min(200, len(altered)), size=rng.integers(1, 8)):
                altered[place] = int(rng.integers(256))
        case 2:
            del altered[int(rng.integers(len(altered))) :]
        case 3:
            start = int(rng.integers(len(altered)))
            del altered[start : start + int(rng.integers(1, 5000))]
        case _:
            start = int(rng.integers(len(altered)))
            altered[start:start] = altered[start : start + int(rng.integers(1, 5000))]
    return bytes(altered)


def outcome(path: Path) -> str:
    """What a person would be told."""
    try:
        probe_audio(path)
        audio = read_audio(path)
        checked = audio_check(audio)
        if checked.outcome == "rejected":
            return str(checked.code)
        return audio_analyze(audio).code or "a tune"
    except MediaRejected as rejection:
        return rejection.code


def main(count: int) -> int:
    rng = np.random.default_rng(0)
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        originals = hum_files(folder)
        for number in range(count):
            path = folder / "upload"
            path.write_bytes(damaged(originals[number % len(originals)], rng))
            started = time.perf_counter()
            try:
                outcomes[outcome(path)] += 1
            except Exception as error:
                outcomes[f"CRASH {type(error).__name__}"] += 1
                (Path(tempfile.gettempdir()) / f"crash-{number}").write_bytes(path.read_bytes())
                print(f"file {number}: {error!r}")  # noqa: T201
            slowest = max(slowest, time.perf_counter() - started)
    for what, times in outcomes.most_common():
        print(f"{times:6d}  {what}")  # noqa: T201
    print(f"slowest file {slowest:.1f} s")  # noqa: T201
    return int(any(what.startswith("CRASH") for what in outcomes))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
