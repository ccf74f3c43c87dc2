"""Lambda handlers of functions that are no step of a job: ids in the logs, errors by name, telemetry flushed."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from soundstage.models.errors import TransientError
from soundstage.platform.runtime.steps import transient_by_name
from soundstage.platform.settings import TelemetrySettings
from soundstage.platform.telemetry.telemetry import telemetry

T = TypeVar("T")


def function(settings: Callable[[], TelemetrySettings]) -> Callable[[Callable[[Any], T]], Callable[[Any, Any], T]]:
    """Make a Lambda handler of a function of the event. ``settings`` is called when the first event comes."""

    def decorate(handle: Callable[[Any], T]) -> Callable[[Any, Any], T]:
        @functools.wraps(handle)
        def handler(event: Any, context: Any) -> T:
            watch = telemetry(settings())
            try:
                with watch.ids(request_id=getattr(context, "aws_request_id", None)), transient_by_name():
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
