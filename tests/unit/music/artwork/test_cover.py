"""The cover: the same bytes for the same track, another picture for another, and no title that is boxes."""

import colorsys
import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.tunes import TUNES

from soundstage.models.composition import Composition
from soundstage.models.music import GenParams, Key, Mode
from soundstage.music.artwork import cover
from soundstage.music.artwork.cover import draw_cover, first_statement
from soundstage.music.artwork.cover_scenes import AT_NIGHT, POINTS, SCENES, Canvas, Motif
from soundstage.music.composing.composition import compose_params


@pytest.fixture(scope="module")
def compositions() -> list[Composition]:
    analyses = [analysis_of(tune, quarters_per_minute=100.0) for tune in TUNES[:3]]
    return [compose_params(analysis, whole(analysis), GenParams(duration_s=20)) for analysis in analyses]


def pixels(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    with Image.open(path) as image:
        assert (image.format, image.size, image.mode) == ("PNG", (1200, 1200), "RGB")
        return np.asarray(image).astype(np.int16)


@pytest.mark.slow
def test_the_same_track_has_the_same_cover(compositions: list[Composition], tmp_path: Path) -> None:
    for name in ("one", "two"):
        draw_cover(tmp_path / name, compositions[0], "Morning hum")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert (tmp_path / "one").stat().st_size < 1_500_000  # what previews of links still load


@pytest.mark.slow
def test_another_tune_is_another_picture(compositions: list[Composition], tmp_path: Path) -> None:
    painted = []
    for number, composition in enumerate(compositions):
        draw_cover(tmp_path / f"{number}.png", composition)
        painted.append(pixels(tmp_path / f"{number}.png"))
    for one, other in itertools.combinations(painted, 2):
        assert np.abs(one - other).mean() > 5


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_every_scene_is_a_picture_of_many_tones(
    scene: object, compositions: list[Composition], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cover, "SCENES", (scene,))
    draw_cover(tmp_path / "cover.png", compositions[1])
    painted = pixels(tmp_path / "cover.png")
    light = painted.mean(axis=-1)
    assert np.percentile(light, 95) - np.percentile(light, 5) > 40
    # The picture is the tune's: with all notes on one pitch it is another.
    flat = compositions[1].model_copy(deep=True)
    flat.variants["A"].melody = [replace(note, midi=60) for note in flat.variants["A"].melody]
    monkeypatch.setattr(cover, "_seed", lambda *_: 7)
    for name, composition in (("tune", compositions[1]), ("flat", flat)):
        draw_cover(tmp_path / name, composition)
    assert np.abs(pixels(tmp_path / "tune") - pixels(tmp_path / "flat")).mean() > 1


@pytest.mark.parametrize("mode", Mode)
def test_no_key_is_brown(mode: Mode) -> None:
    """Dark yellow is brown and olive to the eye: no key's palette has it, day or night, whatever the dice say."""
    motif = Motif(np.zeros(POINTS, np.float32), np.zeros(POINTS, np.float32), 0.6, 0.5, mode is Mode.MINOR)
    for tonic, seed in itertools.product(cover.CIRCLE_OF_FIFTHS, range(2)):
        key = Key.model_validate({"tonic": tonic, "mode": mode})
        for night in (True, mode is Mode.MINOR):
            palette = cover._palette(key, motif, night, np.random.default_rng(seed))
            for red, green, blue in np.concatenate([palette.ground, palette.tones]):
                hue, saturation, value = colorsys.rgb_to_hsv(*(float(c) ** (1 / 2.2) for c in (red, green, blue)))
                assert not (28 < 360 * hue < 75 and saturation > 0.35 and value < 0.6), (tonic, red, green, blue)


@pytest.mark.slow
def test_a_title_is_written_in_the_lower_part(
    compositions: list[Composition], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cover, "_seed", lambda *_: 7)
    draw_cover(tmp_path / "with", compositions[0], "Łódź, в четыре утра — Ωδή")
    draw_cover(tmp_path / "without", compositions[0])
    rows = np.flatnonzero((pixels(tmp_path / "with") != pixels(tmp_path / "without")).any(axis=(1, 2)))
    assert rows.min() > 850
    assert rows.max() < 1200 - 40


@pytest.mark.parametrize("title", ["早安小曲", "नमस्ते", "صباح الخير", "Morning 早安", "🎵🎵", "   ", "\x07"])
def test_a_title_that_cannot_be_written_is_left_out(title: str) -> None:
    image = Image.new("RGB", (1200, 1200), "black")
    cover._write_title(image, title)
    assert not np.asarray(image).any()


@given(st.text(max_size=200))
def test_any_title_fits(title: str) -> None:
    image = Image.new("RGB", (1200, 1200), "black")
    cover._write_title(image, title)
    painted = np.asarray(image)
    assert not painted[:, : cover.MARGIN // 2].any()
    assert not painted[:, -cover.MARGIN // 2 :].any()
    assert not painted[: 1200 - 330].any()


def test_a_preview_is_the_cover_and_light(compositions: list[Composition], tmp_path: Path) -> None:
    for number, composition in enumerate(compositions):
        draw_cover(tmp_path / "a.png", composition, "Morning hum", preview=tmp_path / "a.webp")
        small = Image.open(tmp_path / "a.webp")
        whole = Image.open(tmp_path / "a.png").resize(small.size, Image.Resampling.LANCZOS)
        assert small.size == (640, 640)
        assert np.abs(np.asarray(small.convert("RGB"), float) - np.asarray(whole.convert("RGB"), float)).mean() < 4, (
            number
        )
        assert (tmp_path / "a.webp").stat().st_size < 100_000


def test_only_hummed_notes_once(compositions: list[Composition]) -> None:
    hummed = [note.hummed for note in first_statement(compositions[0].variants["A"])]
    assert len(hummed) > 5
    assert all(one < other for one, other in itertools.pairwise(n for n in hummed if n is not None))


def test_minor_and_night_scenes_are_darker_than_day(compositions: list[Composition]) -> None:
    major = compositions[0].variants["A"]
    motif = cover._motif(major, list(first_statement(major)))
    rng = np.random.default_rng
    day, night = (Canvas(cover._palette(major.key, motif, at_night, rng(1))).paint.mean() for at_night in (False, True))
    assert night < 0.4 * day
    assert {scene.__name__ for scene in AT_NIGHT} < {scene.__name__ for scene in SCENES}
