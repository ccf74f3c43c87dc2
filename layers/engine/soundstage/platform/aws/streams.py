"""Streams of server-sent events that are open, so that one person cannot have them all.

Each lies in the table for as long as a stream may last: streams of one person are answered by any number of processes,
on AWS each by a function of its own, which is busy meanwhile.
"""

from soundstage.models.ids import Id, new_id
from soundstage.platform.aws import table


class Streams(table.TimedStore):
    def open(self, owner_id: Id, *, lasts_s: float) -> str:
        """The id of a new stream. Ids are time-ordered."""
        stream_id = new_id()
        item = table.key(_partition(owner_id), stream_id) | table.to_wire(
            {table.TTL_ATTRIBUTE: int(self._clock() + lasts_s) + 1}
        )
        self._dynamodb.put_item(TableName=self._table, Item=item)
        return stream_id

    def is_open(self, owner_id: Id, stream_id: str, *, most: int) -> bool:
        """Whether it is among the ``most`` newest of its person. One whose process died counts for those before it."""
        answer = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": _partition(owner_id)}},
            ProjectionExpression="sk",
            ScanIndexForward=False,
            Limit=most,
            ConsistentRead=True,
        )
        return {"sk": {"S": stream_id}} in answer["Items"]

    def close(self, owner_id: Id, stream_id: str) -> None:
        """It leaves its place to those before it."""
        self._dynamodb.delete_item(TableName=self._table, Key=table.key(_partition(owner_id), stream_id))


def _partition(owner_id: Id) -> str:
    return f"streams#{owner_id}"
