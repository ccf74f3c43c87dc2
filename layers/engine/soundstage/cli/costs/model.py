"""What a piece uses, times what AWS asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from soundstage.cli.costs.prices import Prices

MIB_OF_A_CPU = 1769
"""Memory that comes with a whole CPU (Lambda's documentation, "Memory and computing power")."""
COLD_SHARE, COLD_S = 0.05, 2.5
"""Of calls that find no warm function, and what importing the engine then takes; assumed, not measured on AWS."""
WORKER_VCPU, WORKER_GIB = 4, 8
WRITE_UNITS, READ_UNITS, TRANSACTED_UNITS = 4, 1, 5
"""Of an item of about 1.5 KB and its copies in two indexes; of a read; of the event log's transaction (its docs)."""
WORK_KEPT_MONTHS = 14 / 30.4
GB = 1e9


@dataclass(frozen=True)
class Calls:
    """Of one function for one piece: how many, of what memory, and seconds of one whole CPU of them all."""

    calls: float
    memory_mib: int
    cpu_s: float

    @property
    def billed_s(self) -> float:
        """With less than a CPU everything takes longer: as if it computed all the time, which is too dear by a bit."""
        return self.cpu_s * max(1.0, MIB_OF_A_CPU / self.memory_mib) + self.calls * COLD_SHARE * COLD_S

    @property
    def gb_s(self) -> float:
        return self.billed_s * self.memory_mib / 1024


@dataclass(frozen=True)
class Usage:
    """Of one piece. ``worker_task_s``: seconds that tasks took a slot of a worker."""

    functions: Mapping[str, Calls]
    worker_task_s: Mapping[str, float]
    transitions: float
    s3_puts: float
    s3_gets: float
    dynamodb_writes: float
    dynamodb_reads: float
    dynamodb_transactions: float
    sqs_requests: float
    events: float
    api_requests: float
    log_bytes: float
    kept_bytes: float
    """Uploads and results, until somebody deletes them."""
    work_bytes: float
    fetched_bytes: float
    """What one person fetches once."""


@dataclass(frozen=True)
class Cost:
    """US dollars by service."""

    functions: float
    workers: float
    workflows: float
    storage_requests: float
    storage: float
    egress: float
    table: float
    messages: float
    api: float
    logs: float

    @property
    def total(self) -> float:
        return float(sum(getattr(self, field.name) for field in fields(self)))

    def times(self, count: float) -> "Cost":
        return Cost(*(count * getattr(self, field.name) for field in fields(self)))

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))


def cost_of(usage: Usage, prices: Prices, *, months: float = 1.0, slots: int = 4, arm: bool = False) -> Cost:
    """``months``: how long what was made is kept. ``slots``: tasks that a worker has at once, all of them busy.
    ``arm``: functions on Graviton, at the same speed, which nobody measured.
    """
    calls = usage.functions.values()
    gb_s = prices.lambda_arm_gb_s if arm else prices.lambda_gb_s
    worker_h = sum(usage.worker_task_s.values()) / slots / 3600
    writes = usage.dynamodb_writes * WRITE_UNITS + usage.dynamodb_transactions * TRANSACTED_UNITS
    return Cost(
        functions=sum(each.gb_s for each in calls) * gb_s + sum(each.calls for each in calls) * prices.lambda_requests,
        workers=worker_hours_usd(worker_h, prices),
        workflows=usage.transitions * prices.states_transitions,
        storage_requests=usage.s3_puts * prices.s3_puts + usage.s3_gets * prices.s3_gets,
        storage=(usage.kept_bytes * months + usage.work_bytes * min(months, WORK_KEPT_MONTHS))
        / GB
        * prices.s3_gb_month,
        egress=usage.fetched_bytes / GB * prices.egress_gb,
        table=writes * prices.dynamodb_writes + usage.dynamodb_reads * READ_UNITS * prices.dynamodb_reads,
        messages=usage.sqs_requests * prices.sqs_requests + usage.events * prices.eventbridge_events,
        # Each comes by CloudFront, and past the firewall there.
        api=usage.api_requests * (prices.http_api_requests + prices.cloudfront_requests + prices.firewall_requests),
        logs=usage.log_bytes / GB * prices.logs_gb,
    )


def worker_hours_usd(hours: float, prices: Prices) -> float:
    return hours * (WORKER_VCPU * prices.fargate_vcpu_h + WORKER_GIB * prices.fargate_gb_h)


HOURS = 730
IDLE_PARTS = {"secrets": 6, "keys": 3, "alarms": 93}
"""As the templates of prod have them; dev has a key less."""


def idle_month(prices: Prices, *, prod: bool, warm_workers: int = 0) -> dict[str, float]:
    """US dollars that a stage costs in a month without any job: what runs, not what was stored."""
    nat = 2 * prices.nat_gateway_h if prod else prices.nat_instance_h
    return {
        "way out of the network (NAT) with its addresses": HOURS * (nat + (2 if prod else 1) * prices.public_ipv4_h),
        "Aurora, paused": 0.0,
        "firewall": prices.firewall_month,
        "secrets": IDLE_PARTS["secrets"] * prices.secret_month,
        "keys": (IDLE_PARTS["keys"] if prod else IDLE_PARTS["keys"] - 1) * prices.kms_key_month,
        "alarms": IDLE_PARTS["alarms"] * prices.alarm_month,
        "warm workers": worker_hours_usd(HOURS * warm_workers, prices),
        "looks every minute and five minutes": (2 * 43_800 + 8_760)
        * (prices.lambda_requests + 0.2 * 0.5 * prices.lambda_gb_s + prices.eventbridge_events),
    }


def catalog_month(prices: Prices, jobs: float, *, awake_s: float = 600, acu: float = 0.5) -> float:
    """Aurora, US dollars: each job wakes it for ``awake_s``, the five minutes until it pauses again included, unless
    it is awake; jobs come at random (Poisson), so that the share of time awake is 1 − exp(−rate × awake).
    """
    import math

    share = 1 - math.exp(-jobs * awake_s / (HOURS * 3600))
    return share * HOURS * acu * prices.aurora_acu_h
