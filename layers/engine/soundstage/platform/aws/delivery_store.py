"""Deliveries of webhooks in DynamoDB, each kept for a month. Who makes an attempt holds it by a lease."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from soundstage.models.ids import Id
from soundstage.models.webhooks import Delivery, DeliveryStatus
from soundstage.platform.aws import table

KEEP = timedelta(days=30)


class Deliveries(table.TimedStore):
    def create(self, delivery: Delivery) -> Delivery:
        """Creating the same ``delivery_id`` again returns what is stored."""
        put: Any = {"ConditionExpression": "attribute_not_exists(pk)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        try:
            self._dynamodb.put_item(TableName=self._table, Item=table.to_wire(_item(delivery)), **put)
        except self._dynamodb.exceptions.ConditionalCheckFailedException as lost:
            item: Any = lost.response["Item"]  # type: ignore[typeddict-item]
            return _delivery(item)
        return delivery

    def get(self, delivery_id: Id) -> Delivery | None:
        found = self._dynamodb.get_item(TableName=self._table, Key=_key(delivery_id), ConsistentRead=True)
        return _delivery(found["Item"]) if "Item" in found else None

    def list(self, endpoint_id: Id, *, limit: int, cursor: str | None) -> tuple[Sequence[Delivery], str | None]:
        """Newest first."""
        items, cursor = table.newest_first(
            self._dynamodb, self._table, owner_id=endpoint_id, what="delivery", limit=limit, cursor=cursor
        )
        return [_delivery(item) for item in items], cursor

    def claim(self, delivery_id: Id, *, attempt: int, lease_s: float) -> bool:
        """Whether this attempt is ours to make. False when it was made, or somebody is at it."""
        now = self._clock()
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(delivery_id),
                UpdateExpression="SET lease_until = :until",
                ConditionExpression="#status = :pending AND attempt = :attempt "
                "AND (attribute_not_exists(lease_until) OR lease_until < :now)",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={
                    ":pending": {"S": DeliveryStatus.PENDING.value},
                    ":attempt": {"N": str(attempt)},
                    ":now": {"N": str(now)},
                    ":until": {"N": str(now + lease_s)},
                },
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def write(self, delivery: Delivery) -> None:
        """By who has claimed it: the claim ends with that."""
        self._dynamodb.put_item(TableName=self._table, Item=table.to_wire(_item(delivery)))


def _key(delivery_id: Id) -> dict[str, Any]:
    return table.key(f"delivery#{delivery_id}", "delivery")


def _item(delivery: Delivery) -> table.Item:
    return {
        "pk": f"delivery#{delivery.delivery_id}",
        "sk": "delivery",
        "gsi1pk": table.owner_partition(delivery.endpoint_id, "delivery"),
        "gsi1sk": delivery.delivery_id,
        "status": delivery.status.value,
        "attempt": delivery.attempt,
        "body": delivery.model_dump_json(exclude_none=True),
        table.TTL_ATTRIBUTE: int((delivery.created_at + KEEP).timestamp()),
    }


def _delivery(item: dict[str, Any]) -> Delivery:
    return Delivery.model_validate_json(item["body"]["S"])
