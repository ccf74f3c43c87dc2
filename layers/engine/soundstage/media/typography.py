"""Titles in any script and length, in the typefaces that come with matplotlib (which, as Pillow, the worker has)."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import matplotlib as mpl
from matplotlib.ft2font import FT2Font
from PIL import ImageFont

TYPEFACES = ("STIXGeneral.ttf", "DejaVuSans.ttf")
# What no typeface of ours has and nobody misses: emoji, joiners, control characters.
NOT_LETTERS = ("So", "Sk", "Cf", "Cc", "Cs", "Co", "Cn")


@dataclass(frozen=True)
class Typeface:
    """A font file, alone in its folder for programs that take folders."""

    file: Path

    @cached_property
    def family(self) -> str:
        return FT2Font(str(self.file)).family_name

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.file.read_bytes()).hexdigest()

    def missing(self, text: str) -> str:
        """The characters of the text that it cannot draw, each once, spaces and line ends aside."""
        known = FT2Font(str(self.file)).get_charmap()
        return "".join(dict.fromkeys(c for c in text if ord(c) not in known and not c.isspace()))

    def width_of(self, text: str, size: int) -> float:
        """Pixels that the text takes at this size."""
        return _font(self.file, size).getlength(text)


@cache
def _font(file: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


def writable(title: str) -> str:
    """A title in Unicode's normal form C without emoji and control characters, its spaces single."""
    plain = "".join(c for c in unicodedata.normalize("NFC", title) if unicodedata.category(c) not in NOT_LETTERS)
    return " ".join(plain.split())


def typeface_for(text: str) -> Path | None:
    """The first typeface that has all of its letters; None where none has, and for an empty text."""
    return next((path for path in map(_typeface, TYPEFACES) if text and _can_write(path, text)), None)


def fitted(
    typeface: Path, text: str, *, width: int, sizes: Sequence[int], lines: int
) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The font in the largest of ``sizes`` (pixels, descending) at which the text fits into ``lines`` lines, and those.

    ``width`` is in pixels. What is too long in every size ends in …
    """
    for size in sizes:
        font = ImageFont.truetype(typeface, size, layout_engine=ImageFont.Layout.BASIC)
        wrapped = _wrapped(font, text, width)
        if len(wrapped) <= lines:
            return font, wrapped
    last = wrapped[lines - 1]
    while font.getlength(last + "…") > width:
        last = last[:-1]
    return font, [*wrapped[: lines - 1], last.rstrip() + "…"]


def _typeface(name: str) -> Path:
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / name


def _can_write(typeface: Path, text: str) -> bool:
    """Whether all letters are there and stand side by side from left to right: no shaping is done."""
    known = FT2Font(str(typeface)).get_charmap()
    side_by_side = not any(unicodedata.bidirectional(c) in ("R", "AL") or unicodedata.combining(c) for c in text)
    return side_by_side and all(ord(c) in known for c in text)


def _wrapped(font: ImageFont.FreeTypeFont, text: str, width: int) -> list[str]:
    """Lines broken at spaces, and inside a word that is longer than a line."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if font.getlength(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return lines
