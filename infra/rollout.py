"""New versions of functions take over bit by bit, and are taken back when alarms ring: CodeDeploy moves an alias."""

from typing import TYPE_CHECKING

from aws_cdk import CfnCodeDeployLambdaAliasUpdate, CfnUpdatePolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from infra.acknowledge import acknowledge
from infra.stages import Stage

if TYPE_CHECKING:
    from infra.sound_function import SoundFunction

_POLICY = "service-role/AWSCodeDeployRoleForLambdaLimited"
AT_ONCE = "CodeDeployDefault.LambdaAllAtOnce"
CANARY = "CodeDeployDefault.LambdaCanary10Percent5Minutes"


class Rollout:
    """An application of CodeDeploy for all functions of a stack. In the stack's own scope, as its functions are."""

    def __init__(self, stack: Stack, stage: Stage) -> None:
        self._stage = stage
        self._application = codedeploy.CfnApplication(stack, "Rollout", compute_platform="Lambda")
        self._role = iam.Role(
            stack,
            "RolloutRole",
            assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com"),
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(_POLICY)],
        )
        acknowledge(
            self._role,
            {f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{_POLICY}]": "What moves aliases."},
        )

    def alias(self, function: "SoundFunction") -> lambda_.Alias:
        """``live``, which the function's own alarm of errors rolls back."""
        alias = lambda_.Alias(function, "Live", alias_name="live", version=function.function.current_version)
        group = codedeploy.CfnDeploymentGroup(
            function,
            "Deployments",
            application_name=self._application.ref,
            service_role_arn=self._role.role_arn,
            deployment_config_name=CANARY if self._stage.canary else AT_ONCE,
            deployment_style=codedeploy.CfnDeploymentGroup.DeploymentStyleProperty(
                deployment_type="BLUE_GREEN", deployment_option="WITH_TRAFFIC_CONTROL"
            ),
            auto_rollback_configuration=codedeploy.CfnDeploymentGroup.AutoRollbackConfigurationProperty(
                enabled=True, events=["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]
            ),
            alarm_configuration=_alarms([function.alarm]),
        )
        resource = alias.node.default_child
        assert isinstance(resource, lambda_.CfnAlias)  # noqa: S101
        resource.cfn_options.update_policy = CfnUpdatePolicy(
            code_deploy_lambda_alias_update=CfnCodeDeployLambdaAliasUpdate(
                application_name=self._application.ref, deployment_group_name=group.ref
            )
        )
        return alias


def also_stops(function: "SoundFunction", alarm: cloudwatch.Alarm) -> None:
    """``alarm`` rolls ``function`` back, too, beside its own of errors."""
    group = function.node.find_child("Deployments")
    assert isinstance(group, codedeploy.CfnDeploymentGroup)  # noqa: S101
    group.alarm_configuration = _alarms([function.alarm, alarm])


def _alarms(alarms: list[cloudwatch.Alarm]) -> codedeploy.CfnDeploymentGroup.AlarmConfigurationProperty:
    return codedeploy.CfnDeploymentGroup.AlarmConfigurationProperty(
        enabled=True,
        alarms=[codedeploy.CfnDeploymentGroup.AlarmProperty(name=alarm.alarm_name) for alarm in alarms],
    )
