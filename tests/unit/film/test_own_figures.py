"""A child's drawing of a character stands where the painter put its figure."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from tests.fixtures.film import SHOTS, storyboard

from soundstage.film.artefacts import picture_digest
from soundstage.film.own_figures import OwnFigures, puppet
from soundstage.film.own_files import OwnSource
from soundstage.film.painting.layers import encoded, written
from soundstage.models.film import FilmSettings, Picture
from soundstage.models.ids import new_id
from soundstage.models.story import OwnFile, Shot, Storyboard

SETTINGS = FilmSettings(quality="preview")
SIZE = (400, 200)
FOX, MARA = (0.6, 0.5, 0.9, 0.9), (0.1, 0.2, 0.3, 0.9)


class Boxes:
    """A painter of two green figures on grey."""

    def fingerprint(self, shot: Shot) -> str:
        del shot
        return "boxes 1"

    def layout(self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, *, previous_layout: str) -> str:
        del storyboard, shot, settings, previous_layout
        return "two"

    def paint(
        self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, folder: Path, *, previous_layout: str
    ) -> Picture:
        del storyboard, settings, previous_layout
        folder.mkdir(parents=True)
        figures = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
        for x0, y0, x1, y1 in (FOX, MARA):
            figures[round(y0 * 200) : round(y1 * 200), round(x0 * 400) : round(x1 * 400)] = (30, 160, 30, 255)
        layers = [
            encoded("sky", np.full((SIZE[1], SIZE[0], 4), 128, np.uint8), 0.0, "none"),
            encoded("figures", figures, 0.6, "none"),
        ]
        files = [written(layer, shot.id, folder) for layer in layers]
        return Picture(width=400, height=200, layers=files, provider="boxes", figures={"c2": FOX, "c1": MARA})


def drawing(path: Path, *, alpha: bool = False, paper: int = 244) -> Path:
    """A red diamond."""
    image = Image.new("RGBA" if alpha else "RGB", (300, 300), (0, 0, 0, 0) if alpha else (paper, paper, paper))
    ImageDraw.Draw(image).polygon([(150, 60), (240, 150), (150, 240), (60, 150)], fill=(200, 20, 20))
    image.save(path)
    return path


@pytest.mark.parametrize("alpha", [True, False])
def test_a_drawing_is_cut_out_along_its_outline(tmp_path: Path, alpha: bool) -> None:
    shape = puppet(Image.open(drawing(tmp_path / "a.png", alpha=alpha)))
    high, wide = shape.shape[:2]
    assert 180 < high == wide < 230
    assert shape[high // 2, wide // 2].tolist() == [200, 20, 20, 255]
    assert shape[3, 3, 3] == 0  # nothing in the corners
    assert 0.4 < (shape[..., 3] > 128).mean() < 0.7


def test_a_photograph_stays_whole(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (80, 60, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.png")
    shape = puppet(Image.open(tmp_path / "a.png"))
    assert (shape[..., 3] == 255).all()
    assert shape[0, 0].min() > 240  # its border


def test_it_takes_the_place_of_the_figure_and_of_no_other(tmp_path: Path) -> None:
    own = OwnFigures({"c1": OwnSource.of(drawing(tmp_path / "mara.png"))}, Boxes())

    picture = own.paint(storyboard(), SHOTS[2], SETTINGS, tmp_path / "out", previous_layout="")

    assert [layer.name for layer in picture.layers] == ["sky", "figures"]
    rgba = np.asarray(Image.open(tmp_path / "out" / picture.layers[1].file).convert("RGBA")).astype(int)
    red = (rgba[..., 0] > 120) & (rgba[..., 1] < 60) & (rgba[..., 3] > 200)
    green = (rgba[..., 1] > 120) & (rgba[..., 0] < 60) & (rgba[..., 3] > 200)
    rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
    assert columns.mean() == pytest.approx(0.2 * 400, abs=4)
    assert 170 <= rows[-1] <= 180  # on its feet
    assert (rows[-1] - rows[0]) == pytest.approx(columns[-1] - columns[0], abs=3)  # not stretched
    assert np.flatnonzero(green.any(axis=0))[0] == 240  # the fox is still there, and no green girl


def test_only_shots_that_show_the_character_are_other_pictures(tmp_path: Path) -> None:
    source = OwnSource.of(drawing(tmp_path / "mara.png"))
    own = OwnFigures({"c1": source}, Boxes())
    assert own.fingerprint(SHOTS[1]) == "boxes 1"
    assert source.content in own.fingerprint(SHOTS[0])
    board = storyboard()
    mine = OwnFile(asset_id=new_id(), sha256=source.content)
    drawn = board.model_copy(
        update={
            "characters": [
                one.model_copy(update={"own_picture": mine if one.id == "c1" else None}) for one in board.characters
            ]
        }
    )
    changed = [
        shot.id for shot in SHOTS if picture_digest(board, shot, SETTINGS) != picture_digest(drawn, shot, SETTINGS)
    ]
    assert changed == ["s1", "s3", "s4"]
