"""Apart from the errors themselves, so that raising one needs no pydantic."""

from typing import Any

from pydantic import BaseModel


class ErrorBody(BaseModel):
    """The one error body of the API."""

    code: str
    message: str
    detail: dict[str, Any] | list[Any] | None = None
    request_id: str | None = None
