"""What a service is, and what it said before it went down."""

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

START_MARK = "--- "  # begins the line that the supervisor writes into a log at each start


@dataclass(frozen=True)
class Service:
    """``ready`` says whether it answers. One that ``keeps_state`` is stopped after the others, and started again after
    a crash only where it is ``durable``: what it keeps is there again then.

    ``temporary`` is its temporary folder where ``{home}/tmp/{name}`` will not do. ``niceness`` is how far it gives way
    to others on the processor (``nice``).
    """

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    ready: Callable[[], bool] = lambda: True
    ready_timeout_s: float = 60.0
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_whole_group: bool = False
    keeps_state: bool = False
    durable: bool = False
    working_directory: Path | None = None
    temporary: Path | None = None
    niceness: int = 0


class ServiceDown(Exception):
    """A service ended, did not come up or keeps failing. The message ends with the last lines of its log."""

    @classmethod
    def of(cls, service: str, what: str, log: Path) -> "ServiceDown":
        tail = "\n".join(f"    {line}" for line in lines_since_start(log)[-15:])
        return cls(f"{service} {what}. The last lines of {log}:\n{tail}")


def lines_since_start(log: Path) -> list[str]:
    """What a service has said since it was last started, but at most 200 lines."""
    lines = last_lines(log, 200)
    starts = [number for number, line in enumerate(lines) if line.startswith(START_MARK)]
    return lines[starts[-1] + 1 if starts else 0 :]


def last_lines(path: Path, count: int) -> list[str]:
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - 16_384))
            return log.read().decode(errors="replace").splitlines()[-count:]
    except FileNotFoundError:
        return []
