"""The embedded writer on whole stories: nothing is lost, everything is valid, the same every time."""

import random
import re

import pytest
from tests.unit.story.scoring import fixture

from soundstage.models.errors import StoryEmpty, StoryTooLong
from soundstage.models.story import Storyboard
from soundstage.story.reading.text import clean
from soundstage.story.titles import heading_of
from soundstage.story.writer import write_storyboard

XIAOMAN = "小满扎着短辫，戴红围巾。她走进森林。女孩停下。她哭了。小满回家。"
LAMP = """The Lamp at the Pier

Mara lived with her grandfather in a lighthouse by the sea. Every evening the old keeper climbed the stairs and lit \
the lamp. Mara carried the matches and wore his old red scarf.

One night a storm came. Thunder rolled over the water, and the lamp went out. "Grandfather!" she cried. But the old \
man was asleep.

Mara took a lantern and ran up the stairs. She saw a small boat among the waves. "Hold on!" she shouted. A fisherman \
named Tomas waved his arms. "Help us!" he called.

She held the lantern high until dawn. In the morning the rain stopped, and Tomas walked along the beach to the \
lighthouse. He gave Mara a shell. "You saved us," he said. The girl smiled."""
ODD = [
    "Hello",
    "雨",
    "a. b. c. " * 400,
    "字" * 5000,
    "word " * 1000,
    "他说：“好。”" * 600,
    "\n".join(["She ran to the sea."] * 200),
    '"' * 50 + "What?",
    "“没有结束的引号。他走了。\n第二段。",
    "Mr. Smith paid $3.50 to Dr. Who at www.example.com... Then he left! Really?! Yes…",
    "今天是2025年3月5日，他跑了42.195km，GPA是3.8/4.0，喜欢SUV和iPhone。In 1999 it cost $3.50.",
    "— Who is there? — It is me.",
    "???!!! a",
    "I woke up. I was alone on Mars. My robot said hello.",
]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def story_of(text: str, board: Storyboard) -> str:
    cleaned = clean(text)
    return heading_of(cleaned.text, cleaned.language)[1]


@pytest.mark.parametrize("text", [XIAOMAN, LAMP, *ODD])
def test_every_character_of_the_story_is_told_once_and_in_order(text: str) -> None:
    board = write_storyboard(text)
    assert squeezed("".join(shot.narration for shot in board.shots)) == squeezed(story_of(text, board))
    for shot in board.shots:
        assert shot.prompt
        if shot.lines:
            assert squeezed("".join(line.text for line in shot.lines)) == squeezed(shot.narration)
    known = {character.id for character in board.characters}
    assert {who.character for shot in board.shots for who in shot.cast} <= known
    assert {line.speaker for shot in board.shots for line in shot.lines} <= known | {None}
    assert Storyboard.model_validate_json(board.model_dump_json()) == board


def test_the_same_story_gives_the_same_storyboard() -> None:
    assert write_storyboard(LAMP) == write_storyboard(LAMP)


def test_a_person_is_the_same_in_every_picture_request() -> None:
    board = write_storyboard(XIAOMAN)
    (xiaoman,) = board.characters
    assert xiaoman.name == "小满"
    assert "女孩" in xiaoman.aliases
    assert xiaoman.appearance.hair == "braids"
    assert (xiaoman.appearance.accent, xiaoman.appearance.accent_colour) == ("scarf", "#c8413b")
    assert all(xiaoman.identity in shot.prompt for shot in board.shots)


def test_a_story_of_an_evening_by_the_sea() -> None:
    board = write_storyboard(LAMP)
    assert board.title == "The Lamp at the Pier"
    names = [character.name for character in board.characters]
    assert names[0] == "Mara"
    assert "Tomas" in names
    speakers = {line.text: line.speaker for shot in board.shots for line in shot.lines if line.kind == "dialogue"}
    by_name = {character.name: character.id for character in board.characters}
    assert speakers['"Hold on!"'] == by_name["Mara"]
    assert speakers['"Help us!"'] == by_name["Tomas"]
    assert board.shots[0].setting.time_of_day == "dusk"
    assert "storm" in {shot.setting.weather for shot in board.shots}
    assert board.shots[-1].setting.time_of_day == "morning"
    assert board.shots[-1].setting.weather == "clear"


@pytest.mark.parametrize("text", ["", "  \n\t ", "\ufeff\u200b", "…！？", "😅"])
def test_nothing_to_tell_is_refused(text: str) -> None:
    with pytest.raises(StoryEmpty) as refused:
        write_storyboard(text)
    assert refused.value.code == "STORY_EMPTY"


def test_what_is_too_long_is_refused_with_its_length() -> None:
    with pytest.raises(StoryTooLong, match="5,001") as refused:
        write_storyboard("a" * 5001)
    assert refused.value.code == "STORY_TOO_LONG"
    assert refused.value.detail == {"characters": 5001, "most": 5000}


def test_control_characters_are_cleaned() -> None:
    board = write_storyboard("\ufeffThe\tcat\x00 sat.\r\nThe dog\u2028ran.\u200b 😅")
    assert " ".join(shot.narration for shot in board.shots).split() == ["The", "cat", "sat.", "The", "dog", "ran."]
    assert any("Emoji" in note for note in board.notes)


def test_never_more_than_200_shots() -> None:
    board = write_storyboard("\n".join(["他走了。", "她来了。"] * 520)[:4990])
    assert len(board.shots) <= 200


def test_a_noun_of_no_table_that_acts_and_a_girl_who_may_be_meant_by_it() -> None:
    """'The plumber' is in no table of people; 'the girl' looks through everybody who may be meant."""
    board = write_storyboard("The plumber came in. The girl smiled. The plumber said, “Good day.” The girl sat down.")
    assert [character.name for character in board.characters] == ["the plumber", "the girl"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_words_of_all_stories_in_any_order_give_a_whole_storyboard(seed: int) -> None:
    """Fifty mixtures of fragments of the stories with marks and scripts that they do not have."""
    choose = random.Random(seed)  # noqa: S311
    pieces = [
        "\n\n",
        "“",
        "”",
        '"',
        "’",
        "…",
        "—",
        "(",
        "日本語の",
        "Привет ",
        "# ",
        "《",
        "》",
        "\\",
        "{%}",
        "🎈",
        "é",
    ]
    for name, pattern in (("english.json", r"\S+\s*"), ("chinese.json", r".{1,6}")):
        pieces += [piece for story in fixture(name) for piece in re.findall(pattern, story["text"])]
    for _ in range(50):
        text = "a " + "".join(choose.choice(pieces) for _ in range(choose.randint(1, 220)))
        board = write_storyboard(text)
        assert squeezed("".join(shot.narration for shot in board.shots)) == squeezed(story_of(text, board))
        known = {character.id for character in board.characters}
        assert {who.character for shot in board.shots for who in shot.cast} <= known
