"""Log lines about a job, a request or an upload, from the folder that an embedded cloud logs into."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

FOLDER = "SOUNDSTAGE_LOGS_FOLDER"
"""The variable that names it, for whoever shows lines."""
TAIL_BYTES = 32 * 2**20
"""Of each log, at its end, that are looked through."""
FUNCTIONS = "soundstage-"  # begins a function's name, and no service's
UNREAD = ("timestamp", "location", "service", "level", "message", "item")
_ID = re.compile(r"_id$|^execution$")
"""Of facts that programs look for and people seldom read."""


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
    def time(self) -> str:
        """Of this machine's day, as its clock says it, to the millisecond; empty where ``at`` is."""
        if not self.at:
            return ""
        return f"{datetime.fromisoformat(self.at).astimezone():%H:%M:%S.%f}"[:-3]

    @property
    def is_metric(self) -> bool:
        return "_aws" in self.said

    @property
    def item(self) -> int | None:
        """Which of a Map's items it is about, from 0."""
        found = self.said.get("item")
        return found if isinstance(found, int) else None

    @property
    def message(self) -> str:
        """Before it the item, counted from 1; another line as it is."""
        if not self.said:
            return self.text
        item = "" if self.item is None else f"[item {self.item + 1}] "
        return f"{item}{self.said.get('message', '')}"

    @property
    def facts(self) -> str:
        """``name=value``, without ids."""
        return self._facts(ids=False)

    @property
    def ids(self) -> str:
        """As ``facts``."""
        return self._facts(ids=True)

    @property
    def readable(self) -> str:
        """All of it; ids come last."""
        return " ".join(filter(None, (self.message, self.facts, self.ids)))

    def _facts(self, *, ids: bool) -> str:
        names = [name for name in self.said if name not in UNREAD and bool(_ID.search(name)) is ids]
        return " ".join(f"{name}={self.said[name]}" for name in names)


def lines_about(folder: Path, *ids: str) -> list[LogLine]:
    """Lines that name one of the ids, and those of the requests that did unless they are about another job (changes of
    several are told at once), in the order of time. What a function logged stands in the emulator's log as well, and is
    told once."""
    lines = [line for path in sorted(folder.glob("*.log")) for line in _lines(path)]
    named = [any(one in line.text for one in ids) for line in lines]
    requests = {
        line.said["request_id"] for line, names in zip(lines, named, strict=True) if names and "request_id" in line.said
    }
    found = [
        line
        for line, names in zip(lines, named, strict=True)
        if names or (line.said.get("request_id") in requests and line.said.get("job_id") is None)
    ]
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
