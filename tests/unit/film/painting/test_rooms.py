"""Rooms by their names, and what is in them: counters, tables, seats, light."""

from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.unit.film.painting.test_painter import MARA, a_shot, composed, layer, painted, small_frames

from soundstage.film.painting import paint
from soundstage.film.painting.interiors.room import FURNITURE
from soundstage.film.painting.rooms import room_of
from soundstage.models.film import FRAME_SIZES, FilmSettings
from soundstage.models.story import Character, PlaceKind, Presence, Setting, Storyboard

__all__ = ["small_frames"]
NAMED: dict[str, tuple[PlaceKind, str]] = {
    "shop": ("market", "the toy shop"), "bookshop": ("library", "书店"), "bakery": ("kitchen", "bakery"),
    "florist": ("market", "花店"), "restaurant": ("interior", "café"), "noodle shop": ("interior", "面馆里"),
    "cinema": ("interior", "old cinema"), "theatre": ("interior", "剧院"), "ward": ("bedroom", "hospital"),
    "office": ("interior", "办公室"), "carriage": ("station", "train"), "bus": ("street", "公交车上"),
    "cabin": ("space", "宇宙飞船"),
}  # fmt: skip


@pytest.mark.parametrize("room", NAMED)
def test_a_room_is_what_its_name_says(room: str) -> None:
    place, name = NAMED[room]
    assert room_of(Setting(place=place, place_name=name)) == room


@pytest.mark.parametrize(
    ("place", "name"), [("market", "market"), ("station", "火车站"), ("street", "street"), ("city", "theatre"),
                        ("space", "moon base"), ("station", "platform")],
)  # fmt: skip
def test_what_is_out_of_doors_is_no_room(place: PlaceKind, name: str) -> None:
    assert room_of(Setting(place=place, place_name=name)) is None


@pytest.mark.slow
def test_no_two_rooms_look_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FRAME_SIZES, ("16:9", "preview"), (192, 108))
    seen = {}
    for room in FURNITURE:
        place, name = NAMED.get(room, (room, ""))
        setting = Setting.model_validate({"place": place, "place_name": name})
        shown = composed(painted(a_shot(setting=setting, cast=[]), tmp_path, aspect="16:9"), tmp_path)
        assert shown.std() > 0.04, room
        seen[room] = np.asarray(cv2.resize(shown, (32, 18), interpolation=cv2.INTER_AREA), np.float32)
    for one, other in combinations(seen, 2):
        if {one, other} != {"bus", "carriage"}:
            assert np.abs(seen[one] - seen[other]).mean() > 0.02, (one, other)


def test_nothing_falls_in_a_cave(tmp_path: Path) -> None:
    depths = {
        place: [part.depth for part in painted(a_shot(setting=Setting(place=place, weather="snow")), tmp_path).layers
                if part.motion == "snow"]
        for place in ("cave", "space", "plain")
    }  # fmt: skip
    assert len(depths["plain"]) == 2
    assert depths["space"] == []
    assert depths["cave"] == [0.1], "beyond the mouth of the cave, behind its rock"


def test_a_lamp_that_went_out_leaves_a_dark_room(tmp_path: Path) -> None:
    levels = [
        composed(
            painted(a_shot(setting=Setting(place="home", time_of_day="night"), prompt=words), tmp_path), tmp_path
        ).mean()
        for words in ("Tom sat in the room.", "The lamp went out.")
    ]
    assert levels[1] < 0.75 * levels[0]


def test_who_keeps_a_shop_stands_behind_a_counter(tmp_path: Path) -> None:
    """Of such a figure nothing is to be seen below the counter's top."""
    keeper = Character(id="c2", name="the shopkeeper", appearance=MARA.appearance)
    settings = FilmSettings(aspect="1:1", quality="preview")
    below = {}
    for place, name in (("market", "shop"), ("field", "")):
        shot = a_shot(setting=Setting.model_validate({"place": place, "place_name": name}),
                      cast=[Presence(character="c2")])  # fmt: skip
        board = Storyboard(title="The lamp", language="en", characters=[keeper], shots=[shot])
        picture = paint(board, shot, settings, tmp_path)
        x0, _, x1, y1 = picture.figures["c2"]
        figures = layer(picture, tmp_path, "figures")
        row = round((y1 - 0.03) * picture.height)
        beside = (
            figures[row, : round(x0 * picture.width) - 2, 3].sum()
            + figures[row, round(x1 * picture.width) + 2 :, 3].sum()
        )
        below[place] = beside / picture.width
    assert below["market"] > below["field"] + 0.1
