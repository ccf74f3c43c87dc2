"""The same request sent again gets the same answer and is carried out once."""

import pytest
from tests.integration.platform.conftest import TABLE

from soundstage.models.errors import Conflict, IdempotencyMismatch, InvalidInput
from soundstage.models.ids import new_id
from soundstage.platform.aws import clients
from soundstage.platform.aws.idempotency import KEEP_S, LEASE_S, Idempotency, KeptAnswer, request_hash

OWNER = new_id()
HASH = request_hash("POST", "/v1/tracks", b"{}")
ANSWER = KeptAnswer(status=201, body='{"track_id": "x"}')


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def idempotency(cloud: None, clock: Clock) -> Idempotency:
    return Idempotency(TABLE, clock=clock)


def test_the_first_is_carried_out_and_the_second_gets_its_answer(idempotency: Idempotency) -> None:
    assert idempotency.begin(OWNER, "key", HASH) is None
    idempotency.finish(OWNER, "key", ANSWER)
    assert idempotency.begin(OWNER, "key", HASH) == ANSWER
    assert idempotency.begin(new_id(), "key", HASH) is None


def test_at_the_same_time_the_second_is_told_to_wait(idempotency: Idempotency) -> None:
    idempotency.begin(OWNER, "key", HASH)
    with pytest.raises(Conflict):
        idempotency.begin(OWNER, "key", HASH)


def test_another_request_with_this_key_is_refused(idempotency: Idempotency, clock: Clock) -> None:
    idempotency.begin(OWNER, "key", HASH)
    other = request_hash("POST", "/v1/tracks", b'{"title": "x"}')
    with pytest.raises(IdempotencyMismatch):
        idempotency.begin(OWNER, "key", other)
    clock.now += LEASE_S + 1
    with pytest.raises(IdempotencyMismatch):
        idempotency.begin(OWNER, "key", other)
    idempotency.finish(OWNER, "key", ANSWER)
    with pytest.raises(IdempotencyMismatch):
        idempotency.begin(OWNER, "key", other)


def test_a_request_that_was_cut_off_may_be_sent_again(idempotency: Idempotency, clock: Clock) -> None:
    idempotency.begin(OWNER, "key", HASH)
    clock.now += LEASE_S
    assert idempotency.begin(OWNER, "key", HASH) is None
    with pytest.raises(Conflict):
        idempotency.begin(OWNER, "key", HASH)


def test_a_request_that_failed_may_be_sent_again(idempotency: Idempotency) -> None:
    idempotency.begin(OWNER, "key", HASH)
    idempotency.abandon(OWNER, "key")
    assert idempotency.begin(OWNER, "key", HASH) is None
    idempotency.finish(OWNER, "key", ANSWER)
    idempotency.abandon(OWNER, "key")
    assert idempotency.begin(OWNER, "key", HASH) == ANSWER


def test_after_a_day_it_is_forgotten(idempotency: Idempotency, clock: Clock) -> None:
    idempotency.begin(OWNER, "key", HASH)
    idempotency.finish(OWNER, "key", ANSWER)
    item = clients.dynamodb().scan(TableName=TABLE)["Items"][0]
    assert item["expires_at"] == {"N": str(int(clock.now) + KEEP_S)}
    clock.now += KEEP_S
    assert idempotency.begin(OWNER, "key", HASH) is None


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_has_1_to_255_characters(idempotency: Idempotency, key: str) -> None:
    with pytest.raises(InvalidInput):
        idempotency.begin(OWNER, key, HASH)
