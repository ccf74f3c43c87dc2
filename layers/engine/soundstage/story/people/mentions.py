"""Who or what a stretch of words may refer to: names, nouns of people and animals, groups and pronouns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from soundstage.models.story import Language
from soundstage.story.reading.lexicon import Mark, Token
from soundstage.story.reading.sentences import Sentence

Gender = Literal["f", "m", "n", "u"]
"""Female, male, neither (it), unknown."""
MentionKind = Literal["name", "noun", "group", "pronoun", "first"]


CONJUNCTIONS = frozenset("and but as while when because until that who so if or then though although where".split())
AUXILIARIES = frozenset(
    (
        "was were is are had has have did does do could would can will might must should felt knew saw came "
        "went made got kept let began became loved liked wanted lived worked looked heard woke grew ate "
        "drank built broke bought sold spoke meant sent taught won wore rang shook sank swept tore "
        "understood wept awoke bit blew chose clung drew dug fed fought froze hid hung hurt led lost shot "
        "shut slid spent spun stole struck swore told threw paid needed lit burst spread forgave"
    ).split()
)
NOT_VERBS = frozenset(
    "red bed hundred naked wicked sacred hundred shed sled seed weed reed need speed indeed breed crooked tired "
    "aged grizzled retired wrinkled stooped wizened".split()
)
VERB_KINDS = frozenset({"stance", "take", "put", "speech", "thought", "dying", "arrival", "departure"})


@dataclass
class Read:
    """A sentence with its words marked. ``names``: (first token, past, name) of the story's own people."""

    sentence: Sentence
    language: Language
    tokens: Sequence[Token]
    marks: Sequence[Mark]
    names: list[tuple[int, int, str]] = field(default_factory=list)
    pictured: frozenset[int] = frozenset()
    """First tokens of nouns of people and animals that are only drawn, carved, dreamt or told of."""
    speakers: dict[str, str] = field(default_factory=dict)
    """Further nouns that act as people do: word → 'thing' or 'person'."""

    def of_kind(self, *kinds: str) -> list[Mark]:
        return [mark for mark in self.marks if mark.kind in kinds]

    def clause(self, at: int, *, parts: bool = False) -> range:
        """The tokens between the punctuation marks around token ``at``; ``parts``: conjunctions divide, too."""
        ends = CONJUNCTIONS if parts and self.language == "en" else frozenset()
        first = at
        while first > 0 and self.tokens[first - 1].is_word and self.tokens[first - 1].norm not in ends:
            first -= 1
        past = at + 1
        while past < len(self.tokens) and self.tokens[past].is_word and self.tokens[past].norm not in ends:
            past += 1
        return range(first, past)

    def is_verb(self, at: int) -> bool:
        """Whether the English word at token ``at`` is likely a finite verb."""
        if not 0 <= at < len(self.tokens):
            return False
        norm = self.tokens[at].norm
        if norm in AUXILIARIES or (norm.endswith("ed") and len(norm) > 3 and norm not in NOT_VERBS and "-" not in norm):
            return True
        return any(mark.first == at and mark.kind in VERB_KINDS for mark in self.marks)

    def norms(self, first: int, past: int) -> list[str]:
        return [token.norm for token in self.tokens[max(first, 0) : past]]


@dataclass
class Mention:
    """Tokens ``first`` to ``past`` − 1 of a sentence refer to somebody."""

    kind: MentionKind
    first: int
    past: int
    text: str
    key: str
    """The name, the English noun of a role or an animal, or the pronoun."""
    gender: Gender = "u"
    plural: bool = False
    new: bool = False
    """Introduced here: 'a fox', 一只狐狸."""
    possessive: bool = False
    """'her', 'Mara's', 他的: the one meant need not be there."""
    owner: str = ""
    """'her grandmother', 小满的奶奶: the pronoun or name before."""
    quoted: bool = False
    subject: bool = False
    animal: bool = False
    thing: bool = False
    age: str = ""


ENGLISH_PRONOUNS: dict[str, tuple[Gender, bool, bool]] = {
    # gender, plural, possessive
    "he": ("m", False, False), "him": ("m", False, False), "his": ("m", False, True), "himself": ("m", False, False),
    "she": ("f", False, False), "her": ("f", False, False), "hers": ("f", False, True), "herself": ("f", False, False),
    "it": ("n", False, False), "its": ("n", False, True), "itself": ("n", False, False),
    "they": ("u", True, False), "them": ("u", True, False), "their": ("u", True, True),
    "themselves": ("u", True, False),
    "he's": ("m", False, False), "she's": ("f", False, False), "he'd": ("m", False, False),
    "she'd": ("f", False, False),
    "i": ("u", False, False), "me": ("u", False, False), "my": ("u", False, True), "myself": ("u", False, False),
    "i'm": ("u", False, False), "i'd": ("u", False, False), "i've": ("u", False, False), "i'll": ("u", False, False),
    "we": ("u", True, False), "us": ("u", True, False), "our": ("u", True, True), "you": ("u", False, False),
}  # fmt: skip
FIRST_PERSON = frozenset("i me my myself i'm i'd i've i'll we us our 我 我们 咱们 咱 俺".split())
CHINESE_PRONOUNS: dict[str, tuple[Gender, bool]] = {
    "他": ("m", False), "她": ("f", False), "它": ("n", False), "他们": ("u", True), "她们": ("f", True),
    "它们": ("n", True),
    "我": ("u", False), "我们": ("u", True), "咱们": ("u", True), "俺": ("u", False), "你": ("u", False),
    "您": ("u", False),
    "祂": ("m", False), "牠": ("n", False), "两人": ("u", True), "二人": ("u", True),
    "三人": ("u", True), "四人": ("u", True),
}  # fmt: skip
