"""Who is only spoken of or likened to: nobody is there."""

import re

from soundstage.story.people.mentions import Mention, Read
from soundstage.story.reading.lexicon import Mark

_AWAY = re.compile(
    r"^(?: \w+)? (?:did not|didn't|had not|hadn't|has not|never|could not|would not) (?:come|arrive|appear|return)|"
    r"^ (?:was|were|is|are) (?:not|never|no longer) (?:there|at|in|home)|"
    r"^ (?:wasn't|isn't|weren't) (?:there|at|in|home)|^ (?:was|were|had) (?:missing|gone|disappeared)\b|"
    r"^(?:还|也|今天|一直|再也|却|都)*(?:没有?来|没有?回|不在|不来|没有?出现|不见了|没到)"
)


_GONE = re.compile(
    r"^ (?:had|has) (?:\w+ )?(?:(?:run|gone|wandered|flown|strayed|drifted|swum|sailed|walked|slipped|galloped) "
    r"(?:away|off|missing)|escaped|fled|disappeared|vanished|got lost|gone to sea|"
    r"been (?:stolen|lost|taken))\b|"
    r"^(?:[^，。！？；]{0,4})(?:跑丢|走丢|走失|丢了|失踪|被偷)|^(?:昨[天晚]|前[天几]|上[个周]|去年)[^，。]{0,4}(?:跑掉|跑了|走了|飞走|逃走)"
)
"""Told of as over: 'his dog had run away'."""


def stays_away(read: Read, mention: Mention) -> bool:
    """'Amu did not come', 阿木没有来上学, 'his dog had run away'."""
    after = read.sentence.text[read.tokens[mention.past - 1].end :].lower()
    return _AWAY.match(after) is not None or _GONE.match(after) is not None


def is_compared(read: Read, mark: Mark) -> bool:
    """Whether it is only likened to: 'as if they were sleeping children'."""
    clause_start = max((k + 1 for k in range(mark.first) if read.tokens[k].norm in ",.;:，。；：!?"), default=0)
    return any(m.first >= clause_start and 0 <= mark.first - m.past <= 5 for m in read.of_kind("figure"))
