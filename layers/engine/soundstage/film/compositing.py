"""Frames of a picture: its layers warped by the camera, moving by themselves, and laid over each other.

Everything is computed in Y′CbCr as encoders take it (ITU-R BT.709, video range), premultiplied, uint8; chroma is halved
when the frame is whole. The compiled loops do it in one pass; OpenCV, where there are none, a layer after the other.
"""

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from soundstage.arrays import Floats, Floats32
from soundstage.compiled.frames import WHOLE, Placed, frames
from soundstage.film.camera import View
from soundstage.media.yuv import OFFSETS, RGB_TO_YCC, Planes
from soundstage.models.film import Picture

Bytes = NDArray[np.uint8]
LINEAR = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
OVERSIZE = 1.3
"""Sources are shrunk to this many pixels per pixel of the frame: more would alias under linear interpolation."""
RAIN_PER_S, SNOW_PER_S = (0.22, 1.9), (0.05, 0.16)
"""Of the frame's size a second, across and down. Chosen by eye."""
ALIKE = 0.12
"""Depths that differ by less move alike: over a whole shot they part by less than half a percent of the frame."""
EDGE = 2
"""Pixels around a layer that interpolation reaches."""
CLOUDS_PER_S = 0.0035
WRAPPING = ("rain", "snow")
TO_YCC = np.column_stack([RGB_TO_YCC / 255, OFFSETS]).astype(np.float32)
RGBA_OF_8_BITS = bytes((8, 6))
"""Bit depth and colour type in a PNG's header (ISO/IEC 15948, 11.2.2)."""
SWAY, SWAY_PERIOD_S = 0.004, 5.5
GLOW, GLOW_PERIOD_S = 0.16, 4.2


@dataclass(frozen=True)
class Layer:
    """``pixels`` [h, w, 4]: Y, Cb, Cr and opacity, premultiplied, of the picture's part in ``box`` (x0, y0, x1, y1):
    all that is not empty, with an empty pixel around it unless it touches the picture's edge. ``size``: of the picture.
    ``tiles``: see ``compiled.frames``.
    """

    pixels: Bytes
    box: tuple[int, int, int, int]
    size: tuple[int, int]
    tiles: Bytes | None
    opaque: bool
    depth: float
    motion: str

    @property
    def wraps(self) -> bool:
        return self.motion in WRAPPING


Files = tuple[tuple[Path, float, str], ...]


def load_layers(picture: Picture, folder: Path, frame: tuple[int, int]) -> list[Layer]:
    """The layers of a picture for frames of (width, height), far ones first; neighbours that move alike become one."""
    return _loading(tuple((folder / layer.file, layer.depth, layer.motion) for layer in picture.layers), frame).layers


class _Loading:
    """Layers that are read once, by whichever thread needs them first. Files of parts never change."""

    def __init__(self, files: Files, frame: tuple[int, int]) -> None:
        self._files, self._frame = files, frame
        self._lock = threading.Lock()
        self._layers: list[Layer] | None = None

    @property
    def layers(self) -> list[Layer]:
        with self._lock:
            if self._layers is None:
                self._layers = _loaded(self._files, self._frame)
            return self._layers


@lru_cache(maxsize=2)
def _loading(files: Files, frame: tuple[int, int]) -> _Loading:
    """Kept for the next segments, which mostly show the same pictures: a transition has two, and what a thread still
    shows it holds itself.
    """
    return _Loading(files, frame)


def forget_layers() -> None:
    """Those of the last pictures, which are up to 100 MB."""
    _loading.cache_clear()


def _loaded(files: Files, frame: tuple[int, int]) -> list[Layer]:
    found: list[Layer] = []
    waiting: tuple[Bytes, float, str] | None = None
    for file, depth, motion in files:
        pixels = _premultiplied_ycc(_fitted(_rgba_of(file), frame))
        if waiting is not None and motion == "none" == waiting[2] and abs(depth - waiting[1]) < ALIKE:
            _lay(pixels, waiting[0])
            continue
        found += _kept(waiting)
        waiting = pixels, depth, motion
    return found + _kept(waiting)


