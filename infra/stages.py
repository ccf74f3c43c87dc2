"""What differs between stages. Everything else is the same on a laptop and in production."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    nat: Literal["none", "instance", "gateways"]
    """How functions beside the database reach the world: one small instance, or a gateway in each of two zones."""
    database_capacity: tuple[float, float]
    """Aurora capacity units, least and most; least 0 pauses the database when nobody uses it."""
    database_readers: int
    requests_per_second: int
    max_workers: dict[str, int]
    """Per pool: how many workers AWS Batch may run at once."""
    erase_every_minutes: int
    """How soon files of deleted accounts go. Each look opens the database, which a pause would have to end for."""
    rescue_after_s: int = 300
    """A job without news for so long is looked at, as often. Steps that wait for a worker have none for long, and AWS
    answers no more than some questions a second about executions."""
    budget_usd_per_month: int = 0
    song_within_s: int = 120
    """Nine of ten tracks are made in this time, or an alarm rings."""
    canary: bool = False
    """Whether a new version of a function gets a tenth of its calls for five minutes before it gets all."""
    reserved_concurrency: Mapping[str, int] = field(default_factory=dict)
    """Handler → how many may run at once, which nobody else can take; docs/cost.md has the simulation behind it.
    A new account has 10 in all and can reserve none."""

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
            nat="none",
            database_capacity=(0, 1),
            database_readers=0,
            requests_per_second=1000,
            max_workers={},
            erase_every_minutes=5,
            rescue_after_s=60,
        ),
        Stage(
            name="dev",
            keep=False,
            log_retention=RetentionDays.TWO_WEEKS,
            work_expires_days=7,
            old_versions_expire_days=7,
            nat="instance",
            database_capacity=(0, 2),
            database_readers=0,
            requests_per_second=50,
            max_workers={"cpu": 4, "gpu": 1},
            erase_every_minutes=1440,
            budget_usd_per_month=50,
        ),
        Stage(
            name="prod",
            keep=True,
            log_retention=RetentionDays.THREE_MONTHS,
            work_expires_days=14,
            old_versions_expire_days=30,
            nat="gateways",
            database_capacity=(0, 16),
            database_readers=1,
            requests_per_second=1000,
            max_workers={"cpu": 40, "gpu": 8},
            erase_every_minutes=60,
            budget_usd_per_month=2000,
            canary=True,
            # The API always answers, however many uploads there are; what writes the catalog stays below the
            # 2,000 connections that Aurora has at this size. Who sends to the WebSockets' address without a token
            # takes no more than its own share from all others.
            reserved_concurrency={
                "api.main": 200,
                "api.socket": 50,
                "jobs.settle": 50,
                "jobs.release": 50,
                "ingest.probe": 100,
            },
        ),
    )
}
