"""Where the next page of a list begins. Lists are newest first and ids are ordered by time, so a cursor is an id."""

import base64
import re

from soundstage.models.errors import InvalidInput
from soundstage.models.ids import Id


def cursor_of(last_id: Id) -> str:
    """For the page after this one."""
    return base64.urlsafe_b64encode(bytes.fromhex(last_id)).decode().rstrip("=")


def id_in(cursor: str) -> Id:
    """Raises InvalidInput for a cursor that is not one of ours."""
    try:
        id_ = base64.urlsafe_b64decode(cursor + "==").hex()
    except ValueError:
        id_ = ""
    if not re.fullmatch(r"[0-9a-f]{32}", id_):
        raise InvalidInput("This cursor is not one that we gave out.")
    return id_
