"""Alarms of what people feel, and of what the parts they rest on say."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.alarm import alarm
from infra.stages import Stage
from infra.workflow import Workflow
from soundstage.platform.telemetry.telemetry import NAMESPACE
from soundstage.products.base import Product

if TYPE_CHECKING:
    from infra.catalog import Catalog

FIVE_MINUTES = Duration.minutes(5)
BROKEN_PERCENT = 1.0
"""Of requests that the API answers with 5xx."""
FAILED_PERCENT = 5.0
"""Of executions of a kind of job. A rejection of what somebody brought is none."""
FEWEST_REQUESTS, FEWEST_JOBS = 20, 5
"""With fewer in a period a share says nothing; single failures ring alarms of their own."""
BUSY_PERCENT = 90.0


def metric(namespace: str, name: str, statistic: str = "sum", **dimensions: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace, metric_name=name, dimensions_map=dimensions, statistic=statistic, period=FIVE_MINUTES
    )


def _share(part: cloudwatch.IMetric, whole: cloudwatch.IMetric, fewest: int, label: str) -> cloudwatch.MathExpression:
    """Percent, 0 where there are fewer than ``fewest``."""
    return cloudwatch.MathExpression(
        expression=f"IF(whole >= {fewest}, 100 * part / whole, 0)",
        using_metrics={"part": part, "whole": whole},
        period=FIVE_MINUTES,
        label=label,
    )


def of_the_api(scope: Construct, api_id: str) -> cloudwatch.Alarm:
    share = _share(
        metric("AWS/ApiGateway", "5xx", ApiId=api_id),
        metric("AWS/ApiGateway", "Count", ApiId=api_id),
        FEWEST_REQUESTS,
        "5xx, %",
    )
    return alarm(scope, "ApiBroken", share, BROKEN_PERCENT, "The API answers with errors of ours", periods=2)


def of_functions(scope: Construct) -> cloudwatch.Alarm:
    return alarm(
        scope, "CallsThrottled", metric("AWS/Lambda", "Throttles"), 1, "Lambda runs no more at once", periods=3
    )


def of_the_table(scope: Construct, table: str) -> list[cloudwatch.Alarm]:
    parts = {
        f"m{number}": metric("AWS/DynamoDB", name, TableName=table)
        for number, name in enumerate(("ReadThrottleEvents", "WriteThrottleEvents"))
    }
    throttled = cloudwatch.MathExpression(
        expression="FILL(m0, 0) + FILL(m1, 0)", using_metrics={**parts}, period=FIVE_MINUTES
    )
    operations = ("GetItem", "Query", "PutItem", "UpdateItem", "TransactWriteItems")
    broken = {
        f"e{number}": metric("AWS/DynamoDB", "SystemErrors", TableName=table, Operation=operation)
        for number, operation in enumerate(operations)
    }
    total = cloudwatch.MathExpression(
        expression=" + ".join(f"FILL({name}, 0)" for name in broken), using_metrics={**broken}, period=FIVE_MINUTES
    )
    return [
        alarm(scope, "TableThrottles", throttled, 1, "DynamoDB refuses reads or writes", periods=2),
        alarm(scope, "TableErrors", total, 1, "DynamoDB fails by itself", periods=2),
    ]


def of_the_catalog(scope: Construct, catalog: "Catalog") -> list[cloudwatch.Alarm]:
    cluster = catalog.cluster
    at_most = cluster.metric("ACUUtilization", statistic="max", period=FIVE_MINUTES)
    cpu = cluster.metric_cpu_utilization(statistic="avg", period=FIVE_MINUTES)
    connections = cluster.metric_database_connections(statistic="max", period=FIVE_MINUTES)
    return [
        alarm(scope, "CatalogFull", at_most, BUSY_PERCENT, "Aurora is near its greatest capacity", periods=3),
        alarm(scope, "CatalogBusy", cpu, BUSY_PERCENT, "Aurora computes all the time", periods=3),
        alarm(scope, "CatalogCrowded", connections, catalog.most_connections * 0.8, "Connections run out"),
    ]


def of_jobs(
    scope: Construct, jobs: Mapping[str, Workflow], products: Mapping[str, Product[Any]], stage: Stage
) -> list[cloudwatch.Alarm]:
    """Time to song; failures by kind of job; and by the step that workers do (each function has its own of errors)."""
    song = jobs["track"].machine.metric_time(statistic="p90", period=FIVE_MINUTES)
    found = [alarm(scope, "SongsLate", song, stage.song_within_s * 1000, "A tenth of songs takes too long", periods=3)]
    for kind, workflow in jobs.items():
        machine = workflow.machine
        share = _share(
            machine.metric_failed(period=FIVE_MINUTES), machine.metric_started(period=FIVE_MINUTES), FEWEST_JOBS, kind
        )
        name = kind.title().replace("_", "")
        found.append(alarm(scope, f"{name}JobsFail", share, FAILED_PERCENT, f"Jobs fail: {kind}", periods=2))
        for task in products[kind].tasks:
            ends = {
                outcome: metric(NAMESPACE, "TaskEnded", service=f"worker-{task.pool}", task=task.name, outcome=outcome)
                for outcome in ("crashed", "timed_out")
            }
            died = cloudwatch.MathExpression(
                expression="FILL(crashed, 0) + FILL(timed_out, 0)", using_metrics={**ends}, period=FIVE_MINUTES
            )
            id_ = f"{task.name.title().replace('_', '')}Dies"
            if scope.node.try_find_child(id_) is None:  # two kinds of job may have a task in common
                found.append(alarm(scope, id_, died, 3, f"Processes of {task.name} die or take too long"))
    return found


def of_workers(scope: Construct) -> cloudwatch.Alarm:
    """An idle GPU costs what a busy one does. A worker says each minute which share of its slots had a task."""
    busy = metric(NAMESPACE, "SlotsBusy", "avg", service="worker-gpu", pool="gpu")
    return alarm(scope, "GpuIdle", busy, 0.1, "A GPU has run for half an hour with little to do", periods=6, below=True)


def step_failures() -> list[cloudwatch.MathExpression]:
    """Failed jobs by step and by code, for a graph: an alarm cannot search."""
    return [
        cloudwatch.MathExpression(
            expression=f"SEARCH('{{{NAMESPACE},service,kind,{by}}} MetricName=\"JobFailed\"', 'Sum', 300)",
            label="",
            period=FIVE_MINUTES,
            using_metrics={},
        )
        for by in ("step", "code")
    ]
