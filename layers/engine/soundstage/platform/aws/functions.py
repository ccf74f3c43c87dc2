"""Calling a function and waiting for its answer, and answering such a call.

What the caller can mend is an answer, ``{"error": {"code", "message", "http_status"}}``; anything else is a failure of
the function.
"""

import functools
import json
from collections.abc import Callable
from typing import Any

from soundstage.models.errors import DependencyUnavailable, SoundstageError, TransientError
from soundstage.platform.aws import clients

Answer = dict[str, Any]


def call(name: str, asked: Answer, *, patiently: bool = True) -> Answer:
    """What the function of this name or ARN answers. ``patiently``: it may take 90 s, and is asked again when AWS
    stumbles; else 27 s, once, which leaves an API time to say so.

    Raises SoundstageError with the code of what was answered, and DependencyUnavailable where the function failed.
    """
    answer = clients.lambda_(patiently=patiently).invoke(FunctionName=name, Payload=json.dumps(asked))
    said: Answer = json.loads(answer["Payload"].read())
    if answer.get("FunctionError"):
        raise DependencyUnavailable(f"The function failed: {said.get('errorMessage') or said}; its log says more.")
    if "error" in said:
        raise _raised(**said["error"])
    return said


def answering(handle: Callable[[Any], Answer]) -> Callable[[Any], Answer]:
    """A function whose errors, but for those that pass by themselves, are answers to ``call``."""

    @functools.wraps(handle)
    def answered(event: Any) -> Answer:
        try:
            return handle(event)
        except (TransientError, DependencyUnavailable):
            raise
        except SoundstageError as error:
            known = {"code": error.code, "message": error.message, "http_status": error.http_status}
            return {"error": known}

    return answered


def _raised(code: str, message: str, http_status: int) -> SoundstageError:
    error = SoundstageError(message)
    error.code, error.http_status = code, http_status  # type: ignore[misc]
    return error
