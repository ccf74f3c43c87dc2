"""Reading a prompt by rules: "a slow, dreamy lullaby with harp", 「欢快一点的手风琴圆舞曲」.

English and Chinese. Words that name a style, its players, a mood, a tempo, a key or a length count; all others do not.
The longest phrase wins ("music box" over "box"), and what is negated ("no drums", 「不要钢琴」) does not count.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from soundstage.models.music import (
    DEFAULT_SONG_S,
    MAX_SONG_S,
    MAX_TEMPO_BPM,
    MIN_SONG_S,
    MIN_TEMPO_BPM,
    Direction,
    GenParams,
    Key,
    Mode,
)
from soundstage.music.composing.styles import STYLES

STYLE_WORDS = {
    "campfire": "campfire, folk, folksy, country, acoustic, unplugged, singer-songwriter, bluegrass, "
    "篝火, 民谣, 乡村, 原声",
    "lofi": "lofi, lo-fi, lo fi, chillhop, hip hop, hip-hop, study beats, 低保真, 嘻哈",
    "synthwave": "synthwave, retrowave, retro, eighties, 80s, neon, synth pop, 合成器, 复古, 八十年代",
    "ballad": "ballad, love song, wedding, piano song, 抒情, 情歌, 婚礼",
    "cinematic": "cinematic, film, movie, soundtrack, score, trailer, orchestra, orchestral, symphonic, classical, "
    "电影, 配乐, 管弦乐, 交响, 古典",
    "bossa": "bossa nova, bossa, samba, latin, brazilian, jazz, jazzy, lounge, 波萨诺瓦, 巴萨诺瓦, 拉丁, 爵士",
    "funk": "funk, funky, soul, disco, motown, groovy, r&b, 放克, 灵魂乐, 迪斯科",
    "house": "house, dance, club, edm, techno, trance, party, 舞曲, 电子舞曲, 浩室, 派对, 夜店",
    "dreambox": "music box, dreambox, lullaby, bedtime, baby, toy, 八音盒, 摇篮曲, 睡前, 宝宝",
    "musette": "musette, waltz, french, paris, parisian, cabaret, 圆舞曲, 华尔兹, 法国, 巴黎",
}  # fmt: skip
MOOD_WORDS = {
    "calm": "calm, peaceful, relaxed, relaxing, gentle, soft, quiet, soothing, tender, warm, sleepy, chill, cosy, "
    "cozy, 平静, 安静, 温柔, 温暖, 舒缓, 放松, 轻柔, 宁静",
    "happy": "happy, joyful, cheerful, sunny, bright, fun, funny, playful, uplifting, upbeat, merry, "
    "快乐, 开心, 欢快, 明亮, 活泼, 愉快, 喜庆",
    "dark": "dark, sad, sorrowful, melancholy, melancholic, gloomy, moody, mysterious, scary, lonely, heartbroken, "
    "悲伤, 忧伤, 伤感, 难过, 黑暗, 神秘, 孤独, 忧郁",
    "epic": "epic, heroic, powerful, grand, huge, triumphant, majestic, anthem, anthemic, "
    "史诗, 宏大, 壮丽, 英雄, 激昂, 震撼, 磅礴",
    "dreamy": "dreamy, dreamlike, ethereal, floating, magical, fairy tale, nostalgic, ambient, "
    "梦幻, 空灵, 飘渺, 童话, 怀旧, 朦胧",
}  # fmt: skip
TEMPO_WORDS = {
    0.7: "very slow, really slow, much slower, 很慢, 非常慢",
    0.85: "slow, slower, slowly, unhurried, 慢, 慢一点",
    1.15: "fast, faster, quick, quicker, lively, energetic, 快, 快一点, 有活力",
    1.3: "very fast, really fast, much faster, 很快, 非常快",
}  # fmt: skip
PLAYERS_IN_CHINESE = {
    "吉他": "guitar", "钢琴": "piano", "小提琴": "violin", "大提琴": "cello", "长笛": "flute", "竖琴": "harp",
    "小号": "trumpet", "萨克斯": "saxophone", "手风琴": "accordion", "单簧管": "clarinet", "合唱": "choir",
    "弦乐": "strings", "铜管": "brass", "管风琴": "organ", "口哨": "whistle", "贝斯": "bass",
}  # fmt: skip
_NAMED, _PLAYS = 3, 1  # weights of a style's own words and of its instruments
_NEGATION = re.compile(
    r"(?:\b(?:no|not|without|never|less) (?:[\w'-]+ )?|\b(?:don't|do not|avoid|nothing) (?:[\w'-]+ ){0,2}"
    r"|不要|不用|没有|别用|别|不)$"
)
_BPM = re.compile(r"(\d{2,3}(?:\.\d+)?)\s*(?:bpm\b|beats per minute|拍)")
# "80s" and "90s" are decades.
_LENGTH = re.compile(r"(?!\b[4-9]0s\b)\b(\d+(?:\.\d+)?)[\s-]*(?:(s|secs?|seconds?)\b|(mins?|minutes?)\b|(秒)|(分钟))")
# As it was written: "a major" is mostly no key.
_KEY = re.compile(
    r"(?<![A-Za-z])((?<!^)A|[B-Gb-g])(?:\s*(#|♯|b|♭|sharp|flat))?[\s-]*(major|minor|maj|min)\b|(降|升)?([A-Ga-g])\s*(大调|小调)"
)
_PITCH_CLASSES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def read_prompt(prompt: str) -> Direction:
    """What ``prompt`` asks for, as far as the rules know its words; any text is read without an error."""
    fields: dict[str, Any] = {}
    fields["key"], text = _key(" ".join(prompt.split()))
    text = text.lower()
    fields["tempo_bpm"], text = _number(_BPM, text, MIN_TEMPO_BPM, MAX_TEMPO_BPM)
    fields["duration_s"], text = _number(_LENGTH, text, MIN_SONG_S, MAX_SONG_S)
    named: dict[str, int] = {}
    plays: dict[str, int] = {}
    for kind, meaning in _meanings(text):
        if kind == "style":
            named[meaning] = named.get(meaning, 0) + 1
        elif kind == "player":
            for style in _styles_with(meaning):
                plays[style] = plays.get(style, 0) + 1
        else:
            fields.setdefault(kind, meaning)
    mood = fields.get("mood")

    def fits(style: str) -> tuple[int, bool]:
        return _NAMED * named.get(style, 0) + _PLAYS * plays.get(style, 0), mood in STYLES[style].moods

    # Words come before players, more words before fewer, and what was said first before the rest.
    styles = sorted(named or plays, key=fits, reverse=True)
    fields["style_a"] = styles[0] if styles else None
    fields["style_b"] = styles[1] if len(named) > 1 else None
    return Direction.model_validate(fields)


def apply_direction(params: GenParams, direction: Direction, hummed_bpm: float) -> GenParams:
    """The parameters, with what the prompt asks for where they leave it open."""
    free = [style for style in (direction.style_a, direction.style_b) if style not in (params.style_a, params.style_b)]
    update: dict[str, Any] = {}
    for field in ("style_a", "style_b"):
        if getattr(params, field) is None and free:
            update[field] = free.pop(0)
    if params.mood == "auto" and direction.mood:
        update["mood"] = direction.mood
    if params.tempo_bpm == "keep":
        tempo = direction.tempo_bpm or (direction.tempo_factor and direction.tempo_factor * hummed_bpm)
        if tempo:
            update["tempo_bpm"] = round(min(max(tempo, MIN_TEMPO_BPM), MAX_TEMPO_BPM), 2)
    if params.key == "keep" and direction.key:
        update["key"] = direction.key
    if params.duration_s == DEFAULT_SONG_S and direction.duration_s:
        update["duration_s"] = direction.duration_s
    return params.model_copy(update=update)


def describe_direction(direction: Direction) -> str:
    """How the prompt was read, in one sentence for the person who wrote it."""
    parts = [name for name in (direction.style_a, direction.style_b, direction.mood) if name]
    if direction.tempo_bpm:
        parts.append(f"{direction.tempo_bpm:.0f} beats a minute")
    elif direction.tempo_factor:
        parts.append("slower than hummed" if direction.tempo_factor < 1 else "faster than hummed")
    if direction.key:
        parts.append(f"{direction.key.tonic} {direction.key.mode.value}")
    if direction.duration_s:
        parts.append(f"{direction.duration_s:.0f} seconds")
    taken = f"Taken from your words: {', '.join(parts)}." if parts else "Nothing in your words could be set."
    return f"{taken} {direction.note}" if direction.note else taken


@cache
def _vocabulary() -> tuple[re.Pattern[str], dict[str, tuple[str, Any]]]:
    """Every phrase with what it means, and a pattern that prefers the longest."""
    means: dict[str, tuple[str, Any]] = {}
    kinds: tuple[tuple[str, dict[Any, str]], ...] = (
        ("style", STYLE_WORDS), ("mood", MOOD_WORDS), ("tempo_factor", TEMPO_WORDS),
    )  # fmt: skip
    for pack in STYLES.values():
        for layer in pack.layers:
            words = layer.instrument.replace("_", " ")
            means |= {name: ("player", name) for name in (words, words.split()[-1])}
    means.update({chinese: ("player", player) for chinese, player in PLAYERS_IN_CHINESE.items()})
    for kind, words_of in kinds:
        for meaning, words in words_of.items():
            means.update(dict.fromkeys(words.split(", "), (kind, meaning)))
    phrases = sorted(means, key=len, reverse=True)
    pattern = "|".join(
        rf"(?<![a-z0-9]){re.escape(phrase)}s?(?![a-z0-9])" if phrase.isascii() else re.escape(phrase)
        for phrase in phrases
    )
    return re.compile(pattern), means


def _meanings(text: str) -> Iterator[tuple[str, Any]]:
    pattern, means = _vocabulary()
    for match in pattern.finditer(text):
        if _NEGATION.search(text[: match.start()]):
            continue
        phrase = match.group()
        yield means.get(phrase) or means[phrase.removesuffix("s")]


def _styles_with(player: str) -> list[str]:
    """Those who have exactly this player ("piano"), else those who have one of the kind ("guitar")."""
    players = {name: {layer.instrument.replace("_", " ") for layer in pack.layers} for name, pack in STYLES.items()}
    exact = [name for name, theirs in players.items() if player in theirs]
    return exact or [name for name, theirs in players.items() if any(p.endswith(f" {player}") for p in theirs)]


def _number(pattern: re.Pattern[str], text: str, low: float, high: float) -> tuple[float | None, str]:
    """The number, in range, and the text without it."""
    match = pattern.search(text)
    if match is None:
        return None, text
    value = float(match.group(1))
    if pattern is _LENGTH and (match.group(3) or match.group(5)):
        value *= 60
    return min(max(value, low), high), text.replace(match.group(), " ")


def _key(text: str) -> tuple[Key | None, str]:
    match = _KEY.search(text)
    if match is None:
        return None, text
    letter, accidental = match.group(1) or match.group(5), match.group(2) or match.group(4) or ""
    step = {"#": 1, "♯": 1, "sharp": 1, "升": 1, "b": -1, "♭": -1, "flat": -1, "降": -1}.get(accidental, 0)
    tonic = _PITCH_CLASSES[(_PITCH_CLASSES.index(letter.upper()) + step) % 12]
    minor = (match.group(3) or match.group(6)) in ("minor", "min", "小调")
    key = Key.model_validate({"tonic": tonic, "mode": Mode.MINOR if minor else Mode.MAJOR})
    return key, text.replace(match.group(), " ")
