"""``make logs``: the last lines of every service's log, then what is added, each line with its service before it.

``make logs REQUEST=…`` or ``JOB=…``: the lines of one request or job from all logs, in the order of time, and no more.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from infra.local.service import last_lines

FIRST_LINES = 10
UNREAD = ("timestamp", "location", "service")
COLOURS = (36, 33, 35, 32, 34, 31)  # ANSI foregrounds


def follow_logs(folder: Path) -> NoReturn:
    """Never returns; new files are picked up as they appear."""
    positions: dict[Path, int] = {}
    while True:
        for path in sorted(folder.glob("*.log")):
            if path not in positions:
                positions[path] = path.stat().st_size
                _print(path, last_lines(path, FIRST_LINES))
            positions[path] = _print_news(path, positions[path])
        sys.stdout.flush()
        time.sleep(0.25)


def print_lines_about(folder: Path, id_: str) -> int:
    """Lines that name the id; of a job also those of the requests that had to do with it. Returns how many."""
    lines = [
        (path, line) for path in sorted(folder.glob("*.log")) for line in path.read_text("utf-8", "replace").split("\n")
    ]
    about = {said["request_id"] for _, line in lines if id_ in line and (said := _said(line)).get("request_id")} | {id_}
    found = [(path, line) for path, line in lines if any(one in line for one in about)]
    found.sort(key=lambda one: str(_said(one[1]).get("timestamp", "")))
    for path, line in found:
        _print(path, [line])
    return len(found)


def _said(line: str) -> dict[str, Any]:
    """What a structured line says; of another one nothing."""
    _, brace, rest = line.partition("{")
    try:
        said = json.loads(brace + rest)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _print_news(path: Path, position: int) -> int:
    """Whole lines only. Returns how far was read; a file that became shorter is read from its start."""
    size = path.stat().st_size
    if size <= position:
        return position if size == position else 0
    with path.open("rb") as log:
        log.seek(position)
        added = log.read()
    whole = added[: added.rfind(b"\n") + 1]
    _print(path, whole.decode(errors="replace").splitlines())
    return position + len(whole)


def _print(path: Path, lines: list[str]) -> None:
    name = f"{path.stem:<10}"
    if sys.stdout.isatty():
        colour = COLOURS[sum(path.stem.encode()) % len(COLOURS)]
        name = f"\x1b[{colour}m{name}\x1b[0m"
    for line in lines:
        if (readable := _readable(line)) is not None:
            print(f"{name} | {readable}")


def _readable(line: str) -> str | None:
    """A structured line as level, message and the rest; metrics (EMF) are for machines and left out."""
    before, brace, rest = line.partition("{")
    try:
        said = json.loads(brace + rest)
    except ValueError:
        return line
    if "_aws" in said:
        return None
    message = f"{before}{said.pop('level', '')} {said.pop('message', '')}"
    return " ".join([message, *(f"{key}={value}" for key, value in said.items() if key not in UNREAD)])
