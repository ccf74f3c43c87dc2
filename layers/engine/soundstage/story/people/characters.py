"""Those of the story's people who matter as characters of the storyboard, with how they look and are called."""

from collections.abc import Mapping, Sequence

from soundstage.models.story import Appearance, Character, Language, Relationship
from soundstage.story.people.accents import accents
from soundstage.story.people.appearance import Look, appearance_of, looks_of
from soundstage.story.people.english_names import plain_name
from soundstage.story.people.identity import identity_of
from soundstage.story.people.mentions import CHINESE_PRONOUNS, ENGLISH_PRONOUNS, Read
from soundstage.story.people.persons import Cast, Person
from soundstage.story.reading.lexicon import table
from soundstage.story.words.roles import ROLES, USUALLY_MEN
from soundstage.story.words.things import ACTORS, FANTASTIC

MOST_CHARACTERS = 24
"""More than a story of 5,000 characters can tell apart."""
_KIN = frozenset(
    {
        "grandmother",
        "grandfather",
        "mother",
        "father",
        "brother",
        "sister",
        "son",
        "daughter",
        "wife",
        "husband",
        "aunt",
        "uncle",
    }
)


def characters_of(cast: Cast, reads: Sequence[Read], language: Language) -> dict[int, Character]:
    """Person's number → character, in the order of their first appearance."""
    looks = looks_of(cast, reads)
    chosen = sorted((p for p in cast.people if _matters(p)), key=lambda p: (-len(p.seen) - 2 * p.subjects, p.number))
    chosen = sorted(chosen[:MOST_CHARACTERS], key=lambda p: (p.seen[0] if p.seen else 0, p.number))
    drawn = [appearance_of(p, looks.get(p.number, Look()), language, k) for k, p in enumerate(chosen)]
    colours = accents([accent for _, accent in drawn], [look.garment_colour for look, _ in drawn])
    found: dict[int, Character] = {}
    for number, (person, (look, _), colour) in enumerate(zip(chosen, drawn, colours, strict=True), 1):
        appearance = look.model_copy(update={"accent_colour": colour})
        found[person.number] = _character(f"c{number}", person, appearance, looks.get(person.number, Look()), language)
    return _related(found, cast)


def _matters(person: Person) -> bool:
    if not person.words or (not person.seen and not person.name):
        return False
    return bool(person.name or person.first_person or person.subjects or person.addressed or len(person.seen) > 1)


def _character(id_: str, person: Person, appearance: Appearance, look: Look, language: Language) -> Character:
    name = _name(person, language)
    kind = "person"
    if person.species:
        kind = "creature" if person.species in FANTASTIC else "animal"
    elif person.thing:
        kind = "thing"
    age = person.age or "adult"
    words = sorted(word for word in person.words if word != name)
    character = Character.model_validate(
        {
            "id": id_,
            "name": name,
            "aliases": words[:12],
            "kind": kind,
            "species": person.species or (drawn_as(person.thing) if person.thing else None),
            "age": age,
            "gender": "male"
            if person.gender == "u" and person.role in USUALLY_MEN
            else {"f": "female", "m": "male"}.get(person.gender, "unknown"),
            "appearance": appearance,
        }
    )
    return character.model_copy(
        update={"identity": identity_of(character, person.role or person.thing, look, language)}
    )


def drawn_as(word: str) -> str | None:
    """The painter's noun for a thing that acts; None where it draws none."""
    acting = next((name for name, words in ACTORS.items() if word.replace(" ", "_") in words.split()), None)
    return acting or next((value for kind, value, _ in table().get((word,), ()) if kind == "thing"), None)


def _name(person: Person, language: Language) -> str:
    if person.name:
        return (plain_name(person.name) if language == "en" else person.name)[:80]
    if person.first_person:
        return "I" if language == "en" else "我"
    if person.words <= {"he", "she", "他", "她", "you", "你"}:
        return min(person.words)
    words = [w for w in person.words if w.lower() not in ENGLISH_PRONOUNS and w not in CHINESE_PRONOUNS]
    role = person.role or person.species or person.thing
    own = [w for w in words if w.lower() == role] or sorted(words, key=lambda w: (-len(w), w))
    word = own[0] if own else role or ("someone" if language == "en" else "有人")
    if language == "en":
        kin = role in _KIN
        return word[:1].upper() + word[1:] if kin and person.owner in ("", "my") else f"the {word.lower()}"[:80]
    return word[:80]


def _related(found: Mapping[int, Character], cast: Cast) -> dict[int, Character]:
    """Family by possessives: 'her grandmother' is the grandmother of who 'her' is."""
    related = dict(found)
    for number in found:
        person = cast.people[number]
        if person.role not in _KIN or not person.owner:
            continue
        other = _owner_of(person, cast)
        if other is None or other not in found or other == number:
            continue
        label = person.role
        relationship = Relationship(to=found[other].id, type="family", label=label, intensity=8)
        related[number] = related[number].model_copy(update={"relationships": [relationship]})
    return related


def _owner_of(person: Person, cast: Cast) -> int | None:
    for references in cast.references:
        for k, reference in enumerate(references):
            if reference.people == (person.number,) and reference.mention.owner and k > 0:
                before = references[k - 1]
                if len(before.people) == 1 and before.mention.possessive:
                    return before.people[0]
    return None


__all__ = ["ROLES", "characters_of"]
