"""What whoever deploys to AWS may say with ``--context``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Architecture = Literal["x86_64", "arm64"]


@dataclass(frozen=True)
class Domain:
    """``name`` (``studio.example.org``) in the hosted zone ``zone`` (``example.org``), whose id is ``zone_id``."""

    name: str
    zone: str
    zone_id: str


@dataclass(frozen=True)
class OnAws:
    """``architecture``: of functions that need no image. ``alarm_email``: where alarms and the budget's go.
    ``console_sentry_dsn``: the project to which the console tells its errors, as its ``config.json`` says, too.
    ``warm_workers``: pool → how many workers stay when there is nothing to do.
    """

    architecture: Architecture = "x86_64"
    domain: Domain | None = None
    alarm_email: str | None = None
    budget_usd: int | None = None
    console_sentry_dsn: str | None = None
    warm_workers: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.architecture not in ("x86_64", "arm64"):
            raise ValueError(f"architecture is x86_64 or arm64, not {self.architecture!r}")
        if not set(self.warm_workers) <= {"cpu", "gpu"}:
            raise ValueError(f"warm_workers are of the pools cpu and gpu, not {', '.join(sorted(self.warm_workers))}")


def origins_of(stage: str, origins: list[str]) -> list[str]:
    """Raises ValueError in prod for an origin that is not https, or that is somebody's own machine."""
    if stage == "prod":
        for origin in origins:
            host = origin.removeprefix("https://")
            if host == origin or host.partition(":")[0] in ("localhost", "127.0.0.1", "[", "*"):
                raise ValueError(f"prod takes no origin like {origin!r}: https://, and a host that others reach")
    return origins
