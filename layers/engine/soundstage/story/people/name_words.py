"""Names that are words as well, of weather, seasons and plants: a girl named Rain, 小雨. Their use decides."""

import re
from functools import cache

from soundstage.story.people.mentions import Read
from soundstage.story.reading.lexicon import table
from soundstage.story.reading.words import pattern_of
from soundstage.story.words.names import (
    CHINESE_NOT_NAMES,
    NAME_WORDS,
    NAMES_AND_WORDS,
    NATURE_CHARACTERS,
    ONLY_NATURE_DOES,
)

ENOUGH = 2.0
"""Evidence that a word is somebody: one sure sign, or two signs that may deceive (chosen on two lists of sentences)."""
_OF_PEOPLE = frozenset({"stance", "take", "put", "speech", "thought", "emotion"})
_MEANT_BY_PEOPLE = frozenset(
    (
        "loved loves liked likes hated hates wanted wants lived lives worked works smiled laughed cried wore "
        "wears baked cooked washed cleaned helped learned studied sold packed hugged kissed nodded shrugged yawned "
        "waved knocked counted collected decided hoped tried forgot promised practised practiced dreamed pushed "
        "painted swept mended fixed tied woke touched planted opened closed picked carried "
        "pulled handed bought never always drove drives dropped jumped looked looks danced dances sang sings ate "
        "eats drank slept sleeps read wrote drew draws asked hid blinked blushed giggled grinned sighed sneezed snored "
        "stared listened listens gathered dug rowed fished skated swam stumbled tiptoed shivered whistled hummed "
        "hurried begged"
    ).split()
)
_NOT_A_NAME_AFTER = frozenset(
    (
        "the a an in on last next this that every each early late of until since by during all some no more "
        "heavy through into after before for from with like indian old-fashioned mid"
    ).split()
)
_FELL_OF_PEOPLE = frozenset("off down over asleep ill silent".split())
_HELPING = frozenset("and or was were is are had has would will could might can to in on over at from".split())
_ANIMATE = frozenset("his her him himself herself hers".split())


def is_word_as_well(name: str) -> bool:
    """Whether one English word is also an everyday one of nature, time or weather, an animal or a thing."""
    return name in NAME_WORDS or _is_of(name, "weather", "time", "season", "animal", "thing")


@cache
def _is_of(name: str, *kinds: str) -> bool:
    return any(kind in kinds for kind, _, _ in table().get((name,), ()))


def signs_of_somebody(read: Read, at: int) -> float:
    """How much the use of the capitalised word at token ``at`` says that it is somebody; below 0: that it is none."""
    tokens, word = read.tokens, read.tokens[at].norm
    before = tokens[at - 1].norm if at else ""
    after = tokens[at + 1].norm if at + 1 < len(tokens) else ""
    starts = at == 0 or not tokens[at - 1].is_word
    animal = _is_of(word, "animal")
    if before in ("named", "called") or (before in ("is", "was") and at > 1 and tokens[at - 2].norm == "name"):
        return 3.0
    if before in _NOT_A_NAME_AFTER and not (starts and tokens[at - 1].text[:1].isupper()):
        return -0.5
    role_before = any(mark.past == at and not mark.quoted for mark in read.of_kind("role"))
    signs = 2.0 if role_before and before != "the" else 0.0
    if after in ("was", "is"):
        told = range(at + 2, at + 8)
        if any(mark.first in told and mark.value != "friend" for mark in read.of_kind("role")) or _tells_age(read, at):
            signs += 2.0
        elif not animal and (
            any(mark.first in told[:3] for mark in read.of_kind("emotion")) or "tired" in read.norms(at + 2, at + 3)
        ):
            signs += 1.5
    if after == "," and any(at + 2 < m.first <= at + 7 for m in read.of_kind("role")):
        signs += 1.5
    if animal:
        return signs  # 'Fox met Rabbit': a fable's animals have no article either
    speaks = any(mark.kind == "speech" and mark.past == at for mark in read.marks)
    if speaks or (tokens[at].quoted and after in ",!?" and after):
        signs += 1.5
    if does_as_people_do(read, at + 1):
        signs += 1.5
        clause = read.clause(at + 1)
        signs += 0.7 if set(read.norms(at + 2, clause[-1] + 1)) & _ANIMATE else 0.0
    if len(tokens[at].norm) < len(tokens[at].text):
        signs += 0.5
    together = before == "and" or after == "and"
    other = tokens[at - 2] if before == "and" and at > 1 else tokens[at + 2] if at + 2 < len(tokens) else None
    if together and other is not None and (other.text[:1].isupper() or other.norm in ("her", "his")):
        signs += 1.0
    if not starts and before not in _NOT_A_NAME_AFTER:
        signs += 1.0 if word not in ("north", "spring", "summer", "autumn", "winter") else 0.7
    return signs


