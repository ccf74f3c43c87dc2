"""The story's text: cleaned of what is no text, counted as people count, and its language."""

import re
import unicodedata
from dataclasses import dataclass

from soundstage.models.errors import StoryEmpty, StoryTooLong
from soundstage.models.story import MAX_STORY_CHARACTERS, Language

LONGEST_INPUT = 40 * MAX_STORY_CHARACTERS
"""Code points. Nobody's 5,000 characters have more; what is longer is refused before it is looked at."""
WRAPPED_LINE = {"en": 40, "zh": 20}
"""Characters. A line of this length that ends without punctuation goes on in the next; verse and headings are
shorter (chosen on poems and on plain-text novels wrapped at 60 to 80 columns)."""
WORDS_PER_S, HAN_PER_S = 2.6, 4.4
"""Of our embedded voices at speed 1, measured over a page of prose each, without pauses."""
SENTENCE_PAUSE_S, CLAUSE_PAUSE_S = 0.4, 0.18

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u231a-\u23ff\U000e0000-\U000e007f\ufe0f\u20e3]\u200d?"
)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’][A-Za-z]+)*|\d+(?:[.,]\d+)*")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1dff\u3040-\u30ff\uac00-\ud7af]")
_TERMINAL = frozenset('.!?。！？…：:;；,，、—"”’」』)）》-')


@dataclass(frozen=True)
class CleanText:
    """``text``: paragraphs of one or more lines, a blank line between; ``notes``: what was taken out, in sentences."""

    text: str
    language: Language
    notes: tuple[str, ...]


def clean(text: str, language: Language | None = None) -> CleanText:
    """Line ends unified, control characters, emoji and lone surrogates taken out, wrapped lines joined, NFC.

    Raises:
        StoryEmpty: nothing that could be told is left.
        StoryTooLong: more than 5,000 characters as people count them; spaces at the ends of lines are not counted.
    """
    if len(text) > LONGEST_INPUT:
        raise _too_long(len(text))
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    without_emoji = _EMOJI.sub("", text)
    notes = ["Emoji were left out: voices and subtitles cannot show them."] if without_emoji != text else []
    kept = "".join(c for c in unicodedata.normalize("NFC", without_emoji) if c == "\n" or _is_text(c))
    lines = [re.sub(r"[ \u00a0\u2000-\u200a\u202f]+", " ", line).strip(" \u3000") for line in kept.split("\n")]
    kept = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not any(c.isalnum() for c in kept):
        raise StoryEmpty("The story is empty: it needs at least one word.")
    if (count := count_characters(kept)) > MAX_STORY_CHARACTERS:
        raise _too_long(count)
    found = language or detect_language(kept)
    if _OTHER_SCRIPT.search(kept) and len(_OTHER_SCRIPT.findall(kept)) > 0.2 * len(kept):
        name = "Chinese" if found == "zh" else "English"
        notes.append(f"The story is in neither English nor Chinese; it was read as {name}.")
    return CleanText(_unwrapped(kept, found), found, tuple(notes))


def count_characters(text: str) -> int:
    """As people count: a letter with its accents is one, and so is a line break (UAX 29, near enough for counting)."""
    return sum(1 for c in text if unicodedata.category(c) not in ("Mn", "Me", "Cf"))


def detect_language(text: str) -> Language:
    """Chinese if there are more Chinese characters than words of letters: a name in the other language is no change."""
    return "zh" if len(_HAN.findall(text)) > len(_LATIN_WORD.findall(text)) else "en"


def spoken_seconds(text: str) -> float:
    """About how long a voice takes for it, in either language or both."""
    words, han = len(_LATIN_WORD.findall(text)), len(_HAN.findall(text))
    sentences, clauses = len(re.findall(r"[.!?。！？…]+", text)), len(re.findall(r"[,;:，；：、—]+", text))
    return words / WORDS_PER_S + han / HAN_PER_S + SENTENCE_PAUSE_S * sentences + CLAUSE_PAUSE_S * clauses


def _too_long(count: int) -> StoryTooLong:
    return StoryTooLong(
        f"The story has {count:,} characters; it may have {MAX_STORY_CHARACTERS:,}.",
        detail={"characters": count, "most": MAX_STORY_CHARACTERS},
    )


def _is_text(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _unwrapped(text: str, language: Language) -> str:
    """A long line that ends in the middle of a sentence is joined with the next one."""
    least, joint = WRAPPED_LINE[language], "" if language == "zh" else " "
    lines: list[str] = []
    for line in text.split("\n"):
        before = lines[-1] if lines else ""
        if line and len(before) >= least and before[-1] not in _TERMINAL - frozenset(",，、"):
            lines[-1] = before + joint + line
        else:
            lines.append(line)
    return "\n".join(lines)
