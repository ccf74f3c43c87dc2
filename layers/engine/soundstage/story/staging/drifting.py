"""Things that fly, float and roll of themselves: what they do is nobody's doing."""

from collections.abc import Sequence

from soundstage.story.people.mentions import Read
from soundstage.story.people.persons import Reference
from soundstage.story.people.subjects import NOT_BEFORE_SUBJECT
from soundstage.story.reading.lexicon import Mark
from soundstage.story.reading.words import POSITIONS
from soundstage.story.words.things import DRIFTING, DRIFTING_ZH

_IT = frozenset({"它", "它们"})


def is_a_things(read: Read, verb: Mark, subjects: Sequence[Reference]) -> bool:
    """Whether a thing moves there, not a person: 风筝飞过了屋顶, 'her balloon flew away'. Who sits in a boat sails."""
    if verb.kind != "stance" or verb.value == "sitting":
        return False
    clause = read.clause(verb.first, parts=True)
    acting = {k for r in subjects for k in range(r.mention.first, r.mention.past)}
    first = clause[0]
    while True:
        before = range(first, verb.first)
        if acting.intersection(before):
            return False
        if any(_drifts(read, k) for k in before):
            return True
        # 'The kite tore loose and flew off': whose doing it is, the clause before says
        if verb.value not in ("flying", "swimming") or first < 2:
            return False
        first = read.clause(first - 2, parts=True)[0]


def _drifts(read: Read, at: int) -> bool:
    """Whether this word is such a thing or stands for one, and neither acts in this story nor says where."""
    token = read.tokens[at]
    if token.quoted or token.norm in read.speakers:
        return False
    if read.language == "en":
        governed = not NOT_BEFORE_SUBJECT.isdisjoint(read.norms(at - 3, at))
        return (token.norm in DRIFTING or token.norm.removesuffix("s") in DRIFTING) and not governed
    before = [read.tokens[k] for k in range(read.clause(at)[0], at)]
    if any((t.tag[:1] == "v" and t.norm != "有") or t.norm.endswith("着") for t in before):
        return False  # 戴着草帽走进田里
    after = read.tokens[at + 1].norm if at + 1 < len(read.tokens) else ""
    return (token.norm.endswith(DRIFTING_ZH) and after[:1] not in POSITIONS) or token.norm in _IT
