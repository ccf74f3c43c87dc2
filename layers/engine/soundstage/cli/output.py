"""What commands print: JSON on stdout, progress and errors on stderr."""

import json
import math
import os
import sys
import time
from typing import Any

REJECTED_STATUS = 3
ERROR_STATUS = 2


def keep_stderr() -> None:
    """Keep stderr for what we say. C libraries write there, too, and cannot be told not to: libmpg123, inside
    libsndfile, has notes on each damaged frame of an MP3. Does nothing where stderr was replaced (in tests) or closed.
    """
    stderr = sys.__stderr__
    if stderr is None or sys.stderr is not stderr:
        return
    ours = os.dup(stderr.fileno())
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stderr.fileno())
    os.close(nowhere)
    sys.stderr = os.fdopen(ours, "w", buffering=1, encoding=stderr.encoding, errors=stderr.errors)


def print_json(value: Any) -> None:
    """One JSON document on stdout. Infinities (the level of silence) and NaN become null: JSON has neither."""
    sys.stdout.write(json.dumps(_finite(value), ensure_ascii=False) + "\n")


def report_error(error: Exception, *, as_json: bool) -> int:
    """One line on stderr with the error's code; with ``--json``, a rejection is also a document on stdout.

    Returns the exit status.
    """
    from soundstage.models.errors import MediaRejected, SoundstageError

    if isinstance(error, SoundstageError):
        code, message = error.code, error.message
    elif isinstance(error, OSError):
        code = "FILE_NOT_FOUND" if isinstance(error, FileNotFoundError) else "FILE_UNREADABLE"
        message = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    else:
        code, message = "INTERNAL", f"{type(error).__name__}: {error}"
    rejected = isinstance(error, MediaRejected)
    if rejected and as_json:
        print_json({"outcome": "rejected", "code": code, "message": message})
    sys.stderr.write(f"soundstage: {code}: {' '.join(message.split())}\n")
    return REJECTED_STATUS if rejected else ERROR_STATUS


def note(sentence: str) -> None:
    """Something worth knowing, on stderr."""
    sys.stderr.write(f"soundstage: {' '.join(sentence.split())}\n")


class Progress:
    """A progress bar on stderr when it is a terminal, silence otherwise; appears only when work takes a while."""

    WIDTH = 32
    APPEARS_AFTER_S = 0.3
    REDRAW_S = 0.1

    def __init__(self, label: str) -> None:
        self._label = label
        self._terminal = sys.stderr.isatty()
        self._next_draw_s = time.monotonic() + self.APPEARS_AFTER_S
        self._drawn = False

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def update(self, fraction: float, label: str | None = None) -> None:
        """``fraction`` done, 0 to 1."""
        now = time.monotonic()
        if not self._terminal or now < self._next_draw_s:
            return
        self._next_draw_s = now + self.REDRAW_S
        self._drawn = True
        fraction = min(max(fraction, 0.0), 1.0)
        bar = "█" * round(fraction * self.WIDTH)
        sys.stderr.write(f"\r\x1b[K{label or self._label} {bar:·<{self.WIDTH}} {fraction:4.0%}")
        sys.stderr.flush()


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
