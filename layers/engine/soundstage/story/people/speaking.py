"""Nouns that are in no table of people but do what people do: 'the moon said', 'the mayor came in', 太阳说."""

import re
from collections.abc import Sequence

from soundstage.story.people.age_words import AGE_ADJECTIVES
from soundstage.story.people.english_names import PERSONIFIED
from soundstage.story.people.mentions import Read
from soundstage.story.reading.lexicon import ADJECTIVES, table
from soundstage.story.words.things import ACTORS

NOT_SPEAKERS = frozenset(
    (
        "voice voices note letter sign book story radio map newspaper poem song legend message phone words "
        "word who what he she it they nobody somebody everyone everybody someone one other others no-one "
        "nothing something all both that this there then thing name heart mind head face eyes hand hands "
        "mouth answer question time day night morning way first last half rest world 声音 信 信上 书 书上 话 "
        "心 心里 眼睛 脸 手 头 嘴 有人 没人 谁 大家 自己 别人 人 人家 时候 一边 样子 又 都 也 这 那 边 电话 "
        "广播 电视 纸条 时间 今天 明天 晚上 早上 结果 意思 事情 事 笑 道理 消息 故事 传说 歌 梦 嘴里 嘴角"
    ).split()
)
PERSON_ENDINGS = (
    "er",
    "or",
    "ist",
    "ian",
    "man",
    "woman",
    "smith",
    "wright",
    "maid",
    "monger",
    "ant",
    "eer",
    "ess",
    "hand",
    "mate",
)
NOT_PERSONS = frozenset(
    (
        "river water winter summer thunder paper flower tower corner letter shoulder mirror floor weather "
        "order finger feather number dinner supper ladder border power other mother father brother sister "
        "door harbor harbour motor anchor odor color colour error terror horror honor butter bitter shower "
        "cover leather center counter chapter matter silver copper timber lumber plant elephant distant "
        "giant instant island thousand hunger anger danger wonder laughter answer fever river lever meter "
        "computer monitor engineer-room elevator reactor tractor radiator mist fist list wrist twist human "
        "ocean german indian italian helicopter drawer layer sweater poster locker hammer rubber cucumber "
        "monster spider tiger hamster lobster oyster badger beaver otter rooster goddess princess address "
        "dress mess darkness fortress chess mattress wilderness business press stranger"
    ).split()
)
_ZH_SPEECH = re.compile(
    r"(?:^|[，。！？；：“”、\s])(?:(?:小|老|大|那|这)(?:个|只|棵|朵|条)?)?([\u4e00-\u9fff]{1,4}?)(?:笑着|轻轻地?|大声|小声|低声|高兴地|生气地|温柔地|叹了口气)?(?:说|问|喊|叫道|答道|说道|问道|唱道|笑道|回答|叹道|喊道)[：，“:]?"
)


def speaking_nouns(reads: Sequence[Read]) -> dict[str, str]:
    """Word → 'thing' or 'person', of nouns that nothing else explains."""
    found: dict[str, str] = {}
    for read in reads:
        for word in _chinese(read) if read.language == "zh" else _english(read):
            if word not in NOT_SPEAKERS:
                found[word] = "thing" if is_thing(word) else "person"
    return found


def is_thing(word: str) -> bool:
    """What the painter draws, a place, or weather: the word is in a table of those."""
    kinds = {kind for kind, _, _ in table().get(tuple(word.split()), ())}
    acting = any(word in words.split() for words in ACTORS.values())
    return (
        acting
        or bool(kinds & {"thing", "place", "weather", "time", "season", "headwear", "garment"})
        or word in _NATURE
    )


_NATURE = frozenset(
    (
        "sun moon wind north_wind sea mountain cloud river star teapot shadow echo sky earth fire 太阳 月亮 风 "
        "北风 云 小溪 影子 大地 山 海"
    ).split()
)