def _rgba_of(file: Path) -> Bytes:
    """An image file as [h, w, 4]. What our painter writes is read by OpenCV, in half the time and without copies."""
    with file.open("rb") as opened:
        header = opened.read(26)
    if header.startswith(b"\x89PNG") and header[24:] == RGBA_OF_8_BITS:
        pixels = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
        if pixels is not None:
            return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA), np.uint8)
    with Image.open(file) as image:
        return np.asarray(image.convert("RGBA"))


def _kept(layer: tuple[Bytes, float, str] | None) -> list[Layer]:
    """Cut to its box at once: whole ones of a dozen layers would be most of what making a film takes."""
    return [_layer(*layer)] if layer is not None and layer[0][..., 3].any() else []


def compose(
    layers: Sequence[Layer], view: View, frame: tuple[int, int], focus: tuple[float, float], time_s: float
) -> Planes:
    """One frame: Y [h, w] and CbCr [2, h / 2, w / 2]. ``time_s`` counts from the shot's start."""
    placed = []
    for layer in layers:
        matrix, gain = _moved(layer, view.matrix(layer.depth, layer.size, frame, focus), time_s)
        matrix[:, 2] -= layer.box[:2]
        placed.append((layer, matrix, gain))
    compiled = frames()
    if compiled is None:
        return _composed(placed, frame)
    return compiled.compose(
        [
            Placed(layer.pixels, layer.tiles, matrix, round(gain * WHOLE), layer.wraps)
            for layer, matrix, gain in placed
            if layer.tiles is not None
        ],
        frame,
    )


