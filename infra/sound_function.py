"""One Lambda function: its code, role, log group and alarm."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import Duration, Size
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.alarm import alarm
from infra.code import CodeSource
from infra.permissions import Permissions
from infra.stages import Stage
from soundstage.products.base import LambdaStep

if TYPE_CHECKING:
    from infra.catalog import Catalog
    from infra.rollout import Rollout

_VPC_POLICY = "arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"


@dataclass(frozen=True)
class Surroundings:
    """What the functions of a stage have in common."""

    stage: Stage
    code: CodeSource
    catalog: "Catalog | None"
    environment: Mapping[str, str]
    rollout: "Rollout | None" = None


class SoundFunction(Construct):
    """A step as a function that may do nothing until it is allowed to.

    Of what the step states, its code, size and times are seen to here, and the catalog: the function is put into the
    database's network and told the database's secret.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        surroundings: Surroundings,
        step: LambdaStep,
        *,
        environment: Mapping[str, str] | None = None,
        name: str | None = None,
    ) -> None:
        """``name`` tells two functions of the same step apart."""
        super().__init__(scope, id_)
        self.step = step
        stage = surroundings.stage
        name = stage.named((name or step.handler).replace(".", "-"))
        catalog = surroundings.catalog if step.uses_catalog else None
        self.log_group = logs.LogGroup(
            self,
            "Log",
            log_group_name=f"/aws/lambda/{name}",
            retention=stage.log_retention,
            removal_policy=stage.removal_policy,
        )
        allowed = iam.PolicyDocument()
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            inline_policies={"Allowed": allowed},  # one resource less per function of the 500 that a stack may have
        )
        self.may = Permissions(self.role, allowed)
        self.may.do("logs:CreateLogStream", "logs:PutLogEvents", on=[self.log_group.log_group_arn])
        why = "X-Ray takes segments, and a network its interfaces, for the account."
        self.may.do_under("xray:PutTraceSegments", "xray:PutTelemetryRecords", under="*", because=why)
        variables = {
            **surroundings.environment,
            "SOUNDSTAGE_STAGE": stage.name,
            "SOUNDSTAGE_SERVICE": step.handler,
            "OPENBLAS_NUM_THREADS": "1",  # threads of BLAS wait for each other where a function has one CPU
            **(environment or {}),
        }
        if catalog:
            variables["SOUNDSTAGE_DATABASE_SECRET"] = catalog.secret.secret_arn
        self.function = surroundings.code.function(
            self,
            handler=f"functions.{step.handler}.handler",
            code=step.code,
            function_name=name,
            role=self.role.without_policy_updates(),
            log_group=self.log_group,
            environment=variables,
            memory_size=step.memory_mib,
            timeout=Duration.seconds(step.timeout_s),
            ephemeral_storage_size=Size.mebibytes(step.disk_mib),
            tracing=lambda_.Tracing.ACTIVE,
            vpc=catalog.vpc if catalog else None,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS) if catalog else None,
            security_groups=[catalog.clients] if catalog else None,
            reserved_concurrent_executions=stage.reserved_concurrency.get(step.handler),
        )
        if catalog:
            self.role.add_managed_policy(
                iam.ManagedPolicy.from_aws_managed_policy_name(_VPC_POLICY.rpartition("policy/")[2])
            )
            self.may.read_secret(catalog.secret.secret_arn)
            acknowledge(
                self.role, {f"AwsSolutions-IAM4[Policy::{_VPC_POLICY}]": "What attaches a function to a network."}
            )
        errors = self.function.metric_errors(period=Duration.minutes(5))
        self.alarm = alarm(self, "Errors", errors, 1, f"{name} raised errors")
        rollout = surroundings.rollout
        self.entry: lambda_.IFunction = rollout.alias(self) if rollout else self.function
        """What events, queues and state machines call: on AWS the alias that a rollout moves to new versions."""

    def takes_from(self, queue: sqs.Queue, **how: Any) -> None:
        """Messages of ``queue`` are its calls. ``how``: as ``SqsEventSource`` takes it."""
        take = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes")
        self.may.do(*take, on=[queue.queue_arn])
        self.entry.add_event_source(event_sources.SqsEventSource(queue, **how))
