"""Estimates: before anything is spent, and before there is a storyboard."""

import pytest
from tests.fixtures.film_projects import storyboard

from soundstage.film import editing
from soundstage.film.estimate import budget_problem, film_estimate, problems_of, story_estimate
from soundstage.film.settings import merged_settings
from soundstage.models.film import FilmSettings
from soundstage.models.profiles import OpenAiImages, OpenAiSpeech, PollySpeech, ProfileKind, ProfileTerms, ProfileVoice
from soundstage.models.projects import Estimate
from soundstage.models.story import Storyboard

SETTINGS = FilmSettings()
SPOKEN_S = {"s1": 3.0, "s2": 2.0, "s3": 3.0}


def estimate(
    board: Storyboard, settings: FilmSettings = SETTINGS, *, spoken_s: dict[str, float] = SPOKEN_S
) -> Estimate:
    """Of all of it."""
    return film_estimate(board, settings, {}, spoken_s)


def test_what_is_there_takes_nothing() -> None:
    board = storyboard()
    all_of_it = estimate(board)
    nothing = film_estimate(board, SETTINGS, dict.fromkeys(SPOKEN_S, (False, False)), SPOKEN_S)

    assert (all_of_it.shots_to_make, nothing.shots_to_make) == (3, 0)
    assert nothing.work_s < all_of_it.work_s
    assert nothing.film_duration_s == all_of_it.film_duration_s
    assert all_of_it.usd == 0


def test_speech_makes_a_shot_longer_than_it_was_planned() -> None:
    board = editing.changed_shot(storyboard(), "s1", {"duration_s": 4})
    assert estimate(board, spoken_s=SPOKEN_S | {"s1": 10.0}).shots[0].duration_s == pytest.approx(11.0)
    slower = merged_settings(SETTINGS, {"speed": 0.5})
    assert estimate(board, slower, spoken_s=SPOKEN_S | {"s1": 10.0}).shots[0].duration_s == pytest.approx(21.0)
    assert estimate(board, spoken_s=SPOKEN_S | {"s1": 0.0}).shots[0].duration_s == 4.0
    assert estimate(storyboard(), spoken_s=SPOKEN_S | {"s1": 0.0}).shots[0].duration_s == 3.0


def test_a_preview_is_less_work() -> None:
    preview = merged_settings(SETTINGS, {"quality": "preview"})
    assert estimate(storyboard(), preview).work_s < estimate(storyboard()).work_s


def test_a_story_is_estimated_by_its_length() -> None:
    short, long = story_estimate(4.0, SETTINGS), story_estimate(90.0, SETTINGS)
    assert (short.basis, short.shots_to_make, long.shots_to_make) == ("story", 1, 10)
    assert long.film_duration_s == pytest.approx(90 + 10 + 6.5)


def test_every_problem_is_listed() -> None:
    board = editing.changed_shot(storyboard(), "s2", {"prompt": " ", "narration": ""})
    settings = merged_settings(SETTINGS, {"providers": {"image": "dreamer", "speech": "embedded"}})

    found = problems_of(board, settings)

    assert [(problem.shot, problem.code) for problem in found] == [(None, "PROVIDER_UNKNOWN"), ("s2", "SHOT_EMPTY")]
    assert problems_of(storyboard(), SETTINGS) == []


def test_what_providers_charge_is_counted_for_what_is_still_to_be_bought() -> None:
    where = {"url": "https://api.example.org/v1", "model": "x"}
    voices = [ProfileVoice(id="anna", gender="female")]
    images = OpenAiImages(protocol="openai_images", price_usd=0.1, **where)
    speech = OpenAiSpeech(protocol="openai_speech", price_usd=1.0, voices=voices, **where)
    polly = PollySpeech(protocol="polly", region="us-east-1", access_key_id="A" * 20, price_usd=1.0)
    board = storyboard()
    characters = sum(len(shot.narration) for shot in board.shots)

    def usd(speaks: OpenAiSpeech | PollySpeech, to_buy: dict[str, tuple[bool, bool]] | None = None) -> float:
        made = dict.fromkeys(SPOKEN_S, (False, False)) if to_buy is not None else {}
        profiles: dict[ProfileKind, ProfileTerms] = {"image": images, "speech": speaks}
        return film_estimate(board, SETTINGS, made, SPOKEN_S, profiles=profiles, to_buy=to_buy).usd

    assert usd(speech) == pytest.approx(0.3 + characters / 1000)
    assert usd(polly) == pytest.approx(0.3 + 2 * characters / 1000)
    assert usd(speech, {"s1": (True, False), "s2": (False, False), "s3": (True, False)}) == pytest.approx(0.2)
    assert story_estimate(27.0, SETTINGS, {"image": images, "speech": speech}, 200).usd == pytest.approx(0.5)
    assert budget_problem(0.3, 0.0, SETTINGS.model_copy(update={"max_usd": 0.3})) is None
    over = budget_problem(0.3, 0.1, SETTINGS.model_copy(update={"max_usd": 0.3}))
    assert over is not None
    assert (over.code, "$0.10 are spent" in over.message) == ("BUDGET_EXCEEDED", True)
