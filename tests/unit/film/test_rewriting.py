"""A storyboard written anew: shots that tell the same are the same ones, and no id is of another shot than before."""

from itertools import count

from soundstage.film.rewriting import with_ids_of
from soundstage.story.continuity import check
from soundstage.story.writer import write_storyboard

STORY = "Mara lived by the sea. One night a storm came. Mara lit the lamp. A fox knocked at the door. They slept."


def test_the_same_story_again_is_the_same_shots() -> None:
    board = write_storyboard(STORY)
    assert with_ids_of(board, board, lambda: "s99") == board


def test_only_shots_that_tell_something_else_have_new_ids() -> None:
    old = write_storyboard(STORY)
    story = STORY.replace("Mara lit the lamp.", "Ben came home from the market with a basket of apples.")
    fresh = (f"sx{number}" for number in count(1))
    new = with_ids_of(write_storyboard(story), old, lambda: next(fresh))
    told = {shot.id: shot.narration for shot in old.shots}
    assert all(told[shot.id] == shot.narration for shot in new.shots if shot.id in told)
    assert {shot.id for shot in new.shots if shot.id not in told} == {
        shot.id for shot in new.shots if shot.narration not in told.values()
    }
    assert len({shot.id for shot in new.shots} & set(told)) >= 2
    assert check(new, story) == []
