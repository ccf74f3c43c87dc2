"""People of whom a story tells at two ages: 'I was nine … Forty years later', 二十年后."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from soundstage.models.story import Character, Language, PartId, Relationship
from soundstage.story.people.appearance import Look
from soundstage.story.people.identity import identity_of
from soundstage.story.people.mentions import Read
from soundstage.story.people.persons import Cast

SAME = "the same person, years later"
"""Label of the relationship of the older one to the younger one."""
_WORDS = {
    "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "many": 25, "seventy": 70,
}  # fmt: skip
_LATER = re.compile(
    rf"\b(?:(\d+|{'|'.join(_WORDS)})(?:-\w+)? years (?:later|after|on|passed|went by|had passed|have passed)\b)|"
    r"\b(years later|when (?:i|he|she) (?:was|had) grown(?: up)?|now that (?:i|he|she) (?:am|is|was) grown|"
    r"when (?:i|he|she) grew up)\b"
)
_LATER_ZH = re.compile(
    r"([一二三四五六七八九十\d]+|多|许多|很多|好多)年(?:以后|之后|过后|后|过去了?)|长大(?:以后|之后|后|成人)"
)
_DIGITS = {c: k for k, c in enumerate("零一二三四五六七八九")}
Age = Literal["child", "young", "adult", "old"]
_YEARS: dict[str, int] = {"child": 9, "young": 17, "adult": 35, "old": 68}


def years_passed(read: Read) -> int:
    """How many years a sentence leaps ahead; 0: none."""
    text = read.sentence.text
    if any(token.quoted for token in read.tokens[:1]):
        return 0
    if read.language == "en":
        match = _LATER.search(text.lower())
        if match is None:
            return 0
        return 25 if match[1] is None else _WORDS.get(match[1]) or int(match[1])
    match = _LATER_ZH.search(text)
    if match is None:
        return 0
    return _number(match[1]) if match[1] else 20


def _number(words: str) -> int:
    if words.isdigit():
        return int(words)
    tens, ten, ones = words.partition("十")
    if ten:
        return 10 * (_DIGITS.get(tens, 1) if tens else 1) + _DIGITS.get(ones, 0)
    return _DIGITS.get(words, 25)


def older_age(age: str, years: int) -> Age:
    """The age that somebody has so many years later."""
    then = _YEARS[age] + years
    return "child" if then < 13 else "young" if then < 21 else "adult" if then < 60 else "old"


def grown_up(
    characters: Mapping[int, Character], cast: Cast, reads: Sequence[Read], language: Language
) -> tuple[dict[int, Character], int]:
    """Who is seen older after the story's leap in time, by person; and the first sentence after it (0: no leap)."""
    leap = next((k for k, read in enumerate(reads) if k and years_passed(read) >= 3), 0)
    if not leap:
        return {}, 0
    grown: dict[int, Character] = {}
    for number, character in characters.items():
        seen = cast.people[number].seen
        age = older_age(character.age, years_passed(reads[leap]))
        if character.kind != "person" or age == character.age or not seen or min(seen) >= leap or max(seen) < leap:
            continue
        id_: PartId = f"c{len(characters) + len(grown) + 1}"
        looks = character.appearance
        if age == "old":
            looks = looks.model_copy(update={"hair_colour": "#c9c6c2"})
        if looks.hair == "braids":
            looks = looks.model_copy(update={"hair": "long"})
        if looks.accent == "ribbon":
            looks = looks.model_copy(update={"accent": "scarf"})
        older = character.model_copy(
            update={
                "id": id_,
                "name": f"{character.name}（长大后）" if language == "zh" else f"{character.name}, years later",
                "age": age,
                "appearance": looks,
                "relationships": [Relationship(to=character.id, type="custom", label=SAME, intensity=10)],
            }
        )
        role = cast.people[number].role
        grown[number] = older.model_copy(update={"identity": identity_of(older, role, Look(), language)})
    return grown, leap if grown else 0


def is_same_person(one: Character, other: Character) -> bool:
    """Whether one of them is the other one, years later."""
    return any(r.label == SAME and r.to == b.id for a, b in ((one, other), (other, one)) for r in a.relationships)
