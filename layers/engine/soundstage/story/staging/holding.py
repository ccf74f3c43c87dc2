"""What is in somebody's hands: what they are introduced with, take and put down, and what leaves them by itself."""

import re
from collections.abc import Iterable

from soundstage.story.people.mentions import Mention, Read
from soundstage.story.reading.lexicon import Mark
from soundstage.story.words.things import SMALL_THINGS, VEHICLES

_ENDS = (
    "flew|fell|broke|broken|burst|popped|snapped|slipped|sank|blew|drifted|tore|torn|shattered|smashed|vanished|"
    "disappeared|tumbled|floated|sailed|rolled|got (?:stuck|caught|tangled|lost)|"
    "was (?:gone|lost|stolen)|had (?:gone|flown)"
)
_TAKES = "took|tore|stole|snatched|grabbed|carried|blew|swept|whipped|ripped|pulled|seized|lost|dropped"
_TAKERS = r"\b(?:wind|gust|storm|breeze|gale|wave|waves|thief|robber|robbers|crow|magpie|monkey|river|current|sea)\b"
_ENDS_ZH = (
    "断了|断开|飞走|飞了|飞远|飞上|掉|摔|破了|碎|不见|丢|挂在|挂到|"
    "卡在|缠在|沉|漂走|飘走|飘远|吹走|吹跑|刮走|卷走|抢走|偷走|滚|"
    "滑走|滑落|落进|落在|落到|落下|叼走|冲走|吃了|吃掉|撞[在上到]"
)
_BY_A_STRING = frozenset({"kite", "balloon"})


def lost_things(read: Read, held: Iterable[str]) -> set[str]:
    """What of the things that are held leaves the hand by itself or by force: 'The string broke', 风把信吹走了."""
    text = "".join(
        token.text if read.language == "zh" else f" {token.norm} " for token in read.tokens if not token.quoted
    )
    return {thing for thing in held if any(_is_lost(read, text, word) for word in _words_for(read, thing))}


def _words_for(read: Read, thing: str) -> set[str]:
    named = {mark.text.lower() for mark in read.of_kind("thing") if mark.value == thing and not mark.quoted}
    string = {"string", "line", "cord", "线", "绳", "绳子"} if thing in _BY_A_STRING else set()
    other = any(mark.value != thing and not mark.quoted for mark in read.of_kind("thing", "animal"))
    return named | string | (set() if other or named else {"it", "它"})


def _is_lost(read: Read, text: str, word: str) -> bool:
    said = re.escape(word)
    if read.language == "zh":
        return bool(
            re.search(rf"{said}[^，。；]{{0,8}}(?:{_ENDS_ZH})", text)
            or re.search(
                rf"(?:抢走|偷走|吹走|刮走|卷走|叼走|冲走|弄丢|丢|打破|摔破|打碎)了?[^，。；]{{0,4}}{said}", text
            )
        )
    said = rf"\b{said}\b"
    by_itself = re.search(rf"{said}(?: +(?!and\b|but\b|who\b)[\w'-]+){{0,3}} +(?:{_ENDS})\b", text)
    taken = re.search(rf"\b(?:{_TAKES})\b(?: +[\w'-]+){{0,3}} +{said}", text)
    return bool(by_itself) or (bool(taken) and bool(re.search(_TAKERS + r"|\b(?:stole|snatched|lost|dropped)\b", text)))


def carried_with(read: Read, mention: Mention) -> str | None:
    """'An old man with a walking stick': what somebody is introduced with."""
    if read.language != "en" or mention.kind != "noun" or read.norms(mention.past, mention.past + 1) != ["with"]:
        return None
    near = (m.value for m in read.of_kind("thing") if 1 < m.first - mention.past <= 4 and m.value in SMALL_THINGS)
    return next(near, None) if read.norms(mention.past + 1, mention.past + 2)[0] in ("a", "an", "his", "her") else None


def things_after(read: Read, mark: Mark) -> list[str]:
    reach = 8 if read.language == "en" else 9
    clause = read.clause(mark.first)
    found = [m.value for m in read.of_kind("thing") if 0 <= m.first - mark.past <= reach and m.first in clause]
    return [thing for thing in found if thing in SMALL_THINGS][:1]


def things_near(read: Read, mark: Mark) -> list[str]:
    clause = read.clause(mark.first)
    return [m.value for m in read.of_kind("thing") if m.first in clause]


_TOY = re.compile(
    r"\b(?:paper|toy|model|tin|newspaper|cardboard|walnut)\b|\bfold(?:ed|s|ing)?\b|"
    r"\b(?:out|made) of (?:\w+ )?(?:paper|newspaper)\b|"
    r"\bin (?:his|her|its|their|my) (?:hands?|pocket|teeth|mouth)\b|纸|玩具|模型|折|叠"
)


def toys_in(read: Read) -> set[str]:
    """Vehicles that a hand holds: 'folded a boat out of newspaper', 小纸船. From then on the boat is that one."""
    clauses = [(mark, read.clause(mark.first)) for mark in read.of_kind("thing") if mark.value in VEHICLES]
    joint = "" if read.language == "zh" else " "
    return {mark.value for mark, clause in clauses if _TOY.search(joint.join(read.norms(clause[0], clause[-1] + 1)))}