def _english(read: Read) -> list[str]:
    tokens, found = read.tokens, []
    explained = {k for m in read.of_kind("role", "animal", "group") for k in range(m.first, m.past)}
    explained |= {k for first, past, _ in read.names for k in range(first, past)}
    for k, token in enumerate(tokens):
        personified = token.norm in PERSONIFIED and token.text[:1].isupper() and k and read.tokens[k - 1].is_word
        if personified and _acts_as_somebody(read, k):
            found.append(token.norm)
        if token.quoted or token.norm not in ("the", "a", "an") or k + 1 >= len(tokens):
            continue
        at = k + 1
        while (
            at + 1 < len(tokens)
            and tokens[at].norm in ADJECTIVES | AGE_ADJECTIVES | {"north", "south", "east", "west"}
            and tokens[at + 1].is_word
        ):
            at += 1
        word = tokens[at].norm
        if at in explained or not word.isalpha() or len(word) < 3 or word.endswith(("s", "ed", "ing", "ly")):
            continue
        said = any(
            m.kind == "speech" and not m.quoted and m.first == at + 1 and m.text.lower() in SAYING for m in read.marks
        )
        asked = any(
            m.kind == "speech" and not m.quoted and m.past == k and m.text.lower() in SAYING for m in read.marks
        )
        is_person = word.endswith(PERSON_ENDINGS) and word not in NOT_PERSONS and not is_thing(word)
        named = tokens[at + 1].norm in ("named", "called") if at + 1 < len(tokens) else False
        apposed = at > k + 1 and token.norm != "the" and _after_a_name(read, k)
        told = at + 1 < len(tokens) and tokens[at + 1].norm in ("who", "with")
        young = any(t.norm in SURELY_OF_SOMEBODY for t in tokens[k + 1 : at]) and not is_thing(word)
        acts = (is_person or young) and (read.is_verb(at + 1) or named or apposed or (told and at > k + 1))
        if token.norm != "the" and not acts:
            continue
        if ((said or asked) and '"' in _marks(read)) or acts:
            found.append(word)
    return found


_OF_THE_SKY = frozenset("earth moon sun".split())
_AS_THEY_DO = frozenset(
    "hung hangs rose rises set sets shone shines stood stands was is were are had has glowed sank".split()
)


def _acts_as_somebody(read: Read, at: int) -> bool:
    """'The North Wind and the Sun': 'The Earth hung above the hills' is of the sky alone."""
    before, after = read.tokens[at - 1].norm, read.norms(at + 1, at + 2)
    if before in ("and", "north") or after == ["and"]:
        return True
    if read.tokens[at].norm in _OF_THE_SKY:
        return read.is_verb(at + 1) and _AS_THEY_DO.isdisjoint(after)
    return read.is_verb(at + 1) or before == "the"


SURELY_OF_SOMEBODY = AGE_ADJECTIVES - frozenset("old ancient little tiny baby aged retired stooped wrinkled".split())
"""Houses are old, too."""


def _after_a_name(read: Read, at: int) -> bool:
    """'Elsa, an ancient seamstress': before the article."""
    return any(past == at - 1 and read.tokens[past].norm == "," for _, past, _ in read.names)


SAYING = frozenset(
    (
        "said says asked asks cried replied replies answered whispered shouted muttered exclaimed called "
        "told begged laughed sighed roared grumbled snapped sang declared boasted thought"
    ).split()
)


def _marks(read: Read) -> str:
    return "".join('"' for token in read.tokens if token.norm in '"“”‘’')


def _chinese(read: Read) -> list[str]:
    text, found = read.sentence.text, []
    named = {name for _, _, name in read.names}
    nouns = {token.norm for token in read.tokens if token.tag[:1] == "n" and not token.quoted}
    known = {m.text for m in read.of_kind("role", "animal", "group")}
    for match in _ZH_SPEECH.finditer(text):
        word = match[1]
        if word in nouns and word not in named | known and ("：" in text or "“" in text):
            found.append(word)
    return found
