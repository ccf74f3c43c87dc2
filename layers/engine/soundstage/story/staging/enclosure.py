"""Whether a sentence happens inside of a building that it names, or at its door."""

import re
from collections.abc import Sequence

from soundstage.story.people.mentions import Read
from soundstage.story.reading.lexicon import ADJECTIVES, DETERMINERS, Mark
from soundstage.story.staging.containment import INNER_ROOMS, INNER_ROOMS_ZH
from soundstage.story.words.positions import BESIDE, INSIDE, REACHING

DWELLING = frozenset("lived lives live living dwelt dwelled stood stands built belonged".split())
"""Of a place as a whole: it is seen from outside."""


def is_inside(read: Read, mark: Mark) -> bool:
    """Whether the sentence happens within the walls of the building that it names."""
    text = read.sentence.text
    if read.language == "zh":
        after = text[read.tokens[mark.past - 1].end :]
        before = text[: read.tokens[mark.first].start]
        if re.search(r"(?:住|立|建|盖|耸立)(?:着|在)?$", before) or re.match(r"[里内]?(?:住|立)着", after):
            return False
        entered = re.search(
            r"(?:走|跑|冲|溜|钻|搬|踏|闯|躲|摸|飞)进了?(?:一座|那座|这座)?$|进入$|进了$|关在$|锁在$", before
        )
        return (
            bool(entered)
            or mark.text[-1] in "里内"
            or bool(re.match(r"里(?!有[一座])|内|的(?:" + "|".join(INNER_ROOMS_ZH) + ")", after))
        )
    norms = [token.norm for token in read.tokens]
    if set(norms) & DWELLING:
        return False
    clause = read.clause(mark.first)
    room = any(n in INNER_ROOMS for n in norms[max(clause[0], mark.first - 7) : mark.first])
    room = room or (mark.past < len(norms) and norms[mark.past] in INNER_ROOMS)
    at = _governor(read, norms, mark)
    into = at >= 0 and norms[at] in ("in", "inside", "into", "within", "entered", "enter", "enters", "throughout")
    return room or into


def is_beside(read: Read, mark: Mark) -> bool:
    """'In front of the bakery', 'outside the school', 书店门口: at the building, and not in it."""
    if read.language == "zh":
        after = read.sentence.text[read.tokens[mark.past - 1].end :]
        return bool(
            re.match(
                r"(?:的)?(?:门口|门前|门外|外面|外边|外(?!婆|公|孙|地|套)|前面|旁边|后面|对面|附近|屋顶|房顶|顶上)",
                after,
            )
        )
    norms = [token.norm for token in read.tokens]
    at = _governor(read, norms, mark)
    if at < 0:
        return False
    if {"front", "outside", "behind"} & set(norms[at : mark.first]):
        return True
    front = norms[at] == "of" and norms[at - 1] in ("front", "outside", "roof", "top", "steps", "back") if at else False
    return front or norms[at] in ("outside", "behind", "beside", "near", "past", "opposite", "around")


def _governor(read: Read, norms: Sequence[str], mark: Mark) -> int:
    """The token before the phrase of a place: its preposition or verb; −1 if there is none."""
    at = mark.first - 1
    while at >= 0 and norms[at] not in INSIDE | BESIDE | REACHING and is_of_phrase(norms[at], read.tokens[at].text):
        at -= 1
    return at


def is_of_phrase(norm: str, text: str) -> bool:
    """Whether an English word stands between a preposition and its noun."""
    return (
        norm in DETERMINERS
        or norm in ADJECTIVES
        or text[:1].isupper()
        or norm.endswith(("ed", "en", "y", "ing", "ous", "ful", "est", "er"))
        or len(norm) < len(text)
    )
