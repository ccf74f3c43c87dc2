"""What a plan includes, looked at before work begins: jobs at once, minutes a month, and what providers may cost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from soundstage.models.errors import QuotaExceeded
from soundstage.models.ids import Id
from soundstage.models.limits import Limits, Plan
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.budget import MonthlySpending
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.worker_time import WorkerTime, WorkerTimes
from soundstage.platform.catalog import usage
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.tables import User

PARTS_OF_OTHERS = frozenset({"shot"})
"""Kinds of jobs that a job of a person's own begins: its batch is counted."""


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, UTC."""

    begins: datetime

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        return cls(moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0))

    @classmethod
    def named(cls, name: str) -> "Month":
        """``2026-11``. Raises ValueError."""
        return cls(datetime.strptime(name, "%Y-%m").replace(tzinfo=UTC))

    @property
    def name(self) -> str:
        return f"{self.begins:%Y-%m}"

    @property
    def ends(self) -> datetime:
        year, month = divmod(self.begins.year * 12 + self.begins.month, 12)
        return self.begins.replace(year=year, month=month + 1)


@dataclass(frozen=True, slots=True)
class Usage:
    """Of one person in one month; ``storage_bytes`` and ``jobs_at_once`` as they are now."""

    month: Month
    plan_name: str
    plan: Plan
    media_s: dict[str, float] = field(default_factory=dict)
    provider_usd: float = 0.0
    worked: WorkerTime = field(default_factory=WorkerTime)
    storage_bytes: int = 0
    jobs_at_once: int = 0

    @property
    def minutes(self) -> float:
        return sum(self.media_s.values()) / 60


class Quotas:
    def __init__(
        self,
        catalog: Catalog,
        job_store: DynamoJobs,
        assets: DynamoAssets,
        table: str,
        limits: Limits,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._catalog = catalog
        self._job_store = job_store
        self._assets = assets
        self._table = table
        self._limits = limits
        self._clock = clock

    def plan(self, user_id: Id) -> Plan:
        with self._catalog.transaction() as session:
            return self._limits.plans.of(session.get_one(User, user_id).plan)

    def usage(self, user_id: Id, month: Month | None = None) -> Usage:
        month = month or Month.of(self._clock())
        with self._catalog.transaction() as session:
            plan = session.get_one(User, user_id).plan
            media_s = usage.media_seconds(session, user_id, from_=month.begins, until=month.ends)
        return Usage(
            month=month,
            plan_name=plan,
            plan=self._limits.plans.of(plan),
            media_s=media_s,
            provider_usd=self._spending(user_id, month).spent_usd(),
            worked=WorkerTimes(self._table, user_id).of_month(month.name),
            storage_bytes=self._assets.used_bytes(user_id),
            jobs_at_once=self._job_store.count_under_way(user_id, but=PARTS_OF_OTHERS),
        )

    def check_work(self, kind: str, owner_id: Id) -> None:
        """Before a job of this kind begins. Raises QuotaExceeded."""
        if kind in PARTS_OF_OTHERS:
            return
        month = Month.of(self._clock())
        with self._catalog.transaction() as session:
            plan = self._limits.plans.of(session.get_one(User, owner_id).plan)
            media_s = usage.media_seconds(session, owner_id, from_=month.begins, until=month.ends)
        minutes = sum(media_s.values()) / 60
        if minutes >= plan.minutes_per_month:
            message = f"Your plan has {plan.minutes_per_month} minutes a month, and they are used up until next month."
            raise _exceeded(message, "minutes_per_month", plan.minutes_per_month, round(minutes, 1))
        under_way = self._job_store.count_under_way(owner_id, but=PARTS_OF_OTHERS)
        if under_way >= plan.jobs_at_once:
            message = f"{under_way} jobs of yours are under way, as many as your plan has at once; wait for one to end."
            raise _exceeded(message, "jobs_at_once", plan.jobs_at_once, under_way)

    def check_spending(self, owner_id: Id, usd: float) -> None:
        """Before something is begun for which providers would take about ``usd``. Raises QuotaExceeded."""
        if usd <= 0:
            return
        most, spent = self.plan(owner_id).provider_usd_per_month, self.spent_usd(owner_id)
        if spent + usd > most + 1e-9:
            message = f"Providers would cost about ${usd:.2f}; of the ${most:.2f} of your plan ${spent:.2f} are spent."
            raise _exceeded(message, "provider_usd_per_month", most, round(spent, 2))

    def spent_usd(self, owner_id: Id) -> float:
        """This month, on providers."""
        return self._spending(owner_id, Month.of(self._clock())).spent_usd()

    def _spending(self, owner_id: Id, month: Month) -> MonthlySpending:
        return MonthlySpending(self._table, owner_id, month.name)


def _exceeded(message: str, quota: str, limit: float, used: float) -> QuotaExceeded:
    return QuotaExceeded(message, detail={"quota": quota, "limit": limit, "used": used})
