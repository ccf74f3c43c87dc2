"""Editing storyboards: what changes, what stays, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.fixtures.film_projects import storyboard

from soundstage.film import editing
from soundstage.models.errors import Conflict, InvalidInput, NotFound, ShotLocked, SoundstageError
from soundstage.models.story import DialogueLine, Storyboard


def ids(board: Storyboard) -> list[str]:
    return [shot.id for shot in board.shots]


def test_a_change_touches_one_shot_and_merges_its_setting() -> None:
    before = storyboard()

    after = editing.changed_shot(before, "s2", {"prompt": "Smoke.", "setting": {"weather": "storm"}})

    assert [a == b for a, b in zip(before.shots, after.shots, strict=True)] == [True, False, True]
    assert (after.shots[1].prompt, after.shots[1].setting.weather) == ("Smoke.", "storm")
    assert after.shots[1].setting.place == "interior"
    assert before == storyboard()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"size": "enormous"}, InvalidInput),
        ({"colour": "red"}, InvalidInput),
        ({"cast": [{"character": "c9"}]}, InvalidInput),
        ({"lines": [{"speaker": "c9", "text": "Who?"}]}, InvalidInput),
        ({"setting": {"place_id": "w9"}}, InvalidInput),
    ],
)
def test_what_is_no_shot_is_refused(changes: dict[str, Any], error: type[SoundstageError]) -> None:
    with pytest.raises(error):
        editing.changed_shot(storyboard(), "s1", changes)


def test_a_locked_shot_is_left_as_it_is_until_it_is_unlocked() -> None:
    board = editing.changed_shot(storyboard(), "s2", {"locked": True})
    changes: list[Callable[[], Storyboard]] = [
        lambda: editing.changed_shot(board, "s2", {"prompt": "New"}),
        lambda: editing.without_shot(board, "s2"),
        lambda: editing.split_shot(board, "s2", 4, new="s9"),
        lambda: editing.merged_shots(board, "s1"),
    ]
    for change in changes:
        with pytest.raises(ShotLocked) as refused:
            change()
        assert refused.value.detail == {"shots": ["s2"]}
    assert ids(editing.reordered(board, ["s2", "s1", "s3"])) == ["s2", "s1", "s3"]
    assert editing.changed_shot(board, "s2", {"locked": False}) == storyboard()


def test_a_new_shot_goes_where_it_is_wanted() -> None:
    board = storyboard()
    assert ids(editing.added_shot(board, {"narration": "A gull cries."}, after="s1", new="s7")) == [
        "s1",
        "s7",
        "s2",
        "s3",
    ]
    assert ids(editing.added_shot(board, {}, after=None, new="s7")) == ["s7", "s1", "s2", "s3"]
    with pytest.raises(NotFound):
        editing.added_shot(board, {}, after="s9", new="s7")


def test_a_duplicate_has_a_picture_of_its_own() -> None:
    board = editing.duplicated_shot(storyboard(), "s1", new="s7")

    first, second = board.shots[:2]
    assert second.model_dump(exclude={"id", "seed"}) == first.model_dump(exclude={"id", "seed"})
    assert second.seed != first.seed


def test_deleting_leaves_nothing_that_refers_to_it() -> None:
    board = editing.without_shot(storyboard(), "s2")

    assert ids(board) == ["s1", "s3"]
    assert "s2" not in board.chain.model_dump_json()
    one = editing.without_shot(board, "s3")
    with pytest.raises(Conflict):
        editing.without_shot(one, "s1")


def test_an_order_names_every_shot_once() -> None:
    assert ids(editing.reordered(storyboard(), ["s3", "s1", "s2"])) == ["s3", "s1", "s2"]
    with pytest.raises(InvalidInput) as refused:
        editing.reordered(storyboard(), ["s3", "s3", "s8"])
    assert refused.value.detail == {"missing": ["s1", "s2"], "unknown": ["s8"], "twice": ["s3"]}


def test_a_split_loses_no_word_and_divides_the_lines() -> None:
    board = editing.changed_shot(
        storyboard(),
        "s1",
        {
            "narration": "“Who is there?” asks Mia. “Only me,” says the wind.",
            "lines": [{"speaker": "c1", "text": "“Who is there?”"}, {"speaker": None, "text": "“Only me,”"}],
        },
    )

    split = editing.split_shot(board, "s1", len("“Who is there?” asks Mia."), new="s7")

    first, second = split.shots[:2]
    assert (first.narration, second.narration) == ("“Who is there?” asks Mia.", "“Only me,” says the wind.")
    assert [line.text for line in first.lines] == ["“Who is there?”"]
    assert [line.text for line in second.lines] == ["“Only me,”"]
    assert split.chain.beats[0].shots == ["s1", "s7"]
    assert (first.transition, second.transition) == ("cut", board.shots[0].transition)


def test_a_line_is_cut_where_its_shot_is() -> None:
    said = DialogueLine(speaker="c1", text="I climb. I light it.").model_dump()
    board = editing.changed_shot(storyboard(), "s1", {"narration": "I climb. I light it.", "lines": [said]})

    split = editing.split_shot(board, "s1", len("I climb."), new="s7")

    assert [[line.text for line in shot.lines] for shot in split.shots[:2]] == [["I climb."], ["I light it."]]
    assert [line.speaker for shot in split.shots[:2] for line in shot.lines] == ["c1", "c1"]


@pytest.mark.parametrize("at", [1000, len("The lamp is dark")])
def test_both_halves_of_a_split_say_something(at: int) -> None:
    with pytest.raises(InvalidInput):
        editing.split_shot(storyboard(), "s2", at, new="s7")


def test_merging_is_splitting_undone() -> None:
    split = editing.split_shot(storyboard(), "s3", len("She lights it,"), new="s7")

    merged = editing.merged_shots(split, "s3")

    assert merged.shots[2].narration == storyboard().shots[2].narration
    assert (merged.shots[2].transition, merged.chain) == (storyboard().shots[2].transition, storyboard().chain)
    with pytest.raises(Conflict):
        editing.merged_shots(merged, "s3")


def test_chinese_is_merged_without_a_space() -> None:
    board = storyboard(language="zh")
    board = editing.changed_shot(
        editing.changed_shot(board, "s1", {"narration": "天黑了。"}), "s2", {"narration": "灯灭了。"}
    )
    assert editing.merged_shots(board, "s1").shots[0].narration == "天黑了。灯灭了。"


def test_a_storyboard_says_everything_that_is_wrong_with_it_at_once() -> None:
    board = storyboard()
    broken = board.model_copy(update={"characters": [], "world": [], "shots": [*board.shots, board.shots[0]]})
    with pytest.raises(InvalidInput) as refused:
        editing.check_storyboard(broken)
    problems = (refused.value.detail or {})["problems"]
    assert problems[0] == "s1 is there twice"
    assert len(problems) == 4


def test_a_project_has_room_for_so_many_shots() -> None:
    shots = [storyboard().shots[0].model_copy(update={"id": f"s{number}"}) for number in range(editing.MAX_SHOTS)]
    with pytest.raises(Conflict):
        editing.added_shot(storyboard(shots=[shot.model_dump() for shot in shots], chain={}), {}, after=None, new="x1")


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ((0.0, 4.0), (4.2, 9.0), (0.0, 9.0)),
        ((0.0, 4.0), (6.0, 9.0), None),
        ((0.0, None), (4.0, 9.0), None),
        ((0.0, 4.0), None, None),
    ],
)
def test_recordings_go_with_the_words_that_they_tell(
    first: tuple[float, float | None],
    second: tuple[float, float | None] | None,
    kept: tuple[float, float | None] | None,
) -> None:
    asset_id = "0" * 32

    def part(times: tuple[float, float | None] | None) -> dict[str, Any]:
        return {"own_recording": times and {"asset_id": asset_id, "start_s": times[0], "end_s": times[1]}}

    board = storyboard()
    one, two = (shot.id for shot in board.shots[:2])
    board = editing.changed_shot(editing.changed_shot(board, one, part(first)), two, part(second))

    merged = editing.shot_of(editing.merged_shots(board, one), one).own_recording
    assert (None if merged is None else (merged.start_s, merged.end_s)) == kept
    halves = editing.split_shot(board, one, board.shots[0].narration.index(" "), new="s99").shots[:2]
    assert [half.own_recording for half in halves] == [None, None]
