"""A person's own drawing or photograph of a character, standing where the painter put its figure, as a paper puppet.

What is transparent stays so; a drawing on plain paper is cut out along its outline; anything else is a small print.
"""

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from soundstage.film.own_files import OwnSource
from soundstage.film.own_pictures import read_picture
from soundstage.film.painting.layers import encoded, written
from soundstage.film.ports import Painter
from soundstage.models.film import FilmSettings, LayerFile, Picture
from soundstage.models.story import PartId, Shot, Storyboard

VERSION = 1
FIGURES = "figures"
"""The painter's layer of all figures."""
MOST_SIDE = 1400
"""Pixels that a puppet is worked on in: none is shown larger."""
PLAIN = 14.0
"""Standard deviation of the edge's R'G'B' up to which paper is plain."""
TOLERANCE = 26
"""How much paper may differ from one pixel to the next."""
LEAST_LEFT = 0.02
"""Share of a picture that has to be left of it, or it was not paper that was taken away."""
BORDER = 0.014
"""White border of a puppet, of its longer side."""
WIDEST = 1.7
"""Of a puppet, in widths of the figure that it stands for."""
CUT_OFF = 1.3
"""Where the frame cuts a figure off below, so much of the puppet's height goes on below it, too."""
DARKEST = 0.62
"""Brightness of a puppet in the darkest scene."""
BRIGHT = 0.55
"""Luma of the sky at the horizon from which on a puppet is as bright as it was drawn."""
Bytes = NDArray[np.uint8]


class OwnFigures:
    """``soundstage.film.ports.Painter``: another one paints, and puppets take the place of these characters."""

    def __init__(self, files: Mapping[PartId, OwnSource], others: Painter) -> None:
        self._files, self._others = files, others

    def fingerprint(self, shot: Shot) -> str:
        own = [f"{id_} {self._files[id_].content}" for id_ in self._seen(shot)]
        painted = self._others.fingerprint(shot)
        return f"own figures {VERSION} {' '.join(own)} in {painted}" if own else painted

    def layout(self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, *, previous_layout: str) -> str:
        return self._others.layout(storyboard, shot, settings, previous_layout=previous_layout)

    def paint(
        self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, folder: Path, *, previous_layout: str
    ) -> Picture:
        """Raises InvalidInput for a file that is no picture, and what fetching it and painting raise."""
        picture = self._others.paint(storyboard, shot, settings, folder, previous_layout=previous_layout)
        places = [(id_, picture.figures[id_]) for id_ in self._seen(shot) if id_ in picture.figures]
        layer = next((layer for layer in picture.layers if layer.name == FIGURES), None)
        if not places or layer is None:
            return picture
        with Image.open(folder / layer.file) as image:
            figures = np.array(image.convert("RGBA"))
        for _, place in places:
            _clear(figures, place)
        light = _brightness(picture)
        for id_, place in reversed(places):
            _stand(figures, puppet(read_picture(self._files[id_].fetch())), place, light)
        return picture.model_copy(update={"layers": _replaced(picture, layer, figures, folder, shot.id)})

    def _seen(self, shot: Shot) -> list[PartId]:
        return [who.character for who in shot.cast if who.character in self._files]


def puppet(image: Image.Image) -> Bytes:
    """R'G'B'A [h, w, 4] of a picture, cut to what it shows."""
    image.thumbnail((MOST_SIDE, MOST_SIDE), Image.Resampling.LANCZOS)
    rgba = np.array(image.convert("RGBA"))
    if rgba[..., 3].min() > 250:
        paper = _paper(rgba[..., :3])
        if paper is None:
            return _print(rgba)
        rgba[..., 3] = np.where(paper, 0, 255)
    rows, columns = np.flatnonzero((rgba[..., 3] > 16).any(axis=1)), np.flatnonzero((rgba[..., 3] > 16).any(axis=0))
    if not len(rows):
        return _print(np.dstack([rgba[..., :3], np.full(rgba.shape[:2], 255, np.uint8)]))
    return _bordered(rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def _paper(rgb: Bytes) -> NDArray[np.bool_] | None:
    """Where there is nothing but paper around what is drawn; None: the edge is not plain, or nothing would be left."""
    edge = np.concatenate([rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]]).astype(np.float32)
    if edge.std(axis=0).max() > PLAIN:
        return None
    high, wide = rgb.shape[:2]
    mask = np.zeros((high + 2, wide + 2), np.uint8)
    canvas, span = np.ascontiguousarray(rgb), (TOLERANCE,) * 3
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (255 << 8)
    for seed in ((0, 0), (wide - 1, 0), (0, high - 1), (wide - 1, high - 1)):
        cv2.floodFill(canvas, mask, seed, (0, 0, 0), span, span, flags)
    paper = mask[1:-1, 1:-1] > 0
    left = 1 - paper.mean()
    return paper if LEAST_LEFT < left < 1 - LEAST_LEFT else None


