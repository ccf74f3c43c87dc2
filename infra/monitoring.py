"""Alarms ring one topic, and a dashboard shows what a person looks at first."""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions

from infra import alarms
from infra.alarm import alarm
from infra.budget import budget
from infra.catalog import Catalog
from infra.change_listener import ChangeListener
from infra.http_api import HttpApi
from infra.on_aws import OnAws
from infra.outputs import output
from infra.sound_function import SoundFunction
from infra.stages import Stage
from infra.undelivered import Undelivered
from infra.webhooks import Webhooks
from infra.worker_pool import WorkerPool
from infra.workflow import Workflow
from soundstage.platform.telemetry.telemetry import NAMESPACE
from soundstage.products import PRODUCTS

LATE_S = 900
"""What waits so long in a queue of changes or deliveries is heard of too late."""


class Monitoring:
    """In the stack's own scope: people subscribe to the topic, so that its logical id may never change."""

    def __init__(self, stack: Stack, stage: Stage, options: OnAws) -> None:
        """CloudWatch and the budget use key and topic themselves, and neither lets them unless it is told to."""
        self._stack = stack
        self._stage = stage
        self._warm = options.warm_workers
        key = kms.Key(stack, "AlarmKey", enable_key_rotation=True, removal_policy=stage.removal_policy)
        topic = sns.Topic(stack, "Alarms", master_key=key, enforce_ssl=True)
        for service in ("cloudwatch.amazonaws.com", "budgets.amazonaws.com"):
            principal = iam.ServicePrincipal(service)
            key.grant(principal, "kms:Decrypt", "kms:GenerateDataKey*")
            topic.grant_publish(principal.with_conditions({"StringEquals": {"aws:SourceAccount": stack.account}}))
        if options.alarm_email:
            topic.add_subscription(subscriptions.EmailSubscription(options.alarm_email))
        budget(stack, stage=stage, topic=topic, usd_per_month=options.budget_usd or stage.budget_usd_per_month)
        output(stack, "AlarmTopic", topic.topic_arn)
        self.ring = cloudwatch_actions.SnsAction(topic)
        """What every alarm does."""

    def watch(
        self,
        *,
        functions: Sequence[SoundFunction],
        jobs: Mapping[str, Workflow],
        ingest: Workflow,
        pools: Sequence[WorkerPool],
        listeners: Sequence[ChangeListener | Webhooks | Undelivered],
        api: HttpApi,
        table: str,
        catalog: Catalog,
    ) -> cloudwatch.Alarm:
        """Returns the alarm of a broken API, which a rollout of it stops at."""
        stack = self._stack
        broken = alarms.of_the_api(stack, api.api_id)
        ringing = [broken, alarms.of_functions(stack)]
        ringing += [] if self._warm.get("gpu") else [alarms.of_workers(stack)]  # somebody wants idle ones
        ringing += [*alarms.of_the_table(stack, table), *alarms.of_the_catalog(stack, catalog)]
        ringing += alarms.of_jobs(stack, jobs, PRODUCTS, self._stage)
        ringing += [function.alarm for function in functions]
        ringing += [each for workflow in (*jobs.values(), ingest) for each in workflow.alarms]
        ringing += [each for pool in pools for each in pool.alarms]
        for listener in listeners:
            ringing += listener.alarms
            if not isinstance(listener, Undelivered):
                age = listener.queue.metric_approximate_age_of_oldest_message(
                    period=Duration.minutes(5), statistic="max"
                )
                words = f"{listener.node.id}: messages wait too long"
                ringing.append(alarm(listener, "Wait", age, LATE_S, words, periods=3))
        for each in ringing:
            each.add_alarm_action(self.ring)
        board = cloudwatch.Dashboard(stack, "Board", dashboard_name=self._stage.named("overview"))
        board.add_widgets(cloudwatch.AlarmStatusWidget(title="Alarms", alarms=ringing, width=24))
        board.add_widgets(*(_executions(kind, workflow) for kind, workflow in jobs.items()))
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
                left=[alarms.metric("AWS/ApiGateway", name, ApiId=api.api_id) for name in ("Count", "4xx", "5xx")],
                right=[alarms.metric("AWS/ApiGateway", "Latency", "p95", ApiId=api.api_id)],
            ),
            cloudwatch.GraphWidget(
                title="Functions",
                left=[alarms.metric("AWS/Lambda", name) for name in ("Errors", "Throttles")],
                right=[alarms.metric("AWS/Lambda", "ConcurrentExecutions", "max")],
            ),
            cloudwatch.GraphWidget(
                title="Database",
                left=[catalog.cluster.metric("ServerlessDatabaseCapacity", statistic="max")],
                right=[catalog.cluster.metric_database_connections(statistic="max")],
            ),
        )
        return broken


def _executions(kind: str, workflow: Workflow) -> cloudwatch.GraphWidget:
    machine = workflow.machine
    return cloudwatch.GraphWidget(
        title=f"Jobs: {kind}",
        left=[machine.metric_started(), machine.metric_succeeded(), machine.metric_failed()],
        right=[machine.metric_time(statistic="p90")],
    )
