"""The port ``ChangeFeed``: each change of a job is recorded for those who watch, and an event on EventBridge.

A listener is a rule that takes the events to a queue of its own, and a function behind that queue
(``infra/change_listener.py``): what one listener does, or fails to do, concerns no other.
"""

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from soundstage.models.errors import TransientError
from soundstage.models.jobs import JobChange
from soundstage.platform.aws import clients
from soundstage.platform.aws.event_log import EventLog

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

DETAIL_TYPE = "Job Changed"

_AT_ONCE = 10
"""Entries of a PutEvents call (EventBridge's quota)."""


def source(stage: str) -> str:
    """The events' source. It names the stage, because stages of one account share its default bus."""
    return f"soundstage.{stage}.jobs"


class EventBridgeFeed:
    def __init__(self, stage: str, *, client: "EventBridgeClient | None" = None) -> None:
        self._source = source(stage)
        self._client = client

    def send(self, changes: Sequence[JobChange]) -> None:
        events = self._client or clients.eventbridge()
        remaining = iter(changes)
        while batch := list(itertools.islice(remaining, _AT_ONCE)):
            answer = events.put_events(
                Entries=[
                    {"Source": self._source, "DetailType": DETAIL_TYPE, "Detail": change.model_dump_json()}
                    for change in batch
                ]
            )
            if answer["FailedEntryCount"]:
                codes = {entry["ErrorCode"] for entry in answer["Entries"] if "ErrorCode" in entry}
                raise TransientError(f"EventBridge did not take all changes of jobs ({', '.join(sorted(codes))}).")


class JobFeed:
    """What whoever changes jobs tells of it: the log of events first, which takes each change once, then the bus."""

    def __init__(self, table_name: str, stage: str) -> None:
        self._log = EventLog(table_name)
        self._bus = EventBridgeFeed(stage)

    def send(self, changes: Sequence[JobChange]) -> None:
        self._log.record(changes)
        self._bus.send(changes)
