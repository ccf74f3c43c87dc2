"""Alarms of what people feel and of what it rests on, and a dashboard that shows what a person looks at first.

A stack of its own, since CloudFormation takes 500 resources in one. What rolls functions back stays with them.
"""

from typing import Protocol

from aws_cdk import CrossStackReferences, ReferenceStrength, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra import alarms
from infra.on_aws import OnAws
from infra.stages import Stage
from infra.stateful import StatefulStack
from infra.stateless import StatelessStack
from infra.workflow import Workflow
from soundstage.platform.telemetry.telemetry import NAMESPACE
from soundstage.products import PRODUCTS


class Watched(Protocol):
    def alarms(self, scope: Construct) -> list[cloudwatch.Alarm]: ...


class MonitoringStack(Stack):
    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        state: StatefulStack,
        app: StatelessStack,
        options: OnAws,
    ) -> None:
        super().__init__(scope, id_, description=f"Soundstage {stage.name}: alarms and dashboard")
        self.add_stack_dependency(app)
        # An export would stop the other stacks from removing what is watched here: they are deployed before.
        CrossStackReferences.of(self).consume(ReferenceStrength.WEAK)
        assert state.catalog is not None  # noqa: S101
        assert app.undelivered is not None  # noqa: S101
        pools = list(app.pools.values())
        own = [alarms.of_functions(self)]
        own += [] if options.warm_workers.get("gpu") else [alarms.of_workers(self)]  # somebody wants idle ones
        own += [*alarms.of_the_table(self, state.table.table_name), *alarms.of_the_catalog(self, state.catalog)]
        own += alarms.of_jobs(self, app.jobs, PRODUCTS, stage)
        watched: list[Watched] = [*app.jobs.values(), app.ingest, *pools, *app.listeners, app.webhooks, app.undelivered]
        own += [each for part in watched for each in part.alarms(self)]
        for each in own:
            each.add_alarm_action(app.alarm_topic.ring)
        ringing = [app.api_broken, *(function.alarm for function in app.functions), *own]
        board = cloudwatch.Dashboard(self, "Board", dashboard_name=stage.named("overview"))
        board.add_widgets(cloudwatch.AlarmStatusWidget(title="Alarms", alarms=ringing, width=24))
        board.add_widgets(*(_executions(kind, workflow) for kind, workflow in app.jobs.items()))
        board.add_widgets(
            cloudwatch.GraphWidget(title="Failed jobs by step and code", left=alarms.step_failures()),
            cloudwatch.GraphWidget(
                title="Tasks waiting",
                left=[pool.queue.metric_approximate_number_of_messages_visible() for pool in pools],
                right=[pool.queue.metric_approximate_age_of_oldest_message() for pool in pools],
            ),
            cloudwatch.GraphWidget(
                title="Share of workers' slots that are busy",
                left=[
                    alarms.metric(NAMESPACE, "SlotsBusy", "avg", service=f"worker-{pool.name}", pool=pool.name)
                    for pool in pools
                ],
            ),
        )
        board.add_widgets(
            cloudwatch.GraphWidget(
                title="API",
                left=[alarms.metric("AWS/ApiGateway", name, ApiId=app.http.api_id) for name in ("Count", "4xx", "5xx")],
                right=[alarms.metric("AWS/ApiGateway", "Latency", "p95", ApiId=app.http.api_id)],
            ),
            cloudwatch.GraphWidget(
                title="Functions",
                left=[alarms.metric("AWS/Lambda", name) for name in ("Errors", "Throttles")],
                right=[alarms.metric("AWS/Lambda", "ConcurrentExecutions", "max")],
            ),
            cloudwatch.GraphWidget(
                title="Database",
                left=[state.catalog.cluster.metric("ServerlessDatabaseCapacity", statistic="max")],
                right=[state.catalog.cluster.metric_database_connections(statistic="max")],
            ),
        )


def _executions(kind: str, workflow: Workflow) -> cloudwatch.GraphWidget:
    machine = workflow.machine
    return cloudwatch.GraphWidget(
        title=f"Jobs: {kind}",
        left=[machine.metric_started(), machine.metric_succeeded(), machine.metric_failed()],
        right=[machine.metric_time(statistic="p90")],
    )
