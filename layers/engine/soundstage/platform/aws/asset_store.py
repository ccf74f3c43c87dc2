"""Asset records in DynamoDB (the port ``AssetStore``). Who holds the claim stands beside the record, not in it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from soundstage.jobs import asset_transitions
from soundstage.jobs.asset_transitions import Claimed
from soundstage.models.assets import Asset, AssetStatus
from soundstage.models.errors import NotFound, TransientError
from soundstage.models.ids import Id
from soundstage.models.jobs import JobError
from soundstage.platform.aws import table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TRIES = 20
_NOT_COUNTED = (AssetStatus.REJECTED, AssetStatus.DELETED)


class DynamoAssets(table.TableStore):
    def __init__(
        self,
        table_name: str,
        *,
        client: "DynamoDBClient | None" = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(table_name, client=client)
        self._clock = clock

    def create(self, asset: Asset) -> Asset:
        """Creating the same ``asset_id`` again returns what is stored."""
        winner = self._put(Claimed(asset), revision=1, after=None)
        return asset if winner is None else winner[0].asset

    def get(self, asset_id: Id) -> Asset | None:
        found = self._read(asset_id)
        return found[0].asset if found else None

    def get_many(self, asset_ids: Iterable[Id]) -> dict[Id, Asset]:
        items = self._read_many(_key(asset_id) for asset_id in dict.fromkeys(asset_ids))
        return {held.asset.asset_id: held.asset for held, _ in map(_held, items)}

    def list(self, owner_id: Id, *, limit: int, cursor: str | None = None) -> tuple[Sequence[Asset], str | None]:
        items, cursor = table.newest_first(
            self._dynamodb, self._table, owner_id=owner_id, what="asset", limit=limit, cursor=cursor
        )
        return [_held(item)[0].asset for item in items], cursor

    def claim(self, asset_id: Id, *, claimant: str, sequencer: str, lease_s: int) -> Asset:
        def change(held: Claimed) -> Claimed:
            return asset_transitions.claimed(
                held, claimant=claimant, sequencer=sequencer, lease_s=lease_s, now=self._clock()
            )

        return self._change(asset_id, change)

    def accept(self, asset: Asset, *, claimant: str) -> Asset:
        def change(held: Claimed) -> Claimed:
            return asset_transitions.accepted(held, checked=asset, claimant=claimant, now=self._clock())

        return self._change(asset.asset_id, change)

    def reject(self, asset_id: Id, *, claimant: str, error: JobError) -> Asset:
        def change(held: Claimed) -> Claimed:
            return asset_transitions.rejected(held, claimant=claimant, error=error, now=self._clock())

        return self._change(asset_id, change)

    def stale(self, *, before: datetime, limit: int) -> Sequence[tuple[Asset, int]]:
        found: list[Claimed] = []
        for shard in table.CHECKING_SHARDS:
            pages = self._dynamodb.get_paginator("query").paginate(
                TableName=self._table,
                IndexName=table.GSI2,
                KeyConditionExpression="gsi2pk = :shard AND gsi2sk < :before",
                ExpressionAttributeValues={":shard": {"S": shard}, ":before": {"S": table.instant(before)}},
                PaginationConfig={"MaxItems": limit},
            )
            found += [_held(item)[0] for page in pages for item in page["Items"]]
        found.sort(key=lambda held: held.asset.updated_at)
        return [(held.asset, held.claims) for held in found[:limit]]

    def interrupted(self, asset_id: Id) -> Asset:
        return self._change(asset_id, lambda held: asset_transitions.interrupted(held, now=self._clock()))

    def give_up(self, asset_id: Id, *, error: JobError) -> Asset:
        return self._change(asset_id, lambda held: asset_transitions.given_up(held, error=error, now=self._clock()))

    def delete(self, asset_id: Id) -> Asset:
        return self._change(asset_id, lambda held: asset_transitions.deleted(held, now=self._clock()))

    def set_upload_id(self, asset_id: Id, upload_id: str | None) -> None:
        self._change(asset_id, lambda held: asset_transitions.uploading(held, upload_id=upload_id, now=self._clock()))

    def used_bytes(self, owner_id: Id) -> int:
        """Declared sizes count until the real ones are known. Eventually consistent: enough for a quota."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=table.GSI1,
            KeyConditionExpression="gsi1pk = :owner",
            ProjectionExpression="#status, size_bytes",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":owner": {"S": table.owner_partition(owner_id, "asset")}},
        )
        items = (table.from_wire(item) for page in pages for item in page["Items"])
        return sum(int(item.get("size_bytes", 0)) for item in items if item["status"] not in _NOT_COUNTED)

    def _read(self, asset_id: Id) -> tuple[Claimed, int] | None:
        found = self._dynamodb.get_item(TableName=self._table, Key=_key(asset_id), ConsistentRead=True)
        return _held(found["Item"]) if "Item" in found else None

    def _change(self, asset_id: Id, change: Callable[[Claimed], Claimed]) -> Asset:
        """Apply a change to the record as it is when it is written. Raises what the change raises, or ``NotFound``."""
        found = self._read(asset_id)
        for _ in range(_TRIES):
            if found is None:
                raise NotFound("There is no such asset.")
            held, revision = found
            new = change(held)
            if new is held:
                return held.asset
            found = self._put(new, revision=revision + 1, after=revision)
            if found is None:
                return new.asset
        raise TransientError("The asset's record is too busy.")

    def _put(self, held: Claimed, *, revision: int, after: int | None) -> tuple[Claimed, int] | None:
        """None when it is written; otherwise what is there instead."""
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": table.to_wire(_item(held, revision)),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        if after is None:
            put["ConditionExpression"] = "attribute_not_exists(pk)"
        else:
            put |= {
                "ConditionExpression": "revision = :revision",
                "ExpressionAttributeValues": {":revision": {"N": str(after)}},
            }
        try:
            self._dynamodb.put_item(**put)
        except self._dynamodb.exceptions.ConditionalCheckFailedException as lost:
            item: Any = lost.response.get("Item")
            return _held(item) if item else self._read(held.asset.asset_id)
        return None


def _key(asset_id: Id) -> dict[str, Any]:
    return table.key(f"asset#{asset_id}", "asset")


def _item(held: Claimed, revision: int) -> table.Item:
    asset = held.asset
    checking = asset.status is AssetStatus.CHECKING
    return {
        "pk": f"asset#{asset.asset_id}",
        "sk": "asset",
        "gsi1pk": table.owner_partition(asset.owner_id, "asset"),
        "gsi1sk": asset.asset_id,
        "status": asset.status.value,
        "size_bytes": asset.size_bytes,
        "revision": revision,
        "gsi2pk": table.checking_shard(asset.asset_id) if checking else None,
        "gsi2sk": table.instant(held.lease_until or asset.updated_at) if checking else None,
        "claimant": held.claimant,
        "claims": held.claims,
        "lease_until": held.lease_until.isoformat() if held.lease_until else None,
        "body": asset.model_dump_json(exclude_none=True),
    }


def _held(item: dict[str, Any]) -> tuple[Claimed, int]:
    plain = table.from_wire(item)
    lease_until = plain.get("lease_until")
    held = Claimed(
        asset=Asset.model_validate_json(plain["body"]),
        claimant=plain.get("claimant"),
        lease_until=datetime.fromisoformat(lease_until) if lease_until else None,
        claims=int(plain.get("claims", 1)),
    )
    return held, int(plain["revision"])
