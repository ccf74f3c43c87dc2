"""A story's title: its heading, or who and where it is about."""

import re
from collections.abc import Sequence

from soundstage.models.story import Character, Language, WorldEntry

LONGEST_HEADING = {"en": 60, "zh": 24}
"""Characters of a first line that is a heading."""


def heading_of(text: str, language: Language) -> tuple[str, str]:
    """(heading, rest): a first line that is no sentence and stands apart; ('', text) where there is none."""
    line, _, rest = text.partition("\n")
    if not rest.strip():
        return "", text
    marked = re.fullmatch(r"(?:#+\s*|《)(.+?)》?\s*#*", line) if line.startswith(("#", "《")) else None
    if marked is not None and len(line) <= 2 * LONGEST_HEADING[language]:
        return marked[1].strip(), rest.lstrip("\n")
    apart = rest.startswith("\n")
    ends = line.rstrip()[-1:] in '.!?。！？…,，;；:："”」』'
    if apart and not ends and 0 < len(line) <= LONGEST_HEADING[language] and any(c.isalnum() for c in line):
        return line.strip(), rest.lstrip("\n")
    return "", text


def title_of(characters: Sequence[Character], world: Sequence[WorldEntry], first: str, language: Language) -> str:
    """``characters``: the one it is most about first."""
    me = next((one for one in characters if one.name in ("I", "我")), None)
    others = [one for one in characters if one is not me]
    if me is not None and others:
        return f"我与{others[0].name}" if language == "zh" else f"{_capital(others[0].name)} and I"
    if characters:
        hero = characters[0].name
        if language == "zh":
            return f"{hero}与{others[1].name}" if len(others) > 1 else (f"{hero}与{world[0].title}" if world else hero)
        hero = _capital(hero)
        if len(others) > 1:
            return f"{hero} and {others[1].name}"
        return f"{hero} and the {world[0].title}" if world and world[0].title[:1].islower() else hero
    words = re.split(r"[.!?。！？,，\n]", first, maxsplit=1)[0].strip() or first.strip()
    return words[:60]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
