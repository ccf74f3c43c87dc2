"""How a text is read: which words are said, in which language, with which pauses."""

import re
from dataclasses import replace

from soundstage.models.story import Language
from soundstage.speech.normalization import chinese, english
from soundstage.speech.pronunciation import english as english_words
from soundstage.speech.pronunciation import mandarin as mandarin_words
from soundstage.speech.spoken import Sound, Spoken

HAN = r"〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_RUN = f"[{HAN}]+"
_LATIN = rf"[^\W\d_{HAN}]"
_LATIN_WORD = rf"{_LATIN}+(?:['’.&\-]{_LATIN}+)*(?:['’](?=\s))?"
_RUNS = re.compile(rf"({_HAN_RUN})|({_LATIN_WORD}(?: +{_LATIN_WORD})*)|(\n\s*)|(\.{{2,}}|[^\w\s])")
_CLAUSE = re.compile(r"[^，。；！？：、…\n]*?(?:[，。；！？：、…\n]+|[,.;!?:]+(?=[\s\"”')]|$)|$)")
_ALIKE = {
    ".": "。．", ",": "，、", "!": "！", "?": "？", ":": "：", ";": "；", "—": "–", "“": "「『《", "”": "」』》",
    "(": "（", ")": "）", "…": "⋯",
}  # fmt: skip
MARKS = {mark: mark for mark in ".,!?:;—…“”()"} | {mark: as_ for as_, marks in _ALIKE.items() for mark in marks}
"""Punctuation → the model's symbol for it."""
SENTENCE_ENDS = ".!?…"
_WIDE = {wide: wide - 0xFEE0 for wide in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]}
_WIDE |= {ord(wide): narrow for wide, narrow in zip("％＋＝＆＠＄／－＜＞", "%+=&@$/-<>", strict=True)}
_WIDE |= dict.fromkeys(map(ord, "\u00a0\u2009\u202f\u3000\t"), " ")


def read(text: str, language: Language) -> list[Sound]:
    """The sounds of a text, in order. ``language``: of the text, and of a clause that has no words of its own."""
    narrow = text.translate(_WIDE)
    sounds: list[Sound] = []
    for start, end, said_in in passages(narrow, language):
        spoken = (chinese if said_in == "zh" else english).normalized(narrow, start, end)
        for sound in _pronounced(spoken, language):
            _add(sound, sounds)
    return sounds


def language_of(text: str) -> Language:
    """The language that most of a text's words are in; English where there are none."""
    han = len(re.findall(f"[{HAN}]", text))
    return "zh" if han > len(re.findall(rf"{_LATIN}+", text)) else "en"


def passages(text: str, language: Language) -> list[tuple[int, int, Language]]:
    """Start, end and language of stretches whose clauses are in one language: numbers are read in that.

    A clause is Chinese when most of its words are, and where as many are Latin, when the text is.
    """
    found: list[tuple[int, int, Language]] = []
    for clause in _CLAUSE.finditer(text):
        if clause.start() == clause.end():
            continue
        own = _language_of(clause[0], language)
        if found and own in (None, found[-1][2]):
            found[-1] = (found[-1][0], clause.end(), found[-1][2])
        else:
            found.append((clause.start(), clause.end(), own or language))
    return found


def _language_of(clause: str, language: Language) -> Language | None:
    han = len(re.findall(f"[{HAN}]", clause))
    latin = len(re.findall(rf"{_LATIN}+", clause))
    if not han and not latin:
        return None
    return "zh" if han > latin or (han == latin and language == "zh") or (han and language == "zh") else "en"


def _pronounced(spoken: Spoken, voice: Language) -> list[Sound]:
    sounds: list[Sound] = []
    for run in _RUNS.finditer(spoken.text):
        part = spoken[run.start() : run.end()]
        if run[1]:
            sounds += mandarin_words.pronounce(part)
        elif run[2]:
            words = english_words.pronounce(part)
            sounds += [_with_chinese_letters(word, spoken) for word in words] if voice == "zh" else words
        elif mark := _mark(run, spoken.text):
            sounds.append(Sound(mark, part.span, is_word=False, spaced=mark in "“(—"))
    return sounds


def _with_chinese_letters(sound: Sound, spoken: Spoken) -> Sound:
    word = "".join(
        c for c, span in zip(spoken.text, spoken.spans, strict=True) if sound.span[0] <= span[0] < sound.span[1]
    )
    if word.isascii() and english_words.is_spelled(word, sound.phonemes):
        return replace(sound, phonemes=mandarin_words.spelled(word))
    return sound


def _mark(run: re.Match[str], text: str) -> str | None:
    """The model's symbol. A new line ends a sentence; a straight quotation mark opens where a word follows."""
    if run[3]:
        return "."
    if len(run[4]) > 1:
        return "…"
    if run[4] == '"':
        return "“" if re.match(r"\S", text[run.end() :]) and not re.search(r"\S$", text[: run.start()]) else "”"
    return MARKS.get(run[4])


def _add(sound: Sound, sounds: list[Sound]) -> None:
    """Marks that say the same twice are one; words of one expression ("two kilometres") are one."""
    last = sounds[-1] if sounds else None
    if not sound.is_word:
        if last is None and sound.phonemes not in "“(":
            return
        if last is not None and not last.is_word and _weaker(sound.phonemes, last.phonemes):
            return
        if last is not None and last.phonemes == "." and sound.phonemes == "." and not last.is_word:
            sounds[-1] = Sound("…", (last.span[0], sound.span[1]), is_word=False, spaced=False)
            return
    elif last is not None and last.is_word and sound.span[0] < last.span[1]:
        span = (min(last.span[0], sound.span[0]), max(last.span[1], sound.span[1]))
        sounds[-1] = Sound(f"{last.phonemes} {sound.phonemes}", span, spaced=last.spaced)
        return
    sounds.append(sound)


def _weaker(mark: str, before: str) -> bool:
    """Whether a mark right after another one adds nothing."""
    return mark == before or (mark in ".,:;—" and before in ".!?…,:;—")
