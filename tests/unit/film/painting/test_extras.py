"""Things that are somebody, crowds, houses that the story speaks of, and heads that are seen from all sides."""

from pathlib import Path

import numpy as np
import pytest
from tests.unit.film.painting.test_painter import MARA, a_shot, layer, painted, small_frames

from soundstage.film.painting import paint
from soundstage.film.painting.colours import delta_e, rgb
from soundstage.film.painting.people.hair import HAIRLINES
from soundstage.models.film import FilmSettings
from soundstage.models.story import Appearance, Character, Presence, Setting, Storyboard

__all__ = ["small_frames"]
SETTINGS = FilmSettings(aspect="1:1", quality="preview")


def test_the_moon_of_the_story_has_a_face_and_is_the_only_one(tmp_path: Path) -> None:
    moon = Character(id="c1", name="the moon", kind="thing", species="moon")
    shot = a_shot(setting=Setting(place="field", time_of_day="night"), size="close")
    board = Storyboard(title="The lamp", language="en", characters=[moon], shots=[shot])
    picture = paint(board, shot, SETTINGS, tmp_path)
    x0, y0, x1, y1 = picture.figures["c1"]
    figures = layer(picture, tmp_path, "figures")
    rows, columns = (slice(int(a * n), int(b * n)) for a, b, n in ((y0, y1, picture.height), (x0, x1, picture.width)))
    part = figures[rows, columns]
    eyes = delta_e(part[..., :3], rgb("#1e1a20")) < 20
    assert np.count_nonzero(eyes & (part[..., 3] > 0.9)) >= 12
    plain = painted(shot, tmp_path / "other")
    sky, other = layer(picture, tmp_path, "sky"), layer(plain, tmp_path / "other", "sky")
    assert sky[..., :3].max() < other[..., :3].max() - 0.1, "there is a second moon in the sky"


@pytest.mark.parametrize("thing", ["crowd", "house"])
def test_what_the_story_speaks_of_stands_there(tmp_path: Path, thing: str) -> None:
    with_, without = (
        layer(painted(a_shot(setting=Setting(place="field", things=things)), tmp_path), tmp_path, "figures")[
            ..., 3
        ].sum()
        for things in ([thing], [])
    )
    assert with_ > 1.15 * without


@pytest.mark.parametrize(("thing", "is_there"), [("ship", True), ("boat", True), ("bench", False)])
def test_out_at_sea_only_what_floats_is_there(tmp_path: Path, thing: str, *, is_there: bool) -> None:
    seen = [
        layer(painted(a_shot(size="wide", setting=Setting(place="sea", things=things)), tmp_path), tmp_path, "figures")
        for things in ([thing], [])
    ]
    assert (seen[0].tobytes() != seen[1].tobytes()) is is_there


def test_a_window_does_not_stand_about(tmp_path: Path) -> None:
    shots = [a_shot(setting=Setting(place="field", things=things)) for things in (["window"], [])]
    with_, without = (layer(painted(shot, tmp_path), tmp_path, "figures") for shot in shots)
    assert np.array_equal(with_, without)


@pytest.mark.parametrize("hair", sorted(HAIRLINES))
def test_a_head_has_hair_behind_and_a_face_in_front(tmp_path: Path, hair: str) -> None:
    shares = {}
    for facing in ("toward", "away"):
        look = Appearance(hair=hair, hair_colour="#3a2a24", skin_colour="#e2b48f", accent="belt")
        person = MARA.model_copy(update={"age": "adult", "appearance": look})
        shot = a_shot(
            setting=Setting(place="plain", time_of_day="noon"), cast=[Presence(character="c1", facing=facing)]
        )
        board = Storyboard(title="The lamp", language="en", characters=[person], shots=[shot])
        picture = paint(board, shot, SETTINGS, tmp_path)
        x0, y0, x1, y1 = picture.figures["c1"]
        head = layer(picture, tmp_path, "figures")[
            int(y0 * picture.height) : int((y0 + 0.14 * (y1 - y0)) * picture.height),
            int(x0 * picture.width) : int(x1 * picture.width),
        ]
        shares[facing] = float(head[..., :3][head[..., 3] > 0.9].mean())
    assert shares["toward"] > shares["away"] + 0.08


def test_a_telephone_does_not_lie_on_the_floor(tmp_path: Path) -> None:
    shots = [a_shot(setting=Setting(place="home", things=things)) for things in (["phone", "lamp"], [])]
    with_, without = (layer(painted(shot, tmp_path), tmp_path, "figures") for shot in shots)
    assert np.array_equal(with_, without)