def _composed(placed: Sequence[tuple[Layer, Floats, float]], frame: tuple[int, int]) -> Planes:
    """The same with OpenCV, where nothing is compiled."""
    wide, high = frame
    canvas: Bytes | None = None
    for layer, matrix, gain in placed:
        border = cv2.BORDER_WRAP if layer.wraps else cv2.BORDER_REPLICATE
        if canvas is None or layer.opaque:
            canvas = _warped(layer.pixels, matrix, frame, border)
            continue
        x0, y0, x1, y1 = (0, 0, wide, high) if layer.wraps else _seen_box(layer, matrix, frame)
        if x0 >= x1 or y0 >= y1:
            continue
        # Only where there is something of the layer: most layers fill a small part of the frame.
        matrix[:, 2] += matrix[:, :2] @ (x0, y0)
        above = _warped(layer.pixels, matrix, (x1 - x0, y1 - y0), border)
        if gain != 1.0:
            above = np.asarray(cv2.convertScaleAbs(above, alpha=gain), np.uint8)
        _lay(above, canvas[y0:y1, x0:x1])
    assert canvas is not None  # noqa: S101  (a picture has a layer)
    half = cv2.resize(canvas, (wide // 2, high // 2), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(canvas[..., 0]), np.ascontiguousarray(half[..., 1:3].transpose(2, 0, 1))


def _lay(above: Bytes, below: Bytes) -> None:
    """Premultiplied pixels [h, w, 4] over others, in place."""
    through = 255 - above[..., 3]
    cv2.add(cv2.multiply(below, cv2.merge([through] * 4), scale=1 / 255), above, dst=below)


def _warped(pixels: Bytes, matrix: Floats, size: tuple[int, int], border: int) -> Bytes:
    return np.asarray(cv2.warpAffine(pixels, matrix, size, flags=LINEAR, borderMode=border), np.uint8)


def _seen_box(layer: Layer, matrix: Floats, frame: tuple[int, int]) -> tuple[int, int, int, int]:
    """Where in the frame the layer's box lies. What touches the picture's edge goes on beyond it."""
    (wide, high), (x0, y0, x1, y1) = layer.size, layer.box
    corners = np.array([(x, y, 1.0) for x in (0, x1 - x0) for y in (0, y1 - y0)])
    at = corners @ cv2.invertAffineTransform(matrix).T
    (left, top), (right, bottom) = at.min(axis=0), at.max(axis=0)
    return (
        0 if x0 == 0 else max(0, math.floor(left) - EDGE),
        0 if y0 == 0 else max(0, math.floor(top) - EDGE),
        frame[0] if x1 == wide else min(frame[0], math.ceil(right) + EDGE),
        frame[1] if y1 == high else min(frame[1], math.ceil(bottom) + EDGE),
    )


def _moved(layer: Layer, matrix: Floats, time_s: float) -> tuple[Floats, float]:
    """The layer's own motion on top of the camera's, and how much of it is seen."""
    wide, high = layer.size
    matrix, gain = matrix.copy(), 1.0
    if layer.motion == "clouds":
        matrix[0, 2] -= CLOUDS_PER_S * wide * time_s
    elif layer.wraps:
        across, down = RAIN_PER_S if layer.motion == "rain" else SNOW_PER_S
        near = 0.5 + layer.depth
        matrix[0, 2] -= across * near * wide * time_s
        matrix[1, 2] -= down * near * high * time_s
    elif layer.motion == "sway":
        turn = SWAY * math.sin(2 * math.pi * time_s / SWAY_PERIOD_S)
        matrix[0, 1] += turn
        matrix[0, 2] -= turn * high
    elif layer.motion == "water":
        matrix[0, 2] += 0.0025 * wide * math.sin(2 * math.pi * time_s / 3.1)
        gain = 0.86 + 0.14 * math.sin(2 * math.pi * time_s / 2.3)
    elif layer.motion in ("glow", "stars"):
        gain = 1 - GLOW / 2 + GLOW / 2 * math.sin(2 * math.pi * time_s / GLOW_PERIOD_S)
    elif layer.motion == "smoke":
        matrix[1, 2] += 0.004 * high * time_s
    return matrix, gain


def _fitted(rgba: Bytes, frame: tuple[int, int]) -> Bytes:
    """Covering the frame with ``OVERSIZE``, cut in the middle to its aspect; even sizes."""
    high, wide = rgba.shape[:2]
    aspect = frame[0] / frame[1]
    if wide / high > aspect:
        kept = round(high * aspect)
        rgba = rgba[:, (wide - kept) // 2 : (wide - kept) // 2 + kept]
    else:
        kept = round(wide / aspect)
        rgba = rgba[(high - kept) // 2 : (high - kept) // 2 + kept]
    size = (2 * round(frame[0] * OVERSIZE / 2), 2 * round(frame[1] * OVERSIZE / 2))
    if size == (rgba.shape[1], rgba.shape[0]):
        return rgba
    shrinks = size[0] < rgba.shape[1]
    premultiplied = cv2.resize(
        _premultiplied(rgba), size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    ).clip(0, 1)
    alpha = premultiplied[..., 3:]
    straight = np.concatenate([premultiplied[..., :3] / np.maximum(alpha, 1 / 255), alpha], axis=2)
    return np.asarray(np.rint(255 * straight.clip(0, 1)), np.uint8)


def _premultiplied(rgba: Bytes) -> Floats32:
    """R′G′B′ times opacity, and opacity, 0 to 1."""
    values = rgba.astype(np.float32) / np.float32(255)
    values[..., :3] *= values[..., 3:]
    return values


def _premultiplied_ycc(rgba: Bytes) -> Bytes:
    """Y, Cb and Cr times opacity, and opacity: [h, w, 4]."""
    compiled = frames()
    if compiled is not None:
        return compiled.premultiply(rgba, TO_YCC)
    values = _premultiplied(rgba)
    ycc = values[..., :3] @ RGB_TO_YCC.T.astype(np.float32) + values[..., 3:] * OFFSETS
    return np.dstack([np.rint(ycc.clip(0, 255)).astype(np.uint8), rgba[..., 3]])


def _layer(pixels: Bytes, depth: float, motion: str) -> Layer:
    high, wide = pixels.shape[:2]
    x0, y0, x1, y1 = 0, 0, wide, high
    if motion not in WRAPPING:
        rows, columns = (np.flatnonzero(pixels[..., 3].any(axis=axis)) for axis in (1, 0))
        x0, y0 = max(0, int(columns[0]) - 1), max(0, int(rows[0]) - 1)
        x1, y1 = min(wide, int(columns[-1]) + 2), min(high, int(rows[-1]) + 2)
    part = np.ascontiguousarray(pixels[y0:y1, x0:x1])
    compiled = frames()
    tiles = None if compiled is None else compiled.survey(part)
    return Layer(part, (x0, y0, x1, y1), (wide, high), tiles, bool(pixels[..., 3].min() == 255), depth, motion)
