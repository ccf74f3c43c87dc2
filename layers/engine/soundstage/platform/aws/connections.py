"""WebSocket connections that subscribed, until they are gone or as old as API Gateway lets them become.

Changes come from any number of functions at once, and a connection has to be told in order. So only the one who holds
it tells it what it has not been told yet; who hears of a change waits until it is free, and looks then. Whoever dies
holding it is waited for ``HOLD_S``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from soundstage.models.ids import Id, new_id
from soundstage.models.push import Subscription
from soundstage.platform.aws import table

KEEP_S = 2 * 3600 + 300
"""API Gateway's quota "connection duration for WebSocket API" is two hours."""
HOLD_S = 20


class Gone(Exception):
    """The client has left."""


@dataclass(frozen=True, slots=True)
class Connection:
    """``holder``: names who holds it."""

    connection_id: str
    subscription: Subscription
    holder: str


class Connections(table.TimedStore):
    def put(self, connection_id: str, subscription: Subscription) -> Connection:
        """In the place of what this connection subscribed to before; held by whoever asks."""
        connection = Connection(connection_id, subscription, new_id())
        item = {
            table.PARTITION_KEY: _partition(subscription.owner_id),
            table.SORT_KEY: f"connection#{connection_id}",
            "connection_id": connection_id,
            "pass_id": subscription.pass_id,
            "job_id": subscription.job_id,
            "sent": subscription.sent,
            "good_until": str(subscription.good_until),
            "held_until": int(self._clock()) + HOLD_S,
            "holder": connection.holder,
            table.TTL_ATTRIBUTE: int(self._clock()) + KEEP_S,
        }
        owner = _whose(connection_id) | {
            "owner_id": subscription.owner_id,
            table.TTL_ATTRIBUTE: item[table.TTL_ATTRIBUTE],
        }
        # Whose it is first: a connection that nobody finds when it is left would be told until it expires.
        for one in (owner, item):
            self._dynamodb.put_item(TableName=self._table, Item=table.to_wire(one))
        return connection

    def left(self, connection_id: str) -> None:
        """The client has gone, whoever it was. One that never subscribed is fine."""
        pointer = table.to_wire(_whose(connection_id))
        found = self._dynamodb.get_item(TableName=self._table, Key=pointer, ConsistentRead=True).get("Item")
        if found is not None:
            self._forget(table.from_wire(found)["owner_id"], connection_id)

    def of_owner(self, owner_id: Id) -> Sequence[Connection]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": _partition(owner_id)}},
            ConsistentRead=True,
        )
        return [_connection(owner_id, table.from_wire(item)) for page in pages for item in page["Items"]]

    def beyond(self, owner_id: Id, most: int) -> Sequence[Connection]:
        """All but the ``most`` that subscribed last."""
        newest_first = sorted(self.of_owner(owner_id), key=lambda one: one.subscription.good_until, reverse=True)
        return newest_first[most:]

    def hold(self, connection: Connection) -> Connection | None:
        """As it is now; None while somebody else holds it. Tell, and then let go. Raises Gone."""
        now = int(self._clock())
        key, values = _key(connection), table.to_wire({":until": now + HOLD_S, ":now": now, ":me": new_id()})
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=key,
                UpdateExpression="SET held_until = :until, holder = :me",
                ConditionExpression="held_until < :now",
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException as failed:
            response: Any = failed.response
            if "Item" not in response:
                raise Gone(connection.connection_id) from failed
            return None
        return _connection(connection.subscription.owner_id, table.from_wire(answer["Attributes"]))

    def told(self, held: Connection, number: int) -> Connection | None:
        """It was told all until this number. None where it is not ours any more."""
        return self._keep(held, "SET sent = :number, held_until = :until", {":number": number})

    def let_go(self, held: Connection) -> None:
        """What is not ours any more stays as it is."""
        self._keep(held, "SET held_until = :until", {}, until=0)

    def delete(self, connection: Connection) -> None:
        self._forget(connection.subscription.owner_id, connection.connection_id)

    def _forget(self, owner_id: Id, connection_id: str) -> None:
        for key in (
            table.key(_partition(owner_id), f"connection#{connection_id}"),
            table.to_wire(_whose(connection_id)),
        ):
            self._dynamodb.delete_item(TableName=self._table, Key=key)

    def _keep(
        self, held: Connection, expression: str, values: dict[str, Any], *, until: int | None = None
    ) -> Connection | None:
        until = int(self._clock()) + HOLD_S if until is None else until
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(held),
                UpdateExpression=expression,
                ConditionExpression="holder = :me",
                ExpressionAttributeValues=table.to_wire(values | {":me": held.holder, ":until": until}),
                ReturnValues="ALL_NEW",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return None
        return _connection(held.subscription.owner_id, table.from_wire(answer["Attributes"]))


def _connection(owner_id: Id, item: table.Item) -> Connection:
    subscription = Subscription(
        owner_id=owner_id,
        pass_id=item["pass_id"],
        job_id=item.get("job_id"),
        sent=int(item["sent"]),
        good_until=float(item["good_until"]),
    )
    return Connection(item["connection_id"], subscription, item["holder"])


def _partition(owner_id: Id) -> str:
    return f"connections#{owner_id}"


def _whose(connection_id: str) -> table.Item:
    """The key of what says whose connection it is: API Gateway names it alone when the client leaves."""
    return {table.PARTITION_KEY: f"connection#{connection_id}", table.SORT_KEY: "owner"}


def _key(connection: Connection) -> dict[str, Any]:
    return table.key(_partition(connection.subscription.owner_id), f"connection#{connection.connection_id}")
