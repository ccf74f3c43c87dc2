"""A film's music as a whole: length, sameness, level, and where the story turns."""

import numpy as np
import pytest
from tests.fixtures.scores import score_film

from soundstage.audio.loudness import measure_loudness
from soundstage.audio.streams import FileReader
from soundstage.models.errors import InvalidInput
from soundstage.models.film import FilmSection, ScoreRequest
from soundstage.models.story import Mood
from soundstage.music.scoring.moods import STYLES
from soundstage.music.scoring.score import compose_score, write_score

FILM = [
    FilmSection(0.0, 7.3, "calm", 3),
    FilmSection(7.3, 6.45, "tense", 7),
    FilmSection(13.75, 9.013, "triumphant", 8, turn=True),
]


def test_the_music_is_exactly_as_long_as_the_film() -> None:
    for rate_hz in (48_000, 44_100):
        samples = score_film(FILM, seed=3, title="The Lamp", rate_hz=rate_hz)
        assert samples.shape == (round(22.763 * rate_hz), 2)
        assert samples.dtype == np.float32


@pytest.mark.parametrize("mood", sorted(STYLES))
def test_a_film_of_one_sentence_has_music(mood: Mood) -> None:
    samples = score_film([FilmSection(0.0, 2.5, "calm", 4), FilmSection(2.5, 3.1, mood, 6)], seed=1, title="x")
    assert samples.shape == (268_800, 2)
    assert np.abs(samples[48_000:192_000]).max() > 0.01


@pytest.mark.slow
def test_the_same_film_has_the_same_samples_and_another_title_other_ones() -> None:
    samples = score_film(FILM, seed=3, title="The Lamp")
    assert np.array_equal(samples, score_film(FILM, seed=3, title=" the lamp "))
    assert not np.array_equal(samples, score_film(FILM, seed=3, title="The Boat"))
    assert not np.array_equal(samples, score_film(FILM, seed=4, title="The Lamp"))


def test_it_has_its_loudness_and_ends_in_silence() -> None:
    samples = score_film(FILM, seed=3, title="The Lamp")
    loudness = measure_loudness(samples, 48_000)
    assert loudness.integrated_lufs == pytest.approx(-20.0, abs=0.6)
    assert loudness.true_peak_dbtp <= -1.9
    assert np.abs(samples[0]).max() < 1e-3
    assert np.abs(samples[-48:]).max() < 1e-3


def test_a_file_holds_the_same_samples(tmp_path) -> None:  # type: ignore[no-untyped-def]
    score = compose_score(ScoreRequest(tuple(FILM), None, "The Lamp", 3))
    write_score(tmp_path / "music.wav", score)
    written = np.concatenate(list(FileReader(tmp_path / "music.wav").blocks()))
    assert np.abs(written - score_film(FILM, seed=3, title="The Lamp")).max() < 2**-23
    assert [plan.scene.mood for plan in score.scenes] == ["calm", "tense", "triumphant"]


@pytest.mark.parametrize(
    "sections",
    [
        [],
        [FilmSection(0.0, 3.5, "calm")],
        [FilmSection(0.0, 3601.0, "calm")],
        [FilmSection(0.0, 10.0, "calm"), FilmSection(11.0, 10.0, "calm")],
        [FilmSection(1.0, 30.0, "calm")],
        [FilmSection(0.0, 30.0, "calm", 11)],
        [FilmSection(0.0, 30.0, "angry")],  # type: ignore[arg-type]
        [FilmSection(0.0, float("nan"), "calm")],
    ],
)
def test_what_is_no_film_is_refused(sections: list[FilmSection]) -> None:
    with pytest.raises(InvalidInput):
        score_film(sections, seed=0, title="")
