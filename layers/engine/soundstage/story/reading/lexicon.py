"""What the words of a sentence mean for a picture: marks of places, times, things, people and verbs, by word tables."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from soundstage.story.words import ages, dress, feelings, moments, places, roles, things, verbs

MOST_TOKENS = 5
"""Of one entry."""


@dataclass(frozen=True)
class Token:
    """A word or a mark of punctuation. ``start`` and ``end`` index the sentence; ``tag`` is jieba's part of speech."""

    text: str
    norm: str
    start: int
    end: int
    tag: str = ""
    quoted: bool = False

    @property
    def is_word(self) -> bool:
        return any(c.isalnum() for c in self.norm)


@dataclass(frozen=True)
class Mark:
    """Tokens ``first`` to ``past`` − 1 are an entry of the table ``kind``, which means ``value``."""

    kind: str
    value: str
    first: int
    past: int
    text: str
    quoted: bool


Entry = tuple[str, str, bool]
"""Kind, value, and whether the word is as often a verb."""

DETERMINERS = frozenset(
    (
        "a an the his her my your its our their this that these those some one two three four five no every "
        "each another any both many several few of with"
    ).split()
)
ADJECTIVES = frozenset(
    (
        "old little big small tiny new bright dark heavy wooden broken golden huge great large long tall "
        "young single magic beautiful pretty lovely own last first only warm cold hot wet dry empty full "
        "silver iron brass stone paper strange good bad kind brave clever poor rich wild sleepy lonely "
        "hungry lost wise white black red green blue grey gray brown yellow purple pink orange fresh faint "
        "pale thin thick round flat sharp soft lit burning shining glowing rusty dusty ancient worn quiet "
        "noisy busy crowded snowy muddy narrow wide steep deep sunny shady nearby distant whole same"
    ).split()
)


def _entries() -> Iterator[tuple[str, Entry]]:
    """Every word of every table."""
    tables: list[tuple[str, Mapping[Any, str]]] = [
        ("place", places.PLACES), ("time", moments.TIMES), ("weather", moments.WEATHERS), ("season", moments.SEASONS),
        ("thing", things.THINGS), ("animal", things.ANIMALS), ("stance", verbs.STANCES), ("emotion", feelings.EMOTIONS),
        ("mood", feelings.MOODS), ("colour", dress.COLOUR_WORDS), ("headwear", dress.HEADWEAR),
        ("garment", dress.GARMENTS), ("accent", dress.ACCENTS), ("hair", dress.HAIRS), ("build", dress.BUILDS),
        ("role", {name: words for name, (_, _, words) in roles.ROLES.items()}),
        ("group", {"group": roles.GROUPS}),
        ("hairnoun", {"hair": dress.HAIR_NOUNS}),
        ("take", {"take": verbs.TAKE}), ("put", {"put": verbs.PUT_DOWN}), ("speech", {"speech": verbs.SPEECH}),
        ("thought", {"thought": verbs.THOUGHT}), ("unreal", {"unreal": verbs.UNREAL}),
        ("figure", {"figure": verbs.FIGURATIVE}), ("negation", {"negation": verbs.NEGATIONS}),
        ("ending", {"ending": verbs.ENDINGS}), ("leave", {"leave": verbs.LEAVE}), ("enter", {"enter": verbs.ENTER}),
        ("dying", {"dying": verbs.DYING}), ("arrival", {"arrival": verbs.ARRIVAL}),
        ("departure", {"departure": verbs.DEPARTURE}), ("naming", {"naming": verbs.NAMING}),
    ]  # fmt: skip
    for kind, table in tables:
        for value, words in table.items():
            for word in words.split():
                yield word.removeprefix("~"), (kind, value, word.startswith("~"))


