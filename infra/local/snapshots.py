"""MiniStack writes its state when it ends in order. Here it does so while it runs, too: after a kill its queues and
executions are as they were at most ``EVERY_S`` (under load up to ``MOST_REST_S``) and one save ago. Files in its bucket
are as they were at any time, and so are tables (``infra.local.journal``).

A fork of the process writes, so that nobody waits for it and what is written is the state of one moment (as Redis's
BGSAVE does it).
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from infra.local import journal
from infra.local.journal import Journal
from ministack import app as ministack
from ministack.core import persistence

EVERY_S = 2.0
REST, MOST_REST_S = 4.0, 10.0
"""Between two writers there are so many times the seconds that the last one took, up to this: where much is under way,
saving must not take the processor from it."""
LONGEST_S = 60.0
"""A writer that takes longer hangs: it may have inherited a lock that somebody held."""
READS = ("Get", "List", "Describe", "Query", "Scan", "BatchGet", "Receive", "Head")

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Any, Any], Awaitable[None]]


class Snapshots:
    """``save`` writes everything; it is MiniStack's own."""

    def __init__(self, save: Callable[[Mapping[str, Callable[[], Any]]], None], tables: Journal) -> None:
        self._save = save
        self._tables = tables
        self._changed = threading.Event()
        self._writing = threading.Lock()
        self._ended = False
        threading.Thread(target=self._run, daemon=True, name="snapshots").start()

    def note(self, scope: Scope) -> None:
        """A request has come in."""
        if scope["type"] == "http" and _may_change(scope):
            self._changed.set()

    def at_the_end(self, services: Mapping[str, Callable[[], Any]]) -> None:
        """In place of ``save``: what the last writer still has in hand must not come after this."""
        with self._writing:
            self._ended = True
            with self._tables.lock:
                self._tables.turn()
                self._save_all(services)

    def _run(self) -> None:
        took_s = 0.0
        while True:
            self._changed.wait()
            time.sleep(max(EVERY_S, min(REST * took_s, MOST_REST_S)))
            with self._writing:
                if self._ended:
                    return
                self._changed.clear()
                began_s = time.monotonic()
                _wait_for(self._fork())
                took_s = time.monotonic() - began_s

    def _fork(self) -> int:
        with self._tables.lock:
            self._tables.turn()
            process = os.fork()
        if process == 0:
            try:
                os.nice(10)
                persistence.logger.setLevel(logging.WARNING)
                self._save_all(ministack._build_persistence_save_dict())
            finally:
                os._exit(0)
        return process

    def _save_all(self, services: Mapping[str, Callable[[], Any]]) -> None:
        """MiniStack logs what it cannot save, and says no more: another file is the proof."""
        saved = Path(persistence.STATE_DIR) / "dynamodb.json"
        before = saved.stat().st_ino if saved.exists() else None
        self._save(services)
        if saved.exists() and saved.stat().st_ino != before:
            self._tables.forget()


def begin() -> None:
    """From now on."""
    snapshots = Snapshots(persistence.save_all, journal.begin())
    answer: App = ministack.app

    async def noted(scope: Scope, receive: Any, send: Any) -> None:
        snapshots.note(scope)
        await answer(scope, receive, send)

    ministack.app = noted
    ministack.save_all = snapshots.at_the_end


def _may_change(scope: Scope) -> bool:
    if scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return False
    headers = dict(scope["headers"])
    action = headers.get(b"x-amz-target", b"").decode("latin-1").rpartition(".")[2]
    return not action.startswith(READS)


def _wait_for(process: int) -> None:
    deadline = time.monotonic() + LONGEST_S
    while os.waitpid(process, os.WNOHANG) == (0, 0):
        if time.monotonic() > deadline:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            return
        time.sleep(0.02)
