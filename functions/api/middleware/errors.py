"""Every error leaves the API as one body, and the OpenAPI document says so."""

import logging
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from soundstage.models.error_body import ErrorBody
from soundstage.models.errors import (
    BadRequest,
    InProgress,
    InvalidInput,
    RateLimited,
    SoundstageError,
    TransientError,
    Unauthenticated,
)
from soundstage.platform.aws.clients import as_transient

log = logging.getLogger(__name__)

_CODES = {
    400: (BadRequest.code, "The request could not be understood."),
    404: ("NOT_FOUND", "There is nothing at this address."),
    405: ("METHOD_NOT_ALLOWED", "This address does not do that."),
    413: ("BODY_TOO_LARGE", "The request is larger than allowed; files are uploaded by signed URL."),
    415: ("UNSUPPORTED_MEDIA_TYPE", "The body has to be JSON."),
}

_BODY = f"#/components/schemas/{ErrorBody.__name__}"
_EXAMPLE_ID = "0193a1c7e5f07b6e8d1f2a3b4c5d6e7f"

_EXAMPLES: dict[str, tuple[str, Any]] = {
    "ACCOUNT_BLOCKED": ("This account is blocked; write to whoever runs this studio.", None),
    "ASSET_IN_USE": (
        "Projects of yours use this file: take it out of them first.",
        {"projects": ["0193a1c7e5f07b6e8d1f2a3b4c5d6e7f"]},
    ),
    "ASSET_NOT_READY": ("This upload cannot be used: it was not accepted, or not yet.", {"status": "checking"}),
    "BAD_REQUEST": ("The request could not be understood.", None),
    "BATCH_REFUSED": (
        "Nothing was begun: see what is in the way.",
        {
            "problems": [
                {
                    "shot": "s4",
                    "code": "SHOT_EMPTY",
                    "message": "It says neither what is seen nor what is said; write a prompt or a narration, or "
                    "delete it.",
                }
            ]
        },
    ),
    "CONFLICT": ("The track is being made already.", {"status": "generating"}),
    "DEPENDENCY_UNAVAILABLE": ("Keys of model profiles cannot be kept here: no master key is set up.", None),
    "FORBIDDEN": ("You may not do this.", None),
    "INVALID_INPUT": (
        "The request does not fit what is documented.",
        [{"loc": ["body", "gen_params", "seed"], "msg": "Input should be a valid integer", "type": "int_type"}],
    ),
    "IDEMPOTENCY_KEY_REUSED": ("This Idempotency-Key was used for another request.", None),
    "NAME_TAKEN": ("You have a preset of this name already.", {"name": "Airy"}),
    "NOTES_POLYPHONIC": (
        "More than one note sounds at a time; keep the tune alone, or name its track melody.",
        None,
    ),
    "NOT_FOUND": ("There is no such track.", None),
    "NO_STORYBOARD": ("The project has no storyboard yet.", None),
    "PASSWORD_TOO_EASY": ("This password is among the first that are tried; take a few unusual words.", None),
    "PRECONDITION_FAILED": ("The preset was changed in the meantime.", {"revision": 3}),
    "QUOTA_EXCEEDED": ("Your files would take more room than your plan has.", {"quota_bytes": 2147483648}),
    "RATE_LIMITED": ("Too many requests; wait a little.", {"retry_after_s": 7}),
    "REQUEST_IN_PROGRESS": ("This request is being carried out right now.", None),
    "SCOPE_MISSING": ("This API key was not made for tracks:write.", {"scope": "tracks:write"}),
    "SHOT_LOCKED": ("Unlock it first: this shot is to stay as it is.", {"shots": ["s3"]}),
    "STORY_EMPTY": ("The story is empty: it needs at least one word.", None),
    "STORY_TOO_LONG": ("The story has 5,001 characters; it may have 5,000.", {"characters": 5001, "most": 5000}),
    "TRANSLATION_MISSING": ("2 shots are not translated into Chinese.", {"shots": ["s2", "s3"]}),
    "TRANSIENT": ("The catalog did not answer.", None),
    "UNKNOWN_PROVIDER": (
        "There is no provider of this name here; there is embedded.",
        {"field": "gen_params.provider", "available": ["embedded"]},
    ),
    "UNAUTHENTICATED": ("The access token is not valid, or has expired.", None),
}


