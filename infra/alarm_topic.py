"""The topic that alarms and the account's budget ring."""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions

from infra.budget import budget
from infra.on_aws import OnAws
from infra.outputs import output
from infra.stages import Stage


class AlarmTopic:
    """In the stack's own scope: people subscribe to the topic, so that its logical id may never change."""

    def __init__(self, stack: Stack, stage: Stage, options: OnAws) -> None:
        """CloudWatch and the budget use key and topic themselves, and neither lets them unless it is told to."""
        key = kms.Key(stack, "AlarmKey", enable_key_rotation=True, removal_policy=stage.removal_policy)
        topic = sns.Topic(stack, "Alarms", master_key=key, enforce_ssl=True)
        alarms = stack.format_arn(
            service="cloudwatch", resource="alarm", resource_name="*", arn_format=ArnFormat.COLON_RESOURCE_NAME
        )
        budgets = stack.format_arn(service="budgets", region="", resource="*", arn_format=ArnFormat.NO_RESOURCE_NAME)
        for service, sources in (("cloudwatch", alarms), ("budgets", budgets)):
            own = {"StringEquals": {"aws:SourceAccount": stack.account}, "ArnLike": {"aws:SourceArn": sources}}
            # This lets it use the key, too, under the same conditions.
            topic.grant_publish(iam.ServicePrincipal(f"{service}.amazonaws.com").with_conditions(own))
        if options.alarm_email:
            topic.add_subscription(subscriptions.EmailSubscription(options.alarm_email))
        budget(stack, stage=stage, topic=topic, usd_per_month=options.budget_usd or stage.budget_usd_per_month)
        output(stack, "AlarmTopic", topic.topic_arn)
        self.ring = cloudwatch_actions.SnsAction(topic)
        """What every alarm does."""
