"""The one DynamoDB table: its name's keys, indexes and time to live. Infrastructure and stores both read this module.

==================  ======================  ================  =====================================================
what                ``pk``                  ``sk``            also
==================  ======================  ================  =====================================================
job                 ``job#{job_id}``        ``job``           ``gsi1`` by owner, ``gsi2`` while it needs looking after
asset               ``asset#{asset_id}``    ``asset``         ``gsi1`` by owner, ``gsi2`` while it is checked
beat of a job       ``job#{job_id}``        ``beat``          ``alive_at``; apart, so that no index is written again
event of a job      ``job#{job_id}``        ``event#{rev.}``  ``number`` in its owner's log, ``expires_at``
events of a person  ``events#{owner}``      ``event#{no.}``   the same events in one order; ``count``: the last number
delivery            ``delivery#{id}``       ``delivery``      ``gsi1`` by webhook endpoint, ``expires_at``
dependency edge     ``{kind}#{dep_id}``     ``dep#{job_id}``  beside what it hangs on: one query finds who waits
natural key claim   ``natural#{hash}``      ``natural``       ``job_id`` of the job that holds it
idempotency record  ``idem#{owner}#{key}``  ``idem``          ``expires_at``
spent by a project  ``budget#{project}``    ``sum``           ``micro_usd``; beside it ``cost#{name}``: what counted
spent by a person   ``budget#{owner}#{month}``  ``sum``       as of a project
worked for a person  ``worked#{owner}``    ``{month}#{receipt}``  ``worker_ms`` and ``gpu_ms`` of one task
requests of a user  ``traffic#{who}``       ``traffic``       counters of windows; ``ended#{session}``; ``expires_at``
open WebSocket      ``connections#{owner}``  ``connection#{id}``  what it subscribed to, who holds it, ``expires_at``
open stream         ``streams#{owner}``     time-ordered id   ``expires_at``
held wait           ``waits#{owner}``       time-ordered id   ``expires_at``
unsent telemetry    ``outbox#langfuse``     time-ordered id   ``expires_at``
==================  ======================  ================  =====================================================

- ``gsi1``: ``gsi1pk = owner#{owner_id}#{job|asset}`` (of deliveries: the endpoint's id), ``gsi1sk`` = the id. Ids are
  time-ordered, so newest first is reading backwards.
- ``gsi2`` is sparse: jobs that are blocked, queued or running, or whose end has not been passed on yet.
  ``gsi2pk = active#{last hex digit of the id}``: one partition takes 1000 writes a second, sixteen take enough.
  ``gsi2sk`` = ``updated_at``, so reading forwards finds the stalest first.
  Likewise ``checking#…`` for assets that somebody is looking at, by the time until which their claim holds.
- What was spent and worked has ``expires_at`` only once its owner's account is deleted (``platform.erasure``).
- ``body`` is the record as JSON; what conditions and queries need stands beside it.

Both indexes project everything. Keys are strings; ``expires_at`` is a number of epoch seconds.
"""

import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from soundstage.models.cursors import cursor_of, id_in
from soundstage.models.errors import TransientError
from soundstage.platform.aws import clients

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PARTITION_KEY: Final = "pk"
SORT_KEY: Final = "sk"
GSI1: Final = "gsi1"
GSI1_PARTITION_KEY: Final = "gsi1pk"
GSI1_SORT_KEY: Final = "gsi1sk"
GSI2: Final = "gsi2"
GSI2_PARTITION_KEY: Final = "gsi2pk"
GSI2_SORT_KEY: Final = "gsi2sk"
TTL_ATTRIBUTE: Final = "expires_at"

ACTIVE_SHARDS: Final = tuple(f"active#{digit}" for digit in "0123456789abcdef")
CHECKING_SHARDS: Final = tuple(f"checking#{digit}" for digit in "0123456789abcdef")

