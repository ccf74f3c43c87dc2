"""The age that words around a noun or a name say: 'an old clockmaker', 年迈的钟表匠, 'in her eighties'."""

import re

from soundstage.story.people.mentions import Read
from soundstage.story.reading.lexicon import ADJECTIVES
from soundstage.story.words import ages

_ENGLISH = {word: age for age, words in ages.ENGLISH.items() for word in words.split()}
AGE_ADJECTIVES = frozenset(_ENGLISH)
_CHINESE = {
    age: re.compile("|".join(sorted(words.split(), key=len, reverse=True))) for age, words in ages.CHINESE.items()
}
_SIGNS = re.compile(ages.OLD_SIGNS)
_DECADE = re.compile(r"\bin (?:her|his|their) (teens|twenties|sixties|seventies|eighties|nineties)\b")
_DECADES = {"teens": "young", "twenties": "young"}
_ADVERBS = frozenset("very so too quite already now still really rather terribly much growing getting far".split())
_REACH = 4
"""Words between an adjective and its noun: 'an old and rather deaf piano tuner'."""


def age_before(read: Read, first: int, past: int) -> str:
    """What the adjectives before the noun of tokens ``first`` to ``past`` − 1 say of its age; empty if nothing."""
    if read.language == "zh":
        return _chinese_before(read, first)
    if read.tokens[past - 1].norm in ages.NOT_OF_AGE:
        return ""
    found = ""
    for at in range(past - 2, max(-1, past - 2 - _REACH), -1):
        norm = read.tokens[at].norm
        if at < first and not _may_describe(read, at):
            break
        age = _ENGLISH.get(norm, "")
        if age and not (norm in ("little", "tiny") and read.tokens[past - 1].norm in ages.NOT_LITTLE):
            found = "old" if "old" in (age, found) else age if not found or age != "child" else found
    return found


def _may_describe(read: Read, at: int) -> bool:
    norm = read.tokens[at].norm
    return norm in AGE_ADJECTIVES | ADJECTIVES | {"and"} or "-" in norm or norm.endswith(("ed", "ful", "ous", "ish"))


def _chinese_before(read: Read, first: int) -> str:
    """In the words that end in 的 before the noun, or right before it."""
    clause = read.clause(first)
    start = read.tokens[max(clause[0], first - 7)].start
    before = read.sentence.text[start : read.tokens[first].start]
    for age, words in _CHINESE.items():
        last = next(reversed(list(words.finditer(before))), None)
        if last is not None and re.fullmatch(r".{0,3}的?.{0,3}", before[last.end() :]):
            return age
    prefix = read.tokens[first - 1].norm if first else ""
    return {"老": "old", "小": "child"}.get(prefix, "")


def ages_told(read: Read) -> list[tuple[int, str]]:
    """(token, age) of what a sentence tells of its subject before that token: 'was very old', 老了."""
    return _chinese_told(read) if read.language == "zh" else _english_told(read)


def _english_told(read: Read) -> list[tuple[int, str]]:
    norms = [token.norm for token in read.tokens]
    found = []
    for at, norm in enumerate(norms):
        if norm not in ("was", "were", "is", "am", "are", "grew", "grown", "looked") or read.tokens[at].quoted:
            continue
        word = at + 1
        while word < len(norms) and norms[word] in _ADVERBS:
            word += 1
        after = norms[word + 1] if word + 1 < len(norms) else "."
        closes = not after.isalpha() or after in ("and", "now", "but")
        if word < len(norms) and norms[word] in AGE_ADJECTIVES - {"little", "tiny"} and closes:
            found.append((at, _ENGLISH[norms[word]]))
    text = read.sentence.text.lower()
    signs = [(match.start(), _DECADES.get(match[1], "old")) for match in _DECADE.finditer(text)]
    signs += [(match.start(), "old") for match in _SIGNS.finditer(text)]
    for start, age in signs:
        token = next((k for k, token in enumerate(read.tokens) if token.start >= start), None)
        if token is not None and not read.tokens[token].quoted:
            found.append((token, age))
    return found


_TOLD_ZH = re.compile(
    r"(年纪(?:已经|也)?(?:很)?大了?|老了|上了年纪|头发(?:都|全|已经|也)*白了|年过[六七八九]旬|胡子(?:都|全)?白了)|(还很年轻|很年轻)|(年纪还小|还小)"
)


def _chinese_told(read: Read) -> list[tuple[int, str]]:
    found = []
    for match in _TOLD_ZH.finditer(read.sentence.text):
        at = next((k for k, token in enumerate(read.tokens) if token.end > match.start()), None)
        if at is not None and not read.tokens[at].quoted:
            found.append((at, "old" if match[1] else "young" if match[2] else "child"))
    return found
