"""The compiled loops over pixels; ``frames()`` is None where nothing is compiled. Integers: one result everywhere."""

import ctypes
import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats, Floats32
from soundstage.compiled import library

Bytes = NDArray[np.uint8]
MOST_LAYERS, MOST_ACROSS, FARTHEST_STEP, TILE = 32, 4096, 4.0, 16
"""As in ``frames.c``."""
WHOLE = 256


class Placed(NamedTuple):
    """A layer in a frame: ``pixels`` [h, w, 4] of Y, Cb, Cr and opacity, premultiplied; what its ``tiles`` hold; the
    affine map [2, 3] from the frame to it, which keeps rows apart (``matrix[1, 0]`` is 0); how much of it is seen, of
    ``WHOLE``; and whether it goes on at its other edge.
    """

    pixels: Bytes
    tiles: Bytes
    matrix: Floats
    gain: int
    wraps: bool


class _Layer(ctypes.Structure):
    _fields_ = (
        ("pixels", ctypes.c_void_p),
        ("tiles", ctypes.c_void_p),
        ("wide", ctypes.c_int64),
        ("high", ctypes.c_int64),
        *((name, ctypes.c_double) for name in ("step_x", "lean", "left", "step_y", "top")),
        ("gain", ctypes.c_int32),
        ("wraps", ctypes.c_int32),
    )


@functools.cache
def frames() -> "Frames | None":
    """The loops over pixels, or None where nothing is compiled."""
    found = library()
    return None if found is None else Frames(found)


class Frames:
    """The functions of ``frames.c`` on arrays."""

    def __init__(self, compiled: ctypes.CDLL) -> None:
        pointer, count = ctypes.c_void_p, ctypes.c_long
        signatures: dict[str, list[type]] = {
            "compose_frame": [pointer, ctypes.c_int, count, count, *[pointer] * 3],
            "premultiply": [pointer, pointer, count, pointer],
            "survey": [pointer, count, count, pointer],
        }
        for name, arguments in signatures.items():
            function = getattr(compiled, name)
            function.argtypes, function.restype = arguments, ctypes.c_int if name == "compose_frame" else None
        self._c = compiled

    def compose(self, layers: Sequence[Placed], size: tuple[int, int]) -> tuple[Bytes, Bytes]:
        """Y [h, w] and CbCr [2, h / 2, w / 2] of a frame of even (width, height): layers over each other, far to near.

        The first layer covers the frame. ValueError: more layers, or larger steps, than there is room for.
        """
        steps = [(layer.matrix[0, 0], layer.matrix[1, 1]) for layer in layers]
        fits = 0 < len(layers) <= MOST_LAYERS and size[0] <= MOST_ACROSS
        if not fits or not all(0 < step <= FARTHEST_STEP for both in steps for step in both):
            raise ValueError(f"{len(layers)} layers with steps of {steps}")
        wide, high = size
        y, c = np.empty((high, wide), np.uint8), np.empty((2, high // 2, wide // 2), np.uint8)
        placed = (_Layer * len(layers))(*map(_placed, layers))
        planes = y.ctypes.data, c[0].ctypes.data, c[1].ctypes.data
        if not self._c.compose_frame(ctypes.addressof(placed), len(layers), wide, high, *planes):
            raise MemoryError("no room for the places of a frame's pixels")
        return y, c

    def premultiply(self, rgba: Bytes, to_ycc: Floats32) -> Bytes:
        """[h, w, 4] of straight R′G′B′ and opacity as Y, Cb, Cr and opacity, premultiplied. ``to_ycc`` [3, 4]: what
        1 of each of R′, G′ and B′ of 0–255 adds, and the offset.
        """
        rgba, to_ycc = np.ascontiguousarray(rgba), np.ascontiguousarray(to_ycc, np.float32)
        out = np.empty_like(rgba)
        self._c.premultiply(rgba.ctypes.data, out.ctypes.data, rgba.size // 4, to_ycc.ctypes.data)
        return out

    def survey(self, pixels: Bytes) -> Bytes:
        """What each tile of contiguous ``pixels`` [h, w, 4] holds: nothing, something, or all of it opaque."""
        high, wide = pixels.shape[:2]
        tiles = np.empty((-(-high // TILE), -(-wide // TILE)), np.uint8)
        self._c.survey(pixels.ctypes.data, wide, high, tiles.ctypes.data)
        return tiles


def _placed(layer: Placed) -> _Layer:
    high, wide = layer.pixels.shape[:2]
    (step_x, lean, left), (_, step_y, top) = layer.matrix.tolist()
    places = layer.pixels.ctypes.data, layer.tiles.ctypes.data
    return _Layer(*places, wide, high, step_x, lean, left, step_y, top, layer.gain, int(layer.wraps))
