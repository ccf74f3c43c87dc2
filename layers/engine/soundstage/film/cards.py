"""Title and end card: the story's own places, empty and dimmed, with words over them."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from soundstage.film.painting.layers import encoded, written
from soundstage.film.ports import Painter
from soundstage.film.timeline import CREDITS, TITLE
from soundstage.media.typography import Typeface, fitted
from soundstage.models.film import FilmSettings, Picture
from soundstage.models.story import Language, Shot, Storyboard

Bytes = NDArray[np.uint8]
VERSION = 1
THE_END: dict[Language, str] = {"en": "The End", "zh": "完"}
WORDS_DEPTH = 0.35
"""Where letters stand: they drift a little against the picture behind them."""
TITLE_SIZES = (0.15, 0.125, 0.105, 0.088, 0.072, 0.06)
"""Of letters, as shares of the picture's smaller side, largest first: titles are a line, two at most."""
LINE_SIZE = 0.042
DIMMED: dict[str, float] = {TITLE: 0.42, CREDITS: 0.62}
"""How dark it is behind the letters: enough for 4.5:1 (WCAG 2.2, 1.4.3) on our lightest skies."""
INK = (255, 246, 224)


def empty_shot(storyboard: Storyboard, card: str) -> Shot:
    """The shot that a card's ground is painted from: the first place before anybody came, the last after they left."""
    shot = storyboard.shots[0 if card == TITLE else -1]
    return Shot(id=card, setting=shot.setting, size="extreme_wide", camera="push_in", seed=shot.seed + 1)


def card_lines(storyboard: Storyboard, settings: FilmSettings, card: str) -> list[str]:
    """What stands on a card: the large line first."""
    if card == TITLE:
        return [storyboard.title]
    return [THE_END[storyboard.language], *settings.credits]


def draw_card(
    storyboard: Storyboard,
    settings: FilmSettings,
    card: str,
    painter: Painter,
    folder: Path,
    *,
    typeface: Typeface,
) -> Picture:
    """Paint the ground and lay the words over it. Raises what the painter raises."""
    ground = painter.paint(storyboard, empty_shot(storyboard, card), settings, folder, previous_layout="")
    size = (ground.width, ground.height)
    layers = [
        written(encoded("shade", _shade(size, DIMMED[card]), WORDS_DEPTH, "none"), card, folder),
        written(
            encoded("words", _words(size, card_lines(storyboard, settings, card), typeface), WORDS_DEPTH, "none"),
            card,
            folder,
        ),
    ]
    update = {"layers": [*ground.layers, *layers], "layout": f"{card} card", "focus": (0.5, 0.5)}
    return ground.model_copy(update=update)


def _shade(size: tuple[int, int], strength: float) -> Bytes:
    """Darkness [h, w, 4] that is deepest behind the words and nearly as deep at the edges: a vignette turned in."""
    wide, high = size
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    away = np.hypot((x / wide - 0.5) / 0.75, (y / high - 0.46) / 0.55)
    rgba = np.empty((high, wide, 4), np.uint8)
    rgba[..., :3] = (10, 10, 18)
    rgba[..., 3] = 255 * strength * (0.55 + 0.45 * np.exp(-(away**2)))
    return rgba


def _words(size: tuple[int, int], lines: Sequence[str], typeface: Typeface) -> Bytes:
    wide, high = size
    side = min(size)
    lines = [typeface.drawable(line).strip() for line in lines]
    font, title = fitted(
        typeface.file,
        lines[0] or "·",
        width=round(0.8 * wide),
        sizes=[round(share * side) for share in TITLE_SIZES],
        lines=2,
    )
    rows = [(text, font) for text in title]
    for line in lines[1:]:
        small, wrapped = fitted(typeface.file, line, width=round(0.8 * wide), sizes=[round(LINE_SIZE * side)], lines=2)
        rows += [(text, small) for text in wrapped]
    heights = [1.35 * row.size for _, row in rows]
    gap = 0.5 * font.size if len(rows) > len(title) else 0.0
    top = 0.46 * high - (sum(heights) + gap) / 2
    image = Image.new("RGBA", size, (*INK, 0))
    pen = ImageDraw.Draw(image)
    for number, ((text, row), height) in enumerate(zip(rows, heights, strict=True)):
        if number == len(title):
            pen.line(
                [(0.5 * wide - 0.09 * side, top + gap / 3), (0.5 * wide + 0.09 * side, top + gap / 3)], (*INK, 170), 2
            )
            top += gap
        _centred(pen, text, row, wide / 2, top)
        top += height
    letters = np.asarray(image, np.float32)
    # A soft shadow of the letters' own shape: they read on any ground.
    shadow = cv2.GaussianBlur(letters[..., 3], (0, 0), 0.012 * side)[..., None] / 255
    alpha = letters[..., 3:] / 255
    over = alpha + 0.7 * shadow * (1 - alpha)
    colour = np.where(over > 0, alpha * np.asarray(INK, np.float32) / np.maximum(over, 1e-4), 0)
    return np.asarray(np.concatenate([colour, 255 * over], axis=2).round(), np.uint8)


def _centred(pen: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, x: float, top: float) -> None:
    pen.text((x - font.getlength(text) / 2, top), text, fill=(*INK, 255), font=font)
