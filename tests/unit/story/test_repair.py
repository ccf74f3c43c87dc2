"""What language models send instead of JSON: repaired without loss, or refused with a reason."""

import json
from typing import Any

import pytest

from soundstage.models.story import Storyboard
from soundstage.story.reading.tolerant_json import LONGEST, read_json
from soundstage.story.repair import storyboard_from


def answer(count: int = 8) -> dict[str, Any]:
    return {
        "title": "The lamp",
        "characters": [{"name": "Mara", "gender": "female", "age": "child"}],
        "shots": [
            {
                "narration": f"Mara lit lamp number {k}.",
                "prompt": "Mara with a lamp.",
                "cast": ["Mara"],
                "setting": {"place": "lighthouse", "time_of_day": "night"},
            }
            for k in range(1, count + 1)
        ],
    }


def repaired(text: str) -> Storyboard:
    return storyboard_from(text, title="A story")


def narrations(board: Storyboard) -> list[str]:
    return [shot.narration for shot in board.shots]


WHOLE = [f"Mara lit lamp number {k}." for k in range(1, 9)]
TEXT = json.dumps(answer(), ensure_ascii=False)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"Here is your storyboard:\n```json\n{TEXT}\n```\nEnjoy!",
        TEXT.replace("}]", "},]").replace('"Mara"]', '"Mara",]'),
        TEXT.replace('"', "'"),
        TEXT.replace('": ', '"： ').replace(", ", "，"),
        TEXT.replace('"', "“", 1).replace('"', "”", 1),
        TEXT.replace('"title"', "title"),
        json.dumps({"items": answer()["shots"]}),
        json.dumps({"storyboard": answer()}),
        json.dumps(answer()["shots"]),
        json.dumps({"data": {"scenes": [{"voiceOver": s["narration"]} for s in answer()["shots"]]}}),
    ],
    ids=["sound", "fence", "commas", "single", "full-width", "curly", "bare key", "items", "nested", "list", "names"],
)
def test_every_shot_is_kept(text: str) -> None:
    board = repaired(text)
    assert narrations(board) == WHOLE
    assert all(shot.prompt for shot in board.shots)


def test_an_answer_that_is_cut_off_keeps_its_whole_shots_and_says_so() -> None:
    text = json.dumps(answer())
    cut = text[: text.index("number 7") + 4]
    board = repaired(cut)
    assert narrations(board) == WHOLE[:6]
    assert any("6 whole shots" in note for note in board.notes)
    assert board.characters[0].name == "Mara"


def test_quotation_marks_inside_a_narration_are_kept() -> None:
    board = repaired(
        '{"shots":[{"narration":"他说"好"，走了。","prompt":"门口"},{"narration":"She said "no", and left."}]}'
    )
    assert narrations(board) == ['他说"好"，走了。', 'She said "no", and left.']


def test_time_stamps_are_not_touched() -> None:
    stamp = "00:00:01,000-00:00:02,000"
    assert read_json(f'{{"time": "{stamp}",}}').value == {"time": stamp}
    board = repaired(json.dumps({"shots": [{"narration": "One.", "timestamp": stamp, "title": stamp}]}))
    assert board.shots[0].duration_s == pytest.approx(1.0)
    assert board.shots[0].title == stamp


def test_wrong_types_are_set_right_or_left_out_with_a_note() -> None:
    shot = {
        "narration": "One.",
        "duration": "5 s",
        "shotSize": "Close-Up",
        "camera": "Push In",
        "setting": {"place": "The Old Forest", "weather": "rainy", "things": "lamp, door", "season": 7},
        "cast": [{"id": "Mara", "holding": "lamp"}, "Nobody"],
    }
    board = repaired(json.dumps({**answer(0), "shots": [shot]}))
    made = board.shots[0]
    assert (made.duration_s, made.size, made.camera) == (5.0, "close", "push_in")
    assert (made.setting.place, made.setting.weather, made.setting.things) == ("forest", "rain", ["lamp", "door"])
    assert [(who.character, who.holding) for who in made.cast] == [("c1", ["lamp"])]
    assert any("Nobody" in note for note in board.notes)
    assert any("season" in note for note in board.notes)


@pytest.mark.parametrize(
    "text", ["", "I cannot do that.", "{}", '{"shots": []}', '{"shots": [{"size": "wide"}]}', "[" * 5000]
)
def test_what_holds_no_shot_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"there is no|nested"):
        repaired(text)


def test_too_long_an_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="more than"):
        repaired("{" + " " * LONGEST)


def test_hostile_text_is_read_to_its_end() -> None:
    """Nearly as long as is allowed: what reads quadratically does not come back."""
    value = read_json('{"a": ' + '"{:[,' * 75_000).value
    assert set(value) == {"a"}
