"""Proper names in English: capitals, what stands around them, and lists of first names."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from soundstage.story.people.mentions import Gender, Read
from soundstage.story.people.name_words import (
    ENOUGH,
    does_as_people_do,
    does_as_somebody,
    is_word_as_well,
    signs_of_somebody,
)
from soundstage.story.reading.lexicon import Token, table
from soundstage.story.words.names import (
    FEMALE_NAMES,
    MALE_NAMES,
    MASS_NOUNS,
    NAME_WORDS,
    NOT_NAMES,
    OTHER_TITLES,
    TITLES_OF_MEN,
    TITLES_OF_WOMEN,
)

KEPT_TITLES = frozenset("dr doctor professor saint captain general sergeant major colonel".split())
"""Said with the name by everybody: Captain Reed."""
PERSONIFIED = frozenset(
    (
        "sun moon wind sea sky winter spring summer autumn night day death time river mountain earth star rain snow"
    ).split()
)
"""They act, but are no people: they are found as things that speak."""
TITLES = TITLES_OF_MEN | TITLES_OF_WOMEN | OTHER_TITLES
IN_PLACES = frozenset("in at near through across around toward towards of into from".split())


@dataclass
class NameEvidence:
    """How often a capitalised word was used as a person's name is, and as a place's."""

    person: float = 0.0
    place: float = 0.0
    count: int = 0
    inner: int = 0
    """Times it was capitalised where no sentence began."""
    signs: float = 0.0
    """That a word of nature or time is somebody here."""


def find_names(reads: Sequence[Read]) -> tuple[set[str], set[str]]:
    """Names of people, and capitalised words that are places."""
    lower = Counter(t.norm for read in reads for t in read.tokens if t.text[:1].islower())
    evidence: dict[str, NameEvidence] = {}
    for read in reads:
        for first, past in capitalised(read.tokens):
            name = spelled(read.tokens[first:past])
            _judge(evidence.setdefault(name, NameEvidence()), read, first, past)
    people, places = set(), set()
    for name, seen in evidence.items():
        words = name.lower().replace(".", "").split()
        listed = any(word in FEMALE_NAMES or word in MALE_NAMES for word in words)
        titled = words[0] in TITLES and len(words) > 1
        if len(words) == 1 and is_word_as_well(words[0]):
            if seen.signs >= ENOUGH:
                people.add(name)
            if seen.signs >= ENOUGH or words[0] in NAME_WORDS:
                continue
        score = seen.person + (1.5 if listed else 0) + (1.5 if titled else 0)
        if len(words) == 1 and lower[words[0]] > seen.inner and not (listed and seen.inner):
            score -= 2
        if seen.place > score:
            places.add(name)
        elif score >= 1.5 or (score >= 1 and seen.inner):
            people.add(name)
    # Part of a name is that name where it stands alone: Finch is Harold Finch.
    parts = {part for name in people for part in name.split() if len(name.split()) > 1}
    known = {part for part in parts if part.lower().rstrip(".") not in TITLES and part.lower() not in NOT_NAMES}
    return people | (known & set(evidence)), places


def spelled(tokens: Sequence[Token]) -> str:
    """As written, without a possessive ending."""
    words = ""
    for token in tokens:
        words += ("" if token.norm == "." or not words else " ") + token.text[: len(token.norm)]
    return words


def capitalised(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Runs of capitalised words that may be names: titles with what follows, first and family names."""
    runs = []
    at = 0
    while at < len(tokens):
        if tokens[at].norm in NAME_WORDS & NOT_NAMES and tokens[at].text[:1].isupper():
            runs.append((at, at + 1))  # a run of its own: 'Every Summer Anna went'
            at += 1
            continue
        past = at
        while past < len(tokens) and _may_be_name(tokens, past, at):
            past += 1
            if past < len(tokens) and tokens[past].norm == "." and tokens[past - 1].norm in TITLES:
                past += 1
        while past > at and (not tokens[past - 1].is_word or (tokens[past - 1].norm in TITLES and past - at > 1)):
            past -= 1
        if past > at and not (past - at == 1 and (tokens[at].norm in NOT_NAMES or tokens[at].norm in TITLES)):
            runs.append((at, past))
        at = max(past, at + 1)
    return runs


def _may_be_name(tokens: Sequence[Token], at: int, first: int) -> bool:
    token = tokens[at]
    if not token.text[:1].isupper() or not token.norm.replace("-", "").isalpha() or len(token.norm) < 2:
        return False
    if token.norm in TITLES:
        return at == first or at == first + 1
    if token.text.isupper() and len(token.text) < 3:
        return False
    starts = at == 0 or not tokens[at - 1].is_word
    if token.norm in NOT_NAMES:
        return False
    return not (at > first and starts and tokens[at - 1].norm != ".")


