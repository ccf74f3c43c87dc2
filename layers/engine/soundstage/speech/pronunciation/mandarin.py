"""Chinese characters to phonemes: words by a segmenter, readings by pypinyin and our own list, tones as they sound.

Tone sandhi after Y. R. Chao, "A Grammar of Spoken Chinese", 1968, §1.3: 一, 不, and the third tone.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from soundstage.speech.pronunciation.mandarin_readings import NEUTRAL_LAST, READINGS, RETROFLEX
from soundstage.speech.pronunciation.syllables import phonemes_of
from soundstage.speech.spoken import Sound, Spoken

_NUMERALS = frozenset("零〇一二三四五六七八九十百千万亿点")
_ADVERBIAL = re.compile(r"(.)\1$|[然兴快心静柔速声气细狠]$")
"""What 地 follows as the particle de: a doubled syllable, or one of the usual endings of adverbs."""


LETTERS = {
    "A": "ei1", "B": "bi4", "C": "xi1", "D": "di4", "E": "yi4", "F": "ai2 fu5", "G": "ji4", "H": "ei2 chi5", "I": "ai4",
    "J": "zhei4", "K": "kei4", "L": "ai2 lou5", "M": "ai2 mu5", "N": "en1", "O": "ou1", "P": "pi4", "Q": "qiu4",
    "R": "a4 er5", "S": "ai2 si5", "T": "ti4", "U": "you1", "W": "da2 bu5 liu5", "X": "ai2 ke5 si5",
    "Y": "wai4", "Z": "zei4",
}  # fmt: skip
"""Letters as Chinese speakers name them. So a recogniser (Whisper base) took GPA down in five of five lines and SUV in
two of two, spoken by Chinese voices; with the letters' English names, neither in three lines."""
LETTER_V = "vi→"
"""Which no syllable of Chinese has."""


def spelled(word: str) -> str:
    """Capital letters one by one, as phonemes."""
    names = [LETTER_V if letter == "V" else " ".join(map(phonemes_of, LETTERS[letter].split())) for letter in word]
    return " ".join(names)


def pronounce(spoken: Spoken) -> list[Sound]:
    """The words of a run of Chinese characters. Characters without a reading are left out."""
    sounds = []
    at = 0
    words = words_of(spoken.text)
    for word, syllables in zip(words, syllables_of(words), strict=True):
        part = spoken[at : at + len(word)]
        at += len(word)
        if syllables:
            sounds.append(Sound("".join(map(phonemes_of, syllables)), part.span))
    return sounds


def words_of(text: str) -> list[str]:
    import rjieba  # noqa: PLC0415  (.1 s for its dictionary)

    return list(rjieba.cut(text))


def syllables_of(words: Sequence[str]) -> list[list[str]]:
    """The syllables of each word as they sound in this company: pinyin with tone numbers."""
    read = [list(readings(word)) for word in words]
    for i, word in enumerate(words):
        before = words[i - 1] if i else ""
        following = words[i + 1] if i + 1 < len(words) else ""
        if word == "地" and _ADVERBIAL.search(before):
            read[i] = ["de5"]
        elif word == "得" and (not before or before in ("还", "就", "都", "总", "也", "你", "我", "他", "她", "必")):
            read[i] = ["dei3"]
        elif word == "还" and following[:1] in ("书", "钱", "债", "给"):
            read[i] = ["huan2"]
        elif word == "只" and not _counts(before):
            read[i] = ["zhi3"]
        elif word == "长" and following in ("大", "出", "高", "满"):
            read[i] = ["zhang3"]
        elif word == "种" and following[:1] in ("树", "花", "地", "菜", "下", "了", "着"):
            read[i] = ["zhong4"]
        elif word == "数" and following[:1] in ("着", "了", "星", "羊", "到"):
            read[i] = ["shu3"]
    _yi_and_bu("".join(words), read)
    _third_tones(words, read)
    return read


def _counts(word: str) -> bool:
    return bool(word) and (word[-1] in _NUMERALS or word[-1] in "两几这那每半多")


@cache
def readings(word: str) -> tuple[str, ...]:
    """The word by itself, a syllable for each character; none for a character that pypinyin does not know."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  (.2 s)

    if word in READINGS:
        return tuple(READINGS[word].split())
    known = "".join(c for c in word if lazy_pinyin(c, errors="ignore"))
    read = lazy_pinyin(known, style=Style.TONE3, neutral_tone_with_five=True)
    if word in NEUTRAL_LAST or (len(read) > 2 and word[-2:] in NEUTRAL_LAST):
        read[-1] = f"{read[-1][:-1]}5"
    if len(word) > 2 and word[1] == "得" and len(read) == len(word):
        read[1] = "de5"  # 跑得快
    if len(word) > 1 and word[-1] == "地" and _ADVERBIAL.search(word[:-1]):
        read[-1] = "de5"
    if len(word) > 1 and word[-1] == "只" and _counts(word[:-1]):
        read[-1] = "zhi1"
    if len(word) > 1 and word[-1] == "儿" and word not in RETROFLEX:
        read[-1] = "er5"
    return tuple(read)


def _yi_and_bu(text: str, read: list[list[str]]) -> None:
    """不 before a fourth tone: second. 一 before a fourth tone: second, before others: fourth; first in numbers, in
    ordinals and at the end. Both without tone in the middle of 看一看, 好不好."""
    places = [(i, k) for i, syllables in enumerate(read) for k in range(len(syllables))]
    if len(places) != len(text):
        return
    for at, (i, k) in enumerate(places):
        character = text[at]
        if character not in "一不":
            continue
        before, after = text[at - 1] if at else "", text[at + 1] if at + 1 < len(text) else ""
        tone = read[places[at + 1][0]][places[at + 1][1]][-1] if after else ""
        if before and before == after and (character == "不" or before not in _NUMERALS):
            read[i][k] = f"{'yi' if character == '一' else 'bu'}5"
        elif character == "不":
            read[i][k] = "bu2" if tone == "4" else "bu4"
        elif (
            not after
            or before in ("第", "初", "十")
            or (before and before in _NUMERALS)
            or after in "二三四五六七八九十零点月号日楼班"
        ):
            read[i][k] = "yi1"
        else:
            falling = tone == "4" or after == "个"
            read[i][k] = "yi2" if falling else "yi4" if tone in "123" else "yi1"


def _third_tones(words: Sequence[str], read: list[list[str]]) -> None:
    """A third tone before a third tone is a second: within a word, and where short words make a foot together."""
    for word, syllables in zip(words, read, strict=True):
        _rise(syllables, left_first=len(word) != 3 or not _starts_alone(word))
    for left, right in pairwise(read):
        if left and right and left[-1][-1] == "3" and right[0][-1] == "3" and len(left) + len(right) <= 3:
            left[-1] = f"{left[-1][:-1]}2"


def _starts_alone(word: str) -> bool:
    """Whether a word of three is one and two, as 小老虎, not two and one, as 展览馆."""
    return word[0] in "小老纸好很也"


def _rise(syllables: list[str], *, left_first: bool) -> None:
    """老虎: lao2 hu3; 展览馆: zhan2 lan2 guan3; 小老虎: xiao3 lao2 hu3."""
    tones = [syllable[-1] for syllable in syllables]
    for k in range(len(syllables) - 1):
        if tones[k] == tones[k + 1] == "3" and (left_first or k > 0 or tones[2:3] != ["3"]):
            syllables[k] = f"{syllables[k][:-1]}2"
