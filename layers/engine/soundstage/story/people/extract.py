"""All mentions of people and animals in a sentence, in their order, with what the grammar around them says."""

import re
from collections.abc import Iterator
from dataclasses import replace

from soundstage.story.people.age_words import AGE_ADJECTIVES, age_before
from soundstage.story.people.mentions import (
    CHINESE_PRONOUNS,
    ENGLISH_PRONOUNS,
    FIRST_PERSON,
    Gender,
    Mention,
    MentionKind,
    Read,
)
from soundstage.story.people.subjects import NOT_BEFORE_SUBJECT, OWNERS, is_subject
from soundstage.story.reading.lexicon import ADJECTIVES, Mark
from soundstage.story.words.roles import (
    FEMALE_GROUPS,
    FEMALE_NOUNS,
    MALE_NOUNS,
    OLD_NOUNS,
    ROLES,
    USUALLY_MEN,
    YOUNG_NOUNS,
)

INDEFINITE = frozenset("a an one another some".split())
SPEAKER_BEFORE = ADJECTIVES | AGE_ADJECTIVES | frozenset("the a an north south east west".split())
CLAUSE_OPENERS = frozenset(
    (
        "and but when while as then that because so until where who before after if once though although "
        "since or yet for which suddenly finally soon now there here once again later meanwhile instead only "
        "even just at last in the end"
    ).split()
)
QUANTIFIERS = (
    "一个",
    "一只",
    "一位",
    "一条",
    "一头",
    "一匹",
    "一名",
    "一群",
    "有个",
    "有只",
    "一对",
    "两个",
    "两只",
    "三个",
    "另一",
    "一棵",
)


_COUNTS = frozenset("两个 三个 四个 俩 两".split())
_KIN = frozenset("mother father brother sister son daughter wife husband aunt uncle friend".split())
"""老爸 and 小妹 are said of any age."""


NATURE_ZH = frozenset("风 太阳 月亮 云 雨 雪 雷 春 冬 大海 大地 大树 老树 小树".split())


def mentions_in(read: Read) -> list[Mention]:
    found = [*_names(read), *_nouns(read), *_speakers(read), *_pronouns(read)]
    found.sort(key=lambda m: (m.first, -(m.past - m.first), m.kind != "name"))
    kept: list[Mention] = []
    for mention in found:
        if kept and mention.first < kept[-1].past:
            continue
        kept.append(replace(mention, subject=is_subject(read, mention), quoted=read.tokens[mention.first].quoted))
    return kept


def _names(read: Read) -> Iterator[Mention]:
    for first, past, name in read.names:
        yield Mention("name", first, past, name, name, possessive=_is_possessive(read, past))


def _nouns(read: Read) -> Iterator[Mention]:
    named = {token for first, past, _ in read.names for token in range(first, past)}
    for mark in read.of_kind("role", "animal", "group"):
        if named.intersection(range(mark.first, mark.past)) or mark.first in read.pictured:
            continue
        if _is_food(read, mark) or _is_of_an_animal(read, mark) or _is_missing(read, mark):
            continue
        word = mark.text.lower()
        kind: MentionKind = "group" if mark.kind == "group" or _is_plural(read, mark) else "noun"
        gender, age = _gender_and_age(mark, word)
        first = _first_of_phrase(read, mark)
        owner = _owner(read, first)
        nature = read.tokens[mark.first - 1].norm if mark.first and read.language == "zh" else ""
        if kind == "noun" and nature in NATURE_ZH:  # 风伯伯, 太阳公公
            text = nature + mark.text
            yield Mention("noun", mark.first - 1, mark.past, text, nature, gender=gender, age="adult", thing=True)
            continue
        if age in ("adult", "") and not (mark.kind == "role" and mark.value in _KIN and read.language == "zh"):
            age = age_before(read, mark.first, mark.past) or age
        elif age == "child" and word in YOUNG_NOUNS and age_before(read, mark.first, mark.past) == "young":
            age = "young"  # 'the teenage apprentice'
        yield Mention(
            kind,
            first,
            mark.past,
            mark.text,
            mark.value,
            gender=gender,
            age=age,
            plural=kind == "group",
            new=_is_new(read, first, mark),
            possessive=_is_possessive(read, mark.past),
            owner=owner,
            animal=mark.kind == "animal",
        )


