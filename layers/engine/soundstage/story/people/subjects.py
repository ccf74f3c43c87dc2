"""Whether a mention is the subject of its clause, by what stands before it."""

from soundstage.story.people.mentions import Mention, Read

NOT_BEFORE_SUBJECT = frozenset(
    (
        "to of with for by from at in on into like about near behind beside between against onto over under "
        "through than toward towards upon around after"
    ).split()
)
OWNERS = frozenset("her his its their my our your".split())
INVERTING = frozenset(
    (
        "in on under at by near there here once behind beside inside outside from over across beneath above along one"
    ).split()
)
CHINESE_NOT_BEFORE_SUBJECT = frozenset(
    (
        "在 对 把 被 给 跟 向 从 的 到 往 将 为 替 比 像 好像 见 问 遇见 找 找到 等 陪 帮 看见 看到 叫 送给 "
        "交给 告诉 抱着 听 听见 请 追 救"
    ).split()
)


def is_subject(read: Read, mention: Mention) -> bool:
    """Whether this mention acts."""
    if mention.possessive:
        return False
    return _is_english_subject(read, mention) if read.language == "en" else _is_chinese_subject(read, mention)


def _is_english_subject(read: Read, mention: Mention) -> bool:
    """No preposition before it, and no verb before it in its clause; or the verb stands first: 'said the fox'."""
    tokens, first = read.tokens, mention.first
    if mention.key in ("him", "them", "me", "us", "her", "himself", "herself", "itself", "themselves", "myself"):
        return False
    if mention.key in ("he", "she", "they", "i", "we", "he's", "she's", "i'm", "i'd", "i've", "i'll"):
        return True
    while first > 0 and (tokens[first - 1].norm in ("the", "a", "an") or tokens[first - 1].norm in OWNERS):
        first -= 1
    if first and tokens[first - 1].text != tokens[first - 1].text[: len(tokens[first - 1].norm)]:
        first = max(0, first - 2)  # 'the baker's daughter'
    if any(mark.kind == "speech" and mark.past in (first, mention.first) for mark in read.marks):
        return True
    before = tokens[first - 1].norm if first else ""
    if before in NOT_BEFORE_SUBJECT:
        return False
    clause = read.clause(mention.first, parts=True)
    verbs = [k for k in range(clause[0], first) if read.is_verb(k)]
    if not verbs:
        return True
    inverted = mention.new and not any(tokens[k].norm in OWNERS for k in range(clause[0], verbs[0]))
    return inverted and verbs[-1] == first - 1 and tokens[clause[0]].norm in INVERTING


def _is_chinese_subject(read: Read, mention: Mention) -> bool:
    tokens, first = read.tokens, mention.first
    before = tokens[first - 1].norm if first else ""
    if before == "的":
        clause = read.clause(first)
        governed = any(tokens[k].norm in CHINESE_NOT_BEFORE_SUBJECT - {"的"} for k in range(clause[0], first))
        after = tokens[mention.past] if mention.past < len(tokens) else None
        return not governed and after is not None and after.is_word and after.norm != "的"
    if before in CHINESE_NOT_BEFORE_SUBJECT:
        return False
    if before in ("着", "了", "过") and first > 1 and tokens[first - 2].tag[:1] == "v":
        return False  # 抱着孩子
    if first == 0 or not tokens[first - 1].is_word:
        return True
    clause = read.clause(first)
    start = next((k + 1 for k in range(first - 1, clause[0], -1) if tokens[k].norm == "的"), clause[0])
    verbs = [
        tokens[k].norm
        for k in range(start, first)
        if tokens[k].tag[:1] == "v" and tokens[k].norm not in ("是", "有", "住着", "住", "来", "来了")
    ]
    return not verbs or mention.new
