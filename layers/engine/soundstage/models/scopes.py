"""What API keys may be allowed: ``tracks:read``, ``tracks:write`` and so on."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field

RESOURCES: Final = (
    "account",
    "assets",
    "events",
    "films",
    "jobs",
    "matches",
    "presets",
    "profiles",
    "projects",
    "shares",
    "tracks",
    "webhooks",
)
"""Kinds of things that routes are about."""

READ_ONLY: Final = frozenset({"account", "events"})

SCOPES: Final = tuple(
    f"{resource}:{verb}"
    for resource in RESOURCES
    for verb in ("read", "write")
    if verb == "read" or resource not in READ_ONLY
)


def _known(scope: str) -> str:
    if scope not in SCOPES:
        raise ValueError(f"there is no such scope; there are {', '.join(SCOPES)}")
    return scope


Scope = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": list(SCOPES)})]
