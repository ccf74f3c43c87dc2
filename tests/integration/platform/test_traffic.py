"""Sliding windows against DynamoDB: never more than the limit in any window, one call a request, nothing left over."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.integration.platform.conftest import TABLE

from soundstage.models.ids import new_id
from soundstage.models.limits import Limits, Rate
from soundstage.platform.aws.traffic import Traffic, user

RATE = Rate(requests=5, per_s=60)


class Seconds:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def traffic(cloud: None, seconds: Seconds) -> Traffic:
    return Traffic(TABLE, clock=seconds)


def test_what_is_left_and_when_it_comes_back(traffic: Traffic, seconds: Seconds) -> None:
    who = user(new_id())

    counts = [traffic.count(who, RATE) for _ in range(6)]

    assert [counted.left for counted in counts] == [4, 3, 2, 1, 0, 0]
    assert [counted.allowed for counted in counts] == [True] * 5 + [False]
    seconds.now += counts[-1].reset_s
    assert traffic.count(who, RATE).allowed


def test_what_is_refused_is_not_counted(traffic: Traffic, seconds: Seconds) -> None:
    who = user(new_id())
    for _ in range(5):
        traffic.count(who, RATE)
    wait_s = traffic.count(who, RATE).reset_s
    for _ in range(50):
        assert not traffic.count(who, RATE).allowed

    seconds.now += wait_s
    assert traffic.count(who, RATE).allowed


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pauses_s=st.lists(st.floats(0, 50), min_size=10, max_size=40))
def test_no_window_of_a_minute_has_many_more_than_the_limit(
    traffic: Traffic, seconds: Seconds, pauses_s: list[float]
) -> None:
    """Two counters know how many came in the minute before, not when: those are taken to be spread evenly."""
    who = user(new_id())
    allowed: list[float] = []
    for pause_s in pauses_s:
        seconds.now += pause_s
        counted = traffic.count(who, RATE)
        if counted.allowed:
            allowed.append(seconds.now)
        else:
            assert 1 <= counted.reset_s <= 2 * RATE.per_s

    for moment in allowed:
        assert sum(moment - RATE.per_s < other <= moment for other in allowed) < 2 * RATE.requests


def test_whoever_waits_as_long_as_told_gets_through(traffic: Traffic, seconds: Seconds) -> None:
    who = user(new_id())
    for start in (0.0, 17.5, 59.9):
        seconds.now += 1000 + start
        while (counted := traffic.count(who, RATE)).allowed:
            seconds.now += 0.1
        seconds.now += counted.reset_s
        assert traffic.count(who, RATE).allowed


def test_many_at_once_are_all_counted(embedded_table: None, seconds: Seconds) -> None:
    """On the embedded cloud: moto in process looks and writes in two steps, and threads come between."""
    who, traffic = user(new_id()), Traffic(TABLE, clock=seconds)
    with ThreadPoolExecutor(8) as clients:
        counts = list(clients.map(lambda _: traffic.count(who, RATE), range(40)))

    assert sum(counted.allowed for counted in counts) == RATE.requests


def test_people_and_what_they_do_are_counted_apart(traffic: Traffic) -> None:
    ada, eve, key = user(new_id()), user(new_id()), new_id()
    for _ in range(5):
        traffic.count(ada, RATE)

    assert not traffic.count(ada, RATE).allowed
    assert traffic.count(eve, RATE).allowed
    assert traffic.count(ada, RATE, what=key).left == 4


def test_a_request_is_one_call(traffic: Traffic) -> None:
    calls: list[str] = []
    client = traffic._dynamodb
    client.meta.events.register("before-call.dynamodb", lambda model, **_: calls.append(model.name))
    who = user(new_id())
    for _ in range(7):
        traffic.count(who, RATE)

    assert calls == ["UpdateItem"] * 7


def test_the_embedded_cloud_counts_alike(embedded_table: None, seconds: Seconds) -> None:
    traffic, user_id = Traffic(TABLE, clock=seconds), new_id()
    traffic.end_sessions(user_id, [ended := new_id()], token_life_s=900)

    counts = [traffic.count(user(user_id), RATE) for _ in range(6)]

    assert [(counted.left, counted.allowed) for counted in counts] == [(left, True) for left in (4, 3, 2, 1, 0)] + [
        (0, False)
    ]
    assert {counted.ended for counted in counts} == {frozenset({ended})}
    with ThreadPoolExecutor(8) as clients:
        at_once = list(clients.map(lambda _: traffic.count(user("others"), RATE), range(40)))
    assert sum(counted.allowed for counted in at_once) == RATE.requests


def test_counters_of_long_ago_do_not_pile_up(traffic: Traffic, seconds: Seconds) -> None:
    user_id = new_id()
    for _ in range(60):
        seconds.now += 1000
        traffic.count(user(user_id), RATE)
        traffic.end_sessions(user_id, [new_id()], token_life_s=900)

    key: Any = {"pk": {"S": f"traffic#user#{user_id}"}, "sk": {"S": "traffic"}}
    item = traffic._dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
    assert len(item) < 25


def test_log_ins_that_have_ended_are_told_until_their_tokens_are_dead(traffic: Traffic, seconds: Seconds) -> None:
    user_id, ended, other = new_id(), new_id(), new_id()
    traffic.end_sessions(user_id, [ended], token_life_s=900)
    traffic.end_sessions(user_id, [], token_life_s=900)

    assert traffic.count(user(user_id), RATE).ended == {ended}
    assert other not in traffic.count(user(user_id), RATE).ended
    for _ in range(5):
        refused = traffic.count(user(user_id), RATE)
    assert (refused.allowed, refused.ended) == (False, frozenset({ended}))
    seconds.now += 902
    assert traffic.count(user(user_id), RATE).ended == frozenset()


def test_one_number_is_changed_by_naming_it() -> None:
    said = '{"user": {"requests": 900}, "plans": {"free": {"jobs_at_once": 5}, "studio": {"minutes_per_month": 7}}}'
    changed, plain = Limits.model_validate_json(said), Limits()

    assert (changed.user.requests, changed.user.per_s) == (900, 60)
    assert changed.key == plain.key
    assert changed.plans.of("free").jobs_at_once == 5
    assert changed.plans.of("free").storage_bytes == plain.plans.of("free").storage_bytes
    assert changed.plans.of("studio").jobs_at_once == plain.plans.of("studio").jobs_at_once == 200
    assert changed.plans.of("of somebody else") == changed.plans.free
    with pytest.raises(ValueError, match="extra"):
        Limits.model_validate_json('{"usr": {}}')
