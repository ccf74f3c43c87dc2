"""Whether a place that is named is where the sentence happens: prepositions and position words decide."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from soundstage.models.story import PlaceKind
from soundstage.story.people.mentions import Read
from soundstage.story.reading.lexicon import DETERMINERS, Mark
from soundstage.story.staging.elsewhere import adjusted
from soundstage.story.staging.enclosure import is_of_phrase
from soundstage.story.words.positions import (
    ARRIVED,
    AWAY,
    BEHIND,
    BESIDE,
    CHINESE_AWAY,
    CHINESE_INTO,
    INSIDE,
    KEEPING,
    LEAVING,
    LOOKING,
    POSITIONS,
    REACHING,
    SEEING,
)


@dataclass(frozen=True)
class PlaceSense:
    """``strength``: 3 surely here, 2 probably, 1 only where nothing else is known, 0 not, below 0 left behind."""

    kind: PlaceKind
    name: str
    strength: float
    mark: Mark


def place_senses(read: Read) -> list[PlaceSense]:
    """Every place that the sentence names, in order."""
    found = []
    beyond = _on_another_world(read)
    aloft = beyond is not None or any(m.text.lower() in _OF_SPACE for m in read.of_kind("role"))
    for named in read.of_kind("place"):
        mark = replace(named, value="space") if aloft and named.value == "station" else named
        strength = _chinese(read, mark) if read.language == "zh" else _english(read, mark)
        if mark.quoted and strength > 0:
            strength *= 0.3
        if mark.value == "sky" and not any(m.value == "flying" for m in read.of_kind("stance")):
            strength = min(strength, 0.0)
        strength = adjusted(read, mark, strength)
        name = _name_of(read, mark)
        if beyond is not None and mark.value == "space" and beyond.first != mark.first and beyond.text not in name:
            name = f"{beyond.text.lower()} {name}" if read.language == "en" else beyond.text + name
        found.append(PlaceSense(mark.value, name, strength, mark))  # type: ignore[arg-type]
    found = _at_work(read, found)
    if beyond is not None and all(sense.kind != "space" for sense in found):
        strength = adjusted(read, beyond, 3.0 * (0.3 if beyond.quoted else 1.0))
        found.append(PlaceSense("space", beyond.text.lower(), strength, beyond))
    return found


_PREMISES = frozenset({"library", "market", "workshop", "kitchen", "interior", "classroom"})


def _at_work(read: Read, senses: list[PlaceSense]) -> list[PlaceSense]:
    """'In a bookshop on the corner of a street', 'had a bakery by the harbour': the further places say where it is."""
    if read.language == "zh":
        return [replace(s, strength=min(s.strength, 0.5)) if _stands_in(read, s, senses[:k]) else s
                for k, s in enumerate(senses)]  # fmt: skip
    norms = [token.norm for token in read.tokens]
    found = senses[:1]
    for sense in senses[1:]:
        shop = next((s for s in found if s.kind in _PREMISES and s.strength >= 2), None)
        between = norms[shop.mark.past : sense.mark.first] if shop is not None else []
        beside = between[:1] and between[0] in INSIDE | BESIDE - {"to", "into", "toward", "towards"}
        told = all(is_of_phrase(norm, norm) or norm in INSIDE | BESIDE | _CORNERS for norm in between[:-1])
        within = beside and told and sense.kind not in _PREMISES
        strength = sense.strength
        if within and shop is not None:
            strength = min(strength, 0.5)
            norms[sense.mark.first : sense.mark.past] = ["a"] * (sense.mark.past - sense.mark.first)
        found.append(replace(sense, strength=strength))
    return found


def _stands_in(read: Read, sense: PlaceSense, before: Sequence[PlaceSense]) -> bool:
    """月球上有一座小房子: seen from where it stands."""
    clause = read.clause(sense.mark.first)
    has = [k for k in range(clause[0], sense.mark.first) if read.tokens[k].norm in ("有", "建", "盖", "立")]
    return bool(has) and any(s.mark.first in clause and s.mark.past <= has[-1] and s.strength >= 1.6 for s in before)


_THAT = frozenset("那 那位 那个 那只 那条 那名".split())
_REMEMBERING = frozenset("想着 想起 想到 想念 梦见 梦到 记得 回忆".split())
_CORNERS = frozenset("corner end edge side middle foot bottom top next".split())
_OF_SPACE = frozenset("astronaut astronauts cosmonaut cosmonauts 宇航员 航天员 舰长".split())
_WORLDS = frozenset("moon mars venus jupiter saturn".split())


def _on_another_world(read: Read) -> Mark | None:
    """'On the Moon', 月亮上: the ground one stands on there."""
    norms = [token.norm for token in read.tokens]
    for at, norm in enumerate(norms):
        if read.language == "en":
            here = norm in _WORLDS and "on" in norms[max(0, at - 2) : at]
        else:
            here = norm in ("月亮", "月球", "火星") and norms[at + 1 : at + 2] == ["上"]
        if here:
            return Mark("place", "space", at, at + 1, read.tokens[at].text, read.tokens[at].quoted)
    return None


def _name_of(read: Read, mark: Mark) -> str:
    if read.language == "zh":
        return mark.text
    first = mark.first
    while (
        first > 0
        and read.tokens[first - 1].text[:1].isupper()
        and read.tokens[first - 1].norm not in DETERMINERS
        and len(read.tokens[first - 1].norm) == len(read.tokens[first - 1].text)
        and first - 1 > 0
    ):
        first -= 1
    words = [token.text[: len(token.norm)] for token in read.tokens[first : mark.past]]
    name = " ".join(words)
    return name if first < mark.first else name.lower() if not words[0][:1].isupper() or mark.first == 0 else name


def _english(read: Read, mark: Mark) -> float:
    tokens = read.tokens
    norms = [token.norm for token in tokens]
    if any(other.kind == "place" and other.first == mark.past for other in read.marks):
        return 0  # 'school field', 'castle garden': the second noun is the place
    at = mark.first - 1
    steps, through_of = 0, False
    while at >= 0 and tokens[at].is_word and steps < 7:
        norm = norms[at]
        if norm == "of" and at > 0:
            if norms[at - 1] == "out":
                return -1
            through_of = True
            at -= 1
            while at >= 0 and norms[at] not in INSIDE | BESIDE | AWAY and tokens[at].is_word and steps < 7:
                at, steps = at - 1, steps + 1
            continue
        if norm in ("like", "as", "than"):
            return 0
        if norm in INSIDE | BESIDE:
            return _by_preposition(norms, at, read.of_kind("place"), through_of=through_of)
        if norm in AWAY:
            seen_from = set(norms[max(0, at - 6) : at]) & LOOKING
            outlook = {"window", "deck", "top"} & set(norms[at + 1 : at + 4]) or SEEING & set(
                norms[mark.past : mark.past + 5]
            )
            return 2.5 if seen_from or outlook else -1
        if norm in REACHING:
            return 3
        if norm in KEEPING:
            return 2.2
        if norm in LEAVING and norms[at + 1 : at + 2] != ["for"]:
            return -1
        if norm == "for" and at > 0 and norms[at - 1] in LEAVING:
            return 2
        sold = at == mark.first - 1 and any(m.kind in ("thing", "animal") and m.past == mark.first for m in read.marks)
        if not sold and not is_of_phrase(norm, tokens[at].text):
            break
        at, steps = at - 1, steps + 1
    if any(n in ("no", "not") for n in norms[max(0, mark.first - 2) : mark.first]):
        return 0
    unseen = {"see", "find", "reach"} & set(norms[max(0, mark.first - 4) : mark.first])
    if unseen and any(n in ("not", "never") or n.endswith("n't") for n in norms[max(0, mark.first - 5) : mark.first]):
        return 0
    if at < 0 or not tokens[at].is_word or norms[at] in ("and", "but", "when", "where", "while"):
        return 1.6 if mark.past < len(tokens) and _is_subject_of_state(norms, mark.past) else 0.9
    if (
        norms[at] in ("was", "were", "is", "stood", "lay")
        and at > 0
        and norms[at - 1] in ("there", "it", "this", "here")
    ):
        return 2
    clause = read.clause(mark.first)
    covered = any(m.kind == "weather" and m.first in clause and m.past <= mark.first for m in read.marks)
    return 1.8 if covered and norms[at] not in ("of", "and") else 0.5


def _by_preposition(norms: list[str], at: int, places: Sequence[Mark], *, through_of: bool) -> float:
    norm, before = norms[at], norms[max(0, at - 3) : at]
    if (
        before
        and norm in ("at", "to", "toward", "towards", "into", "over", "across", "through")
        and set(before) & LOOKING
    ):
        return 0.5 if norm not in ("into",) else 0.8
    watching = [
        k for k in range(max(0, at - 6), at) if norms[k] in ("watched", "watching", "saw", "see", "seen", "spotted")
    ]
    if watching and norm in INSIDE:
        return 1.0
    spanned = any(m.kind == "place" and m.past == at for m in places)
    if norm in ("over", "across", "above") and spanned:
        return 1.2  # 'a bridge over the gorge'
    if norm == "over" and "all" in before:
        return 2
    if norm == "of" or (through_of and norms[at + 1 : at + 3] and "window" in norms[at + 1 : at + 3]):
        return 2.5
    strength = 3.0 if norm in INSIDE else 1.2 if norm in BEHIND else 2.0
    if norm == "to" and set(norms[max(0, at - 4) : at]) & ARRIVED:
        strength = 2.6
    if norm in ("up", "down", "off", "around", "outside") and norm != "outside":
        strength = 2.2
    if through_of:
        strength -= 0.4
    return strength


def _is_subject_of_state(norms: list[str], past: int) -> bool:
    return norms[past] in frozenset(
        (
            "was were is are had lay stood slept woke grew became looked smelled roared glittered shone went "
            "felt seemed opened sat"
        ).split()
    )


def _chinese(read: Read, mark: Mark) -> float:
    tokens = read.tokens
    before = [token.norm for token in tokens[max(0, mark.first - 4) : mark.first]]
    after = tokens[mark.past].norm if mark.past < len(tokens) else ""
    further = tokens[mark.past + 1].norm if mark.past + 1 < len(tokens) else ""
    clause = read.clause(mark.first)
    modifier = after == "的" or (after in POSITIONS and further == "的")
    governed = [tokens[k].norm for k in range(max(clause[0], mark.first - 6), mark.first)]
    strength = 0.5
    if mark.text == "井" and after not in POSITIONS:
        return 0  # stood beside, not in
    if any(norm in ("像", "好像", "仿佛", "如", "如同") for norm in before):
        return 0
    if any(norm in CHINESE_AWAY for norm in governed[-3:]) and not any(
        norm in CHINESE_INTO - {"上", "下"} for norm in governed[-2:]
    ):
        return -1
    if after in ("看不见", "不见") or further in ("看不见", "不见"):
        return 0
    coming = [tokens[k].norm for k in range(clause[0], mark.first)]
    if (
        modifier
        and tokens[mark.past + (after != "的") :][1:2]
        and tokens[mark.past + (after != "的") + 1].norm in _THAT
    ):
        return 0  # 地铁上的那位孕妇: where she was seen before
    if not _REMEMBERING.isdisjoint(coming):
        return 0
    if "从" in coming and set(coming).isdisjoint(CHINESE_INTO - {"上", "下", "在"}):
        return -1
    if any(norm in CHINESE_INTO for norm in governed) or any(
        norm.endswith(("进", "到", "在", "上", "过", "入")) and len(norm) > 1 for norm in governed[-3:]
    ):
        strength = 3.0
    elif after in POSITIONS or mark.text[-1] in "里上中边下旁":
        strength = 2.0 if mark.first > clause[0] else 2.3
    elif any(norm in ("有", "有座", "有个", "是", "有一个") for norm in before):
        strength = 2.0
    elif mark.first == clause[0]:
        strength = 1.6
    if any(
        mark.first in read.clause(m.first) and mark in _further(read, m)
        for m in read.of_kind("place")
        if m.past < mark.first
    ):
        strength = max(strength, 2.6)  # 村里的学堂
    if modifier:
        further_places = _further(read, mark)
        strength = min(strength, 2.9) - 0.8 if further_places else max(strength, 1.6)
    if any(norm in ("没", "没有", "不在", "不是") for norm in before):
        return 0
    if any(
        norm in ("看着", "望着", "看", "望", "指着", "盯着", "画", "看见", "看到", "远处", "望见") for norm in before
    ):
        strength = min(strength, 0.5)
    return strength


def _further(read: Read, mark: Mark) -> list[Mark]:
    """Places that this one describes: the 学堂 of 村里的学堂."""
    clause, tokens = read.clause(mark.first), read.tokens
    after = [tokens[k].norm for k in range(mark.past, min(mark.past + 2, len(tokens)))]
    if "的" not in after:
        return []
    return [m for m in read.of_kind("place") if mark.past < m.first <= mark.past + 5 and m.first in clause]
