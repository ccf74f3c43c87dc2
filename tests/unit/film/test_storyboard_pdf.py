"""The storyboard on paper: pages, pictures as they are, the same bytes again."""

import io
import re
import string
from pathlib import Path

from PIL import Image
from tests.fixtures.film import storyboard

from soundstage.film.storyboard_pdf import Panel, draw_storyboard_pdf
from soundstage.media.typography import Typeface, film_typeface, subset_font

SIZE = (480, 270)


def test_ten_shots_take_two_pages_and_are_the_same_bytes_again(tmp_path: Path) -> None:
    board = storyboard()
    picture = io.BytesIO()
    Image.new("RGB", SIZE, "#803040").save(picture, "JPEG")
    shot = board.shots[0].model_copy(update={"narration": "她点亮了灯🦊，一艘船回家了。" * 9})
    panels = [Panel(shot, picture.getvalue(), SIZE, 2.5)] * 10

    letters = film_typeface().drawable(f"{shot.narration}{board.title}{string.printable}·→←，")
    typeface = Typeface(subset_font(letters, tmp_path / "film.ttf"))

    for name in ("one", "two"):
        draw_storyboard_pdf(board, panels, typeface, tmp_path / name)

    file = (tmp_path / "one").read_bytes()
    assert file == (tmp_path / "two").read_bytes()
    assert re.findall(rb"/Count (\d+)", file) == [b"2"]
    assert picture.getvalue() in file
    assert file.count(b"/Subtype /Image") == 1  # the same picture once
