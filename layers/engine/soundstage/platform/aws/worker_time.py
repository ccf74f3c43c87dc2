"""How long workers, and GPUs in them, were at work for whom: an item per task that was done, under its month."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from soundstage.jobs.tasks import Receipt
from soundstage.models.ids import Id
from soundstage.platform.aws import table


@dataclass(frozen=True, slots=True)
class WorkerTime:
    """In seconds; those of the GPU are among those of the worker."""

    worker_s: float = 0.0
    gpu_s: float = 0.0


class WorkerTimes(table.TableStore):
    def __init__(self, table_name: str, owner_id: Id, *, client: Any = None) -> None:
        super().__init__(table_name, client=client)
        self._partition = f"worked#{owner_id}"

    def record(self, name: str, receipt: Receipt) -> None:
        """``name`` is the receipt's key. Key and content follow from the receipt, so that again changes nothing."""
        item = {
            "pk": self._partition,
            "sk": f"{receipt.done_at:%Y-%m}#{name}",
            "worker_ms": round(1000 * receipt.worker_s),
            "gpu_ms": round(1000 * receipt.gpu_s),
        }
        self._dynamodb.put_item(TableName=self._table, Item=table.to_wire(item))

    def forget(self, at: datetime) -> None:
        """All that stands here now."""
        self._expire(self._partition, at)

    def of_month(self, month: str) -> WorkerTime:
        """``month``: ``2026-11``, UTC. Of tasks that were done in it."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :month)",
            ExpressionAttributeValues={":pk": {"S": self._partition}, ":month": {"S": f"{month}#"}},
            ProjectionExpression="worker_ms, gpu_ms",
        )
        items = [item for page in pages for item in page["Items"]]
        worker_ms, gpu_ms = (sum(int(item[name]["N"]) for item in items) for name in ("worker_ms", "gpu_ms"))
        return WorkerTime(worker_ms / 1000, gpu_ms / 1000)