def documented(*errors: type[SoundstageError]) -> dict[int | str, dict[str, Any]]:
    """Responses for a route that may raise these: one entry per HTTP status, one example per code.

    ``access.describe`` puts the schema of the body into the document: FastAPI would build a validator for each of them.
    """
    responses: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        message, detail = _EXAMPLES[error.code]
        body = {"code": error.code, "message": message, "detail": detail, "request_id": _EXAMPLE_ID}
        entry = responses.setdefault(
            error.http_status,
            {"description": "", "content": {"application/json": {"schema": {"$ref": _BODY}, "examples": {}}}},
        )
        entry["content"]["application/json"]["examples"][error.code] = {"value": body}
        entry["description"] = " or ".join(entry["content"]["application/json"]["examples"])
    return responses


def error_response(request: Request, status: int, code: str, message: str, detail: Any = None) -> JSONResponse:
    body = ErrorBody(code=code, message=message, detail=detail, request_id=request.scope.get("soundstage.request_id"))
    return JSONResponse(body.model_dump(mode="json"), status_code=status)


def answer_to(request: Request, error: SoundstageError) -> JSONResponse:
    """The body and the headers of one of our errors."""
    response = error_response(request, error.http_status, error.code, error.message, error.detail)
    if isinstance(error, Unauthenticated):
        response.headers["WWW-Authenticate"] = "Bearer"  # RFC 9110 §11.6.1
    if isinstance(error, RateLimited):
        response.headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, InProgress):
        response.headers["Retry-After"] = "1"
    if error.http_status == 503:
        response.headers["Retry-After"] = "2"
    return response


def as_ours(error: Exception) -> TransientError | None:
    """Of AWS's errors those that pass by themselves."""
    if not isinstance(error, BotoCoreError | ClientError):
        return None
    transient = as_transient(error)
    if transient is not None:
        transient.__cause__ = error
    return transient


def install(app: FastAPI) -> None:
    """Map each kind of error once."""

    @app.exception_handler(SoundstageError)
    def _ours(request: Request, error: SoundstageError) -> JSONResponse:
        if error.http_status >= 500:
            log.error("request failed", exc_info=error, extra={"code": error.code})
        return answer_to(request, error)

    @app.exception_handler(BotoCoreError)
    @app.exception_handler(ClientError)
    def _aws(request: Request, error: Exception) -> JSONResponse:
        ours = as_ours(error)
        if ours is None:
            raise error
        return _ours(request, ours)

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        # Without what was sent: it may be a password.
        found = [{"loc": list(e["loc"]), "msg": e["msg"], "type": e["type"]} for e in error.errors()]
        message, _ = _EXAMPLES[InvalidInput.code]
        return error_response(request, InvalidInput.http_status, InvalidInput.code, message, found)

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> JSONResponse:
        code, message = _CODES.get(error.status_code, ("HTTP_ERROR", str(error.detail)))
        response = error_response(request, error.status_code, code, message)
        response.headers.update(error.headers or {})
        if error.status_code == 405:
            response.headers["Allow"] = ", ".join(sorted(_allowed(request)))
        return response


def _allowed(request: Request) -> set[str]:
    """Every method of the address: a route of its own knows only its own (RFC 9110 §15.5.6 asks for all)."""
    included = (getattr(entry, "original_router", None) for entry in request.app.routes)
    return {
        method
        for router in [request.app, *filter(None, included)]
        for route in router.routes
        if route.matches(request.scope)[0] is not Match.NONE
        for method in getattr(route, "methods", None) or ()
    }
