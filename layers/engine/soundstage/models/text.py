"""Texts that people give their things."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

# Line breaks, and what the other kinds of text cannot hold: NUL (Postgres) and halves of surrogate pairs (UTF-8).
_NOT_IN_A_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})
# These turn what follows around, so that a name shows another ending than it has (Unicode TR 36 §2.1.2).
_TURNS_AROUND = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def fits_a_line(character: str) -> bool:
    return (
        unicodedata.category(character) not in _NOT_IN_A_LINE
        and unicodedata.bidirectional(character) not in _TURNS_AROUND
    )


def _one_line(text: str) -> str:
    if not all(map(fits_a_line, text)):
        raise ValueError("has to be one line of text")
    return unicodedata.normalize("NFC", text)


OneLine = AfterValidator(_one_line)
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), OneLine]
