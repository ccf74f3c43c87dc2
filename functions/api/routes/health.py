"""Is the API there, and can it reach what it needs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

from fastapi import APIRouter, Response
from functions.api.services import Serving
from pydantic import BaseModel

router = APIRouter(prefix="/health", tags=["health"])

NOBODY = "0" * 32


class Health(BaseModel):
    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    status: Literal["ok", "degraded"]
    checks: dict[str, Literal["ok", "failed"]]


@router.get("", responses={400: {"description": "What is no HTTP; whoever takes requests for us says so."}})
def health() -> Health:
    """Cheap: touches nothing."""
    return Health()


@router.get("/ready", responses={503: {"model": Readiness, "description": "Something does not answer."}})
def ready(services: Serving, response: Response) -> Readiness:
    """Asks Postgres, the table and the bucket, at the same time."""
    checks: dict[str, Callable[[], object]] = {
        "catalog": services.catalog.ping,
        "table": lambda: services.job_store.get(NOBODY),
        "bucket": lambda: services.objects.head("health/ready"),
    }
    with ThreadPoolExecutor(len(checks)) as pool:
        found = dict(zip(checks, pool.map(_outcome, checks.values()), strict=True))
    well = all(outcome == "ok" for outcome in found.values())
    response.status_code = 200 if well else 503
    return Readiness(status="ok" if well else "degraded", checks=found)


def _outcome(check: Callable[[], object]) -> Literal["ok", "failed"]:
    try:
        check()
    except Exception:  # whatever it is, the dependency does not work
        return "failed"
    return "ok"