def _tells_age(read: Read, at: int) -> bool:
    said = read.norms(at + 2, at + 8)
    return bool({"years", "year"} & set(said)) and "old" in said


def does_as_people_do(read: Read, at: int) -> bool:
    if at >= len(read.tokens):
        return False
    norm = read.tokens[at].norm
    if norm == "fell":
        return at + 1 < len(read.tokens) and read.tokens[at + 1].norm in _FELL_OF_PEOPLE
    if norm in ONLY_NATURE_DOES:
        return False
    return norm in _MEANT_BY_PEOPLE or any(mark.first == at and mark.kind in _OF_PEOPLE for mark in read.marks)


_WAYS = frozenset("down up in out home back along into to over across through from past around".split())


def does_as_somebody(read: Read, at: int) -> float:
    """What follows a word that no table knows, where it begins a sentence: 'Zuzu the cat', 'Jory and the fox',
    'Marit has a red boat', 'Tuva does not sleep', 'Doran came down the hill'.
    """
    after = read.norms(at, at + 3)
    near = [m.first - at for m in read.of_kind("role", "animal") if not m.quoted]
    if after[:1] == ["the"] and {1, 2} & set(near):
        return 1.5
    if after[:1] == ["and"] and after[1:2] in (["the"], ["a"], ["her"], ["his"]) and {2, 3} & set(near):
        return 1.5
    owns = after[:1] in (["has"], ["had"]) and after[1:2] in (["a"], ["an"], ["two"], ["three"], ["no"])
    denied = after[:2] in (["does", "not"], ["did", "not"]) or after[:1] in (["doesn't"], ["didn't"], ["can't"])
    if after[:1] in (["is"], ["was"]) and _tells_age(read, at - 1):
        return 1.5
    goes = after[:1] in (["came"], ["comes"], ["went"], ["goes"]) and after[1:2] and after[1] in _WAYS
    return 0.4 if owns or denied or goes else 0.0


def is_used_as_word(read: Read, first: int) -> bool:
    """Of a name that is a word, too: whether here it is the word. 'Rain fell all night' in a story about Rain."""
    if not is_word_as_well(read.tokens[first].norm):
        return False
    after = read.tokens[first + 1].norm if first + 1 < len(read.tokens) else ""
    signs = signs_of_somebody(read, first)
    starts = first == 0 or not read.tokens[first - 1].is_word
    return signs < 0 or (signs == 0 and starts and after in ONLY_NATURE_DOES - _HELPING)


# Chinese -------------------------------------------------------------------------------------------------------------

