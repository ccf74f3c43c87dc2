"""Frames of a picture: its layers warped by the camera, moving by themselves, and laid over each other.

Everything is computed in planes as the encoder takes them (ITU-R BT.709, video range, 4:2:0), premultiplied, uint8: a
frame of 1280 × 720 from five layers takes about 20 ms of one core.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from soundstage.arrays import Floats, Floats32
from soundstage.film.camera import View
from soundstage.media.yuv import OFFSETS, RGB_TO_YCC, Planes
from soundstage.models.film import LayerFile, Picture

Bytes = NDArray[np.uint8]
LINEAR = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
OVERSIZE = 1.3
"""Sources are shrunk to this many pixels per pixel of the frame: more would alias under linear interpolation."""
RAIN_PER_S, SNOW_PER_S = (0.22, 1.9), (0.05, 0.16)
"""Of the frame's size a second, across and down. Chosen by eye."""
CLOUDS_PER_S = 0.0035
SWAY, SWAY_PERIOD_S = 0.004, 5.5
GLOW, GLOW_PERIOD_S = 0.16, 4.2


@dataclass(frozen=True)
class Layer:
    """Premultiplied planes: luma [h, w], chroma [h / 2, w / 2, 2], and opacity of both; None is opaque everywhere."""

    luma: Bytes
    chroma: Bytes
    alpha: Bytes | None
    half_alpha: Bytes | None
    depth: float
    motion: str

    @property
    def size(self) -> tuple[int, int]:
        return self.luma.shape[1], self.luma.shape[0]


def load_layers(picture: Picture, folder: Path, frame: tuple[int, int]) -> list[Layer]:
    """The layers of a picture for frames of (width, height), far ones first; neighbours that move alike become one."""
    layers: list[tuple[LayerFile, Floats32]] = []
    for file in picture.layers:
        with Image.open(folder / file.file) as image:
            rgba = _fitted(np.asarray(image.convert("RGBA"), np.float32) / np.float32(255), frame)
        premultiplied = rgba.copy()
        premultiplied[..., :3] *= rgba[..., 3:]
        if layers and file.motion == "none" == layers[-1][0].motion and abs(file.depth - layers[-1][0].depth) < 0.06:
            below, under = layers[-1]
            layers[-1] = (below, premultiplied + under * (1 - premultiplied[..., 3:]))
        else:
            layers.append((file, premultiplied))
    return [_layer(file, rgba) for file, rgba in layers]


def compose(
    layers: Sequence[Layer], view: View, frame: tuple[int, int], focus: tuple[float, float], time_s: float
) -> Planes:
    """One frame: Y [h, w] and CbCr [2, h / 2, w / 2]. ``time_s`` counts from the shot's start."""
    luma: Bytes | None = None
    chroma: Bytes | None = None
    half = (frame[0] // 2, frame[1] // 2)
    for layer in layers:
        matrix, gain = _moved(layer, view.matrix(layer.depth, layer.size, frame, focus), time_s)
        halved = matrix.copy()
        halved[:, 2] = (matrix[:, 2] - 0.5 * matrix.diagonal() + 0.5) / 2 + 0.5 * matrix.diagonal() - 0.5
        border = cv2.BORDER_WRAP if layer.motion in ("rain", "snow") else cv2.BORDER_REPLICATE
        y, c = _warped(layer.luma, matrix, frame, border), _warped(layer.chroma, halved, half, border)
        if luma is None or chroma is None or layer.alpha is None or layer.half_alpha is None:
            luma, chroma = y, c
            continue
        a, h = _warped(layer.alpha, matrix, frame, border), _warped(layer.half_alpha, halved, half, border)
        if gain != 1.0:
            y, c, a, h = (np.asarray(cv2.convertScaleAbs(plane, alpha=gain), np.uint8) for plane in (y, c, a, h))
        luma = _over(luma, y, 255 - a)
        chroma = _over(chroma, c, np.dstack([255 - h, 255 - h]))
    assert luma is not None and chroma is not None  # noqa: S101, PT018  (a picture has a layer)
    return luma, np.ascontiguousarray(chroma.transpose(2, 0, 1))


def _warped(plane: Bytes, matrix: Floats, size: tuple[int, int], border: int) -> Bytes:
    return np.asarray(cv2.warpAffine(plane, matrix, size, flags=LINEAR, borderMode=border), np.uint8)


def _over(below: Bytes, above: Bytes, through: Bytes) -> Bytes:
    """``above`` is premultiplied; ``through``: how much of what is below is seen, of 255."""
    return np.asarray(cv2.add(cv2.multiply(below, through, scale=1 / 255), above), np.uint8)


def _moved(layer: Layer, matrix: Floats, time_s: float) -> tuple[Floats, float]:
    """The layer's own motion on top of the camera's, and how much of it is seen."""
    wide, high = layer.size
    matrix, gain = matrix.copy(), 1.0
    if layer.motion == "clouds":
        matrix[0, 2] -= CLOUDS_PER_S * wide * time_s
    elif layer.motion in ("rain", "snow"):
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


def _fitted(rgba: Floats32, frame: tuple[int, int]) -> Floats32:
    """Covering the frame with ``OVERSIZE`` at most, cut in the middle to its aspect; even sizes."""
    high, wide = rgba.shape[:2]
    aspect = frame[0] / frame[1]
    if wide / high > aspect:
        kept = round(high * aspect)
        rgba = rgba[:, (wide - kept) // 2 : (wide - kept) // 2 + kept]
    else:
        kept = round(wide / aspect)
        rgba = rgba[(high - kept) // 2 : (high - kept) // 2 + kept]
    shrink = frame[0] * OVERSIZE / rgba.shape[1]
    size = (2 * round(frame[0] * OVERSIZE / 2), 2 * round(frame[1] * OVERSIZE / 2))
    if shrink < 1:
        return np.asarray(cv2.resize(rgba, size, interpolation=cv2.INTER_AREA), np.float32)
    return np.asarray(cv2.resize(rgba, size, interpolation=cv2.INTER_CUBIC).clip(0, 1), np.float32)


def _layer(file: LayerFile, premultiplied: Floats32) -> Layer:
    rgb, alpha = premultiplied[..., :3], premultiplied[..., 3]
    ycc = rgb @ RGB_TO_YCC.T.astype(np.float32) + alpha[..., None] * OFFSETS
    chroma = np.dstack([_halved(ycc[..., 1]), _halved(ycc[..., 2])])
    opaque = bool(alpha.min() >= 1)
    return Layer(
        luma=_bytes(ycc[..., 0]),
        chroma=_bytes(chroma),
        alpha=None if opaque else _bytes(255 * alpha),
        half_alpha=None if opaque else _bytes(255 * _halved(alpha)),
        depth=file.depth,
        motion=file.motion,
    )


def _halved(plane: Floats32) -> Floats32:
    size = (plane.shape[1] // 2, plane.shape[0] // 2)
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.float32)


def _bytes(values: Floats32) -> Bytes:
    return np.asarray(np.rint(values.clip(0, 255)), np.uint8)
