import json
from dataclasses import fields, replace

import pytest

from soundstage.cli.costs.measured import USAGES
from soundstage.cli.costs.model import COLD_S, COLD_SHARE, Calls, Usage, catalog_month, cost_of, idle_month
from soundstage.cli.costs.prices import SOURCES, Prices
from soundstage.cli.main import main
from soundstage.products import PRODUCTS

PRICES = Prices()
NOTHING = Usage({}, {}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def test_a_second_of_a_cpu_costs_the_same_with_half_of_one_and_takes_twice_as_long() -> None:
    whole, half = Calls(0, 1769, 1.0), Calls(0, 1769 // 2, 1.0)
    assert whole.billed_s == 1.0
    assert half.billed_s == pytest.approx(2.0, rel=1e-3)
    assert half.gb_s == pytest.approx(whole.gb_s, rel=1e-3)


def test_cold_starts_are_billed() -> None:
    assert Calls(100, 1769, 1.0).billed_s == pytest.approx(1.0 + 100 * COLD_SHARE * COLD_S)


def test_each_service_is_paid_by_its_own_measure() -> None:
    a_worker_hour = cost_of(replace(NOTHING, worker_task_s={"any": 3600.0}), PRICES, slots=1)
    assert a_worker_hour.total == a_worker_hour.workers == pytest.approx(4 * 0.04048 + 8 * 0.004445)
    kept = replace(NOTHING, kept_bytes=1e9)
    assert cost_of(kept, PRICES, months=12).storage == pytest.approx(12 * 0.023)
    work = replace(NOTHING, work_bytes=1e9)
    assert cost_of(work, PRICES, months=12).storage == pytest.approx(0.023 * 14 / 30.4)
    assert cost_of(replace(NOTHING, fetched_bytes=1e9), PRICES).total == pytest.approx(0.09)
    assert cost_of(replace(NOTHING, transitions=1000), PRICES).total == pytest.approx(0.025)
    through_the_firewall = 1.00 + 1.00 + 0.60
    assert cost_of(replace(NOTHING, api_requests=1e6), PRICES).total == pytest.approx(through_the_firewall)
    assert cost_of(NOTHING, PRICES).total == 0


def test_each_price_has_a_source() -> None:
    assert list(SOURCES) == [field.name for field in fields(Prices)]


def test_four_tasks_in_a_worker_share_its_price() -> None:
    alone, shared = (cost_of(USAGES["film"], PRICES, slots=slots).workers for slots in (1, 4))
    assert alone == pytest.approx(4 * shared)


def test_what_was_measured_is_of_functions_and_tasks_that_there_are() -> None:
    tasks = {task.name for product in PRODUCTS.values() for task in product.tasks}
    steps = {step.handler: step for product in PRODUCTS.values() for step in product.functions}
    for usage in USAGES.values():
        assert set(usage.worker_task_s) <= tasks
        assert {name: calls.memory_mib for name, calls in usage.functions.items() if name in steps} == {
            name: steps[name].memory_mib for name in usage.functions if name in steps
        }
    assert {step.handler for step in PRODUCTS["match"].functions} <= set(USAGES["match"].functions)
    assert {step.handler for step in PRODUCTS["track"].functions} <= set(USAGES["track"].functions)


def test_the_database_is_paid_while_it_is_awake_and_no_longer_than_a_month() -> None:
    assert catalog_month(PRICES, 0) == 0
    assert catalog_month(PRICES, 1) == pytest.approx(600 / 3600 * 0.5 * 0.12, rel=1e-3)
    assert catalog_month(PRICES, 1e7) == pytest.approx(730 * 0.5 * 0.12)


def test_the_command_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--tracks", "1000", "--films", "10", "--stage", "dev", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)

    assert found["jobs_usd"]["tracks"] == pytest.approx(1000 * found["each_usd"]["track"]["total"])
    parts = [*found["jobs_usd"].values(), *found["idle_usd"].values(), found["catalog_usd"]]
    assert found["month_usd"] == pytest.approx(sum(parts))
    assert found["idle_usd"] == idle_month(PRICES, prod=False)
    nat = {"usd": 0.045, "page": "cloudburn.io/blog/aws-nat-gateway-pricing", "written": "2026-02-24"}
    assert found["prices"]["nat_gateway_h"] == nat


def test_the_command_simulates_what_comes_and_says_so_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--matches", "40", "--within", "60", "--stage", "dev"]) == 0
    told = capsys.readouterr().out
    assert "simulated" in told
    assert "SoundCloud" in told
    assert main(["cost", "--tracks", "-1"]) != 0
