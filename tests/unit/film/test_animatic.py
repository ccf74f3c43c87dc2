"""An animatic: held pictures with their notes, the voice alone, at the price of a storyboard."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tests.fixtures.film import SHOTS, crew, storyboard
from tests.fixtures.films import brightness_of

from soundstage.film.estimate import film_estimate
from soundstage.film.painting.layers import encoded, written
from soundstage.film.part_store import PartStore
from soundstage.film.production import make_film
from soundstage.film.settings import planning_settings
from soundstage.models.film import FilmSettings, Picture
from soundstage.models.story import Shot, Storyboard

pytestmark = pytest.mark.slow

SETTINGS = FilmSettings(animatic=True, subtitles="none")


class PlainPainter:
    """A picture of one grey for each shot: what is drawn over it is what an animatic adds."""

    def fingerprint(self, shot: Shot) -> str:
        return f"plain {shot.id}"

    def layout(self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, *, previous_layout: str) -> str:
        return "plain"

    def paint(
        self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, folder: Path, *, previous_layout: str
    ) -> Picture:
        rgba = np.full((468, 832, 4), 255, np.uint8)
        rgba[..., :3] = 90 + 60 * (shot.id == "s4")
        folder.mkdir(parents=True, exist_ok=True)
        layer = written(encoded("plain", rgba, 0.0, "none"), shot.id, folder)
        return Picture(width=832, height=468, layers=[layer], provider="plain", layout="plain")


def test_each_shot_is_one_picture_with_its_notes_and_the_voice(tmp_path: Path) -> None:
    board = storyboard([SHOTS[0], SHOTS[3]])

    film = make_film(
        board, SETTINGS, replace(crew(), painters=[PlainPainter()]), PartStore(tmp_path / "parts"), tmp_path / "out"
    )

    assert film.quality.failures == []
    assert [timing.shot for timing in film.timings] == ["s1", "s4"], "no cards"
    assert not any(part.part in ("music", "title card", "credits card") for part in film.parts)
    frames = brightness_of(tmp_path / "out" / "film.mp4", film.quality.width, film.quality.height).astype(np.int16)
    assert len(frames) == film.quality.frames == sum(timing.frames for timing in film.timings)
    moved = [np.abs(one - other).mean() for one, other in pairwise(frames)]
    cut = film.timings[1].first_frame - 1
    assert int(np.argmax(moved)) == cut
    assert max(moved[:cut] + moved[cut + 1 :]) < 1.0, "pictures are held"
    high, wide = frames[0].shape
    band = frames[0][round(0.06 * high) : round(0.12 * high), round(0.06 * wide) : round(0.3 * wide)]
    assert (band > 130).mean() > 0.02, "letters"
    assert (band < 75).mean() > 0.4, "on a dark ground"
    assert np.abs(frames[0][high // 2 :] - frames[0][-1, -1]).max() < 6, "and nowhere else"


def test_another_film_is_left_as_it_is_and_an_animatic_is_estimated_lower() -> None:
    settings = FilmSettings(quality="final")
    assert planning_settings(settings) is settings
    board, spoken = storyboard(), {shot.id: 3.0 for shot in SHOTS}
    quick, whole = (
        film_estimate(board, one, {}, spoken) for one in (settings.model_copy(update={"animatic": True}), settings)
    )
    assert quick.work_s < 0.5 * whole.work_s
    assert quick.film_duration_s < whole.film_duration_s
