"""The music maker's bars in one go: ``python -m tests.bench.music [--quick]``. Status 1 when one of them is missed."""

import argparse
import os
import sys
from collections.abc import Sequence

# Before numpy is loaded: OpenBLAS would start a thread per core for matrices this small.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tests.bench import music_listening, music_making


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.music")
    parser.add_argument("--quick", action="store_true", help="a tenth of the hums")
    quick = parser.parse_args(arguments).quick
    print("Listening")  # noqa: T201
    listening = music_listening.main(["10"] if quick else [])
    print("\nMaking")  # noqa: T201
    making = music_making.main(["--tunes", "10", "--render", "3"] if quick else [])
    return max(listening, making)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
