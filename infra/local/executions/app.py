"""What the gateway answers under ``/cloud``. It stands open to whoever uses this machine, as the cloud itself does, and
to nobody else: other sites' pages do not get at it, whatever name they give to this machine."""

import os
from functools import cache
from pathlib import Path
from urllib.parse import quote

from infra.local.executions import page
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from soundstage.jobs.ports import parse_execution_name
from soundstage.platform.aws.executions import Executions
from soundstage.platform.runtime.wiring import job_store
from soundstage.platform.telemetry import log_lines

PATH = "/cloud"
STATUSES = ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")
HERE = ("localhost", "127.0.0.1", "::1")
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
FILES = {"style.css": "text/css", "live.js": "text/javascript"}


@cache
def _executions() -> Executions:
    """One for all pages: what has ended is remembered by it."""
    return Executions()


def is_ours(path: str) -> bool:
    return path == PATH or path.startswith(f"{PATH}/")


async def answer(request: Request) -> Response:
    if request.url.hostname not in HERE:
        return Response(status_code=404)
    found = await run_in_threadpool(_answer, request)
    found.headers.update(
        {
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }
    )
    return found


def _answer(request: Request) -> Response:
    what, _, which = request.url.path.removeprefix(PATH).strip("/").partition("/")
    executions = _executions()
    if what in FILES:
        return Response((page.TEMPLATES / what).read_text(), media_type=FILES[what])
    if what == "jobs":
        return _job(which)
    if what == "executions":
        return _execution(which, executions)
    if what:
        return _missing("such page")
    status = request.query_params.get("status")
    machine = request.query_params.get("machine") or None
    return HTMLResponse(page.list_page(executions, machine=machine, status=status if status in STATUSES else None))


def _job(job_id: str) -> Response:
    """Its last attempt's execution."""
    job = job_store().get(job_id)
    if job is None:
        return _missing("job of this id")
    if job.execution_arn is None:
        return _missing(f"execution of this job yet: it is {job.status}")
    return RedirectResponse(f"{PATH}/executions/{quote(job.execution_arn, safe=':')}", status_code=302)


def _execution(arn: str, executions: Executions) -> Response:
    found = executions.get(arn)
    if found is None:
        return _missing("such execution (any more)")
    named = parse_execution_name(found.listed.name)
    folder = os.environ.get(log_lines.FOLDER)
    body = page.execution_page(found, folder=Path(folder) if folder else None, job_id=named.job_id if named else None)
    return HTMLResponse(body)


def _missing(what: str) -> Response:
    return HTMLResponse(page.missing_page(what), status_code=404)
