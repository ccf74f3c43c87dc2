"""How old somebody is where no noun says so: 'seven years old', 八岁, and children by their parents and school."""

import itertools
import re
from collections.abc import Sequence

from soundstage.story.people.age_words import age_before, ages_told
from soundstage.story.people.mentions import Read
from soundstage.story.people.naming import CALLED
from soundstage.story.people.persons import Cast, Person, Reference
from soundstage.story.people.speaking import is_thing
from soundstage.story.words.names import TITLES_OF_MEN, TITLES_OF_WOMEN

CHILD_BELOW, YOUNG_BELOW, OLD_FROM = 13, 21, 60
_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen"
).split()
_COUNT = rf"\d{{1,3}}|{'|'.join(_NUMBERS)}"
_ENGLISH = re.compile(
    rf"\b({_COUNT})(?: years? old|-year-old)|"
    rf"\b(?:was|turned|am|is) ({_COUNT})(?=[ ,.]*(?:when|the summer|that|and|,|\.))"
)
_CHINESE = re.compile(r"(\d{1,3}|[一二三四五六七八九十]{1,3})(?:多)?岁")
_DIGITS = {c: k for k, c in enumerate("零一二三四五六七八九")}
_WORK = re.compile(
    r"\b(?:wife|husband|married|office|boss|my son|my daughter|retired|detective|commander|captain)\b|"
    r"妻子|丈夫|结婚|上班|退休|儿子|女儿"
)
_SCHOOL = re.compile(
    r"\b(?:school|classroom|homework|toys?|teacher|playground|kindergarten|"
    r"grandma|grandpa|grandmother|grandfather)\b|学校|上学|教室|作业|幼儿园|老师|同学|小时候|奶奶|爷爷|外婆|放学"
)
_CLASS = re.compile(
    r"\b(?:(?:her|his|the|my) class|classroom|school|homework|classmates?|playground)\b|"
    r"教室|学校|同学|上课|放学|同桌|班上"
)
_HIGH_SCHOOL = re.compile(r"\b(?:college|university|high school|exams?)\b|高考|高中|大学|中考")
GROWN_UP = (
    "老师",
    "阿姨",
    "叔叔",
    "先生",
    "太太",
    "医生",
    "师傅",
    "校长",
    "教授",
    "奶奶",
    "爷爷",
    "伯伯",
    "大爷",
    "大妈",
)
_CHILDHOOD = re.compile(r"\bwhen i was (?:a child|little|small|young)\b|小时候")


def guess_ages(cast: Cast, reads: Sequence[Read]) -> None:
    """Sets ``age`` of people whose age nothing has told."""
    text = " ".join(read.sentence.text for read in reads).lower()
    working = bool(_WORK.search(text))
    childlike = bool(_SCHOOL.search(text)) and not working
    for read, references in zip(reads, cast.references, strict=True):
        subjects = [
            cast.people[r.people[0]] for r in references if r.mention.subject and not r.mention.quoted and r.people
        ]
        told = _age_in(read)
        if told and subjects:
            subjects[0].age = told
        _described(cast, read, references)
        _things_by_name(cast, read, references)
        if _CHILDHOOD.search(read.sentence.text.lower()):
            for person in subjects:
                if person.first_person:
                    person.age = person.age or "child"
    _children_by_name(cast, reads)
    text_of_school = bool(_CLASS.search(text)) and not _WORK.search(text)
    young = bool(_HIGH_SCHOOL.search(text))
    for person in cast.people:
        if (
            text_of_school
            and person.name
            and not (person.age or person.role or person.species or _is_titled(person.name))
        ):
            person.age = "young" if young else "child"
    parents = {"mother", "father", "grandmother", "grandfather", "teacher"}
    for number, person in enumerate(cast.people):
        if person.age or person.role or person.species or person.thing:
            continue
        if (person.name and _is_titled(person.name)) or _trades(cast, number, reads):
            continue
        child = childlike and _has_elder(cast, number, parents, reads)
        if child or (not working and _is_with_grandparent(cast, number, reads)):
            person.age = "child"


def _described(cast: Cast, read: Read, references: Sequence[Reference]) -> None:
    """'Elsa, an ancient seamstress', 'He was very old', 'a little sweep named Pip'."""
    for reference in references:
        mention = reference.mention
        if mention.kind == "name" and not mention.quoted and len(reference.people) == 1:
            first, past = _noun_of_name(read, mention.first, mention.past)
            _grow(cast.people[reference.people[0]], age_before(read, first, past) if past > first else "")
    for at, age in ages_told(read):
        before = [
            r for r in references
            if r.mention.past <= at and not r.mention.possessive and not r.mention.quoted and len(r.people) == 1
        ]  # fmt: skip
        if before:
            _grow(cast.people[before[-1].people[0]], age)


def _things_by_name(cast: Cast, read: Read, references: Sequence[Reference]) -> None:
    """'a teapot named Polly', '一滴小水珠，名叫点点': somebody who is a thing."""
    norms = [token.norm for token in read.tokens]
    for reference in references:
        mention, person = reference.mention, cast.people[reference.people[0]]
        at = mention.first - 1
        if mention.kind != "name" or person.role or person.species or person.thing or at < 1:
            continue
        if norms[at] not in CALLED:
            continue
        while at > 0 and (norms[at] in CALLED or norms[at] in ("，", ",", "他", "她", "它", "who", "was")):
            at -= 1
        word = norms[at] if read.language == "en" else norms[at].removeprefix("小")
        if is_thing(word):
            person.thing, person.age = word, "child" if "小" in norms[max(0, at - 1) : at + 1] else person.age


def _grow(person: Person, age: str) -> None:
    if age and person.age in ("", "adult") and not person.thing:
        person.age = age


