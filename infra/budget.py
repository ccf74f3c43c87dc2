"""An alarm of money: the account's bill of a month against a limit, spent and foreseen."""

from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.stages import Stage


def budget(scope: Construct, *, stage: Stage, topic: sns.ITopic, usd_per_month: int) -> None:
    """The whole account's: bills by tag work only after somebody has activated the tag. Rings ``topic``."""

    def at(percent: int, kind: str) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
        return budgets.CfnBudget.NotificationWithSubscribersProperty(
            notification=budgets.CfnBudget.NotificationProperty(
                comparison_operator="GREATER_THAN",
                notification_type=kind,
                threshold=percent,
                threshold_type="PERCENTAGE",
            ),
            subscribers=[
                budgets.CfnBudget.SubscriberProperty(subscription_type="SNS", address=topic.topic_arn),
            ],
        )

    budgets.CfnBudget(
        scope,
        "Budget",
        budget=budgets.CfnBudget.BudgetDataProperty(
            budget_name=stage.named("monthly"),
            budget_type="COST",
            time_unit="MONTHLY",
            budget_limit=budgets.CfnBudget.SpendProperty(amount=usd_per_month, unit="USD"),
        ),
        notifications_with_subscribers=[at(50, "ACTUAL"), at(100, "ACTUAL"), at(100, "FORECASTED")],
    )
