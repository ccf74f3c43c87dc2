"""Rewriting by rules that keep track of the author's text."""

import re
from collections.abc import Callable, Iterable, Sequence

from soundstage.speech.spoken import Spoken

Pieces = Sequence[tuple[str, int, int]]
"""What is said for parts of a match: words, and where in the whole text the part begins and ends. The rest of the
match is not said."""
Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str | Pieces | None]]
"""A pattern, and what is said instead of what it matches; None: the rule does not apply there after all."""


def rewritten(text: str, start: int, end: int, rules: Iterable[Rule]) -> Spoken:
    """``text[start:end]`` as it is said. What an earlier rule has rewritten, no later one touches; patterns see all of
    the text around."""
    claimed: list[tuple[int, int, Spoken]] = []
    taken = bytearray(len(text) + 1)
    for pattern, say in rules:
        at = start
        while (match := pattern.search(text, at, end)) is not None:
            first, last = match.span()
            said = None if any(taken[first:last]) else say(match)
            if said is None or first == last:
                at = first + 1
                continue
            pieces = [(said, first, last)] if isinstance(said, str) else said
            claimed.append((first, last, Spoken.joined(Spoken.instead(words, (a, b)) for words, a, b in pieces)))
            taken[first:last] = b"\1" * (last - first)
            at = last
    parts = []
    at = start
    for first, last, spoken in sorted(claimed, key=lambda claim: claim[0]):
        parts += [Spoken.verbatim(text[at:first], at), spoken]
        at = last
    return Spoken.joined([*parts, Spoken.verbatim(text[at:end], at)])


def group(match: re.Match[str], number: int | str, said: str) -> tuple[str, int, int]:
    """A piece for one group of a match."""
    return said, match.start(number), match.end(number)


ADDRESS = re.compile(
    r"(?:https?://|www\.)[\w\-.~:/?#\[\]@!$&'()*+,;=%]*[\w/=]"
    r"|[A-Za-z0-9][\w.+\-]*@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"
    r"|(?<![\w.])(?:[a-zA-Z0-9\-]+\.)+(?:com|org|net|edu|gov|io|cn|uk|de|fr|jp|ai|app|dev|info)\b(?:/[\w\-./?=&%#]*[\w/=])?",
    re.ASCII,
)
"""Web and mail addresses."""


def address_said(address: str, *, dot: str, at: str) -> str:
    """A web address by its host alone, a mail address whole; never letter by letter."""
    name = re.sub(r"^https?://", "", address)
    name = re.sub(r"^www\.", "", re.split(r"[/?#:]", name, maxsplit=1)[0])
    user, mark, host = name.rpartition("@")
    parts = [re.sub(r"[._]", dot, user), at, re.sub(r"\.", dot, host)] if mark else [re.sub(r"\.", dot, name)]
    return " ".join(re.sub(r"[^\w\s']+", " ", part) for part in parts)
