"""Chinese as written, and as a person reads it aloud."""

import re

import pytest

from soundstage.speech.normalization.chinese import normalized
from soundstage.speech.normalization.chinese_numbers import cardinal, digits

SAID = [
    (
        "今天是2025年3月5日，他跑了42.195km，GPA是3.8/4.0，喜欢SUV和iPhone。",
        "今天是二零二五年三月五日，他跑了四十二点一九五公里，GPA是三点八比四点零，喜欢SUV和iPhone。",
    ),
    ("电量 100%，折扣 45.5%%。", "电量 百分之一百，折扣 百分之四十五点五。"),
    ("9:30上课，14:05下课，2:00睡觉", "九点三十分上课，十四点零五分下课，两点睡觉"),
    ("比分是3:2，以21:15赢", "比分是三比二，以二十一比十五赢"),
    ("价格¥3.50，$20，3.5万元，€5亿", "价格三点五元，二十美元，三点五万元，五亿欧元"),
    ("90年代，95后，1939-1945年，10年后", "九十年代，九五后，一九三九到一九四五年，十年后"),
    ("-5℃到25°C，60km/h", "零下五摄氏度到二十五摄氏度，六十公里每小时"),
    ("打13812345678或010-12345678，拨打110", "打幺三八幺二三四五六七八或零幺零，幺二三四五六七八，拨打幺幺零"),
    ("2个人，2年，第2个，20只，2点", "两个人，两年，第二个，二十只，两点"),
    ("1/2和3/4，½，②，Ⅳ", "二分之一和四分之三，二分之一，二，四"),
    ("MP3，5G，COVID-19，iPhone15", "MP三，五G，COVID-十九，iPhone十五"),
    ("2025-03-05，2025/3/5", "二零二五年三月五日，二零二五年三月五日"),
    ("1,234,567人，0.5，007", "一百二十三万四千五百六十七人，零点五，零零七"),
    ("5-10个，10%-20%，5~8米", "五到十个，百分之十到百分之二十，五到八米"),
    ("3.8.1版", "三点八点一版"),
    ("写信到a.b@example.com或www.example.com/x", "写信到 a 点 b 艾特 example 点 com 或 example 点 com "),
    ("1+1=2，3×4", "一加一等于二，三乘四"),
    ("第3章，12月25日", "第三章，十二月二十五日"),
    ("没有数字。", "没有数字。"),
]


@pytest.mark.parametrize(("written", "said"), SAID)
def test_it_is_read_as_a_person_would(written: str, said: str) -> None:
    assert re.sub(" +", " ", normalized(written, 0, len(written)).text) == said


@pytest.mark.parametrize("written", [written for written, _ in SAID])
def test_every_character_that_is_said_stands_for_some_of_the_authors(written: str) -> None:
    spoken = normalized(written, 0, len(written))
    assert len(spoken.text) == len(spoken.spans)
    assert all(0 <= start < end <= len(written) for start, end in spoken.spans)
    assert list(spoken.spans) == sorted(spoken.spans)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "零"), (10, "十"), (12, "十二"), (20, "二十"), (101, "一百零一"), (110, "一百一十"), (112, "一百一十二"),
        (1002, "一千零二"), (2000, "两千"), (10_000, "一万"), (10_010, "一万零一十"), (20_000, "两万"),
        (100_200, "十万零二百"), (120_000, "十二万"), (100_000_000, "一亿"), (100_000_001, "一亿零一"),
        (10**16, "一零零零零零零零零零零零零零零零零"),
    ],
)  # fmt: skip
def test_cardinals(value: int, said: str) -> None:
    assert cardinal(value) == said


def test_one_is_yao_on_the_telephone() -> None:
    assert digits("110", telephone=True) == "幺幺零"
    assert digits("110") == "一一零"
