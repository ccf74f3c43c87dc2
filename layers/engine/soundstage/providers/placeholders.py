"""Texts like ``{{seed}}`` in a JSON document of somebody else's wire, filled in."""

import re
from collections.abc import Mapping
from typing import Any

_NAMED = re.compile(r"\{\{(\w+)\}\}")


def filled(document: Any, values: Mapping[str, Any]) -> Any:
    """A copy. A text that is one placeholder becomes the value itself; of others the placeholders become text. What
    has no value stays.
    """
    if isinstance(document, dict):
        return {name: filled(value, values) for name, value in document.items()}
    if isinstance(document, list):
        return [filled(value, values) for value in document]
    if not isinstance(document, str):
        return document
    whole = _NAMED.fullmatch(document)
    if whole:
        return values.get(whole[1], document)
    return _NAMED.sub(lambda found: str(values.get(found[1], found[0])), document)