@cache
def table() -> dict[tuple[str, ...], list[Entry]]:
    """English entries by their words; Chinese ones by themselves."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for word, entry in _entries():
        key = tuple(word.lower().split("_"))
        known = found.setdefault(key, [])
        if all((kind, value) != entry[:2] for kind, value, _ in known):
            known.append(entry)
    return found


@cache
def chinese_words() -> frozenset[str]:
    """Nouns that the segmenter has to keep whole."""
    nouns = ("place", "time", "weather", "season", "thing", "animal", "role", "headwear", "garment", "accent", "hair")
    return frozenset(w for w, (kind, _, _) in _entries() if kind in nouns and len(w) > 1 and not w.isascii())


def english_marks(tokens: Sequence[Token]) -> list[Mark]:
    return _longest(_english_candidates(tokens), tokens, " ")


def chinese_marks(tokens: Sequence[Token]) -> list[Mark]:
    return _longest([*_chinese_candidates(tokens), *_chinese_moments(tokens)], tokens, "")


def _chinese_moments(tokens: Sequence[Token]) -> Iterator[tuple[int, int, Entry]]:
    """Words of time and weather inside longer ones: 黄昏时分, 每天清晨."""
    for first, token in enumerate(tokens):
        if len(token.norm) == 1 and first + 1 < len(tokens):  # 月|光照进: jieba's cut is elsewhere
            for entry in table().get((token.norm + tokens[first + 1].norm[0],), ()):
                if entry[0] == "time" and len(tokens[first + 1].norm) > 1:
                    yield first, first + 2, entry
        if len(token.norm) < 3:
            continue
        for size in range(2, len(token.norm)):
            for at in range(len(token.norm) - size + 1):
                for entry in table().get((token.norm[at : at + size],), ()):
                    if entry[0] in ("time", "season", "weather"):
                        yield first, first + 1, entry


def _longest(candidates: Iterable[tuple[int, int, Entry]], tokens: Sequence[Token], joint: str) -> list[Mark]:
    """Of each kind, the longest entries that do not overlap."""
    taken: dict[str, set[int]] = {}
    marks = []
    for first, past, (kind, value, _) in sorted(candidates, key=lambda c: (c[0] - c[1], c[0])):
        places_taken = taken.setdefault(kind, set())
        if places_taken.isdisjoint(range(first, past)):
            places_taken.update(range(first, past))
            text = joint.join(token.text for token in tokens[first:past])
            marks.append(Mark(kind, value, first, past, text, tokens[past - 1].quoted))
    return sorted(marks, key=lambda mark: (mark.first, mark.past))


def _english_candidates(tokens: Sequence[Token]) -> Iterator[tuple[int, int, Entry]]:
    known = table()
    for first in range(len(tokens)):
        for past in range(first + 1, min(first + MOST_TOKENS, len(tokens)) + 1):
            words = tuple(token.norm for token in tokens[first:past])
            for form in _forms(words[-1]):
                for entry in known.get((*words[:-1], form), ()):
                    if not entry[2] or _is_noun(tokens, first, form):
                        yield first, past, entry


def _is_noun(tokens: Sequence[Token], first: int, form: str) -> bool:
    if tokens[first].norm != form and not tokens[first].norm.endswith("s"):
        return False
    before = tokens[first - 1].norm if first else ""
    return before in DETERMINERS or before in ADJECTIVES or before.endswith(("'s", "’s"))


def _forms(word: str) -> list[str]:
    """The word, and what it may be a form of: hyphenated words by their last part, plurals, regular verbs."""
    forms = [word]
    if "-" in word and not word.endswith("-"):
        forms.append(word.rsplit("-", 1)[1])
    if word.endswith("ies") and len(word) > 4:
        forms.append(word[:-3] + "y")
    if word.endswith("es") and len(word) > 4:
        forms.append(word[:-2])
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        forms.append(word[:-1])
    for ending in ("ed", "ing"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word.removesuffix(ending)
            forms += [stem, stem + "e"]
            if stem[-1] == stem[-2]:
                forms.append(stem[:-1])
            if ending == "ed" and stem.endswith("i"):
                forms.append(stem[:-1] + "y")
    return forms


_HEADS: tuple[tuple[str, Mapping[str, str], frozenset[str]], ...] = (
    ("animal", things.CHINESE_ANIMAL_HEADS, things.NOT_ANIMALS),
    ("place", places.CHINESE_HEADS, places.NOT_PLACES),
    ("thing", things.CHINESE_THING_HEADS, things.NOT_THINGS),
    ("role", ages.PERSON_NOUNS_ZH, ages.NOT_PERSON_NOUNS_ZH),
)
_WEATHER_HEADS = {"雨": "rain", "雪": "snow", "雾": "fog"}


def _chinese_candidates(tokens: Sequence[Token]) -> Iterator[tuple[int, int, Entry]]:
    known = table()
    for first in range(len(tokens)):
        found = False
        if tokens[first].norm == "人" and first and tokens[first - 1].tag[:1] in ("n", "z", "v", "x", "g"):
            began = next((k for k in (first - 2, first - 1) if k >= 0 and tokens[k].norm[:1] in TRADING), None)
            if began is not None and len("".join(t.norm for t in tokens[began:first])) > 1:
                yield began, first + 1, ("role", "merchant", False)
        for past in range(first + 1, min(first + MOST_TOKENS, len(tokens)) + 1):
            words = "".join(token.norm for token in tokens[first:past])
            for entry in known.get((words,), ()):
                found = found or past == first + 1
                yield first, past, entry
        token = tokens[first]
        if (
            not found
            and len(token.norm) > 1
            and token.tag[:1] in ("n", "s", "l", "t")
            and token.tag not in ("nr", "nrt")
        ):
            yield from ((first, first + 1, entry) for entry in _by_head(token.norm))


def _by_head(word: str) -> Iterator[Entry]:
    if word[-1] in _WEATHER_HEADS:
        yield ("weather", _WEATHER_HEADS[word[-1]], False)
    if any(c in "了着过" for c in word[1:-1]):
        return  # a verb with its object: 骑着马, 迷了路
    role = _role_of(word[1:]) if word[0] in "女男" else None
    if role is not None:
        yield ("role", role, False)
        return
    for kind, heads, stops in _HEADS:
        for size in (3, 2, 1):
            if len(word) > size and word[-size:] in heads and word not in stops and not _is_pet_name(word):
                yield (kind, heads[word[-size:]], False)
                break


def _is_pet_name(word: str) -> bool:
    """阿海 is somebody, 阿里山 is not."""
    return len(word) == 2 and word[0] == "阿"


def _role_of(word: str) -> str | None:
    return next((value for kind, value, _ in table().get((word,), ()) if kind == "role"), None)


TRADING = frozenset("卖养守放采赶修磨挑吹捏")
"""卖糖人, 养蜂人: a trade is what somebody does for others."""

ENGLISH_TOKEN = re.compile(r"[A-Za-zÀ-ɏ]+(?:[-'’][A-Za-zÀ-ɏ]+)*|\d+(?:[.,:]\d+)*|[^\w\s]|[\w]")
