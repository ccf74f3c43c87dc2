"""Proper names in Chinese: family names, 小 and 阿, 叫…, doubled characters, and what jieba takes for a name."""

import re
from collections import Counter

from soundstage.models.story import Language
from soundstage.story.people.mentions import Gender
from soundstage.story.people.name_words import chinese_names_by_use
from soundstage.story.reading.lexicon import chinese_words, table
from soundstage.story.reading.words import tokens_of
from soundstage.story.words.names import (
    CHINESE_NOT_NAMES,
    DOUBLE_SURNAMES,
    FEMALE_CHARACTERS,
    MALE_CHARACTERS,
    SURNAMES,
)

_HAN = "[\u4e00-\u9fff]"
_CALLED = re.compile(
    rf"(?:名叫|名字叫|取名叫|起名叫|取名为|叫做|叫作|名为|取名|小名叫|名字是|人称|名唤|唤作|"
    rf"(?:个|位|只|条|头|匹|她|他|我|它|孩|年|娘)叫|自称)(?:做|作)?[“「『]?({_HAN}(?:{_HAN}|·){{1,5}}?)"
    r"(?=[”」』，。！？、；：,.\s]|的|和|，|$|是)"
)
_CLAUSE_STARTS = "，。！？；：、“”「」『』…—\n "
_TITLES = (
    "老师|奶奶|爷爷|医生|叔叔|阿姨|伯伯|先生|太太|小姐|同学|师傅|大爷|大妈|大叔|大婶|婆婆|老板|校长|教授|船长|警官|队长|将军|大夫|护士|"
    "哥|姐|嫂|婶|大哥|大姐|班长|经理|掌柜|公公|大人|道长|员外"
)
_TITLED = re.compile(rf"([{''.join(sorted(SURNAMES))}]|阿|小|老)({_TITLES})(?![\u4e00-\u9fff]?们)")
_AFTER = (
    "说|问|道|喊|叫|想|笑|哭|走|跑|坐|站|拿|看|听|把|被|的|是|有|在|从|也|又|就|都|却|正|已|和|跟|对|给|向|点|摇|抬|低|举|提|抱|跳|爬|飞|游|睡|醒|住|来|去|"
    "回|到|停|推|拉|打|吃|喝|写|读|学|爱|喜|高兴|害怕|不|没|很|终|终于|突|忽|连|轻|慢|悄|扎|戴|穿|牵|捡|找|告|小心|决定|觉|愣|呆|望|盯|带|背|心|忍|急|赶|死|生|每|只|一|继|开|收|发|知|感|转|独|常|独自|，|。|！|？|：|、|”|…|"
    "养|登|翻|抓|递|梳|指|围|钓|卖|买|租|晒|浇|割|挖|砍|劈|烧|炒|蒸|盛|倒|尝|闻|摘|采|编|织|绣|磨|刻|量|算|记|考|参加|准备|打算|努力|偷|捉|逗|遇|碰|撞|挤|滑|摔|滚|绕|逛|今|刚|再|才|还|最|更|第|用|以|为|与|等|救|帮|请|接|伸|握|捧|摸|掏|挥|擦|揉|练|唱|画|种|做|躺|蹲|跪|追|冲|逃|躲|藏|守|陪|送|离|出|进|上|下|过|踩|骑|开|关|敲|咬|叹|眨|咧|皱|红|脸|眼|手|家|天|鼓|张|闭|松|落|挂|照|修|试|成|堆|讲|搭|涂|吹|弹|扫|洗|煮|切|丢|扔|塞|喂|数|撑|扑|拆|剪|缝|借|还|赶|运|搬|靠|扶"
)


def find_chinese_names(story: str, language: Language = "zh") -> set[str]:
    """The names of the story's people, as they are written."""
    found = {name for name in (m[1] for m in _CALLED.finditer(story)) if _may_be(name, called=True)}
    found |= {m[0] for m in _TITLED.finditer(story) if _stands_free(story, m.start()) and m[0] not in CHINESE_NOT_NAMES}
    found |= set(re.findall(rf"(?:{_HAN}{{1,5}}·{_HAN}{{1,5}})", story))
    counts: Counter[str] = Counter()
    for name, weight in _candidates(story, language):
        if _may_be(name) and not any(name != other and name in other for other in found):
            counts[name] += weight
    for name, weight in counts.most_common():
        longer = [other for other in counts if other.startswith(name) and len(other) > len(name)]
        absorbed = any(counts[other] >= 0.6 * weight for other in longer) and story.count(name) == sum(
            story.count(other) for other in longer
        )
        if weight >= 2 and not absorbed and not any(name.startswith(other) and len(other) >= 2 for other in found):
            found.add(name)
    return found | {name for name in chinese_names_by_use(story) if not any(name in other for other in found)}


