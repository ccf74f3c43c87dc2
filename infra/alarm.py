"""One alarm, as all of ours are: nothing that is missing rings it."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct

LATE_S = 900
"""What waits so long in a queue of changes or deliveries is heard of too late."""


def alarm(
    scope: Construct,
    id_: str,
    metric: cloudwatch.IMetric,
    threshold: float,
    words: str,
    *,
    periods: int = 1,
    below: bool = False,
) -> cloudwatch.Alarm:
    """Rings when ``metric`` is at ``threshold`` or above (``below``: under it) for ``periods`` of its periods."""
    compare = cloudwatch.ComparisonOperator
    return cloudwatch.Alarm(
        scope,
        id_,
        alarm_description=words,
        metric=metric,
        threshold=threshold,
        evaluation_periods=periods,
        comparison_operator=compare.LESS_THAN_THRESHOLD if below else compare.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )


def of_letters(scope: Construct, id_: str, queue: sqs.Queue, words: str, *, periods: int = 1) -> cloudwatch.Alarm:
    """Rings when anything lies in ``queue`` for ``periods`` of five minutes."""
    lying = queue.metric_approximate_number_of_messages_visible(period=Duration.minutes(5), statistic="max")
    return alarm(scope, id_, lying, 1, words, periods=periods)


def too_old(scope: Construct, id_: str, queue: sqs.Queue) -> cloudwatch.Alarm:
    """Rings when something has waited in ``queue`` for ``LATE_S``."""
    age = queue.metric_approximate_age_of_oldest_message(period=Duration.minutes(5), statistic="max")
    return alarm(scope, f"{id_}Wait", age, LATE_S, f"{id_}: messages wait too long", periods=3)
