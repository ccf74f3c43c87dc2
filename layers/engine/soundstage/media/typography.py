"""Text in pictures: titles in the typefaces that come with matplotlib, films in one that has Latin and Chinese."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import ImageFont

from soundstage.media.files import sha256_of, whole_file
from soundstage.media.shipped import shipped

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

TYPEFACES = ("STIXGeneral.ttf", "DejaVuSans.ttf")
FILM_TYPEFACE = "@fontsource/lxgw-wenkai@5.3.0/files/lxgw-wenkai-latin-500-normal.woff"
"""LXGW WenKai, a hand of the Kai kind (SIL Open Font License 1.1): Latin, Greek, Cyrillic and 28,000 Chinese
characters, whatever the file's name says. WOFF and not WOFF 2: that takes 100 times as long to cut down."""
# What no typeface of ours has and nobody misses: emoji, joiners, control characters.
NOT_LETTERS = ("So", "Sk", "Cf", "Cc", "Cs", "Co", "Cn")


@dataclass(frozen=True)
class Typeface:
    """A font file, alone in its folder for programs that take folders. ``whole``: what it was cut down from."""

    file: Path
    whole: Path | None = None

    @cached_property
    def family(self) -> str:
        with _opened(self.file) as font:
            return str(font["name"].getDebugName(1))

    @cached_property
    def sha256(self) -> str:
        """Of the whole typeface: without hints, as libass draws, a letter looks the same whatever others are there."""
        return sha256_of(self.whole or self.file)

    def drawable(self, text: str) -> str:
        """The text without what it cannot draw: emoji go whole, with their joiners and variation selectors."""
        missing = self.missing(text)
        return "".join(c for c in text if c not in missing) if missing else text

    def missing(self, text: str) -> str:
        """The characters of the text that it cannot draw, each once, spaces and line ends aside."""
        return "".join(dict.fromkeys(c for c in text if ord(c) not in self._known and not c.isspace()))

    @cached_property
    def _known(self) -> frozenset[int]:
        with _opened(self.file) as font:
            return frozenset(font.getBestCmap())

    def width_of(self, text: str, size: int) -> float:
        """Pixels that the text takes at this size."""
        return _font(self.file, size).getlength(text)


def film_typeface() -> Typeface:
    """The whole of it: for measuring, drawing, and asking what it is ``missing``. Pillow reads the file, matplotlib
    and libass do not: those take a subset.

    Raises:
        DependencyUnavailable: it is not installed.
    """
    return Typeface(shipped(FILM_TYPEFACE))


def subset_font(text: str, out: Path) -> Path:
    """Write the film typeface with the letters of ``text`` alone, as TrueType: 10 KB instead of 10 MB, in .5 s.

    The same letters, in whatever order, give the same bytes. What it does not have is left out: ``Typeface.missing``
    tells beforehand.

    Raises:
        DependencyUnavailable: the typeface is not installed.
    """
    from fontTools import subset  # noqa: PLC0415  (.2 s)

    options = subset.Options(
        notdef_outline=True, name_IDs=["*"], recalc_timestamp=False, drop_tables=[*subset.Options().drop_tables, "FFTM"]
    )
    with subset.load_font(str(shipped(FILM_TYPEFACE)), options) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=" " + text)
        subsetter.subset(font)
        font.flavor = None
        with whole_file(out) as partial:
            font.save(str(partial), reorderTables=None)
    return out


def _opened(file: Path) -> "TTFont":
    from fontTools.ttLib import TTFont  # noqa: PLC0415  (.1 s)

    return TTFont(file, lazy=True)


@cache
def _font(file: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


def label_font(size: int) -> ImageFont.FreeTypeFont:
    """For labels of plots, ``size`` in pixels: sans serif, with the ♭ and ♯ of keys."""
    return _font(_typeface(TYPEFACES[-1]), size)


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
    import matplotlib as mpl  # noqa: PLC0415  (.2 s, and films have a typeface of their own)

    return Path(mpl.get_data_path()) / "fonts" / "ttf" / name


def _can_write(typeface: Path, text: str) -> bool:
    """Whether all letters are there and stand side by side from left to right: no shaping is done."""
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415

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
