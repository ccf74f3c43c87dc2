"""Frames as video encoders take them: Y′CbCr planes (ITU-R BT.709, video range, 4:2:0), uint8; and overlays.

A sheet is a picture with opacity, prepared so that laying it over a frame takes integers alone, and milliseconds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats32

Planes = tuple[NDArray[np.uint8], NDArray[np.uint8]]
"""Y [h, w], and Cb and Cr [2, h / 2, w / 2]. ``h`` and ``w`` are even, and so is every place in a frame."""
Layer = NDArray[np.uint16]
RGB_TO_YCC = np.array(
    [[0.2126, 0.7152, 0.0722], [-0.114572, -0.385428, 0.5], [0.5, -0.454153, -0.045847]], dtype=np.float32
) * np.array([[219.0], [224.0], [224.0]], dtype=np.float32)
OFFSETS = np.array([16.0, 128.0, 128.0], dtype=np.float32)
"""BT.709 table 3: from R′G′B′ of 0–1 to Y′ of 16–235, and Cb and Cr of 16–240 around 128."""

STRIP = 64
"""Rows that are converted at once: of a whole frame the steps would take 45 MB."""
WHOLE = 256
"""Full opacity, full share."""


@dataclass(frozen=True)
class Sheet:
    """Colour times opacity, as planes have it, and transparency [h, w] and [h / 2, w / 2]; all uint16.

    Transparency is 1 to 256: opacity times a share of 256 has to fit into 16 bits.
    """

    colour: tuple[Layer, Layer]
    clear: tuple[Layer, Layer]

    def columns(self, kept: slice) -> "Sheet":
        """The part of it from an even column to an even column."""
        half = slice(kept.start // 2, kept.stop // 2)
        (y, c), (clear, half_clear) = self.colour, self.clear
        return Sheet((y[:, kept], c[..., half]), (clear[:, kept], half_clear[:, half]))


def planes_of(rgb: Floats32) -> Planes:
    """A frame of ``rgb`` [h, w, 3], R′G′B′ of 0–1 (as screens take it, not linear)."""
    y, c = sheet_of(rgb, np.ones(rgb.shape[:2], dtype=np.float32)).colour
    return y.astype(np.uint8), c.astype(np.uint8)


def rgb_of(planes: Planes) -> NDArray[np.uint8]:
    """The R′G′B′ of a frame: [h, w, 3], 0–255."""
    y, c = planes
    to_rgb, rgb = np.linalg.inv(RGB_TO_YCC).T.astype(np.float32), np.empty((*y.shape, 3), np.uint8)
    for first in range(0, len(y), STRIP):
        luma, chroma = y[None, first : first + STRIP], c[:, first // 2 : (first + STRIP) // 2]
        ycc = np.concatenate([luma, chroma.repeat(2, axis=1).repeat(2, axis=2)]).transpose(1, 2, 0)
        values = (ycc.astype(np.float32) - OFFSETS) @ to_rgb
        rgb[first : first + STRIP] = np.rint(np.clip(values, 0, 1) * 255)
    return rgb


def sheet_of(rgb: Floats32, alpha: Floats32) -> Sheet:
    """A sheet of ``rgb`` [h, w, 3], 0–1 and already multiplied by ``alpha`` [h, w], 0–1."""
    ycc = (rgb @ RGB_TO_YCC.T + alpha[..., None] * OFFSETS).transpose(2, 0, 1)
    clear = WHOLE - alpha * (WHOLE - 1)
    return Sheet((_rounded(ycc[0]), _rounded(_halved(ycc[1:]))), (_rounded(clear), _rounded(_halved(clear))))


def between(one: Planes, other: Planes, share: float) -> Planes:
    """A cross-fade: the ``share``, 0–1, of the other frame and the rest of the one."""
    y, c = (
        np.rint(a + (b.astype(np.float32) - a) * np.float32(share)).astype(np.uint8)
        for a, b in zip(one, other, strict=True)
    )
    return y, c


def lay(frame: Planes, sheet: Sheet, *, top: int, left: int, share: Layer | np.uint16 | None = None) -> None:
    """Lay a sheet over a frame, in place, its top left corner at even ``top`` and ``left``, which may lie outside.

    ``share``, 0–256, multiplies the opacity: of all, or by column [w], counted from the first that is inside.
    """
    for plane, colour, clear, half in zip(frame, sheet.colour, sheet.clear, (0, 1), strict=True):
        y, x = top >> half, left >> half
        (height, width), (rows, columns) = clear.shape, plane.shape[-2:]
        up, to_left = max(0, -y), max(0, -x)
        inside = ..., slice(up, max(up, min(height, rows - y))), slice(to_left, max(to_left, min(width, columns - x)))
        ours, through = colour[inside], clear[inside]
        if share is not None:
            part = share if isinstance(share, np.uint16) else share[:: half + 1][: ours.shape[-1]]
            ours = np.asarray((ours * part) >> 8, dtype=np.uint16)
            through = np.asarray(WHOLE - (((WHOLE - through) * part) >> 8), dtype=np.uint16)
        high, wide = through.shape
        under = plane[..., y + up : y + up + high, x + to_left : x + to_left + wide]
        under[...] = ((under * through) >> 8) + ours


def _halved(planes: Floats32) -> Floats32:
    """The mean of each square of two by two."""
    rows = planes[..., ::2, :] + planes[..., 1::2, :]
    return np.asarray((rows[..., ::2] + rows[..., 1::2]) / 4, dtype=np.float32)


def _rounded(values: Floats32) -> Layer:
    return np.asarray(np.rint(values), dtype=np.uint16)