_SHAPES = re.compile(
    rf"[小阿晓][{NATURE_CHARACTERS}]|([{NATURE_CHARACTERS}])\1|[{NATURE_CHARACTERS}][生儿]|" + "|".join(NAMES_AND_WORDS)
)
_COUNTED = "[场阵朵棵株片条座颗滴把根个粒枝]"
_KIN = (
    "妈妈|爸爸|爷爷|奶奶|外婆|外公|姥姥|哥哥|弟弟|姐姐|妹妹|老师|同学|朋友|同桌|妻子|丈夫|儿子|女儿|母亲|父亲|叔叔|阿姨"
)
_PEOPLE_DO = (
    "说|问|喊|哭|笑|想|觉得|喜欢|爱|站|坐|躺|趴|蹲|跪|踮|抱|背|推|提|牵|拿|捧|扛|拎|端|握|戴|穿|骑|撑|画|写|唱|丢|捡|读|"
    "自己|急得|高兴|害?怕|生气|许了|决定|终于|不敢|不怕|从来不|点点头|摇摇头|发烧|睡|醒|住在|回[家到]|来到|走[进到]|跑[进到]|第一次"
)
_SURELY_AFTER = re.compile(
    rf"(?:{_PEOPLE_DO})|在[^，。！？]{{1,14}}[里上边旁前口](?![^，。]{{0,3}}[下飘落打洒飞淅响停])[^，。]|(?:今年)?[一二三四五六七八九十\d]+岁|的(?:{_KIN}|书包|手|脸|眼|头发|房间|家)|(?:爷爷|奶奶|姐姐|哥哥|妹妹|弟弟|老师|同学)|"
    r"[^，。！？]{0,6}(?:说|问|喊|叫|答)(?:道|着)?[：:，]|是[^，。]{0,8}(?:木匠|女孩|男孩|学生|孩子|老师|医生|姑娘|双胞胎|的人)"
)
_MAYBE_AFTER = re.compile(
    "叫|最|把|给|对|跑|踩|伸|听|吃|喝|追|走|和|跟|不|每天|打|帮|教|学|等|找|举|跳|接|今天|也|已|又|做|看|将|划|采|种|养|用|堆|讲|搭|洗|喂|数|借|送"
)
_SURELY_BEFORE = re.compile(
    rf"(?:{_KIN})(?:和|跟|对|夸|叫|给|抱着|牵着|拉着)?$|(?:女孩|男孩|孩子|姑娘|孙女|孙子|人)(?:名?叫)?$"
)
_MAYBE_BEFORE = re.compile("(?:[给对跟和把问等夸叫让请陪帮被]|看见|看着|守了|摸了摸|抱住|告诉)$")
_NOT_OF_ONE_WHO_ACTS = ("天上", "挂在", "眨", "闪")


def chinese_names_by_use(story: str) -> set[str]:
    """Words of nature that do in this story what people do; 一场小雨 and 下着小雨 are weather in it all the same."""
    found: dict[str, float] = {}
    for match in _SHAPES.finditer(story):
        name = match[0]
        before, after = story[max(0, match.start() - 8) : match.start()], story[match.end() : match.end() + 14]
        if re.search(rf"[一两三几那这]{_COUNTED}$|[一两三几那这]$", before):
            found[name] = found.get(name, 0.0) - 2.0
            continue
        if re.compile(pattern_of(name)).match(story, match.start()) is None:
            continue
        stands_free = not before or not "\u4e00" <= before[-1] <= "\u9fff"
        unlike_words = (
            (name[0] == name[1] or name[0] in "小阿晓") and (name,) not in table() and name not in CHINESE_NOT_NAMES
        )
        sure = 1.5 if name in NAMES_AND_WORDS or _is_of(name, "thing", "place") else 2.0
        if re.search("(?:名叫|名字叫|取名|就叫|孩叫|娘叫|[她他]叫|叫做)$", before):
            found[name] = found.get(name, 0.0) + 3.0
        elif _SURELY_BEFORE.search(before) or (stands_free and _SURELY_AFTER.match(after)):
            found[name] = found.get(name, 0.0) + sure
        elif (stands_free and _MAYBE_AFTER.match(after)) or _MAYBE_BEFORE.search(before):
            found[name] = found.get(name, 0.0) + (sure if unlike_words else 0.5 * sure)
        elif before[-1:] in ("“", "，") and after[:1] in ("，", "！", "。", "”") and "“" in before + after:
            found[name] = found.get(name, 0.0) + 1.0
    celestial = any(word in story for word in _NOT_OF_ONE_WHO_ACTS)
    return {
        name
        for name, signs in found.items()
        if signs >= (ENOUGH + 1 if celestial and _is_of(name, "thing", "place", "time") else ENOUGH)
    }
