"""Take secrets out of what people look at: values under telling names, and tokens and signatures inside of texts."""

import re
from typing import Any

HIDDEN = "•••"

_TELLING = re.compile(
    r"token|secret|passw|authoriz|signature|credential|cookie|(api|access|private|signing)[-_]?key|dsn$", re.IGNORECASE
)
_IN_TEXTS = (
    re.compile(r"eyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?"),  # a JSON web token
    re.compile(r"(?<=bearer )[\w.~+/=-]{8,}", re.IGNORECASE),
    # Signed URLs, and secrets as they stand in texts: name=value, "name": "value".
    re.compile(r"(?<=X-Amz-Signature=)\w+|(?<=X-Amz-Security-Token=)[^&\s\"]+|(?<=X-Amz-Credential=)[^&\s\"]+"),
    re.compile(r"(?<=Signature=)[^&\s\"]+|(?<=/s/)[\w-]{16,}"),
    re.compile(r"\b(sk|pk|rk|whsec|xox[bp])[-_][\w-]{8,}"),
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),
)


def redacted(value: Any) -> Any:
    """The same value without secrets. ``value`` is JSON: dicts, lists, texts and the rest."""
    if isinstance(value, dict):
        return {
            name: HIDDEN if _TELLING.search(str(name)) and isinstance(inner, str) and inner else redacted(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [redacted(inner) for inner in value]
    return redacted_text(value) if isinstance(value, str) else value


def redacted_text(text: str) -> str:
    for pattern in _IN_TEXTS:
        text = pattern.sub(HIDDEN, text)
    return text
