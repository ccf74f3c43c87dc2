"""An outbox for telemetry: what could not be sent waits in a folder or in the table until it can.

Langfuse's own client drops data after a few seconds without an answer. It sends through this transport instead, which
answers at once when the other side does not, keeps the request, and for a while does not even try again.
"""

import base64
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import httpx
from pydantic import BaseModel

from soundstage.models.ids import new_id
from soundstage.platform.aws import table

log = logging.getLogger(__name__)

# After a failure nothing is sent for so long: an outage must not cost every step its timeout.
REST_S = 30.0

_PARTITION = "outbox#langfuse"
_MAX_ITEM_BYTES = 390_000  # an item of DynamoDB holds 400 KB
_KEEP_S = 14 * 86_400


class PendingRequest(BaseModel):
    """A request without its credentials: those are added when it is sent."""

    path: str
    content_type: str
    content_encoding: str | None
    body_base64: str

    @property
    def body(self) -> bytes:
        return base64.b64decode(self.body_base64)


class Outbox(Protocol):
    def put(self, pending: PendingRequest) -> None: ...

    def names(self) -> Iterator[str]:
        """Oldest first."""

    def read(self, name: str) -> PendingRequest | None:
        """None when someone else has sent it meanwhile."""

    def remove(self, name: str) -> None: ...


class FolderOutbox:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, pending: PendingRequest) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{new_id()}.json"
        # Renamed when complete: another process may be emptying the folder.
        draft = path.with_suffix(".draft")
        draft.write_text(pending.model_dump_json())
        draft.rename(path)

    def names(self) -> Iterator[str]:
        yield from sorted(path.name for path in self._folder.glob("*.json"))

    def read(self, name: str) -> PendingRequest | None:
        try:
            return PendingRequest.model_validate_json((self._folder / name).read_text())
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)


class TableOutbox(table.TableStore):
    """In DynamoDB, which every function may write to. Two weeks of outage are survived."""

    def put(self, pending: PendingRequest) -> None:
        body = pending.model_dump_json()
        if len(body) > _MAX_ITEM_BYTES:
            log.error("telemetry was too large to be kept", extra={"path": pending.path, "size_bytes": len(body)})
            return
        expires_at = int(time.time()) + _KEEP_S
        item = {"pk": _PARTITION, "sk": new_id(), "body": body, table.TTL_ATTRIBUTE: expires_at}
        self._dynamodb.put_item(TableName=self._table, Item=table.to_wire(item))

    def names(self) -> Iterator[str]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": _PARTITION}},
            ProjectionExpression="sk",
        )
        for page in pages:
            yield from (item["sk"]["S"] for item in page["Items"])

    def read(self, name: str) -> PendingRequest | None:
        found = self._dynamodb.get_item(TableName=self._table, Key=table.key(_PARTITION, name))
        return PendingRequest.model_validate_json(found["Item"]["body"]["S"]) if "Item" in found else None

    def remove(self, name: str) -> None:
        self._dynamodb.delete_item(TableName=self._table, Key=table.key(_PARTITION, name))


class OutboxTransport(httpx.BaseTransport):
    """Sends, or keeps. The caller always gets an answer that lets it go on."""

    def __init__(
        self,
        outbox: Outbox,
        *,
        inner: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._outbox = outbox
        self._inner = inner or httpx.HTTPTransport()
        self._clock = clock
        self._rest_until = 0.0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        if self._clock() >= self._rest_until:
            response = self._try(request)
            if response is not None:
                return response
            self._rest_until = self._clock() + REST_S
        self._outbox.put(
            PendingRequest(
                path=request.url.path,
                content_type=request.headers.get("content-type", "application/json"),
                content_encoding=request.headers.get("content-encoding"),
                body_base64=base64.b64encode(body).decode(),
            )
        )
        return httpx.Response(202, json={}, request=request)

    def _try(self, request: httpx.Request) -> httpx.Response | None:
        """The answer, or None when it may be a better one later."""
        try:
            response = self._inner.handle_request(request)
            response.read()
        except httpx.TransportError as error:
            log.warning("telemetry is kept for later", extra={"reason": type(error).__name__})
            return None
        if _may_work_later(response.status_code):
            log.warning("telemetry is kept for later", extra={"reason": response.status_code})
            return None
        return response


def send_again(outbox: Outbox, client: httpx.Client, base_url: str, *, limit: int = 200) -> int:
    """Send what was kept, oldest first, until something fails again. Returns how many requests have left the box."""
    sent = 0
    for name in outbox.names():
        if sent >= limit:
            break
        pending = outbox.read(name)
        if pending is None:
            continue
        headers = {"Content-Type": pending.content_type}
        if pending.content_encoding:
            headers["Content-Encoding"] = pending.content_encoding
        try:
            status = client.post(f"{base_url}{pending.path}", content=pending.body, headers=headers).status_code
        except httpx.TransportError:
            break
        if _may_work_later(status):
            break
        if status >= 400:
            log.error("telemetry was refused for good", extra={"path": pending.path, "status": status})
        outbox.remove(name)
        sent += 1
    return sent


def _may_work_later(status: int) -> bool:
    """Outages, limits, and keys that somebody may yet put right; not a request that is wrong in itself."""
    return status >= 500 or status in (401, 403, 404, 408, 429)
