"""What differs between versions, in sentences."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_origin

from pydantic import BaseModel
from tests.fixtures.film_projects import document, storyboard

from soundstage.film import editing
from soundstage.film.comparison import _spoken, differences
from soundstage.film.settings import merged_settings
from soundstage.models.projects import ProjectDocument
from soundstage.models.story import CausalChain, Character, Shot, Storyboard, WorldEntry

CONSOLE = Path(__file__).parents[3] / "web/src/messages/zh-comparison.ts"


def sentences(before: ProjectDocument, after: ProjectDocument) -> list[str]:
    return [difference.sentence for difference in differences(before, after)]


def with_board(board: Storyboard) -> ProjectDocument:
    return document(storyboard=board.model_dump())


def test_nothing_is_said_of_equal_versions() -> None:
    assert differences(document(), document()) == []


def test_an_edit_of_a_shot_says_what_was_and_what_is() -> None:
    edited = editing.changed_shot(
        storyboard(), "s2", {"narration": "The lamp is cold.", "setting": {"weather": "storm"}, "locked": True}
    )

    (found,) = differences(document(), with_board(edited))

    assert (found.of, found.id, found.change) == ("shot", "s2", "edited")
    assert sorted(found.fields) == ["locked", "narration", "setting.weather"]
    assert "narration changed from “The lamp is dark.” to “The lamp is cold.”" in found.sentence
    assert "weather changed from “clear” to “storm”" in found.sentence
    assert "locked changed from off to on" in found.sentence
    assert found.sentence.startswith("Shot 2 (s2): ")


def test_long_texts_are_quoted_around_the_change() -> None:
    long = "The sea was grey and the wind came from the north all day and all night long. " * 3
    before = with_board(editing.changed_shot(storyboard(), "s1", {"narration": long + "It ended."}))
    after = with_board(editing.changed_shot(storyboard(), "s1", {"narration": long + "It went on."}))

    (sentence,) = sentences(before, after)

    assert "ended" in sentence
    assert "went on" in sentence
    assert len(sentence) < 250


def test_shots_come_go_and_move() -> None:
    board = storyboard()
    moved = editing.reordered(board, ["s3", "s1", "s2"])
    assert sentences(document(), with_board(moved)) == ["The shots have another order now: s3, s1, s2."]
    more = editing.added_shot(board, {"title": "Gull"}, after="s1", new="s7")
    assert sentences(document(), with_board(more)) == ["Shot 2 “Gull” was added."]
    less = editing.without_shot(board, "s3")
    assert "Shot 3 (s3) was removed." in sentences(document(), with_board(less))


def test_settings_people_and_titles_are_told_by_name() -> None:
    settings = merged_settings(document().settings, {"style": "ink_wash", "music": {"duck_db": -9}})
    mia = storyboard().characters[0].model_copy(update={"name": "Mara"})
    board = storyboard().model_copy(update={"characters": [mia]})
    after = document(title="Light", settings=settings.model_dump(), storyboard=board.model_dump())

    assert sentences(document(), after) == [
        "The project: title changed from “The lamp” to “Light”.",
        "Settings: style changed from “dusk_gouache” to “ink_wash”; duck db changed from -6.0 to -9.0.",
        "Character Mara: name changed from “Mia” to “Mara”.",
    ]


def test_a_storyboard_that_came_is_one_difference() -> None:
    assert sentences(document(storyboard=None), document()) == ["The storyboard of 3 shots was added."]


def _fields(model: type[BaseModel]) -> Iterator[str]:
    """What a sentence calls each field that can change by itself."""
    for name, field in model.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        below = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
        if get_origin(field.annotation) in (list, dict) or not below:
            yield _spoken((name,))
        else:
            for kind in below:
                yield from _fields(kind)


def test_the_console_knows_every_field_in_chinese() -> None:
    known = re.findall(r'^ {2}"?([a-z0-9 -]+?)"?: "', CONSOLE.read_text(encoding="utf-8"), re.MULTILINE)
    told_otherwise = {"schema version", "translations", "characters", "world", "shots", "chain", "id"}
    models = (ProjectDocument, Storyboard, Shot, Character, WorldEntry)
    changing = {name for model in models for name in _fields(model)} - told_otherwise
    assert changing - set(known) - {*_fields(CausalChain)} == set()