def _noun_of_name(read: Read, first: int, past: int) -> tuple[int, int]:
    """Tokens of the noun that a name explains: before 'named' or a comma, or after 'Elsa, a'; may be none."""
    norms = [token.norm for token in read.tokens]
    if read.language == "zh":
        return first, first + 1
    if first > 1 and norms[first - 1] in ("named", "called"):
        begin = first - 2
        while (
            begin > 0
            and read.tokens[begin - 1].is_word
            and age_before(read, begin, begin + 1) == ""
            and first - begin < 4
        ):
            begin -= 1
        return begin if age_before(read, begin, begin + 1) else first - 2, first - 1
    if norms[past : past + 1] == [","] and norms[past + 1 : past + 2] in (["a"], ["an"], ["the"]):
        end = past + 2
        while end < len(norms) and read.tokens[end].is_word and norms[end] not in _AFTER_NOUN and end < past + 7:
            end += 1
        return end - 1, end
    if first > 1 and norms[first - 1] == "," and norms[past : past + 1] in ([","], ["."]):
        return first - 2, first - 1
    return first, first


_AFTER_NOUN = frozenset("with of from in who that whose and was is named called at on by to".split())


def _children_by_name(cast: Cast, reads: Sequence[Read]) -> None:
    """'Two children, Finn and Maeve,'"""
    for read, references in zip(reads, cast.references, strict=True):
        for mark in read.of_kind("group", "role"):
            if mark.text.lower() not in CHILDREN or read.norms(mark.past, mark.past + 1) not in ([","], ["，"]):
                continue
            for reference in references:
                if reference.mention.kind == "name" and 0 < reference.mention.first - mark.past <= 6:
                    person = cast.people[reference.people[0]]
                    person.age = person.age or "child"


CHILDREN = frozenset("children boys girls brothers sisters twins kids 孩子 孩子们 小朋友 双胞胎 兄弟俩 姐妹俩".split())


_RANKS = frozenset("dr professor doctor captain nurse judge sergeant inspector chef colonel uncle aunt".split())


def _is_titled(name: str) -> bool:
    title = name.split(maxsplit=1)[0].lower().rstrip(".")
    return title in TITLES_OF_MEN | TITLES_OF_WOMEN | _RANKS or name.endswith(GROWN_UP)


def _has_elder(cast: Cast, number: int, elders: set[str], reads: Sequence[Read]) -> bool:
    """'his mother', where 'his' is this person."""
    for read, references in zip(reads, cast.references, strict=True):
        if _OF_THE_PAST.search(read.sentence.text.lower()):
            continue
        for before, now in itertools.pairwise(references):
            elder = len(now.people) == 1 and cast.people[now.people[0]].role in elders
            if elder and now.mention.owner and before.people == (number,) and before.mention.possessive:
                return True
    return False


_GROWN_DOING = re.compile(
    r"\b(?:drove|drives|driving|worked as|works as|at work|from work|her job|his job|grown(?:-| )up)\b|"
    r"下班|开车|工作|打工|当兵|长大(?:了|后|以后|成人)"
)
_GRANDPARENTS = {"grandmother", "grandfather"}
_OF_THE_PAST = re.compile(
    r"\b(?:remember\w*|thought of|inherit\w*|died|grave|funeral|had (?:left|given|built|taught)|late grand\w+)\b|"
    r"想起|想念|记得|怀念|去世|坟|留下|传下|遗像|生前"
)
"""What a grandparent is then is a memory."""


def _trades(cast: Cast, number: int, reads: Sequence[Read]) -> bool:
    """Whether somebody is told to drive, to work or to have grown up."""
    return any(
        _GROWN_DOING.search(read.sentence.text.lower())
        for read, references in zip(reads, cast.references, strict=True)
        if any(number in r.people for r in references)
    )


def _is_with_grandparent(cast: Cast, number: int, reads: Sequence[Read]) -> bool:
    """Whether they do things with a grandparent of theirs: 她和爷爷在院子里, 'Peter and his grandma baked a pie'."""
    if cast.people[number].first_person:
        return False
    for read, references in zip(reads, cast.references, strict=True):
        plain = [r for r in references if not r.mention.quoted]
        if _OF_THE_PAST.search(read.sentence.text.lower()):
            continue
        for k, elder in enumerate(plain):
            mention = elder.mention
            role = cast.people[elder.people[0]].role if len(elder.people) == 1 else ""
            if role not in _GRANDPARENTS or mention.new or mention.text.startswith("老") or mention.kind == "name":
                continue
            if mention.possessive and not set(read.norms(mention.past, mention.past + 3)) & {"hand", "arm", "手", "身"}:
                continue
            with_them = next((r for r in plain[:k] if number in r.people), None)
            others = {who for r in plain[:k] if r.mention.kind != "pronoun" for who in r.people} - {number}
            if with_them is not None and not others:
                return True
    return False


def _age_in(read: Read) -> str:
    match = (
        _CHINESE.search(read.sentence.text) if read.language == "zh" else _ENGLISH.search(read.sentence.text.lower())
    )
    if match is None:
        return ""
    years = _years(next(group for group in match.groups() if group))
    return (
        "child" if years < CHILD_BELOW else "young" if years < YOUNG_BELOW else "old" if years >= OLD_FROM else "adult"
    )


def _years(words: str) -> int:
    if words.isdigit():
        return int(words)
    if words in _NUMBERS:
        return _NUMBERS.index(words) + 1
    tens, _, ones = words.rpartition("十")
    if "十" not in words:
        return _DIGITS.get(words[-1], 0)
    return 10 * (_DIGITS.get(tens, 1) if tens else 1) + (_DIGITS.get(ones, 0) if ones else 0)


__all__ = ["Person", "guess_ages"]