def _speakers(read: Read) -> Iterator[Mention]:
    for at, token in enumerate(read.tokens):
        kind = read.speakers.get(token.norm)
        if kind is None or (read.language == "en" and not (at and read.tokens[at - 1].norm in SPEAKER_BEFORE)):
            continue
        new = read.language == "en" and read.tokens[_first_adjective(read, at) - 1].norm in INDEFINITE
        thing = kind == "thing"
        compass = bool(at) and read.tokens[at - 1].norm in ("north", "south", "east", "west")
        first = at - compass
        text = " ".join(t.text for t in read.tokens[first : at + 1])
        if read.language == "en" and not compass:
            first = _first_adjective(read, at)
        age = "" if thing else age_before(read, at, at + 1)
        yield Mention("noun", first, at + 1, text, token.norm, age=age or "adult", new=new, thing=thing)


def _pronouns(read: Read) -> Iterator[Mention]:
    for at, token in enumerate(read.tokens):
        if read.language == "en":
            known = ENGLISH_PRONOUNS.get(token.norm if token.norm != "us" or token.text != "US" else "")
            if known is None:
                continue
            gender, plural, possessive = known
            if token.norm == "her":
                possessive = at + 1 < len(read.tokens) and _begins_noun(read, at + 1)
        else:
            if token.norm in _COUNTS and read.norms(at + 1, at + 2) == ["人"]:
                owns = _is_possessive(read, at + 2)
                yield Mention("pronoun", at, at + 2, token.norm + "人", "两人", plural=True, possessive=owns)
                continue
            chinese = CHINESE_PRONOUNS.get(token.norm)
            if chinese is None:
                continue
            gender, plural = chinese
            possessive = _is_possessive(read, at + 1)
        kind: MentionKind = "first" if token.norm in FIRST_PERSON else "pronoun"
        yield Mention(kind, at, at + 1, token.text, token.norm, gender=gender, plural=plural, possessive=possessive)


def _begins_noun(read: Read, at: int) -> bool:
    """After 'her': a noun, so that it is 'her lamp' and not 'saw her'."""
    token = read.tokens[at]
    if not token.is_word:
        return False
    return token.norm not in CLAUSE_OPENERS | NOT_BEFORE_SUBJECT | frozenset(
        "a an the his my up down away out off back".split()
    )


_HELPINGS = frozenset("piece plate bowl slice tin can bit pot dish".split())
_HELPINGS_ZH = ("块", "盘", "碗", "锅", "份", "串", "斤", "片", "口")


def _is_food(read: Read, mark: Mark) -> bool:
    """'A plate of fish', 一块鱼."""
    before = read.norms(mark.first - 2, mark.first)
    if mark.kind != "animal" or not before:
        return False
    if read.language == "zh":
        return before[-1].endswith(_HELPINGS_ZH) and before[-1][0] in "一二两三四五半几大小这那每"
    return before[-1] == "of" and before[0] in _HELPINGS


def _is_of_an_animal(read: Read, mark: Mark) -> bool:
    """'A baby seal', 'the mother hen'."""
    after = [m for m in read.of_kind("animal") if m.first == mark.past]
    return read.language == "en" and mark.kind == "role" and mark.value in _KIN | {"baby"} and bool(after)


def _is_missing(read: Read, mark: Mark) -> bool:
    """一条鱼也没有."""
    return read.language == "zh" and "".join(read.norms(mark.past, mark.past + 2)).startswith(("也没", "都没"))


