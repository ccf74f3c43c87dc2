"""People of a story while it is read, and whether a noun or a pronoun can be theirs."""

from dataclasses import dataclass, field

from soundstage.story.people.english_names import gender_of_name
from soundstage.story.people.mentions import Gender, Mention, Read
from soundstage.story.words.names import SURNAMES, TITLES_OF_MEN, TITLES_OF_WOMEN
from soundstage.story.words.roles import ROLES

GENERIC_ROLES = frozenset(
    {"girl", "boy", "child", "woman", "man", "old woman", "old man", "young woman", "young man", "hero", "friend"}
)
"""What one also is whose name is known: 'the girl' may be anybody who is a girl."""


BROADER = {"man": frozenset({"old man", "young man"}), "woman": frozenset({"old woman", "young woman"})}
"""'An old man came in … The man sat down.'"""


@dataclass
class Person:
    """Somebody of the story, while it is read."""

    number: int
    name: str = ""
    words: set[str] = field(default_factory=set)
    """Everything that they are called."""
    role: str = ""
    species: str = ""
    thing: str = ""
    gender: Gender = "u"
    age: str = ""
    first_person: bool = False
    seen: list[int] = field(default_factory=list)
    """Sentences that mention them outside of speech."""
    subjects: int = 0
    addressed: int = 0
    """Times somebody spoke to them by their noun."""
    owner: str = ""
    article: str = ""

    @property
    def animal(self) -> bool:
        return bool(self.species)


@dataclass(frozen=True)
class Reference:
    """A mention and who is meant."""

    mention: Mention
    people: tuple[int, ...]


@dataclass
class Cast:
    people: list[Person]
    references: list[list[Reference]]
    """Of each sentence."""


def doers_of_clause(read: Read, mention: Mention, before: list[Reference]) -> set[int]:
    """Who 'him' cannot be: 'The wolf saw him' is of somebody else."""
    if mention.subject or mention.possessive or mention.key.endswith("self"):
        return set()
    clause = read.clause(mention.first, parts=True)
    return {who for r in before if r.mention.subject and r.mention.first in clause for who in r.people}


def is_addressed(read: Read, mention: Mention) -> bool:
    """'asked the goat', 对妻子说."""
    if mention.quoted or mention.possessive or mention.kind != "noun" or mention.plural:
        return False
    before = read.norms(mention.first - 3, mention.first)
    if read.language == "zh":
        return bool(set(before[-1:]) & {"对", "向", "跟", "问", "告诉"}) and bool(read.of_kind("speech"))
    return bool(set(before) & {"to", "asked", "told"}) and bool(read.of_kind("speech"))


OLD_TITLES = ("爷爷", "奶奶", "婆婆", "大爷", "公公", "老爷爷", "老奶奶")


def surname_of(name: str) -> str:
    """周 of 老周 and 周爷爷."""
    rest = name[1:] if name[0] == "老" else name
    return rest[0] if rest and rest[0] in SURNAMES and (name[0] == "老" or name.endswith(OLD_TITLES)) else ""


def is_titled_form(titled: str, full: str) -> bool:
    """苏博士 is 苏晴: a family name with a title, and a name of that family without one."""
    work = (
        "博士",
        "老师",
        "医生",
        "教授",
        "队长",
        "船长",
        "校长",
        "警官",
        "护士",
        "老板",
        "经理",
        "师傅",
        "同学",
        "先生",
        "小姐",
    )
    plain = not full.endswith((*work, *OLD_TITLES)) and len(full) > 1 and full[0] not in "小老阿"
    return titled.endswith(work) and len(titled) == 3 and titled[0] == full[0] and titled[0] in SURNAMES and plain


def is_titled(own: list[str], other: list[str]) -> bool:
    """Mr. Finch and Harold Finch."""
    titled = TITLES_OF_MEN | TITLES_OF_WOMEN | {"dr", "doctor", "professor"}
    return any(words[0].lower().rstrip(".") in titled for words in (own, other) if len(words) > 1)


def agrees(person: Person, mention: Mention) -> bool:
    if mention.gender == "n":
        return (person.animal and person.gender in ("u", "n")) or (
            not person.role and not person.name and not person.animal
        )
    if mention.gender == "u":
        return True
    return person.gender in ("u", mention.gender) and (person.gender != "u" or True)


def fits(person: Person, mention: Mention) -> bool:
    """Whether the noun can be a further word for this person."""
    if mention.animal:
        listed = gender_of_name(person.name) != "u" if person.name.isascii() else True
        told = person.role or person.species or person.thing or person.gender != "u" or person.first_person
        return bool(person.name) and not listed and not told
    if person.animal or person.first_person:
        return False
    if person.gender not in ("u", mention.gender) and mention.gender != "u":
        return False
    if person.role in BROADER.get(mention.key, ()) and mention.age == "adult":
        return True
    if person.role and person.role not in GENERIC_ROLES:
        _, age, _ = ROLES.get(person.role, ("u", "adult", ""))
        if mention.key in ("girl", "boy", "child") and age in ("adult", "old"):
            return False
        if mention.key in ("old man", "old woman") and age != "old":
            return False
    if (
        person.age
        and mention.age in ("child", "old")
        and person.age not in (mention.age, "adult", "young")
        and person.role
    ):
        return False
    return not (person.role in GENERIC_ROLES and mention.age != ROLES[person.role][1])
