"""Readings and tones as they sound."""

import pytest
from pypinyin import Style, pinyin, pinyin_dict

from soundstage.speech.kokoro import TOKENS
from soundstage.speech.pronunciation.mandarin import syllables_of, words_of
from soundstage.speech.pronunciation.syllables import phonemes_of

SOUNDED = [
    ("不要不是不好", "bu2 yao4 bu2 shi4 bu4 hao3"),
    ("看一看好不好", "kan4 yi5 kan4 hao3 bu5 hao3"),
    ("一个人一天一起第一", "yi2 ge4 ren2 yi4 tian1 yi4 qi3 di4 yi1"),
    ("展览馆", "zhan2 lan2 guan3"),
    ("小老虎", "xiao3 lao2 hu3"),
    ("你好", "ni2 hao3"),
    ("他还得走", "ta1 hai2 dei2 zou3"),
    ("他慢慢地走着", "ta1 man4 man4 de5 zou3 zhe5"),
    ("跑得快", "pao3 de5 kuai4"),
    ("长长的头发长得很快", "chang2 chang2 de5 tou2 fa5 zhang3 de5 hen3 kuai4"),
    ("重要的重复", "zhong4 yao4 de5 chong2 fu4"),
    ("一会儿在这儿", "yi2 hui4 er5 zai4 zhe4 er5"),
    ("女儿", "nv3 er2"),
    ("三只羊", "san1 zhi1 yang2"),
    ("只有", "zhi2 you3"),
    ("新来的姑娘", "xin1 lai2 de5 gu1 niang5"),
]


@pytest.mark.parametrize(("text", "syllables"), SOUNDED)
def test_tones_and_readings(text: str, syllables: str) -> None:
    assert " ".join(" ".join(word) for word in syllables_of(words_of(text))) == syllables


def test_words_stay_whole() -> None:
    words = words_of("守塔人把人工智能机器人交给了新来的姑娘，自己回北京大学读书去了。")
    assert {"守塔人", "人工智能", "机器人", "北京大学"} <= set(words)


def test_every_syllable_of_chinese_has_phonemes_that_the_model_knows() -> None:
    characters = [chr(code) for code in pinyin_dict.pinyin_dict if 0x4E00 <= code < 0x9FFF]
    syllables = {
        syllable
        for readings in pinyin("".join(characters), style=Style.TONE3, heteronym=True, neutral_tone_with_five=True)
        for syllable in readings
    }
    assert len(syllables) > 1200
    assert set("".join(map(phonemes_of, syllables))) <= set(TOKENS)


@pytest.mark.parametrize(
    ("syllable", "phonemes"),
    [
        ("zhi1", "ꭧɨ→"),
        ("xue2", "ɕɥe↗"),
        ("lv4", "ly↘"),
        ("jiu3", "ʨjou↓"),
        ("er5", "ɚ"),
        ("wen2", "wə↗n"),
        ("bo1", "pwo→"),
    ],
)
def test_syllables(syllable: str, phonemes: str) -> None:
    assert phonemes_of(syllable) == phonemes


def test_what_is_no_syllable_is_refused() -> None:
    with pytest.raises(ValueError, match="is no syllable"):
        phonemes_of("qx9")
