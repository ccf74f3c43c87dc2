"""Animals and people that are only drawn, carved, dreamt or told of: nobody is there, whatever the noun says."""

import re
from collections.abc import Sequence

from soundstage.story.people.mentions import Read
from soundstage.story.reading.lexicon import Mark
from soundstage.story.words.depictions import (
    ARTEFACTS,
    ARTEFACTS_ZH,
    DREAMT,
    MADE,
    MADE_OF,
    MATERIALS,
    MATERIALS_ZH,
    PICTURES,
    SURFACES,
    TOLD,
)

_ACTING = frozenset({"speech", "thought", "take", "put", "arrival", "departure"})
_GOING = frozenset({"walking", "running", "swimming"})
_STOPS = frozenset("for to with by beside near while and but when as because behind who , ; .".split())
_PHRASE = frozenset(
    "a an the his her their my our its two three some little small big old red blue white black".split()
)


def find_pictured(reads: Sequence[Read]) -> None:
    """Sets ``pictured`` of each: a horse that was carved is no live one when it is 'the horse' later."""
    carved: set[str] = set()
    alive: set[str] = set()
    showing = False
    for read in reads:
        found = set()
        picture = any(m.value == "photo" for m in read.of_kind("thing")) or "画" in read.sentence.text
        for mark in read.of_kind("role", "animal", "group"):
            if mark.quoted:
                continue
            word = mark.value if mark.kind == "animal" else ""
            if is_depicted(read, mark):
                found.add(mark.first)
                carved |= {word} - {""}
            elif word in carved and not _acts_at_all(read, mark) and (word not in alive or picture or showing):
                found.add(mark.first)
            else:
                alive.add(word)
        showing = picture
        read.pictured = frozenset(found)


def _acts_at_all(read: Read, mark: Mark) -> bool:
    """What is carved does nothing; 'a horse' is another one."""
    if read.language == "zh":
        after = read.sentence.text[read.tokens[mark.past - 1].end :]
        new = re.search(r"一[只条头匹]$", read.sentence.text[: read.tokens[mark.first].start])
        return bool(_LIVING_ZH.match(after)) or new is not None
    return _acts(read, mark) or read.norms(mark.first - 1, mark.first) in (["a"], ["an"], ["another"])


def is_depicted(read: Read, mark: Mark) -> bool:
    """Whether the noun of an animal or a person means a picture, a carving, a toy, a dream or a tale of one."""
    return _is_depicted_zh(read, mark) if read.language == "zh" else _is_depicted_en(read, mark)


def is_pictured_thing(read: Read, mark: Mark) -> bool:
    """The same of a thing: the ship of a painting, the rose of a song. What is made of paper is a thing, too."""
    if read.language == "zh":
        return bool(_FRAME_ZH.search(read.sentence.text[: read.tokens[mark.first].start]))
    norms = [token.norm for token in read.tokens]
    return _framed(norms, _phrase_start(norms, mark.first), mark)


# English -------------------------------------------------------------------------------------------------------------


def _is_depicted_en(read: Read, mark: Mark) -> bool:
    tokens = read.tokens
    norms = [token.norm for token in tokens]
    after = norms[mark.past : mark.past + 7]
    if after[:1] and after[0] in ARTEFACTS:
        return True  # 'the dragon kite'
    start = _phrase_start(norms, mark.first)
    if _framed(norms, start, mark):
        return True
    if _acts(read, mark):
        return False
    if mark.kind == "animal" and set(norms[start : mark.first]) & MATERIALS:
        return True
    if after[:1] and after[0] in ("of", "from") and set(after[1:4]) & MATERIALS:
        return True
    if after[:2] in (["made", "of"], ["cut", "from"], ["cut", "out"]):
        return True
    if after[:1] and after[0] in ("on", "in") and _names_surface(after[1:5]):
        return True
    return _made(read, norms, start, mark) or _shown(read, norms, start, mark)


def _phrase_start(norms: list[str], first: int) -> int:
    """The first token of the noun's own adjectives and article."""
    start = first
    while start > 0 and first - start < 5 and norms[start - 1].isalpha():
        before = norms[start - 1]
        described = before in _PHRASE | MATERIALS or before.endswith(("en", "ed", "y", "ful", "ous", "ing"))
        if not described or before in MADE:
            break
        start -= 1
        if before in ("a", "an", "the", "his", "her", "their", "my"):
            break
    return start


def _framed(norms: list[str], start: int, mark: Mark) -> bool:
    """'A portrait of her grandfather', 'a story about a wolf', 'dreamt of a horse', 'In her dream a tiger'."""
    before = norms[max(0, start - 5) : start]
    for at, norm in enumerate(before):
        rest = before[at + 1 :]
        if norm in ("of", "about") and at and before[at - 1] in PICTURES | TOLD | DREAMT and len(rest) <= 2:
            return True
        if norm == "with" and at and before[at - 1] in PICTURES and len(rest) <= 1:
            return True
    dreaming = next((k for k, norm in enumerate(norms[: mark.first]) if norm in ("dream", "dreams")), None)
    if dreaming is not None and dreaming and set(norms[max(0, dreaming - 3) : dreaming]) & {"in"}:
        return not {"woke", "awoke", "but"} & set(norms[dreaming : mark.first])
    dreamt = next((k for k, norm in enumerate(norms[: mark.first]) if norm in ("dreamt", "dreamed")), None)
    return dreamt is not None and not {"woke", "awoke", "but", "and", "until"} & set(norms[dreamt : mark.first])


