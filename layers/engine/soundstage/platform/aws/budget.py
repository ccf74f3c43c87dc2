"""What providers may cost for one project, over all its jobs and workers: one number, raised by conditional writes."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from soundstage.models.errors import TransientError
from soundstage.models.ids import Id
from soundstage.platform.aws import table
from soundstage.providers.errors import BudgetExceeded

MICRO = Decimal(1_000_000)
"""Costs are counted in whole micro-dollars, so that sums are exact."""
_WITHOUT_CAP_USD = 1e9


class ProjectBudget(table.TableStore):
    """``providers.paid_submission.Budget``. Items: the project's sum, and one for each thing that counted."""

    def __init__(self, table_name: str, project_id: Id, max_usd: float, *, client: Any = None) -> None:
        super().__init__(table_name, client=client)
        self._partition = f"budget#{project_id}"
        self._max_micro_usd = _micro(max_usd)

    def reserve(self, name: str, usd: float) -> None:
        cost = _micro(usd)
        if cost == 0:
            return
        left = self._max_micro_usd - cost
        if left < 0:
            raise self._exceeded(usd)
        counted = {"pk": self._partition, "sk": f"cost#{name}", "micro_usd": cost}
        put: Any = {
            "TableName": self._table,
            "Item": table.to_wire(counted),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        add: Any = {
            "TableName": self._table,
            "Key": table.key(self._partition, "sum"),
            "UpdateExpression": "ADD micro_usd :cost",
            "ConditionExpression": "attribute_not_exists(micro_usd) OR micro_usd <= :left",
            "ExpressionAttributeValues": table.to_wire({":cost": cost, ":left": left}),
        }
        try:
            self._dynamodb.transact_write_items(TransactItems=[{"Put": put}, {"Update": add}])
        except self._dynamodb.exceptions.TransactionCanceledException as lost:
            there, over = (reason.get("Code") for reason in lost.response["CancellationReasons"])
            if there == "ConditionalCheckFailed":
                return  # counted already, by whoever came this way before
            if over != "ConditionalCheckFailed":
                raise TransientError("The project's budget is being counted by others.") from lost
            raise self._exceeded(usd) from lost

    def _exceeded(self, usd: float) -> BudgetExceeded:
        return BudgetExceeded(
            f"It would have cost about ${usd:.2f}, and of the ${self._max_micro_usd / MICRO:.2f} that this project may "
            f"spend on providers ${self.spent_usd():.2f} are spent."
        )

    def release(self, name: str) -> None:
        key = table.key(self._partition, f"cost#{name}")
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        if item is None:
            return
        cost = int(table.from_wire(item)["micro_usd"])
        delete: Any = {"TableName": self._table, "Key": key, "ConditionExpression": "attribute_exists(pk)"}
        update: Any = {
            "TableName": self._table,
            "Key": table.key(self._partition, "sum"),
            "UpdateExpression": "ADD micro_usd :back",
            "ExpressionAttributeValues": table.to_wire({":back": -cost}),
        }
        try:
            self._dynamodb.transact_write_items(TransactItems=[{"Delete": delete}, {"Update": update}])
        except self._dynamodb.exceptions.TransactionCanceledException as lost:
            if lost.response["CancellationReasons"][0].get("Code") != "ConditionalCheckFailed":
                raise TransientError("The project's budget is being counted by others.") from lost

    def spent_usd(self) -> float:
        """Of what was counted and not taken back."""
        key = table.key(self._partition, "sum")
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return 0.0 if item is None else float(Decimal(table.from_wire(item)["micro_usd"]) / MICRO)

    def forget(self, at: datetime) -> None:
        """All that was counted until now."""
        self._expire(self._partition, at)


class MonthlySpending(ProjectBudget):
    """What one person's providers cost in a month, over all projects. It only counts: a plan's cap is looked at before
    work begins, and each project and request has a cap of its own.
    """

    def __init__(self, table_name: str, owner_id: Id, month: str, *, client: Any = None) -> None:
        super().__init__(table_name, f"{owner_id}#{month}", _WITHOUT_CAP_USD, client=client)


class BudgetOfBoth:
    """Counted in two at once: in the one with a cap first."""

    def __init__(self, capped: ProjectBudget, counted: MonthlySpending) -> None:
        self._capped, self._counted = capped, counted

    def reserve(self, name: str, usd: float) -> None:
        self._capped.reserve(name, usd)
        self._counted.reserve(name, usd)

    def release(self, name: str) -> None:
        self._counted.release(name)
        self._capped.release(name)


def _micro(usd: float) -> int:
    return int((Decimal(str(usd)) * MICRO).to_integral_value())
