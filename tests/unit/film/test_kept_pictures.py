"""Locked shots keep their pictures."""

from pathlib import Path

import pytest
from PIL import Image
from tests.fixtures.film import storyboard

from soundstage.film import parts
from soundstage.film.kept_pictures import FLAT, Kept, KeptPictures
from soundstage.film.own_files import OwnSource
from soundstage.film.painting import EmbeddedPainter
from soundstage.film.part_store import PartStore
from soundstage.models.film import FilmSettings

pytestmark = pytest.mark.slow

THEN = FilmSettings(quality="preview", aspect="1:1")
NOW = THEN.model_copy(update={"style": "woodcut"})


@pytest.fixture
def store(tmp_path: Path) -> PartStore:
    return PartStore(tmp_path)


def test_a_kept_picture_is_the_same_and_the_others_are_painted(store: PartStore) -> None:
    board, painter = storyboard(), EmbeddedPainter()
    first, second = board.shots[:2]
    then = parts.picture_of(board, first, THEN, [painter], store)
    kept = KeptPictures({first.id: Kept(then.fingerprint)}, store, painter)

    now = parts.picture_of(board, first, NOW, [kept], store)

    assert now.value == then.value
    assert [(now.folder / layer.file).read_bytes() for layer in now.value.layers] == [
        (then.folder / layer.file).read_bytes() for layer in then.value.layers
    ]
    assert kept.layout(board, first, NOW, previous_layout="") == then.value.layout
    assert parts.picture_of(board, first, NOW, [kept], store).reused
    painted = parts.picture_of(board, second, NOW, [kept], store)
    assert painted.fingerprint == parts.picture_of(board, second, NOW, [painter], store).fingerprint


def test_what_is_not_there_any_more_is_painted(store: PartStore) -> None:
    board, painter = storyboard(), EmbeddedPainter()
    kept = KeptPictures({"s1": Kept("0" * 64)}, store, painter)
    assert kept.fingerprint(board.shots[0]) == painter.fingerprint(board.shots[0])


def test_where_only_what_people_saw_of_it_is_left_it_is_that(store: PartStore, tmp_path: Path) -> None:
    Image.new("RGB", (480, 480), (200, 30, 30)).save(tmp_path / "frame.png")
    board, frame = storyboard(), OwnSource.of(tmp_path / "frame.png")
    kept = KeptPictures({"s1": Kept("0" * 64, frame)}, store, EmbeddedPainter())

    picture = kept.paint(board, board.shots[0], NOW, tmp_path / "out", previous_layout="")

    assert (picture.provider, picture.notes) == ("kept", [FLAT])
    assert frame.content in kept.fingerprint(board.shots[0])
    with Image.open(tmp_path / "out" / picture.layers[0].file) as image:
        assert image.convert("RGB").getpixel((5, 5)) == (200, 30, 30)
