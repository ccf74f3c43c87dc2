"""The contract between the worker and its tasks, ``containers/gpu-render/tasks/*.py``.

A task is a module with a function ``run(arguments, context) -> dict``; it may have ``input_keys(arguments)``, and
``warm(objects)``, which a process calls once, before its first task, for what would be slow then. It reads objects,
writes its artefacts under ``results/{job}/…`` or ``work/{job}/…`` and returns a small JSON object, which the state
machine gets.

- ``MediaRejected`` ends the task well, with ``{"outcome": "rejected", …}``: a rejection is data.
- ``TransientError`` fails it by that name, and the state machine sends it again.
- Anything else fails it. A crash (out of memory, a signal) is not an answer: the message is delivered again, and after
  the last delivery the dead-letter function fails the task.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from pydantic import BaseModel

from soundstage.models.ids import Id
from soundstage.models.jobs import TaskMessage


class Objects(Protocol):
    """The part of ``soundstage.platform.aws.storage.ObjectStore`` that tasks use."""

    def read_json(self, key: str) -> Any: ...

    def write_json(self, key: str, value: Any) -> str: ...

    def create_json(self, key: str, value: Any) -> bool:
        """Write unless the key exists. False when it does; its object stays."""

    def download(self, key: str, path: Path, *, version_id: str | None = None) -> Path: ...

    def open(self, key: str) -> BinaryIO:
        """A file object that fetches only the ranges that are read."""

    def upload(self, path: Path, key: str, *, content_type: str) -> str: ...

    def copy(self, key: str, to: str) -> str: ...


class TaskContext(Protocol):
    job_id: Id
    attempt: int
    owner_id: Id
    objects: Objects
    scratch: Path
    """A folder that is empty at the start and removed at the end."""

    def result_key(self, name: str) -> str:
        """``results/{job_id}/{name}``: what people get."""

    def work_key(self, name: str) -> str:
        """``work/{job_id}/{name}``: what expires."""

    def progress(self, done: float) -> None:
        """How much of this task is done, 0 to 1. Cheap: the worker passes it on now and then."""


class Task(Protocol):
    def run(self, arguments: dict[str, Any], context: TaskContext) -> dict[str, Any]: ...


def input_keys(task: object, arguments: dict[str, Any]) -> Iterable[str]:
    """The objects whose content the result depends on: what the task says, or else every ``…_key`` argument."""
    declared = getattr(task, "input_keys", None)
    if declared is not None:
        return list(declared(arguments))
    return [value for name, value in sorted(arguments.items()) if name.endswith("_key") and isinstance(value, str)]


class Receipt(BaseModel):
    """What is kept of a task that was done. ``worker_s``: how long it ran; ``gpu_s``: how long of it on a GPU."""

    output: dict[str, Any]
    worker_s: float
    gpu_s: float
    done_at: datetime


def receipt_key(message: TaskMessage, contents: Mapping[str, str]) -> str:
    """The key of a task's :class:`Receipt`, equal for equal task, arguments and contents (key → etag).

    A task that is delivered again finds it there and has nothing left to do.
    """
    # 2: receipts before had no times, and those that an update finds are not read.
    identity = {"receipt": 2, "task": message.task, "arguments": message.arguments, "contents": dict(contents)}
    digest = hashlib.sha256(json.dumps(identity, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    return f"work/{message.job_id}/tasks/{message.task}-{digest[:32]}.json"


def job_progress(message: TaskMessage, done: float) -> int:
    """The job's progress when this much of the task is done."""
    begin, end = message.progress
    return round(begin + (end - begin) * min(max(done, 0.0), 1.0))
