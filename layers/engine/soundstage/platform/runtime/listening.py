"""Lambda handlers of listeners of job changes, each behind a queue of its own (``infra/change_listener.py``)."""

import functools
import json
import logging
from collections.abc import Callable
from typing import Any

from soundstage.models.jobs import JobChange
from soundstage.platform.runtime.functions import function
from soundstage.platform.settings import TelemetrySettings
from soundstage.platform.telemetry.telemetry import telemetry

log = logging.getLogger(__name__)

Hear = Callable[[JobChange], None]


def listening(settings: Callable[[], TelemetrySettings]) -> Callable[[Hear], Callable[[Any, Any], dict[str, Any]]]:
    """Make a Lambda handler of a function of a change (see ``soundstage.jobs.ports.ChangeListener``).

    The handler takes a batch of SQS and answers with the messages that shall come again: a change that fails holds up
    no other. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """

    def decorate(hear: Hear) -> Callable[[Any, Any], dict[str, Any]]:
        def each(event: dict[str, Any]) -> dict[str, Any]:
            failed = []
            for record in event["Records"]:
                detail = _detail(record)
                with telemetry(settings()).ids(job_id=detail.get("job_id"), attempt=detail.get("attempt")):
                    try:
                        hear(JobChange.model_validate(detail))
                    except Exception:
                        log.exception("a change of a job comes again", extra={"message_id": record["messageId"]})
                        failed.append({"itemIdentifier": record["messageId"]})
            return {"batchItemFailures": failed}

        return functools.wraps(hear)(function(settings)(each))

    return decorate


def _detail(record: dict[str, Any]) -> dict[str, Any]:
    """Of EventBridge's event in a message; what is none is empty, and no change of a job."""
    try:
        detail = json.loads(record["body"])["detail"]
    except (ValueError, KeyError, TypeError):
        return {}
    return detail if isinstance(detail, dict) else {}