_READ_AT_ONCE = 100
"""Keys in a BatchGetItem: DynamoDB's limit."""
_WAITS_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Before what a BatchGetItem left out is asked for again: DynamoDB asks for exponential backoff."""

Item = dict[str, Any]


class TableStore:
    """What keeps something in the table. Without a client it uses the process's own, made when first needed."""

    def __init__(self, table_name: str, *, client: "DynamoDBClient | None" = None) -> None:
        self._table = table_name
        self._client = client

    @property
    def _dynamodb(self) -> "DynamoDBClient":
        return self._client or clients.dynamodb()

    def _expire(self, partition: str, at: datetime) -> None:
        """DynamoDB removes what stands under this key now, within days after that time."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": partition}},
            ProjectionExpression="pk, sk",
        )
        for page in pages:
            for key_ in page["Items"]:
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key=key_,
                    UpdateExpression="SET expires_at = :at",
                    ConditionExpression="attribute_exists(pk)",
                    ExpressionAttributeValues={":at": {"N": str(int(at.timestamp()))}},
                )

    def _read_many(self, keys: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The items that exist, in any order, each read consistently. Keys are distinct."""
        wanted = iter(keys)
        while batch := list(itertools.islice(wanted, _READ_AT_ONCE)):
            waits_s = iter(_WAITS_S)
            while batch:
                asked: Any = {self._table: {"Keys": batch, "ConsistentRead": True}}
                answer: Any = self._dynamodb.batch_get_item(RequestItems=asked)
                yield from answer["Responses"].get(self._table, [])
                batch = answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys", [])
                if batch:  # more than 16 MB, or more than the table bears now
                    wait_s = next(waits_s, None)
                    if wait_s is None:
                        raise TransientError("The table is too busy to be read.")
                    time.sleep(wait_s)


class TimedStore(TableStore):
    """One that reads a ``clock``, in seconds since the epoch."""

    def __init__(
        self,
        table_name: str,
        *,
        client: "DynamoDBClient | None" = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(table_name, client=client)
        self._clock = clock


_serialise = TypeSerializer().serialize
_deserialise = TypeDeserializer().deserialize


def to_wire(item: Item) -> dict[str, Any]:
    """Plain values to DynamoDB's tagged ones; ``None`` is left out."""
    return {name: _serialise(value) for name, value in item.items() if value is not None}


def from_wire(item: dict[str, Any]) -> Item:
    return {name: _deserialise(value) for name, value in item.items()}


def key(pk: str, sk: str) -> dict[str, Any]:
    return {PARTITION_KEY: {"S": pk}, SORT_KEY: {"S": sk}}


def owner_partition(owner_id: str, what: str) -> str:
    return f"owner#{owner_id}#{what}"


def active_shard(job_id: str) -> str:
    return f"active#{job_id[-1]}"


def instant(moment: datetime) -> str:
    """Sorts as text in the order of time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def checking_shard(asset_id: str) -> str:
    return f"checking#{asset_id[-1]}"


def newest_first(
    client: "DynamoDBClient", table_name: str, *, owner_id: str, what: str, limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """A page of an owner's ``job`` or ``asset`` items, and where the next page begins. Raises ``InvalidInput``."""
    owner = owner_partition(owner_id, what)
    start = {}
    if cursor is not None:
        id_ = id_in(cursor)
        start["ExclusiveStartKey"] = {
            **key(f"{what}#{id_}", what),
            GSI1_PARTITION_KEY: {"S": owner},
            GSI1_SORT_KEY: {"S": id_},
        }
    page = client.query(
        TableName=table_name,
        IndexName=GSI1,
        KeyConditionExpression="gsi1pk = :owner",
        ExpressionAttributeValues={":owner": {"S": owner}},
        ScanIndexForward=False,
        Limit=limit,
        **start,  # type: ignore[arg-type]
    )
    last = page.get("LastEvaluatedKey")
    return list(page["Items"]), cursor_of(last[GSI1_SORT_KEY]["S"]) if last else None


def table_definition(name: str) -> dict[str, Any]:
    """Arguments of ``create_table``: what tests and other emulators make; on AWS the CDK app makes the same."""
    strings = (PARTITION_KEY, SORT_KEY, GSI1_PARTITION_KEY, GSI1_SORT_KEY, GSI2_PARTITION_KEY, GSI2_SORT_KEY)
    indexes = ((GSI1, GSI1_PARTITION_KEY, GSI1_SORT_KEY), (GSI2, GSI2_PARTITION_KEY, GSI2_SORT_KEY))
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": attribute, "AttributeType": "S"} for attribute in strings],
        "KeySchema": _key_schema(PARTITION_KEY, SORT_KEY),
        "GlobalSecondaryIndexes": [
            {"IndexName": index, "KeySchema": _key_schema(hash_, range_), "Projection": {"ProjectionType": "ALL"}}
            for index, hash_, range_ in indexes
        ],
    }


def _key_schema(hash_: str, range_: str) -> list[dict[str, str]]:
    return [{"AttributeName": hash_, "KeyType": "HASH"}, {"AttributeName": range_, "KeyType": "RANGE"}]
