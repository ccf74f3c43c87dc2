"""Every product keeps the promises of all: its rows in Postgres, and its routes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fixtures import product_suite
from tests.fixtures.fakes import Point
from tests.fixtures.product_suite import PROMISES, SEEDS
from tests.fixtures.product_world import CORRUPT, MakeShelf, PostgresShelf, ProductWorld
from tests.fixtures.products import Sample, sample_of
from tests.integration.api.conftest import Studio
from tests.integration.api.product_routes import ROUTE_PROMISES

from soundstage.jobs.service import workflow_input
from soundstage.models.jobs import JobStatus
from soundstage.platform.catalog.database import Catalog
from soundstage.products import PRODUCTS

every_product = pytest.mark.parametrize("kind", PRODUCTS)
# The catalog is made empty once for all examples: each has a person of its own.
on_postgres = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def make_shelf(catalog: Catalog) -> MakeShelf:
    def _make(sample: Sample, point: Point) -> PostgresShelf:
        return PostgresShelf(sample, catalog, point)

    return _make


@every_product
@given(seed=SEEDS, deaths=st.integers(0, 6))
@on_postgres
def test_rows_say_what_became_of_their_newest_job(kind: str, make_shelf: MakeShelf, seed: int, deaths: int) -> None:
    product_suite.in_any_order(sample_of(kind), make_shelf, seed=seed, deaths=deaths)


@every_product
@given(seed=SEEDS, racers=st.integers(2, 5))
@on_postgres
def test_racing_requests_are_one(kind: str, make_shelf: MakeShelf, seed: int, racers: int) -> None:
    product_suite.racing_requests_are_one(sample_of(kind), make_shelf, seed=seed, racers=racers)


@every_product
@pytest.mark.parametrize("promise", PROMISES)
def test_a_product_keeps_its_promises(
    kind: str, make_shelf: MakeShelf, promise: Callable[[Sample, MakeShelf], None]
) -> None:
    promise(sample_of(kind), make_shelf)


@every_product
def test_the_last_step_and_news_of_the_end_take_turns(kind: str, make_shelf: MakeShelf) -> None:
    """In two transactions at once, where the rows themselves have to keep order."""
    sample = sample_of(kind)
    for _ in range(15):
        world = ProductWorld(sample, make_shelf)
        job = world.start()
        ended = job.model_copy(update={"status": JobStatus.FAILED, "error": CORRUPT})
        together = Barrier(2)

        def at_once(what: Callable[[], Any], together: Barrier = together) -> Any:
            together.wait()
            return what()

        with ThreadPoolExecutor(2) as two:
            news = two.submit(at_once, partial(world.shelf.rows.end, ended))
            kept = two.submit(at_once, partial(world.shelf.persist, workflow_input(job)))
            news.result()
        assert world.shelf.status(job) == ("ready" if kept.result() else sample.after_failure)


@every_product
@pytest.mark.parametrize("promise", ROUTE_PROMISES)
def test_its_routes_keep_theirs(kind: str, studio: Studio, promise: Callable[[Sample, Studio], None]) -> None:
    promise(sample_of(kind), studio)
