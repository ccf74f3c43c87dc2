"""From the end of an execution to the status, error and result of its job."""

import json
import re
from dataclasses import dataclass
from typing import Any

from soundstage.models.errors import SoundstageError
from soundstage.models.events import ExecutionStatusChange
from soundstage.models.jobs import Job, JobError, JobStatus

_OUR_CODE = re.compile(r"[A-Z][A-Z0-9_]*")


@dataclass(frozen=True, slots=True)
class Ending:
    status: JobStatus
    error: JobError | None = None
    result: dict[str, Any] | None = None


def ending(job: Job, change: ExecutionStatusChange) -> Ending | None:
    """How the job ends, or None while the execution goes on (or waits to be redriven).

    A rejection may end the execution either way: succeeded with ``{"outcome": "rejected", "code", "message"}``, or
    failed with the code as error and the message (or such an object as JSON) as cause.
    """
    match change.status:
        case "SUCCEEDED":
            result = _object(change.output)
            if result.get("outcome") == "rejected":
                return Ending(JobStatus.FAILED, error=_error(job, str(result.get("code", "REJECTED")), result))
            return Ending(JobStatus.SUCCEEDED, result=result)
        case "FAILED":
            return Ending(JobStatus.FAILED, error=_failure(job, change))
        case "TIMED_OUT":
            return Ending(JobStatus.FAILED, error=_error(job, "TIMED_OUT", {"message": "The job took too long."}))
        case "ABORTED":
            return Ending(JobStatus.CANCELED, error=_error(job, "CANCELED", {"message": "The job was stopped."}))
        case _:
            return None


def _failure(job: Job, change: ExecutionStatusChange) -> JobError:
    name = change.error or ""
    cause = _object(change.cause)
    if _OUR_CODE.fullmatch(name):
        return _error(job, name, cause or {"message": change.cause})
    if name in ("States.Timeout", "Sandbox.Timedout"):  # the state's, or its function's, which are equally long
        return _error(job, "TIMED_OUT", cause | {"message": "A step took too long."})
    ours = {kind.__name__: kind for kind in _kinds(SoundstageError)}.get(name)
    if ours is not None:
        # Lambda's cause of an exception is {"errorMessage", "errorType", "stackTrace"}.
        return _error(job, ours.code, {"message": cause.get("errorMessage"), "step": cause.get("step")})
    # Anybody's exception: its text may hold paths or other people's ids, so only its name is shown.
    detail = {"error": name} if name else None
    return _error(job, "STEP_FAILED", {"message": "A step failed.", "step": cause.get("step"), "detail": detail})


def _error(job: Job, code: str, cause: dict[str, Any]) -> JobError:
    detail = cause.get("detail")
    return JobError(
        code=code,
        message=str(cause.get("message") or "The job failed."),
        step=cause.get("step") or job.step,
        detail=detail if isinstance(detail, dict) else None,
    )


def _object(text: str | None) -> dict[str, Any]:
    """A JSON object, or an empty one: EventBridge leaves out outputs above 256 KiB, and a cause may be plain text."""
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _kinds(kind: type[SoundstageError]) -> list[type[SoundstageError]]:
    return [kind, *(below for child in kind.__subclasses__() for below in _kinds(child))]
