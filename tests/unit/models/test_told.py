"""What words say about a picture, and that a prompt says it again."""

import pytest

from soundstage.models.told import retold, told
from soundstage.story.writer import write_storyboard


@pytest.mark.parametrize(
    ("words", "facts"),
    [
        ("The lamp went out. Tom sat in the dark.", ["unlit"]),
        ("She blew out the candle.", ["unlit"]),
        ("灯灭了，屋里一片漆黑。", ["unlit"]),
        ("The lamp went out, but she lit it again.", []),
        ("The lamp did not go out.", []),
        ("The light swept over the waves.", []),
        ("Omar rode on the camel's back across the dunes.", ["riding camel"]),
        ("她骑着一匹白马。", ["riding white 马"]),
        ("Three goats climbed the mountain.", ["3 goats"]),
        ("A flock of sheep stood in the rain.", ["4 sheep"]),
        ("三只山羊爬上山坡。", ["3 山羊"]),
        ("Small white birds flew over them.", ["white birds", "4 birds"]),
        ("The rocket flew up into space.", ["launch"]),
        ("The rocket stood in a crater, and a bird flew by.", []),
        ("面馆门口挂着红灯笼。", ["hung"]),
        ("Tom sat at the kitchen table.", ["at table"]),
        ("Two hours later it was morning.", []),
    ],
)
def test_facts(words: str, facts: list[str]) -> None:
    assert told(words) == facts
    assert told(" ".join(retold(facts, "en" if words.isascii() else "zh"))) == facts


def test_the_writer_says_it_in_the_prompt() -> None:
    for story in ("Tom sat in the room. The lamp went out.", "小明坐在屋里。灯灭了。"):
        assert told(write_storyboard(story).shots[-1].prompt) == ["unlit"]
