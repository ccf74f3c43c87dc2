"""How often somebody asks: sliding windows, one conditional update each; and which log-ins have just ended.

A window of ``per_s`` seconds slides over two counters: what came in the one before counts by the part of it that the
window still covers. A request over the limit is not counted, so waiting always helps. One item per person or address
holds the counters, named ``{what}@{number of the window}``; ``ended#{session}`` stands beside them until the last
access token of that log-in has expired, so that one call answers both questions.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from soundstage.models.ids import Id
from soundstage.models.limits import Rate
from soundstage.platform.aws import table

KEEP_S = 24 * 3600
_ENDED = "ended#"
_STALE_AT_MOST = 16
"""Counters of windows long gone: whoever comes again after a pause leaves up to two behind."""


@dataclass(frozen=True, slots=True)
class Counted:
    """``left`` of the window's requests. ``reset_s``: until the window's end; of one refused, until it may come again.

    ``ended``: log-ins of this person whose access tokens are not good any more.
    """

    rate: Rate
    allowed: bool
    left: int
    reset_s: int
    ended: frozenset[Id] = frozenset()


class Traffic(table.TimedStore):
    def count(self, who: str, rate: Rate, *, what: str = "all") -> Counted:
        """One request of ``who``, such as ``user#{id}`` or ``address#192.0.2.1``."""
        now = self._clock()
        number, into_s = int(now // rate.per_s), now % rate.per_s
        names = {"#now": f"{what}@{number}", "#gone": f"{what}@{number - 2}", "#ttl": table.TTL_ATTRIBUTE}
        values = {":one": 1, ":most": rate.requests, ":ttl": int(now) + KEEP_S}
        try:
            answer: Any = self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(who),
                UpdateExpression="ADD #now :one SET #ttl = :ttl REMOVE #gone",
                ConditionExpression="attribute_not_exists(#now) OR #now < :most",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=table.to_wire(values),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
            item, refused = table.from_wire(answer["Attributes"]), False
        except self._dynamodb.exceptions.ConditionalCheckFailedException as full:
            response: Any = full.response
            item, refused = table.from_wire(response["Item"]), True
        self._tidy(who, item, what, number)
        before, here = int(item.get(f"{what}@{number - 1}", 0)), int(item.get(f"{what}@{number}", 0))
        used = here + before * (1 - into_s / rate.per_s)
        allowed = not refused and used <= rate.requests
        wait_s = rate.per_s - into_s if allowed else _until_free_s(rate, before, here, into_s)
        left = max(0, int(rate.requests - used)) if allowed else 0
        return Counted(rate, allowed, left, math.ceil(wait_s), _ended(item, now))

    def ended(self, user_id: Id) -> frozenset[Id]:
        """Log-ins and API keys of this person that ended within the life of an access token; counts nothing."""
        found = self._dynamodb.get_item(TableName=self._table, Key=_key(user(user_id)), ConsistentRead=True)
        return _ended(table.from_wire(found.get("Item", {})), self._clock())

    def give_back(self, who: str, rate: Rate, *, what: str = "all") -> None:
        """One that was counted just now, and should not have been."""
        self._dynamodb.update_item(
            TableName=self._table,
            Key=_key(who),
            UpdateExpression="ADD #now :back",
            ExpressionAttributeNames={"#now": f"{what}@{int(self._clock() // rate.per_s)}"},
            ExpressionAttributeValues=table.to_wire({":back": -1}),
        )

    def end_sessions(self, user_id: Id, session_ids: Iterable[Id], *, token_life_s: float) -> None:
        """Access tokens of these log-ins are refused from now on; so are subscriptions, of API keys too."""
        now = self._clock()
        names = {f"#e{index}": f"{_ENDED}{session_id}" for index, session_id in enumerate(session_ids)}
        if not names:
            return
        sets = ", ".join(f"{name} = :until" for name in names)
        self._dynamodb.update_item(
            TableName=self._table,
            Key=_key(user(user_id)),
            UpdateExpression=f"SET #ttl = :ttl, {sets}",
            ExpressionAttributeNames=names | {"#ttl": table.TTL_ATTRIBUTE},
            ExpressionAttributeValues=table.to_wire({":until": int(now + token_life_s) + 1, ":ttl": int(now) + KEEP_S}),
        )

    def _tidy(self, who: str, item: table.Item, what: str, number: int) -> None:
        """Remove what is long over, once there is much of it: a second call, about once in ten pauses."""
        now = self._clock()
        stale = [name for name, until in item.items() if name.startswith(_ENDED) and until <= now]
        for name in item:
            label, at, window = name.rpartition("@")
            if at and label == what and int(window) < number - 1:
                stale.append(name)
        if len(stale) <= _STALE_AT_MOST:
            return
        names = {f"#s{index}": name for index, name in enumerate(stale)}
        self._dynamodb.update_item(
            TableName=self._table,
            Key=_key(who),
            UpdateExpression=f"REMOVE {', '.join(names)}",
            ExpressionAttributeNames=names,
        )


def user(user_id: Id) -> str:
    return f"user#{user_id}"


def _ended(item: table.Item, now: float) -> frozenset[Id]:
    return frozenset(
        name.removeprefix(_ENDED) for name, until in item.items() if name.startswith(_ENDED) and until > now
    )


def _until_free_s(rate: Rate, before: int, here: int, into_s: float) -> float:
    """Seconds until one more request fits."""
    room = rate.requests - 1 - here
    if room >= 0 and before > 0:
        at_s = rate.per_s * (1 - room / before)
        if at_s <= rate.per_s:
            return max(1.0, at_s - into_s)
    rest_s = rate.per_s - into_s  # this window is full: in the next one it counts less with every second
    return rest_s + max(0.0, rate.per_s * (1 - (rate.requests - 1) / max(1, here)))


def _key(who: str) -> dict[str, Any]:
    return table.key(f"traffic#{who}", "traffic")
