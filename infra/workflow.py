"""A state machine, from its file in statemachines/ and what its tasks call."""

import json
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra import ROOT
from infra.acknowledge import acknowledge_wildcard
from infra.alarm import alarm
from infra.asl import SUBSTITUTION, expand
from infra.sound_function import SoundFunction
from infra.stages import Stage
from infra.worker_pool import WorkerPool

EXPANDED = ROOT / "build" / "statemachines"


class Workflow(Construct):
    """``statemachines/{name}.asl.json``, expanded, with the permissions that it needs, logs and traces.

    Inline, so that linters see it; a copy for people is in ``EXPANDED``.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        name: str,
        functions: Mapping[str, SoundFunction],
        pools: Mapping[str, WorkerPool],
    ) -> None:
        """``functions`` and ``pools`` fill the file's substitutions: ``AudioCheckFunction``, ``CpuQueueUrl``.

        Raises ``ValueError`` when these are not exactly the file's, or when a state lacks what cannot be added.
        """
        super().__init__(scope, id_)
        self._name = stage.named(name)
        definition = (ROOT / "statemachines" / f"{name}.asl.json").read_text()
        if set(SUBSTITUTION.findall(definition)) != {*functions, *pools}:
            raise ValueError(f"{name}.asl.json and its substitutions differ: {sorted({*functions, *pools})}")
        timeouts_s = {substitution: function.step.timeout_s for substitution, function in functions.items()}
        expanded = json.dumps(expand(json.loads(definition), timeouts_s), indent=2, ensure_ascii=False)
        _show(EXPANDED / f"{name}.asl.json", expanded)
        log = logs.LogGroup(
            self,
            "Log",
            # Step Functions' own prefix keeps the log's resource policy short.
            log_group_name=f"/aws/vendedlogs/states/{self._name}",
            retention=stage.log_retention,
            removal_policy=stage.removal_policy,
        )
        arns = {substitution: function.entry.function_arn for substitution, function in functions.items()}
        urls = {substitution: pool.queue.queue_url for substitution, pool in pools.items()}
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            state_machine_name=self._name,
            definition_body=sfn.DefinitionBody.from_string(expanded),
            definition_substitutions={**arns, **urls},
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
        self._allow("lambda:InvokeFunction", list(arns.values()))
        self._allow("sqs:SendMessage", [pool.queue.queue_arn for pool in pools.values()])
        acknowledge_wildcard(self.machine, "*", "Log delivery and X-Ray know no resources, only the account.")

    def alarms(self, scope: Construct) -> list[cloudwatch.Alarm]:
        return [
            alarm(scope, f"{self.node.id}{id_}", metric, 1, f"Executions of {self._name} {what}")
            for id_, metric, what in (
                ("Failures", self.machine.metric_failed(period=Duration.minutes(5)), "failed"),
                ("Timeouts", self.machine.metric_timed_out(period=Duration.minutes(5)), "took too long"),
            )
        ]

    def may_be_run_by(self, function: SoundFunction) -> None:
        """Start, look at and stop its executions."""
        function.may.do("states:StartExecution", on=[self.arn])
        function.may.do_under(
            "states:DescribeExecution",
            "states:StopExecution",
            under=self.executions_arn,
            because="Executions are named by job and attempt.",
        )

    def _allow(self, action: str, arns: list[str]) -> None:
        if arns:
            self.machine.add_to_role_policy(iam.PolicyStatement(actions=[action], resources=arns))


def _show(path: Path, text: str) -> None:
    """Other processes may synthesise at the same time, for other stages: the text is the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")
