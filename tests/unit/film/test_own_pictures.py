"""A person's own pictures: for the right shot, whole or well cut, never stretched."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.fixtures.film import SHOTS, storyboard

from soundstage.film.own_files import OwnSource
from soundstage.film.own_pictures import OwnPictures, assigned, fitted_picture
from soundstage.film.painting import EmbeddedPainter
from soundstage.models.errors import InvalidInput
from soundstage.models.film import FilmSettings, Picture
from soundstage.models.story import Shot

SETTINGS = FilmSettings(quality="preview")


def disc(path: Path, size: tuple[int, int], *, at: tuple[float, float] = (0.5, 0.5), radius: int = 60) -> Path:
    """A red disc on grey."""
    wide, high = size
    y, x = np.mgrid[0:high, 0:wide]
    inside = np.hypot(x - at[0] * wide, y - at[1] * high) < radius
    rgb = np.where(inside[..., None], (200, 30, 30), (120, 120, 120)).astype(np.uint8)
    Image.fromarray(rgb).save(path)
    return path


def seen(picture: Picture, folder: Path) -> np.ndarray:
    """The picture's layers over each other, R'G'B' of 0 to 255."""
    canvas = Image.new("RGBA", (picture.width, picture.height))
    for layer in picture.layers:
        with Image.open(folder / layer.file) as image:
            canvas = Image.alpha_composite(canvas, image.convert("RGBA"))
    return np.asarray(canvas.convert("RGB")).astype(int)


def red_box(rgb: np.ndarray) -> tuple[int, int]:
    """Width and height of what is strongly red."""
    red = (rgb[..., 0] > 150) & (rgb[..., 1] < 90)
    rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
    return columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1


@pytest.mark.parametrize(
    ("size", "aspect"),
    [((1080, 1920), "16:9"), ((3000, 500), "9:16"), ((800, 600), "16:9"), ((640, 640), "9:16"), ((90, 70), "1:1")],
)
def test_a_round_thing_stays_round_and_is_all_there(tmp_path: Path, size: tuple[int, int], aspect: str) -> None:
    settings = SETTINGS.model_copy(update={"aspect": aspect})
    path = disc(tmp_path / "disc.png", size, radius=min(size) // 5)

    picture = fitted_picture(path, "s1", settings, tmp_path / "out")

    wide, high = red_box(seen(picture, tmp_path / "out"))
    assert wide == pytest.approx(high, rel=0.04, abs=2)
    assert wide > 20


def test_what_is_cut_away_is_what_shows_least(tmp_path: Path) -> None:
    path = disc(tmp_path / "disc.png", (900, 700), at=(0.5, 0.2), radius=110)

    picture = fitted_picture(path, "s1", SETTINGS, tmp_path / "out")

    wide, high = red_box(seen(picture, tmp_path / "out"))
    assert len(picture.layers) == 1
    assert wide == pytest.approx(high, rel=0.04)


def test_names_decide_then_the_order(tmp_path: Path) -> None:
    for name in ("s3 fox.png", "01.jpg", "b.png", "a.webp", "notes.txt", ".hidden.png"):
        (tmp_path / name).write_bytes(b"")

    found = assigned(tmp_path, storyboard())

    assert {id_: source.name for id_, source in found.items()} == {
        "s1": "01.jpg",
        "s2": "a.webp",
        "s3": "s3 fox.png",
        "s4": "b.png",
    }


def test_two_pictures_of_one_shot_and_none_at_all_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no picture"):
        assigned(tmp_path, storyboard())
    for name in ("2.png", "s2.png"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(InvalidInput, match="both for shot s2"):
        assigned(tmp_path, storyboard())
    with pytest.raises(InvalidInput, match="no such folder"):
        assigned(tmp_path / "nowhere", storyboard())


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_is_no_picture_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(content)

    with pytest.raises(InvalidInput, match=r"broken\.png"):
        fitted_picture(path, "s1", SETTINGS, tmp_path / "out")


def test_a_photograph_is_upright(tmp_path: Path) -> None:
    image = Image.new("RGB", (300, 200), (120, 120, 120))
    image.paste((0, 0, 220), (0, 0, 300, 40))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter: the camera was held upright
    image.save(tmp_path / "photo.jpg", exif=exif, quality=95)

    square = SETTINGS.model_copy(update={"aspect": "1:1"})
    picture = fitted_picture(tmp_path / "photo.jpg", "s1", square, tmp_path / "out")

    rgb = seen(picture, tmp_path / "out")
    right, top = rgb[:, int(0.93 * picture.width)], rgb[int(0.07 * picture.height)]
    assert (right[..., 2] - right[..., 0] > 100).mean() > 0.8
    assert (top[..., 2] - top[..., 0] > 100).mean() < 0.4


def test_shots_without_a_picture_are_painted(tmp_path: Path) -> None:
    def with_own(path: Path) -> OwnPictures:
        return OwnPictures({"s2": OwnSource.of(path)}, EmbeddedPainter())

    own = with_own(disc(tmp_path / "s2.png", (640, 360)))

    def painted(shot: Shot) -> Picture:
        return own.paint(storyboard(), shot, SETTINGS, tmp_path / shot.id, previous_layout="")

    assert painted(SHOTS[1]).provider == "own"
    assert painted(SHOTS[0]).provider == "embedded"
    assert own.fingerprint(SHOTS[0]) == EmbeddedPainter().fingerprint(SHOTS[0])
    before = own.fingerprint(SHOTS[1])
    other = with_own(disc(tmp_path / "s2.png", (640, 360), radius=30))
    assert other.fingerprint(SHOTS[1]) != before


def test_heic_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "1.HEIC").write_bytes(b"")
    with pytest.raises(InvalidInput, match=r"1\.HEIC: HEIC is not read\. Save it as JPEG"):
        assigned(tmp_path, storyboard())
