"""The events of each person in one order, kept for a week, so that whoever was away reads on where they stopped.

A change gets the next number of its owner, and its two items (the owner's log, the job's log) are one write that holds
for each change once, however often it is recorded. A number whose writer died, or came second, is a hole: readers stop
before a hole, and close it once what comes after it has settled; a writer that then comes takes another number. So who
reads in order and remembers the last number misses nothing, and the changes of a job come in the order of revisions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from soundstage.models.errors import TransientError
from soundstage.models.ids import Id
from soundstage.models.job_events import Event
from soundstage.models.jobs import JobChange
from soundstage.platform.aws import table

KEEP_S = 7 * 24 * 3600
SETTLES_S = 2.0
"""So old is what comes after a hole when the hole is closed: a living writer takes milliseconds."""
_EXPIRING_S = KEEP_S / 2
"""A hole before something older is what DynamoDB has removed."""
_AT_ONCE = 100
_TRIES = 10
_CONDITION = "ConditionalCheckFailed"
_FIRST, _LAST = "event#", "event#~"
"""Sort keys around those of events: ``~`` comes after every digit."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """``number`` orders all events of one person: the ``id`` of a server-sent event."""

    number: int
    event: Event


class EventLog(table.TimedStore):
    def record(self, changes: Sequence[JobChange]) -> None:
        """Each once, in this order. Raises TransientError."""
        for change in changes:
            self._record(change)

    def newest(self, owner_id: Id) -> int:
        """The number that was given last; 0 before the first."""
        found = self._dynamodb.get_item(TableName=self._table, Key=_counter(owner_id), ConsistentRead=True)
        return int(found["Item"]["number"]["N"]) if "Item" in found else 0

    def of_owner(self, owner_id: Id, *, after: int) -> Sequence[Numbered]:
        """The next events after this number, of all jobs."""
        found, expected = [], after + 1
        for item in self._query(f"events#{owner_id}", begin=_sort_key(expected), most=_AT_ONCE):
            number, age_s = int(item["number"]), self._clock() - float(item["written_at"])
            if number > expected and age_s < _EXPIRING_S:
                if age_s < SETTLES_S:
                    break
                closed = [self._close(owner_id, hole) for hole in range(expected, number)]
                if not all(closed):
                    break
            expected = number + 1
            if "body" in item:
                found.append(Numbered(number, Event.model_validate_json(item["body"])))
        return found

    def of_job(self, job_id: Id, *, after: int) -> Sequence[Numbered]:
        """The next events of one job after this number."""
        events = self._query(f"job#{job_id}", begin=_FIRST)
        numbered = (Numbered(int(item["number"]), Event.model_validate_json(item["body"])) for item in events)
        return [event for event in numbered if event.number > after]

    def _record(self, change: JobChange) -> None:
        body = Event.of(change).model_dump_json()
        for _ in range(_TRIES):
            number = self._next(change.owner_id)
            common = {"number": number, "body": body, **self._times()}
            of_owner = {"pk": f"events#{change.owner_id}", "sk": _sort_key(number), **common}
            of_job = {"pk": f"job#{change.job_id}", "sk": f"event#{change.revision:012d}", **common}
            actions: Any = [self._put_new(of_owner), self._put_new(of_job)]
            try:
                self._dynamodb.transact_write_items(TransactItems=[{"Put": put} for put in actions])
            except self._dynamodb.exceptions.TransactionCanceledException as canceled:
                reasons: Any = canceled.response["CancellationReasons"]
                if reasons[1].get("Code") == _CONDITION:  # recorded before
                    self._close(change.owner_id, number)
                    return
            else:
                return
        raise TransientError("The log of events is too busy.")

    def _next(self, owner_id: Id) -> int:
        counted = self._dynamodb.update_item(
            TableName=self._table,
            Key=_counter(owner_id),
            UpdateExpression="ADD #number :one",
            ExpressionAttributeNames={"#number": "number"},
            ExpressionAttributeValues={":one": {"N": "1"}},
            ReturnValues="UPDATED_NEW",
        )
        return int(counted["Attributes"]["number"]["N"])

    def _close(self, owner_id: Id, number: int) -> bool:
        """Nobody writes under this number any more. False when somebody just has."""
        hole = {"pk": f"events#{owner_id}", "sk": _sort_key(number), "number": number, **self._times()}
        try:
            self._dynamodb.put_item(**self._put_new(hole))
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _times(self) -> dict[str, Any]:
        now = self._clock()
        return {"written_at": str(now), table.TTL_ATTRIBUTE: int(now) + KEEP_S}

    def _put_new(self, item: table.Item) -> dict[str, Any]:
        put = {"TableName": self._table, "Item": table.to_wire(item)}
        return put | {"ConditionExpression": "attribute_not_exists(pk)"}

    def _query(self, pk: str, *, begin: str, most: int | None = None) -> Iterator[table.Item]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :begin AND :end",
            ExpressionAttributeValues={":pk": {"S": pk}, ":begin": {"S": begin}, ":end": {"S": _LAST}},
            ConsistentRead=True,
            PaginationConfig={} if most is None else {"MaxItems": most},
        )
        for page in pages:
            yield from map(table.from_wire, page["Items"])


def _counter(owner_id: Id) -> dict[str, Any]:
    return table.key(f"events#{owner_id}", "count")


def _sort_key(number: int) -> str:
    return f"event#{number:012d}"
