"""Every product keeps the promises of all, on rows in memory; here the orders are many."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures import product_suite
from tests.fixtures.product_suite import PROMISES, SEEDS
from tests.fixtures.product_world import MakeShelf, MemoryShelf
from tests.fixtures.products import Sample, sample_of

from soundstage.products import PRODUCTS

every_product = pytest.mark.parametrize("kind", PRODUCTS)


@pytest.mark.slow
@every_product
@given(seed=SEEDS, deaths=st.integers(0, 6))
@settings(max_examples=60, deadline=None)
def test_rows_say_what_became_of_their_newest_job(kind: str, seed: int, deaths: int) -> None:
    product_suite.in_any_order(sample_of(kind), MemoryShelf, seed=seed, deaths=deaths)


@every_product
@given(seed=SEEDS, racers=st.integers(2, 5))
@settings(max_examples=40, deadline=None)
def test_racing_requests_are_one(kind: str, seed: int, racers: int) -> None:
    product_suite.racing_requests_are_one(sample_of(kind), MemoryShelf, seed=seed, racers=racers)


@every_product
@pytest.mark.parametrize("promise", PROMISES)
def test_a_product_keeps_its_promises(kind: str, promise: Callable[[Sample, MakeShelf], None]) -> None:
    promise(sample_of(kind), MemoryShelf)
