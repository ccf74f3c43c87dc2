"""A project's budget: counted once, never over, whoever spends at the same time."""

from collections.abc import Callable

import pytest
from tests.integration.platform.conftest import TABLE

from soundstage.models.ids import new_id
from soundstage.platform.aws.budget import ProjectBudget
from soundstage.providers.errors import BudgetExceeded

Make = Callable[[float], ProjectBudget]


@pytest.fixture
def make(cloud: None) -> Make:
    project = new_id()
    return lambda max_usd: ProjectBudget(TABLE, project, max_usd)


def test_it_counts_each_thing_once_and_ends(make: Make) -> None:
    budget = make(0.10)
    for name, usd in (("one", 0.04), ("one", 0.04), ("two", 0.06)):
        budget.reserve(name, usd)
    assert budget.spent_usd() == pytest.approx(0.10)
    with pytest.raises(BudgetExceeded, match=r"about \$0\.01, and of the \$0\.10 .* \$0\.10 are spent"):
        budget.reserve("three", 0.01)
    budget.reserve("free", 0.0)


def test_what_was_not_billed_is_given_back_once(make: Make) -> None:
    budget = make(0.05)
    budget.reserve("one", 0.05)
    for _ in range(2):
        budget.release("one")
    budget.release("never counted")
    assert budget.spent_usd() == 0
    budget.reserve("two", 0.05)


def test_nothing_may_be_spent_where_the_cap_is_nought(make: Make) -> None:
    with pytest.raises(BudgetExceeded):
        make(0.0).reserve("one", 0.01)


def test_many_jobs_never_spend_more_together(make: Make) -> None:
    """One after the other: moto's transactions are none between threads."""

    def spends(number: int) -> bool:
        try:
            make(0.25).reserve(f"thing {number}", 0.1)
        except BudgetExceeded:
            return False
        return True

    assert [spends(number) for number in (0, 0, 1, 2, 1, 3)] == [True, True, True, False, True, False]
    assert make(0.25).spent_usd() == pytest.approx(0.2)
