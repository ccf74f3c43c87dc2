"""Where a text says that a noun and a name are one: 'old keeper Tomas', 'a girl called Mara', 我叫苏云."""

import re
from collections.abc import Sequence

from soundstage.story.people.mentions import ENGLISH_PRONOUNS, Mention, Read
from soundstage.story.people.persons import Reference

CALLED = frozenset("named called 叫 名叫 名字叫 取名 人称 叫做 名为 唤作 叫作".split())
LINKS = frozenset(
    (
        ", ， the a an was is 是 一个 一只 一位 个 的 that 此 这 这个 这只 只 位 名 一名 叫 who 就是 那个 这位 一条 条"
    ).split()
)
_I_AM = re.compile(r"\b(?:i'm|i am|my name is|my name's|call me|this is)\s*$", re.IGNORECASE)
_WAS_NAMED = re.compile(r"\b(her|his|its) name (?:was|is)\s*$|\b(?:call|called|named) (him|her|it)\s*$", re.IGNORECASE)
_IT_IS = re.compile(r"^[^\w]*(?:it|that|this) (?:is|was)\s*$|原来(?:那|这|他|她)?是$|^(?:那|这)是$", re.IGNORECASE)
_I_AM_ZH = re.compile(r"(?:我叫|我是|我的名字叫|我的名字是|我名叫|叫我)$")
_NAMED_ZH = re.compile(
    r"(?:他|她|它)(?:名|的名字|就|名字)?(?:叫|是)$|给(?:他|她|它)(?:起|取)(?:了?个?)名(?:字)?叫?$|(?:管|叫)(?:他|她|它)叫?$"
)


def beside(read: Read, mention: Mention) -> str | None:
    """The name that stands beside a noun and is of the same person."""
    for first, past, name in read.names:
        before = past <= mention.first
        between = read.norms(past, mention.first) if before else read.norms(mention.past, first)
        if len(between) > 5 or read.tokens[first].quoted != read.tokens[mention.first].quoted:
            continue
        owned = len(read.tokens[past - 1].norm) < len(read.tokens[past - 1].text)
        if before and owned:
            continue
        if _joined(read, mention, between, (first, past), before=before):
            return name
    return None


def _joined(read: Read, mention: Mention, between: list[str], name: tuple[int, int], *, before: bool) -> bool:
    words = set(between)
    if not before:
        if not between:
            return True
        if words & CALLED and words <= CALLED | LINKS | {"他", "她", "它"}:
            return True
        after = read.tokens[name[1]].norm if name[1] < len(read.tokens) else "."
        if (
            read.language == "en"
            and mention.new
            and between[-1:] == [","]
            and between[:1] in (["in"], ["of"], ["with"])
        ):
            return after in (",", ".")  # 'A baker in her eighties, Mrs. Lund,'
        return (
            between in ([","], ["，"]) and not mention.new and after in (",", ".", "，", "。") and read.language == "en"
        )
    if read.language == "zh":
        called = read.norms(name[0] - 1, name[0])
        return (
            not between
            or bool(words & {"是", "这个", "这只", "就是", "这位", "那个"} and words <= LINKS)
            or (between == ["的"] and called in (["叫"], ["名叫"], ["叫做"]))
        )
    if words & {"was", "is"} and words <= LINKS:
        return True
    if between[:1] != [","]:
        return False
    after = read.tokens[mention.past].norm if mention.past < len(read.tokens) else "."
    if mention.owner and between in ([","], [",", mention.owner]) and after in (",", ".", ";", "who"):
        return True  # 'Mikkel, her partner, who'
    possessed = mention.owner not in ("", "her", "his", "their", "my") and mention.first - name[1] <= 4
    return possessed or (words <= LINKS and bool(words & {"the", "a", "an"}))


def is_said_to_be(read: Read, mention: Mention, before: Sequence[Reference]) -> int | None:
    """'Her father was a shoemaker', 她的爸爸是修鞋匠: who the noun is said of."""
    subjects = [r for r in before if r.mention.subject and not r.mention.quoted and len(r.people) == 1]
    if not subjects or subjects[-1].mention.kind == "pronoun":
        return None
    between = read.norms(subjects[-1].mention.past, mention.first)
    if read.language == "zh":
        is_it = between[:1] in (["是"], ["当"], ["做"]) and len(between) <= 5 and not {"，", ",", "和"} & set(between)
    else:
        article = between[1:2] and (between[1] in ("a", "an", "the") or between[1] in ENGLISH_PRONOUNS)
        is_it = between[:1] in (["was"], ["is"], ["became"]) and bool(article) and len(between) <= 5
        is_it = (
            is_it and all(word.isalpha() for word in between) and not {"with", "and", "by", "in", "at"} & set(between)
        )
    return subjects[-1].people[0] if is_it else None


def self_introduction(read: Read, mention: Mention) -> bool:
    """'I'm Nadia', 我叫苏云: whoever speaks is so called."""
    text = read.sentence.text[: read.tokens[mention.first].start]
    return mention.quoted and bool(_I_AM.search(text) or _I_AM_ZH.search(text))


def introduction(read: Read, mention: Mention) -> str:
    """'Her name was Lotte', 给它起名叫墨墨: the pronoun of who is so called, or ''."""
    text = read.sentence.text[: read.tokens[mention.first].start]
    english = _WAS_NAMED.search(text)
    if english:
        return (english[1] or english[2]).lower()
    chinese = _NAMED_ZH.search(text)
    if chinese:
        return next(c for c in chinese[0] if c in "他她它")
    return "it is" if _IT_IS.search(text) else ""


YOU = frozenset({"you", "你", "您"})


def addressee(reads: Sequence[Read]) -> str | None:
    """To whom a letter is written: the name that it calls on; '' where it only says 'you'; None: it is no letter."""
    said = [token.norm for read in reads for token in read.tokens if not token.quoted]
    you, me = sum(word in YOU for word in said), sum(word in ("i", "me", "my", "我") for word in said)
    if you < 3 or not me:
        return None
    return next((name for read in reads for _, _, name in read.names if calls_on(read)), "")


def calls_on(read: Read) -> bool:
    """Whether a sentence begins with a name that it calls: '阿宁，今天…', 'Dear Anna,'."""
    if not read.names or read.tokens[read.names[0][0]].quoted:
        return False
    first, past, _ = read.names[0]
    opens = all(token.norm in ("dear", "my", "oh", "亲爱", "的") or not token.is_word for token in read.tokens[:first])
    return opens and read.norms(past, past + 1) in ([","], ["，"], ["："], [":"])


def only_written(read: Read, mention: Mention) -> bool:
    """'There was a name on it: Walter.': nobody is there."""
    before = read.sentence.text[: read.tokens[mention.first].start].rstrip('“"‘ ')
    return before.endswith((":", "：")) and bool(re.search(r"\bname|signed|wrote|written|名字|写着|刻着|署名", before))
