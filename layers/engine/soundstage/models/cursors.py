"""Cursors of paginated lists. Lists are newest first and ids are ordered by time, so a cursor is the last id shown."""

import base64
import re

from soundstage.models.errors import InvalidInput
from soundstage.models.ids import Id

PATTERN = r"^[A-Za-z0-9_-]{21}[AQgw]$"
"""Of 16 bytes in base64url."""


def cursor_of(last_id: Id) -> str:
    """The cursor of the page after the one that ends with ``last_id``: base64url."""
    return base64.urlsafe_b64encode(bytes.fromhex(last_id)).decode().rstrip("=")


def id_in(cursor: str) -> Id:
    """The id in a cursor. Raises InvalidInput for what ``cursor_of`` has not made."""
    try:
        id_ = base64.urlsafe_b64decode(cursor + "==").hex()
    except ValueError:
        id_ = ""
    if not re.fullmatch(r"[0-9a-f]{32}", id_):
        raise InvalidInput("This cursor is not one that we gave out.")
    return id_
