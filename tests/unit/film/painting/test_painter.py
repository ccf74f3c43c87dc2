"""The painter: what a picture shows, and that it shows it the same way every time."""

import hashlib
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import get_args

import cv2
import numpy as np
import pytest

from soundstage.arrays import Floats32
from soundstage.film.painting import paint
from soundstage.film.painting.colours import delta_e, rgb
from soundstage.film.painting.staging import staging_for
from soundstage.film.subtitles import layout_for
from soundstage.models.film import FRAME_SIZES, Aspect, FilmSettings, FilmStyle, Picture
from soundstage.models.story import Appearance, Character, PlaceKind, Presence, Setting, Shot, ShotSize, Storyboard

pytestmark = pytest.mark.slow

MARA = Character(
    id="c1", name="Mara", age="child", gender="female",
    appearance=Appearance(hair="braids", garment_colour="#4a6fa5", accent="scarf", accent_colour="#d9534f"),
)  # fmt: skip
FOX = Character(id="c2", name="Fox", kind="animal", species="fox", appearance=Appearance(accent_colour="#2f8f8f"))
STYLES: tuple[FilmStyle, ...] = get_args(FilmStyle)
PLACES: tuple[PlaceKind, ...] = get_args(PlaceKind)


@pytest.fixture(autouse=True)
def small_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are composed in shares of their size: small ones show the same."""
    monkeypatch.setitem(FRAME_SIZES, ("16:9", "preview"), (320, 180))
    monkeypatch.setitem(FRAME_SIZES, ("9:16", "preview"), (180, 320))
    monkeypatch.setitem(FRAME_SIZES, ("1:1", "preview"), (240, 240))


def storyboard(*shots: Shot) -> Storyboard:
    return Storyboard(title="The lamp", language="en", characters=[MARA, FOX], shots=list(shots))


def a_shot(number: int = 1, **changes: object) -> Shot:
    values = {"id": f"s{number}", "cast": [Presence(character="c1")], "size": "full", "seed": number} | changes
    return Shot.model_validate(values)


def painted(
    shot: Shot, folder: Path, *, style: FilmStyle = "dusk_gouache", aspect: Aspect = "1:1", previous: str = ""
) -> Picture:
    settings = FilmSettings(style=style, aspect=aspect, quality="preview")
    return paint(storyboard(shot), shot, settings, folder, previous_layout=previous)


def layer(picture: Picture, folder: Path, name: str) -> Floats32:
    """RGBA of 0–1."""
    file = next(part for part in picture.layers if part.name == name)
    bgra = cv2.imread(str(folder / file.file), cv2.IMREAD_UNCHANGED)
    assert bgra is not None
    return (bgra[..., [2, 1, 0, 3]].astype(np.float32)) / np.float32(255)


def composed(picture: Picture, folder: Path) -> Floats32:
    whole = np.zeros((picture.height, picture.width, 3), np.float32)
    for part in picture.layers:
        rgba = layer(picture, folder, part.name)
        whole = whole * (1 - rgba[..., 3:]) + rgba[..., :3] * rgba[..., 3:]
    return whole


def nearest(rgba: Floats32, colour: str, box: tuple[float, float, float, float]) -> np.ndarray:
    """Colour differences, ascending, of the opaque pixels of a box from a colour."""
    high, wide = rgba.shape[:2]
    part = rgba[int(box[1] * high) : int(box[3] * high) + 1, int(box[0] * wide) : int(box[2] * wide) + 1]
    opaque = part[part[..., 3] > 0.98][:, :3]
    return np.sort(delta_e(opaque, rgb(colour)))


# The same every time -------------------------------------------------------------------------------------------------


def test_the_same_shot_is_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    shot = a_shot(3, setting=Setting(place="lake", weather="rain"))
    here = [part.sha256 for part in painted(shot, tmp_path / "here").layers]
    code = (
        "import sys; from pathlib import Path; from soundstage.film.painting import paint;"
        "from soundstage.models.film import FRAME_SIZES, FilmSettings; from soundstage.models.story import Storyboard;"
        "FRAME_SIZES['1:1', 'preview'] = (240, 240);"
        "board = Storyboard.model_validate_json(sys.argv[1]);"
        "settings = FilmSettings(aspect='1:1', quality='preview');"
        "print(*[part.sha256 for part in paint(board, board.shots[0], settings, Path(sys.argv[2])).layers])"
    )
    command = [sys.executable, "-c", code, storyboard(shot).model_dump_json(), str(tmp_path / "there")]
    there = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()  # noqa: S603
    assert there == here


def test_files_are_what_the_picture_says(tmp_path: Path) -> None:
    picture = painted(a_shot(), tmp_path)
    for part in picture.layers:
        assert hashlib.sha256((tmp_path / part.file).read_bytes()).hexdigest() == part.sha256
    assert len(list(tmp_path.iterdir())) == len(picture.layers)


def test_another_seed_is_another_picture(tmp_path: Path) -> None:
    one, other = (painted(a_shot(1, seed=seed), tmp_path / str(seed)) for seed in (1, 8))
    assert {part.sha256 for part in one.layers}.isdisjoint({part.sha256 for part in other.layers})


# Layers --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", STYLES)
def test_every_place_is_painted_in_every_style(
    tmp_path: Path, style: FilmStyle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FRAME_SIZES, ("1:1", "preview"), (120, 120))
    for place in PLACES:
        paints(tmp_path, place, style)


def paints(folder: Path, place: PlaceKind, style: FilmStyle) -> None:
    shot = a_shot(setting=Setting(place=place, weather="snow" if len(place) % 2 else "clear"), size="wide")
    picture = painted(shot, folder, style=style)
    depths = [part.depth for part in picture.layers]
    assert depths[0] == 0.0
    assert len(picture.layers) >= 3
    assert max(depths) > 0.5
    assert composed(picture, folder).std() > 0.04, f"{place} is one colour"
    assert "c1" in picture.figures


def test_no_two_places_look_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FRAME_SIZES, ("1:1", "preview"), (120, 120))
    seen: list[Floats32] = []
    for place in PLACES:
        shown = composed(painted(a_shot(setting=Setting(place=place), cast=[]), tmp_path), tmp_path)
        small = np.asarray(cv2.resize(shown, (24, 24), interpolation=cv2.INTER_AREA), np.float32)
        assert all(np.abs(small - other).mean() > 0.01 for other in seen), place
        seen.append(small)


def test_the_sky_is_opaque_and_what_is_nearer_is_not(tmp_path: Path) -> None:
    picture = painted(a_shot(setting=Setting(place="forest")), tmp_path)
    assert layer(picture, tmp_path, "sky")[..., 3].min() == 1
    for part in picture.layers[1:]:
        alpha = layer(picture, tmp_path, part.name)[..., 3]
        assert alpha.min() < 0.5
        assert alpha.max() > 0.1


def test_far_layers_come_first(tmp_path: Path) -> None:
    for place in ("plain", "sea", "home", "city"):
        picture = painted(a_shot(setting=Setting(place=place, weather="clear")), tmp_path)
        depths = [part.depth for part in picture.layers if part.motion in ("none", "sway")]
        assert all(far <= near + 0.08 for far, near in pairwise(depths)), (place, depths)


@pytest.mark.parametrize("weather", ["rain", "snow"])
def test_what_falls_repeats_across_and_down(tmp_path: Path, weather: str) -> None:
    picture = painted(a_shot(setting=Setting(place="plain", weather=weather)), tmp_path)
    falling = [part for part in picture.layers if part.motion == weather]
    assert len(falling) == 2
    for part in falling:
        alpha = layer(picture, tmp_path, part.name)[..., 3]
        inside = np.abs(np.diff(alpha, axis=1)).mean(), np.abs(np.diff(alpha, axis=0)).mean()
        seam = np.abs(alpha[:, 0] - alpha[:, -1]).mean(), np.abs(alpha[0] - alpha[-1]).mean()
        assert seam[0] < 3 * inside[0]
        assert seam[1] < 3 * inside[1]


def test_weather_moves_and_fair_weather_does_not(tmp_path: Path) -> None:
    motions = {
        weather: {
            part.motion for part in painted(a_shot(setting=Setting(place="shore", weather=weather)), tmp_path).layers
        }
        for weather in ("clear", "rain", "snow", "fog")
    }
    assert "rain" in motions["rain"]
    assert "snow" in motions["snow"]
    assert "smoke" in motions["fog"]
    assert not motions["clear"] & {"rain", "snow", "smoke"}
    assert all("water" in found for found in motions.values())


def test_night_is_darker_than_noon(tmp_path: Path) -> None:
    levels = {}
    for hour in ("noon", "night"):
        shot = a_shot(setting=Setting(place="plain", time_of_day=hour))
        levels[hour] = composed(painted(shot, tmp_path), tmp_path).mean()
    assert levels["night"] < 0.6 * levels["noon"]


# Staging -------------------------------------------------------------------------------------------------------------


def test_neighbours_never_share_a_layout() -> None:
    for size in get_args(ShotSize):
        shots = [a_shot(number, size=size, seed=0) for number in range(1, 9)]
        layouts = [""]
        for shot in shots:
            layouts.append(staging_for(storyboard(*shots), shot, (1280, 720), layouts[-1]).layout)
        assert all(one != other for one, other in pairwise(layouts)), layouts
        if size in ("wide", "full"):
            assert len(set(layouts[1:])) >= 5


def test_the_layout_before_changes_nothing_unless_it_is_the_same(tmp_path: Path) -> None:
    shot = a_shot(4)
    plain = painted(shot, tmp_path)
    assert painted(shot, tmp_path, previous="wide: open, left").layout == plain.layout
    assert painted(shot, tmp_path, previous=plain.layout).layout != plain.layout


def test_aspects_are_composed_and_not_cropped(tmp_path: Path) -> None:
    for aspect in get_args(Aspect):
        shot = a_shot(setting=Setting(place="castle"), cast=[Presence(character="c1"), Presence(character="c2")])
        picture = painted(shot, tmp_path, aspect=aspect)
        wide, high = FRAME_SIZES[aspect, "preview"]
        assert (picture.width, picture.height) == (2 * round(0.65 * wide), 2 * round(0.65 * high))
        for x0, y0, x1, y1 in picture.figures.values():
            assert 0.02 < x0 < x1 < 0.98
            assert 0.02 < y0 < y1 < 0.98


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_the_subtitles_lie_on_calm_ground(tmp_path: Path, aspect: Aspect) -> None:
    """Less contrast from place to place than in the rest of the picture."""
    wide, high = FRAME_SIZES[aspect, "preview"]
    layout = layout_for((wide, high))
    low = 1 - layout.bottom / high
    band = low - 2.6 * layout.font_size / high, low
    for place in ("plain", "village", "home"):
        shown = composed(
            painted(a_shot(setting=Setting(place=place), cast=[]), tmp_path, aspect=aspect), tmp_path
        ).mean(2)
        shown = cv2.GaussianBlur(shown, (0, 0), 1.0)
        busy = np.hypot(cv2.Sobel(shown, cv2.CV_32F, 1, 0), cv2.Sobel(shown, cv2.CV_32F, 0, 1))
        # The camera sees about nine tenths of the picture.
        rows = slice(*(round(shown.shape[0] * (0.05 + 0.9 * share)) for share in band))
        assert busy[rows].mean() < busy[: rows.start].mean() * 1.1, place


# Figures -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("size", ["extreme_wide", "wide", "full", "medium", "close", "detail"])
def test_a_character_keeps_its_own_colour(
    tmp_path: Path, style: FilmStyle, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if size in ("extreme_wide", "wide"):
        monkeypatch.setitem(FRAME_SIZES, ("1:1", "preview"), (480, 480))
    shot = a_shot(setting=Setting(place="field", time_of_day="night"), size=size)
    picture = painted(shot, tmp_path, style=style)
    found = nearest(layer(picture, tmp_path, "figures"), "#d9534f", picture.figures["c1"])
    assert np.count_nonzero(found <= 3) >= 12


def test_an_animal_has_its_colour_too(tmp_path: Path) -> None:
    shot = a_shot(
        setting=Setting(place="forest", time_of_day="dusk"), cast=[Presence(character="c2", stance="running")]
    )
    picture = painted(shot, tmp_path)
    found = nearest(layer(picture, tmp_path, "figures"), "#2f8f8f", picture.figures["c2"])
    assert np.count_nonzero(found <= 3) >= 20


@pytest.mark.parametrize("stance", ["standing", "walking", "running", "sitting", "kneeling"])
def test_whoever_is_whole_has_feet_on_the_ground(tmp_path: Path, stance: str) -> None:
    shot = a_shot(setting=Setting(place="plain"), cast=[Presence(character="c1", stance=stance)])
    picture = painted(shot, tmp_path)
    x0, _, x1, y1 = picture.figures["c1"]
    below = layer(picture, tmp_path, "ground")[..., 3]
    row, column = round(y1 * picture.height) - 3, round((x0 + x1) / 2 * picture.width)
    assert below[row, column] > 0.98
    assert y1 < 0.9


def test_nobody_is_cut_at_the_neck(tmp_path: Path) -> None:
    """Near views show at least a head and as much again below it, and the head is in the picture."""
    for number, size in enumerate(("medium", "close")):
        for aspect in get_args(Aspect):
            picture = painted(a_shot(number, size=size), tmp_path, aspect=aspect)
            _, y0, _, y1 = picture.figures["c1"]
            assert 0.03 < y0 < 0.45
            assert y1 - y0 > 0.45


def test_who_swims_is_in_the_water_and_who_does_not_is_in_a_boat(tmp_path: Path) -> None:
    """Below the surface there is nothing of either; of a swimmer less is seen."""
    heights = {}
    for stance in ("swimming", "standing"):
        shot = a_shot(setting=Setting(place="sea"), cast=[Presence(character="c1", stance=stance)])
        picture = painted(shot, tmp_path)
        _, y0, _, y1 = picture.figures["c1"]
        heights[stance] = y1 - y0
        water = layer(picture, tmp_path, "water")[..., 3]
        assert water[round(y1 * picture.height) - 2].mean() > 0.9
    assert heights["swimming"] < 0.7 * heights["standing"]


def test_a_kind_of_animal_without_a_drawing_is_said(tmp_path: Path) -> None:
    axolotl = Character(id="c9", name="Lu", kind="animal", species="axolotl")
    shot = a_shot(cast=[Presence(character="c9")])
    board = storyboard(shot).model_copy(update={"characters": [axolotl]})
    picture = paint(board, shot, FilmSettings(quality="preview"), tmp_path)
    assert any("axolotl" in note for note in picture.notes)
    assert "c9" in picture.figures


def test_a_cast_that_nobody_knows_is_left_out(tmp_path: Path) -> None:
    picture = painted(a_shot(cast=[Presence(character="c7")]), tmp_path)
    assert picture.figures == {}
    assert any("not in the picture" in note for note in picture.notes)
