import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundstage.cli.costs.capacity import Outcome, Simulation, Step, Workers, even, poisson, summary

WORKERS = Workers(most=3, slots=2)
STEPS = st.lists(
    st.builds(
        Step,
        station=st.sampled_from(["check", "workers"]),
        seconds=st.floats(min_value=0.01, max_value=100),
        times=st.integers(min_value=1, max_value=4),
    ),
    max_size=4,
)
ARRIVALS = st.lists(st.tuples(st.floats(min_value=0, max_value=1000), STEPS), max_size=25)


def simulate(arrivals: list[tuple[float, list[Step]]], workers: Workers = WORKERS, check: int = 2) -> Outcome:
    return Simulation({"check": check}, workers).run(arrivals)


@settings(deadline=None, max_examples=60)
@given(ARRIVALS)
def test_no_job_is_lost_and_no_second_is_served_twice(arrivals: list[tuple[float, list[Step]]]) -> None:
    found = simulate(arrivals)

    assert found.arrived == found.ended == len(arrivals)
    for station, seen in found.stations.items():
        asked = [step for _, steps in arrivals for step in steps if step.station == station]
        assert seen.done == len(seen.waits_s) == sum(step.times for step in asked)
        assert seen.busy_s == pytest.approx(sum(step.times * step.seconds for step in asked), abs=1e-6)
    assert found.stations["check"].most_busy <= 2
    assert found.stations["workers"].most_busy <= WORKERS.most * WORKERS.slots
    assert found.most_workers <= WORKERS.most


@settings(deadline=None, max_examples=60)
@given(ARRIVALS)
def test_littles_law_holds_of_the_system_and_of_each_queue(arrivals: list[tuple[float, list[Step]]]) -> None:
    """L = λW: both sides times the length of the run."""
    found = simulate(arrivals)

    assert found.in_system_s == pytest.approx(sum(found.sojourns_s), abs=1e-6)
    for seen in found.stations.values():
        assert seen.queued_s == pytest.approx(sum(seen.waits_s), abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(ARRIVALS)
def test_workers_run_at_least_as_long_as_they_work(arrivals: list[tuple[float, list[Step]]]) -> None:
    found = simulate(arrivals)
    assert found.worker_s * WORKERS.slots >= found.stations["workers"].busy_s - 1e-6


def test_one_server_with_random_arrivals_waits_as_pollaczek_and_khinchine_say() -> None:
    """M/D/1: a mean wait of ρ s / (2 (1 − ρ))."""
    count, seconds, share = 40_000, 1.0, 0.7
    arrivals = [(at, [Step("check", seconds)]) for at in poisson(count, count * seconds / share, seed=3)]

    waits_s = simulate(arrivals, check=1).stations["check"].waits_s

    assert sum(waits_s) / count == pytest.approx(share * seconds / (2 * (1 - share)), rel=0.05)


def test_a_burst_waits_for_workers_to_start_and_then_for_slots() -> None:
    found = simulate([(1.0, [Step("workers", 30.0)])] * 12, Workers(most=3, slots=2, start_s=60))

    # Seen after a minute, there after two; six at once, twice.
    assert found.last_s == pytest.approx(60 + 60 + 2 * 30)
    assert summary(found)["most_workers"] == 3


def test_nobody_waits_for_a_warm_worker_to_start_and_it_runs_all_the_while() -> None:
    found = simulate([(at, [Step("workers", 30.0)]) for at in (1.0, 3601.0)], Workers(most=3, slots=2, warm=1))

    assert found.sojourns_s == pytest.approx((30.0, 30.0))
    assert found.worker_s >= 3631.0
    assert found.most_workers == 1


def test_more_workers_are_never_slower() -> None:
    arrivals = [(at, [Step("workers", 45.0, times=3)]) for at in even(60, 300)]
    last_s = [simulate(arrivals, Workers(most=most, slots=1)).last_s for most in (1, 2, 4, 8, 200)]
    assert last_s == sorted(last_s, reverse=True)
    assert last_s[0] >= 60 * 3 * 45


def test_a_summary_of_nothing_is_no_trouble() -> None:
    found = summary(simulate([]))
    assert (found["jobs"], found["p95_s"], found["stations"]) == (0, 0.0, {})
    assert math.isfinite(found["worker_hours"])
