"""Subtitle files: ASS for burning in, with the spoken words highlighted, and SRT and VTT to go beside the film.

Whatever a story holds is text: libass takes braces for commands and a backslash for the beginning of one, so braces are
escaped and every backslash is followed by a word joiner (both looked at in frames that libass drew).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from soundstage.models.film import Cue, SubtitleStyle, Word

WORD_JOINER = "\u2060"
SPOKEN, UNSPOKEN, OUTLINE = "&H0066D9FF", "&H00FFFFFF", "&H00201410"
"""AABBGGRR: warm yellow once spoken, white before, and a dark edge that reads on any picture."""


@dataclass(frozen=True)
class Layout:
    """Where and how large subtitles stand in a frame, in its pixels."""

    font_size: int
    side: int
    bottom: int
    width: int
    """Of the safe area."""


def layout_for(size: tuple[int, int]) -> Layout:
    """Upright frames leave the lower fifth to what phone applications draw there (their published safe zones)."""
    wide, high = size
    upright, square = high > wide, high == wide
    font_size = round(0.064 * wide if upright else 0.052 * wide if square else 0.062 * high)
    side = round((0.09 if upright else 0.08) * wide)
    bottom = round((0.21 if upright else 0.07) * high)
    return Layout(font_size, side, bottom, wide - 2 * side)


def ass_document(
    cues: Sequence[Cue],
    *,
    size: tuple[int, int],
    style: SubtitleStyle,
    family: str,
    shift_s: float = 0.0,
    drawable: Callable[[str], str] = str,
) -> str:
    """Advanced SubStation Alpha 4+ for frames of (width, height).

    ``shift_s`` is added to all times; ``drawable`` takes out of a text what the typeface does not have.
    """
    layout = layout_for(size)
    outline = max(1, round(layout.font_size / 16))
    primary = SPOKEN if style == "highlight" else UNSPOKEN
    fields = (
        f"Text,{family},{layout.font_size},{primary},{UNSPOKEN},{OUTLINE},&H80000000,0,0,0,0,100,100,0,0,1,"
        f"{outline},{outline / 3:.1f},2,{layout.side},{layout.side},{layout.bottom},1"
    )
    head = [
        "[Script Info]",
        "ScriptType: v4.00+",
        f"PlayResX: {size[0]}",
        f"PlayResY: {size[1]}",
        "WrapStyle: 2",
        "ScaledBorderAndShadow: yes",
        "",
        "[V4+ Styles]",
        "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, "
        "Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, "
        "MarginR, MarginV, Encoding",
        f"Style: {fields}",
        "",
        "[Events]",
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
    ]
    events = [
        f"Dialogue: 0,{_ass_time(cue.start_s + shift_s)},{_ass_time(cue.end_s + shift_s)},Text,,0,0,0,,"
        + (_swept(cue) if style == "highlight" else r"\N".join(map(_escaped, cue.lines)))
        for cue in (_only(drawable, cue) for cue in cues)
    ]
    return "\n".join([*head, *events]) + "\n"


def srt_document(cues: Sequence[Cue]) -> str:
    """SubRip, as players read it."""
    blocks = [
        f"{number}\n{_clock(cue.start_s, ',')} --> {_clock(cue.end_s, ',')}\n" + "\n".join(cue.lines)
        for number, cue in enumerate(cues, 1)
    ]
    return "\n\n".join(blocks) + "\n"


def vtt_document(cues: Sequence[Cue]) -> str:
    """WebVTT (W3C) with a time before each word."""
    blocks = []
    for cue in cues:
        lines = ["".join(_vtt_word(text, word) for text, word in line) for line in _words_by_line(cue)]
        blocks.append(f"{_clock(cue.start_s, '.')} --> {_clock(cue.end_s, '.')}\n" + "\n".join(lines))
    return "WEBVTT\n\n" + "\n\n".join(blocks) + "\n"


def _only(drawable: Callable[[str], str], cue: Cue) -> Cue:
    words = [word.model_copy(update={"text": drawable(word.text)}) for word in cue.words]
    return cue.model_copy(update={"lines": [drawable(line) for line in cue.lines], "words": words})


def _swept(cue: Cue) -> str:
    """Each word with the centiseconds until the next one (``kf``): rounded from the card's start, so none adds up."""
    if not cue.words:
        return r"\N".join(map(_escaped, cue.lines))
    starts_s = [*(word.start_s for word in cue.words), cue.words[-1].end_s]
    marks = [round(100 * (start_s - cue.start_s)) for start_s in starts_s]
    lengths = {id(word): past - first for word, (first, past) in zip(cue.words, pairwise(marks), strict=True)}

    def swept(text: str, word: Word | None) -> str:
        return (f"{{\\kf{lengths[id(word)]}}}" if word else "") + _escaped(text)

    return r"\N".join("".join(swept(text, word) for text, word in line) for line in _words_by_line(cue))


def _words_by_line(cue: Cue) -> list[list[tuple[str, Word | None]]]:
    """Each line as texts that begin with a word; what comes before the first word has none."""
    waiting, lines = list(cue.words), []
    for line in cue.lines:
        parts: list[tuple[str, Word | None]] = []
        at = 0
        while waiting and (found := line.find(waiting[0].text, at)) >= 0:
            parts.append((line[at:found], None))
            parts.append((waiting[0].text, waiting.pop(0)))
            at = found + len(parts[-1][0])
        parts.append((line[at:], None))
        lines.append(_joined(parts))
    return lines


def _joined(parts: list[tuple[str, Word | None]]) -> list[tuple[str, Word | None]]:
    """What stands between words belongs to the word before."""
    found: list[tuple[str, Word | None]] = []
    for text, word in parts:
        if word is None and found:
            found[-1] = (found[-1][0] + text, found[-1][1])
        elif text:
            found.append((text, word))
    return found


def _vtt_word(text: str, word: Word | None) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<{_clock(word.start_s, '.')}>{escaped}" if word else escaped


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\" + WORD_JOINER).replace("{", r"\{").replace("}", r"\}")
    return " ".join(plain.splitlines())


def _ass_time(seconds: float) -> str:
    centiseconds = max(0, round(100 * seconds))
    hours, rest = divmod(centiseconds, 360_000)
    minutes, rest = divmod(rest, 6000)
    return f"{hours}:{minutes:02}:{rest // 100:02}.{rest % 100:02}"


def _clock(seconds: float, point: str) -> str:
    milliseconds = max(0, round(1000 * seconds))
    hours, rest = divmod(milliseconds, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}{point}{rest % 1000:03}"
