"""``Idempotency-Key``: the same request sent again gets the same answer, and is carried out once.

::

    kept = idempotency.begin(owner_id, key, request_hash(method, path, body))
    if kept is not None:
        return kept                      # this very request was answered before
    try:
        answer = carry_out()
    except BaseException:
        idempotency.abandon(owner_id, key)
        raise
    idempotency.finish(owner_id, key, answer)
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from soundstage.models.errors import IdempotencyMismatch, InProgress, InvalidInput
from soundstage.models.ids import Id
from soundstage.platform.aws import table

KEEP_S = 24 * 3600

# The API's function ends after 29 s at most, so a request that has not been answered by then was cut off.
LEASE_S = 60

MAX_KEY = 255


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """``headers``: those that say something about what was made."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Idempotency(table.TimedStore):
    def begin(self, owner_id: Id, key: str, hash_: str) -> KeptAnswer | None:
        """None: carry the request out. Otherwise the answer it got.

        Raises:
            IdempotencyMismatch: the key was used for another request.
            InProgress: the first request is being carried out at this moment.
            InvalidInput: an empty or overlong key.
        """
        if not 0 < len(key) <= MAX_KEY:
            raise InvalidInput(f"An Idempotency-Key has 1 to {MAX_KEY} characters.")
        now = int(self._clock())
        item = _name(owner_id, key) | {"hash": hash_, "lease_until": now + LEASE_S, table.TTL_ATTRIBUTE: now + KEEP_S}
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item=table.to_wire(item),
                # DynamoDB removes what has expired only in the course of days, so the condition looks itself.
                ConditionExpression="attribute_not_exists(pk) OR expires_at <= :now "
                "OR (attribute_not_exists(answer) AND lease_until <= :now AND #hash = :hash)",
                ExpressionAttributeNames={"#hash": "hash"},
                ExpressionAttributeValues={":now": {"N": str(now)}, ":hash": {"S": hash_}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException as lost:
            response: Any = lost.response
            return _answer(table.from_wire(response["Item"]), hash_)
        return None

    def finish(self, owner_id: Id, key: str, answer: KeptAnswer) -> None:
        """Nothing is kept when the record is gone: this took longer than its lease, and another one has given up."""
        kept = {
            ":answer": answer.body,
            ":status": answer.status,
            ":headers": dict(answer.headers),
            ":expires_at": int(self._clock()) + KEEP_S,
        }
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_wire_name(owner_id, key),
                UpdateExpression="SET answer = :answer, answer_status = :status, answer_headers = :headers, "
                "expires_at = :expires_at",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues=table.to_wire(kept),
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return

    def abandon(self, owner_id: Id, key: str) -> None:
        """The request failed without effect: it may be sent again at once."""
        try:
            self._dynamodb.delete_item(
                TableName=self._table,
                Key=_wire_name(owner_id, key),
                ConditionExpression="attribute_not_exists(answer)",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return


def request_hash(method: str, path: str, body: bytes) -> str:
    """What makes two requests the same."""
    return hashlib.sha256(b"\n".join((method.upper().encode(), path.encode(), body))).hexdigest()


def _answer(item: table.Item, hash_: str) -> KeptAnswer:
    if item["hash"] != hash_:
        raise IdempotencyMismatch("This Idempotency-Key was used for another request.")
    if "answer" not in item:
        raise InProgress("This request is being carried out right now.")
    return KeptAnswer(status=int(item["answer_status"]), body=item["answer"], headers=item["answer_headers"])


def _name(owner_id: Id, key: str) -> table.Item:
    return {"pk": f"idem#{owner_id}#{key}", "sk": "idem"}


def _wire_name(owner_id: Id, key: str) -> dict[str, Any]:
    return table.to_wire(_name(owner_id, key))
