"""JSON as language models write it: read in one pass, with the quotes, commas and endings they leave out or put in.

Not json-repair: 16 KB of braces and quotes hold it up for 17 s (0.64, measured). This reader looks ahead a bounded
number of characters and is linear in its input.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

LONGEST = 400_000
"""Characters of an answer; a storyboard of 200 shots has about 150,000."""
DEEPEST = 40
_SPACE = re.compile(r"(?:\s|\ufeff|\u3000|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_CLOSING = {'"': '"”', "'": "'’", "“": '”"', "‘": "’'", "”": '”"'}
_VALUE_NEXT = re.compile(r"""\s*(?:["'“‘{\[\]}]|-?\d|true|false|null|None|True|False|[A-Za-z_]\w*\s*[:：]|$)""")
_KEY_NEXT = re.compile(r"""\s*["'“‘][^"'“”‘’\n]{1,60}["'”’]\s*[:：]""")
_BARE = re.compile(r"[^\s,:{}\[\]\"'，：]+")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "none": None, "nan": None, "undefined": None}


@dataclass
class Reading:
    """``value``: what was read; ``cut``: ids of objects and lists whose end is missing."""

    value: Any
    cut: set[int] = field(default_factory=set)
    mended: bool = False


def read_json(text: str) -> Reading:
    """The first object or list in ``text``.

    Raises:
        ValueError: there is none, or it is too long or too deep.
    """
    if len(text) > LONGEST:
        raise ValueError(f"the answer has more than {LONGEST:,} characters")
    start = _start(text)
    if start is None:
        raise ValueError("there is no JSON object in it")
    try:
        value, end = json.JSONDecoder().raw_decode(text, start)
        if not text[end:].strip().strip("`").strip():
            return Reading(value)
    except (ValueError, RecursionError):
        pass
    reader = _Reader(text, start)
    return Reading(reader.value(0), reader.cut, mended=True)


def _start(text: str) -> int | None:
    found = [at for at in (text.find("{"), text.find("[")) if at >= 0]
    return min(found, default=None)


class _Reader:
    def __init__(self, text: str, at: int) -> None:
        self.text, self.at = text, at
        self.cut: set[int] = set()

    def value(self, depth: int) -> Any:
        if depth > DEEPEST:
            raise ValueError("the answer is nested too deeply")
        self._space()
        character = self._peek()
        if character == "{":
            return self._object(depth)
        if character == "[":
            return self._list(depth)
        if character in _CLOSING:
            return self._string(key=False)
        return self._bare()

    def _space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self.at += 1
        while True:
            self._skip(",，;；")
            character = self._peek()
            if character == "}":
                self.at += 1
                return found
            if not character or character == "]":
                self.cut.add(id(found))
                return found
            before = self.at
            key = self._string(key=True) if character in _CLOSING else str(self._bare())
            self._space()
            if self._peek() in ":：" and self._peek():
                self.at += 1
                self._space()
                if not self._peek():
                    self.cut.add(id(found))
                    return found
                found[key] = self.value(depth + 1)
            if self.at == before:
                self.at += 1

    def _list(self, depth: int) -> list[Any]:
        found: list[Any] = []
        self.at += 1
        while True:
            self._skip(",，、;；")
            character = self._peek()
            if character == "]":
                self.at += 1
                return found
            if not character or character == "}":
                self.cut.add(id(found))
                return found
            before = self.at
            found.append(self.value(depth + 1))
            if self.at == before:
                self.at += 1

    def _skip(self, marks: str) -> None:
        self._space()
        while self._peek() and self._peek() in marks:
            self.at += 1
            self._space()

    def _string(self, *, key: bool) -> str:
        closing = _CLOSING[self._peek()]
        self.at += 1
        parts: list[str] = []
        start = self.at
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == "\\" and self.at + 1 < len(self.text):
                parts.append(self.text[start : self.at])
                parts.append(self._escape())
                start = self.at
                continue
            if character in closing and self._ends(key=key):
                parts.append(self.text[start : self.at])
                self.at += 1
                return "".join(parts)
            self.at += 1
        parts.append(self.text[start:])
        return "".join(parts)

    def _ends(self, *, key: bool) -> bool:
        """A quotation mark ends its string where JSON goes on behind it; else it is one of the text's own."""
        match = _SPACE.match(self.text, self.at + 1)
        after = match.end() if match else self.at + 1
        following = self.text[after : after + 1]
        if not following:
            return True
        if key:
            return following in ":："
        if following in "}]":
            return True
        if following in ",，;；":
            return _VALUE_NEXT.match(self.text, after + 1, after + 200) is not None
        return _KEY_NEXT.match(self.text, after, after + 200) is not None

    def _escape(self) -> str:
        code = self.text[self.at + 1]
        if code == "u" and re.fullmatch(r"[0-9a-fA-F]{4}", self.text[self.at + 2 : self.at + 6]):
            number = int(self.text[self.at + 2 : self.at + 6], 16)
            self.at += 6
            low = re.match(r"\\u([dD][c-fC-F][0-9a-fA-F]{2})", self.text[self.at : self.at + 6])
            if 0xD800 <= number < 0xDC00 and low:
                self.at += 6
                return chr(0x10000 + ((number - 0xD800) << 10) + int(low[1], 16) - 0xDC00)
            return "" if 0xD800 <= number < 0xE000 else chr(number)
        self.at += 2
        return {"n": "\n", "t": " ", "r": "\n", "b": "", "f": ""}.get(code, code)

    def _bare(self) -> Any:
        match = _BARE.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        word = match[0]
        if word.lower() in _WORDS:
            return _WORDS[word.lower()]
        try:
            return json.loads(word)
        except ValueError:
            return word