def _acts(read: Read, mark: Mark) -> bool:
    """'The toy bear said': whoever speaks, takes or walks is somebody, whatever made of."""
    if read.tokens[mark.past - 1].norm in read.speakers:
        return True
    return any(
        (other.kind in _ACTING or (other.kind == "stance" and other.value in _GOING))
        and 0 <= other.first - mark.past <= 1
        and "and" not in read.norms(mark.past, other.first)
        and not other.text.lower().endswith("ing")
        for other in read.marks
    ) or any(other.kind == "speech" and 0 < mark.first - other.past <= 2 and other.first for other in read.marks)


def _names_surface(norms: list[str]) -> bool:
    at = next((k for k, norm in enumerate(norms) if norm in SURFACES), None)
    return at is not None and all(norm in _PHRASE or norm.endswith("y") or norm == "paper" for norm in norms[:at])


def _made(read: Read, norms: list[str], start: int, mark: Mark) -> bool:
    """'Painted a red carp', 'had carved a little horse'; 'built a dragon out of boxes'."""
    clause = read.clause(mark.first)
    for at in range(start - 1, max(clause[0], start - 6) - 1, -1):
        if norms[at] in _STOPS:
            return False
        if norms[at] in MADE:
            owner = len(read.tokens[mark.past - 1].norm) < len(read.tokens[mark.past - 1].text)
            return not owner and (norms[at] != "cut" or (mark.kind == "animal" and mark.value != "fish"))
        if norms[at] in ("made", "built", "shaped", "formed", "make", "makes", "builds", "build"):
            rest = norms[mark.past : clause[-1] + 1]
            return any(word in rest for word in ("out", "from", "of")) and mark.value != "snowman"
    return False


def _shown(read: Read, norms: list[str], start: int, mark: Mark) -> bool:
    """'The sign showed a cat', 'The blanket had a whale on it', 'On the cover was an owl'."""
    clause = read.clause(mark.first)
    before = norms[clause[0] : start]
    verb = before[-1] if before else ""
    surfaces = SURFACES | MADE_OF
    if verb in ("showed", "shows", "showing", "depicted", "depicting", "bore") and set(before) & surfaces:
        return True
    if verb in ("had", "has", "with") and set(before) & surfaces:
        return set(before) & SURFACES != set() or norms[mark.past : mark.past + 1] == ["on"] or "carousel" in before
    inverted = verb in ("was", "were", "is", "are", "hung", "stood", "shone") and before[:1] in (["on"], ["in"])
    return inverted and bool(set(before) & SURFACES)


# Chinese -------------------------------------------------------------------------------------------------------------

_FRAME_ZH = re.compile(
    r"(?:梦见|梦到|梦里|梦中)(?![^，]*醒)|(?:画|绣|刻|印|织|雕|贴|绘)(?:着|了|上|有|出|好|满)[^，。]{0,9}$|"
    r"(?:剪|捏|折|叠|搭|缝|编|扎|塑|雕|拼|吹|堆)(?:了|出|成|好)[^，。把给]{0,9}$|关于[^，。]{0,6}$|"
    r"(?:捏|画|绣|剪|折|刻|雕|缝|编|织|拼|搭)的[^，。]{0,3}$|(?:泥人|糖人|面人|剪纸|玩具|皮影|花灯|雕像|风筝)(?:：|，|里)有?[^。]{0,14}$|"
    r"用[^，。]{0,6}(?:纸|泥|木头?|积木|布|面团|草|沙子?|铁丝|毛线)[^，。]{0,4}(?:折|捏|搭|做|刻|剪|编|缝|叠|拼)[^，。]{0,9}$|"
    r"(?:照片|相片|画像|画|图|屏风|封面|邮票|风筝|旗子?|屏幕|电视|年画|明信片|瓷碗|枕头|毛衣|衣服|扇子|灯笼|信封|墙纸)"
    r"(?:里|上|中)(?:面)?(?:的|有|是|画|印|绣|，|一|两)?[^，。]{0,8}$"
)
_AFTER_ZH = re.compile(
    rf"(?:们)?(?:形状的|样子的|形|状的?)?(?:{'|'.join(ARTEFACTS_ZH)})|"
    r"的(?:故事|传说|童话|画像|照片|相片|画|雕像|塑像|肖像|遗像|图案|图画|剪影|面具|歌谣?|绘本|书|戏|风筝|灯笼|木雕|木偶)"
)
_LIVING_ZH = re.compile(r"(?:笑着|轻轻|忽然|突然|慢慢)?(?:说|问|喊|叫道|回答|跑|跳|走|咬|抓|飞走|追|摇着?尾巴|游过来)")


def _is_depicted_zh(read: Read, mark: Mark) -> bool:
    text, first = read.sentence.text, read.tokens[mark.first].start
    end = read.tokens[mark.past - 1].end
    before, after = text[:first], text[end:]
    if mark.value == "snowman" and not re.search("画", before):
        return False
    artefact = _AFTER_ZH.match(after)
    if artefact and not _LIVING_ZH.match(after[len(artefact[0]) :]):
        return True
    if _FRAME_ZH.search(before):
        return True
    material = re.search(rf"(?:{'|'.join(MATERIALS_ZH)})(?:做的|刻的|折的|的)?[小大老]?$", before)
    inner = any(mark.text.startswith(word) and len(mark.text) > len(word) for word in MATERIALS_ZH)
    return (material is not None or inner) and not _LIVING_ZH.match(after)
