"""Log lines about a job, a request or an upload, from the folder that an embedded cloud logs into."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = "SOUNDSTAGE_LOGS_FOLDER"
"""The variable that names it, for whoever shows lines."""
TAIL_BYTES = 32 * 2**20
"""Of each log, at its end, that are looked through."""
FUNCTIONS = "soundstage-"  # begins a function's name, and no service's
UNREAD = ("timestamp", "location", "service", "level", "message", "item")


@dataclass(frozen=True, slots=True)
class LogLine:
    """``service`` is the log's name, or the function's where the log is that of all functions."""

    service: str
    text: str
    said: dict[str, Any]

    @property
    def at(self) -> str:
        """ISO 8601, UTC; empty for what was not logged by us."""
        return str(self.said.get("timestamp", ""))

    @property
    def is_metric(self) -> bool:
        return "_aws" in self.said

    @property
    def item(self) -> int | None:
        """Which of a Map's items it is about, from 0."""
        found = self.said.get("item")
        return found if isinstance(found, int) else None

    @property
    def readable(self) -> str:
        """Message and facts, before them the item, counted from 1; another line as it is."""
        if not self.said:
            return self.text
        facts = [f"{name}={value}" for name, value in self.said.items() if name not in UNREAD]
        item = [] if self.item is None else [f"[item {self.item + 1}]"]
        return " ".join([*item, str(self.said.get("message", "")), *facts])


def lines_about(folder: Path, *ids: str) -> list[LogLine]:
    """Lines that name one of the ids, and those of the requests that did, in the order of time. What a function logged
    stands in the emulator's log as well, and is told once."""
    lines = [line for path in sorted(folder.glob("*.log")) for line in _lines(path)]
    about = set(ids)
    for line in lines:
        if any(one in line.text for one in ids) and (request := line.said.get("request_id")):
            about.add(str(request))
    found = [line for line in lines if any(one in line.text for one in about)]
    of_functions = {str(line.said) for line in found if line.service.startswith(FUNCTIONS)}
    told = [line for line in found if line.service.startswith(FUNCTIONS) or str(line.said) not in of_functions]
    return sorted(told, key=lambda line: line.at)


def parse(service: str, text: str) -> LogLine:
    """One line of a log; before the JSON of a function's line stands the function's name."""
    before, brace, rest = text.partition("{")
    try:
        said = json.loads(brace + rest)
    except ValueError:
        return LogLine(service, text, {})
    if not isinstance(said, dict):
        return LogLine(service, text, {})
    return LogLine(before.strip() or service, text, said)


def _lines(path: Path) -> Iterable[LogLine]:
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - TAIL_BYTES))
        texts = log.read().decode("utf-8", "replace").split("\n")
    return (parse(path.stem, text) for text in texts if text)
