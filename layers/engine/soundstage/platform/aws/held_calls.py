"""Calls that are held open, so that one person cannot have them all: streams of server-sent events, waits for a job.

Each lies in the table for as long as it may last: calls of one person are answered by any number of processes, on AWS
each by a function of its own, which is busy meanwhile.
"""

import time
from collections.abc import Callable
from typing import Literal

from soundstage.models.ids import Id, new_id
from soundstage.platform.aws import table

Kind = Literal["streams", "waits"]
"""Counted apart."""


class HeldCalls(table.TimedStore):
    def __init__(self, table_name: str, kind: Kind, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(table_name, clock=clock)
        self._kind = kind

    def open(self, owner_id: Id, *, lasts_s: float) -> str:
        """The id of a new one. Ids are time-ordered."""
        call_id = new_id(self._clock)
        item = table.key(self._partition(owner_id), call_id) | table.to_wire(
            {table.TTL_ATTRIBUTE: int(self._clock() + lasts_s) + 1}
        )
        self._dynamodb.put_item(TableName=self._table, Item=item)
        return call_id

    def among_newest(self, owner_id: Id, call_id: str, *, most: int) -> bool:
        """One whose process died counts for those before it."""
        return self._among(owner_id, call_id, most, newest=True, since="0")

    def among_oldest(self, owner_id: Id, call_id: str, *, most: int, lasts_s: float) -> bool:
        """Of those that began in the last ``lasts_s``: one whose process died counts for as long."""
        return self._among(owner_id, call_id, most, newest=False, since=new_id(lambda: self._clock() - lasts_s, bytes))

    def close(self, owner_id: Id, call_id: str) -> None:
        """It leaves its place to others."""
        self._dynamodb.delete_item(TableName=self._table, Key=table.key(self._partition(owner_id), call_id))

    def _among(self, owner_id: Id, call_id: str, most: int, *, newest: bool, since: str) -> bool:
        answer = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk > :since",
            ExpressionAttributeValues={":pk": {"S": self._partition(owner_id)}, ":since": {"S": since}},
            ProjectionExpression="sk",
            ScanIndexForward=not newest,
            Limit=most,
            ConsistentRead=True,
        )
        return {"sk": {"S": call_id}} in answer["Items"]

    def _partition(self, owner_id: Id) -> str:
        return f"{self._kind}#{owner_id}"
