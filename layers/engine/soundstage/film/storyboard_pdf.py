"""The storyboard on paper: A4, nine shots a page, each with its picture, words, camera, setting and seconds."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from soundstage.film.camera import ARROWS
from soundstage.film.cues import breakable
from soundstage.media.typography import Typeface
from soundstage.models.story import Shot, Storyboard

PAGE = WIDE, HIGH = 841.89, 595.28
"""A4, lying, in points, as all lengths here."""
COLUMNS, ROWS = 3, 3
LEFT, RIGHT, TOP, BOTTOM = 38.0, 804.0, 539.0, 30.0
GAP_ACROSS, GAP_DOWN = 18.5, 13.0
PICTURE_SHARE = 0.7
"""Of a cell's height; words have the rest."""
WORDS_PT, HEAD_PT, TITLE_PT = 7.0, 7.5, 15.0
LINES, LEADING = 4, 8.6
"""Of narration below a picture; longer ones end in …"""
INK, GREY = (0.172, 0.157, 0.141), (0.478, 0.439, 0.408)
Colour = tuple[float, float, float]
FONT = "Film"
rl_config.useA85 = 0  # pictures and streams as bytes, not as letters a quarter longer


@dataclass(frozen=True)
class Panel:
    """A shot, its picture as a JPEG file of ``size``, and how long it is seen."""

    shot: Shot
    picture: bytes
    size: tuple[int, int]
    seconds: float


def draw_storyboard_pdf(storyboard: Storyboard, panels: Sequence[Panel], typeface: Typeface, path: Path) -> None:
    """Write the PDF. Text stays text: it can be searched and copied. The same panels give the same bytes."""
    pdfmetrics.registerFont(TTFont(FONT, typeface.file))
    canvas = Canvas(str(path), pagesize=PAGE, invariant=1, pageCompression=1)
    canvas.setTitle(storyboard.title)
    canvas.setAuthor("")
    canvas.setSubject("")
    canvas.setCreator("Soundstage")
    paper = _Paper(canvas, typeface)
    a_page = COLUMNS * ROWS
    pages = -(-len(panels) // a_page)
    for number in range(pages):
        paper.write(LEFT, 562.0, storyboard.title, points=TITLE_PT)
        paper.write(RIGHT, 562.0, f"{number + 1} / {pages}", points=HEAD_PT, colour=GREY, right=True)
        for place, panel in enumerate(panels[number * a_page : (number + 1) * a_page]):
            _draw(paper, panel, place, number * a_page + place + 1)
        canvas.showPage()
    canvas.save()


@dataclass(frozen=True)
class _Paper:
    canvas: Canvas
    typeface: Typeface

    def write(
        self, x: float, baseline: float, text: str, *, points: float, colour: Colour = INK, right: bool = False
    ) -> None:
        """A line of what the typeface can draw, from ``x`` on, or up to it."""
        self.canvas.setFont(FONT, points)
        self.canvas.setFillColorRGB(*colour)
        put = self.canvas.drawRightString if right else self.canvas.drawString
        put(x, baseline, self.typeface.drawable(text))


def _draw(paper: _Paper, panel: Panel, place: int, number: int) -> None:
    width = (RIGHT - LEFT - (COLUMNS - 1) * GAP_ACROSS) / COLUMNS
    height = (TOP - BOTTOM - (ROWS - 1) * GAP_DOWN) / ROWS
    left = LEFT + (place % COLUMNS) * (width + GAP_ACROSS)
    top = TOP - (place // COLUMNS) * (height + GAP_DOWN)
    aspect = panel.size[0] / panel.size[1]
    wide = min(width, PICTURE_SHARE * height * aspect)
    paper.canvas.drawImage(ImageReader(io.BytesIO(panel.picture)), left, top - wide / aspect, wide, wide / aspect)
    shot, below = panel.shot, top - PICTURE_SHARE * height - 10.0
    head = f"{number}  {shot.size.replace('_', ' ')} {ARROWS[shot.camera]}  {panel.seconds:.1f} s"
    paper.write(left, below, head, points=HEAD_PT)
    setting = shot.setting
    where = f"{setting.place_name or setting.place}, {setting.time_of_day}, {setting.weather}"
    paper.write(left + width, below, where, points=WORDS_PT, colour=GREY, right=True)
    for line, text in enumerate(_wrapped(shot.narration, paper.typeface, width)):
        paper.write(left, below - 11.0 - line * LEADING, text, points=WORDS_PT)


def _wrapped(text: str, typeface: Typeface, width_pt: float) -> list[str]:
    """At most ``LINES`` lines of ``WORDS_PT``."""
    text = " ".join(text.split())
    scale = 10  # widths are measured in whole pixels: at ten a point they are exact enough
    lines, start, last = list[str](), 0, 0
    for place in breakable(text):
        if typeface.width_of(text[start:place].strip(), round(scale * WORDS_PT)) > scale * width_pt and last > start:
            lines.append(text[start:last].strip())
            start = last
        last = place
    lines.append(text[start:].strip())
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], lines[LINES - 1].rstrip("，。,. ") + " …"]
    return lines
