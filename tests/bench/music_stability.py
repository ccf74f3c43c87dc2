"""What of a hum is heard otherwise when it changes inaudibly: ``python -m tests.bench.music_stability [--seeds N]``.

Noise at −110 dBFS, or a millisecond less, must change no note, key, tempo, phrase and style. Hums are synthesised; and,
where ``SOUNDSTAGE_REAL_AUDIO`` names a folder of recordings, of those.
"""

import argparse
import itertools
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.fixtures.heard_again import differences, hear
from tests.fixtures.listening import CONDITIONS, make_hum
from tests.fixtures.nudges import TRIMMED_S, trimmed, with_noise

from soundstage.audio.io import Audio, read_audio

KINDS = ("tune", "unheard", "random")
NUDGES = {"noise": (with_noise, 0.0), "trimmed": (trimmed, TRIMMED_S)}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench-music-stability")
    parser.add_argument("--seeds", type=int, default=3, help="hums of each condition")
    parser.add_argument("--only", default="", help="recordings whose name has this in it")
    args = parser.parse_args(argv)
    changed, total = Counter[str](), 0
    for name, audio in itertools.chain(synthesised(args.seeds), real()):
        if args.only not in name:
            continue
        plain = hear(audio)
        total += 1
        for nudge, (change, later_s) in NUDGES.items():
            found = differences(plain, hear(change(audio)), later_s)
            changed[nudge] += bool(found)
            if found:
                print(f"{name:<36}{nudge:<9}{'; '.join(found)}", flush=True)  # noqa: T201
    for nudge in NUDGES:
        print(f"{nudge}: {changed[nudge]} of {total} are heard otherwise")  # noqa: T201
    return 0


def synthesised(seeds: int) -> Iterator[tuple[str, Audio]]:
    for condition in CONDITIONS:
        for seed in range(seeds):
            kind = KINDS[seed % len(KINDS)]
            yield f"{kind} {seed}, {condition}", make_hum(seed, condition, kind).audio


def real() -> Iterator[tuple[str, Audio]]:
    folder = os.environ.get("SOUNDSTAGE_REAL_AUDIO")
    for path in sorted(Path(folder).rglob("*.*")) if folder else ():
        if path.suffix in (".ogg", ".flac"):
            yield path.stem, read_audio(path)


if __name__ == "__main__":
    sys.exit(main())
