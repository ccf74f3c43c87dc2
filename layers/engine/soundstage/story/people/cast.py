"""The people of a story: every mention is given to somebody, pronouns and 'the girl' included."""

from collections.abc import Sequence

from soundstage.models.story import Language
from soundstage.story.people.chinese_names import gender_of_chinese_name
from soundstage.story.people.english_names import age_of_name, gender_of_name, plain_name
from soundstage.story.people.extract import mentions_in
from soundstage.story.people.groups import HOW_MANY, TWO, is_brought_in
from soundstage.story.people.mentions import CHINESE_PRONOUNS, Gender, Mention, Read
from soundstage.story.people.naming import (
    YOU,
    addressee,
    beside,
    calls_on,
    introduction,
    is_said_to_be,
    only_written,
    self_introduction,
)
from soundstage.story.people.one_person import described_before
from soundstage.story.people.persons import (
    BROADER,
    GENERIC_ROLES,
    OLD_TITLES,
    Cast,
    Person,
    Reference,
    agrees,
    doers_of_clause,
    fits,
    is_addressed,
    is_titled,
    is_titled_form,
    surname_of,
)
from soundstage.story.words.names import SURNAMES

_UNNAMED = frozenset({"he", "she", "他", "她"})
FADING = 0.5
"""Of how present somebody is in the reader's mind, from sentence to sentence (chosen on the twenty stories)."""


