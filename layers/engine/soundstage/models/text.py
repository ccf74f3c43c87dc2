"""Texts that people type: titles and names of one line."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

_NOT_IN_A_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Line breaks, and what Postgres (NUL) and UTF-8 (halves of surrogate pairs) cannot hold."""

_BIDIRECTIONAL_CONTROLS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
"""They reverse what follows, so that a file name shows another ending than it has (Unicode TR 36 §2.1.2)."""


def fits_a_line(character: str) -> bool:
    """Whether a character may stand in a title."""
    return (
        unicodedata.category(character) not in _NOT_IN_A_LINE
        and unicodedata.bidirectional(character) not in _BIDIRECTIONAL_CONTROLS
    )


def _one_line(text: str) -> str:
    if not all(map(fits_a_line, text)):
        raise ValueError("has to be one line of text")
    return unicodedata.normalize("NFC", text)


_FITS = r"[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
_SHOWS = r"[^\s\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]"

OneLine = AfterValidator(_one_line)
SomeLine = Field(json_schema_extra={"pattern": f"^{_FITS}*{_SHOWS}{_FITS}*$"})
"""What a schema says of a line with something in it: as ``fits_a_line``."""
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), OneLine, SomeLine]