def _candidates(story: str, language: Language) -> list[tuple[str, int]]:
    """Possible names with how much speaks for each: 2 is enough."""
    found: list[tuple[str, int]] = []
    tokens = tokens_of(story, language, [])
    for _number, token in enumerate(tokens):
        before = story[token.start - 1] if token.start else "\n"
        free = before in _CLAUSE_STARTS or before in "和跟对把被给与向叫是让请见找问替帮同陪等比"
        if token.tag in ("nr", "nrt", "nrfg") and 2 <= len(token.text) <= 4 and free:
            trimmed = _trimmed(token.text)
            known = trimmed[0] in SURNAMES or token.tag == "nrt" or trimmed[0] in "小阿老" or not _is_rare(trimmed)
            found.append((trimmed, 2 if known and (trimmed == token.text or trimmed[0] == "阿") else 1))
    family = "".join(sorted(SURNAMES))
    shapes = rf"[小阿老大]{_HAN}|({_HAN})\2|[{family}]{_HAN}{{1,2}}?|{_HAN}{{2,3}}?"
    pattern = rf"(?<!{_HAN})({shapes})(?={_AFTER})"
    joined = rf"(?<=[和跟与给了着见带抱牵拉领陪送教叫让请对把被、])([小阿]{_HAN}|老[{family}]|({_HAN})\2)(?={_AFTER})"
    for match in (*re.finditer(pattern, story), *re.finditer(joined, story)):
        name = match[1]
        doubled = len(name) == 2 and name[0] == name[1]
        prefixed = len(name) == 2 and (name[0] in "小阿" or (name[0] == "老" and name[1] in SURNAMES))
        named = name[0] in SURNAMES and len(name) == 3
        found.append((name, 2 if prefixed or doubled or named else 1))
    roles = "|".join(sorted((w for w in chinese_words() if _is_role(w)), key=lambda w: (-len(w), w)))
    after_role = rf"(?>{roles})({_HAN}{{2,3}}?)(?={_AFTER})"
    found += [(m[1], 2) for m in re.finditer(after_role, story) if _is_rare(m[1]) or _is_shaped(m[1])]
    for surname in DOUBLE_SURNAMES:
        found += [(m[0], 2) for m in re.finditer(rf"{surname}{_HAN}(?={_AFTER})", story)]
    return [
        (name, weight) for name, weight in found if not _is_word(name, story.count(name)) and not _has_verb(name, story)
    ]


def _is_shaped(name: str) -> bool:
    """小宝, 圆圆, 王秀英: right after a noun of people, a name."""
    return (len(name) == 2 and (name[0] in "小阿" or name[0] == name[1])) or (len(name) == 3 and name[0] in SURNAMES)


def _has_verb(name: str, story: str) -> bool:
    """递|钉子 and 车|开 are what somebody does, cut in a wrong place."""
    parts = tokens_of(name, "zh", [])
    if name[0] in "小阿老" or (len(parts) == 1 and parts[0].tag != "v"):
        return False
    if len(parts) == 1:
        return name[0] != name[1] and name[0] not in SURNAMES - {"车"}
    at = story.find(name)
    around = tokens_of(story[at : at + len(name) + 2], "zh", [])
    thing = any(kind in ("thing", "place") for kind, _, _ in table().get((parts[0].text,), ()))
    return (parts[0].tag == "v" and len(parts[-1].text) > 1) or (
        thing and around[1:2] != [] and around[1].tag[:1] == "v"
    )


def _is_role(word: str) -> bool:
    return any(kind in ("role", "animal") for kind, _, _ in table()[word,])


def _trimmed(name: str) -> str:
    """jieba takes a verb or a particle for part of a name: 阿福去, 林晓在."""
    while len(name) > 2 and re.match(rf"(?:{_AFTER})", name[-1]):
        name = name[:-1]
    return name


def _is_word(name: str, count: int = 1) -> bool:
    if len(name) == 2 and name[0] in "阿老" and name[1] in SURNAMES:
        return name in CHINESE_NOT_NAMES
    if (name,) in table() or name in chinese_words():
        return True
    tagged = tokens_of(name, "zh", [])
    if len(name) == 2 and name[0] == name[1] and count > 2:
        return False
    if len(name) == 2 and name[0] == name[1]:
        return len(tagged) == 1 and tagged[0].tag[:1] in ("d", "z", "v", "m", "q", "t") and not _is_rare(name)
    return len(tagged) == 1 and tagged[0].tag not in ("nr", "nrt", "nrfg", "a", "nz") and not _is_rare(name)


def _is_rare(name: str) -> bool:
    """Not in jieba's dictionary: what it made of it is a guess."""
    import rjieba  # noqa: PLC0415

    return not rjieba.has_word(name)


def _may_be(name: str, *, called: bool = False) -> bool:
    if name in CHINESE_NOT_NAMES or (name,) in table() or len(name) < 2:
        return False
    if name[-1] in "说道问喊叫答" and not called:
        return False
    if name[0] in "带牵抱拉领陪送教叫是和跟把被给对向从在到有去来说问想看听见让请":
        return False
    if len(name) > 2 and (name[:2],) in table():
        return False
    if any(c in "的了着过得地们这那哪么吗呢吧啊我你他她它谁什不没很都也就又再才被把让从往对" for c in name):
        return False
    return called or len(name) <= 4


def _stands_free(story: str, at: int) -> bool:
    return at == 0 or not "\u4e00" <= story[at - 1] <= "\u9fff" or story[at - 1] in "和跟对把被给与向是让请见找问的"


_TITLE_GENDERS: dict[str, Gender] = {
    **dict.fromkeys(("奶奶", "阿姨", "太太", "小姐", "大妈", "大婶", "婆婆", "姐", "嫂", "婶", "女士", "大娘"), "f"),
    **dict.fromkeys(("爷爷", "叔叔", "伯伯", "先生", "大爷", "大叔", "公公", "哥", "师傅", "大伯"), "m"),
}


def gender_of_chinese_name(name: str) -> Gender:
    """By its last characters, where one gender is far more usual."""
    given = name[1:] if name[0] in SURNAMES or name[0] in "小阿老" else name
    for title, gender in _TITLE_GENDERS.items():
        if name.endswith(title):
            return gender
    if name.endswith(("博士", "老师", "医生", "教授", "队长", "船长", "校长", "大夫", "同学", "班长", "经理", "老板")):
        return "u"
    votes = sum((c in FEMALE_CHARACTERS) - (c in MALE_CHARACTERS) for c in given)
    return "f" if votes > 0 else "m" if votes < 0 else "u"