def _gender_and_age(mark: Mark, word: str) -> tuple[Gender, str]:
    gender: Gender = "u"
    age = "adult"
    if mark.kind == "role":
        gender_letter, age, _ = ROLES[mark.value]
        if mark.value in USUALLY_MEN and not word.endswith(("man", "men", "夫", "翁", "汉", "boy")):
            gender_letter = "u"
        gender = "f" if gender_letter == "f" else "m" if gender_letter == "m" else "u"
    if word in FEMALE_NOUNS or word[:1] in "女母":
        gender = "f"
    elif word in MALE_NOUNS or word[:1] in "男":
        gender = "m"
    if word in OLD_NOUNS or (
        word[:1] == "老"
        and len(word) > 1
        and mark.kind == "role"
        and word not in ("老师", "老板", "老婆", "老公", "老爸", "老妈", "老板娘", "老友")
    ):
        age = "old"
    elif word in YOUNG_NOUNS or (word[:1] == "小" and mark.kind == "animal"):
        age = "child"
    elif word[:1] == "老" and mark.kind == "animal" and word not in ("老虎", "老鼠", "老鹰"):
        age = "old"
    if mark.kind == "group" and word in FEMALE_GROUPS:
        gender = "f"
    return gender, age


def _first_of_phrase(read: Read, mark: Mark) -> int:
    """Adjectives belong to the noun: 'the little old keeper'."""
    first = mark.first
    while first > 0 and read.language == "en" and read.tokens[first - 1].is_word:
        norm = read.tokens[first - 1].norm
        described = norm in ADJECTIVES | AGE_ADJECTIVES or any(
            m.kind in ("colour", "build") and m.past == first for m in read.marks
        )
        if not described:
            break
        first -= 1
    if read.language == "zh" and first > 0 and read.tokens[first - 1].norm in ("小", "老", "大"):
        first -= 1
    return first


def _first_adjective(read: Read, at: int) -> int:
    while at > 1 and read.tokens[at - 1].norm in ADJECTIVES | AGE_ADJECTIVES:
        at -= 1
    return at


def _is_plural(read: Read, mark: Mark) -> bool:
    if read.language == "en":
        last = read.tokens[mark.past - 1].norm
        singular = mark.value.split()[-1]
        if last in ("wolves", "mice", "geese", "oxen", "men", "women", "children", "sheep") and last != singular:
            return True
        return (
            last.endswith("s")
            and not last.endswith("ss")
            and last not in ("boss", "princess", "walrus")
            and singular != last
        )
    after = read.tokens[mark.past].norm if mark.past < len(read.tokens) else ""
    before = "".join(read.norms(mark.first - 2, mark.first))
    return (
        after == "们"
        or mark.text.endswith(("们", "群"))
        or re.search(r"[二两三四五六七八九十百千几][个位名只条头匹群]$", before) is not None
        or before.endswith(("一群", "几只", "许多", "几个", "两个", "三个", "两只", "三只", "群"))
    )


def _is_new(read: Read, first: int, mark: Mark) -> bool:
    if read.language == "en":
        return first > 0 and read.tokens[first - 1].norm in INDEFINITE
    clause = "".join(read.norms(max(first - 9, read.clause(first)[0]), mark.first))
    return any(word in clause for word in QUANTIFIERS) and "那一" not in clause and "这一" not in clause


def _owner(read: Read, first: int) -> str:
    if read.language == "en":
        if first == 0:
            return ""
        before = read.tokens[first - 1]
        if before.norm in OWNERS or before.text != before.text[: len(before.norm)]:
            return before.norm
        return ""
    before_norm = read.tokens[first - 1].norm if first else ""
    if before_norm == "的" and first > 1:
        named = any(past == first - 1 for _, past, _ in read.names)
        return read.tokens[first - 2].norm if named or read.tokens[first - 2].norm in CHINESE_PRONOUNS else ""
    return before_norm if before_norm in CHINESE_PRONOUNS else ""


def _is_possessive(read: Read, past: int) -> bool:
    if read.language == "en":
        token = read.tokens[past - 1]
        return len(token.norm) < len(token.text)
    return past < len(read.tokens) and read.tokens[past].norm == "的"
