"""Layers: from a sheet of paint to a PNG, finished and encoded at once, so that one picture needs little memory."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from soundstage.film.painting.finish import Rgba, Touch, finished
from soundstage.film.painting.raster import Sheet
from soundstage.film.painting.scene import Motion, Scene
from soundstage.media.files import whole_file
from soundstage.models.film import LayerFile

PNG = (cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_NONE)
"""In a third of the time, to write and to read, and a twentieth larger: most of a layer is empty or even."""
LIGHT = Touch(depth=0.5, air=0.0, rim=0.0, shadow=False, texture=0.0)
"""How light, mist and stars are treated: not as paint."""


@dataclass
class Plane:
    """One layer before its texture."""

    name: str
    sheet: Sheet
    touch: Touch
    motion: Motion = "none"


@dataclass(frozen=True)
class Layer:
    name: str
    png: bytes
    depth: float
    motion: Motion


def encoded(name: str, rgba: Rgba, depth: float, motion: Motion) -> Layer:
    """The layer of an image [h, w, 4] of straight alpha."""
    bgra = cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA)
    return Layer(name, cv2.imencode(".png", bgra, PNG)[1].tobytes(), depth, motion)


def written(layer: Layer, stem: str, folder: Path) -> LayerFile:
    """Write the layer as ``stem``-name.png, whole or not at all."""
    name = f"{stem}-{layer.name.replace(' ', '-')}.png"
    with whole_file(folder / name) as partial:
        partial.write_bytes(layer.png)
    return LayerFile(
        file=name,
        sha256=hashlib.sha256(layer.png).hexdigest(),
        depth=round(layer.depth, 4),
        motion=layer.motion,
        name=layer.name,
    )


def flattened(scene: Scene, plane: Plane, *, soft: float = 0.0, depth: float | None = None) -> Layer | None:
    """A plane in the picture's style; ``soft``: how far out of focus, pixels. None: there is nothing on it."""
    rgba = finished(scene, plane.sheet, plane.touch)
    if not rgba[..., 3].any():
        return None
    if soft > 0.5 and scene.style in ("dusk_gouache", "night_lantern", "ink_wash"):
        rgba = _softened(rgba, soft)
    return encoded(plane.name, rgba, plane.touch.depth if depth is None else depth, plane.motion)


def _softened(rgba: Rgba, sigma: float) -> Rgba:
    """In place as far as it goes: this is where painting a picture needs most."""
    pixels = rgba.astype(np.float32)
    alpha = pixels[..., 3:] / np.float32(255)
    pixels[..., :3] *= alpha
    pixels[..., 3:] = alpha * np.float32(255)
    cv2.GaussianBlur(pixels, (0, 0), sigma, dst=pixels)
    np.maximum(pixels[..., 3:] / np.float32(255), np.float32(1e-3), out=alpha)
    pixels[..., :3] /= alpha
    np.clip(pixels, 0, 255, out=pixels)
    return np.rint(pixels, out=pixels).astype(np.uint8)
