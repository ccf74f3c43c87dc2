"""What was written to DynamoDB since the last snapshot, so that nothing that was acknowledged is lost with the process.

Each accepted write is appended to a file before its answer leaves, and done again after the snapshot is loaded. Queues
and executions are as the snapshot has them: the rescuer, who comes at a start, mends them by what the table says of
jobs.
A kill cannot take back what was handed to the operating system; a power cut may.
"""

import json
import os
import threading
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

from ministack.core import persistence
from ministack.services import dynamodb

WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem")
NUMBER = "soundstage_journal"
"""In the snapshot of the tables: the first file that came after it."""

Answer = tuple[int, dict[str, str], Any]
Handle = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Coroutine[Any, Any, Answer]]


class Journal:
    """Files ``{number}.journal`` in ``folder``, each from one snapshot to the next."""

    def __init__(self, folder: Path, handle: Handle) -> None:
        self._folder = folder
        self._handle = handle
        folder.mkdir(parents=True, exist_ok=True)
        self._number = max(self._numbers(), default=0)
        self._file = -1
        self.lock = threading.Lock()
        """Held while a table is written, and by whoever wants the moment between two writes."""
        self.turn()

    def turn(self) -> None:
        """From now on another file; the state of this moment has all that is in those before it."""
        if self._file >= 0:
            os.close(self._file)
        self._number += 1
        self._file = os.open(self._path(self._number), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def forget(self) -> None:
        """What a snapshot of the last turn has."""
        for number in self._numbers():
            if number < self._number:
                self._path(number).unlink(missing_ok=True)

    async def handle(
        self, method: str, path: str, headers: dict[str, str], body: bytes, parameters: dict[str, Any]
    ) -> Answer:
        """In place of MiniStack's own, which never waits: nothing comes between a write and its line."""
        target = headers.get("x-amz-target", "")
        if target.rpartition(".")[2] not in WRITES:
            return await self._handle(method, path, headers, body, parameters)
        with self.lock:
            answer = await self._handle(method, path, headers, body, parameters)
            if answer[0] == 200:
                os.write(self._file, json.dumps([target, body.decode()]).encode() + b"\n")
            return answer

    def again(self, first: int) -> None:
        """Do what stands in the files from this number on. Writes that have no table any more are left out."""
        for number in self._numbers():
            if number >= first:
                for line in self._path(number).read_text().splitlines():
                    try:
                        target, body = json.loads(line)
                    except ValueError:
                        break  # the process was killed in the middle of it, so that nobody was told
                    _run(self._handle("POST", "/", {"x-amz-target": target}, body.encode(), {}))

    def state(self) -> dict[str, Any]:
        return {**_get_state(), NUMBER: self._number}

    def load(self, found: dict[str, Any]) -> None:
        _load_state(found)
        self.again(found.get(NUMBER, 0))

    def _numbers(self) -> list[int]:
        return sorted(int(path.stem) for path in self._folder.glob("*.journal"))

    def _path(self, number: int) -> Path:
        return self._folder / f"{number}.journal"


_get_state, _load_state = dynamodb.get_state, dynamodb.load_persisted_state


def begin() -> Journal:
    """From now on."""
    journal = Journal(Path(persistence.STATE_DIR), dynamodb.handle_request)
    dynamodb.handle_request = journal.handle
    dynamodb.get_state, dynamodb.load_persisted_state = journal.state, journal.load
    return journal


def _run(never_waits: Awaitable[Answer]) -> None:
    try:
        never_waits.__await__().send(None)
    except StopIteration:
        return
    raise RuntimeError("MiniStack's DynamoDB waits for something: writes may come between a write and its line")
