"""Words of a sentence: English by letters, Chinese by jieba's dictionary with our tables and the story's own names."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from soundstage.models.story import Language
from soundstage.story.reading.lexicon import (
    ENGLISH_TOKEN,
    Mark,
    Token,
    chinese_marks,
    chinese_words,
    english_marks,
    table,
)
from soundstage.story.reading.quotes import Span, inside

FREQUENCY = 20_000
"""Of a word of our tables that jieba does not have: as of a common noun (chosen so that 小村子里 is cut after 村子)."""


SIZES = frozenset("小大老新旧破高矮长短红白黑黄绿蓝灰花")
POSITIONS = frozenset("下上里中边外内旁前后")
_WEATHER_BEFORE = r"(?<!下着)(?<!飘着)(?<!下了)(?<!起了)(?<![下起飘降淋冒场阵毛])"
_WEATHER_AFTER = r"(?!纷纷|淅淅|绵绵|蒙蒙|停|下[了个得着]|落|飘|过后|连绵|打湿|越下|渐渐停|[点滴片球花人伞衣鞋声水])"
WEATHERS, CHANGES = frozenset("雨雪风雾"), frozenset("停散小大越下刮来过")


def tokens_of(text: str, language: Language, quotes: Sequence[Span], names: Iterable[str] = ()) -> list[Token]:
    """``quotes``: where in ``text`` somebody speaks; ``names``: Chinese words of this story that stay whole."""
    spans = list(quotes)
    if language == "zh":
        return _chinese(text, spans, tuple(sorted(names, key=lambda name: (-len(name), name))))
    return [
        Token(m[0], _normal(m[0]), m.start(), m.end(), quoted=inside(spans, m.start()))
        for m in ENGLISH_TOKEN.finditer(text)
    ]


def marks_of(tokens: Sequence[Token], language: Language) -> list[Mark]:
    return chinese_marks(tokens) if language == "zh" else english_marks(tokens)


def _normal(word: str) -> str:
    """Lower case, without a possessive ending."""
    low = word.lower().replace("’", "'")
    return (
        low[:-2] if low.endswith("'s") and low not in ("it's", "he's", "she's", "that's", "let's", "there's") else low
    )


def _chinese(text: str, quotes: list[Span], names: tuple[str, ...]) -> list[Token]:
    found, at = [], 0
    for word, tag in _tagged(text, names):
        start = text.index(word, at)
        at = start + len(word)
        if not word.isspace():
            found.append(Token(word, word.lower(), start, at, tag, inside(quotes, start)))
    return found


def _tagged(text: str, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Names are cut out first: what is left between them is segmented as if each stood alone."""
    pieces = re.split("(" + "|".join(map(pattern_of, names)) + ")", text) if names else [text]
    for number, piece in enumerate(pieces):
        if number % 2:
            yield piece, "nr"
        elif piece:
            for word, tag in _segmenter().tag(piece):
                # a name that was not cut out is the weather here, whatever jieba takes it for
                yield from _parts(word, "n" if word in names else tag)


def pattern_of(name: str) -> str:
    """A regular expression of a Chinese name in its story: 下着小雨 is the weather, and no girl named 小雨."""
    if any(kind == "weather" for kind, _, _ in table().get((name,), ())):
        return _WEATHER_BEFORE + re.escape(name) + _WEATHER_AFTER
    return re.escape(name)


def _parts(word: str, tag: str) -> list[tuple[str, str]]:
    """Smaller words where the dictionary's is a phrase: 小村子, 山脚下, 雪停了; what our tables have stays whole."""
    known = table()
    if len(word) < 2 or (word,) in known or not "\u4e00" <= word[0] <= "\u9fff":
        return [(word, tag)]
    if word[0] in "一那这" and word[1] in "个只位名条" and (word[2:],) in known:
        return [(word[:2], "m"), (word[2:], "n")]
    if tag == "nr" and len(word) == 3 and (word[:2],) in known:
        return [(word[:2], "n"), (word[2:], "v")]  # 白鹭|飞: a guess of jieba's
    if word[0] in SIZES and ((word[1:],) in known or ((word[1:-1],) in known and word[-1] in POSITIONS)):
        return [(word[0], "a"), *_parts(word[1:], "n")]
    if word[0] == "人" and not _segmenter().has_word(word):
        return [("人", "n"), *_parts(word[1:], "v")]  # 三个|人站|在: a guess of jieba's
    if word[-1] in POSITIONS and (word[:-1],) in known and tag[:1] != "d":  # 马上 is an adverb
        return [*_parts(word[:-1], "n"), (word[-1], "f")]
    if word[0] in WEATHERS and word[1] in CHANGES:
        return [(word[0], "n"), *_parts(word[1:], "v")]
    return [(word, tag)]


@cache
def _segmenter() -> Any:
    """rjieba is of the worker's extra: imported where Chinese is read."""
    import rjieba  # noqa: PLC0415

    segmenter = rjieba.Jieba()
    for word in chinese_words():
        if not segmenter.has_word(word):
            segmenter.add_word(word, FREQUENCY, "n")
    return segmenter
