"""Lambda handlers of functions that are no step of a job: ids in the logs, errors by name, telemetry flushed.

Every line carries what the event is about: the function's request, the job and attempt, the asset, the execution.
"""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from soundstage.jobs.ports import parse_execution_name
from soundstage.models.errors import TransientError
from soundstage.platform.runtime.steps import failures_logged, transient_by_name
from soundstage.platform.settings import TelemetrySettings
from soundstage.platform.telemetry.telemetry import telemetry

T = TypeVar("T")

_IDS = ("job_id", "asset_id", "delivery_id")


def ids_in(event: Any) -> dict[str, str | int | None]:
    """Of an event of ours, of Step Functions, or of a state machine."""
    if not isinstance(event, dict):
        return {}
    about = [event, *(part for name in ("detail", "claim") if isinstance(part := event.get(name), dict))]
    found = {name: text for part in about for name in _IDS if isinstance(text := part.get(name), str)}
    execution = event.get("claimant") or next((part.get("name") for part in about if "executionArn" in part), None)
    if not isinstance(execution, str):
        return {**found}
    job = parse_execution_name(execution)
    return {**found, "execution": execution, **({"job_id": job.job_id, "attempt": job.attempt} if job else {})}


def function(settings: Callable[[], TelemetrySettings]) -> Callable[[Callable[[Any], T]], Callable[[Any, Any], T]]:
    """Make a Lambda handler of a function of the event. ``settings`` is called when the first event comes."""

    def decorate(handle: Callable[[Any], T]) -> Callable[[Any, Any], T]:
        @functools.wraps(handle)
        def handler(event: Any, context: Any) -> T:
            watch = telemetry(settings())
            try:
                request_id = getattr(context, "aws_request_id", None)
                with watch.ids(request_id=request_id, **ids_in(event)), transient_by_name(), failures_logged():
                    return handle(event)
            except TransientError:
                raise  # comes again, and is worth a word only when it does so too often: an alarm counts
            except Exception as error:
                watch.capture(error)
                raise
            finally:
                watch.flush()

        return handler

    return decorate
