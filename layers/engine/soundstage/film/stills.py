"""Single frames of a film: its poster, and a contact sheet of all shots."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from soundstage.film.camera import view
from soundstage.film.compositing import compose, load_layers
from soundstage.media.typography import Typeface, fitted
from soundstage.media.yuv import Planes, rgb_of
from soundstage.models.film import Picture

JPEG_QUALITY = 90
SECONDS = 2.0
"""Into a shot: when what moves by itself is drawn in a picture that stands still."""
COLUMNS = {True: 4, False: 6}
"""Of a contact sheet, for frames that lie and frames that stand."""
CELL_WIDTH = {True: 400, False: 240}
MARGIN = 16
CAPTION_SIZE = 17
PAPER, INK = (250, 247, 240), (60, 54, 48)


@dataclass(frozen=True)
class Still:
    """A shot's frame in the middle of its time, and what is written below it."""

    image: Path
    caption: str


def save_still(frame: Planes, path: Path) -> None:
    """A frame as a JPEG."""
    Image.fromarray(rgb_of(frame)).save(path, quality=JPEG_QUALITY, subsampling=0)


def still_of(picture: Picture, folder: Path, size: tuple[int, int]) -> Planes:
    """A picture, ``size`` wide and high (even), as the camera sees it half-way through a shot."""
    layers = load_layers(picture, folder, size)
    return compose(layers, view("still", 0.5), size, picture.focus, SECONDS)


def draw_picture(picture: Picture, folder: Path, size: tuple[int, int], path: Path) -> None:
    """``still_of`` it as a JPEG."""
    save_still(still_of(picture, folder, size), path)


def shrunk(still: Path, size: tuple[int, int]) -> Image.Image:
    """A still in another size of the same aspect."""
    with Image.open(still) as image:
        image.draft("RGB", size)  # decoded at the smallest of JPEG's own sizes that is no smaller
        return image.resize(size, Image.Resampling.LANCZOS)


def shrunk_jpeg(still: Path, size: tuple[int, int]) -> bytes:
    """The same as a JPEG file: of 150 shots a twentieth of the memory."""
    file = io.BytesIO()
    shrunk(still, size).save(file, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return file.getvalue()


def draw_contact_sheet(stills: Sequence[Still], size: tuple[int, int], typeface: Typeface, path: Path) -> None:
    """A JPEG with all shots in order, each with its caption. ``size``: of the film's frames."""
    lies = size[0] >= size[1]
    wide = CELL_WIDTH[lies]
    high = round(wide * size[1] / size[0] / 2) * 2
    columns = min(COLUMNS[lies], len(stills))
    rows = -(-len(stills) // columns)
    line = round(1.35 * CAPTION_SIZE)
    cell = high + 2 * line + MARGIN
    sheet = Image.new("RGB", (columns * (wide + MARGIN) + MARGIN, rows * cell + MARGIN), PAPER)
    pen = ImageDraw.Draw(sheet)
    for number, still in enumerate(stills):
        x = MARGIN + (number % columns) * (wide + MARGIN)
        y = MARGIN + (number // columns) * cell
        sheet.paste(shrunk(still.image, (wide, high)), (x, y))
        font, caption = fitted(
            typeface.file, typeface.drawable(still.caption), width=wide, sizes=[CAPTION_SIZE], lines=2
        )
        for row, text in enumerate(caption):
            pen.text((x, y + high + 2 + row * line), text, fill=INK, font=font)
    sheet.save(path, quality=JPEG_QUALITY, subsampling=0)
