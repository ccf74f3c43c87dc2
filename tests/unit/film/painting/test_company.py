"""Herds, rides, suits, and things that are as the story tells them."""

from pathlib import Path

import numpy as np
import pytest
from tests.unit.film.painting.test_painter import FOX, MARA, a_shot, layer, painted, small_frames

from soundstage.film.painting import paint
from soundstage.film.painting.animals import species_named
from soundstage.film.painting.colours import delta_e, rgb
from soundstage.film.painting.things import thing_named
from soundstage.models.film import FilmSettings, Picture
from soundstage.models.story import Appearance, Character, PlaceKind, Presence, Setting, Shot, Storyboard

__all__ = ["small_frames"]
SETTINGS = FilmSettings(aspect="16:9", quality="preview")
GOAT = Character(
    id="c3", name="the goat", kind="animal", species="goat", appearance=Appearance(accent_colour="#4f9a4a")
)
HORSE = Character(id="c4", name="the horse", kind="animal", species="horse")


def shown(shot: Shot, folder: Path) -> Picture:
    board = Storyboard(title="The lamp", language="en", characters=[MARA, FOX, GOAT, HORSE], shots=[shot])
    return paint(board, shot, SETTINGS, folder)


def test_three_goats_are_three(tmp_path: Path) -> None:
    """And the first one alone has a scarf."""
    wide, marks = {}, {}
    for words in ("A goat and three goats stood there.", "A goat and one more stood there."):
        shot = a_shot(size="wide", cast=[Presence(character="c3"), Presence(character="c1")], prompt=words)
        figures = layer(shown(shot, tmp_path), tmp_path, "figures")
        wide[words[11]] = np.count_nonzero((figures[..., 3] > 0.5).any(0))
        marks[words[11]] = np.count_nonzero((delta_e(figures[..., :3], rgb("#4f9a4a")) < 4) & (figures[..., 3] > 0.9))
    assert wide["t"] > 1.4 * wide["o"]
    assert marks["t"] <= 1.2 * marks["o"]


def test_who_rides_is_up_on_the_horse(tmp_path: Path) -> None:
    cast = [Presence(character="c1", stance="sitting"), Presence(character="c4")]
    beside = shown(a_shot(cast=cast, prompt="She sat beside the horse."), tmp_path).figures
    riding = shown(a_shot(cast=cast, prompt="She rode the horse."), tmp_path).figures
    assert riding["c1"] == riding["c4"]
    assert beside["c1"] != beside["c4"]
    assert riding["c1"][1] < beside["c1"][1] - 0.1


@pytest.mark.parametrize(("place", "name", "other"), [("space", "moon", "field"), ("space", "spaceship", "home")])
def test_on_the_moon_one_wears_a_helmet_and_in_a_ship_none(
    tmp_path: Path, place: PlaceKind, name: str, other: PlaceKind
) -> None:
    tall = []
    for setting in (Setting(place=place, place_name=name), Setting(place=other)):
        _, y0, _, y1 = shown(a_shot(setting=setting, cast=[Presence(character="c1")]), tmp_path).figures["c1"]
        tall.append(y1 - y0)
    assert (tall[0] > 1.05 * tall[1]) is (name == "moon")


@pytest.mark.parametrize(("words", "burns"), [("The rocket stood there.", False), ("The rocket took off.", True)])
def test_a_rocket_burns_when_it_flies(tmp_path: Path, words: str, *, burns: bool) -> None:
    setting = Setting(place="space", place_name="moon", things=["rocket"])
    figures = layer(painted(a_shot(setting=setting, cast=[], size="wide", prompt=words), tmp_path), tmp_path, "figures")
    assert bool(np.count_nonzero((delta_e(figures[..., :3], rgb("#ffb14a")) < 6) & (figures[..., 3] > 0.9))) is burns


def test_fireworks_are_in_the_sky(tmp_path: Path) -> None:
    setting = Setting(place="city", time_of_day="night", things=["fireworks"])
    lit = layer(painted(a_shot(setting=setting), tmp_path), tmp_path, "fireworks")[..., 3]
    rows = np.flatnonzero((lit > 0.5).any(1)) / lit.shape[0]
    assert rows.min() < 0.2
    assert rows.max() < 0.75


@pytest.mark.parametrize(
    ("words", "noun"),
    [("烟花", "fireworks"), ("彩虹", "rainbow"), ("生日蛋糕", "cake"), ("一碗面条", "noodles"), ("铁管", "pipe"),
     ("椰子树", "palm"), ("a palm", "palm"), ("a red lantern", "paper lantern"), ("灯笼", "paper lantern")],
)  # fmt: skip
def test_things_by_their_names(words: str, noun: str) -> None:
    assert thing_named(words) == noun


def test_a_hedgehog_is_no_mouse() -> None:
    assert species_named("a small hedgehog") == species_named("小刺猬") == "hedgehog"
