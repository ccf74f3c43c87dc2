"""``make logs``: the last lines of every service's log, then what is added, each line with its service before it.

``make logs REQUEST=…`` or ``JOB=…``: the lines of one request or job from all logs, in the order of time, and no more.
"""

import sys
import time
from pathlib import Path
from typing import NoReturn

from infra.local.service import last_lines

from soundstage.platform.telemetry.log_lines import LogLine, lines_about, parse

FIRST_LINES = 10
COLOURS = (36, 33, 35, 32, 34, 31)  # ANSI foregrounds


def follow_logs(folder: Path) -> NoReturn:
    """Never returns; new files are picked up as they appear."""
    positions: dict[Path, int] = {}
    while True:
        for path in sorted(folder.glob("*.log")):
            if path not in positions:
                positions[path] = path.stat().st_size
                _print_all(path, last_lines(path, FIRST_LINES))
            positions[path] = _print_news(path, positions[path])
        sys.stdout.flush()
        time.sleep(0.25)


def print_lines_about(folder: Path, id_: str) -> int:
    """Lines that name the id; of a job also those of the requests that had to do with it. Returns how many."""
    found = lines_about(folder, id_)
    for line in found:
        _print(line)
    return len(found)


def _print_news(path: Path, position: int) -> int:
    """Whole lines only. Returns how far was read; a file that became shorter is read from its start."""
    size = path.stat().st_size
    if size <= position:
        return position if size == position else 0
    with path.open("rb") as log:
        log.seek(position)
        added = log.read()
    whole = added[: added.rfind(b"\n") + 1]
    _print_all(path, whole.decode(errors="replace").splitlines())
    return position + len(whole)


def _print_all(path: Path, lines: list[str]) -> None:
    for line in lines:
        _print(parse(path.stem, line))


def _print(line: LogLine) -> None:
    """Metrics (EMF) are for machines and left out."""
    if line.is_metric:
        return
    name = f"{line.service:<10}"
    if sys.stdout.isatty():
        colour = COLOURS[sum(line.service.encode()) % len(COLOURS)]
        name = f"\x1b[{colour}m{name}\x1b[0m"
    print(
        f"{name} | {line.time} {line.said.get('level', '')} {line.readable}" if line.said else f"{name} | {line.text}"
    )