class _Resolver:
    def __init__(self, reads: Sequence[Read], language: Language) -> None:
        self.reads, self.language = reads, language
        self.people: list[Person] = []
        self.by_word: dict[str, Person] = {}
        self.salience: dict[int, float] = {}
        self.last_group: tuple[int, ...] = ()
        self.last_subject: int | None = None
        self.addressee: Person | None = None
        self.references: list[list[Reference]] = []

    def resolve(self) -> Cast:
        references = self.references
        to = addressee(self.reads)
        if to is not None:
            self.addressee = self._named(to) if to else self._new()
            self.addressee.words.add("you" if self.language == "en" else "你")
        for number, read in enumerate(self.reads):
            references.append(self._sentence(number, read))
            self.salience = {who: value * FADING for who, value in self.salience.items()}
        return Cast(self.people, references)

    # One sentence ----------------------------------------------------------------------------------------------------

    def _sentence(self, number: int, read: Read) -> list[Reference]:
        found: list[Reference] = []
        for mention in mentions_in(read):
            people = self._meant(read, mention, found)
            called = people == [self.addressee] and mention.kind == "name" and calls_on(read) and not found
            if not people or called:
                continue
            found.append(Reference(mention, tuple(person.number for person in people)))
            for person in people:
                self._seen(number, person, mention)
                person.addressed += is_addressed(read, mention)
        subjects = [r for r in found if r.mention.subject and not r.mention.quoted]
        if subjects:
            self.last_subject = subjects[-1].people[0]
        together = {who for r in subjects for who in r.people}
        if len(together) > 1:
            self.last_group = tuple(sorted(together))
        return found

    def _seen(self, number: int, person: Person, mention: Mention) -> None:
        if mention.quoted:
            return
        if not mention.possessive:
            person.seen.append(number)
        person.subjects += mention.subject
        weight = 3.0 if mention.subject else 0.8 if mention.possessive else 1.5
        self.salience[person.number] = max(self.salience.get(person.number, 0.0), 0.0) * 0.5 + weight

    def _meant(self, read: Read, mention: Mention, before: list[Reference]) -> list[Person]:
        beast = self._animal_called(read, mention)
        if beast is not None:
            beast.name = beast.name or mention.text
            beast.words.add(mention.text)
            self.by_word[mention.text if mention.kind == "name" else mention.text.lower()] = beast
            return [beast]
        if mention.kind == "name":
            if mention.key not in self.by_word and only_written(read, mention):
                return []
            given = self._introduced(read, mention, before)
            if given is None and mention.key not in self.by_word and not mention.quoted:
                given = described_before(self.reads, self.references, mention, dict(enumerate(self.people)))
            return [self._named(mention.key, given)]
        if mention.kind == "noun":
            person = self._noun(read, mention, before)
            return [person] if person else []
        if mention.quoted:
            return []
        if mention.kind == "first":
            return self._first_person(mention)
        if mention.kind == "group" or mention.plural:
            return self._several(mention, read)
        if mention.key in YOU:
            return [self.addressee] if self.addressee is not None else []
        person = self._pronoun(read, mention, before)
        return [person] if person else []

    def _animal_called(self, read: Read, mention: Mention) -> Person | None:
        """'"Captain!" he cried. The dog jumped': the animal that comes when it is called."""
        after, number = read.norms(mention.past, mention.past + 1), len(self.references) + 1
        if read.language != "en" or not mention.quoted or after != ["!"] or number >= len(self.reads):
            return None
        following = self.reads[number]
        first = next((m for m in following.of_kind("animal") if m.first == 1 and not m.quoted), None)
        known = self.by_word.get(first.text.lower()) if first is not None else None
        new = mention.text.lower() not in self.by_word and mention.text not in self.by_word
        return known if new and known is not None and known.animal and not known.name else None

    def _new(self) -> Person:
        person = Person(len(self.people))
        self.people.append(person)
        return person

    # Names and nouns -------------------------------------------------------------------------------------------------

    def _introduced(self, read: Read, mention: Mention, before: list[Reference]) -> Person | None:
        """Who gets this name, where the text gives it to somebody that has none."""
        if self_introduction(read, mention):
            outside = [r.people[0] for r in before if r.mention.subject and not r.mention.quoted and len(r.people) == 1]
            who = outside[-1] if outside else self.last_subject
            person = self.people[who] if who is not None else None
        elif pronoun := introduction(read, mention):
            if pronoun == "it is":  # 'a man in a red parka … It is Mikkel'
                seen = [p for p in self.people if not (p.name or p.first_person or p.animal or p.thing)]
                person = max(seen, key=lambda p: self.salience.get(p.number, 0.0), default=None)
                near = person is not None and self.salience.get(person.number, 0.0) >= 0.7
                return person if near else None
            gender: Gender = "f" if pronoun in ("her", "她") else "m" if pronoun in ("his", "him", "他") else "n"
            able = [
                p
                for p in self.people
                if not p.name and (p.gender in ("u", gender) or (gender == "n" and p.animal)) and not p.first_person
            ]
            person = max(able, key=lambda p: self.salience.get(p.number, 0.0), default=None)
        else:
            return None
        return person if person is not None and not person.name else None

    def _named(self, name: str, introduced: Person | None = None) -> Person:
        known = self.by_word.get(name)
        if known is None:
            known = self._alias(name) or introduced or self._only_pronoun(name) or self._new()
            if not known.name or (len(name) > len(known.name) and (self.language == "en" or known.name in name)):
                known.name = name
            if self.language == "en" and not known.age:
                known.age = age_of_name(name)
            if self.language == "zh" and name.endswith(OLD_TITLES):
                known.age = "old"
            if known.gender == "u":
                known.gender = gender_of_chinese_name(name) if self.language == "zh" else gender_of_name(name)
            self.by_word[name] = known
        known.words.add(name)
        return known

    def _only_pronoun(self, name: str) -> Person | None:
        """'When she was small, Anna …': whom nothing but a pronoun has spoken of yet."""
        gender = gender_of_chinese_name(name) if self.language == "zh" else gender_of_name(name)
        able = [p for p in self.people if p.words <= _UNNAMED and p.gender in (gender, "u") and p.words]
        if gender == "u":
            able = [p for p in self.people if p.words <= _UNNAMED and p.words]
        return able[0] if len(able) == 1 and self.salience.get(able[0].number, 0.0) > 0.3 else None

    def _alias(self, name: str) -> Person | None:
        """Mara is Mara Finch; 明远 is 陈明远."""
        for person in self.people:
            if not person.name:
                continue
            if self.language == "zh":
                longer, shorter = sorted((person.name, name), key=len, reverse=True)
                if (
                    longer[0] in SURNAMES
                    and len(longer) - len(shorter) == 1
                    and longer[1:] == shorter
                    and len(shorter) > 1
                ):
                    return person
                if is_titled_form(name, person.name) or is_titled_form(person.name, name):
                    alone = [p for p in self.people if p.name and p.name[0] == name[0]]
                    if len(alone) == 1:
                        return person
                if surname_of(person.name) and surname_of(person.name) == surname_of(name) and name != person.name:
                    genders = {person.gender, gender_of_chinese_name(name)} - {"u"}
                    if "老" in (name[0], person.name[0]) and len(genders) < 2:
                        person.age = "old" if (name + person.name).endswith(OLD_TITLES) else person.age
                        return person
                continue
            own, other = plain_name(person.name).split(), plain_name(name).split()
            shared = set(own) & set(other)
            if shared and (shared in (set(own), set(other)) or (own[-1] == other[-1] and is_titled(own, other))):
                genders = {person.gender, gender_of_name(name)} - {"u"}
                if len(genders) < 2:
                    return person
        return None

    def _noun(self, read: Read, mention: Mention, before: list[Reference]) -> Person | None:
        name = beside(read, mention)
        if name is not None:
            named = self._named(name)
            self._describe(named, mention, sure=True)
            return named
        if mention.quoted:
            return self.by_word.get(mention.text.lower()) or self._by_role(mention)
        same = is_said_to_be(read, mention, before)
        if same is not None and not self.people[same].animal and not mention.animal:
            self._describe(self.people[same], mention)
            return self.people[same]
        again = mention.new and mention.animal and self._long_ago(mention)
        if not mention.new or again:
            known = self.by_word.get(mention.text.lower()) or self._by_role(mention)
            if known is None and (mention.key in GENERIC_ROLES or mention.animal) and not mention.owner:
                known = self._compatible(mention, before)
            if known is not None:
                self._describe(known, mention, sure=mention.animal and not known.role)
                return known
        several = len({who for r in before if r.mention.subject for who in r.people}) > 1
        what_they_are = several and self.language == "zh" and "是" in read.norms(mention.first - 2, mention.first)
        if what_they_are or self._is_figurative(read, mention):
            return None  # 小猫和小狗是好朋友
        person = self._new()
        self._describe(person, mention)
        return person

    def _long_ago(self, mention: Mention) -> bool:
        """'A crane flew over the house', long after a crane was helped: the same one."""
        known = self.by_word.get(mention.text.lower())
        return known is not None and known.animal and self.salience.get(known.number, 0.0) < 1.0

    def _describe(self, person: Person, mention: Mention, *, sure: bool = False) -> None:
        person.words.add(mention.text)
        self.by_word.setdefault(mention.text.lower(), person)
        if mention.animal:
            if sure or not (person.role or person.name):
                person.species = person.species or mention.key
        elif mention.thing:
            person.thing = person.thing or mention.key
        elif not person.species and (not person.role or person.role in GENERIC_ROLES - BROADER.get(mention.key, set())):
            person.role = mention.key
        if person.gender == "u":
            person.gender = mention.gender
        if not person.age or (person.age == "adult" and mention.age != "adult"):
            person.age = mention.age
        person.owner = person.owner or mention.owner

    def _by_role(self, mention: Mention) -> Person | None:
        if mention.thing:
            return next((p for p in self.people if p.thing == mention.key), None)
        same = [
            p
            for p in self.people
            if mention.key in (p.role, p.species) and (mention.gender == "u" or p.gender in ("u", mention.gender))
        ]
        return max(same, key=lambda p: self.salience.get(p.number, 0.0), default=None)

    def _compatible(self, mention: Mention, before: list[Reference]) -> Person | None:
        """The latest one who may be called so: 'the girl' is a girl or a woman whose age nobody has told."""
        taken = {who for reference in before for who in reference.people if reference.mention.subject}
        able = [
            p
            for p in self.people
            if p.number not in taken and self.salience.get(p.number, 0.0) > 0.02 and fits(p, mention)
        ]
        return max(able, key=lambda p: self.salience.get(p.number, 0.0), default=None)

    def _is_figurative(self, read: Read, mention: Mention) -> bool:
        before = {m.past for m in read.of_kind("figure") if m.past <= mention.first and mention.first - m.past <= 4}
        return (bool(before) and self.language == "en") or any(0 <= mention.first - past <= 3 for past in before)

    # Pronouns --------------------------------------------------------------------------------------------------------

    def _first_person(self, mention: Mention) -> list[Person]:
        known = next((p for p in self.people if p.first_person), None)
        if known is None:
            known = self._new()
            known.first_person = True
            known.words.add("I" if self.language == "en" else "我")
        if mention.plural and self.last_group and known.number in self.last_group:
            return [self.people[who] for who in self.last_group]
        return [known]

    def _pronoun(self, read: Read, mention: Mention, before: list[Reference]) -> Person | None:
        again = [r for r in before if r.mention.key == mention.key and len(r.people) == 1 and not r.mention.quoted]
        if again and self.language == "zh":
            return self.people[again[-1].people[0]]
        if mention.gender == "n" and self.language == "en" and self._of_a_thing(read, mention, before):
            return None
        doers = doers_of_clause(read, mention, before)
        scores: list[tuple[float, int]] = []
        far = mention.gender == "n" and self.language == "en" and not mention.subject and not mention.possessive
        near = {who for r in (*before, *(self.references[-1] if self.references else ())) for who in r.people}
        same_sentence = {who for reference in before for who in reference.people if not reference.mention.quoted}
        for person in self.people:
            value = self.salience.get(person.number, 0.0)
            if far and person.number not in near:
                continue
            if value < 0.05 or person.first_person or not agrees(person, mention) or person.number in doers:
                continue
            if person.gender == mention.gender or (mention.gender == "n" and person.animal):
                value *= 1.6
            if mention.gender != "n":
                value *= 0.4 if person.thing else 0.6 if person.animal else 1.0
            if person.number in same_sentence and mention.possessive:
                value *= 1.3
            scores.append((value, -person.number))
        if not scores:
            return self._nameless(mention)
        person = self.people[-max(scores)[1]]
        if person.gender == "u" and mention.gender in ("f", "m"):
            person.gender = mention.gender
        return person

    def _of_a_thing(self, read: Read, mention: Mention, before: list[Reference]) -> bool:
        """'The boat found its way': of the sentence's own subject, nobody; 'a pool, and a bird drank from it'."""
        things = [
            mark for mark in read.of_kind("thing", "place", "weather") if mark.first < mention.first and not mark.quoted
        ]
        animals = {who for r in before if not r.mention.quoted for who in r.people if self.people[who].animal}
        if animals:
            doing = doers_of_clause(read, mention, before)
            return bool(things) and animals <= doing
        return any(read.norms(mark.first - 1, mark.first) == ["the"] for mark in things)

    def _nameless(self, mention: Mention) -> Person | None:
        """Who is 'she' in a story that never says: somebody, and always the same."""
        if mention.key not in _UNNAMED or not mention.subject:
            return None
        known = next((p for p in self.people if mention.key in p.words and p.words <= _UNNAMED), None)
        if known is None and any(p.gender == mention.gender and not p.animal for p in self.people):
            return None
        person = known or self._new()
        person.words.add(mention.key)
        person.gender = mention.gender
        return person

    def _several(self, mention: Mention, read: Read) -> list[Person]:
        """'they', 两人: who was last spoken of together, and not whom they do something to, nor who has just left."""
        before_text = read.sentence.text[: read.tokens[mention.past - 1].end].lower()
        more = HOW_MANY.get(mention.text)
        if more is not None:
            return self._counted(more)
        two = mention.kind == "group" and bool(TWO.search(before_text)) and not is_brought_in(mention, read)
        if mention.kind == "group" and not two and CHINESE_PRONOUNS.get(mention.text, ("u", False))[1] is False:
            return []
        not_they = self._done_to(mention, read) | self._just_left()
        recent = sorted((w for w, value in self.salience.items() if value > 0.15), key=lambda w: -self.salience[w])
        lasting = len(self.last_group) > 1 and all(self.salience.get(who, 0.0) > 0.05 for who in self.last_group)
        if lasting and not_they.isdisjoint(self.last_group):
            return [self.people[who] for who in self.last_group]
        if not_they.intersection(recent[:2]):
            recent = [w for w in sorted(self.salience, key=lambda w: -self.salience[w]) if w not in not_they]
        return [self.people[who] for who in sorted(recent[:2])] if len(recent) > 1 else []

    def _counted(self, number: int) -> list[Person]:
        """三个人, 一家人: those who were spoken of together, or so many of whom the reader still thinks."""
        if len(self.last_group) == number:
            return [self.people[who] for who in self.last_group]
        able = [w for w, value in self.salience.items() if value > FADING**8 and not self.people[w].thing]
        chosen = sorted(sorted(able, key=lambda w: -self.salience[w])[:number])
        return [self.people[who] for who in chosen] if len(chosen) > 1 else []

    def _done_to(self, mention: Mention, read: Read) -> set[int]:
        """'They carried the dog home': the dog is none of them."""
        after = (m for m in read.of_kind("animal") if m.first > mention.past and not m.quoted)
        known = (self.by_word.get(m.text.lower()) for m in after if mention.subject)
        return {person.number for person in known if person is not None and person.animal}

    def _just_left(self) -> set[int]:
        """Who ran off in the sentence before."""
        number = len(self.references) - 1
        if number < 0:
            return set()
        left = [m for m in self.reads[number].of_kind("departure") if not m.quoted]
        subjects = [r for r in self.references[number] if r.mention.subject and not r.mention.quoted]
        goers = [[r for r in subjects if r.mention.first < mark.first] for mark in left]
        return {who for before in goers if before for who in before[-1].people if self.people[who].animal}


def find_people(reads: Sequence[Read], language: Language) -> Cast:
    """Who is in the story and who each mention means."""
    return _Resolver(reads, language).resolve()
