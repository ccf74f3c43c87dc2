"""Rows that several people or pages may change at once: a change made from what is no longer there is refused."""

from typing import Protocol

from soundstage.models.errors import PreconditionFailed


class Revised(Protocol):
    """``revision`` counts changes."""

    revision: int


def etag(row: Revised) -> str:
    return f'"{row.revision}"'


def check_unchanged(row: Revised, if_match: str | None, *, what: str) -> None:
    """Raises PreconditionFailed when ``If-Match`` is given and names another revision."""
    if if_match is not None and not {etag(row), "*"} & {tag.strip() for tag in if_match.split(",")}:
        raise PreconditionFailed(f"The {what} was changed in the meantime.", detail={"revision": row.revision})
