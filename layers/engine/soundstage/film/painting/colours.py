"""Colours of pictures: sRGB as float32 of 0 to 1, mixed as paint on paper, and told apart in CIE L*a*b*."""

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats, Floats32

Colour = Floats32
"""[3], sRGB, 0–1."""
LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""ITU-R BT.709."""
# CIE D65 and the sRGB matrix, IEC 61966-2-1.
_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])


def rgb(text: str) -> Colour:
    """``#rrggbb``."""
    return np.array([int(text[at : at + 2], 16) for at in (1, 3, 5)], np.float32) / np.float32(255)


def hex_of(colour: Colour) -> str:
    return "#" + "".join(f"{round(float(value) * 255):02x}" for value in np.clip(colour, 0, 1))


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """``share`` of the other one."""
    return np.asarray(one + (other - one) * np.float32(share), np.float32)


def darker(colour: Colour, share: float) -> Colour:
    return np.asarray(colour * np.float32(1 - share), np.float32)


def lighter(colour: Colour, share: float) -> Colour:
    return mix(colour, np.ones(3, np.float32), share)


def luma(colour: Colour) -> float:
    return float(colour @ LUMA)


def saturated(colour: Colour, factor: float) -> Colour:
    """Away from its own grey (factor > 1) or toward it."""
    grey = np.full(3, luma(colour), np.float32)
    return np.asarray(np.clip(grey + (colour - grey) * np.float32(factor), 0, 1), np.float32)


def lab(srgb: NDArray[np.floating]) -> Floats:
    """CIE 1976 L*a*b* of sRGB [..., 3] of 0 to 1, D65."""
    values = np.asarray(srgb, np.float64)
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _XYZ.T / _WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def delta_e(one: NDArray[np.floating], other: NDArray[np.floating]) -> Floats:
    """CIE76 colour difference of sRGB [..., 3]."""
    return np.asarray(np.linalg.norm(lab(one) - lab(other), axis=-1), np.float64)
