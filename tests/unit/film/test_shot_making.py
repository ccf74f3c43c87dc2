"""A shot made ahead of its film: the same parts, and something to look at and listen to."""

from pathlib import Path

import pytest
from PIL import Image
from tests.fixtures.film import crew, storyboard

from soundstage.audio.io import read_audio
from soundstage.film import parts
from soundstage.film.part_store import PartStore
from soundstage.film.shot_making import make_shot
from soundstage.models.errors import NotFound
from soundstage.models.film import FilmSettings

PREVIEW = FilmSettings(quality="preview")


def test_a_film_finds_what_was_made_for_a_shot(tmp_path: Path) -> None:
    board, people, store = storyboard(), crew(), PartStore(tmp_path / "parts")
    told: list[float] = []

    made = make_shot(board, "s1", PREVIEW, people, store, out=tmp_path / "made", progress=told.append)

    assert made.speech is not None
    assert made.audio is not None
    assert not made.picture.reused
    assert Image.open(made.frame).size == (640, 360)
    assert read_audio(made.audio).duration_s == pytest.approx(made.speech.value.duration_s)
    assert told == [0.5]
    again = make_shot(board, "s1", PREVIEW, people, store, out=tmp_path / "again")
    assert again.speech is not None
    assert (again.picture.reused, again.speech.reused) == (True, True)
    before = parts.previous_layouts(board, PREVIEW, people.painters[0])["s1"]
    found = parts.picture_of(board, board.shots[0], PREVIEW, people.painters, store, previous_layout=before)
    assert found.fingerprint == made.picture.fingerprint


def test_a_shot_that_says_nothing_has_no_speech(tmp_path: Path) -> None:
    made = make_shot(storyboard(), "s4", PREVIEW, crew(), PartStore(tmp_path / "parts"), out=tmp_path / "made")
    assert (made.speech, made.audio) == (None, None)


def test_a_shot_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        make_shot(storyboard(), "s9", PREVIEW, crew(), PartStore(tmp_path / "parts"), out=tmp_path / "made")
