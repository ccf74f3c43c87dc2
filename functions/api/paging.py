"""Lists come in pages: ``limit`` and an opaque ``cursor`` in, ``items`` and ``next_cursor`` out."""

import base64
import binascii
import re
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from soundstage.models.errors import InvalidInput
from soundstage.models.ids import Id

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[str | None, Query(max_length=2048, description="next_cursor of the page before.")]

_ID = re.compile(r"[0-9a-f]{32}")


class Page(BaseModel, Generic[T]):
    items: list[T]
    next_cursor: str | None = Field(default=None, description="For the next page; null on the last one.")


def cursor_of(last_id: Id) -> str:
    """A cursor for lists that are ordered by id."""
    return base64.urlsafe_b64encode(f"before:{last_id}".encode()).decode()


def id_in(cursor: str | None) -> Id | None:
    """Raises InvalidInput for a cursor that is not one of ours."""
    if cursor is None:
        return None
    try:
        kind, _, last_id = base64.urlsafe_b64decode(cursor).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        kind, last_id = "", ""
    if kind != "before" or not _ID.fullmatch(last_id):
        raise InvalidInput("This cursor is not one that we gave out.")
    return last_id
