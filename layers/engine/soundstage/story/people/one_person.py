"""Whether a name is of somebody who was only described until now: 'A boy with a fir branch came in. Jonas …'."""

import re
from collections.abc import Mapping, Sequence

from soundstage.models.story import Language
from soundstage.story.people.chinese_names import gender_of_chinese_name
from soundstage.story.people.english_names import age_of_name, gender_of_name
from soundstage.story.people.mentions import CHINESE_PRONOUNS, ENGLISH_PRONOUNS, Mention, Read
from soundstage.story.people.persons import GENERIC_ROLES, Person, Reference

_DESCRIBING = frozenset("with in who wearing carrying holding from".split())
_MEETING = re.compile(
    r"\b(?:knock\w*|rang|ask\w*|shout\w*|call\w*|threw|hit|kick\w*|push\w*|stole|met|saw|bumped|greeted|stopped)\b|"
    r"[敲喊问扔踢撞递偷叫遇]|打招呼|看见|见到"
)
"""What is done to somebody else, who may be named next."""
_OBJECTS = frozenset("him her them".split())
_BEFORE_OBJECTS = frozenset(
    "问 对 给 跟 和 看见 把 等 帮 向 叫 认识 扶 拉 追 救 骂 抱 请 找 望着 看着 还给 告诉 陪".split()
)


def described_before(
    reads: Sequence[Read], references: Sequence[Sequence[Reference]], mention: Mention, people: Mapping[int, Person]
) -> Person | None:
    """Who of the sentence before gets the name that ``mention`` is the first of; ``references``: up to that sentence.

    Nobody where the story sets the two apart: the one acts on the other, or both are in one sentence.
    """
    number = len(references)
    if not (mention.subject or (mention.possessive and mention.first == 0)):
        return None
    found = _latest(references, people, mention, reads[number])
    if found is None:
        return None
    person, told, at = found
    before = reads[at]
    if person.name or person.owner or person.first_person or person.animal or person.thing or told.kind != "noun":
        return None
    gender = gender_of(mention.key, reads[number].language)
    alone = all(
        people[who].animal or people[who].thing or who == person.number or not people[who].name
        for reference in references[at]
        for who in reference.people
    )
    if not alone or ("u" not in {gender, person.gender} and gender != person.gender):
        return None
    opening, described = at == 0, _is_described(before, told)
    alike = bool(person.age) and person.age == age_of_name(mention.key)
    titled = mention.key.split(maxsplit=1)[0].lower().rstrip(".") in ("mr", "mrs", "miss", "ms", "dr")
    if not (described or opening or alike) or (person.role not in GENERIC_ROLES and not (opening or alike)):
        return None
    if person.role not in GENERIC_ROLES and not (told.new or titled or alike):
        return None
    if at == number - 1 and _MEETING.search(before.sentence.text):
        return None
    return None if _set_apart(reads[number : number + 3], mention, person, described=described) else person


REACH = 4
"""Sentences back that somebody may have been described."""


def _latest(
    references: Sequence[Sequence[Reference]], people: Mapping[int, Person], mention: Mention, read: Read
) -> tuple[Person, Mention, int] | None:
    """The nameless one who acted last, by which noun, in which sentence; from further back only one of the same age."""
    for at in range(len(references) - 1, max(-1, len(references) - 1 - REACH), -1):
        for reference in reversed(references[at]):
            told = reference.mention
            if told.quoted or told.kind != "noun" or not told.subject or len(reference.people) != 1:
                continue
            person = people[reference.people[0]]
            if person.name or person.animal or person.thing:
                continue
            again = any(r.people == (person.number,) and r.mention.subject for r in references[-1])
            near = at == len(references) - 1 or again
            old = read.language == "en" and person.age and person.age == age_of_name(mention.key)
            return (person, told, at) if near or old else None
    return None


def gender_of(name: str, language: Language) -> str:
    return gender_of_chinese_name(name) if language == "zh" else gender_of_name(name)


def _is_described(read: Read, told: Mention) -> bool:
    if read.language == "zh":
        before = read.tokens[max(0, told.first - 7) : told.first]
        return any(token.norm in ("的", "着") or token.tag == "a" for token in before)
    return bool(set(read.norms(told.past, told.past + 1)) & _DESCRIBING) or told.past - told.first > 1


def _set_apart(after: Sequence[Read], mention: Mention, person: Person, *, described: bool) -> bool:
    for k, read in enumerate(after):
        noun = any(not m.quoted and m.value == person.role for m in read.of_kind("role"))
        named = any(name == mention.key for _, _, name in read.names)
        met = _acts_on_one_alike(read, mention.past if k == 0 else 0, person)
        if (k == 0 and (noun or met)) or (noun and (met or named or not described)):
            return True
    return False


def _acts_on_one_alike(read: Read, first: int, person: Person) -> bool:
    """'knew him', 问他: a pronoun of somebody like the person, that is no subject and owns nothing."""
    for at in range(first, len(read.tokens)):
        token = read.tokens[at]
        if token.quoted:
            continue
        if read.language == "zh":
            gender = CHINESE_PRONOUNS.get(token.norm, ("n", False))[0]
            owns = read.norms(at + 1, at + 2) == ["的"]
            alike = gender in ("m", "f") and person.gender in ("u", gender)
            if alike and not owns and read.norms(at - 1, at) and read.tokens[at - 1].norm in _BEFORE_OBJECTS:
                return True
        elif token.norm in _OBJECTS:
            gender = ENGLISH_PRONOUNS[token.norm][0]
            follows = read.tokens[at + 1] if at + 1 < len(read.tokens) else None
            owns = token.norm == "her" and follows is not None and follows.is_word and follows.norm not in _DESCRIBING
            if not owns and person.gender in ("u", gender):
                return True
    return False