def _bordered(rgba: Bytes) -> Bytes:
    """With a soft white border along its outline."""
    border = max(2, round(BORDER * max(rgba.shape[:2])))
    wider = cv2.copyMakeBorder(rgba, 2 * border, 2 * border, 2 * border, 2 * border, cv2.BORDER_CONSTANT)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * border + 1, 2 * border + 1))
    outline = cv2.GaussianBlur(cv2.dilate(wider[..., 3], disc), (0, 0), 0.35 * border)
    alpha = cv2.GaussianBlur(wider[..., 3], (0, 0), 0.7)[..., None].astype(np.float32) / 255
    rgb = wider[..., :3] * alpha + 255 * (1 - alpha)
    return np.dstack([rgb.round().astype(np.uint8), np.maximum(outline, wider[..., 3])])


def _print(rgba: Bytes) -> Bytes:
    border = max(2, round(2 * BORDER * max(rgba.shape[:2])))
    return np.asarray(
        cv2.copyMakeBorder(rgba, border, border, border, border, cv2.BORDER_CONSTANT, value=(250, 248, 242, 255)),
        np.uint8,
    )


def _clear(figures: Bytes, place: tuple[float, float, float, float]) -> None:
    x0, y0, x1, y1 = _pixels(figures, place)
    figures[y0:y1, x0:x1, 3] = 0


def _stand(figures: Bytes, shape: Bytes, place: tuple[float, float, float, float], light: float) -> None:
    """Lay a puppet over the figures: its feet where the figure's were, its head where its head was."""
    high, wide = figures.shape[:2]
    x0, y0, x1, y1 = _pixels(figures, place)
    tall = (y1 - y0) * (CUT_OFF if y1 >= high - 1 else 1.0)
    scale = min(tall / shape.shape[0], WIDEST * (x1 - x0) / shape.shape[1])
    size = (max(1, round(scale * shape.shape[1])), max(1, round(scale * shape.shape[0])))
    small = cv2.resize(shape, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    left = round((x0 + x1) / 2 - size[0] / 2)
    top = y0 if y1 >= high - 1 else y1 - size[1]
    into = (slice(max(0, top), min(high, top + size[1])), slice(max(0, left), min(wide, left + size[0])))
    of = (slice(into[0].start - top, into[0].stop - top), slice(into[1].start - left, into[1].stop - left))
    above, below = small[of].astype(np.float32), figures[into].astype(np.float32)
    above[..., :3] *= light
    over, under = above[..., 3:] / 255, below[..., 3:] / 255
    alpha = over + under * (1 - over)
    colour = (above[..., :3] * over + below[..., :3] * under * (1 - over)) / np.maximum(alpha, 1e-4)
    figures[into] = np.concatenate([colour, 255 * alpha], axis=2).round().clip(0, 255).astype(np.uint8)


def _brightness(picture: Picture) -> float:
    """Of a puppet in the picture's light."""
    if picture.palette is None:
        return 1.0
    red, green, blue = (int(picture.palette.horizon[at : at + 2], 16) for at in (1, 3, 5))
    luma = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255
    return DARKEST + (1 - DARKEST) * min(1.0, luma / BRIGHT)


def _pixels(figures: Bytes, place: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    high, wide = figures.shape[:2]
    x0, y0, x1, y1 = place
    return round(x0 * wide), round(y0 * high), max(round(x0 * wide) + 1, round(x1 * wide)), round(y1 * high)


def _replaced(picture: Picture, layer: LayerFile, figures: Bytes, folder: Path, stem: str) -> list[LayerFile]:
    (folder / layer.file).unlink()
    new = written(encoded(FIGURES, figures, layer.depth, layer.motion), f"{stem}-own", folder)
    return [new if other is layer else other for other in picture.layers]
