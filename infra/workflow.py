"""A state machine from its file in statemachines/."""

import re
from collections.abc import Mapping

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.acknowledge import acknowledge_wildcard
from infra.layer import ROOT
from infra.stages import Stage

SUBSTITUTION = re.compile(r"\$\{(\w+)\}")


class Workflow(Construct):
    """``statemachines/{name}.asl.json``, inline so that linters see it, with logs, traces and an alarm.

    ``substitutions`` fill every ``${Name}`` of the file: ARNs of functions (which the machine may then invoke) and URLs
    of queues. Raises ``ValueError`` when the file and the substitutions do not match.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        name: str,
        functions: Mapping[str, str],
        queues: Mapping[str, tuple[str, str]],
    ) -> None:
        """``functions``: substitution → function ARN. ``queues``: substitution → (URL, ARN)."""
        super().__init__(scope, id_)
        self._name = stage.named(name)
        definition = (ROOT / "statemachines" / f"{name}.asl.json").read_text()
        substitutions = {**functions, **{key: url for key, (url, _) in queues.items()}}
        if set(SUBSTITUTION.findall(definition)) != set(substitutions):
            raise ValueError(f"{name}.asl.json and its substitutions differ: {sorted(substitutions)}")
        log = logs.LogGroup(
            self,
            "Log",
            # Step Functions' own prefix keeps the log's resource policy short.
            log_group_name=f"/aws/vendedlogs/states/{self._name}",
            retention=stage.log_retention,
            removal_policy=stage.removal_policy,
        )
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            state_machine_name=self._name,
            definition_body=sfn.DefinitionBody.from_string(definition),
            definition_substitutions=substitutions,
            tracing_enabled=True,
            logs=sfn.LogOptions(destination=log, level=sfn.LogLevel.ALL, include_execution_data=False),
        )
        self.arn = self.machine.state_machine_arn
        self.executions_arn = Stack.of(self).format_arn(
            service="states",
            resource="execution",
            resource_name=f"{self._name}:*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        self._allow("lambda:InvokeFunction", list(functions.values()))
        self._allow("sqs:SendMessage", [arn for _, arn in queues.values()])
        acknowledge_wildcard(self.machine, "*", "Log delivery and X-Ray know no resources, only the account.")
        self.alarms = [
            self._alarm("Failures", "failed", self.machine.metric_failed(period=Duration.minutes(5))),
            self._alarm("Timeouts", "took too long", self.machine.metric_timed_out(period=Duration.minutes(5))),
        ]

    def _alarm(self, id_: str, what: str, metric: cloudwatch.Metric) -> cloudwatch.Alarm:
        return cloudwatch.Alarm(
            self,
            id_,
            alarm_description=f"Executions of {self._name} {what}",
            metric=metric,
            threshold=1,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    def _allow(self, action: str, arns: list[str]) -> None:
        if arns:
            self.machine.add_to_role_policy(iam.PolicyStatement(actions=[action], resources=arns))
