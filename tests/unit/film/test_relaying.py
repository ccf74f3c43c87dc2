"""A picture laid out for another shape of the frame: who is in it stays in view, whole and in shape."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from soundstage.film.painting.layers import encoded, written
from soundstage.film.relaying import relaid
from soundstage.models.film import Aspect, FilmSettings, Picture

SIZE = (832, 468)
"""Of a preview, 16:9."""


def disc(at: float, radius: int, colour: tuple[int, int, int]) -> np.ndarray:
    rgba = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    rgba[np.hypot(x - at * SIZE[0], y - 234) < radius] = (*colour, 255)
    return rgba


@pytest.fixture
def picture(tmp_path: Path) -> Picture:
    """A red figure at the left, a blue tower at the right, far away, on grey."""
    grey = np.full((SIZE[1], SIZE[0], 4), 255, np.uint8)
    grey[..., :3] = np.linspace(60, 200, SIZE[0])[None, :, None]
    layers = [
        encoded("sky", grey, 0.0, "none"),
        encoded("tower", disc(0.62, 40, (20, 20, 200)), 0.1, "none"),
        encoded("figures", disc(0.3, 60, (200, 20, 20)), 0.6, "none"),
    ]
    files = [written(layer, "s1", tmp_path) for layer in layers]
    box = (0.3 - 60 / 832, 0.5 - 60 / 468, 0.3 + 60 / 832, 0.5 + 60 / 468)
    return Picture(
        width=SIZE[0], height=SIZE[1], layers=files, provider="dreamer", figures={"c1": box}, focus=(0.3, 0.5)
    )


def extent(file: Path, channel: int) -> tuple[int, int, int, int]:
    rgba = np.asarray(Image.open(file).convert("RGBA")).astype(int)
    seen = (rgba[..., channel] > 120) & (rgba[..., 3] > 200)
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


@pytest.mark.parametrize(("aspect", "size"), [("9:16", (468, 832)), ("1:1", (624, 624))])
def test_figures_and_place_move_together(
    picture: Picture, tmp_path: Path, aspect: Aspect, size: tuple[int, int]
) -> None:
    settings = FilmSettings(quality="preview", aspect=aspect)

    found = relaid(picture, tmp_path, settings, tmp_path / "out", stem="s1")

    assert (found.width, found.height, found.provider) == (*size, "dreamer")
    x0, y0, x1, y1 = extent(tmp_path / "out" / found.layers[2].file, 0)
    assert x0 > 0
    assert x1 < size[0]
    assert x1 - x0 == pytest.approx(y1 - y0, abs=2)  # round
    box = found.figures["c1"]
    assert (box[0] * size[0], box[2] * size[0]) == pytest.approx((x0, x1), abs=3)
    left, _, right, _ = extent(tmp_path / "out" / found.layers[1].file, 2)
    # Cut in one piece, the tower were .32 picture widths beside the figure.
    scale = size[1] / SIZE[1]
    assert (left + right - x0 - x1) / 2 < 0.25 * SIZE[0] * scale


def test_in_the_same_shape_it_is_the_same(picture: Picture, tmp_path: Path) -> None:
    settings = FilmSettings(quality="preview")
    assert relaid(picture, tmp_path, settings, tmp_path / "out", stem="s1") == picture
    assert (tmp_path / "out" / picture.layers[2].file).exists()


def test_a_flat_one_is_fitted(picture: Picture, tmp_path: Path) -> None:
    flat = picture.model_copy(update={"layers": picture.layers[:1]})
    settings = FilmSettings(quality="preview", aspect="9:16")
    found = relaid(flat, tmp_path, settings, tmp_path / "out", stem="s1")
    assert (found.width, found.height, found.provider) == (468, 832, "dreamer")
