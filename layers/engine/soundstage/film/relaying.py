"""A picture that is there, laid out for another shape of the frame: its layers are moved against each other, so that
who is in it stays in view beside what the place is known by. Nothing is stretched.
"""

import shutil
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from soundstage.film.compositing import OVERSIZE
from soundstage.film.own_figures import FIGURES
from soundstage.film.own_pictures import fitted_picture
from soundstage.film.painting.layers import encoded, written
from soundstage.film.part_store import RECORD
from soundstage.models.film import FRAME_SIZES, FilmSettings, Picture

SAME = 0.01
"""Aspects that differ by less are the same."""
TOWARDS_MIDDLE = 1.5
"""How far the view of the farthest layer is moved from the figures to the picture's middle and past it: figures stand
on one third, and what the place is known by on the other."""
Box = tuple[float, float, float, float]


def relaid(picture: Picture, source: Path, settings: FilmSettings, folder: Path, *, stem: str) -> Picture:
    """The picture, whose files are in ``source``, for the settings' aspect in ``folder``; as it is where that fits.

    A flat one is cut or laid as a person's own picture is.
    """
    size = _size(settings)
    if abs(picture.width / picture.height / (size[0] / size[1]) - 1) < SAME:
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns(RECORD), dirs_exist_ok=True)
        return picture
    if len(picture.layers) == 1:
        fitted = fitted_picture(source / picture.layers[0].file, stem, settings, folder)
        return fitted.model_copy(update={"provider": picture.provider, "notes": picture.notes})
    folder.mkdir(parents=True, exist_ok=True)
    seen, depth = _seen(picture), next((one.depth for one in picture.layers if one.name == FIGURES), 1.0)
    scale = max(size[0] / picture.width, size[1] / picture.height)
    window = (size[0] / scale / picture.width, size[1] / scale / picture.height)
    middle, upright = (seen[0] + seen[2]) / 2, _inside((seen[1] + seen[3]) / 2, window[1])
    layers = []
    for number, layer in enumerate(picture.layers):
        far = max(0.0, 1 - layer.depth / max(depth, 1e-3))
        across = _inside(middle + (0.5 - middle) * TOWARDS_MIDDLE * far, window[0])
        rgba = _window(source / layer.file, (across, upright), window, size)
        layers.append(written(encoded(layer.name, rgba, layer.depth, layer.motion), f"{stem}-{number}", folder))
    left, top = _inside(middle, window[0]) - window[0] / 2, upright - window[1] / 2
    figures = {id_: _moved(box, left, top, window) for id_, box in picture.figures.items()}
    focus = _moved((*picture.focus, *picture.focus), left, top, window)[:2]
    update = {"width": size[0], "height": size[1], "layers": layers, "figures": figures, "focus": focus}
    return picture.model_copy(update=update)


def _size(settings: FilmSettings) -> tuple[int, int]:
    wide, high = FRAME_SIZES[settings.aspect, settings.quality]
    return 2 * round(wide * OVERSIZE / 2), 2 * round(high * OVERSIZE / 2)


def _seen(picture: Picture) -> Box:
    """What has to stay in view: all figures, or the focus."""
    boxes = list(picture.figures.values()) or [(*picture.focus, *picture.focus)]
    low = np.min([box[:2] for box in boxes], axis=0)
    high = np.max([box[2:] for box in boxes], axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _inside(centre: float, share: float) -> float:
    return min(max(centre, share / 2), 1 - share / 2)


def _window(
    file: Path, centre: tuple[float, float], window: tuple[float, float], size: tuple[int, int]
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """R'G'B'A of the part of a layer around ``centre``, shares of it, in this size."""
    with Image.open(file) as image:
        rgba = np.asarray(image.convert("RGBA")).astype(np.float32)
    high, wide = rgba.shape[:2]
    rgba[..., :3] *= rgba[..., 3:] / 255  # else what is transparent bleeds into edges
    step = (window[0] * wide / size[0], window[1] * high / size[1])
    left, top = (centre[0] - window[0] / 2) * wide, (centre[1] - window[1] / 2) * high
    matrix = np.array([[step[0], 0, left + 0.5 * step[0] - 0.5], [0, step[1], top + 0.5 * step[1] - 0.5]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    warped = np.clip(cv2.warpAffine(rgba, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), 0, 255)
    straight = warped[..., :3] / np.maximum(warped[..., 3:] / 255, 1e-3)
    return np.dstack([straight, warped[..., 3]]).clip(0, 255).round().astype(np.uint8)


def _moved(box: Box, left: float, top: float, window: tuple[float, float]) -> Box:
    x0, y0, x1, y1 = ((at - low) / share for at, low, share in zip(box, (left, top) * 2, window * 2, strict=True))
    inside = [min(max(round(at, 4), 0.0), 1.0) for at in (x0, y0, x1, y1)]
    return inside[0], inside[1], inside[2], inside[3]