def _judge(seen: NameEvidence, read: Read, first: int, past: int) -> None:
    tokens = read.tokens
    seen.count += 1
    if past - first == 1 and is_word_as_well(tokens[first].norm):
        seen.signs += signs_of_somebody(read, first)
    starts = first == 0 or tokens[first - 1].norm in '."“‘!?:…' or (first == 1 and not tokens[0].is_word)
    before = tokens[first - 1].norm if first else ""
    after = tokens[past].norm if past < len(tokens) else ""
    own = spelled(tokens[first:past]).lower()
    if not starts:
        seen.inner += 1
        seen.person += 0.5
    owned = tokens[past - 1].text != tokens[past - 1].text[: len(tokens[past - 1].norm)]
    if owned:
        seen.person += 0.7
    if _is_verb(read, past):
        common = (own,) in table() or own.endswith("ly") or own.endswith("ing")
        seen.person += 0.2 if common and starts else 1.1
        plural = own.endswith("s") and ((own[:-1],) in table() or own in MASS_NOUNS)
        if not common and not plural and does_as_people_do(read, past):
            seen.person += 0.4
    if starts and past - first == 1 and (own,) not in table() and own not in MASS_NOUNS:
        seen.person += does_as_somebody(read, past) + (0.8 if owned else 0.0)
    if any(mark.kind == "speech" and mark.past == first for mark in read.marks) or before in ("named", "called"):
        seen.person += 1.5
    if after in ("was", "is") and any(past < m.first <= past + 5 for m in read.of_kind("role")):
        seen.person += 0.6
    if before in ("is", "was") and first > 1 and tokens[first - 2].norm in ("it", "that"):
        seen.person += 1.2
    apposed = after == "," and past + 1 < len(tokens) and tokens[past + 1].norm in ("a", "an")
    if apposed and any(past < m.first <= past + 5 for m in read.of_kind("role")):
        seen.person += 1.2
    if before in ("was", "is") and first > 1 and tokens[first - 2].norm == "name":
        seen.person += 2
    if tokens[first].quoted and after in ",!?" and starts:
        seen.person += 0.5
    if before == "," and any(mark.past == first - 1 and mark.kind in ("role", "animal") for mark in read.marks):
        seen.person += 1.5
    if before == "and" and first > 1 and tokens[first - 2].text[:1].isupper():
        seen.person += 0.5
    if before in IN_PLACES and not owned:
        seen.place += 1.2 if before in ("in", "at", "near") else 0.6
    if before == "the" and not starts:
        seen.place += 0.3
    last = tokens[past - 1].norm
    if past - first > 1 and any(kind == "place" for kind, _, _ in table().get((last,), ())):
        seen.place += 3
    if any(kind == "place" for kind, _, _ in table().get((own,), ())):
        seen.place += 2


def _is_verb(read: Read, at: int) -> bool:
    if at >= len(read.tokens):
        return False
    norm = read.tokens[at].norm
    further = (
        "never",
        "always",
        "also",
        "still",
        "only",
        "just",
        "finally",
        "then",
        "who",
        "and",
        "or",
        "not",
        "cannot",
        "put",
    )
    return read.is_verb(at) or norm in further or (norm.endswith("s") and len(norm) > 4 and not norm.endswith("ss"))


def gender_of_name(name: str) -> Gender:
    words = name.lower().replace(".", "").split()
    if any(word in TITLES_OF_WOMEN for word in words[:-1]):
        return "f"
    if any(word in TITLES_OF_MEN for word in words[:-1]):
        return "m"
    for word in words:
        female, male = word in FEMALE_NAMES, word in MALE_NAMES
        if female != male:
            return "f" if female else "m"
    return "u"


def plain_name(name: str) -> str:
    """Without a word of work or age before it: Detective Harold Finch, Old Matthias."""
    words = name.split()
    while len(words) > 1 and words[0].lower().rstrip(".") in OTHER_TITLES - KEPT_TITLES:
        words = words[1:]
    return " ".join(words)


def age_of_name(name: str) -> str:
    first = name.split(maxsplit=1)[0].lower()
    if len(name.split()) < 2:
        return ""
    return _AGE_OF_TITLE.get(first, "")


_AGE_OF_TITLE = {
    **dict.fromkeys("old grandma grandpa granny grandmother grandfather gran nana grandad".split(), "old"),
    "little": "child", "young": "young",
}  # fmt: skip
