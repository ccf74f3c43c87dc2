"""Lists come in pages: ``limit`` and an opaque ``cursor`` in, ``items`` and ``next_cursor`` out."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, Protocol, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from soundstage.models import cursors
from soundstage.models.ids import Id

T = TypeVar("T")


class _Row(Protocol):
    id: Id


Row = TypeVar("Row", bound=_Row)

Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[str | None, Query(pattern=cursors.PATTERN, description="next_cursor of the page before.")]


class Page(BaseModel, Generic[T]):
    items: list[T]
    next_cursor: str | None = Field(default=None, description="For the next page; null on the last one.")


def id_in(cursor: str | None) -> Id | None:
    """Raises InvalidInput for a cursor that is not one of ours."""
    return None if cursor is None else cursors.id_in(cursor)


def page_of(found: Sequence[Row], limit: int, view: Callable[[Row], T]) -> Page[T]:
    """``found`` has one row more than the page where that is not the last one."""
    shown = found[:limit]
    next_cursor = cursors.cursor_of(shown[-1].id) if len(found) > limit else None
    return Page(items=[view(row) for row in shown], next_cursor=next_cursor)
