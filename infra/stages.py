"""What differs between stages. Everything else is the same on a laptop and in production."""

from dataclasses import dataclass
from typing import Literal

from aws_cdk import RemovalPolicy
from aws_cdk.aws_logs import RetentionDays


@dataclass(frozen=True)
class Stage:
    name: Literal["local", "dev", "prod"]
    keep: bool
    """Whether what people made survives the deletion of a stack."""
    log_retention: RetentionDays
    work_expires_days: int
    """How long intermediates under work/ are kept."""
    old_versions_expire_days: int
    nat_gateways: int
    database_capacity: tuple[float, float]
    """Aurora capacity units, least and most; least 0 pauses the database when nobody uses it."""
    database_readers: int
    requests_per_second: int
    max_workers: dict[str, int]
    """Per pool: how many workers AWS Batch may run at once."""

    @property
    def embedded(self) -> bool:
        """On one machine: functions run from this checkout, and nothing exists that an emulator cannot do."""
        return self.name == "local"

    @property
    def removal_policy(self) -> RemovalPolicy:
        return RemovalPolicy.RETAIN if self.keep else RemovalPolicy.DESTROY

    def named(self, what: str) -> str:
        """A physical name, for the few things that people look up by name."""
        return f"soundstage-{self.name}-{what}"


STAGES = {
    stage.name: stage
    for stage in (
        Stage(
            name="local",
            keep=False,
            log_retention=RetentionDays.THREE_DAYS,
            work_expires_days=7,
            old_versions_expire_days=1,
            nat_gateways=0,
            database_capacity=(0, 1),
            database_readers=0,
            requests_per_second=1000,
            max_workers={},
        ),
        Stage(
            name="dev",
            keep=False,
            log_retention=RetentionDays.TWO_WEEKS,
            work_expires_days=7,
            old_versions_expire_days=7,
            nat_gateways=1,
            database_capacity=(0, 2),
            database_readers=0,
            requests_per_second=50,
            max_workers={"cpu": 4, "gpu": 1},
        ),
        Stage(
            name="prod",
            keep=True,
            log_retention=RetentionDays.THREE_MONTHS,
            work_expires_days=14,
            old_versions_expire_days=30,
            nat_gateways=2,
            database_capacity=(0.5, 16),
            database_readers=1,
            requests_per_second=1000,
            max_workers={"cpu": 40, "gpu": 8},
        ),
    )
}
