"""What is written into films: covered, cut down, and drawn."""

import hashlib
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from soundstage.arrays import Floats
from soundstage.media.typography import Typeface, film_typeface, subset_font

CHINESE = "守塔人把人工智能机器人交给了新来的姑娘，自己回北京大学读书去了。“好！”她说：《灯塔》……"
ENGLISH = "Don't stop. It's 5 o'clock, he said: “Go; [now]” — 100% naïve café, €3.50"


@pytest.mark.parametrize("text", [CHINESE, ENGLISH, CHINESE + ENGLISH])
def test_both_languages_are_covered(text: str, tmp_path: Path) -> None:
    assert film_typeface().missing(text) == ""
    assert Typeface(subset_font(text, tmp_path / "film.ttf")).missing(text) == ""


def test_what_is_missing_is_told() -> None:
    assert film_typeface().missing("灯塔 lamp 😅\u2067") == "😅\u2067"


def test_a_subset_has_what_was_asked_for_and_little_else(tmp_path: Path) -> None:
    path = subset_font(CHINESE, tmp_path / "film.ttf")
    assert path.stat().st_size < 60_000
    assert path.read_bytes()[:4] == b"\0\1\0\0"
    with TTFont(path) as font:
        assert set(font.getBestCmap()) == {ord(c) for c in CHINESE} | {0x20}
        assert font["name"].getDebugName(1) == "LXGW WenKai" == Typeface(path).family


@pytest.mark.slow
def test_the_same_letters_give_the_same_bytes(tmp_path: Path) -> None:
    first = subset_font("灯塔亮了", tmp_path / "a.ttf").read_bytes()
    second = subset_font("了亮塔灯灯", tmp_path / "b.ttf").read_bytes()
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.ttf", "b.ttf"]


def test_a_subset_draws_what_the_whole_typeface_draws(tmp_path: Path) -> None:
    text = unicodedata.normalize("NFC", "灯塔 Lamp")
    drawn = [_drawn(text, path) for path in (film_typeface().file, subset_font(text, tmp_path / "film.ttf"))]
    assert drawn[0].max() > 200
    # The hinter looks at all letters of a typeface: edges differ by shades.
    assert np.abs(drawn[0] - drawn[1]).mean() < 0.1 * drawn[0].mean()


def _drawn(text: str, file: Path) -> Floats:
    image = Image.new("L", (400, 60))
    font = ImageFont.truetype(file, 40, layout_engine=ImageFont.Layout.BASIC)
    ImageDraw.Draw(image).text((5, 5), text, fill=255, font=font)
    return np.asarray(image, np.float64)
