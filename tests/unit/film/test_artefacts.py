"""Current, stale, missing: an artefact is as old as what it was made from."""

import pytest
from tests.fixtures.film_projects import artefacts, storyboard

from soundstage.film import editing
from soundstage.film.artefacts import artefact_state, picture_digest, shot_digest, speech_digest
from soundstage.film.settings import merged_settings
from soundstage.models.errors import InvalidInput
from soundstage.models.film import FilmSettings
from soundstage.models.story import Storyboard

SETTINGS = FilmSettings()


def digests(board: Storyboard, settings: FilmSettings = SETTINGS) -> list[tuple[str, str | None]]:
    return [(picture_digest(board, shot, settings), speech_digest(board, shot, settings)) for shot in board.shots]


def changed(before: Storyboard, after: Storyboard) -> list[tuple[bool, bool]]:
    return [(a[0] != b[0], a[1] != b[1]) for a, b in zip(digests(before), digests(after), strict=True)]


def test_words_change_speech_and_prompts_change_pictures() -> None:
    board = storyboard()
    words = editing.changed_shot(board, "s2", {"narration": "The lamp is dark!"})
    assert changed(board, words) == [(False, False), (False, True), (False, False)]
    prompt = editing.changed_shot(board, "s2", {"prompt": "A cold lamp."})
    assert changed(board, prompt) == [(False, False), (True, False), (False, False)]


@pytest.mark.parametrize("change", [{"title": "T"}, {"transition": "cut"}, {"locked": True}, {"camera": "still"}])
def test_what_is_neither_seen_nor_heard_changes_nothing(change: dict[str, object]) -> None:
    assert changed(storyboard(), editing.changed_shot(storyboard(), "s1", change)) == [(False, False)] * 3


def test_a_character_changes_the_shots_that_show_them() -> None:
    board = storyboard()
    mia = board.characters[0].model_copy(update={"identity": "a girl with a blue scarf"})
    assert changed(board, board.model_copy(update={"characters": [mia]})) == [
        (True, False),
        (False, False),
        (True, False),
    ]


def test_how_it_is_made_changes_nothing_but_style_and_voice_do() -> None:
    board = storyboard()
    for same in ({"quality": "preview"}, {"encoding": {"crf": 30}}, {"music": {"source": "none"}}, {"fps": 30}):
        assert digests(board, merged_settings(SETTINGS, same)) == digests(board)
    style, voice = (
        digests(board, merged_settings(SETTINGS, it)) for it in ({"style": "woodcut"}, {"narrator": "bella"})
    )
    assert [a[0] != b[0] and a[1] == b[1] for a, b in zip(style, digests(board), strict=True)] == [True] * 3
    assert [a[0] == b[0] and a[1] != b[1] for a, b in zip(voice, digests(board), strict=True)] == [True] * 3


def test_a_shot_without_words_lacks_no_speech() -> None:
    board = editing.changed_shot(storyboard(), "s2", {"narration": " … "})
    assert speech_digest(board, board.shots[1], SETTINGS) is None
    assert artefact_state(None, None) == "current"


def test_states() -> None:
    made = artefacts("0" * 32, picture="then").picture
    assert artefact_state(None, "now") == "missing"
    assert artefact_state(made, "then") == "current"
    assert artefact_state(made, "now") == "stale"
    assert artefact_state(made, None) == "stale"


def test_two_shots_of_the_same_words_are_two_pictures() -> None:
    board = editing.duplicated_shot(storyboard(), "s1", new="s7")
    first, second = (shot_digest(board, shot, SETTINGS) for shot in board.shots[:2])
    assert first != second


def test_settings_are_merged_and_null_is_the_default() -> None:
    changed = merged_settings(SETTINGS, {"music": {"duck_db": -9}, "aspect": "9:16"})
    assert (changed.music.duck_db, changed.music.source, changed.aspect) == (-9, "embedded", "9:16")
    assert merged_settings(changed, {"music": {"duck_db": None}, "aspect": None}) == SETTINGS
    for wrong in ({"aspect": "4:3"}, {"colour": 1}, {"music": 3}):
        with pytest.raises(InvalidInput):
            merged_settings(SETTINGS, wrong)
