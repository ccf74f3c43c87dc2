"""Copies of what people made, in a vault beside it: daily for five weeks, monthly for a year (docs/aws.md: restore)."""

from aws_cdk import Duration
from aws_cdk import aws_backup as backup
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.outputs import output
from infra.stages import Stage

_COPY = ("service-role/AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForS3Backup")
_RESTORE = ("service-role/AWSBackupServiceRolePolicyForRestores", "AWSBackupServiceRolePolicyForS3Restore")


class Backups(Construct):
    """``arns``: of the bucket, the table and the database's cluster."""

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, arns: list[str]) -> None:
        super().__init__(scope, id_)
        key = kms.Key(self, "Key", enable_key_rotation=True, removal_policy=stage.removal_policy)
        vault = backup.BackupVault(
            self,
            "Vault",
            backup_vault_name=stage.named("vault"),
            encryption_key=key,
            removal_policy=stage.removal_policy,
            block_recovery_point_deletion=True,
        )
        plan = backup.BackupPlan(self, "Plan", backup_plan_name=stage.named("plan"), backup_vault=vault)
        night = events.Schedule.cron(hour="3", minute="0")
        plan.add_rule(
            backup.BackupPlanRule(rule_name="daily", schedule_expression=night, delete_after=Duration.days(35))
        )
        month = events.Schedule.cron(day="1", hour="4", minute="0")
        plan.add_rule(
            backup.BackupPlanRule(rule_name="monthly", schedule_expression=month, delete_after=Duration.days(366))
        )
        plan.add_selection(
            "Made",
            resources=[backup.BackupResource.from_arn(arn) for arn in arns],
            role=self._role("Role", _COPY),
            allow_restores=False,
        )
        output(self, "RestoreRole", self._role("RestoreRole", _RESTORE).role_arn)

    def _role(self, id_: str, policies: tuple[str, ...]) -> iam.Role:
        """Whoever copies may not write into what people made; whoever restores is asked to by a person."""
        role = iam.Role(
            self,
            id_,
            assumed_by=iam.ServicePrincipal("backup.amazonaws.com"),
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(name) for name in policies],
        )
        named = "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{}]"
        acknowledge(role, {named.format(name): "AWS keeps it current." for name in policies})
        return role
