"""What the story says people look like, and what is chosen where it says nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from soundstage.models.story import Appearance, Language
from soundstage.story.people.mentions import Mention, Read
from soundstage.story.people.persons import Cast, Person, Reference
from soundstage.story.reading.lexicon import Mark
from soundstage.story.words.dress import COAT_COLOURS, COLOURS, HAIR_COLOURS

GARMENT_COLOURS = (
    "#4a5568", "#6b4f3a", "#3f5f4a", "#5b4a72", "#7a3f3f", "#2f4f6b", "#8a7a4f", "#4f6b6b", "#6a5a5a", "#3a3f5c",
)  # fmt: skip
"""Muted, so that the accent is what one remembers."""
CHILDRENS_COLOURS = ("#5b7db1", "#c08a4e", "#6f9a5a", "#a06a8a", "#b9a04a")
"""Lighter: children are small, and often seen at night."""
SKIN = {"en": "#e2b48f", "zh": "#e8bf9a"}
"""One tone for a story: its people are mostly kin."""
_ROLE_GARMENTS = {
    "king": "robe", "queen": "dress", "princess": "dress", "knight": "armour", "wizard": "robe", "witch": "cloak",
    "monk": "robe", "astronaut": "uniform", "nurse": "uniform", "girl": "dress", "grandmother": "dress",
    "old woman": "dress", "mother": "dress", "student": "uniform", "hunter": "cloak", "prince": "cloak",
    "young woman": "dress", "sailor": "coat", "farmer": "shirt", "craftsman": "shirt", "merchant": "shirt",
}  # fmt: skip
_ROLE_HEADWEAR = {
    "king": "crown", "queen": "crown", "princess": "crown", "knight": "helmet", "wizard": "hat", "witch": "hat",
    "fisherman": "hat", "farmer": "hat", "sailor": "cap", "hunter": "hood", "astronaut": "helmet",
}  # fmt: skip
KINDS = ("headwear", "garment", "accent", "hair", "hairnoun", "build")


@dataclass
class Look:
    """What the words say of one person; colours by their English names."""

    said: dict[str, str] = field(default_factory=dict)
    colours: dict[str, str] = field(default_factory=dict)


def looks_of(cast: Cast, reads: Sequence[Read]) -> dict[int, Look]:
    """Of each person that the story describes, by number."""
    looks: dict[int, Look] = {}
    last: int | None = None
    for read, references in zip(reads, cast.references, strict=True):
        for mark in read.of_kind(*KINDS):
            if mark.quoted:
                continue
            who = _wearer(mark, references, last)
            if who is not None and not _is_other_use(read, mark):
                _note(looks.setdefault(who, Look()), read, mark)
        for reference in references:
            if reference.mention.animal and len(reference.people) == 1 and (coat := _coat(read, reference.mention)):
                looks.setdefault(reference.people[0], Look()).colours.setdefault("hair", coat)
            if reference.mention.subject and not reference.mention.quoted and len(reference.people) == 1:
                last = reference.people[0]
    return looks


def _coat(read: Read, mention: Mention) -> str | None:
    """Of an animal, by its own words: 'a white cat', 白猫."""
    colours = {
        mark.value for mark in read.of_kind("colour") if mention.first - 2 <= mark.first and mark.past <= mention.past
    }
    if read.language == "zh":
        colours |= {name for name, (character, _) in COLOURS.items() if character in mention.text}
    return next((colour for colour in sorted(colours) if colour in COAT_COLOURS), None)


def _wearer(mark: Mark, references: Sequence[Reference], last: int | None) -> int | None:
    before = [r for r in references if not r.mention.quoted and len(r.people) == 1 and r.mention.first < mark.first]
    return before[-1].people[0] if before else last


def _is_other_use(read: Read, mark: Mark) -> bool:
    """'A tall tree', 'a small boat', 'the long bow of a ship' are no looks."""
    if mark.kind != "build":
        return False
    after = {m.first for m in read.of_kind("role", "animal")} | {first for first, _, _ in read.names}
    if read.language == "en":
        described = any(mark.past <= first <= mark.past + 2 for first in after)
        predicate = bool(
            set(read.norms(mark.first - 3, mark.first)) & {"was", "is", "were", "so", "very"}
        ) and not _noun_follows(read, mark)
        return not (described or predicate)
    return mark.text in ("小", "大")


def _noun_follows(read: Read, mark: Mark) -> bool:
    return mark.past < len(read.tokens) and any(m.first == mark.past for m in read.of_kind("thing", "place"))


def _note(look: Look, read: Read, mark: Mark) -> None:
    part = "hair" if mark.kind == "hairnoun" else mark.kind
    if mark.kind != "hairnoun":
        look.said.setdefault(part, mark.value)
    elif "beard" in mark.text.lower() or "胡" in mark.text:
        look.said.setdefault("beard", "beard")
    colour = _colour_of(read, mark)
    if colour is not None:
        look.colours.setdefault(part, colour)


def _colour_of(read: Read, mark: Mark) -> str | None:
    """The colour right before the noun, or inside it (红围巾); after it where it is said so ('her hair was red')."""
    for name, (character, _) in COLOURS.items():
        if read.language == "zh" and character in mark.text:
            return name
    reach = 3
    near = [m for m in read.of_kind("colour") if mark.first - reach <= m.first < mark.first and m.past <= mark.first]
    if near:
        between = read.norms(near[-1].past, mark.first)
        if not any(word in ("and", "with", ",", "，", "、", "和") for word in between):
            return near[-1].value
    if mark.kind == "hairnoun":
        after = [m for m in read.of_kind("colour") if 0 <= m.first - mark.past <= 3]
        if after and (
            read.language == "zh" or set(read.norms(mark.past, after[0].first)) & {"was", "were", "is", "as"}
        ):
            return after[0].value
    return None


ACCENTS = ("scarf", "collar", "bag", "belt")
"""In turn, so that not everybody wears a scarf."""


def appearance_of(person: Person, look: Look, language: Language, number: int) -> tuple[Appearance, str | None]:
    """How they are drawn, and the accent's colour if the story says it. The accent of the result is a placeholder."""
    said, colours = look.said, look.colours
    given: dict[str, str] = {}
    female, child = person.gender == "f", person.age == "child"
    given["garment"] = (
        said.get("garment")
        or _ROLE_GARMENTS.get(person.role)
        or ("dress" if female and not said else "shirt" if number % 2 and not female else "coat")
    )
    given["headwear"] = said.get("headwear") or _ROLE_HEADWEAR.get(person.role, "none")
    given["hair"] = said.get("hair") or (
        "braids" if female and child else "bun" if female and person.age == "old" else "long" if female else "short"
    )
    given["accent"] = said.get("accent") or (
        "ribbon" if female and child else "belt" if given["garment"] in ("armour", "robe") else ACCENTS[number % 4]
    )
    if person.animal:
        given["accent"] = said.get("accent", "scarf")
    clothes = CHILDRENS_COLOURS if child and not person.animal else GARMENT_COLOURS
    given["garment_colour"] = _hex(colours.get("garment")) or clothes[number % len(clothes)]
    hair = colours.get("hair")
    if person.animal:
        if hair is not None and hair in COAT_COLOURS:
            given["hair_colour"] = COAT_COLOURS[hair]
    elif hair is not None and hair in HAIR_COLOURS:
        given["hair_colour"] = HAIR_COLOURS[hair]
    elif person.age == "old":
        given["hair_colour"] = "#c9c6c2"
    elif language == "zh":
        given["hair_colour"] = "#221d1e"
    if said.get("build"):
        given["build"] = said["build"]
    given["skin_colour"] = SKIN[language]
    return Appearance.model_validate(given), _hex(colours.get("accent"))


def _hex(colour: str | None) -> str | None:
    return COLOURS[colour][1] if colour else None
