"""Alarms ring one topic, and a dashboard shows what a person looks at first."""

from collections.abc import Mapping, Sequence

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from infra.change_listener import ChangeListener
from infra.outputs import output
from infra.sound_function import SoundFunction
from infra.stages import Stage
from infra.webhooks import Webhooks
from infra.worker_pool import WorkerPool
from infra.workflow import Workflow


class Monitoring:
    """In the stack's own scope: people subscribe to the topic, so that its logical id may never change."""

    def __init__(self, stack: Stack, stage: Stage) -> None:
        """CloudWatch uses key and topic itself, and neither lets it unless it is told to."""
        self._stack = stack
        self._stage = stage
        key = kms.Key(stack, "AlarmKey", enable_key_rotation=True, removal_policy=stage.removal_policy)
        topic = sns.Topic(stack, "Alarms", master_key=key, enforce_ssl=True)
        cloudwatch_itself = iam.ServicePrincipal("cloudwatch.amazonaws.com")
        key.grant(cloudwatch_itself, "kms:Decrypt", "kms:GenerateDataKey*")
        topic.grant_publish(cloudwatch_itself)
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
        listeners: Sequence[ChangeListener | Webhooks],
    ) -> None:
        alarms = [function.alarm for function in functions]
        alarms += [alarm for workflow in (*jobs.values(), ingest) for alarm in workflow.alarms]
        alarms += [alarm for pool in pools for alarm in pool.alarms]
        alarms += [alarm for listener in listeners for alarm in listener.alarms]
        for alarm in alarms:
            alarm.add_alarm_action(self.ring)
        board = cloudwatch.Dashboard(self._stack, "Board", dashboard_name=self._stage.named("overview"))
        board.add_widgets(
            *(_executions(kind, workflow) for kind, workflow in jobs.items()),
            cloudwatch.GraphWidget(
                title="Tasks waiting",
                left=[pool.queue.metric_approximate_number_of_messages_visible() for pool in pools],
                right=[pool.queue.metric_approximate_age_of_oldest_message() for pool in pools],
            ),
            cloudwatch.GraphWidget(
                title="Function errors", left=[function.function.metric_errors() for function in functions]
            ),
        )
        board.add_widgets(cloudwatch.AlarmStatusWidget(title="Alarms", alarms=alarms, width=24))


def _executions(kind: str, workflow: Workflow) -> cloudwatch.GraphWidget:
    machine = workflow.machine
    return cloudwatch.GraphWidget(
        title=f"Jobs: {kind}",
        left=[machine.metric_started(), machine.metric_succeeded(), machine.metric_failed()],
        right=[machine.metric_time(statistic="p90")],
    )
