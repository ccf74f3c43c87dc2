"""Every bar of the style matcher on real songs, a table of them: ``python -m tests.bench.match_bars``.

``REAL_MUSIC`` (or ``--real``) names folders of songs, as for ``match_real``; ``--rows`` and ``--songs`` make it short.
``--list`` also prints what every song came to.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from tests.bench import match_real
from tests.bench.match_real import Song

from soundstage.models.style import Strength

STRENGTHS: tuple[Strength, ...] = get_args(Strength)
ROWS: dict[str, Callable[[list[Song], match_real.Matcher], dict[str, list[float]]]] = {
    "demos": match_real.demo_rows,
    "pairs": match_real.pair_rows,
    "parts": match_real.part_rows,
}


@dataclass(frozen=True)
class Bar:
    """What is counted of a row's values, and what is wanted of it."""

    row: str
    strengths: tuple[Strength, ...]
    name: str
    wanted: str
    count: Callable[[dict[str, np.ndarray]], float]


def _median(name: str) -> Callable[[dict[str, np.ndarray]], float]:
    return lambda values: match_real.median(values[name])


BARS = (
    Bar("demos", ("natural",), "dB from its own master, nothing done", "", _median("before")),
    Bar("demos", ("natural",), "dB from its own master", "≤ 2.0", _median("after")),
    Bar(
        "demos", ("natural",), "within 3 LU of its master, %", "≥ 60", lambda v: 100 * float(np.mean(v["lu off"] <= 3))
    ),
    Bar("demos", ("natural",), "LU from its master", "", _median("lu off")),
    Bar("demos", ("natural",), "LU between master and reference", "", _median("lu apart")),
    Bar(
        "demos",
        ("natural",),
        "within 3 LU of it, reference itself, %",
        "",
        lambda v: 100 * float(np.mean(v["lu apart"] <= 3)),
    ),
    Bar("demos", ("natural",), "LU from the reference", "", _median("lu short")),
    Bar("demos", ("natural",), "of them > .1 LU from it", "", lambda v: float(np.sum(v["lu short"] > 0.1))),
    Bar(
        "demos",
        ("natural",),
        "worse than nothing by > 1 dB",
        "≤ 2 of 24",
        lambda v: float(np.sum(v["after"] > v["before"] + 1)),
    ),
    Bar("pairs", STRENGTHS, "LU from the reference", "≤ .1", _median("lu off")),
    Bar("pairs", STRENGTHS, "tone closed, %", "≥ 65 (imitate)", lambda v: 100 * match_real.median(v["tone closed"])),
    Bar("pairs", STRENGTHS, "width closed, %", "≥ 60 (imitate)", lambda v: 100 * match_real.median(v["width closed"])),
    Bar("pairs", STRENGTHS, "PLR closed, %", "≥ 50", lambda v: 100 * match_real.median(v["plr closed"])),
    Bar("pairs", STRENGTHS, "crest closed, %", "≥ 50", lambda v: 100 * match_real.median(v["crest closed"])),
    Bar("pairs", STRENGTHS, "gain modulation, dB", "≤ .37", _median("modulation dB")),
    Bar("pairs", STRENGTHS, "gain modulation, most, dB", "≤ .37", lambda v: float(np.max(v["modulation dB"]))),
    Bar(
        "pairs",
        STRENGTHS,
        "of them > .37 dB",
        "0",
        lambda v: float(np.sum(v["modulation dB"] > 0.37)),
    ),
    Bar("pairs", STRENGTHS, "PLR past the reference's, most, dB", "0", lambda v: float(np.nanmax(v["plr past"]))),
    Bar("pairs", STRENGTHS, "most over −1 dBTP, dB", "0", lambda v: float(np.max(v["over −1 dBTP"]))),
    Bar("parts", ("natural",), "dB from the truth, nothing done", "", _median("before")),
    Bar("parts", ("natural",), "dB from the truth", "≤ .8", _median("after")),
    Bar("parts", ("natural",), "further away by > .2", "0", lambda v: float(np.sum(v["after"] > v["before"] + 0.2))),
    Bar("parts", ("natural",), "right already, moved by dB", "≤ .2", _median("moved")),
    Bar("parts", ("natural",), "of them by > .2", "0", lambda v: float(np.sum(v["moved"] > 0.2))),
)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="match-bars")
    parser.add_argument("--real", metavar="FOLDER[:FOLDER…]", help="real songs; else what REAL_MUSIC names")
    parser.add_argument("--songs", type=int, default=24, help="of each album")
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS))
    parser.add_argument("--strengths", nargs="+", choices=STRENGTHS, default=STRENGTHS)
    parser.add_argument("--list", action="store_true", help="every song's values too")
    args = parser.parse_args(argv)
    songs = match_real.songs(match_real.folders(args.real), args.songs)
    if not songs:
        parser.error("neither --real nor REAL_MUSIC names a folder of songs in stereo of 70 s or more")
    for row in args.rows:
        for strength in args.strengths:
            bars = [bar for bar in BARS if bar.row == row and strength in bar.strengths]
            if bars:
                _measure(songs, row, strength, bars, every=args.list)
    return 0


def _measure(songs: list[Song], row: str, strength: Strength, bars: list[Bar], *, every: bool) -> None:
    match = match_real.ours(strength=strength)
    found = ROWS[row](songs, lambda reference, target: match(reference, target)[0])
    values = {name: np.array(those) for name, those in found.items()}
    count = len(next(iter(values.values())))
    for bar in bars:
        _say(f"{row:<6} {strength:<8} {bar.name:<40} {bar.count(values):8.2f}  {bar.wanted}  ({count})")
    if every:
        _say("  ".join(values))
        for each in zip(*values.values(), strict=True):
            _say("  ".join(f"{value:8.2f}" for value in each))


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
