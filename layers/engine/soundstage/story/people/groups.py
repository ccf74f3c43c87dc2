"""Words for several people at once whose number is told."""

import re

from soundstage.story.people.mentions import Mention, Read

TWO = re.compile(r"(?:both|two|pair of) (?:\w+ )?\w+$|(?:两个|两位|一对|俩)[^，。]{0,4}$|俩$")
HOW_MANY = {"三人": 3, "三个人": 3, "四人": 4, "四个人": 4, "一家人": 4, "全家": 4, "全家人": 4}


def is_brought_in(mention: Mention, read: Read) -> bool:
    """派来两个神仙: two more, not those who are there."""
    clause = read.clause(mention.first)
    return read.language == "zh" and any(read.tokens[k].tag[:1] == "v" for k in range(clause[0], mention.first))
