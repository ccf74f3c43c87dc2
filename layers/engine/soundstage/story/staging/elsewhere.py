"""Places that are named but are not where a sentence happens: far away, earlier, depicted, in the mind."""

import re

from soundstage.story.people.mentions import Read
from soundstage.story.reading.lexicon import ADJECTIVES, DETERMINERS, Mark
from soundstage.story.words.places import FURNITURE
from soundstage.story.words.positions import BESIDE, INSIDE

_ONLY_SPOKEN_OF_ZH = re.compile(
    r"(?:去|回|到|从|在)?[^，。]{0,4}的(?:车?票|船票|机票|信|画|照片|故事|事|梦|新闻|消息|地图|歌|书|味道|气味|明信片|名字|传说|电影|来信)"
)
"""A place before 的 and one of these is what it is of: 去北京的票."""
_FAR = re.compile(
    r"\b(?:miles?|kilomet(?:er|re)s?|days?|hours?|leagues?) (?:away|off|from)\b|"
    r"\bthe (?:nearest|closest|next) \w+ (?:is|was)\b|"
    r"\b[Ff]ar (?:away|below|off)\b|\bin the distance\b|\bon the horizon\b|"
    r"远处|离这里|远在|(?:公里|里路|里)(?:外|远)|最近的"
)
_ELSEWHERE = re.compile(
    r"\b(?:worked|works|lives|lived|stayed|studied|studies|was born|grew up|born)\b|"
    r"打工|出生|上班|读书|当兵|做生意|长大"
)
_PAST_PERFECT = re.compile(
    r"\b(?:had|has|have|having|'d|'ve)\s+(?:\w+ )?(?:once |never |ever |already |always |often )?(?!been in)"
    r"\w+(?:ed|en|ne|wn|ung|un|ade|old|ought|aught|ost|eft|ome|een|at|ade)\b"
)
_LEFT_BEFORE = re.compile(
    r"\b(?:his|her|their|my|our|its) \w+ had (?:run|gone|wandered|flown|strayed|got lost|disappeared|vanished)\b|"
    r"[他她们我家]的?\S{1,4}(?:昨[天晚]|前[天几])?在?\S{0,4}(?:跑丢|走丢|走失)"
)
"""Where somebody's dog was lost is not where that is told."""
_STANDING = re.compile(r"\b(?:stood|stands|rose|rises|lay|lies|perched|sat|sits|towered)\b|[立落盖建][在于]|位于")
ROOMY = frozenset({"kitchen", "bedroom", "classroom", "library", "workshop", "interior", "market", "station"})


def adjusted(read: Read, mark: Mark, strength: float) -> float:
    """How surely the sentence is at this place (see ``PlaceSense``), given that it may only be spoken of."""
    if strength > 0 and (_in_the_mind(read, mark) or _far_from_here(read, mark)):
        return 0.0
    if strength > 0 and _LEFT_BEFORE.search(_clause_text(read, mark)):
        return 0.0
    if strength > 0 and (_before_now(read, mark) or _is_around_a_room(read, mark)):
        strength = min(strength, 1.2)
    return _where_it_stands(read, mark, strength)


def is_only_in_mind(read: Read, mark: Mark) -> bool:
    """Dreamt of, or of a ticket, a letter, a song: not to be seen. What lies far off is."""
    of_something = read.language == "zh" and _ONLY_SPOKEN_OF_ZH.match(
        read.sentence.text[read.tokens[mark.past - 1].end - 1 :][1:]
    )
    return bool(of_something) or _in_the_mind(read, mark) or _before_now(read, mark)


def _in_the_mind(read: Read, mark: Mark) -> bool:
    dreamt = re.search(r"梦见|梦到|梦里", read.sentence.text[: read.tokens[mark.first].start])
    if dreamt and "醒" not in read.sentence.text[dreamt.end() : read.tokens[mark.first].start]:
        return True
    clause, reach = read.clause(mark.first, parts=True), 5 if read.language == "en" else 12
    return any(m.first in clause and 0 <= mark.first - m.past <= reach for m in read.of_kind("unreal"))


def _far_from_here(read: Read, mark: Mark) -> bool:
    """'The nearest town is three hundred miles away'."""
    text, start = read.sentence.text, read.tokens[mark.first].start
    opening = text[:start] if read.language == "en" and start < 24 else ""  # 'Far below, the sea was black'
    return bool(_FAR.search(opening) or _FAR.search(_clause_text(read, mark))) or (
        read.language == "zh"
        and bool(_ONLY_SPOKEN_OF_ZH.match(read.sentence.text[read.tokens[mark.past - 1].end - 1 :][1:]))
    )


def _before_now(read: Read, mark: Mark) -> bool:
    """'He had crossed every ocean', 'Her father worked in the city, so …': told besides, or of an earlier time."""
    clause = _clause_text(read, mark)
    beside = any(
        other.first not in read.clause(mark.first) and other.kind == "place" and not other.quoted
        for other in read.of_kind("place")
    )
    if beside and _ELSEWHERE.search(clause):
        return True
    return read.language == "en" and bool(
        _PAST_PERFECT.search(clause[: clause.find(mark.text) if mark.text in clause else None])
    )


def _clause_text(read: Read, mark: Mark) -> str:
    clause = read.clause(mark.first)
    return read.sentence.text[read.tokens[clause[0]].start : read.tokens[clause[-1]].end]


def _is_around_a_room(read: Read, mark: Mark) -> bool:
    """The city of 'an office in the city'."""
    at = mark.first - 1
    while at > 0 and read.tokens[at].norm in DETERMINERS | ADJECTIVES:
        at -= 1
    return (
        read.language == "en"
        and read.tokens[at].norm in ("in", "on", "at", "by", "near")
        and any(m.past == at and m.value in ROOMY and m.text.lower() not in FURNITURE for m in read.of_kind("place"))
    )


def _where_it_stands(read: Read, mark: Mark, strength: float) -> float:
    """'A castle stood on the hill': the castle is the picture, the hill is where it is."""
    if strength <= 0:
        return strength
    clause = read.clause(mark.first)
    for other in read.of_kind("place"):
        if other.first not in clause or other is mark:
            continue
        first, second = sorted((mark, other), key=lambda m: m.first)
        between = read.sentence.text[read.tokens[first.past - 1].end : read.tokens[second.first].start]
        if first.value in ("lighthouse", "castle", "village", "city", "home", "bridge", "harbour") and _STANDING.search(
            between
        ):
            governed = first is mark and (first.first == 0 or read.tokens[first.first - 1].norm not in INSIDE | BESIDE)
            return max(strength, 2.4) if governed else min(strength, 1.2) if second is mark else strength
    return strength
