"""Transitions between two shots, frame by frame, in planes."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats32
from soundstage.media.yuv import Planes
from soundstage.models.story import Transition

BLACK = (16, 128, 128)
PAPER = (218, 120, 132)
"""Y′CbCr of a warm white."""


def blended(leaving: Planes, coming: Planes, share: float, kind: Transition) -> Planes:
    """The frame at ``share`` of the way, 0 to 1, ends excluded."""
    if kind in ("fade", "dip"):
        ground = _even(leaving, BLACK if kind == "fade" else PAPER)
        return _mixed(leaving, ground, 2 * share) if share < 0.5 else _mixed(ground, coming, 2 * share - 1)
    if kind == "page_turn":
        return _page(leaving, coming, share)
    if kind == "ink_bleed":
        return _masked(leaving, coming, _ink(leaving[0].shape[1], leaving[0].shape[0], share))
    return _mixed(leaving, coming, share)


def _mixed(one: Planes, other: Planes, share: float) -> Planes:
    y, c = (
        np.asarray(cv2.addWeighted(a, 1 - share, b, share, 0), np.uint8).reshape(a.shape)
        for a, b in zip(one, other, strict=True)
    )
    return y, c


def _even(like: Planes, colour: tuple[int, int, int]) -> Planes:
    y, c = like
    chroma = np.empty_like(c)
    chroma[0], chroma[1] = colour[1], colour[2]
    return np.full_like(y, colour[0]), chroma


def _masked(leaving: Planes, coming: Planes, mask: Floats32) -> Planes:
    """``mask`` [h, w]: how much of the new picture is seen."""
    half = cv2.resize(mask, (mask.shape[1] // 2, mask.shape[0] // 2), interpolation=cv2.INTER_AREA)
    y, c = (
        np.rint(a + (b.astype(np.float32) - a) * m).astype(np.uint8)
        for a, b, m in zip(leaving, coming, (mask, half), strict=True)
    )
    return y, c


def _page(leaving: Planes, coming: Planes, share: float) -> Planes:
    """The old page is turned over to the left; its edge is soft, and what it uncovers lies in its shadow."""
    wide = leaving[0].shape[1]
    eased = share * share * (3 - 2 * share)
    edge = wide * (1.08 - 1.16 * eased)
    x = np.arange(wide, dtype=np.float32)
    uncovered = np.clip((x - edge) / 3 + 0.5, 0, 1)
    y, c = _masked(leaving, coming, np.broadcast_to(uncovered, leaving[0].shape).astype(np.float32).copy())
    shadow = 1 - 0.45 * np.exp(-np.maximum(x - edge, 0) / (0.03 * wide)) * uncovered
    fold = 1 + 0.25 * np.exp(-(((x - edge + 0.02 * wide) / (0.012 * wide)) ** 2)) * (1 - uncovered)
    light = (shadow * fold).astype(np.float32)
    return np.clip(16 + (y.astype(np.float32) - 16) * light, 16, 235).astype(np.uint8), c


def _ink(wide: int, high: int, share: float) -> Floats32:
    threshold = -0.15 + 1.3 * share
    return np.asarray(np.clip((threshold - _spread(wide, high)) / 0.08 + 0.5, 0, 1), np.float32)


@lru_cache(maxsize=4)
def _spread(wide: int, high: int) -> NDArray[np.float32]:
    """When ink reaches each pixel, 0 to 1: from a few drops, along the paper's grain. The same for all films."""
    rng = np.random.default_rng(7)
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    drops = rng.uniform((0.1, 0.1), (0.9, 0.9), (5, 2))
    distance = np.min([np.hypot((x - dx * wide), (y - dy * high)) for dx, dy in drops], axis=0)
    grain = np.zeros((high, wide), np.float32)
    for cells, weight in ((8, 0.5), (24, 0.3), (80, 0.2)):
        noise = rng.standard_normal((cells * high // wide + 2, cells + 2)).astype(np.float32)
        grain += weight * cv2.resize(noise, (wide, high), interpolation=cv2.INTER_CUBIC)
    reached = distance / distance.max() + 0.16 * grain
    return np.asarray((reached - reached.min()) / (reached.max() - reached.min()), np.float32)
