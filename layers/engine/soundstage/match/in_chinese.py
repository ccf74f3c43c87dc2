"""What a match says, in Chinese; the console reads the same file.

``clauses``: patterns of which a sentence is made, one after the other, with what they are in Chinese (``$1`` is what
the first group found; the first pattern that fits counts). ``words``: headings and names, whole.
"""

import json
import re
from pathlib import Path

_FILE = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
_CLAUSES = [(re.compile(found), re.sub(r"\$(\d)", r"\\g<\1>", told)) for found, told in _FILE["clauses"]]

WORDS: dict[str, str] = _FILE["words"]


def in_chinese(sentence: str) -> str | None:
    """None where a part of it is not known: half a translation would be worse than none."""
    rest, told = sentence, ""
    while rest:
        found = next(((match, words) for clause, words in _CLAUSES if (match := clause.match(rest))), None)
        if found is None:
            return None
        match, words = found
        told += match.expand(words)
        rest = rest[match.end() :].removeprefix(" ")
    return told
