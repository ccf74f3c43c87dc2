"""Usage: what one has used this month, or in another, and what the plan has."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response
from functions.api.middleware.routers import signed_in_router
from functions.api.services import Caller, Serving
from pydantic import BaseModel, Field

from soundstage.models.errors import InvalidInput
from soundstage.platform.quotas import Month, Usage

router = signed_in_router("/v1/usage", "account")

GB = 1_000_000_000
MonthName = Annotated[
    str | None, Query(alias="month", pattern=r"^20\d\d-(0[1-9]|1[0-2])$", description="`2026-11`, UTC; else this one.")
]


class PlanView(BaseModel):
    name: str
    storage_bytes: int
    minutes_per_month: int
    jobs_at_once: int
    provider_usd_per_month: float


class UsageView(BaseModel):
    month: str
    plan: PlanView
    minutes: float = Field(description="Of sound and film that was made; both songs of a track count.")
    media_s: dict[str, float] = Field(description="The same in seconds, by kind of job.")
    provider_usd: float = Field(description="What models of others cost, as it was estimated before each request.")
    worker_s: float = Field(description="How long workers ran tasks that came to their end.")
    gpu_s: float = Field(description="How long of it models had a GPU.")
    storage_bytes: int = Field(description="Of uploaded files, now.")
    jobs_at_once: int = Field(description="Under way now; the shots of a batch are one.")


@router.get("")
def get_usage(caller: Caller, services: Serving, month: MonthName = None) -> UsageView:
    """What counts against the plan. Where nothing is left, what would begin work answers 403 QUOTA_EXCEEDED."""
    used = _used(caller.user_id, services, month)
    return UsageView(
        month=used.month.name,
        plan=PlanView(name=used.plan_name, **used.plan.model_dump()),
        minutes=round(used.minutes, 2),
        media_s={kind: round(seconds, 3) for kind, seconds in used.media_s.items()},
        provider_usd=used.provider_usd,
        worker_s=used.worked.worker_s,
        gpu_s=used.worked.gpu_s,
        storage_bytes=used.storage_bytes,
        jobs_at_once=used.jobs_at_once,
    )


@router.get(
    "/export",
    response_class=Response,
    responses={200: {"description": "CSV.", "content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def export_usage(caller: Caller, services: Serving, month: MonthName = None) -> Response:
    """The month as lines of a bill: what, how much, unit. CSV (RFC 4180)."""
    used = _used(caller.user_id, services, month)
    lines = [("month", "item", "quantity", "unit")]
    lines += [(used.month.name, kind, f"{seconds:.3f}", "s") for kind, seconds in sorted(used.media_s.items())]
    lines.append((used.month.name, "workers", f"{used.worked.worker_s:.3f}", "s"))
    lines.append((used.month.name, "gpu", f"{used.worked.gpu_s:.3f}", "s"))
    lines.append((used.month.name, "storage", f"{used.storage_bytes / GB:.6f}", "GB"))
    lines.append((used.month.name, "providers", f"{used.provider_usd:.6f}", "USD"))
    text = "".join(",".join(line) + "\r\n" for line in lines)
    name = f"soundstage-usage-{used.month.name}.csv"
    return Response(text, media_type="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _used(user_id: str, services: Serving, month: str | None) -> Usage:
    if month is None:
        return services.quotas.usage(user_id)
    try:
        return services.quotas.usage(user_id, Month.named(month))
    except ValueError as error:
        raise InvalidInput("A month is written like 2026-11.") from error
